/* SPDX-License-Identifier: ISC */
/* holm/http/fields.h: field lines to send (RFC 9112 section 5). Pure. Lines are checked and written
 * once, as they go on the wire: a head is then a few copies, and lines that never change (a file's
 * type, tag and date) are made once and used for each response. */
#pragma once

#include <holm/http/field.h>

/* struct holm_http_fields is checked lines in the caller's storage; only the calls below write it.
 */
struct holm_http_fields {
    struct holm_buffer lines;
};

/* holm_http_fields_init makes *fields empty, to grow in storage, which it keeps. */
static inline void holm_http_fields_init(struct holm_http_fields *fields, struct holm_span storage)
{
    fields->lines = holm_span_buffer(storage);
}

/* holm_http_fields_add appends a line.
 *
 * Errors:  HOLM_ERR_MALFORMED  the name is no token, or the value has control characters or blanks
 *                              at its ends: no value can add a line of its own
 *          HOLM_ERR_INVALID    a name that the machine writes itself: Connection, Content-Length,
 *                              Date, Keep-Alive, Transfer-Encoding, Upgrade's Connection
 *          HOLM_ERR_LIMIT      the storage is full */
HOLM_MUST_USE enum holm_result holm_http_fields_add(struct holm_http_fields *fields,
                                                    struct holm_bytes name,
                                                    struct holm_bytes value);

/* holm_http_fields_add_number appends a line whose value is a number. Errors: as above. */
HOLM_MUST_USE enum holm_result holm_http_fields_add_number(struct holm_http_fields *fields,
                                                           struct holm_bytes name, uint64_t number);

/* holm_http_fields_add_date appends a line whose value is a date. Errors: as above. */
HOLM_MUST_USE enum holm_result holm_http_fields_add_date(struct holm_http_fields *fields,
                                                         struct holm_bytes name, uint64_t utc_s);
