/* SPDX-License-Identifier: ISC */
/* explore_timer.c: three timers are set, moved and cancelled while time goes on, across the borders of
 * the wheel's levels, beside a plain list of deadlines. Whatever the order: the wheel is one, a timer
 * fires once, neither early nor a tick late, and the loop is never told to sleep for too long. */
#include <holm/explore.h>
#include <holm/timer.h>
#include <holm/wrap.h>

#include <stdio.h>

#define TICK HOLM_TIMER_TICK_NS
enum { TIMERS = 3 };

/* What a timer is set to, from now on; how far time goes. A deadline that has passed, one within a
 * tick, borders of level 0, 1 and 2, one that no level's digit is near, none. */
static const uint64_t spans_ns[] = { 0,         1,         TICK,        3 * TICK,
                                     63 * TICK, 64 * TICK, 4095 * TICK, 4096 * TICK + 1 };
static const uint64_t steps_ns[] = { 1, TICK, 2 * TICK, 63 * TICK, 64 * TICK, 4096 * TICK };
enum {
    PAST = HOLM_COUNT(spans_ns),
    JUST_PAST, /* by a tick */
    LAST,      /* as late as can be */
    NEVER,
    CANCEL,
    VERBS, /* of each timer */
    ADVANCES = TIMERS * VERBS,
    TO_NEXT = ADVANCES + HOLM_COUNT(steps_ns), /* as far as the loop would sleep */
    EVENTS,
};

static struct world {
    struct holm_timers timers;
    struct holm_timer all[TIMERS];
    struct holm_pump pumps[TIMERS];
    struct holm_ready ready;
    uint64_t deadlines_ns[TIMERS]; /* what was asked for; HOLM_TIMER_NEVER: not set */
    uint64_t now_ns;
} world;
static uint64_t begin_ns;

static void never_called(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

static void begin(void)
{
    world = (struct world){ .now_ns = begin_ns };
    holm_timers_init(&world.timers, begin_ns);
    for (size_t i = 0; i < TIMERS; i++) {
        HOLM_AT(world.deadlines_ns, i) = HOLM_TIMER_NEVER;
        holm_pump_init(&HOLM_AT(world.pumps, i), &world.ready, never_called, NULL);
    }
}

/* take_fired compares the pumps that were made ready with the timers that are due. */
static void take_fired(void)
{
    for (struct holm_pump *pump = holm_ready_take(&world.ready); pump != NULL;
         pump = holm_ready_take(&world.ready)) {
        size_t i = 0;
        while (&HOLM_AT(world.pumps, i) != pump)
            i++;
        CHECK(HOLM_AT(world.all, i).fired);
        CHECK(HOLM_AT(world.deadlines_ns, i) <= world.now_ns); /* not early, not twice */
        HOLM_AT(world.deadlines_ns, i) = HOLM_TIMER_NEVER;
    }
}

static void check(void)
{
    uint64_t next_ns = holm_timers_next(&world.timers);
    size_t count = 0, due = 0;

    CHECK(holm_timers_check(&world.timers));
    CHECK_IS(world.timers.now_tick, world.now_ns / TICK);
    for (size_t i = 0; i < TIMERS; i++) {
        uint64_t deadline_ns = HOLM_AT(world.deadlines_ns, i);
        bool set = deadline_ns != HOLM_TIMER_NEVER;
        count += set;
        due += set && deadline_ns <= world.now_ns;
        CHECK_IS(HOLM_AT(world.all, i).link != NULL, set);
        if (!set)
            continue;
        CHECK(next_ns < deadline_ns || next_ns - deadline_ns < TICK ||
              next_ns <= world.now_ns + TICK);
    }
    CHECK_IS(world.timers.count, count);
    CHECK_IS(next_ns != HOLM_TIMER_NEVER, count > 0);
    CHECK(next_ns > world.now_ns || due > 0); /* a loop that sleeps until then gets on */
}

static void advance(uint64_t now_ns)
{
    world.now_ns = now_ns;
    holm_timers_advance(&world.timers, now_ns);
    take_fired();
    for (size_t i = 0; i < TIMERS; i++) /* not a tick late */
        CHECK(HOLM_AT(world.deadlines_ns, i) > now_ns ||
              now_ns - HOLM_AT(world.deadlines_ns, i) < TICK);
}

static void set(size_t which, uint64_t deadline_ns)
{
    HOLM_AT(world.deadlines_ns, which) = deadline_ns;
    holm_timer_set(&world.timers, &HOLM_AT(world.all, which), deadline_ns,
                   &HOLM_AT(world.pumps, which));
}

static bool pass_time(uint32_t event)
{
    uint64_t next_ns = holm_timers_next(&world.timers);

    if (event != TO_NEXT) {
        advance(world.now_ns + HOLM_AT(steps_ns, event - ADVANCES));
        return true;
    }
    if (next_ns >= HOLM_TIMER_NEVER - 1 || next_ns <= world.now_ns)
        return false;
    advance(next_ns);
    return true;
}

static bool happens(uint32_t event)
{
    size_t which = event / VERBS;
    uint32_t verb = event % VERBS;

    if (event >= ADVANCES) {
        bool could = pass_time(event);
        check();
        return could;
    }
    if (verb == CANCEL) {
        holm_timer_cancel(&world.timers, &HOLM_AT(world.all, which));
        HOLM_AT(world.deadlines_ns, which) = HOLM_TIMER_NEVER;
    } else if (verb == NEVER || verb == LAST) {
        set(which, verb == NEVER ? HOLM_TIMER_NEVER : HOLM_TIMER_NEVER - 1);
    } else if (verb == PAST || verb == JUST_PAST) {
        set(which, verb == PAST || world.now_ns < TICK ? world.now_ns / 2 : world.now_ns - TICK);
    } else {
        set(which, world.now_ns + HOLM_AT(spans_ns, verb));
    }
    check();
    return true;
}

/* Left out are the order within a slot, since timers of one slot fire in no order, and which timer is
 * which: what follows is the same but for the names. */
static uint64_t digest(void)
{
    uint64_t all = 0;

    for (size_t i = 0; i < TIMERS; i++) {
        const struct holm_timer *timer = &HOLM_AT(world.all, i);
        uint64_t slot = timer->link == NULL ? UINT16_MAX : timer->slot;
        uint64_t one = holm_explore_mix(slot, HOLM_AT(world.deadlines_ns, i));
        all = holm_u64_wrap_add(all, one);
    }
    return holm_explore_mix(holm_explore_mix(world.now_ns, world.timers.now_tick), all);
}

static void print(uint32_t event)
{
    static const char *const words[] = { "set to what has passed", "set to a tick ago",
                                         "set to the end of time", "set to never", "cancelled" };

    if (event == TO_NEXT)
        printf("time goes to the next deadline");
    else if (event >= ADVANCES)
        printf("time goes on by %llu ns", (unsigned long long)HOLM_AT(steps_ns, event - ADVANCES));
    else if (event % VERBS < PAST)
        printf("timer %u is set to %llu ns from now", event / VERBS,
               (unsigned long long)HOLM_AT(spans_ns, event % VERBS));
    else
        printf("timer %u is %s", event / VERBS, HOLM_AT(words, event % VERBS - PAST));
}

static void explore(const char *sizes, uint64_t from_ns)
{
    const struct holm_exploration what = { .sizes = sizes,
                                           .events = EVENTS,
                                           .depth = 5,
                                           .world = { (uint8_t *)&world, sizeof world },
                                           .begin = begin,
                                           .event = happens,
                                           .digest = digest,
                                           .print = print };

    begin_ns = from_ns;
    holm_explore(&what);
}

TEST(from_the_start)
{
    explore("3 timers from time 0", 0);
}

TEST(from_the_border_of_a_level)
{
    explore("3 timers from a tick before 64^2 ticks", (64 * 64 - 1) * TICK + TICK / 2);
}

TEST(from_the_border_of_all_levels)
{
    explore("3 timers from 2 ticks before 64^6 ticks", ((UINT64_C(1) << 36) - 2) * TICK);
}
