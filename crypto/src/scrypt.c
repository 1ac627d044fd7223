/* SPDX-License-Identifier: ISC */
/* scrypt.c: RFC 7914. The words of a block of Salsa20 are kept by diagonals while blocks are mixed, so that a
 * round works on vectors. */
#include <holm/password.h>

#include "words.h"
#include "words128.h"

#include <holm/kdf.h>
#include <holm/secret.h>

enum { ROUNDS = 8, BLOCK_BYTES = 64, WORDS = 16, PAIR_BYTES = 2 * BLOCK_BYTES, ALIGN = 64 };

/* Section 2: p is at most (2^32 - 1) 32 / (128 r). */
#define P_TIMES_R_MAX ((UINT64_C(1) << 30) - 1)
#define OUT_MAX ((UINT64_C(1) << 32) - 1)

struct block {
    words rows[4];
};
_Static_assert(sizeof(struct block) == BLOCK_BYTES, "a block has no padding");

/* What is mixed, and twice as much of it; counted in blocks. */
struct mixing {
    struct block *all, *now, *next;
    size_t blocks, count; /* of one, and of all */
};

/* Which word of a block stands at each place of its rows. */
static const uint8_t diagonals[WORDS] = { 0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11 };

static words turned(words word, unsigned left)
{
    return word << left | word >> (32 - left);
}

static struct block salsa(struct block in)
{
    words a = HOLM_AT(in.rows, 0), b = HOLM_AT(in.rows, 1), c = HOLM_AT(in.rows, 2);
    words d = HOLM_AT(in.rows, 3);

    for (size_t round = 0; round < ROUNDS; round += 2) {
        b ^= turned(a + d, 7);
        c ^= turned(b + a, 9);
        d ^= turned(c + b, 13);
        a ^= turned(d + c, 18);
        b = words_right(b);
        c = words_across(c);
        d = words_left(d);
        d ^= turned(a + b, 7);
        c ^= turned(d + a, 9);
        b ^= turned(c + d, 13);
        a ^= turned(b + c, 18);
        b = words_left(b);
        c = words_across(c);
        d = words_right(d);
    }
    return (struct block){ { a + HOLM_AT(in.rows, 0), b + HOLM_AT(in.rows, 1),
                             c + HOLM_AT(in.rows, 2), d + HOLM_AT(in.rows, 3) } };
}

static struct block block_sum(struct block a, struct block b)
{
    return (struct block){
        { HOLM_AT(a.rows, 0) ^ HOLM_AT(b.rows, 0), HOLM_AT(a.rows, 1) ^ HOLM_AT(b.rows, 1),
          HOLM_AT(a.rows, 2) ^ HOLM_AT(b.rows, 2), HOLM_AT(a.rows, 3) ^ HOLM_AT(b.rows, 3) }
    };
}

/* blocks_mix is section 4: blocks at even places first, then the others. */
static void blocks_mix(struct mixing *m)
{
    struct block sum = HOLM_NTH(m->now, m->blocks, m->blocks - 1), *before = m->now;

    for (size_t i = 0; i < m->blocks; i++) {
        sum = salsa(block_sum(sum, HOLM_NTH(m->now, m->blocks, i)));
        HOLM_NTH(m->next, m->blocks, i / 2 + (i % 2 == 0 ? 0 : m->blocks / 2)) = sum;
    }
    m->now = m->next;
    m->next = before;
}

/* place_of is the number of the memory's part that what is mixed names: n is a power of 2. */
static size_t place_of(const struct mixing *m, uint64_t n)
{
    const struct block *last = &HOLM_NTH(m->now, m->blocks, m->blocks - 1);
    const void *rows = last;
    const uint32_t *all = rows;
    uint64_t low = HOLM_NTH(all, WORDS, 0), high = HOLM_NTH(all, WORDS, 13); /* words 0 and 1 */

    return (size_t)((low | high << 32) & (n - 1));
}

/* memory_mix is section 5. */
static void memory_mix(struct mixing *m, uint64_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < m->blocks; j++)
            HOLM_NTH(m->all, m->count, i * m->blocks + j) = HOLM_NTH(m->now, m->blocks, j);
        blocks_mix(m);
    }
    for (size_t i = 0; i < n; i++) {
        size_t place = place_of(m, n) * m->blocks;
        for (size_t j = 0; j < m->blocks; j++) {
            struct block *here = &HOLM_NTH(m->now, m->blocks, j);
            *here = block_sum(*here, HOLM_NTH(m->all, m->count, place + j));
        }
        blocks_mix(m);
    }
}

/* part_mix takes a part of what is mixed from bytes, and puts it back. */
static void part_mix(struct mixing *m, struct holm_span part, uint64_t n)
{
    struct holm_buffer out = holm_span_buffer(part);
    struct holm_bytes in = holm_span_bytes(part), block = { 0 };

    for (size_t i = 0; i < m->blocks && holm_bytes_take(&in, BLOCK_BYTES, &block); i++) {
        void *rows = &HOLM_NTH(m->now, m->blocks, i);
        uint32_t *all = rows;
        for (size_t j = 0; j < WORDS; j++)
            HOLM_NTH(all, WORDS, j) = holm_words__little32(block, HOLM_AT(diagonals, j));
    }
    memory_mix(m, n);
    for (size_t i = 0; i < m->blocks; i++) {
        const void *rows = &HOLM_NTH(m->now, m->blocks, i);
        const uint32_t *all = rows;
        uint32_t turned_back[WORDS];
        for (size_t j = 0; j < WORDS; j++)
            HOLM_AT(turned_back, HOLM_AT(diagonals, j)) = HOLM_NTH(all, WORDS, j);
        for (size_t j = 0; j < WORDS; j++)
            holm_words__put_little(&out, HOLM_AT(turned_back, j), 4);
    }
}

size_t holm_scrypt_memory(const struct holm_scrypt_cost *cost)
{
    size_t pair = 0, all = 0, parts = 0, sum = 0;

    if (cost->n < 2 || (cost->n & (cost->n - 1)) != 0 || cost->r == 0 || cost->p == 0 ||
        (uint64_t)cost->r * cost->p > P_TIMES_R_MAX ||
        (cost->r < 4 && cost->n >= UINT64_C(1) << 16 * cost->r)) /* n is below 2^(128 r / 8) */
        return 0;
    if (__builtin_mul_overflow((size_t)PAIR_BYTES, cost->r, &pair) ||
        __builtin_mul_overflow(pair, cost->n, &all) ||
        __builtin_mul_overflow(pair, cost->p, &parts) || __builtin_add_overflow(all, parts, &sum) ||
        __builtin_add_overflow(sum, 2 * pair + ALIGN, &sum))
        return 0;
    return sum;
}

enum holm_result holm_scrypt(struct holm_span out, struct holm_bytes password,
                             struct holm_bytes salt, const struct holm_scrypt_cost *cost,
                             struct holm_span memory)
{
    size_t needed = holm_scrypt_memory(cost), blocks = 2 * (size_t)cost->r;
    struct holm_span places = { 0 }, parts = { 0 }, part = { 0 };

    if (needed == 0 || out.len / 32 >= OUT_MAX)
        return HOLM_ERR_INVALID;
    if (memory.len < needed ||
        !holm_span_part(memory, holm_span_padding(memory, ALIGN), needed - ALIGN, &places))
        return HOLM_ERR_NO_MEMORY;
    void *first = places.ptr;
    struct mixing m = { .all = first,
                        .blocks = blocks,
                        .count =
                            (places.len - (size_t)cost->p * blocks * BLOCK_BYTES) / BLOCK_BYTES };
    m.now = &HOLM_NTH(m.all, m.count, m.count - 2 * blocks);
    m.next = &HOLM_NTH(m.all, m.count, m.count - blocks);
    holm_assert(
        holm_span_part(places, m.count * BLOCK_BYTES, places.len - m.count * BLOCK_BYTES, &parts));
    holm_pbkdf2(&holm_hmac_sha256, parts, password, salt, 1);
    for (size_t i = 0; i < cost->p; i++) {
        size_t bytes = blocks * BLOCK_BYTES;
        holm_assert(holm_span_part(parts, i * bytes, bytes, &part));
        part_mix(&m, part, cost->n);
    }
    holm_pbkdf2(&holm_hmac_sha256, out, password, holm_span_bytes(parts), 1);
    holm_secret_wipe(memory.ptr, memory.len);
    return HOLM_OK;
}
