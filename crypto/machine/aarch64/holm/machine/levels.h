/* SPDX-License-Identifier: ISC */
/* holm/machine/levels.h: the levels of aarch64, as a parameter of images names them. */
#pragma once

#include <holm/base.h>
#include <holm/cpu.h>

/* The names, and the number of the last, which makes use of all that there is. */
#define HOLM_LEVELS "base|neon|crypto|sha3"
#define HOLM_LEVELS_LAST 3

/* What the proved assembly needs, where it is built in. */
#define HOLM_LEVELS_PROVED HOLM_CPU_NEON

/* holm_levels_most is what a level makes use of at most: bits of enum holm_cpu. */
static inline uint32_t holm_levels_most(size_t level)
{
    static const uint32_t most[] = { 0, HOLM_CPU_NEON,
                                     HOLM_CPU_NEON | HOLM_CPU_ARM_AES | HOLM_CPU_ARM_SHA256,
                                     UINT32_MAX };

    return HOLM_AT(most, level);
}
