/* SPDX-License-Identifier: ISC */
/* fields.acsl.h: what is promised of field lines to send, for Frama-C: a line is a name, a colon, a
 * value of one line, and a line's end; no value can add a line of its own. */
#pragma once

#include "date.acsl.h"

/*@ // The lines can grow, in storage of their own.
    predicate holm_fields_open{L}(struct holm_http_fields *f) = \valid(f) && holm_writable(&f->lines);
    predicate holm_apart{L}(struct holm_http_fields *f, struct holm_bytes b) =
      \separated(f, b.ptr + (0 .. b.len - 1)) &&
      \separated(f->lines.ptr + (0 .. f->lines.size - 1), b.ptr + (0 .. b.len - 1));
    predicate holm_is_name{L}(struct holm_bytes name) =
      1 <= name.len <= HOLM_HTTP_NAME_MAX &&
      \forall integer k; 0 <= k < name.len ==> holm_in_class(&holm_http__token_class, name.ptr[k]);
    predicate holm_is_value{L}(struct holm_bytes value) =
      (\forall integer k; 0 <= k < value.len ==>
         holm_in_class(&holm_http__value_class, value.ptr[k])) &&
      (value.len > 0 ==>
         !holm_http_blank(value.ptr[0]) && !holm_http_blank(value.ptr[value.len - 1]));
    // The bytes stand at p[at].
    predicate holm_stands_at{L}(uint8_t *p, integer at, struct holm_bytes b) =
      \forall integer k; at <= k < at + b.len ==> p[k] == b.ptr[k - at];
    predicate holm_two_at{L}(uint8_t *p, integer at, integer first, integer second) =
      p[at] == first && p[at + 1] == second;
*/

/*@ requires \valid(fields) && \valid(storage.ptr + (0 .. storage.len - 1));
    assigns fields->lines;
    ensures fields->lines.ptr == storage.ptr && fields->lines.size == storage.len;
    ensures fields->lines.len == 0; */
static inline void holm_http_fields_init(struct holm_http_fields *fields, struct holm_span storage);

/*@ requires holm_fields_open(fields) && holm_readable(name) && holm_readable(value);
    requires holm_apart(fields, name) && holm_apart(fields, value);
    assigns fields->lines.len, fields->lines.ptr[fields->lines.len .. fields->lines.size - 1];
    ensures holm_fields_open(fields);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_INVALID, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> holm_is_name{Old}(name);
    ensures \result == HOLM_OK ==> holm_is_value{Old}(value);
    ensures \result == HOLM_OK ==>
              fields->lines.len == \old(fields->lines.len) + name.len + value.len + 4;
    ensures \result == HOLM_OK ==>
              holm_stands_at(fields->lines.ptr, \old(fields->lines.len), name);
    ensures \result == HOLM_OK ==>
              holm_two_at(fields->lines.ptr, \old(fields->lines.len) + name.len, ':', ' ');
    ensures \result == HOLM_OK ==>
              holm_stands_at(fields->lines.ptr, \old(fields->lines.len) + name.len + 2, value);
    ensures \result == HOLM_OK ==>
              holm_two_at(fields->lines.ptr, fields->lines.len - 2, '\r', '\n');
    ensures \result != HOLM_OK ==> fields->lines.len == \old(fields->lines.len); */
enum holm_result holm_http_fields_add(struct holm_http_fields *fields, struct holm_bytes name,
                                      struct holm_bytes value);

/*@ requires holm_fields_open(fields) && holm_readable(name) && holm_apart(fields, name);
    assigns fields->lines.len, fields->lines.ptr[fields->lines.len .. fields->lines.size - 1];
    ensures holm_fields_open(fields);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_INVALID, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==>
              \old(fields->lines.len) + name.len + 5 <= fields->lines.len <=
              \old(fields->lines.len) + name.len + 24;
    ensures \result != HOLM_OK ==> fields->lines.len == \old(fields->lines.len); */
enum holm_result holm_http_fields_add_number(struct holm_http_fields *fields,
                                             struct holm_bytes name, uint64_t number);

/*@ requires holm_fields_open(fields) && holm_readable(name) && holm_apart(fields, name);
    assigns fields->lines.len, fields->lines.ptr[fields->lines.len .. fields->lines.size - 1];
    ensures holm_fields_open(fields);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_INVALID, HOLM_ERR_LIMIT };
    ensures utc_s > HOLM_HTTP_DATE_MAX_S ==> \result == HOLM_ERR_LIMIT;
    ensures \result == HOLM_OK ==>
              fields->lines.len == \old(fields->lines.len) + name.len + HOLM_HTTP_DATE_LEN + 4;
    ensures \result != HOLM_OK ==> fields->lines.len == \old(fields->lines.len); */
enum holm_result holm_http_fields_add_date(struct holm_http_fields *fields, struct holm_bytes name,
                                           uint64_t utc_s);
