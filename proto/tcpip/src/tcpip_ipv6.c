/* SPDX-License-Identifier: ISC */
/* tcpip_ipv6.c: packets of IPv6: which are ours, what is told of those that are refused. */
#include "tcpip_ipv6.h"

/* packet_for_us answers whether the packet is for this host; sets whether it is for others, too. */
static bool packet_for_us(struct holm_tcpip__packet *packet)
{
    struct holm_tcpip__interface *self = packet->interface;
    const struct holm_ip_address *to = &packet->header.destination;

    packet->to_group = holm_ip_is_multicast(to);
    if (self == self->stack->loop)
        return !packet->to_group;
    if (packet->to_group)
        return holm_ndp_listens(&self->ipv6->ndp, to) || holm_mld_has(&self->ipv6->mld, to);
    /* An address of a link alone is ours on that link alone. */
    return holm_ip_is_link_local(to) ? holm_tcpip__ipv6_has(self, to)
                                     : holm_tcpip__is_ours(self->stack, to);
}

/* source_fits: what has our own address is a forgery (land), and what has none can not be answered, but
 * for who tells that an address is theirs. */
static bool source_fits(const struct holm_tcpip__packet *packet)
{
    const struct holm_ip_header *header = &packet->header;
    struct holm_tcpip *stack = packet->interface->stack;

    if (packet->interface == stack->loop)
        return true;
    if (holm_ip_source_fits(&header->source) &&
        (header->protocol == HOLM_IP_ICMPV6 ||
         (!holm_ip_is_any(&header->source) && !holm_tcpip__is_ours(stack, &header->source))))
        return true;
    holm_tcpip__count(HOLM_TCPIP__IP_SOURCE);
    holm_tcpip__refused(stack, HOLM_TEXT("a packet that nobody can have sent"), &header->source);
    return false;
}

/* carried is the protocol of a packet whose headers were refused, and *head its bytes: nothing is told
 * about an error (RFC 4443 section 2.4). Where that can not be seen, HOLM_IPV6_NOTHING. */
static uint8_t carried(struct holm_bytes in, struct holm_bytes *head)
{
    uint8_t next = 0, words = 0;
    uint16_t offset = 0;

    if (!holm_bytes_u8_at(in, 6, &next) || !holm_bytes_from(in, HOLM_IPV6_HEADER_BYTES, &in))
        return HOLM_IPV6_NOTHING;
    for (size_t i = 0; i <= HOLM_IPV6_EXTENSIONS_MAX; i++) {
        bool parts = next == HOLM_IPV6_FRAGMENT;
        *head = in;
        if (!parts && next != HOLM_IPV6_HOP_BY_HOP && next != HOLM_IPV6_ROUTING &&
            next != HOLM_IPV6_DESTINATION)
            return next;
        if (!holm_bytes_u8_at(in, 0, &next) || !holm_bytes_u8_at(in, 1, &words) ||
            !holm_bytes_u16_at(in, 2, &offset) ||
            !holm_bytes_from(in, parts ? 8 : 8 + 8 * (size_t)words, &in))
            break;
        if (parts && offset >= 8)
            return next == HOLM_IP_ICMPV6 ? HOLM_IPV6_NOTHING : next;
    }
    return HOLM_IPV6_NOTHING;
}

/* refused tells who sent the packet what is wrong with it, if that is to be told. */
static void refused(struct holm_tcpip__packet *packet, const struct holm_ipv6_problem *problem)
{
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_PARAMETER,
                               .code = problem->code,
                               .value = problem->pointer };
    struct holm_ip_header *header = &packet->header;
    struct holm_bytes in = packet->quote, address;

    /* Of what was refused only the addresses are known, where they always are. */
    if (!problem->tells || !holm_bytes_part(in, 8, 16, &address) ||
        holm_ip_from_bytes(&header->source, address) != HOLM_OK ||
        !holm_bytes_part(in, 24, 16, &address) ||
        holm_ip_from_bytes(&header->destination, address) != HOLM_OK || !packet_for_us(packet) ||
        holm_tcpip__astray(packet))
        return;
    header->protocol = carried(in, &packet->head);
    if (header->protocol == HOLM_IPV6_NOTHING)
        return;
    holm_tcpip__icmp6_error(packet->interface->stack, packet, &icmp, problem->of_groups);
}

bool holm_tcpip__ipv6_rest(struct holm_tcpip__packet *packet)
{
    struct holm_ipv6_problem problem;
    struct holm_span payload = packet->pieces[0];

    return holm_ipv6_rest_parse(&packet->header, &problem, holm_span_bytes(payload)) == HOLM_OK &&
           holm_span_part(payload, packet->header.header_len, packet->header.payload_len,
                          &packet->pieces[0]);
}

/* outer_parse reads the header alone that all routers look at. */
static bool outer_parse(struct holm_ip_header *header, struct holm_bytes in, size_t total)
{
    struct holm_bytes source = { 0 }, destination = { 0 };
    uint32_t first = 0;

    *header = (struct holm_ip_header){ .header_len = HOLM_IPV6_HEADER_BYTES };
    if (!holm_bytes_u32(&in, &first) || !holm_bytes_u16(&in, &header->payload_len) ||
        !holm_bytes_u8(&in, &header->protocol) || !holm_bytes_u8(&in, &header->hops) ||
        !holm_bytes_take(&in, 16, &source) || !holm_bytes_take(&in, 16, &destination))
        return false;
    header->traffic_class = (uint8_t)(first >> 20 & 0xff);
    return first >> 28 == 6 && header->payload_len <= total - HOLM_IPV6_HEADER_BYTES &&
           holm_ip_from_bytes(&header->source, source) == HOLM_OK &&
           holm_ip_from_bytes(&header->destination, destination) == HOLM_OK;
}

bool holm_tcpip__ipv6_outer(struct holm_tcpip__packet *packet)
{
    if (!outer_parse(&packet->header, packet->quote, HOLM_IPV6_HEADER_BYTES + HOLM_IP_PACKET_MAX))
        return false;
    packet->header.protocol = carried(packet->quote, &packet->head);
    return true;
}

/* hooked answers whether a packet is left to us once the hook was asked; others go on from here, or end. */
static bool hooked(struct holm_tcpip__packet *packet, const struct holm_net_received *frame,
                   size_t header_bytes, size_t total)
{
    struct holm_tcpip__interface *self = packet->interface;
    struct holm_tcpip *stack = self->stack;

    if (stack->hook == NULL || self == stack->loop ||
        !outer_parse(&packet->header, packet->quote, total))
        return true;
    enum holm_tcpip_verdict verdict = holm_tcpip__verdict(self, packet, packet_for_us(packet));
    if (verdict == HOLM_TCPIP_ACCEPT)
        return true;
    if (verdict == HOLM_TCPIP_FORWARD && outer_parse(&packet->header, packet->quote, total) &&
        source_fits(packet) &&
        holm_tcpip__pieces_cut(packet, frame, header_bytes + HOLM_IPV6_HEADER_BYTES,
                               packet->header.payload_len)) {
        packet->to_group = holm_ip_is_multicast(&packet->header.destination);
        packet->header.protocol = carried(packet->quote, &packet->head);
        if (!holm_tcpip__astray(packet))
            holm_tcpip__forward(stack, packet, frame, header_bytes);
        return false;
    }
    holm_tcpip__count(HOLM_TCPIP__IP_HOOK);
    return false;
}

void holm_tcpip__ipv6_in(struct holm_tcpip__packet *packet, const struct holm_net_received *frame,
                         size_t header_bytes, size_t total)
{
    struct holm_tcpip__interface *self = packet->interface;
    struct holm_ipv6_problem problem = { 0 };
    enum holm_result result = HOLM_ERR_UNSUPPORTED;

    holm_tcpip__count(HOLM_TCPIP__IP_IN);
    if (self->ipv6 != NULL || self == self->stack->loop) {
        if (!hooked(packet, frame, header_bytes, total))
            return;
        result = holm_ipv6_parse(&packet->header, &problem, packet->quote, total);
    }
    if (result != HOLM_OK) {
        holm_tcpip__count(HOLM_TCPIP__IP_HEADER);
        refused(packet, &problem);
        return;
    }
    if (source_fits(packet) && packet_for_us(packet) && !holm_tcpip__astray(packet) &&
        holm_tcpip__pieces_cut(packet, frame, header_bytes + packet->header.header_len,
                               packet->header.payload_len))
        holm_tcpip__deliver(self->stack, packet);
}
