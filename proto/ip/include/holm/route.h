/* SPDX-License-Identifier: ISC */
/* holm/route.h: which way a packet goes: the longest prefix that has its destination. Pure. Few
 * routes: a host's, or a small router's; looked through one by one.
 * Source: RFC 1122 section 3.3.1; RFC 1812 section 5.2.4.3. */
#pragma once

#include <holm/address.h>

#define HOLM_ROUTES_MAX 64

struct holm_route {
    struct holm_ip_prefix prefix;
    struct holm_ip_address gateway; /* of no family: on the link itself */
    uint32_t interface;             /* index, from 1 */
    uint16_t metric;                /* of two alike the smaller one counts */
    uint8_t origin;                 /* who added it: a number of the user's, to remove by */
};

struct holm_routes {
    struct holm_route all[HOLM_ROUTES_MAX];
    uint32_t count;
    uint32_t
        version; /* grows with every change: what was looked up before is to be looked up again */
};

/* holm_route_add adds a route; of one that is alike but for the origin and metric, both stand.
 *
 * Errors:  HOLM_ERR_INVALID    no prefix, or a gateway of another family
 *          HOLM_ERR_IN_USE     it is there
 *          HOLM_ERR_NO_MEMORY  HOLM_ROUTES_MAX are there */
HOLM_MUST_USE enum holm_result holm_route_add(struct holm_routes *routes,
                                              const struct holm_route *route);

/* holm_route_remove takes out all routes of an interface and an origin; 0: any. */
void holm_route_remove(struct holm_routes *routes, uint32_t interface, uint8_t origin);

/* holm_route_find sets *route to the way to destination, by way of interface if that is not 0.
 *
 * Errors:  HOLM_ERR_UNREACHABLE  there is none */
HOLM_MUST_USE enum holm_result holm_route_find(const struct holm_routes *routes,
                                               const struct holm_ip_address *destination,
                                               uint32_t interface, struct holm_route *route);
