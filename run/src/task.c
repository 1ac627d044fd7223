/* SPDX-License-Identifier: ISC */
/* task.c: tasks and their stacks.
 *
 * (1) A task runs only inside of its pump's function, so the loop's stack is always below it, and
 *     one task at a time is run->task_now.
 * (2) A task that waits keeps its timer where it is if that rings early enough; a timer that rings
 *     too early makes the task look again, which every wait allows. So most waits set none.
 *
 *     free --holm_task_start--> ready --the loop--> runs --holm_task__park--> waits
 *                                 ^                  |                          |
 *                                 +---- a wake, a timer, cancelling ------------+
 *                                                    |
 *     free <------- the function returns ------------+ */
#include "run_impl.h"

#include <holm/announce.h>

#define PAINT 0xa5

/* Written after the link; volatile, so that no compiler thinks that it knows the value. */
const volatile uint32_t holm_stack_bound_bytes = 0;

/* switch_stack leaves *from for *to, and comes back when someone leaves for *from. */
static inline enum holm_result switch_stack(struct holm_stack *from, struct holm_stack *to,
                                            enum holm_result message)
{
    holm_announce_leave(from, to, false);
    enum holm_result answer = holm_arch_switch(from, to, message);
    holm_announce_arrive(from, to);
    return answer;
}

/* end_task gives the task back. Its stack still runs: nothing can start on it before the switch. */
static void end_task(struct holm_run *run, struct holm_task *task)
{
    holm_timer_cancel(&run->timers, &task->timer);
    holm_pump_stop(&task->pump);
    holm_scope__remove(task->scope, task);
    task->next = run->tasks_free;
    run->tasks_free = task;
    run->tasks_count--;
    run->task_now = NULL;
}

/* holm_task__main is the first frame of each task's stack: tools/callgraph.py begins at it. */
void holm_task__main(void)
{
    struct holm_run *run = holm_run__current;
    struct holm_task *task = run->task_now;

    holm_announce_arrive(&task->stack, &run->stack);
    task->result = task->function(task, task->context);
    end_task(run, task);
    holm_announce_leave(&task->stack, &run->stack, true);
    (void)holm_arch_switch(&task->stack, &run->stack, HOLM_OK);
    __builtin_trap();
}

/* resume is the pump of every task. Here and in holm_task__park the switch is the last call, so that
 * it returns into the loop, and into the code that waits: the processor has no return of ours to
 * predict, which it would do wrongly. */
static void resume(struct holm_pump *pump, void *context)
{
    struct holm_task *task = context;
    struct holm_run *run = task->run;

    (void)pump;
    run->task_now = task;
    if (run->hog_ns != 0)
        run->ran = task;
    (void)switch_stack(&run->stack, &task->stack,
                       task->scope->cancelled ? HOLM_ERR_CANCELLED : HOLM_OK);
}

/* call_and_resume takes the place of resume, once, for holm_run_on_loop_stack. */
static void call_and_resume(struct holm_pump *pump, void *context)
{
    struct holm_task *task = context;

    pump->function = resume;
    task->call(task->call_context);
    resume(pump, context);
}

static void task_init(struct holm_run *run, struct holm_task *task, struct holm_span piece,
                      bool paint)
{
    size_t size = piece.len - HOLM_STACK_GUARD_BYTES;

    holm_assert(holm_span_part(piece, 0, HOLM_STACK_GUARD_BYTES, &task->guard));
    holm_assert(holm_span_part(piece, HOLM_STACK_GUARD_BYTES, size, &task->memory));
    if (paint)
        holm_span_fill(task->memory, PAINT);
    holm_platform_guard(task->guard);
    task->run = run;
    task->next = run->tasks_free;
    run->tasks_free = task;
}

/* stack_size is how many bytes a stack has; 0: what was asked for is none. */
static size_t stack_size(const struct holm_run_options *options)
{
    size_t bound = holm_stack_bound_bytes;
    size_t size = options->stack_size_bytes;

    if (size == 0)
        size = bound == 0 ? HOLM_RUN_STACK_BYTES_DEFAULT
                          : (bound + HOLM_STACK_PAGE_BYTES - 1) / HOLM_STACK_PAGE_BYTES *
                                HOLM_STACK_PAGE_BYTES;
    return size < bound || size % HOLM_STACK_PAGE_BYTES != 0 ? 0 : size;
}

enum holm_result holm_run__tasks_init(struct holm_run *run, struct holm_arena *arena,
                                      const struct holm_run_options *options)
{
    size_t count = options->tasks_max == 0 ? HOLM_RUN_TASKS_DEFAULT : options->tasks_max;
    size_t size = stack_size(options);
    size_t step = size + HOLM_STACK_GUARD_BYTES;

    if (size == 0)
        return HOLM_ERR_INVALID;
    run->tasks = HOLM_ARENA_ARRAY(arena, struct holm_task, count);
    struct holm_span all = options->stacks;
    if (all.len == 0)
        all = (struct holm_span){ holm_arena_take_array(arena, count, step, HOLM_STACK_PAGE_BYTES),
                                  count * step };
    if (run->tasks == NULL || all.ptr == NULL || all.len / step < count)
        return HOLM_ERR_NO_MEMORY;
    run->tasks_max = (uint32_t)count;
    for (size_t i = count; i-- > 0;) {
        struct holm_span piece = { 0 };
        holm_assert(holm_span_part(all, i * step, step, &piece));
        task_init(run, &HOLM_NTH(run->tasks, count, i), piece, options->paint);
    }
    return HOLM_OK;
}

/* stack_init makes the task's stack ready to run holm_task__main. */
static void stack_init(struct holm_task *task)
{
    struct holm_span top = { 0 };

    holm_assert(holm_span_part(task->memory, task->memory.len, 0, &top));
    holm_announce_fresh(task->memory);
    task->stack = (struct holm_stack){ .pointer = holm_arch_prepare(top.ptr, holm_task__main),
                                       .lowest = task->memory.ptr,
                                       .size_bytes = task->memory.len };
}

enum holm_result holm_task_start(struct holm_run *run, struct holm_scope *scope,
                                 struct holm_bytes name, holm_task_function *function,
                                 void *context)
{
    struct holm_task *task = run->tasks_free;

    if (scope->cancelled)
        return HOLM_ERR_CANCELLED;
    if (task == NULL)
        return HOLM_ERR_NO_MEMORY;
    run->tasks_free = task->next;
    run->tasks_count++;
    task->name = name;
    task->function = function;
    task->context = context;
    task->deadline_ns = HOLM_TIMER_NEVER;
    stack_init(task);
    holm_scope__add(scope, task);
    holm_pump_init(&task->pump, &run->ready, resume, task);
    holm_pump_ready(&task->pump);
    return HOLM_OK;
}

struct holm_task *holm_task_self(void)
{
    struct holm_run *run = holm_run__current;

    return run == NULL ? NULL : run->task_now;
}

struct holm_pump *holm_task_pump(struct holm_task *task)
{
    return &task->pump;
}

void holm_task_deadline(struct holm_task *task, uint64_t deadline_ns)
{
    task->deadline_ns = deadline_ns;
}

struct holm_bytes holm_task_name(const struct holm_task *task)
{
    return task->name;
}

struct holm_span holm_task_stack(const struct holm_task *task)
{
    return task->memory;
}

size_t holm_task_stack_peak(const struct holm_task *task)
{
    struct holm_bytes memory = holm_span_bytes(task->memory);
    size_t unused = 0;

    while (holm_bytes_is(memory, unused, PAINT))
        unused++;
    return memory.len - unused;
}

size_t holm_run_stack_peak(const struct holm_run *run)
{
    size_t most = 0;

    for (size_t i = 0; i < run->tasks_max; i++) {
        size_t peak = holm_task_stack_peak(&HOLM_NTH(run->tasks, run->tasks_max, i));
        if (peak > most)
            most = peak;
    }
    return most;
}

const struct holm_task *holm_task_at_guard(const void *address)
{
    const struct holm_run *run = holm_run__current;
    const uint8_t *at = address;

    for (size_t i = 0; run != NULL && i < run->tasks_max; i++) {
        const struct holm_task *task = &HOLM_NTH(run->tasks, run->tasks_max, i);
        if (at >= task->guard.ptr && at < task->memory.ptr)
            return task;
    }
    return NULL;
}

enum holm_result holm_task__park(struct holm_task *task)
{
    struct holm_run *run = task->run;

    run->task_now = NULL;
    return switch_stack(&task->stack, &run->stack, HOLM_OK);
}

enum holm_result holm_task_wait(uint64_t deadline_ns)
{
    struct holm_task *task = holm_task_self();

    holm_assert(task != NULL);
    if (task->scope->cancelled)
        return HOLM_ERR_CANCELLED;
    if (deadline_ns > task->deadline_ns)
        deadline_ns = task->deadline_ns;
    if (deadline_ns != HOLM_TIMER_NEVER) {
        if (deadline_ns <= task->run->turn.now_ns)
            return HOLM_ERR_TIMEOUT;
        if (task->timer.link == NULL || task->timer.deadline_ns > deadline_ns) /* (2) */
            holm_timer_set(&task->run->timers, &task->timer, deadline_ns, &task->pump);
    }
    return holm_task__park(task);
}

enum holm_result holm_task_sleep(uint64_t deadline_ns)
{
    for (;;) {
        enum holm_result result = holm_task_wait(deadline_ns);
        if (result == HOLM_ERR_TIMEOUT)
            return holm_run__current->turn.now_ns >= deadline_ns ? HOLM_OK : HOLM_ERR_TIMEOUT;
        if (result != HOLM_OK)
            return result;
    }
}

enum holm_result holm_task_yield(void)
{
    struct holm_task *task = holm_task_self();

    holm_assert(task != NULL);
    if (task->scope->cancelled)
        return HOLM_ERR_CANCELLED;
    holm_pump_ready(&task->pump);
    return holm_task__park(task);
}

enum holm_result holm_task_operate(struct holm_operation *operation)
{
    struct holm_task *task = holm_task_self();

    holm_assert(task != NULL);
    operation->pump = &task->pump;
    holm_operation_submit(&task->run->operations, operation);
    while (operation->result == HOLM_AGAIN)
        (void)holm_task__park(task); /* to wait would answer at once, were it cancelled */
    return operation->result;
}

void holm_run_on_loop_stack(holm_loop_stack_function *function, void *context)
{
    struct holm_task *task = holm_task_self();

    if (task == NULL) {
        function(context);
        return;
    }
    bool was_ready = task->pump.in != NULL; /* a wake that must not be lost */
    task->call = function;
    task->call_context = context;
    task->pump.function = call_and_resume;
    holm_pump_first(&task->pump);
    (void)holm_task__park(task);
    if (was_ready)
        holm_pump_ready(&task->pump);
}
