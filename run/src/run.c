/* SPDX-License-Identifier: ISC */
/* run.c: the loop. */
#include "run_impl.h"

#include <holm/clock.h>
#include <holm/log.h>

struct holm_run *holm_run__current;

enum holm_result holm_run_init(struct holm_run *run, struct holm_arena *arena,
                               const struct holm_run_options *options)
{
    *run = (struct holm_run){ .hog_ns = options->hog == NULL ? 0 : options->hog_ns,
                              .hog = options->hog };
    holm_timers_init(&run->timers, 0);
    enum holm_result result = holm_run__tasks_init(run, arena, options);
    if (result == HOLM_OK)
        holm_run__current = run;
    return result;
}

struct holm_run *holm_run_current(void)
{
    return holm_run__current;
}

/* tell runs those who wait for what only this turn has, in the order in which they were parked. */
static void tell(const struct holm_ready *parked)
{
    for (struct holm_pump *pump = parked->first; pump != NULL; pump = pump->next)
        pump->function(pump, pump->context);
}

/* pass_door makes the platform's part of a turn, and what must come before everything else. */
static void pass_door(struct holm_run *run)
{
    uint64_t sleep_until_ns = holm_timers_next(&run->timers);
    uint32_t stops = run->turn.stops;
    uint64_t utc_ns = 0;

    if (run->ready.first != NULL || run->turns == 0)
        sleep_until_ns = 0;
    if (run->door == NULL)
        holm_platform_turn(&run->turn, &run->operations, sleep_until_ns);
    else
        run->door->turn(run->door, &run->turn, &run->operations, sleep_until_ns);
    run->turns++;
    (void)!holm_clock_utc(&utc_ns, &run->turn, HOLM_CLOCK_ROUGHLY_NS); /* else 0: not known */
    holm_log_tick(run->turn.now_ns, utc_ns);
    if (run->turn.entropy_size > 0 && run->turns > 1)
        tell(&run->woken);
    if (run->turn.console_size > 0)
        tell(&run->typed);
    if (run->turn.stops != stops)
        holm_wake_ring(&run->stop);
}

/* tell_hog names the task that ran in the turn before, the only one, if it took too long. */
static void tell_hog(struct holm_run *run)
{
    struct holm_task *ran = run->ran;

    run->ran = NULL;
    if (ran != NULL && run->turn.busy_ns > run->hog_ns)
        run->hog(ran->name, run->turn.busy_ns);
}

void holm_run_turn(struct holm_run *run)
{
    pass_door(run);
    if (run->hog_ns != 0)
        tell_hog(run);
    holm_timers_advance(&run->timers, run->turn.now_ns);
    for (uint32_t i = 0; i < HOLM_RUN_PUMPS_A_TURN_MAX && run->ran == NULL; i++) {
        struct holm_pump *pump = holm_ready_take(&run->ready);
        if (pump == NULL)
            return;
        pump->function(pump, pump->context);
    }
}

void holm_run_until(struct holm_run *run, const bool *done)
{
    while (!*done)
        holm_run_turn(run);
}
