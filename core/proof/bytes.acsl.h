/* SPDX-License-Identifier: ISC */
/* bytes.acsl.h: what core/bytes promises, for Frama-C. Given to it before the sources, never
 * included by them. */
#pragma once

#include "base.acsl.h"

#include <holm/bytes.h>

/*@ predicate holm_readable{L}(struct holm_bytes b) = \valid_read{L}(b.ptr + (0 .. b.len - 1));
    predicate holm_in_place{L}(struct holm_bytes *b) =
      \valid{L}(b) && \valid_read{L}(b->ptr + (0 .. b->len - 1)) &&
      \separated(b, b->ptr + (0 .. b->len - 1));
    predicate holm_writable{L}(struct holm_buffer *b) =
      \valid{L}(b) && b->len <= b->size && \valid{L}(b->ptr + (0 .. b->size - 1)) &&
      \separated(b, b->ptr + (0 .. b->size - 1));
    // b, at L2, is what was left of it at L1 after n bytes.
    predicate holm_advanced{L1,L2}(struct holm_bytes *b, integer n) =
      \at(b->len,L1) >= n && \at(b->len,L2) == \at(b->len,L1) - n &&
      \at(b->ptr,L2) == \at(b->ptr,L1) + n;
    // part is len bytes of all, from at on.
    predicate holm_is_part(struct holm_bytes part, struct holm_bytes all, integer at, integer len) =
      part.ptr == all.ptr + at && part.len == len;
    predicate holm_same{L}(struct holm_bytes a, struct holm_bytes b, integer len) =
      \forall integer k; 0 <= k < len ==> \at(a.ptr[k],L) == \at(b.ptr[k],L);
    predicate holm_equal{L}(struct holm_bytes a, struct holm_bytes b) =
      a.len == b.len && holm_same{L}(a, b, a.len);
    // a stands before b in a dictionary: they differ first at byte k, or a ends there.
    predicate holm_before{L}(struct holm_bytes a, struct holm_bytes b) =
      \exists integer k; 0 <= k <= a.len && k < b.len && holm_same{L}(a, b, k) &&
        (k == a.len || \at(a.ptr[k],L) < \at(b.ptr[k],L));
    // What out had in its first len bytes is still there.
    predicate holm_kept{L1,L2}(struct holm_buffer *out) =
      \at(out->ptr,L2) == \at(out->ptr,L1) && \at(out->size,L2) == \at(out->size,L1);
    logic integer holm_u16_value{L}(uint8_t *p) = p[0] * 256 + p[1];
    logic integer holm_u32_value{L}(uint8_t *p) =
      p[0] * 16777216 + p[1] * 65536 + p[2] * 256 + p[3];
    logic integer holm_u64_value{L}(uint8_t *p) =
      holm_u32_value(p) * 4294967296 + holm_u32_value(p + 4);
*/

/*@ requires \valid(in) && in->len >= len;
    assigns *in;
    ensures holm_advanced{Old,Here}(in, len); */
static inline void holm_bytes__advance(struct holm_bytes *in, size_t len);

/*@ requires holm_in_place(in) && \valid(value);
    requires \separated(value, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *value;
    ensures \result == (\old(in->len) >= 1);
    ensures \result ==> holm_advanced{Old,Here}(in, 1) && *value == *\old(in->ptr);
    ensures !\result ==> *in == \old(*in) && *value == \old(*value); */
static inline bool holm_bytes_u8(struct holm_bytes *in, uint8_t *value);

/*@ requires holm_in_place(in) && \valid(value);
    requires \separated(value, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *value;
    ensures \result == (\old(in->len) >= 2);
    ensures \result ==> holm_advanced{Old,Here}(in, 2) && *value == holm_u16_value(\old(in->ptr));
    ensures !\result ==> *in == \old(*in) && *value == \old(*value); */
static inline bool holm_bytes_u16(struct holm_bytes *in, uint16_t *value);

/*@ requires holm_in_place(in) && \valid(value);
    requires \separated(value, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *value;
    ensures \result == (\old(in->len) >= 4);
    ensures \result ==> holm_advanced{Old,Here}(in, 4) && *value == holm_u32_value(\old(in->ptr));
    ensures !\result ==> *in == \old(*in) && *value == \old(*value); */
static inline bool holm_bytes_u32(struct holm_bytes *in, uint32_t *value);

/*@ requires holm_in_place(in) && \valid(part);
    requires \separated(part, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *part;
    ensures \result == (\old(in->len) >= len);
    ensures \result ==> holm_advanced{Old,Here}(in, len) && holm_is_part(*part, \old(*in), 0, len);
    ensures !\result ==> *in == \old(*in) && *part == \old(*part); */
static inline bool holm_bytes_take(struct holm_bytes *in, size_t len, struct holm_bytes *part);

/*@ requires holm_readable(all) && \valid(tail);
    requires \separated(tail, all.ptr + (0 .. all.len - 1));
    assigns *tail;
    ensures \result == (offset <= all.len);
    ensures \result ==> holm_is_part(*tail, all, offset, all.len - offset);
    ensures !\result ==> *tail == \old(*tail); */
static inline bool holm_bytes_from(struct holm_bytes all, size_t offset, struct holm_bytes *tail);

/*@ requires holm_readable(all);
    assigns \nothing;
    ensures \result == (at < all.len && all.ptr[at] == value); */
static inline bool holm_bytes_is(struct holm_bytes all, size_t at, uint8_t value);

/*@ requires holm_readable(all) && \valid(value);
    requires \separated(value, all.ptr + (0 .. all.len - 1));
    assigns *value;
    ensures \result == (at < all.len);
    ensures \result ==> *value == all.ptr[at];
    ensures !\result ==> *value == \old(*value); */
static inline bool holm_bytes_u8_at(struct holm_bytes all, size_t at, uint8_t *value);

/*@ requires holm_readable(all) && \valid(value);
    requires \separated(value, all.ptr + (0 .. all.len - 1));
    assigns *value;
    ensures \result == (at + 2 <= all.len);
    ensures \result ==> *value == holm_u16_value(all.ptr + at);
    ensures !\result ==> *value == \old(*value); */
static inline bool holm_bytes_u16_at(struct holm_bytes all, size_t at, uint16_t *value);

/*@ requires holm_readable(all) && \valid(value);
    requires \separated(value, all.ptr + (0 .. all.len - 1));
    assigns *value;
    ensures \result == (at + 8 <= all.len);
    ensures \result ==> *value == holm_u64_value(all.ptr + at);
    ensures !\result ==> *value == \old(*value); */
static inline bool holm_bytes_u64_at(struct holm_bytes all, size_t at, uint64_t *value);

/*@ requires holm_readable(all) && \valid(part);
    requires \separated(part, all.ptr + (0 .. all.len - 1));
    assigns *part;
    ensures \result == (at + len <= all.len);
    ensures \result ==> holm_is_part(*part, all, at, len);
    ensures !\result ==> *part == \old(*part); */
static inline bool holm_bytes_part(struct holm_bytes all, size_t at, size_t len,
                                   struct holm_bytes *part);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures \result == (\old(out->len) < out->size);
    ensures \result ==> out->len == \old(out->len) + 1 && out->ptr[\old(out->len)] == value;
    ensures !\result ==> out->len == \old(out->len);
    ensures holm_writable(out); */
static inline bool holm_buffer_u8(struct holm_buffer *out, uint8_t value);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures \result == (out->size - \old(out->len) >= 2);
    ensures \result ==> out->len == \old(out->len) + 2 &&
              holm_u16_value(out->ptr + \old(out->len)) == value;
    ensures !\result ==> out->len == \old(out->len);
    ensures holm_writable(out); */
static inline bool holm_buffer_u16(struct holm_buffer *out, uint16_t value);

/*@ requires \valid_read(out) && out->len <= out->size;
    requires \valid_read(out->ptr + (0 .. out->len - 1));
    assigns \nothing;
    ensures \result.ptr == out->ptr && \result.len == out->len;
    ensures holm_readable(\result); */
static inline struct holm_bytes holm_buffer_filled(const struct holm_buffer *out);

/*@ requires holm_writable((struct holm_buffer *)out);
    assigns \nothing;
    ensures \result.ptr == out->ptr + out->len && \result.len == out->size - out->len;
    ensures \valid(\result.ptr + (0 .. \result.len - 1)); */
static inline struct holm_span holm_buffer_room(const struct holm_buffer *out);

/*@ requires \valid(all.ptr + (0 .. all.len - 1)) && \valid(part);
    requires \separated(part, all.ptr + (0 .. all.len - 1));
    assigns *part;
    ensures \result == (at + len <= all.len);
    ensures \result ==> part->ptr == all.ptr + at && part->len == len;
    ensures !\result ==> *part == \old(*part); */
static inline bool holm_span_part(struct holm_span all, size_t at, size_t len,
                                  struct holm_span *part);

/* Admitted: an address as a number is outside the model of memory. */
/*@ requires align > 0;
    assigns \nothing;
    ensures \result < align;
    ensures holm_address(span.ptr + \result) % align == 0; */
static inline size_t holm_span_padding(struct holm_span span, size_t align);

/*@ assigns \nothing;
    ensures \result.ptr == span.ptr && \result.len == span.len; */
static inline struct holm_bytes holm_span_bytes(struct holm_span span);

/*@ assigns \nothing;
    ensures \result.ptr == span.ptr && \result.len == 0 && \result.size == span.len; */
static inline struct holm_buffer holm_span_buffer(struct holm_span span);

/*@ requires holm_writable(out) && holm_readable(in);
    requires \separated(out, in.ptr + (0 .. in.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), in.ptr + (0 .. in.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures \result == (out->size - \old(out->len) >= in.len);
    ensures \result ==> out->len == \old(out->len) + in.len &&
              \forall integer k; \old(out->len) <= k < out->len ==>
                out->ptr[k] == in.ptr[k - \old(out->len)];
    ensures !\result ==> out->len == \old(out->len);
    ensures holm_writable(out); */
bool holm_buffer_bytes(struct holm_buffer *out, struct holm_bytes in);

/*@ requires holm_readable(a) && holm_readable(b);
    assigns \nothing;
    ensures \result <==> holm_equal(a, b); */
bool holm_bytes_equal(struct holm_bytes a, struct holm_bytes b);

/*@ requires \valid(span.ptr + (0 .. span.len - 1));
    assigns span.ptr[0 .. span.len - 1];
    ensures \forall integer k; 0 <= k < span.len ==> span.ptr[k] == value; */
void holm_span_fill(struct holm_span span, uint8_t value);

/*@ requires holm_readable(a) && holm_readable(b);
    assigns \nothing;
    ensures \result == 0 ==> holm_equal(a, b);
    ensures \result < 0 ==> holm_before(a, b);
    ensures \result > 0 ==> holm_before(b, a); */
int holm_bytes_compare(struct holm_bytes a, struct holm_bytes b);
