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
    struct holm_endpoint local; /* where it came to; send: the source, if its family is set */
    uint32_t interface;         /* index; 0: any */
    uint8_t hop_limit;          /* 0: the default, or not known */
    uint8_t ecn;                /* two bits, RFC 3168 */
    bool dont_fragment;
    bool broadcast; /* send: may go to a broadcast address */
    bool has_mac;   /* send: to this MAC, without ARP or neighbour discovery */
    uint8_t mac[6];
};

typedef enum holm_result holm_datagram_receive_function(struct holm_datagram *, struct holm_span *,
                                                        struct holm_datagram_about *);
typedef enum holm_result holm_datagram_send_function(struct holm_datagram *, struct holm_bytes,
                                                     const struct holm_datagram_about *);
typedef enum holm_result holm_datagram_join_function(struct holm_datagram *,
                                                     const struct holm_ip_address *, uint32_t);
typedef void holm_datagram_close_function(struct holm_datagram *);

struct holm_datagram_ops {
    holm_datagram_receive_function *receive;
    holm_datagram_send_function *send;
    holm_datagram_join_function *join;
    holm_datagram_close_function *close;
};

struct holm_datagram {
    const struct holm_datagram_ops *ops;
    struct holm_wake in;
    struct holm_wake out;
    struct holm_endpoint local;
};

/* holm_datagram_receive lends the next datagram, until the next call.
 *
 * Errors:  HOLM_AGAIN  none is there; the wake in will ring
 *          HOLM_ERR_UNREACHABLE  one that was sent before came back as unreachable; go on
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

/* holm_datagram_join receives a multicast group on an interface (0: the default one).
 *
 * Errors:  HOLM_ERR_INVALID      no multicast address
 *          HOLM_ERR_UNSUPPORTED  this network has none */
HOLM_MUST_USE static inline enum holm_result holm_datagram_join(struct holm_datagram *datagram,
                                                                const struct holm_ip_address *group,
                                                                uint32_t interface)
{
    return datagram->ops->join(datagram, group, interface);
}

static inline void holm_datagram_close(struct holm_datagram *datagram)
{
    datagram->ops->close(datagram);
}
