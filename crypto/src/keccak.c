/* SPDX-License-Identifier: ISC */
/* keccak.c: SHA-3 and SHAKE. FIPS 202 sections 3, 4, 6. A lane is a word, least significant byte first;
 * lane x + 5 y of the standard's array. */
#include "words.h"

#include <holm/hash.h>
#include <holm/wrap.h>

enum { LANES = 25, ROUNDS = 24, STATE_BYTES = 200 };
enum domain { SHA3 = 0x06, SHAKE = 0x1f };

_Static_assert(LANES <= HOLM_HASH__WORDS, "a state of Keccak fits");

static const uint64_t constants[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};
/* Rho and pi in one: the lane that a step goes to, and by how many bits it turns what it takes along. */
static const uint8_t places[ROUNDS] = {
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
};
static const uint8_t turns[ROUNDS] = {
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
};

static void theta(uint64_t lanes[LANES])
{
    uint64_t columns[5];

#pragma clang loop unroll(full)
    for (size_t x = 0; x < 5; x++)
        HOLM_AT(columns, x) = HOLM_NTH(lanes, LANES, x) ^ HOLM_NTH(lanes, LANES, x + 5) ^
                              HOLM_NTH(lanes, LANES, x + 10) ^ HOLM_NTH(lanes, LANES, x + 15) ^
                              HOLM_NTH(lanes, LANES, x + 20);
#pragma clang loop unroll(full)
    for (size_t x = 0; x < 5; x++) {
        uint64_t with =
            HOLM_AT(columns, (x + 4) % 5) ^ holm_u64_rotate(HOLM_AT(columns, (x + 1) % 5), 1);
#pragma clang loop unroll(full)
        for (size_t y = 0; y < LANES; y += 5)
            HOLM_NTH(lanes, LANES, y + x) ^= with;
    }
}

static void rho_pi(uint64_t lanes[LANES])
{
    uint64_t taken = HOLM_NTH(lanes, LANES, 1);

#pragma clang loop unroll(full)
    for (size_t i = 0; i < ROUNDS; i++) {
        uint64_t *place = &HOLM_NTH(lanes, LANES, HOLM_AT(places, i));
        uint64_t before = *place;
        *place = holm_u64_rotate(taken, HOLM_AT(turns, i));
        taken = before;
    }
}

static void chi(uint64_t lanes[LANES])
{
#pragma clang loop unroll(full)
    for (size_t y = 0; y < LANES; y += 5) {
        uint64_t row[5];
#pragma clang loop unroll(full)
        for (size_t x = 0; x < 5; x++)
            HOLM_AT(row, x) = HOLM_NTH(lanes, LANES, y + x);
#pragma clang loop unroll(full)
        for (size_t x = 0; x < 5; x++)
            HOLM_NTH(lanes, LANES, y + x) =
                HOLM_AT(row, x) ^ (~HOLM_AT(row, (x + 1) % 5) & HOLM_AT(row, (x + 2) % 5));
    }
}

static void permute(uint64_t lanes[LANES])
{
    for (size_t i = 0; i < ROUNDS; i++) {
        theta(lanes);
        rho_pi(lanes);
        chi(lanes);
        HOLM_NTH(lanes, LANES, 0) ^= HOLM_AT(constants, i);
    }
}

static void begin(struct holm_hash_state *state)
{
    (void)state; /* all lanes are 0 */
}

static void absorb(struct holm_hash_state *state, struct holm_bytes block)
{
    for (size_t i = 0; i < block.len / 8; i++)
        HOLM_AT(state->words, i) ^= holm_words__little64(block, i);
    permute(state->words);
}

static void blocks_mix(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct holm_bytes block = { 0 };

    state->len += blocks.len;
    while (holm_bytes_take(&blocks, state->hash->block_bytes, &block))
        absorb(state, block);
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
