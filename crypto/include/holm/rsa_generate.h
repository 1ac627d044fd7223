/* SPDX-License-Identifier: ISC */
/* holm/rsa_generate.h: keys of RSA, made here. Pure. Source: FIPS 186-5 appendix A.1.3, of probable primes.
 *
 * Whatever is tried and refused may tell all of itself; of the key nothing is told but that it passed. */
#pragma once

#include <holm/rsa.h>

#define HOLM_RSA_GENERATE_BITS_MIN 2048
/* The exponent of all keys that are made here. */
#define HOLM_RSA_GENERATE_EXPONENT 65537

/* struct holm_rsa_generated is the numbers of a key, to be kept: of each array the first bytes, most
 * significant first; bits / 8 of them, or half as many. Both primes are 3 modulo 4, and less one they
 * have no factor in common but 2; the first is the larger. */
struct holm_rsa_generated {
    uint32_t bits;
    uint8_t modulus[HOLM_RSA_BYTES_MAX];
    uint8_t private_exponent[HOLM_RSA_BYTES_MAX]; /* inverse modulo the least common multiple */
    uint8_t primes[2][HOLM_RSA_BYTES_MAX / 2], exponents[2][HOLM_RSA_BYTES_MAX / 2];
    uint8_t coefficient[HOLM_RSA_BYTES_MAX / 2];
};

/* holm_rsa_generate makes a key, sets made to its numbers, and makes *key ready with them. Candidates are drawn
 * one by one, divided by the primes below 2048, and pass 8 rounds of Miller and Rabin, where table B.1 asks for
 * 5 at most. In the end the key signs, and what it signed is verified.
 *
 * Errors:  HOLM_ERR_UNSUPPORTED  bits are not 2048 to 8192, or no multiple of 128
 *          HOLM_ERR_INVALID      no primes in 28 times as many tries as are likely: random is none; or a key
 *                                that does not verify what it signs: a fault. *made and *key are zero */
HOLM_MUST_USE enum holm_result holm_rsa_generate(struct holm_rsa_generated *made,
                                                 struct holm_rsa_private *key, uint32_t bits,
                                                 struct holm_random *random);

/* holm_rsa_generated_numbers is views of *made, as holm_rsa_private_init takes them. */
struct holm_rsa_numbers holm_rsa_generated_numbers(const struct holm_rsa_generated *made);

/* holm_rsa_generated_close wipes the numbers. Accepts zeroed ones. */
void holm_rsa_generated_close(struct holm_rsa_generated *made);
