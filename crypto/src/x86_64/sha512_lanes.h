/* SPDX-License-Identifier: ISC */
/* sha512_lanes.h: SHA-512 with the message schedules of four blocks side by side, in the lanes of a
 * vector: what is left to do for a block are its rounds, one after the other. FIPS 180-4 section 6.4.2. */
#include "../sha512_kernel.h"

#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANES = 4, LANES_BYTES = LANES * BLOCK_BYTES };

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

/* Word i of each of the blocks, with the constant of round i added. */
struct schedules {
    lanes words[ROUNDS];
};

INLINE lanes lanes_right(lanes word, int bits)
{
    return (lanes)_mm256_srli_epi64((__m256i)word, bits);
}

INLINE lanes lanes_turned(lanes word, int right)
{
    return lanes_right(word, right) | (lanes)_mm256_slli_epi64((__m256i)word, 64 - right);
}

INLINE __m256i words_at(struct holm_bytes blocks, size_t at)
{
    const __m256i order = _mm256_broadcastsi128_si256(
        _mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));

    holm_assert(at <= blocks.len && blocks.len - at >= sizeof(__m256i));
    const void *from = &HOLM_NTH(blocks.ptr, blocks.len, at);
    return _mm256_shuffle_epi8(_mm256_loadu_si256(from), order);
}

/* words_load takes four words of each block, from word on, and turns these rows into columns. */
INLINE void words_load(lanes ring[RING], struct holm_bytes blocks, size_t word)
{
    __m256i a = words_at(blocks, 8 * word), b = words_at(blocks, BLOCK_BYTES + 8 * word);
    __m256i c = words_at(blocks, 2 * BLOCK_BYTES + 8 * word);
    __m256i d = words_at(blocks, 3 * BLOCK_BYTES + 8 * word);
    __m256i ab = _mm256_unpacklo_epi64(a, b), ab_odd = _mm256_unpackhi_epi64(a, b);
    __m256i cd = _mm256_unpacklo_epi64(c, d), cd_odd = _mm256_unpackhi_epi64(c, d);

    HOLM_NTH(ring, RING, word) = (lanes)_mm256_permute2x128_si256(ab, cd, 0x20);
    HOLM_NTH(ring, RING, word + 1) = (lanes)_mm256_permute2x128_si256(ab_odd, cd_odd, 0x20);
    HOLM_NTH(ring, RING, word + 2) = (lanes)_mm256_permute2x128_si256(ab, cd, 0x31);
    HOLM_NTH(ring, RING, word + 3) = (lanes)_mm256_permute2x128_si256(ab_odd, cd_odd, 0x31);
}

/* schedules_make keeps the last sixteen words of each block in registers. */
INLINE void schedules_make(struct schedules *made, struct holm_bytes blocks)
{
    lanes ring[RING];

#pragma clang loop unroll(full)
    for (size_t i = 0; i < RING; i += 4)
        words_load(ring, blocks, i);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < RING; i++)
        HOLM_AT(made->words, i) = HOLM_AT(ring, i) + HOLM_AT(holm_sha512__roots, i);
    for (size_t round = RING; round < ROUNDS; round += RING) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < RING; i++) {
            lanes near = HOLM_AT(ring, (i + 14) % RING), far = HOLM_AT(ring, (i + 1) % RING);
            lanes one = lanes_turned(near, 19) ^ lanes_turned(near, 61) ^ lanes_right(near, 6);
            lanes two = lanes_turned(far, 1) ^ lanes_turned(far, 8) ^ lanes_right(far, 7);
            lanes word = HOLM_AT(ring, i) + HOLM_AT(ring, (i + 9) % RING) + one + two;
            HOLM_AT(ring, i) = word;
            HOLM_AT(made->words, round + i) = word + HOLM_AT(holm_sha512__roots, round + i);
        }
    }
}

/* rounds_do does the rounds of one of the blocks. */
INLINE void rounds_do(struct words *words, const struct schedules *made, size_t lane)
{
    struct words w = *words;
    uint64_t differ = w.b ^ w.c;

    for (size_t round = 0; round < ROUNDS; round += RING) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < RING; i++) {
            const void *of_round = &HOLM_AT(made->words, round + i);
            const uint64_t *all = of_round;
            step(&w, &differ, HOLM_NTH(all, LANES, lane));
        }
    }
    words_add(words, &w);
}

INLINE void lanes_mix(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct words w = words_of(state);
    struct holm_bytes some = { 0 };

    if (blocks.len >= LANES_BYTES) {
        struct schedules made;
        while (holm_bytes_take(&blocks, LANES_BYTES, &some)) {
            schedules_make(&made, some);
            for (size_t lane = 0; lane < LANES; lane++)
                rounds_do(&w, &made, lane);
        }
        holm_secret_wipe(&made, sizeof made);
    }
    if (blocks.len > 0) {
        uint64_t ring[RING] = { 0 };
        while (holm_bytes_take(&blocks, BLOCK_BYTES, &some))
            block_mix(&w, ring, some);
        holm_secret_wipe(ring, sizeof ring);
    }
    words_keep(state, &w);
}
