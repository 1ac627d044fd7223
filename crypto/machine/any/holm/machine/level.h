/* SPDX-License-Identifier: ISC */
/* holm/machine/level.h: this machine has the portable level only. */
#pragma once

#include <holm/aead.h>
#include <holm/hash.h>
#include <holm/mac.h>

struct holm_chacha20__block;
struct holm_keccak__four;
struct holm_modulus;
struct holm_powers;
struct holm_ml_kem__level;
extern const struct holm_ml_kem__level holm_ml_kem__portable;
void holm_chacha20__portable(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                             struct holm_span out, struct holm_bytes in);

static inline const struct holm_aes__level *holm_level__aes(void)
{
    return &holm_aes__portable;
}

static inline void holm_level__aes_decrypt(const struct holm_aes *aes, struct holm_span out,
                                           struct holm_bytes in)
{
    holm_aes__portable_decrypt(aes, out, in);
}

static inline void holm_level__aes_counter(const struct holm_aes *aes,
                                           uint8_t counter[HOLM_AES_BLOCK_BYTES], size_t counted,
                                           struct holm_span out, struct holm_bytes in)
{
    holm_aes__portable_counter(aes, counter, counted, out, in);
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

static inline void holm_level__chacha20(struct holm_chacha20 *stream,
                                        struct holm_chacha20__block *first, struct holm_span out,
                                        struct holm_bytes in)
{
    holm_chacha20__portable(stream, first, out, in);
}

/* holm_level__poly1305 mixes some of the whole blocks, those in front, into the sum, and answers how
 * many bytes those are. */
static inline size_t holm_level__poly1305(struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    (void)poly;
    (void)blocks;
    return 0;
}

/* holm_level__sha512 does the same. */
static inline bool holm_level__sha512(struct holm_hash_state *state, struct holm_bytes blocks)
{
    (void)state;
    (void)blocks;
    return false;
}

/* holm_level__keccak mixes whole blocks into the state and permutes it behind each. */
static inline bool holm_level__keccak(struct holm_hash_state *state, struct holm_bytes blocks)
{
    (void)state;
    (void)blocks;
    return false;
}

/* holm_level__keccak_four permutes four states, or answers that the portable code must. */
static inline bool holm_level__keccak_four(struct holm_keccak__four *four)
{
    (void)four;
    return false;
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
