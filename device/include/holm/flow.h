/* SPDX-License-Identifier: ISC */
/* holm/flow.h: a reliable byte stream in both directions: a host socket, own TCP, TLS, an SSH
 * channel, a QUIC stream, a model link. One reader, one writer. Pure; implementations fill a table.
 *
 * Operations never wait: they answer HOLM_AGAIN, and the side's wake rings when it is worth
 * another try. Received bytes are lent where they lie, space to send is lent, constant or leased
 * bytes are sent uncopied. What is sent leaves at the end of the turn. An operation of a flow never
 * calls the same operation of a flow below; the pump of the upper one does. */
#pragma once

#include <holm/address.h>
#include <holm/bytes.h>
#include <holm/operation.h>
#include <holm/pump.h>

/* The most that peek and room may be asked for in one piece: a TLS record and its overhead. */
#define HOLM_FLOW_MIN_MAX 16640
/* The most that lend_file takes at a time, so that no other flow waits long for its turn. */
#define HOLM_FLOW_FILE_MAX 262144
/* The longest negotiated protocol and identity. */
#define HOLM_FLOW_PROTOCOL_MAX 32
#define HOLM_FLOW_IDENTITY_MAX 256

struct holm_flow;

/* struct holm_lease tells when lent bytes are free again. */
struct holm_lease {
    uint32_t uses;         /* sends that still need the bytes */
    struct holm_wake done; /* rung when uses has come to 0 */
};

/* struct holm_flow_facts is what is known of the other end. */
struct holm_flow_facts {
    struct holm_endpoint local;
    struct holm_endpoint peer;
    bool is_private; /* nobody on the way can read or change it: TLS, SSH, the same host */
    uint8_t protocol_len;
    uint16_t identity_len;
    uint8_t protocol[HOLM_FLOW_PROTOCOL_MAX]; /* negotiated, such as "h2"; length 0: none */
    uint8_t identity[HOLM_FLOW_IDENTITY_MAX]; /* proved by the peer; length 0: none */
};

/* struct holm_flow_transport is how the connection under a flow is doing now. Counts are of all its
 * time: segments; among acknowledged bytes the stream's beginning and end are one each. */
struct holm_flow_transport {
    uint64_t round_trip_ns; /* smoothed; 0: not known */
    uint64_t round_trip_deviation_ns;
    uint64_t round_trip_least_ns;
    uint32_t window_bytes;  /* what congestion control lets be on its way */
    uint32_t way_bytes;     /* what is, as far as one knows */
    uint32_t segment_bytes; /* the longest payload of a packet to send */
    uint32_t unsent_bytes;
    uint32_t unread_bytes;
    uint64_t resent_count, lost_count;
    uint64_t sent_count, received_count;
    uint64_t acknowledged_bytes, received_bytes;
};

/* struct holm_flow_tuning is how a connection is to be; 0 is the default. */
struct holm_flow_tuning {
    bool gathers;          /* Nagle's rule, RFC 9293 section 3.7.4: a short piece waits while others
                               are not acknowledged */
    uint8_t hop_limit;     /* of what is sent, the TTL of IPv4; 0: that of the network */
    uint8_t hop_limit_min; /* what came further is dropped: RFC 5082 wants 255 and 255 */
    uint64_t keep_alive_ns; /* after so long a silent peer is asked for a sign of life; 0: never */
    uint64_t patience_ns;   /* so long what was sent may stay unacknowledged: then HOLM_ERR_TIMEOUT;
                               0: the transport's own */
};

typedef enum holm_result holm_flow_peek_function(struct holm_flow *, struct holm_span *, size_t);
typedef void holm_flow_take_function(struct holm_flow *, size_t);
typedef enum holm_result holm_flow_room_function(struct holm_flow *, struct holm_buffer *, size_t);
typedef void holm_flow_give_function(struct holm_flow *, const struct holm_buffer *);
typedef enum holm_result holm_flow_lend_function(struct holm_flow *, struct holm_bytes,
                                                 struct holm_lease *);
typedef enum holm_result holm_flow_lend_file_function(struct holm_flow *, holm_port, uint64_t,
                                                      uint64_t, struct holm_lease *);
typedef enum holm_result holm_flow_finish_function(struct holm_flow *);
typedef void holm_flow_close_function(struct holm_flow *);
typedef void holm_flow_facts_function(const struct holm_flow *, struct holm_flow_facts *);
typedef enum holm_result holm_flow_transport_function(struct holm_flow *,
                                                      struct holm_flow_transport *);
typedef enum holm_result holm_flow_tune_function(struct holm_flow *,
                                                 const struct holm_flow_tuning *);

struct holm_flow_ops {
    holm_flow_peek_function *peek;
    holm_flow_take_function *take;
    holm_flow_room_function *room;
    holm_flow_give_function *give;
    holm_flow_lend_function *lend;
    holm_flow_lend_file_function *lend_file; /* NULL: the flow can't */
    holm_flow_finish_function *finish;
    holm_flow_close_function *close;
    holm_flow_facts_function *facts;
    holm_flow_transport_function *transport; /* NULL: the flow can't tell */
    holm_flow_tune_function *tune;           /* NULL: the flow can't */
};

struct holm_flow {
    const struct holm_flow_ops *ops;
    struct holm_wake in;  /* rung when peek may answer more */
    struct holm_wake out; /* rung when room or lend may answer more, and when all was sent */
};

/* holm_flow_peek lends at least min received bytes in one piece, exclusively: the reader may
 * overwrite them. Valid until the next peek or take.
 *
 * Errors:  HOLM_AGAIN      fewer than min are there yet; the wake in will ring. *in holds them
 *          HOLM_END        orderly end with fewer than min left: *in holds what there is
 *          HOLM_ERR_RESET  the peer broke the connection
 *          HOLM_ERR_IO     the host failed
 *          An error is final. */
HOLM_MUST_USE static inline enum holm_result holm_flow_peek(struct holm_flow *flow,
                                                            struct holm_span *in, size_t min)
{
    return flow->ops->peek(flow, in, min);
}

/* holm_flow_take consumes size_bytes of what was peeked. */
static inline void holm_flow_take(struct holm_flow *flow, size_t size_bytes)
{
    flow->ops->take(flow, size_bytes);
}

/* holm_flow_room lends space for at least min bytes to send, as an empty buffer. What is not given
 * before the next operation on this side is not sent.
 *
 * Errors:  HOLM_AGAIN  the transport is full; the wake out will ring
 *          HOLM_ERR_RESET, HOLM_ERR_IO, HOLM_END (after finish): final */
HOLM_MUST_USE static inline enum holm_result holm_flow_room(struct holm_flow *flow,
                                                            struct holm_buffer *out, size_t min)
{
    return flow->ops->room(flow, out, min);
}

/* holm_flow_give sends what was filled of the buffer that room lent; it leaves at the end of the
 * turn. Giving an empty buffer gives the room back: an idle flow shall hold none. */
static inline void holm_flow_give(struct holm_flow *flow, const struct holm_buffer *out)
{
    flow->ops->give(flow, out);
}

/* holm_flow_lend sends bytes without a copy.
 *
 * Memory:  keeps bytes until lease->uses is 0 again; with lease NULL they are constant.
 * Errors:  as holm_flow_room */
HOLM_MUST_USE static inline enum holm_result
holm_flow_lend(struct holm_flow *flow, struct holm_bytes bytes, struct holm_lease *lease)
{
    return flow->ops->lend(flow, bytes, lease);
}

/* holm_flow_lend_file sends len bytes of an open file, at most HOLM_FLOW_FILE_MAX, from offset on,
 * which need not pass through the program's memory. A flow that must see what it sends (to encrypt
 * it, to write it down) can't: its user reads the file and gives what was read. With len 0 nothing is
 * sent, and the answer tells which it is.
 *
 * Memory:  keeps file open and lease until lease->uses is 0 again.
 * Errors:  HOLM_ERR_UNSUPPORTED  this flow can't
 *          as holm_flow_room; a file that is shorter breaks the flow: HOLM_ERR_TRUNCATED, final */
HOLM_MUST_USE static inline enum holm_result holm_flow_lend_file(struct holm_flow *flow,
                                                                 holm_port file, uint64_t offset,
                                                                 uint64_t len,
                                                                 struct holm_lease *lease)
{
    if (flow->ops->lend_file == NULL)
        return HOLM_ERR_UNSUPPORTED;
    return flow->ops->lend_file(flow, file, offset, len, lease);
}

/* holm_flow_finish ends our side of the stream, behind all that was sent; reading goes on. */
HOLM_MUST_USE static inline enum holm_result holm_flow_finish(struct holm_flow *flow)
{
    return flow->ops->finish(flow);
}

/* holm_flow_close gives the flow back; it never waits. After finish what was sent still goes out,
 * within the transport's own deadline; without it the connection is reset. The flow must not be
 * used again. Leases held by it end, at the latest when its transport is done. */
static inline void holm_flow_close(struct holm_flow *flow)
{
    flow->ops->close(flow);
}

/* holm_flow_facts fills *facts with what is known of the connection. */
static inline void holm_flow_facts(const struct holm_flow *flow, struct holm_flow_facts *facts)
{
    flow->ops->facts(flow, facts);
}

/* holm_flow_transport fills *transport. Over the host's sockets lost_count is what is lost now.
 *
 * Errors:  HOLM_AGAIN            it is being asked for; the wake out will ring, and the next call tell
 *          HOLM_ERR_UNSUPPORTED  this flow does not know
 *          HOLM_ERR_RESET, HOLM_ERR_IO, HOLM_ERR_STALE  the connection is not there any more */
HOLM_MUST_USE static inline enum holm_result
holm_flow_transport(struct holm_flow *flow, struct holm_flow_transport *transport)
{
    if (flow->ops->transport == NULL)
        return HOLM_ERR_UNSUPPORTED;
    return flow->ops->transport(flow, transport);
}

/* holm_flow_tune sets how the connection is from now on, all of *tuning, before anything that is given
 * or lent later leaves. Hosts count keep_alive_ns in seconds and patience_ns in milliseconds, rounded up.
 *
 * Errors:  HOLM_ERR_UNSUPPORTED  this flow can't be tuned
 *          HOLM_ERR_NO_MEMORY    the arena has less than a place for it */
HOLM_MUST_USE static inline enum holm_result holm_flow_tune(struct holm_flow *flow,
                                                            const struct holm_flow_tuning *tuning)
{
    if (flow->ops->tune == NULL)
        return HOLM_ERR_UNSUPPORTED;
    return flow->ops->tune(flow, tuning);
}
