/* SPDX-License-Identifier: ISC */
/* field448.h: numbers modulo p = 2^448 - 2^224 - 1, in eight limbs of 56 bits. Constant time.
 *
 * Limbs of what all but holm_field448_add make, products for short, are below 2^56 + 2^10; what is
 * multiplied, squared or subtracted is a product, or a sum of up to three. */
#pragma once

#include <holm/bytes.h>

#define HOLM_FIELD448__LIMBS 8
#define HOLM_FIELD448__BYTES 56

struct holm_field448 {
    uint64_t limbs[HOLM_FIELD448__LIMBS];
};

/* holm_field448_read reads 56 bytes, least significant first. */
struct holm_field448 holm_field448_read(struct holm_bytes bytes);
/* holm_field448_write fills 56 bytes with the number from 0 to p - 1. */
void holm_field448_write(struct holm_span out, const struct holm_field448 *a);

struct holm_field448 holm_field448_multiply(const struct holm_field448 *a,
                                            const struct holm_field448 *b);
struct holm_field448 holm_field448_square(const struct holm_field448 *a);
struct holm_field448 holm_field448_subtract(const struct holm_field448 *a,
                                            const struct holm_field448 *b);
/* holm_field448_scale multiplies by a number below 2^32. */
struct holm_field448 holm_field448_scale(const struct holm_field448 *a, uint32_t by);
/* holm_field448_invert is 0 for 0. */
struct holm_field448 holm_field448_invert(const struct holm_field448 *a);
/* holm_field448_root_power is a^((p - 3) / 4), for square roots. */
struct holm_field448 holm_field448_root_power(const struct holm_field448 *a);

static inline struct holm_field448 holm_field448_add(const struct holm_field448 *a,
                                                     const struct holm_field448 *b)
{
    struct holm_field448 sum = { 0 };

    for (size_t i = 0; i < HOLM_FIELD448__LIMBS; i++)
        HOLM_AT(sum.limbs, i) = HOLM_AT(a->limbs, i) + HOLM_AT(b->limbs, i);
    return sum;
}

/* holm_field448_swap exchanges a and b if swap is 1, and not if it is 0. */
static inline void holm_field448_swap(struct holm_field448 *a, struct holm_field448 *b,
                                      uint64_t swap)
{
    for (size_t i = 0; i < HOLM_FIELD448__LIMBS; i++) {
        uint64_t differ = (HOLM_AT(a->limbs, i) ^ HOLM_AT(b->limbs, i)) & (~swap + 1);
        HOLM_AT(a->limbs, i) ^= differ;
        HOLM_AT(b->limbs, i) ^= differ;
    }
}
