/* SPDX-License-Identifier: ISC */
/* tcpip_interface.c: a link: frames come in, ARP says who is where, frames are begun. */
#include "tcpip_ipv6.h"

HOLM_COUNTER(arp_conflicts, "holm_arp_conflicts_total", "claims of others to an address of ours");

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

static uint32_t bits_of(const struct holm_ip_address *address)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < 4; i++)
        bits = bits << 8 | HOLM_AT(address->bytes, i);
    return bits;
}

bool holm_tcpip__is_broadcast(const struct holm_tcpip__interface *self,
                              const struct holm_ip_address *address)
{
    uint32_t bits = bits_of(address);

    if (address->family != HOLM_IP_V4)
        return false;
    for (uint32_t i = 0; i < self->addresses_count; i++) {
        const struct holm_tcpip__address *own = &HOLM_AT(self->addresses, i);
        if (own->length_bits != 0 && own->length_bits <= 30 &&
            bits == (bits_of(&own->address) | UINT32_MAX >> own->length_bits))
            return true;
    }
    return bits == UINT32_MAX;
}

struct holm_tcpip__interface *holm_tcpip__interface(const struct holm_tcpip *stack, uint32_t index)
{
    return index == 0 || index > stack->interfaces_count ? NULL
                                                         : HOLM_AT(stack->interfaces, index - 1);
}

const struct holm_ip_address *holm_tcpip__source(const struct holm_tcpip__interface *self,
                                                 const struct holm_ip_address *hop)
{
    const struct holm_tcpip__address *found = NULL;

    for (uint32_t i = 0; i < self->addresses_count; i++) {
        const struct holm_tcpip__address *at = &HOLM_AT(self->addresses, i);
        struct holm_ip_prefix link = { at->address, at->length_bits };
        if (holm_ip_prefix_has(&link, hop) &&
            (found == NULL || at->length_bits > found->length_bits))
            found = at;
    }
    if (found == NULL)
        return self->addresses_count > 0 ? &self->addresses[0].address : NULL;
    return &found->address;
}

/* on_link answers whether a packet leaves by that route, if there is one, to its destination itself, since
 * no router sends such on: a group, all of the link, or an address of a link (RFC 3927 section 2.6.2), unless
 * the route is about such alone. */
static bool on_link(const struct holm_ip_address *destination, const struct holm_route *route)
{
    struct holm_ip_address all = holm_ip_v4(255, 255, 255, 255);

    return holm_ip_is_multicast(destination) || holm_ip_equal(destination, &all) ||
           (holm_ip_is_link_local(destination) && !holm_ip_is_link_local(&route->prefix.address));
}

/* link_of is the interface that a packet to what is on its link leaves by: the one that was asked for, that
 * of the route, or the first that has an address. NULL: there is none. */
static struct holm_tcpip__interface *link_of(const struct holm_tcpip *stack,
                                             struct holm_tcpip__interface *wanted,
                                             const struct holm_route *route)
{
    if (wanted != NULL || route->interface != 0)
        return wanted != NULL ? wanted : holm_tcpip__interface(stack, route->interface);
    for (uint32_t i = 0; i < stack->interfaces_count; i++)
        if (HOLM_AT(stack->interfaces, i)->addresses_count > 0)
            return HOLM_AT(stack->interfaces, i);
    return NULL;
}

/* way_of_ipv4 finds the way to what is not local; source is not looked for. */
static enum holm_result way_of_ipv4(const struct holm_tcpip *stack,
                                    const struct holm_ip_address *destination,
                                    struct holm_tcpip__way *way)
{
    struct holm_route route = { 0 };
    enum holm_result result = holm_route_find(&stack->routes, destination, 0, &route);

    if (on_link(destination, &route)) {
        way->interface = link_of(stack, way->interface, &route);
        way->hop = *destination;
        return way->interface == NULL ? HOLM_ERR_UNREACHABLE : HOLM_OK;
    }
    if (result != HOLM_OK)
        return result;
    way->interface = HOLM_AT(stack->interfaces, route.interface - 1);
    way->hop = route.gateway.family == HOLM_IP_NONE ? *destination : route.gateway;
    return HOLM_OK;
}

enum holm_result holm_tcpip__way(struct holm_tcpip *stack,
                                 const struct holm_ip_address *destination,
                                 struct holm_tcpip__way *way)
{
    bool of_link = holm_ip_is_link_local(destination) || holm_ip_is_multicast(destination);

    if (holm_tcpip__is_local(stack, destination)) {
        way->interface = stack->loop;
        way->hop = *destination;
        if (way->source.family == HOLM_IP_NONE)
            way->source = *destination;
        return HOLM_OK;
    }
    if (destination->family == HOLM_IP_V6)
        return holm_tcpip__ipv6_way_by(
            stack, of_link && way->interface != NULL ? way->interface->index : 0, destination, way);
    enum holm_result result = way_of_ipv4(stack, destination, way);
    if (result != HOLM_OK)
        return holm_tcpip__no_route(result);
    const struct holm_ip_address *own = holm_tcpip__source(way->interface, &way->hop);
    if (way->source.family == HOLM_IP_NONE && own != NULL)
        way->source = *own;
    return way->source.family == HOLM_IP_NONE ? holm_tcpip__no_route(HOLM_ERR_UNREACHABLE)
                                              : HOLM_OK;
}

static void clock_wake(struct holm_tcpip__interface *self)
{
    if (holm_neighbour_deadline(&self->neighbours) <= holm_tcpip__now(self->stack) ||
        holm_neighbour_deadline(&self->neighbours) < self->stack->timer.deadline_ns ||
        self->stack->timer.link == NULL)
        holm_pump_ready(&self->stack->clock);
}

/* header_to is the header of a frame to a station. */
static struct holm_ethernet_header header_to(const struct holm_tcpip__interface *self,
                                             const struct holm_mac_address *mac, uint16_t type)
{
    return (struct holm_ethernet_header){ .destination = *mac,
                                          .source = self->net->facts.mac,
                                          .type = type,
                                          .is_tagged = self->vlan != 0,
                                          .tag = self->vlan };
}

enum holm_result holm_tcpip__ethernet(struct holm_tcpip__interface *self,
                                      const struct holm_ip_address *hop, struct holm_buffer *head)
{
    struct holm_mac_address mac = { 0 };
    enum holm_result result = HOLM_OK;

    if (holm_tcpip__is_broadcast(self, hop)) {
        mac = holm_mac_broadcast();
    } else if (holm_ip_is_multicast(hop)) {
        mac = holm_mac_of_group(hop);
    } else if (self != self->stack->loop) {
        result = holm_neighbour_find(&self->neighbours, hop, holm_tcpip__now(self->stack), &mac);
        clock_wake(self);
    }
    return result == HOLM_OK ? holm_tcpip__ethernet_to(self, &mac, hop->family, head) : result;
}

enum holm_result holm_tcpip__ethernet_to(struct holm_tcpip__interface *self,
                                         const struct holm_mac_address *mac,
                                         enum holm_ip_family family, struct holm_buffer *head)
{
    struct holm_ethernet_header header =
        header_to(self, mac, family == HOLM_IP_V4 ? HOLM_ETHERNET_IPV4 : HOLM_ETHERNET_IPV6);

    return holm_ethernet_emit(head, &header) ? HOLM_OK : HOLM_ERR_LIMIT;
}

/* arp_send sends a message to a station; one from an address of the link alone to all, so that who has the
 * same hears of it (RFC 3927 section 2.5). */
static void arp_send(struct holm_tcpip__interface *self, const struct holm_arp *arp,
                     const struct holm_mac_address *to)
{
    struct holm_tcpip__departure *departure = holm_tcpip__departure_new(self->stack, self);
    struct holm_mac_address all = holm_mac_broadcast();
    struct holm_ethernet_header header =
        header_to(self, holm_ip_is_link_local(&arp->sender) ? &all : to, HOLM_ETHERNET_ARP);

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
    const struct holm_ip_address *own = holm_tcpip__source(self, &about->address);
    if (own == NULL)
        return;
    arp.sender = *own;
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
            holm_counter_add(&arp_conflicts, 1);
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

/* packet_in takes a packet of IP that stands in a frame behind header_bytes; true: parts of it are kept. */
static bool packet_in(struct holm_tcpip__interface *self, const struct holm_net_received *frame,
                      size_t header_bytes, const struct holm_ethernet_header *header)
{
    struct holm_tcpip__packet packet = { .interface = self,
                                         .flags = frame->header.flags,
                                         .token = frame->token,
                                         .mac = header->source,
                                         .framed_for_all =
                                             holm_mac_is_group(&header->destination) };
    size_t total = 0;

    for (size_t i = 0; i < frame->pieces_count; i++)
        total += HOLM_AT(frame->pieces, i).len;
    packet.bytes = frame->pieces[0];
    holm_assert(
        holm_span_part(packet.bytes, header_bytes, packet.bytes.len - header_bytes, &packet.bytes));
    packet.quote = holm_span_bytes(packet.bytes);
    if (header->type == HOLM_ETHERNET_IPV4)
        holm_tcpip__ipv4_in(&packet, frame, header_bytes, total - header_bytes);
    else
        holm_tcpip__ipv6_in(&packet, frame, header_bytes, total - header_bytes);
    return packet.kept;
}

/* frame_in takes a frame; it gives it back, or lets those that keep parts of it do so. */
static void frame_in(struct holm_tcpip__interface *carrier, const struct holm_net_received *frame)
{
    struct holm_ethernet_header header;
    struct holm_tcpip__interface *self = NULL;
    struct holm_bytes in = holm_span_bytes(frame->pieces[0]);
    size_t all = in.len;
    bool kept = false;

    if (holm_ethernet_parse(&header, &in) == HOLM_OK &&
        (holm_mac_is_group(&header.destination) ||
         holm_mac_equal(&header.destination, &carrier->net->facts.mac)))
        self = of_vlan(carrier, header.is_tagged ? header.tag & 0xfff : 0);
    if (self != NULL && header.type == HOLM_ETHERNET_ARP)
        arp_in(self, in);
    else if (self != NULL &&
             (header.type == HOLM_ETHERNET_IPV4 || header.type == HOLM_ETHERNET_IPV6))
        kept = packet_in(self, frame, all - in.len, &header);
    if (!kept)
        holm_net_give_back(carrier->net, frame->token);
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
