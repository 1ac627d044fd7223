/* SPDX-License-Identifier: ISC */
/* poly1305.h: the one-time authenticator. RFC 8439 section 2.5. */
#pragma once

#include <holm/bytes.h>

#define HOLM_POLY1305__KEY_BYTES 32
#define HOLM_POLY1305__BLOCK_BYTES 16

/* struct holm_poly1305 holds numbers below 2^130 in five limbs of 26 bits. */
struct holm_poly1305 {
    uint32_t r[5], h[5];
    uint32_t end[4];
    uint8_t block[HOLM_POLY1305__BLOCK_BYTES];
    size_t used;
};

void holm_poly1305_init(struct holm_poly1305 *poly, struct holm_bytes key);
void holm_poly1305_add(struct holm_poly1305 *poly, struct holm_bytes piece);
/* holm_poly1305_pad adds zeroes up to the end of a block. */
void holm_poly1305_pad(struct holm_poly1305 *poly);
void holm_poly1305_end(struct holm_poly1305 *poly, struct holm_span tag);
