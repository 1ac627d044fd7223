/* SPDX-License-Identifier: ISC */
/* cmac.c: CMAC with AES. A block that is full stays until more comes: the last one is another. */
#include "cmac.h"

#include <holm/mac.h>
#include <holm/secret.h>

void holm_cmac__init(struct holm_cmac_sum *cmac)
{
    *cmac = (struct holm_cmac_sum){ 0 };
}

void holm_cmac__add(struct holm_cmac_sum *cmac, const struct holm_aes *aes, struct holm_bytes bytes)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&bytes, &byte)) {
        if (cmac->used == HOLM_AES_BLOCK_BYTES) {
            holm_block__encrypt(aes, &cmac->sum);
            cmac->used = 0;
        }
        HOLM_AT(cmac->sum.bytes, cmac->used) ^= byte;
        cmac->used += 1;
    }
}

struct holm_block holm_cmac__end(struct holm_cmac_sum *cmac, const struct holm_aes *aes)
{
    struct holm_block key = { 0 };

    holm_block__encrypt(aes, &key);
    holm_block__double(&key);
    if (cmac->used < HOLM_AES_BLOCK_BYTES) {
        holm_block__double(&key);
        HOLM_AT(cmac->sum.bytes, cmac->used) ^= 0x80;
    }
    holm_block__xor(&cmac->sum, holm_block__bytes(&key));
    holm_block__encrypt(aes, &cmac->sum);
    struct holm_block tag = cmac->sum;
    holm_secret_wipe(&key, sizeof key);
    holm_secret_wipe(cmac, sizeof *cmac);
    return tag;
}

static void begin(struct holm_mac_state *state, struct holm_bytes key)
{
    holm_aes_init(&state->aes, key);
    holm_cmac__init(&state->cmac);
}

static void add(struct holm_mac_state *state, struct holm_bytes piece)
{
    holm_cmac__add(&state->cmac, &state->aes, piece);
}

static void finish(struct holm_mac_state *state, struct holm_span tag)
{
    struct holm_block made = holm_cmac__end(&state->cmac, &state->aes);
    struct holm_buffer out = holm_span_buffer(tag);

    holm_assert(holm_buffer_bytes(&out, holm_block__bytes(&made)));
}

const struct holm_mac holm_cmac_aes_128 = { .name = HOLM_TEXT("CMAC(AES-128)"),
                                            .tag_bytes = HOLM_AES_BLOCK_BYTES,
                                            .key_min = 16,
                                            .key_max = 16,
                                            .begin = begin,
                                            .add = add,
                                            .finish = finish };
const struct holm_mac holm_cmac_aes_192 = { .name = HOLM_TEXT("CMAC(AES-192)"),
                                            .tag_bytes = HOLM_AES_BLOCK_BYTES,
                                            .key_min = 24,
                                            .key_max = 24,
                                            .begin = begin,
                                            .add = add,
                                            .finish = finish };
const struct holm_mac holm_cmac_aes_256 = { .name = HOLM_TEXT("CMAC(AES-256)"),
                                            .tag_bytes = HOLM_AES_BLOCK_BYTES,
                                            .key_min = 32,
                                            .key_max = 32,
                                            .begin = begin,
                                            .add = add,
                                            .finish = finish };
