/* SPDX-License-Identifier: ISC */
/* cipher.c: AES in CBC, CFB and CTR. */
#include <holm/cipher.h>

#include "block.h"

#include <holm/secret.h>

enum { BLOCK = HOLM_AES_BLOCK_BYTES };

void holm_cipher_init(struct holm_cipher_state *state, const struct holm_cipher *cipher,
                      enum holm_cipher_way way, struct holm_bytes key, struct holm_bytes start)
{
    holm_assert(key.len == cipher->key_bytes && start.len == cipher->start_bytes);
    *state = (struct holm_cipher_state){ .cipher = cipher, .way = way, .used = BLOCK };
    holm_aes_init(&state->aes, key);
    holm_block__xor(&state->chain, start);
}

void holm_cipher_pass(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in)
{
    holm_assert(out.len == in.len && in.len % state->cipher->piece_bytes == 0);
    state->cipher->pass(state, out, in);
}

void holm_cipher_close(struct holm_cipher_state *state)
{
    holm_secret_wipe(state, sizeof *state);
}

static void block_put(struct holm_span out, size_t at, const struct holm_block *block)
{
    struct holm_span place = { 0 };

    holm_assert(holm_span_part(out, at, BLOCK, &place));
    struct holm_buffer filling = holm_span_buffer(place);
    holm_assert(holm_buffer_bytes(&filling, holm_block__bytes(block)));
}

static void cbc_seal(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in)
{
    struct holm_bytes part = { 0 };

    for (size_t at = 0; holm_bytes_take(&in, BLOCK, &part); at += BLOCK) {
        holm_block__xor(&state->chain, part);
        holm_block__encrypt(&state->aes, &state->chain);
        block_put(out, at, &state->chain);
    }
}

static void cbc_open(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in)
{
    struct holm_bytes part = { 0 };

    for (size_t at = 0; holm_bytes_take(&in, BLOCK, &part); at += BLOCK) {
        struct holm_block sealed = { 0 }, text;
        holm_block__xor(&sealed, part);
        text = sealed;
        holm_aes_decrypt(&state->aes, holm_block__span(&text), holm_block__bytes(&text));
        holm_block__xor(&text, holm_block__bytes(&state->chain));
        block_put(out, at, &text);
        state->chain = sealed;
    }
}

static void cbc_pass(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in)
{
    if (state->way == HOLM_CIPHER_SEAL)
        cbc_seal(state, out, in);
    else
        cbc_open(state, out, in);
}

/* The chain is what was sealed last, byte for byte. */
static void cfb_pass(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in)
{
    uint8_t byte = 0;

    for (size_t at = 0; holm_bytes_u8(&in, &byte); at++) {
        if (state->used == BLOCK) {
            state->mask = state->chain;
            holm_block__encrypt(&state->aes, &state->mask);
            state->used = 0;
        }
        uint8_t made = byte ^ HOLM_AT(state->mask.bytes, state->used);
        HOLM_AT(state->chain.bytes, state->used) = state->way == HOLM_CIPHER_SEAL ? made : byte;
        HOLM_NTH(out.ptr, out.len, at) = made;
        state->used += 1;
    }
}

/* mask_use adds what is left of the last block of the counter; it answers how many bytes that were. */
static size_t mask_use(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in)
{
    size_t at = 0;

    for (; at < in.len && state->used < BLOCK; at++, state->used++)
        HOLM_NTH(out.ptr, out.len, at) =
            HOLM_NTH(in.ptr, in.len, at) ^ HOLM_AT(state->mask.bytes, state->used);
    return at;
}

static void ctr_pass(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in)
{
    static const struct holm_block zeroes;
    struct holm_bytes part = { 0 };
    struct holm_span place = { 0 };
    size_t at = mask_use(state, out, in), whole = (in.len - at) / BLOCK * BLOCK;

    holm_assert(holm_bytes_part(in, at, whole, &part) && holm_span_part(out, at, whole, &place));
    holm_aes_counter(&state->aes, state->chain.bytes, BLOCK, place, part);
    at += whole;
    if (at == in.len)
        return;
    holm_aes_counter(&state->aes, state->chain.bytes, BLOCK, holm_block__span(&state->mask),
                     holm_block__bytes(&zeroes));
    state->used = 0;
    holm_assert(holm_bytes_from(in, at, &part) && holm_span_part(out, at, in.len - at, &place));
    (void)mask_use(state, place, part);
}

const struct holm_cipher holm_aes_128_cbc = { .name = HOLM_TEXT("AES-128/CBC"),
                                              .key_bytes = 16,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = BLOCK,
                                              .pass = cbc_pass };
const struct holm_cipher holm_aes_192_cbc = { .name = HOLM_TEXT("AES-192/CBC"),
                                              .key_bytes = 24,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = BLOCK,
                                              .pass = cbc_pass };
const struct holm_cipher holm_aes_256_cbc = { .name = HOLM_TEXT("AES-256/CBC"),
                                              .key_bytes = 32,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = BLOCK,
                                              .pass = cbc_pass };
const struct holm_cipher holm_aes_128_cfb = { .name = HOLM_TEXT("AES-128/CFB"),
                                              .key_bytes = 16,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = 1,
                                              .pass = cfb_pass };
const struct holm_cipher holm_aes_192_cfb = { .name = HOLM_TEXT("AES-192/CFB"),
                                              .key_bytes = 24,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = 1,
                                              .pass = cfb_pass };
const struct holm_cipher holm_aes_256_cfb = { .name = HOLM_TEXT("AES-256/CFB"),
                                              .key_bytes = 32,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = 1,
                                              .pass = cfb_pass };
const struct holm_cipher holm_aes_128_ctr = { .name = HOLM_TEXT("AES-128/CTR"),
                                              .key_bytes = 16,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = 1,
                                              .pass = ctr_pass };
const struct holm_cipher holm_aes_192_ctr = { .name = HOLM_TEXT("AES-192/CTR"),
                                              .key_bytes = 24,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = 1,
                                              .pass = ctr_pass };
const struct holm_cipher holm_aes_256_ctr = { .name = HOLM_TEXT("AES-256/CTR"),
                                              .key_bytes = 32,
                                              .start_bytes = BLOCK,
                                              .piece_bytes = 1,
                                              .pass = ctr_pass };
