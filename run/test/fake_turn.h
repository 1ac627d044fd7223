/* SPDX-License-Identifier: ISC */
/* fake_turn.h: a platform for tests of the loop: a clock that jumps to what the loop sleeps for. */
#pragma once

#include <holm/run.h>

/* struct fake is what the platform does next and what it saw. */
struct fake {
    uint64_t now_ns;
    uint64_t busy_ns; /* said once */
    uint32_t stops;
    uint64_t stop_at_ns;   /* a stop is asked for when the loop would sleep past it; 0: never */
    uint16_t entropy_size; /* said once */
    uint16_t console_size; /* said once */
    uint64_t slept_until_ns;
    uint32_t turns;
    uint32_t guards;
    struct holm_span guard; /* the last one; the first task's */
    bool (*move)(void);     /* a network; answers whether something moved: then there is no sleep */
    void (*operate)(
        struct holm_operation *operation); /* completes one at once, or later; NULL: none
                                                          is ever complete */
};
extern struct fake fake;

/* fake_run makes a loop, and the time 1 s. Stacks are painted, and what they were used for is checked. */
struct holm_run *fake_run(const struct holm_run_options *options);
