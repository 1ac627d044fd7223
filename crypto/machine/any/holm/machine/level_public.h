/* SPDX-License-Identifier: ISC */
/* holm/machine/level_public.h: of what is done with public keys this machine has the portable level only. */
#pragma once

struct holm_edwards25519;
extern const struct holm_edwards25519 holm_edwards25519__portable;

static inline const struct holm_edwards25519 *holm_level__edwards25519(void)
{
    return &holm_edwards25519__portable;
}
