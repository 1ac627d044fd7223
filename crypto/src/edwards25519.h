/* SPDX-License-Identifier: ISC */
/* edwards25519.h: the curve -x^2 + y^2 = 1 + d x^2 y^2 of RFC 8032 section 5.1. Points are 32 bytes as
 * section 5.1.2 has them, numbers four limbs, least significant first, below 2^255. */
#pragma once

#include <holm/bytes.h>

enum { HOLM_EDWARDS25519__BYTES = 32, HOLM_EDWARDS25519__LIMBS = 4 };

/* One or two numbers, and where to the base point that many times goes. */
struct holm_edwards25519_multiple {
    const uint64_t *scalar;
    struct holm_span out;
};

typedef void holm_edwards25519__base_function(const struct holm_edwards25519_multiple *first,
                                              const struct holm_edwards25519_multiple *second);
typedef bool holm_edwards25519__sum_function(struct holm_span out, struct holm_bytes key,
                                             const uint64_t *k, const uint64_t *s);

/* struct holm_edwards25519 is the curve as one level of the processor works on it. */
struct holm_edwards25519 {
    /* Constant time. second may be NULL. */
    holm_edwards25519__base_function *base;
    /* fills out with s times the base less k times the key; false: the key is no point, is not written in
     * the one way, or is one of the eight of small order. Public numbers: not constant time. */
    holm_edwards25519__sum_function *sum;
};

extern const struct holm_edwards25519 holm_edwards25519__portable, holm_edwards25519__proved;
