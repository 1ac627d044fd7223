/* SPDX-License-Identifier: ISC */
/* montgomery.h: numbers modulo an odd number, as their Montgomery forms: x stands for x R^-1, where R is
 * 2^64 to the power of how many limbs there are. Limbs are of 64 bits, least significant first. All
 * numbers are below the modulus. Constant time, but for the number of limbs. */
#pragma once

#include <holm/bytes.h>

/* The most limbs: of 8192 bits. */
#define HOLM_MONTGOMERY__LIMBS_MAX 128

struct holm_modulus {
    size_t limbs;
    uint64_t factor;        /* -1 / m modulo 2^64 */
    const uint64_t *m;      /* limbs of it */
    const uint64_t *square; /* R^2 modulo m */
};

/* holm_montgomery__proved multiplies by the proved assembly, numbers of 16 or 32 limbs; false: they have
 * another number, and nothing is done. out may be a or b. */
bool holm_montgomery__proved(uint64_t *out, const uint64_t *a, const uint64_t *b,
                             const struct holm_modulus *modulus);

/* out may be a or b. */
void holm_montgomery__multiply(uint64_t *out, const uint64_t *a, const uint64_t *b,
                               const struct holm_modulus *modulus);
void holm_montgomery__add(uint64_t *out, const uint64_t *a, const uint64_t *b,
                          const struct holm_modulus *modulus);
void holm_montgomery__subtract(uint64_t *out, const uint64_t *a, const uint64_t *b,
                               const struct holm_modulus *modulus);

/* holm_montgomery__enter makes the form of a number, holm_montgomery__leave the number of a form. */
void holm_montgomery__enter(uint64_t *out, const uint64_t *a, const struct holm_modulus *modulus);
void holm_montgomery__leave(uint64_t *out, const uint64_t *a, const struct holm_modulus *modulus);

/* holm_montgomery__invert is the inverse, of a prime modulus: a^(m - 2). 0 for 0. out is not a. */
void holm_montgomery__invert(uint64_t *out, const uint64_t *a, const struct holm_modulus *modulus);

/* struct holm_powers is what is raised, one form or two, and to what; of the exponents their limbs are told and no
 * more. No out is a base. */
struct holm_powers {
    struct holm_power {
        uint64_t *out;
        const uint64_t *base, *exponent;
        const struct holm_modulus *modulus;
    } of[2];
    size_t count, exponent_limbs;
};

/* holm_montgomery__powers computes forms to the power of exponents; two at once, where that is faster. */
void holm_montgomery__powers(const struct holm_powers *powers);

/* holm_montgomery__power is the same of one. */
void holm_montgomery__power(uint64_t *out, const uint64_t *base, const uint64_t *exponent,
                            size_t exponent_limbs, const struct holm_modulus *modulus);

/* holm_montgomery__power_open is a number, no form, to the power of an odd exponent above 1, which is no
 * secret. out is not base. */
void holm_montgomery__power_open(uint64_t *out, const uint64_t *base, uint64_t exponent,
                                 const struct holm_modulus *modulus);

/* holm_montgomery__bits_at are count bits of an exponent, from a place on. */
uint64_t holm_montgomery__bits_at(const uint64_t *exponent, size_t exponent_limbs, size_t at,
                                  size_t count);

/* holm_montgomery__factor is -1 / m modulo 2^64; holm_montgomery__square makes R^2 modulo a modulus of that
 * many bits, whose square is not looked at. */
uint64_t holm_montgomery__factor(uint64_t m);
void holm_montgomery__square(uint64_t *out, const struct holm_modulus *modulus, uint32_t bits);

/* holm_montgomery__reduce subtracts the modulus from a number below twice of it, if it is as large. */
void holm_montgomery__reduce(uint64_t *a, uint64_t carry, const struct holm_modulus *modulus);

/* holm_limbs__read reads bytes, most significant first, which are at most as long; holm_limbs__write
 * fills out with as many of the last ones as it has room for. */
void holm_limbs__read(uint64_t *out, size_t limbs, struct holm_bytes bytes);
void holm_limbs__write(struct holm_span out, const uint64_t *a, size_t limbs);

/* holm_limbs__subtract sets out to a - b, and answers what is borrowed. out may be a or b. */
uint64_t holm_limbs__subtract(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t limbs);

/* 1 or 0. holm_limbs__below answers whether a is less than b. */
uint64_t holm_limbs__below(const uint64_t *a, const uint64_t *b, size_t limbs);
uint64_t holm_limbs__is_zero(const uint64_t *a, size_t limbs);
uint64_t holm_limbs__equal(const uint64_t *a, const uint64_t *b, size_t limbs);

/* holm_limbs__choose sets out to a if choice is 1, and leaves it if it is 0. */
void holm_limbs__choose(uint64_t *out, const uint64_t *a, uint64_t choice, size_t limbs);
