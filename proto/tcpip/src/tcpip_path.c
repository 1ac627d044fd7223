/* SPDX-License-Identifier: ISC */
/* tcpip_path.c: how long packets may be on their way: as the link takes, or less, as routers said of a
 * destination. What they said is forgotten after a while (RFC 8201 section 4: ten minutes), so that a
 * longer way is found again. */
#include "tcpip_ipv6.h"

#define PATH_NS UINT64_C(600000000000)

uint16_t holm_tcpip__path_mtu(const struct holm_tcpip *stack,
                              const struct holm_tcpip__interface *interface,
                              const struct holm_ip_address *destination)
{
    uint16_t mtu = holm_tcpip__mtu_ipv4(interface);

    if (destination->family == HOLM_IP_V6 && interface->ipv6 != NULL)
        mtu = interface->ipv6->ndp.mtu;
    for (uint32_t i = 0; i < stack->paths_count; i++) {
        const struct holm_tcpip__path *path = &HOLM_AT(stack->paths, i);
        if (path->until_ns > holm_tcpip__now(stack) && path->mtu < mtu &&
            holm_ip_equal(&path->destination, destination))
            mtu = path->mtu;
    }
    return mtu;
}

/* place_of is where it stands how long packets to a destination may be: in the place that it has, in a new
 * one, or in that of the one that would be forgotten first. */
static struct holm_tcpip__path *place_of(struct holm_tcpip *stack,
                                         const struct holm_ip_address *destination)
{
    struct holm_tcpip__path *first = &stack->paths[0];

    for (uint32_t i = 0; i < stack->paths_count; i++) {
        struct holm_tcpip__path *path = &HOLM_AT(stack->paths, i);
        if (holm_ip_equal(&path->destination, destination))
            return path;
        if (path->until_ns < first->until_ns)
            first = path;
    }
    if (stack->paths_count == HOLM_TCPIP__PATHS)
        return first;
    stack->paths_count += 1;
    return &HOLM_AT(stack->paths, stack->paths_count - 1);
}

void holm_tcpip__path_shorten(struct holm_tcpip *stack, const struct holm_ip_address *destination,
                              uint16_t mtu)
{
    struct holm_tcpip__path *place = place_of(stack, destination);
    uint64_t now_ns = holm_tcpip__now(stack);

    if (holm_ip_equal(&place->destination, destination) && place->until_ns > now_ns &&
        place->mtu < mtu)
        return; /* RFC 8201 section 4: no message makes a way wider */
    *place = (struct holm_tcpip__path){ *destination, mtu, now_ns + PATH_NS };
}
