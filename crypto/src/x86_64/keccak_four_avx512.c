/* SPDX-License-Identifier: ISC */
/* keccak_four_avx512.c: four states of SHA-3 side by side: words are turned, and three combined, in one. */
enum { SIDE = 4 };

#include "../keccak_four.h"

#include <holm/machine/level.h>

void holm_keccak__four_avx512(struct holm_keccak__four *four)
{
    four_permute(four);
}
