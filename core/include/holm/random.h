/* SPDX-License-Identifier: ISC */
/* holm/random.h: what machines get at init to draw random numbers from, and a seeded generator for
 * tests and simulations. Pure. The interface does not say how good the numbers are: the program
 * that builds the machine chooses. */
#pragma once

#include <holm/bytes.h>

struct holm_random;

/* holm_random_fill_fn fills all of out with random bytes. It can not fail: a generator that was
 * never seeded is not given to anyone.
 *
 * Memory:  borrows out.
 * Calls:   nothing that draws from the same generator. */
typedef void holm_random_fill_fn(struct holm_random *random, struct holm_span out);

/* struct holm_random is a generator; context is the implementation's own. */
struct holm_random {
    holm_random_fill_fn *fill;
    void *context;
};

/* holm_random_fill fills all of out with random bytes. */
static inline void holm_random_fill(struct holm_random *random, struct holm_span out)
{
    random->fill(random, out);
}

/* holm_random_u32 and holm_random_u64 draw a number, each equally likely. */
uint32_t holm_random_u32(struct holm_random *random);
uint64_t holm_random_u64(struct holm_random *random);

/* holm_random_below draws a number from 0 to bound - 1, each equally likely. bound is not 0. */
uint32_t holm_random_below(struct holm_random *random, uint32_t bound);

/* struct holm_random_seeded is a generator whose numbers follow from its seed alone, the same on
 * every machine. NOT FOR SECRETS: who sees some of them knows all.
 * Source: xoshiro256** by Blackman and Vigna (2018), seeded by SplitMix64. */
struct holm_random_seeded {
    uint64_t a, b, c, d; /* never all 0 */
};

/* holm_random_seeded_init starts the generator. */
void holm_random_seeded_init(struct holm_random_seeded *seeded, uint64_t seed);

/* holm_random_seeded_next draws from it directly. */
uint64_t holm_random_seeded_next(struct holm_random_seeded *seeded);

/* holm_random_from_seeded is the interface to seeded, which must outlive it. */
struct holm_random holm_random_from_seeded(struct holm_random_seeded *seeded);
