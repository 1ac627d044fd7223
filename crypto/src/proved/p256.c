/* SPDX-License-Identifier: ISC */
/* p256.c: P-256 by the proved assembly. */
#include "../curve.h"
#include "p256_blocks.h"
#include "proved.h"

#include <holm/secret.h>

enum { POINT = 2 * LIMBS };

static void point_put(struct holm_curve_point *out, const uint64_t point[POINT])
{
    for (size_t i = 0; i < LIMBS; i++) {
        HOLM_AT(out->x, i) = HOLM_NTH(point, POINT, i);
        HOLM_AT(out->y, i) = HOLM_NTH(point, POINT, LIMBS + i);
    }
}

static void base(struct holm_curve_point *out, const uint64_t *scalar)
{
    uint64_t point[POINT];

    holm_proved__p256_scalarmulbase(point, scalar, BLOCK_BITS, blocks);
    point_put(out, point);
    holm_secret_wipe(point, sizeof point);
}

static void times(struct holm_curve_point *out, const struct holm_curve_point *of,
                  const uint64_t *scalar)
{
    uint64_t point[POINT];

    for (size_t i = 0; i < LIMBS; i++) {
        HOLM_AT(point, i) = HOLM_AT(of->x, i);
        HOLM_AT(point, LIMBS + i) = HOLM_AT(of->y, i);
    }
    holm_proved__p256_scalarmul(point, scalar, point);
    point_put(out, point);
    holm_secret_wipe(point, sizeof point);
}

static bool sum_is(const struct holm_curve_point *point, const uint64_t *u, const uint64_t *v,
                   const uint64_t *x)
{
    struct holm_curve_point of_u, of_v;

    times(&of_v, point, v);
    if (holm_limbs__is_zero(u, LIMBS))
        return holm_curve__p256_two_are(NULL, &of_v, x);
    base(&of_u, u);
    return holm_curve__p256_two_are(&of_u, &of_v, x);
}

static bool has(const struct holm_curve_point *point)
{
    return holm_curve__p256.has(point);
}

static void multiply(uint64_t *out, const uint64_t *a, const uint64_t *b)
{
    holm_curve__p256.multiply(out, a, b);
}

static void invert(uint64_t *out, const uint64_t *a)
{
    uint64_t room[3 * LIMBS];

    holm_proved__bignum_modinv(LIMBS, out, a, order, room);
    holm_secret_wipe(room, sizeof room);
}

const struct holm_curve holm_curve__p256_proved = { .bytes = 8 * LIMBS,
                                                    .limbs = LIMBS,
                                                    .bits = 64 * LIMBS,
                                                    .order = order,
                                                    .has = has,
                                                    .base = base,
                                                    .times = times,
                                                    .sum_is = sum_is,
                                                    .multiply = multiply,
                                                    .invert = invert };
