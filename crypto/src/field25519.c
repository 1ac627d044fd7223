/* SPDX-License-Identifier: ISC */
/* field25519.c: a product has ten limbs, of which those above 2^255 count nineteen times below. With
 * limbs below 2^54, a sum of five products, four of them times 19, is below 2^115. */
#include "field25519.h"

#include "words.h"

#include <holm/machine/wide.h>

enum { LIMBS = HOLM_FIELD25519__LIMBS, LIMB_BITS = 51 };

#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)

struct holm_field25519 holm_field25519_read(struct holm_bytes bytes)
{
    uint64_t a = holm_words__little64(bytes, 0), b = holm_words__little64(bytes, 1);
    uint64_t c = holm_words__little64(bytes, 2), d = holm_words__little64(bytes, 3);

    return (struct holm_field25519){ { a & LIMB_MASK, (a >> 51 | b << 13) & LIMB_MASK,
                                       (b >> 38 | c << 26) & LIMB_MASK,
                                       (c >> 25 | d << 39) & LIMB_MASK, d >> 12 & LIMB_MASK } };
}

/* carry makes each limb less than 2^51, but for the first, to which comes what was above 2^255. */
static void carry_all(struct holm_field25519 *a)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < LIMBS; i++) {
        carry += HOLM_AT(a->limbs, i);
        HOLM_AT(a->limbs, i) = carry & LIMB_MASK;
        carry >>= LIMB_BITS;
    }
    HOLM_AT(a->limbs, 0) += 19 * carry;
}

void holm_field25519_write(struct holm_span out, const struct holm_field25519 *a)
{
    struct holm_buffer filling = holm_span_buffer(out);
    struct holm_field25519 whole = *a;
    uint64_t carry = 19;

    carry_all(&whole);
    carry_all(&whole);
    carry_all(&whole);                 /* now below 2^255 */
    for (size_t i = 0; i < LIMBS; i++) /* 1 if it is p or more: then adding 19 reaches 2^255 */
        carry = (HOLM_AT(whole.limbs, i) + carry) >> LIMB_BITS;
    carry *= 19;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += HOLM_AT(whole.limbs, i);
        HOLM_AT(whole.limbs, i) = carry & LIMB_MASK;
        carry >>= LIMB_BITS;
    }
    for (unsigned i = 0; i < 4; i++) /* of limbs of 51 bits, words of 64 */
        holm_words__put_little(
            &filling,
            HOLM_AT(whole.limbs, i) >> 13 * i | HOLM_AT(whole.limbs, i + 1) << (51 - 13 * i), 8);
}

static inline __attribute__((always_inline)) struct holm_wide sum_of(struct holm_wide sum,
                                                                     uint64_t a, uint64_t b)
{
    return holm_wide_add(sum, holm_wide_multiply(a, b));
}

/* sums_carry makes a number of limbs of up to 115 bits. */
static inline __attribute__((always_inline)) struct holm_field25519
sums_carry(const struct holm_wide sums[LIMBS])
{
    struct holm_field25519 out = { 0 };
    struct holm_wide sum = { 0 };
    uint64_t carry = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++) {
        sum = holm_wide_add(HOLM_NTH(sums, LIMBS, i), (struct holm_wide){ carry, 0 });
        HOLM_AT(out.limbs, i) = sum.low & LIMB_MASK;
        carry = holm_wide_right(sum, LIMB_BITS);
    }
    /* what is carried is below 2^64, so that 19 times it has a few bits more */
    sum = sum_of((struct holm_wide){ HOLM_AT(out.limbs, 0), 0 }, carry, 19);
    HOLM_AT(out.limbs, 0) = sum.low & LIMB_MASK;
    HOLM_AT(out.limbs, 1) += holm_wide_right(sum, LIMB_BITS);
    return out;
}

struct holm_field25519 holm_field25519_multiply(const struct holm_field25519 *a,
                                                const struct holm_field25519 *b)
{
    struct holm_wide sums[LIMBS] = { { 0 } };
    uint64_t more[LIMBS] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 1; i < LIMBS; i++)
        HOLM_AT(more, i) = 19 * HOLM_AT(b->limbs, i);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
#pragma clang loop unroll(full)
        for (size_t j = 0; j < LIMBS; j++)
            HOLM_AT(sums, i) =
                sum_of(HOLM_AT(sums, i), HOLM_AT(a->limbs, j),
                       j <= i ? HOLM_AT(b->limbs, i - j) : HOLM_AT(more, i + LIMBS - j));
    return sums_carry(sums);
}

/* products of two different limbs count twice */
static inline __attribute__((always_inline)) struct holm_field25519
square_of(const struct holm_field25519 *a)
{
    const uint64_t a0 = a->limbs[0], a1 = HOLM_AT(a->limbs, 1), a2 = HOLM_AT(a->limbs, 2);
    const uint64_t a3 = HOLM_AT(a->limbs, 3), a4 = HOLM_AT(a->limbs, 4);
    const struct holm_wide sums[LIMBS] = {
        sum_of(sum_of(holm_wide_multiply(a0, a0), a1, 38 * a4), a2, 38 * a3),
        sum_of(sum_of(holm_wide_multiply(2 * a0, a1), a2, 38 * a4), a3, 19 * a3),
        sum_of(sum_of(holm_wide_multiply(2 * a0, a2), a1, a1), a3, 38 * a4),
        sum_of(sum_of(holm_wide_multiply(2 * a0, a3), 2 * a1, a2), a4, 19 * a4),
        sum_of(sum_of(holm_wide_multiply(2 * a0, a4), 2 * a1, a3), a2, a2),
    };

    return sums_carry(sums);
}

struct holm_field25519 holm_field25519_square(const struct holm_field25519 *a)
{
    return square_of(a);
}

struct holm_field25519 holm_field25519_scale(const struct holm_field25519 *a, uint32_t by)
{
    struct holm_wide sums[LIMBS] = { { 0 } };

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(sums, i) = holm_wide_multiply(HOLM_AT(a->limbs, i), by);
    return sums_carry(sums);
}

/* squared squares times times. */
static struct holm_field25519 squared(struct holm_field25519 a, int times)
{
    for (int i = 0; i < times; i++)
        a = square_of(&a);
    return a;
}

/* power_250 is a^(2^250 - 1), by a^(2^n - 1) for growing n; and *a11 is a^11. */
static struct holm_field25519 power_250(const struct holm_field25519 *a,
                                        struct holm_field25519 *a11)
{
    struct holm_field25519 t = squared(*a, 1), a9 = squared(t, 2), n5, n10, n20, n50, n100;

    a9 = holm_field25519_multiply(&a9, a);
    *a11 = holm_field25519_multiply(&a9, &t);
    t = squared(*a11, 1);
    n5 = holm_field25519_multiply(&t, &a9); /* a^31 */
    t = squared(n5, 5);
    n10 = holm_field25519_multiply(&t, &n5);
    t = squared(n10, 10);
    n20 = holm_field25519_multiply(&t, &n10);
    t = squared(n20, 20);
    t = holm_field25519_multiply(&t, &n20); /* n = 40 */
    t = squared(t, 10);
    n50 = holm_field25519_multiply(&t, &n10);
    t = squared(n50, 50);
    n100 = holm_field25519_multiply(&t, &n50);
    t = squared(n100, 100);
    t = holm_field25519_multiply(&t, &n100); /* n = 200 */
    t = squared(t, 50);
    return holm_field25519_multiply(&t, &n50);
}

/* a^(p - 2) = a^(2^255 - 21): Fermat. */
struct holm_field25519 holm_field25519_invert(const struct holm_field25519 *a)
{
    struct holm_field25519 a11, t = power_250(a, &a11);

    t = squared(t, 5);
    return holm_field25519_multiply(&t, &a11);
}

struct holm_field25519 holm_field25519_root_power(const struct holm_field25519 *a)
{
    struct holm_field25519 a11, t = power_250(a, &a11);

    t = squared(t, 2);
    return holm_field25519_multiply(&t, a);
}
