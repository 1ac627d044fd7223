/* SPDX-License-Identifier: ISC */
/* ghash.h: the sum of GCM. NIST SP 800-38D section 6.4. */
#pragma once

#include <holm/bytes.h>

#define HOLM_GHASH__BLOCK_BYTES 16

/* struct holm_ghash__word is a polynomial: the first bit of high is the coefficient of 1, the last of
 * low that of x^127. */
struct holm_ghash__word {
    uint64_t high, low;
};

struct holm_ghash {
    struct holm_ghash__word key, sum;
};

/* holm_ghash_init begins with a key of 16 bytes. */
void holm_ghash_init(struct holm_ghash *ghash, struct holm_bytes key);

/* holm_ghash_add adds bytes, and zeroes up to the end of a block. */
void holm_ghash_add(struct holm_ghash *ghash, struct holm_bytes bytes);
