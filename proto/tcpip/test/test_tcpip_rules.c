/* SPDX-License-Identifier: ISC */
/* Rules of the standards for hosts, one a test: what leaves, where to, from whom; what is told of what did
 * not arrive. */
#include "far_end.h"
#include "tcpip_ipv6.h"

#include <holm/icmp6.h>
#include <holm/ndp/message.h>
#include <holm/test.h>
#include <holm/udp.h>

#define SECOND_NS UINT64_C(1000000000)

/* came_type is the type of the frame that came last, 0: none did; *to is for whom it was. */
static uint16_t came_type(struct holm_mac_address *to, struct holm_bytes *in)
{
    struct holm_ethernet_header header;

    *in = holm_buffer_filled(&came);
    if (came_count == 0 || holm_ethernet_parse(&header, in) != HOLM_OK)
        return 0;
    *to = header.destination;
    return header.type;
}

static bool came_to_all(void)
{
    struct holm_mac_address all = holm_mac_broadcast(), to;
    struct holm_bytes in;

    return came_type(&to, &in) != 0 && holm_mac_equal(&to, &all);
}

TEST(messages_of_arp_for_an_address_of_the_link_alone_go_to_all)
{
    struct holm_ip_address own = holm_ip_v4(169, 254, 7, 1), other = holm_ip_v4(169, 254, 7, 2);

    far_begin();
    far_arp(&peer, &ours);
    CHECK_IS(came_count, 1);
    CHECK(!came_to_all());
    CHECK_IS(holm_tcpip_address_add(two.stacks[0], 1, &own, 16), HOLM_OK);
    far_take(400);
    far_arp(&other, &own);
    CHECK_IS(came_count, 1);
    CHECK(came_to_all());
}
