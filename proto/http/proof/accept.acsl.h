/* SPDX-License-Identifier: ISC */
/* accept.acsl.h: what is promised of choosing among representations, for Frama-C. */
#pragma once

#include "index.acsl.h"
#include "values.acsl.h"

#include <holm/http/accept.h>

/*@ // Weights are thousandths, or 0xffff where nothing was said.
    predicate holm_qualities_in{L}(uint16_t *qualities, integer any) =
      (any <= 1000 || any == 0xffff) &&
      \forall integer k; 0 <= k < HOLM_HTTP_CODINGS ==>
        qualities[k] <= 1000 || qualities[k] == 0xffff;
*/

/*@ assigns \nothing;
    ensures holm_readable(\result) && \result.len <= 8;
    ensures coding == HOLM_HTTP_CODING_IDENTITY || coding >= HOLM_HTTP_CODINGS ==>
              \result.len == 0; */
struct holm_bytes holm_http_coding_text(enum holm_http_coding coding);

/*@ requires holm_head_indexed(head) && holm_readable(msg) && \valid(coding);
    requires \separated(coding, head, msg.ptr + (0 .. msg.len - 1));
    assigns *coding;
    ensures 0 <= *coding < HOLM_HTTP_CODINGS;
    ensures \result ==> ((offered >> *coding) & 1) != 0;
    ensures !\result ==> *coding == HOLM_HTTP_CODING_IDENTITY;
    ensures !holm_head_seen(head, HOLM_HTTP_FIELD_ACCEPT_ENCODING) ==>
              *coding == HOLM_HTTP_CODING_IDENTITY; */
bool holm_http_coding_choose(enum holm_http_coding *coding, const struct holm_http_head *head,
                             struct holm_bytes msg, unsigned offered);

/*@ requires holm_readable(accept) && holm_readable(type);
    assigns \nothing;
    ensures \result <= 1000;
    ensures accept.len == 0 ==> \result == 1000; */
uint16_t holm_http_accept_quality(struct holm_bytes accept, struct holm_bytes type);

/*@ requires holm_head_indexed(head) && holm_readable(msg) && holm_readable(type);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1));
    assigns \nothing;
    ensures \result <= 1000;
    ensures !holm_head_seen(head, HOLM_HTTP_FIELD_ACCEPT) ==> \result == 1000; */
uint16_t holm_http_accept_weight(const struct holm_http_head *head, struct holm_bytes msg,
                                 struct holm_bytes type);
