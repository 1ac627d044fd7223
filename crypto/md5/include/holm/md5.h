/* SPDX-License-Identifier: ISC */
/* holm/md5.h: MD5, a digest of holm/hash.h. Pure. BROKEN: only for protocols that are old and have nothing
 * else. Source: RFC 1321. */
#pragma once

#include <holm/hash.h>

#define HOLM_MD5_BYTES 16
#define HOLM_MD5_BLOCK 64

extern const struct holm_hash holm_md5;
