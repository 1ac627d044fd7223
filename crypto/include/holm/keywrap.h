/* SPDX-License-Identifier: ISC */
/* holm/keywrap.h: keys that are hidden in another key (AES key wrap). Pure, constant time for keys of
 * one length. Sources: RFC 3394; of any length, RFC 5649. */
#pragma once

#include <holm/aes.h>

/* The longest key that is wrapped, in bytes, inclusive. */
#define HOLM_KEYWRAP_MAX 4096

/* holm_keywrap fills *out with a key of 16 bytes or more, a multiple of 8, wrapped; holm_keywrap_padded,
 * with one of any length but none. *out has 8 bytes more, and of the second up to 7 more.
 *
 * Errors:  HOLM_ERR_INVALID  no such length, or more than HOLM_KEYWRAP_MAX
 *          HOLM_ERR_LIMIT    *out has less room */
HOLM_MUST_USE enum holm_result holm_keywrap(struct holm_buffer *out, struct holm_bytes wrapping,
                                            struct holm_bytes key);
HOLM_MUST_USE enum holm_result
holm_keywrap_padded(struct holm_buffer *out, struct holm_bytes wrapping, struct holm_bytes key);

/* holm_keywrap_open and holm_keywrap_padded_open append the key to *out.
 *
 * Errors:  HOLM_ERR_MALFORMED  it was changed, wrapped with another key, or is no such thing; *out is
 *                              as it was, but for bytes behind its length, which are zero
 *          HOLM_ERR_LIMIT      *out has less room, or it is longer than HOLM_KEYWRAP_MAX and what
 *                              comes on top */
HOLM_MUST_USE enum holm_result
holm_keywrap_open(struct holm_buffer *out, struct holm_bytes wrapping, struct holm_bytes wrapped);
HOLM_MUST_USE enum holm_result holm_keywrap_padded_open(struct holm_buffer *out,
                                                        struct holm_bytes wrapping,
                                                        struct holm_bytes wrapped);
