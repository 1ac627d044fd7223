/* SPDX-License-Identifier: ISC */
/* gcm_avx512.c: GCM by VAES and VPCLMULQDQ of AVX-512. */
#include "lanes512.h"

#include "../gcm_kernel.h"

#include <holm/machine/level.h>

const struct holm_gcm__level holm_gcm__avx512 = {
    .begin = begin, .seal = seal, .open = open, .hash = hash
};
