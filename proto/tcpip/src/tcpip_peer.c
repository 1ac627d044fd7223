/* SPDX-License-Identifier: ISC */
/* tcpip_peer.c: what was agreed on with single addresses, outside the protocol: keys, and how far away they
 * are. */
#include "tcpip_flow.h"
#include "tcpip_impl.h"

/* find gives the index of a peer; their count if nothing was agreed on with it. */
static uint32_t find(const struct holm_tcpip *stack, const struct holm_ip_address *address)
{
    for (uint32_t i = 0; i < stack->peers_count; i++)
        if (holm_ip_equal(&HOLM_AT(stack->peers, i).address, address))
            return i;
    return stack->peers_count;
}

const struct holm_tcpip_peer *holm_tcpip__peer(const struct holm_tcpip *stack,
                                               const struct holm_ip_address *address)
{
    uint32_t index = find(stack, address);

    return index == stack->peers_count ? NULL : &HOLM_AT(stack->peers, index);
}

/* guard_of is the guard of connections with a peer; NULL: there is no key. */
static const struct holm_tcp_guard *guard_of(const struct holm_tcpip *stack,
                                             const struct holm_ip_address *address)
{
    uint32_t index = find(stack, address);

    return index == stack->peers_count || HOLM_AT(stack->peers, index).key == NULL
               ? NULL
               : &HOLM_AT(stack->guards, index);
}

/* Nothing else makes a guard, so that MD5 is linked only with who has peers. */
enum holm_result holm_tcpip_peer_add(struct holm_tcpip *stack, const struct holm_tcpip_peer *peer)
{
    if (holm_tcpip__peer(stack, &peer->address) != NULL)
        return HOLM_ERR_IN_USE;
    if (stack->peers_count == HOLM_TCPIP_PEERS_MAX)
        return HOLM_ERR_NO_MEMORY;
    HOLM_AT(stack->peers, stack->peers_count) = *peer;
    HOLM_AT(stack->guards, stack->peers_count) = holm_tcp_md5_guard(peer->key);
    stack->peers_count += 1;
    return HOLM_OK;
}

bool holm_tcpip__peer_passes(const struct holm_tcpip *stack,
                             const struct holm_tcpip__packet *packet,
                             const struct holm_tcp_segment *segment)
{
    const struct holm_tcpip_peer *peer = holm_tcpip__peer(stack, &packet->header.source);
    struct holm_bytes payload[HOLM_NET_PIECES_MAX] = { 0 }, header = { 0 };

    if (peer != NULL && packet->header.hops < peer->hop_limit_min)
        return false;
    const struct holm_tcp_guard *guard = guard_of(stack, &packet->header.source);
    if (guard == NULL)
        return segment->md5_at == 0;
    for (size_t i = 0; i < packet->pieces_count; i++)
        HOLM_AT(payload, i) = holm_span_bytes(HOLM_AT(packet->pieces, i));
    if (!holm_bytes_part(packet->head, 0, segment->header_len, &header) ||
        !holm_bytes_from(payload[0], segment->header_len, &payload[0]))
        return false;
    struct holm_tcp_covered covered = { &packet->header.source, &packet->header.destination, header,
                                        payload, packet->pieces_count };
    return holm_tcp_guard_passes(guard, &covered, segment->md5_at);
}

void holm_tcpip__peer_sign(const struct holm_tcpip *stack, const struct holm_tcp_covered *covered,
                           struct holm_span header, uint8_t md5_at)
{
    const struct holm_tcp_guard *guard = guard_of(stack, covered->destination);

    if (md5_at != 0 && guard != NULL)
        holm_tcp_guard_sign(guard, covered, header, md5_at);
}
