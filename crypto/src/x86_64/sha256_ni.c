/* SPDX-License-Identifier: ISC */
/* sha256_ni.c: SHA-256 by the SHA extensions, four rounds at a time. FIPS 180-4 section 6.2; the order of
 * words is that of Intel's manual: the state is {a b e f} and {c d g h}, first word last. */
#include "../sha2.h"

#include <holm/machine/level.h>
#include <immintrin.h>

enum { BLOCK_BYTES = 64, STEPS = 16, RING = 4 };

#define INLINE static inline __attribute__((always_inline))

struct block {
    __m128i_u words[RING];
};

INLINE __m128i words_load(const uint64_t *words, size_t a, size_t b, size_t c, size_t d)
{
    return _mm_set_epi32(
        (int)HOLM_NTH(words, HOLM_HASH__WORDS, a), (int)HOLM_NTH(words, HOLM_HASH__WORDS, b),
        (int)HOLM_NTH(words, HOLM_HASH__WORDS, c), (int)HOLM_NTH(words, HOLM_HASH__WORDS, d));
}

INLINE void words_store(uint64_t *words, __m128i of, const size_t at[4])
{
    HOLM_NTH(words, HOLM_HASH__WORDS, HOLM_NTH(at, 4, 0)) = (uint32_t)_mm_extract_epi32(of, 3);
    HOLM_NTH(words, HOLM_HASH__WORDS, HOLM_NTH(at, 4, 1)) = (uint32_t)_mm_extract_epi32(of, 2);
    HOLM_NTH(words, HOLM_HASH__WORDS, HOLM_NTH(at, 4, 2)) = (uint32_t)_mm_extract_epi32(of, 1);
    HOLM_NTH(words, HOLM_HASH__WORDS, HOLM_NTH(at, 4, 3)) = (uint32_t)_mm_extract_epi32(of, 0);
}

/* schedule makes the next four words of the message in the place of the four that are used. */
INLINE __m128i schedule(const __m128i ring[RING], size_t step)
{
    __m128i now = HOLM_NTH(ring, RING, step % RING), last = HOLM_NTH(ring, RING, (step + 3) % RING);
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(now, HOLM_NTH(ring, RING, (step + 1) % RING)),
                                _mm_alignr_epi8(last, HOLM_NTH(ring, RING, (step + 2) % RING), 4));

    return _mm_sha256msg2_epu32(sum, last);
}

void holm_sha256__ni(struct holm_hash_state *state, struct holm_bytes blocks)
{
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef = words_load(state->words, 0, 1, 4, 5),
            cdgh = words_load(state->words, 2, 3, 6, 7);
    struct holm_bytes taken = { 0 };

    while (holm_bytes_take(&blocks, BLOCK_BYTES, &taken)) {
        const struct block *block = (const void *)&HOLM_NTH(taken.ptr, taken.len, 0);
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i ring[RING];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < RING; i++)
            HOLM_AT(ring, i) = _mm_shuffle_epi8(HOLM_AT(block->words, i), order);
#pragma clang loop unroll(full)
        for (size_t step = 0; step < STEPS; step++) {
            const __m128i_u *roots = (const void *)&HOLM_AT(holm_sha256__roots, 4 * step);
            __m128i with = _mm_add_epi32(HOLM_AT(ring, step % RING), *roots);
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, with);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(with, 0x0e));
            if (step < STEPS - RING)
                HOLM_AT(ring, step % RING) = schedule(ring, step);
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    words_store(state->words, abef, (const size_t[]){ 0, 1, 4, 5 });
    words_store(state->words, cdgh, (const size_t[]){ 2, 3, 6, 7 });
}
