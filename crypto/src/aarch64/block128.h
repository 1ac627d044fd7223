/* SPDX-License-Identifier: ISC */
/* block128.h: a block of 128 bits in a register, of aarch64 with the instructions for AES and
 * PMULL. The same names in each block128.h: a kernel is written once. Numbers of polynomials
 * have their bytes reversed, most significant first. */
#pragma once

#include "../block_part.h"

#include <arm_neon.h>
#include <holm/aes.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words begin with their least byte");

typedef uint8x16_t block128;
typedef uint8x16_t block128_anywhere __attribute__((aligned(1))); /* in memory, at any address */

/* A round begins with the sum with the key before its own. */
enum { BLOCK_KEY_BEFORE = 1 };

static inline block128 block_load(const struct holm_block *block)
{
    return vld1q_u8(block->bytes);
}

static inline void block_store(struct holm_block *block, block128 value)
{
    vst1q_u8(block->bytes, value);
}

static inline block128 block_zero(void)
{
    return vdupq_n_u8(0);
}

/* The words of a block, the first bytes in the low one. */
static inline block128 block_of_words(uint64_t high, uint64_t low)
{
    return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high)));
}

static inline struct block_words block_words_of(block128 block)
{
    uint64x2_t words = vreinterpretq_u64_u8(block);

    return (struct block_words){ vgetq_lane_u64(words, 0), vgetq_lane_u64(words, 1) };
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
    const uint8x16_t places = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

    holm_assert(len <= 16);
    return vandq_u8(block, vcltq_u8(places, vdupq_n_u8((uint8_t)len)));
}

static inline block128 block_xor(block128 a, block128 b)
{
    return veorq_u8(a, b);
}

/* block_add adds words of 32 bits, each modulo 2^32. */
static inline block128 block_add(block128 a, block128 b)
{
    return vreinterpretq_u8_u32(vaddq_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b)));
}

/* block_reversed reverses the bytes, block_swapped swaps the halves. */
static inline block128 block_swapped(block128 block)
{
    return vextq_u8(block, block, 8);
}

static inline block128 block_reversed(block128 block)
{
    return block_swapped(vrev64q_u8(block));
}

/* Products of halves as polynomials: low by low, high by high, the high of a by the low of b,
 * the low of a by the high of b. */
static inline block128 block_low(block128 a, block128 b)
{
    return vreinterpretq_u8_p128(vmull_p64(vgetq_lane_p64(vreinterpretq_p64_u8(a), 0),
                                           vgetq_lane_p64(vreinterpretq_p64_u8(b), 0)));
}

static inline block128 block_high(block128 a, block128 b)
{
    return vreinterpretq_u8_p128(vmull_high_p64(vreinterpretq_p64_u8(a), vreinterpretq_p64_u8(b)));
}

static inline block128 block_high_low(block128 a, block128 b)
{
    return block_low(block_swapped(a), b);
}

static inline block128 block_low_high(block128 a, block128 b)
{
    return block_low(a, block_swapped(b));
}

/* AES: block_begin with the first key, block_round with that of the round, or where
 * BLOCK_KEY_BEFORE is 1 the one before it; block_end with the last, and the one before. */
static inline block128 block_begin(block128 state, block128 first)
{
    (void)first;
    return state;
}

static inline block128 block_round(block128 state, block128 key)
{
    return vaesmcq_u8(vaeseq_u8(state, key));
}

static inline block128 block_end(block128 state, block128 before, block128 last)
{
    return veorq_u8(vaeseq_u8(state, before), last);
}

/* The same of the equivalent inverse cipher, and what makes the keys of its rounds: FIPS 197
 * section 5.3.5. */
static inline block128 block_back_round(block128 state, block128 key)
{
    return vaesimcq_u8(vaesdq_u8(state, key));
}

static inline block128 block_back_end(block128 state, block128 before, block128 last)
{
    return veorq_u8(vaesdq_u8(state, before), last);
}

static inline block128 block_back_key(block128 key)
{
    return vaesimcq_u8(key);
}

/* block_word_substituted substitutes the four bytes of a word: where all columns are the same,
 * turning rows changes nothing. */
static inline uint32_t block_word_substituted(uint32_t word)
{
    uint8x16_t columns = vreinterpretq_u8_u32(vdupq_n_u32(word));

    return vgetq_lane_u32(vreinterpretq_u32_u8(vaeseq_u8(columns, vdupq_n_u8(0))), 0);
}
