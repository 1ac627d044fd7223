/* SPDX-License-Identifier: ISC */
/* holm/announce.h: what a switch of stacks must tell AddressSanitizer, so that it knows which stack
 * runs and keeps apart the frames that it holds elsewhere to find their use after return. */
#pragma once

#include <holm/stack.h>

void __sanitizer_start_switch_fiber(void **fake, const void *lowest, size_t size_bytes);
void __sanitizer_finish_switch_fiber(void *fake, const void **lowest, size_t *size_bytes);

/* holm_announce_leave comes before the switch from *from to *to; for_good if from never runs again. */
static inline void holm_announce_leave(struct holm_stack *from, const struct holm_stack *to,
                                       bool for_good)
{
    __sanitizer_start_switch_fiber(for_good ? NULL : &from->fake, to->lowest, to->size_bytes);
}

/* holm_announce_arrive comes first on *self after the switch from *from. The loop's own stack is
 * the host's: only here is it learnt where it lies. */
static inline void holm_announce_arrive(const struct holm_stack *self, struct holm_stack *from)
{
    __sanitizer_finish_switch_fiber(self->fake, &from->lowest, &from->size_bytes);
}

/* holm_announce_fresh comes before a used stack is used anew: frames that were left for good may
 * have poisoned it. */
static inline void holm_announce_fresh(struct holm_span memory)
{
    HOLM_UNPOISON(memory.ptr, memory.len);
}
