/* SPDX-License-Identifier: ISC */
/* holm/run.h: the run loop. Once a turn it passes through the platform's one door; then pumps and
 * tasks that have work run, in the order in which they were made ready. No I/O of its own. */
#pragma once

#include <holm/arena.h>
#include <holm/operation.h>
#include <holm/pump.h>
#include <holm/stack.h>
#include <holm/task.h>
#include <holm/timer.h>

/* The most pumps that run in one turn before the door is passed again, so that no pump that keeps
 * itself ready shuts the world out. */
#define HOLM_RUN_PUMPS_A_TURN_MAX 4096

/* What holm_run_options of 0 mean; of stacks only where holm_stack_bound_bytes is not known. */
#define HOLM_RUN_TASKS_DEFAULT 64
#define HOLM_RUN_STACK_BYTES_DEFAULT 65536

/* Tells that a task kept the processor for busy_ns without waiting. Calls: not into the run loop. */
typedef void holm_run_hog_function(struct holm_bytes task_name, uint64_t busy_ns);

/* struct holm_run_options: stacks of tasks. */
struct holm_run_options {
    uint32_t tasks_max;        /* stacks in the pool */
    uint32_t stack_size_bytes; /* of each, a multiple of HOLM_STACK_PAGE_BYTES; 0: what the tasks
                                  of this image need, in whole pages */
    struct holm_span stacks; /* memory of all of them, each behind its guard; empty: the arena's */
    bool paint;              /* write over all stacks first, for holm_task_stack_peak */
    uint64_t hog_ns;         /* a task that keeps the processor longer is named; 0: not noticed.
                                  Needs a pass through the door a task: for development */
    holm_run_hog_function *hog;
};

struct holm_door;

/* A turn as holm_platform_turn makes it. */
typedef void holm_door_function(struct holm_door *door, struct holm_turn *turn,
                                struct holm_operations *queue, uint64_t sleep_until_ns);

/* struct holm_door stands in the place of holm_platform_turn: a recorder, a replay. */
struct holm_door {
    holm_door_function *turn;
};

struct holm_run {
    struct holm_door *door; /* NULL: holm_platform_turn */
    struct holm_turn turn;  /* what the last turn brought; read it, do not write */
    struct holm_operations operations;
    struct holm_ready ready;
    struct holm_timers timers;
    struct holm_wake stop;   /* rung when a stop is asked for, and each time again */
    struct holm_ready woken; /* pumps parked here run at once, before all else and in their order,
                                   when a turn after the first brought entropy: a clone or a
                                   restored snapshot woke. They stay here, and ready no other */
    struct holm_ready
        typed;      /* pumps parked here run so when a turn brought what was typed, which is
                                   in turn.console until the next turn */
    uint64_t turns; /* how many have been */
    struct holm_stack stack;    /* of the loop, while a task runs */
    struct holm_task *task_now; /* NULL: a pump runs, or the loop */
    struct holm_task *tasks;    /* all, tasks_max in a row */
    struct holm_task *tasks_free;
    uint32_t tasks_count; /* running or waiting */
    uint32_t tasks_max;
    uint64_t hog_ns;
    holm_run_hog_function *hog;
    struct holm_task *ran; /* with hog_ns: the task that ran in this turn */
};

/* holm_run_init makes a loop; it becomes the loop of this image (one at a time).
 *
 * Memory:  takes the tasks and their stacks from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less, or options->stacks
 *          HOLM_ERR_INVALID    a size of stacks that is no multiple of HOLM_STACK_PAGE_BYTES, or
 *                              less than holm_stack_bound_bytes */
HOLM_MUST_USE enum holm_result holm_run_init(struct holm_run *run, struct holm_arena *arena,
                                             const struct holm_run_options *options);

/* holm_run_stack_peak is the largest holm_task_stack_peak of all tasks that have been. */
size_t holm_run_stack_peak(const struct holm_run *run);

/* holm_run_current is the loop of this image. */
struct holm_run *holm_run_current(void);

/* holm_run_turn makes one turn: door, timers, pumps. It sleeps only when nothing is ready, and not in
 * the first turn, which brings the time and entropy. */
void holm_run_turn(struct holm_run *run);

/* holm_run_until makes turns until *done. */
void holm_run_until(struct holm_run *run, const bool *done);

/* holm_run_now_ns is the time of this turn, monotonic, in ns. */
static inline uint64_t holm_run_now_ns(const struct holm_run *run)
{
    return run->turn.now_ns;
}
