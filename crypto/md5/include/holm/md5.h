/* SPDX-License-Identifier: ISC */
/* holm/md5.h: MD5. Pure. BROKEN: only for protocols that are old and have nothing else. Source: RFC 1321. */
#pragma once

#include <holm/bytes.h>

#define HOLM_MD5_BYTES 16
#define HOLM_MD5_BLOCK 64

/* struct holm_md5 is a digest of pieces that come one after the other. */
struct holm_md5 {
    uint32_t a, b, c, d;
    uint64_t len;
    uint8_t block[HOLM_MD5_BLOCK]; /* the last len % HOLM_MD5_BLOCK bytes */
};

/* holm_md5_init begins; holm_md5_add adds a piece; holm_md5_end fills digest, and ends. */
void holm_md5_init(struct holm_md5 *md5);
void holm_md5_add(struct holm_md5 *md5, struct holm_bytes piece);
void holm_md5_end(struct holm_md5 *md5, uint8_t digest[HOLM_MD5_BYTES]);
