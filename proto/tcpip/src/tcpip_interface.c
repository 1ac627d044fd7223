/* SPDX-License-Identifier: ISC */
/* tcpip_interface.c: a link: frames come in, ARP says who is where, frames are begun. */
#include "tcpip_ipv6.h"

/* The most frames of a device in one call of its pump. */
#define FRAMES_MAX 64

static bool has_address(const struct holm_tcpip__interface *self,
                        const struct holm_ip_address *address)
{
    for (uint32_t i = 0; i < self->addresses_count; i++)
        if (holm_ip_equal(&HOLM_AT(self->addresses, i).address, address))
            return true;
    return holm_tcpip__ipv6_has(self, address);
}

bool holm_tcpip__is_ours(const struct holm_tcpip *stack, const struct holm_ip_address *address)
{
    for (uint32_t i = 0; i < stack->interfaces_count; i++)
        if (has_address(HOLM_AT(stack->interfaces, i), address))
            return true;
    return false;
}

bool holm_tcpip__is_broadcast(const struct holm_tcpip__interface *self,
                              const struct holm_ip_address *address)
{
    if (address->family != HOLM_IP_V4)
        return false;
    uint32_t all = 0, bits = 0;
    for (size_t i = 0; i < 4; i++)
        all = all << 8 | HOLM_AT(address->bytes, i);
    if (all == UINT32_MAX)
        return true;
    for (uint32_t i = 0; i < self->addresses_count; i++) {
        const struct holm_tcpip__address *own = &HOLM_AT(self->addresses, i);
        uint32_t address_bits = 0;
        bits = own->length_bits;
        if (own->address.family != HOLM_IP_V4 || bits == 0 || bits > 30)
            continue;
        for (size_t j = 0; j < 4; j++)
            address_bits = address_bits << 8 | HOLM_AT(own->address.bytes, j);
        if (all == (address_bits | UINT32_MAX >> bits))
            return true;
    }
    return false;
}

enum holm_result holm_tcpip__way(struct holm_tcpip *stack,
                                 const struct holm_ip_address *destination,
                                 struct holm_ip_address *source,
                                 struct holm_tcpip__interface **interface,
                                 struct holm_ip_address *hop)
{
    if (holm_tcpip__is_local(stack, destination)) {
        *interface = stack->loop;
        *hop = *destination;
        if (source->family == HOLM_IP_NONE)
            *source = *destination;
        return HOLM_OK;
    }
    if (destination->family == HOLM_IP_V6)
        return holm_tcpip__ipv6_way(stack, destination, source, interface, hop);
    struct holm_route route;
    enum holm_result result = holm_route_find(&stack->routes, destination, 0, &route);
    if (result != HOLM_OK)
        return holm_tcpip__no_route(result);
    *interface = HOLM_AT(stack->interfaces, route.interface - 1);
    *hop = route.gateway.family == HOLM_IP_NONE ? *destination : route.gateway;
    for (uint32_t i = 0; i < (*interface)->addresses_count; i++) {
        if (source->family != HOLM_IP_NONE)
            break;
        if (HOLM_AT((*interface)->addresses, i).address.family == destination->family)
            *source = HOLM_AT((*interface)->addresses, i).address;
    }
    return source->family == HOLM_IP_NONE ? holm_tcpip__no_route(HOLM_ERR_UNREACHABLE) : HOLM_OK;
}

static void clock_wake(struct holm_tcpip__interface *self)
{
    if (holm_neighbour_deadline(&self->neighbours) <= holm_tcpip__now(self->stack) ||
        holm_neighbour_deadline(&self->neighbours) < self->stack->timer.deadline_ns ||
        self->stack->timer.link == NULL)
        holm_pump_ready(&self->stack->clock);
}

enum holm_result holm_tcpip__ethernet(struct holm_tcpip__interface *self,
                                      const struct holm_ip_address *hop, struct holm_buffer *head)
{
    struct holm_ethernet_header header = { .source = self->net->facts.mac,
                                           .type = hop->family == HOLM_IP_V4 ? HOLM_ETHERNET_IPV4
                                                                             : HOLM_ETHERNET_IPV6,
                                           .is_tagged = self->vlan != 0,
                                           .tag = self->vlan };
    enum holm_result result = HOLM_OK;

    if (holm_tcpip__is_broadcast(self, hop)) {
        header.destination = holm_mac_broadcast();
    } else if (holm_ip_is_multicast(hop)) {
        header.destination = holm_mac_of_group(hop);
    } else if (self != self->stack->loop) {
        result = holm_neighbour_find(&self->neighbours, hop, holm_tcpip__now(self->stack),
                                     &header.destination);
        clock_wake(self);
    }
    if (result == HOLM_OK)
        holm_assert(holm_ethernet_emit(head, &header));
    return result;
}

enum holm_result holm_tcpip__ethernet_to(struct holm_tcpip__interface *self,
                                         const struct holm_mac_address *mac,
                                         enum holm_ip_family family, struct holm_buffer *head)
{
    struct holm_ethernet_header header = { .destination = *mac,
                                           .source = self->net->facts.mac,
                                           .type = family == HOLM_IP_V4 ? HOLM_ETHERNET_IPV4
                                                                        : HOLM_ETHERNET_IPV6,
                                           .is_tagged = self->vlan != 0,
                                           .tag = self->vlan };

    return holm_ethernet_emit(head, &header) ? HOLM_OK : HOLM_ERR_LIMIT;
}

static void arp_send(struct holm_tcpip__interface *self, const struct holm_arp *arp,
                     const struct holm_mac_address *to)
{
    struct holm_tcpip__departure *departure = holm_tcpip__departure_new(self->stack, self);
    struct holm_ethernet_header header = { .destination = *to,
                                           .source = self->net->facts.mac,
                                           .type = HOLM_ETHERNET_ARP,
                                           .is_tagged = self->vlan != 0,
                                           .tag = self->vlan };

    if (departure == NULL)
        return;
    struct holm_buffer head = HOLM_BUFFER(departure->head);
    holm_assert(holm_ethernet_emit(&head, &header) && holm_arp_emit(&head, arp));
    departure->frame.head = holm_buffer_filled(&head);
    holm_tcpip__depart(self->stack, departure);
}

void holm_tcpip__arp_all(struct holm_tcpip__interface *self, const struct holm_arp *arp)
{
    struct holm_mac_address all = holm_mac_broadcast();

    arp_send(self, arp, &all);
}

static void ask(struct holm_tcpip__interface *self, const struct holm_neighbour *about, bool all)
{
    struct holm_arp arp = { .sender_mac = self->net->facts.mac, .target = about->address };
    struct holm_mac_address to = all ? holm_mac_broadcast() : about->mac;

    if (about->address.family == HOLM_IP_V6) {
        if (self->ipv6 != NULL)
            holm_ndp_ask(&self->ipv6->ndp, about, all);
        return;
    }
    for (uint32_t i = 0; i < self->addresses_count; i++)
        if (HOLM_AT(self->addresses, i).address.family == HOLM_IP_V4)
            arp.sender = HOLM_AT(self->addresses, i).address;
    if (arp.sender.family == HOLM_IP_V4)
        arp_send(self, &arp, &to);
}

uint64_t holm_tcpip__neighbours_run(struct holm_tcpip__interface *self)
{
    enum holm_neighbour_event event;
    struct holm_neighbour about;

    while (holm_neighbour_next(&self->neighbours, holm_tcpip__now(self->stack), &event, &about) ==
           HOLM_OK) {
        switch (event) {
        case HOLM_NEIGHBOUR_ASK_ALL:
            ask(self, &about, true);
            if (about.asks > 1) /* what waits for one that was pushed out looks again */
                holm_tcpip__leave_again(self->stack);
            break;
        case HOLM_NEIGHBOUR_ASK_ONE:
            ask(self, &about, false);
            break;
        case HOLM_NEIGHBOUR_LOST:
            if (self->ipv6 != NULL)
                holm_ndp_lost(&self->ipv6->ndp, &about.address, holm_tcpip__now(self->stack));
            holm_tcpip__leave_again(self->stack);
            break;
        case HOLM_NEIGHBOUR_FOUND:
            holm_tcpip__leave_again(self->stack);
            break;
        }
    }
    holm_tcpip__asking_run(self);
    return holm_neighbour_deadline(&self->neighbours);
}

static void arp_in(struct holm_tcpip__interface *self, struct holm_bytes in)
{
    struct holm_arp arp;

    if (holm_arp_parse(&arp, in) != HOLM_OK)
        return;
    bool for_us = has_address(self, &arp.target);
    holm_tcpip__addresses_hear(self, &arp);
    if (has_address(self, &arp.sender)) {
        if (!holm_mac_equal(&arp.sender_mac, &self->net->facts.mac)) {
            holm_tcpip__count(HOLM_TCPIP__ARP_CONFLICTS);
            holm_tcpip__refused(self->stack, HOLM_TEXT("a claim to our address"), &arp.sender);
        }
        return;
    }
    if (!holm_ip_is_any(&arp.sender))
        holm_neighbour_hear(&self->neighbours, &arp.sender, &arp.sender_mac,
                            arp.is_reply ? HOLM_NEIGHBOUR_ANSWERED
                            : for_us     ? HOLM_NEIGHBOUR_REQUESTED
                                         : HOLM_NEIGHBOUR_CLAIMED,
                            holm_tcpip__now(self->stack));
    clock_wake(self);
    if (!for_us || arp.is_reply)
        return;
    struct holm_arp reply = { .is_reply = true,
                              .sender_mac = self->net->facts.mac,
                              .sender = arp.target,
                              .target_mac = arp.sender_mac,
                              .target = arp.sender };
    arp_send(self, &reply, &arp.sender_mac);
}

/* of_vlan is the interface whose frames carry that tag; NULL: nobody's. */
static struct holm_tcpip__interface *of_vlan(struct holm_tcpip__interface *self, uint16_t vlan)
{
    if (vlan == 0) /* priority alone is no VLAN */
        return self;
    for (uint32_t i = 0; i < self->stack->interfaces_count; i++) {
        struct holm_tcpip__interface *at = HOLM_AT(self->stack->interfaces, i);
        if (at->carrier == self && at->vlan == vlan)
            return at;
    }
    return NULL;
}

/* frame_in takes a frame; it gives it back, or lets those that keep parts of it do so. */
static void frame_in(struct holm_tcpip__interface *carrier, struct holm_net_received *frame)
{
    struct holm_ethernet_header header;
    struct holm_tcpip__interface *self = NULL;
    struct holm_bytes in = holm_span_bytes(frame->pieces[0]);
    size_t all = in.len;

    if (holm_ethernet_parse(&header, &in) == HOLM_OK &&
        (holm_mac_is_group(&header.destination) ||
         holm_mac_equal(&header.destination, &carrier->net->facts.mac)))
        self = of_vlan(carrier, header.is_tagged ? header.tag & 0xfff : 0);
    if (self == NULL) {
        holm_net_give_back(carrier->net, frame->token);
        return;
    }
    switch (header.type) {
    case HOLM_ETHERNET_IPV4:
        holm_tcpip__ipv4_in(self, frame, all - in.len, &header.source);
        return;
    case HOLM_ETHERNET_IPV6:
        holm_tcpip__ipv6_in(self, frame, all - in.len, &header.source);
        return;
    case HOLM_ETHERNET_ARP:
        arp_in(self, in);
        break;
    default:
        break;
    }
    holm_net_give_back(self->net, frame->token);
}

static void in(struct holm_pump *called, void *context)
{
    struct holm_tcpip__interface *self = context;
    size_t count = 0, all = 0;

    do {
        count = holm_net_receive(self->net, self->frames, HOLM_COUNT(self->frames));
        for (size_t i = 0; i < count; i++)
            frame_in(self, &HOLM_AT(self->frames, i));
        all += count;
    } while (count == HOLM_COUNT(self->frames) && all < FRAMES_MAX);
    if (count > 0)
        holm_pump_ready(called); /* there may be more; others first */
}

static void out(struct holm_pump *called, void *context)
{
    struct holm_tcpip__interface *self = context;

    (void)called;
    holm_tcpip__leave_again(self->stack);
}

void holm_tcpip__interface_start(struct holm_tcpip__interface *self)
{
    struct holm_run *run = self->stack->image->run;

    holm_pump_init(&self->in, &run->ready, in, self);
    holm_pump_init(&self->out, &run->ready, out, self);
    self->net->in.pump = &self->in;
    self->net->out.pump = &self->out;
    holm_pump_ready(&self->in);
}
