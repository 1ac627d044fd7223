/* SPDX-License-Identifier: ISC */
/* md5.c: MD5, a step at a time. RFC 1321 section 3. */
#include <holm/md5.h>

#include <holm/wrap.h>

/* The whole part of 2^32 times the sine of 1, 2, ... */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};
static const uint8_t turns[4][4] = {
    { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 }
};

static uint32_t mix(uint32_t round, uint32_t b, uint32_t c, uint32_t d)
{
    if (round == 0)
        return (b & c) | (~b & d);
    if (round == 1)
        return (d & b) | (~d & c);
    return round == 2 ? b ^ c ^ d : c ^ (b | ~d);
}

/* place is which word of the block a step takes. */
static uint32_t place(uint32_t round, uint32_t step)
{
    static const uint8_t factors[4] = { 1, 5, 3, 7 }, starts[4] = { 0, 1, 5, 0 };
    return (HOLM_AT(factors, round) * step + HOLM_AT(starts, round)) % 16;
}

static void block_mix(struct holm_hash_state *state, struct holm_bytes block)
{
    uint32_t words[16], w[4];

    for (uint32_t i = 0; i < 4; i++)
        HOLM_AT(w, i) = (uint32_t)(HOLM_AT(state->words, i) & UINT32_MAX);
    for (uint32_t i = 0; i < 16; i++) {
        struct holm_bytes word = { 0 };
        uint32_t value = 0;
        holm_assert(holm_bytes_part(block, 4 * i, 4, &word) && holm_bytes_u32(&word, &value));
        HOLM_AT(words, i) = __builtin_bswap32(value);
    }
    uint32_t a = HOLM_AT(w, 0), b = HOLM_AT(w, 1), c = HOLM_AT(w, 2), d = HOLM_AT(w, 3);
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t round = i / 16;
        uint32_t sum = holm_u32_wrap_add(a, mix(round, b, c, d));
        sum = holm_u32_wrap_add(sum, HOLM_AT(words, place(round, i)));
        sum = holm_u32_wrap_add(sum, HOLM_AT(sines, i));
        a = d;
        d = c;
        c = b;
        b = holm_u32_wrap_add(b, holm_u32_rotate(sum, HOLM_AT(HOLM_AT(turns, round), i % 4)));
    }
    const uint32_t mixed[4] = { a, b, c, d };
    for (uint32_t i = 0; i < 4; i++)
        HOLM_AT(state->words, i) = holm_u32_wrap_add(HOLM_AT(w, i), HOLM_AT(mixed, i));
}

static void blocks_mix(struct holm_hash_state *state, struct holm_bytes blocks)
{
    struct holm_bytes block = { 0 };

    state->len += blocks.len;
    while (holm_bytes_take(&blocks, HOLM_MD5_BLOCK, &block))
        block_mix(state, block);
}

static void begin(struct holm_hash_state *state)
{
    static const uint32_t first[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };

    for (size_t i = 0; i < HOLM_COUNT(first); i++)
        HOLM_AT(state->words, i) = HOLM_AT(first, i);
}

/* rest_fill fills what is left of the block with zeroes, up to its length. */
static void rest_fill(struct holm_hash_state *state, size_t to)
{
    while (state->used < to)
        HOLM_AT(state->block, state->used++) = 0;
}

/* finish pads: a bit, zeroes, and the length in bits. The last block may be full, and not be mixed in yet. */
static void finish(struct holm_hash_state *state, struct holm_span digest)
{
    uint64_t bits = (state->len + state->used) * 8;
    struct holm_bytes block = { 0 };

    holm_assert(holm_bytes_part(HOLM_BLOB(state->block), 0, HOLM_MD5_BLOCK, &block));
    if (state->used == HOLM_MD5_BLOCK) {
        block_mix(state, block);
        state->used = 0;
    }
    HOLM_AT(state->block, state->used++) = 0x80;
    if (state->used > HOLM_MD5_BLOCK - 8) {
        rest_fill(state, HOLM_MD5_BLOCK);
        block_mix(state, block);
        state->used = 0;
    }
    rest_fill(state, HOLM_MD5_BLOCK - 8);
    for (size_t i = 0; i < 8; i++)
        HOLM_AT(state->block, state->used++) = (uint8_t)(bits >> 8 * i & 0xff);
    block_mix(state, block);
    for (size_t i = 0; i < digest.len; i++)
        HOLM_NTH(digest.ptr, digest.len, i) =
            (uint8_t)(HOLM_AT(state->words, i / 4) >> i % 4 * 8 & 0xff);
}

const struct holm_hash holm_md5 = { .name = HOLM_TEXT("MD5"),
                                    .digest_bytes = HOLM_MD5_BYTES,
                                    .block_bytes = HOLM_MD5_BLOCK,
                                    .begin = begin,
                                    .blocks = blocks_mix,
                                    .finish = finish };
