/* SPDX-License-Identifier: ISC */
/* time.acsl.h: what is promised of a connection's deadlines, for Frama-C. */
#pragma once

#include "core/proof/base.acsl.h"

#include "proto/http/src/http_impl.h"

/*@ predicate holm_timed{L}(struct holm_http_machine *http) =
      \valid(http) && \valid_read(http->common) && \separated(http, http->common) &&
      http->in <= HOLM_HTTP__IN_ERROR && http->since_ns <= http->now_ns;
    // The peer owes a head: nothing waits for us, and it is not a client's that still sends.
    predicate holm_waits_head{L}(struct holm_http_machine *http) =
      http->waiting == 0 && http->in == HOLM_HTTP__IN_HEAD &&
      (http->common->server || http->out != HOLM_HTTP__OUT_BODY);
    // The peer owes some of a body, and does not wait for 100 Continue.
    predicate holm_waits_body{L}(struct holm_http_machine *http) =
      http->waiting == 0 && HOLM_HTTP__IN_LENGTH <= http->in <= HOLM_HTTP__IN_UNTIL_END &&
      !(http->common->server && http->message.expects_continue && !http->told_continue &&
        !http->discard && http->in_total == 0);
    logic integer holm_time_after(integer since, integer length) =
      since + length > UINT64_MAX ? UINT64_MAX : since + length;
    // A stop leaves a response that is awaited its time.
    logic integer holm_idle_ns{L}(struct holm_http_machine *http) =
      http->stopping && http->out == HOLM_HTTP__OUT_IDLE ? http->common->limits.stop_idle_ns
                                                         : http->common->limits.idle_ns;
*/

/*@ requires \valid(http);
    assigns http->in, http->out, http->waiting, http->held;
    ensures http->in == HOLM_HTTP__IN_CLOSED && http->out == HOLM_HTTP__OUT_CLOSED;
    ensures http->waiting != 0 && http->held == 0; */
void holm_http__close(struct holm_http_machine *http);

/*@ requires \valid(http) && \valid_read(http->common) && -32768 <= result < 0;
    assigns http->in, http->out, http->waiting, http->held, http->error, http->error_status,
            http->last, http->interim;
    ensures \result == result && http->in == HOLM_HTTP__IN_ERROR && http->error == result;
    ensures http->out == HOLM_HTTP__OUT_ERROR ==>
              http->common->server && status != 0 && http->error_status == status;
    ensures http->out != HOLM_HTTP__OUT_ERROR ==>
              http->out == HOLM_HTTP__OUT_CLOSED && http->error_status == 0;
    ensures http->last && http->waiting != 0 && http->held == 0; */
enum holm_result holm_http__fail(struct holm_http_machine *http, enum holm_result result,
                                 uint16_t status);

/*@ requires \valid_read(http) && \valid_read(http->common) && http->in <= HOLM_HTTP__IN_ERROR;
    assigns \nothing;
    ensures holm_waits_head(http) && http->held > 0 ==>
              \result == holm_time_after(http->since_ns, http->common->limits.head_ns);
    ensures holm_waits_head(http) && http->held == 0 ==>
              \result == holm_time_after(http->since_ns, holm_idle_ns(http));
    ensures holm_waits_body(http) ==>
              \result == holm_time_after(http->since_ns, http->common->limits.body_ns);
    ensures !holm_waits_head(http) && !holm_waits_body(http) ==> \result == UINT64_MAX; */
uint64_t holm_http_machine_deadline(const struct holm_http_machine *http);

/*@ requires holm_timed(http);
    assigns http->now_ns, http->since_ns, http->window_bytes, http->in, http->out, http->waiting,
            http->held, http->error, http->error_status, http->last, http->interim;
    ensures holm_timed(http) && http->now_ns == \max(\old(http->now_ns), now_ns);
    ensures \result \in { HOLM_OK, HOLM_ERR_TIMEOUT };
    ensures \result == HOLM_ERR_TIMEOUT ==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result == HOLM_ERR_TIMEOUT ==>
              \old(holm_waits_head(http)) || \old(holm_waits_body(http));
    ensures \old(!holm_waits_head(http) && !holm_waits_body(http)) ==>
              http->since_ns == \old(http->since_ns) + (http->now_ns - \old(http->now_ns)); */
enum holm_result holm_http_machine_tick(struct holm_http_machine *http, uint64_t now_ns);
