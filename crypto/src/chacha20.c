/* SPDX-License-Identifier: ISC */
/* chacha20.c: ChaCha20, some blocks at a time, side by side in the lanes of a vector, which every
 * compiler target has or spells out. RFC 8439 sections 2.1 to 2.4. */
#include <holm/chacha20.h>

#include "words.h"

#include <holm/secret.h>
#include <holm/wrap.h>

enum { WORDS = 16, ROUNDS = 20, LANES = 4, COUNTER = 12 };

/* A word of each of the blocks. */
typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

struct block_row {
    lanes words[WORDS];
};

static lanes turned(lanes word, unsigned left)
{
    return word << left | word >> (32 - left);
}

static void quarter(struct block_row *row, size_t a, size_t b, size_t c, size_t d)
{
    lanes va = HOLM_AT(row->words, a), vb = HOLM_AT(row->words, b);
    lanes vc = HOLM_AT(row->words, c), vd = HOLM_AT(row->words, d);

    va += vb;
    vd = turned(vd ^ va, 16);
    vc += vd;
    vb = turned(vb ^ vc, 12);
    va += vb;
    vd = turned(vd ^ va, 8);
    vc += vd;
    vb = turned(vb ^ vc, 7);
    HOLM_AT(row->words, a) = va;
    HOLM_AT(row->words, b) = vb;
    HOLM_AT(row->words, c) = vc;
    HOLM_AT(row->words, d) = vd;
}

static void rounds(struct block_row *row)
{
    for (size_t round = 0; round < ROUNDS; round += 2) {
        quarter(row, 0, 4, 8, 12);
        quarter(row, 1, 5, 9, 13);
        quarter(row, 2, 6, 10, 14);
        quarter(row, 3, 7, 11, 15);
        quarter(row, 0, 5, 10, 15);
        quarter(row, 1, 6, 11, 12);
        quarter(row, 2, 7, 8, 13);
        quarter(row, 3, 4, 9, 14);
    }
}

static void words_set(uint32_t words[WORDS], const uint8_t key[HOLM_CHACHA20_KEY_BYTES])
{
    static const uint32_t first[4] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
    struct holm_bytes in = { key, HOLM_CHACHA20_KEY_BYTES };

    for (size_t i = 0; i < 4; i++)
        HOLM_NTH(words, WORDS, i) = HOLM_AT(first, i);
    for (size_t i = 0; i < HOLM_CHACHA20_KEY_BYTES / 4; i++)
        HOLM_NTH(words, WORDS, 4 + i) = holm_words__little32(in, i);
}

void holm_chacha20_init(struct holm_chacha20 *stream, const uint8_t key[HOLM_CHACHA20_KEY_BYTES],
                        const uint8_t nonce[HOLM_CHACHA20_NONCE_BYTES], uint32_t number)
{
    struct holm_bytes in = { nonce, HOLM_CHACHA20_NONCE_BYTES };

    words_set(stream->words, key);
    HOLM_AT(stream->words, COUNTER) = number;
    for (size_t i = 0; i < HOLM_CHACHA20_NONCE_BYTES / 4; i++)
        HOLM_AT(stream->words, COUNTER + 1 + i) = holm_words__little32(in, i);
}

/* blocks_make fills out with the next LANES blocks of the stream. */
static void blocks_make(const struct holm_chacha20 *stream, uint32_t out[LANES * WORDS])
{
    struct block_row first = { 0 }, row = { 0 };

    for (size_t i = 0; i < WORDS; i++)
        HOLM_AT(first.words, i) = (lanes){ 0 } + HOLM_AT(stream->words, i);
    HOLM_AT(first.words, COUNTER) += (lanes){ 0, 1, 2, 3 };
    row = first;
    rounds(&row);
    for (size_t i = 0; i < WORDS; i++) {
        lanes sum = HOLM_AT(row.words, i) + HOLM_AT(first.words, i);
        for (size_t lane = 0; lane < LANES; lane++)
            HOLM_NTH(out, LANES * WORDS, lane * WORDS + i) = sum[lane];
    }
    holm_secret_wipe(&row, sizeof row);
    holm_secret_wipe(&first, sizeof first);
}

void holm_chacha20_xor(struct holm_chacha20 *stream, struct holm_span out, struct holm_bytes in)
{
    uint32_t blocks[LANES * WORDS];
    size_t at = 0;

    holm_assert(out.len == in.len);
    while (at < in.len) {
        size_t part = in.len - at < sizeof blocks ? in.len - at : sizeof blocks;
        blocks_make(stream, blocks);
        for (size_t i = 0; i < part; i++)
            HOLM_NTH(out.ptr, out.len, at + i) =
                HOLM_NTH(in.ptr, in.len, at + i) ^
                (uint8_t)(HOLM_AT(blocks, i / 4) >> 8 * (i % 4) & 0xff);
        uint32_t *number = &HOLM_AT(stream->words, COUNTER);
        *number = holm_u32_wrap_add(*number, (uint32_t)((part + HOLM_CHACHA20_BLOCK_BYTES - 1) /
                                                        HOLM_CHACHA20_BLOCK_BYTES));
        at += part;
    }
    holm_secret_wipe(blocks, sizeof blocks);
}

void holm_hchacha20(uint8_t out[HOLM_CHACHA20_KEY_BYTES],
                    const uint8_t key[HOLM_CHACHA20_KEY_BYTES],
                    const uint8_t nonce[HOLM_HCHACHA20_NONCE_BYTES])
{
    struct holm_buffer filling =
        holm_span_buffer((struct holm_span){ out, HOLM_CHACHA20_KEY_BYTES });
    struct holm_bytes in = { nonce, HOLM_HCHACHA20_NONCE_BYTES };
    struct holm_chacha20 stream;
    struct block_row row = { 0 };

    words_set(stream.words, key);
    for (size_t i = 0; i < 4; i++)
        HOLM_AT(stream.words, COUNTER + i) = holm_words__little32(in, i);
    for (size_t i = 0; i < WORDS; i++)
        HOLM_AT(row.words, i) = (lanes){ 0 } + HOLM_AT(stream.words, i);
    rounds(&row);
    for (size_t i = 0; i < WORDS; i++) {
        if (i < 4 || i >= COUNTER)
            holm_words__put_little(&filling, HOLM_AT(row.words, i)[0], 4);
    }
    holm_secret_wipe(&row, sizeof row);
    holm_secret_wipe(&stream, sizeof stream);
}
