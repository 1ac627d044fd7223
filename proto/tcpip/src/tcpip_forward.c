/* SPDX-License-Identifier: ISC */
/* tcpip_forward.c: packets that are for others, and who decides about them. They leave in the
 * frame in which they came, behind a new head.
 * Source: RFC 1812 sections 4.2.2.9, 4.3.3, 5.2, 5.3; RFC 8200 sections 3 and 4, RFC 4443 section 3. */
#include "tcpip_ipv6.h"

HOLM_COUNTER(ip_forwarded, "holm_ip_forwarded_total", "packets of IP that were sent on");

enum { AT_HOPS = 8, AT_CHECKSUM = 10, AT_HOPS_IPV6 = 7, AT_OFFSET_TCP = 12 };

void holm_tcpip_hook_set(struct holm_tcpip *stack, holm_tcpip_hook_function *hook, void *context)
{
    stack->hook = hook;
    stack->hook_context = context;
}

enum holm_tcpip_verdict holm_tcpip_forward_others(void *context,
                                                  const struct holm_tcpip_arrival *arrival)
{
    (void)context;
    return arrival->for_us ? HOLM_TCPIP_ACCEPT : HOLM_TCPIP_FORWARD;
}

/* passes answers whether a packet between these may be sent on at all. */
static bool passes(const struct holm_tcpip__packet *packet)
{
    const struct holm_ip_address *from = &packet->header.source, *to = &packet->header.destination;

    return !packet->to_group && !holm_ip_is_any(from) && holm_ip_source_fits(to) &&
           !holm_ip_is_any(to) && !holm_ip_is_link_local(from) && !holm_ip_is_link_local(to);
}

/* sum_finish does what the device would have done, had the frame been sent to a wire. */
static void sum_finish(struct holm_tcpip__packet *packet, const struct holm_net_header *header,
                       size_t skip)
{
    size_t start = header->checksum_start - skip, at = start + header->checksum_offset;
    struct holm_sum sum = { 0 };
    struct holm_span field = { 0 };

    if (header->checksum_start < skip || packet->pieces_count == 0 ||
        !holm_span_part(packet->pieces[0], at, 2, &field))
        return;
    for (size_t i = 0; i < packet->pieces_count; i++) {
        struct holm_bytes part = holm_span_bytes(HOLM_AT(packet->pieces, i));
        if (i == 0)
            holm_assert(holm_bytes_from(part, start, &part));
        holm_sum_add(&sum, part);
    }
    struct holm_buffer out = holm_span_buffer(field);
    holm_assert(holm_buffer_u16(&out, holm_udp_checksum(&sum)));
}

/* head_put copies the header of the packet behind that of the frame, with one hop less. */
static bool head_put(struct holm_tcpip__departure *departure, struct holm_buffer *head,
                     const struct holm_tcpip__packet *packet)
{
    struct holm_bytes header = { 0 };
    struct holm_sum sum = { 0 };
    size_t start = head->len;

    if (!holm_bytes_part(packet->quote, 0, packet->header.header_len, &header) ||
        !holm_buffer_bytes(head, header))
        return false;
    if (packet->header.source.family == HOLM_IP_V6) {
        HOLM_AT(departure->head, start + AT_HOPS_IPV6) = (uint8_t)(packet->header.hops - 1);
        return true;
    }
    HOLM_AT(departure->head, start + AT_HOPS) = (uint8_t)(packet->header.hops - 1);
    HOLM_AT(departure->head, start + AT_CHECKSUM) = 0;
    HOLM_AT(departure->head, start + AT_CHECKSUM + 1) = 0;
    holm_assert(holm_bytes_part(holm_buffer_filled(head), start, header.len, &header));
    holm_sum_add(&sum, header);
    uint16_t checksum = (uint16_t)(0xffff - holm_sum_fold(&sum));
    HOLM_AT(departure->head, start + AT_CHECKSUM) = (uint8_t)(checksum / 256);
    HOLM_AT(departure->head, start + AT_CHECKSUM + 1) = (uint8_t)(checksum % 256);
    return true;
}

/* tell tells who sent a packet why it does not go on; mtu is for those that are too long. */
static void tell(struct holm_tcpip *stack, struct holm_tcpip__packet *packet, uint8_t type,
                 uint8_t code, uint16_t mtu)
{
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_UNREACHABLE, .code = HOLM_ICMP6_NO_ROUTE };

    packet->mtu = mtu;
    if (packet->header.source.family == HOLM_IP_V4) {
        holm_tcpip__error(stack, packet, type, code);
        return;
    }
    if (packet->header.protocol == HOLM_IPV6_NOTHING)
        return; /* what it carries can not be seen: it may be an error (RFC 4443 section 2.4) */
    if (type == HOLM_ICMP_TIME_EXCEEDED)
        icmp = (struct holm_icmp6){ .type = HOLM_ICMP6_TIME_EXCEEDED };
    else if (code == HOLM_ICMP_TOO_LONG)
        icmp = (struct holm_icmp6){ .type = HOLM_ICMP6_TOO_BIG, .value = mtu };
    else if (code == HOLM_ICMP_NO_HOST)
        icmp.code = HOLM_ICMP6_NO_ADDRESS;
    holm_tcpip__icmp6_error(stack, packet, &icmp, true);
}

/* quote_of copies the front of the packet of a frame that was to be sent on. */
static struct holm_bytes quote_of(struct holm_tcpip *stack,
                                  const struct holm_tcpip__departure *departure)
{
    struct holm_buffer quote = HOLM_BUFFER(stack->quote);
    struct holm_bytes in = departure->frame.head;
    struct holm_ethernet_header ethernet;

    holm_assert(holm_ethernet_parse(&ethernet, &in) == HOLM_OK && holm_buffer_bytes(&quote, in));
    for (size_t i = 0; i < departure->frame.fragments_count; i++) {
        struct holm_bytes part = HOLM_AT(departure->frame.fragments, i);
        size_t left = quote.size - quote.len;
        holm_assert(holm_bytes_part(part, 0, left < part.len ? left : part.len, &part) &&
                    holm_buffer_bytes(&quote, part));
    }
    return holm_buffer_filled(&quote);
}

void holm_tcpip__forward_failed(struct holm_tcpip *stack,
                                const struct holm_tcpip__departure *departure)
{
    struct holm_tcpip__packet packet = { .quote = quote_of(stack, departure), .passes = true };
    bool known =
        departure->hop.family == HOLM_IP_V6
            ? holm_tcpip__ipv6_outer(&packet)
            : holm_ipv4_parse(&packet.header, packet.quote, HOLM_IP_PACKET_MAX) == HOLM_OK &&
                  holm_bytes_from(packet.quote, packet.header.header_len, &packet.head);

    if (known)
        tell(stack, &packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_HOST, 0);
}

/* frame_on sends the frame on as it came, but for its head; skip is what stood before the payload. */
static void frame_on(struct holm_tcpip__interface *out, const struct holm_ip_address *hop,
                     struct holm_tcpip__packet *packet, const struct holm_net_header *header,
                     size_t skip)
{
    struct holm_tcpip *stack = out->stack;
    struct holm_tcpip__departure *departure = holm_tcpip__departure_new(stack, out);

    if (departure == NULL)
        return;
    struct holm_buffer head = HOLM_BUFFER(departure->head);
    enum holm_result result = holm_tcpip__ethernet_later(out, hop, departure, &head);
    if (packet->pieces_count > HOLM_NET_FRAGMENTS_MAX || result != HOLM_OK ||
        !head_put(departure, &head, packet)) {
        holm_tcpip__departure_drop(stack, departure);
        if (result == HOLM_ERR_UNREACHABLE) /* RFC 1812 section 5.2.7.1, RFC 4861 section 7.2.2 */
            tell(stack, packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_HOST, 0);
        return;
    }
    departure->frame.header = *header;
    departure->frame.header.checksum_start = (uint16_t)(header->checksum_start + head.len - skip);
    departure->frame.header.headers_len = (uint16_t)(header->headers_len + head.len - skip);
    departure->frame.head = holm_buffer_filled(&head);
    for (size_t i = 0; i < packet->pieces_count; i++)
        HOLM_AT(departure->frame.fragments, i) = holm_span_bytes(HOLM_AT(packet->pieces, i));
    departure->frame.fragments_count = packet->pieces_count;
    departure->store = holm_tcpip__store_frame(packet->interface, packet->token);
    if (departure->store == NULL) {
        holm_tcpip__departure_drop(stack, departure);
        return;
    }
    packet->kept = true;
    departure->forwards = true;
    holm_tcpip__depart(stack, departure);
}

/* is_long answers whether a packet, or the longest that the device makes of it, is too long for its way;
 * of IPv4, what a device cuts is left to it. */
static bool is_long(const struct holm_tcpip__interface *out,
                    const struct holm_tcpip__packet *packet, const struct holm_net_header *header)
{
    uint32_t len = packet->header.header_len + (uint32_t)packet->header.payload_len;
    uint8_t words = 0;

    if (packet->header.source.family == HOLM_IP_V4)
        return header->segments == HOLM_NET_WHOLE && len > holm_tcpip__mtu_ipv4(out);
    if (header->segments != HOLM_NET_WHOLE && holm_bytes_u8_at(packet->head, AT_OFFSET_TCP, &words))
        len = HOLM_IPV6_HEADER_BYTES + words / 16 * 4U + header->segment_size;
    return len > holm_tcpip__mtu(out);
}

/* fragments_on sends a packet on that is too long for its way; those of IPv6 are cut by nobody on it. */
static void fragments_on(struct holm_tcpip__interface *out, const struct holm_ip_address *hop,
                         struct holm_tcpip__packet *packet)
{
    struct holm_tcpip__way way = { .interface = out, .source = packet->header.source, .hop = *hop };
    struct holm_ip_header ip = packet->header;

    if (packet->header.source.family == HOLM_IP_V6) { /* RFC 8200 section 5 */
        tell(out->stack, packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_TOO_LONG, holm_tcpip__mtu(out));
        return;
    }
    if (packet->header.dont_fragment) { /* RFC 1812 section 4.3.3.1 */
        tell(out->stack, packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_TOO_LONG,
             holm_tcpip__mtu_ipv4(out));
        return;
    }
    if (packet->pieces_count != 1 || packet->header.has_options)
        return; /* Deviation: dropped, though they could be cut */
    ip.hops -= 1;
    if (holm_tcpip__send(out->stack, &way, &ip, (struct holm_bytes){ 0 },
                         holm_span_bytes(packet->pieces[0])) == HOLM_ERR_UNREACHABLE)
        tell(out->stack, packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_HOST, 0);
}

void holm_tcpip__forward(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                         const struct holm_net_received *frame, size_t header_bytes)
{
    struct holm_net_header header = frame->header;
    size_t skip = header_bytes + packet->header.header_len;
    struct holm_route route;

    packet->passes = true;
    if (packet->header.source.family == HOLM_IP_V4)
        packet->head = packet->pieces_count > 0 ? holm_span_bytes(packet->pieces[0])
                                                : (struct holm_bytes){ 0 };
    if (!passes(packet)) {
        holm_tcpip__count(HOLM_TCPIP__IP_ADDRESS);
        return;
    }
    if (packet->header.hops <= 1) {
        tell(stack, packet, HOLM_ICMP_TIME_EXCEEDED, HOLM_ICMP_TRANSIT, 0);
        return;
    }
    if (holm_route_find(&stack->routes, &packet->header.destination, 0, &route) != HOLM_OK) {
        holm_tcpip__count(HOLM_TCPIP__IP_NO_ROUTE_ON);
        tell(stack, packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_NETWORK, 0);
        return;
    }
    struct holm_tcpip__interface *out = HOLM_AT(stack->interfaces, route.interface - 1);
    const struct holm_ip_address *hop =
        route.gateway.family == HOLM_IP_NONE ? &packet->header.destination : &route.gateway;
    const struct holm_net_facts *facts = &out->net->facts;
    if (holm_tcpip__is_broadcast(out, &packet->header.destination)) { /* RFC 2644 */
        holm_tcpip__count(HOLM_TCPIP__IP_ADDRESS);
        return;
    }
    bool too_long = is_long(out, packet, &header);
    if (!too_long && header.segments != HOLM_NET_WHOLE && !facts->sends_segments)
        return; /* Deviation: segments are cut by devices only */
    holm_counter_add(&ip_forwarded, 1);
    header.flags &= HOLM_NET_NEEDS_CHECKSUM;
    if (header.flags != 0 && (too_long || !facts->sends_checksums)) {
        sum_finish(packet, &header, skip);
        header.flags = 0;
    }
    if (too_long)
        fragments_on(out, hop, packet);
    else
        frame_on(out, hop, packet, &header, skip);
}
