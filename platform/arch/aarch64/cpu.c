/* SPDX-License-Identifier: ISC */
/* cpu.c: what Linux says that the processor can do, in the auxiliary vector; without one,
 * nothing. Linux, Documentation/arch/arm64/elf_hwcaps.rst. */
#include <holm/arch.h>
#include <holm/base.h>
#include <holm/cpu.h>

enum {
    AT_HWCAP = 16,
    HWCAP_ASIMD = 1 << 1,
    HWCAP_AES = 1 << 3 | 1 << 4, /* PMULL too */
    HWCAP_SHA256 = 1 << 6,
    HWCAP_SHA3 = 1 << 17,
    HWCAP_SHA512 = 1 << 21
};

/* libc's, or holm-exec's, which has none. */
unsigned long getauxval(unsigned long type);

unsigned holm_arch_cpu(void)
{
    static const struct {
        unsigned long needs;
        unsigned can;
    } all[] = { { HWCAP_ASIMD, HOLM_CPU_NEON },
                { HWCAP_AES, HOLM_CPU_ARM_AES },
                { HWCAP_SHA256, HOLM_CPU_ARM_SHA256 },
                { HWCAP_SHA512, HOLM_CPU_ARM_SHA512 },
                { HWCAP_SHA3, HOLM_CPU_ARM_SHA3 } };
    unsigned long told = getauxval(AT_HWCAP);
    unsigned can = 0;

    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        if ((told & HOLM_AT(all, i).needs) == HOLM_AT(all, i).needs)
            can |= HOLM_AT(all, i).can;
    return can;
}
