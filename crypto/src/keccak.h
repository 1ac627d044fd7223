/* SPDX-License-Identifier: ISC */
/* keccak.h: what the levels of the permutation share. FIPS 202 section 3.2. */
#pragma once

#include <holm/hash.h>

#define HOLM_KECCAK__ROUNDS 24

/* What iota adds to a lane in each round. */
extern const uint64_t holm_keccak__constants[HOLM_KECCAK__ROUNDS];

/* struct holm_keccak__four is four states side by side: word i of state n is word 4 i + n. */
enum { HOLM_KECCAK__FOUR = 4, HOLM_KECCAK__WORDS = 25 };
struct holm_keccak__four {
    _Alignas(32) uint64_t words[HOLM_KECCAK__WORDS * HOLM_KECCAK__FOUR];
};

/* holm_keccak__permute permutes the first count states; the others are of no account then. */
void holm_keccak__permute(struct holm_keccak__four *four, size_t count);
