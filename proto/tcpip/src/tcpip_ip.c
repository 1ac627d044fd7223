/* SPDX-License-Identifier: ISC */
/* tcpip_ip.c: packets of IPv4: which are ours; of both: fragments, to whom they go, headers of those that
 * leave. */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

enum { PROTOCOL_AT_IPV6 = 6 };

HOLM_COUNTER(fragments_in, "holm_ip_fragments_received_total", "fragments that came");
HOLM_COUNTER(fragments_whole, "holm_ip_reassembled_total", "packets put together");
HOLM_COUNTER(fragments_bad, "holm_ip_reassembly_failed_total",
             "packets given up for fragments that overlap, contradict each other or are too many");
HOLM_COUNTER(ip_delivered, "holm_ip_delivered_total", "packets of IP that were whole, and for us");

enum holm_tcpip_verdict holm_tcpip__verdict(struct holm_tcpip__interface *self,
                                            struct holm_tcpip__packet *packet, bool for_us)
{
    struct holm_tcpip *stack = self->stack;
    struct holm_tcpip_arrival arrival = { .header = &packet->header,
                                          .packet = packet->bytes,
                                          .interface = self->index,
                                          .for_us = for_us };

    if (stack->hook == NULL || self == stack->loop)
        return for_us ? HOLM_TCPIP_ACCEPT : HOLM_TCPIP_DROP;
    return stack->hook(stack->hook_context, &arrival);
}

bool holm_tcpip__astray(const struct holm_tcpip__packet *packet)
{
    if (!packet->framed_for_all || packet->to_group)
        return false;
    holm_tcpip__count(HOLM_TCPIP__IP_ADDRESS);
    return true;
}

/* is_for_us answers whether the packet is for this host; notes whether for others, too. */
static bool is_for_us(struct holm_tcpip__interface *self, struct holm_tcpip__packet *packet)
{
    const struct holm_ip_address *to = &packet->header.destination;

    packet->to_group = holm_ip_is_multicast(to) || holm_tcpip__is_broadcast(self, to);
    return packet->to_group || self == self->stack->loop || holm_tcpip__is_ours(self->stack, to);
}

/* judged takes a packet to where the verdict says. */
static void judged(struct holm_tcpip__interface *self, struct holm_tcpip__packet *packet,
                   const struct holm_net_received *frame, size_t header_bytes)
{
    struct holm_tcpip *stack = self->stack;
    bool for_us = is_for_us(self, packet);
    enum holm_tcpip_verdict verdict = holm_tcpip__verdict(self, packet, for_us);
    size_t whole = packet->header.header_len + (size_t)packet->header.payload_len;

    if (stack->hook != NULL && verdict != HOLM_TCPIP_DROP) { /* it may have been rewritten */
        if (holm_ipv4_parse(&packet->header, packet->quote, whole) != HOLM_OK)
            verdict = HOLM_TCPIP_DROP;
        for_us = is_for_us(self, packet);
    }
    if (verdict == HOLM_TCPIP_DROP || (verdict == HOLM_TCPIP_ACCEPT && !for_us)) {
        holm_tcpip__count(stack->hook == NULL ? HOLM_TCPIP__IP_ADDRESS : HOLM_TCPIP__IP_HOOK);
        return;
    }
    if (holm_tcpip__astray(packet) ||
        !holm_tcpip__pieces_cut(packet, frame, header_bytes + packet->header.header_len,
                                packet->header.payload_len))
        return;
    if (verdict == HOLM_TCPIP_ACCEPT)
        holm_tcpip__deliver(stack, packet);
    else
        holm_tcpip__forward(stack, packet, frame, header_bytes);
}

bool holm_tcpip__pieces_cut(struct holm_tcpip__packet *packet,
                            const struct holm_net_received *frame, size_t skip, size_t len)
{
    packet->pieces_count = 0;
    for (size_t i = 0; i < frame->pieces_count && len > 0; i++) {
        struct holm_span piece = HOLM_AT(frame->pieces, i);
        size_t out = skip < piece.len ? skip : piece.len;
        size_t in = piece.len - out < len ? piece.len - out : len;
        skip -= out;
        len -= in;
        if (in > 0) {
            holm_assert(
                holm_span_part(piece, out, in, &HOLM_AT(packet->pieces, packet->pieces_count)));
            packet->pieces_count += 1;
        }
    }
    return len == 0;
}

static void hand_on(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    holm_counter_add(&ip_delivered, 1);
    packet->head =
        packet->pieces_count > 0 ? holm_span_bytes(packet->pieces[0]) : (struct holm_bytes){ 0 };
    switch (packet->header.protocol) {
    case HOLM_IP_TCP:
        holm_tcpip__tcp_in(stack, packet);
        return;
    case HOLM_IP_UDP:
        holm_tcpip__udp_in(stack, packet);
        return;
    case HOLM_IP_ICMP:
        if (packet->header.source.family == HOLM_IP_V4)
            holm_tcpip__icmp_in(stack, packet);
        return;
    case HOLM_IP_ICMPV6:
        if (packet->header.source.family == HOLM_IP_V6)
            holm_tcpip__icmp6_in(stack, packet);
        return;
    default:
        if (packet->header.protocol == HOLM_IPV6_NOTHING &&
            packet->header.source.family == HOLM_IP_V6)
            return;
        holm_tcpip__count(HOLM_TCPIP__IP_PROTOCOL);
        holm_tcpip__error(stack, packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_PROTOCOL);
        return;
    }
}

/* quote_anew makes what an error quotes of a packet of which front is there, and whose header came in a
 * fragment: that of the whole, without options. Empty: it can not be written. */
static struct holm_bytes quote_anew(struct holm_tcpip *stack, const struct holm_ip_header *header,
                                    struct holm_bytes front)
{
    struct holm_buffer quote = HOLM_BUFFER(stack->quote);

    if (!(header->source.family == HOLM_IP_V6 ? holm_ipv6_emit(&quote, header)
                                              : holm_ipv4_emit(&quote, header)))
        return (struct holm_bytes){ 0 };
    size_t len = quote.size - quote.len < front.len ? quote.size - quote.len : front.len;
    holm_assert(holm_bytes_part(front, 0, len, &front) && holm_buffer_bytes(&quote, front));
    return holm_buffer_filled(&quote);
}

/* whole_take makes the packet the one that its fragments were of. */
static void whole_take(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                       const struct holm_ip_header *whole, struct holm_span payload)
{
    bool six = whole->source.family == HOLM_IP_V6;

    packet->header = *whole;
    packet->header.protocol_at = six ? PROTOCOL_AT_IPV6 : 0;
    packet->quote = quote_anew(stack, whole, holm_span_bytes(payload));
    if (!six)
        packet->header.header_len = HOLM_IPV4_HEADER_MIN; /* of the quote */
    packet->pieces[0] = payload;
    packet->pieces_count = 1;
    packet->flags = 0;
    packet->is_copy = true;
}

/* fragment puts a packet together; what came whole goes on. */
static void fragment(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    struct holm_ip_header whole = { 0 };
    struct holm_span payload = { 0 };
    enum holm_result result = HOLM_AGAIN;
    struct holm_ip_header part = packet->header;

    holm_counter_add(&fragments_in, 1);

    for (size_t i = 0; i < packet->pieces_count; i++) { /* a frame in several pieces */
        struct holm_bytes in = holm_span_bytes(HOLM_AT(packet->pieces, i));
        bool last = i + 1 == packet->pieces_count;
        part.more_fragments = packet->header.more_fragments || !last;
        result = holm_reassembly_feed(&stack->reassembly, &part, in, holm_tcpip__now(stack), &whole,
                                      &payload);
        part.offset = (uint16_t)(part.offset + in.len);
        if (result != HOLM_AGAIN && !last)
            break;
    }
    holm_pump_ready(&stack->clock);
    if (result != HOLM_OK && result != HOLM_AGAIN) {
        holm_counter_add(&fragments_bad, 1);
        holm_tcpip__refused(stack, HOLM_TEXT("fragments that do not fit each other"),
                            &packet->header.source);
    }
    if (result != HOLM_OK)
        return;
    holm_counter_add(&fragments_whole, 1);
    whole_take(stack, packet, &whole, payload);
    if (whole.source.family == HOLM_IP_V4 || holm_tcpip__ipv6_rest(packet))
        hand_on(stack, packet);
}

void holm_tcpip__deliver(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    if (packet->header.offset != 0 || packet->header.more_fragments)
        fragment(stack, packet);
    else
        hand_on(stack, packet);
}

/* header_fits answers whether a packet may go on whose header was read with that result. */
static bool header_fits(struct holm_tcpip *stack, const struct holm_tcpip__packet *packet,
                        enum holm_result result)
{
    const struct holm_ip_address *source = &packet->header.source;

    holm_tcpip__count(HOLM_TCPIP__IP_IN);
    if (result != HOLM_OK) {
        holm_tcpip__count(HOLM_TCPIP__IP_HEADER);
        if (result == HOLM_ERR_PERMISSION)
            holm_tcpip__refused(stack, HOLM_TEXT("options that say which way to go"), source);
        return false;
    }
    if (packet->interface == stack->loop)
        return true;
    if ((holm_ip_source_fits(source) || holm_ip_is_any(source)) &&
        !holm_tcpip__is_broadcast(packet->interface, source) && !holm_tcpip__is_ours(stack, source))
        return true;
    holm_tcpip__count(HOLM_TCPIP__IP_SOURCE);
    holm_tcpip__refused(stack, HOLM_TEXT("a packet that nobody can have sent"), source);
    return false;
}

void holm_tcpip__ipv4_in(struct holm_tcpip__packet *packet, const struct holm_net_received *frame,
                         size_t header_bytes, size_t total)
{
    enum holm_result result = holm_ipv4_parse(&packet->header, packet->quote, total);

    if (header_fits(packet->interface->stack, packet, result))
        judged(packet->interface, packet, frame, header_bytes);
}

/* late_tell tells who sent a packet that fragments of it were missing: RFC 1122 section 3.3.2, RFC 8200
 * section 4.5. What is quoted is made anew, without options. On which link a link-local source is was not
 * kept. */
static void late_tell(struct holm_tcpip *stack, const struct holm_ip_header *late,
                      struct holm_bytes front)
{
    const struct holm_icmp6 icmp6 = { .type = HOLM_ICMP6_TIME_EXCEEDED,
                                      .code = HOLM_ICMP6_REASSEMBLY };
    struct holm_tcpip__packet packet = {
        .header = *late, .head = front, .to_group = !holm_tcpip__is_ours(stack, &late->destination)
    };
    bool six = late->source.family == HOLM_IP_V6;

    if (holm_ip_is_link_local(&late->source))
        return;
    packet.quote = quote_anew(stack, late, front);
    packet.header.header_len = six ? HOLM_IPV6_HEADER_BYTES : HOLM_IPV4_HEADER_MIN;
    if (six)
        holm_tcpip__icmp6_error(stack, &packet, &icmp6, false);
    else
        holm_tcpip__error(stack, &packet, HOLM_ICMP_TIME_EXCEEDED, HOLM_ICMP_REASSEMBLY);
}

void holm_tcpip__late(struct holm_tcpip *stack)
{
    struct holm_ip_header late;
    struct holm_bytes front = { 0 };

    while (holm_reassembly_tick(&stack->reassembly, holm_tcpip__now(stack), &late, &front) ==
           HOLM_OK)
        late_tell(stack, &late, front);
}

/* holm_tcpip__id is a number for a packet that nobody guesses: RFC 6864, RFC 7739. */
uint32_t holm_tcpip__id(struct holm_tcpip *stack)
{
    const uint64_t words[] = { stack->id };

    stack->id = holm_u32_wrap_add(stack->id, 1);
    return holm_siphash_words(&stack->id_key, words, 1) & UINT32_MAX;
}

/* hops_of is the hop limit of those that say none: RFC 1122 section 3.2.1.7, RFC 4861 section 6.3.4. */
static uint8_t hops_of(const struct holm_tcpip__interface *self, const struct holm_tcpip_peer *peer,
                       enum holm_ip_family family)
{
    if (peer != NULL && peer->hop_limit != 0)
        return peer->hop_limit;
    return family == HOLM_IP_V6 && self->ipv6 != NULL ? self->ipv6->ndp.hops : HOLM_IP_HOPS_DEFAULT;
}

bool holm_tcpip__ip_head(const struct holm_tcpip__interface *self, struct holm_buffer *head,
                         const struct holm_ip_header *about)
{
    struct holm_tcpip *stack = self->stack;
    struct holm_ip_header header = *about;
    const struct holm_tcpip_peer *peer = holm_tcpip__peer(stack, &about->destination);

    if (header.hops == 0)
        header.hops = hops_of(self, peer, about->source.family);
    header.dont_fragment =
        about->protocol == HOLM_IP_TCP; /* it alone learns how long they may be */
    holm_tcpip__count(HOLM_TCPIP__IP_OUT);
    if (about->source.family == HOLM_IP_V6)
        return holm_ipv6_emit(head, &header);
    header.id = holm_tcpip__id(stack);
    return holm_ipv4_emit(head, &header);
}

bool holm_tcpip__sum_right(const struct holm_tcpip__packet *packet, uint8_t protocol)
{
    struct holm_sum sum = { 0 };

    if (packet->flags & (HOLM_NET_NEEDS_CHECKSUM | HOLM_NET_DATA_VALID))
        return true;
    holm_ip_pseudo(&sum, &packet->header.source, &packet->header.destination, protocol,
                   packet->header.payload_len);
    for (size_t i = 0; i < packet->pieces_count; i++)
        holm_sum_add(&sum, holm_span_bytes(HOLM_AT(packet->pieces, i)));
    return holm_sum_fold(&sum) == 0xffff;
}
