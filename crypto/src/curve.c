/* SPDX-License-Identifier: ISC */
/* curve.c: sums by the formulas that have no exceptions: Renes, Costello, Batina: Complete addition
 * formulas for prime order elliptic curves (2016), algorithm 4. */
#include "curve.h"

#include <holm/secret.h>

enum { WINDOW_BITS = 4, WINDOW = 1 << WINDOW_BITS, UNCOMPRESSED = 4 };

/* struct number is a coordinate. */
struct number {
    uint64_t limbs[HOLM_CURVE__LIMBS_MAX];
};

static struct number number_of(const uint64_t limbs[HOLM_CURVE__LIMBS_MAX])
{
    struct number out = { { 0 } };

    for (size_t i = 0; i < HOLM_CURVE__LIMBS_MAX; i++)
        HOLM_AT(out.limbs, i) = HOLM_NTH(limbs, HOLM_CURVE__LIMBS_MAX, i);
    return out;
}

static struct number multiplied(const struct holm_curve *curve, struct number a, struct number b)
{
    holm_montgomery__multiply(a.limbs, a.limbs, b.limbs, &curve->field);
    return a;
}

static struct number added(const struct holm_curve *curve, struct number a, struct number b)
{
    holm_montgomery__add(a.limbs, a.limbs, b.limbs, &curve->field);
    return a;
}

static struct number subtracted(const struct holm_curve *curve, struct number a, struct number b)
{
    holm_montgomery__subtract(a.limbs, a.limbs, b.limbs, &curve->field);
    return a;
}

static struct number tripled(const struct holm_curve *curve, struct number a)
{
    return added(curve, added(curve, a, a), a);
}

/* cross is a1 b2 + a2 b1, from the products of the equal ones. */
static struct number cross(const struct holm_curve *curve, struct number sum_a, struct number sum_b,
                           struct number one, struct number two)
{
    return subtracted(curve, multiplied(curve, sum_a, sum_b), added(curve, one, two));
}

void holm_curve__add(const struct holm_curve *curve, struct holm_curve_point *out,
                     const struct holm_curve_point *a, const struct holm_curve_point *b)
{
    const struct number x1 = number_of(a->x), y1 = number_of(a->y), z1 = number_of(a->z);
    const struct number x2 = number_of(b->x), y2 = number_of(b->y), z2 = number_of(b->z);
    const struct number constant = number_of(curve->b);
    struct number xx = multiplied(curve, x1, x2), yy = multiplied(curve, y1, y2);
    struct number zz = multiplied(curve, z1, z2);
    struct number xy = cross(curve, added(curve, x1, y1), added(curve, x2, y2), xx, yy);
    struct number yz = cross(curve, added(curve, y1, z1), added(curve, y2, z2), yy, zz);
    struct number xz = cross(curve, added(curve, x1, z1), added(curve, x2, z2), xx, zz);
    struct number p = tripled(curve, subtracted(curve, xz, multiplied(curve, constant, zz)));
    struct number less = subtracted(curve, yy, p), more = added(curve, yy, p);
    struct number zz3 = tripled(curve, zz);
    struct number q = tripled(
        curve, subtracted(curve, subtracted(curve, multiplied(curve, constant, xz), zz3), xx));
    struct number xx3 = subtracted(curve, tripled(curve, xx), zz3);
    struct number x = subtracted(curve, multiplied(curve, xy, more), multiplied(curve, yz, q));
    struct number y = added(curve, multiplied(curve, more, less), multiplied(curve, xx3, q));
    struct number z = added(curve, multiplied(curve, yz, less), multiplied(curve, xy, xx3));

    for (size_t i = 0; i < HOLM_CURVE__LIMBS_MAX; i++) {
        HOLM_AT(out->x, i) = HOLM_AT(x.limbs, i);
        HOLM_AT(out->y, i) = HOLM_AT(y.limbs, i);
        HOLM_AT(out->z, i) = HOLM_AT(z.limbs, i);
    }
}

static struct holm_curve_point infinity(const struct holm_curve *curve)
{
    struct holm_curve_point point = { .y = { 1 } };

    holm_montgomery__enter(point.y, point.y, &curve->field);
    return point;
}

static void point_choose(struct holm_curve_point *out, const struct holm_curve_point *a,
                         uint64_t choice)
{
    holm_limbs__choose(out->x, a->x, choice, HOLM_CURVE__LIMBS_MAX);
    holm_limbs__choose(out->y, a->y, choice, HOLM_CURVE__LIMBS_MAX);
    holm_limbs__choose(out->z, a->z, choice, HOLM_CURVE__LIMBS_MAX);
}

void holm_curve__multiply(const struct holm_curve *curve, struct holm_curve_point *out,
                          const struct holm_curve_point *point, const uint64_t *scalar)
{
    struct holm_curve_point table[WINDOW], sum = infinity(curve), chosen;
    size_t limbs = curve->order.limbs;

    table[0] = sum;
    for (size_t i = 1; i < WINDOW; i++)
        holm_curve__add(curve, &HOLM_AT(table, i), &HOLM_AT(table, i - 1), point);
    for (size_t at = 64 * limbs; at > 0; at -= WINDOW_BITS) {
        uint64_t digit =
            HOLM_NTH(scalar, limbs, (at - 1) / 64) >> (at - WINDOW_BITS) % 64 & (WINDOW - 1);
        for (int i = 0; i < WINDOW_BITS; i++)
            holm_curve__add(curve, &sum, &sum, &sum);
        chosen = table[0];
        for (size_t i = 1; i < WINDOW; i++) {
            uint64_t differs = digit ^ i;
            point_choose(&chosen, &HOLM_AT(table, i), holm_limbs__is_zero(&differs, 1));
        }
        holm_curve__add(curve, &sum, &sum, &chosen);
    }
    *out = sum;
    holm_secret_wipe(table, sizeof table);
    holm_secret_wipe(&sum, sizeof sum);
    holm_secret_wipe(&chosen, sizeof chosen);
}

/* coordinate_read reads a coordinate into Montgomery form; false: it is not below the field's size. */
static bool coordinate_read(const struct holm_curve *curve, uint64_t *out, struct holm_bytes bytes)
{
    holm_limbs__read(out, curve->field.limbs, bytes);
    if (!holm_limbs__below(out, curve->field.m, curve->field.limbs))
        return false;
    holm_montgomery__enter(out, out, &curve->field);
    return true;
}

static bool on_curve(const struct holm_curve *curve, const struct holm_curve_point *point)
{
    const struct number x = number_of(point->x), y = number_of(point->y);
    struct number right = multiplied(curve, multiplied(curve, x, x), x);
    struct number left = multiplied(curve, y, y);

    right = added(curve, subtracted(curve, right, tripled(curve, x)), number_of(curve->b));
    return holm_limbs__equal(left.limbs, right.limbs, curve->field.limbs) != 0;
}

bool holm_curve__read(const struct holm_curve *curve, struct holm_curve_point *point,
                      struct holm_bytes bytes)
{
    struct holm_curve_point read = { .z = { 1 } };
    struct holm_bytes x = { 0 }, y = { 0 };
    uint8_t form = 0;

    if (!holm_bytes_u8(&bytes, &form) || form != UNCOMPRESSED ||
        !holm_bytes_take(&bytes, curve->bytes, &x) || !holm_bytes_take(&bytes, curve->bytes, &y) ||
        bytes.len > 0 || !coordinate_read(curve, read.x, x) || !coordinate_read(curve, read.y, y) ||
        !on_curve(curve, &read))
        return false;
    holm_montgomery__enter(read.z, read.z, &curve->field);
    *point = read;
    return true;
}

bool holm_curve__coordinates(const struct holm_curve *curve, const struct holm_curve_point *point,
                             uint64_t *x, uint64_t *y)
{
    struct number inverse = { { 0 } };

    holm_montgomery__invert(inverse.limbs, point->z, &curve->field);
    holm_montgomery__multiply(x, point->x, inverse.limbs, &curve->field);
    holm_montgomery__multiply(y, point->y, inverse.limbs, &curve->field);
    holm_montgomery__leave(x, x, &curve->field);
    holm_montgomery__leave(y, y, &curve->field);
    return holm_limbs__is_zero(point->z, curve->field.limbs) == 0;
}

bool holm_curve__scalar(const struct holm_curve *curve, uint64_t *scalar, struct holm_bytes bytes)
{
    if (bytes.len != curve->bytes)
        return false;
    holm_limbs__read(scalar, curve->order.limbs, bytes);
    return (holm_limbs__below(scalar, curve->order.m, curve->order.limbs) &
            (1 ^ holm_limbs__is_zero(scalar, curve->order.limbs))) != 0;
}

void holm_curve__public(const struct holm_curve *curve, struct holm_span key,
                        struct holm_bytes secret)
{
    uint64_t x[HOLM_CURVE__LIMBS_MAX], y[HOLM_CURVE__LIMBS_MAX], scalar[HOLM_CURVE__LIMBS_MAX];
    struct holm_span to_x = { 0 }, to_y = { 0 };
    struct holm_curve_point point;

    holm_assert(holm_curve__scalar(curve, scalar, secret));
    holm_curve__multiply(curve, &point, curve->base, scalar);
    holm_assert(holm_curve__coordinates(curve, &point, x, y) &&
                holm_span_part(key, 1, curve->bytes, &to_x) &&
                holm_span_part(key, 1 + curve->bytes, curve->bytes, &to_y));
    HOLM_NTH(key.ptr, key.len, 0) = UNCOMPRESSED;
    holm_limbs__write(to_x, x, curve->field.limbs);
    holm_limbs__write(to_y, y, curve->field.limbs);
    holm_secret_wipe(scalar, sizeof scalar);
}

bool holm_curve__secret_valid(const struct holm_curve *curve, struct holm_bytes secret)
{
    uint64_t scalar[HOLM_CURVE__LIMBS_MAX];
    bool valid = holm_curve__scalar(curve, scalar, secret);

    holm_secret_wipe(scalar, sizeof scalar);
    return valid;
}
