/* SPDX-License-Identifier: ISC */
/* sha512_avx2.c: SHA-384, SHA-512 and SHA-512/256 for AVX2, which turns words of the rounds by one instruction (BMI2) too. */
#include "sha512_lanes.h"

#include <holm/machine/level.h>

void holm_sha512__avx2(struct holm_hash_state *state, struct holm_bytes blocks)
{
    lanes_mix(state, blocks);
}
