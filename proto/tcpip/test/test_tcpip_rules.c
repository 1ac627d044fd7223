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

/* send_by sends a byte there, by that interface, or, of 0, the one of the routes; what came is what left. */
static enum holm_result send_by(uint32_t interface, struct holm_ip_address to)
{
    struct holm_datagram_about about = { .peer = { to, 9999 },
                                         .interface = interface,
                                         .broadcast = true };
    enum holm_result result = holm_datagram_send(port, HOLM_TEXT("x"), &about);

    far_take(20);
    return result;
}

static enum holm_result send_to(struct holm_ip_address to)
{
    return send_by(0, to);
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

TEST(so_does_one_that_leaves_by_the_interface_that_was_asked_for)
{
    const struct holm_ip_address own = holm_ip_v4(192, 0, 2, 33);
    struct holm_ip_address other = holm_ip_v4(192, 0, 2, 34);
    struct holm_ip_header header;
    struct holm_bytes in;

    far_begin();
    port_open();
    CHECK_IS(holm_tcpip_address_add(two.stacks[0], 1, &own, 24), HOLM_OK);
    far_take(400);
    far_arp(&other, &own);
    CHECK_IS(send_by(1, other), HOLM_OK);
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK(holm_ip_equal(&header.source, &own));
}

/* received is what the port hears. */
static enum holm_result received(void)
{
    struct holm_datagram_about about = { 0 };
    struct holm_span in = { 0 };

    return holm_datagram_receive(port, &in, &about);
}

TEST(a_link_reaches_as_far_as_the_length_of_its_address_says)
{
    /* Of 20 bits: from 10.20.32.0 to 10.20.47.255. */
    const struct holm_ip_address own = holm_ip_v4(10, 20, 33, 7);
    const uint8_t within[] = { 32, 47 }, beyond[] = { 31, 48 };

    far_begin();
    port_open();
    CHECK_IS(holm_tcpip_address_add(two.stacks[0], 1, &own, 20), HOLM_OK);
    far_take(400);
    for (size_t i = 0; i < HOLM_COUNT(within); i++) {
        struct holm_ip_address near = holm_ip_v4(10, 20, HOLM_AT(within, i), 9);
        CHECK_IS(send_to(near), HOLM_AGAIN);
        CHECK_IS(asked_by(near), 7);
        CHECK_IS(send_to(holm_ip_v4(10, 20, HOLM_AT(beyond, i), 9)), HOLM_OK);
        CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
    }
}

TEST(what_goes_to_a_group_leaves_by_the_interface_of_the_gateway)
{
    const struct holm_ip_address own = holm_ip_v4(10, 5, 0, 1), gateway = holm_ip_v4(10, 5, 0, 9);
    struct holm_ethernet_header header = { 0 };
    uint32_t index = 0;

    far_begin();
    port_open();
    CHECK_IS(holm_tcpip_vlan_add(two.stacks[0], 1, 5, &index), HOLM_OK);
    CHECK_IS(holm_tcpip_address_add(two.stacks[0], index, &own, 24), HOLM_OK);
    far_take(400);
    for (int i = 0; i < 2; i++) {
        CHECK_IS(send_to(holm_ip_v4(224, 0, 0, 251)), HOLM_OK);
        CHECK_IS(came_count, 1);
        struct holm_bytes in = holm_buffer_filled(&came);
        CHECK_IS(holm_ethernet_parse(&header, &in), HOLM_OK);
        CHECK_IS(header.is_tagged ? header.tag : 0, i == 0 ? 0 : 5);
        CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &gateway),
                 i == 0 ? HOLM_OK : HOLM_ERR_IN_USE);
    }
}

TEST(who_was_there_before_is_asked_alone_whether_it_still_is)
{
    struct holm_mac_address to = { 0 };
    struct holm_bytes in;

    far_begin();
    port_open();
    two.now_ns += 31 * SECOND_NS; /* nothing was heard for so long */
    far_take(2);
    CHECK_IS(send_to(peer), HOLM_OK);
    CHECK_IS(came_count, 1);
    two.now_ns += 5 * SECOND_NS;
    far_take(2);
    CHECK_IS(asked_by(peer), 1);
    CHECK(came_type(&to, &in) != 0 && holm_mac_equal(&to, &peer_mac));
}

/* in_two gives a datagram to a port that nobody has, in two fragments, the last one first or last. */
static void in_two(bool last_first)
{
    struct holm_udp_header udp = { .source = 9999, .destination = 1234, .checksum = 0 };
    static const uint8_t data[24];
    uint8_t memory[32];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_sum sum = { 0 };
    struct holm_bytes part = { 0 };

    holm_assert(holm_udp_emit(&out, &udp, 24) && holm_buffer_bytes(&out, HOLM_BLOB(data)));
    holm_ip_pseudo(&sum, &peer, &ours, HOLM_IP_UDP, 32);
    holm_sum_add(&sum, holm_buffer_filled(&out));
    udp.checksum = holm_udp_checksum(&sum);
    out.len = 0;
    holm_assert(holm_udp_emit(&out, &udp, 24) && holm_buffer_bytes(&out, HOLM_BLOB(data)));
    for (uint16_t i = 0; i < 2; i++) {
        uint16_t offset = (i == 0) == last_first ? 16 : 0;
        far_ip((struct holm_ip_header){ .protocol = HOLM_IP_UDP,
                                        .payload_len = 16,
                                        .id = 77,
                                        .offset = offset,
                                        .more_fragments = offset == 0 });
        holm_assert(holm_bytes_part(holm_buffer_filled(&out), offset, 16, &part) &&
                    holm_buffer_bytes(&frame, part));
        far_give();
    }
}

TEST(an_error_about_a_packet_that_came_in_fragments_quotes_its_beginning)
{
    struct holm_icmp_quote quote = { 0 };
    struct holm_ip_header header;
    struct holm_bytes in = { 0 };
    struct holm_icmp icmp;

    far_begin();
    for (int i = 0; i < 2; i++) {
        in_two(i == 0);
        CHECK_IS(far_answer(&header, &in), HOLM_OK);
        CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_OK);
        CHECK(icmp.type == HOLM_ICMP_UNREACHABLE && icmp.code == HOLM_ICMP_NO_PORT);
        CHECK_IS(in.len, HOLM_IPV4_HEADER_MIN + 32);
        CHECK_IS(holm_icmp_quote_parse(&quote, in), HOLM_OK);
        CHECK(quote.source_port == 9999 && quote.destination_port == 1234 && quote.header.id == 77);
    }
}

TEST(so_does_one_about_a_packet_of_ipv6)
{
    struct holm_icmp_quote quote = { 0 };
    struct holm_ip_header header;
    struct holm_bytes in = { 0 };
    struct holm_icmp6 icmp;

    far_begin_ipv6();
    for (int i = 0; i < 2; i++) {
        in_two(i == 0);
        CHECK_IS(far_answer(&header, &in), HOLM_OK);
        CHECK_IS(holm_icmp6_parse(&icmp, &in), HOLM_OK);
        CHECK(icmp.type == HOLM_ICMP6_UNREACHABLE && icmp.code == HOLM_ICMP6_NO_PORT);
        CHECK_IS(in.len, HOLM_IPV6_HEADER_BYTES + 32);
        CHECK_IS(holm_icmp6_quote_parse(&quote, in), HOLM_OK);
        CHECK(quote.source_port == 9999 && quote.destination_port == 1234);
    }
}

TEST(of_a_packet_of_ipv6_that_stays_in_pieces_as_much_is_quoted_as_fits)
{
    static const uint8_t data[1400];
    struct holm_ip_header header;
    struct holm_bytes in = { 0 };
    struct holm_icmp6 icmp;

    far_begin_ipv6();
    far_ip((struct holm_ip_header){ .protocol = 200, .payload_len = 1400, .more_fragments = true });
    holm_assert(holm_buffer_bytes(&frame, HOLM_BLOB(data)));
    far_give();
    two.now_ns += 61 * SECOND_NS;
    far_take(5);
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK_IS(holm_icmp6_parse(&icmp, &in), HOLM_OK);
    CHECK(icmp.type == HOLM_ICMP6_TIME_EXCEEDED && icmp.code == HOLM_ICMP6_REASSEMBLY);
    CHECK_IS(in.len, HOLM_ICMP6_QUOTE_MAX);
}

/* tell tells our stack something about the packet of which quote is the front: by ICMP or, for IPv6,
 * ICMPv6. */
static void tell(uint8_t type, uint8_t code, uint32_t value, struct holm_bytes quote)
{
    bool six = peer.family == HOLM_IP_V6;
    struct holm_icmp icmp = { .type = type, .code = code, .sequence = (uint16_t)value };
    struct holm_icmp6 icmp6 = { .type = type, .code = code, .value = value };

    far_ip((struct holm_ip_header){ .protocol = six ? HOLM_IP_ICMPV6 : HOLM_IP_ICMP,
                                    .payload_len = (uint16_t)(8 + quote.len) });
    holm_assert((six ? holm_icmp6_emit(&frame, &icmp6, &peer, &ours, quote)
                     : holm_icmp_emit(&frame, &icmp, quote)) &&
                holm_buffer_bytes(&frame, quote));
    far_give();
}

/* told_from tells something about a datagram of source, from port 53 to 9999 of the peer; told, of one of
 * ours. */
static void told_from(struct holm_ip_address source, uint8_t type, uint8_t code, uint32_t value)
{
    struct holm_ip_header inner = {
        .source = source, .destination = peer, .protocol = HOLM_IP_UDP, .payload_len = 9, .hops = 64
    };
    struct holm_udp_header udp = { .source = 53, .destination = 9999 };
    uint8_t memory[48];
    struct holm_buffer quote = HOLM_BUFFER(memory);

    holm_assert((peer.family == HOLM_IP_V6 ? holm_ipv6_emit(&quote, &inner)
                                           : holm_ipv4_emit(&quote, &inner)) &&
                holm_udp_emit(&quote, &udp, 1));
    tell(type, code, value, holm_buffer_filled(&quote));
}

static void told(uint8_t type, uint8_t code, uint32_t value)
{
    told_from(ours, type, code, value);
}

static uint16_t mtu(void)
{
    return holm_tcpip__path_mtu(two.stacks[0], two.stacks[0]->interfaces[0], &peer);
}

TEST(no_message_makes_a_way_wider)
{
    far_begin_ipv6();
    port_open();
    CHECK_IS(send_to(peer), HOLM_OK);
    told(HOLM_ICMP6_TOO_BIG, 0, 1300);
    CHECK_IS(mtu(), 1300);
    told(HOLM_ICMP6_TOO_BIG, 0, 1400);
    CHECK_IS(mtu(), 1300);
    told(HOLM_ICMP6_TOO_BIG, 0, 1279);
    CHECK_IS(mtu(), 1300);
    told(HOLM_ICMP6_TOO_BIG, 0, 1280);
    CHECK_IS(mtu(), 1280);
    two.now_ns += 400 * SECOND_NS;
    told(HOLM_ICMP6_TOO_BIG, 0, 1280); /* it still is so narrow */
    two.now_ns += 400 * SECOND_NS;
    far_take(2);
    CHECK_IS(mtu(), 1280);
    two.now_ns += 601 * SECOND_NS; /* but time does */
    far_take(2);
    CHECK_IS(mtu(), 1500);
}

TEST(what_was_told_of_a_way_counts_for_ten_minutes_and_not_longer)
{
    far_begin_ipv6();
    port_open();
    CHECK_IS(send_to(peer), HOLM_OK);
    two.stopped = true;
    told(HOLM_ICMP6_TOO_BIG, 0, 1300);
    two.now_ns += 600 * SECOND_NS - 1;
    told(HOLM_ICMP6_TOO_BIG, 0, 1400);
    CHECK_IS(mtu(), 1300);
    two.now_ns += 1;
    told(HOLM_ICMP6_TOO_BIG, 0, 1400);
    CHECK_IS(mtu(), 1400);
}

/* told_of_rest tells that a later fragment of a datagram of ours, without its ports, was too long. */
static void told_of_rest(struct holm_ip_address destination)
{
    const uint8_t fragment[] = { HOLM_IP_UDP, 0, 4, 0, 0, 0, 0, 9 };
    struct holm_ip_header inner = { .source = ours,
                                    .destination = destination,
                                    .protocol = HOLM_IPV6_FRAGMENT,
                                    .payload_len = sizeof fragment,
                                    .hops = 64 };
    uint8_t memory[48];
    struct holm_buffer quote = HOLM_BUFFER(memory);

    holm_assert(holm_ipv6_emit(&quote, &inner) && holm_buffer_bytes(&quote, HOLM_BLOB(fragment)));
    tell(HOLM_ICMP6_TOO_BIG, 0, 1300, holm_buffer_filled(&quote));
}

TEST(of_a_later_fragment_it_is_believed_only_if_a_port_sent_there)
{
    struct holm_ip_address there = { 0 };

    far_begin_ipv6();
    port_open();
    there = peer;
    CHECK_IS(send_to(there), HOLM_OK);
    HOLM_AT(peer.bytes, 15) = 9; /* to whom nothing was sent */
    told_of_rest(peer);
    CHECK_IS(mtu(), 1500);
    peer = there;
    told_of_rest(peer);
    CHECK_IS(mtu(), 1300);
}

/* mtu_to is how long packets to that address of the link may be, and makes it the peer's. */
static uint16_t mtu_to(size_t last)
{
    HOLM_AT(peer.bytes, 15) = (uint8_t)last;
    return mtu();
}

TEST(of_more_ways_than_are_remembered_the_oldest_is_forgotten)
{
    far_begin_ipv6();
    port_open();
    for (size_t i = 0; i <= HOLM_TCPIP__PATHS; i++) {
        CHECK_IS(mtu_to(100), i == 0 ? 1500 : 1300);
        CHECK_IS(mtu_to(100 + i), 1500);
        CHECK_IS(send_to(peer), HOLM_AGAIN); /* nobody knows it yet */
        told(HOLM_ICMP6_TOO_BIG, 0, 1300);
        CHECK_IS(mtu(), 1300);
        two.now_ns += SECOND_NS;
    }
    CHECK_IS(mtu_to(100), 1500);
    CHECK_IS(mtu_to(101), 1300);
}

TEST(neighbour_discovery_with_a_header_of_fragments_is_not_heard)
{
    const uint8_t whole[] = {
        HOLM_IP_ICMPV6, 0, 0, 0, 0, 0, 0, 9
    }; /* all there is, and no more follows */
    const uint8_t padding[] = { HOLM_IP_ICMPV6, 0, 1, 4, 0, 0, 0, 0 };
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_NEIGHBOUR_SOLICITATION };

    far_begin_ipv6();
    for (int i = 0; i < 2; i++) {
        far_ip((struct holm_ip_header){ .protocol =
                                            i == 0 ? HOLM_IPV6_FRAGMENT : HOLM_IPV6_DESTINATION,
                                        .payload_len = 8 + HOLM_ICMP6_HEADER_BYTES + 16,
                                        .hops = 255 });
        holm_assert(holm_buffer_bytes(&frame, i == 0 ? HOLM_BLOB(whole) : HOLM_BLOB(padding)) &&
                    holm_icmp6_emit(&frame, &icmp, &peer, &ours, holm_ip_bytes(&ours)) &&
                    holm_buffer_bytes(&frame, holm_ip_bytes(&ours)));
        far_give();
        CHECK_IS(came_count, i == 0 ? 0 : 1);
    }
}

TEST(a_port_hears_of_each_error_about_its_datagrams)
{
    far_begin();
    port_open();
    CHECK_IS(send_to(peer), HOLM_OK);
    told(HOLM_ICMP_TIME_EXCEEDED, HOLM_ICMP_TRANSIT, 0);
    CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
    told(HOLM_ICMP_PARAMETER, 0, 0);
    CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
    told(4, 0, 0); /* source quench, which RFC 6633 has ended */
    CHECK_IS(received(), HOLM_AGAIN);
    told(5, 0, 0);
    CHECK_IS(received(), HOLM_AGAIN);
    far_begin_ipv6();
    port_open();
    CHECK_IS(send_to(peer), HOLM_OK);
    told(HOLM_ICMP6_TIME_EXCEEDED, 0, 0);
    CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
    told(HOLM_ICMP6_PARAMETER, HOLM_ICMP6_OPTION, 0);
    CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
    told(HOLM_ICMP6_TOO_BIG, 0, 1300);
    CHECK_IS(received(), HOLM_AGAIN);
}

TEST(an_error_of_icmpv6_about_what_another_sent_is_told_to_nobody)
{
    struct holm_ip_address other = { 0 };

    far_begin_ipv6();
    port_open();
    CHECK_IS(send_to(peer), HOLM_OK);
    other = ours;
    HOLM_AT(other.bytes, 15) = 9;
    told_from(other, HOLM_ICMP6_TIME_EXCEEDED, 0, 0);
    CHECK_IS(received(), HOLM_AGAIN);
    told(HOLM_ICMP6_TIME_EXCEEDED, 0, 0);
    CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
}

TEST(nobody_is_told_who_calls_from_the_reserved_class)
{
    far_begin();
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK);
    far_ip((struct holm_ip_header){ .source = holm_ip_v4(198, 51, 100, 1), .protocol = 200 });
    far_give();
    CHECK_IS(came_count, 1);
    far_ip((struct holm_ip_header){ .source = holm_ip_v4(240, 0, 0, 1), .protocol = 200 });
    far_give();
    CHECK_IS(came_count, 0);
}

TEST(answers_of_icmp_may_be_cut_on_their_way)
{
    struct holm_icmp icmp = { .type = HOLM_ICMP_ECHO };
    struct holm_ip_header header;
    struct holm_bytes in;

    far_begin();
    far_ip((struct holm_ip_header){ .protocol = HOLM_IP_ICMP, .payload_len = 8 });
    holm_assert(holm_icmp_emit(&frame, &icmp, (struct holm_bytes){ 0 }));
    far_give();
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK(!header.dont_fragment);
}

TEST(a_query_for_groups_without_an_alert_is_not_answered)
{
    const struct holm_ip_address querier = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 9 } };
    const uint8_t data[20] = { 0 };
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_MLD_QUERY };
    struct holm_ip_header header = { .source = querier, .hops = 1 };
    struct holm_bytes in;
    struct holm_mac_address to;

    far_begin_ipv6();
    for (int alert = 0; alert < 2; alert++) {
        header.protocol = HOLM_IP_ICMPV6;
        if (alert)
            header.protocol = HOLM_IPV6_HOP_BY_HOP;
        header.payload_len =
            (uint16_t)((alert ? HOLM_IPV6_ALERT_BYTES : 0) + HOLM_ICMP6_HEADER_BYTES + sizeof data);
        far_ip(header);
        holm_assert((!alert || holm_ipv6_alert_emit(&frame, HOLM_IP_ICMPV6)) &&
                    holm_icmp6_emit(&frame, &icmp, &querier, &ours, HOLM_BLOB(data)) &&
                    holm_buffer_bytes(&frame, HOLM_BLOB(data)));
        far_give();
        CHECK_IS(came_type(&to, &in), alert ? HOLM_ETHERNET_IPV6 : 0);
    }
}

TEST(the_hop_limit_that_routers_say_is_that_of_connections_too)
{
    /* A SYN to a port that nobody listens at: what comes is a reset. */
    const uint8_t ports[] = { 0x27, 0x0f, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff };
    uint8_t memory[20];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_ip_header header;
    struct holm_bytes in;
    struct holm_sum sum = { 0 };

    far_begin_ipv6();
    two.stacks[0]->interfaces[0]->ipv6->ndp.hops = 99;
    holm_ip_pseudo(&sum, &peer, &ours, HOLM_IP_TCP, sizeof memory);
    holm_sum_add(&sum, HOLM_BLOB(ports));
    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(ports)) &&
                holm_buffer_u16(&out, (uint16_t)(0xffff - holm_sum_fold(&sum))) &&
                holm_buffer_u16(&out, 0));
    far_ip((struct holm_ip_header){ .protocol = HOLM_IP_TCP, .payload_len = sizeof memory });
    holm_assert(holm_buffer_bytes(&frame, holm_buffer_filled(&out)));
    far_give();
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK_IS(header.protocol, HOLM_IP_TCP);
    CHECK_IS(header.hops, 99);
}
