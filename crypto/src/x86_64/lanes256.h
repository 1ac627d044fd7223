/* SPDX-License-Identifier: ISC */
/* lanes256.h: two blocks side by side. The same names in each lanes*.h: a kernel is
 * written once. Numbers of polynomials have their bytes reversed, most significant first. */
#pragma once

#include "block128.h"

enum { LANES = 2 };

typedef __m256i lanes;
typedef __m256i_u lanes_anywhere; /* in memory, at any address */

/* lanes_of is one block in each lane. */
static inline lanes lanes_of(__m128i block)
{
    return _mm256_broadcastsi128_si256(block);
}

/* lanes_last is one block in the last lane, lanes_first in the first; zeroes in the others. */
static inline lanes lanes_last(__m128i block)
{
    return _mm256_inserti128_si256(_mm256_setzero_si256(), block, 1);
}

static inline lanes lanes_first(__m128i block)
{
    return _mm256_zextsi128_si256(block);
}

/* lanes_numbers is 0, 1 … in the lanes, the first word of each. */
static inline lanes lanes_numbers(void)
{
    return _mm256_set_epi32(0, 0, 0, 1, 0, 0, 0, 0);
}

/* lanes_fold is the sum of all lanes as polynomials. */
static inline __m128i lanes_fold(lanes a)
{
    return _mm_xor_si128(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
}

static inline lanes lanes_xor(lanes a, lanes b)
{
    return _mm256_xor_si256(a, b);
}

static inline lanes lanes_xor3(lanes a, lanes b, lanes c)
{
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}

/* lanes_add adds words of 32 bits, each modulo 2^32. */
static inline lanes lanes_add(lanes a, lanes b)
{
    return _mm256_add_epi32(a, b);
}

/* lanes_reversed reverses the bytes of each block. */
static inline lanes lanes_reversed(lanes a)
{
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    return _mm256_shuffle_epi8(a, lanes_of(order));
}

/* lanes_swapped swaps the halves of each block. */
static inline lanes lanes_swapped(lanes a)
{
    return _mm256_shuffle_epi32(a, 0x4e);
}

/* The steps of AES, as block128.h has them. */
static inline lanes lanes_begin(lanes state, block128 first)
{
    return lanes_xor(state, lanes_of(first));
}

static inline lanes lanes_round(lanes state, block128 key)
{
    return _mm256_aesenc_epi128(state, lanes_of(key));
}

static inline lanes lanes_end(lanes state, block128 before, lanes last)
{
    (void)before;
    return _mm256_aesenclast_epi128(state, last);
}

/* Products of halves: low by low, high by high, the high of a by the low of b, the low of a by the
 * high of b. */
static inline lanes lanes_low(lanes a, lanes b)
{
    return _mm256_clmulepi64_epi128(a, b, 0x00);
}

static inline lanes lanes_high(lanes a, lanes b)
{
    return _mm256_clmulepi64_epi128(a, b, 0x11);
}

static inline lanes lanes_high_low(lanes a, lanes b)
{
    return _mm256_clmulepi64_epi128(a, b, 0x01);
}

static inline lanes lanes_low_high(lanes a, lanes b)
{
    return _mm256_clmulepi64_epi128(a, b, 0x10);
}

/* lanes_part is a row of which there are some bytes, but not all: the others are 0. lanes_part_put puts
 * as many as span has room for, lanes_kept sets all but the first len to 0. */
static inline lanes lanes_part(struct holm_bytes bytes)
{
    struct holm_bytes first = { 0 };

    if (!holm_bytes_take(&bytes, sizeof(__m128i), &first))
        return _mm256_zextsi128_si256(block_part(bytes));
    return _mm256_set_m128i(block_part(bytes), block_part(first));
}

static inline void lanes_part_put(struct holm_span span, lanes a)
{
    struct holm_span first = { 0 }, rest = { 0 };

    if (!holm_span_part(span, 0, sizeof(__m128i), &first)) {
        block_part_put(span, _mm256_castsi256_si128(a));
        return;
    }
    block_part_put(first, _mm256_castsi256_si128(a));
    holm_assert(holm_span_part(span, first.len, span.len - first.len, &rest));
    block_part_put(rest, _mm256_extracti128_si256(a, 1));
}

static inline lanes lanes_kept(lanes a, size_t len)
{
    __m128i low = block_first(_mm256_castsi256_si128(a), len < 16 ? len : 16);
    __m128i high = block_first(_mm256_extracti128_si256(a, 1), len < 16 ? 0 : len - 16);

    return _mm256_set_m128i(high, low);
}
