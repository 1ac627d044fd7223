/* SPDX-License-Identifier: ISC */
/* Routers on a link, true ones and invented ones. */
#include "ndp_link.h"

#include <holm/test.h>

TEST(routers_are_asked_for_ever_more_seldom_until_one_speaks)
{
    link_begin();
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    link_run(70 * SECOND, false); /* at about 0, 4, 12, 28, 60 s */
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 5);
    link_run(86400 * SECOND, false);
    CHECK(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) < 5 + 8 + 28);
    link_say(usual);
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    link_run(0x707 * SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 0);
    link_run(71 * SECOND, false); /* its lifetime ends, and all is as at the start */
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 5);
}

TEST(a_router_does_not_end_a_prefix_that_was_given_by_hand)
{
    const struct holm_ip_address wanted = { HOLM_IP_V6,
                                            { 0x20, 1, 0x0d, 0xb8, [5] = 1, [15] = 5 } };
    struct word word = usual;

    link_begin();
    CHECK_IS(holm_ndp_address_add(&ndp, &wanted, 64, now_ns), HOLM_OK);
    word.valid_s = 100;
    word.preferred_s = 40;
    link_say(word);
    CHECK(HOLM_AT(ndp.on_link, 0).until_ns == UINT64_MAX);
    word.valid_s = word.preferred_s = 0;
    link_say(word);
    CHECK(HOLM_AT(ndp.on_link, 0).until_ns == UINT64_MAX);
    word.third = 2; /* one that a router gave for ever, it may take back */
    word.valid_s = word.preferred_s = HOLM_NDP_FOREVER_S;
    link_say(word);
    CHECK(HOLM_AT(ndp.on_link, 1).until_ns == UINT64_MAX);
    word.valid_s = word.preferred_s = 0;
    link_say(word);
    CHECK(HOLM_AT(ndp.on_link, 1).until_ns == 0);
}

/* advertise says of the router, unasked, that a station has its address, and that it is no router. */
static void advertise(uint8_t station)
{
    const struct holm_mac_address mac = { { 2, 0, 0, 0, 0, station } };
    struct holm_ndp_packet packet = { .source = router,
                                      .destination = all_nodes,
                                      .icmp = { .type = HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT,
                                                .value = 0x20000000 } };
    struct holm_buffer out = HOLM_BUFFER(packet.data);

    holm_assert(holm_ndp_target_emit(&out, &router) &&
                holm_ndp_option_emit(&out, HOLM_NDP_TARGET_MAC, HOLM_BLOB(mac.bytes)));
    packet.data_len = (uint8_t)out.len;
    link_give(&ndp, &neighbours, &packet, &mac);
}

TEST(only_a_router_itself_says_that_it_is_none_and_then_others_are_asked_for)
{
    struct holm_mac_address mac;
    uint16_t rank = 9;

    link_begin();
    link_run(2 * SECOND, false);
    link_say(usual);
    holm_neighbour_confirm(&neighbours, &router, now_ns);
    advertise(0x66);
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_OK);
    CHECK_IS(holm_neighbour_find(&neighbours, &router, now_ns, &mac), HOLM_OK);
    CHECK(holm_mac_equal(&mac, &router_mac));
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    link_run(SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 0);
    (void)link_events(&ndp, HOLM_NDP_ROUTES);
    advertise(0x99);
    CHECK_IS(link_events(&ndp, HOLM_NDP_ROUTES), 1);
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_ERR_NOT_FOUND);
    link_run(SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 1);
}

TEST(of_several_routers_the_preferred_one_that_answers_is_used)
{
    struct word word = usual;
    uint16_t rank = 9;

    link_begin();
    link_say(usual);
    HOLM_AT(word.source.bytes, 15) = 0x98;
    word.value = 0x40080708; /* preference high */
    link_say(word);
    CHECK(holm_ndp_router_rank(&ndp, 0, &rank) == HOLM_OK && rank == 1);
    CHECK(holm_ndp_router_rank(&ndp, 1, &rank) == HOLM_OK && rank == 0);
    (void)link_events(&ndp, HOLM_NDP_ROUTES);
    holm_ndp_lost(&ndp, &word.source, now_ns);
    CHECK_IS(link_events(&ndp, HOLM_NDP_ROUTES), 1);
    CHECK(holm_ndp_router_rank(&ndp, 1, &rank) == HOLM_OK && rank == 1);
    word.value = 0x40080000; /* it is none any more */
    link_say(word);
    CHECK_IS(holm_ndp_router_rank(&ndp, 1, &rank), HOLM_ERR_NOT_FOUND);
    link_run(0x709 * SECOND, false); /* and the other's lifetime ends */
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_ERR_NOT_FOUND);
    CHECK_IS(holm_ndp_router_rank(&ndp, HOLM_NDP_ROUTERS_MAX, &rank), HOLM_ERR_NOT_FOUND);
}

/* flood invents routers, each with a prefix of its own. */
static void flood(uint32_t count, uint64_t step_ns)
{
    struct word word = usual;

    word.value = 0x40080708; /* preference high */
    for (uint32_t i = 0; i < count; i++) {
        HOLM_AT(word.source.bytes, 12) = 7;
        HOLM_AT(word.source.bytes, 14) = (uint8_t)(i >> 8 & 0xff);
        HOLM_AT(word.source.bytes, 15) = (uint8_t)(i & 0xff);
        word.second = (uint8_t)(0x80 | (i >> 8 & 0x7f));
        word.third = (uint8_t)(i & 0xff);
        link_say(word);
        (void)link_events(&ndp, HOLM_NDP_ROUTES);
        link_run(step_ns, false);
    }
}

/* autonomous is how many addresses stand by the word of routers. */
static uint32_t autonomous(void)
{
    uint32_t count = 0;

    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(ndp.addresses, i);
        count += at->origin == HOLM_NDP_AUTONOMOUS && at->state != HOLM_NDP_NONE &&
                 at->state != HOLM_NDP_GONE;
    }
    return count;
}

/* best answers whether that router is used, and its prefix 2001:db8:0:1::/64 is on the link. */
static bool best(const struct holm_ip_address *source)
{
    uint16_t rank = 9;
    bool first = false, link = false;

    for (uint32_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++)
        first = first || (holm_ndp_router_rank(&ndp, i, &rank) == HOLM_OK && rank == 0 &&
                          holm_ip_equal(&HOLM_AT(ndp.routers, i).address, source));
    for (size_t i = 0; i < HOLM_NDP_PREFIXES_MAX; i++) {
        const struct holm_ndp_on_link *at = &HOLM_AT(ndp.on_link, i);
        link = link || (at->until_ns != 0 && HOLM_AT(at->prefix.address.bytes, 4) == 0 &&
                        HOLM_AT(at->prefix.address.bytes, 5) == 1);
    }
    return first && link;
}

TEST(a_router_that_answered_stays_whatever_others_are_invented)
{
    link_begin();
    link_run(2 * SECOND, false);
    link_say(usual);
    link_run(SECOND / 10, false);
    struct holm_ip_address mine = link_own(&ndp, 1)->address;
    flood(10000, SECOND / 100);
    CHECK_IS(autonomous(), HOLM_NDP_AUTONOMOUS_MAX);
    CHECK(best(&router));
    CHECK(holm_ndp_has(&ndp, &mine));
    CHECK_IS(ndp.hops, 64);
}

TEST(a_router_is_found_behind_a_flood_of_invented_ones)
{
    link_begin();
    link_run(2 * SECOND, false);
    flood(10000, 0);
    flood(1000, SECOND / 100);
    CHECK(!best(&router));
    link_run(HOLM_NDP_HOLD_NS, false);
    link_say(usual);
    link_run(SECOND / 2, false);
    (void)link_events(&ndp, HOLM_NDP_ROUTES);
    CHECK(best(&router));
    CHECK(link_owns(&ndp, 1));
}

TEST(routers_that_do_not_answer_are_lost_and_others_are_asked_for)
{
    link_begin();
    router_is_there = false;
    link_run(2 * SECOND, false);
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    HOLM_AT(seen, HOLM_ICMP6_NEIGHBOUR_SOLICITATION) = 0;
    struct word word = usual;
    word.valid_s = word.preferred_s = 0;
    link_say(word);
    link_run(SECOND / 2, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 0);
    link_run(SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_NEIGHBOUR_SOLICITATION), HOLM_NEIGHBOUR_ASKS_MAX);
    link_run(10 * SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 1);
    for (uint32_t i = 0; i < 1000;
         i++) { /* it speaks whenever it is asked for, and is never there */
        uint32_t before = HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION);
        link_run(2 * SECOND, false);
        if (HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) != before)
            link_say(word);
    }
    CHECK(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) < 12);
    link_say(word);
    router_is_there = true; /* one that answered is missed at once */
    link_run(SECOND, false);
    holm_ndp_lost(&ndp, &router, now_ns);
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    link_run(SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 1);
}

TEST(one_router_has_no_more_than_its_part_of_the_prefixes)
{
    struct word word = usual;

    link_begin();
    for (uint8_t i = 0; i < 100; i++) {
        word.third = (uint8_t)(i + 1);
        link_say(word);
        link_run(2 * SECOND, false);
    }
    CHECK(link_owns(&ndp, HOLM_NDP_ROUTER_PREFIXES_MAX));
    CHECK(!link_owns(&ndp, HOLM_NDP_ROUTER_PREFIXES_MAX + 1));
    word.source = (struct holm_ip_address){ HOLM_IP_V6, { 0xfe, 0x80, [15] = 0x98 } };
    link_say(word); /* of the last one, by another */
    CHECK(link_owns(&ndp, 100));
}
