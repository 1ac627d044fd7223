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

/* tell_empty wakes all who wait for the end of the last task. */
static void tell_empty(struct holm_scope *scope)
{
    holm_wake_ring(&scope->empty);
    for (struct holm_pump *pump = holm_ready_take(&scope->waiting); pump != NULL;
         pump = holm_ready_take(&scope->waiting))
        holm_pump_ready(pump);
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
        tell_empty(scope);
}

void holm_scope_cancel(struct holm_scope *scope)
{
    scope->cancelled = true;
    for (struct holm_task *task = scope->tasks; task != NULL; task = task->next)
        holm_pump_ready(&task->pump);
}

/* Whoever is made ready leaves the queue of those that wait; nobody stays in it behind the last task. */
enum holm_result holm_scope_wait(struct holm_scope *scope, uint64_t deadline_ns)
{
    struct holm_task *self = holm_task_self();
    enum holm_result stopped = HOLM_OK;

    holm_assert(self != NULL && self->scope != scope);
    while (scope->count > 0 && stopped == HOLM_OK) {
        holm_pump_park(&self->pump, &scope->waiting);
        stopped = holm_task_wait(deadline_ns);
    }
    if (scope->count > 0)
        holm_scope_cancel(scope);
    while (scope->count > 0) {
        holm_pump_park(&self->pump, &scope->waiting);
        (void)holm_task__park(self);
    }
    return stopped != HOLM_OK ? stopped : scope->result;
}
