/* SPDX-License-Identifier: ISC */
/* What strangers forge, and what servers change their minds about. */
#include "tcpip_impl.h"

#include "../../dhcp/test/dhcp_server.h"
#include "far_end.h"

#include <holm/icmp.h>
#include <holm/icmp6.h>
#include <holm/ipv6.h>
#include <holm/test.h>
#include <holm/udp.h>

#define SECOND_NS UINT64_C(1000000000)

static struct holm_datagram *port;

static void port_open(void)
{
    struct holm_endpoint local = { .port = 53 };
    struct holm_open open = { 0 };

    CHECK_IS(two.networks[0]->ops->datagram(two.networks[0], &open, &port, &local), HOLM_OK);
}

static enum holm_result received(void)
{
    struct holm_datagram_about about = { 0 };
    struct holm_span in = { 0 };

    return holm_datagram_receive(port, &in, &about);
}

/* back_from tells our stack that a datagram from source to destination and its port came back. */
static void back_from(const struct holm_ip_address *source,
                      const struct holm_ip_address *destination, uint16_t port_there)
{
    struct holm_icmp icmp = { .type = HOLM_ICMP_UNREACHABLE, .code = HOLM_ICMP_NO_PORT };
    uint8_t memory[28];
    struct holm_buffer quote = HOLM_BUFFER(memory);
    struct holm_ip_header inner = { .source = *source,
                                    .destination = *destination,
                                    .protocol = HOLM_IP_UDP,
                                    .payload_len = 8,
                                    .hops = 64 };
    struct holm_udp_header udp = { .source = 53, .destination = port_there };

    holm_assert(holm_ipv4_emit(&quote, &inner) && holm_udp_emit(&quote, &udp, 0));
    far_ip((struct holm_ip_header){ .protocol = HOLM_IP_ICMP, .payload_len = 36 });
    holm_assert(holm_icmp_emit(&frame, &icmp, holm_buffer_filled(&quote)) &&
                holm_buffer_bytes(&frame, holm_buffer_filled(&quote)));
    far_give();
}

static void send_to(uint16_t number)
{
    struct holm_datagram_about about = { .peer = { peer, number } };

    CHECK_IS(holm_datagram_send(port, HOLM_TEXT("x"), &about), HOLM_OK);
    far_take(20);
    CHECK_IS(came_count, 1);
}

TEST(a_datagram_that_comes_back_is_told_to_its_port)
{
    far_begin();
    port_open();
    send_to(9999);
    CHECK_IS(received(), HOLM_AGAIN);
    back_from(&ours, &peer, 9999);
    CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
    CHECK_IS(received(), HOLM_AGAIN);
}

TEST(an_error_about_what_was_never_sent_is_told_to_nobody)
{
    struct holm_ip_address other = holm_ip_v4(10, 9, 0, 7);

    far_begin();
    port_open();
    back_from(&ours, &peer, 9999);
    CHECK_IS(received(), HOLM_AGAIN);
    send_to(9999);
    back_from(&ours, &peer, 9998);
    back_from(&ours, &other, 9999);
    back_from(&other, &peer, 9999);
    CHECK_IS(received(), HOLM_AGAIN);
    for (uint16_t i = 0; i < HOLM_TCPIP__SENT; i++)
        send_to(i);
    back_from(&ours, &peer, 9999); /* that is too long ago */
    CHECK_IS(received(), HOLM_AGAIN);
    back_from(&ours, &peer, 1);
    CHECK_IS(received(), HOLM_ERR_UNREACHABLE);
}

/* datagram_in gives the port a datagram. */
static void datagram_in(struct holm_ip_header header)
{
    struct holm_udp_header udp = { .source = 9999, .destination = 53 };

    header.protocol = HOLM_IP_UDP;
    header.payload_len = HOLM_UDP_HEADER_BYTES + 1;
    far_ip(header);
    holm_assert(holm_udp_emit(&frame, &udp, 1) && holm_buffer_u8(&frame, 'x'));
    far_give();
}

TEST(what_comes_from_nobody_reaches_no_port_and_no_echo)
{
    const struct holm_ip_header bad[] = {
        { .source = holm_ip_v4(0, 0, 0, 0) },   { .source = holm_ip_v4(127, 0, 0, 1) },
        { .source = holm_ip_v4(224, 0, 0, 1) }, { .source = holm_ip_v4(255, 255, 255, 255) },
        { .source = holm_ip_v4(10, 9, 0, 1) },
    };
    struct holm_icmp icmp = { .type = HOLM_ICMP_ECHO };

    far_begin();
    CHECK_IS(holm_tcpip_gateway_add(two.stacks[0], &peer), HOLM_OK); /* an answer would go there */
    port_open();
    for (size_t i = 0; i < HOLM_COUNT(bad); i++) {
        datagram_in(HOLM_AT(bad, i));
        CHECK_IS(received(), HOLM_AGAIN);
        CHECK_IS(came_count, 0);
        struct holm_ip_header header = HOLM_AT(bad, i);
        header.protocol = HOLM_IP_ICMP;
        header.payload_len = HOLM_ICMP_HEADER_BYTES;
        far_ip(header);
        holm_assert(holm_icmp_emit(&frame, &icmp, (struct holm_bytes){ 0 }));
        far_give();
        CHECK_IS(came_count, 0);
    }
    datagram_in((struct holm_ip_header){ 0 });
    CHECK_IS(received(), HOLM_OK);
}

/* transaction is that of the question to a server of DHCP that came; 0: none did. */
static uint32_t transaction(void)
{
    struct holm_bytes in = holm_buffer_filled(&came);
    uint16_t high = 0, low = 0, there = 0;

    if (came_count == 0 || !holm_bytes_u16_at(in, 36, &there) || there != HOLM_DHCP_SERVER_PORT ||
        !holm_bytes_u16_at(in, 46, &high) || !holm_bytes_u16_at(in, 48, &low))
        return 0;
    return high * UINT32_C(65536) + low;
}

/* server_says answers with a lease of 10.8.0.50 for 100 s, and more options. */
static void server_says(enum holm_dhcp_message kind, struct holm_bytes mask, uint8_t option,
                        struct holm_bytes value, struct holm_bytes mtu)
{
    static uint8_t memory[1024];
    const uint8_t kind_byte[] = { (uint8_t)kind };
    struct holm_buffer message = HOLM_BUFFER(memory);
    struct holm_ip_address address = holm_ip_v4(10, 8, 0, 50);
    struct holm_udp_header udp = { .source = HOLM_DHCP_SERVER_PORT,
                                   .destination = HOLM_DHCP_CLIENT_PORT };

    dhcp_server_begin(&message, transaction(), &two.nets[0].net.facts.mac, &address);
    dhcp_server_option(&message, 53, HOLM_BLOB(kind_byte));
    dhcp_server_option(&message, 54, HOLM_TEXT("\12\10\0\2"));
    dhcp_server_option(&message, 51, HOLM_TEXT("\0\0\0\144"));
    dhcp_server_option(&message, 1, mask);
    dhcp_server_option(&message, option, value);
    dhcp_server_option(&message, 26, mtu);
    holm_assert(holm_buffer_u8(&message, 255));
    far_ip(
        (struct holm_ip_header){ .source = holm_ip_v4(10, 8, 0, 2),
                                 .destination = holm_ip_v4(255, 255, 255, 255),
                                 .protocol = HOLM_IP_UDP,
                                 .payload_len = (uint16_t)(HOLM_UDP_HEADER_BYTES + message.len) });
    holm_assert(holm_udp_emit(&frame, &udp, message.len) &&
                holm_buffer_bytes(&frame, holm_buffer_filled(&message)));
    far_give();
}

/* asked waits until our stack asks a server. */
static void asked(void)
{
    for (int i = 0; i < 200 && transaction() == 0; i++)
        far_take(1);
    CHECK(transaction() != 0);
}

static uint32_t routes_of_dhcp(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < two.stacks[0]->routes.count; i++)
        count += HOLM_AT(two.stacks[0]->routes.all, i).origin == HOLM_TCPIP__BY_DHCP ? 1U : 0U;
    return count;
}

/* gateway_of is the last byte of the gateway to an address; 0: it is on the link. */
static uint8_t gateway_of(struct holm_ip_address to)
{
    struct holm_route route = { 0 };

    CHECK_IS(holm_route_find(&two.stacks[0]->routes, &to, 0, &route), HOLM_OK);
    return HOLM_AT(route.gateway.bytes, 3);
}

static uint16_t mtu(void)
{
    return holm_tcpip__path_mtu(two.stacks[0], two.stacks[0]->interfaces[0], &peer);
}

TEST(what_a_server_of_dhcp_says_anew_stands_in_place_of_what_it_said)
{
    struct holm_tcpip_dhcp options = { .no_last_resort = true };

    far_begin();
    uint16_t link = mtu();
    CHECK_IS(holm_tcpip_dhcp_start(two.stacks[0], 1, &options), HOLM_OK);
    asked();
    server_says(HOLM_DHCP_OFFER, HOLM_TEXT("\377\377\377\0"), 3, HOLM_TEXT("\12\10\0\3"),
                HOLM_TEXT("\2\130"));
    asked();
    server_says(HOLM_DHCP_ACK, HOLM_TEXT("\377\377\377\0"), 3, HOLM_TEXT("\12\10\0\3"),
                HOLM_TEXT("\2\130"));
    far_take(300); /* nobody else has the address */
    CHECK_IS(routes_of_dhcp(), 2);
    CHECK_IS(gateway_of(holm_ip_v4(1, 1, 1, 1)), 3);
    CHECK_IS(mtu(), 600);
    two.now_ns += 51 * SECOND_NS; /* it is renewed */
    asked();
    server_says(HOLM_DHCP_ACK, HOLM_TEXT("\377\377\0\0"), 121,
                HOLM_TEXT("\0\12\10\0\4\10\14\12\10\0\5"), HOLM_TEXT("\377\377"));
    far_take(2);
    CHECK_IS(routes_of_dhcp(), 3);
    CHECK_IS(gateway_of(holm_ip_v4(1, 1, 1, 1)), 4);
    CHECK_IS(gateway_of(holm_ip_v4(12, 1, 1, 1)), 5);
    CHECK_IS(gateway_of(holm_ip_v4(10, 8, 9, 9)), 0); /* the link is larger now */
    CHECK_IS(mtu(), link);
    two.now_ns += 51 * SECOND_NS;
    asked();
    server_says(HOLM_DHCP_ACK, HOLM_TEXT("\377\377\377\0"), 3, HOLM_TEXT("\12\10\0\3"),
                HOLM_TEXT("\0\104"));
    far_take(2);
    CHECK_IS(routes_of_dhcp(), 2);
    CHECK_IS(gateway_of(holm_ip_v4(10, 8, 9, 9)), 3);
    CHECK_IS(mtu(), link);
}

/* lease_contested gets the lease offered whose address somebody has. */
static void lease_contested(void)
{
    struct holm_ip_address address = holm_ip_v4(10, 8, 0, 50);

    asked();
    server_says(HOLM_DHCP_OFFER, HOLM_TEXT("\377\377\377\0"), 3, HOLM_TEXT("\12\10\0\3"),
                HOLM_TEXT("\2\130"));
    asked();
    server_says(HOLM_DHCP_ACK, HOLM_TEXT("\377\377\377\0"), 3, HOLM_TEXT("\12\10\0\3"),
                HOLM_TEXT("\2\130"));
    far_arp(&address, &address);
    CHECK(transaction() != 0); /* it is declined */
    far_take(1);
}

TEST(after_ten_conflicts_a_server_is_asked_once_a_minute)
{
    struct holm_tcpip_dhcp options = { .no_last_resort = true };

    far_begin();
    CHECK_IS(holm_tcpip_dhcp_start(two.stacks[0], 1, &options), HOLM_OK);
    for (int i = 0; i < 10; i++) {
        lease_contested();
        two.now_ns += 9 * SECOND_NS;
        far_take(5);
        CHECK_IS(transaction(), 0);
        two.now_ns += (i < 9 ? 1 : 50) * SECOND_NS;
        if (i == 9) {
            far_take(5);
            CHECK_IS(transaction(), 0);
            two.now_ns += SECOND_NS;
        }
    }
    asked();
}

/* strange gives a message with an option before it that nobody knows, and that is to be told. */
static void strange(uint8_t type)
{
    const uint8_t option[] = { HOLM_IP_ICMPV6, 0, 0x9e, 4, 0, 0, 0, 0 };
    const uint8_t message[] = { type, 0, 0, 0, 0, 0, 0, 0 };
    struct holm_ip_header header = { .source = peer,
                                     .destination = ours,
                                     .protocol = HOLM_IPV6_DESTINATION,
                                     .payload_len = sizeof option + sizeof message,
                                     .hops = 64 };

    far_ethernet(&two.nets[0].net.facts.mac, HOLM_ETHERNET_IPV6);
    holm_assert(holm_ipv6_emit(&frame, &header) && holm_buffer_bytes(&frame, HOLM_BLOB(option)) &&
                holm_buffer_bytes(&frame, HOLM_BLOB(message)));
    far_give();
}

TEST(about_an_error_with_a_strange_option_nothing_is_told)
{
    far_begin_ipv6();
    strange(HOLM_ICMP6_ECHO);
    CHECK_IS(came_count, 1);
    strange(HOLM_ICMP6_UNREACHABLE);
    CHECK_IS(came_count, 0);
    strange(HOLM_ICMP6_REDIRECT);
    CHECK_IS(came_count, 0);
}

TEST(an_answer_waits_for_the_station_that_is_asked_for)
{
    far_begin_ipv6();
    HOLM_AT(peer.bytes, 15) = 3; /* of whom nothing is known */
    strange(HOLM_ICMP6_ECHO);
    CHECK_IS(came_count, 1); /* the question */
    far_asks();
    CHECK_IS(came_count, 2); /* the answer to it, and what waited */
}

TEST(a_datagram_of_ipv6_from_nobody_or_from_ourselves_reaches_no_port)
{
    struct holm_udp_header udp = { .source = 9999, .destination = 53 };
    struct holm_ip_header header = { .protocol = HOLM_IP_UDP,
                                     .payload_len = HOLM_UDP_HEADER_BYTES,
                                     .hops = 64 };

    far_begin_ipv6();
    port_open();
    const struct holm_ip_address sources[] = { holm_ip_any(HOLM_IP_V6), ours, peer };
    for (size_t i = 0; i < HOLM_COUNT(sources); i++) {
        uint8_t memory[HOLM_UDP_HEADER_BYTES];
        struct holm_buffer out = HOLM_BUFFER(memory);
        struct holm_sum sum = { 0 };
        header.destination = ours;
        header.source = HOLM_AT(sources, i);
        udp.checksum = 0;
        holm_assert(holm_udp_emit(&out, &udp, 0));
        holm_ip_pseudo(&sum, &header.source, &ours, HOLM_IP_UDP, HOLM_UDP_HEADER_BYTES);
        holm_sum_add(&sum, holm_buffer_filled(&out));
        udp.checksum = holm_udp_checksum(&sum);
        far_ethernet(&two.nets[0].net.facts.mac, HOLM_ETHERNET_IPV6);
        holm_assert(holm_ipv6_emit(&frame, &header) && holm_udp_emit(&frame, &udp, 0));
        far_give();
        CHECK_IS(received(), holm_ip_equal(&header.source, &peer) ? HOLM_OK : HOLM_AGAIN);
    }
}
