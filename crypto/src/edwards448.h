/* SPDX-License-Identifier: ISC */
/* edwards448.h: the curve x^2 + y^2 = 1 + d x^2 y^2 of RFC 8032 section 5.2. Points are 57 bytes as section
 * 5.2.2 has them, numbers seven limbs, least significant first, below the order of the base point. */
#pragma once

#include <holm/bytes.h>

enum { HOLM_EDWARDS448__BYTES = 57, HOLM_EDWARDS448__LIMBS = 7 };

/* A number, and where to the base point that many times goes. */
struct holm_edwards448_multiple {
    const uint64_t *scalar;
    struct holm_span out;
};

/* holm_edwards448__base makes one or two multiples; second may be NULL. Constant time. */
void holm_edwards448__base(const struct holm_edwards448_multiple *first,
                           const struct holm_edwards448_multiple *second);

/* holm_edwards448__sum fills out with s times the base less k times the key; false: the key is no point,
 * is not written in the one way, or is one of the four of small order. Public numbers: not constant
 * time. */
bool holm_edwards448__sum(struct holm_span out, struct holm_bytes key, const uint64_t *k,
                          const uint64_t *s);
