/* SPDX-License-Identifier: ISC */
/* lanes128.h: one block; the machine's block128.h is included before. The same names in each
 * lanes*.h: a kernel is written once. */
#pragma once

enum { LANES = 1 };

typedef block128 lanes;
typedef block128_anywhere lanes_anywhere; /* in memory, at any address */

/* lanes_of is one block in each lane. */
static inline lanes lanes_of(block128 block)
{
    return block;
}

/* lanes_last is one block in the last lane, lanes_first in the first; zeroes in the others. */
static inline lanes lanes_last(block128 block)
{
    return block;
}

static inline lanes lanes_first(block128 block)
{
    return block;
}

/* lanes_numbers is 0, 1 … in the lanes, the first word of each. */
static inline lanes lanes_numbers(void)
{
    return block_zero();
}

/* lanes_fold is the sum of all lanes as polynomials. */
static inline block128 lanes_fold(lanes a)
{
    return a;
}

static inline lanes lanes_xor(lanes a, lanes b)
{
    return block_xor(a, b);
}

static inline lanes lanes_xor3(lanes a, lanes b, lanes c)
{
    return block_xor(block_xor(a, b), c);
}

/* lanes_add adds words of 32 bits, each modulo 2^32. */
static inline lanes lanes_add(lanes a, lanes b)
{
    return block_add(a, b);
}

/* lanes_reversed reverses the bytes of each block. */
static inline lanes lanes_reversed(lanes a)
{
    return block_reversed(a);
}

/* lanes_swapped swaps the halves of each block. */
static inline lanes lanes_swapped(lanes a)
{
    return block_swapped(a);
}

/* The steps of AES, as block128.h has them. */
static inline lanes lanes_begin(lanes state, block128 first)
{
    return block_begin(state, first);
}

static inline lanes lanes_round(lanes state, block128 key)
{
    return block_round(state, key);
}

static inline lanes lanes_end(lanes state, block128 before, lanes last)
{
    return block_end(state, before, last);
}

/* Products of halves: low by low, high by high, the high of a by the low of b, the low of a by the
 * high of b. */
static inline lanes lanes_low(lanes a, lanes b)
{
    return block_low(a, b);
}

static inline lanes lanes_high(lanes a, lanes b)
{
    return block_high(a, b);
}

static inline lanes lanes_high_low(lanes a, lanes b)
{
    return block_high_low(a, b);
}

static inline lanes lanes_low_high(lanes a, lanes b)
{
    return block_low_high(a, b);
}

/* lanes_part is a row of which there are some bytes, but not all: the others are 0.
 * lanes_part_put puts as many as span has room for, lanes_kept sets all but the first len to 0. */
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
