/* SPDX-License-Identifier: ISC */
/* aes_ocb.c: AES in OCB with nonces of 12 or 15 bytes and tags of 16. RFC 7253 section 4. */
#include <holm/aead.h>

#include "block.h"

#include <holm/secret.h>

enum { TAG_BYTES = 16, BLOCK = HOLM_AES_BLOCK_BYTES };

/* What a message is worked on with: L_*, L_$, the offset, and the sum of the text or of what it is
 * about. L_i is made when it is wanted: doubled from L_$ on. */
struct pass {
    const struct holm_aes *aes;
    struct holm_block star, dollar, offset, sum;
    uint64_t count; /* whole blocks so far */
};

static void begin(struct holm_aead_key *key, struct holm_bytes secret)
{
    holm_aes_init(&key->aes, secret);
}

static struct pass pass_begin(const struct holm_aes *aes)
{
    struct pass pass = { .aes = aes };

    holm_block__encrypt(aes, &pass.star);
    pass.dollar = pass.star;
    holm_block__double(&pass.dollar);
    return pass;
}

/* offset_step goes to the next whole block: L of how many zero bits its number ends with. */
static void offset_step(struct pass *pass)
{
    struct holm_block l = pass->dollar;

    pass->count += 1;
    for (uint64_t number = pass->count; number % 2 == 0; number /= 2)
        holm_block__double(&l);
    holm_block__double(&l);
    holm_block__xor(&pass->offset, holm_block__bytes(&l));
}

/* nonce_set makes the first offset: section 4.2. */
static void nonce_set(struct pass *pass, struct holm_bytes nonce)
{
    struct holm_block first = { 0 };
    uint8_t stretched[BLOCK + 8], byte = 0;

    HOLM_AT(first.bytes, BLOCK - 1 - nonce.len) = 1; /* and the tag's length modulo 128 bits: 0 */
    for (size_t i = BLOCK - nonce.len; holm_bytes_u8(&nonce, &byte); i++)
        HOLM_AT(first.bytes, i) = byte;
    unsigned bottom = HOLM_AT(first.bytes, BLOCK - 1) & 0x3f;
    HOLM_AT(first.bytes, BLOCK - 1) &= 0xc0;
    holm_block__encrypt(pass->aes, &first);
    for (size_t i = 0; i < BLOCK; i++)
        HOLM_AT(stretched, i) = HOLM_AT(first.bytes, i);
    for (size_t i = 0; i < 8; i++)
        HOLM_AT(stretched, BLOCK + i) = HOLM_AT(first.bytes, i) ^ HOLM_AT(first.bytes, i + 1);
    for (size_t i = 0; i < BLOCK; i++) {
        unsigned pair = (unsigned)HOLM_AT(stretched, i + bottom / 8) << 8 |
                        HOLM_AT(stretched, i + bottom / 8 + 1);
        HOLM_AT(pass->offset.bytes, i) = (uint8_t)(pair >> (8 - bottom % 8) & 0xff);
    }
}

static struct holm_block block_of(struct holm_bytes bytes)
{
    struct holm_block block = { 0 };

    holm_block__xor(&block, bytes);
    return block;
}

static struct holm_block about_sum(struct pass pass, struct holm_bytes about)
{
    struct holm_bytes part = { 0 };

    pass.offset = (struct holm_block){ 0 };
    pass.sum = (struct holm_block){ 0 };
    pass.count = 0;
    while (about.len > 0) {
        bool whole = about.len >= BLOCK;
        holm_assert(holm_bytes_take(&about, whole ? BLOCK : about.len, &part));
        struct holm_block block = block_of(part);
        if (whole) {
            offset_step(&pass);
        } else {
            holm_block__xor(&pass.offset, holm_block__bytes(&pass.star));
            HOLM_AT(block.bytes, part.len) = 0x80;
        }
        holm_block__xor(&block, holm_block__bytes(&pass.offset));
        holm_block__encrypt(pass.aes, &block);
        holm_block__xor(&pass.sum, holm_block__bytes(&block));
    }
    return pass.sum;
}

/* last_do does the part of a block at the end; the sum gets the text, padded. */
static void last_do(struct pass *pass, struct holm_span out, struct holm_bytes in, bool seals)
{
    struct holm_block mask, text = block_of(in);
    struct holm_bytes part = { 0 };

    holm_block__xor(&pass->offset, holm_block__bytes(&pass->star));
    mask = pass->offset;
    holm_block__encrypt(pass->aes, &mask);
    holm_assert(holm_bytes_part(holm_block__bytes(&mask), 0, in.len, &part));
    struct holm_block made = text;
    holm_block__xor(&made, part);
    struct holm_buffer filling = holm_span_buffer(out);
    holm_assert(holm_bytes_part(holm_block__bytes(&made), 0, in.len, &part) &&
                holm_buffer_bytes(&filling, part));
    if (!seals)
        text = made;
    HOLM_AT(text.bytes, in.len) = 0x80;
    holm_block__xor(&pass->sum, holm_block__bytes(&text));
}

static void block_do(struct pass *pass, struct holm_span out, struct holm_bytes in, bool seals)
{
    struct holm_block block = block_of(in), text = block;
    struct holm_buffer filling = holm_span_buffer(out);

    offset_step(pass);
    holm_block__xor(&block, holm_block__bytes(&pass->offset));
    if (seals)
        holm_block__encrypt(pass->aes, &block);
    else
        holm_aes_decrypt(pass->aes, holm_block__span(&block), holm_block__bytes(&block));
    holm_block__xor(&block, holm_block__bytes(&pass->offset));
    holm_assert(holm_buffer_bytes(&filling, holm_block__bytes(&block)));
    holm_block__xor(&pass->sum, holm_block__bytes(seals ? &text : &block));
}

/* message_do passes the text through and answers the tag. */
static struct holm_block message_do(const struct holm_aead_key *key,
                                    const struct holm_aead__call *call, bool seals)
{
    struct pass pass = pass_begin(&key->aes);
    struct holm_bytes in = { 0 };
    struct holm_span out = { 0 };
    size_t at = 0;

    nonce_set(&pass, call->nonce);
    for (; call->in.len - at >= BLOCK; at += BLOCK) {
        holm_assert(holm_bytes_part(call->in, at, BLOCK, &in) &&
                    holm_span_part(call->out, at, BLOCK, &out));
        block_do(&pass, out, in, seals);
    }
    holm_assert(holm_bytes_part(call->in, at, call->in.len - at, &in) &&
                holm_span_part(call->out, at, call->in.len - at, &out));
    if (in.len > 0)
        last_do(&pass, out, in, seals);
    struct holm_block tag = pass.sum, about = about_sum(pass, call->about);
    holm_block__xor(&tag, holm_block__bytes(&pass.offset));
    holm_block__xor(&tag, holm_block__bytes(&pass.dollar));
    holm_block__encrypt(pass.aes, &tag);
    holm_block__xor(&tag, holm_block__bytes(&about));
    holm_secret_wipe(&pass, sizeof pass);
    return tag;
}

static void seal(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_block tag = message_do(key, call, true);
    struct holm_buffer out = holm_span_buffer(call->tag);

    holm_assert(holm_buffer_bytes(&out, holm_block__bytes(&tag)));
}

/* open must decrypt before it knows whether the message is whole; holm_aead_open wipes it if not. */
static bool open(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_block tag = message_do(key, call, false);

    return holm_secret_equal(holm_block__bytes(&tag), call->given);
}

const struct holm_aead holm_aes_128_ocb = { .name = HOLM_TEXT("AES-128/OCB"),
                                            .key_bytes = 16,
                                            .nonce_bytes = 12,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = UINT64_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_192_ocb = { .name = HOLM_TEXT("AES-192/OCB"),
                                            .key_bytes = 24,
                                            .nonce_bytes = 12,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = UINT64_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_256_ocb = { .name = HOLM_TEXT("AES-256/OCB"),
                                            .key_bytes = 32,
                                            .nonce_bytes = 12,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = UINT64_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_128_ocb_15 = { .name = HOLM_TEXT("AES-128/OCB(15)"),
                                               .key_bytes = 16,
                                               .nonce_bytes = 15,
                                               .tag_bytes = TAG_BYTES,
                                               .text_max = UINT64_MAX,
                                               .begin = begin,
                                               .seal = seal,
                                               .open = open };
const struct holm_aead holm_aes_192_ocb_15 = { .name = HOLM_TEXT("AES-192/OCB(15)"),
                                               .key_bytes = 24,
                                               .nonce_bytes = 15,
                                               .tag_bytes = TAG_BYTES,
                                               .text_max = UINT64_MAX,
                                               .begin = begin,
                                               .seal = seal,
                                               .open = open };
const struct holm_aead holm_aes_256_ocb_15 = { .name = HOLM_TEXT("AES-256/OCB(15)"),
                                               .key_bytes = 32,
                                               .nonce_bytes = 15,
                                               .tag_bytes = TAG_BYTES,
                                               .text_max = UINT64_MAX,
                                               .begin = begin,
                                               .seal = seal,
                                               .open = open };
