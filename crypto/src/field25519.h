/* SPDX-License-Identifier: ISC */
/* field25519.h: numbers modulo p = 2^255 - 19, in five limbs of 51 bits. Constant time.
 *
 * Limbs of what holm_field25519_multiply, _square and _scale make, products for short, are below 2^51 + 2^18;
 * they take limbs below 2^54: sums of up to seven products, and differences. */
#pragma once

#include <holm/bytes.h>

#define HOLM_FIELD25519__LIMBS 5
#define HOLM_FIELD25519__BYTES 32

struct holm_field25519 {
    uint64_t limbs[HOLM_FIELD25519__LIMBS];
};

/* holm_field25519_read reads 32 bytes, least significant first; the last bit is ignored. */
struct holm_field25519 holm_field25519_read(struct holm_bytes bytes);
/* holm_field25519_write fills 32 bytes with the number from 0 to p - 1. */
void holm_field25519_write(struct holm_span out, const struct holm_field25519 *a);

struct holm_field25519 holm_field25519_multiply(const struct holm_field25519 *a,
                                                const struct holm_field25519 *b);
struct holm_field25519 holm_field25519_square(const struct holm_field25519 *a);
/* holm_field25519_scale multiplies by a number below 2^32. */
struct holm_field25519 holm_field25519_scale(const struct holm_field25519 *a, uint32_t by);
/* holm_field25519_invert is 0 for 0. */
struct holm_field25519 holm_field25519_invert(const struct holm_field25519 *a);
/* holm_field25519_root_power is a^(2^252 - 3): (p - 5) / 8, for square roots. */
struct holm_field25519 holm_field25519_root_power(const struct holm_field25519 *a);

static inline struct holm_field25519 holm_field25519_add(const struct holm_field25519 *a,
                                                         const struct holm_field25519 *b)
{
    struct holm_field25519 sum = { 0 };

    for (size_t i = 0; i < HOLM_FIELD25519__LIMBS; i++)
        HOLM_AT(sum.limbs, i) = HOLM_AT(a->limbs, i) + HOLM_AT(b->limbs, i);
    return sum;
}

/* holm_field25519_subtract adds 4 p first, so that no limb is below 0: b is a product, or a sum of up to
 * three. What it makes counts as four products more than a. */
static inline struct holm_field25519 holm_field25519_subtract(const struct holm_field25519 *a,
                                                              const struct holm_field25519 *b)
{
    struct holm_field25519 difference = { 0 };

    for (size_t i = 0; i < HOLM_FIELD25519__LIMBS; i++)
        HOLM_AT(difference.limbs, i) =
            HOLM_AT(a->limbs, i) +
            (i == 0 ? UINT64_C(0x1fffffffffffb4) : UINT64_C(0x1ffffffffffffc)) -
            HOLM_AT(b->limbs, i);
    return difference;
}

/* holm_field25519_swap exchanges a and b if swap is 1, and not if it is 0. */
static inline void holm_field25519_swap(struct holm_field25519 *a, struct holm_field25519 *b,
                                        uint64_t swap)
{
    for (size_t i = 0; i < HOLM_FIELD25519__LIMBS; i++) {
        uint64_t differ = (HOLM_AT(a->limbs, i) ^ HOLM_AT(b->limbs, i)) & (~swap + 1);
        HOLM_AT(a->limbs, i) ^= differ;
        HOLM_AT(b->limbs, i) ^= differ;
    }
}
