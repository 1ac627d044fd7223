/* SPDX-License-Identifier: ISC */
/* path.acsl.h: what is promised of paths and queries, for Frama-C: what was decoded is a path whose
 * segments are neither "." nor "..". */
#pragma once

#include "core/proof/text_number.acsl.h"
#include "values.acsl.h"

/*@ // In the first n bytes nothing stands for another byte.
    predicate holm_plain_text{L}(uint8_t *p, integer n, integer plus) =
      \forall integer k; 0 <= k < n ==> p[k] != '%' && (plus != 0 ==> p[k] != '+');
    // No control character stands from a up to b.
    predicate holm_path_plain{L}(uint8_t *p, integer a, integer b) =
      \forall integer k; a <= k < b ==> p[k] >= 0x20 && p[k] != 0x7f;
    // No segment that a slash ends is "." or "..".
    predicate holm_path_ended{L}(uint8_t *p, integer a, integer b) =
      \forall integer k; a <= k < b && p[k] == '/' ==>
        !(k + 2 < b && p[k + 1] == '.' && p[k + 2] == '/') &&
        !(k + 3 < b && p[k + 1] == '.' && p[k + 2] == '.' && p[k + 3] == '/');
    // Nor the one that the end ends.
    predicate holm_path_whole{L}(uint8_t *p, integer a, integer b) =
      holm_path_ended(p, a, b) && \forall integer k; a <= k < b && p[k] == '/' ==>
        !(k + 2 == b && p[k + 1] == '.') && !(k + 3 == b && p[k + 1] == '.' && p[k + 2] == '.');
    predicate holm_decode_apart{L}(struct holm_buffer *out, struct holm_bytes text) =
      \separated(out, text.ptr + (0 .. text.len - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), text.ptr + (0 .. text.len - 1));
    // So it is if its last segment is neither.
    lemma holm_path_last{L}: \forall uint8_t *p, integer a, integer s, integer b;
      a <= s < b && p[s] == '/' && (\forall integer k; s < k < b ==> p[k] != '/') ==>
      holm_path_ended(p, a, b) ==> (b == s + 2 ==> p[s + 1] != '.') ==>
      (b == s + 3 ==> p[s + 1] != '.' || p[s + 2] != '.') ==> holm_path_whole(p, a, b);
    // Cut before a slash it is whole.
    lemma holm_path_cut{L}: \forall uint8_t *p, integer a, integer b; p[b] == '/' ==>
      holm_path_ended(p, a, b + 1) ==> holm_path_whole(p, a, b);
    // With a slash behind it it still is.
    lemma holm_path_slash{L}: \forall uint8_t *p, integer a, integer b; p[b] == '/' ==>
      holm_path_whole(p, a, b) ==> holm_path_whole(p, a, b + 1);
    // The end of all, from some byte on.
    predicate holm_rest_of(struct holm_bytes rest, struct holm_bytes all) =
      rest.len <= all.len && (rest.len == 0 || rest.ptr == all.ptr + (all.len - rest.len));
    predicate holm_without{L}(struct holm_bytes text, integer byte) =
      \forall integer k; 0 <= k < text.len ==> text.ptr[k] != byte;
*/

/*@ requires holm_writable(out) && holm_readable(path) && holm_decode_apart(out, path);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> out->ptr[\old(out->len)] == '/' && \old(out->len) < out->len &&
              out->len - \old(out->len) <= (path.len > 0 ? path.len : 1);
    ensures \result == HOLM_OK ==> holm_path_plain(out->ptr, \old(out->len), out->len);
    ensures \result == HOLM_OK ==> holm_path_whole(out->ptr, \old(out->len), out->len);
    ensures \result != HOLM_OK ==> out->len == \old(out->len); */
enum holm_result holm_http_path_parse(struct holm_buffer *out, struct holm_bytes path);

/*@ requires holm_writable(out) && holm_readable(text) && holm_decode_apart(out, text);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> \old(out->len) <= out->len &&
              out->len - \old(out->len) <= text.len;
    ensures \result == HOLM_OK && holm_plain_text(text.ptr, text.len, plus) ==>
              out->len - \old(out->len) == text.len && \forall integer k; 0 <= k < text.len ==>
                out->ptr[\old(out->len) + k] == text.ptr[k];
    ensures \result != HOLM_OK ==> out->len == \old(out->len); */
enum holm_result holm_http_text_decode(struct holm_buffer *out, struct holm_bytes text, bool plus);

/*@ requires holm_in_place(query) && \valid(name) && \valid(value);
    requires \separated(query, name, value, query->ptr + (0 .. query->len - 1));
    assigns *query, *name, *value;
    ensures holm_rest_of(*query, \old(*query));
    ensures \result ==> query->len < \old(query->len);
    ensures \result ==> holm_within(*name, \old(*query));
    ensures \result ==> holm_within(*value, \old(*query));
    ensures \result && value->len > 0 ==> value->ptr == name->ptr + (name->len + 1);
    ensures \result ==> holm_without(*name, '=');
    ensures \result ==> holm_without(*name, '&');
    ensures \result ==> holm_without(*value, '&');
    ensures !\result ==> query->len == 0 && *name == \old(*name) && *value == \old(*value); */
bool holm_http_query_next(struct holm_bytes *query, struct holm_bytes *name,
                          struct holm_bytes *value);

/*@ requires holm_readable(query) && holm_readable(name) && \valid(value);
    requires \separated(value, query.ptr + (0 .. query.len - 1), name.ptr + (0 .. name.len - 1));
    assigns *value;
    ensures \result ==> holm_within(*value, query);
    ensures \result ==> holm_without(*value, '&');
    ensures \result && value->len > 0 ==> \forall integer k; 0 <= k < name.len ==>
              value->ptr[k - name.len - 1] == name.ptr[k];
    ensures !\result ==> *value == \old(*value); */
bool holm_http_query_find(struct holm_bytes query, struct holm_bytes name,
                          struct holm_bytes *value);
