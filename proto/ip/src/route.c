/* SPDX-License-Identifier: ISC */
/* route.c: a table of routes, the longest prefix first, of those the smallest metric. */
#include <holm/route.h>

static bool same(const struct holm_route *a, const struct holm_route *b)
{
    return a->prefix.length_bits == b->prefix.length_bits && a->interface == b->interface &&
           a->metric == b->metric && a->origin == b->origin &&
           holm_ip_equal(&a->prefix.address, &b->prefix.address) &&
           holm_ip_equal(&a->gateway, &b->gateway);
}

static bool precedes(const struct holm_route *a, const struct holm_route *b)
{
    if (a->prefix.length_bits != b->prefix.length_bits)
        return a->prefix.length_bits > b->prefix.length_bits;
    return a->metric < b->metric;
}

enum holm_result holm_route_add(struct holm_routes *routes, const struct holm_route *route)
{
    uint32_t place = 0;

    if (!holm_ip_prefix_check(&route->prefix) || route->interface == 0 ||
        (route->gateway.family != HOLM_IP_NONE &&
         route->gateway.family != route->prefix.address.family))
        return HOLM_ERR_INVALID;
    for (uint32_t i = 0; i < routes->count; i++)
        if (same(&HOLM_AT(routes->all, i), route))
            return HOLM_ERR_IN_USE;
    if (routes->count == HOLM_ROUTES_MAX)
        return HOLM_ERR_NO_MEMORY;
    while (place < routes->count && !precedes(route, &HOLM_AT(routes->all, place)))
        place += 1;
    for (uint32_t i = routes->count; i > place; i--)
        HOLM_AT(routes->all, i) = HOLM_AT(routes->all, i - 1);
    HOLM_AT(routes->all, place) = *route;
    routes->count += 1;
    routes->version = routes->version == UINT32_MAX ? 0 : routes->version + 1;
    return HOLM_OK;
}

void holm_route_remove(struct holm_routes *routes, uint32_t interface, uint8_t origin)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < routes->count; i++) {
        struct holm_route *route = &HOLM_AT(routes->all, i);
        if ((interface == 0 || route->interface == interface) &&
            (origin == 0 || route->origin == origin))
            continue;
        HOLM_AT(routes->all, kept) = *route;
        kept += 1;
    }
    if (kept == routes->count)
        return;
    routes->count = kept;
    routes->version = routes->version == UINT32_MAX ? 0 : routes->version + 1;
}

enum holm_result holm_route_find(const struct holm_routes *routes,
                                 const struct holm_ip_address *destination, uint32_t interface,
                                 struct holm_route *route)
{
    for (uint32_t i = 0; i < routes->count; i++) {
        const struct holm_route *at = &HOLM_AT(routes->all, i);
        if ((interface == 0 || at->interface == interface) &&
            holm_ip_prefix_has(&at->prefix, destination)) {
            *route = *at;
            return HOLM_OK;
        }
    }
    return HOLM_ERR_UNREACHABLE;
}
