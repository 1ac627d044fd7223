/* SPDX-License-Identifier: ISC */
/* holm/announce.h: what a switch of stacks must tell a sanitizer. Here: nothing. Its sister in
 * ../../asan is chosen by include path. */
#pragma once

#include <holm/stack.h>

/* holm_announce_leave comes before the switch from *from to *to; for_good if from never runs again. */
static inline void holm_announce_leave(struct holm_stack *from, const struct holm_stack *to,
                                       bool for_good)
{
    (void)from;
    (void)to;
    (void)for_good;
}

/* holm_announce_arrive comes first on *self after the switch from *from. */
static inline void holm_announce_arrive(const struct holm_stack *self, struct holm_stack *from)
{
    (void)self;
    (void)from;
}

/* holm_announce_fresh comes before a used stack is used anew. */
static inline void holm_announce_fresh(struct holm_span memory)
{
    (void)memory;
}
