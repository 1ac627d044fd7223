/* SPDX-License-Identifier: ISC */
/* feed.acsl.h: what is promised of what a connection reads, for Frama-C: a head is taken whole and
 * within its limits, while an event waits nothing is consumed, and each call ends. */
#pragma once

#include "begin.acsl.h"

/*@ // Bytes that are lent lie apart from all that is written meanwhile.
    predicate holm_lent{L}(struct holm_http_machine *http, struct holm_http_head *head,
                           struct holm_span *in, uint8_t *ptr, integer len) =
      \valid{L}(ptr + (0 .. len - 1)) && \separated(in, ptr + (0 .. len - 1)) &&
      \separated(http, ptr + (0 .. len - 1)) && \separated(head, ptr + (0 .. len - 1));
    // So does what is left of them.
    lemma holm_lent_on{L}: \forall struct holm_http_machine *http, struct holm_http_head *head,
        struct holm_span *in, uint8_t *ptr, *rest, integer len, left;
      holm_lent{L}(http, head, in, ptr, len) && 0 <= left <= len && rest + left == ptr + len ==>
        holm_lent{L}(http, head, in, rest, left);
    predicate holm_reads{L}(struct holm_http_machine *http, struct holm_http_head *head,
                            struct holm_span *in) =
      holm_feeds{L}(http, in) && \valid{L}(head) && \separated(head, http, http->common, in) &&
      \separated(head, in->ptr + (0 .. in->len - 1)) && 0 < http->common->limits.head_bytes;
    // A head of which bytes are missing; no line of it is parsed twice.
    predicate holm_head_ready{L}(struct holm_http_head *head) =
      holm_head_open{L}(head) && head->result == HOLM_AGAIN &&
      (head->line_at > 0 ==> head->minor <= 1);
    predicate holm_head_kept{L}(struct holm_http_machine *http, struct holm_http_head *head) =
      http->in == HOLM_HTTP__IN_HEAD && http->held > 0 ==> holm_head_ready{L}(head);
    // A whole head was taken from the front of in; its event shows it.
    predicate holm_head_shown{L1,L2}(struct holm_http_machine *http, struct holm_http_head *head,
                                     struct holm_span *in) =
      \at(http->view.ptr,L2) == \at(in->ptr,L1) && \at(http->view.len,L2) == \at(head->len,L2) &&
      0 < \at(head->len,L2) <= \at(in->len,L1) &&
      \at(in->ptr,L2) == \at(in->ptr,L1) + \at(head->len,L2) &&
      \at(in->len,L2) == \at(in->len,L1) - \at(head->len,L2);
    // The event waits.
    predicate holm_head_waits{L}(struct holm_http_machine *http, struct holm_http_head *head) =
      http->waiting \in { holm_head_alone, holm_head_interim, holm_head_whole,
                          holm_head_upgrades } &&
      http->in <= HOLM_HTTP__IN_UPGRADED &&
      http->message.length <= http->common->limits.body_bytes;
*/

/*@ requires holm_reads(http, head, in) && holm_machine_kept(http) && holm_head_kept(http, head);
    assigns *head, http->message, http->requests, http->told_continue, http->interims,
            http->in_left, http->in_total, http->discarded, http->discard, http->since_ns,
            http->window_bytes, http->chunks.left, http->chunks.line, http->chunks.extensions,
            http->chunks.state, http->view.ptr, http->view.len, http->in, http->out, http->waiting,
            http->held, http->last, http->error, http->error_status, http->interim, in->ptr,
            in->len;
    ensures holm_machine_kept(http);
    ensures holm_head_kept(http, head);
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_END } || \result < 0;
    ensures \old(http->waiting) != 0 && \old(http->in) < HOLM_HTTP__IN_CLOSED ==>
              \result == HOLM_AGAIN;
    ensures \old(http->waiting) != 0 || \old(http->in) >= HOLM_HTTP__IN_DONE ==>
              in->len == \old(in->len) && in->ptr == \old(in->ptr) && http->in == \old(http->in) &&
              http->waiting == \old(http->waiting);
    ensures \result < 0 <==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result < 0 ==> http->error == \result;
    ensures \result == HOLM_END <==>
              \old(http->in) \in { HOLM_HTTP__IN_CLOSED, HOLM_HTTP__IN_UPGRADED };
    ensures in->len <= \old(in->len);
    ensures \result == HOLM_AGAIN ==>
              \old(http->waiting) != 0 || in->len == 0 || http->held == in->len ||
              http->in == HOLM_HTTP__IN_DONE;
    ensures \result == HOLM_OK ==> http->waiting != 0;
    ensures \result == HOLM_OK ==> holm_fed{Old,Here}(in);
    ensures \result == HOLM_OK ==> holm_shown{Old,Here}(http, in);
    ensures \result == HOLM_OK && \old(http->in) == HOLM_HTTP__IN_HEAD ==>
              http->view.ptr == \old(in->ptr);
    ensures \result == HOLM_OK && \old(http->in) == HOLM_HTTP__IN_HEAD ==>
              http->view.len == head->len;
    ensures \result == HOLM_OK && \old(http->in) == HOLM_HTTP__IN_HEAD ==>
              0 < head->len <= \old(in->len);
    ensures \result == HOLM_OK && \old(http->in) == HOLM_HTTP__IN_HEAD ==>
              head->len <= http->common->limits.head_bytes;
    ensures \result == HOLM_OK && \old(http->in) == HOLM_HTTP__IN_HEAD ==>
              in->ptr == \old(in->ptr) + head->len;
    ensures \result == HOLM_OK && \old(http->in) == HOLM_HTTP__IN_HEAD ==>
              in->len == \old(in->len) - head->len;
    ensures \result == HOLM_OK && \old(http->in) == HOLM_HTTP__IN_HEAD ==>
              holm_head_waits(http, head); */
enum holm_result holm_http_machine_feed(struct holm_http_machine *http, struct holm_http_head *head,
                                        struct holm_span *in);

/*@ requires holm_can_write(http) && holm_machine_kept(http);
    assigns http->ended, http->in, http->out, http->waiting, http->held, http->last, http->since_ns,
            http->discard, http->error, http->error_status, http->interim;
    ensures holm_machine_kept(http) && http->ended;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED };
    ensures \result == HOLM_ERR_TRUNCATED ==> holm_failed(http, \result) && !\old(http->discard);
    ensures \result == HOLM_ERR_TRUNCATED ==> !\old(holm_is_idle(http)) &&
              \old(http->in) \in { HOLM_HTTP__IN_HEAD, HOLM_HTTP__IN_LENGTH, HOLM_HTTP__IN_CHUNKS,
                                   HOLM_HTTP__IN_TRAILERS };
    ensures \result == HOLM_OK && \old(http->in) <= HOLM_HTTP__IN_TRAILERS ==>
              http->in == HOLM_HTTP__IN_CLOSED;
    ensures \old(http->in) == HOLM_HTTP__IN_UNTIL_END ==>
              http->in \in { HOLM_HTTP__IN_DONE, HOLM_HTTP__IN_CLOSED, HOLM_HTTP__IN_UPGRADED };
    ensures \old(http->in) >= HOLM_HTTP__IN_DONE ==>
              http->in == \old(http->in) && http->out == \old(http->out); */
enum holm_result holm_http_machine_end(struct holm_http_machine *http);
