/* SPDX-License-Identifier: ISC */
/* values.acsl.h: what the parsers of values stand on, for Frama-C: the small calls of http_field.c. */
#pragma once

#include "bytes.acsl.h"

/*@ // As holm_http_inside, as a distance, so that what is within a part is within all.
    predicate holm_within(struct holm_bytes part, struct holm_bytes all) =
      part.len == 0 || (0 <= part.ptr - all.ptr <= all.len - part.len &&
                        part.ptr == all.ptr + (part.ptr - all.ptr));
    // The number that the first n digits are.
    logic integer holm_http_number{L}(uint8_t *p, integer n) =
      n <= 0 ? 0 : holm_http_number(p, n - 1) * 10 + (p[n - 1] - '0');
*/

/*@ requires holm_readable(name);
    assigns \nothing;
    ensures 0 <= \result < HOLM_HTTP_FIELD_IDS;
    ensures \result != HOLM_HTTP_FIELD_OTHER ==> 1 <= name.len <= 22; */
enum holm_http_field_id holm_http_field_identify(struct holm_bytes name);

/*@ requires holm_in_place(list) && \valid(element);
    requires \separated(element, list, list->ptr + (0 .. list->len - 1));
    assigns *list, *element;
    ensures holm_in_place(list) && list->len <= \old(list->len);
    ensures list->ptr == \old(list->ptr) + (\old(list->len) - list->len);
    ensures holm_http_inside(*list, \old(*list));
    ensures \result ==> list->len < \old(list->len) && element->len > 0 &&
              holm_within(*element, \old(*list)) &&
              holm_http_inside(*element, \old(*list)) && holm_readable(*element);
    ensures !\result ==> list->len == 0 && *element == \old(*element); */
bool holm_http_list_next(struct holm_bytes *list, struct holm_bytes *element);

/*@ requires holm_readable(list) && holm_readable(word);
    assigns \nothing;
    ensures \result ==> \exists struct holm_bytes e; holm_within(e, list) && e.len == word.len &&
              \forall integer k; 0 <= k < word.len ==>
                holm_http_lower(e.ptr[k]) == word.ptr[k]; */
bool holm_http_list_has(struct holm_bytes list, struct holm_bytes word);

/*@ requires \valid(number) && holm_readable(text);
    requires \separated(number, text.ptr + (0 .. text.len - 1));
    assigns *number;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_ERR_MALFORMED <==>
              text.len == 0 || \exists integer k; 0 <= k < text.len && !('0' <= text.ptr[k] <= '9');
    ensures \result == HOLM_OK ==> *number == holm_http_number(text.ptr, text.len);
    ensures \result == HOLM_ERR_LIMIT ==> holm_http_number(text.ptr, text.len) > UINT64_MAX / 2;
    ensures \result != HOLM_OK ==> *number == \old(*number); */
enum holm_result holm_http_number_parse(uint64_t *number, struct holm_bytes text);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) < out->len;
    ensures out->size - \old(out->len) >= 20 ==> \result;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_http_number_emit(struct holm_buffer *out, uint64_t number);

/*@ requires holm_readable(parameters);
    assigns \nothing;
    ensures \result <= 1000;
    ensures parameters.len == 0 ==> \result == 1000; */
uint16_t holm_http__quality(struct holm_bytes parameters);
