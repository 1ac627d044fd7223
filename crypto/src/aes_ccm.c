/* SPDX-License-Identifier: ISC */
/* aes_ccm.c: AES in CCM with nonces of 12 bytes, as RFC 5116 and RFC 6655 have it. NIST SP 800-38C
 * section 6, appendix A. */
#include <holm/aead.h>

#include "block.h"
#include "words.h"

#include <holm/secret.h>

enum { NONCE_BYTES = 12, LENGTH_BYTES = 3, HAS_ABOUT = 0x40 };

#define TEXT_MAX ((UINT64_C(1) << 8 * LENGTH_BYTES) - 1)
/* From here on a length needs more than two bytes: appendix A.2.2. */
#define SHORT_END 0xff00

static void begin(struct holm_aead_key *key, struct holm_bytes secret)
{
    holm_aes_init(&key->aes, secret);
}

/* first_make makes a block of flags, the nonce and a number. */
static struct holm_block first_make(uint8_t flags, struct holm_bytes nonce, uint64_t number)
{
    struct holm_block block;
    struct holm_buffer out = holm_span_buffer(holm_block__span(&block));

    holm_assert(holm_buffer_u8(&out, flags) && holm_buffer_bytes(&out, nonce));
    holm_words__put_big(&out, number, LENGTH_BYTES);
    return block;
}

/* chain adds bytes to the sum, from a place in its block on; the last block is padded with zeroes. */
static void chain(const struct holm_aes *aes, struct holm_block *sum, size_t at,
                  struct holm_bytes bytes)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&bytes, &byte)) {
        HOLM_AT(sum->bytes, at) ^= byte;
        at += 1;
        if (at == sizeof sum->bytes) {
            holm_block__encrypt(aes, sum);
            at = 0;
        }
    }
    if (at > 0)
        holm_block__encrypt(aes, sum);
}

static struct holm_block sum_make(const struct holm_aead_key *key,
                                  const struct holm_aead__call *call, struct holm_bytes text)
{
    uint8_t tag_flags = (uint8_t)((key->aead->tag_bytes - 2) / 2 << 3);
    uint8_t flags =
        (uint8_t)(tag_flags | (LENGTH_BYTES - 1) | (call->about.len > 0 ? HAS_ABOUT : 0));
    struct holm_block sum = first_make(flags, call->nonce, text.len);
    uint8_t room[10];
    struct holm_buffer length = HOLM_BUFFER(room);

    holm_block__encrypt(&key->aes, &sum);
    if (call->about.len > 0) {
        if (call->about.len >= SHORT_END)
            holm_words__put_big(&length, call->about.len > UINT32_MAX ? 0xffff : 0xfffe, 2);
        holm_words__put_big(&length, call->about.len,
                            call->about.len < SHORT_END     ? 2
                            : call->about.len <= UINT32_MAX ? 4
                                                            : 8);
        holm_block__xor(&sum, holm_buffer_filled(&length));
        chain(&key->aes, &sum, length.len, call->about);
    }
    chain(&key->aes, &sum, 0, text);
    return sum;
}

/* tag_hide hides the sum with the block before those of the text. */
static void tag_hide(const struct holm_aead_key *key, struct holm_block *sum,
                     struct holm_bytes nonce)
{
    struct holm_block mask = first_make(LENGTH_BYTES - 1, nonce, 0);

    holm_block__encrypt(&key->aes, &mask);
    holm_block__xor(sum, holm_block__bytes(&mask));
}

static void text_do(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_block counter = first_make(LENGTH_BYTES - 1, call->nonce, 1);

    holm_aes_counter(&key->aes, counter.bytes, LENGTH_BYTES, call->out, call->in);
}

static void seal(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_block sum = sum_make(key, call, call->in);
    struct holm_buffer out = holm_span_buffer(call->tag);
    struct holm_bytes tag = { 0 };

    tag_hide(key, &sum, call->nonce);
    text_do(key, call);
    holm_assert(holm_bytes_part(holm_block__bytes(&sum), 0, call->tag.len, &tag) &&
                holm_buffer_bytes(&out, tag));
}

/* open must decrypt before it knows whether the message is whole; holm_aead_open wipes it if not. */
static bool open(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_bytes tag = { 0 };

    text_do(key, call);
    struct holm_block sum = sum_make(key, call, holm_span_bytes(call->out));
    tag_hide(key, &sum, call->nonce);
    holm_assert(holm_bytes_part(holm_block__bytes(&sum), 0, call->given.len, &tag));
    return holm_secret_equal(tag, call->given);
}

const struct holm_aead holm_aes_128_ccm = { .name = HOLM_TEXT("AES-128/CCM(16,3)"),
                                            .key_bytes = 16,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = 16,
                                            .text_max = TEXT_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_192_ccm = { .name = HOLM_TEXT("AES-192/CCM(16,3)"),
                                            .key_bytes = 24,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = 16,
                                            .text_max = TEXT_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_256_ccm = { .name = HOLM_TEXT("AES-256/CCM(16,3)"),
                                            .key_bytes = 32,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = 16,
                                            .text_max = TEXT_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_128_ccm_8 = { .name = HOLM_TEXT("AES-128/CCM(8,3)"),
                                              .key_bytes = 16,
                                              .nonce_bytes = NONCE_BYTES,
                                              .tag_bytes = 8,
                                              .text_max = TEXT_MAX,
                                              .begin = begin,
                                              .seal = seal,
                                              .open = open };
const struct holm_aead holm_aes_256_ccm_8 = { .name = HOLM_TEXT("AES-256/CCM(8,3)"),
                                              .key_bytes = 32,
                                              .nonce_bytes = NONCE_BYTES,
                                              .tag_bytes = 8,
                                              .text_max = TEXT_MAX,
                                              .begin = begin,
                                              .seal = seal,
                                              .open = open };
