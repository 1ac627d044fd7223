/* SPDX-License-Identifier: ISC */
/* curve_p521.c: P-521, whose field has the size 2^521 - 1. */
enum { LIMBS = 9, BITS = 521, ROWS = 15, COLUMNS = 7 };

#include "residues.h"
#include "tables/p521.h"

/* To take a limb off, it is added times the size: less itself, which makes it 0, and times 2^521. */
INLINE struct number field_cleared(const struct number *a)
{
    uint64_t by = HOLM_AT(a->limbs, 0), carry = 0;
    struct number out = { { 0 } };

#pragma clang loop unroll(full)
    for (size_t i = 0; i + 2 < LIMBS; i++)
        HOLM_AT(out.limbs, i) = HOLM_AT(a->limbs, i + 1);
    HOLM_AT(out.limbs, LIMBS - 2) = add_limb(HOLM_AT(a->limbs, LIMBS - 1), by << 9, &carry);
    HOLM_AT(out.limbs, LIMBS - 1) = (by >> 55) + carry;
    return out;
}

#include "curve_points.h"

const struct holm_curve holm_curve__p521 = { .bytes = (BITS + 7) / 8,
                                             .limbs = LIMBS,
                                             .bits = BITS,
                                             .order = order.limbs,
                                             .has = has,
                                             .base = base,
                                             .times = times,
                                             .sum_is = sum_is,
                                             .multiply = multiply,
                                             .invert = invert };
