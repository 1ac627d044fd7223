/* SPDX-License-Identifier: ISC */
#include <holm/neighbour.h>
#include <holm/test.h>

#define SECOND_NS UINT64_C(1000000000)
#define START_NS SECOND_NS /* where the clock of these tests is at 0 */

static struct holm_neighbours table;
static const struct holm_siphash_key key = { 5, 6 };
static const struct holm_mac_address mac_a = { { 2, 0, 0, 0, 0, 1 } };
static const struct holm_mac_address mac_b = { { 2, 0, 0, 0, 0, 2 } };

static struct holm_ip_address peer(uint32_t number)
{
    return holm_ip_v4(10, (uint8_t)(number / 65536), (uint8_t)(number / 256 % 256),
                      (uint8_t)(number % 256));
}

static enum holm_result find(uint32_t number, uint64_t now_ns, uint8_t *last)
{
    struct holm_ip_address address = peer(number);
    struct holm_mac_address mac = { { 0 } };
    enum holm_result result = holm_neighbour_find(&table, &address, START_NS + now_ns, &mac);

    *last = HOLM_AT(mac.bytes, 5);
    return result;
}

static void hear(uint32_t number, const struct holm_mac_address *mac, enum holm_neighbour_word word,
                 uint64_t now_ns)
{
    struct holm_ip_address address = peer(number);

    holm_neighbour_hear(&table, &address, mac, word, START_NS + now_ns);
}

/* next is the event that is due; -1: none. */
static int next(uint64_t now_ns)
{
    enum holm_neighbour_event event;
    struct holm_neighbour about;

    return holm_neighbour_next(&table, START_NS + now_ns, &event, &about) == HOLM_OK ? (int)event
                                                                                     : -1;
}

static void begin(void)
{
    holm_neighbour_init(&table, &key);
    CHECK_IS(next(0), -1);
}

TEST(a_neighbour_is_asked_for_found_and_told)
{
    uint8_t last = 0;

    begin();
    CHECK_IS(find(1, 0, &last), HOLM_AGAIN);
    CHECK(holm_neighbour_deadline(&table) == START_NS);
    CHECK_IS(next(0), HOLM_NEIGHBOUR_ASK_ALL);
    CHECK_IS(next(0), -1);
    hear(1, &mac_a, HOLM_NEIGHBOUR_ANSWERED, 5);
    CHECK_IS(next(5), HOLM_NEIGHBOUR_FOUND);
    CHECK_IS(next(5), -1);
    CHECK_IS(find(1, 6, &last), HOLM_OK);
    CHECK_IS(last, 1);
    CHECK(holm_neighbour_deadline(&table) == START_NS + 5 + HOLM_NEIGHBOUR_REACHABLE_NS);
}

TEST(one_question_a_second_and_three_in_all)
{
    uint8_t last = 0;

    begin();
    CHECK_IS(find(1, 0, &last), HOLM_AGAIN);
    for (uint64_t i = 0; i < HOLM_NEIGHBOUR_ASKS_MAX; i++) {
        CHECK_IS(next(i * SECOND_NS), HOLM_NEIGHBOUR_ASK_ALL);
        CHECK_IS(find(1, i * SECOND_NS, &last), HOLM_AGAIN);
        CHECK_IS(next(i * SECOND_NS), -1);
    }
    CHECK_IS(next(3 * SECOND_NS), HOLM_NEIGHBOUR_LOST);
    CHECK_IS(find(1, 3 * SECOND_NS, &last), HOLM_ERR_UNREACHABLE);
    CHECK_IS(next(3 * SECOND_NS), -1);
    CHECK_IS(next(3 * SECOND_NS + HOLM_NEIGHBOUR_FAILED_NS), -1);
    CHECK_IS(find(1, 7 * SECOND_NS, &last), HOLM_AGAIN);
    CHECK_IS(next(7 * SECOND_NS), HOLM_NEIGHBOUR_ASK_ALL);
}

TEST(what_nobody_asked_for_changes_nothing)
{
    uint8_t last = 0;

    begin();
    hear(1, &mac_a, HOLM_NEIGHBOUR_CLAIMED, 0);
    hear(2, &mac_a, HOLM_NEIGHBOUR_ANSWERED, 0);
    CHECK_IS(find(1, 0, &last), HOLM_AGAIN);
    CHECK_IS(find(2, 0, &last), HOLM_AGAIN);
}

TEST(who_asks_us_is_known_and_looked_at_again_later)
{
    uint8_t last = 0;

    begin();
    hear(1, &mac_a, HOLM_NEIGHBOUR_REQUESTED, 0);
    CHECK_IS(find(1, 0, &last), HOLM_OK);
    CHECK_IS(last, 1);
    CHECK_IS(next(HOLM_NEIGHBOUR_DELAY_NS - 1), -1);
    CHECK_IS(next(HOLM_NEIGHBOUR_DELAY_NS), HOLM_NEIGHBOUR_ASK_ONE);
    CHECK_IS(next(HOLM_NEIGHBOUR_DELAY_NS + SECOND_NS), HOLM_NEIGHBOUR_ASK_ONE);
    CHECK_IS(next(HOLM_NEIGHBOUR_DELAY_NS + 2 * SECOND_NS), HOLM_NEIGHBOUR_ASK_ONE);
    CHECK_IS(next(HOLM_NEIGHBOUR_DELAY_NS + 3 * SECOND_NS), HOLM_NEIGHBOUR_LOST);
}

/* reach begins with a neighbour that is reachable at station a. */
static void reach(void)
{
    uint8_t last = 0;

    begin();
    CHECK_IS(find(1, 0, &last), HOLM_AGAIN);
    CHECK_IS(next(0), HOLM_NEIGHBOUR_ASK_ALL);
    hear(1, &mac_a, HOLM_NEIGHBOUR_ANSWERED, 0);
    CHECK_IS(next(0), HOLM_NEIGHBOUR_FOUND);
}

static void is_at(uint64_t now_ns, uint8_t station)
{
    uint8_t last = 0;

    CHECK_IS(find(1, now_ns, &last), HOLM_OK);
    CHECK_IS(last, station);
}

TEST(a_claim_of_another_station_makes_us_ask_the_one_we_know)
{
    uint8_t last = 0;

    reach();
    hear(1, &mac_b, HOLM_NEIGHBOUR_CLAIMED, 1);
    is_at(1, 1);
    CHECK_IS(next(1), HOLM_NEIGHBOUR_ASK_ONE);
    CHECK_IS(next(SECOND_NS), -1);
    CHECK_IS(next(1 + SECOND_NS), HOLM_NEIGHBOUR_ASK_ALL); /* nobody at the old place */
    CHECK_IS(find(1, 1 + SECOND_NS, &last), HOLM_AGAIN);
    hear(1, &mac_b, HOLM_NEIGHBOUR_ANSWERED, 2 + SECOND_NS);
    CHECK_IS(next(2 + SECOND_NS), HOLM_NEIGHBOUR_FOUND);
    is_at(2 + SECOND_NS, 2);
}

TEST(who_claims_twice_is_believed_no_more_than_who_claims_once)
{
    reach();
    hear(1, &mac_b, HOLM_NEIGHBOUR_CLAIMED, 1);
    hear(1, &mac_b, HOLM_NEIGHBOUR_CLAIMED, 2);
    hear(1, &mac_b, HOLM_NEIGHBOUR_REQUESTED, 3);
    is_at(3, 1);
    CHECK_IS(next(3), HOLM_NEIGHBOUR_ASK_ONE);
    hear(1, &mac_a, HOLM_NEIGHBOUR_ANSWERED, 4);
    CHECK_IS(next(4), -1);
    is_at(4 + HOLM_NEIGHBOUR_DELAY_NS, 1);
}

TEST(an_answer_of_another_than_was_asked_is_not_believed)
{
    reach();
    hear(1, &mac_b, HOLM_NEIGHBOUR_ANSWERED, 1);
    CHECK_IS(next(1), HOLM_NEIGHBOUR_ASK_ONE);
    hear(1, &mac_b, HOLM_NEIGHBOUR_ANSWERED, 2);
    is_at(2, 1);
    hear(1, &mac_a, HOLM_NEIGHBOUR_ANSWERED, 3);
    CHECK_IS(next(SECOND_NS * 2), -1);
    is_at(SECOND_NS * 2, 1);
}

TEST(one_that_was_used_and_rests_is_asked_before_another_is_believed)
{
    reach();
    CHECK_IS(next(HOLM_NEIGHBOUR_REACHABLE_NS), -1); /* STALE */
    hear(1, &mac_b, HOLM_NEIGHBOUR_CLAIMED, HOLM_NEIGHBOUR_REACHABLE_NS);
    CHECK_IS(next(HOLM_NEIGHBOUR_REACHABLE_NS), HOLM_NEIGHBOUR_ASK_ONE);
    hear(1, &mac_a, HOLM_NEIGHBOUR_ANSWERED, HOLM_NEIGHBOUR_REACHABLE_NS + 1);
    is_at(HOLM_NEIGHBOUR_REACHABLE_NS + 2, 1);
}

TEST(of_two_stations_that_were_never_sent_to_neither_is_believed)
{
    uint8_t last = 0;

    begin();
    hear(1, &mac_a, HOLM_NEIGHBOUR_REQUESTED, 0);
    hear(1, &mac_b, HOLM_NEIGHBOUR_REQUESTED, 1);
    CHECK_IS(next(1), -1);
    CHECK_IS(find(1, 2, &last), HOLM_AGAIN);
    CHECK_IS(next(2), HOLM_NEIGHBOUR_ASK_ALL);
}

TEST(before_the_one_we_know_is_asked_no_claim_counts)
{
    uint8_t last = 0;

    begin();
    hear(1, &mac_a, HOLM_NEIGHBOUR_REQUESTED, 0);
    CHECK_IS(find(1, 0, &last), HOLM_OK); /* DELAY */
    hear(1, &mac_b, HOLM_NEIGHBOUR_CLAIMED, 1);
    hear(1, &mac_b, HOLM_NEIGHBOUR_ANSWERED, 1);
    CHECK_IS(find(1, 1, &last), HOLM_OK);
    CHECK_IS(last, 1);
}

TEST(who_took_what_we_sent_is_reachable)
{
    struct holm_ip_address address = peer(1);
    uint8_t last = 0;

    begin();
    hear(1, &mac_a, HOLM_NEIGHBOUR_REQUESTED, 0);
    CHECK_IS(find(1, 0, &last), HOLM_OK);
    CHECK_IS(next(HOLM_NEIGHBOUR_DELAY_NS), HOLM_NEIGHBOUR_ASK_ONE);
    holm_neighbour_confirm(&table, &address, START_NS + HOLM_NEIGHBOUR_DELAY_NS);
    (void)next(HOLM_NEIGHBOUR_DELAY_NS);
    CHECK_IS(next(HOLM_NEIGHBOUR_DELAY_NS + 5 * SECOND_NS), -1);
    CHECK_IS(find(1, HOLM_NEIGHBOUR_DELAY_NS + 5 * SECOND_NS, &last), HOLM_OK);
    address = peer(2);
    holm_neighbour_confirm(&table, &address, START_NS);
    CHECK_IS(find(2, 0, &last), HOLM_AGAIN);
}

TEST(reachable_ends_and_is_looked_at_when_it_is_used)
{
    uint8_t last = 0;

    begin();
    CHECK_IS(find(1, 0, &last), HOLM_AGAIN);
    CHECK_IS(next(0), HOLM_NEIGHBOUR_ASK_ALL);
    hear(1, &mac_a, HOLM_NEIGHBOUR_ANSWERED, 0);
    CHECK_IS(next(0), HOLM_NEIGHBOUR_FOUND);
    CHECK_IS(next(HOLM_NEIGHBOUR_REACHABLE_NS), -1);
    CHECK(holm_neighbour_deadline(&table) == UINT64_MAX);
    CHECK_IS(find(1, 2 * HOLM_NEIGHBOUR_REACHABLE_NS, &last), HOLM_OK);
    CHECK(holm_neighbour_deadline(&table) ==
          START_NS + 2 * HOLM_NEIGHBOUR_REACHABLE_NS + HOLM_NEIGHBOUR_DELAY_NS);
}

TEST(whoever_is_asked_for_gets_a_place)
{
    uint8_t last = 0;

    begin();
    for (uint32_t i = 0; i < 4 * HOLM_NEIGHBOURS_MAX; i++) { /* they all answer, and are in use */
        CHECK_IS(find(i, i, &last), HOLM_AGAIN);
        hear(i, &mac_b, HOLM_NEIGHBOUR_ANSWERED, i);
        CHECK_IS(find(i, i, &last), HOLM_OK);
    }
    CHECK_IS(find(70000, SECOND_NS, &last), HOLM_AGAIN);
    hear(70000, &mac_a, HOLM_NEIGHBOUR_ANSWERED, SECOND_NS);
    CHECK_IS(find(70000, SECOND_NS, &last), HOLM_OK);
    CHECK_IS(last, 1);
    CHECK(holm_neighbour_check(&table));
}

/* answering counts those of the numbers first, first + step … that have their place after all answered. */
static uint32_t answering(uint32_t first, uint32_t step, uint32_t count)
{
    uint32_t kept = 0;
    uint8_t last = 0;

    for (uint32_t i = 0; i < count; i++) {
        CHECK_IS(find(first + i * step, 1 + i, &last), HOLM_AGAIN);
        hear(first + i * step, &mac_b, HOLM_NEIGHBOUR_ANSWERED, 1 + i);
    }
    for (uint32_t i = 0; i < count; i++)
        kept += find(first + i * step, SECOND_NS, &last) == HOLM_OK ? 1U : 0U;
    return kept;
}

TEST(addresses_that_are_chosen_do_not_share_a_row)
{
    begin();
    CHECK(answering(7, 65536, 64) > 32); /* the last bytes are the same */
    begin();
    CHECK(answering(7, 65536 / 4, 64) > 32);
}

TEST(another_key_is_another_order)
{
    const struct holm_siphash_key others_key = { 7, 8 };
    uint8_t last = 0;

    begin();
    CHECK_IS(find(1, 0, &last), HOLM_AGAIN);
    CHECK(holm_neighbour_check(&table));
    table.key = others_key;
    CHECK(!holm_neighbour_check(&table));
}

TEST(a_hundred_thousand_strangers_do_not_push_out_who_is_in_use)
{
    uint8_t last = 0;

    begin();
    CHECK_IS(find(70000, 1, &last), HOLM_AGAIN);
    CHECK_IS(next(1), HOLM_NEIGHBOUR_ASK_ALL);
    hear(70000, &mac_a, HOLM_NEIGHBOUR_ANSWERED, 1);
    CHECK_IS(next(1), HOLM_NEIGHBOUR_FOUND);
    CHECK_IS(find(70000, 2, &last), HOLM_OK);
    for (uint32_t i = 0; i < 65536; i++)
        hear(i, &mac_b, HOLM_NEIGHBOUR_REQUESTED, 3);
    for (uint32_t i = 0; i < 65536;
         i++) { /* and answers to them, which only ask whom we know not */
        enum holm_result result = find(i, 4, &last);
        CHECK(result == HOLM_AGAIN || result == HOLM_OK);
    }
    CHECK_IS(find(70000, 5, &last), HOLM_OK);
    CHECK_IS(last, 1);
}

TEST(who_was_lost_comes_back_when_it_speaks)
{
    uint8_t last = 0;

    begin();
    CHECK_IS(find(1, 0, &last), HOLM_AGAIN);
    for (uint64_t i = 0; i < HOLM_NEIGHBOUR_ASKS_MAX; i++)
        CHECK_IS(next(i * SECOND_NS), HOLM_NEIGHBOUR_ASK_ALL);
    CHECK_IS(next(3 * SECOND_NS), HOLM_NEIGHBOUR_LOST);
    hear(1, &mac_a, HOLM_NEIGHBOUR_CLAIMED, 3 * SECOND_NS);
    CHECK_IS(find(1, 3 * SECOND_NS, &last), HOLM_ERR_UNREACHABLE);
    hear(1, &mac_a, HOLM_NEIGHBOUR_REQUESTED, 3 * SECOND_NS);
    CHECK_IS(find(1, 3 * SECOND_NS, &last), HOLM_OK);
}
