/* SPDX-License-Identifier: ISC */
/* holm/machine/level.h: this machine has the portable level only. */
#pragma once

#include <holm/aead.h>
#include <holm/hash.h>

static inline const struct holm_aes__level *holm_level__aes(void)
{
    return &holm_aes__portable;
}

static inline const struct holm_gcm__level *holm_level__gcm(void)
{
    return &holm_gcm__portable;
}

/* holm_level__sha256 mixes whole blocks into the state, or answers that the portable code must. */
static inline bool holm_level__sha256(struct holm_hash_state *state, struct holm_bytes blocks)
{
    (void)state;
    (void)blocks;
    return false;
}
