/* SPDX-License-Identifier: ISC */
/* prime_impl.h: what keys are made with. Limbs are as in montgomery.h. Constant time but for the answers: of a
 * number that is refused they may tell all, of one that is taken nothing. */
#pragma once

#include "montgomery.h"

#include <holm/prime.h>

/* holm_prime__divide sets out, unless it is NULL, to a divided by a number below 2^32 that is no secret, and
 * answers what remains. out may be a. */
uint32_t holm_prime__divide(uint64_t *out, const uint64_t *a, size_t limbs, uint32_t by);

/* holm_prime__small answers whether an odd number has one of the first odd primes as a factor. */
bool holm_prime__small(const uint64_t *a, size_t limbs);

/* holm_prime__draw draws a number of up to so many bits. */
void holm_prime__draw(uint64_t *out, size_t limbs, uint32_t bits, struct holm_random *random);

/* holm_prime__likely answers whether an odd number of so many bits, above 3, passes that many rounds of Miller
 * and Rabin. */
bool holm_prime__likely(const uint64_t *m, uint32_t bits, unsigned rounds,
                        struct holm_random *random);
