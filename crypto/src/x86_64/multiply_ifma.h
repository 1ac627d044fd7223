/* SPDX-License-Identifier: ISC */
/* multiply_ifma.h: products of long numbers on AVX-512's products of 52 bits. A number has up to 80 limbs
 * of 52 bits, least significant first, eight a vector. Constant time, but for how long numbers are. */
#pragma once

#include <holm/bytes.h>
#include <immintrin.h>

enum {
    LIMB_BITS = 52,
    LANES = 8,
    VECTORS_MAX = 10,
    LIMBS_MAX = LANES * VECTORS_MAX,
};

typedef uint64_t lanes __attribute__((vector_size(64)));

/* one number, or two that have nothing but instructions in common: the second begins behind the vectors of the
 * first */
struct numbers {
    _Alignas(64) uint64_t limbs[LIMBS_MAX];
};

/* struct moduli is what is multiplied modulo: one, or two that are as long. x stands for x R^-1, where R is
 * 2^52 to the power of limbs, and at least four times as large as a modulus. */
struct moduli {
    struct numbers m;
    uint64_t factors[2]; /* -1 / m modulo 2^52 */
    size_t count, limbs;
    size_t vectors; /* those that are computed with: of two 3, 4 or 5, of one 5, 8 or 10 */
};

/* holm_ifma__multiply sets out to numbers below twice the modulus, which are a b / R modulo it; a b is below R
 * times the modulus. out may be a or b. Some of what it works with stays on the stack. */
void holm_ifma__multiply(struct numbers *out, const struct numbers *a, const struct numbers *b,
                         const struct moduli *moduli);
