/* SPDX-License-Identifier: ISC */
/* holm/machine/level.h: which level of x86_64 a key is made for. Each has a file in src/x86_64, which
 * alone is compiled for its instructions. */
#pragma once

#include <holm/aead.h>
#include <holm/hash.h>
#include <holm/level.h>
#include <holm/mac.h>

struct holm_chacha20__block;
struct holm_keccak__four;
struct holm_ml_kem__level;
struct holm_modulus;
struct holm_powers;

extern const struct holm_aes__level holm_aes__ni;
holm_aes__blocks_function holm_aes__ni_decrypt;
holm_aes__counter_function holm_aes__ni_counter;
extern const struct holm_gcm__level holm_gcm__ni, holm_gcm__vaes, holm_gcm__avx512;
typedef void holm_chacha20__pass_function(struct holm_chacha20 *stream,
                                          struct holm_chacha20__block *first, struct holm_span out,
                                          struct holm_bytes in);
holm_chacha20__pass_function holm_chacha20__portable, holm_chacha20__avx2, holm_chacha20__avx512;
size_t holm_poly1305__avx2(struct holm_poly1305_sum *poly, struct holm_bytes blocks);
size_t holm_poly1305__ifma(struct holm_poly1305_sum *poly, struct holm_bytes blocks);
bool holm_powers__ifma(const struct holm_powers *powers);
bool holm_power_open__ifma(uint64_t *out, const uint64_t *base, uint64_t exponent,
                           const struct holm_modulus *modulus);
void holm_sha256__ni(struct holm_hash_state *state, struct holm_bytes blocks);
void holm_sha512__avx2(struct holm_hash_state *state, struct holm_bytes blocks);
void holm_sha512__avx512(struct holm_hash_state *state, struct holm_bytes blocks);
void holm_keccak__avx2(struct holm_hash_state *state, struct holm_bytes blocks);
void holm_keccak__avx512(struct holm_hash_state *state, struct holm_bytes blocks);
void holm_keccak__four_avx2(struct holm_keccak__four *four);
void holm_keccak__four_avx512(struct holm_keccak__four *four);
extern const struct holm_ml_kem__level holm_ml_kem__portable, holm_ml_kem__avx2;

static inline const struct holm_aes__level *holm_level__aes(void)
{
    return holm_level_has(HOLM_CPU_AES) ? &holm_aes__ni : &holm_aes__portable;
}

/* These do what the level that the key was made for does. */
static inline void holm_level__aes_decrypt(const struct holm_aes *aes, struct holm_span out,
                                           struct holm_bytes in)
{
    if (aes->level == &holm_aes__ni)
        holm_aes__ni_decrypt(aes, out, in);
    else
        holm_aes__portable_decrypt(aes, out, in);
}

static inline void holm_level__aes_counter(const struct holm_aes *aes,
                                           uint8_t counter[HOLM_AES_BLOCK_BYTES], size_t counted,
                                           struct holm_span out, struct holm_bytes in)
{
    if (aes->level == &holm_aes__ni)
        holm_aes__ni_counter(aes, counter, counted, out, in);
    else
        holm_aes__portable_counter(aes, counter, counted, out, in);
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

static inline void holm_level__chacha20(struct holm_chacha20 *stream,
                                        struct holm_chacha20__block *first, struct holm_span out,
                                        struct holm_bytes in)
{
    if (holm_level_has(HOLM_CPU_AVX512))
        holm_chacha20__avx512(stream, first, out, in);
    else if (holm_level_has(HOLM_CPU_AVX2))
        holm_chacha20__avx2(stream, first, out, in);
    else
        holm_chacha20__portable(stream, first, out, in);
}

/* holm_level__poly1305 mixes some of the whole blocks, those in front, into the sum, and answers how
 * many bytes those are: none, where there are too few to be worth it. */
static inline size_t holm_level__poly1305(struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    if (holm_level_has(HOLM_CPU_AVX512 | HOLM_CPU_IFMA))
        return holm_poly1305__ifma(poly, blocks);
    return holm_level_has(HOLM_CPU_AVX2) ? holm_poly1305__avx2(poly, blocks) : 0;
}

/* holm_level__sha512 does the same. */
static inline bool holm_level__sha512(struct holm_hash_state *state, struct holm_bytes blocks)
{
    if (!holm_level_has(HOLM_CPU_AVX2))
        return false;
    if (holm_level_has(HOLM_CPU_AVX512))
        holm_sha512__avx512(state, blocks);
    else
        holm_sha512__avx2(state, blocks);
    return true;
}

/* holm_level__keccak mixes whole blocks into the state and permutes it behind each. */
static inline bool holm_level__keccak(struct holm_hash_state *state, struct holm_bytes blocks)
{
    if (!holm_level_has(HOLM_CPU_AVX2))
        return false;
    if (holm_level_has(HOLM_CPU_AVX512))
        holm_keccak__avx512(state, blocks);
    else
        holm_keccak__avx2(state, blocks);
    return true;
}

/* holm_level__keccak_four permutes four states, or answers that the portable code must. */
static inline bool holm_level__keccak_four(struct holm_keccak__four *four)
{
    if (!holm_level_has(HOLM_CPU_AVX2))
        return false;
    if (holm_level_has(HOLM_CPU_AVX512))
        holm_keccak__four_avx512(four);
    else
        holm_keccak__four_avx2(four);
    return true;
}

static inline const struct holm_ml_kem__level *holm_level__ml_kem(void)
{
    return holm_level_has(HOLM_CPU_AVX2) ? &holm_ml_kem__avx2 : &holm_ml_kem__portable;
}

/* holm_level__powers and holm_level__power_open compute as those of holm_montgomery__, or answer that the portable
 * code must. */
static inline bool holm_level__powers(const struct holm_powers *powers)
{
    return holm_level_has(HOLM_CPU_AVX512 | HOLM_CPU_IFMA) && holm_powers__ifma(powers);
}

static inline bool holm_level__power_open(uint64_t *out, const uint64_t *base, uint64_t exponent,
                                          const struct holm_modulus *modulus)
{
    return holm_level_has(HOLM_CPU_AVX512 | HOLM_CPU_IFMA) &&
           holm_power_open__ifma(out, base, exponent, modulus);
}
