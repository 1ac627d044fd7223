/* SPDX-License-Identifier: ISC */
/* tcpip_icmp.c: answers to echo, errors told and heard. */
#include "tcpip_ipv6.h"

/* reply begins a packet back to where another came from; NULL: it cannot leave now. */
static struct holm_tcpip__departure *reply_begin(struct holm_tcpip *stack,
                                                 struct holm_tcpip__packet *packet,
                                                 struct holm_buffer *head, size_t payload_len)
{
    struct holm_ip_address source = { 0 }, hop;
    struct holm_tcpip__interface *interface = NULL;

    if (!packet->to_group && !packet->passes)
        source = packet->header.destination;
    if (holm_tcpip__way(stack, &packet->header.source, &source, &interface, &hop) != HOLM_OK)
        return NULL;
    struct holm_tcpip__departure *departure = holm_tcpip__departure_new(stack, interface);
    if (departure == NULL)
        return NULL;
    struct holm_ip_header ip = { .source = source,
                                 .destination = packet->header.source,
                                 .payload_len = (uint16_t)payload_len,
                                 .protocol = HOLM_IP_ICMP };
    *head = HOLM_BUFFER(departure->head);
    if (payload_len <= HOLM_IP_PACKET_MAX &&
        holm_tcpip__ethernet_later(interface, &hop, departure, head) == HOLM_OK &&
        holm_tcpip__ip_head(stack, head, &ip))
        return departure;
    holm_tcpip__departure_drop(stack, departure);
    return NULL;
}

/* echo_parts answers a packet that is longer than the way takes: in fragments, as it came. */
static void echo_parts(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                       const struct holm_icmp *answer)
{
    struct holm_tcpip__way way = { .source = packet->header.destination };
    uint8_t memory[HOLM_ICMP_HEADER_BYTES];
    struct holm_buffer header = HOLM_BUFFER(memory);
    struct holm_bytes data = { 0 };

    if (packet->pieces_count != 1 ||
        !holm_bytes_from(packet->head, HOLM_ICMP_HEADER_BYTES, &data) ||
        holm_tcpip__way(stack, &packet->header.source, &way.source, &way.interface, &way.hop) !=
            HOLM_OK)
        return;
    struct holm_ip_header ip = { .source = way.source,
                                 .destination = packet->header.source,
                                 .id = holm_tcpip__id(stack),
                                 .protocol = HOLM_IP_ICMP,
                                 .hops = HOLM_IP_HOPS_DEFAULT };
    holm_assert(holm_icmp_emit(&header, answer, data));
    (void)holm_tcpip__send(stack, &way, &ip, holm_buffer_filled(&header), data);
}

/* echo answers with what came, copied: the frame goes back to its device at once. */
static void echo(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                 const struct holm_icmp *icmp)
{
    struct holm_icmp answer = { .type = HOLM_ICMP_ECHO_REPLY,
                                .id = icmp->id,
                                .sequence = icmp->sequence };
    struct holm_tcpip__store *store = NULL;
    struct holm_buffer copy, head = { 0 };
    struct holm_bytes data = { 0 };
    size_t len = packet->header.payload_len;

    if (len > HOLM_CHUNK_BYTES ||
        len + HOLM_IPV4_HEADER_MIN > holm_tcpip__mtu_ipv4(packet->interface)) {
        echo_parts(stack, packet, &answer);
        return;
    }
    struct holm_tcpip__departure *departure = reply_begin(stack, packet, &head, len);
    if (departure == NULL)
        return;
    copy = HOLM_BUFFER(departure->copy);
    if (len > copy.size) {
        store = holm_tcpip__store_chunk(stack, NULL);
        if (store == NULL) {
            holm_tcpip__departure_drop(stack, departure);
            return;
        }
        copy = holm_span_buffer(holm_chunk_room(store->chunk));
    }
    for (size_t i = 0; i < packet->pieces_count; i++)
        holm_assert(holm_buffer_bytes(&copy, holm_span_bytes(HOLM_AT(packet->pieces, i))));
    holm_assert(holm_bytes_from(holm_buffer_filled(&copy), HOLM_ICMP_HEADER_BYTES, &data));
    holm_assert(holm_icmp_emit(&head, &answer, data));
    departure->frame.head = holm_buffer_filled(&head);
    departure->frame.fragments[0] = data;
    departure->frame.fragments_count = data.len > 0 ? 1 : 0;
    departure->store = store; /* until the frame is over */
    holm_tcpip__depart(stack, departure);
}

/* error_of_ipv6 tells the same by the messages of ICMPv6. */
static void error_of_ipv6(struct holm_tcpip *stack, struct holm_tcpip__packet *packet, uint8_t code)
{
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_UNREACHABLE, .code = HOLM_ICMP6_NO_PORT };

    if (code == HOLM_ICMP_NO_PROTOCOL)
        icmp = (struct holm_icmp6){ .type = HOLM_ICMP6_PARAMETER,
                                    .code = HOLM_ICMP6_NEXT,
                                    .value = packet->header.protocol_at };
    holm_tcpip__icmp6_error(stack, packet, &icmp, false);
}

void holm_tcpip__error(struct holm_tcpip *stack, struct holm_tcpip__packet *packet, uint8_t type,
                       uint8_t code)
{
    struct holm_icmp icmp = { .type = type, .code = code, .sequence = packet->mtu };
    struct holm_bytes quote = packet->quote;
    struct holm_buffer head = { 0 };

    if (packet->header.source.family == HOLM_IP_V6) {
        error_of_ipv6(stack, packet, code);
        return;
    }
    if (!holm_icmp_may_answer(&packet->header, packet->head, packet->to_group) ||
        !holm_rate_take(&stack->error_rate, holm_tcpip__now(stack)))
        return;
    size_t len = packet->header.header_len + (size_t)packet->header.payload_len;
    len = len < HOLM_ICMP_QUOTE_MAX ? len : HOLM_ICMP_QUOTE_MAX;
    len = len < quote.len ? len : quote.len;
    holm_assert(holm_bytes_part(quote, 0, len, &quote));
    struct holm_tcpip__departure *departure =
        reply_begin(stack, packet, &head, HOLM_ICMP_HEADER_BYTES + len);
    if (departure == NULL)
        return;
    struct holm_buffer copy = HOLM_BUFFER(departure->copy);
    holm_tcpip__count(HOLM_TCPIP__ICMP_OUT);
    holm_assert(holm_buffer_bytes(&copy, quote) && holm_icmp_emit(&head, &icmp, quote));
    departure->frame.head = holm_buffer_filled(&head);
    departure->frame.fragments[0] = holm_buffer_filled(&copy);
    departure->frame.fragments_count = 1;
    holm_tcpip__depart(stack, departure);
}

/* error_in takes an error about a packet of ours to who sent it. */
static void error_in(struct holm_tcpip *stack, const struct holm_icmp *icmp, struct holm_bytes in)
{
    struct holm_icmp_quote quote;
    enum holm_result reason = HOLM_ERR_UNREACHABLE;
    uint16_t mtu = 0;

    if (holm_icmp_quote_parse(&quote, in) != HOLM_OK || icmp->type != HOLM_ICMP_UNREACHABLE ||
        !holm_tcpip__is_local(stack, &quote.header.source))
        return;
    struct holm_tcp_name name = {
        .local = { quote.header.source, quote.source_port },
        .remote = { quote.header.destination, quote.destination_port },
    };
    if (icmp->code == HOLM_ICMP_TOO_LONG) {
        reason = HOLM_ERR_LIMIT;
        mtu = icmp->sequence;
    }
    if (quote.header.protocol == HOLM_IP_UDP) {
        holm_tcpip__udp_unreachable(stack, &name, reason);
        return;
    }
    if (quote.header.protocol != HOLM_IP_TCP)
        return;
    if (icmp->code == HOLM_ICMP_NO_PORT || icmp->code == HOLM_ICMP_NO_PROTOCOL)
        reason = HOLM_ERR_REFUSED;
    (void)holm_tcpip__tcp_unreachable(stack, &name, quote.sequence, reason, mtu);
}

void holm_tcpip__icmp_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    struct holm_bytes in = packet->head;
    struct holm_icmp icmp;
    struct holm_sum sum = { 0 };

    holm_tcpip__count(HOLM_TCPIP__ICMP_IN);
    /* Over all pieces; the first holds what is read. */
    for (size_t i = 0; i < packet->pieces_count; i++)
        holm_sum_add(&sum, holm_span_bytes(HOLM_AT(packet->pieces, i)));
    if (holm_sum_fold(&sum) != 0xffff || holm_icmp_parse(&icmp, &in) != HOLM_OK)
        return;
    if (icmp.type == HOLM_ICMP_ECHO && !holm_ip_is_any(&packet->header.source) &&
        !packet->to_group) /* RFC 1122 section 3.2.2.6: a group's may go */
        echo(stack, packet, &icmp);
    else if (holm_icmp_is_error(icmp.type))
        error_in(stack, &icmp, in);
}
