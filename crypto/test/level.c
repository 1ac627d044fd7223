/* SPDX-License-Identifier: ISC */
/* level.c: the levels: what each needs, and what it makes use of at most. */
#include "level.h"

#include <holm/arch.h>
#include <holm/level.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned needs, most;
} levels[] = {
    { "base", 0, 0 },
    { "aesni", HOLM_CPU_AES, HOLM_CPU_AES | HOLM_CPU_SHA },
    /* for valgrind, which knows no VAES */
    { "avx2_alone", HOLM_CPU_AES | HOLM_CPU_AVX2, HOLM_CPU_AES | HOLM_CPU_AVX2 },
    { "avx2", HOLM_CPU_AES | HOLM_CPU_VAES,
      HOLM_CPU_AES | HOLM_CPU_SHA | HOLM_CPU_ADX | HOLM_CPU_AVX2 | HOLM_CPU_VAES },
    { "avx512", HOLM_CPU_AES | HOLM_CPU_AVX512,
      HOLM_CPU_AES | HOLM_CPU_SHA | HOLM_CPU_ADX | HOLM_CPU_AVX2 | HOLM_CPU_VAES | HOLM_CPU_AVX512 |
          HOLM_CPU_IFMA },
    { "neon", HOLM_CPU_NEON, HOLM_CPU_NEON },
    { "crypto", HOLM_CPU_ARM_AES, HOLM_CPU_NEON | HOLM_CPU_ARM_AES | HOLM_CPU_ARM_SHA256 },
    { "sha3", HOLM_CPU_ARM_SHA3,
      HOLM_CPU_NEON | HOLM_CPU_ARM_AES | HOLM_CPU_ARM_SHA256 | HOLM_CPU_ARM_SHA512 |
          HOLM_CPU_ARM_SHA3 },
};

bool level_use(const char *name)
{
    for (size_t i = 0; i < HOLM_COUNT(levels); i++) {
        unsigned needs = HOLM_AT(levels, i).needs;
        if (strcmp(HOLM_AT(levels, i).name, name) != 0 || (holm_arch_cpu() & needs) != needs)
            continue;
        holm_level_use(holm_arch_cpu() & HOLM_AT(levels, i).most);
        return true;
    }
    return false;
}
