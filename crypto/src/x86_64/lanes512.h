/* SPDX-License-Identifier: ISC */
/* lanes512.h: four blocks side by side. The same names in each lanes*.h: a kernel is
 * written once. Numbers of polynomials have their bytes reversed, most significant first. */
#pragma once

#include "block128.h"

enum { LANES = 4 };

typedef __m512i lanes;
typedef __m512i_u lanes_anywhere; /* in memory, at any address */

/* lanes_of is one block in each lane. */
static inline lanes lanes_of(__m128i block)
{
    return _mm512_broadcast_i32x4(block);
}

/* lanes_last is one block in the last lane, lanes_first in the first; zeroes in the others. */
static inline lanes lanes_last(__m128i block)
{
    return _mm512_inserti32x4(_mm512_setzero_si512(), block, 3);
}

static inline lanes lanes_first(__m128i block)
{
    return _mm512_zextsi128_si512(block);
}

/* lanes_numbers is 0, 1 … in the lanes, the first word of each. */
static inline lanes lanes_numbers(void)
{
    return _mm512_set_epi32(0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0);
}

/* lanes_fold is the sum of all lanes as polynomials. */
static inline __m128i lanes_fold(lanes a)
{
    __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));

    return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

static inline lanes lanes_xor(lanes a, lanes b)
{
    return _mm512_xor_si512(a, b);
}

static inline lanes lanes_xor3(lanes a, lanes b, lanes c)
{
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

/* lanes_add adds words of 32 bits, each modulo 2^32. */
static inline lanes lanes_add(lanes a, lanes b)
{
    return _mm512_add_epi32(a, b);
}

/* lanes_reversed reverses the bytes of each block. */
static inline lanes lanes_reversed(lanes a)
{
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    return _mm512_shuffle_epi8(a, lanes_of(order));
}

/* lanes_swapped swaps the halves of each block. */
static inline lanes lanes_swapped(lanes a)
{
    return _mm512_shuffle_epi32(a, 0x4e);
}

/* The steps of AES, as block128.h has them. */
static inline lanes lanes_begin(lanes state, block128 first)
{
    return lanes_xor(state, lanes_of(first));
}

static inline lanes lanes_round(lanes state, block128 key)
{
    return _mm512_aesenc_epi128(state, lanes_of(key));
}

static inline lanes lanes_end(lanes state, block128 before, lanes last)
{
    (void)before;
    return _mm512_aesenclast_epi128(state, last);
}

/* Products of halves: low by low, high by high, the high of a by the low of b, the low of a by the
 * high of b. */
static inline lanes lanes_low(lanes a, lanes b)
{
    return _mm512_clmulepi64_epi128(a, b, 0x00);
}

static inline lanes lanes_high(lanes a, lanes b)
{
    return _mm512_clmulepi64_epi128(a, b, 0x11);
}

static inline lanes lanes_high_low(lanes a, lanes b)
{
    return _mm512_clmulepi64_epi128(a, b, 0x01);
}

static inline lanes lanes_low_high(lanes a, lanes b)
{
    return _mm512_clmulepi64_epi128(a, b, 0x10);
}

/* lanes_part is a row of which there are some bytes, but not all: the others are 0. lanes_part_put puts
 * as many as span has room for, lanes_kept sets all but the first len to 0. */
static inline __mmask64 lanes__first(size_t len)
{
    holm_assert(len < 64);
    return (UINT64_C(1) << len) - 1;
}

static inline lanes lanes_part(struct holm_bytes bytes)
{
    return _mm512_maskz_loadu_epi8(lanes__first(bytes.len), bytes.ptr);
}

static inline void lanes_part_put(struct holm_span span, lanes a)
{
    _mm512_mask_storeu_epi8(span.ptr, lanes__first(span.len), a);
}

static inline lanes lanes_kept(lanes a, size_t len)
{
    return _mm512_maskz_mov_epi8(lanes__first(len), a);
}
