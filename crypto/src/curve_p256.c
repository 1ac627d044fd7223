/* SPDX-License-Identifier: ISC */
/* curve_p256.c: P-256, whose field has the size 2^256 - 2^224 + 2^192 + 2^96 - 1. */
enum { LIMBS = 4, BITS = 256, ROWS = 4, COLUMNS = 13 };

#include "residues.h"
#include "tables/p256.h"

/* To take a limb off, it is added times the size: less itself, which makes it 0, and times the rest. */
INLINE struct number field_cleared(const struct number *a)
{
    uint64_t by = HOLM_AT(a->limbs, 0), carry = 0;
    struct holm_wide top = holm_wide_multiply(by, HOLM_AT(field.limbs, 3));
    struct number out = { { 0 } };

    HOLM_AT(out.limbs, 0) = add_limb(HOLM_AT(a->limbs, 1), by << 32, &carry);
    HOLM_AT(out.limbs, 1) = add_limb(HOLM_AT(a->limbs, 2), by >> 32, &carry);
    HOLM_AT(out.limbs, 2) = add_limb(HOLM_AT(a->limbs, 3), top.low, &carry);
    HOLM_AT(out.limbs, 3) = add_limb(0, top.high, &carry);
    return out;
}

#include "curve_points.h"

bool holm_curve__p256_two_are(const struct holm_curve_point *a, const struct holm_curve_point *b,
                              const uint64_t *x)
{
    struct point one = { .y = field_one }, two = point_of(b);

    if (a != NULL)
        one = point_of(a);
    return sum_has_x(&one, &two, x);
}

const struct holm_curve holm_curve__p256 = { .bytes = (BITS + 7) / 8,
                                             .limbs = LIMBS,
                                             .bits = BITS,
                                             .order = order.limbs,
                                             .has = has,
                                             .base = base,
                                             .times = times,
                                             .sum_is = sum_is,
                                             .multiply = multiply,
                                             .invert = invert };
