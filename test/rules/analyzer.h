/* SPDX-License-Identifier: ISC */
/* analyzer.h: what gcc 12 lacks of clang, for `./dev test -R style.analyzer`: no code of ours is
 * compiled with it but to be read by gcc's analyzer. */
#pragma once

#include <stdint.h>

#define __has_feature(name) 0
#define __builtin_align_up(ptr, align) ((ptr) + (-(uintptr_t)(ptr) & ((align) - 1)))
