/* SPDX-License-Identifier: ISC */
/* curve_p384.c: P-384, whose field has the size 2^384 - 2^128 - 2^96 + 2^32 - 1. */
enum { LIMBS = 6, BITS = 384, ROWS = 8, COLUMNS = 10 };

#include "residues.h"
#include "tables/p384.h"

/* To take a limb off, a multiple by of the size is added: by 2^384, less by (2^128 + 2^96 - 2^32 + 1). Of
 * the latter the last limb is the one that goes, which chooses by. */
INLINE struct number field_cleared(const struct number *a)
{
    uint64_t by = HOLM_AT(a->limbs, 0) + (HOLM_AT(a->limbs, 0) << 32);
    uint64_t low = by << 32, high = by >> 32, borrow = 0, carry = 0;
    uint64_t less[LIMBS - 1] = { 0 };
    struct number out = { { 0 } };

    (void)subtract_limb(by, low, &borrow);
    HOLM_AT(less, 0) = subtract_limb(low, high, &borrow);
    /* what was borrowed is taken off by, which is 0 only if nothing was */
    HOLM_AT(less, 1) = add_limb(by - borrow, high, &carry);
    HOLM_AT(less, 2) = carry;
    borrow = 0;
#pragma clang loop unroll(full)
    for (size_t i = 0; i + 1 < LIMBS; i++)
        HOLM_AT(out.limbs, i) = subtract_limb(HOLM_AT(a->limbs, i + 1), HOLM_AT(less, i), &borrow);
    HOLM_AT(out.limbs, LIMBS - 1) = by - borrow;
    return out;
}

#include "curve_points.h"

const struct holm_curve holm_curve__p384 = { .bytes = (BITS + 7) / 8,
                                             .limbs = LIMBS,
                                             .bits = BITS,
                                             .order = order.limbs,
                                             .has = has,
                                             .base = base,
                                             .times = times,
                                             .sum_is = sum_is,
                                             .multiply = multiply,
                                             .invert = invert };
