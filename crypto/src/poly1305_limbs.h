/* SPDX-License-Identifier: ISC */
/* poly1305_limbs.h: numbers of Poly1305 in limbs of 26 bits, so that a sum of ten products fits
 * into 64 bits: what the kernels with vectors of such share. RFC 8439 section 2.5. */
#pragma once

#include "poly1305.h"

#include <holm/secret.h>

enum { LIMBS = 5, LIMB_BITS = 26 };
#define LIMB_MASK UINT64_C(0x3ffffff)
#define BEHIND (UINT64_C(1) << 24) /* the bit behind a block, in its last limb */

/* limb is limb i of a number in words. */
static inline uint64_t limb(const uint64_t h[3], size_t i)
{
    uint64_t h0 = HOLM_NTH(h, 3, 0), h1 = HOLM_NTH(h, 3, 1), h2 = HOLM_NTH(h, 3, 2);

    return i == 4   ? h1 >> 40 | h2 << 24
           : i == 0 ? h0 & LIMB_MASK
           : i == 1 ? h0 >> 26 & LIMB_MASK
           : i == 2 ? (h0 >> 52 | h1 << 12) & LIMB_MASK
                    : h1 >> 14 & LIMB_MASK;
}

/* limbs_put makes words of limbs. */
static inline void limbs_put(struct holm_poly1305_sum *poly, const uint64_t limbs[LIMBS])
{
    uint64_t second = HOLM_NTH(limbs, LIMBS, 1), third = HOLM_NTH(limbs, LIMBS, 2);
    uint64_t fourth = HOLM_NTH(limbs, LIMBS, 3), last = HOLM_NTH(limbs, LIMBS, 4);
    /* in two halves: limbs 0 and 1 with the last bits of 2, and the rest, which begins at bit 64 */
    struct holm_wide sum = holm_wide_add((struct holm_wide){ HOLM_NTH(limbs, LIMBS, 0), 0 },
                                         (struct holm_wide){ second << 26, second >> 38 });
    sum = holm_wide_add(sum, (struct holm_wide){ third << 52, third >> 12 });
    struct holm_wide high = holm_wide_add((struct holm_wide){ sum.high, 0 },
                                          (struct holm_wide){ fourth << 14, fourth >> 50 });
    high = holm_wide_add(high, (struct holm_wide){ last << 40, last >> 24 });
    struct holm_wide low = holm_wide_add((struct holm_wide){ sum.low, 0 },
                                         (struct holm_wide){ 5 * (high.high >> 2), 0 });
    HOLM_AT(poly->h, 0) = low.low;
    low = holm_wide_add((struct holm_wide){ high.low, 0 }, (struct holm_wide){ low.high, 0 });
    HOLM_AT(poly->h, 1) = low.low;
    HOLM_AT(poly->h, 2) = (high.high & 3) + low.high;
}
