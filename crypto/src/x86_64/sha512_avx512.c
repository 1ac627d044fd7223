/* SPDX-License-Identifier: ISC */
/* sha512_avx512.c: SHA-384, SHA-512 and SHA-512/256 for AVX-512, which turns words of vectors by one instruction. */
#include "sha512_lanes.h"

#include <holm/machine/level.h>

void holm_sha512__avx512(struct holm_hash_state *state, struct holm_bytes blocks)
{
    lanes_mix(state, blocks);
}
