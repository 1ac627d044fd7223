/* SPDX-License-Identifier: ISC */
/* blake2s.c: BLAKE2s without keys. RFC 7693 sections 2 and 3. */
#include "words.h"

#include <holm/hash.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum { ROUNDS = 10, WORDS = 16, BLOCK_BYTES = 64 };

static const uint32_t first[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
static const uint8_t orders[10][WORDS] = {
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
    { 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
    { 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
    { 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
    { 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
    { 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
    { 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
    { 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
    { 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
    { 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};
/* The words that the steps of a round mix: columns, then diagonals. */
static const uint8_t steps[8][4] = { { 0, 4, 8, 12 },  { 1, 5, 9, 13 },  { 2, 6, 10, 14 },
                                     { 3, 7, 11, 15 }, { 0, 5, 10, 15 }, { 1, 6, 11, 12 },
                                     { 2, 7, 8, 13 },  { 3, 4, 9, 14 } };

static inline __attribute__((always_inline)) void mix(uint32_t w[WORDS], size_t step, uint32_t x,
                                                      uint32_t y)
{
    uint32_t *a = &HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(steps, step), 0));
    uint32_t *b = &HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(steps, step), 1));
    uint32_t *c = &HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(steps, step), 2));
    uint32_t *d = &HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(steps, step), 3));

    *a = holm_u32_wrap_add(holm_u32_wrap_add(*a, *b), x);
    *d = holm_u32_rotate(*d ^ *a, 32 - 16);
    *c = holm_u32_wrap_add(*c, *d);
    *b = holm_u32_rotate(*b ^ *c, 32 - 12);
    *a = holm_u32_wrap_add(holm_u32_wrap_add(*a, *b), y);
    *d = holm_u32_rotate(*d ^ *a, 32 - 8);
    *c = holm_u32_wrap_add(*c, *d);
    *b = holm_u32_rotate(*b ^ *c, 32 - 7);
}

/* block_mix mixes a block in; state->len counts what of the message is in it and before it. */
static void block_mix(struct holm_hash_state *state, struct holm_bytes block, bool last)
{
    uint32_t w[WORDS] = { 0 }, message[WORDS];

    for (size_t i = 0; i < WORDS; i++) {
        HOLM_AT(message, i) = holm_words__little32(block, i);
        HOLM_AT(w, i) =
            i < 8 ? (uint32_t)(HOLM_AT(state->words, i) & UINT32_MAX) : HOLM_AT(first, i - 8);
    }
    HOLM_AT(w, 12) ^= (uint32_t)(state->len & UINT32_MAX);
    HOLM_AT(w, 13) ^= (uint32_t)(state->len >> 32);
    if (last)
        HOLM_AT(w, 14) = ~HOLM_AT(w, 14);
#pragma clang loop unroll(full)
    for (size_t round = 0; round < ROUNDS; round++)
#pragma clang loop unroll(full)
        for (size_t step = 0; step < 8; step++)
            mix(w, step, HOLM_AT(message, HOLM_AT(HOLM_AT(orders, round % 10), 2 * step)),
                HOLM_AT(message, HOLM_AT(HOLM_AT(orders, round % 10), 2 * step + 1)));
    for (size_t i = 0; i < 8; i++)
        HOLM_AT(state->words, i) ^= HOLM_AT(w, i) ^ HOLM_AT(w, i + 8);
    holm_secret_wipe(message, sizeof message);
    holm_secret_wipe(w, sizeof w);
}

static void blocks_mix(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct holm_bytes block = { 0 };

    while (holm_bytes_take(&blocks, BLOCK_BYTES, &block)) {
        state->len += BLOCK_BYTES;
        block_mix(state, block, false);
    }
}

static void begin(struct holm_hash_state *state)
{
    for (size_t i = 0; i < HOLM_COUNT(first); i++)
        HOLM_AT(state->words, i) = HOLM_AT(first, i);
    HOLM_AT(state->words, 0) ^= 0x01010000U ^ state->hash->digest_bytes;
}

static void finish(struct holm_hash_state *state, struct holm_span digest)
{
    struct holm_buffer out = holm_span_buffer(digest);
    struct holm_bytes block = { 0 };
    struct holm_span rest = { 0 };

    holm_assert(holm_span_part((struct holm_span){ state->block, sizeof state->block }, state->used,
                               BLOCK_BYTES - state->used, &rest) &&
                holm_bytes_part(HOLM_BLOB(state->block), 0, BLOCK_BYTES, &block));
    holm_span_fill(rest, 0);
    state->len += state->used;
    block_mix(state, block, true);
    for (size_t i = 0; i < 8; i++)
        holm_words__put_little(&out, HOLM_AT(state->words, i), 4);
}

const struct holm_hash holm_blake2s_128 = { .name = HOLM_TEXT("BLAKE2s(128)"),
                                            .digest_bytes = 16,
                                            .block_bytes = BLOCK_BYTES,
                                            .begin = begin,
                                            .blocks = blocks_mix,
                                            .finish = finish };

const struct holm_hash holm_blake2s_256 = { .name = HOLM_TEXT("BLAKE2s(256)"),
                                            .digest_bytes = 32,
                                            .block_bytes = BLOCK_BYTES,
                                            .begin = begin,
                                            .blocks = blocks_mix,
                                            .finish = finish };
