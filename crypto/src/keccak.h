/* SPDX-License-Identifier: ISC */
/* keccak.h: what the levels of the permutation share. FIPS 202 section 3.2. */
#pragma once

#include <holm/hash.h>

#define HOLM_KECCAK__ROUNDS 24

/* What iota adds to a lane in each round. */
extern const uint64_t holm_keccak__constants[HOLM_KECCAK__ROUNDS];
