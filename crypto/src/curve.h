/* SPDX-License-Identifier: ISC */
/* curve.h: the curves y^2 = x^3 - 3 x + b of FIPS 186-5 (SP 800-186 section 3.2.1), of a prime number of
 * points. Coordinates and numbers are limbs of 64 bits, least significant first, as many as the curve
 * has; a point is given by both coordinates, so none here is that at infinity. Constant time, but for
 * what says that it is not. */
#pragma once

#include "montgomery.h"

/* The most limbs of a coordinate: of 521 bits; and bytes of it. */
#define HOLM_CURVE__LIMBS_MAX 9
#define HOLM_CURVE__BYTES_MAX 66

/* struct holm_curve_point is a point by its coordinates, below the field's size. */
struct holm_curve_point {
    uint64_t x[HOLM_CURVE__LIMBS_MAX], y[HOLM_CURVE__LIMBS_MAX];
};

typedef bool holm_curve__has_function(const struct holm_curve_point *point);
typedef void holm_curve__base_function(struct holm_curve_point *out, const uint64_t *scalar);
typedef void holm_curve__times_function(struct holm_curve_point *out,
                                        const struct holm_curve_point *point,
                                        const uint64_t *scalar);
typedef bool holm_curve__sum_function(const struct holm_curve_point *point, const uint64_t *u,
                                      const uint64_t *v, const uint64_t *x);
typedef void holm_curve__multiply_function(uint64_t *out, const uint64_t *a, const uint64_t *b);
typedef void holm_curve__invert_function(uint64_t *out, const uint64_t *a);

/* struct holm_curve is a curve as one level of the processor works on it. Scalars are from 1 to the
 * order - 1. */
struct holm_curve {
    size_t bytes, limbs, bits; /* of a coordinate, and of a number modulo the order */
    const uint64_t *order;
    holm_curve__has_function
        *has; /* whether both coordinates are in range and fulfil the equation */
    holm_curve__base_function *base;   /* the base point, scalar times */
    holm_curve__times_function *times; /* a point, scalar times */
    /* whether the coordinate x of u base + v point is x modulo the order; u may be 0. Public numbers: not
     * constant time. */
    holm_curve__sum_function *sum_is;
    holm_curve__multiply_function *multiply; /* modulo the order */
    holm_curve__invert_function *invert;     /* modulo the order; 0 for 0 */
};

extern const struct holm_curve holm_curve__p256, holm_curve__p256_proved, holm_curve__p384;
extern const struct holm_curve holm_curve__p521;

/* holm_curve__p256_two_are answers whether the sum of two points, of which the first may be NULL, has the
 * coordinate x modulo the order. Not constant time. */
bool holm_curve__p256_two_are(const struct holm_curve_point *a, const struct holm_curve_point *b,
                              const uint64_t *x);

/* holm_curve__read reads a point that is not compressed (SEC 1 section 2.3.4); false: it is none of the
 * curve, or that at infinity. */
bool holm_curve__read(const struct holm_curve *curve, struct holm_curve_point *point,
                      struct holm_bytes bytes);

/* holm_curve__scalar reads a number from 1 to the order - 1; false: it is another. */
bool holm_curve__scalar(const struct holm_curve *curve, uint64_t *scalar, struct holm_bytes bytes);

/* holm_curve__reduce takes the order off a number below twice of it, if it is as large. */
void holm_curve__reduce(const struct holm_curve *curve, uint64_t *a);

/* holm_curve__secret_valid answers whether bytes are such a number; holm_curve__public fills key with the
 * base point, secret times, not compressed (SEC 1 section 2.3.3). */
bool holm_curve__secret_valid(const struct holm_curve *curve, struct holm_bytes secret);
void holm_curve__public(const struct holm_curve *curve, struct holm_span key,
                        struct holm_bytes secret);
