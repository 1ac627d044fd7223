/* SPDX-License-Identifier: ISC */
/* gcm_vaes.c: GCM by VAES and VPCLMULQDQ. */
#include "lanes256.h"

#include "../gcm_kernel.h"

#include <holm/machine/level.h>

const struct holm_gcm__level holm_gcm__vaes = {
    .begin = begin, .seal = seal, .open = open, .hash = hash
};
