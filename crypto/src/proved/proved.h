/* SPDX-License-Identifier: ISC */
/* proved.h: what of s2n-bignum is called: assembly whose results are proved, for all inputs that its
 * comments allow, by its authors. It needs HOLM_LEVELS_PROVED. Numbers have four limbs, least significant first;
 * points are x and y, both below the field's size. Constant time. Fetched, not part of this tree:
 * docs/design/proved-assembly.md. */
#pragma once

#include <holm/bytes.h>

/* Points of P-256, in no special form; (0, 0) for the point at infinity. table has for each group of
 * bits_at_once bits of the scalar the multiples 1 to 2^(bits_at_once - 1) of the point, times what that
 * group is worth, in Montgomery form. */
void holm_proved__p256_scalarmul(uint64_t *out, const uint64_t *scalar, const uint64_t *point);
void holm_proved__p256_scalarmulbase(uint64_t *out, const uint64_t *scalar, uint64_t bits_at_once,
                                     const uint64_t *table);

/* The inverse of a modulo m, both of limbs limbs, m odd and prime to a; room has three times as many. */
void holm_proved__bignum_modinv(uint64_t limbs, uint64_t *out, const uint64_t *a, const uint64_t *m,
                                uint64_t *room);

/* RFC 7748 section 5; base: of the coordinate 9. */
void holm_proved__curve25519_x25519(uint64_t *out, const uint64_t *scalar, const uint64_t *u);
void holm_proved__curve25519_x25519base(uint64_t *out, const uint64_t *scalar);

/* Points of edwards25519. decode answers 0, or 1: the 32 bytes are no point, or not in the one way; double
 * is scalar times the point and base_scalar times the base point. */
uint64_t holm_proved__edwards25519_decode(uint64_t *out, const uint8_t *bytes);
void holm_proved__edwards25519_encode(uint8_t *out, const uint64_t *point);
void holm_proved__edwards25519_scalarmulbase(uint64_t *out, const uint64_t *scalar);
void holm_proved__edwards25519_scalarmuldouble(uint64_t *out, const uint64_t *scalar,
                                               const uint64_t *point, const uint64_t *base_scalar);

/* Squares and products of 16 or 32 limbs; room has 24, 32, 72 and 96. */
void holm_proved__bignum_ksqr_16_32(uint64_t *out, const uint64_t *a, uint64_t *room);
void holm_proved__bignum_kmul_16_32(uint64_t *out, const uint64_t *a, const uint64_t *b,
                                    uint64_t *room);
void holm_proved__bignum_ksqr_32_64(uint64_t *out, const uint64_t *a, uint64_t *room);
void holm_proved__bignum_kmul_32_64(uint64_t *out, const uint64_t *a, const uint64_t *b,
                                    uint64_t *room);

/* Adds to a number of twice as many limbs the multiple of m that makes its lower half zero; the upper half
 * is what is left, and the answer what is carried beyond. limbs is a multiple of 8, factor -1 / m modulo
 * 2^64. */
uint64_t holm_proved__bignum_emontredc_8n(uint64_t limbs, uint64_t *number, const uint64_t *m,
                                          uint64_t factor);
