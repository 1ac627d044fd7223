/* SPDX-License-Identifier: ISC */
/* keccak_four_sha3.c: four states of SHA-3, two side by side at a time: sums of three, turned
 * sums and what chi does are one instruction each (EOR3, RAX1, XAR, BCAX), which the compiler
 * finds. */
enum { SIDE = 2 };

#include "../keccak_four.h"

#include <holm/machine/level.h>

void holm_keccak__four_sha3(struct holm_keccak__four *four)
{
    four_permute(four);
}
