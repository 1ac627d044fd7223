/* SPDX-License-Identifier: ISC */
/* Frames that a test makes byte by byte, and what our stack answers: the second stack is not there, the
 * test holds the other end of the line. */
#include "far_end.h"
#include "tcpip_impl.h"

#include <holm/arp.h>
#include <holm/icmp.h>
#include <holm/metrics.h>
#include <holm/reassembly.h>
#include <holm/test.h>
#include <holm/udp.h>

static void echo(struct holm_ip_header header, struct holm_bytes data)
{
    struct holm_icmp icmp = { .type = HOLM_ICMP_ECHO, .id = 5, .sequence = 6 };

    header.protocol = HOLM_IP_ICMP;
    header.payload_len = (uint16_t)(HOLM_ICMP_HEADER_BYTES + data.len);
    far_ip(header);
    holm_assert(holm_icmp_emit(&frame, &icmp, data) && holm_buffer_bytes(&frame, data));
    far_give();
}

TEST(a_question_of_arp_is_answered_and_that_for_others_is_not)
{
    struct holm_ip_address other = holm_ip_v4(10, 9, 0, 3);
    struct holm_bytes in = { 0 };
    struct holm_ethernet_header header;
    struct holm_arp message;

    far_begin();
    in = holm_buffer_filled(&came);
    CHECK_IS(came_count, 1);
    CHECK_IS(holm_ethernet_parse(&header, &in), HOLM_OK);
    CHECK_IS(holm_arp_parse(&message, in), HOLM_OK);
    CHECK(message.is_reply && holm_ip_equal(&message.sender, &ours) &&
          holm_ip_equal(&message.target, &peer) && holm_mac_equal(&header.destination, &peer_mac));
    far_arp(&peer, &other);
    CHECK_IS(came_count, 0);
}

TEST(who_claims_our_address_is_told_that_it_is_ours)
{
    struct holm_ethernet_header header;
    struct holm_arp message;

    far_begin();
    two.now_ns += UINT64_C(20000000000);
    far_arp(&ours, &ours);
    struct holm_bytes in = holm_buffer_filled(&came);
    CHECK_IS(came_count, 1);
    CHECK_IS(holm_ethernet_parse(&header, &in), HOLM_OK);
    CHECK_IS(holm_arp_parse(&message, in), HOLM_OK);
    CHECK(holm_mac_is_group(&header.destination));
    CHECK(holm_ip_equal(&message.sender, &ours) && holm_ip_equal(&message.target, &ours));
}

TEST(an_echo_comes_back)
{
    struct holm_ip_header header;
    struct holm_bytes in = { 0 };
    struct holm_icmp icmp;

    far_begin();
    echo((struct holm_ip_header){ 0 }, HOLM_TEXT("holm"));
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_OK);
    CHECK(icmp.type == HOLM_ICMP_ECHO_REPLY && icmp.id == 5 && icmp.sequence == 6);
    CHECK_BYTES(in, HOLM_TEXT("holm"));
}

TEST(nobody_answers_to_all_from_itself_or_from_a_group)
{
    const struct holm_ip_header bad[] = {
        { .destination = holm_ip_v4(10, 9, 0, 255) },
        { .destination = holm_ip_v4(255, 255, 255, 255) },
        { .destination = holm_ip_v4(10, 9, 0, 9) },
        { .source = holm_ip_v4(10, 9, 0, 1) },
        { .source = holm_ip_v4(10, 9, 0, 255) },
        { .source = holm_ip_v4(127, 0, 0, 1) },
        { .source = holm_ip_v4(224, 0, 0, 1) },
        { .source = holm_ip_v4(255, 255, 255, 255) },
        { .source = holm_ip_v4(0, 0, 0, 0) },
        { .source = holm_ip_v4(0, 1, 2, 3) },
        { .destination = holm_ip_v4(127, 0, 0, 1) },
    };

    far_begin();
    for (size_t i = 0; i < HOLM_COUNT(bad); i++) {
        echo(HOLM_AT(bad, i), HOLM_TEXT("holm"));
        CHECK_IS(came_count, 0);
    }
    /* Nor to a packet for us that came in a frame for all. */
    echo((struct holm_ip_header){ 0 }, HOLM_TEXT("holm"));
    CHECK_IS(came_count, 1);
    for (size_t i = 0; i < sizeof(struct holm_mac_address); i++)
        HOLM_NTH(frame.ptr, frame.len, i) = 0xff;
    far_give();
    CHECK_IS(came_count, 0);
}

static void datagram_to(struct holm_ip_header header, uint16_t port, struct holm_bytes data)
{
    struct holm_udp_header udp = { .source = 9999, .destination = port };

    header.protocol = HOLM_IP_UDP;
    header.payload_len = (uint16_t)(HOLM_UDP_HEADER_BYTES + data.len);
    far_ip(header);
    holm_assert(holm_udp_emit(&frame, &udp, data.len) && holm_buffer_bytes(&frame, data));
    far_give();
}

TEST(a_closed_port_is_told_with_what_came)
{
    struct holm_ip_header header;
    struct holm_bytes in = { 0 };
    struct holm_icmp_quote quote;
    struct holm_icmp icmp;

    far_begin();
    datagram_to((struct holm_ip_header){ .id = 77 }, 1234, HOLM_TEXT("knock"));
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_OK);
    CHECK_IS(icmp.type, HOLM_ICMP_UNREACHABLE);
    CHECK_IS(icmp.code, HOLM_ICMP_NO_PORT);
    CHECK_IS(in.len, 20 + 8 + 5);
    CHECK_IS(holm_icmp_quote_parse(&quote, in), HOLM_OK);
    CHECK_IS(quote.header.id, 77);
    CHECK_IS(quote.source_port, 9999);
    CHECK_IS(quote.destination_port, 1234);
}

TEST(an_unknown_protocol_is_told_and_an_error_is_not)
{
    struct holm_icmp error = { .type = HOLM_ICMP_UNREACHABLE, .code = 3 };
    struct holm_ip_header header;
    struct holm_bytes in = { 0 };
    struct holm_icmp icmp;

    far_begin();
    far_ip((struct holm_ip_header){ .protocol = 200, .payload_len = 0 });
    far_give();
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_OK);
    CHECK_IS(icmp.code, HOLM_ICMP_NO_PROTOCOL);
    far_ip((struct holm_ip_header){ .protocol = HOLM_IP_ICMP, .payload_len = 8 });
    holm_assert(holm_icmp_emit(&frame, &error, (struct holm_bytes){ 0 }));
    far_give();
    CHECK_IS(came_count, 0);
}

/* dropped is how many packets were dropped for that reason until now. */
static uint64_t dropped(struct holm_bytes reason)
{
    struct holm_metrics all = holm_metrics_linked();

    for (size_t i = 0; i < all.count; i++) {
        const struct holm_metric *metric = &HOLM_NTH(all.first, all.count, i);
        const struct holm_counter *counter = metric->value;
        if (holm_bytes_equal(metric->name, HOLM_TEXT("holm_ip_dropped_total")) &&
            holm_bytes_equal(metric->labels, reason))
            return counter->value;
    }
    CHECK(false);
    return 0;
}

static enum holm_tcpip_verdict drop(void *context, const struct holm_tcpip_arrival *arrival)
{
    (void)context;
    (void)arrival;
    return HOLM_TCPIP_DROP;
}

TEST(what_is_dropped_is_counted_by_its_reason)
{
    const struct {
        struct holm_bytes reason;
        struct holm_ip_header header;
        holm_tcpip_hook_function *hook;
    } packets[] = {
        { HOLM_TEXT("reason=\"address\""), { .destination = holm_ip_v4(10, 9, 0, 9) }, NULL },
        { HOLM_TEXT("reason=\"source\""), { .source = holm_ip_v4(127, 0, 0, 1) }, NULL },
        { HOLM_TEXT("reason=\"protocol\""), { .protocol = 200 }, NULL },
        { HOLM_TEXT("reason=\"hook\""), { .protocol = 200 }, drop },
    };

    far_begin();
    for (size_t i = 0; i < HOLM_COUNT(packets); i++) {
        holm_tcpip_hook_set(two.stacks[0], HOLM_AT(packets, i).hook, NULL);
        far_ip(HOLM_AT(packets, i).header);
        for (size_t j = 0; j < HOLM_COUNT(packets); j++) {
            uint64_t before = dropped(HOLM_AT(packets, j).reason);
            far_give();
            CHECK_IS(dropped(HOLM_AT(packets, j).reason) - before, i == j ? 1 : 0);
        }
    }
}

TEST(errors_are_told_at_a_limited_rate)
{
    uint32_t told = 0;

    far_begin();
    two.stopped = true;
    for (int i = 0; i < 1000; i++) {
        datagram_to((struct holm_ip_header){ 0 }, 1234, HOLM_TEXT("knock"));
        told += came_count;
    }
    CHECK_IS(told, 50);
}

/* fragment sends a piece of a packet of ICMP echo. */
static void fragment(struct holm_bytes all, size_t start, size_t end, uint16_t id)
{
    struct holm_bytes part = { 0 };

    holm_assert(holm_bytes_part(all, start, end - start, &part));
    far_ip((struct holm_ip_header){ .protocol = HOLM_IP_ICMP,
                                    .payload_len = (uint16_t)part.len,
                                    .id = id,
                                    .offset = (uint16_t)start,
                                    .more_fragments = end < all.len });
    holm_assert(holm_buffer_bytes(&frame, part));
    far_give();
}

/* question is an echo of 3,008 bytes. */
static struct holm_bytes question(void)
{
    static uint8_t memory[3008];
    static const uint8_t data[3000] = { 1, 2, 3 };
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_icmp icmp = { .type = HOLM_ICMP_ECHO };

    holm_assert(holm_icmp_emit(&out, &icmp, HOLM_BLOB(data)) &&
                holm_buffer_bytes(&out, HOLM_BLOB(data)));
    return holm_buffer_filled(&out);
}

TEST(a_long_echo_comes_and_goes_in_fragments)
{
    struct holm_bytes all = question();

    far_begin();
    fragment(all, 1480, 2960, 1);
    fragment(all, 2960, 3008, 1);
    CHECK_IS(came_count, 0);
    fragment(all, 0, 1480, 1);
    CHECK_IS(came_count, 3);
}

TEST(fragments_that_overlap_are_never_answered)
{
    struct holm_bytes all = question();

    far_begin();
    fragment(all, 0, 1480, 1);
    fragment(all, 1472, 2952, 1); /* teardrop */
    fragment(all, 2960, 3008, 1);
    CHECK_IS(came_count, 0);
    fragment(all, 0, 8, 2); /* tiny */
    fragment(all, 8, 1488, 2);
    CHECK_IS(came_count, 0);
}

TEST(of_a_packet_that_stays_in_pieces_the_sender_is_told)
{
    struct holm_bytes all = question(), in = { 0 };
    struct holm_ip_header header;
    struct holm_icmp_quote quote;
    struct holm_icmp icmp;

    far_begin();
    fragment(all, 1480, 2960, 1); /* its first is missing: nobody is told */
    two.now_ns += HOLM_REASSEMBLY_NS;
    far_take(20);
    CHECK_IS(came_count, 0);
    fragment(all, 0, 1480, 2);
    far_arp(&peer, &ours); /* that it may be asked for before */
    two.now_ns += HOLM_REASSEMBLY_NS;
    far_take(20);
    CHECK_IS(far_answer(&header, &in), HOLM_OK);
    CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_OK);
    CHECK_IS(icmp.type, HOLM_ICMP_TIME_EXCEEDED);
    CHECK_IS(icmp.code, HOLM_ICMP_REASSEMBLY);
    CHECK_IS(in.len, HOLM_ICMP_QUOTE_MAX);
    CHECK_IS(holm_icmp_quote_parse(&quote, in), HOLM_OK);
    CHECK_IS(quote.header.id, 2);
}

TEST(a_frame_for_another_station_or_another_vlan_is_not_taken)
{
    struct holm_icmp icmp = { .type = HOLM_ICMP_ECHO };
    struct holm_mac_address other = { { 2, 0, 0, 0, 0, 0x66 } };

    far_begin();
    struct holm_ip_header header = {
        .source = peer, .destination = ours, .protocol = HOLM_IP_ICMP, .payload_len = 8, .hops = 64
    };
    far_ethernet(&other, HOLM_ETHERNET_IPV4);
    holm_assert(holm_ipv4_emit(&frame, &header) &&
                holm_icmp_emit(&frame, &icmp, (struct holm_bytes){ 0 }));
    far_give();
    CHECK_IS(came_count, 0);
    for (uint16_t vlan = 0; vlan < 2; vlan++) { /* VLAN 0: a priority, and nothing else */
        struct holm_ethernet_header outer = { .destination = two.nets[0].net.facts.mac,
                                              .source = peer_mac,
                                              .type = HOLM_ETHERNET_IPV4,
                                              .is_tagged = true,
                                              .tag = (uint16_t)(0x6000 + vlan) };
        frame = far_frame();
        holm_assert(holm_ethernet_emit(&frame, &outer) && holm_ipv4_emit(&frame, &header) &&
                    holm_icmp_emit(&frame, &icmp, (struct holm_bytes){ 0 }));
        far_give();
        CHECK_IS(came_count, vlan == 0 ? 1 : 0);
    }
}

/* tagged gives an echo in VLAN 5, to an address there. */
static void tagged(uint16_t vlan)
{
    struct holm_icmp icmp = { .type = HOLM_ICMP_ECHO, .id = 5 };
    struct holm_ethernet_header outer = { .destination = two.nets[0].net.facts.mac,
                                          .source = peer_mac,
                                          .type = HOLM_ETHERNET_IPV4,
                                          .is_tagged = true,
                                          .tag = vlan };
    struct holm_ip_header header = { .source = holm_ip_v4(10, 5, 0, 9),
                                     .destination = holm_ip_v4(10, 5, 0, 1),
                                     .protocol = HOLM_IP_ICMP,
                                     .payload_len = 8,
                                     .hops = 64 };

    frame = far_frame();
    holm_assert(holm_ethernet_emit(&frame, &outer) && holm_ipv4_emit(&frame, &header) &&
                holm_icmp_emit(&frame, &icmp, (struct holm_bytes){ 0 }));
    far_give();
}

/* came_tag is the tag of what came last; -1: it has none, or nothing came. */
static int came_tag(struct holm_bytes *in)
{
    struct holm_ethernet_header outer = { 0 };

    *in = holm_buffer_filled(&came);
    return came_count > 0 && holm_ethernet_parse(&outer, in) == HOLM_OK && outer.is_tagged
               ? outer.tag
               : -1;
}

TEST(a_vlan_has_neighbours_and_addresses_of_its_own)
{
    struct holm_mac_address all = holm_mac_broadcast();
    struct holm_ip_address address = holm_ip_v4(10, 5, 0, 1);
    struct holm_arp message = { .sender_mac = peer_mac,
                                .sender = holm_ip_v4(10, 5, 0, 9),
                                .target = address };
    struct holm_ip_header header;
    struct holm_bytes in = { 0 };
    uint32_t index = 0;

    far_begin();
    CHECK_IS(holm_tcpip_vlan_add(two.stacks[0], 1, 0, &index), HOLM_ERR_INVALID);
    CHECK_IS(holm_tcpip_vlan_add(two.stacks[0], 1, 4095, &index), HOLM_ERR_INVALID);
    CHECK_IS(holm_tcpip_vlan_add(two.stacks[0], 1, 5, &index), HOLM_OK);
    CHECK_IS(index, 2);
    CHECK_IS(holm_tcpip_vlan_add(two.stacks[0], 1, 5, &index), HOLM_ERR_IN_USE);
    CHECK_IS(holm_tcpip_vlan_add(two.stacks[0], 2, 6, &index), HOLM_ERR_INVALID);
    CHECK_IS(holm_tcpip_address_add(two.stacks[0], 2, &address, 24), HOLM_OK);
    far_take(400);
    CHECK_IS(came_tag(&in), 5); /* it was announced there */
    far_ethernet(&all, HOLM_ETHERNET_ARP);
    holm_assert(holm_arp_emit(&frame, &message));
    far_give(); /* untagged: nobody there has the address */
    CHECK_IS(came_count, 0);
    struct holm_ethernet_header outer = { .destination = all,
                                          .source = peer_mac,
                                          .type = HOLM_ETHERNET_ARP,
                                          .is_tagged = true,
                                          .tag = 5 };
    frame = far_frame();
    holm_assert(holm_ethernet_emit(&frame, &outer) && holm_arp_emit(&frame, &message));
    far_give();
    CHECK_IS(came_tag(&in), 5);
    CHECK_IS(holm_arp_parse(&message, in), HOLM_OK);
    CHECK(message.is_reply);
    tagged(5);
    CHECK_IS(came_tag(&in), 5);
    CHECK_IS(holm_ipv4_parse(&header, in, in.len), HOLM_OK);
    CHECK_IS(header.protocol, HOLM_IP_ICMP);
    tagged(6);
    CHECK_IS(came_count, 0);
}

static struct holm_datagram *port;

static void port_open(void)
{
    struct holm_endpoint local = { .port = 53 };
    struct holm_open open = { 0 };

    CHECK_IS(two.networks[0]->ops->datagram(two.networks[0], &open, &port, &local), HOLM_OK);
}

TEST(more_datagrams_than_a_port_holds_are_lost_and_the_chunks_come_back)
{
    struct holm_datagram_about about = { 0 };
    struct holm_span in = { 0 };
    uint32_t count = 0;

    far_begin();
    port_open();
    for (int i = 0; i < 200; i++)
        datagram_to((struct holm_ip_header){ 0 }, 53, HOLM_TEXT("x"));
    while (holm_datagram_receive(port, &in, &about) == HOLM_OK)
        count += 1;
    CHECK_IS(count, 64);
    holm_datagram_close(port);
    CHECK_IS(two.pool.free_count, two.pool.count);
}

static bool same_key(const struct holm_siphash_key *a, const struct holm_siphash_key *b)
{
    return a->low == b->low && a->high == b->high;
}

TEST(a_clone_that_wakes_has_keys_of_its_own)
{
    far_begin();
    const struct holm_tcpip *stack = two.stacks[0];
    struct holm_siphash_key id = stack->id_key;
    struct holm_tcp_table before = stack->table;

    two_stacks_turn();
    CHECK(same_key(&stack->id_key, &id));
    CHECK(same_key(&stack->table.number_key, &before.number_key));
    two.woken = true;
    two_stacks_turn();
    CHECK(!same_key(&stack->id_key, &id));
    CHECK(!same_key(&stack->table.number_key, &before.number_key));
    CHECK(!same_key(&stack->table.time_key, &before.time_key));
    CHECK(!same_key(&stack->table.cookie_key, &before.cookie_key));
}
