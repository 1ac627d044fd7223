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
    for (size_t i = 0; i < HOLM_TCPIP__PATHS && stack->paths_end_ns > holm_tcpip__now(stack); i++) {
        const struct holm_tcpip__path *path = &HOLM_AT(stack->paths, i);
        if (path->until_ns > holm_tcpip__now(stack) && path->mtu < mtu &&
            holm_ip_equal(&path->destination, destination))
            mtu = path->mtu;
    }
    return mtu;
}

void holm_tcpip__path_shorten(struct holm_tcpip *stack, const struct holm_ip_address *destination,
                              uint16_t mtu)
{
    struct holm_tcpip__path *place = &stack->paths[0];

    for (size_t i = 0; i < HOLM_TCPIP__PATHS; i++) {
        struct holm_tcpip__path *path = &HOLM_AT(stack->paths, i);
        if (holm_ip_equal(&path->destination, destination)) {
            if (path->until_ns > holm_tcpip__now(stack) && path->mtu < mtu)
                return; /* RFC 8201 section 4: no message makes a way wider */
            place = path;
            break;
        }
        if (path->until_ns < place->until_ns)
            place = path;
    }
    stack->paths_end_ns = holm_tcpip__now(stack) + PATH_NS;
    *place = (struct holm_tcpip__path){ *destination, mtu, stack->paths_end_ns };
}
