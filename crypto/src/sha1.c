/* SPDX-License-Identifier: ISC */
/* sha1.c: SHA-1. FIPS 180-4 sections 4.1.1, 5.3.1, 6.1. */
#include "sha2.h"
#include "words.h"

#include <holm/secret.h>
#include <holm/wrap.h>

enum { ROUNDS = 80, RING = 16, BLOCK_BYTES = 64, LENGTH_BYTES = 8 };

struct words {
    uint32_t a, b, c, d, e;
};

static uint32_t add(uint32_t a, uint32_t b)
{
    return holm_u32_wrap_add(a, b);
}

static uint32_t mix(uint32_t round, const struct words *w)
{
    static const uint32_t constants[] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6 };
    uint32_t mixed = w->b ^ w->c ^ w->d;

    if (round / 20 == 0)
        mixed = (w->b & w->c) ^ (~w->b & w->d);
    if (round / 20 == 2)
        mixed = (w->b & w->c) ^ (w->b & w->d) ^ (w->c & w->d);
    return add(mixed, HOLM_AT(constants, round / 20));
}

/* schedule makes word i of the message schedule, in the place of word i - 16. */
static uint32_t schedule(uint32_t ring[RING], uint32_t i)
{
    uint32_t *word = &HOLM_NTH(ring, RING, i % RING);

    *word = holm_u32_rotate(*word ^ HOLM_NTH(ring, RING, (i + 2) % RING) ^
                                HOLM_NTH(ring, RING, (i + 8) % RING) ^
                                HOLM_NTH(ring, RING, (i + 13) % RING),
                            1);
    return *word;
}

static void block_mix(struct words *words, struct holm_bytes block)
{
    struct words w = *words;
    uint32_t ring[RING] = { 0 };

    for (uint32_t i = 0; i < ROUNDS; i++) {
        if (i < RING)
            HOLM_AT(ring, i) = holm_words__big32(block, i);
        uint32_t word = i < RING ? HOLM_AT(ring, i) : schedule(ring, i);
        uint32_t sum = add(add(holm_u32_rotate(w.a, 5), mix(i, &w)), add(w.e, word));
        w = (struct words){ sum, w.a, holm_u32_rotate(w.b, 30), w.c, w.d };
    }
    *words = (struct words){ add(words->a, w.a), add(words->b, w.b), add(words->c, w.c),
                             add(words->d, w.d), add(words->e, w.e) };
    holm_secret_wipe(ring, sizeof ring);
}

static uint32_t word(const struct holm_hash_state *state, size_t i)
{
    return (uint32_t)(HOLM_AT(state->words, i) & UINT32_MAX);
}

static void blocks_mix(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct words w = { word(state, 0), word(state, 1), word(state, 2), word(state, 3),
                       word(state, 4) };
    struct holm_bytes block = { 0 };

    state->len += blocks.len;
    while (holm_bytes_take(&blocks, BLOCK_BYTES, &block))
        block_mix(&w, block);
    const uint32_t mixed[] = { w.a, w.b, w.c, w.d, w.e };
    for (size_t i = 0; i < HOLM_COUNT(mixed); i++)
        HOLM_AT(state->words, i) = HOLM_AT(mixed, i);
}

static void begin(struct holm_hash_state *state)
{
    static const uint32_t first[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };

    for (size_t i = 0; i < HOLM_COUNT(first); i++)
        HOLM_AT(state->words, i) = HOLM_AT(first, i);
}

static void finish(struct holm_hash_state *state, struct holm_span digest)
{
    struct holm_buffer out = holm_span_buffer(digest);

    holm_sha2__pad(state, LENGTH_BYTES);
    for (size_t i = 0; i < 5; i++)
        holm_words__put_big(&out, HOLM_AT(state->words, i), 4);
}

const struct holm_hash holm_sha1 = { .name = HOLM_TEXT("SHA-1"),
                                     .digest_bytes = 20,
                                     .block_bytes = BLOCK_BYTES,
                                     .begin = begin,
                                     .blocks = blocks_mix,
                                     .finish = finish };
