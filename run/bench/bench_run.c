/* SPDX-License-Identifier: ISC */
/* bench_run.c: what the loop costs: a timer set and cancelled among 100,000, a task resumed and
 * returned, a turn with nothing to do. Interleaved rounds; the median of each is printed. */
#include <holm/random.h>
#include <holm/run.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 15
#define TIMERS 100000
#define REPEATS 200000

static struct holm_run run;
static struct holm_timers timers;
static struct holm_timer all[TIMERS];
static uint64_t deadlines_ns[REPEATS];
static uint32_t which[REPEATS];
static _Alignas(4096) uint8_t memory[1 << 20];
static uint64_t clock_ns = 1;

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    (void)queue;
    (void)sleep_until_ns;
    clock_ns += 1000;
    turn->now_ns = clock_ns;
}

void holm_platform_guard(struct holm_span pages)
{
    (void)pages;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void timers_prepare(void)
{
    struct holm_random_seeded random;

    holm_random_seeded_init(&random, 1);
    holm_timers_init(&timers, 0);
    for (size_t i = 0; i < REPEATS; i++) {
        uint64_t number = holm_random_seeded_next(&random);
        HOLM_AT(deadlines_ns, i) = 1000000 + number % UINT64_C(3600000000000);
        HOLM_AT(which, i) = (uint32_t)(holm_random_seeded_next(&random) % TIMERS);
    }
    for (size_t i = 0; i < TIMERS; i++)
        holm_timer_set(&timers, &HOLM_AT(all, i), HOLM_AT(deadlines_ns, i), NULL);
}

/* Each step takes a random timer out and sets it anew, so that 100,000 are always set. */
static double timers_round(void)
{
    double start = now();

    for (size_t i = 0; i < REPEATS; i++) {
        struct holm_timer *timer = &HOLM_AT(all, HOLM_AT(which, i));
        holm_timer_cancel(&timers, timer);
        holm_timer_set(&timers, timer, HOLM_AT(deadlines_ns, i), NULL);
    }
    return (now() - start) / REPEATS;
}

static enum holm_result switch_for_ever(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    for (;;) {
        enum holm_result result = holm_task_wait(HOLM_TIMER_NEVER);
        if (result != HOLM_OK)
            return result;
    }
}

/* A wake, the loop's queue, the switch to the task, its wait, and the switch back. */
static double task_round(struct holm_pump *pump)
{
    double start = now();

    for (size_t i = 0; i < REPEATS; i++) {
        holm_pump_ready(pump);
        struct holm_pump *next = holm_ready_take(&run.ready);
        next->function(next, next->context);
    }
    return (now() - start) / REPEATS;
}

static double turn_round(void)
{
    double start = now();

    for (size_t i = 0; i < REPEATS; i++)
        holm_run_turn(&run);
    return (now() - start) / REPEATS;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int count, char **arguments)
{
    static double rounds[3][ROUNDS];
    static const char *const names[3] = { "timer_set_cancel", "task_resume_return", "turn_idle" };
    static const char *const texts[3] = { "timer cancelled and set, at 100,000",
                                          "task resumed and returned", "turn with nothing to do" };
    static const double limits[3] = { 50, 20, 100 };
    struct holm_arena arena;
    struct holm_scope scope = { 0 };
#pragma clang unsafe_buffer_usage begin /* main gets its words as C does */
    bool json = count > 1 && strcmp(arguments[1], "--json") == 0;
#pragma clang unsafe_buffer_usage end

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    if (holm_run_init(&run, &arena, &(struct holm_run_options){ .tasks_max = 4 }) != HOLM_OK ||
        holm_task_start(&run, &scope, HOLM_TEXT("bench"), switch_for_ever, NULL) != HOLM_OK)
        return 1;
    struct holm_pump *pump = holm_task_pump(scope.tasks);
    holm_run_turn(&run);
    timers_prepare();
    for (size_t i = 0; i < ROUNDS; i++) {
        HOLM_AT(HOLM_AT(rounds, 0), i) = timers_round();
        HOLM_AT(HOLM_AT(rounds, 1), i) = task_round(pump);
        HOLM_AT(HOLM_AT(rounds, 2), i) = turn_round();
    }
    for (size_t i = 0; i < HOLM_COUNT(names); i++) {
        qsort(HOLM_AT(rounds, i), ROUNDS, sizeof(double), compare);
        double median = HOLM_AT(HOLM_AT(rounds, i), ROUNDS / 2);
        if (json)
            printf("{\"bench\":\"run.%s\",\"ns\":%.1f,\"limit_ns\":%.0f}\n", HOLM_AT(names, i),
                   median, HOLM_AT(limits, i));
        else
            printf("%-36s %6.1f ns (at most %.0f)\n", HOLM_AT(texts, i), median,
                   HOLM_AT(limits, i));
    }
    return 0;
}
