/* SPDX-License-Identifier: ISC */
/* holm/clock.h: what a turn tells of time. Pure. There is no call that asks a clock: time comes through
 * the door and stands still within a turn. Monotonic time is holm_run_now_ns; UTC may be unknown, or
 * known only roughly, and who uses it says how roughly is good enough. */
#pragma once

#include <holm/operation.h>

/* What is close enough where any UTC is better than none: a log. */
#define HOLM_CLOCK_ROUGHLY_NS (UINT64_MAX - 1)

/* holm_clock_utc sets *utc_ns to UTC at the start of the turn, in ns since 1970-01-01 00:00 without
 * leap seconds, if it is known to within_ns; else false, and *utc_ns is unchanged. */
HOLM_MUST_USE static inline bool holm_clock_utc(uint64_t *utc_ns, const struct holm_turn *turn,
                                                uint64_t within_ns)
{
    if (turn->utc_uncertainty_ns > within_ns || turn->utc_ns < 0)
        return false;
    *utc_ns = (uint64_t)turn->utc_ns;
    return true;
}
