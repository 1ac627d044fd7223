/* SPDX-License-Identifier: ISC */
/* holm/machine/level.h: which level of x86_64 a key is made for. Each has a file in src/x86_64, which
 * alone is compiled for its instructions. */
#pragma once

#include <holm/aead.h>
#include <holm/hash.h>
#include <holm/level.h>

extern const struct holm_aes__level holm_aes__ni;
extern const struct holm_gcm__level holm_gcm__ni, holm_gcm__vaes, holm_gcm__avx512;
void holm_sha256__ni(struct holm_hash_state *state, struct holm_bytes blocks);

static inline const struct holm_aes__level *holm_level__aes(void)
{
    return holm_level_has(HOLM_CPU_AES) ? &holm_aes__ni : &holm_aes__portable;
}

/* All but the portable one take keys of holm_aes__ni. */
static inline const struct holm_gcm__level *holm_level__gcm(void)
{
    if (holm_level_has(HOLM_CPU_AES | HOLM_CPU_AVX512))
        return &holm_gcm__avx512;
    if (holm_level_has(HOLM_CPU_AES | HOLM_CPU_VAES))
        return &holm_gcm__vaes;
    return holm_level_has(HOLM_CPU_AES) ? &holm_gcm__ni : &holm_gcm__portable;
}

/* holm_level__sha256 mixes whole blocks into the state, or answers that the portable code must. */
static inline bool holm_level__sha256(struct holm_hash_state *state, struct holm_bytes blocks)
{
    if (!holm_level_has(HOLM_CPU_SHA))
        return false;
    holm_sha256__ni(state, blocks);
    return true;
}
