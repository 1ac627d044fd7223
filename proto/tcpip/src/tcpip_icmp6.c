/* SPDX-License-Identifier: ISC */
/* tcpip_icmp6.c: messages of ICMPv6: answers to echo, errors told and heard, and whose the others are. */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

enum { ROUTER_ALERT = 5 };

/* reply sends a message back to where a packet came from. */
static void reply(struct holm_tcpip *stack, const struct holm_tcpip__packet *packet,
                  const struct holm_icmp6 *icmp, struct holm_bytes data)
{
    struct holm_ip_header ip = { .destination = packet->header.source, .protocol = HOLM_IP_ICMPV6 };
    uint8_t memory[HOLM_ICMP6_HEADER_BYTES];
    struct holm_buffer header = HOLM_BUFFER(memory);
    struct holm_tcpip__way way;

    if (holm_tcpip__way_back(stack, packet, &way) != HOLM_OK)
        return;
    ip.hops = way.interface->ipv6 != NULL ? way.interface->ipv6->ndp.hops : HOLM_IP_HOPS_DEFAULT;
    holm_assert(holm_icmp6_emit(&header, icmp, &way.source, &ip.destination, data));
    holm_tcpip__answer(stack, &way, &ip, holm_buffer_filled(&header), data);
}

/* echo answers with what came. Deviation: as of ICMP. */
static void echo(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                 const struct holm_icmp6 *icmp)
{
    struct holm_icmp6 answer = { .type = HOLM_ICMP6_ECHO_REPLY, .value = icmp->value };
    struct holm_tcpip__store *store = NULL;
    struct holm_bytes data = { 0 };

    if (holm_tcpip__payload(stack, packet, &store, &data) &&
        holm_bytes_from(data, HOLM_ICMP6_HEADER_BYTES, &data))
        reply(stack, packet, &answer, data);
    holm_tcpip__store_drop(stack, store);
}

void holm_tcpip__icmp6_error(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                             const struct holm_icmp6 *icmp, bool of_groups)
{
    struct holm_bytes quote = packet->quote;
    uint16_t payload_len = 0;

    if (!holm_icmp6_may_answer(&packet->header, packet->head, packet->to_group, of_groups) ||
        !holm_bytes_u16_at(quote, 4, &payload_len) ||
        !holm_rate_take(icmp->type == HOLM_ICMP6_TOO_BIG ? &stack->length_rate : &stack->error_rate,
                        holm_tcpip__now(stack)))
        return;
    size_t len = HOLM_IPV6_HEADER_BYTES + (size_t)payload_len;
    len = len < HOLM_ICMP6_QUOTE_MAX ? len : HOLM_ICMP6_QUOTE_MAX;
    len = len < quote.len ? len : quote.len;
    holm_assert(holm_bytes_part(packet->quote, 0, len, &quote));
    reply(stack, packet, icmp, quote);
}

/* too_big takes what a router says of the length of packets: RFC 8201 section 4. Less than every link
 * takes is not believed (RFC 8021). */
static void too_big(struct holm_tcpip *stack, const struct holm_icmp_quote *quote,
                    const struct holm_tcp_name *name, uint32_t mtu)
{
    if (mtu < HOLM_IPV6_MTU_MIN || mtu > UINT16_MAX)
        return;
    if (quote->header.protocol == HOLM_IP_TCP) {
        if (holm_tcpip__tcp_unreachable(stack, name, quote->sequence, HOLM_ERR_LIMIT,
                                        (uint16_t)mtu))
            holm_tcpip__path_shorten(stack, &name->remote.address, (uint16_t)mtu);
        return;
    }
    if (quote->header.protocol == HOLM_IP_UDP && holm_tcpip__udp_sent(stack, name)) /* RFC 5927 */
        holm_tcpip__path_shorten(stack, &name->remote.address, (uint16_t)mtu);
}

/* error_in takes an error about a packet of ours to who sent it. */
static void error_in(struct holm_tcpip *stack, const struct holm_icmp6 *icmp, struct holm_bytes in)
{
    struct holm_icmp_quote quote;
    enum holm_result reason = HOLM_ERR_UNREACHABLE;

    if (holm_icmp6_quote_parse(&quote, in) != HOLM_OK ||
        !holm_tcpip__is_local(stack, &quote.header.source))
        return;
    struct holm_tcp_name name = {
        .local = { quote.header.source, quote.source_port },
        .remote = { quote.header.destination, quote.destination_port },
    };
    if (icmp->type == HOLM_ICMP6_TOO_BIG) {
        too_big(stack, &quote, &name, icmp->value);
        return;
    }
    if ((icmp->type == HOLM_ICMP6_UNREACHABLE && icmp->code == HOLM_ICMP6_NO_PORT) ||
        (icmp->type == HOLM_ICMP6_PARAMETER && icmp->code == HOLM_ICMP6_NEXT)) /* the protocol */
        reason = HOLM_ERR_REFUSED;
    if (quote.header.protocol == HOLM_IP_UDP) /* of all of them: RFC 4443 sections 2.4 (a), 3 */
        holm_tcpip__udp_unreachable(stack, &name, HOLM_ERR_UNREACHABLE);
    else if (quote.header.protocol == HOLM_IP_TCP &&
             (icmp->type == HOLM_ICMP6_UNREACHABLE || reason == HOLM_ERR_REFUSED))
        (void)holm_tcpip__tcp_unreachable(stack, &name, quote.sequence, reason, 0);
}

/* in_fragment answers whether a packet has the header of a fragment, though it be whole (RFC 6946). */
static bool in_fragment(const struct holm_tcpip__packet *packet)
{
    struct holm_bytes in = packet->quote;
    uint8_t next = 0, words = 0;

    if (!holm_bytes_u8_at(in, 6, &next) || !holm_bytes_from(in, HOLM_IPV6_HEADER_BYTES, &in))
        return false;
    for (size_t i = 0; i <= HOLM_IPV6_EXTENSIONS_MAX; i++) {
        if (next != HOLM_IPV6_HOP_BY_HOP && next != HOLM_IPV6_ROUTING &&
            next != HOLM_IPV6_DESTINATION)
            return next == HOLM_IPV6_FRAGMENT;
        if (!holm_bytes_u8_at(in, 0, &next) || !holm_bytes_u8_at(in, 1, &words) ||
            !holm_bytes_from(in, 8 + 8 * (size_t)words, &in))
            return false;
    }
    return false;
}

/* alerts answers whether a packet has the option that routers look at (RFC 2711), as all queries for groups:
 * RFC 3810 section 6.2. */
static bool alerts(const struct holm_tcpip__packet *packet)
{
    struct holm_bytes in = packet->quote, options = { 0 }, value;
    uint8_t next = 0, words = 0, type = 0, len = 0;

    if (!holm_bytes_u8_at(in, 6, &next) || next != HOLM_IPV6_HOP_BY_HOP ||
        !holm_bytes_u8_at(in, HOLM_IPV6_HEADER_BYTES + 1, &words) ||
        !holm_bytes_part(in, HOLM_IPV6_HEADER_BYTES + 2, 6 + 8 * (size_t)words, &options))
        return false;
    while (holm_bytes_u8(&options, &type) && type != ROUTER_ALERT)
        if (type != 0 &&
            (!holm_bytes_u8(&options, &len) || !holm_bytes_take(&options, len, &value)))
            return false;
    return type == ROUTER_ALERT;
}

/* discovers takes messages of the link to neighbour discovery. */
static void discovers(struct holm_tcpip__packet *packet, const struct holm_icmp6 *icmp,
                      struct holm_bytes data)
{
    struct holm_tcpip__interface *self = packet->interface;
    struct holm_ndp_in in = { &packet->header, &packet->mac, *icmp, data };

    if (packet->pieces_count != 1 || packet->is_copy || in_fragment(packet))
        return; /* RFC 6980: not in fragments, nor in what looks like one to a guard on the way */
    holm_ndp_feed(&self->ipv6->ndp, &self->neighbours, &in, holm_tcpip__now(self->stack));
    holm_pump_ready(&self->stack->clock);
}

void holm_tcpip__icmp6_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    struct holm_bytes in = packet->head;
    struct holm_icmp6 icmp;

    if (!holm_tcpip__sum_right(packet, HOLM_IP_ICMPV6) || holm_icmp6_parse(&icmp, &in) != HOLM_OK)
        return;
    if (holm_icmp6_is_error(icmp.type)) {
        error_in(stack, &icmp, in);
    } else if (icmp.type == HOLM_ICMP6_ECHO) {
        if (!holm_ip_is_any(&packet->header.source) &&
            !holm_tcpip__is_ours(stack, &packet->header.source))
            echo(stack, packet, &icmp);
    } else if (packet->interface->ipv6 == NULL) {
        return; /* to oneself: there is nobody to discover */
    } else if (icmp.type >= HOLM_ICMP6_ROUTER_SOLICITATION && icmp.type <= HOLM_ICMP6_REDIRECT) {
        discovers(packet, &icmp, in);
    } else if (icmp.type == HOLM_ICMP6_MLD_QUERY && alerts(packet)) {
        holm_mld_feed(&packet->interface->ipv6->mld, &packet->header, &icmp, in,
                      holm_tcpip__now(stack));
        holm_pump_ready(&stack->clock);
    }
}
