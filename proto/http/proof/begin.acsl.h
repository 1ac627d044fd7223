/* SPDX-License-Identifier: ISC */
/* begin.acsl.h: what is promised of what a whole head sets in motion, for Frama-C: it is within its
 * limits, its event waits, and what is read next is what its message says. */
#pragma once

#include "read.acsl.h"

#include "proto/http/src/http_begin.h"

/*@ // A whole head and its bytes, before its message is read.
    predicate holm_begins{L}(struct holm_http_machine *http, struct holm_http_head *head,
                             struct holm_bytes msg) =
      holm_can_write{L}(http) && holm_machine_kept{L}(http) && holm_head_indexed{L}(head) &&
      holm_head_given{L}(head, msg) && \separated(http, head) &&
      \separated(http, msg.ptr + (0 .. msg.len - 1)) && http->in == HOLM_HTTP__IN_HEAD &&
      http->held == 0 && http->waiting == 0;
    // The connection ended with an error, of which an event tells.
    predicate holm_failed{L}(struct holm_http_machine *http, integer result) =
      result < 0 && http->in == HOLM_HTTP__IN_ERROR && http->error == result && http->held == 0 &&
      http->waiting != 0 && http->last &&
      (http->out == HOLM_HTTP__OUT_ERROR || http->out == HOLM_HTTP__OUT_CLOSED);
    predicate holm_request_fits{L}(struct holm_http_machine *http, struct holm_http_head *head) =
      head->target.len <= http->common->limits.target_bytes &&
      head->field_count <= http->common->limits.field_count &&
      http->message.length <= http->common->limits.body_bytes;
    predicate holm_response_fits{L}(struct holm_http_machine *http, struct holm_http_head *head) =
      head->field_count <= http->common->limits.field_count &&
      http->message.length <= http->common->limits.body_bytes &&
      (head->status == 101 ==> http->message.upgrade && http->upgrading);
    // What waits behind a head: HEAD, HEAD and MESSAGE_END, HEAD and UPGRADE, or INTERIM.
    logic integer holm_head_alone = 1;
    logic integer holm_head_interim = 2;
    logic integer holm_head_whole = 17;
    logic integer holm_head_upgrades = 33;
    // What is read behind a head is what its message says.
    predicate holm_body_begun{L}(struct holm_http_machine *http) =
      http->in_total == 0 && !http->discard &&
      (http->message.body == HOLM_HTTP_BODY_NONE ==>
         http->in == HOLM_HTTP__IN_DONE && http->waiting == holm_head_whole) &&
      (http->message.body != HOLM_HTTP_BODY_NONE ==> http->waiting == holm_head_alone) &&
      (http->message.body == HOLM_HTTP_BODY_LENGTH ==>
         http->in == HOLM_HTTP__IN_LENGTH && http->in_left == http->message.length) &&
      (http->message.body == HOLM_HTTP_BODY_CHUNKED ==> http->in == HOLM_HTTP__IN_CHUNKS) &&
      (http->message.body == HOLM_HTTP_BODY_CLOSE ==> http->in == HOLM_HTTP__IN_UNTIL_END);
*/

/*@ requires holm_begins(http, head, msg);
    assigns http->message, http->requests, http->told_continue, http->in_left, http->in_total,
            http->discarded, http->discard, http->since_ns, http->window_bytes, http->chunks.left,
            http->chunks.line, http->chunks.extensions, http->chunks.state, http->in, http->out,
            http->waiting, http->held, http->last, http->error, http->error_status, http->interim;
    ensures holm_machine_kept(http);
    ensures http->held == 0;
    ensures \result == HOLM_OK || holm_failed(http, \result);
    ensures \result == HOLM_OK ==> http->in <= HOLM_HTTP__IN_UPGRADED;
    ensures \result == HOLM_OK ==>
              http->waiting \in { holm_head_alone, holm_head_interim, holm_head_whole,
                                  holm_head_upgrades };
    ensures \result == HOLM_OK ==> http->message.length <= http->common->limits.body_bytes;
    ensures \result == HOLM_OK ==> holm_request_fits(http, head);
    ensures \result == HOLM_OK ==> http->out == HOLM_HTTP__OUT_HEAD && !http->told_continue;
    ensures \result == HOLM_OK ==> holm_body_begun(http);
    ensures \result == HOLM_OK && !http->last ==>
              http->message.persistent && http->requests < http->common->limits.requests; */
enum holm_result holm_http__request_begin(struct holm_http_machine *http,
                                          struct holm_http_head *head, struct holm_bytes msg);

/*@ requires holm_begins(http, head, msg);
    assigns http->message, http->interims, http->in_left, http->in_total, http->discarded,
            http->discard, http->since_ns, http->window_bytes, http->chunks.left,
            http->chunks.line, http->chunks.extensions, http->chunks.state, http->in, http->out,
            http->waiting, http->held, http->last, http->error, http->error_status, http->interim;
    ensures holm_machine_kept(http);
    ensures http->held == 0;
    ensures \result == HOLM_OK || holm_failed(http, \result);
    ensures \result == HOLM_OK ==> http->in <= HOLM_HTTP__IN_UPGRADED;
    ensures \result == HOLM_OK ==>
              http->waiting \in { holm_head_alone, holm_head_interim, holm_head_whole,
                                  holm_head_upgrades };
    ensures \result == HOLM_OK ==> http->message.length <= http->common->limits.body_bytes;
    ensures \result == HOLM_OK ==> holm_response_fits(http, head);
    ensures \result == HOLM_OK && http->message.upgrade ==>
              http->in == HOLM_HTTP__IN_UPGRADED && http->waiting == holm_head_upgrades;
    ensures \result == HOLM_OK && !http->message.upgrade && head->status < 200 ==>
              http->in == HOLM_HTTP__IN_HEAD && http->waiting == holm_head_interim &&
              http->interims == \old(http->interims) + 1;
    ensures \result == HOLM_OK && !http->message.upgrade && head->status >= 200 ==>
              holm_body_begun(http);
    ensures \result == HOLM_OK && head->status >= 200 ==>
              http->message.persistent || http->message.upgrade || http->last; */
enum holm_result holm_http__response_begin(struct holm_http_machine *http,
                                           struct holm_http_head *head, struct holm_bytes msg);
