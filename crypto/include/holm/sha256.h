/* SPDX-License-Identifier: ISC */
/* holm/sha256.h: SHA-256. Pure, constant time. Source: FIPS 180-4. */
#pragma once

#include <holm/bytes.h>

#define HOLM_SHA256_BYTES 32
#define HOLM_SHA256_BLOCK 64

/* struct holm_sha256 is a digest of pieces that come one after the other. It may be copied: both go
 * on by themselves. */
struct holm_sha256 {
    uint32_t a, b, c, d, e, f, g, h;
    uint64_t len;                     /* bytes so far; less than 2^61 */
    uint8_t block[HOLM_SHA256_BLOCK]; /* the last len % HOLM_SHA256_BLOCK bytes */
};

/* holm_sha256_init begins; holm_sha256_add adds a piece; holm_sha256_end fills digest, and wipes
 * *sha. */
void holm_sha256_init(struct holm_sha256 *sha);
void holm_sha256_add(struct holm_sha256 *sha, struct holm_bytes piece);
void holm_sha256_end(struct holm_sha256 *sha, uint8_t digest[HOLM_SHA256_BYTES]);
