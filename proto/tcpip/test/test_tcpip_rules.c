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

/* asked_by is the sender of the question of ARP about target that came last, by its last byte; 0: none
 * came. */
static uint8_t asked_by(struct holm_ip_address target)
{
    struct holm_mac_address to;
    struct holm_bytes in;
    struct holm_arp arp;

    if (came_type(&to, &in) != HOLM_ETHERNET_ARP || holm_arp_parse(&arp, in) != HOLM_OK ||
        arp.is_reply || !holm_ip_equal(&arp.target, &target))
        return 0;
    return HOLM_AT(arp.sender.bytes, 3);
}

static struct holm_datagram *port;

static void port_open(void)
{
    struct holm_endpoint local = { .port = 53 };
    struct holm_open open = { 0 };

    CHECK_IS(two.networks[0]->ops->datagram(two.networks[0], &open, &port, &local), HOLM_OK);
}

/* send_to sends a byte there; what came is what left. */
static enum holm_result send_to(struct holm_ip_address to)
{
    struct holm_datagram_about about = { .peer = { to, 9999 }, .broadcast = true };
    enum holm_result result = holm_datagram_send(port, HOLM_TEXT("x"), &about);

    far_take(20);
    return result;
}

TEST(what_no_router_sends_on_goes_to_none)
{
    const struct holm_ip_address all = holm_ip_v4(255, 255, 255, 255);

    far_begin();
    port_open();
    for (uint8_t i = 0; i < 2; i++) {
        struct holm_ip_address near = holm_ip_v4(169, 254, 1, i);
        CHECK_IS(send_to(all), HOLM_OK);
        CHECK_IS(came_count, 1);
        CHECK(came_to_all());
        CHECK_IS(send_to(near), HOLM_AGAIN);
        CHECK_IS(asked_by(near), 1);
        CHECK_IS(send_to(holm_ip_v4(224, 0, 0, 251)), HOLM_OK);
        CHECK_IS(came_count, 1);
        if (i == 0)
            CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK);
    }
    /* But a route that is about addresses of links alone is not passed over. */
    struct holm_route route = { .prefix = { holm_ip_v4(169, 254, 169, 254), 32 },
                                .gateway = peer,
                                .interface = 1 };
    CHECK_IS(holm_route_add(&two.stacks[0]->routes, &route), HOLM_OK);
    far_arp(&peer, &ours);
    CHECK_IS(send_to(route.prefix.address), HOLM_OK);
    CHECK_IS(came_count, 1);
}

TEST(a_packet_comes_from_the_address_on_the_link_that_it_goes_to)
{
    const struct holm_ip_address own = holm_ip_v4(192, 0, 2, 33), third = holm_ip_v4(172, 16, 0, 7);
    struct holm_ip_address other = holm_ip_v4(192, 0, 2, 34), from = { 0 };
    struct holm_ip_header header;
    struct holm_bytes in;

    far_begin();
    port_open();
    CHECK_IS(holm_tcpip_address_add(two.stacks[0], 1, &own, 24), HOLM_OK);
    CHECK_IS(holm_tcpip_address_add(two.stacks[0], 1, &third, 24), HOLM_OK);
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &other), HOLM_OK);
    far_take(400);
    CHECK_IS(send_to(holm_ip_v4(192, 0, 2, 35)), HOLM_AGAIN);
    CHECK_IS(asked_by(holm_ip_v4(192, 0, 2, 35)), 33);
    far_arp(&other, &own);
    const struct holm_ip_address to[] = { peer, other, holm_ip_v4(198, 51, 100, 1) };
    for (size_t i = 0; i < HOLM_COUNT(to); i++) {
        CHECK_IS(send_to(HOLM_AT(to, i)), HOLM_OK);
        CHECK_IS(far_answer(&header, &in), HOLM_OK);
        from = i == 0 ? ours : own;
        CHECK(holm_ip_equal(&header.source, &from));
    }
}
