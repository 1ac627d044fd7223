/* SPDX-License-Identifier: ISC */
/* argon2.c: Argon2id, version 0x13. RFC 9106 section 3. */
#include <holm/password.h>

#include "words.h"

#include <holm/hash.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum {
    WORDS = 128,
    BLOCK_BYTES = 8 * WORDS,
    SLICES = 4,
    VERSION = 0x13,
    TYPE_ID = 2,
    FIRST_BYTES = 64, /* of H_0 */
    ALIGN = 64,
    SALT_MIN = 8,
    OUT_MIN = 4,
    LANES_MAX = (1 << 24) - 1
};

struct block {
    uint64_t words[WORDS];
};

/* The memory, as rows of blocks; and where it is being filled. */
struct filling {
    struct block *blocks;
    size_t count, lanes, columns, segment;
    uint32_t passes, pass, lane, slice;
    struct block places; /* numbers that depend on no secret */
};

static struct block *block_at(const struct filling *f, size_t lane, size_t column)
{
    return &HOLM_NTH(f->blocks, f->count, lane * f->columns + column);
}

/* Section 3.6: as in BLAKE2b, with a product more. */
static inline uint64_t sum(uint64_t a, uint64_t b)
{
    return holm_u64_wrap_add(holm_u64_wrap_add(a, b), 2 * ((a & UINT32_MAX) * (b & UINT32_MAX)));
}

static inline void mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d)
{
    *a = sum(*a, *b);
    *d = holm_u64_rotate(*d ^ *a, 32);
    *c = sum(*c, *d);
    *b = holm_u64_rotate(*b ^ *c, 40);
    *a = sum(*a, *b);
    *d = holm_u64_rotate(*d ^ *a, 48);
    *c = sum(*c, *d);
    *b = holm_u64_rotate(*b ^ *c, 1);
}

/* sixteen_mix mixes eight pairs of words: the first at first, each other step behind the one before. */
static inline void sixteen_mix(struct block *block, size_t first, size_t step)
{
    static const uint8_t order[8][4] = { { 0, 4, 8, 12 },  { 1, 5, 9, 13 },  { 2, 6, 10, 14 },
                                         { 3, 7, 11, 15 }, { 0, 5, 10, 15 }, { 1, 6, 11, 12 },
                                         { 2, 7, 8, 13 },  { 3, 4, 9, 14 } };
    uint64_t w[16];

#pragma clang loop unroll(full)
    for (size_t i = 0; i < 16; i++)
        HOLM_AT(w, i) = HOLM_AT(block->words, first + i / 2 * step + i % 2);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 8; i++)
        mix(&HOLM_AT(w, HOLM_AT(HOLM_AT(order, i), 0)), &HOLM_AT(w, HOLM_AT(HOLM_AT(order, i), 1)),
            &HOLM_AT(w, HOLM_AT(HOLM_AT(order, i), 2)), &HOLM_AT(w, HOLM_AT(HOLM_AT(order, i), 3)));
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 16; i++)
        HOLM_AT(block->words, first + i / 2 * step + i % 2) = HOLM_AT(w, i);
}

/* compressed is G of section 3.5. */
static void compress(struct block *out, const struct block *a, const struct block *b, bool add)
{
    struct block mixed;

    for (size_t i = 0; i < WORDS; i++) {
        uint64_t both = HOLM_AT(a->words, i) ^ HOLM_AT(b->words, i);
        HOLM_AT(mixed.words, i) = both;
        HOLM_AT(out->words, i) = add ? HOLM_AT(out->words, i) ^ both : both;
    }
    for (size_t row = 0; row < 8; row++)
        sixteen_mix(&mixed, 16 * row, 2);
    for (size_t column = 0; column < 8; column++)
        sixteen_mix(&mixed, 2 * column, 16);
    for (size_t i = 0; i < WORDS; i++)
        HOLM_AT(out->words, i) ^= HOLM_AT(mixed.words, i);
}

static void number_add(struct holm_hash_state *state, uint32_t number)
{
    uint8_t bytes[4];
    struct holm_buffer out = HOLM_BUFFER(bytes);

    holm_words__put_little(&out, number, 4);
    holm_hash_add(state, HOLM_BLOB(bytes));
}

/* long_hash is H' of section 3.3: a digest of any length, of a number, bytes and two numbers. */
static void long_hash(struct holm_span out, struct holm_bytes in, const uint32_t *two)
{
    struct holm_hash sized = holm_blake2b_512;
    struct holm_buffer filling = holm_span_buffer(out);
    struct holm_hash_state state;
    uint8_t digest[HOLM_HASH_DIGEST_MAX];
    struct holm_span made = { 0 };
    struct holm_bytes half = { 0 };

    sized.digest_bytes = out.len < sizeof digest ? out.len : sizeof digest;
    holm_hash_init(&state, &sized);
    number_add(&state, (uint32_t)out.len);
    holm_hash_add(&state, in);
    for (size_t i = 0; two != NULL && i < 2; i++)
        number_add(&state, HOLM_NTH(two, 2, i));
    for (;;) {
        made = (struct holm_span){ digest, sized.digest_bytes };
        holm_hash_end(&state, made);
        size_t left = filling.size - filling.len;
        if (left <= sizeof digest)
            break;
        holm_assert(holm_bytes_part(holm_span_bytes(made), 0, sizeof digest / 2, &half) &&
                    holm_buffer_bytes(&filling, half));
        left -= half.len;
        struct holm_bytes before = HOLM_BLOB(digest);
        sized.digest_bytes = left < sizeof digest ? left : sizeof digest;
        holm_hash_init(&state, &sized);
        holm_hash_add(&state, before);
    }
    holm_assert(holm_buffer_bytes(&filling, holm_span_bytes(made)));
    holm_secret_wipe(digest, sizeof digest);
}

/* first_make is H_0 of section 3.2. */
static void first_make(uint8_t first[FIRST_BYTES], size_t out_bytes,
                       const struct holm_argon2_what *what, const struct holm_argon2_cost *cost)
{
    const struct holm_bytes parts[] = { what->password, what->salt, what->secret, what->about };
    const uint32_t numbers[] = { cost->lanes,     (uint32_t)out_bytes,
                                 cost->kibibytes, cost->passes,
                                 VERSION,         TYPE_ID };
    struct holm_hash_state state;

    holm_hash_init(&state, &holm_blake2b_512);
    for (size_t i = 0; i < HOLM_COUNT(numbers); i++)
        number_add(&state, HOLM_AT(numbers, i));
    for (size_t i = 0; i < HOLM_COUNT(parts); i++) {
        number_add(&state, (uint32_t)HOLM_AT(parts, i).len);
        holm_hash_add(&state, HOLM_AT(parts, i));
    }
    holm_hash_end(&state, (struct holm_span){ first, FIRST_BYTES });
}

static void block_take(struct block *block, struct holm_bytes bytes)
{
    for (size_t i = 0; i < WORDS; i++)
        HOLM_AT(block->words, i) = holm_words__little64(bytes, i);
}

/* lanes_begin makes the first two blocks of each lane. */
static void lanes_begin(struct filling *f, const uint8_t first[FIRST_BYTES])
{
    uint8_t room[BLOCK_BYTES];

    for (uint32_t lane = 0; lane < f->lanes; lane++)
        for (uint32_t column = 0; column < 2; column++) {
            const uint32_t two[2] = { column, lane };
            long_hash((struct holm_span){ room, sizeof room },
                      (struct holm_bytes){ first, FIRST_BYTES }, two);
            block_take(block_at(f, lane, column), HOLM_BLOB(room));
        }
    holm_secret_wipe(room, sizeof room);
}

/* places_make makes the next 128 numbers of section 3.4.1.2. */
static void places_make(struct filling *f, uint64_t number)
{
    static const struct block zero;
    struct block in = { { f->pass, f->lane, f->slice, f->count, f->passes, TYPE_ID, number } };
    struct block once;

    compress(&once, &zero, &in, false);
    compress(&f->places, &zero, &once, false);
}

/* reference is section 3.4.2: which block goes into the one at place of the segment. */
static const struct block *reference(const struct filling *f, size_t place, uint64_t number)
{
    uint64_t one = number & UINT32_MAX, two = number >> 32;
    bool first = f->pass == 0;
    size_t lane = first && f->slice == 0 ? f->lane : (size_t)(two % f->lanes);
    bool same = lane == f->lane;
    /* what is filled already and not of this segment, and of this lane what is before the last */
    size_t area = first ? f->slice * f->segment : f->columns - f->segment;
    area = same ? area + place - 1 : area - (place == 0);
    uint64_t back = area * (one * one >> 32) >> 32;
    size_t start = first || f->slice == SLICES - 1 ? 0 : (f->slice + 1) * f->segment;

    return block_at(f, lane, (start + area - 1 - (size_t)back) % f->columns);
}

static void segment_fill(struct filling *f)
{
    bool blind = f->pass == 0 && f->slice < SLICES / 2; /* places depend on no secret */
    size_t place = f->pass == 0 && f->slice == 0 ? 2 : 0;

    if (blind && place > 0)
        places_make(f, 1);
    for (; place < f->segment; place++) {
        size_t column = f->slice * f->segment + place;
        const struct block *before =
            block_at(f, f->lane, column == 0 ? f->columns - 1 : column - 1);
        if (blind && place % WORDS == 0)
            places_make(f, place / WORDS + 1);
        uint64_t number = blind ? HOLM_AT(f->places.words, place % WORDS) : before->words[0];
        compress(block_at(f, f->lane, column), before, reference(f, place, number), f->pass > 0);
    }
}

static void memory_fill(struct filling *f)
{
    for (f->pass = 0; f->pass < f->passes; f->pass++)
        for (f->slice = 0; f->slice < SLICES; f->slice++)
            for (f->lane = 0; f->lane < f->lanes; f->lane++)
                segment_fill(f);
}

/* out_make makes the output of the sum of each lane's last block. */
static void out_make(struct holm_span out, const struct filling *f)
{
    uint8_t room[BLOCK_BYTES];
    struct holm_buffer bytes = HOLM_BUFFER(room);

    for (size_t i = 0; i < WORDS; i++) {
        uint64_t word = 0;
        for (size_t lane = 0; lane < f->lanes; lane++)
            word ^= HOLM_AT(block_at(f, lane, f->columns - 1)->words, i);
        holm_words__put_little(&bytes, word, 8);
    }
    long_hash(out, HOLM_BLOB(room), NULL);
    holm_secret_wipe(room, sizeof room);
}

/* columns_of is how many blocks a lane has: a multiple of four. */
static size_t columns_of(const struct holm_argon2_cost *cost)
{
    return cost->kibibytes / (SLICES * cost->lanes) * SLICES;
}

size_t holm_argon2_memory(const struct holm_argon2_cost *cost)
{
    size_t bytes = 0;

    if (cost->lanes == 0 || cost->lanes > LANES_MAX || cost->passes == 0 ||
        cost->kibibytes / 8 < cost->lanes ||
        __builtin_mul_overflow((size_t)BLOCK_BYTES, cost->lanes * columns_of(cost), &bytes) ||
        __builtin_add_overflow(bytes, (size_t)ALIGN, &bytes))
        return 0;
    return bytes;
}

enum holm_result holm_argon2id(struct holm_span out, const struct holm_argon2_what *what,
                               const struct holm_argon2_cost *cost, struct holm_span memory)
{
    size_t needed = holm_argon2_memory(cost);
    struct holm_span places = { 0 };
    uint8_t first[FIRST_BYTES];

    if (needed == 0 || out.len < OUT_MIN || out.len > UINT32_MAX || what->salt.len < SALT_MIN ||
        what->salt.len > UINT32_MAX || what->password.len > UINT32_MAX ||
        what->secret.len > UINT32_MAX || what->about.len > UINT32_MAX)
        return HOLM_ERR_INVALID;
    if (memory.len < needed ||
        !holm_span_part(memory, holm_span_padding(memory, ALIGN), needed - ALIGN, &places))
        return HOLM_ERR_NO_MEMORY;
    void *blocks = places.ptr;
    struct filling f = { .blocks = blocks,
                         .count = places.len / BLOCK_BYTES,
                         .lanes = cost->lanes,
                         .columns = columns_of(cost),
                         .segment = columns_of(cost) / SLICES,
                         .passes = cost->passes };
    first_make(first, out.len, what, cost);
    lanes_begin(&f, first);
    memory_fill(&f);
    out_make(out, &f);
    holm_secret_wipe(first, sizeof first);
    holm_secret_wipe(memory.ptr, memory.len);
    return HOLM_OK;
}
