/* SPDX-License-Identifier: ISC */
/* tcpip_ipv6.h: what the files of the stack share about IPv6. */
#pragma once

#include <holm/icmp6.h>
#include <holm/mld.h>
#include <holm/ndp.h>
#include <holm/select.h>

#include "tcpip_impl.h"

/* Who added a route, so that what routers say can be taken back. */
enum { HOLM_TCPIP__ORIGIN_NDP = 66 };

/* struct holm_tcpip__ipv6 is what an interface has for IPv6. */
struct holm_tcpip__ipv6 {
    struct holm_ndp ndp;
    struct holm_mld mld;
};

/* tcpip_ipv6.c */
void holm_tcpip__ipv6_in(struct holm_tcpip__packet *packet, const struct holm_net_received *frame,
                         size_t header_bytes, size_t total);
/* holm_tcpip__ipv6_rest reads what headers a packet has that was put together of fragments; false: it is
 * refused. */
bool holm_tcpip__ipv6_rest(struct holm_tcpip__packet *packet);

/* holm_tcpip__ipv6_outer reads of a packet of others, of which the quote is there, the first header, and
 * what it carries. */
bool holm_tcpip__ipv6_outer(struct holm_tcpip__packet *packet);

/* tcpip_ndp.c */
/* holm_tcpip__ipv6_run does what time has brought, sends what is to be sent; answers when again. */
uint64_t holm_tcpip__ipv6_run(struct holm_tcpip__interface *self);
bool holm_tcpip__ipv6_has(const struct holm_tcpip__interface *self,
                          const struct holm_ip_address *address);
/* holm_tcpip__ipv6_way_by finds the way by one interface, or with index 0 by any. */
enum holm_result holm_tcpip__ipv6_way_by(struct holm_tcpip *stack, uint32_t index,
                                         const struct holm_ip_address *destination,
                                         struct holm_tcpip__way *way);
enum holm_result holm_tcpip__ipv6_member(struct holm_tcpip *stack,
                                         const struct holm_ip_address *group, uint32_t interface,
                                         bool joins);

/* tcpip_icmp6.c */
void holm_tcpip__icmp6_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet);
void holm_tcpip__icmp6_error(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                             const struct holm_icmp6 *icmp, bool of_groups);

/* tcpip_path.c */
/* holm_tcpip__path_shorten notes that a way takes no more than mtu bytes, for a while. */
void holm_tcpip__path_shorten(struct holm_tcpip *stack, const struct holm_ip_address *destination,
                              uint16_t mtu);
