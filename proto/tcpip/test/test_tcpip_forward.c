/* SPDX-License-Identifier: ISC */
/* What a router with one interface sends on, where to, and what it tells of the rest: the test holds the
 * other end of the line. */
#include "far_end.h"
#include "tcpip_impl.h"

#include <holm/icmp6.h>
#include <holm/test.h>

#define DATA HOLM_TEXT("twenty bytes of data")

static void router_begin(void)
{
    far_begin();
    holm_tcpip_hook_set(two.stacks[0], holm_tcpip_forward_others, NULL);
}

/* give sends a packet of data through our stack. */
static void give(struct holm_ip_header header, struct holm_bytes data)
{
    header.payload_len = (uint16_t)data.len;
    header.protocol = 253; /* for experiments */
    far_ip(header);
    holm_assert(holm_buffer_bytes(&frame, data));
    far_give();
}

/* went_on answers whether the packet to destination went on, to the peer, as it came but for a hop. */
static bool went_on(struct holm_ip_address destination)
{
    struct holm_bytes in = { 0 };
    struct holm_ip_header header;

    return far_answer(&header, &in) == HOLM_OK && header.hops == 63 && header.id == 7 &&
           header.protocol == 253 && holm_ip_equal(&header.destination, &destination) &&
           holm_bytes_equal(in, DATA);
}

/* was_told answers whether the peer was told this of its packet; *icmp is the message. */
static bool was_told(uint8_t type, uint8_t code, struct holm_icmp *icmp)
{
    struct holm_bytes in = { 0 };
    struct holm_ip_header header;

    return far_answer(&header, &in) == HOLM_OK && header.protocol == HOLM_IP_ICMP &&
           holm_ip_equal(&header.source, &ours) && holm_icmp_parse(icmp, &in) == HOLM_OK &&
           icmp->type == type && icmp->code == code;
}

TEST(a_packet_for_a_neighbour_goes_to_it_with_one_hop_less)
{
    router_begin();
    give(
        (struct holm_ip_header){ .source = holm_ip_v4(192, 0, 2, 1), .destination = peer, .id = 7 },
        DATA);
    CHECK_IS(came_count, 1);
    CHECK(went_on(peer));
}

TEST(a_packet_for_afar_goes_to_the_gateway)
{
    struct holm_ip_address afar = holm_ip_v4(198, 51, 100, 7);

    router_begin();
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK);
    give((struct holm_ip_header){ .destination = afar, .id = 7 }, DATA);
    CHECK_IS(came_count, 1);
    CHECK(went_on(afar));
}

TEST(nothing_goes_on_without_a_hook)
{
    far_begin();
    give((struct holm_ip_header){ .source = holm_ip_v4(192, 0, 2, 1), .destination = peer }, DATA);
    CHECK_IS(came_count, 0);
}

TEST(of_a_packet_without_hops_or_without_a_way_the_sender_is_told)
{
    struct holm_icmp icmp = { 0 };

    router_begin();
    give((struct holm_ip_header){ .destination = holm_ip_v4(198, 51, 100, 7) }, DATA);
    CHECK(was_told(HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_NETWORK, &icmp));
    give((struct holm_ip_header){ .destination = holm_ip_v4(10, 9, 0, 3), .hops = 1 }, DATA);
    CHECK(was_told(HOLM_ICMP_TIME_EXCEEDED, HOLM_ICMP_TRANSIT, &icmp));
}

TEST(what_belongs_to_a_link_stays_there)
{
    const struct holm_ip_header bad[] = {
        { .source = holm_ip_v4(192, 0, 2, 1), .destination = holm_ip_v4(10, 9, 0, 255) },
        { .source = holm_ip_v4(192, 0, 2, 1), .destination = holm_ip_v4(255, 255, 255, 255) },
        { .source = holm_ip_v4(192, 0, 2, 1), .destination = holm_ip_v4(224, 0, 0, 251) },
        { .source = holm_ip_v4(192, 0, 2, 1), .destination = holm_ip_v4(127, 0, 0, 1) },
        { .source = holm_ip_v4(192, 0, 2, 1), .destination = holm_ip_v4(0, 0, 0, 0) },
        { .source = holm_ip_v4(192, 0, 2, 1), .destination = holm_ip_v4(169, 254, 1, 1) },
        { .source = holm_ip_v4(169, 254, 1, 1), .destination = holm_ip_v4(198, 51, 100, 7) },
        { .source = holm_ip_v4(0, 0, 0, 0), .destination = holm_ip_v4(198, 51, 100, 7) },
    };

    router_begin();
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK);
    for (size_t i = 0; i < HOLM_COUNT(bad); i++) {
        give(HOLM_AT(bad, i), DATA);
        CHECK_IS(came_count, 0);
    }
    /* Nor does a packet for one that came in a frame for all: RFC 1812 section 5.3.4. */
    give((struct holm_ip_header){ .destination = holm_ip_v4(198, 51, 100, 7), .id = 7 }, DATA);
    CHECK_IS(came_count, 1);
    for (size_t i = 0; i < sizeof(struct holm_mac_address); i++)
        HOLM_NTH(frame.ptr, frame.len, i) = 0xff;
    far_give();
    CHECK_IS(came_count, 0);
}

TEST(a_packet_that_is_too_long_is_cut_or_its_sender_told)
{
    static const uint8_t data[1000], fits[580];
    struct holm_ip_header header = { .destination = holm_ip_v4(198, 51, 100, 7), .id = 9 };
    struct holm_bytes in = { 0 };
    struct holm_icmp icmp = { 0 };

    router_begin();
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK);
    two.nets[0].net.facts.mtu = 600;
    give(header, HOLM_BLOB(fits));
    CHECK_IS(came_count, 1);
    give(header, HOLM_BLOB(data));
    CHECK_IS(came_count, 2);
    CHECK_IS(far_answer(&header, &in), HOLM_OK); /* the last of both */
    CHECK(header.id == 9 && !header.more_fragments && header.hops == 63);
    CHECK_IS(header.offset, 576); /* as many eights as go into 600 - 20 */
    CHECK_IS(in.len, 1000 - 576);
    give((struct holm_ip_header){ .destination = holm_ip_v4(198, 51, 100, 7),
                                  .dont_fragment = true },
         HOLM_BLOB(data));
    CHECK(was_told(HOLM_ICMP_UNREACHABLE, HOLM_ICMP_TOO_LONG, &icmp));
    CHECK_IS(icmp.sequence, 600);
}

/* give_unsummed gives a packet of data to be sent on whose checksum the device it comes from left out: that
 * of what stands from offset start of the packet on, which belongs offset behind there. */
static void give_unsummed(struct holm_bytes data, uint16_t start, uint16_t offset)
{
    struct holm_net_sent sent = { .header = { .flags = HOLM_NET_NEEDS_CHECKSUM,
                                              .checksum_start =
                                                  (uint16_t)(HOLM_NET_ETHERNET_BYTES + start),
                                              .checksum_offset = offset } };
    size_t taken = 0;

    far_ip((struct holm_ip_header){ .destination = holm_ip_v4(198, 51, 100, 7),
                                    .protocol = 253,
                                    .payload_len = (uint16_t)data.len });
    holm_assert(holm_buffer_bytes(&frame, data));
    sent.head = holm_buffer_filled(&frame);
    CHECK_IS(holm_net_send(&HOLM_AT(two.nets, 1).net, &sent, 1, &taken), HOLM_OK);
    far_take(20);
}

TEST(a_checksum_that_a_device_left_out_is_made_before_a_packet_goes_on)
{
    const uint8_t data[] = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
    };
    struct holm_bytes in = { 0 }, summed = { 0 };
    struct holm_ip_header header;

    router_begin();
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK);
    for (uint16_t inside = 0; inside <= 8; inside += 8) { /* that of a packet in the packet, too */
        struct holm_sum sum = { 0 };
        give_unsummed(HOLM_BLOB(data), HOLM_IPV4_HEADER_MIN + inside, 6);
        CHECK_IS(far_answer(&header, &in), HOLM_OK);
        CHECK(holm_bytes_from(in, inside, &summed));
        /* What stood there is summed with all else; inverted, the sum stands there instead. */
        holm_sum_add(&sum, summed);
        holm_sum_u16(&sum, (uint16_t)((inside + 7) * 256 + inside + 8));
        CHECK_IS(holm_sum_fold(&sum), 0xffff);
    }
    give_unsummed(HOLM_BLOB(data), HOLM_IPV4_HEADER_MIN - 2,
                  2); /* it is not the router's to change */
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK_BYTES(in, HOLM_BLOB(data));
}

TEST(of_a_packet_for_a_silent_neighbour_the_sender_is_told)
{
    struct holm_ip_header header = { .destination = holm_ip_v4(10, 9, 0, 99) };
    struct holm_icmp_quote quote = { 0 };
    struct holm_icmp icmp = { 0 };
    struct holm_bytes in = { 0 };

    router_begin();
    give(header, DATA);
    for (int i = 0; i < 3; i++) {
        CHECK(!was_told(HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_HOST, &icmp));
        two.now_ns += UINT64_C(1000000000);
        far_take(3);
    }
    for (int i = 0; i < 2; i++) { /* what waited; then what does not wait */
        CHECK(was_told(HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_HOST, &icmp));
        CHECK_IS(far_answer(&header, &in), HOLM_OK);
        CHECK(holm_bytes_from(in, HOLM_ICMP_HEADER_BYTES, &in));
        CHECK_IS(in.len, HOLM_IPV4_HEADER_MIN + DATA.len);
        CHECK_IS(holm_icmp_quote_parse(&quote, in), HOLM_OK);
        CHECK(holm_ip_equal(&quote.header.source, &peer));
        CHECK_IS(quote.header.protocol, 253);
        give((struct holm_ip_header){ .destination = holm_ip_v4(10, 9, 0, 99) }, DATA);
    }
}

TEST(so_is_that_of_one_of_ipv6)
{
    struct holm_icmp_quote quote = { 0 };
    struct holm_ip_header header;
    struct holm_icmp6 icmp = { 0 };
    struct holm_bytes in = { 0 };

    far_begin_ipv6();
    holm_tcpip_hook_set(two.stacks[0], holm_tcpip_forward_others, NULL);
    struct holm_ip_address silent = peer;
    HOLM_AT(silent.bytes, 15) = 99;
    give((struct holm_ip_header){ .destination = silent }, DATA);
    for (int i = 0; i < 3; i++) {
        two.now_ns += UINT64_C(1000000000);
        far_take(3);
    }
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK(holm_ip_equal(&header.source, &ours));
    CHECK_IS(holm_icmp6_parse(&icmp, &in), HOLM_OK);
    CHECK(icmp.type == HOLM_ICMP6_UNREACHABLE && icmp.code == HOLM_ICMP6_NO_ADDRESS);
    CHECK_IS(in.len, HOLM_IPV6_HEADER_BYTES + DATA.len);
    CHECK_IS(holm_icmp6_quote_parse(&quote, in), HOLM_OK);
    CHECK(holm_ip_equal(&quote.header.destination, &silent));
}

/* give_many puts sixty packets on the line at once, without hops or too long for their way. */
static void give_many(bool too_long)
{
    static const uint8_t data[1000];
    struct holm_net_sent sent = { 0 };
    size_t taken = 0;

    far_ip((struct holm_ip_header){ .destination = holm_ip_v4(198, 51, 100, 7),
                                    .protocol = 253,
                                    .payload_len = sizeof data,
                                    .dont_fragment = true,
                                    .hops = too_long ? 64 : 1 });
    holm_assert(holm_buffer_bytes(&frame, HOLM_BLOB(data)));
    sent.head = holm_buffer_filled(&frame);
    for (int i = 0; i < 60; i++)
        CHECK_IS(holm_net_send(&HOLM_AT(two.nets, 1).net, &sent, 1, &taken), HOLM_OK);
}

TEST(how_long_a_packet_may_be_is_told_while_many_others_go_wrong)
{
    struct holm_icmp icmp = { 0 };

    router_begin();
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK);
    two.nets[0].net.facts.mtu = 600;
    give_many(false);
    far_take(2);
    CHECK(was_told(HOLM_ICMP_TIME_EXCEEDED, HOLM_ICMP_TRANSIT, &icmp));
    CHECK(came_count >= 50 && came_count < 60); /* as many as are told at once */
    give_many(true);
    far_take(2);
    CHECK(was_told(HOLM_ICMP_UNREACHABLE, HOLM_ICMP_TOO_LONG, &icmp));
    CHECK(came_count >= 50 && came_count < 60);
}

TEST(of_what_may_be_an_error_behind_headers_nobody_is_told)
{
    /* A header of fragments, and behind the first of them more of a message of ICMPv6. */
    const uint8_t later[] = { HOLM_IP_ICMPV6, 0, 0, 8, 0, 0, 0, 9, 1, 0, 0, 0, 0, 0, 0, 0 };
    struct holm_ip_address afar = { HOLM_IP_V6, { 0xfd, 9, [15] = 9 } };
    struct holm_ip_header header = { .destination = afar,
                                     .protocol = HOLM_IPV6_FRAGMENT,
                                     .payload_len = sizeof later };

    far_begin_ipv6();
    holm_tcpip_hook_set(two.stacks[0], holm_tcpip_forward_others, NULL);
    far_ip(header);
    holm_assert(holm_buffer_bytes(&frame, HOLM_BLOB(later)));
    far_give();
    CHECK_IS(came_count, 0);
    give((struct holm_ip_header){ .destination = afar }, DATA);
    CHECK_IS(came_count, 1);
}
