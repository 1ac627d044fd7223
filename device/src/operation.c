/* SPDX-License-Identifier: ISC */
/* operation.c: the queue of what was submitted. */
#include <holm/operation.h>

void holm_operation_submit(struct holm_operations *queue, struct holm_operation *operation)
{
    holm_assert(!operation->submitted);
    queue->id_last++;
    operation->id = queue->id_last;
    operation->result = HOLM_AGAIN;
    operation->submitted = true;
    operation->next = NULL;
    operation->previous = queue->last;
    if (queue->last != NULL)
        queue->last->next = operation;
    else
        queue->first = operation;
    queue->last = operation;
}

void holm_operation_complete(struct holm_operation *operation, enum holm_result result)
{
    holm_assert(operation->submitted && result != HOLM_AGAIN);
    operation->result = result;
    operation->submitted = false;
    holm_pump_ready(operation->pump);
}
