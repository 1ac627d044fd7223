/* SPDX-License-Identifier: ISC */
/* ndp_router.c: what routers say, and asking for them. */
#include "ndp_impl.h"

enum { JITTER_PARTS = 10 }; /* RFC 7559: a tenth more or less */

static struct holm_ndp_router *router_of(struct holm_ndp *ndp,
                                         const struct holm_ip_address *address)
{
    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++) {
        struct holm_ndp_router *at = &HOLM_AT(ndp->routers, i);
        if (at->until_ns != 0 && holm_ip_equal(&at->address, address))
            return at;
    }
    return NULL;
}

void holm_ndp__solicit_begin(struct holm_ndp *ndp, uint64_t now_ns)
{
    ndp->solicit_ns = now_ns + holm_random_below(ndp->settings.random, HOLM_NDP_DELAY_NS);
    ndp->solicit_wait_ns = HOLM_NDP_SOLICIT_NS;
}

/* router_end takes a router away. Without any, others are asked for: RFC 4861 lets routers be silent
 * for half an hour. */
static void router_end(struct holm_ndp *ndp, struct holm_ndp_router *router, uint64_t now_ns)
{
    *router = (struct holm_ndp_router){ 0 };
    ndp->routes_changed = true;
    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++)
        if (HOLM_AT(ndp->routers, i).until_ns != 0)
            return;
    holm_ndp__solicit_begin(ndp, now_ns);
}

void holm_ndp__router_remove(struct holm_ndp *ndp, const struct holm_ip_address *address,
                             uint64_t now_ns)
{
    struct holm_ndp_router *at = router_of(ndp, address);

    if (at != NULL)
        router_end(ndp, at, now_ns);
}

void holm_ndp_lost(struct holm_ndp *ndp, const struct holm_ip_address *address)
{
    struct holm_ndp_router *at = router_of(ndp, address);

    if (at == NULL || at->lost)
        return;
    at->lost = true;
    ndp->routes_changed = true;
}

/* router_add notes a router, or what it says now; when all places are taken, a new one is passed over. */
static void router_add(struct holm_ndp *ndp, const struct holm_ip_address *address,
                       const struct holm_ndp_message *message, uint64_t now_ns)
{
    struct holm_ndp_router *at = router_of(ndp, address);

    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX && at == NULL; i++)
        if (HOLM_AT(ndp->routers, i).until_ns == 0)
            at = &HOLM_AT(ndp->routers, i);
    if (at == NULL)
        return;
    if (at->until_ns == 0 || at->preference != message->preference || at->lost)
        ndp->routes_changed = true;
    *at = (struct holm_ndp_router){ .address = *address,
                                    .preference = message->preference,
                                    .until_ns = holm_ndp__later(now_ns, message->lifetime_s) };
    ndp->solicit_ns = UINT64_MAX;
}

bool holm_ndp__on_link_add(struct holm_ndp *ndp, const struct holm_ip_prefix *prefix,
                           uint64_t until_ns, bool by_hand)
{
    struct holm_ndp_on_link *free = NULL;

    for (size_t i = 0; i < HOLM_NDP_PREFIXES_MAX; i++) {
        struct holm_ndp_on_link *at = &HOLM_AT(ndp->on_link, i);
        if (at->until_ns == 0)
            free = free == NULL ? at : free;
        else if (at->prefix.length_bits == prefix->length_bits &&
                 holm_ip_equal(&at->prefix.address, &prefix->address)) {
            if (at->by_hand && !by_hand)
                return true;
            at->until_ns = until_ns;
            at->by_hand = by_hand;
            ndp->routes_changed = ndp->routes_changed || until_ns == 0;
            return true;
        }
    }
    if (until_ns == 0)
        return true;
    if (free == NULL)
        return false;
    *free = (struct holm_ndp_on_link){ *prefix, until_ns, by_hand };
    ndp->routes_changed = true;
    return true;
}

static void prefixes_in(struct holm_ndp *ndp, const struct holm_ndp_options *options,
                        uint64_t now_ns)
{
    for (uint32_t i = 0; i < options->prefixes_count; i++) {
        const struct holm_ndp_prefix *prefix = &HOLM_AT(options->prefixes, i);
        uint64_t until_ns = prefix->valid_s == 0 ? 0 : holm_ndp__later(now_ns, prefix->valid_s);
        if (holm_ip_is_link_local(&prefix->prefix.address) ||
            holm_ip_is_multicast(&prefix->prefix.address))
            continue;
        if (prefix->on_link && !holm_ndp__on_link_add(ndp, &prefix->prefix, until_ns, false))
            continue; /* there are too many: its addresses would be of no use */
        if (prefix->autonomous)
            holm_ndp__autonomous(ndp, prefix, now_ns);
    }
}

static void server_add(struct holm_ndp *ndp, const struct holm_ip_address *address,
                       uint64_t until_ns)
{
    struct holm_ndp_server *free = NULL;

    for (size_t i = 0; i < HOLM_NDP_SERVERS_MAX; i++) {
        struct holm_ndp_server *at = &HOLM_AT(ndp->servers, i);
        if (at->until_ns != 0 && holm_ip_equal(&at->address, address)) {
            at->until_ns = until_ns;
            return;
        }
        if (at->until_ns == 0 && free == NULL)
            free = at;
    }
    if (free != NULL && until_ns != 0)
        *free = (struct holm_ndp_server){ *address, until_ns };
}

static void servers_in(struct holm_ndp *ndp, const struct holm_ndp_options *options,
                       uint64_t now_ns)
{
    for (uint32_t i = 0; i < options->servers_count; i++) {
        uint32_t lifetime_s = HOLM_AT(options->servers_s, i);
        server_add(ndp, &HOLM_AT(options->servers, i),
                   lifetime_s == 0 ? 0 : holm_ndp__later(now_ns, lifetime_s));
    }
}

void holm_ndp__router_in(struct holm_ndp *ndp, struct holm_neighbours *neighbours,
                         const struct holm_ndp_in *in, const struct holm_ndp_message *message,
                         uint64_t now_ns)
{
    const struct holm_ndp_options *options = &message->options;
    const struct holm_ip_address *source = &in->header->source;

    if (!holm_ip_is_link_local(source) || ndp->settings.no_routers) {
        ndp->refused += 1;
        return;
    }
    ndp->managed = message->managed;
    ndp->other = message->other;
    if (message->hops >= HOLM_NDP_HOPS_MIN)
        ndp->hops = message->hops;
    if (options->mtu >= HOLM_IPV6_MTU_MIN && options->mtu <= ndp->settings.mtu)
        ndp->mtu = (uint16_t)options->mtu;
    if (message->lifetime_s == 0)
        holm_ndp__router_remove(ndp, source, now_ns);
    else
        router_add(ndp, source, message, now_ns);
    if (options->has_source_mac)
        holm_neighbour_hear(neighbours, source, &options->source_mac, HOLM_NEIGHBOUR_REQUESTED,
                            now_ns);
    prefixes_in(ndp, options, now_ns);
    servers_in(ndp, options, now_ns);
}

void holm_ndp__solicit(struct holm_ndp *ndp, uint64_t now_ns)
{
    struct holm_ndp_packet *packet;
    const struct holm_ip_address *source = holm_ndp__speaker(ndp);

    uint64_t wait_ns = ndp->solicit_wait_ns;
    uint32_t part = holm_random_below(ndp->settings.random, 2 * JITTER_PARTS + 1);
    ndp->solicit_ns = now_ns + wait_ns / (JITTER_PARTS * JITTER_PARTS) *
                                   (JITTER_PARTS * JITTER_PARTS - JITTER_PARTS + part);
    ndp->solicit_wait_ns =
        2 * wait_ns < HOLM_NDP_SOLICIT_NS_MAX ? 2 * wait_ns : HOLM_NDP_SOLICIT_NS_MAX;
    packet = holm_ndp__out(ndp);
    if (packet == NULL)
        return;
    struct holm_buffer out = HOLM_BUFFER(packet->data);
    packet->source = holm_ip_any(HOLM_IP_V6);
    packet->destination = (struct holm_ip_address){ HOLM_IP_V6, { 0xff, 0x02, [15] = 2 } };
    packet->mac = holm_mac_of_group(&packet->destination);
    packet->icmp = (struct holm_icmp6){ .type = HOLM_ICMP6_ROUTER_SOLICITATION };
    if (source != NULL && holm_ip_is_link_local(source)) {
        packet->source = *source;
        holm_assert(
            holm_ndp_option_emit(&out, HOLM_NDP_SOURCE_MAC, HOLM_BLOB(ndp->settings.mac.bytes)));
    }
    packet->data_len = (uint8_t)out.len;
}

void holm_ndp__routes_tick(struct holm_ndp *ndp, uint64_t now_ns)
{
    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++) {
        struct holm_ndp_router *at = &HOLM_AT(ndp->routers, i);
        if (at->until_ns != 0 && at->until_ns <= now_ns)
            router_end(ndp, at, now_ns);
    }
    for (size_t i = 0; i < HOLM_NDP_PREFIXES_MAX; i++) {
        struct holm_ndp_on_link *at = &HOLM_AT(ndp->on_link, i);
        if (at->until_ns != 0 && at->until_ns <= now_ns) {
            *at = (struct holm_ndp_on_link){ 0 };
            ndp->routes_changed = true;
        }
    }
    for (size_t i = 0; i < HOLM_NDP_SERVERS_MAX; i++) {
        struct holm_ndp_server *at = &HOLM_AT(ndp->servers, i);
        if (at->until_ns <= now_ns)
            *at = (struct holm_ndp_server){ 0 };
    }
}

static bool better(const struct holm_ndp_router *a, const struct holm_ndp_router *b)
{
    if (a->lost != b->lost)
        return b->lost;
    return a->preference > b->preference;
}

enum holm_result holm_ndp_router_rank(const struct holm_ndp *ndp, uint32_t index, uint16_t *rank)
{
    if (index >= HOLM_NDP_ROUTERS_MAX || HOLM_AT(ndp->routers, index).until_ns == 0)
        return HOLM_ERR_NOT_FOUND;
    const struct holm_ndp_router *own = &HOLM_AT(ndp->routers, index);
    *rank = 0;
    for (uint32_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++) {
        const struct holm_ndp_router *at = &HOLM_AT(ndp->routers, i);
        if (at->until_ns != 0 && (better(at, own) || (i < index && !better(own, at))))
            *rank = (uint16_t)(*rank + 1);
    }
    return HOLM_OK;
}
