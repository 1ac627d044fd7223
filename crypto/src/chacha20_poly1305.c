/* SPDX-License-Identifier: ISC */
/* chacha20_poly1305.c: RFC 8439 section 2.8, and with a long nonce draft-irtf-cfrg-xchacha-03 section
 * 2.3. */
#include <holm/aead.h>

#include "poly1305.h"
#include "words.h"

#include <holm/secret.h>

/* The counter of blocks has 32 bits, and the first makes the key of the tag. */
#define TEXT_MAX (((UINT64_C(1) << 32) - 1) * HOLM_CHACHA20_BLOCK_BYTES)

static void begin(struct holm_aead_key *key, struct holm_bytes secret)
{
    struct holm_buffer out = HOLM_BUFFER(key->secret);

    holm_assert(holm_buffer_bytes(&out, secret));
}

/* stream_begin sets the stream to the text, and the tag's state to what the text is about. */
static void stream_begin(struct holm_chacha20 *stream, struct holm_poly1305_sum *poly,
                         const uint8_t key[HOLM_CHACHA20_KEY_BYTES], const uint8_t *nonce,
                         struct holm_bytes about)
{
    static const uint8_t zeroes[HOLM_CHACHA20_BLOCK_BYTES];
    uint8_t block[HOLM_CHACHA20_BLOCK_BYTES];

    holm_chacha20_init(stream, key, nonce, 0);
    holm_chacha20_xor(stream, (struct holm_span){ block, sizeof block }, HOLM_BLOB(zeroes));
    holm_poly1305_init(poly, HOLM_BLOB(block));
    holm_poly1305_add(poly, about);
    holm_poly1305_pad(poly);
    holm_secret_wipe(block, sizeof block);
}

static void tag_end(struct holm_poly1305_sum *poly, struct holm_span tag, struct holm_bytes about,
                    struct holm_bytes sealed)
{
    uint8_t lengths[16];
    struct holm_buffer out = HOLM_BUFFER(lengths);

    holm_poly1305_add(poly, sealed);
    holm_poly1305_pad(poly);
    holm_words__put_little(&out, about.len, 8);
    holm_words__put_little(&out, sealed.len, 8);
    holm_poly1305_add(poly, HOLM_BLOB(lengths));
    holm_poly1305_end(poly, tag);
}

static void sealed_with(const uint8_t key[HOLM_CHACHA20_KEY_BYTES], const uint8_t *nonce,
                        const struct holm_aead__call *call)
{
    struct holm_chacha20 stream;
    struct holm_poly1305_sum poly;

    stream_begin(&stream, &poly, key, nonce, call->about);
    holm_chacha20_xor(&stream, call->out, call->in);
    tag_end(&poly, call->tag, call->about, holm_span_bytes(call->out));
    holm_secret_wipe(&stream, sizeof stream);
}

static bool opened_with(const uint8_t key[HOLM_CHACHA20_KEY_BYTES], const uint8_t *nonce,
                        const struct holm_aead__call *call)
{
    uint8_t tag[HOLM_POLY1305__BLOCK_BYTES];
    struct holm_chacha20 stream;
    struct holm_poly1305_sum poly;

    stream_begin(&stream, &poly, key, nonce, call->about);
    tag_end(&poly, (struct holm_span){ tag, sizeof tag }, call->about, call->in);
    bool whole = holm_secret_equal(HOLM_BLOB(tag), holm_span_bytes(call->tag));
    if (whole)
        holm_chacha20_xor(&stream, call->out, call->in);
    holm_secret_wipe(&stream, sizeof stream);
    return whole;
}

static void seal(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    sealed_with(key->secret, call->nonce.ptr, call);
}

static bool open(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    return opened_with(key->secret, call->nonce.ptr, call);
}

/* long_nonce makes of a long nonce a key and a short one. */
static void long_nonce(uint8_t short_key[HOLM_CHACHA20_KEY_BYTES],
                       uint8_t short_nonce[HOLM_CHACHA20_NONCE_BYTES],
                       const struct holm_aead_key *key, struct holm_bytes nonce)
{
    struct holm_buffer out =
        holm_span_buffer((struct holm_span){ short_nonce, HOLM_CHACHA20_NONCE_BYTES });
    struct holm_bytes first = { 0 };

    holm_assert(holm_bytes_take(&nonce, HOLM_HCHACHA20_NONCE_BYTES, &first));
    holm_hchacha20(short_key, key->secret, first.ptr);
    holm_words__put_little(&out, 0, 4);
    holm_assert(holm_buffer_bytes(&out, nonce));
}

static void seal_long(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    uint8_t short_key[HOLM_CHACHA20_KEY_BYTES], short_nonce[HOLM_CHACHA20_NONCE_BYTES];

    long_nonce(short_key, short_nonce, key, call->nonce);
    sealed_with(short_key, short_nonce, call);
    holm_secret_wipe(short_key, sizeof short_key);
}

static bool open_long(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    uint8_t short_key[HOLM_CHACHA20_KEY_BYTES], short_nonce[HOLM_CHACHA20_NONCE_BYTES];

    long_nonce(short_key, short_nonce, key, call->nonce);
    bool whole = opened_with(short_key, short_nonce, call);
    holm_secret_wipe(short_key, sizeof short_key);
    return whole;
}

const struct holm_aead holm_chacha20_poly1305 = { .name = HOLM_TEXT("ChaCha20Poly1305"),
                                                  .key_bytes = HOLM_CHACHA20_KEY_BYTES,
                                                  .nonce_bytes = HOLM_CHACHA20_NONCE_BYTES,
                                                  .tag_bytes = HOLM_POLY1305__BLOCK_BYTES,
                                                  .text_max = TEXT_MAX,
                                                  .begin = begin,
                                                  .seal = seal,
                                                  .open = open };
const struct holm_aead holm_xchacha20_poly1305 = { .name = HOLM_TEXT("XChaCha20Poly1305"),
                                                   .key_bytes = HOLM_CHACHA20_KEY_BYTES,
                                                   .nonce_bytes = HOLM_AEAD_NONCE_MAX,
                                                   .tag_bytes = HOLM_POLY1305__BLOCK_BYTES,
                                                   .text_max = TEXT_MAX,
                                                   .begin = begin,
                                                   .seal = seal_long,
                                                   .open = open_long };
