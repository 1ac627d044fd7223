/* SPDX-License-Identifier: ISC */
/* tcpip_address.c: addresses of IPv4: given, announced, defended, taken away. */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

static struct holm_ip_prefix link_of(const struct holm_ip_address *address, uint8_t length_bits)
{
    struct holm_ip_prefix prefix = { *address, length_bits };
    size_t bytes = holm_ip_bytes(address).len;

    for (size_t i = 0; i < bytes; i++) {
        unsigned kept = length_bits > i * 8 ? (unsigned)(length_bits - i * 8) : 0;
        unsigned mask = kept >= 8 ? 0xffU : 0xff00U >> kept & 0xffU;
        HOLM_AT(prefix.address.bytes, i) &= (uint8_t)mask;
    }
    return prefix;
}

enum holm_result holm_tcpip__address_put(struct holm_tcpip__interface *self,
                                         const struct holm_ip_address *address, uint8_t length_bits,
                                         enum holm_tcpip__origin origin)
{
    struct holm_route route = { .prefix = link_of(address, length_bits),
                                .interface = self->index,
                                .origin = (uint8_t)origin };

    for (uint32_t i = 0; i < self->addresses_count; i++)
        if (holm_ip_equal(&HOLM_AT(self->addresses, i).address, address))
            return HOLM_ERR_IN_USE;
    if (self->addresses_count == HOLM_TCPIP_ADDRESSES_MAX)
        return HOLM_ERR_NO_MEMORY;
    enum holm_result result = holm_route_add(&self->stack->routes, &route);
    if (result != HOLM_OK && result != HOLM_ERR_IN_USE)
        return result;
    struct holm_tcpip__address *at = &HOLM_AT(self->addresses, self->addresses_count);
    *at = (struct holm_tcpip__address){ .address = *address,
                                        .length_bits = length_bits,
                                        .origin = (uint8_t)origin };
    holm_acd_hold(&at->acd, address, origin == HOLM_TCPIP__BY_HAND, holm_tcpip__now(self->stack));
    self->addresses_count += 1;
    holm_pump_ready(&self->stack->clock);
    return HOLM_OK;
}

enum holm_result holm_tcpip__address_renew(struct holm_tcpip__interface *self,
                                           const struct holm_ip_address *address,
                                           uint8_t length_bits, enum holm_tcpip__origin origin)
{
    struct holm_route route = { .prefix = link_of(address, length_bits),
                                .interface = self->index,
                                .origin = (uint8_t)origin };

    holm_route_remove(&self->stack->routes, self->index, (uint8_t)origin);
    for (uint32_t i = 0; i < self->addresses_count; i++)
        if (holm_ip_equal(&HOLM_AT(self->addresses, i).address, address))
            HOLM_AT(self->addresses, i).length_bits = length_bits;
    return holm_route_add(&self->stack->routes, &route);
}

void holm_tcpip__connections_end(struct holm_tcpip *stack, const struct holm_ip_address *address)
{
    for (uint32_t i = 0; i < stack->flows_count; i++) {
        struct holm_tcpip__flow *flow = HOLM_NTH(stack->flows, stack->options.connections_max, i);
        if (!flow->used || !holm_ip_equal(&flow->name.local.address, address))
            continue;
        holm_tcp_abort(&flow->tcp, &stack->records, HOLM_ERR_UNREACHABLE);
        holm_tcpip__flow_settle(flow);
    }
}

void holm_tcpip__addresses_take(struct holm_tcpip__interface *self, enum holm_tcpip__origin origin)
{
    uint32_t kept = 0;

    holm_route_remove(&self->stack->routes, self->index, (uint8_t)origin);
    for (uint32_t i = 0; i < self->addresses_count; i++) {
        struct holm_tcpip__address at = HOLM_AT(self->addresses, i);
        if (at.origin == origin) {
            holm_tcpip__connections_end(self->stack, &at.address);
            continue;
        }
        HOLM_AT(self->addresses, kept) = at;
        kept += 1;
    }
    self->addresses_count = kept;
}

void holm_tcpip__addresses_hear(struct holm_tcpip__interface *self, const struct holm_arp *arp)
{
    uint64_t now_ns = holm_tcpip__now(self->stack);

    for (uint32_t i = 0; i < self->addresses_count; i++) {
        struct holm_acd *acd = &HOLM_AT(self->addresses, i).acd;
        holm_acd_feed(acd, arp, &self->net->facts.mac, now_ns);
        if (holm_acd_deadline(acd) <= now_ns)
            holm_pump_ready(&self->stack->clock);
    }
    if (self->dhcp != NULL)
        holm_tcpip__dhcp_hear(self, arp);
}

/* defend announces an address; it answers the origin of one that is lost, or 0. */
static uint8_t defend(struct holm_tcpip__interface *self, struct holm_tcpip__address *at)
{
    struct holm_tcpip *stack = self->stack;
    enum holm_acd_event event;

    while (holm_tcpip__departures_left(stack) &&
           holm_acd_next(&at->acd, stack->image->random, holm_tcpip__now(stack), &event) ==
               HOLM_OK) {
        if (event == HOLM_ACD_LOST)
            return at->origin;
        struct holm_arp arp = holm_acd_message(&at->acd, &self->net->facts.mac, event);
        holm_tcpip__arp_all(self, &arp);
    }
    return 0;
}

uint64_t holm_tcpip__ipv4_run(struct holm_tcpip__interface *self)
{
    uint64_t due_ns = UINT64_MAX;

    for (uint32_t i = 0; i < self->addresses_count; i++) {
        uint8_t lost = defend(self, &HOLM_AT(self->addresses, i));
        if (lost != 0 && self->dhcp != NULL) {
            holm_tcpip__dhcp_conflict(self, lost);
            return 0; /* the addresses are others now */
        }
        due_ns = holm_tcpip__earlier(due_ns, holm_acd_deadline(&HOLM_AT(self->addresses, i).acd));
    }
    return self->dhcp == NULL ? due_ns : holm_tcpip__earlier(due_ns, holm_tcpip__dhcp_run(self));
}
