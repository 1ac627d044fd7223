/* SPDX-License-Identifier: ISC */
/* boringssl_prefix_symbols_asm.h: the proved assembly includes a file of this name, which says what its
 * functions are called. They are called as all that is private to this library. */
#pragma once

#define p256_scalarmul holm_proved__p256_scalarmul
#define p256_scalarmulbase holm_proved__p256_scalarmulbase
#define bignum_modinv holm_proved__bignum_modinv
#define curve25519_x25519 holm_proved__curve25519_x25519
#define curve25519_x25519base holm_proved__curve25519_x25519base
#define edwards25519_decode holm_proved__edwards25519_decode
#define edwards25519_encode holm_proved__edwards25519_encode
#define edwards25519_scalarmulbase holm_proved__edwards25519_scalarmulbase
#define edwards25519_scalarmuldouble holm_proved__edwards25519_scalarmuldouble
#define bignum_emontredc_8n holm_proved__bignum_emontredc_8n
#define bignum_kmul_16_32 holm_proved__bignum_kmul_16_32
#define bignum_kmul_32_64 holm_proved__bignum_kmul_32_64
#define bignum_ksqr_16_32 holm_proved__bignum_ksqr_16_32
#define bignum_ksqr_32_64 holm_proved__bignum_ksqr_32_64
