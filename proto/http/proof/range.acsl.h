/* SPDX-License-Identifier: ISC */
/* range.acsl.h: what is promised of ranges, for Frama-C: each lies within the representation. */
#pragma once

#include "values.acsl.h"

/*@ predicate holm_range_in(struct holm_http_range range, integer size) =
      1 <= range.len && range.first + range.len <= size;
    // The first count ranges lie within size bytes.
    predicate holm_ranges_in{L}(struct holm_http_ranges *ranges, integer count, integer size) =
      \forall integer n; 0 <= n < count ==>
        1 <= ranges->ranges[n].len && ranges->ranges[n].first + ranges->ranges[n].len <= size;
    predicate holm_ranges_same{L1,L2}(struct holm_http_ranges *ranges) =
      \at(ranges->count,L1) == \at(ranges->count,L2) &&
      \forall integer n; 0 <= n < HOLM_HTTP_RANGE_MAX ==>
        \at(ranges->ranges[n].first,L1) == \at(ranges->ranges[n].first,L2) &&
        \at(ranges->ranges[n].len,L1) == \at(ranges->ranges[n].len,L2);
    predicate holm_ranges_apart{L}(struct holm_http_ranges *ranges, integer a, integer b) =
      ranges->ranges[a].first + ranges->ranges[a].len <= ranges->ranges[b].first ||
      ranges->ranges[b].first + ranges->ranges[b].len <= ranges->ranges[a].first;
    logic integer holm_ten(integer n) = n <= 0 ? 1 : 10 * holm_ten(n - 1);
    lemma holm_ten_20: holm_ten(20) == 100000000000000000000;
    predicate holm_multipart_apart{L}(struct holm_buffer *out, struct holm_bytes text) =
      holm_readable{L}(text) && \separated(out, text.ptr + (0 .. text.len - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), text.ptr + (0 .. text.len - 1));
*/

/*@ requires \valid(ranges) && holm_readable(value);
    requires \separated(ranges, value.ptr + (0 .. value.len - 1));
    assigns *ranges;
    ensures \result \in { HOLM_OK, HOLM_ERR_UNSUPPORTED, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT,
                          HOLM_ERR_NOT_FOUND };
    ensures \result == HOLM_OK ==> 1 <= ranges->count <= HOLM_HTTP_RANGE_MAX &&
              holm_ranges_in(ranges, ranges->count, size);
    ensures \result != HOLM_OK ==> holm_ranges_same{Old,Here}(ranges); */
enum holm_result holm_http_ranges_parse(struct holm_http_ranges *ranges, struct holm_bytes value,
                                        uint64_t size);

/*@ requires holm_writable(out);
    requires range != \null ==> \valid_read(range) && holm_range_in(*range, UINT64_MAX) &&
             \separated(range, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) + 8 < out->len;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_http_range_emit(struct holm_buffer *out, const struct holm_http_range *range,
                          uint64_t size);

/*@ requires holm_writable(out) && \valid_read(multipart) && \valid_read(range);
    requires holm_range_in(*range, UINT64_MAX);
    requires \separated(out, multipart) && \separated(out, range);
    requires \separated(out->ptr + (0 .. out->size - 1), multipart);
    requires \separated(out->ptr + (0 .. out->size - 1), range);
    requires holm_multipart_apart(out, multipart->boundary);
    requires holm_multipart_apart(out, multipart->type);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) + multipart->boundary.len + multipart->type.len < out->len;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_http_multipart_head_emit(struct holm_buffer *out,
                                   const struct holm_http_multipart *multipart,
                                   const struct holm_http_range *range);

/*@ requires holm_writable(out) && \valid_read(multipart) && \separated(out, multipart);
    requires \separated(out->ptr + (0 .. out->size - 1), multipart);
    requires holm_multipart_apart(out, multipart->boundary);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len == \old(out->len) + multipart->boundary.len + 8;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_http_multipart_end_emit(struct holm_buffer *out,
                                  const struct holm_http_multipart *multipart);

/*@ requires \valid_read(multipart) && \valid_read(ranges);
    requires multipart->boundary.len <= HOLM_HTTP_BOUNDARY_MAX;
    requires multipart->type.len <= HOLM_HTTP_PART_HEAD_MAX;
    requires multipart->size <= HOLM_HTTP_RANGE_SIZE_MAX;
    requires ranges->count <= HOLM_HTTP_RANGE_MAX;
    requires holm_ranges_in(ranges, ranges->count, multipart->size);
    assigns \nothing;
    ensures \result >= 8 + multipart->boundary.len;
    ensures \result <= 8 + multipart->boundary.len + ranges->count * (multipart->size + 1024); */
uint64_t holm_http_multipart_length(const struct holm_http_multipart *multipart,
                                    const struct holm_http_ranges *ranges);
