/* SPDX-License-Identifier: ISC */
/* holm/pump.h: pumps, the queue of those that have work, and wakes. Pure.
 *
 * A pump is a run-loop callback without a stack of its own: it drives one machine as far as it goes
 * and never waits. It is told nothing but "look again", so a pump that was made ready twice, or for
 * no reason, does no harm. Making ready only queues: no call goes from a device into its user. */
#pragma once

#include <holm/base.h>

struct holm_pump;

/* A pump's work. It may use every operation that does not wait, and make any pump ready, itself
 * included. It may stop itself and free the memory that the pump stands in. */
typedef void holm_pump_function(struct holm_pump *pump, void *context);

/* struct holm_ready is a queue of pumps, run in the order in which they were made ready. */
struct holm_ready {
    struct holm_pump *first, *last;
};

struct holm_pump {
    struct holm_ready *ready; /* where to queue; NULL: stopped, and wakes of it do nothing */
    struct holm_ready *in;    /* the queue that it stands in: ready, one where it is parked, NULL */
    struct holm_pump *next, *previous;
    holm_pump_function *function;
    void *context;
};

/* holm_pump_init makes *pump ready-able on a queue: its function will be called with context. */
void holm_pump_init(struct holm_pump *pump, struct holm_ready *ready, holm_pump_function *function,
                    void *context);

/* holm_pump_ready queues a pump, once. On a NULL pump, or a stopped one, it does nothing. */
void holm_pump_ready(struct holm_pump *pump);

/* holm_pump_first queues a pump before all others: it runs next. */
void holm_pump_first(struct holm_pump *pump);

/* holm_pump_park lets a pump stand in a queue of those that wait for one thing, until someone takes
 * it out there and makes it ready, or it is made ready for any other reason. A pump that is ready
 * already, or stopped, is not parked: it will look again anyway. */
void holm_pump_park(struct holm_pump *pump, struct holm_ready *waiting);

/* holm_pump_stop takes a pump out of its queue for good. Accepts the zeroed pump. */
void holm_pump_stop(struct holm_pump *pump);

/* holm_ready_take takes the pump that waits longest; NULL if none does. */
struct holm_pump *holm_ready_take(struct holm_ready *ready);

/* holm_ready_check answers whether a queue is one, in both directions, of pumps that say so and may
 * stand there. Walks through all of it. For tests. */
bool holm_ready_check(const struct holm_ready *ready);

/* struct holm_wake is a bell: whoever has something to wait for sets pump; the owner of the thing
 * rings it when the state changed. The zeroed wake rings nobody. */
struct holm_wake {
    struct holm_pump *pump;
};

static inline void holm_wake_ring(struct holm_wake *wake)
{
    holm_pump_ready(wake->pump);
}
