/* SPDX-License-Identifier: ISC */
/* keccak_kernel.h: the permutation in words of 64 bits. FIPS 202 section 3.2. A lane is a word, least
 * significant byte first; lane x + 5 y of the standard's array. Compiled for the instructions of the file
 * that it is in. */
#include "keccak.h"
#include "words.h"

#include <holm/wrap.h>

enum { LANES = 25, ROUNDS = HOLM_KECCAK__ROUNDS };

/* Rho and pi in one: the lane that a step goes to, and by how many bits it turns what it takes along. */
static const uint8_t places[ROUNDS] = {
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
};
static const uint8_t turns[ROUNDS] = {
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
};

static inline __attribute__((always_inline)) void theta(uint64_t lanes[LANES])
{
    uint64_t columns[5] = { 0 };

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

static inline __attribute__((always_inline)) void rho_pi(uint64_t lanes[LANES])
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

static inline __attribute__((always_inline)) void chi(uint64_t lanes[LANES])
{
#pragma clang loop unroll(full)
    for (size_t y = 0; y < LANES; y += 5) {
        uint64_t row[5] = { 0 };
#pragma clang loop unroll(full)
        for (size_t x = 0; x < 5; x++)
            HOLM_AT(row, x) = HOLM_NTH(lanes, LANES, y + x);
#pragma clang loop unroll(full)
        for (size_t x = 0; x < 5; x++)
            HOLM_NTH(lanes, LANES, y + x) =
                HOLM_AT(row, x) ^ (~HOLM_AT(row, (x + 1) % 5) & HOLM_AT(row, (x + 2) % 5));
    }
}

/* permute works on a copy, which no pointer leads to and so is in registers as far as they go. */
static void permute(uint64_t state[LANES])
{
    uint64_t lanes[LANES] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LANES; i++)
        HOLM_AT(lanes, i) = HOLM_NTH(state, LANES, i);
    for (size_t i = 0; i < ROUNDS; i++) {
        theta(lanes);
        rho_pi(lanes);
        chi(lanes);
        lanes[0] ^= HOLM_AT(holm_keccak__constants, i);
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LANES; i++)
        HOLM_NTH(state, LANES, i) = HOLM_AT(lanes, i);
}

/* blocks_absorb mixes whole blocks in. */
static void blocks_absorb(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct holm_bytes block = { 0 };

    while (holm_bytes_take(&blocks, state->hash->block_bytes, &block)) {
        for (size_t i = 0; i < block.len / 8; i++)
            HOLM_AT(state->words, i) ^= holm_words__little64(block, i);
        permute(state->words);
    }
}
