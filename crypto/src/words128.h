/* SPDX-License-Identifier: ISC */
/* words128.h: vectors of four words, which every compiler target has or spells out. The same names in
 * each words*.h: a kernel is written once. A row is four words side by side; numbers are little-endian
 * in memory. */
#pragma once

#include <holm/bytes.h>

enum { LANES = 4 };

typedef uint32_t words __attribute__((vector_size(16)));
typedef uint32_t words_anywhere __attribute__((vector_size(16), aligned(1), may_alias));

struct quad {
    words words[4];
};

/* words_row has the row at from in each place of a row. */
static inline words words_row(const uint32_t *from)
{
    const void *place = from;

    return *(const words_anywhere *)place;
}

/* words_left turns each row left by a word, words_right right, words_across by two. */
static inline words words_left(words a)
{
    return __builtin_shufflevector(a, a, 1, 2, 3, 0);
}

static inline words words_across(words a)
{
    return __builtin_shufflevector(a, a, 2, 3, 0, 1);
}

static inline words words_right(words a)
{
    return __builtin_shufflevector(a, a, 3, 0, 1, 2);
}

/* words_numbers is 0, 1 …; words_numbers_of_rows counts rows, from first on, in their first words. */
static inline words words_numbers(void)
{
    return (words){ 0, 1, 2, 3 };
}

static inline words words_numbers_of_rows(uint32_t first)
{
    return (words){ first, 0, 0, 0 };
}

/* quad_turned turns each four rows, one below the other, into four columns. */
static inline struct quad quad_turned(words a, words b, words c, words d)
{
    words ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    words ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    words cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    words cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);

    return (struct quad){ { __builtin_shufflevector(ab, cd, 0, 1, 4, 5),
                            __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                            __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
                            __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7) } };
}

/* quad_gathered puts the rows of one block behind each other, then those of the next. */
static inline struct quad quad_gathered(words a, words b, words c, words d)
{
    return (struct quad){ { a, b, c, d } };
}

/* words_little is a as it lies in memory when numbers begin with their least byte. */
static inline words words_little(words a)
{
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return a;
    a = (a & 0x00ff00ff) << 8 | (a >> 8 & 0x00ff00ff);
    return a << 16 | a >> 16;
}

/* words_part_xor fills out, which is shorter than a vector, with in and the first of stream. */
static inline void words_part_xor(struct holm_span out, struct holm_bytes in, words stream)
{
    uint8_t room[sizeof(words)];
    const void *from = &stream;
    struct holm_buffer filling = HOLM_BUFFER(room);

    holm_assert(
        holm_buffer_bytes(&filling, (struct holm_bytes){ (const uint8_t *)from, sizeof stream }));
    for (size_t i = 0; i < in.len; i++)
        HOLM_NTH(out.ptr, out.len, i) = HOLM_NTH(in.ptr, in.len, i) ^ HOLM_AT(room, i);
}
