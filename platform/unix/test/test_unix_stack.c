/* SPDX-License-Identifier: ISC */
/* test_unix_stack.c: what libc needs of a task's stack, measured on a painted one, is not more than
 * platform/unix/stack_bytes declares to the build. */
#include <holm/run.h>
#include <holm/test.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_BYTES (2 << 20)
#define LARGE_BYTES 100000

static const uint8_t declared[] = {
#embed "../stack_bytes"
};

static _Alignas(4096) uint8_t memory[MEMORY_BYTES];
static uint8_t from[LARGE_BYTES], to[LARGE_BYTES];
static const size_t sizes[] = { 0, 1, 7, 16, 31, 33, 100, 250, 500, 3000, LARGE_BYTES };
static volatile int kept;

struct call;
typedef void call_function(struct call *call);
struct call {
    call_function *function;
    const uint8_t *frame; /* of function */
};
static struct holm_arena arena; /* each loop takes new memory: a guard page stays one */

static void no_turn(struct holm_door *door, struct holm_turn *turn, struct holm_operations *queue,
                    uint64_t sleep_until_ns)
{
    (void)door;
    (void)turn;
    (void)queue;
    (void)sleep_until_ns;
}

/* call_deep calls further down than whatever else runs on a task's stack. */
static enum holm_result call_deep(struct holm_task *task, void *context)
{
    volatile uint8_t room[4096];
    struct call *call = context;

    (void)task;
    room[0] = 1;
    call->function(call);
    kept = room[0];
    return HOLM_OK;
}

/* used_below is how many bytes of a stack below its own frame function uses. */
static size_t used_below(call_function *function)
{
    static struct holm_run run;
    static struct holm_door door = { no_turn };
    struct holm_scope scope = { 0 };
    struct call call = { function, NULL };

    CHECK_IS(holm_run_init(&run, &arena,
                           &(struct holm_run_options){
                               .tasks_max = 1, .stack_size_bytes = 65536, .paint = true }),
             HOLM_OK);
    run.door = &door;
    CHECK_IS(holm_task_start(&run, &scope, HOLM_TEXT("task"), call_deep, &call), HOLM_OK);
    struct holm_span stack = holm_task_stack(scope.tasks), end = { 0 };
    CHECK(holm_span_part(stack, stack.len, 0, &end));
    holm_run_turn(&run);
    CHECK_IS(scope.count, 0);
    return holm_run_stack_peak(&run) - (size_t)(end.ptr - call.frame);
}

/* CALLS is a function that calls one of libc's with each size. Its own frame counts too. */
#define CALLS(name, ...)                                                                           \
    __attribute__((noinline)) static void call_##name(struct call *call)                           \
    {                                                                                              \
        call->frame = __builtin_frame_address(0);                                                  \
        for (size_t i = 0; i < HOLM_COUNT(sizes); i++) {                                           \
            volatile size_t size = HOLM_AT(sizes, i);                                              \
            __VA_ARGS__;                                                                           \
        }                                                                                          \
    }

CALLS(memcpy, (void)memcpy(to, from, size))
CALLS(memmove, (void)memmove(to, from, size))
CALLS(memset, (void)memset(to, 1, size))
CALLS(memcmp, kept = memcmp(to, from, size) < 0)
CALLS(bcmp, kept = memcmp(to, from, size) == 0)
CALLS(strlen, (void)size; kept = (int)strlen((const char *)to))
CALLS(__errno_location, kept = errno + (int)size)
CALLS(poll, kept = poll(NULL, 0, size == 1))
CALLS(write, kept = (int)write(-1, from, size))

/* declared_for is what the file says in the line "NAME BYTES"; 0 if there is none. */
static uint64_t declared_for(struct holm_bytes name)
{
    static char text[sizeof declared + 1];
    char start[64];
    unsigned long long value = 0;

    (void)memcpy(text, declared, sizeof declared);
    (void)snprintf(start, sizeof start, "\n%.*s ", (int)name.len, (const char *)name.ptr);
    const char *line = strstr(text, start);
    return line != NULL && sscanf(line, "%*s %llu", &value) == 1 ? value : 0;
}

static void check(struct holm_bytes name, call_function *function)
{
    size_t used = used_below(function);
    uint64_t limit = declared_for(name);

    printf("    %.*s: %zu bytes used, %llu declared\n", (int)name.len, (const char *)name.ptr, used,
           (unsigned long long)limit);
    CHECK(limit > 0 && used <= limit);
}

TEST(libc_needs_no_more_of_a_tasks_stack_than_is_declared)
{
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    check(HOLM_TEXT("memcpy"), call_memcpy);
    check(HOLM_TEXT("memmove"), call_memmove);
    check(HOLM_TEXT("memset"), call_memset);
    check(HOLM_TEXT("memcmp"), call_memcmp);
    check(HOLM_TEXT("bcmp"), call_bcmp);
    check(HOLM_TEXT("strlen"), call_strlen);
    check(HOLM_TEXT("__errno_location"), call___errno_location);
    check(HOLM_TEXT("poll"), call_poll);
    check(HOLM_TEXT("write"), call_write);
}
