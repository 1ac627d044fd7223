/* SPDX-License-Identifier: ISC */
/* run_impl.h: what the files of run/ share. */
#pragma once

#include <holm/run.h>

struct holm_task {
    struct holm_stack stack;
    struct holm_pump pump;
    struct holm_timer timer;
    struct holm_run *run;
    struct holm_scope *scope; /* NULL: the task is free */
    struct holm_task *next;   /* in the scope, or among the free */
    struct holm_task *previous;
    struct holm_bytes name;
    holm_task_function *function;
    void *context;
    uint64_t deadline_ns;
    holm_loop_stack_function *call; /* to be called on the loop's stack */
    void *call_context;
    enum holm_result result;
    struct holm_span guard;
    struct holm_span memory;
};

/* holm_run__tasks_init makes the pool of tasks. */
HOLM_MUST_USE enum holm_result holm_run__tasks_init(struct holm_run *run, struct holm_arena *arena,
                                                    const struct holm_run_options *options);

/* holm_run__current is the loop of this image. */
extern struct holm_run *holm_run__current;

/* holm_task__main runs first on each task's stack. */
void holm_task__main(void);

/* holm_task__park switches to the loop until the task's pump is made ready. It answers HOLM_OK, or
 * HOLM_ERR_CANCELLED if the task's scope is cancelled. */
enum holm_result holm_task__park(struct holm_task *task);

/* holm_scope__add and holm_scope__remove keep the list of a scope's tasks. */
void holm_scope__add(struct holm_scope *scope, struct holm_task *task);
void holm_scope__remove(struct holm_scope *scope, struct holm_task *task);
