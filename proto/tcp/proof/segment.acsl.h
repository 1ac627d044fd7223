/* SPDX-License-Identifier: ISC */
/* segment.acsl.h: what is promised of headers of TCP segments that are read, for Frama-C. */
#pragma once

#include "core/proof/bytes.acsl.h"
#include "core/proof/wrap.acsl.h"

#include <holm/tcp/segment.h>

/*@ // What the options of a header of so many bytes may have set.
    predicate holm_tcp_options_fit{L}(struct holm_tcp_segment *s, integer header_len) =
      s->sacks_count <= HOLM_TCP_SACKS_MAX && s->scale <= HOLM_TCP_SCALE_MAX &&
      (s->md5_at != 0 ==> s->md5_at + HOLM_TCP_MD5_BYTES <= header_len);
*/

/* Admitted: it copies a large struct, which is outside the model, once header_read, which is proved, has filled one. */
/*@ requires \valid(segment) && holm_in_place(in);
    requires \separated(segment, in, in->ptr + (0 .. in->len - 1));
    assigns *segment, *in;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==>
              HOLM_TCP_HEADER_MIN <= segment->header_len <= HOLM_TCP_HEADER_MAX;
    ensures \result == HOLM_OK ==> segment->header_len == \old(in->ptr)[12] / 16 * 4;
    ensures \result == HOLM_OK ==> holm_advanced{Old,Here}(in, segment->header_len);
    ensures \result == HOLM_OK ==> segment->len == in->len;
    ensures \result == HOLM_OK ==> segment->source == holm_u16_value{Old}(\old(in->ptr)) &&
              segment->destination == holm_u16_value{Old}(\old(in->ptr) + 2);
    ensures \result == HOLM_OK ==> segment->seq == holm_u32_value{Old}(\old(in->ptr) + 4) &&
              segment->ack == holm_u32_value{Old}(\old(in->ptr) + 8);
    ensures \result == HOLM_OK ==> segment->flags == \old(in->ptr)[13] &&
              segment->window == holm_u16_value{Old}(\old(in->ptr) + 14);
    ensures \result == HOLM_OK ==> holm_tcp_options_fit(segment, segment->header_len);
    ensures \result != HOLM_OK ==> *in == \old(*in) && *segment == \old(*segment); */
enum holm_result holm_tcp_segment_parse(struct holm_tcp_segment *segment, struct holm_bytes *in);
