/* SPDX-License-Identifier: ISC */
/* gcm_ni.c: GCM by AES-NI and PCLMULQDQ. */
#include "block128.h"

#include "../lanes128.h"

#include "../gcm_kernel.h"

#include <holm/machine/level.h>

const struct holm_gcm__level holm_gcm__ni = {
    .begin = begin, .seal = seal, .open = open, .hash = hash
};
