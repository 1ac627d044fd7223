/* SPDX-License-Identifier: ISC */
/* aes_eax.c: AES in EAX with nonces of 16 bytes, as RFC 9580 section 5.13.3 has it. Bellare, Rogaway,
 * Wagner: The EAX Mode of Operation (2004), figure 1. */
#include <holm/aead.h>

#include "cmac.h"

#include <holm/secret.h>

enum { NONCE_BYTES = 16, TAG_BYTES = 16 };

static void begin(struct holm_aead_key *key, struct holm_bytes secret)
{
    holm_aes_init(&key->aes, secret);
}

/* part_sum is CMAC of a block that ends with number, and bytes. */
static struct holm_block part_sum(const struct holm_aes *aes, uint8_t number,
                                  struct holm_bytes bytes)
{
    const struct holm_block first = { { [HOLM_AES_BLOCK_BYTES - 1] = number } };
    struct holm_cmac_sum cmac;

    holm_cmac__init(&cmac);
    holm_cmac__add(&cmac, aes, holm_block__bytes(&first));
    holm_cmac__add(&cmac, aes, bytes);
    return holm_cmac__end(&cmac, aes);
}

static struct holm_block tag_make(const struct holm_aead_key *key, const struct holm_block *nonce,
                                  struct holm_bytes about, struct holm_bytes sealed)
{
    struct holm_block tag = *nonce;
    struct holm_block part = part_sum(&key->aes, 1, about);

    holm_block__xor(&tag, holm_block__bytes(&part));
    part = part_sum(&key->aes, 2, sealed);
    holm_block__xor(&tag, holm_block__bytes(&part));
    return tag;
}

static void text_do(const struct holm_aead_key *key, struct holm_block counter,
                    const struct holm_aead__call *call)
{
    holm_aes_counter(&key->aes, counter.bytes, sizeof counter.bytes, call->out, call->in);
}

static void seal(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_block nonce = part_sum(&key->aes, 0, call->nonce);
    struct holm_buffer out = holm_span_buffer(call->tag);

    text_do(key, nonce, call);
    struct holm_block tag = tag_make(key, &nonce, call->about, holm_span_bytes(call->out));
    holm_assert(holm_buffer_bytes(&out, holm_block__bytes(&tag)));
}

static bool open(const struct holm_aead_key *key, const struct holm_aead__call *call)
{
    struct holm_block nonce = part_sum(&key->aes, 0, call->nonce);
    struct holm_block tag = tag_make(key, &nonce, call->about, call->in);

    if (!holm_secret_equal(holm_block__bytes(&tag), call->given))
        return false;
    text_do(key, nonce, call);
    return true;
}

const struct holm_aead holm_aes_128_eax = { .name = HOLM_TEXT("AES-128/EAX"),
                                            .key_bytes = 16,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = UINT64_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_192_eax = { .name = HOLM_TEXT("AES-192/EAX"),
                                            .key_bytes = 24,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = UINT64_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
const struct holm_aead holm_aes_256_eax = { .name = HOLM_TEXT("AES-256/EAX"),
                                            .key_bytes = 32,
                                            .nonce_bytes = NONCE_BYTES,
                                            .tag_bytes = TAG_BYTES,
                                            .text_max = UINT64_MAX,
                                            .begin = begin,
                                            .seal = seal,
                                            .open = open };
