/* SPDX-License-Identifier: ISC */
/* chacha20.c: one block, as RFC 8439 section 2.3 says it. */
#include <holm/chacha20.h>

#include <holm/secret.h>
#include <holm/wrap.h>

enum { WORDS = 16, KEY_WORDS = HOLM_CHACHA20_KEY_BYTES / 4, ROUNDS = 20 };

static uint32_t little(const uint8_t *bytes, size_t count, size_t word)
{
    uint32_t value = 0;

    for (size_t i = 4; i > 0; i--)
        value = value << 8 | HOLM_NTH(bytes, count, 4 * word + i - 1);
    return value;
}

static void quarter(uint32_t words[WORDS], size_t a, size_t b, size_t c, size_t d)
{
    uint32_t va = HOLM_NTH(words, WORDS, a), vb = HOLM_NTH(words, WORDS, b);
    uint32_t vc = HOLM_NTH(words, WORDS, c), vd = HOLM_NTH(words, WORDS, d);

    va = holm_u32_wrap_add(va, vb);
    vd = holm_u32_rotate(vd ^ va, 16);
    vc = holm_u32_wrap_add(vc, vd);
    vb = holm_u32_rotate(vb ^ vc, 12);
    va = holm_u32_wrap_add(va, vb);
    vd = holm_u32_rotate(vd ^ va, 8);
    vc = holm_u32_wrap_add(vc, vd);
    vb = holm_u32_rotate(vb ^ vc, 7);
    HOLM_NTH(words, WORDS, a) = va;
    HOLM_NTH(words, WORDS, b) = vb;
    HOLM_NTH(words, WORDS, c) = vc;
    HOLM_NTH(words, WORDS, d) = vd;
}

void holm_chacha20_block(uint8_t out[HOLM_CHACHA20_BLOCK_BYTES],
                         const uint8_t key[HOLM_CHACHA20_KEY_BYTES],
                         const uint8_t nonce[HOLM_CHACHA20_NONCE_BYTES], uint32_t counter)
{
    uint32_t first[WORDS] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, words[WORDS];

    for (size_t i = 0; i < KEY_WORDS; i++)
        HOLM_AT(first, 4 + i) = little(key, HOLM_CHACHA20_KEY_BYTES, i);
    HOLM_AT(first, 12) = counter;
    for (size_t i = 0; i < HOLM_CHACHA20_NONCE_BYTES / 4; i++)
        HOLM_AT(first, 13 + i) = little(nonce, HOLM_CHACHA20_NONCE_BYTES, i);
    for (size_t i = 0; i < WORDS; i++)
        HOLM_AT(words, i) = HOLM_AT(first, i);
    for (size_t round = 0; round < ROUNDS; round += 2) {
        for (size_t column = 0; column < 4; column++)
            quarter(words, column, 4 + column, 8 + column, 12 + column);
        for (size_t column = 0; column < 4; column++)
            quarter(words, column, 4 + (column + 1) % 4, 8 + (column + 2) % 4,
                    12 + (column + 3) % 4);
    }
    for (size_t i = 0; i < HOLM_CHACHA20_BLOCK_BYTES; i++) {
        uint32_t word = holm_u32_wrap_add(HOLM_AT(words, i / 4), HOLM_AT(first, i / 4));
        HOLM_NTH(out, HOLM_CHACHA20_BLOCK_BYTES, i) = (uint8_t)(word >> 8 * (i % 4) & 0xff);
    }
    holm_secret_wipe(first, sizeof first);
    holm_secret_wipe(words, sizeof words);
}
