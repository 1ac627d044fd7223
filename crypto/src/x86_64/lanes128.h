/* SPDX-License-Identifier: ISC */
/* lanes128.h: a block of 128 bits. The same names in each lanes*.h: a kernel is
 * written once. Numbers of polynomials have their bytes reversed, most significant first. */
#pragma once

#include "block_part.h"

enum { LANES = 1 };

typedef __m128i lanes;
typedef __m128i_u lanes_anywhere; /* in memory, at any address */

/* lanes_of is one block in each lane. */
static inline lanes lanes_of(__m128i block)
{
    return block;
}

/* lanes_last is one block in the last lane, lanes_first in the first; zeroes in the others. */
static inline lanes lanes_last(__m128i block)
{
    return block;
}

static inline lanes lanes_first(__m128i block)
{
    return block;
}

/* lanes_numbers is 0, 1 … in the lanes, the first word of each. */
static inline lanes lanes_numbers(void)
{
    return _mm_setzero_si128();
}

/* lanes_fold is the sum of all lanes as polynomials. */
static inline __m128i lanes_fold(lanes a)
{
    return a;
}

static inline lanes lanes_xor(lanes a, lanes b)
{
    return _mm_xor_si128(a, b);
}

static inline lanes lanes_xor3(lanes a, lanes b, lanes c)
{
    return _mm_xor_si128(_mm_xor_si128(a, b), c);
}

/* lanes_add adds words of 32 bits, each modulo 2^32. */
static inline lanes lanes_add(lanes a, lanes b)
{
    return _mm_add_epi32(a, b);
}

/* lanes_reversed reverses the bytes of each block. */
static inline lanes lanes_reversed(lanes a)
{
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    return _mm_shuffle_epi8(a, lanes_of(order));
}

/* lanes_swapped swaps the halves of each block. */
static inline lanes lanes_swapped(lanes a)
{
    return _mm_shuffle_epi32(a, 0x4e);
}

static inline lanes lanes_round(lanes state, __m128i key)
{
    return _mm_aesenc_si128(state, lanes_of(key));
}

static inline lanes lanes_round_last(lanes state, lanes key)
{
    return _mm_aesenclast_si128(state, key);
}

/* Products of halves: low by low, high by high, the high of a by the low of b, the low of a by the
 * high of b. */
static inline lanes lanes_low(lanes a, lanes b)
{
    return _mm_clmulepi64_si128(a, b, 0x00);
}

static inline lanes lanes_high(lanes a, lanes b)
{
    return _mm_clmulepi64_si128(a, b, 0x11);
}

static inline lanes lanes_high_low(lanes a, lanes b)
{
    return _mm_clmulepi64_si128(a, b, 0x01);
}

static inline lanes lanes_low_high(lanes a, lanes b)
{
    return _mm_clmulepi64_si128(a, b, 0x10);
}

/* lanes_part is a row of which there are some bytes, but not all: the others are 0. lanes_part_put puts
 * as many as span has room for, lanes_kept sets all but the first len to 0. */
static inline lanes lanes_part(struct holm_bytes bytes)
{
    return block_part(bytes);
}

static inline void lanes_part_put(struct holm_span span, lanes a)
{
    block_part_put(span, a);
}

static inline lanes lanes_kept(lanes a, size_t len)
{
    return block_first(a, len);
}
