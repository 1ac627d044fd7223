/* SPDX-License-Identifier: ISC */
/* holm/http/date.h: dates in fields (RFC 9110 section 5.6.7). Pure. Seconds since 1970, UTC. */
#pragma once

#include <holm/bytes.h>

/* HOLM_HTTP_DATE_LEN is the length of the form that we send: Sun, 06 Nov 1994 08:49:37 GMT. */
#define HOLM_HTTP_DATE_LEN 29
/* HOLM_HTTP_DATE_MAX_S is the end of year 9999, the last that can be written. */
#define HOLM_HTTP_DATE_MAX_S 253402300799

/* holm_http_date_emit appends the date; false, unchanged, if it does not fit or is past the year
 * 9999. */
HOLM_MUST_USE bool holm_http_date_emit(struct holm_buffer *out, uint64_t utc_s);

/* holm_http_date_parse reads any of the three forms. now_s decides the century of the form with two
 * digits (at most 50 years ahead); 0 takes 1970 to 2069.
 *
 * Errors:  HOLM_ERR_MALFORMED    none of the three, or no such day; the name of the day is not
 * compared HOLM_ERR_UNSUPPORTED  before 1970 */
HOLM_MUST_USE enum holm_result holm_http_date_parse(uint64_t *utc_s, struct holm_bytes text,
                                                    uint64_t now_s);
