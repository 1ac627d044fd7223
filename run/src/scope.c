/* SPDX-License-Identifier: ISC */
/* scope.c: scopes own tasks and end after them. */
#include "run_impl.h"

void holm_scope__add(struct holm_scope *scope, struct holm_task *task)
{
    task->scope = scope;
    task->previous = NULL;
    task->next = scope->tasks;
    if (scope->tasks != NULL)
        scope->tasks->previous = task;
    scope->tasks = task;
    scope->count++;
}

void holm_scope__remove(struct holm_scope *scope, struct holm_task *task)
{
    if (task->previous != NULL)
        task->previous->next = task->next;
    else
        scope->tasks = task->next;
    if (task->next != NULL)
        task->next->previous = task->previous;
    task->scope = NULL;
    task->next = NULL;
    task->previous = NULL;
    scope->count--;
    if (scope->result == HOLM_OK && task->result < HOLM_OK && task->result != HOLM_ERR_CANCELLED)
        scope->result = task->result;
    if (scope->count == 0)
        holm_wake_ring(&scope->empty);
}

void holm_scope_cancel(struct holm_scope *scope)
{
    scope->cancelled = true;
    for (struct holm_task *task = scope->tasks; task != NULL; task = task->next)
        holm_pump_ready(&task->pump);
}

enum holm_result holm_scope_wait(struct holm_scope *scope, uint64_t deadline_ns)
{
    struct holm_task *self = holm_task_self();
    struct holm_pump *before = scope->empty.pump;
    enum holm_result stopped = HOLM_OK;

    holm_assert(self != NULL && self->scope != scope);
    scope->empty.pump = &self->pump;
    while (scope->count > 0 && stopped == HOLM_OK)
        stopped = holm_task_wait(deadline_ns);
    if (scope->count > 0)
        holm_scope_cancel(scope);
    while (scope->count > 0)
        (void)holm_task__park(self);
    scope->empty.pump = before;
    return stopped != HOLM_OK ? stopped : scope->result;
}
