/* SPDX-License-Identifier: ISC */
/* holm/timer.h: timers by the hundred thousand. Pure: time comes in as an argument.
 *
 * A hierarchical wheel: to set and to cancel are a few steps, whatever the number of timers. A timer
 * never fires early; it fires late by less than HOLM_TIMER_TICK_NS. */
#pragma once

#include <holm/pump.h>

#define HOLM_TIMER_TICK_NS (UINT64_C(1) << 18) /* 0.26 ms */
#define HOLM_TIMER_NEVER UINT64_MAX

struct holm_timer {
    struct holm_timer *next, **link; /* in a slot's list; link NULL: not set */
    uint64_t deadline_ns;
    struct holm_pump *pump; /* made ready when it fires */
    uint16_t slot;
    bool fired; /* since it was last set */
};

/* Level 0 has a slot a tick; each next level is 64 times as coarse. Eight hold every deadline. */
#define HOLM_TIMER_LEVELS 8
#define HOLM_TIMER_SLOTS 64

struct holm_timers {
    uint64_t now_tick;
    size_t count;
    uint64_t busy[HOLM_TIMER_LEVELS]; /* a bit for each slot that has timers */
    struct holm_timer *slots[HOLM_TIMER_LEVELS * HOLM_TIMER_SLOTS];
};

void holm_timers_init(struct holm_timers *timers, uint64_t now_ns);

/* holm_timer_set makes *pump ready at deadline_ns (absolute). A timer that is set already is moved.
 * A deadline that has passed fires within a tick; HOLM_TIMER_NEVER cancels.
 *
 * Memory:  keeps *timer until it fired or was cancelled. */
void holm_timer_set(struct holm_timers *timers, struct holm_timer *timer, uint64_t deadline_ns,
                    struct holm_pump *pump);

/* holm_timer_cancel takes a timer out; accepts one that is not set, and the zeroed one. */
void holm_timer_cancel(struct holm_timers *timers, struct holm_timer *timer);

/* holm_timers_advance fires all timers up to now_ns. */
void holm_timers_advance(struct holm_timers *timers, uint64_t now_ns);

/* holm_timers_next is when the loop must look again: not after the next deadline rounded up to a
 * tick; HOLM_TIMER_NEVER if no timer is set. May be early (a coarse slot), never late. */
uint64_t holm_timers_next(const struct holm_timers *timers);

/* holm_timers_check answers whether the wheel is one: each timer in the slot that its deadline and the
 * time say, none overdue, and all of them counted. Walks through all of it. For tests. */
bool holm_timers_check(const struct holm_timers *timers);
