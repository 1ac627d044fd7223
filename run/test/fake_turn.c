/* SPDX-License-Identifier: ISC */
#include "fake_turn.h"

#include <holm/test.h>
#include <stdio.h>
#include <stdlib.h>

struct fake fake;

static _Alignas(4096) uint8_t memory[8 * 1024 * 1024];
static struct holm_arena arena;
static struct holm_run run;

/* check_stacks compares what the tasks of the last loop used with what was computed. */
static bool check_stacks(void)
{
    size_t peak;

    if (holm_stack_bound_bytes == 0 || run.tasks == NULL)
        return true;
    peak = holm_run_stack_peak(&run);
    if (peak <= holm_stack_bound_bytes)
        return true;
    printf("stacks: %zu bytes used, %u computed\n", peak, (unsigned)holm_stack_bound_bytes);
    return false;
}

static void check_at_end(void)
{
    if (!check_stacks())
        _Exit(1);
}

struct holm_run *fake_run(const struct holm_run_options *options)
{
    static bool begun;
    struct holm_run_options painted = *options;

    if (!begun)
        CHECK_IS(atexit(check_at_end), 0);
    begun = true;
    CHECK(check_stacks());
    painted.paint = true;
    fake = (struct fake){ .now_ns = 1000000000 };
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_run_init(&run, &arena, &painted), HOLM_OK);
    return &run;
}

void holm_platform_guard(struct holm_span pages)
{
    fake.guards += pages.len == HOLM_STACK_GUARD_BYTES;
    fake.guard = pages;
}

static void operate_all(struct holm_operations *queue)
{
    struct holm_operation *operation = queue->first, *next;

    queue->first = NULL;
    queue->last = NULL;
    for (; operation != NULL; operation = next) {
        next = operation->next;
        fake.operate(operation);
    }
}

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    if (fake.operate != NULL)
        operate_all(queue);
    fake.turns++;
    fake.slept_until_ns = sleep_until_ns;
    if (fake.move != NULL && fake.move())
        sleep_until_ns = 0;
    if (fake.stop_at_ns != 0 && sleep_until_ns >= fake.stop_at_ns) {
        sleep_until_ns = fake.stop_at_ns;
        fake.stop_at_ns = 0;
        fake.stops++;
    } else if (sleep_until_ns == HOLM_TIMER_NEVER) {
        CHECK_IS(sleep_until_ns, 0); /* the loop would sleep for ever */
        exit(1);
    }
    if (sleep_until_ns > fake.now_ns)
        fake.now_ns = sleep_until_ns;
    turn->now_ns = fake.now_ns;
    turn->busy_ns = fake.busy_ns;
    turn->stops = fake.stops;
    turn->entropy_size = fake.entropy_size;
    turn->console_size = fake.console_size;
    fake.busy_ns = 0;
    fake.entropy_size = 0;
    fake.console_size = 0;
}
