/* SPDX-License-Identifier: ISC */
/* sha256_ce.c: SHA-256 by the instructions of the Cryptographic Extension, four rounds at a
 * time. FIPS 180-4 section 6.2; the state is {a b c d} and {e f g h}, first word first. */
#include "../sha2.h"

#include <arm_neon.h>
#include <holm/machine/level.h>

enum { BLOCK_BYTES = 64, STEPS = 16, RING = 4 };

#define INLINE static inline __attribute__((always_inline))

INLINE uint32x4_t words_load(const uint64_t *words, size_t first)
{
    uint32x4_t made = vdupq_n_u32(0);

    made = vsetq_lane_u32((uint32_t)HOLM_NTH(words, HOLM_HASH__WORDS, first), made, 0);
    made = vsetq_lane_u32((uint32_t)HOLM_NTH(words, HOLM_HASH__WORDS, first + 1), made, 1);
    made = vsetq_lane_u32((uint32_t)HOLM_NTH(words, HOLM_HASH__WORDS, first + 2), made, 2);
    return vsetq_lane_u32((uint32_t)HOLM_NTH(words, HOLM_HASH__WORDS, first + 3), made, 3);
}

INLINE void words_store(uint64_t *words, size_t first, uint32x4_t of)
{
    HOLM_NTH(words, HOLM_HASH__WORDS, first) = vgetq_lane_u32(of, 0);
    HOLM_NTH(words, HOLM_HASH__WORDS, first + 1) = vgetq_lane_u32(of, 1);
    HOLM_NTH(words, HOLM_HASH__WORDS, first + 2) = vgetq_lane_u32(of, 2);
    HOLM_NTH(words, HOLM_HASH__WORDS, first + 3) = vgetq_lane_u32(of, 3);
}

/* schedule makes the next four words of the message in the place of the four that are used. */
INLINE uint32x4_t schedule(const uint32x4_t ring[RING], size_t step)
{
    uint32x4_t now = HOLM_NTH(ring, RING, step % RING);
    uint32x4_t part = vsha256su0q_u32(now, HOLM_NTH(ring, RING, (step + 1) % RING));

    return vsha256su1q_u32(part, HOLM_NTH(ring, RING, (step + 2) % RING),
                           HOLM_NTH(ring, RING, (step + 3) % RING));
}

void holm_sha256__ce(struct holm_hash_state *state, struct holm_bytes blocks)
{
    uint32x4_t abcd = words_load(state->words, 0), efgh = words_load(state->words, 4);
    struct holm_bytes taken = { 0 };

    while (holm_bytes_take(&blocks, BLOCK_BYTES, &taken)) {
        const uint32x4_t abcd_before = abcd, efgh_before = efgh;
        uint32x4_t ring[RING];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < RING; i++)
            HOLM_AT(ring, i) = vreinterpretq_u32_u8(
                vrev32q_u8(vld1q_u8(&HOLM_NTH(taken.ptr, taken.len, sizeof ring[0] * i))));
#pragma clang loop unroll(full)
        for (size_t step = 0; step < STEPS; step++) {
            uint32x4_t with = vaddq_u32(HOLM_AT(ring, step % RING),
                                        vld1q_u32(&HOLM_AT(holm_sha256__roots, 4 * step)));
            uint32x4_t first = abcd;
            abcd = vsha256hq_u32(abcd, efgh, with);
            efgh = vsha256h2q_u32(efgh, first, with);
            if (step < STEPS - RING)
                HOLM_AT(ring, step % RING) = schedule(ring, step);
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    words_store(state->words, 0, abcd);
    words_store(state->words, 4, efgh);
}
