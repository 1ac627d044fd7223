/* SPDX-License-Identifier: ISC */
/* machine.acsl.h: what is promised of a connection as such, for Frama-C: its limits are set, its
 * ends are final, and its events say what waits. */
#pragma once

#include "date.acsl.h"
#include "impl.acsl.h"

/*@ // Limits without zeroes, within those of the headers.
    predicate holm_limits_set{L}(struct holm_http_limits *l) =
      0 < l->head_bytes <= HOLM_HTTP_HEAD_MAX && 0 < l->target_bytes <= HOLM_HTTP_TARGET_MAX &&
      0 < l->field_count <= HOLM_HTTP_FIELD_MAX && 0 < l->trailer_bytes <= HOLM_HTTP_HEAD_MAX &&
      0 < l->body_bytes && 0 < l->discard_bytes && 0 < l->requests && 0 < l->body_rate &&
      0 < l->head_ns && 0 < l->body_ns && 0 < l->idle_ns && 0 < l->stop_idle_ns;
    // As holm_http_machine_check says: every call finds and leaves it.
    predicate holm_machine_holds{L}(struct holm_http_machine *http) =
      http->in <= HOLM_HTTP__IN_ERROR && http->out <= HOLM_HTTP__OUT_CLOSED &&
      (http->common->server && http->in == HOLM_HTTP__IN_HEAD ==>
         http->out == HOLM_HTTP__OUT_IDLE) &&
      (http->held > 0 ==> http->in == HOLM_HTTP__IN_HEAD || http->in == HOLM_HTTP__IN_TRAILERS) &&
      (http->in == HOLM_HTTP__IN_ERROR ==> http->error < 0) &&
      (http->in == HOLM_HTTP__IN_LENGTH ==> http->in_left > 0) &&
      http->in_total <= http->common->limits.body_bytes;
    predicate holm_event_of{L}(struct holm_http_event *event, struct holm_http_machine *http,
                               integer kind) =
      event->kind == kind &&
      (kind <= HOLM_HTTP_EVENT_TRAILERS ==> event->data == http->view) &&
      (kind <= HOLM_HTTP_EVENT_INTERIM ==> event->status == http->message.status) &&
      (kind == HOLM_HTTP_EVENT_ERROR ==>
         event->status == http->error_status && event->result == http->error) &&
      (kind != HOLM_HTTP_EVENT_ERROR ==> event->result == HOLM_OK);
*/

/*@ requires \valid(common) && (limits != \null ==> \valid_read(limits));
    requires \separated(common, limits);
    assigns *common;
    ensures holm_limits_set(&common->limits);
    ensures (common->server <==> server) && !common->dated; */
void holm_http_common_init(struct holm_http_common *common, bool server,
                           const struct holm_http_limits *limits);

/*@ requires \valid(common);
    assigns common->utc_s, common->dated, common->date[0 .. HOLM_HTTP_DATE_LEN + 7];
    ensures common->utc_s == utc_s;
    ensures !\old(common->dated) || \old(common->utc_s) != utc_s ==>
              (common->dated <==> utc_s <= HOLM_HTTP_DATE_MAX_S); */
void holm_http_common_time(struct holm_http_common *common, uint64_t utc_s);

/*@ requires \valid(http) && \valid_read(common) && \separated(http, common);
    assigns *http;
    ensures http->common == common;
    ensures holm_is_idle(http);
    ensures holm_machine_holds(http);
    ensures http->request_method < HOLM_HTTP_METHODS;
    ensures http->now_ns == now_ns && http->since_ns == now_ns; */
void holm_http_machine_init(struct holm_http_machine *http, const struct holm_http_common *common,
                            uint64_t now_ns);

/*@ requires \valid_read(http) && http->held < SIZE_MAX;
    assigns \nothing;
    ensures \result == http->held + 1; */
size_t holm_http_machine_need(const struct holm_http_machine *http);

/*@ requires holm_can_write(http) && holm_machine_holds(http) && \valid(event);
    requires \separated(event, http, http->common);
    assigns http->in, http->out, http->waiting, http->held, http->last, http->since_ns,
            http->discard, *event;
    ensures holm_machine_holds(http);
    ensures \result == HOLM_END <==> \old(http->waiting) == 0;
    ensures \result \in { HOLM_OK, HOLM_END };
    ensures \result == HOLM_END ==> *event == \old(*event);
    ensures \result == HOLM_OK ==> event->kind <= HOLM_HTTP_EVENT_CLOSED;
    ensures \result == HOLM_OK ==> holm_event_of{Here}(event, http, event->kind);
    ensures \result == HOLM_OK && event->kind < HOLM_HTTP_EVENT_CLOSED ==>
              (\old(http->waiting) >> event->kind & 1) != 0;
    ensures \forall integer k; \result == HOLM_OK && 0 <= k < event->kind ==>
              (\old(http->waiting) >> k & 1) == 0; */
enum holm_result holm_http_machine_next(struct holm_http_machine *http,
                                        struct holm_http_event *event);

/*@ requires \valid(http);
    assigns http->stopping, http->since_ns;
    ensures http->stopping;
    ensures holm_is_idle(http) ==> http->since_ns == http->now_ns;
    ensures !holm_is_idle(http) ==> http->since_ns == \old(http->since_ns); */
void holm_http_machine_stop(struct holm_http_machine *http);

/*@ requires \valid_read(http) && \valid_read(http->common);
    assigns \nothing;
    ensures \result <==> holm_machine_holds(http); */
bool holm_http_machine_check(const struct holm_http_machine *http);
