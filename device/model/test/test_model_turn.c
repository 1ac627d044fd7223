/* SPDX-License-Identifier: ISC */
/* What turns tell of time and entropy, and the doubles that fill them. */
#include <holm/clock.h>
#include <holm/entropy.h>
#include <holm/model_turn.h>
#include <holm/test.h>

#define SECOND_NS UINT64_C(1000000000)

static struct holm_model_clock time;
static struct holm_turn turn;

static bool utc_is(uint64_t wanted_ns, uint64_t within_ns)
{
    uint64_t utc_ns = 0;

    holm_model_clock_tell(&time, &turn);
    return holm_clock_utc(&utc_ns, &turn, within_ns) && utc_ns == wanted_ns;
}

TEST(time_passes_only_when_the_test_says_so)
{
    holm_model_clock_init(&time);
    holm_model_clock_tell(&time, &turn);
    CHECK_IS(turn.now_ns, SECOND_NS);
    holm_model_clock_move(&time, 5);
    holm_model_clock_sleep(&time, 3);
    holm_model_clock_tell(&time, &turn);
    CHECK_IS(turn.now_ns, SECOND_NS + 5);
    holm_model_clock_sleep(&time, 2 * SECOND_NS);
    holm_model_clock_tell(&time, &turn);
    CHECK_IS(turn.now_ns, 2 * SECOND_NS);
}

TEST(utc_is_told_to_those_for_whom_it_is_known_well_enough)
{
    holm_model_clock_init(&time);
    CHECK(!utc_is(0, HOLM_CLOCK_ROUGHLY_NS));
    holm_model_clock_utc(&time, INT64_C(1800000000000000000), SECOND_NS);
    CHECK(utc_is(UINT64_C(1800000000000000000), SECOND_NS));
    CHECK(!utc_is(UINT64_C(1800000000000000000), SECOND_NS - 1));
    holm_model_clock_move(&time, SECOND_NS);
    CHECK(utc_is(UINT64_C(1800000001000000000), HOLM_CLOCK_ROUGHLY_NS));
    holm_model_clock_utc(&time, -5, 0); /* before 1970: the clock was never set */
    CHECK(!utc_is(0, HOLM_CLOCK_ROUGHLY_NS));
}

TEST(entropy_comes_at_the_start_and_when_a_clone_wakes)
{
    struct holm_model_entropy one, other;
    struct holm_bytes first = { 0 }, again = { 0 };
    struct holm_turn turns[2] = { 0 };

    holm_model_entropy_init(&one, 1);
    holm_model_entropy_init(&other, 2);
    holm_model_entropy_tell(&one, &turns[0]);
    holm_model_entropy_tell(&other, &HOLM_AT(turns, 1));
    CHECK(holm_entropy_take(&first, &turns[0]) && first.len == HOLM_TURN_ENTROPY_BYTES);
    CHECK(holm_entropy_take(&again, &HOLM_AT(turns, 1)) && !holm_bytes_equal(first, again));
    HOLM_AT(turns, 1) = turns[0];
    holm_model_entropy_tell(&one, &turns[0]);
    CHECK(!holm_entropy_take(&first, &turns[0]));
    CHECK_IS(turns[0].generation, HOLM_AT(turns, 1).generation);
    holm_model_entropy_wake(&one);
    holm_model_entropy_tell(&one, &turns[0]);
    CHECK(holm_entropy_take(&first, &turns[0]) && holm_entropy_take(&again, &HOLM_AT(turns, 1)) &&
          !holm_bytes_equal(first, again));
    CHECK_IS(turns[0].generation, HOLM_AT(turns, 1).generation + 1);
}
