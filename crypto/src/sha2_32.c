/* SPDX-License-Identifier: ISC */
/* sha2_32.c: SHA-224 and SHA-256. FIPS 180-4 sections 4.1.2, 5.3, 6.2, 6.3. */
#include "sha2.h"
#include "words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum { ROUNDS = HOLM_SHA256__ROUNDS, RING = 16, BLOCK_BYTES = 64, LENGTH_BYTES = 8 };

const uint32_t holm_sha256__roots[HOLM_SHA256__ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

struct words {
    uint32_t a, b, c, d, e, f, g, h;
};

static uint32_t add(uint32_t a, uint32_t b)
{
    return holm_u32_wrap_add(a, b);
}

static uint32_t turn(uint32_t word, unsigned right)
{
    return holm_u32_rotate(word, 32 - right);
}

/* schedule makes word i of the message schedule, in the place of word i - 16. */
static uint32_t schedule(uint32_t ring[RING], uint32_t i)
{
    uint32_t near = HOLM_NTH(ring, RING, (i + 14) % RING);
    uint32_t far = HOLM_NTH(ring, RING, (i + 1) % RING);
    uint32_t sum =
        add(turn(near, 17) ^ turn(near, 19) ^ near >> 10, turn(far, 7) ^ turn(far, 18) ^ far >> 3);
    uint32_t *word = &HOLM_NTH(ring, RING, i % RING);

    *word = add(*word, add(sum, HOLM_NTH(ring, RING, (i + 9) % RING)));
    return *word;
}

static void step(struct words *w, uint32_t with)
{
    uint32_t one = add(add(w->h, turn(w->e, 6) ^ turn(w->e, 11) ^ turn(w->e, 25)),
                       add((w->e & w->f) ^ (~w->e & w->g), with));
    uint32_t two = add(turn(w->a, 2) ^ turn(w->a, 13) ^ turn(w->a, 22),
                       (w->a & w->b) ^ (w->a & w->c) ^ (w->b & w->c));

    *w = (struct words){ add(one, two), w->a, w->b, w->c, add(w->d, one), w->e, w->f, w->g };
}

/* block_mix does sixteen rounds at a time, unrolled: then words need not change their places. */
static void block_mix(struct words *words, uint32_t ring[RING], struct holm_bytes block)
{
    struct words w = *words;

    for (uint32_t i = 0; i < RING; i++)
        HOLM_NTH(ring, RING, i) = holm_words__big32(block, i);
    for (uint32_t round = 0; round < ROUNDS; round += RING) {
#pragma clang loop unroll(full)
        for (uint32_t i = 0; i < RING; i++) {
            uint32_t word = round == 0 ? HOLM_NTH(ring, RING, i) : schedule(ring, i);
            step(&w, add(word, HOLM_AT(holm_sha256__roots, round + i)));
        }
    }
    words->a = add(words->a, w.a);
    words->b = add(words->b, w.b);
    words->c = add(words->c, w.c);
    words->d = add(words->d, w.d);
    words->e = add(words->e, w.e);
    words->f = add(words->f, w.f);
    words->g = add(words->g, w.g);
    words->h = add(words->h, w.h);
}

static uint32_t word(const struct holm_hash_state *state, size_t i)
{
    return (uint32_t)(HOLM_AT(state->words, i) & UINT32_MAX);
}

static void blocks_mix(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct words w = { word(state, 0), word(state, 1), word(state, 2), word(state, 3),
                       word(state, 4), word(state, 5), word(state, 6), word(state, 7) };
    uint32_t ring[RING] = { 0 };
    struct holm_bytes block = { 0 };

    state->len += blocks.len;
    if (holm_level__sha256(state, blocks))
        return;
    while (holm_bytes_take(&blocks, BLOCK_BYTES, &block))
        block_mix(&w, ring, block);
    holm_secret_wipe(ring, sizeof ring);
    const uint32_t mixed[] = { w.a, w.b, w.c, w.d, w.e, w.f, w.g, w.h };
    for (size_t i = 0; i < HOLM_COUNT(mixed); i++)
        HOLM_AT(state->words, i) = HOLM_AT(mixed, i);
}

static void begin(struct holm_hash_state *state, const uint32_t first[8])
{
    for (size_t i = 0; i < 8; i++)
        HOLM_AT(state->words, i) = HOLM_NTH(first, 8, i);
}

/* The first bits of the fractional parts of the square roots of the first 8 primes. */
static void begin_256(struct holm_hash_state *state)
{
    static const uint32_t first[] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    begin(state, first);
}

/* The second 32 bits of those of the ninth to sixteenth. */
static void begin_224(struct holm_hash_state *state)
{
    static const uint32_t first[] = { 0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
                                      0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4 };
    begin(state, first);
}

static void finish(struct holm_hash_state *state, struct holm_span digest)
{
    struct holm_buffer out = holm_span_buffer(digest);

    holm_sha2__pad(state, LENGTH_BYTES);
    for (size_t i = 0; i < 8; i++)
        holm_words__put_big(&out, HOLM_AT(state->words, i), 4);
}

const struct holm_hash holm_sha224 = { .name = HOLM_TEXT("SHA-224"),
                                       .digest_bytes = 28,
                                       .block_bytes = BLOCK_BYTES,
                                       .begin = begin_224,
                                       .blocks = blocks_mix,
                                       .finish = finish };
const struct holm_hash holm_sha256 = { .name = HOLM_TEXT("SHA-256"),
                                       .digest_bytes = 32,
                                       .block_bytes = BLOCK_BYTES,
                                       .begin = begin_256,
                                       .blocks = blocks_mix,
                                       .finish = finish };
