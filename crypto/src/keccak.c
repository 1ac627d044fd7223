/* SPDX-License-Identifier: ISC */
/* keccak.c: SHA-3 and SHAKE. FIPS 202 sections 3, 4, 6. A lane is a word, least significant byte first;
 * lane x + 5 y of the standard's array. */
#include "keccak_kernel.h"

#include <holm/machine/level.h>
#include <holm/secret.h>

enum { STATE_BYTES = 200 };
enum domain { SHA3 = 0x06, SHAKE = 0x1f };

_Static_assert(LANES <= HOLM_HASH__WORDS, "a state of Keccak fits");

const uint64_t holm_keccak__constants[HOLM_KECCAK__ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};
static void begin(struct holm_hash_state *state)
{
    (void)state; /* all lanes are 0 */
}

static void absorb(struct holm_hash_state *state, struct holm_bytes blocks)
{
    if (!holm_level__keccak(state, blocks))
        blocks_absorb(state, blocks);
}

static void blocks_mix(struct holm_hash_state *state, struct holm_bytes blocks)
{
    state->len += blocks.len;
    absorb(state, blocks);
}

/* last_mix mixes in what is left, the bits that tell the algorithms apart, and the padding. */
static void last_mix(struct holm_hash_state *state, enum domain domain)
{
    size_t rate = state->hash->block_bytes;
    struct holm_bytes block = { 0 };
    struct holm_span rest = { 0 };

    holm_assert(holm_bytes_part(HOLM_BLOB(state->block), 0, rate, &block));
    if (state->used == rate) {
        blocks_mix(state, block);
        state->used = 0;
    }
    holm_assert(holm_span_part((struct holm_span){ state->block, sizeof state->block }, state->used,
                               rate - state->used, &rest));
    holm_span_fill(rest, 0);
    HOLM_AT(state->block, state->used) = (uint8_t)domain;
    HOLM_AT(state->block, rate - 1) |= 0x80;
    absorb(state, block);
}

void holm_keccak__permute(struct holm_keccak__four *four, size_t count)
{
    uint64_t lanes[LANES];

    if (count > 1 && holm_level__keccak_four(four))
        return;
    for (size_t n = 0; n < count; n++) {
        for (size_t i = 0; i < LANES; i++)
            HOLM_AT(lanes, i) = HOLM_AT(four->words, HOLM_KECCAK__FOUR * i + n);
        permute(lanes);
        for (size_t i = 0; i < LANES; i++)
            HOLM_AT(four->words, HOLM_KECCAK__FOUR * i + n) = HOLM_AT(lanes, i);
    }
    holm_secret_wipe(lanes, sizeof lanes);
}

static void squeeze(struct holm_hash_state *state, struct holm_span digest)
{
    struct holm_buffer out = holm_span_buffer(digest);

    for (size_t lane = 0; out.len < out.size; lane++) {
        if (lane == state->hash->block_bytes / 8) {
            permute(state->words);
            lane = 0;
        }
        holm_words__put_little(&out, HOLM_AT(state->words, lane), 8);
    }
}

static void finish_sha3(struct holm_hash_state *state, struct holm_span digest)
{
    last_mix(state, SHA3);
    squeeze(state, digest);
}

static void finish_shake(struct holm_hash_state *state, struct holm_span digest)
{
    last_mix(state, SHAKE);
    squeeze(state, digest);
}

const struct holm_hash holm_sha3_224 = { .name = HOLM_TEXT("SHA-3(224)"),
                                         .digest_bytes = 28,
                                         .block_bytes = STATE_BYTES - 2 * 28,
                                         .begin = begin,
                                         .blocks = blocks_mix,
                                         .finish = finish_sha3 };
const struct holm_hash holm_sha3_256 = { .name = HOLM_TEXT("SHA-3(256)"),
                                         .digest_bytes = 32,
                                         .block_bytes = STATE_BYTES - 2 * 32,
                                         .begin = begin,
                                         .blocks = blocks_mix,
                                         .finish = finish_sha3 };
const struct holm_hash holm_sha3_384 = { .name = HOLM_TEXT("SHA-3(384)"),
                                         .digest_bytes = 48,
                                         .block_bytes = STATE_BYTES - 2 * 48,
                                         .begin = begin,
                                         .blocks = blocks_mix,
                                         .finish = finish_sha3 };
const struct holm_hash holm_sha3_512 = { .name = HOLM_TEXT("SHA-3(512)"),
                                         .digest_bytes = 64,
                                         .block_bytes = STATE_BYTES - 2 * 64,
                                         .begin = begin,
                                         .blocks = blocks_mix,
                                         .finish = finish_sha3 };
const struct holm_hash holm_shake128 = { .name = HOLM_TEXT("SHAKE-128"),
                                         .digest_bytes = 32,
                                         .block_bytes = STATE_BYTES - 2 * 16,
                                         .extendable = true,
                                         .begin = begin,
                                         .blocks = blocks_mix,
                                         .finish = finish_shake };
const struct holm_hash holm_shake256 = { .name = HOLM_TEXT("SHAKE-256"),
                                         .digest_bytes = 64,
                                         .block_bytes = STATE_BYTES - 2 * 32,
                                         .extendable = true,
                                         .begin = begin,
                                         .blocks = blocks_mix,
                                         .finish = finish_shake };
