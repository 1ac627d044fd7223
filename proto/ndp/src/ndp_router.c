/* SPDX-License-Identifier: ISC */
/* ndp_router.c: what routers say, and asking for them.
 *
 * (1) A router that answered and is not lost keeps its place, and so does what it said.
 * (2) While a router is to be asked whether it is there, prove_ns is set. */
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

/* lose notes that a router is silent; without any, others are asked for: behind one that was there at
 * once, behind one that never answered ever more seldom, since it may speak again each time. */
static void lose(struct holm_ndp *ndp, struct holm_ndp_router *router, uint64_t now_ns)
{
    router->lost = true;
    ndp->routes_changed = true;
    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++)
        if (HOLM_AT(ndp->routers, i).until_ns != 0 && !HOLM_AT(ndp->routers, i).lost)
            return;
    if (router->proven)
        holm_ndp__solicit_begin(ndp, now_ns);
    else
        ndp->solicit_ns = now_ns + ndp->solicit_wait_ns;
}

void holm_ndp_lost(struct holm_ndp *ndp, const struct holm_ip_address *address, uint64_t now_ns)
{
    struct holm_ndp_router *at = router_of(ndp, address);

    if (at != NULL && !at->lost)
        lose(ndp, at, now_ns);
}

bool holm_ndp__proven(struct holm_ndp *ndp, const struct holm_ip_address *router)
{
    const struct holm_ndp_router *at = router_of(ndp, router);
    return at != NULL && at->proven;
}

void holm_ndp__answered(struct holm_ndp *ndp, const struct holm_ip_address *router)
{
    struct holm_ndp_router *at = router_of(ndp, router);

    if (at == NULL || at->proven || at->asks == 0)
        return;
    at->proven = true;
    at->lost = false;
    ndp->routes_changed = true;
}

/* unproven is the router that was asked the fewest times of those that are to be; NULL: none is. */
static struct holm_ndp_router *unproven(struct holm_ndp *ndp)
{
    struct holm_ndp_router *found = NULL;

    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++) {
        struct holm_ndp_router *at = &HOLM_AT(ndp->routers, i);
        if (at->until_ns != 0 && !at->proven && !at->lost &&
            (found == NULL || at->asks < found->asks))
            found = at;
    }
    return found;
}

void holm_ndp__prove(struct holm_ndp *ndp, uint64_t now_ns)
{
    struct holm_ndp_router *at = unproven(ndp);

    ndp->prove_ns = at == NULL ? UINT64_MAX : now_ns + HOLM_NDP_PROVE_NS; /* keeps (2) */
    if (at == NULL || holm_ndp__speaker(ndp) == NULL)
        return;
    if (at->asks == HOLM_NEIGHBOUR_ASKS_MAX) {
        lose(ndp, at, now_ns);
        return;
    }
    struct holm_neighbour about = { .address = at->address };
    at->asks += 1;
    holm_ndp_ask(ndp, &about, true);
}

/* standing: of routers that may have to give up their places that of the smaller one goes first. */
static int standing(const struct holm_ndp_router *router)
{
    return (router->proven ? 2 : 0) + (router->lost ? 0 : 1);
}

/* router_place is a place for another router: a free one, or that of one of which nobody knows that it is
 * there. NULL: all keep theirs (1). */
static struct holm_ndp_router *router_place(struct holm_ndp *ndp, uint64_t now_ns)
{
    struct holm_ndp_router *place = NULL;

    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++) {
        struct holm_ndp_router *at = &HOLM_AT(ndp->routers, i);
        if (at->until_ns == 0)
            return at;
        if (now_ns - at->since_ns < HOLM_NDP_HOLD_NS || (at->proven && !at->lost))
            continue;
        if (place == NULL || standing(at) < standing(place) ||
            (standing(at) == standing(place) && at->since_ns < place->since_ns))
            place = at;
    }
    return place;
}

/* router_add notes a router, or what it says now. One that was lost is to answer again. */
static void router_add(struct holm_ndp *ndp, const struct holm_ip_address *address,
                       const struct holm_ndp_message *message, uint64_t now_ns)
{
    struct holm_ndp_router *at = router_of(ndp, address);
    bool is_new = at == NULL;

    if (is_new)
        at = router_place(ndp, now_ns);
    if (at == NULL)
        return;
    if (is_new || at->preference != message->preference || at->lost)
        ndp->routes_changed = true;
    if (is_new || at->lost)
        *at = (struct holm_ndp_router){ .address = *address, .since_ns = now_ns };
    at->preference = message->preference;
    at->until_ns = holm_ndp__later(now_ns, message->lifetime_s);
    if (!at->proven && ndp->prove_ns == UINT64_MAX)
        ndp->prove_ns = now_ns;
    ndp->solicit_ns = UINT64_MAX;
}

/* gives answers whether what a router said gives its place to what another one says. */
static bool gives(struct holm_ndp *ndp, const struct holm_ip_address *by, uint64_t since_ns,
                  uint64_t now_ns)
{
    return now_ns - since_ns >= HOLM_NDP_HOLD_NS && by->family != HOLM_IP_NONE &&
           !holm_ndp__proven(ndp, by);
}

/* on_link_place is a place for another prefix of that router; NULL: there is none. */
static struct holm_ndp_on_link *on_link_place(struct holm_ndp *ndp,
                                              const struct holm_ip_address *by, uint64_t now_ns)
{
    struct holm_ndp_on_link *free = NULL, *place = NULL;
    uint32_t own = 0;

    for (size_t i = 0; i < HOLM_NDP_PREFIXES_MAX; i++) {
        struct holm_ndp_on_link *at = &HOLM_AT(ndp->on_link, i);
        if (at->until_ns == 0)
            free = free == NULL ? at : free;
        else if (by->family != HOLM_IP_NONE && holm_ip_equal(&at->by, by))
            own += 1;
        else if (gives(ndp, &at->by, at->since_ns, now_ns) &&
                 (place == NULL || at->since_ns < place->since_ns))
            place = at;
    }
    if (own >= HOLM_NDP_ROUTER_PREFIXES_MAX)
        return NULL;
    return free == NULL ? place : free;
}

bool holm_ndp__on_link_add(struct holm_ndp *ndp, const struct holm_ndp_on_link *said,
                           uint64_t now_ns)
{
    for (size_t i = 0; i < HOLM_NDP_PREFIXES_MAX; i++) {
        struct holm_ndp_on_link *at = &HOLM_AT(ndp->on_link, i);
        if (at->until_ns == 0 || at->prefix.length_bits != said->prefix.length_bits ||
            !holm_ip_equal(&at->prefix.address, &said->prefix.address))
            continue;
        if (at->by.family == HOLM_IP_NONE && said->by.family != HOLM_IP_NONE)
            return true;
        at->until_ns = said->until_ns;
        if (!holm_ndp__proven(ndp, &at->by))
            at->by = said->by;
        ndp->routes_changed = ndp->routes_changed || said->until_ns == 0;
        return true;
    }
    if (said->until_ns == 0)
        return true;
    struct holm_ndp_on_link *place = on_link_place(ndp, &said->by, now_ns);
    if (place == NULL)
        return false;
    *place = *said;
    place->since_ns = now_ns;
    ndp->routes_changed = true;
    return true;
}

static void prefixes_in(struct holm_ndp *ndp, const struct holm_ndp_options *options,
                        const struct holm_ip_address *by, uint64_t now_ns)
{
    for (uint32_t i = 0; i < options->prefixes_count; i++) {
        const struct holm_ndp_prefix *prefix = &HOLM_AT(options->prefixes, i);
        struct holm_ndp_on_link said = {
            .prefix = prefix->prefix,
            .until_ns = prefix->valid_s == 0 ? 0 : holm_ndp__later(now_ns, prefix->valid_s),
            .by = *by,
        };
        if (holm_ip_is_link_local(&prefix->prefix.address) ||
            holm_ip_is_multicast(&prefix->prefix.address))
            continue;
        if (prefix->on_link && !holm_ndp__on_link_add(ndp, &said, now_ns))
            continue; /* there are too many: its addresses would be of no use */
        if (prefix->autonomous)
            holm_ndp__autonomous(ndp, prefix, by, now_ns);
    }
}

static void server_add(struct holm_ndp *ndp, const struct holm_ndp_server *said)
{
    struct holm_ndp_server *place = NULL;

    for (size_t i = 0; i < HOLM_NDP_SERVERS_MAX; i++) {
        struct holm_ndp_server *at = &HOLM_AT(ndp->servers, i);
        if (at->until_ns != 0 && holm_ip_equal(&at->address, &said->address)) {
            at->until_ns = said->until_ns;
            if (!holm_ndp__proven(ndp, &at->by))
                at->by = said->by;
            return;
        }
        if (at->until_ns == 0 || gives(ndp, &at->by, at->since_ns, said->since_ns))
            place = place == NULL || at->since_ns < place->since_ns ? at : place;
    }
    if (place != NULL && said->until_ns != 0)
        *place = *said;
}

static void servers_in(struct holm_ndp *ndp, const struct holm_ndp_options *options,
                       const struct holm_ip_address *by, uint64_t now_ns)
{
    for (uint32_t i = 0; i < options->servers_count; i++) {
        uint32_t lifetime_s = HOLM_AT(options->servers_s, i);
        struct holm_ndp_server said = {
            .address = HOLM_AT(options->servers, i),
            .until_ns = lifetime_s == 0 ? 0 : holm_ndp__later(now_ns, lifetime_s),
            .since_ns = now_ns,
            .by = *by,
        };
        server_add(ndp, &said);
    }
}

/* settings_in takes what is said of the link: of who did not answer only if nobody did. */
static void settings_in(struct holm_ndp *ndp, const struct holm_ndp_message *message,
                        const struct holm_ip_address *by)
{
    const struct holm_ndp_options *options = &message->options;
    bool any = false;

    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++)
        any = any || (HOLM_AT(ndp->routers, i).until_ns != 0 && HOLM_AT(ndp->routers, i).proven);
    if (any && !holm_ndp__proven(ndp, by))
        return;
    ndp->managed = message->managed;
    ndp->other = message->other;
    if (message->hops >= HOLM_NDP_HOPS_MIN)
        ndp->hops = message->hops;
    if (options->mtu >= HOLM_IPV6_MTU_MIN && options->mtu <= ndp->settings.mtu)
        ndp->mtu = (uint16_t)options->mtu;
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
    settings_in(ndp, message, source);
    if (message->lifetime_s == 0)
        holm_ndp__router_remove(ndp, source, now_ns);
    else
        router_add(ndp, source, message, now_ns);
    if (options->has_source_mac)
        holm_neighbour_hear(neighbours, source, &options->source_mac, HOLM_NEIGHBOUR_REQUESTED,
                            now_ns);
    prefixes_in(ndp, options, source, now_ns);
    servers_in(ndp, options, source, now_ns);
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
    if (a->proven != b->proven)
        return a->proven;
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
