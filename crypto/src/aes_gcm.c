/* SPDX-License-Identifier: ISC */
/* aes_gcm.c: AES in GCM with nonces of 12 bytes. NIST SP 800-38D section 7. */
#include <holm/aead.h>

#include "ghash.h"
#include "words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>

enum { NONCE_BYTES = 12, TAG_BYTES = 16, COUNTED_BYTES = 4 };

/* Section 5.2.1.1: 2^39 - 256 bits. */
#define TEXT_MAX ((UINT64_C(1) << 36) - 32)

/* nonce_set makes the block before the first of the text: the nonce, and the number 1. */
static void nonce_set(uint8_t counter[HOLM_AES_BLOCK_BYTES], struct holm_bytes nonce)
{
    struct holm_buffer out = holm_span_buffer((struct holm_span){ counter, HOLM_AES_BLOCK_BYTES });

    holm_assert(holm_buffer_bytes(&out, nonce));
    holm_words__put_big(&out, 1, COUNTED_BYTES);
}

/* tag_make makes the tag, with the first block of the counter, which then stands at the text's. */
static void tag_make(const struct holm_aes *aes, uint8_t counter[HOLM_AES_BLOCK_BYTES],
                     struct holm_span tag, struct holm_bytes about, struct holm_bytes sealed)
{
    static const uint8_t zeroes[HOLM_AES_BLOCK_BYTES];
    uint8_t block[HOLM_AES_BLOCK_BYTES];
    struct holm_span place = { block, sizeof block };
    struct holm_buffer lengths = HOLM_BUFFER(block), sum = HOLM_BUFFER(block);
    struct holm_ghash ghash;

    holm_aes_encrypt(aes, place, HOLM_BLOB(zeroes));
    holm_ghash_init(&ghash, HOLM_BLOB(block));
    holm_ghash_add(&ghash, about);
    holm_ghash_add(&ghash, sealed);
    holm_words__put_big(&lengths, (uint64_t)about.len * 8, 8);
    holm_words__put_big(&lengths, (uint64_t)sealed.len * 8, 8);
    holm_ghash_add(&ghash, HOLM_BLOB(block));
    holm_words__put_big(&sum, ghash.sum.high, 8);
    holm_words__put_big(&sum, ghash.sum.low, 8);
    holm_aes_counter(aes, counter, COUNTED_BYTES, tag, HOLM_BLOB(block));
    holm_secret_wipe(block, sizeof block);
    holm_secret_wipe(&ghash, sizeof ghash);
}

static void portable_begin(struct holm_gcm_key *key)
{
    (void)key;
}

static void portable_seal(const struct holm_gcm_key *key, const struct holm_aead__call *call)
{
    uint8_t counter[HOLM_AES_BLOCK_BYTES], first[HOLM_AES_BLOCK_BYTES];

    nonce_set(first, call->nonce);
    nonce_set(counter, call->nonce);
    HOLM_AT(counter, HOLM_AES_BLOCK_BYTES - 1) = 2;
    holm_aes_counter(&key->aes, counter, COUNTED_BYTES, call->out, call->in);
    tag_make(&key->aes, first, call->tag, call->about, holm_span_bytes(call->out));
}

static void portable_open(const struct holm_gcm_key *key, const struct holm_aead__call *call)
{
    uint8_t counter[HOLM_AES_BLOCK_BYTES];

    nonce_set(counter, call->nonce);
    tag_make(&key->aes, counter, call->tag, call->about, call->in);
    holm_aes_counter(&key->aes, counter, COUNTED_BYTES, call->out, call->in);
}

static void portable_hash(const struct holm_gcm_key *key, struct holm_ghash *ghash,
                          struct holm_bytes blocks)
{
    (void)key;
    holm_ghash_add(ghash, blocks);
}

const struct holm_gcm__level holm_gcm__portable = {
    .begin = portable_begin, .seal = portable_seal, .open = portable_open, .hash = portable_hash
};

static void begin(struct holm_aead_key *key, struct holm_bytes secret)
{
    holm_aes_init(&key->gcm.aes, secret);
    key->gcm.level = holm_level__gcm();
    key->gcm.level->begin(&key->gcm);
}

static void seal(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    key->gcm.level->seal(&key->gcm, call);
}

/* open undoes the text even if the tag is wrong: who calls it makes that all zero. */
static bool open(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_aead__call made = *call;
    uint8_t tag[TAG_BYTES];

    made.tag = (struct holm_span){ tag, sizeof tag };
    key->gcm.level->open(&key->gcm, &made);
    return holm_secret_equal(HOLM_BLOB(tag), call->given);
}

const struct holm_aead holm_aes_128_gcm = { .name = HOLM_TEXT("AES-128/GCM"),
                                            .key_bytes = 16,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = TEXT_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_192_gcm = { .name = HOLM_TEXT("AES-192/GCM"),
                                            .key_bytes = 24,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = TEXT_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_256_gcm = { .name = HOLM_TEXT("AES-256/GCM"),
                                            .key_bytes = 32,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = TEXT_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };

/* bytes_hash hashes bytes, and zeroes up to the end of a block. */
static void bytes_hash(struct holm_aead_pieces *pieces, struct holm_bytes bytes)
{
    const struct holm_gcm_key *key = &pieces->key->gcm;
    uint8_t block[HOLM_AES_BLOCK_BYTES] = { 0 };
    struct holm_buffer out = HOLM_BUFFER(block);
    struct holm_bytes blocks = { 0 };

    holm_assert(holm_bytes_take(&bytes, bytes.len - bytes.len % sizeof block, &blocks));
    if (blocks.len > 0)
        key->level->hash(key, &pieces->ghash, blocks);
    if (bytes.len == 0)
        return;
    holm_assert(holm_buffer_bytes(&out, bytes));
    key->level->hash(key, &pieces->ghash, HOLM_BLOB(block));
}

static void pieces_begin(struct holm_aead_pieces *pieces, struct holm_bytes nonce,
                         struct holm_bytes about)
{
    static const uint8_t zeroes[HOLM_AES_BLOCK_BYTES];
    const struct holm_aes *aes = &pieces->key->gcm.aes;
    struct holm_span mask = { pieces->mask, sizeof pieces->mask };
    struct holm_span stream = { pieces->stream, sizeof zeroes };

    holm_aes_encrypt(aes, stream, HOLM_BLOB(zeroes));
    holm_ghash_init(&pieces->ghash, holm_span_bytes(stream));
    nonce_set(pieces->counter, nonce);
    holm_aes_counter(aes, pieces->counter, COUNTED_BYTES, mask, HOLM_BLOB(zeroes));
    bytes_hash(pieces, about);
}

/* bytes_pass passes bytes of a block that is begun, up to its end. */
static size_t bytes_pass(struct holm_aead_pieces *pieces, struct holm_span out,
                         struct holm_bytes in, size_t used, bool sealing)
{
    size_t i = 0;

    for (; i < in.len && used < HOLM_AES_BLOCK_BYTES; i++, used++) {
        uint8_t byte = HOLM_NTH(in.ptr, in.len, i), made = byte ^ HOLM_AT(pieces->stream, used);
        HOLM_NTH(out.ptr, out.len, i) = made;
        HOLM_AT(pieces->sealed, used) = sealing ? made : byte;
    }
    if (used == HOLM_AES_BLOCK_BYTES)
        bytes_hash(pieces, HOLM_BLOB(pieces->sealed));
    return i;
}

static void pieces_pass(struct holm_aead_pieces *pieces, struct holm_span out, struct holm_bytes in,
                        bool sealing)
{
    static const uint8_t zeroes[HOLM_AES_BLOCK_BYTES];
    const struct holm_aes *aes = &pieces->key->gcm.aes;
    size_t used = pieces->len % HOLM_AES_BLOCK_BYTES;
    struct holm_bytes blocks = { 0 };
    struct holm_span to = { 0 };
    size_t at = used == 0 ? 0 : bytes_pass(pieces, out, in, used, sealing);
    size_t whole = (in.len - at) / HOLM_AES_BLOCK_BYTES * HOLM_AES_BLOCK_BYTES;

    holm_assert(holm_bytes_part(in, at, whole, &blocks) && holm_span_part(out, at, whole, &to));
    if (whole > 0 && !sealing)
        bytes_hash(pieces, blocks);
    if (whole > 0)
        holm_aes_counter(aes, pieces->counter, COUNTED_BYTES, to, blocks);
    if (whole > 0 && sealing)
        bytes_hash(pieces, holm_span_bytes(to));
    at += whole;
    if (at == in.len)
        return;
    holm_aes_counter(aes, pieces->counter, COUNTED_BYTES,
                     (struct holm_span){ pieces->stream, sizeof zeroes }, HOLM_BLOB(zeroes));
    holm_assert(holm_bytes_part(in, at, in.len - at, &blocks) &&
                holm_span_part(out, at, in.len - at, &to));
    (void)bytes_pass(pieces, to, blocks, 0, sealing);
}

static void pieces_end(struct holm_aead_pieces *pieces, struct holm_span tag)
{
    uint8_t block[HOLM_AES_BLOCK_BYTES];
    struct holm_buffer lengths = HOLM_BUFFER(block), out = holm_span_buffer(tag);
    struct holm_bytes rest = { 0 };

    holm_assert(
        holm_bytes_part(HOLM_BLOB(pieces->sealed), 0, pieces->len % HOLM_AES_BLOCK_BYTES, &rest));
    bytes_hash(pieces, rest);
    holm_words__put_big(&lengths, pieces->about_len * 8, 8);
    holm_words__put_big(&lengths, pieces->len * 8, 8);
    bytes_hash(pieces, HOLM_BLOB(block));
    holm_words__put_big(&out, pieces->ghash.sum.high, 8);
    holm_words__put_big(&out, pieces->ghash.sum.low, 8);
    for (size_t i = 0; i < tag.len; i++)
        HOLM_NTH(tag.ptr, tag.len, i) ^= HOLM_AT(pieces->mask, i);
}

const struct holm_aead_online holm_gcm_pieces = { .of = begin,
                                                  .nonce_bytes = NONCE_BYTES,
                                                  .begin = pieces_begin,
                                                  .pass = pieces_pass,
                                                  .end = pieces_end };
