/* SPDX-License-Identifier: ISC */
/* head.acsl.h: what the parser of heads promises, for Frama-C: every part lies in the head, in
 * order, and holds bytes of its class only. */
#pragma once

#include "bytes.acsl.h"

/*@ predicate holm_head_bytes{L}(struct holm_bytes msg) =
      holm_readable{L}(msg) && msg.len <= HOLM_HTTP_HEAD_MAX;
    predicate holm_crlf_at{L}(struct holm_bytes msg, integer at) =
      at + 2 <= msg.len && \at(msg.ptr[at],L) == '\r' && \at(msg.ptr[at + 1],L) == '\n';
    // len bytes of msg, from at on, are in a class.
    predicate holm_bytes_of{L}(struct holm_bytes msg, integer at, integer len,
                               struct holm_class *class) =
      \forall integer k; at <= k < at + len ==> holm_in_class{L}(class, \at(msg.ptr[k],L));
    // A field line lies in front of end: the name, the colon, the value, the line's end.
    predicate holm_field_in{L}(struct holm_http_field *f, integer end) =
      1 <= f->name_len && f->name_at + f->name_len < f->value.at &&
      f->value.len <= HOLM_HTTP_VALUE_MAX && f->value.at + f->value.len + 2 <= end;
    // Written out, since provers look for the bytes of f[n], not for a predicate about it.
    predicate holm_fields_in{L}(struct holm_http_field *f, integer count, integer end) =
      \forall integer n; 0 <= n < count ==>
        1 <= f[n].name_len && f[n].name_at + f[n].name_len < f[n].value.at &&
        f[n].value.len <= HOLM_HTTP_VALUE_MAX && f[n].value.at + f[n].value.len + 2 <= end;
    // So do the parts of a request line, in order; and those of a status line.
    predicate holm_request_line_in{L}(struct holm_http_head *h) =
      1 <= h->method.len <= HOLM_HTTP_METHOD_MAX && 1 <= h->target.len <= HOLM_HTTP_TARGET_MAX &&
      h->method.at + h->method.len < h->target.at && h->minor <= 1 &&
      h->target.at + h->target.len + 11 <= h->line_at;
    predicate holm_status_line_in{L}(struct holm_http_head *h) =
      100 <= h->status <= 999 && h->minor <= 1 &&
      h->target.at + h->target.len + 2 <= h->line_at;
    // The lines that were parsed so far, in front of end.
    predicate holm_head_ok{L}(struct holm_http_head *h, integer end) =
      h->line_at <= end && h->field_count <= HOLM_HTTP_FIELD_MAX &&
      (h->line_at == 0 ==> h->field_count == 0) &&
      holm_fields_in{L}(&h->fields[0], h->field_count, h->line_at);
    // What every call finds and leaves.
    predicate holm_head_open{L}(struct holm_http_head *h) =
      holm_head_ok{L}(h, h->searched) && h->searched <= HOLM_HTTP_HEAD_MAX &&
      (h->result == HOLM_OK ==>
         0 < h->line_at && h->len == h->line_at + 2 && h->len <= h->searched) &&
      (h->result != HOLM_OK ==> h->len == 0);
    // What a call came to: an answer is final, and too few bytes change nothing.
    predicate holm_head_went{L1,L2}(struct holm_http_head *h, struct holm_bytes msg,
                                    enum holm_result result) =
      \at(h->result,L1) != HOLM_AGAIN ? result == \at(h->result,L1) :
      msg.len < \at(h->searched,L1) ? result == HOLM_ERR_TRUNCATED :
      result == \at(h->result,L2) &&
      result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED,
                   HOLM_ERR_LIMIT } &&
      \at(h->searched,L2) == (msg.len < HOLM_HTTP_HEAD_MAX ? msg.len : HOLM_HTTP_HEAD_MAX) &&
      (result == HOLM_OK ==>
         \at(h->len,L2) <= msg.len && holm_crlf_at{L2}(msg, \at(h->line_at,L2))) &&
      (result == HOLM_AGAIN ==> msg.len < HOLM_HTTP_HEAD_MAX) &&
      (result == HOLM_ERR_MALFORMED ==> \at(h->refusal,L2) == HOLM_HTTP__BAD_REQUEST) &&
      (result == HOLM_ERR_UNSUPPORTED ==> \at(h->refusal,L2) == HOLM_HTTP__BAD_VERSION) &&
      (result == HOLM_ERR_LIMIT ==> \at(h->refusal,L2) != 0);
    // Lines that were parsed stay.
    predicate holm_head_grew{L1,L2}(struct holm_http_head *h) =
      \at(h->line_at,L1) <= \at(h->line_at,L2) && \at(h->field_count,L1) <= \at(h->field_count,L2) &&
      (\at(h->line_at,L1) > 0 ==>
         \at(h->method.at,L1) == \at(h->method.at,L2) &&
         \at(h->method.len,L1) == \at(h->method.len,L2) &&
         \at(h->target.at,L1) == \at(h->target.at,L2) &&
         \at(h->target.len,L1) == \at(h->target.len,L2) &&
         \at(h->status,L1) == \at(h->status,L2) && \at(h->minor,L1) == \at(h->minor,L2));
*/

/*@ requires holm_readable(msg);
    assigns \nothing;
    ensures \result <==> holm_crlf_at(msg, at); */
bool holm_http__line_end(struct holm_bytes msg, size_t at);

/*@ requires holm_head_bytes(msg);
    requires \valid(fields + (0 .. max - 1)) && \valid(count) && \valid(at);
    requires \separated(fields + (0 .. max - 1), count, at, msg.ptr + (0 .. msg.len - 1));
    requires *count <= max && *at <= msg.len && holm_fields_in(fields, *count, *at);
    assigns fields[0 .. max - 1], *count, *at;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \old(*count) <= *count <= max && \old(*at) <= *at <= msg.len;
    ensures *count > \old(*count) ==> *at > \old(*at);
    ensures holm_fields_in(fields, *count, *at);
    ensures \result == HOLM_OK ==> holm_crlf_at(msg, *at); */
enum holm_result holm_http__field_lines(struct holm_http_field *fields, size_t max, size_t *count,
                                        size_t *at, struct holm_bytes msg);

/*@ requires \valid(head);
    assigns head->result, head->len, head->line_at, head->searched, head->refusal, head->status,
            head->minor, head->field_count, head->seen, head->repeated;
    ensures holm_head_open(head) && head->result == HOLM_AGAIN;
    ensures head->line_at == 0 && head->searched == 0 && head->seen == 0 && head->repeated == 0; */
void holm_http_head_init(struct holm_http_head *head);

/*@ requires \valid(head) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1)) && holm_head_open(head);
    assigns *head;
    ensures holm_head_open(head);
    ensures holm_head_went{Old,Here}(head, msg, \result);
    ensures holm_head_grew{Old,Here}(head);
    ensures \old(head->line_at) == 0 && head->line_at > 0 ==> holm_request_line_in(head);
    ensures \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->method.at, head->method.len, &holm_http__token_class);
    ensures \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__target_class); */
enum holm_result holm_http_head_parse(struct holm_http_head *head, struct holm_bytes msg);

/*@ requires \valid(head) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1)) && holm_head_open(head);
    assigns *head;
    ensures holm_head_open(head);
    ensures holm_head_went{Old,Here}(head, msg, \result);
    ensures holm_head_grew{Old,Here}(head);
    ensures \old(head->line_at) == 0 && head->line_at > 0 ==> holm_status_line_in(head);
    ensures \old(head->line_at) == 0 && head->line_at > 0 ==>
              holm_bytes_of{Old}(msg, head->target.at, head->target.len, &holm_http__value_class); */
enum holm_result holm_http_head_parse_response(struct holm_http_head *head, struct holm_bytes msg);
