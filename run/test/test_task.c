/* SPDX-License-Identifier: ISC */
#include "fake_turn.h"

#include <holm/test.h>

#define MS UINT64_C(1000000)
#define STACK 65536 /* roomy: these stacks also carry a sanitizer's frames and printf */

static const struct holm_run_options options = { .tasks_max = 4, .stack_size_bytes = STACK };

static struct holm_run *run;
static struct holm_scope scope;
static uint32_t steps;
static enum holm_result seen;

static void begin(void)
{
    run = fake_run(&options);
    scope = (struct holm_scope){ 0 };
    steps = 0;
    seen = HOLM_OK;
}

static void start(holm_task_function *function, void *context)
{
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("task"), function, context), HOLM_OK);
}

static void turns_until_empty(void)
{
    for (int i = 0; i < 100000 && scope.count > 0; i++)
        holm_run_turn(run);
    CHECK_IS(scope.count, 0);
    CHECK_IS(run->tasks_count, 0);
}

static enum holm_result one_step(struct holm_task *task, void *context)
{
    (void)context;
    CHECK(holm_task_self() == task);
    steps++;
    return HOLM_OK;
}

TEST(a_task_runs_once_and_its_scope_is_empty_afterwards)
{
    begin();
    start(one_step, NULL);
    CHECK_IS(scope.count, 1);
    CHECK_IS(steps, 0);
    holm_run_turn(run);
    CHECK_IS(steps, 1);
    CHECK_IS(scope.count, 0);
    CHECK(holm_task_self() == NULL);
}

TEST(stacks_are_used_again)
{
    begin();
    for (uint32_t i = 0; i < 100; i++) {
        start(one_step, NULL);
        holm_run_turn(run);
    }
    CHECK_IS(steps, 100);
}

TEST(each_stack_has_a_guard_and_its_task_is_found_by_it)
{
    begin();
    CHECK_IS(fake.guards, 4);
    start(one_step, NULL);
    struct holm_span stack = holm_task_stack(scope.tasks), last = { 0 };
    CHECK_IS(stack.len, STACK);
    CHECK(holm_task_at_guard(stack.ptr) == NULL);
    CHECK(holm_task_at_guard(run) == NULL);
    CHECK(holm_span_part(fake.guard, HOLM_STACK_GUARD_BYTES - 1, 1, &last));
    CHECK(holm_task_at_guard(last.ptr) == scope.tasks);
    CHECK(holm_task_at_guard(fake.guard.ptr) == scope.tasks);
    CHECK_BYTES(holm_task_name(holm_task_at_guard(last.ptr)), HOLM_TEXT("task"));
    turns_until_empty();
}

/* Values that the compiler keeps in registers must come back after each switch. */
static enum holm_result count_up(struct holm_task *task, void *context)
{
    uint64_t seed = *(uint64_t *)context;
    uint64_t a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11;
    double f = (double)seed, g = f * 2, h = f * 3;

    (void)task;
    for (uint32_t i = 0; i < 1000; i++) {
        CHECK_IS(holm_task_yield(), HOLM_OK);
        a += 1;
        b += 2;
        c += 3;
        d += 4;
        e += 5;
        f += 1.0;
        g += 2.0;
        h += 3.0;
        steps++;
    }
    CHECK(a == seed + 1000 && b == seed * 3 + 2000 && c == seed * 5 + 3000);
    CHECK(d == seed * 7 + 4000 && e == seed * 11 + 5000);
    CHECK(f == (double)seed + 1000 && g == (double)seed * 2 + 2000 && h == (double)seed * 3 + 3000);
    return HOLM_OK;
}

TEST(a_thousand_switches_of_three_tasks_keep_their_registers)
{
    uint64_t seeds[3] = { 1, 1000, 1000000 };

    begin();
    for (size_t i = 0; i < HOLM_COUNT(seeds); i++)
        start(count_up, &HOLM_AT(seeds, i));
    turns_until_empty();
    CHECK_IS(steps, 3000);
}

static enum holm_result wait_for_ever(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    while (seen == HOLM_OK) {
        seen = holm_task_wait(HOLM_TIMER_NEVER);
        steps++;
    }
    CHECK_IS(holm_task_wait(HOLM_TIMER_NEVER), seen); /* each further wait answers the same */
    CHECK_IS(holm_task_yield(), seen);
    return seen;
}

TEST(cancelling_makes_the_present_and_further_waits_answer_so)
{
    begin();
    start(wait_for_ever, NULL);
    holm_run_turn(run);
    CHECK_IS(steps, 0);
    holm_scope_cancel(&scope);
    holm_run_turn(run);
    CHECK_IS(steps, 1);
    CHECK_IS(seen, HOLM_ERR_CANCELLED);
    CHECK_IS(scope.count, 0);
    CHECK_IS(scope.result, HOLM_OK); /* to be cancelled is no error of the scope */
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("late"), one_step, NULL), HOLM_ERR_CANCELLED);
}

TEST(a_wake_resumes_a_task_also_when_it_rang_before_the_wait)
{
    struct holm_wake wake = { 0 };

    begin();
    start(wait_for_ever, NULL);
    wake.pump = holm_task_pump(scope.tasks);
    holm_run_turn(run);
    CHECK_IS(steps, 0);
    holm_wake_ring(&wake);
    holm_wake_ring(&wake);
    holm_run_turn(run);
    CHECK_IS(steps, 1);
    holm_scope_cancel(&scope);
    turns_until_empty();
}

static enum holm_result wait_until(struct holm_task *task, void *context)
{
    const uint64_t *deadlines_ns = context;

    holm_task_deadline(task, deadlines_ns[0]);
    do
        seen = holm_task_wait(HOLM_NTH(deadlines_ns, 2, 1));
    while (seen == HOLM_OK);
    return HOLM_OK;
}

static void check_deadline(uint64_t of_task_ns, uint64_t of_wait_ns, uint64_t wanted_ns)
{
    uint64_t deadlines_ns[2] = { of_task_ns, of_wait_ns };

    begin();
    start(wait_until, deadlines_ns);
    turns_until_empty();
    CHECK_IS(seen, HOLM_ERR_TIMEOUT);
    CHECK(run->turn.now_ns >= wanted_ns && run->turn.now_ns < wanted_ns + HOLM_TIMER_TICK_NS);
    CHECK_IS(run->timers.count, 0);
}

TEST(a_wait_ends_at_its_deadline_or_the_tasks_whichever_is_first)
{
    check_deadline(HOLM_TIMER_NEVER, 1700 * MS, 1700 * MS);
    check_deadline(1700 * MS, HOLM_TIMER_NEVER, 1700 * MS);
    check_deadline(1900 * MS, 1700 * MS, 1700 * MS);
    check_deadline(1700 * MS, 1900 * MS, 1700 * MS);
    check_deadline(1700 * MS, 1, 1000 * MS); /* passed before it began */
}

static enum holm_result sleep_twice(struct holm_task *task, void *context)
{
    (void)context;
    CHECK_IS(holm_task_sleep(1500 * MS), HOLM_OK);
    CHECK(run->turn.now_ns >= 1500 * MS);
    holm_task_deadline(task, 1600 * MS);
    CHECK_IS(holm_task_sleep(1700 * MS), HOLM_ERR_TIMEOUT);
    CHECK(run->turn.now_ns >= 1600 * MS && run->turn.now_ns < 1700 * MS);
    return HOLM_ERR_IO;
}

TEST(sleep_lasts_until_its_time_and_an_error_becomes_the_scopes)
{
    begin();
    start(sleep_twice, NULL);
    turns_until_empty();
    CHECK_IS(scope.result, HOLM_ERR_IO);
}

TEST(a_timer_that_is_kept_from_an_earlier_wait_does_no_harm)
{
    uint64_t later_ns[2] = { HOLM_TIMER_NEVER, 5000 * MS };

    begin();
    start(wait_until, later_ns);
    holm_run_turn(run);
    holm_timer_set(&run->timers, &(struct holm_timer){ 0 }, HOLM_TIMER_NEVER, NULL);
    holm_pump_ready(holm_task_pump(scope.tasks));
    later_ns[1] = 6000 * MS;
    turns_until_empty();
    CHECK_IS(seen, HOLM_ERR_TIMEOUT);
    CHECK(run->turn.now_ns >= 6000 * MS);
}

TEST(too_many_tasks_are_refused)
{
    begin();
    for (int i = 0; i < 4; i++)
        start(one_step, NULL);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("fifth"), one_step, NULL), HOLM_ERR_NO_MEMORY);
    turns_until_empty();
    CHECK_IS(steps, 4);
}

static struct holm_scope inner;

static enum holm_result linger(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    while (holm_task_wait(HOLM_TIMER_NEVER) == HOLM_OK) {
    }
    steps += 10;
    return HOLM_ERR_CANCELLED;
}

static enum holm_result parent(struct holm_task *task, void *context)
{
    (void)task;
    inner = (struct holm_scope){ 0 };
    CHECK_IS(holm_task_start(run, &inner, HOLM_TEXT("child"), linger, NULL), HOLM_OK);
    CHECK_IS(holm_task_start(run, &inner, HOLM_TEXT("child"), linger, NULL), HOLM_OK);
    seen = holm_scope_wait(&inner, *(uint64_t *)context);
    CHECK_IS(inner.count, 0);
    CHECK_IS(steps, 20);
    return HOLM_OK;
}

static enum holm_result nap(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    return holm_task_sleep(holm_run_now_ns(run) + MS);
}

static enum holm_result wait_inner(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    return holm_scope_wait(&inner, HOLM_TIMER_NEVER);
}

TEST(several_tasks_can_wait_for_a_scope)
{
    begin();
    inner = (struct holm_scope){ 0 };
    CHECK_IS(holm_task_start(run, &inner, HOLM_TEXT("child"), nap, NULL), HOLM_OK);
    start(wait_inner, NULL);
    start(wait_inner, NULL);
    turns_until_empty();
    CHECK_IS(inner.count, 0);
    CHECK_IS(scope.result, HOLM_OK);
}

TEST(no_task_outlives_a_scope_whose_deadline_passed)
{
    uint64_t deadline_ns = 1300 * MS;

    begin();
    start(parent, &deadline_ns);
    turns_until_empty();
    CHECK_IS(seen, HOLM_ERR_TIMEOUT);
}

TEST(cancelling_a_task_cancels_the_scope_that_it_waits_for)
{
    uint64_t deadline_ns = HOLM_TIMER_NEVER;

    begin();
    start(parent, &deadline_ns);
    holm_run_turn(run);
    holm_scope_cancel(&scope);
    turns_until_empty();
    CHECK_IS(seen, HOLM_ERR_CANCELLED);
}

static void note_stack(void *context)
{
    *(const void **)context = __builtin_frame_address(0);
}

static bool is_within(struct holm_span stack, const void *address)
{
    struct holm_span end = { 0 };

    CHECK(holm_span_part(stack, stack.len, 0, &end));
    return (const uint8_t *)address >= stack.ptr && (const uint8_t *)address < end.ptr;
}

static enum holm_result call_on_loop_stack(struct holm_task *task, void *context)
{
    const void *address = NULL;

    (void)context;
    CHECK(is_within(holm_task_stack(task), __builtin_frame_address(0)));
    holm_run_on_loop_stack(note_stack, &address);
    CHECK(address != NULL && !is_within(holm_task_stack(task), address));
    CHECK(holm_task_self() == task);
    holm_pump_ready(holm_task_pump(task));
    holm_run_on_loop_stack(note_stack, &address);
    CHECK_IS(holm_task_wait(HOLM_TIMER_NEVER), HOLM_OK); /* the wake before the call is not lost */
    steps++;
    return HOLM_OK;
}

TEST(a_task_can_call_on_the_loops_stack)
{
    const void *address = NULL;

    begin();
    start(call_on_loop_stack, NULL);
    turns_until_empty();
    CHECK_IS(steps, 1);
    holm_run_on_loop_stack(note_stack, &address);
    CHECK(address != NULL);
}

/* Writes 20,000 bytes of the stack, so that a peak can be seen; ASan would keep them elsewhere. */
__attribute__((noinline, no_sanitize("address"))) static void use_stack(void)
{
    uint8_t bytes[20000];

    holm_span_fill((struct holm_span){ bytes, sizeof bytes }, 1);
    steps += bytes[19999];
}

static enum holm_result use_much(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    use_stack();
    return HOLM_OK;
}

TEST(the_peak_of_a_painted_stack_is_seen)
{
    const struct holm_run_options painted = { .tasks_max = 1,
                                              .stack_size_bytes = STACK,
                                              .paint = true };

    begin();
    run = fake_run(&painted);
    start(one_step, NULL);
    struct holm_task *task = scope.tasks;
    CHECK_IS(holm_task_stack_peak(task) > 0, true); /* the first frame is laid out */
    CHECK(holm_task_stack_peak(task) < 1024);
    turns_until_empty();
    start(use_much, NULL);
    turns_until_empty();
    CHECK(holm_task_stack_peak(task) >= 20000);
    CHECK(holm_task_stack_peak(task) < STACK);
}

/* A platform that completes what was submitted a turn before. */
static bool complete_first(void)
{
    static struct holm_operation *under_way;

    if (under_way != NULL)
        holm_operation_complete(under_way, HOLM_ERR_NOT_FOUND);
    under_way = run->operations.first;
    run->operations.first = NULL;
    run->operations.last = NULL;
    return true;
}

static enum holm_result operate_twice(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    for (int i = 0; i < 2; i++) {
        struct holm_operation operation = { .kind = HOLM_OPERATION_FILE_STATUS };
        CHECK_IS(holm_task_operate(&operation), HOLM_ERR_NOT_FOUND);
        steps++;
    }
    return HOLM_OK;
}

TEST(an_operation_is_waited_for_even_by_a_cancelled_task)
{
    begin();
    fake.move = complete_first;
    start(operate_twice, NULL);
    holm_run_turn(run);
    holm_scope_cancel(&scope);
    turns_until_empty();
    CHECK_IS(steps, 2);
}

TEST(a_size_that_is_no_multiple_of_a_page_is_refused)
{
    static uint8_t memory[16];
    struct holm_arena arena;
    static struct holm_run other;

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_run_init(&other, &arena, &(struct holm_run_options){ .stack_size_bytes = 5000 }),
             HOLM_ERR_INVALID);
    CHECK_IS(holm_run_init(&other, &arena, &(struct holm_run_options){ 0 }), HOLM_ERR_NO_MEMORY);
    holm_arena_end(&arena);
}

TEST(stacks_have_the_size_that_was_computed_for_this_program)
{
    size_t wanted = holm_stack_bound_bytes; /* of use_much, most of all */

    run = fake_run(&(struct holm_run_options){ .tasks_max = 1 });
    scope = (struct holm_scope){ 0 };
    start(one_step, NULL);
    size_t size = holm_task_stack(scope.tasks).len;
    turns_until_empty();
    if (wanted == 0) {
        CHECK_IS(size, HOLM_RUN_STACK_BYTES_DEFAULT);
        return;
    }
    CHECK(wanted > 20000 && size >= wanted && size < wanted + HOLM_STACK_PAGE_BYTES);
}

TEST(a_size_below_what_was_computed_is_refused)
{
    static uint8_t memory[16];
    struct holm_arena arena;
    static struct holm_run other;
    enum holm_result wanted = holm_stack_bound_bytes == 0 ? HOLM_ERR_NO_MEMORY : HOLM_ERR_INVALID;

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_run_init(&other, &arena, &(struct holm_run_options){ .stack_size_bytes = 4096 }),
             wanted);
    holm_arena_end(&arena);
}
