/* SPDX-License-Identifier: ISC */
/* block128.h: a block of 128 bits in a register, of x86_64 with AES-NI and PCLMULQDQ. The same
 * names in each block128.h: a kernel is written once. Numbers of polynomials have their bytes
 * reversed, most significant first. */
#pragma once

#include "../block_part.h"

#include <holm/aes.h>
#include <immintrin.h>

typedef __m128i block128;
typedef __m128i_u block128_anywhere; /* in memory, at any address */

/* A round ends with the sum with its own key; the first key is added before. */
enum { BLOCK_KEY_BEFORE = 0 };

static inline block128 block_load(const struct holm_block *block)
{
    const void *from = block;

    return _mm_loadu_si128(from);
}

static inline void block_store(struct holm_block *block, block128 value)
{
    void *to = block;

    _mm_storeu_si128(to, value);
}

static inline block128 block_zero(void)
{
    return _mm_setzero_si128();
}

/* The words of a block, the first bytes in the low one. */
static inline block128 block_of_words(uint64_t high, uint64_t low)
{
    return _mm_set_epi64x((long long)high, (long long)low);
}

static inline struct block_words block_words_of(block128 block)
{
    return (struct block_words){ (uint64_t)_mm_cvtsi128_si64(block),
                                 (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(block, block)) };
}

/* block_part is a block of up to 16 bytes; those that it lacks are 0. block_part_put puts the
 * first bytes that span has room for, block_first sets all but the first len to 0. */
static inline block128 block_part(struct holm_bytes bytes)
{
    struct block_words words = block_words_part(bytes);

    return block_of_words(words.high, words.low);
}

static inline void block_part_put(struct holm_span span, block128 block)
{
    block_words_part_put(span, block_words_of(block));
}

static inline block128 block_first(block128 block, size_t len)
{
    const __m128i places = _mm_set_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    holm_assert(len <= 16);
    return _mm_and_si128(block, _mm_cmpgt_epi8(_mm_set1_epi8((char)len), places));
}

static inline block128 block_xor(block128 a, block128 b)
{
    return _mm_xor_si128(a, b);
}

/* block_add adds words of 32 bits, each modulo 2^32. */
static inline block128 block_add(block128 a, block128 b)
{
    return _mm_add_epi32(a, b);
}

/* block_reversed reverses the bytes, block_swapped swaps the halves. */
static inline block128 block_reversed(block128 block)
{
    return _mm_shuffle_epi8(block,
                            _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

static inline block128 block_swapped(block128 block)
{
    return _mm_shuffle_epi32(block, 0x4e);
}

/* Products of halves as polynomials: low by low, high by high, the high of a by the low of b,
 * the low of a by the high of b. */
static inline block128 block_low(block128 a, block128 b)
{
    return _mm_clmulepi64_si128(a, b, 0x00);
}

static inline block128 block_high(block128 a, block128 b)
{
    return _mm_clmulepi64_si128(a, b, 0x11);
}

static inline block128 block_high_low(block128 a, block128 b)
{
    return _mm_clmulepi64_si128(a, b, 0x01);
}

static inline block128 block_low_high(block128 a, block128 b)
{
    return _mm_clmulepi64_si128(a, b, 0x10);
}

/* AES: block_begin with the first key, block_round with that of the round, or where
 * BLOCK_KEY_BEFORE is 1 the one before it; block_end with the last, and the one before. */
static inline block128 block_begin(block128 state, block128 first)
{
    return _mm_xor_si128(state, first);
}

static inline block128 block_round(block128 state, block128 key)
{
    return _mm_aesenc_si128(state, key);
}

static inline block128 block_end(block128 state, block128 before, block128 last)
{
    (void)before;
    return _mm_aesenclast_si128(state, last);
}

/* The same of the equivalent inverse cipher, and what makes the keys of its rounds: FIPS 197
 * section 5.3.5. */
static inline block128 block_back_round(block128 state, block128 key)
{
    return _mm_aesdec_si128(state, key);
}

static inline block128 block_back_end(block128 state, block128 before, block128 last)
{
    (void)before;
    return _mm_aesdeclast_si128(state, last);
}

static inline block128 block_back_key(block128 key)
{
    return _mm_aesimc_si128(key);
}

/* block_word_substituted substitutes the four bytes of a word: where all columns are the same,
 * turning rows changes nothing. */
static inline uint32_t block_word_substituted(uint32_t word)
{
    __m128i columns = _mm_set1_epi32((int)word);

    return (uint32_t)_mm_cvtsi128_si32(_mm_aesenclast_si128(columns, _mm_setzero_si128()));
}
