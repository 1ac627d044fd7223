/* SPDX-License-Identifier: ISC */
/* sha512_ce.c: SHA-384, SHA-512 and SHA-512/256 by the instructions for SHA-512, two rounds at a
 * time. FIPS 180-4 section 6.4. Arm Architecture Reference Manual for A-profile, SHA512H,
 * SHA512H2, SHA512SU0, SHA512SU1. */
#include "../sha2.h"

#include <arm_neon.h>
#include <holm/machine/level.h>

enum { BLOCK_BYTES = 128, STEPS = HOLM_SHA512__ROUNDS / 2, RING = 8 };

#define INLINE static inline __attribute__((always_inline))

struct words {
    uint64x2_t ab, cd, ef, gh;
};

INLINE uint64x2_t second(uint64x2_t a, uint64x2_t b)
{
    return vextq_u64(a, b, 1); /* the second word of a, the first of b */
}

/* step does two rounds: SHA512H makes what both add to c and d and to the sums, SHA512H2 what is
 * new in front. */
INLINE struct words step(struct words w, uint64x2_t with)
{
    uint64x2_t sum = vaddq_u64(second(with, with), w.gh);
    uint64x2_t added = vsha512hq_u64(sum, second(w.ef, w.gh), second(w.cd, w.ef));

    return (struct words){ vsha512h2q_u64(added, w.cd, w.ab), w.ab, vaddq_u64(w.cd, added), w.ef };
}

/* schedule makes the next two words of the message in the place of the two that are used. */
INLINE uint64x2_t schedule(const uint64x2_t ring[RING], size_t step)
{
    uint64x2_t part =
        vsha512su0q_u64(HOLM_NTH(ring, RING, step % RING), HOLM_NTH(ring, RING, (step + 1) % RING));

    return vsha512su1q_u64(
        part, HOLM_NTH(ring, RING, (step + 7) % RING),
        second(HOLM_NTH(ring, RING, (step + 4) % RING), HOLM_NTH(ring, RING, (step + 5) % RING)));
}

INLINE struct words block_mix(struct words w, struct holm_bytes block)
{
    const struct words before = w;
    uint64x2_t ring[RING];

#pragma clang loop unroll(full)
    for (size_t i = 0; i < RING; i++)
        HOLM_AT(ring, i) = vreinterpretq_u64_u8(
            vrev64q_u8(vld1q_u8(&HOLM_NTH(block.ptr, block.len, sizeof ring[0] * i))));
#pragma clang loop unroll(full)
    for (size_t i = 0; i < STEPS; i++) {
        w = step(
            w, vaddq_u64(HOLM_AT(ring, i % RING), vld1q_u64(&HOLM_AT(holm_sha512__roots, 2 * i))));
        if (i < STEPS - RING)
            HOLM_AT(ring, i % RING) = schedule(ring, i);
    }
    return (struct words){ vaddq_u64(w.ab, before.ab), vaddq_u64(w.cd, before.cd),
                           vaddq_u64(w.ef, before.ef), vaddq_u64(w.gh, before.gh) };
}

void holm_sha512__ce(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct words w = { vld1q_u64(&HOLM_AT(state->words, 0)), vld1q_u64(&HOLM_AT(state->words, 2)),
                       vld1q_u64(&HOLM_AT(state->words, 4)), vld1q_u64(&HOLM_AT(state->words, 6)) };
    struct holm_bytes block = { 0 };

    while (holm_bytes_take(&blocks, BLOCK_BYTES, &block))
        w = block_mix(w, block);
    vst1q_u64(&HOLM_AT(state->words, 0), w.ab);
    vst1q_u64(&HOLM_AT(state->words, 2), w.cd);
    vst1q_u64(&HOLM_AT(state->words, 4), w.ef);
    vst1q_u64(&HOLM_AT(state->words, 6), w.gh);
}
