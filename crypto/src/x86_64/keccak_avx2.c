/* SPDX-License-Identifier: ISC */
/* keccak_avx2.c: SHA-3 and SHAKE with instructions that come with AVX2: a word inverted and masked in one,
 * turned into another register in one (BMI1, BMI2). */
#include "../keccak_kernel.h"

#include <holm/machine/level.h>

void holm_keccak__avx2(struct holm_hash_state *state, struct holm_bytes blocks)
{
    blocks_absorb(state, blocks);
}
