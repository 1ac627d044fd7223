/* SPDX-License-Identifier: ISC */
/* holm/datagram.h: a port for datagrams (UDP). Pure; implementations fill a table. */
#pragma once

#include <holm/address.h>
#include <holm/bytes.h>
#include <holm/pump.h>

/* The longest datagram: 65,535 bytes of IP less the least headers. */
#define HOLM_DATAGRAM_MAX 65507

struct holm_datagram;

/* struct holm_datagram_about goes with a datagram, both ways. Zeroed: the system's choice. */
struct holm_datagram_about {
    struct holm_endpoint peer;
    struct holm_endpoint
        local;          /* where it came to, maybe a group; send: the source, if its family is
                                   set and it is no group */
    uint32_t interface; /* index, where it came in; send: where it leaves; 0: any */
    uint8_t hop_limit;  /* 0: the default, or not known */
    uint8_t ecn;        /* two bits, RFC 3168 section 5 */
    bool dont_fragment; /* send: not even here; a later receive tells if it was too long */
    bool broadcast;     /* send: may go to a broadcast address */
    bool has_mac;       /* send: to this MAC, without ARP or neighbour discovery */
    uint8_t mac[6];
};

/* holm_datagram_answer is what goes with an answer: back where it came from, out of the same address
 * and interface. Its hop limit and ECN said something about its own way only. */
static inline struct holm_datagram_about
holm_datagram_answer(const struct holm_datagram_about *about)
{
    return (struct holm_datagram_about){ .peer = about->peer,
                                         .local = about->local,
                                         .interface = about->interface };
}

typedef enum holm_result holm_datagram_receive_function(struct holm_datagram *, struct holm_span *,
                                                        struct holm_datagram_about *);
typedef enum holm_result holm_datagram_send_function(struct holm_datagram *, struct holm_bytes,
                                                     const struct holm_datagram_about *);
typedef enum holm_result holm_datagram_member_function(struct holm_datagram *,
                                                       const struct holm_ip_address *, uint32_t,
                                                       bool);
typedef void holm_datagram_close_function(struct holm_datagram *);

struct holm_datagram_ops {
    holm_datagram_receive_function *receive;
    holm_datagram_send_function *send;
    holm_datagram_member_function *member;
    holm_datagram_close_function *close;
};

struct holm_datagram {
    const struct holm_datagram_ops *ops;
    struct holm_wake in;        /* rung when receive, or a join, may answer */
    struct holm_wake out;       /* rung when send may take one more */
    struct holm_endpoint local; /* where it receives, with the true port */
};

/* holm_datagram_receive lends the next datagram, until the next call.
 *
 * Errors:  HOLM_AGAIN  none is there; the wake in will ring
 *          Of one that was sent before; go on:
 *          HOLM_ERR_UNREACHABLE  it came back, or has no way to go from that address, interface
 *          HOLM_ERR_LIMIT        it was not to be fragmented, and longer than the way takes
 *          HOLM_ERR_PERMISSION   it went to a broadcast address and did not say so; a filter
 *          HOLM_ERR_IO  final */
HOLM_MUST_USE static inline enum holm_result
holm_datagram_receive(struct holm_datagram *datagram, struct holm_span *in,
                      struct holm_datagram_about *about)
{
    return datagram->ops->receive(datagram, in, about);
}

/* holm_datagram_send sends one datagram; a copy is made. It leaves at the end of the turn.
 *
 * Errors:  HOLM_AGAIN  too many are on their way; the wake out will ring
 *          HOLM_ERR_LIMIT        longer than HOLM_DATAGRAM_MAX
 *          HOLM_ERR_UNSUPPORTED  an option that this network does not have */
HOLM_MUST_USE static inline enum holm_result
holm_datagram_send(struct holm_datagram *datagram, struct holm_bytes bytes,
                   const struct holm_datagram_about *about)
{
    return datagram->ops->send(datagram, bytes, about);
}

/* holm_datagram_join receives a multicast group on an interface (0: the default one), until leave
 * or close. A group that was not joined is not received.
 *
 * Errors:  HOLM_AGAIN            asked for; call again, with the same, when the wake in has rung
 *          HOLM_ERR_INVALID      no multicast address
 *          HOLM_ERR_NOT_FOUND    no such interface; leave: it was not joined
 *          HOLM_ERR_IN_USE       it was joined before
 *          HOLM_ERR_NO_MEMORY    too many groups
 *          HOLM_ERR_UNSUPPORTED  the port's family is another, or this network has no groups */
HOLM_MUST_USE static inline enum holm_result holm_datagram_join(struct holm_datagram *datagram,
                                                                const struct holm_ip_address *group,
                                                                uint32_t interface)
{
    return datagram->ops->member(datagram, group, interface, true);
}

/* holm_datagram_leave receives it no longer; errors as holm_datagram_join. */
HOLM_MUST_USE static inline enum holm_result
holm_datagram_leave(struct holm_datagram *datagram, const struct holm_ip_address *group,
                    uint32_t interface)
{
    return datagram->ops->member(datagram, group, interface, false);
}

static inline void holm_datagram_close(struct holm_datagram *datagram)
{
    datagram->ops->close(datagram);
}
