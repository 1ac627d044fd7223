/* SPDX-License-Identifier: ISC */
/* chacha20_kernel.h: the stream of ChaCha20 for one width of vectors, whose words*.h is included
 * before. RFC 8439 sections 2.1 to 2.4.
 *
 * Blocks are made in one of two forms. In groups a vector holds one row of four words of each of some
 * blocks: few blocks, soon ready. In a chunk it holds one word of each of LANES blocks: no word has to
 * change its lane until the end. Both end up as vectors of the stream in its order. */
#include "chacha20_impl.h"

#include <holm/secret.h>
#include <holm/wrap.h>

#define INLINE static inline __attribute__((always_inline))

enum {
    WORDS = 16,
    ROUNDS = 20,
    COUNTER = 12,
    VECTOR_BYTES = 4 * LANES,
    BLOCK_VECTORS = HOLM_CHACHA20_BLOCK_BYTES / VECTOR_BYTES,
    GROUP_VECTORS = 4,
    GROUP_BYTES = GROUP_VECTORS * VECTOR_BYTES,
    GROUPS = 2,
    CHUNK_VECTORS = WORDS,
    CHUNK_BYTES = CHUNK_VECTORS * VECTOR_BYTES
};

struct vector {
    words_anywhere words;
};
struct rows {
    words a, b, c, d;
};
struct stream {
    words vectors[CHUNK_VECTORS];
};

/* Places that are checked once. */
INLINE const struct vector *vector_at(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(struct vector));
    return (const void *)&HOLM_NTH(bytes.ptr, bytes.len, at);
}

INLINE struct vector *vector_in(struct holm_span span, size_t at)
{
    holm_assert(at <= span.len && span.len - at >= sizeof(struct vector));
    return (void *)&HOLM_NTH(span.ptr, span.len, at);
}

INLINE words turned(words word, unsigned left)
{
    return word << left | word >> (32 - left);
}

INLINE void quarter(words *a, words *b, words *c, words *d)
{
    *a += *b;
    *d = turned(*d ^ *a, 16);
    *c += *d;
    *b = turned(*b ^ *c, 12);
    *a += *b;
    *d = turned(*d ^ *a, 8);
    *c += *d;
    *b = turned(*b ^ *c, 7);
}

/* rows_rounds does two rounds: of columns, and with the rows turned, of diagonals. */
INLINE struct rows rows_rounds(struct rows r)
{
    quarter(&r.a, &r.b, &r.c, &r.d);
    r.b = words_left(r.b);
    r.c = words_across(r.c);
    r.d = words_right(r.d);
    quarter(&r.a, &r.b, &r.c, &r.d);
    r.b = words_right(r.b);
    r.c = words_across(r.c);
    r.d = words_left(r.d);
    return r;
}

INLINE struct rows rows_begin(const struct holm_chacha20 *from)
{
    return (struct rows){ words_row(&HOLM_AT(from->words, 0)), words_row(&HOLM_AT(from->words, 4)),
                          words_row(&HOLM_AT(from->words, 8)),
                          words_row(&HOLM_AT(from->words, COUNTER)) };
}

/* groups_make makes the blocks of one group or of two, which takes hardly longer. */
INLINE void groups_make(struct stream *made, const struct holm_chacha20 *from, size_t groups)
{
    struct rows first[GROUPS] = { 0 }, rows[GROUPS] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < groups; i++) {
        HOLM_AT(first, i) = rows_begin(from);
        HOLM_AT(first, i).d += words_numbers_of_rows((uint32_t)i * LANES / 4);
        HOLM_AT(rows, i) = HOLM_AT(first, i);
    }
    for (size_t round = 0; round < ROUNDS; round += 2) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < groups; i++)
            HOLM_AT(rows, i) = rows_rounds(HOLM_AT(rows, i));
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < groups; i++) {
        struct rows sum = HOLM_AT(rows, i), start = HOLM_AT(first, i);
        struct quad quad =
            quad_gathered(sum.a + start.a, sum.b + start.b, sum.c + start.c, sum.d + start.d);
#pragma clang loop unroll(full)
        for (size_t j = 0; j < GROUP_VECTORS; j++)
            HOLM_AT(made->vectors, i * GROUP_VECTORS + j) = HOLM_AT(quad.words, j);
    }
}

INLINE void chunk_rounds(words w[WORDS])
{
    static const uint8_t order[8][4] = { { 0, 4, 8, 12 },  { 1, 5, 9, 13 },  { 2, 6, 10, 14 },
                                         { 3, 7, 11, 15 }, { 0, 5, 10, 15 }, { 1, 6, 11, 12 },
                                         { 2, 7, 8, 13 },  { 3, 4, 9, 14 } };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < 8; i++)
        quarter(&HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(order, i), 0)),
                &HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(order, i), 1)),
                &HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(order, i), 2)),
                &HOLM_NTH(w, WORDS, HOLM_AT(HOLM_AT(order, i), 3)));
}

/* chunk_gather puts words of blocks into the order of the stream: within each four lanes first, then
 * across them. */
INLINE void chunk_gather(struct stream *made, const words w[WORDS])
{
    struct quad columns[4] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++)
        HOLM_AT(columns, i) =
            quad_turned(HOLM_NTH(w, WORDS, 4 * i), HOLM_NTH(w, WORDS, 4 * i + 1),
                        HOLM_NTH(w, WORDS, 4 * i + 2), HOLM_NTH(w, WORDS, 4 * i + 3));
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
        struct quad quad =
            quad_gathered(HOLM_AT(columns[0].words, i), HOLM_AT(columns[1].words, i),
                          HOLM_AT(columns[2].words, i), HOLM_AT(columns[3].words, i));
#pragma clang loop unroll(full)
        for (size_t j = 0; j < 4; j++) /* of blocks i, i + 4 … */
            HOLM_AT(made->vectors, (j / BLOCK_VECTORS * 4 + i) * BLOCK_VECTORS +
                                       j % BLOCK_VECTORS) = HOLM_AT(quad.words, j);
    }
}

INLINE void chunk_make(struct stream *made, const struct holm_chacha20 *from)
{
    words w[WORDS] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < WORDS; i++)
        HOLM_AT(w, i) = (words){ 0 } + HOLM_AT(from->words, i);
    HOLM_AT(w, COUNTER) += words_numbers();
    for (size_t round = 0; round < ROUNDS; round += 2)
        chunk_rounds(w);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < WORDS; i++)
        HOLM_AT(w, i) += HOLM_AT(from->words, i);
    HOLM_AT(w, COUNTER) += words_numbers();
    chunk_gather(made, w);
}

INLINE void counter_add(struct holm_chacha20 *stream, size_t bytes)
{
    size_t blocks = (bytes + HOLM_CHACHA20_BLOCK_BYTES - 1) / HOLM_CHACHA20_BLOCK_BYTES;
    uint32_t *number = &HOLM_AT(stream->words, COUNTER);

    *number = holm_u32_wrap_add(*number, (uint32_t)(blocks & UINT32_MAX));
}

/* chunk_pass passes as many bytes as a chunk of the stream has. */
INLINE void chunk_pass(struct holm_chacha20 *from, struct holm_span out, struct holm_bytes in,
                       size_t at)
{
    struct stream made = { 0 };

    chunk_make(&made, from);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < CHUNK_VECTORS; i++) {
        size_t place = at + i * VECTOR_BYTES;
        vector_in(out, place)->words =
            vector_at(in, place)->words ^ words_little(HOLM_AT(made.vectors, i));
    }
    counter_add(from, CHUNK_BYTES);
}

/* made_pass passes what there is from a place on, up to count vectors of the stream but the first
 * skipped, and answers how many bytes that is. */
INLINE size_t made_pass(const struct stream *made, size_t skipped, size_t count,
                        struct holm_span out, struct holm_bytes in, size_t at)
{
    size_t start = at;

    for (size_t i = skipped; i < count && at < in.len; i++) {
        words vector = words_little(HOLM_AT(made->vectors, i));
        struct holm_bytes rest = { 0 };
        struct holm_span to = { 0 };
        if (in.len - at >= VECTOR_BYTES) {
            vector_in(out, at)->words = vector_at(in, at)->words ^ vector;
            at += VECTOR_BYTES;
            continue;
        }
        holm_assert(holm_bytes_part(in, at, in.len - at, &rest) &&
                    holm_span_part(out, at, rest.len, &to));
        words_part_xor(to, rest, vector);
        at += rest.len;
    }
    return at - start;
}

/* some_pass passes a chunk at most, after the block first, if that is wanted. */
INLINE size_t some_pass(struct holm_chacha20 *from, struct holm_chacha20__block *first,
                        struct holm_span out, struct holm_bytes in, size_t at)
{
    size_t skipped = first == NULL ? 0 : BLOCK_VECTORS;
    size_t left = in.len - at + skipped * VECTOR_BYTES, count = GROUP_VECTORS;
    struct stream made = { 0 };

    if (left <= GROUP_BYTES) {
        groups_make(&made, from, 1);
    } else if (left <= GROUPS * GROUP_BYTES) {
        groups_make(&made, from, GROUPS);
        count = GROUPS * GROUP_VECTORS;
    } else {
        chunk_make(&made, from);
        count = CHUNK_VECTORS;
    }
    for (size_t i = 0; i < skipped; i++)
        vector_in((struct holm_span){ first->bytes, sizeof first->bytes }, i * VECTOR_BYTES)
            ->words = words_little(HOLM_AT(made.vectors, i));
    size_t done = made_pass(&made, skipped, count, out, in, at);
    counter_add(from, done + skipped * VECTOR_BYTES);
    holm_secret_wipe(&made, count * VECTOR_BYTES);
    return done;
}

INLINE void pass(struct holm_chacha20 *from, struct holm_chacha20__block *first,
                 struct holm_span out, struct holm_bytes in)
{
    size_t at = 0;

    holm_assert(out.len == in.len);
    if (first != NULL)
        at = some_pass(from, first, out, in, 0);
    for (; in.len - at >= CHUNK_BYTES; at += CHUNK_BYTES)
        chunk_pass(from, out, in, at);
    while (at < in.len)
        at += some_pass(from, NULL, out, in, at);
}
