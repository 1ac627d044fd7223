/* SPDX-License-Identifier: ISC */
/* holm/prime.h: whether numbers from outside are primes. Pure. Its time tells the number. Source: FIPS 186-5
 * appendix B.3.1. */
#pragma once

#include <holm/random.h>

/* The largest number, in bits. */
#define HOLM_PRIME_BITS_MAX 8192

/* holm_prime_is answers whether a number, most significant byte first, is a prime; what is above the limit is
 * none to it. Small ones are divided; others pass 64 rounds of Miller and Rabin with bases of random, so
 * whoever makes up a number that is none is believed with a probability below 2^-128. */
HOLM_MUST_USE bool holm_prime_is(struct holm_bytes number, struct holm_random *random);
