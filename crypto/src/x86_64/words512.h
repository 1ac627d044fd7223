/* SPDX-License-Identifier: ISC */
/* words512.h: vectors of sixteen words, of AVX-512. What the names mean: words128.h. */
#pragma once

#include <holm/bytes.h>
#include <immintrin.h>

enum { LANES = 16 };

typedef uint32_t words __attribute__((vector_size(64)));
typedef uint32_t words_anywhere __attribute__((vector_size(64), aligned(1), may_alias));

struct quad {
    words words[4];
};

static inline words words_row(const uint32_t *from)
{
    const void *place = from;

    return (words)_mm512_broadcast_i32x4(_mm_loadu_si128(place));
}

static inline words words_left(words a)
{
    return (words)_mm512_shuffle_epi32((__m512i)a, 0x39);
}

static inline words words_across(words a)
{
    return (words)_mm512_shuffle_epi32((__m512i)a, 0x4e);
}

static inline words words_right(words a)
{
    return (words)_mm512_shuffle_epi32((__m512i)a, 0x93);
}

static inline words words_numbers(void)
{
    return (words){ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
}

static inline words words_numbers_of_rows(uint32_t first)
{
    return (words){ first, 0, 0, 0, first + 1, 0, 0, 0, first + 2, 0, 0, 0, first + 3, 0, 0, 0 };
}

static inline struct quad quad_turned(words a, words b, words c, words d)
{
    __m512i ab = _mm512_unpacklo_epi32((__m512i)a, (__m512i)b);
    __m512i ab_high = _mm512_unpackhi_epi32((__m512i)a, (__m512i)b);
    __m512i cd = _mm512_unpacklo_epi32((__m512i)c, (__m512i)d);
    __m512i cd_high = _mm512_unpackhi_epi32((__m512i)c, (__m512i)d);

    return (struct quad){ { (words)_mm512_unpacklo_epi64(ab, cd),
                            (words)_mm512_unpackhi_epi64(ab, cd),
                            (words)_mm512_unpacklo_epi64(ab_high, cd_high),
                            (words)_mm512_unpackhi_epi64(ab_high, cd_high) } };
}

static inline struct quad quad_gathered(words a, words b, words c, words d)
{
    __m512i ab = _mm512_shuffle_i32x4((__m512i)a, (__m512i)b, 0x44);
    __m512i ab_high = _mm512_shuffle_i32x4((__m512i)a, (__m512i)b, 0xee);
    __m512i cd = _mm512_shuffle_i32x4((__m512i)c, (__m512i)d, 0x44);
    __m512i cd_high = _mm512_shuffle_i32x4((__m512i)c, (__m512i)d, 0xee);

    return (struct quad){ { (words)_mm512_shuffle_i32x4(ab, cd, 0x88),
                            (words)_mm512_shuffle_i32x4(ab, cd, 0xdd),
                            (words)_mm512_shuffle_i32x4(ab_high, cd_high, 0x88),
                            (words)_mm512_shuffle_i32x4(ab_high, cd_high, 0xdd) } };
}

static inline words words_little(words a)
{
    return a;
}

static inline void words_part_xor(struct holm_span out, struct holm_bytes in, words stream)
{
    const __mmask64 there = (UINT64_C(1) << in.len % 64) - 1;

    holm_assert(in.len < sizeof(words) && out.len == in.len);
    __m512i text = _mm512_maskz_loadu_epi8(there, in.ptr);
    _mm512_mask_storeu_epi8(out.ptr, there, _mm512_xor_si512(text, (__m512i)stream));
}
