/* SPDX-License-Identifier: ISC */
/* gcm_ce.c: GCM by the instructions of the Cryptographic Extension. */
#include "block128.h"

#include "../lanes128.h"

#include "../gcm_kernel.h"

#include <holm/machine/level.h>

const struct holm_gcm__level holm_gcm__ce = {
    .begin = begin, .seal = seal, .open = open, .hash = hash
};
