/* SPDX-License-Identifier: ISC */
/* tcpip_icmp.c: answers to echo, errors told and heard. */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

HOLM_COUNTER(icmp_in, "holm_icmp_received_total", "messages of ICMP that came");
HOLM_COUNTER(icmp_out, "holm_icmp_errors_sent_total", "errors of ICMP that were told");

/* Nobody has an address from here on: RFC 1122 section 3.2.2. */
enum { CLASS_E = 240 };

enum holm_result holm_tcpip__way_back(struct holm_tcpip *stack,
                                      const struct holm_tcpip__packet *packet,
                                      struct holm_tcpip__way *way)
{
    *way = (struct holm_tcpip__way){ .interface = packet->interface };
    if (!packet->to_group && !packet->passes)
        way->source = packet->header.destination;
    return holm_tcpip__way(stack, &packet->header.source, way);
}

bool holm_tcpip__payload(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                         struct holm_tcpip__store **store, struct holm_bytes *payload)
{
    struct holm_span joined = { 0 };

    *store = NULL;
    if (packet->pieces_count == 1) {
        *payload = packet->head;
        return true;
    }
    *store = holm_tcpip__store_chunk(stack, NULL);
    bool well = *store != NULL &&
                holm_tcpip__pieces_copy(packet, 0, holm_chunk_room((*store)->chunk), &joined);
    *payload = holm_span_bytes(joined);
    return well;
}

/* reply sends a message back to where a packet came from. */
static void reply(struct holm_tcpip *stack, const struct holm_tcpip__packet *packet,
                  const struct holm_icmp *icmp, struct holm_bytes data)
{
    struct holm_ip_header ip = { .destination = packet->header.source, .protocol = HOLM_IP_ICMP };
    uint8_t memory[HOLM_ICMP_HEADER_BYTES];
    struct holm_buffer header = HOLM_BUFFER(memory);
    struct holm_tcpip__way way;

    if (holm_tcpip__way_back(stack, packet, &way) != HOLM_OK)
        return;
    holm_assert(holm_icmp_emit(&header, icmp, data));
    holm_tcpip__answer(stack, &way, &ip, holm_buffer_filled(&header), data);
}

/* echo answers with what came. Deviation: what lies in several pieces and is longer than a chunk is not
 * answered. */
static void echo(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                 const struct holm_icmp *icmp)
{
    struct holm_icmp answer = { .type = HOLM_ICMP_ECHO_REPLY,
                                .id = icmp->id,
                                .sequence = icmp->sequence };
    struct holm_tcpip__store *store = NULL;
    struct holm_bytes data = { 0 };

    if (holm_tcpip__payload(stack, packet, &store, &data) &&
        holm_bytes_from(data, HOLM_ICMP_HEADER_BYTES, &data))
        reply(stack, packet, &answer, data);
    holm_tcpip__store_drop(stack, store);
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
    bool too_long = type == HOLM_ICMP_UNREACHABLE && code == HOLM_ICMP_TOO_LONG;

    if (packet->header.source.family == HOLM_IP_V6) {
        error_of_ipv6(stack, packet, code);
        return;
    }
    if (quote.len == 0 || HOLM_AT(packet->header.source.bytes, 0) >= CLASS_E ||
        !holm_icmp_may_answer(&packet->header, packet->head, packet->to_group) ||
        !holm_rate_take(too_long ? &stack->length_rate : &stack->error_rate,
                        holm_tcpip__now(stack)))
        return;
    size_t len = packet->header.header_len + (size_t)packet->header.payload_len;
    len = len < HOLM_ICMP_QUOTE_MAX ? len : HOLM_ICMP_QUOTE_MAX;
    len = len < quote.len ? len : quote.len;
    holm_assert(holm_bytes_part(quote, 0, len, &quote));
    holm_counter_add(&icmp_out, 1);
    reply(stack, packet, &icmp, quote);
}

/* error_in takes an error about a packet of ours to who sent it. */
static void error_in(struct holm_tcpip *stack, const struct holm_icmp *icmp, struct holm_bytes in)
{
    struct holm_icmp_quote quote;
    enum holm_result reason = HOLM_ERR_UNREACHABLE;
    uint16_t mtu = 0;

    if (holm_icmp_quote_parse(&quote, in) != HOLM_OK ||
        (icmp->type != HOLM_ICMP_UNREACHABLE && icmp->type != HOLM_ICMP_TIME_EXCEEDED &&
         icmp->type != HOLM_ICMP_PARAMETER) ||
        !holm_tcpip__is_local(stack, &quote.header.source))
        return;
    struct holm_tcp_name name = {
        .local = { quote.header.source, quote.source_port },
        .remote = { quote.header.destination, quote.destination_port },
    };
    if (icmp->type == HOLM_ICMP_UNREACHABLE && icmp->code == HOLM_ICMP_TOO_LONG) {
        reason = HOLM_ERR_LIMIT;
        mtu = icmp->sequence;
    }
    if (quote.header.protocol == HOLM_IP_UDP) { /* of all of them: RFC 1122 section 4.1.3.3 */
        holm_tcpip__udp_unreachable(stack, &name, reason);
        return;
    }
    if (quote.header.protocol != HOLM_IP_TCP || icmp->type != HOLM_ICMP_UNREACHABLE)
        return; /* TCP sends again, whatever else it hears */
    if (icmp->code == HOLM_ICMP_NO_PORT || icmp->code == HOLM_ICMP_NO_PROTOCOL)
        reason = HOLM_ERR_REFUSED;
    (void)holm_tcpip__tcp_unreachable(stack, &name, quote.sequence, reason, mtu);
}

void holm_tcpip__icmp_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    struct holm_bytes in = packet->head;
    struct holm_icmp icmp;
    struct holm_sum sum = { 0 };

    holm_counter_add(&icmp_in, 1);
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
