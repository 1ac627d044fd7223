/* SPDX-License-Identifier: ISC */
/* holm/generator.h: random numbers for secrets, from entropy, fast. Pure: who makes one says where the
 * entropy comes from; holm/fortuna.h gathers it.
 *
 * Its numbers are output of ChaCha20 (RFC 8439), whose key is replaced by output each time that
 * output is made, and which is wiped as it is drawn ("fast key erasure", D. J. Bernstein, 2017): who
 * sees the state learns nothing of what was drawn before. */
#pragma once

#include <holm/chacha20.h>
#include <holm/random.h>

/* What is made at a time: a key, and the rest to draw from. */
#define HOLM_GENERATOR_POOL_BYTES ((size_t)(4 * HOLM_CHACHA20_BLOCK_BYTES))
/* The least that a generator may be seeded with before anything is drawn from it. */
#define HOLM_GENERATOR_SEED_BYTES 32

struct holm_generator;

/* holm_generator_refresh_fn seeds a generator before it is drawn from, if it is time to. */
typedef void holm_generator_refresh_fn(struct holm_generator *generator);

/* struct holm_generator is zeroed before its first seed. A copy gives the same numbers until one of
 * the two is seeded again: a clone of an image is, before anything else runs in it. */
struct holm_generator {
    uint8_t key[HOLM_CHACHA20_KEY_BYTES];
    uint8_t pool[HOLM_GENERATOR_POOL_BYTES];
    size_t used; /* bytes of pool that are gone */
    bool seeded;
    holm_generator_refresh_fn *refresh; /* NULL: who has it seeds it */
    void *source;                       /* of refresh; and how often that had been seeded */
    uint64_t seeds;
};

/* holm_generator_seed mixes entropy into the generator; all that it was ever given counts. What was
 * made and not yet drawn is gone. entropy has HOLM_GENERATOR_SEED_BYTES at least. */
void holm_generator_seed(struct holm_generator *generator, struct holm_bytes entropy);

/* holm_generator_random is the interface to a generator, which must outlive it. To draw from one that
 * was never seeded stops the image. */
struct holm_random holm_generator_random(struct holm_generator *generator);

/* holm_generator_close wipes a generator. Accepts the zeroed one. */
void holm_generator_close(struct holm_generator *generator);
