/* SPDX-License-Identifier: ISC */
/* keccak_avx512.c: the permutation of SHA-3 and SHAKE, five lanes of the standard's array in a vector. FIPS
 * 202 section 3.2.
 *
 * Theta and rho work on planes: vector y has the lanes of all x. Pi moves each lane of plane x to another
 * place of the same vector, if that is taken for sheet x, which has the lanes of all y; so chi, which
 * works along x, needs no lane moved. Then sheets are turned back into planes. The last three words of a
 * vector are of no account. */
#include "../keccak.h"
#include "../words.h"

#include <holm/machine/level.h>
#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

enum { SIDE = 5, LAST = 1 << (SIDE - 1), ALL = (1 << SIDE) - 1 };

struct planes {
    __m512i y[SIDE];
};

INLINE __m512i all_of(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    return _mm512_set_epi64(0, 0, 0, (long long)e, (long long)d, (long long)c, (long long)b,
                            (long long)a);
}

INLINE __m512i xor3(__m512i a, __m512i b, __m512i c)
{
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

INLINE struct planes theta(struct planes p)
{
    __m512i columns = xor3(HOLM_AT(p.y, 0), HOLM_AT(p.y, 1), HOLM_AT(p.y, 2));
    columns = xor3(columns, HOLM_AT(p.y, 3), HOLM_AT(p.y, 4));
    __m512i left = _mm512_permutexvar_epi64(all_of(4, 0, 1, 2, 3), columns);
    __m512i right = _mm512_permutexvar_epi64(all_of(1, 2, 3, 4, 0), _mm512_rol_epi64(columns, 1));

#pragma clang loop unroll(full)
    for (size_t y = 0; y < SIDE; y++)
        HOLM_AT(p.y, y) = xor3(HOLM_AT(p.y, y), left, right);
    return p;
}

/* rho_pi_chi answers sheets. */
INLINE struct planes rho_pi_chi(struct planes p)
{
    const __m512i turns[SIDE] = { all_of(0, 1, 62, 28, 27), all_of(36, 44, 6, 55, 20),
                                  all_of(3, 10, 43, 25, 39), all_of(41, 45, 15, 21, 8),
                                  all_of(18, 2, 61, 56, 14) };
    /* place y of sheet x has lane 3 y + x of plane x */
    const __m512i moves[SIDE] = { all_of(0, 3, 1, 4, 2), all_of(1, 4, 2, 0, 3),
                                  all_of(2, 0, 3, 1, 4), all_of(3, 1, 4, 2, 0),
                                  all_of(4, 2, 0, 3, 1) };
    struct planes moved = { 0 }, made = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < SIDE; i++)
        HOLM_AT(moved.y, i) = _mm512_permutexvar_epi64(
            HOLM_AT(moves, i), _mm512_rolv_epi64(HOLM_AT(p.y, i), HOLM_AT(turns, i)));
#pragma clang loop unroll(full)
    for (size_t i = 0; i < SIDE; i++) /* a ^ (~b & c) */
        HOLM_AT(made.y, i) =
            _mm512_ternarylogic_epi64(HOLM_AT(moved.y, i), HOLM_AT(moved.y, (i + 1) % SIDE),
                                      HOLM_AT(moved.y, (i + 2) % SIDE), 0xd2);
    return made;
}

/* turned turns sheets into planes: pairs of two sheets first, then two pairs, then the last sheet. */
INLINE struct planes turned(struct planes s)
{
    const __m512i pairs[3] = { all_of(0, 1, 8, 9, 0), all_of(2, 3, 10, 11, 0),
                               all_of(4, 5, 12, 13, 0) };
    struct planes made = { 0 };

#pragma clang loop unroll(full)
    for (size_t y = 0; y < SIDE; y++) {
        __m512i first = y % 2 == 0 ? _mm512_unpacklo_epi64(HOLM_AT(s.y, 0), HOLM_AT(s.y, 1))
                                   : _mm512_unpackhi_epi64(HOLM_AT(s.y, 0), HOLM_AT(s.y, 1));
        __m512i second = y % 2 == 0 ? _mm512_unpacklo_epi64(HOLM_AT(s.y, 2), HOLM_AT(s.y, 3))
                                    : _mm512_unpackhi_epi64(HOLM_AT(s.y, 2), HOLM_AT(s.y, 3));
        __m512i four = _mm512_permutex2var_epi64(first, HOLM_AT(pairs, y / 2), second);
        HOLM_AT(made.y, y) = _mm512_mask_permutexvar_epi64(
            four, LAST, _mm512_set1_epi64((long long)y), HOLM_AT(s.y, 4));
    }
    return made;
}

INLINE struct planes permuted(struct planes p)
{
    for (size_t round = 0; round < HOLM_KECCAK__ROUNDS; round++) {
        struct planes sheets = rho_pi_chi(theta(p));
        HOLM_AT(sheets.y, 0) = _mm512_xor_si512(
            HOLM_AT(sheets.y, 0), all_of(HOLM_AT(holm_keccak__constants, round), 0, 0, 0, 0));
        p = turned(sheets);
    }
    return p;
}

/* block_load takes the lanes of the state that a block has; the others are 0. */
INLINE struct planes block_load(struct holm_bytes block)
{
    struct planes made = { 0 };
    size_t words = block.len / 8;

#pragma clang loop unroll(full)
    for (size_t y = 0; y < SIDE; y++) {
        size_t there = words > SIDE * y ? words - SIDE * y : 0;
        struct holm_bytes rest = { 0 };
        HOLM_AT(made.y, y) = _mm512_setzero_si512();
        if (!holm_bytes_from(block, 8 * SIDE * y, &rest) || there == 0)
            continue;
        HOLM_AT(made.y, y) =
            _mm512_maskz_loadu_epi64((__mmask8)(there >= SIDE ? ALL : (1U << there) - 1), rest.ptr);
    }
    return made;
}

void holm_keccak__avx512(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct holm_bytes block = { 0 };
    struct planes p = { 0 };

#pragma clang loop unroll(full)
    for (size_t y = 0; y < SIDE; y++)
        HOLM_AT(p.y, y) = _mm512_maskz_loadu_epi64(ALL, &HOLM_AT(state->words, SIDE * y));
    while (holm_bytes_take(&blocks, state->hash->block_bytes, &block)) {
        struct planes mixed = block_load(block);
#pragma clang loop unroll(full)
        for (size_t y = 0; y < SIDE; y++)
            HOLM_AT(p.y, y) = _mm512_xor_si512(HOLM_AT(p.y, y), HOLM_AT(mixed.y, y));
        p = permuted(p);
    }
#pragma clang loop unroll(full)
    for (size_t y = 0; y < SIDE; y++)
        _mm512_mask_storeu_epi64(&HOLM_AT(state->words, SIDE * y), ALL, HOLM_AT(p.y, y));
}
