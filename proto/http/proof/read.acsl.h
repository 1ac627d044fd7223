/* SPDX-License-Identifier: ISC */
/* read.acsl.h: what is promised of what is read behind a head, for Frama-C: bytes are consumed from
 * the front, what an event shows lies within them, a body is no longer than its limit, and a wrong
 * one ends the connection. */
#pragma once

#include "machine.acsl.h"
#include "message.acsl.h"

#include "proto/http/src/http_read.h"

/*@ // What holds between two calls.
    predicate holm_machine_kept{L}(struct holm_http_machine *http) =
      holm_machine_holds{L}(http) &&
      (http->in == HOLM_HTTP__IN_CHUNKS ==> holm_chunks_kept{L}(&http->chunks)) &&
      http->held <= UINT32_MAX && http->request_method < HOLM_HTTP_METHODS;
    // All that is read and written lies apart.
    predicate holm_feeds{L}(struct holm_http_machine *http, struct holm_span *in) =
      holm_can_write{L}(http) && http->common->limits.head_bytes <= HOLM_HTTP_HEAD_MAX &&
      \valid{L}(in) && \valid{L}(in->ptr + (0 .. in->len - 1)) &&
      \separated(in, http, http->common) && \separated(in, in->ptr + (0 .. in->len - 1)) &&
      \separated(http, in->ptr + (0 .. in->len - 1));
    // The first bytes of in are consumed: it ends where it ended.
    predicate holm_fed{L1,L2}(struct holm_span *in) =
      \at(in->len,L2) <= \at(in->len,L1) &&
      \at(in->ptr + in->len,L2) == \at(in->ptr + in->len,L1);
    // They are what the next event shows; an empty line may stand behind it.
    predicate holm_shown{L1,L2}(struct holm_http_machine *http, struct holm_span *in) =
      0 < \at(http->view.len,L2) <= \at(in->len,L1) - \at(in->len,L2) &&
      (\at(http->view.ptr + http->view.len,L2) == \at(in->ptr,L2) ||
       \at(http->view.ptr + http->view.len,L2) + 2 == \at(in->ptr,L2));
    // What is left to do: bytes, and a later state of the message.
    logic integer holm_to_feed{L}(struct holm_http_machine *http, struct holm_span *in) =
      2 * in->len + (http->in == HOLM_HTTP__IN_CHUNKS ? 1 : 0);
*/

/*@ requires holm_can_write(http);
    assigns http->in, http->out, http->waiting, http->held, http->last, http->since_ns,
            http->discard;
    ensures http->held == 0;
    ensures !\old(http->discard) ==>
              http->in == HOLM_HTTP__IN_DONE && http->waiting != 0 && !http->discard &&
              http->out == \old(http->out) && http->last == \old(http->last);
    ensures !\old(http->discard) ==>
              http->waiting == (\old(http->waiting) | (1 << HOLM_HTTP_EVENT_MESSAGE_END));
    ensures http->in \in { HOLM_HTTP__IN_DONE, HOLM_HTTP__IN_HEAD, HOLM_HTTP__IN_CLOSED,
                           HOLM_HTTP__IN_UPGRADED };
    ensures http->in == HOLM_HTTP__IN_HEAD ==>
              http->out == HOLM_HTTP__OUT_IDLE && !http->ended;
    ensures http->in > HOLM_HTTP__IN_DONE ==> http->waiting != 0;
    ensures http->out \in { \old(http->out), HOLM_HTTP__OUT_IDLE, HOLM_HTTP__OUT_CLOSED }; */
void holm_http__read_done(struct holm_http_machine *http);

/*@ requires \valid(http) && \valid(in) && \valid(in->ptr + (0 .. in->len - 1));
    requires \separated(in, http, in->ptr + (0 .. in->len - 1)) && len <= in->len;
    assigns in->ptr, in->len, http->view.ptr, http->view.len;
    ensures in->len == \old(in->len) - len && in->ptr == \old(in->ptr) + len;
    ensures http->view.len == len && http->view.ptr == \old(in->ptr); */
void holm_http__read_advance(struct holm_http_machine *http, struct holm_span *in, size_t len);

/*@ requires holm_can_write(http) && http->message.body <= HOLM_HTTP_BODY_CLOSE;
    requires http->message.body == HOLM_HTTP_BODY_LENGTH ==> http->message.length > 0;
    requires http->out <= HOLM_HTTP__OUT_CLOSED && http->held == 0;
    requires http->request_method < HOLM_HTTP_METHODS;
    assigns http->in_left, http->in_total, http->discarded, http->discard, http->since_ns,
            http->window_bytes, http->chunks.left, http->chunks.line, http->chunks.extensions,
            http->chunks.state, http->in, http->out, http->waiting, http->held, http->last;
    ensures http->in \in { HOLM_HTTP__IN_LENGTH, HOLM_HTTP__IN_CHUNKS, HOLM_HTTP__IN_UNTIL_END,
                           HOLM_HTTP__IN_DONE };
    ensures http->in == HOLM_HTTP__IN_LENGTH ==> http->in_left > 0;
    ensures http->message.body == HOLM_HTTP_BODY_NONE ==>
              http->in == HOLM_HTTP__IN_DONE &&
              http->waiting == (\old(http->waiting) | (1 << HOLM_HTTP_EVENT_MESSAGE_END));
    ensures http->message.body != HOLM_HTTP_BODY_NONE ==> http->waiting == \old(http->waiting);
    ensures http->message.body == HOLM_HTTP_BODY_LENGTH ==>
              http->in == HOLM_HTTP__IN_LENGTH && http->in_left == http->message.length;
    ensures http->message.body == HOLM_HTTP_BODY_CHUNKED ==> http->in == HOLM_HTTP__IN_CHUNKS;
    ensures http->message.body == HOLM_HTTP_BODY_CLOSE ==> http->in == HOLM_HTTP__IN_UNTIL_END;
    ensures http->in_total == 0 && !http->discard;
    ensures holm_machine_kept(http);
    ensures http->out == \old(http->out) && http->last == \old(http->last);
    ensures \old(http->waiting) != 0 ==> http->waiting != 0;
    ensures http->held == 0; */
void holm_http__read_begin(struct holm_http_machine *http);

/*@ requires holm_feeds(http, in) && holm_machine_kept(http);
    requires HOLM_HTTP__IN_LENGTH <= http->in <= HOLM_HTTP__IN_UNTIL_END;
    assigns http->view.ptr, http->view.len, http->chunks.left, http->chunks.line,
            http->chunks.extensions, http->chunks.state, http->in_left, http->in_total,
            http->discarded, http->since_ns, http->window_bytes, http->held, http->error_status,
            http->interim, http->error, http->in, http->out, http->waiting, http->last,
            http->discard, in->ptr, in->len;
    ensures holm_machine_kept(http);
    ensures \result == HOLM_OK || \result == HOLM_AGAIN || \result < 0;
    ensures \result < 0 <==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result < 0 ==> http->error == \result;
    ensures \result == HOLM_AGAIN ==>
              http->in == \old(http->in) && http->waiting == \old(http->waiting);
    ensures \result == HOLM_AGAIN ==> in->len == 0 || http->held == in->len;
    ensures http->in == HOLM_HTTP__IN_HEAD ==> http->held == 0;
    ensures in->len <= \old(in->len);
    ensures \result == HOLM_OK ==> holm_fed{Old,Here}(in);
    ensures \result == HOLM_OK && http->waiting == 0 ==> http->in <= HOLM_HTTP__IN_DONE;
    ensures \result == HOLM_OK && http->waiting == 0 ==>
              holm_to_feed{Here}(http, in) < holm_to_feed{Old}(http, in);
    ensures \result == HOLM_OK && http->waiting != 0 && \old(http->waiting) == 0 ==>
              holm_shown{Old,Here}(http, in); */
enum holm_result holm_http__read_body(struct holm_http_machine *http, struct holm_span *in);
