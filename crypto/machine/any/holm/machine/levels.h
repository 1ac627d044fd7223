/* SPDX-License-Identifier: ISC */
/* holm/machine/levels.h: the levels of this machine, as a parameter of images names them: the
 * portable one. */
#pragma once

#include <holm/base.h>
#include <holm/cpu.h>

/* The names, and the number of the last, which makes use of all that there is. */
#define HOLM_LEVELS "base"
#define HOLM_LEVELS_LAST 0

/* holm_levels_most is what a level makes use of at most: bits of enum holm_cpu. */
static inline uint32_t holm_levels_most(size_t level)
{
    holm_assert(level == HOLM_LEVELS_LAST);
    return 0;
}
