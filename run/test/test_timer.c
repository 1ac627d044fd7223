/* SPDX-License-Identifier: ISC */
/* Timers, against a model: an array of deadlines that is looked through from end to end. */
#include <holm/random.h>
#include <holm/test.h>
#include <holm/timer.h>

#define TIMERS 300
#define STEPS 20000

static struct holm_timers timers;
static struct holm_timer all[TIMERS];
static uint64_t model[TIMERS]; /* HOLM_TIMER_NEVER: not set */
static struct holm_ready ready;
static struct holm_pump pumps[TIMERS];

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

static uint64_t tick_of(uint64_t deadline_ns)
{
    return deadline_ns / HOLM_TIMER_TICK_NS + (deadline_ns % HOLM_TIMER_TICK_NS != 0);
}

/* A number of 0 to bits_max bits, each size equally likely. */
static uint64_t some_number(struct holm_random_seeded *random, uint64_t bits_max)
{
    uint64_t bits = holm_random_seeded_next(random) % (bits_max + 1);

    return bits == 0 ? 0 : holm_random_seeded_next(random) >> (64 - bits);
}

static void advance_and_compare(uint64_t now_ns)
{
    size_t count = 0;

    holm_timers_advance(&timers, now_ns);
    while (holm_ready_take(&ready) != NULL) {
    }
    for (size_t i = 0; i < TIMERS; i++) {
        bool due = HOLM_AT(model, i) != HOLM_TIMER_NEVER &&
                   tick_of(HOLM_AT(model, i)) <= now_ns / HOLM_TIMER_TICK_NS;
        if (due) {
            CHECK(HOLM_AT(all, i).fired);
            HOLM_AT(model, i) = HOLM_TIMER_NEVER;
        }
        CHECK_IS(HOLM_AT(all, i).link != NULL, HOLM_AT(model, i) != HOLM_TIMER_NEVER);
        count += HOLM_AT(model, i) != HOLM_TIMER_NEVER;
    }
    CHECK_IS(timers.count, count);
}

/* The loop must be told to look again before the next deadline, and later than now. */
static void compare_next(uint64_t now_ns)
{
    uint64_t next = holm_timers_next(&timers);
    uint64_t least = HOLM_TIMER_NEVER;

    for (size_t i = 0; i < TIMERS; i++) {
        if (HOLM_AT(model, i) < least)
            least = HOLM_AT(model, i);
    }
    if (least == HOLM_TIMER_NEVER) {
        CHECK(next == HOLM_TIMER_NEVER);
        return;
    }
    CHECK(next < HOLM_TIMER_NEVER);
    CHECK(next <= least || next / HOLM_TIMER_TICK_NS <= tick_of(least));
    if (tick_of(least) > now_ns / HOLM_TIMER_TICK_NS)
        CHECK(next > now_ns);
}

static void compare_run(uint64_t seed, uint64_t now_ns, uint64_t ahead_bits, uint64_t step_bits)
{
    struct holm_random_seeded random;

    holm_random_seeded_init(&random, seed);
    ready = (struct holm_ready){ 0 };
    holm_timers_init(&timers, now_ns);
    for (size_t i = 0; i < TIMERS; i++) {
        HOLM_AT(all, i) = (struct holm_timer){ 0 };
        HOLM_AT(model, i) = HOLM_TIMER_NEVER;
        holm_pump_init(&HOLM_AT(pumps, i), &ready, nothing, NULL);
    }
    for (size_t step = 0; step < STEPS; step++) {
        uint64_t what = holm_random_seeded_next(&random) % 16;
        size_t i = holm_random_seeded_next(&random) % TIMERS;
        if (what < 10) {
            uint64_t deadline_ns = now_ns + some_number(&random, ahead_bits);
            holm_timer_set(&timers, &HOLM_AT(all, i), deadline_ns, &HOLM_AT(pumps, i));
            CHECK(!HOLM_AT(all, i).fired);
            HOLM_AT(model, i) = deadline_ns;
        } else if (what < 14) {
            holm_timer_cancel(&timers, &HOLM_AT(all, i));
            HOLM_AT(model, i) = HOLM_TIMER_NEVER;
        } else {
            now_ns += some_number(&random, step_bits);
            advance_and_compare(now_ns);
            compare_next(now_ns);
        }
    }
}

TEST(wheel_and_model_agree_for_short_times)
{
    compare_run(holm_test_seed(), 0, 26, 24);
}

TEST(wheel_and_model_agree_for_minutes_and_hours)
{
    compare_run(holm_test_seed() + 1, UINT64_C(123456789012345), 42, 36);
}

TEST(wheel_and_model_agree_for_centuries)
{
    compare_run(holm_test_seed() + 2, 1, 62, 50);
}

TEST(a_passed_deadline_fires_at_the_next_advance)
{
    struct holm_timer timer = { 0 };
    struct holm_pump pump;

    ready = (struct holm_ready){ 0 };
    holm_pump_init(&pump, &ready, nothing, NULL);
    holm_timers_init(&timers, 1000 * HOLM_TIMER_TICK_NS);
    holm_timer_set(&timers, &timer, 5, &pump);
    CHECK(holm_timers_next(&timers) <= 1000 * HOLM_TIMER_TICK_NS);
    holm_timers_advance(&timers, 1000 * HOLM_TIMER_TICK_NS);
    CHECK(timer.fired);
    CHECK(holm_ready_take(&ready) == &pump);
    CHECK(holm_timers_next(&timers) == HOLM_TIMER_NEVER);
}

TEST(no_timer_fires_early_and_none_is_a_tick_late)
{
    struct holm_timer timer = { 0 };
    uint64_t deadline_ns = UINT64_C(3600000000000) + 17;

    holm_timers_init(&timers, 0);
    holm_timer_set(&timers, &timer, deadline_ns, NULL);
    holm_timers_advance(&timers, deadline_ns - 1);
    CHECK(!timer.fired);
    holm_timers_advance(&timers, deadline_ns + HOLM_TIMER_TICK_NS - 1);
    CHECK(timer.fired);
}

TEST(never_cancels)
{
    struct holm_timer timer = { 0 };

    holm_timers_init(&timers, 0);
    holm_timer_set(&timers, &timer, 77, NULL);
    holm_timer_set(&timers, &timer, HOLM_TIMER_NEVER, NULL);
    CHECK(timer.link == NULL);
    CHECK_IS(timers.count, 0);
    CHECK(holm_timers_next(&timers) == HOLM_TIMER_NEVER);
}
