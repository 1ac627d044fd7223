/* SPDX-License-Identifier: ISC */
#include "world.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <holm/test.h>
#include <holm/unix.h>

#define TICK_NS (10 * UINT64_C(1000000))

static struct holm_arena arena;
static struct holm_run run;
static struct holm_chunk_pool pool;
static struct holm_timer timer;
static struct holm_pump ticking;

uint32_t world_chunks = 8;
struct holm_image world = { .run = &run, .arena = &arena, .chunks = &pool };

/* tick makes turns come, so that a case that waits in vain is seen to. */
static void tick(struct holm_pump *pump, void *context)
{
    (void)context;
    holm_timer_set(&run.timers, &timer, run.turn.now_ns + TICK_NS, pump);
}

void world_start(void)
{
    static bool started;
    struct holm_span memory = { 0 };
    struct holm_run_options options = { .tasks_max = 8, .stack_size_bytes = 65536, .paint = true };

    if (started)
        return;
    started = true;
    CHECK_IS(holm_unix_start(), HOLM_OK);
    CHECK_IS(holm_unix_memory(&memory, UINT64_C(64) << 20), HOLM_OK);
    holm_arena_init(&arena, memory);
    CHECK_IS(holm_run_init(&run, &arena, &options), HOLM_OK);
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, world_chunks), HOLM_OK);
    holm_pump_init(&ticking, &run.ready, tick, NULL);
    holm_pump_ready(&ticking);
    holm_run_turn(&run);
}

void world_run(holm_task_function *function)
{
    struct holm_scope scope = { 0 };

    world_start();
    uint64_t end_ns = run.turn.now_ns + 3 * WORLD_WAIT_NS;
    CHECK_IS(holm_task_start(&run, &scope, HOLM_TEXT("case"), function, NULL), HOLM_OK);
    while (scope.count > 0 && run.turn.now_ns < end_ns)
        holm_run_turn(&run);
    CHECK_IS(scope.count, 0);
    CHECK_IS(scope.result, HOLM_OK);
    CHECK(holm_stack_bound_bytes == 0 || holm_run_stack_peak(&run) <= holm_stack_bound_bytes);
}

uint64_t world_end(void)
{
    return run.turn.now_ns + WORLD_WAIT_NS;
}

bool world_wait(uint64_t end_ns)
{
    return CHECK_IS(holm_task_wait(end_ns), HOLM_OK);
}

bool world_do(const char *command)
{
    return system(command) == 0; /* NOLINT(cert-env33-c): commands of the test's own */
}

static bool put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

/* enter makes the namespace; for a user without the right to, in one where that user is root. */
static bool enter(void)
{
    char map[64];

    (void)snprintf(map, sizeof map, "0 %u 1", (unsigned)getuid());
    if (unshare(CLONE_NEWNET) == 0)
        return true;
    return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 && put_file("/proc/self/uid_map", map);
}

bool world_namespace(void)
{
    static bool asked, entered;

    if (!asked)
        entered = enter();
    if (!entered)
        printf("skipped: no network namespace of its own: %s\n", strerror(errno));
    else if (!asked)
        entered = CHECK(world_do("ip link set lo up"));
    asked = true;
    return entered;
}
