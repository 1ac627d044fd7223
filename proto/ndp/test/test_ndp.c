/* SPDX-License-Identifier: ISC */
/* Neighbour discovery on a link that the test makes: time is what the test says. */
#include <holm/ndp.h>
#include <holm/test.h>

#define SECOND UINT64_C(1000000000)

static struct holm_ndp ndp, other;
static struct holm_neighbours neighbours, others;
static struct holm_random_seeded dice;
static struct holm_random dice_random;
static const struct holm_siphash_key neighbours_key = { 3, 4 };
static uint64_t now_ns;

static const struct holm_ip_address all_nodes = { HOLM_IP_V6, { 0xff, 2, [15] = 1 } };
static const struct holm_ip_address router = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 0x99 } };
static const struct holm_mac_address router_mac = { { 2, 0, 0, 0, 0, 0x99 } };

static void begin_at(struct holm_ndp *station, uint8_t last, uint64_t secret)
{
    struct holm_ndp_settings settings = { .mac = { { 2, 0, 0, 0, 0, last } },
                                          .secret = { secret, 7 },
                                          .random = &dice_random,
                                          .mtu = 1500 };
    holm_ndp_init(station, &settings, now_ns);
}

static void begin(void)
{
    holm_random_seeded_init(&dice, holm_test_seed());
    dice_random = holm_random_from_seeded(&dice);
    now_ns = 5 * SECOND;
    holm_neighbour_init(&neighbours, &neighbours_key);
    holm_neighbour_init(&others, &neighbours_key);
    begin_at(&ndp, 1, 1);
}

/* give takes a message of one station to another, or to one alone. */
static void give(struct holm_ndp *to, struct holm_neighbours *table,
                 const struct holm_ndp_packet *packet, const struct holm_mac_address *mac)
{
    struct holm_ip_header header = { .source = packet->source,
                                     .destination = packet->destination,
                                     .hops = 255 };
    struct holm_bytes data = { 0 };

    CHECK(holm_bytes_part(HOLM_BLOB(packet->data), 0, packet->data_len, &data));
    struct holm_ndp_in in = { &header, mac, packet->icmp, data };
    if (packet->icmp.type != HOLM_ICMP6_ROUTER_SOLICITATION)
        holm_ndp_feed(to, table, &in, now_ns);
    CHECK(holm_ndp_check(to));
}

static uint32_t seen[256]; /* messages that ndp sent, by type */

/* events takes all events, and answers how many there were of a kind. */
static uint32_t events(struct holm_ndp *station, enum holm_ndp_event wanted)
{
    struct holm_ndp_address about;
    enum holm_ndp_event event;
    uint32_t count = 0;

    while (holm_ndp_next(station, &event, &about) == HOLM_OK)
        count += event == wanted ? 1U : 0U;
    return count;
}

/* run lets time pass, tick by tick, on a link of ndp and, if it is there, other. */
static void run(uint64_t span_ns, bool with_other)
{
    uint64_t end_ns = now_ns + span_ns;
    struct holm_ndp_packet packet;

    for (;;) {
        holm_ndp_tick(&ndp, now_ns);
        while (holm_ndp_drain(&ndp, &packet) == HOLM_OK) {
            HOLM_AT(seen, packet.icmp.type) += 1;
            if (with_other)
                give(&other, &others, &packet, &ndp.settings.mac);
        }
        if (with_other) {
            holm_ndp_tick(&other, now_ns);
            while (holm_ndp_drain(&other, &packet) == HOLM_OK)
                give(&ndp, &neighbours, &packet, &other.settings.mac);
        }
        CHECK(holm_ndp_check(&ndp));
        (void)events(&ndp, HOLM_NDP_ROUTES);
        if (with_other)
            (void)events(&other, HOLM_NDP_ROUTES);
        uint64_t due_ns = holm_ndp_deadline(&ndp);
        if (with_other && holm_ndp_deadline(&other) < due_ns)
            due_ns = holm_ndp_deadline(&other);
        if (due_ns > end_ns)
            break;
        now_ns = due_ns > now_ns ? due_ns : now_ns;
    }
    now_ns = end_ns;
}

/* struct word is what a router says. */
struct word {
    struct holm_ip_address source;
    uint8_t hops;   /* of the packet */
    uint32_t value; /* hop limit, flags, lifetime */
    uint8_t third;  /* of the prefix 2001:db8:THIRD::/64 */
    uint32_t valid_s, preferred_s;
    uint8_t length; /* of the prefix */
    uint16_t mtu;
};

static const struct word usual = {
    { HOLM_IP_V6, { 0xfe, 0x80, [15] = 0x99 } }, 255, 0x40000708, 1, 86400, 14400, 64, 0
};

static void say(struct word word)
{
    uint8_t memory[128];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_ip_header header = { .source = word.source,
                                     .destination = all_nodes,
                                     .hops = word.hops };
    const uint8_t times[8] = { 0 };
    const uint8_t prefix[] = { 3, 4, word.length, 0xc0 };
    const uint8_t address[16] = { 0x20, 1, 0x0d, 0xb8, 0, word.third };
    const uint8_t mtu[] = { 5, 1, 0, 0, 0, 0 };

    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(times)) &&
                holm_ndp_option_emit(&out, HOLM_NDP_SOURCE_MAC, HOLM_BLOB(router_mac.bytes)) &&
                holm_buffer_bytes(&out, HOLM_BLOB(prefix)) &&
                holm_buffer_u16(&out, (uint16_t)(word.valid_s >> 16)) &&
                holm_buffer_u16(&out, (uint16_t)(word.valid_s & 0xffff)) &&
                holm_buffer_u16(&out, (uint16_t)(word.preferred_s >> 16)) &&
                holm_buffer_u16(&out, (uint16_t)(word.preferred_s & 0xffff)) &&
                holm_buffer_u16(&out, 0) && holm_buffer_u16(&out, 0) &&
                holm_buffer_bytes(&out, HOLM_BLOB(address)) &&
                holm_buffer_bytes(&out, HOLM_BLOB(mtu)) && holm_buffer_u16(&out, word.mtu));
    struct holm_ndp_in in = { &header,
                              &router_mac,
                              { .type = HOLM_ICMP6_ROUTER_ADVERTISEMENT, .value = word.value },
                              holm_buffer_filled(&out) };
    holm_ndp_feed(&ndp, &neighbours, &in, now_ns);
    CHECK(holm_ndp_check(&ndp));
}

/* find finds the address of a prefix 2001:db8:THIRD::/64; 0: the link-local one. */
static struct holm_ndp_address *find(struct holm_ndp *station, uint8_t third)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        struct holm_ndp_address *at = &HOLM_AT(station->addresses, i);
        bool local = holm_ip_is_link_local(&at->address);
        if ((at->state == HOLM_NDP_OPTIMISTIC || at->state == HOLM_NDP_VALID) &&
            (third == 0 ? local : !local && HOLM_AT(at->address.bytes, 5) == third))
            return at;
    }
    return NULL;
}

static bool owns(struct holm_ndp *station, uint8_t third)
{
    return find(station, third) != NULL;
}

/* own is that address, which must be there. */
static struct holm_ndp_address *own(struct holm_ndp *station, uint8_t third)
{
    struct holm_ndp_address *found = find(station, third);
    holm_assert(found != NULL);
    return found;
}

TEST(a_station_has_a_link_local_address_at_once_and_is_sure_of_it_after_a_second)
{
    begin();
    CHECK(owns(&ndp, 0) && own(&ndp, 0)->state == HOLM_NDP_OPTIMISTIC);
    CHECK(holm_ndp_has(&ndp, &own(&ndp, 0)->address));
    HOLM_AT(seen, HOLM_ICMP6_NEIGHBOUR_SOLICITATION) = 0;
    run(SECOND + HOLM_NDP_DELAY_NS, false);
    CHECK_IS(own(&ndp, 0)->state, HOLM_NDP_VALID);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_NEIGHBOUR_SOLICITATION), 1);
}

TEST(the_same_secret_gives_the_same_address_and_another_one_another)
{
    begin();
    struct holm_ip_address first = own(&ndp, 0)->address;
    begin();
    CHECK(holm_ip_equal(&first, &own(&ndp, 0)->address));
    begin_at(&ndp, 1, 2);
    CHECK(!holm_ip_equal(&first, &own(&ndp, 0)->address));
    begin_at(&ndp, 2, 1);
    CHECK(!holm_ip_equal(&first, &own(&ndp, 0)->address));
}

TEST(routers_are_asked_for_ever_more_seldom_until_one_speaks)
{
    begin();
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    run(70 * SECOND, false); /* at about 0, 4, 12, 28, 60 s */
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 5);
    run(86400 * SECOND, false);
    CHECK(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) < 5 + 8 + 28);
    say(usual);
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    run(0x707 * SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 0);
    run(71 * SECOND, false); /* its lifetime ends, and all is as at the start */
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 5);
}

TEST(a_router_does_not_end_a_prefix_that_was_given_by_hand)
{
    const struct holm_ip_address wanted = { HOLM_IP_V6,
                                            { 0x20, 1, 0x0d, 0xb8, [5] = 1, [15] = 5 } };
    struct word word = usual;

    begin();
    CHECK_IS(holm_ndp_address_add(&ndp, &wanted, 64, now_ns), HOLM_OK);
    word.valid_s = 100;
    word.preferred_s = 40;
    say(word);
    CHECK(HOLM_AT(ndp.on_link, 0).until_ns == UINT64_MAX);
    word.valid_s = word.preferred_s = 0;
    say(word);
    CHECK(HOLM_AT(ndp.on_link, 0).until_ns == UINT64_MAX);
    word.third = 2; /* one that a router gave for ever, it may take back */
    word.valid_s = word.preferred_s = HOLM_NDP_FOREVER_S;
    say(word);
    CHECK(HOLM_AT(ndp.on_link, 1).until_ns == UINT64_MAX);
    word.valid_s = word.preferred_s = 0;
    say(word);
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
    give(&ndp, &neighbours, &packet, &mac);
}

TEST(only_a_router_itself_says_that_it_is_none_and_then_others_are_asked_for)
{
    struct holm_mac_address mac;
    uint16_t rank = 9;

    begin();
    run(2 * SECOND, false);
    say(usual);
    holm_neighbour_confirm(&neighbours, &router, now_ns);
    advertise(0x66);
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_OK);
    CHECK_IS(holm_neighbour_find(&neighbours, &router, now_ns, &mac), HOLM_OK);
    CHECK(holm_mac_equal(&mac, &router_mac));
    HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION) = 0;
    run(SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 0);
    advertise(0x99);
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_ERR_NOT_FOUND);
    run(SECOND, false);
    CHECK_IS(HOLM_AT(seen, HOLM_ICMP6_ROUTER_SOLICITATION), 1);
}

TEST(an_advertisement_gives_an_address_a_route_and_a_router)
{
    uint16_t rank = 9;
    struct holm_mac_address mac;

    begin();
    run(2 * SECOND, false);
    say(usual);
    CHECK(owns(&ndp, 1));
    CHECK_IS(own(&ndp, 1)->state, HOLM_NDP_OPTIMISTIC);
    CHECK_IS(own(&ndp, 1)->length_bits, 64);
    CHECK_IS(events(&ndp, HOLM_NDP_ROUTES), 1);
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_OK);
    CHECK_IS(rank, 0);
    CHECK_IS(holm_neighbour_find(&neighbours, &router, now_ns, &mac), HOLM_OK);
    CHECK(holm_mac_equal(&mac, &router_mac));
    run(2 * SECOND, false);
    CHECK_IS(own(&ndp, 1)->state, HOLM_NDP_VALID);
    say(usual); /* the same again is no change */
    CHECK_IS(events(&ndp, HOLM_NDP_ROUTES), 0);
}

TEST(what_is_forged_is_refused)
{
    struct word word = usual;

    begin();
    word.hops = 64; /* it came over a router */
    say(word);
    word = usual;
    word.source = (struct holm_ip_address){ HOLM_IP_V6, { 0x20, 1, [15] = 1 } };
    say(word);
    CHECK_IS(ndp.refused, 2);
    CHECK(!owns(&ndp, 1));
    word = usual;
    word.length = 63; /* no 64 bits are left for the identifier */
    say(word);
    word = usual;
    word.preferred_s = word.valid_s + 1;
    say(word);
    CHECK(!owns(&ndp, 1));
    word = usual;
    word.value = 0x01000708; /* one hop */
    word.mtu = 9000;
    say(word);
    CHECK_IS(ndp.hops, 64);
    CHECK_IS(ndp.mtu, 1500);
    word.value = 0x30000708;
    word.mtu = 1400;
    say(word);
    CHECK_IS(ndp.hops, 48);
    CHECK_IS(ndp.mtu, 1400);
    word.mtu = 1279;
    say(word);
    CHECK_IS(ndp.mtu, 1400);
}

TEST(an_address_is_deprecated_and_ends_as_its_prefix_says)
{
    struct word word = usual;

    begin();
    word.valid_s = 100;
    word.preferred_s = 40;
    say(word);
    uint64_t came_ns = now_ns;
    run(50 * SECOND, false);
    CHECK(owns(&ndp, 1) && own(&ndp, 1)->preferred_ns == came_ns + 40 * SECOND);
    CHECK(now_ns > own(&ndp, 1)->preferred_ns);
    run(49 * SECOND, false);
    CHECK(owns(&ndp, 1));
    run(2 * SECOND, false);
    CHECK(!owns(&ndp, 1));
}

TEST(a_router_can_not_shorten_an_address_below_two_hours)
{
    struct word word = usual;

    begin();
    say(usual);
    word.valid_s = 1; /* as who wants to cut us off would say */
    word.preferred_s = 0;
    say(word);
    CHECK_IS(own(&ndp, 1)->valid_ns, now_ns + HOLM_NDP_REMAINS_S * SECOND);
    CHECK_IS(own(&ndp, 1)->preferred_ns, now_ns); /* but it is not preferred any more */
    run(3600 * SECOND, false);
    say(word); /* less than two hours are left: unchanged */
    CHECK_IS(own(&ndp, 1)->valid_ns, now_ns + 3600 * SECOND);
    word.valid_s = 4000; /* longer than what is left */
    say(word);
    CHECK_IS(own(&ndp, 1)->valid_ns, now_ns + 4000 * SECOND);
    word.valid_s = HOLM_NDP_FOREVER_S;
    word.preferred_s = HOLM_NDP_FOREVER_S;
    say(word);
    CHECK_IS(own(&ndp, 1)->valid_ns, UINT64_MAX);
}

TEST(another_prefix_gives_another_address_beside_the_old_one)
{
    struct word word = usual;

    begin();
    say(usual);
    word.third = 2;
    say(word);
    CHECK(owns(&ndp, 1) && owns(&ndp, 2));
    CHECK(HOLM_AT(own(&ndp, 1)->address.bytes, 15) != HOLM_AT(own(&ndp, 2)->address.bytes, 15) ||
          HOLM_AT(own(&ndp, 1)->address.bytes, 14) != HOLM_AT(own(&ndp, 2)->address.bytes, 14));
}

TEST(of_several_routers_the_preferred_one_that_answers_is_used)
{
    struct word word = usual;
    uint16_t rank = 9;

    begin();
    say(usual);
    HOLM_AT(word.source.bytes, 15) = 0x98;
    word.value = 0x40080708; /* preference high */
    say(word);
    CHECK(holm_ndp_router_rank(&ndp, 0, &rank) == HOLM_OK && rank == 1);
    CHECK(holm_ndp_router_rank(&ndp, 1, &rank) == HOLM_OK && rank == 0);
    (void)events(&ndp, HOLM_NDP_ROUTES);
    holm_ndp_lost(&ndp, &word.source);
    CHECK_IS(events(&ndp, HOLM_NDP_ROUTES), 1);
    CHECK(holm_ndp_router_rank(&ndp, 1, &rank) == HOLM_OK && rank == 1);
    word.value = 0x40080000; /* it is none any more */
    say(word);
    CHECK_IS(holm_ndp_router_rank(&ndp, 1, &rank), HOLM_ERR_NOT_FOUND);
    run(0x709 * SECOND, false); /* and the other's lifetime ends */
    CHECK_IS(holm_ndp_router_rank(&ndp, 0, &rank), HOLM_ERR_NOT_FOUND);
}

TEST(routers_beyond_the_limit_are_passed_over)
{
    struct word word = usual;
    uint16_t rank = 0;

    begin();
    for (uint32_t i = 0; i < 100; i++) {
        HOLM_AT(word.source.bytes, 15) = (uint8_t)i;
        word.third = (uint8_t)(i + 1);
        say(word);
    }
    CHECK_IS(holm_ndp_router_rank(&ndp, HOLM_NDP_ROUTERS_MAX - 1, &rank), HOLM_OK);
    CHECK_IS(holm_ndp_router_rank(&ndp, HOLM_NDP_ROUTERS_MAX, &rank), HOLM_ERR_NOT_FOUND);
    CHECK(owns(&ndp, HOLM_NDP_PREFIXES_MAX));
    CHECK(!owns(&ndp, HOLM_NDP_PREFIXES_MAX + 1));
}

TEST(two_stations_that_make_the_same_address_both_move_away)
{
    begin();
    begin_at(&other, 2, 9);
    other.addresses[0].address = ndp.addresses[0].address; /* by chance */
    struct holm_ip_address first = ndp.addresses[0].address;
    run(5 * SECOND, true);
    CHECK(owns(&ndp, 0) && owns(&other, 0));
    CHECK_IS(own(&ndp, 0)->state, HOLM_NDP_VALID);
    CHECK_IS(own(&other, 0)->state, HOLM_NDP_VALID);
    CHECK(!holm_ip_equal(&own(&ndp, 0)->address, &own(&other, 0)->address));
    CHECK(!holm_ip_equal(&own(&ndp, 0)->address, &first) ||
          !holm_ip_equal(&own(&other, 0)->address, &first));
    CHECK(ndp.duplicates + other.duplicates > 0);
}

TEST(an_address_of_another_station_is_not_taken_and_that_by_hand_is_told_of)
{
    const struct holm_ip_address wanted = { HOLM_IP_V6, { 0x20, 1, 0x0d, 0xb8, [15] = 5 } };
    struct holm_ndp_address about = { 0 };
    enum holm_ndp_event event;
    bool told = false;

    begin();
    begin_at(&other, 2, 9);
    CHECK_IS(holm_ndp_address_add(&other, &wanted, 64, now_ns), HOLM_OK);
    run(3 * SECOND, true);
    CHECK(holm_ndp_has(&other, &wanted));
    CHECK_IS(holm_ndp_address_add(&ndp, &wanted, 64, now_ns), HOLM_OK);
    CHECK(holm_ndp_has(&ndp, &wanted));
    uint64_t before = ndp.duplicates;
    struct holm_ndp_packet packet;
    now_ns += HOLM_NDP_DELAY_NS;
    holm_ndp_tick(&ndp, now_ns);
    while (holm_ndp_drain(&ndp, &packet) == HOLM_OK)
        give(&other, &others, &packet, &ndp.settings.mac);
    while (holm_ndp_drain(&other, &packet) == HOLM_OK)
        give(&ndp, &neighbours, &packet, &other.settings.mac);
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

    begin();
    now_ns += HOLM_NDP_DELAY_NS;
    holm_ndp_tick(&ndp, now_ns);
    while (holm_ndp_drain(&ndp, &packet) == HOLM_OK)
        give(&ndp, &neighbours, &packet, &ndp.settings.mac);
    CHECK_IS(ndp.duplicates, 0);
    run(2 * SECOND, false);
    CHECK_IS(own(&ndp, 0)->state, HOLM_NDP_VALID);
}

TEST(neighbours_find_each_other)
{
    struct holm_mac_address mac;
    struct holm_neighbour about;
    enum holm_neighbour_event event;
    struct holm_ndp_packet packet;

    begin();
    begin_at(&other, 2, 9);
    run(3 * SECOND, true);
    struct holm_ip_address peer = own(&other, 0)->address;
    CHECK_IS(holm_neighbour_find(&neighbours, &peer, now_ns, &mac), HOLM_AGAIN);
    CHECK_IS(holm_neighbour_next(&neighbours, now_ns, &event, &about), HOLM_OK);
    CHECK_IS(event, HOLM_NEIGHBOUR_ASK_ALL);
    holm_ndp_ask(&ndp, &about, true);
    CHECK_IS(holm_ndp_drain(&ndp, &packet), HOLM_OK);
    CHECK(packet.mac.bytes[0] == 0x33 && HOLM_AT(packet.mac.bytes, 2) == 0xff);
    give(&other, &others, &packet, &ndp.settings.mac);
    CHECK_IS(holm_ndp_drain(&other, &packet), HOLM_OK);
    CHECK_IS(packet.icmp.value, 0x60000000); /* solicited, overrides */
    give(&ndp, &neighbours, &packet, &other.settings.mac);
    CHECK_IS(holm_neighbour_next(&neighbours, now_ns, &event, &about), HOLM_OK);
    CHECK_IS(event, HOLM_NEIGHBOUR_FOUND);
    CHECK_IS(holm_neighbour_find(&neighbours, &peer, now_ns, &mac), HOLM_OK);
    CHECK(holm_mac_equal(&mac, &other.settings.mac));
    struct holm_ip_address asker = own(&ndp, 0)->address; /* who asked is known to the other */
    CHECK_IS(holm_neighbour_find(&others, &asker, now_ns, &mac), HOLM_OK);
}

TEST(while_it_is_not_sure_of_its_address_a_station_overrides_nothing_and_asks_for_nobody)
{
    struct holm_neighbour about = { .address = router };
    struct holm_ndp_packet packet;

    begin();
    struct holm_ip_address target = own(&ndp, 0)->address;
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
    begin();
    run(2 * SECOND, false);
    struct holm_ip_address target = own(&ndp, 0)->address;
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

TEST(identifiers_that_nobody_may_have_are_not_made)
{
    begin();
    for (uint32_t i = 0; i < 1000; i++) {
        struct holm_ip_address address = {
            HOLM_IP_V6, { 0x20, 1, [6] = (uint8_t)(i / 256), (uint8_t)(i % 256) }
        };
        holm_ndp_identifier(&ndp, &address, 0);
        bool zero = true;
        for (size_t j = 8; j < 16; j++)
            zero = zero && HOLM_AT(address.bytes, j) == 0;
        CHECK(!zero);
    }
}
