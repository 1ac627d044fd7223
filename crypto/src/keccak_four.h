/* SPDX-License-Identifier: ISC */
/* keccak_four.h: the permutation of four states side by side, SIDE of them in a vector, for each
 * word one. FIPS 202 section 3.2. Compiled for the instructions of the file that it is in, which
 * says before how many SIDE is. */
#include "keccak.h"

#define INLINE static inline __attribute__((always_inline))

enum { LANES = HOLM_KECCAK__WORDS, FOUR = HOLM_KECCAK__FOUR, ROUNDS = HOLM_KECCAK__ROUNDS };

typedef uint64_t lanes __attribute__((vector_size(8 * SIDE)));

struct states {
    lanes lanes[LANES];
};

INLINE lanes lanes_turned(lanes word, unsigned bits)
{
    return bits == 0 ? word : word << bits | word >> (64 - bits);
}

INLINE void theta(struct states *s)
{
    lanes columns[5] = { 0 };

#pragma clang loop unroll(full)
    for (size_t x = 0; x < 5; x++)
        HOLM_AT(columns, x) = HOLM_AT(s->lanes, x) ^ HOLM_AT(s->lanes, x + 5) ^
                              HOLM_AT(s->lanes, x + 10) ^ HOLM_AT(s->lanes, x + 15) ^
                              HOLM_AT(s->lanes, x + 20);
#pragma clang loop unroll(full)
    for (size_t x = 0; x < 5; x++) {
        lanes with = HOLM_AT(columns, (x + 4) % 5) ^ lanes_turned(HOLM_AT(columns, (x + 1) % 5), 1);
#pragma clang loop unroll(full)
        for (size_t y = 0; y < LANES; y += 5)
            HOLM_AT(s->lanes, y + x) ^= with;
    }
}

/* Rho, pi and chi, row by row of what comes out: place x of row y is that of x and 3 y + x
 * before. */
INLINE struct states rho_pi_chi(const struct states *s)
{
    static const uint8_t turns[LANES] = { 0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                          25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14 };
    struct states out = { 0 };

#pragma clang loop unroll(full)
    for (size_t y = 0; y < 5; y++) {
        lanes row[5] = { 0 };
#pragma clang loop unroll(full)
        for (size_t x = 0; x < 5; x++) {
            size_t from = 5 * x + (x + 3 * y) % 5;
            HOLM_AT(row, x) = lanes_turned(HOLM_AT(s->lanes, from), HOLM_AT(turns, from));
        }
#pragma clang loop unroll(full)
        for (size_t x = 0; x < 5; x++)
            HOLM_AT(out.lanes, 5 * y + x) =
                HOLM_AT(row, x) ^ (~HOLM_AT(row, (x + 1) % 5) & HOLM_AT(row, (x + 2) % 5));
    }
    return out;
}

/* some_permute permutes SIDE states, from first on. */
INLINE void some_permute(struct holm_keccak__four *four, size_t first)
{
    struct states s = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LANES; i++) {
        const void *from = &HOLM_AT(four->words, FOUR * i + first);
        HOLM_AT(s.lanes, i) = *(const lanes *)from;
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        theta(&s);
        s = rho_pi_chi(&s);
        HOLM_AT(s.lanes, 0) ^= HOLM_AT(holm_keccak__constants, round);
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LANES; i++) {
        void *to = &HOLM_AT(four->words, FOUR * i + first);
        *(lanes *)to = HOLM_AT(s.lanes, i);
    }
}

INLINE void four_permute(struct holm_keccak__four *four)
{
    for (size_t first = 0; first < FOUR; first += SIDE)
        some_permute(four, first);
}
