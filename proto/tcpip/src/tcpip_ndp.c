/* SPDX-License-Identifier: ISC */
/* tcpip_ndp.c: neighbour discovery and MLD on an interface: their messages leave, and what they learn
 * becomes addresses and routes of the stack. */
#include "tcpip_ipv6.h"

#define SOURCE "ipv6"

enum { HOPS_OF_NDP = 255, HOPS_OF_MLD = 1, METRIC_OF_ROUTERS = 1024 };

bool holm_tcpip__ipv6_has(const struct holm_tcpip__interface *self,
                          const struct holm_ip_address *address)
{
    return self->ipv6 != NULL && holm_ndp_has(&self->ipv6->ndp, address);
}

/* begin is a frame to a station, with a header of IPv6; NULL: it can not leave now. */
static struct holm_tcpip__departure *begin(struct holm_tcpip__interface *self,
                                           const struct holm_mac_address *mac,
                                           const struct holm_ip_header *ip,
                                           struct holm_buffer *head)
{
    struct holm_tcpip__departure *departure = holm_tcpip__departure_new(self->stack, self);

    if (departure == NULL)
        return NULL;
    *head = HOLM_BUFFER(departure->head);
    holm_tcpip__count(HOLM_TCPIP__IP_OUT);
    if (holm_tcpip__ethernet_to(self, mac, HOLM_IP_V6, head) == HOLM_OK && holm_ipv6_emit(head, ip))
        return departure;
    holm_tcpip__departure_drop(self->stack, departure);
    return NULL;
}

static void finish(struct holm_tcpip__interface *self, struct holm_tcpip__departure *departure,
                   struct holm_buffer *head, struct holm_bytes data)
{
    holm_assert(holm_buffer_bytes(head, data));
    departure->frame.head = holm_buffer_filled(head);
    holm_tcpip__depart(self->stack, departure);
}

static void ndp_send(struct holm_tcpip__interface *self, const struct holm_ndp_packet *packet)
{
    struct holm_ip_header ip = {
        .source = packet->source,
        .destination = packet->destination,
        .payload_len = (uint16_t)(HOLM_ICMP6_HEADER_BYTES + packet->data_len),
        .protocol = HOLM_IP_ICMPV6,
        .hops = HOPS_OF_NDP,
    };
    struct holm_buffer head = { 0 };
    struct holm_bytes data = { 0 };
    struct holm_tcpip__departure *departure = begin(self, &packet->mac, &ip, &head);

    if (departure == NULL)
        return;
    holm_assert(holm_bytes_part(HOLM_BLOB(packet->data), 0, packet->data_len, &data) &&
                holm_icmp6_emit(&head, &packet->icmp, &ip.source, &ip.destination, data));
    finish(self, departure, &head, data);
}

/* mld_source is a link-local address of ours that nobody else has; else ::. */
static struct holm_ip_address mld_source(const struct holm_ndp *ndp)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (at->state == HOLM_NDP_VALID && holm_ip_is_link_local(&at->address))
            return at->address;
    }
    return holm_ip_any(HOLM_IP_V6);
}

static void mld_send(struct holm_tcpip__interface *self, const struct holm_mld_report *report)
{
    struct holm_ip_header ip = {
        .source = mld_source(&self->ipv6->ndp),
        .destination = report->destination,
        .payload_len =
            (uint16_t)(HOLM_IPV6_ALERT_BYTES + HOLM_ICMP6_HEADER_BYTES + report->data_len),
        .protocol = HOLM_IPV6_HOP_BY_HOP,
        .hops = HOPS_OF_MLD,
    };
    struct holm_mac_address mac = holm_mac_of_group(&ip.destination);
    struct holm_buffer head = { 0 };
    struct holm_bytes data = { 0 };
    struct holm_tcpip__departure *departure = begin(self, &mac, &ip, &head);

    if (departure == NULL)
        return;
    holm_assert(holm_bytes_part(HOLM_BLOB(report->data), 0, report->data_len, &data) &&
                holm_ipv6_alert_emit(&head, HOLM_IP_ICMPV6) &&
                holm_icmp6_emit(&head, &report->icmp, &ip.source, &ip.destination, data));
    finish(self, departure, &head, data);
}

/* routes_set makes the routes of the interface those that routers say. */
static void routes_set(struct holm_tcpip__interface *self)
{
    struct holm_routes *routes = &self->stack->routes;
    const struct holm_ndp *ndp = &self->ipv6->ndp;
    struct holm_route route = { .interface = self->index, .origin = HOLM_TCPIP__ORIGIN_NDP };
    uint16_t rank = 0;
    bool full = false;

    holm_route_remove(routes, self->index, HOLM_TCPIP__ORIGIN_NDP);
    for (size_t i = 0; i < HOLM_NDP_PREFIXES_MAX; i++) {
        if (HOLM_AT(ndp->on_link, i).until_ns == 0)
            continue;
        route.prefix = HOLM_AT(ndp->on_link, i).prefix;
        full = holm_route_add(routes, &route) == HOLM_ERR_NO_MEMORY || full;
    }
    route.prefix = (struct holm_ip_prefix){ holm_ip_any(HOLM_IP_V6), 0 };
    for (uint32_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++) {
        if (holm_ndp_router_rank(ndp, i, &rank) != HOLM_OK)
            continue;
        route.gateway = HOLM_AT(ndp->routers, i).address;
        route.metric = (uint16_t)(METRIC_OF_ROUTERS + rank);
        full = holm_route_add(routes, &route) == HOLM_ERR_NO_MEMORY || full;
    }
    if (full)
        HOLM_LOG_WARNING(SOURCE, "there are too many routes");
}

static void address_told(struct holm_tcpip__interface *self, enum holm_ndp_event event,
                         const struct holm_ndp_address *about)
{
    struct holm_ip_address group = holm_ndp_group_of(&about->address);
    struct holm_mld *mld = &self->ipv6->mld;
    uint64_t now_ns = holm_tcpip__now(self->stack);

    switch (event) {
    case HOLM_NDP_ADDRESS_NEW:
        if (holm_mld_join(mld, &group, now_ns) != HOLM_OK)
            HOLM_LOG_WARNING(SOURCE, "there are too many groups");
        return;
    case HOLM_NDP_ADDRESS_READY:
        HOLM_LOG_INFO(SOURCE, "address", HOLM_FIELD_IP("ip", &about->address));
        return;
    case HOLM_NDP_ADDRESS_TAKEN:
        HOLM_LOG_ERROR(SOURCE, "another station has the address",
                       HOLM_FIELD_IP("ip", &about->address));
        break;
    case HOLM_NDP_ADDRESS_GONE:
        HOLM_LOG_INFO(SOURCE, "address is given up", HOLM_FIELD_IP("ip", &about->address));
        break;
    case HOLM_NDP_ROUTES:
        return;
    }
    holm_mld_leave(mld, &group, now_ns);
    holm_tcpip__connections_end(self->stack, &about->address);
}

uint64_t holm_tcpip__ipv6_run(struct holm_tcpip__interface *self)
{
    uint64_t now_ns = holm_tcpip__now(self->stack);
    struct holm_ndp_address about = { 0 };
    struct holm_ndp_packet packet;
    struct holm_mld_report report;
    enum holm_ndp_event event;

    if (self->ipv6 == NULL)
        return UINT64_MAX;
    holm_ndp_tick(&self->ipv6->ndp, now_ns);
    while (holm_ndp_next(&self->ipv6->ndp, &event, &about) == HOLM_OK) {
        if (event == HOLM_NDP_ROUTES)
            routes_set(self);
        else
            address_told(self, event, &about);
        holm_tcpip__leave_again(self->stack);
    }
    /* Switches are to know of a group before what is asked in it. What can not leave stays. */
    while (holm_tcpip__departures_left(self->stack) &&
           holm_mld_drain(&self->ipv6->mld, now_ns, &report) == HOLM_OK)
        mld_send(self, &report);
    while (holm_tcpip__departures_left(self->stack) &&
           holm_ndp_drain(&self->ipv6->ndp, &packet) == HOLM_OK)
        ndp_send(self, &packet);
    return holm_tcpip__earlier(holm_ndp_deadline(&self->ipv6->ndp),
                               holm_mld_deadline(&self->ipv6->mld));
}

/* source_choose sets *source to the address of the interface to call destination from. */
static bool source_choose(const struct holm_tcpip__interface *self,
                          const struct holm_ip_address *destination, struct holm_ip_address *source)
{
    uint64_t now_ns = holm_tcpip__now(self->stack);
    struct holm_select best = { 0 };

    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(self->ipv6->ndp.addresses, i);
        struct holm_select other = { at->address, at->length_bits,
                                     at->preferred_ns <= now_ns ||
                                         at->state == HOLM_NDP_OPTIMISTIC };
        if ((at->state == HOLM_NDP_VALID || at->state == HOLM_NDP_OPTIMISTIC) &&
            (best.address.family == HOLM_IP_NONE || holm_select_source(destination, &other, &best)))
            best = other;
    }
    *source = best.address;
    return best.address.family != HOLM_IP_NONE;
}

enum holm_result holm_tcpip__ipv6_way_by(struct holm_tcpip *stack, uint32_t index,
                                         const struct holm_ip_address *destination,
                                         struct holm_tcpip__way *way)
{
    struct holm_route route;
    enum holm_result result = holm_route_find(&stack->routes, destination, index, &route);

    if (result != HOLM_OK)
        return holm_tcpip__no_route(result);
    way->interface = HOLM_AT(stack->interfaces, route.interface - 1);
    way->hop = route.gateway.family == HOLM_IP_NONE ? *destination : route.gateway;
    if (way->source.family == HOLM_IP_NONE &&
        (way->interface->ipv6 == NULL || !source_choose(way->interface, destination, &way->source)))
        return holm_tcpip__no_route(HOLM_ERR_UNREACHABLE);
    return HOLM_OK;
}

/* holm_tcpip__ipv6_member joins or leaves a group on an interface; 0: the first that has IPv6. */
enum holm_result holm_tcpip__ipv6_member(struct holm_tcpip *stack,
                                         const struct holm_ip_address *group, uint32_t interface,
                                         bool joins)
{
    for (uint32_t i = 0; i < stack->interfaces_count; i++) {
        struct holm_tcpip__interface *self = HOLM_AT(stack->interfaces, i);
        if (self->ipv6 == NULL || (interface != 0 && self->index != interface))
            continue;
        holm_pump_ready(&stack->clock);
        if (joins)
            return holm_mld_join(&self->ipv6->mld, group, holm_tcpip__now(stack));
        holm_mld_leave(&self->ipv6->mld, group, holm_tcpip__now(stack));
        return HOLM_OK;
    }
    return HOLM_ERR_UNSUPPORTED;
}

/* route_own adds the way to what is only ever on the link. */
static enum holm_result route_own(struct holm_tcpip__interface *self, uint8_t first, uint8_t second,
                                  uint8_t bits)
{
    struct holm_route route = { .prefix = { { HOLM_IP_V6, { first, second } }, bits },
                                .interface = self->index };

    return holm_route_add(&self->stack->routes, &route);
}

enum holm_result holm_tcpip_ipv6_start(struct holm_tcpip *stack, uint32_t interface,
                                       const struct holm_tcpip_ipv6 *options)
{
    struct holm_tcpip__interface *self = holm_tcpip__interface(stack, interface);

    if (self == NULL)
        return HOLM_ERR_INVALID;
    if (self->ipv6 != NULL)
        return HOLM_ERR_IN_USE;
    if (holm_tcpip__mtu(self) < HOLM_IPV6_MTU_MIN)
        return HOLM_ERR_UNSUPPORTED;
    struct holm_ndp_settings settings = { .mac = self->net->facts.mac,
                                          .secret = options->secret,
                                          .random = stack->image->random,
                                          .mtu = holm_tcpip__mtu(self),
                                          .no_routers = options->no_routers };
    if (!options->has_secret)
        settings.secret = (struct holm_siphash_key){ holm_random_u64(stack->image->random),
                                                     holm_random_u64(stack->image->random) };
    enum holm_result result = route_own(self, 0xfe, 0x80, 10);
    if (result == HOLM_OK)
        result = route_own(self, 0xff, 0, 8);
    if (result != HOLM_OK)
        return result;
    self->ipv6 = HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__ipv6);
    if (self->ipv6 == NULL)
        return HOLM_ERR_NO_MEMORY;
    holm_mld_init(&self->ipv6->mld, stack->image->random);
    holm_ndp_init(&self->ipv6->ndp, &settings, holm_tcpip__now(stack));
    holm_pump_ready(&stack->clock);
    return HOLM_OK;
}

enum holm_result holm_tcpip__ipv6_address_add(struct holm_tcpip__interface *self,
                                              const struct holm_ip_address *address,
                                              uint8_t length_bits)
{
    if (self->ipv6 == NULL)
        return HOLM_ERR_UNSUPPORTED;
    enum holm_result result =
        holm_ndp_address_add(&self->ipv6->ndp, address, length_bits, holm_tcpip__now(self->stack));
    if (result == HOLM_OK) { /* a gateway on the link may be named next */
        routes_set(self);
        holm_pump_ready(&self->stack->clock);
    }
    return result;
}
