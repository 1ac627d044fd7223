/* SPDX-License-Identifier: ISC */
/* ghash.c: products of polynomials by the machine's multiplication, which takes the same time for all
 * numbers on the machines that Holm runs on: of each number only every fourth bit is multiplied at a
 * time, so that what is carried stays in the three bits between, and is masked away. */
#include "ghash.h"

#include "words.h"

#include <holm/wrap.h>

enum { PARTS = 4 };

/* part is every fourth bit of a word, from one on. */
static uint64_t part(uint64_t word, unsigned from)
{
    return word & UINT64_C(0x1111111111111111) << from;
}

/* product_low is the lower half of the product of two polynomials, least significant bit first. A part
 * has 16 bits, so at most 15 is summed up in a place, but for the highest, where a carry is lost. */
static uint64_t product_low(uint64_t a, uint64_t b)
{
    uint64_t product = 0;

    for (unsigned to = 0; to < PARTS; to++) {
        uint64_t sum = 0;
        for (unsigned from = 0; from < PARTS; from++)
            sum ^= holm_u64_wrap_mul(part(a, from), part(b, (to + PARTS - from) % PARTS));
        product |= part(sum, to);
    }
    return product;
}

static uint64_t reversed(uint64_t word)
{
    word = (word & 0x5555555555555555) << 1 | (word >> 1 & 0x5555555555555555);
    word = (word & 0x3333333333333333) << 2 | (word >> 2 & 0x3333333333333333);
    word = (word & 0x0f0f0f0f0f0f0f0f) << 4 | (word >> 4 & 0x0f0f0f0f0f0f0f0f);
    return __builtin_bswap64(word);
}

/* product_high is the upper half: bits 64 to 126. */
static uint64_t product_high(uint64_t a, uint64_t b)
{
    return reversed(product_low(reversed(a), reversed(b))) >> 1;
}

/* reduced is the polynomial of 256 bits, first bit first, modulo x^128 + x^7 + x^2 + x + 1. What is
 * behind x^127 comes again at 1, x, x^2, x^7 of it; its last seven bits so come behind x^127 again. */
static struct holm_ghash__word reduced(struct holm_ghash__word first,
                                       struct holm_ghash__word behind)
{
    behind.high ^= behind.low << 63 ^ behind.low << 62 ^ behind.low << 57;
    first.high ^= behind.high ^ behind.high >> 1 ^ behind.high >> 2 ^ behind.high >> 7;
    first.low ^= behind.low ^ behind.low >> 1 ^ behind.low >> 2 ^ behind.low >> 7 ^
                 behind.high << 63 ^ behind.high << 62 ^ behind.high << 57;
    return first;
}

static struct holm_ghash__word multiplied(struct holm_ghash__word a, struct holm_ghash__word b)
{
    uint64_t both_a = a.high ^ a.low, both_b = b.high ^ b.low;
    uint64_t low = product_low(a.low, b.low), low_high = product_high(a.low, b.low);
    uint64_t high = product_low(a.high, b.high), high_high = product_high(a.high, b.high);
    uint64_t middle = product_low(both_a, both_b) ^ low ^ high;
    uint64_t middle_high = product_high(both_a, both_b) ^ low_high ^ high_high;

    low_high ^= middle;
    high ^= middle_high;
    /* the product has 255 bits: one more at the end makes them 256, first bit first */
    return reduced(
        (struct holm_ghash__word){ high_high << 1 | high >> 63, high << 1 | low_high >> 63 },
        (struct holm_ghash__word){ low_high << 1 | low >> 63, low << 1 });
}

void holm_ghash_init(struct holm_ghash *ghash, struct holm_bytes key)
{
    *ghash = (struct holm_ghash){ .key = { holm_words__big64(key, 0), holm_words__big64(key, 1) } };
}

static void block_add(struct holm_ghash *ghash, struct holm_bytes block)
{
    struct holm_ghash__word sum = { ghash->sum.high ^ holm_words__big64(block, 0),
                                    ghash->sum.low ^ holm_words__big64(block, 1) };

    ghash->sum = multiplied(sum, ghash->key);
}

void holm_ghash_add(struct holm_ghash *ghash, struct holm_bytes bytes)
{
    uint8_t last[HOLM_GHASH__BLOCK_BYTES] = { 0 };
    struct holm_buffer out = HOLM_BUFFER(last);
    struct holm_bytes block = { 0 };

    while (holm_bytes_take(&bytes, HOLM_GHASH__BLOCK_BYTES, &block))
        block_add(ghash, block);
    if (bytes.len == 0)
        return;
    holm_assert(holm_buffer_bytes(&out, bytes));
    block_add(ghash, HOLM_BLOB(last));
}
