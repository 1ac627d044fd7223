/* SPDX-License-Identifier: ISC */
/* chacha20.c: ChaCha20, and its portable level: four blocks side by side. RFC 8439 sections 2.1 to 2.4. */
#include "words128.h"

#include "chacha20_kernel.h"
#include "words.h"

#include <holm/machine/level.h>

static void words_set(uint32_t into[WORDS], const uint8_t key[HOLM_CHACHA20_KEY_BYTES])
{
    static const uint32_t first[4] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
    struct holm_bytes in = { key, HOLM_CHACHA20_KEY_BYTES };

    for (size_t i = 0; i < 4; i++)
        HOLM_NTH(into, WORDS, i) = HOLM_AT(first, i);
    for (size_t i = 0; i < HOLM_CHACHA20_KEY_BYTES / 4; i++)
        HOLM_NTH(into, WORDS, 4 + i) = holm_words__little32(in, i);
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

void holm_chacha20__portable(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                             struct holm_span out, struct holm_bytes in)
{
    pass(stream, first, out, in);
}

void holm_chacha20__pair_make(struct holm_chacha20 *stream, struct holm_span out)
{
    enum { PAIR_VECTORS = HOLM_CHACHA20__PAIR_BYTES / VECTOR_BYTES };
    struct stream made;

    holm_assert(out.len == HOLM_CHACHA20__PAIR_BYTES);
    groups_make(&made, stream, GROUPS);
    for (size_t i = 0; i < PAIR_VECTORS; i++)
        vector_in(out, i * VECTOR_BYTES)->words = words_little(HOLM_AT(made.vectors, i));
    counter_add(stream, out.len);
    holm_secret_wipe(&made, sizeof made);
}

void holm_chacha20__pass(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                         struct holm_span out, struct holm_bytes in)
{
    holm_level__chacha20(stream, first, out, in);
}

void holm_chacha20_xor(struct holm_chacha20 *stream, struct holm_span out, struct holm_bytes in)
{
    holm_level__chacha20(stream, NULL, out, in);
}

void holm_hchacha20(uint8_t out[HOLM_CHACHA20_KEY_BYTES],
                    const uint8_t key[HOLM_CHACHA20_KEY_BYTES],
                    const uint8_t nonce[HOLM_HCHACHA20_NONCE_BYTES])
{
    struct holm_buffer filling =
        holm_span_buffer((struct holm_span){ out, HOLM_CHACHA20_KEY_BYTES });
    struct holm_bytes in = { nonce, HOLM_HCHACHA20_NONCE_BYTES };
    struct holm_chacha20 stream;

    words_set(stream.words, key);
    for (size_t i = 0; i < 4; i++)
        HOLM_AT(stream.words, COUNTER + i) = holm_words__little32(in, i);
    struct rows rows = rows_begin(&stream);
    for (size_t round = 0; round < ROUNDS; round += 2)
        rows = rows_rounds(rows);
    for (size_t i = 0; i < 4; i++)
        holm_words__put_little(&filling, rows.a[i], 4);
    for (size_t i = 0; i < 4; i++)
        holm_words__put_little(&filling, rows.d[i], 4);
    holm_secret_wipe(&rows, sizeof rows);
    holm_secret_wipe(&stream, sizeof stream);
}
