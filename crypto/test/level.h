/* SPDX-License-Identifier: ISC */
/* level.h: for tests and measures: a level by its name. */
#pragma once

#include <stdbool.h>

/* The levels of all machines. */
#define LEVELS "base", "aesni", "avx2", "avx512", "neon", "crypto", "sha3"

/* level_use chooses a level by its name; false: this processor does not have it. */
bool level_use(const char *name);
