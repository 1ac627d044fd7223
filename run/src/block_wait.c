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

/* wait_for_room puts a request behind those that wait. */
static void wait_for_room(struct holm_block *block, struct holm_block_request *request)
{
    request->next = NULL;
    request->result = HOLM_AGAIN;
    if (block->waiting_first == NULL) {
        block->waiting_first = request;
        block->room_before = block->room.pump;
        block->room.pump = &block->serve;
    } else {
        block->waiting_last->next = request;
    }
    block->waiting_last = request;
}

/* serve submits what waits, in its order, as far as there is room; those that are refused are told. */
static void serve(struct holm_pump *pump, void *context)
{
    struct holm_block *block = context;

    (void)pump;
    while (block->waiting_first != NULL) {
        struct holm_block_request *request = block->waiting_first;
        struct holm_block_request *next = request->next;
        enum holm_result result = holm_block_submit(block, request);
        if (result == HOLM_AGAIN) {
            request->next = next;
            return;
        }
        block->waiting_first = next;
        if (result == HOLM_OK)
            continue;
        request->result = result;
        holm_pump_ready(request->pump);
    }
    block->room.pump = block->room_before;
    holm_wake_ring(&block->room); /* there may be room for who had it before, too */
}

/* Who waits waits for the request, not for the room: so nobody comes before his turn, however often he
 * looks, and who asks again stands behind the others. */
enum holm_result holm_block_await(struct holm_block *block, struct holm_block_request *request)
{
    struct holm_task *task = holm_task_self();
    enum holm_result result = HOLM_AGAIN;

    if (block->serve.function == NULL)
        holm_pump_init(&block->serve, &task->run->ready, serve, block);
    request->pump = &task->pump;
    if (block->waiting_first == NULL)
        result = holm_block_submit(block, request);
    if (result == HOLM_AGAIN)
        wait_for_room(block, request);
    else if (result != HOLM_OK)
        return result;
    while (request->result == HOLM_AGAIN)
        (void)holm_task__park(task);
    return request->result;
}
