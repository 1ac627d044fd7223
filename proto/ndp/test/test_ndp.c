/* SPDX-License-Identifier: ISC */
/* A station on a link: its addresses, its neighbours. */
#include "ndp_impl.h"
#include "ndp_link.h"

#include <holm/test.h>

TEST(a_station_has_a_link_local_address_at_once_and_is_sure_of_it_after_a_second)
{
    link_begin();
    CHECK(link_owns(&ndp, 0) && link_own(&ndp, 0)->state == HOLM_NDP_OPTIMISTIC);
    CHECK(holm_ndp_has(&ndp, &link_own(&ndp, 0)->address));
    HOLM_AT(seen, HOLM_ICMP6_NEIGHBOUR_SOLICITATION) = 0;
    link_run(SECOND + HOLM_NDP_DELAY_NS, false);
    CHECK_IS(link_own(&ndp, 0)->state, HOLM_NDP_VALID);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_NEIGHBOUR_SOLICITATION), 1);
}

TEST(the_same_secret_gives_the_same_address_and_another_one_another)
{
    link_begin();
    struct holm_ip_address first = link_own(&ndp, 0)->address;
    link_begin();
    CHECK(holm_ip_equal(&first, &link_own(&ndp, 0)->address));
    link_begin_at(&ndp, 1, 2);
    CHECK(!holm_ip_equal(&first, &link_own(&ndp, 0)->address));
    link_begin_at(&ndp, 2, 1);
    CHECK(!holm_ip_equal(&first, &link_own(&ndp, 0)->address));
}

TEST(an_advertisement_gives_an_address_a_route_and_a_router)
{
    uint16_t rank = 9;
    struct holm_mac_address mac;

    link_begin();
    link_run(2 * SECOND, false);
    link_say(usual);
    CHECK(link_owns(&ndp, 1));
    CHECK_IS(link_own(&ndp, 1)->state, HOLM_NDP_OPTIMISTIC);
    CHECK_IS(link_own(&ndp, 1)->length_bits, 64);
    CHECK_IS(link_events(&ndp, HOLM_NDP_ROUTES), 1);
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_OK);
    CHECK_IS(rank, 0);
    CHECK_IS(holm_neighbour_find(&neighbours, &router, now_ns, &mac), HOLM_OK);
    CHECK(holm_mac_equal(&mac, &router_mac));
    link_run(2 * SECOND, false);
    CHECK_IS(link_own(&ndp, 1)->state, HOLM_NDP_VALID);
    link_say(usual); /* the same again is no change */
    CHECK_IS(link_events(&ndp, HOLM_NDP_ROUTES), 0);
}

TEST(what_is_forged_is_refused)
{
    struct word word = usual;

    link_begin();
    word.hops = 64; /* it came over a router */
    link_say(word);
    word = usual;
    word.source = (struct holm_ip_address){ HOLM_IP_V6, { 0x20, 1, [15] = 1 } };
    link_say(word);
    CHECK_IS(ndp.refused, 2);
    CHECK(!link_owns(&ndp, 1));
    word = usual;
    word.length = 63; /* no 64 bits are left for the identifier */
    link_say(word);
    word = usual;
    word.preferred_s = word.valid_s + 1;
    link_say(word);
    CHECK(!link_owns(&ndp, 1));
    word = usual;
    word.value = 0x01000708; /* one hop */
    word.mtu = 9000;
    link_say(word);
    CHECK_IS(ndp.hops, 64);
    CHECK_IS(ndp.mtu, 1500);
    word.value = 0x30000708;
    word.mtu = 1400;
    link_say(word);
    CHECK_IS(ndp.hops, 48);
    CHECK_IS(ndp.mtu, 1400);
    word.mtu = 1279;
    link_say(word);
    CHECK_IS(ndp.mtu, 1400);
}

TEST(an_address_is_deprecated_and_ends_as_its_prefix_says)
{
    struct word word = usual;

    link_begin();
    word.valid_s = 100;
    word.preferred_s = 40;
    link_say(word);
    uint64_t came_ns = now_ns;
    link_run(50 * SECOND, false);
    CHECK(link_owns(&ndp, 1) && link_own(&ndp, 1)->preferred_ns == came_ns + 40 * SECOND);
    CHECK(now_ns > link_own(&ndp, 1)->preferred_ns);
    link_run(49 * SECOND, false);
    CHECK(link_owns(&ndp, 1));
    link_run(2 * SECOND, false);
    CHECK(!link_owns(&ndp, 1));
}

TEST(a_router_can_not_shorten_an_address_below_two_hours)
{
    struct word word = usual;

    link_begin();
    link_say(usual);
    word.valid_s = 1; /* as who wants to cut us off would say */
    word.preferred_s = 0;
    link_say(word);
    CHECK_IS(link_own(&ndp, 1)->valid_ns, now_ns + HOLM_NDP_REMAINS_S * SECOND);
    CHECK_IS(link_own(&ndp, 1)->preferred_ns, now_ns); /* but it is not preferred any more */
    link_run(3600 * SECOND, false);
    link_say(word); /* less than two hours are left: unchanged */
    CHECK_IS(link_own(&ndp, 1)->valid_ns, now_ns + 3600 * SECOND);
    word.valid_s = 4000; /* longer than what is left */
    link_say(word);
    CHECK_IS(link_own(&ndp, 1)->valid_ns, now_ns + 4000 * SECOND);
    word.valid_s = HOLM_NDP_FOREVER_S;
    word.preferred_s = HOLM_NDP_FOREVER_S;
    link_say(word);
    CHECK_IS(link_own(&ndp, 1)->valid_ns, UINT64_MAX);
}

TEST(another_prefix_gives_another_address_beside_the_old_one)
{
    struct word word = usual;

    link_begin();
    link_say(usual);
    word.third = 2;
    link_say(word);
    CHECK(link_owns(&ndp, 1) && link_owns(&ndp, 2));
    CHECK(HOLM_AT(link_own(&ndp, 1)->address.bytes, 15) !=
              HOLM_AT(link_own(&ndp, 2)->address.bytes, 15) ||
          HOLM_AT(link_own(&ndp, 1)->address.bytes, 14) !=
              HOLM_AT(link_own(&ndp, 2)->address.bytes, 14));
}

TEST(while_there_is_no_room_for_the_question_an_address_is_not_sure)
{
    struct holm_ndp_packet packet;
    uint32_t questions = 0;

    link_begin();
    struct holm_ip_address target = link_own(&ndp, 0)->address;
    struct holm_ip_header header = { .source = router, .destination = target, .hops = 255 };
    struct holm_ndp_in in = {
        &header, &router_mac, { .type = HOLM_ICMP6_NEIGHBOUR_SOLICITATION }, holm_ip_bytes(&target)
    };
    for (uint32_t i = 0; i < 2 * HOLM_NDP_OUT_MAX; i++)
        holm_ndp_feed(&ndp, &neighbours, &in, now_ns);
    now_ns += HOLM_NDP_DELAY_NS;
    holm_ndp_tick(&ndp, now_ns); /* the queue is full */
    now_ns += 2 * HOLM_NDP_DETECT_NS;
    holm_ndp_tick(&ndp, now_ns);
    CHECK_IS(link_own(&ndp, 0)->state, HOLM_NDP_OPTIMISTIC);
    while (holm_ndp_drain(&ndp, &packet) == HOLM_OK)
        continue;
    holm_ndp_tick(&ndp, now_ns);
    while (holm_ndp_drain(&ndp, &packet) == HOLM_OK)
        questions += packet.icmp.type == HOLM_ICMP6_NEIGHBOUR_SOLICITATION ? 1U : 0U;
    CHECK_IS(questions, 1);
    link_run(HOLM_NDP_DETECT_NS, false);
    CHECK_IS(link_own(&ndp, 0)->state, HOLM_NDP_VALID);
}

TEST(an_address_is_told_of_when_it_is_asked_for)
{
    link_begin();
    link_run(2 * SECOND, false);
    (void)link_events(&ndp, HOLM_NDP_ROUTES);
    link_say(usual);
    CHECK_IS(link_events(&ndp, HOLM_NDP_ADDRESS_NEW), 0);
    now_ns = link_own(&ndp, 1)->due_ns; /* by chance: not all stations at once */
    holm_ndp_tick(&ndp, now_ns);
    CHECK_IS(link_events(&ndp, HOLM_NDP_ADDRESS_NEW), 1);
}

TEST(two_stations_that_make_the_same_address_both_move_away)
{
    link_begin();
    link_begin_at(&other, 2, 9);
    other.addresses[0].address = ndp.addresses[0].address; /* by chance */
    struct holm_ip_address first = ndp.addresses[0].address;
    link_run(5 * SECOND, true);
    CHECK(link_owns(&ndp, 0) && link_owns(&other, 0));
    CHECK_IS(link_own(&ndp, 0)->state, HOLM_NDP_VALID);
    CHECK_IS(link_own(&other, 0)->state, HOLM_NDP_VALID);
    CHECK(!holm_ip_equal(&link_own(&ndp, 0)->address, &link_own(&other, 0)->address));
    CHECK(!holm_ip_equal(&link_own(&ndp, 0)->address, &first) ||
          !holm_ip_equal(&link_own(&other, 0)->address, &first));
    CHECK(ndp.duplicates + other.duplicates > 0);
}

TEST(an_address_of_another_station_is_not_taken_and_that_by_hand_is_told_of)
{
    const struct holm_ip_address wanted = { HOLM_IP_V6, { 0x20, 1, 0x0d, 0xb8, [15] = 5 } };
    struct holm_ndp_address about = { 0 };
    enum holm_ndp_event event;
    bool told = false;

    link_begin();
    link_begin_at(&other, 2, 9);
    CHECK_IS(holm_ndp_address_add(&other, &wanted, 64, now_ns), HOLM_OK);
    link_run(3 * SECOND, true);
    CHECK(holm_ndp_has(&other, &wanted));
    CHECK_IS(holm_ndp_address_add(&ndp, &wanted, 64, now_ns), HOLM_OK);
    CHECK(holm_ndp_has(&ndp, &wanted));
    uint64_t before = ndp.duplicates;
    struct holm_ndp_packet packet;
    now_ns += HOLM_NDP_DELAY_NS;
    holm_ndp_tick(&ndp, now_ns);
    while (holm_ndp_drain(&ndp, &packet) == HOLM_OK)
        link_give(&other, &others, &packet, &ndp.settings.mac);
    while (holm_ndp_drain(&other, &packet) == HOLM_OK)
        link_give(&ndp, &neighbours, &packet, &other.settings.mac);
    CHECK_IS(ndp.duplicates, before + 1);
    while (holm_ndp_next(&ndp, &event, &about) == HOLM_OK)
        told = told || (event == HOLM_NDP_ADDRESS_TAKEN && holm_ip_equal(&about.address, &wanted));
    CHECK(told);
    CHECK(!holm_ndp_has(&ndp, &wanted));
    CHECK(holm_ndp_has(&other, &wanted));
    CHECK_IS(holm_ndp_address_add(&ndp, &all_nodes, 64, now_ns), HOLM_ERR_INVALID);
    CHECK_IS(holm_ndp_address_add(&other, &wanted, 64, now_ns), HOLM_ERR_IN_USE);
}

TEST(an_echo_of_ones_own_question_is_no_duplicate)
{
    struct holm_ndp_packet packet;

    link_begin();
    now_ns += HOLM_NDP_DELAY_NS;
    holm_ndp_tick(&ndp, now_ns);
    while (holm_ndp_drain(&ndp, &packet) == HOLM_OK)
        link_give(&ndp, &neighbours, &packet, &ndp.settings.mac);
    CHECK_IS(ndp.duplicates, 0);
    link_run(2 * SECOND, false);
    CHECK_IS(link_own(&ndp, 0)->state, HOLM_NDP_VALID);
}

TEST(neighbours_find_each_other)
{
    struct holm_mac_address mac;
    struct holm_neighbour about;
    enum holm_neighbour_event event;
    struct holm_ndp_packet packet;

    link_begin();
    link_begin_at(&other, 2, 9);
    link_run(3 * SECOND, true);
    struct holm_ip_address peer = link_own(&other, 0)->address;
    CHECK_IS(holm_neighbour_find(&neighbours, &peer, now_ns, &mac), HOLM_AGAIN);
    CHECK_IS(holm_neighbour_next(&neighbours, now_ns, &event, &about), HOLM_OK);
    CHECK_IS(event, HOLM_NEIGHBOUR_ASK_ALL);
    holm_ndp_ask(&ndp, &about, true);
    CHECK_IS(holm_ndp_drain(&ndp, &packet), HOLM_OK);
    CHECK(packet.mac.bytes[0] == 0x33 && HOLM_AT(packet.mac.bytes, 2) == 0xff);
    link_give(&other, &others, &packet, &ndp.settings.mac);
    CHECK_IS(holm_ndp_drain(&other, &packet), HOLM_OK);
    CHECK_IS(packet.icmp.value, 0x60000000); /* solicited, overrides */
    link_give(&ndp, &neighbours, &packet, &other.settings.mac);
    CHECK_IS(holm_neighbour_next(&neighbours, now_ns, &event, &about), HOLM_OK);
    CHECK_IS(event, HOLM_NEIGHBOUR_FOUND);
    CHECK_IS(holm_neighbour_find(&neighbours, &peer, now_ns, &mac), HOLM_OK);
    CHECK(holm_mac_equal(&mac, &other.settings.mac));
    struct holm_ip_address asker = link_own(&ndp, 0)->address; /* who asked is known to the other */
    CHECK_IS(holm_neighbour_find(&others, &asker, now_ns, &mac), HOLM_OK);
}

TEST(while_it_is_not_sure_of_its_address_a_station_overrides_nothing_and_asks_for_nobody)
{
    struct holm_neighbour about = { .address = router };
    struct holm_ndp_packet packet;

    link_begin();
    struct holm_ip_address target = link_own(&ndp, 0)->address;
    struct holm_ip_header header = { .source = router,
                                     .destination = holm_ndp_group_of(&target),
                                     .hops = 255 };
    struct holm_bytes data = holm_ip_bytes(&target);
    struct holm_ndp_in in = {
        &header, &router_mac, { .type = HOLM_ICMP6_NEIGHBOUR_SOLICITATION }, data
    };
    holm_ndp_feed(&ndp, &neighbours, &in, now_ns);
    CHECK_IS(holm_ndp_drain(&ndp, &packet), HOLM_OK);
    CHECK_IS(packet.icmp.value, 0x40000000);
    holm_ndp_ask(&ndp, &about, true);
    CHECK_IS(holm_ndp_drain(&ndp, &packet), HOLM_END);
}

TEST(a_flood_of_questions_fills_no_more_than_the_queue)
{
    link_begin();
    link_run(2 * SECOND, false);
    struct holm_ip_address target = link_own(&ndp, 0)->address;
    struct holm_ip_header header = { .source = router, .destination = target, .hops = 255 };
    for (uint32_t i = 0; i < 100; i++) {
        struct holm_ndp_in in = { &header,
                                  &router_mac,
                                  { .type = HOLM_ICMP6_NEIGHBOUR_SOLICITATION },
                                  holm_ip_bytes(&target) };
        holm_ndp_feed(&ndp, &neighbours, &in, now_ns);
    }
    CHECK_IS(ndp.out_count, HOLM_NDP_OUT_MAX);
    CHECK_IS(ndp.dropped, 100 - HOLM_NDP_OUT_MAX);
}

TEST(identifiers_that_no_station_may_have_are_known)
{
    const uint64_t none[] = { 0, 0x02005efffe000000, 0x02005efffeffffff, 0xfdffffffffffff80,
                              0xfdffffffffffffff };
    const uint64_t some[] = {
        1,         0x02005efffdffffff, 0x02005effff000000, 0xfdffffffffffff7f, 0xfe00000000000000,
        UINT64_MAX
    };

    for (size_t i = 0; i < HOLM_COUNT(none); i++)
        CHECK(holm_ndp__reserved(HOLM_AT(none, i)));
    for (size_t i = 0; i < HOLM_COUNT(some); i++)
        CHECK(!holm_ndp__reserved(HOLM_AT(some, i)));
}

TEST(that_one_address_is_there_twice_is_seen)
{
    link_begin();
    link_run(2 * SECOND, false);
    link_say(usual);
    link_run(2 * SECOND, false);
    struct holm_ndp_address *first = link_own(&ndp, 0), *second = link_own(&ndp, 1);
    CHECK(first->state == HOLM_NDP_VALID && second->state == HOLM_NDP_VALID);
    CHECK(holm_ndp_check(&ndp));
    second->address = first->address;
    CHECK(!holm_ndp_check(&ndp));
    second->state = HOLM_NDP_DUPLICATE;
    CHECK(holm_ndp_check(&ndp));
}
