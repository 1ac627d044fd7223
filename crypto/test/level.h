/* SPDX-License-Identifier: ISC */
/* level.h: for tests and measures: a level by its name. */
#pragma once

#include <stdbool.h>

/* level_use chooses a level: base, aesni, avx2 or avx512; false: this processor does not have it. */
bool level_use(const char *name);
