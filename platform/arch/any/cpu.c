/* SPDX-License-Identifier: ISC */
/* cpu.c: of this processor nothing is made use of that not every one of its kind has. */
#include <holm/arch.h>

unsigned holm_arch_cpu(void)
{
    return 0;
}
