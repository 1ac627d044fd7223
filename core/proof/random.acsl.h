/* SPDX-License-Identifier: ISC */
/* random.acsl.h: what generators promise, for Frama-C: what they write and its range, never how good
 * it is. */
#pragma once

#include "bytes.acsl.h"
#include "wrap.acsl.h"

#include <holm/random.h>

/*@ logic integer holm_spread_step(integer z, integer shift, integer factor) =
      ((uint64_t)(z ^ (z >> shift)) * factor) % 18446744073709551616;
    logic integer holm_spread_end(integer z) = (uint64_t)(z ^ (z >> 31));
    // SplitMix64: what the state z gives, and the state after that.
    logic integer holm_spread(integer z) =
      holm_spread_end(holm_spread_step(holm_spread_step(z, 30, 0xbf58476d1ce4e5b9), 27,
                                       0x94d049bb133111eb));
    logic integer holm_spread_next(integer z) = (z + 0x9e3779b97f4a7c15) % 18446744073709551616;
*/

/* Admitted: it calls through a pointer; every fill writes all of out and state of its own alone. */
/*@ requires \valid_read(random) && \valid(out.ptr + (0 .. out.len - 1));
    requires \separated(random, out.ptr + (0 .. out.len - 1));
    assigns out.ptr[0 .. out.len - 1];
    ensures \true; */
static inline void holm_random_fill(struct holm_random *random, struct holm_span out);

/*@ requires \valid_read(random);
    assigns \nothing;
    ensures \true; */
uint32_t holm_random_u32(struct holm_random *random);

/*@ requires \valid_read(random);
    assigns \nothing;
    ensures \true; */
uint64_t holm_random_u64(struct holm_random *random);

/* Admitted: that it ends is certain by chance only. */
/*@ requires \valid_read(random) && bound > 0;
    assigns \nothing;
    ensures \result < bound; */
uint32_t holm_random_below(struct holm_random *random, uint32_t bound);

/*@ requires \valid(seeded);
    assigns *seeded;
    ensures seeded->a == holm_spread(holm_spread_next(seed));
    ensures seeded->b == holm_spread(holm_spread_next(holm_spread_next(seed)));
    ensures seeded->c == holm_spread(holm_spread_next(holm_spread_next(holm_spread_next(seed))));
    ensures seeded->d == holm_spread(holm_spread_next(holm_spread_next(
              holm_spread_next(holm_spread_next(seed))))); */
void holm_random_seeded_init(struct holm_random_seeded *seeded, uint64_t seed);

/*@ requires \valid(seeded);
    assigns *seeded;
    ensures seeded->b == (uint64_t)(\old(seeded->b) ^ (uint64_t)(\old(seeded->c) ^ \old(seeded->a))); */
uint64_t holm_random_seeded_next(struct holm_random_seeded *seeded);

/* Admitted: its context is a pointer to anything. */
/*@ assigns \nothing;
    ensures \result.context == seeded; */
struct holm_random holm_random_from_seeded(struct holm_random_seeded *seeded);
