/* SPDX-License-Identifier: ISC */
/* ndp_impl.h: what the files of neighbour discovery share. */
#pragma once

#include <holm/ndp.h>

/* ndp.c */
/* holm_ndp__out is a place for a message to send; NULL: there is none. */
struct holm_ndp_packet *holm_ndp__out(struct holm_ndp *ndp);
/* holm_ndp__later is the end of a lifetime; of 2^32 - 1 seconds: never. */
uint64_t holm_ndp__later(uint64_t now_ns, uint32_t lifetime_s);

/* ndp_address.c */
/* holm_ndp__reserved answers whether the identifier is one that no station may have: RFC 5453. */
bool holm_ndp__reserved(uint64_t identifier);
struct holm_ndp_address *holm_ndp__address_of(struct holm_ndp *ndp,
                                              const struct holm_ip_address *address);
struct holm_ndp_address *holm_ndp__address_new(struct holm_ndp *ndp, enum holm_ndp_origin origin,
                                               uint64_t now_ns);
/* holm_ndp__autonomous makes or renews the address of a prefix: RFC 4862 section 5.5.3. */
void holm_ndp__autonomous(struct holm_ndp *ndp, const struct holm_ndp_prefix *prefix,
                          const struct holm_ip_address *by, uint64_t now_ns);
void holm_ndp__conflict(struct holm_ndp *ndp, struct holm_ndp_address *address, uint64_t now_ns);
void holm_ndp__address_tick(struct holm_ndp *ndp, struct holm_ndp_address *at, uint64_t now_ns);
/* holm_ndp__speaker is an address of ours that is seen to be ours alone; NULL: none yet. */
const struct holm_ip_address *holm_ndp__speaker(const struct holm_ndp *ndp);

/* ndp_router.c */
void holm_ndp__router_in(struct holm_ndp *ndp, struct holm_neighbours *neighbours,
                         const struct holm_ndp_in *in, const struct holm_ndp_message *message,
                         uint64_t now_ns);
void holm_ndp__router_remove(struct holm_ndp *ndp, const struct holm_ip_address *address,
                             uint64_t now_ns);
/* holm_ndp__proven answers whether that is a router that answered. */
bool holm_ndp__proven(struct holm_ndp *ndp, const struct holm_ip_address *router);
/* holm_ndp__answered notes that a router answered a question of ours. */
void holm_ndp__answered(struct holm_ndp *ndp, const struct holm_ip_address *router);
/* holm_ndp__prove asks a router whether it is there, if that is due. */
void holm_ndp__prove(struct holm_ndp *ndp, uint64_t now_ns);
/* holm_ndp__solicit_begin asks for routers soon, and then ever more seldom. */
void holm_ndp__solicit_begin(struct holm_ndp *ndp, uint64_t now_ns);
void holm_ndp__solicit(struct holm_ndp *ndp, uint64_t now_ns);
void holm_ndp__routes_tick(struct holm_ndp *ndp, uint64_t now_ns);
/* holm_ndp__on_link_add notes a prefix, or its new end; NULL: it is given by hand, and no router ends
 * it. False: there is no place. */
bool holm_ndp__on_link_add(struct holm_ndp *ndp, const struct holm_ndp_on_link *said,
                           uint64_t now_ns);
