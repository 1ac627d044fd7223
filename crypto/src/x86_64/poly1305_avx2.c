/* SPDX-License-Identifier: ISC */
/* poly1305_avx2.c: four blocks at a time side by side, in limbs of 26 bits, so that a sum of five
 * products fits into 64 bits. RFC 8439 section 2.5; Goll and Gueron, "Vectorization of Poly1305 message
 * authentication code" (2015), have the idea.
 *
 * Each lane sums up blocks of its own: a step multiplies the sum by r^4, and the last one by the powers
 * that each block is from the end instead; then all lanes are added. Where blocks are not a multiple of
 * four, nothing stands in front. */
#include "../poly1305_limbs.h"

#include <holm/machine/level.h>
#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

enum {
    LANES = 4,
    BLOCK_BYTES = HOLM_POLY1305__BLOCK_BYTES,
    LEAST_BYTES = 256 /* with fewer, the powers cost more than they save */
};

typedef uint64_t lanes __attribute__((vector_size(32)));
typedef uint64_t lanes_anywhere __attribute__((vector_size(32), aligned(1), may_alias));

struct number {
    lanes limbs[LIMBS];
};
/* with its limbs times 5, which 2^130 is */
struct factor {
    struct number number, fives;
};
struct group {
    lanes_anywhere blocks[2];
};

/* Blocks are taken apart into halves and so come in this order. */
static const uint8_t order[LANES] = { 0, 2, 1, 3 };

INLINE lanes right(lanes a, int bits)
{
    return (lanes)_mm256_srli_epi64((__m256i)a, bits);
}

INLINE lanes left(lanes a, int bits)
{
    return (lanes)_mm256_slli_epi64((__m256i)a, bits);
}

INLINE lanes all(uint64_t value)
{
    return (lanes){ 0 } + value;
}

INLINE lanes product(lanes a, lanes b)
{
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

/* limb_passed adds what limb i has too much to the next. */
INLINE void limb_passed(struct number *number, size_t i)
{
    lanes over = right(HOLM_AT(number->limbs, i), LIMB_BITS);

    HOLM_AT(number->limbs, i) &= all(LIMB_MASK);
    if (i + 1 < LIMBS)
        HOLM_AT(number->limbs, i + 1) += over;
    else
        HOLM_AT(number->limbs, 0) += over + left(over, 2);
}

/* multiplied is a times b, limbs below 2^27; those of a are below 2^28, of b below 2^27. */
INLINE struct number multiplied(struct number a, const struct factor *b)
{
    struct number made;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++) {
        lanes sum = product(HOLM_AT(a.limbs, 0), HOLM_AT(b->number.limbs, i));
#pragma clang loop unroll(full)
        for (size_t j = 1; j < LIMBS; j++)
            sum += product(HOLM_AT(a.limbs, j), j <= i ? HOLM_AT(b->number.limbs, i - j)
                                                       : HOLM_AT(b->fives.limbs, i + LIMBS - j));
        HOLM_AT(made.limbs, i) = sum;
    }
    /* two chains of carries at a time */
    limb_passed(&made, 0);
    limb_passed(&made, 3);
    limb_passed(&made, 1);
    limb_passed(&made, 4);
    limb_passed(&made, 2);
    limb_passed(&made, 0);
    limb_passed(&made, 3);
    return made;
}

INLINE struct factor factor_of(struct number number)
{
    struct factor made = { .number = number };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(made.fives.limbs, i) = HOLM_AT(number.limbs, i) + left(HOLM_AT(number.limbs, i), 2);
    return made;
}

/* blocks_load takes four blocks; behind is the bit behind each. */
INLINE struct number blocks_load(const struct group *group, lanes behind)
{
    __m256i a = (__m256i)HOLM_AT(group->blocks, 0), b = (__m256i)HOLM_AT(group->blocks, 1);
    lanes low = (lanes)_mm256_unpacklo_epi64(a, b), high = (lanes)_mm256_unpackhi_epi64(a, b);
    const lanes mask = all(LIMB_MASK);

    return (struct number){ { low & mask, right(low, 26) & mask,
                              (right(low, 52) | left(high, 12)) & mask, right(high, 14) & mask,
                              right(high, 40) | behind } };
}

INLINE struct number sum_of(struct number a, struct number b)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(a.limbs, i) += HOLM_AT(b.limbs, i);
    return a;
}

/* powers_make fills lanes with r^4 to r, in the order of blocks. */
INLINE struct number powers_make(const uint64_t r[2])
{
    uint64_t power[3] = { HOLM_NTH(r, 2, 0), HOLM_NTH(r, 2, 1), 0 };
    uint64_t limbs[LIMBS][LANES] = { 0 };
    struct number made = { 0 };

    for (size_t n = 1; n <= LANES; n++) {
        for (size_t lane = 0; lane < LANES; lane++) {
            if (HOLM_AT(order, lane) != LANES - n)
                continue;
            for (size_t i = 0; i < LIMBS; i++)
                HOLM_AT(HOLM_AT(limbs, i), lane) = limb(power, i);
        }
        if (n < LANES)
            holm_poly1305__times(power, r);
    }
    for (size_t i = 0; i < LIMBS; i++) {
        const void *from = HOLM_AT(limbs, i);
        HOLM_AT(made.limbs, i) = *(const lanes_anywhere *)from;
    }
    holm_secret_wipe(limbs, sizeof limbs);
    return made;
}

/* number_put makes words of the sum of all lanes. */
static void number_put(struct holm_poly1305_sum *poly, const struct number *number)
{
    uint64_t limbs[LIMBS];

    for (size_t i = 0; i < LIMBS; i++) {
        __m256i limb_lanes = (__m256i)HOLM_AT(number->limbs, i);
        __m128i two = _mm_add_epi64(_mm256_castsi256_si128(limb_lanes),
                                    _mm256_extracti128_si256(limb_lanes, 1));
        two = _mm_add_epi64(two, _mm_unpackhi_epi64(two, two));
        HOLM_AT(limbs, i) = (uint64_t)_mm_cvtsi128_si64(two);
    }
    limbs_put(poly, limbs);
    holm_secret_wipe(limbs, sizeof limbs);
}

/* front_make makes what stands in front of the blocks: four, of which the first are nothing, and the sum
 * so far is added to the first that is not. */
static struct number front_make(const struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    const lanes places = { 0, 2, 1, 3 };
    const uint64_t begin = LANES - blocks.len / BLOCK_BYTES;
    const lanes there = (lanes)(places >= begin), here = (lanes)(places == begin);
    struct group group = { 0 };
    void *room = &group;
    struct holm_span place = { 0 };

    holm_assert(holm_span_part((struct holm_span){ room, sizeof group }, sizeof group - blocks.len,
                               blocks.len, &place));
    struct holm_buffer out = holm_span_buffer(place);
    holm_assert(holm_buffer_bytes(&out, blocks));
    struct number made = blocks_load(&group, there & BEHIND);
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(made.limbs, i) += here & limb(poly->h, i);
    return made;
}

INLINE const struct group *group_at(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(struct group));
    return (const void *)&HOLM_NTH(bytes.ptr, bytes.len, at);
}

size_t holm_poly1305__avx2(struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    size_t whole = blocks.len - blocks.len % BLOCK_BYTES;
    size_t at = (whole - 1) % sizeof(struct group) + 1;
    struct holm_bytes begin = { 0 };

    if (whole < LEAST_BYTES || !holm_bytes_part(blocks, 0, at, &begin))
        return 0;
    struct number sum = front_make(poly, begin), powers = powers_make(poly->r), r4 = { 0 };
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(r4.limbs, i) = all(HOLM_AT(powers.limbs, i)[0]);
    struct factor factor = factor_of(r4);
    for (; at < whole; at += sizeof(struct group))
        sum = sum_of(multiplied(sum, &factor), blocks_load(group_at(blocks, at), all(BEHIND)));
    factor = factor_of(powers);
    sum = multiplied(sum, &factor);
    number_put(poly, &sum);
    holm_secret_wipe(&sum, sizeof sum);
    holm_secret_wipe(&powers, sizeof powers);
    holm_secret_wipe(&factor, sizeof factor);
    return whole;
}
