/* SPDX-License-Identifier: ISC */
/* segment_emit.acsl.h: what is promised of headers of TCP segments that are written, for Frama-C. */
#pragma once

#include "core/proof/bytes.acsl.h"
#include "core/proof/wrap.acsl.h"

#include <holm/tcp/segment.h>

/*@ // How many bytes each option takes, with what makes it a multiple of four.
    logic integer holm_tcp_mss_len{L}(struct holm_tcp_segment *s) = s->mss != 0 ? 4 : 0;
    logic integer holm_tcp_scale_len{L}(struct holm_tcp_segment *s) = s->has_scale ? 4 : 0;
    logic integer holm_tcp_permitted_len{L}(struct holm_tcp_segment *s) =
      s->sack_permitted ? 4 : 0;
    logic integer holm_tcp_time_len{L}(struct holm_tcp_segment *s) = s->has_time ? 12 : 0;
    logic integer holm_tcp_md5_len{L}(struct holm_tcp_segment *s) = s->md5_at != 0 ? 20 : 0;
    logic integer holm_tcp_patience_len{L}(struct holm_tcp_segment *s) =
      s->patience != 0 ? 4 : 0;
    // Where the option behind those stands, and the digest, from the first option on.
    logic integer holm_tcp_before_time{L}(struct holm_tcp_segment *s) =
      holm_tcp_mss_len(s) + holm_tcp_scale_len(s) + holm_tcp_permitted_len(s);
    logic integer holm_tcp_before_md5{L}(struct holm_tcp_segment *s) =
      holm_tcp_before_time(s) + holm_tcp_time_len(s);
    // All options but SACK; how many blocks of that fit behind used bytes, and take how many.
    logic integer holm_tcp_used{L}(struct holm_tcp_segment *s) =
      holm_tcp_before_md5(s) + holm_tcp_md5_len(s) + holm_tcp_patience_len(s);
    logic integer holm_tcp_blocks(integer count, integer used) =
      \min(count, used > 36 ? 0 : (36 - used) / 8);
    logic integer holm_tcp_sacks_len(integer blocks) = blocks == 0 ? 0 : 4 + blocks * 8;
    logic integer holm_tcp_header_len{L}(struct holm_tcp_segment *s) =
      HOLM_TCP_HEADER_MIN + holm_tcp_used(s) +
      holm_tcp_sacks_len(holm_tcp_blocks(s->sacks_count, holm_tcp_used(s)));
    // There is room for so many bytes, and the segment is elsewhere.
    predicate holm_tcp_room{L}(struct holm_buffer *out, struct holm_tcp_segment *s, integer len) =
      holm_writable(out) && out->size - out->len >= len && \valid(s) &&
      \separated(s, out, out->ptr + (0 .. out->size - 1));
    // What says which options there are is as it was.
    predicate holm_tcp_as_before{L1,L2}(struct holm_tcp_segment *s) =
      \at(s->has_scale,L1) == \at(s->has_scale,L2) &&
      \at(s->sack_permitted,L1) == \at(s->sack_permitted,L2) &&
      \at(s->has_time,L1) == \at(s->has_time,L2) && \at(s->md5_at,L1) == \at(s->md5_at,L2) &&
      \at(s->mss,L1) == \at(s->mss,L2) && \at(s->patience,L1) == \at(s->patience,L2);
    // An option at p has that kind and length, and behind them a number.
    predicate holm_tcp_option{L}(uint8_t *p, integer kind, integer len) =
      p[0] == kind && p[1] == len;
    predicate holm_tcp_option_u16{L}(uint8_t *p, integer kind, integer value) =
      holm_tcp_option(p, kind, 4) && holm_u16_value(p + 2) == value;
    // Where in the header the digest stands; 0: it has none.
    logic integer holm_tcp_digest_at{L}(struct holm_tcp_segment *s) =
      s->md5_at == 0 ? 0 : HOLM_TCP_HEADER_MIN + holm_tcp_before_md5(s) + 4;
    // A block of a SACK option.
    predicate holm_tcp_block_is{L}(uint8_t *p, struct holm_tcp_range *block) =
      holm_u32_value(p) == block->start && holm_u32_value(p + 4) == block->end;
*/

/*@ requires holm_tcp_room(out, segment, 0);
    assigns out->len, out->ptr[out->len .. out->size - 1], segment->md5_at, segment->header_len;
    ensures holm_writable(out);
    ensures \result == HOLM_OK || \result == HOLM_ERR_LIMIT;
    ensures \result == HOLM_OK <==> out->size - \old(out->len) >= HOLM_TCP_HEADER_MAX &&
              holm_tcp_header_len{Old}(segment) <= HOLM_TCP_HEADER_MAX;
    ensures \result == HOLM_OK ==> segment->header_len == holm_tcp_header_len{Old}(segment);
    ensures \result == HOLM_OK ==> out->len == \old(out->len) + segment->header_len;
    ensures \result == HOLM_OK ==> holm_u16_value(out->ptr + \old(out->len)) == segment->source;
    ensures \result == HOLM_OK ==>
              holm_u16_value(out->ptr + (\old(out->len) + 2)) == segment->destination;
    ensures \result == HOLM_OK ==>
              holm_u32_value(out->ptr + (\old(out->len) + 4)) == segment->seq;
    ensures \result == HOLM_OK ==>
              holm_u32_value(out->ptr + (\old(out->len) + 8)) == segment->ack;
    ensures \result == HOLM_OK ==> out->ptr[\old(out->len) + 12] == segment->header_len / 4 * 16;
    ensures \result == HOLM_OK ==> out->ptr[\old(out->len) + 13] == segment->flags;
    ensures \result == HOLM_OK ==>
              holm_u16_value(out->ptr + (\old(out->len) + 14)) == segment->window;
    ensures \result == HOLM_OK ==>
              holm_u16_value(out->ptr + (\old(out->len) + 16)) == segment->checksum;
    ensures \result == HOLM_OK ==>
              holm_u16_value(out->ptr + (\old(out->len) + 18)) == segment->urgent;
    ensures \result == HOLM_OK ==> segment->md5_at == holm_tcp_digest_at{Old}(segment);
    ensures \result != HOLM_OK ==> out->len == \old(out->len);
    ensures \result != HOLM_OK ==> segment->md5_at == \old(segment->md5_at);
    ensures \result != HOLM_OK ==> segment->header_len == \old(segment->header_len); */
enum holm_result holm_tcp_segment_emit(struct holm_buffer *out, struct holm_tcp_segment *segment);
