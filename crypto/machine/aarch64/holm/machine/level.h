/* SPDX-License-Identifier: ISC */
/* holm/machine/level.h: which level of aarch64 a key is made for. Each has files in src/aarch64,
 * which alone are compiled for its instructions. What the compiler makes of the portable code
 * has vectors of 128 bits already. */
#pragma once

#include <holm/aead.h>
#include <holm/hash.h>
#include <holm/level.h>
#include <holm/mac.h>

struct holm_chacha20__block;
struct holm_keccak__four;
struct holm_modulus;
struct holm_powers;
struct holm_ml_kem__level;

extern const struct holm_aes__level holm_aes__ce;
holm_aes__blocks_function holm_aes__ce_decrypt;
holm_aes__counter_function holm_aes__ce_counter;
extern const struct holm_gcm__level holm_gcm__ce;
size_t holm_poly1305__neon(struct holm_poly1305_sum *poly, struct holm_bytes blocks);
void holm_sha256__ce(struct holm_hash_state *state, struct holm_bytes blocks);
void holm_sha512__ce(struct holm_hash_state *state, struct holm_bytes blocks);
void holm_keccak__four_sha3(struct holm_keccak__four *four);
extern const struct holm_ml_kem__level holm_ml_kem__portable;
void holm_chacha20__portable(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                             struct holm_span out, struct holm_bytes in);

static inline const struct holm_aes__level *holm_level__aes(void)
{
    return holm_level_has(HOLM_CPU_ARM_AES) ? &holm_aes__ce : &holm_aes__portable;
}

/* These do what the level that the key was made for does. */
static inline void holm_level__aes_decrypt(const struct holm_aes *aes, struct holm_span out,
                                           struct holm_bytes in)
{
    if (aes->level == &holm_aes__ce)
        holm_aes__ce_decrypt(aes, out, in);
    else
        holm_aes__portable_decrypt(aes, out, in);
}

static inline void holm_level__aes_counter(const struct holm_aes *aes,
                                           uint8_t counter[HOLM_AES_BLOCK_BYTES], size_t counted,
                                           struct holm_span out, struct holm_bytes in)
{
    if (aes->level == &holm_aes__ce)
        holm_aes__ce_counter(aes, counter, counted, out, in);
    else
        holm_aes__portable_counter(aes, counter, counted, out, in);
}

/* The one that is not portable takes keys of holm_aes__ce. */
static inline const struct holm_gcm__level *holm_level__gcm(void)
{
    return holm_level_has(HOLM_CPU_ARM_AES) ? &holm_gcm__ce : &holm_gcm__portable;
}

/* holm_level__sha256 mixes whole blocks into the state, or answers that the portable code must. */
static inline bool holm_level__sha256(struct holm_hash_state *state, struct holm_bytes blocks)
{
    if (!holm_level_has(HOLM_CPU_ARM_SHA256))
        return false;
    holm_sha256__ce(state, blocks);
    return true;
}

static inline void holm_level__chacha20(struct holm_chacha20 *stream,
                                        struct holm_chacha20__block *first, struct holm_span out,
                                        struct holm_bytes in)
{
    holm_chacha20__portable(stream, first, out, in);
}

/* holm_level__poly1305 mixes some of the whole blocks, those in front, into the sum, and answers
 * how many bytes those are: none, where there are too few to be worth it. */
static inline size_t holm_level__poly1305(struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    return holm_level_has(HOLM_CPU_NEON) ? holm_poly1305__neon(poly, blocks) : 0;
}

/* holm_level__sha512 does what holm_level__sha256 does. */
static inline bool holm_level__sha512(struct holm_hash_state *state, struct holm_bytes blocks)
{
    if (!holm_level_has(HOLM_CPU_ARM_SHA512))
        return false;
    holm_sha512__ce(state, blocks);
    return true;
}

/* holm_level__keccak mixes whole blocks into the state and permutes it behind each, or answers
 * that the portable code must: one state by itself has too little for vectors to do side by
 * side. */
static inline bool holm_level__keccak(struct holm_hash_state *state, struct holm_bytes blocks)
{
    (void)state;
    (void)blocks;
    return false;
}

/* holm_level__keccak_four permutes four states, or answers that the portable code must. */
static inline bool holm_level__keccak_four(struct holm_keccak__four *four)
{
    if (!holm_level_has(HOLM_CPU_ARM_SHA3))
        return false;
    holm_keccak__four_sha3(four);
    return true;
}

static inline const struct holm_ml_kem__level *holm_level__ml_kem(void)
{
    return &holm_ml_kem__portable;
}

/* holm_level__powers and holm_level__power_open compute as those of holm_montgomery__, or answer that the portable
 * code must. */
static inline bool holm_level__powers(const struct holm_powers *powers)
{
    (void)powers;
    return false;
}

static inline bool holm_level__power_open(uint64_t *out, const uint64_t *base, uint64_t exponent,
                                          const struct holm_modulus *modulus)
{
    (void)out;
    (void)base;
    (void)exponent;
    (void)modulus;
    return false;
}
