/* SPDX-License-Identifier: ISC */
/* pump.c: queues of pumps.
 *
 * (1) A pump stands in at most one queue, and pump->in names it.
 * (2) A stopped pump (ready NULL) stands in none.
 *
 *     idle --holm_pump_ready--> ready --holm_ready_take--> idle (its function runs)
 *     idle --holm_pump_park--> parked --holm_pump_ready--> ready
 *     any --holm_pump_stop--> stopped */
#include <holm/pump.h>

static void unlink(struct holm_pump *pump)
{
    struct holm_ready *queue = pump->in;

    if (pump->previous != NULL)
        pump->previous->next = pump->next;
    else
        queue->first = pump->next;
    if (pump->next != NULL)
        pump->next->previous = pump->previous;
    else
        queue->last = pump->previous;
    pump->next = NULL;
    pump->previous = NULL;
    pump->in = NULL;
}

static void append(struct holm_ready *queue, struct holm_pump *pump)
{
    pump->previous = queue->last;
    pump->next = NULL;
    pump->in = queue;
    if (queue->last != NULL)
        queue->last->next = pump;
    else
        queue->first = pump;
    queue->last = pump;
}

void holm_pump_init(struct holm_pump *pump, struct holm_ready *ready, holm_pump_function *function,
                    void *context)
{
    *pump = (struct holm_pump){ .ready = ready, .function = function, .context = context };
}

void holm_pump_ready(struct holm_pump *pump)
{
    if (pump == NULL || pump->ready == NULL || pump->in == pump->ready)
        return;
    if (pump->in != NULL)
        unlink(pump); /* keeps (1) */
    append(pump->ready, pump);
}

void holm_pump_first(struct holm_pump *pump)
{
    struct holm_ready *queue = pump->ready;

    if (pump->in != NULL)
        unlink(pump); /* keeps (1) */
    if (queue == NULL || queue->first == NULL) {
        holm_pump_ready(pump);
        return;
    }
    pump->next = queue->first;
    pump->in = queue;
    queue->first->previous = pump;
    queue->first = pump;
}

void holm_pump_park(struct holm_pump *pump, struct holm_ready *waiting)
{
    if (pump == NULL || pump->ready == NULL || pump->in != NULL)
        return;
    append(waiting, pump);
}

void holm_pump_stop(struct holm_pump *pump)
{
    if (pump->in != NULL)
        unlink(pump); /* keeps (2) */
    pump->ready = NULL;
}

struct holm_pump *holm_ready_take(struct holm_ready *ready)
{
    struct holm_pump *pump = ready->first;

    if (pump != NULL)
        unlink(pump);
    return pump;
}

bool holm_ready_check(const struct holm_ready *ready)
{
    const struct holm_pump *before = NULL;

    for (const struct holm_pump *pump = ready->first; pump != NULL; pump = pump->next) {
        if (pump->in != ready || pump->previous != before || pump->ready == NULL)
            return false; /* a loop would lead to one that has another before it */
        before = pump;
    }
    return ready->last == before;
}
