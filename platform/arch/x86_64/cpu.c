/* SPDX-License-Identifier: ISC */
/* cpu.c: what the processor says that it can do, and whether the system keeps the registers for it.
 * Intel's manual, volume 2, CPUID and XGETBV. */
#include <holm/arch.h>
#include <holm/cpu.h>

#include <cpuid.h>
#include <immintrin.h>

enum {
    XCR0 = 0,
    KEPT_AVX = 0x6,     /* xmm, ymm */
    KEPT_AVX512 = 0xe6, /* masks and all of zmm too */
    LEAF_1_C_AES = 1 << 25 | 1 << 1,
    LEAF_1_C_XSAVE = 1 << 27,
    LEAF_7_B_AVX2 = 1 << 5 | 1 << 3 | 1 << 8, /* BMI1 and BMI2 too */
    LEAF_7_B_ADX = 1 << 8 | 1 << 19,
    LEAF_7_B_IFMA = 1 << 21,
    LEAF_7_B_SHA = 1 << 29,
    LEAF_7_C_VAES = 1 << 9 | 1 << 10
};
#define LEAF_7_B_AVX512 (1U << 16 | 1U << 17 | 1U << 30 | 1U << 31)

__attribute__((target("xsave"))) static unsigned registers_kept(unsigned leaf_1_c)
{
    return leaf_1_c & LEAF_1_C_XSAVE ? (unsigned)(_xgetbv(XCR0) & 0xffffffff) : 0;
}

unsigned holm_arch_cpu(void)
{
    unsigned a = 0, b = 0, c = 0, d = 0, leaf_1_c = 0, can = 0;

    if (!__get_cpuid(1, &a, &b, &leaf_1_c, &d))
        return 0;
    if ((leaf_1_c & LEAF_1_C_AES) == LEAF_1_C_AES)
        can |= HOLM_CPU_AES;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
        return can;
    if (b & LEAF_7_B_SHA)
        can |= HOLM_CPU_SHA;
    if ((b & LEAF_7_B_ADX) == LEAF_7_B_ADX)
        can |= HOLM_CPU_ADX;
    unsigned kept = registers_kept(leaf_1_c);
    if ((kept & KEPT_AVX) != KEPT_AVX || (b & LEAF_7_B_AVX2) != LEAF_7_B_AVX2)
        return can;
    can |= HOLM_CPU_AVX2;
    if ((c & LEAF_7_C_VAES) != LEAF_7_C_VAES)
        return can;
    can |= HOLM_CPU_VAES;
    if ((kept & KEPT_AVX512) != KEPT_AVX512 || (b & LEAF_7_B_AVX512) != LEAF_7_B_AVX512)
        return can;
    can |= HOLM_CPU_AVX512;
    if (b & LEAF_7_B_IFMA)
        can |= HOLM_CPU_IFMA;
    return can;
}
