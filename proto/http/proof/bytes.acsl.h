/* SPDX-License-Identifier: ISC */
/* bytes.acsl.h: what searches, blanks and words promise, for Frama-C. */
#pragma once

#include "core/proof/class.acsl.h"

#include "proto/http/src/http_impl.h"

/*@ logic integer holm_http_lower(integer byte) = 'A' <= byte <= 'Z' ? byte + 32 : byte;
    predicate holm_http_blank(integer byte) = byte == ' ' || byte == '\t';
    // part is some of all's bytes.
    predicate holm_http_inside(struct holm_bytes part, struct holm_bytes all) =
      part.len == 0 ||
      \exists integer at; 0 <= at && at + part.len <= all.len && part.ptr == all.ptr + at;
*/

/*@ requires holm_readable(all);
    assigns \nothing;
    ensures from >= all.len ==> \result == all.len;
    ensures from < all.len ==> from <= \result <= all.len;
    ensures \forall integer k; from <= k < \result ==> all.ptr[k] != value;
    ensures \result < all.len ==> all.ptr[\result] == value; */
size_t holm_http__find(struct holm_bytes all, size_t from, uint8_t value);

/*@ requires holm_readable(all) && \valid_read(class);
    assigns \nothing;
    ensures from >= all.len ==> \result == all.len;
    ensures from < all.len ==> from <= \result <= all.len;
    ensures \forall integer k; from <= k < \result ==> holm_in_class(class, all.ptr[k]);
    ensures \result < all.len ==> !holm_in_class(class, all.ptr[\result]); */
size_t holm_http__span(struct holm_bytes all, size_t from, const struct holm_class *class);

/*@ requires holm_readable(text) && \valid_read(class);
    assigns \nothing;
    ensures \result <==> \forall integer k; 0 <= k < text.len ==> holm_in_class(class, text.ptr[k]); */
bool holm_http__all_in(struct holm_bytes text, const struct holm_class *class);

/*@ requires holm_readable(text) && holm_readable(word);
    assigns \nothing;
    ensures \result <==> text.len == word.len &&
              \forall integer k; 0 <= k < text.len ==> holm_http_lower(text.ptr[k]) == word.ptr[k]; */
bool holm_http_text_is(struct holm_bytes text, struct holm_bytes word);

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result.ptr == text.ptr && \result.len == (len < text.len ? len : text.len);
    ensures holm_readable(\result); */
struct holm_bytes holm_http__head_before(struct holm_bytes text, size_t len);

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures len <= text.len ==> \result.ptr == text.ptr + len && \result.len == text.len - len;
    ensures len > text.len ==> \result.len == 0;
    ensures holm_readable(\result); */
struct holm_bytes holm_http__tail_after(struct holm_bytes text, size_t len);

/*@ requires holm_in_place(rest) && \valid(part);
    requires \separated(part, rest, rest->ptr + (0 .. rest->len - 1));
    assigns *rest, *part;
    ensures part->ptr == \old(rest->ptr);
    ensures \result ==> part->ptr[part->len] == value && holm_advanced{Old,Here}(rest, part->len + 1);
    ensures !\result ==> part->len == \old(rest->len) && rest->len == 0;
    ensures \forall integer k; 0 <= k < part->len ==> part->ptr[k] != value; */
bool holm_http__split(struct holm_bytes *rest, uint8_t value, struct holm_bytes *part);

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures holm_readable(\result) && \result.len <= text.len;
    ensures holm_http_inside(\result, text);
    ensures \result.len > 0 ==> !holm_http_blank(\result.ptr[0]) &&
              !holm_http_blank(\result.ptr[\result.len - 1]); */
struct holm_bytes holm_http__trim(struct holm_bytes text);

/*@ assigns \nothing;
    ensures \result == ('0' <= c <= '9' ? c - '0' : 'a' <= c <= 'f' ? c - 'a' + 10 :
                         'A' <= c <= 'F' ? c - 'A' + 10 : -1); */
int holm_http__hex_value(uint8_t c);
