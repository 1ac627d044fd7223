/* SPDX-License-Identifier: ISC */
/* words256.h: vectors of eight words, of AVX2. What the names mean: words128.h. */
#pragma once

#include <holm/bytes.h>
#include <immintrin.h>

enum { LANES = 8 };

typedef uint32_t words __attribute__((vector_size(32)));
typedef uint32_t words_anywhere __attribute__((vector_size(32), aligned(1), may_alias));

struct quad {
    words words[4];
};

static inline words words_row(const uint32_t *from)
{
    const void *place = from;

    return (words)_mm256_broadcastsi128_si256(_mm_loadu_si128(place));
}

static inline words words_left(words a)
{
    return (words)_mm256_shuffle_epi32((__m256i)a, 0x39);
}

static inline words words_across(words a)
{
    return (words)_mm256_shuffle_epi32((__m256i)a, 0x4e);
}

static inline words words_right(words a)
{
    return (words)_mm256_shuffle_epi32((__m256i)a, 0x93);
}

static inline words words_numbers(void)
{
    return (words){ 0, 1, 2, 3, 4, 5, 6, 7 };
}

static inline words words_numbers_of_rows(uint32_t first)
{
    return (words){ first, 0, 0, 0, first + 1, 0, 0, 0 };
}

static inline struct quad quad_turned(words a, words b, words c, words d)
{
    __m256i ab = _mm256_unpacklo_epi32((__m256i)a, (__m256i)b);
    __m256i ab_high = _mm256_unpackhi_epi32((__m256i)a, (__m256i)b);
    __m256i cd = _mm256_unpacklo_epi32((__m256i)c, (__m256i)d);
    __m256i cd_high = _mm256_unpackhi_epi32((__m256i)c, (__m256i)d);

    return (struct quad){ { (words)_mm256_unpacklo_epi64(ab, cd),
                            (words)_mm256_unpackhi_epi64(ab, cd),
                            (words)_mm256_unpacklo_epi64(ab_high, cd_high),
                            (words)_mm256_unpackhi_epi64(ab_high, cd_high) } };
}

static inline struct quad quad_gathered(words a, words b, words c, words d)
{
    return (struct quad){ { (words)_mm256_permute2x128_si256((__m256i)a, (__m256i)b, 0x20),
                            (words)_mm256_permute2x128_si256((__m256i)c, (__m256i)d, 0x20),
                            (words)_mm256_permute2x128_si256((__m256i)a, (__m256i)b, 0x31),
                            (words)_mm256_permute2x128_si256((__m256i)c, (__m256i)d, 0x31) } };
}

static inline words words_little(words a)
{
    return a;
}

static inline void words_part_xor(struct holm_span out, struct holm_bytes in, words stream)
{
    uint8_t room[sizeof(words)] = { 0 };
    struct holm_buffer filling = HOLM_BUFFER(room), to = holm_span_buffer(out);
    struct holm_bytes made = { 0 };
    void *place = room;

    holm_assert(holm_buffer_bytes(&filling, in));
    *(words_anywhere *)place ^= stream;
    holm_assert(holm_bytes_part(HOLM_BLOB(room), 0, in.len, &made) && holm_buffer_bytes(&to, made));
}
