/* SPDX-License-Identifier: ISC */
/* poly1305_neon.c: four blocks at a time, two pairs side by side, in limbs of 26 bits. RFC 8439
 * section 2.5; Goll and Gueron, "Vectorization of Poly1305 message authentication code" (2015),
 * have the idea.
 *
 * Each lane sums up blocks of its own. A step multiplies the first pair, in which the sum so far
 * is, by r^4 and the second by r^2, all in one sum of products, whose carries are passed once;
 * the last step takes the powers that each block is from the end instead, and both lanes are
 * added. Where blocks are not a multiple of four, nothing stands in front. */
#include "../poly1305_limbs.h"
#include "../words.h"

#include <arm_neon.h>
#include <holm/machine/level.h>

#define INLINE static inline __attribute__((always_inline))

enum {
    LANES = 2,
    FOUR = 4,
    BLOCK_BYTES = HOLM_POLY1305__BLOCK_BYTES,
    FOUR_BYTES = FOUR * BLOCK_BYTES,
    LEAST_BYTES = 256 /* with fewer, the powers cost more than they save */
};

struct number {
    uint32x2_t limbs[LIMBS];
};
/* with its limbs times 5, which 2^130 is */
struct factor {
    struct number number, fives;
};
struct four {
    struct number first, second;
};
struct sum {
    uint64x2_t limbs[LIMBS];
};

/* product_add adds a times b: of a limbs are below 2^28, of b below 2^27. */
INLINE struct sum product_add(struct sum sum, struct number a, const struct factor *b)
{
#pragma clang loop unroll(full)
    for (size_t j = 0; j < LIMBS; j++) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < LIMBS; i++)
            HOLM_AT(sum.limbs, i) = vmlal_u32(HOLM_AT(sum.limbs, i), HOLM_AT(a.limbs, j),
                                              j <= i ? HOLM_AT(b->number.limbs, i - j)
                                                     : HOLM_AT(b->fives.limbs, i + LIMBS - j));
    }
    return sum;
}

/* limb_passed adds what limb i has too much to the next; five times that to the first. Of a
 * shift by a constant the compiler would make a product, which it has in other registers only. */
INLINE void limb_passed(struct sum *sum, size_t i)
{
    uint64x2_t *limb_i = &HOLM_AT(sum->limbs, i), *next = &HOLM_AT(sum->limbs, (i + 1) % LIMBS);
    uint64x2_t over = vshrq_n_u64(*limb_i, LIMB_BITS);

    *limb_i = vandq_u64(*limb_i, vdupq_n_u64(LIMB_MASK));
    *next = vaddq_u64(*next, over);
    if (i + 1 == LIMBS)
        *next = vaddq_u64(*next, vshlq_u64(over, vdupq_n_s64(2)));
}

/* passed makes limbs below 2^27 of sums of products; two chains of carries at a time. */
INLINE struct number passed(struct sum sum)
{
    struct number made = { 0 };

    limb_passed(&sum, 0);
    limb_passed(&sum, 3);
    limb_passed(&sum, 1);
    limb_passed(&sum, 4);
    limb_passed(&sum, 2);
    limb_passed(&sum, 0);
    limb_passed(&sum, 3);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(made.limbs, i) = vmovn_u64(HOLM_AT(sum.limbs, i));
    return made;
}

INLINE struct number step(struct four four, const struct factor *of_first,
                          const struct factor *of_second)
{
    struct sum sum = { 0 };

    return passed(product_add(product_add(sum, four.first, of_first), four.second, of_second));
}

INLINE struct factor factor_of(struct number number)
{
    struct factor made = { .number = number };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(made.fives.limbs, i) =
            vadd_u32(HOLM_AT(number.limbs, i), vshl_n_u32(HOLM_AT(number.limbs, i), 2));
    return made;
}

INLINE struct number sum_of(struct number a, struct number b)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(a.limbs, i) = vadd_u32(HOLM_AT(a.limbs, i), HOLM_AT(b.limbs, i));
    return a;
}

/* pair_load takes two blocks, and the bit behind each. */
INLINE struct number pair_load(struct holm_bytes blocks, size_t at)
{
    holm_assert(at <= blocks.len && blocks.len - at >= LANES * (size_t)BLOCK_BYTES);
    const uint64x2_t mask = vdupq_n_u64(LIMB_MASK);
    uint64x2_t a = vreinterpretq_u64_u8(vld1q_u8(&HOLM_NTH(blocks.ptr, blocks.len, at)));
    uint64x2_t b =
        vreinterpretq_u64_u8(vld1q_u8(&HOLM_NTH(blocks.ptr, blocks.len, at + BLOCK_BYTES)));
    uint64x2_t low = vzip1q_u64(a, b), high = vzip2q_u64(a, b);
    uint64x2_t middle = vorrq_u64(vshrq_n_u64(low, 52), vshlq_n_u64(high, 12));

    return (struct number){
        { vmovn_u64(vandq_u64(low, mask)), vmovn_u64(vandq_u64(vshrq_n_u64(low, 26), mask)),
          vmovn_u64(vandq_u64(middle, mask)), vmovn_u64(vandq_u64(vshrq_n_u64(high, 14), mask)),
          vmovn_u64(vorrq_u64(vshrq_n_u64(high, 40), vdupq_n_u64(BEHIND))) }
    };
}

/* of_words makes four numbers of such in words. */
static struct four of_words(const uint64_t words[FOUR][3])
{
    struct four made = { 0 };

    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t limbs[FOUR];
        for (size_t n = 0; n < FOUR; n++)
            HOLM_AT(limbs, n) = limb(HOLM_NTH(words, FOUR, n), i);
        HOLM_AT(made.first.limbs, i) = vcreate_u32(limbs[0] | limbs[1] << 32);
        HOLM_AT(made.second.limbs, i) = vcreate_u32(limbs[2] | limbs[3] << 32);
        holm_secret_wipe(limbs, sizeof limbs);
    }
    return made;
}

/* powers_make makes r^4, r^3 and r^2, r. */
static struct four powers_make(const uint64_t r[2])
{
    uint64_t power[3] = { HOLM_NTH(r, 2, 0), HOLM_NTH(r, 2, 1), 0 }, words[FOUR][3] = { 0 };

    for (size_t n = FOUR; n > 0; n--) {
        for (size_t i = 0; i < HOLM_COUNT(power); i++)
            HOLM_AT(HOLM_AT(words, n - 1), i) = HOLM_AT(power, i);
        if (n > 1)
            holm_poly1305__times(power, r);
    }
    struct four made = of_words(words);
    holm_secret_wipe(words, sizeof words);
    holm_secret_wipe(power, sizeof power);
    return made;
}

/* number_all has the first lane of a number in both. */
INLINE struct number number_all(struct number a)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(a.limbs, i) = vdup_lane_u32(HOLM_AT(a.limbs, i), 0);
    return a;
}

/* front_make makes what stands in front of the blocks: four, of which the first are nothing, and
 * the sum so far is added to the first that is not. */
static struct four front_make(const struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    const size_t begin = FOUR - blocks.len / BLOCK_BYTES;
    uint64_t words[FOUR][3] = { 0 }, before[FOUR][3] = { 0 };
    struct holm_bytes block = { 0 };

    for (size_t n = begin; holm_bytes_take(&blocks, BLOCK_BYTES, &block); n++) {
        HOLM_AT(HOLM_AT(words, n), 0) = holm_words__little64(block, 0);
        HOLM_AT(HOLM_AT(words, n), 1) = holm_words__little64(block, 1);
        HOLM_AT(HOLM_AT(words, n), 2) = 1;
    }
    for (size_t i = 0; i < HOLM_COUNT(before[0]); i++)
        HOLM_AT(HOLM_AT(before, begin), i) = HOLM_AT(poly->h, i);
    struct four made = of_words(words), sum = of_words(before);
    holm_secret_wipe(words, sizeof words);
    holm_secret_wipe(before, sizeof before);
    return (struct four){ sum_of(made.first, sum.first), sum_of(made.second, sum.second) };
}

/* number_put makes words of the sum of both lanes. */
static void number_put(struct holm_poly1305_sum *poly, struct number number)
{
    uint64_t limbs[LIMBS];

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(limbs, i) = vget_lane_u64(vpaddl_u32(HOLM_AT(number.limbs, i)), 0);
    limbs_put(poly, limbs);
    holm_secret_wipe(limbs, sizeof limbs);
}

size_t holm_poly1305__neon(struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    size_t whole = blocks.len - blocks.len % BLOCK_BYTES;
    size_t at = (whole - 1) % FOUR_BYTES + 1;
    struct holm_bytes begin = { 0 };

    if (whole < LEAST_BYTES || !holm_bytes_part(blocks, 0, at, &begin))
        return 0;
    struct four four = front_make(poly, begin), powers = powers_make(poly->r);
    struct factor of_first = factor_of(number_all(powers.first));
    struct factor of_second = factor_of(number_all(powers.second));
    for (; at < whole; at += FOUR_BYTES) {
        four.first = sum_of(step(four, &of_first, &of_second), pair_load(blocks, at));
        four.second = pair_load(blocks, at + LANES * (size_t)BLOCK_BYTES);
    }
    of_first = factor_of(powers.first);
    of_second = factor_of(powers.second);
    number_put(poly, step(four, &of_first, &of_second));
    holm_secret_wipe(&four, sizeof four);
    holm_secret_wipe(&powers, sizeof powers);
    holm_secret_wipe(&of_first, sizeof of_first);
    holm_secret_wipe(&of_second, sizeof of_second);
    return whole;
}
