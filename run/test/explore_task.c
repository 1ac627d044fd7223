/* SPDX-License-Identifier: ISC */
/* explore_task.c: three tasks in two scopes. They sleep, yield, end well and badly, start others, wait for a
 * scope, operate, have deadlines, call a function on the loop's stack; meanwhile time goes on, scopes are
 * cancelled, and tasks are woken for no reason. A wait ends when it may and not before, with the
 * right answer; no task is in two lists, lost, or outlives its scope; the loop sleeps no longer than it may.
 *
 * A task's stack can not be copied, so each state is reached from the start. Tasks print nothing: what
 * they see wrong they note, as a line. */
#include <holm/explore.h>
#include <holm/run.h>

#include "run_impl.h"

#include <stdio.h>

#define UNIT (4 * HOLM_TIMER_TICK_NS)
enum { TASKS = 3, STACK = 16384, SCOPES = 2 };

/* What a task is told, and what it does since. */
enum command {
    ASKS, /* for a command: it waits at its top */
    SLEEPS,
    YIELDS,
    ENDS_WELL,
    ENDS_BADLY,
    STARTS, /* another, in the second scope */
    WAITS,  /* for the second scope */
    WAITS_SHORTLY,
    OPERATES,
    CALLS,      /* a function on the loop's stack */
    HAS_LITTLE, /* a deadline of its own, from now on */
    COMMANDS,
};

enum {
    START,
    TURN,
    LATER, /* a turn, one unit later */
    CANCEL,
    CANCEL_SECOND,
    COMPLETE,
    TELL, /* command c to task t: TELL + t * COMMANDS + c; ASKS: a wake for no reason */
    EVENTS = TELL + TASKS * COMMANDS,
};

struct actor {
    struct holm_task *task; /* NULL: it has ended, or never was */
    size_t scope;
    enum command does;
    enum command told;
    uint64_t until_ns;    /* its wait; HOLM_TIMER_NEVER: none */
    uint64_t deadline_ns; /* its own */
};

static struct holm_run run;
static struct holm_arena arena;
static _Alignas(4096) uint8_t memory[TASKS * (STACK + HOLM_STACK_GUARD_BYTES) + 8192];
static struct world {
    struct holm_scope scopes[SCOPES];
    enum holm_result results[SCOPES]; /* the first error of each */
    struct actor actors[TASKS];
    struct holm_operation operation;
    bool operates; /* it is with the platform */
    uint64_t now_ns;
    uint32_t calls; /* on the loop's stack */
    int wrong;      /* a line; 0: nothing */
} world;

#define NOTE(claim) ((claim) || world.wrong != 0 ? (void)0 : (void)(world.wrong = __LINE__))

static bool cancelled(const struct actor *actor)
{
    return HOLM_AT(world.scopes, actor->scope).cancelled;
}

void holm_platform_guard(struct holm_span pages)
{
    (void)pages;
}

/* The earliest time at which the loop must look again. */
static uint64_t alarm_ns(void)
{
    uint64_t first_ns = HOLM_TIMER_NEVER;

    for (size_t i = 0; i < TASKS; i++) {
        const struct actor *actor = &HOLM_AT(world.actors, i);
        uint64_t own_ns =
            actor->until_ns < actor->deadline_ns ? actor->until_ns : actor->deadline_ns;
        if (actor->task != NULL && actor->does != OPERATES && own_ns > world.now_ns &&
            own_ns < first_ns && !cancelled(actor))
            first_ns = own_ns;
    }
    return first_ns;
}

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    if (queue->first != NULL)
        world.operates = true;
    *queue = (struct holm_operations){ .id_last = queue->id_last };
    if (run.turns > 0) {
        CHECK_IS(sleep_until_ns == 0, run.ready.first != NULL);
        CHECK(sleep_until_ns <= alarm_ns() || run.tasks_count == 0);
    }
    turn->now_ns = world.now_ns;
}

static holm_task_function act;

/* start starts the first actor that is free; answers whether one is. */
static bool start(size_t scope)
{
    struct holm_scope *in = &HOLM_AT(world.scopes, scope);
    struct actor *actor = &world.actors[0];
    bool full = true;

    for (size_t i = TASKS; i-- > 0;)
        if (HOLM_AT(world.actors, i).task == NULL) {
            actor = &HOLM_AT(world.actors, i);
            full = false;
        }
    struct holm_task *next = run.tasks_free;
    enum holm_result result = holm_task_start(&run, in, HOLM_TEXT("actor"), act, actor);
    NOTE(result == (in->cancelled ? HOLM_ERR_CANCELLED : full ? HOLM_ERR_NO_MEMORY : HOLM_OK));
    if (result == HOLM_OK)
        *actor = (struct actor){ .task = next,
                                 .scope = scope,
                                 .until_ns = HOLM_TIMER_NEVER,
                                 .deadline_ns = HOLM_TIMER_NEVER };
    return !full;
}

/* answer_check checks what a wait of the actor's answered that was to end at until_ns. */
static void answer_check(const struct actor *actor, enum holm_result result, enum holm_result late)
{
    bool own_late = actor->deadline_ns <= run.turn.now_ns && actor->deadline_ns < actor->until_ns;

    NOTE((result == HOLM_ERR_CANCELLED) == cancelled(actor) || result == HOLM_ERR_TIMEOUT);
    if (result == HOLM_ERR_CANCELLED)
        return;
    if (result == HOLM_ERR_TIMEOUT)
        NOTE(own_late || (late == HOLM_ERR_TIMEOUT && actor->until_ns <= run.turn.now_ns));
    else if (late == HOLM_OK) /* a sleep that is over */
        NOTE(result == HOLM_OK && actor->until_ns <= run.turn.now_ns);
}

static enum holm_result sleep(struct actor *actor)
{
    enum holm_result result;

    actor->until_ns = run.turn.now_ns + UNIT;
    result = holm_task_sleep(actor->until_ns);
    answer_check(actor, result, HOLM_OK);
    return result;
}

static enum holm_result wait(struct actor *actor, uint64_t until_ns)
{
    struct holm_scope *second = &HOLM_AT(world.scopes, 1);
    enum holm_result result;

    actor->until_ns = until_ns;
    result = holm_scope_wait(second, until_ns);
    NOTE(second->count == 0 && second->tasks == NULL);
    if (result != second->result) { /* it did not end by itself */
        NOTE(result < HOLM_OK);
        answer_check(actor, result, HOLM_ERR_TIMEOUT);
    }
    return result == HOLM_ERR_CANCELLED ? result : HOLM_OK;
}

static void called(void *context)
{
    NOTE(holm_task_self() == NULL);
    (*(uint32_t *)context)++;
}

/* call calls twice, the second time when the task was woken: that must not be lost. */
static enum holm_result call(const struct actor *actor)
{
    uint32_t before = world.calls;
    struct holm_pump *own = holm_task_pump(actor->task);

    holm_run_on_loop_stack(called, &world.calls);
    NOTE(world.calls == before + 1 && own->in == NULL);
    holm_pump_ready(own);
    holm_run_on_loop_stack(called, &world.calls);
    NOTE(world.calls == before + 2 && own->in != NULL);
    return HOLM_OK;
}

static enum holm_result operate(void)
{
    if (world.operation.submitted)
        return HOLM_OK;
    enum holm_result result = holm_task_operate(&world.operation);
    NOTE(result == HOLM_OK && !world.operation.submitted);
    return HOLM_OK;
}

/* obey does what an actor was told; an error ends it. */
static enum holm_result obey(struct actor *actor)
{
    switch (actor->does) {
    case SLEEPS:
        return sleep(actor);
    case YIELDS:
        return holm_task_yield();
    case ENDS_BADLY: /* and is woken behind its end */
        holm_pump_ready(holm_task_pump(actor->task));
        return HOLM_ERR_IO;
    case STARTS:
        (void)start(1);
        return HOLM_OK;
    case WAITS:
        return wait(actor, HOLM_TIMER_NEVER);
    case WAITS_SHORTLY:
        return wait(actor, run.turn.now_ns + UNIT);
    case OPERATES:
        return operate();
    case CALLS:
        return call(actor);
    case HAS_LITTLE:
        actor->deadline_ns = run.turn.now_ns + 2 * UNIT;
        holm_task_deadline(actor->task, actor->deadline_ns);
        return HOLM_OK;
    case ASKS:
    case ENDS_WELL:
    case COMMANDS:
        break;
    }
    return HOLM_OK;
}

static enum holm_result act(struct holm_task *task, void *context)
{
    struct actor *actor = context;
    enum holm_result result = HOLM_OK;

    NOTE(actor->task == task);
    while (result == HOLM_OK && actor->does != ENDS_WELL) {
        NOTE(holm_task_self() == task);
        actor->does = actor->told;
        actor->told = ASKS;
        actor->until_ns = HOLM_TIMER_NEVER;
        if (actor->does == ASKS) {
            result = holm_task_wait(HOLM_TIMER_NEVER);
            answer_check(actor, result, HOLM_AGAIN);
        } else {
            result = obey(actor);
        }
    }
    if (result < HOLM_OK && result != HOLM_ERR_CANCELLED &&
        HOLM_AT(world.results, actor->scope) == HOLM_OK)
        HOLM_AT(world.results, actor->scope) = result;
    *actor = (struct actor){ 0 };
    return result;
}

static void begin(void)
{
    const struct holm_run_options options = { .tasks_max = TASKS, .stack_size_bytes = STACK };

    world = (struct world){ .now_ns = 64 * UNIT };
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_run_init(&run, &arena, &options), HOLM_OK);
    holm_run_turn(&run);
}

/* scope_check answers how many tasks a scope's list has, all of them its own. */
static uint32_t scope_check(const struct holm_scope *scope)
{
    const struct holm_task *before = NULL;
    uint32_t count = 0;

    for (const struct holm_task *task = scope->tasks; task != NULL && count <= TASKS;
         task = task->next) {
        CHECK(task->scope == scope && task->previous == before && task->pump.ready == &run.ready);
        before = task;
        count++;
    }
    CHECK_IS(scope->count, count);
    return count;
}

static void check(void)
{
    uint32_t free_count = 0, count = 0;

    CHECK_IS(world.wrong, 0);
    CHECK(run.task_now == NULL);
    CHECK(holm_ready_check(&run.ready) && holm_ready_check(&HOLM_AT(world.scopes, 1).waiting));
    CHECK(holm_timers_check(&run.timers));
    for (size_t i = 0; i < SCOPES; i++) {
        count += scope_check(&HOLM_AT(world.scopes, i));
        CHECK_IS(HOLM_AT(world.scopes, i).result, HOLM_AT(world.results, i));
    }
    for (const struct holm_task *task = run.tasks_free; task != NULL && free_count <= TASKS;
         task = task->next) {
        CHECK(task->scope == NULL && task->pump.in == NULL && task->timer.link == NULL);
        free_count++;
    }
    CHECK_IS(run.tasks_count, count);
    CHECK_IS(count + free_count, TASKS);
}

/* turn_check checks that who had to go on in a turn did. */
static void turn_check(void)
{
    CHECK(run.ready.first == NULL);
    for (size_t i = 0; i < TASKS; i++) {
        const struct actor *actor = &HOLM_AT(world.actors, i);
        if (actor->task == NULL || actor->does == OPERATES)
            continue;
        CHECK_IS(actor->told, ASKS);
        if (actor->does == WAITS || actor->does == WAITS_SHORTLY)
            CHECK(HOLM_AT(world.scopes, 1).count > 0); /* it ends when the last has ended */
        else
            CHECK(actor->does == ASKS || actor->does == SLEEPS);
        if (cancelled(actor) || actor->until_ns <= world.now_ns ||
            actor->deadline_ns <= world.now_ns)
            CHECK((actor->does == WAITS || actor->does == WAITS_SHORTLY) &&
                  HOLM_AT(world.scopes, 1).cancelled);
    }
}

static bool turn(uint64_t later_ns)
{
    world.now_ns += later_ns;
    holm_run_turn(&run);
    turn_check();
    return true;
}

static bool tell(struct actor *actor, enum command command)
{
    bool waits = command == WAITS || command == WAITS_SHORTLY;

    if (actor->task == NULL || (waits && actor->scope == 1))
        return false; /* who waits for its own scope is a mistake, and stops */
    if (command != ASKS) {
        if (actor->does != ASKS || actor->told != ASKS)
            return false;
        actor->told = command;
    }
    holm_pump_ready(holm_task_pump(actor->task));
    return true;
}

static bool happens(uint32_t event)
{
    bool could = true;

    if (event >= TELL) {
        could = tell(&HOLM_AT(world.actors, (event - TELL) / COMMANDS),
                     (enum command)((event - TELL) % COMMANDS));
    } else if (event == START) {
        could = start(0);
    } else if (event == TURN || event == LATER) {
        could = turn(event == LATER ? UNIT : 0);
    } else if (event == CANCEL || event == CANCEL_SECOND) {
        holm_scope_cancel(&HOLM_AT(world.scopes, event - CANCEL));
    } else {
        could = world.operates;
        if (could)
            holm_operation_complete(&world.operation, HOLM_OK);
        world.operates = false;
    }
    check();
    return could;
}

/* actor_of is the number of the actor whose pump, or task, it is; TASKS: none. */
static uint64_t actor_of(const struct holm_pump *pump, const struct holm_task *task)
{
    for (uint64_t i = 0; i < TASKS; i++) {
        const struct holm_task *own = HOLM_AT(world.actors, i).task;
        if (own != NULL && (own == task || &own->pump == pump))
            return i;
    }
    return TASKS;
}

static uint64_t mix_time(uint64_t sum, uint64_t time_ns)
{
    return holm_explore_mix(sum, time_ns == HOLM_TIMER_NEVER ? 0
                                 : time_ns <= world.now_ns   ? 1
                                                             : 2 + time_ns - world.now_ns);
}

static uint64_t mix_actor(uint64_t sum, const struct actor *actor)
{
    bool alive = actor->task != NULL;
    bool set = alive && actor->task->timer.link != NULL;

    sum = holm_explore_mix(sum, alive * 2U + actor->scope);
    sum = holm_explore_mix(sum, (uint64_t)actor->does * COMMANDS + actor->told);
    sum = mix_time(mix_time(sum, actor->until_ns), actor->deadline_ns);
    return mix_time(sum, set ? actor->task->timer.deadline_ns : HOLM_TIMER_NEVER);
}

/* Times are distances: the wheel itself is explored elsewhere. Which stack a task has is left out. */
static uint64_t digest(void)
{
    uint64_t sum = holm_explore_mix(world.operates, world.operation.submitted);

    for (size_t i = 0; i < TASKS; i++)
        sum = mix_actor(sum, &HOLM_AT(world.actors, i));
    for (const struct holm_pump *pump = run.ready.first; pump != NULL; pump = pump->next)
        sum = holm_explore_mix(sum, actor_of(pump, NULL));
    for (size_t i = 0; i < SCOPES; i++) {
        const struct holm_scope *scope = &HOLM_AT(world.scopes, i);
        sum = holm_explore_mix(sum, scope->cancelled);
        sum = holm_explore_mix(sum, (uint64_t)scope->result);
        for (const struct holm_pump *pump = scope->waiting.first; pump != NULL; pump = pump->next)
            sum = holm_explore_mix(sum, actor_of(pump, NULL));
        for (const struct holm_task *task = scope->tasks; task != NULL; task = task->next)
            sum = holm_explore_mix(sum, actor_of(NULL, task));
    }
    return sum;
}

static void print(uint32_t event)
{
    static const char *const words[] = { "a task is started",
                                         "a turn",
                                         "a turn, later",
                                         "the first scope is cancelled",
                                         "the second scope is cancelled",
                                         "the operation is complete" };
    static const char *const commands[] = { "is woken",
                                            "sleeps",
                                            "yields",
                                            "ends well",
                                            "ends badly",
                                            "starts a task in the second scope",
                                            "waits for the second scope",
                                            "waits for the second scope, not long",
                                            "operates",
                                            "calls on the loop's stack",
                                            "gets a deadline" };

    if (event < TELL)
        printf("%s", HOLM_AT(words, event));
    else
        printf("task %u %s", (event - TELL) / COMMANDS,
               HOLM_AT(commands, (event - TELL) % COMMANDS));
}

TEST(tasks_and_scopes)
{
    const struct holm_exploration what = { .sizes = "3 tasks, 2 scopes",
                                           .events = EVENTS,
                                           .depth = 7,
                                           .begin = begin,
                                           .event = happens,
                                           .digest = digest,
                                           .print = print };

    holm_explore(&what);
}
