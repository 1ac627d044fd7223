/* SPDX-License-Identifier: ISC */
/* holm/text.h: values as text, and back. Pure. Each emit appends to a buffer, all or nothing: false,
 * and nothing changes, if it does not fit. Each parse is strict: the whole of in is the value in one
 * of the forms named here, without space around it; on error the output is unchanged. What emit
 * writes, parse reads as the same value.
 *
 * Errors of every parse:  HOLM_ERR_MALFORMED  another form
 *                         HOLM_ERR_LIMIT      the right form, but the value does not fit its type */
#pragma once

#include <holm/address.h>

/* What the longest text of each kind needs, in bytes. */
#define HOLM_TEXT_U64_MAX 20
#define HOLM_TEXT_I64_MAX 20
#define HOLM_TEXT_IP_MAX 39
#define HOLM_TEXT_PREFIX_MAX 43
#define HOLM_TEXT_ENDPOINT_MAX 47
#define HOLM_TEXT_MAC_MAX 17
#define HOLM_TEXT_TIME_MAX 24
/* HOLM_TEXT_PLACES_MAX is how many digits behind the point a fixed decimal may have, inclusive. */
#define HOLM_TEXT_PLACES_MAX 18

/* Numbers in decimal: digits alone, no sign but the minus, no leading zero, no "-0". */
HOLM_MUST_USE bool holm_text_u64_emit(struct holm_buffer *out, uint64_t value);
HOLM_MUST_USE bool holm_text_i64_emit(struct holm_buffer *out, int64_t value);
HOLM_MUST_USE enum holm_result holm_text_u64_parse(uint64_t *value, struct holm_bytes in);
HOLM_MUST_USE enum holm_result holm_text_i64_parse(int64_t *value, struct holm_bytes in);

/* holm_text_padded_emit writes value in decimal, with pad before it up to width bytes in all. */
HOLM_MUST_USE bool holm_text_padded_emit(struct holm_buffer *out, uint64_t value, size_t width,
                                         uint8_t pad);

/* holm_text_hex_emit writes value in lower-case hexadecimal, with zeroes before it up to width
 * digits; holm_text_hex_parse reads 1 to 16 digits of either case. */
HOLM_MUST_USE bool holm_text_hex_emit(struct holm_buffer *out, uint64_t value, size_t width);
HOLM_MUST_USE enum holm_result holm_text_hex_parse(uint64_t *value, struct holm_bytes in);

/* holm_text_fixed_emit writes value / 10^places with exactly places digits behind the point: 1250
 * with 3 is "1.250", with 0 "1250". places is at most HOLM_TEXT_PLACES_MAX. */
HOLM_MUST_USE bool holm_text_fixed_emit(struct holm_buffer *out, uint64_t value, unsigned places);

/* holm_text_fixed_parse reads what holm_text_fixed_emit writes, with up to places digits behind the
 * point, or no point. */
HOLM_MUST_USE enum holm_result holm_text_fixed_parse(uint64_t *value, struct holm_bytes in,
                                                     unsigned places);

/* Durations in nanoseconds: a number and ns, us, ms, s, m, h or d: "250ms", "1.5h". Emit writes the
 * greatest unit in which the number is whole: "90m". A bare 0 is read too. */
HOLM_MUST_USE bool holm_text_duration_emit(struct holm_buffer *out, uint64_t duration_ns);
HOLM_MUST_USE enum holm_result holm_text_duration_parse(uint64_t *duration_ns,
                                                        struct holm_bytes in);

/* Sizes in bytes: a number and B, KiB, MiB, GiB, TiB, or kB, MB, GB, TB, or nothing for bytes. Emit
 * writes the greatest binary unit in which the number is whole: "64KiB". */
HOLM_MUST_USE bool holm_text_size_emit(struct holm_buffer *out, uint64_t size_bytes);
HOLM_MUST_USE enum holm_result holm_text_size_parse(uint64_t *size_bytes, struct holm_bytes in);

/* IP addresses. IPv4: four decimal numbers without leading zeroes. IPv6 is read in each form of RFC
 * 4291 section 2.2 and written in the one of RFC 5952. No zones. No address is written "none",
 * which is not read. */
HOLM_MUST_USE bool holm_text_ip_emit(struct holm_buffer *out,
                                     const struct holm_ip_address *address);
HOLM_MUST_USE enum holm_result holm_text_ip_parse(struct holm_ip_address *address,
                                                  struct holm_bytes in);

/* Prefixes: "10.0.0.0/8". Bits behind the length that are not 0 are HOLM_ERR_INVALID. */
HOLM_MUST_USE bool holm_text_prefix_emit(struct holm_buffer *out,
                                         const struct holm_ip_prefix *prefix);
HOLM_MUST_USE enum holm_result holm_text_prefix_parse(struct holm_ip_prefix *prefix,
                                                      struct holm_bytes in);

/* Endpoints: "192.0.2.1:80", "[2001:db8::1]:80" (RFC 5952 section 6). */
HOLM_MUST_USE bool holm_text_endpoint_emit(struct holm_buffer *out,
                                           const struct holm_endpoint *endpoint);
HOLM_MUST_USE enum holm_result holm_text_endpoint_parse(struct holm_endpoint *endpoint,
                                                        struct holm_bytes in);

/* MAC addresses: "02:00:5e:10:00:01", hexadecimal digits of either case. */
HOLM_MUST_USE bool holm_text_mac_emit(struct holm_buffer *out, const struct holm_mac_address *mac);
HOLM_MUST_USE enum holm_result holm_text_mac_parse(struct holm_mac_address *mac,
                                                   struct holm_bytes in);

/* holm_text_quoted_emit writes in between double quotes, so that any bytes give one line of ASCII
 * or UTF-8: a quote and a backslash with a backslash before them, \n, \r and \t so, and what is
 * no UTF-8 or a control character as \xHH. */
HOLM_MUST_USE bool holm_text_quoted_emit(struct holm_buffer *out, struct holm_bytes in);

/* holm_text_is_utf8 answers whether all of in is UTF-8: no overlong form, no surrogate, nothing
 * above U+10FFFF, no sequence cut short.
 *
 * Source:  RFC 3629 section 4. */
bool holm_text_is_utf8(struct holm_bytes in);

/* holm_text_utf8_take takes one character of one to four bytes off *in and sets *part to it; false,
 * and nothing changes, if *in is empty or does not start with one. */
HOLM_MUST_USE bool holm_text_utf8_take(struct holm_bytes *in, struct holm_bytes *part);

/* holm_text_lower is byte with A to Z made small; others are as they are. */
static inline uint8_t holm_text_lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

/* holm_text_equal_nocase answers whether a and b are equal but for the case of A to Z. */
bool holm_text_equal_nocase(struct holm_bytes a, struct holm_bytes b);

/* holm_text_starts and holm_text_ends answer whether all begins, ends with part. */
bool holm_text_starts(struct holm_bytes all, struct holm_bytes part);
bool holm_text_ends(struct holm_bytes all, struct holm_bytes part);

/* holm_text_trim is in without the spaces and tabs at both ends. */
struct holm_bytes holm_text_trim(struct holm_bytes in);

/* holm_text_result is what a result is called: "ok", "timeout"; "unknown" if it is none. */
struct holm_bytes holm_text_result(enum holm_result result);
