/* SPDX-License-Identifier: ISC */
/* holm/entropy.h: the entropy that a turn brings. Pure. It comes in the first turn, and again when a
 * clone or a restored snapshot has woken, who shares all that it knew with another: then the turn's
 * generation is another too. Who draws random numbers uses the image's generator (holm/random.h),
 * which is made from this and is made anew before anything else runs. */
#pragma once

#include <holm/operation.h>

/* holm_entropy_take sets *entropy to the HOLM_TURN_ENTROPY_BYTES that came with the turn; false: none
 * did.
 *
 * Memory:  *entropy is a view into the turn. */
HOLM_MUST_USE static inline bool holm_entropy_take(struct holm_bytes *entropy,
                                                   const struct holm_turn *turn)
{
    return turn->entropy_size > 0 &&
           holm_bytes_part(HOLM_BLOB(turn->entropy), 0, turn->entropy_size, entropy);
}

/* holm_entropy_wipe makes of a turn one that brought none: what stays in memory tells what was drawn. */
static inline void holm_entropy_wipe(struct holm_turn *turn)
{
    holm_span_fill((struct holm_span){ turn->entropy, sizeof turn->entropy }, 0);
    turn->entropy_size = 0;
}
