/* SPDX-License-Identifier: ISC */
/* holm/run.h: the run loop. Once a turn it passes through the platform's one door; then pumps and
 * tasks that have work run, in the order in which they were made ready. No I/O of its own. */
#pragma once

#include <holm/arena.h>
#include <holm/operation.h>
#include <holm/pump.h>
#include <holm/task.h>
#include <holm/timer.h>

/* The most pumps that run in one turn before the door is passed again, so that no pump that keeps
 * itself ready shuts the world out. */
#define HOLM_RUN_PUMPS_A_TURN_MAX 4096

/* struct holm_run_options: stacks of tasks. */
struct holm_run_options {
    uint32_t tasks_max;        /* stacks in the pool; 0: 64 */
    uint32_t stack_size_bytes; /* each, a multiple of the page size; 0: 16 KiB */
    uint64_t hog_ns;           /* a task that keeps the processor longer is named in a log record,
                                  measured between turns; 0: not noticed */
};

struct holm_run {
    struct holm_turn turn; /* what the last turn brought; read it, do not write */
    struct holm_operations operations;
    struct holm_ready ready;
    struct holm_timers timers;
    struct holm_wake stop; /* rung when a stop was first asked for */
    uint64_t turns;        /* how many have been */
    struct holm_task *task_now;
    struct holm_task *tasks_free;
    uint32_t tasks_count; /* running or waiting */
    uint32_t tasks_max;
    uint64_t hog_ns;
};

/* holm_run_init makes a loop; it becomes the loop of this image (one at a time).
 *
 * Memory:  takes the tasks and their stacks from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_run_init(struct holm_run *run, struct holm_arena *arena,
                                             const struct holm_run_options *options);

/* holm_run_now is the loop of this image. */
struct holm_run *holm_run_current(void);

/* holm_run_turn makes one turn: door, timers, pumps. It sleeps only when nothing is ready. */
void holm_run_turn(struct holm_run *run);

/* holm_run_until makes turns until *done. */
void holm_run_until(struct holm_run *run, const bool *done);

/* holm_now is the time of this turn, monotonic, in ns. */
static inline uint64_t holm_run_now_ns(const struct holm_run *run)
{
    return run->turn.now_ns;
}
