/* SPDX-License-Identifier: ISC */
/* text.acsl.h: what is promised of UTF-8, comparing, trimming and quoting, for Frama-C. */
#pragma once

#include "text_number.acsl.h"

/*@ predicate holm_blank(integer byte) = byte == ' ' || byte == '\t';

    // RFC 3629 section 4: the length of the character at the start of n bytes, 0 if there is none.
    logic integer holm_utf8_len{L}(uint8_t *p, integer n) =
      n >= 1 && p[0] <= 0x7f ? 1 :
      n >= 2 && 0xc2 <= p[0] <= 0xdf && 0x80 <= p[1] <= 0xbf ? 2 :
      n >= 3 && 0x80 <= p[2] <= 0xbf &&
        ((p[0] == 0xe0 && 0xa0 <= p[1] <= 0xbf) || (0xe1 <= p[0] <= 0xec && 0x80 <= p[1] <= 0xbf) ||
         (p[0] == 0xed && 0x80 <= p[1] <= 0x9f) || (0xee <= p[0] <= 0xef && 0x80 <= p[1] <= 0xbf))
        ? 3 :
      n >= 4 && 0x80 <= p[2] <= 0xbf && 0x80 <= p[3] <= 0xbf &&
        ((p[0] == 0xf0 && 0x90 <= p[1] <= 0xbf) || (0xf1 <= p[0] <= 0xf3 && 0x80 <= p[1] <= 0xbf) ||
         (p[0] == 0xf4 && 0x80 <= p[1] <= 0x8f)) ? 4 : 0;
    predicate holm_utf8{L}(uint8_t *p, integer n) =
      n <= 0 || (holm_utf8_len(p, n) > 0 && holm_utf8(p + holm_utf8_len(p, n),
                                                      n - holm_utf8_len(p, n)));
    lemma holm_utf8_step: \forall uint8_t *p, integer n, integer len;
      n > 0 && len == holm_utf8_len(p, n) && len > 0 ==>
      (holm_utf8(p, n) <==> holm_utf8(p + len, n - len));

    // out can take what stands in b.
    predicate holm_text_away{L}(struct holm_bytes b, struct holm_buffer *out) =
      holm_readable(b) && \separated(out, b.ptr + (0 .. b.len - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), b.ptr + (0 .. b.len - 1));

    // No control character stands in the bytes from a up to b.
    predicate holm_printable{L}(uint8_t *p, integer a, integer b) =
      \forall integer k; a <= k < b ==> p[k] >= ' ' && p[k] != 0x7f;
*/

/*@ requires holm_in_place(in) && \valid(part);
    requires \separated(part, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *part;
    ensures \result == (holm_utf8_len{Old}(\old(in->ptr), \old(in->len)) > 0);
    ensures \result ==> 1 <= part->len <= 4 && part->ptr == \old(in->ptr) &&
              part->len == holm_utf8_len{Old}(\old(in->ptr), \old(in->len)) &&
              holm_advanced{Old,Here}(in, part->len);
    ensures !\result ==> *in == \old(*in) && *part == \old(*part); */
bool holm_text_utf8_take(struct holm_bytes *in, struct holm_bytes *part);

/*@ requires holm_readable(in);
    assigns \nothing;
    ensures \result <==> holm_utf8(in.ptr, in.len); */
bool holm_text_is_utf8(struct holm_bytes in);

/*@ requires holm_readable(a) && holm_readable(b);
    assigns \nothing;
    ensures \result <==> (a.len == b.len && \forall integer k; 0 <= k < a.len ==>
              holm_lower(a.ptr[k]) == holm_lower(b.ptr[k])); */
bool holm_text_equal_nocase(struct holm_bytes a, struct holm_bytes b);

/*@ requires holm_readable(all) && holm_readable(part);
    assigns \nothing;
    ensures \result <==> (part.len <= all.len && \forall integer k; 0 <= k < part.len ==>
              all.ptr[k] == part.ptr[k]); */
bool holm_text_starts(struct holm_bytes all, struct holm_bytes part);

/*@ requires holm_readable(all) && holm_readable(part);
    assigns \nothing;
    ensures \result <==> (part.len <= all.len && \forall integer k; 0 <= k < part.len ==>
              (all.ptr + (all.len - part.len))[k] == part.ptr[k]); */
bool holm_text_ends(struct holm_bytes all, struct holm_bytes part);

/*@ requires holm_readable(in);
    assigns \nothing;
    ensures \exists integer first; 0 <= first && first + \result.len <= in.len &&
              \result.ptr == in.ptr + first &&
              (\forall integer k; 0 <= k < first ==> holm_blank(in.ptr[k])) &&
              (\forall integer k; first + \result.len <= k < in.len ==> holm_blank(in.ptr[k]));
    ensures \result.len > 0 ==> !holm_blank(\result.ptr[0]) &&
              !holm_blank(\result.ptr[\result.len - 1]); */
struct holm_bytes holm_text_trim(struct holm_bytes in);

/*@ requires holm_writable(out) && holm_readable(in);
    requires \separated(out, in.ptr + (0 .. in.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), in.ptr + (0 .. in.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len) + 2 && out->ptr[\old(out->len)] == '"' &&
              out->ptr[out->len - 1] == '"' &&
              holm_printable(out->ptr, \old(out->len), out->len);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_quoted_emit(struct holm_buffer *out, struct holm_bytes in);

/*@ assigns \nothing;
    ensures holm_readable(\result) && 2 <= \result.len <= 11;
    ensures \forall struct holm_buffer *out; holm_writable(out) ==> holm_text_away(\result, out); */
struct holm_bytes holm_text_result(enum holm_result result);
