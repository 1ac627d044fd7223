/* SPDX-License-Identifier: ISC */
/* field448.c: with h = 2^224, p = h^2 - h - 1, so that h^2 counts as h + 1. A product of two numbers
 * in halves, (a + b h) (c + d h), is a c + b d + h ((a + b) (c + d) - a c): three products of four limbs by
 * four (Hamburg: Ed448-Goldilocks (2015), section 3.1). With limbs below 3 (2^56 + 2^10), sums of limbs are
 * below 2^120, and what is carried below 2^64. */
#include "field448.h"

#include "words.h"

#include <holm/machine/wide.h>

#define INLINE static inline __attribute__((always_inline))

enum { LIMBS = HOLM_FIELD448__LIMBS, HALF = LIMBS / 2, LIMB_BITS = 56, LIMB_BYTES = 7, SUMS = 7 };

#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)

struct half {
    uint64_t limbs[HALF];
};

/* The seven limbs of a product of halves, as wide as they come. */
struct sums {
    struct holm_wide sums[SUMS];
};

struct holm_field448 holm_field448_read(struct holm_bytes bytes)
{
    struct holm_field448 out = { 0 };
    uint8_t byte = 0;

    for (size_t i = 0; i < LIMBS; i++)
        for (unsigned j = 0; j < LIMB_BYTES; j++) {
            holm_assert(holm_bytes_u8(&bytes, &byte));
            HOLM_AT(out.limbs, i) |= (uint64_t)byte << 8 * j;
        }
    return out;
}

/* carry_all makes each limb less than 2^56, but for those to which comes what was above 2^448. */
static void carry_all(struct holm_field448 *a)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < LIMBS; i++) {
        carry += HOLM_AT(a->limbs, i);
        HOLM_AT(a->limbs, i) = carry & LIMB_MASK;
        carry >>= LIMB_BITS;
    }
    HOLM_AT(a->limbs, 0) += carry;
    HOLM_AT(a->limbs, HALF) += carry;
}

void holm_field448_write(struct holm_span out, const struct holm_field448 *a)
{
    struct holm_buffer filling = holm_span_buffer(out);
    struct holm_field448 whole = *a;
    uint64_t carry = 1;

    carry_all(&whole);
    carry_all(&whole);
    carry_all(&whole);                 /* now below 2^448 */
    for (size_t i = 0; i < LIMBS; i++) /* 1 if it is p or more: then adding h + 1 reaches 2^448 */
        carry = (HOLM_AT(whole.limbs, i) + carry + (i == HALF)) >> LIMB_BITS;
    HOLM_AT(whole.limbs, HALF) += carry;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += HOLM_AT(whole.limbs, i);
        holm_words__put_little(&filling, carry & LIMB_MASK, LIMB_BYTES);
        carry >>= LIMB_BITS;
    }
}

INLINE struct holm_wide sum_of(struct holm_wide sum, uint64_t a, uint64_t b)
{
    return holm_wide_add(sum, holm_wide_multiply(a, b));
}

/* difference_of wraps, and is right where a is the larger. */
INLINE struct holm_wide difference_of(struct holm_wide a, struct holm_wide b)
{
    return (struct holm_wide){ a.low - b.low, a.high - b.high - (a.low < b.low) };
}

INLINE struct sums half_product(const struct half *a, const struct half *b)
{
    struct sums out = { { { 0 } } };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < HALF; i++)
#pragma clang loop unroll(full)
        for (size_t j = 0; j < HALF; j++)
            HOLM_AT(out.sums, i + j) =
                sum_of(HOLM_AT(out.sums, i + j), HOLM_AT(a->limbs, i), HOLM_AT(b->limbs, j));
    return out;
}

/* Products of two different limbs count twice. */
INLINE struct sums half_square(const struct half *a)
{
    uint64_t a0 = a->limbs[0], a1 = HOLM_AT(a->limbs, 1), a2 = HOLM_AT(a->limbs, 2),
             a3 = HOLM_AT(a->limbs, 3);

    return (struct sums){ { holm_wide_multiply(a0, a0), holm_wide_multiply(2 * a0, a1),
                            sum_of(holm_wide_multiply(2 * a0, a2), a1, a1),
                            sum_of(holm_wide_multiply(2 * a0, a3), 2 * a1, a2),
                            sum_of(holm_wide_multiply(2 * a1, a3), a2, a2),
                            holm_wide_multiply(2 * a2, a3), holm_wide_multiply(a3, a3) } };
}

/* halves_of are the two halves of a number and their sum. */
INLINE void halves_of(struct half halves[3], const struct holm_field448 *a)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < HALF; i++) {
        uint64_t low = HOLM_AT(a->limbs, i), high = HOLM_AT(a->limbs, HALF + i);
        HOLM_AT(HOLM_NTH(halves, 3, 0).limbs, i) = low;
        HOLM_AT(HOLM_NTH(halves, 3, 1).limbs, i) = high;
        HOLM_AT(HOLM_NTH(halves, 3, 2).limbs, i) = low + high;
    }
}

/* sums_carry makes a number of limbs of up to 120 bits. */
INLINE struct holm_field448 sums_carry(const struct holm_wide sums[LIMBS])
{
    struct holm_field448 out = { 0 };
    struct holm_wide sum = { 0 };
    uint64_t carry = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++) {
        sum = holm_wide_add(HOLM_NTH(sums, LIMBS, i), (struct holm_wide){ carry, 0 });
        HOLM_AT(out.limbs, i) = sum.low & LIMB_MASK;
        carry = holm_wide_right(sum, LIMB_BITS);
    }
    sum = holm_wide_add((struct holm_wide){ out.limbs[0], 0 }, (struct holm_wide){ carry, 0 });
    out.limbs[0] = sum.low & LIMB_MASK;
    HOLM_AT(out.limbs, 1) += holm_wide_right(sum, LIMB_BITS);
    sum = holm_wide_add((struct holm_wide){ HOLM_AT(out.limbs, HALF), 0 },
                        (struct holm_wide){ carry, 0 });
    HOLM_AT(out.limbs, HALF) = sum.low & LIMB_MASK;
    HOLM_AT(out.limbs, HALF + 1) += holm_wide_right(sum, LIMB_BITS);
    return out;
}

/* joined makes a number of the products of the low halves, of the high ones, and of the sums. */
INLINE struct holm_field448 joined(const struct sums *low, const struct sums *high,
                                   const struct sums *both)
{
    struct holm_wide out[LIMBS] = { { 0 } };

#pragma clang loop unroll(full)
    for (size_t i = 0; i + 1 < HALF; i++) {
        struct holm_wide above =
            difference_of(HOLM_AT(both->sums, HALF + i), HOLM_AT(low->sums, HALF + i));
        struct holm_wide middle = difference_of(HOLM_AT(both->sums, i), HOLM_AT(low->sums, i));
        HOLM_AT(out, i) =
            holm_wide_add(holm_wide_add(HOLM_AT(low->sums, i), HOLM_AT(high->sums, i)), above);
        middle = holm_wide_add(middle, HOLM_AT(high->sums, HALF + i));
        HOLM_AT(out, HALF + i) = holm_wide_add(middle, HOLM_AT(both->sums, HALF + i));
    }
    HOLM_AT(out, HALF - 1) =
        holm_wide_add(HOLM_AT(low->sums, HALF - 1), HOLM_AT(high->sums, HALF - 1));
    HOLM_AT(out, LIMBS - 1) =
        difference_of(HOLM_AT(both->sums, HALF - 1), HOLM_AT(low->sums, HALF - 1));
    return sums_carry(out);
}

struct holm_field448 holm_field448_multiply(const struct holm_field448 *a,
                                            const struct holm_field448 *b)
{
    struct half of_a[3] = { { { 0 } } }, of_b[3] = { { { 0 } } };

    halves_of(of_a, a);
    halves_of(of_b, b);
    struct sums low = half_product(&of_a[0], &of_b[0]);
    struct sums high = half_product(&HOLM_AT(of_a, 1), &HOLM_AT(of_b, 1));
    struct sums both = half_product(&HOLM_AT(of_a, 2), &HOLM_AT(of_b, 2));
    return joined(&low, &high, &both);
}

INLINE struct holm_field448 square_of(const struct holm_field448 *a)
{
    struct half of_a[3] = { { { 0 } } };

    halves_of(of_a, a);
    struct sums low = half_square(&of_a[0]), high = half_square(&HOLM_AT(of_a, 1));
    struct sums both = half_square(&HOLM_AT(of_a, 2));
    return joined(&low, &high, &both);
}

struct holm_field448 holm_field448_square(const struct holm_field448 *a)
{
    return square_of(a);
}

struct holm_field448 holm_field448_scale(const struct holm_field448 *a, uint32_t by)
{
    struct holm_wide sums[LIMBS] = { { 0 } };

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(sums, i) = holm_wide_multiply(HOLM_AT(a->limbs, i), by);
    return sums_carry(sums);
}

/* 4 p is added, so that no limb is below 0. */
struct holm_field448 holm_field448_subtract(const struct holm_field448 *a,
                                            const struct holm_field448 *b)
{
    struct holm_field448 out = { 0 };
    uint64_t carries[LIMBS] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t limb = HOLM_AT(a->limbs, i) + 4 * (LIMB_MASK - (i == HALF)) - HOLM_AT(b->limbs, i);
        HOLM_AT(out.limbs, i) = limb & LIMB_MASK;
        HOLM_AT(carries, i) = limb >> LIMB_BITS;
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(out.limbs, i) += HOLM_AT(carries, (i + LIMBS - 1) % LIMBS);
    HOLM_AT(out.limbs, HALF) += HOLM_AT(carries, LIMBS - 1);
    return out;
}

/* squared squares times times, and multiplies by another. */
static struct holm_field448 squared(const struct holm_field448 *a, int times,
                                    const struct holm_field448 *by)
{
    struct holm_field448 out = *a;

    for (int i = 0; i < times; i++)
        out = square_of(&out);
    return holm_field448_multiply(&out, by);
}

/* By a^(2^n - 1) for growing n: (p - 3) / 4 is 2^223 (2^223 - 1) + 2^222 - 1. */
struct holm_field448 holm_field448_root_power(const struct holm_field448 *a)
{
    struct holm_field448 n2 = squared(a, 1, a), n3 = squared(&n2, 1, a);
    struct holm_field448 n6 = squared(&n3, 3, &n3), n9 = squared(&n6, 3, &n3);
    struct holm_field448 n18 = squared(&n9, 9, &n9), n19 = squared(&n18, 1, a);
    struct holm_field448 n37 = squared(&n19, 18, &n18), n74 = squared(&n37, 37, &n37);
    struct holm_field448 n111 = squared(&n74, 37, &n37), n222 = squared(&n111, 111, &n111);
    struct holm_field448 n223 = squared(&n222, 1, a);

    return squared(&n223, 223, &n222);
}

/* a^(p - 2), of which the exponent is four times that of the root's power, and one: Fermat. */
struct holm_field448 holm_field448_invert(const struct holm_field448 *a)
{
    struct holm_field448 power = holm_field448_root_power(a);

    return squared(&power, 2, a);
}
