/* SPDX-License-Identifier: ISC */
/* level_public.h: the level that works with public keys: the proved assembly, where the processor has
 * what it needs. */
#pragma once

#include "../../curve.h"
#include "../../edwards25519.h"
#include "../../montgomery.h"
#include "../../x25519.h"

#include <holm/level.h>
#include <holm/machine/levels.h>

static inline const struct holm_edwards25519 *holm_level__edwards25519(void)
{
    return holm_level_has(HOLM_LEVELS_PROVED) ? &holm_edwards25519__proved
                                              : &holm_edwards25519__portable;
}

static inline const struct holm_curve *holm_level__p256(void)
{
    return holm_level_has(HOLM_LEVELS_PROVED) ? &holm_curve__p256_proved : &holm_curve__p256;
}

static inline void holm_level__x25519(struct holm_span out, struct holm_bytes secret,
                                      struct holm_bytes at)
{
    if (holm_level_has(HOLM_LEVELS_PROVED))
        holm_x25519__proved(out, secret, at);
    else
        holm_x25519__portable(out, secret, at);
}

/* holm_level__montgomery multiplies as holm_montgomery__multiply, or answers that the portable code must. */
static inline bool holm_level__montgomery(uint64_t *out, const uint64_t *a, const uint64_t *b,
                                          const struct holm_modulus *modulus)
{
    return holm_level_has(HOLM_LEVELS_PROVED) && holm_montgomery__proved(out, a, b, modulus);
}
