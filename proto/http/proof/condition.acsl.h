/* SPDX-License-Identifier: ISC */
/* condition.acsl.h: what is promised of entity tags and conditional requests, for Frama-C. */
#pragma once

#include "date.acsl.h"
#include "index.acsl.h"

#include <holm/http/condition.h>

/*@ // RFC 9110 section 8.8.3.
    predicate holm_tag_byte(integer c) = c == 0x21 || 0x23 <= c <= 0x7e || c >= 0x80;
    // How many bytes say that a tag is weak.
    logic integer holm_tag_start{L}(struct holm_bytes tag) =
      tag.len >= 2 && tag.ptr[0] == 'W' && tag.ptr[1] == '/' ? 2 : 0;
    predicate holm_tag_weak{L}(struct holm_bytes tag) = holm_tag_start(tag) == 2;
    logic struct holm_bytes holm_tag_part{L}(struct holm_bytes tag) =
      {{tag \with .ptr = tag.ptr + holm_tag_start(tag)}
           \with .len = (size_t)(tag.len - holm_tag_start(tag))};
    predicate holm_tag_strong{L}(uint8_t *p, integer len) =
      len >= 2 && p[0] == '"' && p[len - 1] == '"' &&
      \forall integer k; 1 <= k < len - 1 ==> holm_tag_byte(p[k]);
    predicate holm_validators_ok{L}(struct holm_http_validators *validators) =
      \valid_read(validators) && holm_readable(validators->tag);
*/

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures holm_tag_weak(text) ==> (\result <==> holm_tag_strong(text.ptr + 2, text.len - 2));
    ensures !holm_tag_weak(text) ==> (\result <==> holm_tag_strong(text.ptr, text.len)); */
bool holm_http_tag_check(struct holm_bytes text);

/*@ requires holm_readable(a) && holm_readable(b);
    assigns \nothing;
    ensures \result <==> !holm_tag_weak(a) && !holm_tag_weak(b) && holm_equal(a, b); */
bool holm_http_tag_equal_strong(struct holm_bytes a, struct holm_bytes b);

/*@ requires holm_readable(a) && holm_readable(b);
    assigns \nothing;
    ensures \result <==> holm_equal(holm_tag_part(a), holm_tag_part(b)); */
bool holm_http_tag_equal_weak(struct holm_bytes a, struct holm_bytes b);

/*@ requires holm_head_indexed(head) && holm_validators_ok(validators) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1));
    assigns \nothing;
    ensures \result \in { HOLM_HTTP_PROCEED, HOLM_HTTP_NOT_MODIFIED,
                          HOLM_HTTP_PRECONDITION_FAILED };
    ensures \result == HOLM_HTTP_NOT_MODIFIED ==>
              method \in { HOLM_HTTP_GET, HOLM_HTTP_HEAD } &&
              (holm_head_seen(head, HOLM_HTTP_FIELD_IF_NONE_MATCH) ||
               (validators->dated && holm_head_seen(head, HOLM_HTTP_FIELD_IF_MODIFIED_SINCE)));
    ensures method \in { HOLM_HTTP_CONNECT, HOLM_HTTP_OPTIONS, HOLM_HTTP_TRACE } ==>
              \result == HOLM_HTTP_PROCEED;
    ensures \result == HOLM_HTTP_PRECONDITION_FAILED ==>
              holm_head_seen(head, HOLM_HTTP_FIELD_IF_MATCH) ||
              holm_head_seen(head, HOLM_HTTP_FIELD_IF_UNMODIFIED_SINCE) ||
              holm_head_seen(head, HOLM_HTTP_FIELD_IF_NONE_MATCH); */
enum holm_http_verdict holm_http_condition_check(const struct holm_http_head *head,
                                                 struct holm_bytes msg,
                                                 enum holm_http_method method,
                                                 const struct holm_http_validators *validators,
                                                 uint64_t now_s);

/*@ requires holm_head_indexed(head) && holm_validators_ok(validators) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1));
    assigns \nothing;
    ensures \result ==> holm_head_seen(head, HOLM_HTTP_FIELD_RANGE);
    ensures \result && holm_head_seen(head, HOLM_HTTP_FIELD_IF_RANGE) ==>
              validators->tag.len > 0 ||
              (validators->dated && now_s >= 60 && validators->modified_s <= now_s - 60);
    ensures holm_head_seen(head, HOLM_HTTP_FIELD_RANGE) &&
              !holm_head_seen(head, HOLM_HTTP_FIELD_IF_RANGE) ==> \result; */
bool holm_http_condition_range(const struct holm_http_head *head, struct holm_bytes msg,
                               const struct holm_http_validators *validators, uint64_t now_s);
