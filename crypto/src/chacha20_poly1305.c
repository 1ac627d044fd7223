/* SPDX-License-Identifier: ISC */
/* chacha20_poly1305.c: RFC 8439 section 2.8, and with a long nonce draft-irtf-cfrg-xchacha-03 section
 * 2.3. */
#include <holm/aead.h>

#include "chacha20_impl.h"
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

/* A piece of the text that is passed with the first block of the stream: in one chunk of the widest
 * vectors. Whole blocks of Poly1305. */
enum { PIECE_MAX = 15 * HOLM_CHACHA20_BLOCK_BYTES };

/* tag_begin begins the tag with its key, the first block of the stream, and what the text is about. */
static void tag_begin(struct holm_poly1305_sum *poly, struct holm_chacha20__block *first,
                      struct holm_bytes about)
{
    holm_poly1305_init(poly, HOLM_BLOB(first->bytes));
    holm_poly1305_padded(poly, about);
    holm_secret_wipe(first, sizeof *first);
}

static void tag_end(struct holm_poly1305_sum *poly, struct holm_span tag,
                    const struct holm_aead__call *call)
{
    holm_poly1305__lengths(poly, call->about.len, call->in.len);
    holm_poly1305_end(poly, tag);
}

static void sealed_with(const uint8_t key[HOLM_CHACHA20_KEY_BYTES], const uint8_t *nonce,
                        const struct holm_aead__call *call)
{
    struct holm_chacha20 stream;
    struct holm_chacha20__block first;
    struct holm_poly1305_sum poly;

    holm_chacha20_init(&stream, key, nonce, 0);
    holm_chacha20__pass(&stream, &first, call->out, call->in);
    tag_begin(&poly, &first, call->about);
    holm_poly1305_padded(&poly, holm_span_bytes(call->out));
    tag_end(&poly, call->tag, call);
    holm_secret_wipe(&stream, sizeof stream);
}

/* opened_with opens the first piece, the end of most texts, in the pass that makes the key of the tag:
 * so before the tag is known. Who calls it makes the text zero where it says that the tag is wrong. The
 * text may lie over the piece, of which a copy is kept for the tag. */
static bool opened_with(const uint8_t key[HOLM_CHACHA20_KEY_BYTES], const uint8_t *nonce,
                        const struct holm_aead__call *call)
{
    uint8_t tag[HOLM_POLY1305__BLOCK_BYTES], room[PIECE_MAX];
    struct holm_buffer kept = HOLM_BUFFER(room);
    size_t len = call->in.len < PIECE_MAX ? call->in.len : PIECE_MAX;
    struct holm_bytes in = call->in, piece = { 0 };
    struct holm_span out = { 0 };
    struct holm_chacha20 stream;
    struct holm_chacha20__block first;
    struct holm_poly1305_sum poly;

    holm_assert(holm_bytes_take(&in, len, &piece) && holm_span_part(call->out, 0, len, &out) &&
                holm_buffer_bytes(&kept, piece));
    holm_chacha20_init(&stream, key, nonce, 0);
    holm_chacha20__pass(&stream, &first, out, piece);
    tag_begin(&poly, &first, call->about);
    holm_poly1305_padded(&poly, holm_buffer_filled(&kept));
    holm_poly1305_padded(&poly, in);
    tag_end(&poly, (struct holm_span){ tag, sizeof tag }, call);
    bool whole = holm_secret_equal(HOLM_BLOB(tag), call->given);
    holm_assert(holm_span_part(call->out, len, in.len, &out));
    if (whole && in.len > 0)
        holm_chacha20_xor(&stream, out, in);
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

/* pieces_start begins a message with a short nonce. */
static void pieces_start(struct holm_aead_pieces *pieces,
                         const uint8_t key[HOLM_CHACHA20_KEY_BYTES], const uint8_t *nonce,
                         struct holm_bytes about)
{
    struct holm_chacha20__block first;

    holm_chacha20_init(&pieces->chacha20, key, nonce, 0);
    holm_chacha20__pass(&pieces->chacha20, &first, (struct holm_span){ 0 },
                        (struct holm_bytes){ 0 });
    tag_begin(&pieces->poly, &first, about);
}

static void pieces_begin(struct holm_aead_pieces *pieces, struct holm_bytes nonce,
                         struct holm_bytes about)
{
    pieces_start(pieces, pieces->key->secret, nonce.ptr, about);
}

static void pieces_begin_long(struct holm_aead_pieces *pieces, struct holm_bytes nonce,
                              struct holm_bytes about)
{
    uint8_t short_key[HOLM_CHACHA20_KEY_BYTES], short_nonce[HOLM_CHACHA20_NONCE_BYTES];

    long_nonce(short_key, short_nonce, pieces->key, nonce);
    pieces_start(pieces, short_key, short_nonce, about);
    holm_secret_wipe(short_key, sizeof short_key);
}

/* stream_pass passes bytes through the stream, of which a block may be begun. */
static void stream_pass(struct holm_aead_pieces *pieces, struct holm_span out, struct holm_bytes in)
{
    static const uint8_t zeroes[HOLM_CHACHA20_BLOCK_BYTES];
    size_t used = pieces->len % HOLM_CHACHA20_BLOCK_BYTES, at = 0;
    struct holm_bytes from = { 0 };
    struct holm_span to = { 0 };

    for (; used > 0 && used < HOLM_CHACHA20_BLOCK_BYTES && at < in.len; at++, used++)
        HOLM_NTH(out.ptr, out.len, at) =
            HOLM_NTH(in.ptr, in.len, at) ^ HOLM_AT(pieces->stream, used);
    size_t whole = (in.len - at) / HOLM_CHACHA20_BLOCK_BYTES * HOLM_CHACHA20_BLOCK_BYTES;
    holm_assert(holm_bytes_part(in, at, whole, &from) && holm_span_part(out, at, whole, &to));
    if (whole > 0)
        holm_chacha20_xor(&pieces->chacha20, to, from);
    at += whole;
    if (at == in.len)
        return;
    holm_chacha20_xor(&pieces->chacha20,
                      (struct holm_span){ pieces->stream, sizeof pieces->stream },
                      HOLM_BLOB(zeroes));
    for (used = 0; at < in.len; at++, used++)
        HOLM_NTH(out.ptr, out.len, at) =
            HOLM_NTH(in.ptr, in.len, at) ^ HOLM_AT(pieces->stream, used);
}

static void pieces_pass(struct holm_aead_pieces *pieces, struct holm_span out, struct holm_bytes in,
                        bool sealing)
{
    if (!sealing)
        holm_poly1305_add(&pieces->poly, in);
    stream_pass(pieces, out, in);
    if (sealing)
        holm_poly1305_add(&pieces->poly, holm_span_bytes(out));
}

static void pieces_end(struct holm_aead_pieces *pieces, struct holm_span tag)
{
    holm_poly1305_pad(&pieces->poly);
    holm_poly1305__lengths(&pieces->poly, pieces->about_len, pieces->len);
    holm_poly1305_end(&pieces->poly, tag);
}

const struct holm_aead_online holm_chacha20_poly1305_pieces = { .of = begin,
                                                                .nonce_bytes =
                                                                    HOLM_CHACHA20_NONCE_BYTES,
                                                                .begin = pieces_begin,
                                                                .pass = pieces_pass,
                                                                .end = pieces_end };
const struct holm_aead_online holm_xchacha20_poly1305_pieces = { .of = begin,
                                                                 .nonce_bytes = HOLM_AEAD_NONCE_MAX,
                                                                 .begin = pieces_begin_long,
                                                                 .pass = pieces_pass,
                                                                 .end = pieces_end };
