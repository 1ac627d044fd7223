/* SPDX-License-Identifier: ISC */
/* tcpip_flow.h: what the files of TCP's connections and listeners share, and what the others call of them. */
#pragma once

#include "tcpip_impl.h"

/* tcpip_peer.c */
/* holm_tcpip__peer is what was said of an address; NULL: nothing. */
const struct holm_tcpip_peer *holm_tcpip__peer(const struct holm_tcpip *stack,
                                               const struct holm_ip_address *address);
/* holm_tcpip__peer_passes answers whether a segment may be from who it says. */
bool holm_tcpip__peer_passes(const struct holm_tcpip *stack,
                             const struct holm_tcpip__packet *packet,
                             const struct holm_tcp_segment *segment);
/* holm_tcpip__peer_sign fills in the digest of a header, at md5_at; 0: there is no room, and none is wanted. */
void holm_tcpip__peer_sign(const struct holm_tcpip *stack, const struct holm_tcp_covered *covered,
                           struct holm_span header, uint8_t md5_at);

/* tcpip_rest.c */
/* holm_tcpip__rest_keep lets what is left of a connection in TIME-WAIT stand for it, if nobody needs more:
 * then it is over, and once its name is free, the rest is to have it: holm_tcpip__rest_name. */
bool holm_tcpip__rest_keep(struct holm_tcpip__flow *flow);
void holm_tcpip__rest_name(struct holm_tcpip *stack, const struct holm_tcp_name *name);
/* holm_tcpip__rests_run ends those whose time is over; answers when the next one's is. */
uint64_t holm_tcpip__rests_run(struct holm_tcpip *stack);
enum holm_tcp_rest_verdict holm_tcpip__rest_feed(struct holm_tcpip *stack, uint32_t index,
                                                 const struct holm_tcp_segment *segment,
                                                 struct holm_tcp_segment *answer);

/* tcpip_tcp.c */
void holm_tcpip__tcp_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet);
/* holm_tcpip__tcp_unreachable tells a connection of an error; false: it has nothing like that on its
 * way. */
bool holm_tcpip__tcp_unreachable(struct holm_tcpip *stack, const struct holm_tcp_name *name,
                                 uint32_t seq, enum holm_result reason, uint16_t mtu);
/* holm_tcpip__flow_drain sends what the flow has; false: it must wait for the device. */
bool holm_tcpip__flow_drain(struct holm_tcpip__flow *flow);
void holm_tcpip__flow_settle(struct holm_tcpip__flow *flow);
struct holm_tcpip__listener *holm_tcpip__listener_of(struct holm_tcpip *stack,
                                                     const struct holm_endpoint *local);

/* tcpip_flow.c */
void holm_tcpip__flow_open(struct holm_tcpip__flow *flow, const struct holm_tcp_name *name,
                           const struct holm_tcpip__way *way);
void holm_tcpip__flow_connect(struct holm_tcpip__flow *flow, const struct holm_tcp_name *name,
                              const struct holm_tcpip__way *way);
void holm_tcpip__flow_options(const struct holm_tcpip *stack,
                              const struct holm_tcpip__interface *interface,
                              const struct holm_ip_address *remote,
                              struct holm_tcp_options *options);
struct holm_tcpip__flow *holm_tcpip__flow_new(struct holm_tcpip *stack);
void holm_tcpip__flow_free(struct holm_tcpip__flow *flow);
void holm_tcpip__flow_trim(struct holm_tcpip__flow *flow);
void holm_tcpip__flow_close(struct holm_tcpip__flow *flow);

/* tcpip_insight.c */
enum holm_result holm_tcpip__transport(struct holm_flow *flow,
                                       struct holm_flow_transport *transport);
enum holm_result holm_tcpip__tune(struct holm_flow *flow, const struct holm_flow_tuning *tuning);

/* tcpip_listener.c */
typedef bool holm_tcpip__taken_function(const struct holm_tcpip *, const struct holm_endpoint *);
/* holm_tcpip__port_choose gives local a port that is free, if it has none: RFC 6056 section 3.3.1.
 *
 * Errors:  HOLM_ERR_IN_USE  the one that it has is taken, or all are */
enum holm_result holm_tcpip__port_choose(struct holm_tcpip *stack, struct holm_endpoint *local,
                                         holm_tcpip__taken_function *taken);
/* holm_tcpip__hears answers whether an end at own hears what comes to address. */
bool holm_tcpip__hears(const struct holm_ip_address *own, const struct holm_ip_address *address);
/* holm_tcpip__ends_meet answers whether what comes to one end would come to the other, too. */
bool holm_tcpip__ends_meet(const struct holm_endpoint *a, const struct holm_endpoint *b);
enum holm_result holm_tcpip__listen(struct holm_tcpip *stack, struct holm_listener **listener,
                                    const struct holm_endpoint *wanted);
void holm_tcpip__listener_add(struct holm_tcpip__listener *self, struct holm_tcpip__flow *flow);
