/* SPDX-License-Identifier: ISC */
/* holm/siphash.h: SipHash-2-4, a short hash with a key, for tables whose keys strangers choose and for
 * numbers that they must not guess. Pure; constant time. Not a signature: 64 bits are too few.
 * Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), section 2. */
#pragma once

#include <holm/bytes.h>

#define HOLM_SIPHASH_KEY_BYTES 16

struct holm_siphash_key {
    uint64_t low, high; /* the key's bytes, least first */
};

/* holm_siphash_key_from makes a key of random bytes. */
struct holm_siphash_key holm_siphash_key_from(const uint8_t bytes[HOLM_SIPHASH_KEY_BYTES]);

/* holm_siphash is the hash of in. */
uint64_t holm_siphash(const struct holm_siphash_key *key, struct holm_bytes in);

/* holm_siphash_words is the hash of count words, as of their bytes, least first. */
uint64_t holm_siphash_words(const struct holm_siphash_key *key, const uint64_t *words,
                            size_t count);
