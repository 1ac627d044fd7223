/* SPDX-License-Identifier: ISC */
/* message.acsl.h: what is promised of a message, for Frama-C: what two readers could take
 * differently is refused. */
#pragma once

#include "status.acsl.h"
#include "target.acsl.h"

/*@ predicate holm_head_repeats{L}(struct holm_http_head *head, integer id) =
      ((head->repeated >> id) & 1) != 0;
    predicate holm_head_framed{L}(struct holm_http_head *head) =
      holm_head_seen(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING) ||
      holm_head_seen(head, HOLM_HTTP_FIELD_CONTENT_LENGTH);
    // Transfer-Encoding is there once, and as long as "chunked".
    predicate holm_head_chunked{L}(struct holm_http_head *head) =
      holm_head_seen(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING) &&
      !holm_head_repeats(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING) &&
      head->fields[head->first[HOLM_HTTP_FIELD_TRANSFER_ENCODING]].value.len == 7;
    // The number that Content-Length is.
    logic integer holm_head_length{L}(struct holm_http_head *head, struct holm_bytes msg) =
      holm_http_number(
        msg.ptr + head->fields[head->first[HOLM_HTTP_FIELD_CONTENT_LENGTH]].value.at,
        head->fields[head->first[HOLM_HTTP_FIELD_CONTENT_LENGTH]].value.len);
    // A head that was parsed, its bytes, and what is to be read from them.
    predicate holm_head_given{L}(struct holm_http_head *head, struct holm_bytes msg) =
      holm_readable{L}(msg) && msg.len <= HOLM_HTTP_HEAD_MAX && head->minor <= 1 &&
      \separated(head, msg.ptr + (0 .. msg.len - 1));
    predicate holm_message_given{L}(struct holm_http_message *m, struct holm_http_head *head,
                                    struct holm_bytes msg) =
      \valid{L}(m) && holm_head_given{L}(head, msg) && \separated(m, head) &&
      \separated(m, msg.ptr + (0 .. msg.len - 1));
    predicate holm_message_blank{L}(struct holm_http_message *m) =
      holm_target_unread(m) && m->length == 0 && m->status == 0 && m->method == 0 &&
      m->body == HOLM_HTTP_BODY_NONE && !m->persistent && !m->expects_continue && !m->upgrade;
    // RFC 9112 section 6.3, items 1 and 2.
    predicate holm_bodiless(integer status, integer method) =
      method == HOLM_HTTP_HEAD || status < 200 || status == 204 || status == 304;
*/

/*@ requires holm_head_indexed(head);
    requires holm_message_given(message, head, msg);
    assigns *message;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT, HOLM_ERR_UNSUPPORTED };
    ensures message->minor == \old(head->minor);
    ensures \result == HOLM_OK ==> message->status == 0;
    ensures \result == HOLM_ERR_MALFORMED ==> message->status == HOLM_HTTP__BAD_REQUEST;
    ensures \result == HOLM_ERR_LIMIT ==> message->status == HOLM_HTTP__TOO_LARGE;
    ensures \result == HOLM_ERR_UNSUPPORTED ==>
              message->status \in { HOLM_HTTP__NOT_IMPLEMENTED, HOLM_HTTP__EXPECTATION };
    ensures \result == HOLM_OK ==> message->method < HOLM_HTTP_METHODS;
    ensures \result == HOLM_OK ==> message->body \in { HOLM_HTTP_BODY_NONE, HOLM_HTTP_BODY_LENGTH,
                                                       HOLM_HTTP_BODY_CHUNKED };
    ensures \result == HOLM_OK ==>
              (message->body == HOLM_HTTP_BODY_CHUNKED <==>
               \old(holm_head_seen(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING)));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_CHUNKED ==>
              !\old(holm_head_repeats(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_CHUNKED ==>
              \old(head->minor) == 1 && message->length == 0 &&
              !\old(holm_head_seen(head, HOLM_HTTP_FIELD_CONTENT_LENGTH));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_LENGTH ==>
              message->length > 0 &&
              \old(holm_head_seen(head, HOLM_HTTP_FIELD_CONTENT_LENGTH)) &&
              !\old(holm_head_repeats(head, HOLM_HTTP_FIELD_CONTENT_LENGTH));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_NONE ==> message->length == 0;
    ensures \result == HOLM_OK && \old(head->minor) == 1 ==>
              \old(holm_head_seen(head, HOLM_HTTP_FIELD_HOST)) &&
              !\old(holm_head_repeats(head, HOLM_HTTP_FIELD_HOST));
    ensures \result == HOLM_OK && message->method == HOLM_HTTP_CONNECT ==>
              !\old(holm_head_framed(head));
    ensures \result == HOLM_OK && message->method == HOLM_HTTP_TRACE ==>
              message->body == HOLM_HTTP_BODY_NONE;
    ensures \result == HOLM_OK ==>
              holm_part_in(&message->path, \old(head->target.at), \old(head->target.len));
    ensures \result == HOLM_OK ==>
              holm_part_in(&message->query, \old(head->target.at), \old(head->target.len));
    ensures \result == HOLM_OK ==> holm_part_in(&message->host, 0, msg.len);
    ensures \result == HOLM_OK && message->upgrade ==> \old(head->minor) == 1;
    ensures \result == HOLM_OK && message->expects_continue ==>
              \old(head->minor) == 1 && message->body != HOLM_HTTP_BODY_NONE; */
enum holm_result holm_http_message_parse(struct holm_http_message *message,
                                         const struct holm_http_head *head, struct holm_bytes msg);

/*@ requires holm_head_indexed(head);
    requires holm_message_given(message, head, msg) && method < HOLM_HTTP_METHODS;
    assigns *message;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT, HOLM_ERR_UNSUPPORTED };
    ensures message->minor == \old(head->minor) && message->status == \old(head->status);
    ensures message->method == method;
    ensures \result == HOLM_OK ==> message->body <= HOLM_HTTP_BODY_CLOSE;
    ensures \result == HOLM_OK && \old(holm_bodiless(head->status, method)) ==>
              message->body == HOLM_HTTP_BODY_NONE;
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_CLOSE ==>
              !message->persistent && !\old(holm_head_framed(head)) && message->length == 0;
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_CHUNKED ==>
              \old(holm_head_chunked(head));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_CHUNKED ==>
              \old(head->minor) == 1 &&
              !\old(holm_head_seen(head, HOLM_HTTP_FIELD_CONTENT_LENGTH));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_LENGTH ==>
              message->length > 0 &&
              \old(holm_head_seen(head, HOLM_HTTP_FIELD_CONTENT_LENGTH)) &&
              !\old(holm_head_repeats(head, HOLM_HTTP_FIELD_CONTENT_LENGTH));
    ensures \result == HOLM_OK && message->upgrade ==>
              \old(head->status) == 101 ||
              (method == HOLM_HTTP_CONNECT && \old(head->status) / 100 == 2); */
enum holm_result holm_http_message_parse_response(struct holm_http_message *message,
                                                  const struct holm_http_head *head,
                                                  struct holm_bytes msg,
                                                  enum holm_http_method method);
