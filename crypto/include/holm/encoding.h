/* SPDX-License-Identifier: ISC */
/* holm/encoding.h: keys as text: hexadecimal (base16) and base64. Pure. No branch and no address depends
 * on a byte or a character; what is told is how long both are, and whether the text is one. Text that
 * is no secret, such as a number in hexadecimal, holm/text.h reads and writes. Source: RFC 4648.
 *
 * Each call appends to a buffer, all or nothing, and in lies elsewhere. What decode reads is strict: the
 * whole of in, no spaces or line ends, no bits behind the last byte that are not 0 (section 3.5). So two
 * texts that are not the same never say the same, but for the case of hexadecimal digits. */
#pragma once

#include <holm/bytes.h>

/* The characters of so many bytes: of hexadecimal, and the most of base64. */
#define HOLM_HEX_CHARACTERS(bytes) (2 * (size_t)(bytes))
#define HOLM_BASE64_CHARACTERS(bytes) (((size_t)(bytes) + 2) / 3 * 4)

/* enum holm_base64 is which alphabet there is for 62 and 63, "+/" (section 4) or "-_" (section 5), and
 * whether '=' fills the last four characters up. */
enum holm_base64 {
    HOLM_BASE64_PADDED,
    HOLM_BASE64_UNPADDED,
    HOLM_BASE64_URL_PADDED,
    HOLM_BASE64_URL_UNPADDED
};

/* holm_hex_encode writes two digits a byte, in lower case; false: they do not fit. */
HOLM_MUST_USE bool holm_hex_encode(struct holm_buffer *out, struct holm_bytes in);

/* holm_hex_decode reads digits of either case.
 *
 * Errors:  HOLM_ERR_MALFORMED  another character, or an odd number of them: nothing of the bytes is left
 *                              in out
 *          HOLM_ERR_LIMIT      out has less room than half of in */
HOLM_MUST_USE enum holm_result holm_hex_decode(struct holm_buffer *out, struct holm_bytes in);

/* holm_base64_encode writes base64; false: it does not fit. */
HOLM_MUST_USE bool holm_base64_encode(struct holm_buffer *out, struct holm_bytes in,
                                      enum holm_base64 form);

/* holm_base64_decode reads base64 of that form and of no other.
 *
 * Errors:  HOLM_ERR_MALFORMED  another character, a length that there is not, padding that is missing or
 *                              too much, bits behind the last byte: nothing of the bytes is left in out
 *          HOLM_ERR_LIMIT      out has too little room */
HOLM_MUST_USE enum holm_result holm_base64_decode(struct holm_buffer *out, struct holm_bytes in,
                                                  enum holm_base64 form);
