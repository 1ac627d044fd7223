/* SPDX-License-Identifier: ISC */
/* poly1305.h: the one-time authenticator. RFC 8439 section 2.5. */
#pragma once

#include <holm/mac.h>

#include <holm/machine/wide.h>

void holm_poly1305_init(struct holm_poly1305_sum *poly, struct holm_bytes key);
void holm_poly1305_add(struct holm_poly1305_sum *poly, struct holm_bytes piece);
/* holm_poly1305_pad adds zeroes up to the end of a block. */
void holm_poly1305_pad(struct holm_poly1305_sum *poly);
/* holm_poly1305_padded adds bytes to whole blocks, and zeroes up to the end of a block. */
void holm_poly1305_padded(struct holm_poly1305_sum *poly, struct holm_bytes bytes);
/* holm_poly1305__lengths adds a block of two numbers, as AEADs have it at the end. */
void holm_poly1305__lengths(struct holm_poly1305_sum *poly, uint64_t first, uint64_t second);
void holm_poly1305_end(struct holm_poly1305_sum *poly, struct holm_span tag);

/* holm_poly1305__times makes r times h of h, modulo 2^130 - 5 and below 2^130 + 2^64. h is below 2^131. */
static inline void holm_poly1305__times(uint64_t h[3], const uint64_t r[2])
{
    uint64_t h0 = HOLM_NTH(h, 3, 0), h1 = HOLM_NTH(h, 3, 1), h2 = HOLM_NTH(h, 3, 2);
    uint64_t r0 = HOLM_NTH(r, 2, 0), r1 = HOLM_NTH(r, 2, 1);
    /* 2^130 is 5, and the last two bits of r1 are 0: 2^128 r1 is 5 / 4 r1 */
    uint64_t s1 = r1 + (r1 >> 2);
    struct holm_wide low = holm_wide_add(holm_wide_multiply(h0, r0), holm_wide_multiply(h1, s1));
    struct holm_wide high = holm_wide_add(holm_wide_multiply(h0, r1), holm_wide_multiply(h1, r0));
    high = holm_wide_add(high, (struct holm_wide){ h2 * s1, 0 });
    high = holm_wide_add(high, (struct holm_wide){ low.high, 0 });
    uint64_t top = h2 * r0 + high.high;
    struct holm_wide sum =
        holm_wide_add((struct holm_wide){ low.low, 0 },
                      (struct holm_wide){ (top >> 2) + (top & ~UINT64_C(3)), 0 });

    HOLM_NTH(h, 3, 0) = sum.low;
    sum = holm_wide_add((struct holm_wide){ high.low, 0 }, (struct holm_wide){ sum.high, 0 });
    HOLM_NTH(h, 3, 1) = sum.low;
    HOLM_NTH(h, 3, 2) = (top & 3) + sum.high;
}
