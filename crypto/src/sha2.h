/* SPDX-License-Identifier: ISC */
/* sha2.h: the end of a message as FIPS 180-4 section 5.1 has it, for SHA-1 and all of SHA-2. */
#pragma once

#include <holm/hash.h>

/* holm_sha2__pad mixes in what is left of the message, the bit behind it, and its length in bits, a
 * number of length_bytes at the end of a block. */
void holm_sha2__pad(struct holm_hash_state *state, size_t length_bytes);

#define HOLM_SHA256__ROUNDS 64

/* The first bits of the fractional parts of the cube roots of the first 64 primes. */
extern const uint32_t holm_sha256__roots[HOLM_SHA256__ROUNDS];

#define HOLM_SHA512__ROUNDS 80

/* The same of 64 bits, of the first 80 primes. */
extern const uint64_t holm_sha512__roots[HOLM_SHA512__ROUNDS];
