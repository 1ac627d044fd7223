/* SPDX-License-Identifier: ISC */
/* des.c: DES three times. FIPS 46-3; SP 800-67. A box is four planes of 64 bits, the outputs for all inputs: a bit
 * is chosen by shifting, so that no address depends on a secret. */
#include <holm/des.h>

#include <holm/secret.h>

enum { BOXES = 8, ROUNDS = 16, BLOCK = HOLM_DES3_BLOCK_BYTES };

/* The first bit of what box j answers to i is bit i of its first plane. */
static const uint64_t planes[BOXES][4] = {
    { 0x869d497a86e67619, 0xb0c7871b497826bd, 0x27e9d492609f1f29, 0x917be9066f81b478 },
    { 0xe196196e69c3a659, 0x68f93c169346c3e9, 0x746a8b7462949fc3, 0xcd235ad2b865168f },
    { 0x96692d696b9c90d3, 0xd96a863526f4794a, 0x76b9960c39c2b749, 0x4b8d9c63a965569a },
    { 0x92c3e719ed90583e, 0xcb69718c74ca0e97, 0xacd1168f692cce71, 0x09b77c1ac34998e7 },
    { 0x429dcd6a79e1348e, 0x695b9ca191666b96, 0xc70b39c692f05d2b, 0xa4cd96d24b76b948 },
    { 0xb44ab695c9a4695b, 0xc69938d615e69a69, 0x52cbe13c6d9216da, 0x95a36a597c3ca34c },
    { 0x92c761f82c96d966, 0x869cd96699e643c3, 0x6a95f41a9e4b81f4, 0x348e9679497969a6 },
    { 0xc17abd2438c716b9, 0x394e96b1596aa569, 0xa71658a7c8f13f0c, 0x9f6281cd619c7c2b }
};
/* Where the permutation P moves that bit to. */
static const uint8_t places[BOXES][4] = { { 23, 15, 9, 1 },  { 19, 4, 30, 14 }, { 8, 16, 2, 26 },
                                          { 6, 12, 22, 31 }, { 24, 18, 7, 29 }, { 28, 3, 21, 13 },
                                          { 0, 20, 10, 25 }, { 27, 5, 17, 11 } };
/* Which bits of the key begin, the first being 1; and which of these a round takes. */
static const uint8_t chosen[56] = {
    57, 49, 41, 33, 25, 17, 9,  1,  58, 50, 42, 34, 26, 18, 10, 2,  59, 51, 43,
    35, 27, 19, 11, 3,  60, 52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7,  62, 54,
    46, 38, 30, 22, 14, 6,  61, 53, 45, 37, 29, 21, 13, 5,  28, 20, 12, 4,
};
static const uint8_t taken[48] = {
    14, 17, 11, 24, 1,  5,  3,  28, 15, 6,  21, 10, 23, 19, 12, 4,  26, 8,  16, 7,  27, 20, 13, 2,
    41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
};
static const uint8_t turns[ROUNDS] = { 1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1 };

/* bits_choose makes a number of bits of another of width bits, the first being its most significant. */
static uint64_t bits_choose(uint64_t from, unsigned width, const uint8_t *which, size_t count)
{
    uint64_t made = 0;

    for (size_t i = 0; i < count; i++)
        made = made << 1 | (from >> (width - HOLM_NTH(which, count, i)) & 1);
    return made;
}

/* begun is the permutation IP: bit i of the output, of 64 and in rows of eight, comes from column 2 i + 1 or
 * 2 i, last row first; ended is its inverse. */
static uint64_t begun(uint64_t block)
{
    uint64_t made = 0;

    for (unsigned i = 0; i < 64; i++) {
        unsigned column = i < 32 ? 2 * (i / 8) + 1 : 2 * (i / 8 - 4), row = 7 - i % 8;
        made |= (block >> (63 - (8 * row + column)) & 1) << (63 - i);
    }
    return made;
}

static uint64_t ended(uint64_t block)
{
    uint64_t made = 0;

    for (unsigned i = 0; i < 64; i++) {
        unsigned column = i < 32 ? 2 * (i / 8) + 1 : 2 * (i / 8 - 4), row = 7 - i % 8;
        made |= (block >> (63 - i) & 1) << (63 - (8 * row + column));
    }
    return made;
}

static uint32_t turned(uint32_t half, unsigned left)
{
    return half << left | half >> (32 - left);
}

static uint64_t number_at(struct holm_bytes bytes, size_t at)
{
    uint64_t value = 0;

    holm_assert(holm_bytes_u64_at(bytes, at, &value));
    return value;
}

static void number_put(struct holm_span out, size_t at, uint64_t value)
{
    for (size_t i = 0; i < BLOCK; i++)
        HOLM_NTH(out.ptr, out.len, at + i) = (uint8_t)(value >> (56 - 8 * i) & 0xff);
}

static void keys_make(struct holm_des3__keys *keys, uint64_t key)
{
    uint64_t both = bits_choose(key, 64, chosen, sizeof chosen);
    uint32_t c = (uint32_t)(both >> 28), d = (uint32_t)(both & 0xfffffff);

    for (size_t round = 0; round < ROUNDS; round++) {
        unsigned left = HOLM_AT(turns, round);
        c = (c << left | c >> (28 - left)) & 0xfffffff;
        d = (d << left | d >> (28 - left)) & 0xfffffff;
        uint64_t of_round = bits_choose((uint64_t)c << 28 | d, 56, taken, sizeof taken);
        for (size_t box = 0; box < BOXES; box++)
            HOLM_AT(HOLM_AT(keys->rounds, round).boxes, box) =
                (uint8_t)(of_round >> (42 - 6 * box) & 0x3f);
    }
}

/* unknown is a word of which the compiler no longer knows what it was made of: it would load one half of a
 * plane or the other in place of masking both, or ask for a bit in a way that valgrind takes for an
 * address. */
static uint32_t unknown(uint32_t word)
{
    __asm__("" : "+r"(word)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return word;
}

/* box_answer is a bit of a plane, in two halves: shifts of 64 bits branch on some machines. */
static uint32_t box_answer(uint64_t plane, uint32_t in)
{
    uint32_t upper = unknown(0 - (in >> 5)), low = (uint32_t)(plane & UINT32_MAX);
    uint32_t half = low ^ (upper & (low ^ (uint32_t)(plane >> 32)));

    return unknown(half >> (in & 31)) & 1;
}

/* mixed is the function f: a box sees four bits of a half and their neighbours. */
static uint32_t mixed(uint32_t half, const struct holm_des3__round *round)
{
    uint32_t made = 0;

    for (unsigned box = 0; box < BOXES; box++) {
        uint32_t in = (turned(half, (4 * box + 5) % 32) & 0x3f) ^ HOLM_AT(round->boxes, box);
        for (size_t bit = 0; bit < 4; bit++)
            made |= box_answer(HOLM_AT(HOLM_AT(planes, box), bit), in)
                    << HOLM_AT(HOLM_AT(places, box), bit);
    }
    return made;
}

/* once_passed does DES once on a block between begun and ended. */
static uint64_t once_passed(const struct holm_des3__keys *keys, uint64_t block, bool back)
{
    uint32_t left = (uint32_t)(block >> 32), right = (uint32_t)(block & UINT32_MAX);

    for (size_t i = 0; i < ROUNDS; i++) {
        uint32_t before = right;
        right = left ^ mixed(right, &HOLM_AT(keys->rounds, back ? ROUNDS - 1 - i : i));
        left = before;
    }
    return (uint64_t)right << 32 | left;
}

static uint64_t encrypted(const struct holm_des3 *des, uint64_t block)
{
    block = once_passed(&HOLM_AT(des->keys, 0), begun(block), false);
    block = once_passed(&HOLM_AT(des->keys, 1), block, true);
    return ended(once_passed(&HOLM_AT(des->keys, 2), block, false));
}

static uint64_t decrypted(const struct holm_des3 *des, uint64_t block)
{
    block = once_passed(&HOLM_AT(des->keys, 2), begun(block), true);
    block = once_passed(&HOLM_AT(des->keys, 1), block, false);
    return ended(once_passed(&HOLM_AT(des->keys, 0), block, true));
}

void holm_des3_init(struct holm_des3 *des, struct holm_bytes key)
{
    holm_assert(key.len == HOLM_DES3_KEY_BYTES);
    for (size_t i = 0; i < HOLM_COUNT(des->keys); i++)
        keys_make(&HOLM_AT(des->keys, i), number_at(key, 8 * i));
}

void holm_des3_encrypt(const struct holm_des3 *des, struct holm_span out, struct holm_bytes in)
{
    holm_assert(out.len == in.len && in.len % BLOCK == 0);
    for (size_t at = 0; at < in.len; at += BLOCK)
        number_put(out, at, encrypted(des, number_at(in, at)));
}

void holm_des3_decrypt(const struct holm_des3 *des, struct holm_span out, struct holm_bytes in)
{
    holm_assert(out.len == in.len && in.len % BLOCK == 0);
    for (size_t at = 0; at < in.len; at += BLOCK)
        number_put(out, at, decrypted(des, number_at(in, at)));
}

void holm_des3_cbc_seal(const struct holm_des3 *des, uint64_t *chain, struct holm_span out,
                        struct holm_bytes in)
{
    holm_assert(out.len == in.len && in.len % BLOCK == 0);
    for (size_t at = 0; at < in.len; at += BLOCK) {
        *chain = encrypted(des, *chain ^ number_at(in, at));
        number_put(out, at, *chain);
    }
}

void holm_des3_cbc_open(const struct holm_des3 *des, uint64_t *chain, struct holm_span out,
                        struct holm_bytes in)
{
    holm_assert(out.len == in.len && in.len % BLOCK == 0);
    for (size_t at = 0; at < in.len; at += BLOCK) {
        uint64_t sealed = number_at(in, at);
        number_put(out, at, decrypted(des, sealed) ^ *chain);
        *chain = sealed;
    }
}

void holm_des3_close(struct holm_des3 *des)
{
    holm_secret_wipe(des, sizeof *des);
}
