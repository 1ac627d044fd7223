/* SPDX-License-Identifier: ISC */
/* holm/task.h: tasks have a small stack of their own, from a fixed pool, and may wait. What people
 * write to be read from top to bottom runs in them: request handlers, applications.
 *
 * Every wait has a deadline or inherits its task's, and can answer HOLM_ERR_CANCELLED: the task then
 * unwinds as on any error. A scope owns tasks and ends after them. */
#pragma once

#include <holm/bytes.h>
#include <holm/flow.h>
#include <holm/operation.h>
#include <holm/pump.h>
#include <holm/timer.h>

struct holm_block;
struct holm_block_request;
struct holm_listener;
struct holm_operation;
struct holm_run;
struct holm_task;

/* A task's work. Its result is kept for the scope: the first error is the scope's. */
typedef enum holm_result holm_task_function(struct holm_task *task, void *context);

/* struct holm_scope owns tasks. Zeroed: an empty scope. */
struct holm_scope {
    struct holm_task *tasks;   /* a list */
    struct holm_wake empty;    /* rung when the last task has ended */
    struct holm_ready waiting; /* who is in holm_scope_wait */
    enum holm_result result;   /* the first error of a task that is not CANCELLED; else HOLM_OK */
    uint32_t count;
    bool cancelled;
};

/* holm_task_start starts a task; it runs in this turn or the next.
 *
 * Memory:  keeps name (constant text) and context until the task has ended; takes a stack.
 * Errors:  HOLM_ERR_NO_MEMORY  every stack is in use
 *          HOLM_ERR_CANCELLED  the scope is cancelled */
HOLM_MUST_USE enum holm_result holm_task_start(struct holm_run *run, struct holm_scope *scope,
                                               struct holm_bytes name, holm_task_function *function,
                                               void *context);

/* holm_task_self is the task that runs now; NULL in a pump. */
struct holm_task *holm_task_self(void);

/* holm_task_pump is what makes a task ready: a wait loop sets it into a wake, then waits. */
struct holm_pump *holm_task_pump(struct holm_task *task);

/* holm_task_deadline sets the deadline (ns, monotonic) that waits without one of their own inherit;
 * HOLM_TIMER_NEVER for none. */
void holm_task_deadline(struct holm_task *task, uint64_t deadline_ns);

/* holm_task_name is the name that the task was started with. */
struct holm_bytes holm_task_name(const struct holm_task *task);

/* holm_task_stack is the memory of the task's stack. */
struct holm_span holm_task_stack(const struct holm_task *task);

/* holm_task_stack_peak is how many bytes of the task's stack have ever been used, by it and those
 * that had the stack before; exact only with holm_run_options.paint. */
size_t holm_task_stack_peak(const struct holm_task *task);

/* holm_task_at_guard is the task in whose guard page an address lies: its stack overflowed. NULL if
 * there is none. Calls nothing and locks nothing: a fault handler may ask. */
const struct holm_task *holm_task_at_guard(const void *address);

/* holm_task_wait waits until the present task's pump is made ready, and may come back for no reason:
 * call it in a loop that looks again. What was made ready before the deadline was seen to have
 * passed wins: only the next wait answers HOLM_ERR_TIMEOUT. May wait (a task).
 *
 * Errors:  HOLM_ERR_TIMEOUT    deadline_ns, or the task's own deadline, has passed
 *          HOLM_ERR_CANCELLED  the task was cancelled; each further wait answers the same */
HOLM_MUST_USE enum holm_result holm_task_wait(uint64_t deadline_ns);

/* holm_task_sleep waits until deadline_ns; HOLM_OK when it has passed. May wait (a task).
 *
 * Errors:  HOLM_ERR_TIMEOUT    the task's own deadline has passed before
 *          HOLM_ERR_CANCELLED  the task was cancelled */
HOLM_MUST_USE enum holm_result holm_task_sleep(uint64_t deadline_ns);

/* holm_task_yield lets the others run, and goes on in the same turn or the next. May wait (a task).
 *
 * Errors:  HOLM_ERR_CANCELLED */
HOLM_MUST_USE enum holm_result holm_task_yield(void);

/* holm_task_operate submits an operation on a file of the present task's, and answers its result. May
 * wait (a task), even a cancelled one: such an operation is over within the turn. */
enum holm_result holm_task_operate(struct holm_operation *operation);

/* holm_scope_cancel makes the present and every further wait of the scope's tasks answer
 * HOLM_ERR_CANCELLED; no task can be started in it any more. */
void holm_scope_cancel(struct holm_scope *scope);

/* holm_scope_wait waits until all tasks of the scope have ended; answers the scope's result. May wait
 * (a task). When the waiting task is cancelled or its deadline passes, the scope is cancelled and
 * waited for all the same: no task outlives it. */
HOLM_MUST_USE enum holm_result holm_scope_wait(struct holm_scope *scope, uint64_t deadline_ns);

/* holm_run_on_loop_stack calls function on the loop's large stack; it must not wait. In a pump it is
 * a plain call. */
typedef void holm_loop_stack_function(void *context);
void holm_run_on_loop_stack(holm_loop_stack_function *function, void *context);

/* holm_listener_await waits for the next flow; while all that there can be are in use, too. One task at
 * a time waits at a listener. May wait (a task).
 *
 * Memory:  the flow is the caller's until holm_flow_close.
 * Errors:  HOLM_END            the listener is closed, or the host took it away
 *          HOLM_ERR_TIMEOUT    deadline_ns, or the task's own deadline, has passed
 *          HOLM_ERR_CANCELLED  the task was cancelled */
HOLM_MUST_USE enum holm_result
holm_listener_await(struct holm_flow **flow, struct holm_listener *listener, uint64_t deadline_ns);

/* holm_flow_await waits until min bytes are there and lends them, as holm_flow_peek. May wait
 * (a task). Errors: those of holm_flow_peek but HOLM_AGAIN; HOLM_ERR_TIMEOUT, HOLM_ERR_CANCELLED. */
HOLM_MUST_USE enum holm_result holm_flow_await(struct holm_flow *flow, struct holm_span *in,
                                               size_t min, uint64_t deadline_ns);

/* holm_operation_await submits an operation and waits until it is complete, whatever the task's
 * deadline: it is for those that the platform ends soon. May wait (a task). */
enum holm_result holm_operation_await(struct holm_operation *operation);

/* holm_block_await submits a request and waits until it is complete, whatever the task's deadline:
 * until then the device may touch its memory. Answers the request's result, or what submit refuses
 * it with. May wait (a task). */
HOLM_MUST_USE enum holm_result holm_block_await(struct holm_block *block,
                                                struct holm_block_request *request);

/* holm_flow_write sends all of bytes, copied; after an error some of them may have been sent. May wait
 * (a task). Errors: those of holm_flow_room but HOLM_AGAIN; HOLM_ERR_TIMEOUT, HOLM_ERR_CANCELLED. */
HOLM_MUST_USE enum holm_result holm_flow_write(struct holm_flow *flow, struct holm_bytes bytes,
                                               uint64_t deadline_ns);
