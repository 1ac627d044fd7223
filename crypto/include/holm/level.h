/* SPDX-License-Identifier: ISC */
/* holm/level.h: primitives have levels: the portable one, and on some machines others that make use of
 * what the processor can do. All give the same results. */
#pragma once

#include <holm/bytes.h>
#include <holm/cpu.h>

/* holm_level_use says what the processor can do: bits of enum holm_cpu. Once, before the first key is
 * made ready: a key keeps the level that it was made for. Before, and with 0, all is portable. */
void holm_level_use(uint32_t cpu);

/* holm_level_has answers whether the processor was said to be able to do all of that. */
bool holm_level_has(uint32_t cpu);
