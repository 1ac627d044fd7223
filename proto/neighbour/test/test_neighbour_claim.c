/* SPDX-License-Identifier: ISC */
/* Advertisements of neighbour discovery: RFC 4861 section 7.2.5. */
#include <holm/neighbour.h>
#include <holm/test.h>

#define SECOND UINT64_C(1000000000)

static struct holm_neighbours table;
static const struct holm_ip_address peer = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 2 } };
static const struct holm_siphash_key key = { 5, 6 };
static uint64_t now_ns;

static bool claim(uint8_t station, bool solicited, bool override)
{
    struct holm_neighbour_claim said = { .address = peer,
                                         .mac = { { 2, 0, 0, 0, 0, station } },
                                         .has_mac = station != 0,
                                         .solicited = solicited,
                                         .override = override };
    return holm_neighbour_claim(&table, &said, now_ns);
}

/* found answers which station has the address; 0: none is known. */
static uint8_t found(void)
{
    struct holm_mac_address mac;
    return holm_neighbour_find(&table, &peer, now_ns, &mac) == HOLM_OK ? HOLM_AT(mac.bytes, 5) : 0;
}

/* events answers how many events of a kind are told now. */
static uint32_t events(enum holm_neighbour_event wanted)
{
    enum holm_neighbour_event event;
    struct holm_neighbour about;
    uint32_t count = 0;

    while (holm_neighbour_next(&table, now_ns, &event, &about) == HOLM_OK)
        count += event == wanted ? 1U : 0U;
    return count;
}

/* asked begins with an address that is being asked for. */
static void asked(void)
{
    holm_neighbour_init(&table, &key);
    now_ns = SECOND;
    CHECK_IS(found(), 0);
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ALL), 1);
}

TEST(about_an_address_that_nobody_asked_for_nothing_is_learnt)
{
    holm_neighbour_init(&table, &key);
    now_ns = SECOND;
    (void)claim(7, true, true);
    CHECK_IS(found(), 0);
}

TEST(an_answer_is_taken_and_told)
{
    asked();
    (void)claim(0, true, true); /* it says nothing of the station */
    CHECK_IS(found(), 0);
    (void)claim(7, true, true);
    CHECK_IS(events(HOLM_NEIGHBOUR_FOUND), 1);
    CHECK_IS(found(), 7);
    now_ns += 20 * SECOND;
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 0); /* reachable yet */
}

TEST(what_comes_unasked_is_used_and_asked_about_soon)
{
    asked();
    (void)claim(7, false, true);
    CHECK_IS(events(HOLM_NEIGHBOUR_FOUND), 1);
    CHECK_IS(found(), 7);
    now_ns += HOLM_NEIGHBOUR_DELAY_NS;
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 1);
}

TEST(without_override_what_is_known_stays)
{
    asked();
    (void)claim(7, true, true);
    (void)claim(8, false, false);
    CHECK_IS(found(), 7);
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 1); /* but it is not taken for reachable any more */
    (void)claim(8, false, false);
    CHECK_IS(found(), 7);
}

TEST(one_that_is_reachable_is_asked_before_another_is_believed)
{
    asked();
    (void)claim(7, true, true);
    (void)events(HOLM_NEIGHBOUR_FOUND);
    (void)claim(8, false, true); /* maybe forged */
    CHECK_IS(found(), 7);
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 1);
    (void)claim(7, true, true); /* it answers */
    now_ns += 3 * SECOND;
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 0);
    CHECK_IS(found(), 7);
}

TEST(while_one_is_asked_claims_of_another_change_nothing)
{
    asked();
    (void)claim(7, true, true);
    (void)events(HOLM_NEIGHBOUR_FOUND);
    (void)claim(8, false, true);
    (void)claim(8, false, true);
    CHECK_IS(found(), 7);
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 1);
    (void)claim(8, false, true);
    CHECK_IS(found(), 7);
}

TEST(it_is_said_whether_a_claim_is_of_the_station_that_is_known)
{
    holm_neighbour_init(&table, &key);
    now_ns = SECOND;
    CHECK(!claim(7, true, true));
    asked();
    CHECK(!claim(0, true, true));
    CHECK(claim(7, true, true));
    CHECK(!claim(8, false, true));
    CHECK(claim(7, false, true));
    CHECK(!claim(8, true, true)); /* the old one was being asked */
}

TEST(one_that_does_not_answer_is_replaced)
{
    asked();
    (void)claim(7, true, true);
    (void)events(HOLM_NEIGHBOUR_FOUND);
    (void)claim(8, false, true);
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 1);
    (void)claim(8, true, true); /* it was not that one that was asked */
    CHECK_IS(found(), 7);
    now_ns += HOLM_NEIGHBOUR_ASK_NS;
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ALL), 1);
    CHECK_IS(found(), 0);
    (void)claim(8, true, true);
    CHECK_IS(events(HOLM_NEIGHBOUR_FOUND), 1);
    CHECK_IS(found(), 8);
}

TEST(two_claims_do_not_take_a_neighbour_over)
{
    asked();
    (void)claim(7, true, true);
    (void)events(HOLM_NEIGHBOUR_FOUND);
    (void)claim(8, false, false); /* by RFC 4861 it would be STALE now … */
    (void)claim(8, false, true);  /* … and this one believed */
    CHECK_IS(found(), 7);
    (void)claim(7, true, true);
    now_ns += 2 * HOLM_NEIGHBOUR_REACHABLE_NS; /* it rests */
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 0);
    (void)claim(8, false, true);
    CHECK_IS(events(HOLM_NEIGHBOUR_ASK_ONE), 1);
    CHECK_IS(found(), 7);
}
