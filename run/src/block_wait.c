/* SPDX-License-Identifier: ISC */
/* block_wait.c: operations and requests of block devices for tasks. Until they are complete the
 * platform may write to the memory that they name: so a task that is cancelled waits all the same. */
#include <holm/block.h>

#include "run_impl.h"

enum holm_result holm_operation_await(struct holm_operation *operation)
{
    struct holm_task *task = holm_task_self();

    operation->pump = &task->pump;
    holm_operation_submit(&task->run->operations, operation);
    while (operation->submitted)
        (void)holm_task__park(task);
    return operation->result;
}

enum holm_result holm_block_await(struct holm_block *block, struct holm_block_request *request)
{
    struct holm_task *task = holm_task_self();
    struct holm_pump *before = block->room.pump;
    enum holm_result result;

    block->room.pump = &task->pump;
    request->pump = &task->pump;
    while ((result = holm_block_submit(block, request)) == HOLM_AGAIN)
        (void)holm_task__park(task);
    block->room.pump = before;
    if (result != HOLM_OK)
        return result;
    while (request->result == HOLM_AGAIN)
        (void)holm_task__park(task);
    return request->result;
}
