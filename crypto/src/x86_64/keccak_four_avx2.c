/* SPDX-License-Identifier: ISC */
/* keccak_four_avx2.c: four states of SHA-3 side by side. */
enum { SIDE = 4 };

#include "../keccak_four.h"

#include <holm/machine/level.h>

void holm_keccak__four_avx2(struct holm_keccak__four *four)
{
    four_permute(four);
}
