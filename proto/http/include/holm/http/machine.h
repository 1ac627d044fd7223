/* SPDX-License-Identifier: ISC */
/* holm/http/machine.h: one HTTP/1.1 connection, server's or client's side (RFC 9110, RFC 9112).
 * Pure.
 *
 * The machine reads heads and bodies where they lie in the span that is fed, and writes what is
 * sent straight into the transport's room. It holds one message at a time: while an event is
 * untaken, or a request is unanswered, feed consumes nothing, so that pipelined requests wait in
 * the transport.
 *
 * A server's loop, once a turn:
 *     tick(now), in nanoseconds of any clock that never goes back;
 *     while the transport has room: drain, then write what handlers have;
 *     while next gives HOLM_OK: use the event; peek need() bytes; feed; repeat until nothing moves.
 * After a HEAD event answer with respond, then body_write or body_open, then body_end. A handler
 * may answer before it has read the body: the rest is passed over up to a limit, else the
 * connection ends. HOLM_HTTP_EVENT_CLOSED is the last event: drain, then finish and close the
 * transport. */
#pragma once

#include <holm/http/chunk.h>
#include <holm/http/date.h>
#include <holm/http/fields.h>
#include <holm/http/message.h>

/* struct holm_http_limits bounds a connection; a zero stands for the default, in brackets. */
struct holm_http_limits {
    uint32_t head_bytes;    /* a whole head, at most HOLM_HTTP_HEAD_MAX [16384] */
    uint32_t target_bytes;  /* the target of a request, at most HOLM_HTTP_TARGET_MAX [8192] */
    uint32_t field_count;   /* at most HOLM_HTTP_FIELD_MAX [100] */
    uint32_t trailer_bytes; /* the trailer section [4096] */
    uint64_t body_bytes;    /* a body [1 MiB for a server, no limit for a client] */
    uint64_t discard_bytes; /* read of an unwanted body, at most [64 KiB] */
    uint32_t requests;      /* on one connection [1000000] */
    uint32_t body_rate;     /* bytes a second that a body must come with, over body_ns [512] */
    uint64_t head_ns;       /* from a head's first byte to its last [10 s] */
    uint64_t body_ns;       /* the window in which body_rate is measured [10 s] */
    uint64_t idle_ns;       /* without a byte between messages, or before the first [60 s];
                           for a client: until the response's head */
    uint64_t stop_idle_ns;  /* the same after holm_http_machine_stop [500 ms] */
};
#define HOLM_HTTP_UNLIMITED UINT64_MAX
/* HOLM_HTTP_INTERIM_MAX is how many 1xx heads a client takes before a response. */
#define HOLM_HTTP_INTERIM_MAX 16

/* struct holm_http_common is what all connections of a server or client share. It must stay where
 * it is while a machine lives; holm_http_common_time may be called at any time. */
struct holm_http_common {
    struct holm_http_limits limits; /* without zeroes */
    bool server;                    /* the role of its machines */
    bool dated;                     /* the time is known, and Date is sent */
    uint64_t utc_s;
    uint8_t date[HOLM_HTTP_DATE_LEN + 8]; /* "Date: …" CRLF */
};

/* holm_http_common_init makes *common for the server's or client's side. limits NULL: defaults. */
void holm_http_common_init(struct holm_http_common *common, bool server,
                           const struct holm_http_limits *limits);

/* holm_http_common_time sets the time for Date: once a second, or each turn. */
void holm_http_common_time(struct holm_http_common *common, uint64_t utc_s);

/* struct holm_http_machine is one connection. Its fields are the machine's own but for message,
 * which may be read from the HEAD event to the MESSAGE_END event. */
struct holm_http_machine {
    const struct holm_http_common *common;
    struct holm_http_message message;
    struct holm_bytes view; /* data of the event that waits */
    struct holm_http_chunks chunks;
    uint64_t in_left;  /* bytes of the body still to come, for HOLM_HTTP_BODY_LENGTH */
    uint64_t in_total; /* bytes of the body that were shown */
    uint64_t discarded;
    uint64_t out_left; /* bytes of the body still to write, where its length was given */
    uint64_t now_ns;
    uint64_t since_ns;     /* when the present wait for the peer began */
    uint64_t window_bytes; /* of a body, since since_ns */
    size_t held;           /* bytes fed that could not be consumed yet */
    uint32_t requests;
    uint16_t error_status;
    uint16_t interim;       /* a 1xx status to drain; 0: none */
    int16_t error;          /* an enum holm_result */
    uint8_t in;             /* what is read: states in src/machine.c */
    uint8_t out;            /* what is written */
    uint8_t out_body;       /* an enum holm_http_body */
    uint8_t waiting;        /* bit 1 << kind: this event waits */
    uint8_t request_method; /* client: of the request in hand */
    uint8_t interims;       /* client: 1xx heads before this response */
    bool last;              /* the connection ends after this exchange */
    bool discard;           /* the rest of the body is passed over */
    bool first_chunk;
    bool headless; /* the response in hand has no body on the wire */
    bool ended;    /* the peer's stream ended */
    bool told_continue;
    bool upgrading; /* the response in hand changes the protocol; client: it may, by 101 */
    bool stopping;  /* the next head that is written says that it is the last */
};

enum holm_http_event_kind {
    HOLM_HTTP_EVENT_HEAD = 0, /* data: the head's bytes; its fields are in the head given to feed */
    HOLM_HTTP_EVENT_INTERIM,  /* client: a 1xx head; as HEAD */
    HOLM_HTTP_EVENT_BODY,     /* data: the next piece of the body, never empty */
    HOLM_HTTP_EVENT_TRAILERS, /* data: field lines, for holm_http_line_next; never empty */
    HOLM_HTTP_EVENT_MESSAGE_END, /* the message is whole */
    HOLM_HTTP_EVENT_UPGRADE,     /* this is no HTTP any more: what was not consumed is the other
                                    protocol's; the machine is done */
    HOLM_HTTP_EVENT_ERROR,       /* status: what a server answers (drain does it unless respond was
                                    called); 0: nothing can be answered. result: why */
    HOLM_HTTP_EVENT_CLOSED,      /* nothing more comes or goes after what drain gives */
};

struct holm_http_event {
    enum holm_http_event_kind kind;
    uint16_t status;         /* HEAD of a response, INTERIM, ERROR */
    enum holm_result result; /* ERROR */
    struct holm_bytes data;  /* a view into the span last fed, until the next feed */
};

/* holm_http_machine_init makes *http a new connection.
 *
 * Memory:  keeps common until the machine is no more used. */
void holm_http_machine_init(struct holm_http_machine *http, const struct holm_http_common *common,
                            uint64_t now_ns);

/* holm_http_machine_need is how many received bytes feed wants to see in one piece: 1, or more than
 * the last time while a head is cut. At most limits.head_bytes. */
size_t holm_http_machine_need(const struct holm_http_machine *http);

/* holm_http_machine_is_idle answers whether no message is in hand: nothing in struct
 * holm_http_head is of use until the next HEAD event, and it may serve another connection. */
bool holm_http_machine_is_idle(const struct holm_http_machine *http);

/* holm_http_machine_feed reads from the front of *in until there is an event.
 *
 * Memory:  fills *head, which must be the same struct in each call from the first byte of a head
 *          until its event is taken; after that the machine leaves it alone until the next head.
 *          Lends parts of *in to the event until the next feed.
 * Returns: HOLM_OK     something was consumed or an event waits
 *          HOLM_AGAIN  an event is untaken, a response is not ended, or more bytes are needed:
 *                      holm_http_machine_need says how many
 *          HOLM_END    nothing more is read, since the connection closes or changed its protocol
 * Errors:  those of holm/http/head.h, message.h and chunk.h, final; an ERROR event tells the status
 */
HOLM_MUST_USE enum holm_result holm_http_machine_feed(struct holm_http_machine *http,
                                                      struct holm_http_head *head,
                                                      struct holm_span *in);

/* holm_http_machine_end tells that the peer's stream ended, after all its bytes were fed. Answers
 * HOLM_OK, or HOLM_ERR_TRUNCATED if that was within a message. */
HOLM_MUST_USE enum holm_result holm_http_machine_end(struct holm_http_machine *http);

/* holm_http_machine_tick sets the time and ends what takes too long: HOLM_ERR_TIMEOUT, final. Time
 * in which our own side kept the peer waiting does not count. */
HOLM_MUST_USE enum holm_result holm_http_machine_tick(struct holm_http_machine *http,
                                                      uint64_t now_ns);

/* holm_http_machine_deadline is when tick must be called at the latest; UINT64_MAX: never. */
uint64_t holm_http_machine_deadline(const struct holm_http_machine *http);

/* holm_http_machine_speaks answers whether drain has something to write. */
bool holm_http_machine_speaks(const struct holm_http_machine *http);

/* holm_http_machine_drain writes what the machine itself has to send: 100 Continue, the answer to a
 * wrong request. HOLM_OK: all written; HOLM_AGAIN: more room is needed. */
HOLM_MUST_USE enum holm_result holm_http_machine_drain(struct holm_http_machine *http,
                                                       struct holm_buffer *out);

/* holm_http_machine_next gives the next event; HOLM_END: there is none now. */
HOLM_MUST_USE enum holm_result holm_http_machine_next(struct holm_http_machine *http,
                                                      struct holm_http_event *event);

/* holm_http_machine_check answers whether the machine's invariants hold. For tests and asserts. */
bool holm_http_machine_check(const struct holm_http_machine *http);

/* holm_http_machine_stop: the connection ends, and not over a request that is on its way. The next
 * head that is written says close; where none is due, the peer has limits.stop_idle_ns to ask for
 * one.
 *
 * Source:  RFC 9112 section 9.6: a peer that was not told may ask again at any time. */
void holm_http_machine_stop(struct holm_http_machine *http);

/* struct holm_http_response is the head of a response. */
struct holm_http_response {
    uint16_t status;                       /* 200 to 999, or 101 */
    bool streamed;                         /* the length is not known: chunked, or until the end */
    bool close;                            /* the connection ends after it */
    uint64_t length;                       /* of the body, also where HEAD or 304 leave it out */
    const struct holm_http_fields *fields; /* NULL: none */
    const struct holm_http_fields *more;   /* NULL: none; behind fields */
};

/* holm_http_machine_respond writes the head of the response to the request in hand, with Date,
 * Connection and the framing of the body. 101, or 2xx to CONNECT, gives the UPGRADE event.
 *
 * Errors:  HOLM_AGAIN        it does not fit into out: unchanged
 *          HOLM_ERR_INVALID  no request waits for a response; a status that cannot be; 205 with a
 *                            body; 101 without an Upgrade or before the end of the request */
HOLM_MUST_USE enum holm_result holm_http_machine_respond(struct holm_http_machine *http,
                                                         struct holm_buffer *out,
                                                         const struct holm_http_response *response);

/* holm_http_machine_interim has drain send a 1xx before the response: 100 when a handler wants the
 * body that the client holds back. Does nothing for 100 if nobody waits for it, or for HTTP/1.0. */
void holm_http_machine_interim(struct holm_http_machine *http, uint16_t status);

/* struct holm_http_request is the head of a request. */
struct holm_http_request {
    enum holm_http_method method;
    struct holm_bytes method_other; /* for HOLM_HTTP_OTHER */
    struct holm_bytes target;       /* as it goes on the wire: /path?query; ?query gets its slash */
    struct holm_bytes host;
    bool has_body;         /* length or streamed count */
    bool streamed;         /* chunked */
    bool expects_continue; /* wait for INTERIM 100 before the body, if there is one */
    bool upgrade;          /* offers the protocol of the Upgrade field among fields */
    bool close;
    uint64_t length;
    const struct holm_http_fields *fields;
};

/* holm_http_machine_request writes the head of a request, by a client. POST, PUT and PATCH without a
 * body say that their length is 0.
 *
 * Errors:  HOLM_AGAIN          it does not fit into out: unchanged
 *          HOLM_ERR_INVALID    another request is in hand, or the connection ends
 *          HOLM_ERR_MALFORMED  method, target or host hold what they may not; a body with CONNECT or
 *                              TRACE */
HOLM_MUST_USE enum holm_result holm_http_machine_request(struct holm_http_machine *http,
                                                         struct holm_buffer *out,
                                                         const struct holm_http_request *request);

/* holm_http_machine_body_write copies as much of *in as fits, framed, and drops it from *in.
 *
 * Returns: HOLM_OK           all of *in
 *          HOLM_AGAIN        out is full, some of *in is left
 * Errors:  HOLM_ERR_INVALID  no body may be written now
 *          HOLM_ERR_LIMIT    more than the length that was announced: nothing is written */
HOLM_MUST_USE enum holm_result holm_http_machine_body_write(struct holm_http_machine *http,
                                                            struct holm_buffer *out,
                                                            struct holm_bytes *in);

/* holm_http_machine_body_open writes the framing before len > 0 bytes of body, which the caller
 * puts on the wire right behind it, by a copy of its own or by lending them to the transport.
 *
 * Returns: HOLM_OK           send exactly len bytes next
 *          HOLM_END          send nothing: the response has no body (HEAD, 204, 304)
 *          HOLM_AGAIN        out is full (HOLM_HTTP_CHUNK_HEAD_MAX is enough)
 * Errors:  as holm_http_machine_body_write */
HOLM_MUST_USE enum holm_result holm_http_machine_body_open(struct holm_http_machine *http,
                                                           struct holm_buffer *out, uint64_t len);

/* holm_http_machine_body_end ends the body; trailers NULL: none; they are left out where the body
 * is not chunked.
 *
 * Returns: HOLM_OK, HOLM_AGAIN: out is full
 * Errors:  HOLM_ERR_INVALID    no message is being written
 *          HOLM_ERR_TRUNCATED  fewer bytes than announced: the connection will end */
HOLM_MUST_USE enum holm_result holm_http_machine_body_end(struct holm_http_machine *http,
                                                          struct holm_buffer *out,
                                                          const struct holm_http_fields *trailers);
