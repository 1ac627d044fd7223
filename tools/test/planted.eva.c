/* SPDX-License-Identifier: ISC */
/* planted.eva.c: for the test of eva.py: a byte past the end, and one that was never written. */
#include "core/proof/eva.h"

int main(void)
{
    uint8_t bytes[2];
    size_t at = (size_t)any;

    bytes[0] = 1;
    if (at <= 2)
        bytes[at] = 2;
    any = bytes[1];
    holm_assert(any <= 255);
    return 0;
}
