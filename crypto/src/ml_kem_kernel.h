/* SPDX-License-Identifier: ISC */
/* ml_kem_kernel.h: the transform of FIPS 203 section 4.3 in vectors of the compiler's, rows of sixteen
 * numbers. Compiled for the instructions of the file that it is in.
 *
 * Number i lies at place i % 16 of row i / 16: the first four layers of the transform work on whole
 * rows. Then rows and places change their roles, and so do the last three. A transform stays turned
 * like that, and the way back ends with four layers of whole rows again. */
#include "ml_kem.h"
#include "tables/ml_kem.h"

/* All that takes or gives rows is inlined: no file that knows wider registers, or none, is called. */
#pragma GCC diagnostic ignored "-Wpsabi"
#if !defined(__clang__) /* whose analyzer takes the count of a row's numbers for their width */
#pragma GCC diagnostic ignored "-Wanalyzer-shift-count-overflow"
#endif

#define INLINE static inline __attribute__((always_inline))

enum { SIDE = 16, Q = HOLM_ML_KEM__MODULUS, FIRST_LAYERS = 8, REST_LAYERS = 2 };

typedef int16_t row __attribute__((vector_size(2 * SIDE)));
typedef uint16_t low_row __attribute__((vector_size(2 * SIDE)));
typedef int32_t wide_row __attribute__((vector_size(4 * SIDE)));
typedef int16_t row_anywhere __attribute__((vector_size(2 * SIDE), aligned(2), may_alias));

struct rows {
    row rows[SIDE];
};

INLINE row row_of(const int16_t *from)
{
    const void *place = from;
    return *(const row_anywhere *)place;
}

INLINE struct rows rows_of(const struct holm_ml_kem__poly *poly)
{
    struct rows out = { 0 };

    for (size_t i = 0; i < SIDE; i++)
        HOLM_AT(out.rows, i) = row_of(&HOLM_AT(poly->at, SIDE * i));
    return out;
}

INLINE void row_put(int16_t *to, row a)
{
    void *place = to;
    *(row_anywhere *)place = a;
}

INLINE void rows_put(struct holm_ml_kem__poly *poly, const struct rows *of)
{
    for (size_t i = 0; i < SIDE; i++)
        row_put(&HOLM_AT(poly->at, SIDE * i), HOLM_AT(of->rows, i));
}

INLINE row row_all(int16_t value)
{
    return (row){ 0 } + value;
}

/* The low and the high words of products. */
INLINE row row_low(row a, row b)
{
    return (row)((low_row)a * (low_row)b);
}

INLINE row row_high(row a, row b)
{
    wide_row product = __builtin_convertvector(a, wide_row) * __builtin_convertvector(b, wide_row);
    return __builtin_convertvector(product >> 16, row);
}

/* row_scaled is a b / 2^16, of numbers whose products are below 2^15 times the modulus, to (-modulus,
 * modulus); factor is b / modulus, modulo 2^16: what is subtracted of the product makes its low word 0. */
INLINE row row_scaled(row a, row b, row factor)
{
    return row_high(a, b) - row_high(row_low(a, factor), row_all(Q));
}

INLINE row row_times(row a, row b)
{
    return row_scaled(a, b, row_low(b, row_all(-3327))); /* 1 / modulus, modulo 2^16 */
}

/* row_reduced is to [0, modulus]; 20159 is 2^26 / modulus. */
INLINE row row_reduced(row a)
{
    return a - row_low(row_high(a, row_all(20159)) >> 10, row_all(Q));
}

/* row_least is to [0, modulus). */
INLINE row row_least(row a)
{
    row less = row_reduced(a) - row_all(Q);

    return less + (less >> 15 & row_all(Q));
}

INLINE void rows_reduce(struct rows *r)
{
    for (size_t i = 0; i < SIDE; i++)
        HOLM_AT(r->rows, i) = row_reduced(HOLM_AT(r->rows, i));
}

/* Squares of 8, 4, 2 and 1 numbers change places across the diagonal. */
INLINE void squares_8(row *a, row *b)
{
    row first =
        __builtin_shufflevector(*a, *b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    *b = __builtin_shufflevector(*a, *b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30,
                                 31);
    *a = first;
}

INLINE void squares_4(row *a, row *b)
{
    row first =
        __builtin_shufflevector(*a, *b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
    *b =
        __builtin_shufflevector(*a, *b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    *a = first;
}

INLINE void squares_2(row *a, row *b)
{
    row first =
        __builtin_shufflevector(*a, *b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
    *b =
        __builtin_shufflevector(*a, *b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    *a = first;
}

INLINE void squares_1(row *a, row *b)
{
    row first =
        __builtin_shufflevector(*a, *b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    *b = __builtin_shufflevector(*a, *b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
    *a = first;
}

INLINE void rows_turn(struct rows *r)
{
    for (size_t i = 0; i < 8; i++)
        squares_8(&HOLM_AT(r->rows, i), &HOLM_AT(r->rows, i + 8));
    for (size_t i = 0; i < SIDE; i += i % 8 == 3 ? 5 : 1)
        squares_4(&HOLM_AT(r->rows, i), &HOLM_AT(r->rows, i + 4));
    for (size_t i = 0; i < SIDE; i += i % 4 == 1 ? 3 : 1)
        squares_2(&HOLM_AT(r->rows, i), &HOLM_AT(r->rows, i + 2));
    for (size_t i = 0; i < SIDE; i += 2)
        squares_1(&HOLM_AT(r->rows, i), &HOLM_AT(r->rows, i + 1));
}

/* part_transform is a step of a layer, from row first on: numbers that are far rows apart. */
INLINE void part_transform(struct rows *r, size_t first, size_t far, row root, row factor)
{
    for (size_t i = first; i < first + far; i++) {
        row far_one = row_scaled(HOLM_AT(r->rows, i + far), root, factor);
        HOLM_AT(r->rows, i + far) = HOLM_AT(r->rows, i) - far_one;
        HOLM_AT(r->rows, i) += far_one;
    }
}

INLINE void part_back(struct rows *r, size_t first, size_t far, row root, row factor)
{
    for (size_t i = first; i < first + far; i++) {
        row less = HOLM_AT(r->rows, i + far) - HOLM_AT(r->rows, i);
        HOLM_AT(r->rows, i) += HOLM_AT(r->rows, i + far);
        HOLM_AT(r->rows, i + far) = row_scaled(less, root, factor);
    }
}

/* One root a step in the first four layers, from holm_ml_kem__first; a row of them in the last three. */
INLINE void transform(struct holm_ml_kem__poly *poly)
{
    struct rows r = rows_of(poly);
    size_t at = 1;

    for (size_t far = 8; far >= 1; far /= 2)
        for (size_t first = 0; first < SIDE; first += 2 * far, at++)
            part_transform(&r, first, far, row_all(HOLM_AT(holm_ml_kem__first.roots, at)),
                           row_all(HOLM_AT(holm_ml_kem__first.factors, at)));
    rows_turn(&r);
    at = 0;
    for (size_t far = 8; far >= 2; far /= 2)
        for (size_t first = 0; first < SIDE; first += 2 * far, at++) {
            const struct holm_ml_kem__roots *roots = &HOLM_AT(holm_ml_kem__rest, at);
            part_transform(&r, first, far, row_of(roots->roots), row_of(roots->factors));
        }
    rows_reduce(&r);
    rows_put(poly, &r);
}

/* Three layers make of what is reduced at most 8 times the modulus, which fits. */
INLINE void back(struct holm_ml_kem__poly *poly)
{
    struct rows r = rows_of(poly);

    rows_reduce(&r);
    for (size_t far = 2; far <= 8; far *= 2)
        for (size_t first = 0; first < SIDE; first += 2 * far) {
            const struct holm_ml_kem__roots *roots =
                &HOLM_AT(holm_ml_kem__back_rest, 8 / far - 1 + first / (2 * far));
            part_back(&r, first, far, row_of(roots->roots), row_of(roots->factors));
        }
    rows_turn(&r);
    rows_reduce(&r);
    for (size_t far = 1; far <= 8; far *= 2) {
        if (far == 8)
            rows_reduce(&r);
        for (size_t first = 0; first < SIDE; first += 2 * far) {
            size_t at = 8 / far + first / (2 * far);
            part_back(&r, first, far, row_all(HOLM_AT(holm_ml_kem__back_first.roots, at)),
                      row_all(HOLM_AT(holm_ml_kem__back_first.factors, at)));
        }
    }
    for (size_t i = 0; i < SIDE; i++) /* 2^32 / 128 */
        HOLM_AT(r.rows, i) = row_times(HOLM_AT(r.rows, i), row_all(1441));
    rows_put(poly, &r);
}

/* Section 4.3.1: numbers 2 i and 2 i + 1 are those of a polynomial of degree 1 modulo X^2 - root, or + root
 * for each second one. Turned, they are at one place of rows 2 j and 2 j + 1. */
INLINE void add_product(struct holm_ml_kem__poly *sum, const struct holm_ml_kem__poly *a,
                        const struct holm_ml_kem__poly *b)
{
    for (size_t j = 0; j < SIDE / 2; j++) {
        const struct holm_ml_kem__roots *roots = &HOLM_AT(holm_ml_kem__rest, 3 + j / 2);
        row a0 = row_of(&HOLM_AT(a->at, 2 * SIDE * j));
        row a1 = row_of(&HOLM_AT(a->at, 2 * SIDE * j + SIDE));
        row b0 = row_of(&HOLM_AT(b->at, 2 * SIDE * j));
        row b1 = row_of(&HOLM_AT(b->at, 2 * SIDE * j + SIDE));
        row square = row_scaled(row_times(a1, b1), row_of(roots->roots), row_of(roots->factors));
        row low = row_of(&HOLM_AT(sum->at, 2 * SIDE * j)) + row_times(a0, b0);
        row high =
            row_of(&HOLM_AT(sum->at, 2 * SIDE * j + SIDE)) + row_times(a0, b1) + row_times(a1, b0);

        row_put(&HOLM_AT(sum->at, 2 * SIDE * j), j % 2 == 0 ? low + square : low - square);
        row_put(&HOLM_AT(sum->at, 2 * SIDE * j + SIDE), high);
    }
}

INLINE void scale(struct holm_ml_kem__poly *sum)
{
    struct rows r = rows_of(sum);

    for (size_t i = 0; i < SIDE; i++) /* 2^32 */
        HOLM_AT(r.rows, i) = row_times(HOLM_AT(r.rows, i), row_all(1353));
    rows_reduce(&r);
    rows_put(sum, &r);
}

INLINE void turn(struct holm_ml_kem__poly *poly)
{
    struct rows r = rows_of(poly);

    rows_turn(&r);
    for (size_t i = 0; i < SIDE; i++)
        HOLM_AT(r.rows, i) = row_least(HOLM_AT(r.rows, i));
    rows_put(poly, &r);
}

/* compress divides by multiplying: 8 x 20159 / 2^16 is 2^13 x / modulus and little less, so what is rounded
 * of it is off by one at most; the rest of the division, which fits 16 bits, says so. Right for all
 * numbers and widths: edges_kem.py. */
INLINE void compress(struct holm_ml_kem__poly *poly, size_t bits)
{
    const int16_t half = (int16_t)(1 << (12 - bits)), mask = (int16_t)((1 << bits) - 1);

    for (size_t i = 0; i < SIDE; i++) {
        row a = row_least(row_of(&HOLM_AT(poly->at, SIDE * i)));
        row about = (row_high(a << 3, row_all(20159)) + row_all(half)) >> (int16_t)(13 - bits);
        row rest =
            row_low(a, row_all((int16_t)(1 << bits))) + row_all(Q / 2) - row_low(about, row_all(Q));
        about += (rest >> 15) - ((row_all(Q - 1) - rest) >> 15);
        row_put(&HOLM_AT(poly->at, SIDE * i), about & row_all(mask));
    }
}
