/* SPDX-License-Identifier: ISC */
/* start_random.c: the image's generator: ChaCha20 (RFC 8439) whose key is replaced by its own output
 * each time it makes some, and whose output is wiped when it is drawn ("fast key erasure",
 * D. J. Bernstein, 2017). */
#include "start_impl.h"

#include <holm/wrap.h>

#define KEY_WORDS (HOLM_START__KEY_BYTES / 4)
#define NONCE_WORDS 3
#define ROUNDS 20

struct state {
    uint32_t words[16];
};

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

static void quarter(struct state *state, size_t a, size_t b, size_t c, size_t d)
{
    uint32_t va = HOLM_AT(state->words, a), vb = HOLM_AT(state->words, b);
    uint32_t vc = HOLM_AT(state->words, c), vd = HOLM_AT(state->words, d);

    va = holm_u32_wrap_add(va, vb);
    vd = rotate(vd ^ va, 16);
    vc = holm_u32_wrap_add(vc, vd);
    vb = rotate(vb ^ vc, 12);
    va = holm_u32_wrap_add(va, vb);
    vd = rotate(vd ^ va, 8);
    vc = holm_u32_wrap_add(vc, vd);
    vb = rotate(vb ^ vc, 7);
    HOLM_AT(state->words, a) = va;
    HOLM_AT(state->words, b) = vb;
    HOLM_AT(state->words, c) = vc;
    HOLM_AT(state->words, d) = vd;
}

static void little_put(struct holm_buffer *out, uint32_t word)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        holm_assert(holm_buffer_u8(out, (uint8_t)(word >> shift & 0xff)));
}

void holm_start__block(struct holm_buffer *out, const uint32_t *key, uint32_t counter,
                       const uint32_t *nonce)
{
    struct state first = { { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 } };

    for (size_t i = 0; i < KEY_WORDS; i++)
        HOLM_AT(first.words, 4 + i) = HOLM_NTH(key, KEY_WORDS, i);
    HOLM_AT(first.words, 12) = counter;
    for (size_t i = 0; i < NONCE_WORDS; i++)
        HOLM_AT(first.words, 13 + i) = HOLM_NTH(nonce, NONCE_WORDS, i);
    struct state state = first;
    for (int i = 0; i < ROUNDS; i += 2) {
        for (size_t column = 0; column < 4; column++)
            quarter(&state, column, 4 + column, 8 + column, 12 + column);
        for (size_t column = 0; column < 4; column++)
            quarter(&state, column, 4 + (column + 1) % 4, 8 + (column + 2) % 4,
                    12 + (column + 3) % 4);
    }
    for (size_t i = 0; i < 16; i++)
        little_put(out, holm_u32_wrap_add(HOLM_AT(state.words, i), HOLM_AT(first.words, i)));
}

/* take_key takes word i of the key from the front of the pool, and wipes it there. */
static void take_key(struct holm_start__random *random)
{
    for (size_t i = 0; i < HOLM_START__KEY_BYTES; i++) {
        uint32_t *word = &HOLM_AT(random->key, i / 4);
        uint8_t *byte = &HOLM_AT(random->pool, i);
        *word = *word >> 8 | (uint32_t)*byte << 24;
        *byte = 0;
    }
}

static void refill(struct holm_start__random *random)
{
    static const uint32_t nonce[NONCE_WORDS];
    struct holm_buffer out = HOLM_BUFFER(random->pool);

    for (uint32_t i = 0; i < HOLM_START__POOL_BYTES / HOLM_START__BLOCK_BYTES; i++)
        holm_start__block(&out, &random->key[0], i, &nonce[0]);
    take_key(random);
    random->used = HOLM_START__KEY_BYTES;
}

void holm_start__random_seed(struct holm_start__random *random, struct holm_bytes entropy)
{
    uint8_t byte = 0;

    for (size_t i = 0; holm_bytes_u8(&entropy, &byte); i++)
        HOLM_AT(random->key, i / 4 % KEY_WORDS) ^= (uint32_t)byte << 8 * (i % 4);
    refill(random);
}

static void fill(struct holm_random *interface, struct holm_span out)
{
    struct holm_start__random *random = interface->context;
    struct holm_buffer filling = holm_span_buffer(out);

    while (filling.len < filling.size) {
        if (random->used == HOLM_START__POOL_BYTES)
            refill(random);
        uint8_t *byte = &HOLM_AT(random->pool, random->used);
        holm_assert(holm_buffer_u8(&filling, *byte));
        *byte = 0;
        random->used += 1;
    }
}

struct holm_random holm_start__random_of(struct holm_start__random *random)
{
    return (struct holm_random){ .fill = fill, .context = random };
}
