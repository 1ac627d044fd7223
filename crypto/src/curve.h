/* SPDX-License-Identifier: ISC */
/* curve.h: points of the curves y^2 = x^3 - 3 x + b of FIPS 186-5 (SP 800-186 section 3.2.1), as
 * fractions x / z, y / z in Montgomery form; z = 0 is the point at infinity. Constant time. */
#pragma once

#include "montgomery.h"

/* The most limbs of a coordinate: of 521 bits; and bytes of it. */
#define HOLM_CURVE__LIMBS_MAX 9
#define HOLM_CURVE__BYTES_MAX 66

struct holm_curve_point {
    uint64_t x[HOLM_CURVE__LIMBS_MAX], y[HOLM_CURVE__LIMBS_MAX], z[HOLM_CURVE__LIMBS_MAX];
};

struct holm_curve {
    size_t bytes; /* of a coordinate, and of a number modulo the order */
    struct holm_modulus field, order;
    const uint64_t *b; /* Montgomery form */
    const struct holm_curve_point *base;
};

extern const struct holm_curve holm_curve__p256, holm_curve__p384, holm_curve__p521;

/* holm_curve__add sets *out to a + b, for all points of the curve. out may be a or b. */
void holm_curve__add(const struct holm_curve *curve, struct holm_curve_point *out,
                     const struct holm_curve_point *a, const struct holm_curve_point *b);

/* holm_curve__multiply sets *out to the point, scalar times; scalar has the order's limbs. */
void holm_curve__multiply(const struct holm_curve *curve, struct holm_curve_point *out,
                          const struct holm_curve_point *point, const uint64_t *scalar);

/* holm_curve__read reads a point that is not compressed (SEC 1 section 2.3.4); false: it is none of the
 * curve, or that at infinity. */
bool holm_curve__read(const struct holm_curve *curve, struct holm_curve_point *point,
                      struct holm_bytes bytes);

/* holm_curve__coordinates gives x and y, no longer in Montgomery form; false, of the point at
 * infinity, and both are 0. */
bool holm_curve__coordinates(const struct holm_curve *curve, const struct holm_curve_point *point,
                             uint64_t *x, uint64_t *y);

/* holm_curve__scalar reads a number from 1 to the order - 1; false: it is another. */
bool holm_curve__scalar(const struct holm_curve *curve, uint64_t *scalar, struct holm_bytes bytes);

/* holm_curve__secret_valid answers whether bytes are such a number; holm_curve__public fills key with the
 * base point, secret times, not compressed (SEC 1 section 2.3.3). */
bool holm_curve__secret_valid(const struct holm_curve *curve, struct holm_bytes secret);
void holm_curve__public(const struct holm_curve *curve, struct holm_span key,
                        struct holm_bytes secret);
