/* SPDX-License-Identifier: ISC */
/* write.acsl.h: what is promised of what a connection writes, for Frama-C: it fits its room, a head
 * is whole or not there, and a body is as long as was said. */
#pragma once

#include "chunk.acsl.h"
#include "index.acsl.h"
#include "status.acsl.h"
#include "target.acsl.h"
#include "time.acsl.h"
#include "values.acsl.h"

/*@ predicate holm_can_write{L}(struct holm_http_machine *http) =
      \valid(http) && \valid_read(http->common) && \separated(http, http->common);
    // What is read while out is written lies elsewhere.
    predicate holm_away{L}(struct holm_buffer *out, struct holm_bytes b) =
      holm_readable{L}(b) && \separated(out, b.ptr + (0 .. b.len - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), b.ptr + (0 .. b.len - 1));
    predicate holm_common_away{L}(struct holm_buffer *out, struct holm_http_common *common) =
      \valid_read(common) && \separated(out, common) &&
      \separated(out->ptr + (0 .. out->size - 1), common);
    predicate holm_machine_away{L}(struct holm_buffer *out, struct holm_http_machine *http) =
      \valid_read(http) && \separated(out, http) &&
      \separated(out->ptr + (0 .. out->size - 1), http) && holm_common_away(out, http->common);
    predicate holm_lines_away{L}(struct holm_buffer *out, struct holm_http_fields *fields) =
      fields != \null ==>
        \valid_read(fields) && fields->lines.len <= fields->lines.size && \separated(out, fields) &&
        \separated(out->ptr + (0 .. out->size - 1), fields) &&
        \valid_read(fields->lines.ptr + (0 .. fields->lines.len - 1)) &&
        \separated(out, fields->lines.ptr + (0 .. fields->lines.len - 1)) &&
        \separated(out->ptr + (0 .. out->size - 1), fields->lines.ptr + (0 .. fields->lines.len - 1));
    predicate holm_is_idle{L}(struct holm_http_machine *http) =
      http->in == HOLM_HTTP__IN_HEAD && http->out == HOLM_HTTP__OUT_IDLE && http->held == 0 &&
      http->waiting == 0;
    predicate holm_status_final(integer status) = status == 101 || 200 <= status <= 999;
    predicate holm_wants_continue{L}(struct holm_http_machine *http) =
      http->message.expects_continue && !http->told_continue && http->in_total == 0;
*/

/*@ requires \valid(http) && kind <= HOLM_HTTP_EVENT_CLOSED;
    assigns http->waiting;
    ensures http->waiting == (\old(http->waiting) | (1 << kind)); */
static inline void holm_http__wait(struct holm_http_machine *http, enum holm_http_event_kind kind);

/*@ requires \valid_read(http);
    assigns \nothing;
    ensures \result <==> holm_is_idle(http); */
bool holm_http_machine_is_idle(const struct holm_http_machine *http);

/*@ requires \valid(http) && \valid_read(http->common) && \separated(http, http->common);
    assigns http->in, http->out, http->waiting, http->held, http->last, http->since_ns,
            http->discard;
    ensures http->out \in { \old(http->out), HOLM_HTTP__OUT_IDLE, HOLM_HTTP__OUT_CLOSED };
    ensures http->in == \old(http->in) || http->in == HOLM_HTTP__IN_CLOSED ||
            http->in == HOLM_HTTP__IN_UPGRADED ||
            (http->in == HOLM_HTTP__IN_HEAD && \old(http->in) == HOLM_HTTP__IN_DONE);
    ensures http->in == \old(http->in) && http->in != HOLM_HTTP__IN_UPGRADED ==>
              http->out == \old(http->out) && http->waiting == \old(http->waiting) &&
              http->held == \old(http->held);
    ensures http->in != \old(http->in) && http->in != HOLM_HTTP__IN_HEAD ==>
              http->out == HOLM_HTTP__OUT_CLOSED && http->waiting != 0 && http->held == 0;
    ensures http->in != \old(http->in) && http->in == HOLM_HTTP__IN_HEAD ==>
              http->out == HOLM_HTTP__OUT_IDLE && http->waiting == 0 && !http->last &&
              !http->ended && !http->discard;
    ensures http->held == \old(http->held) || http->held == 0; */
void holm_http__exchange_check(struct holm_http_machine *http);

/*@ requires holm_can_write(http) && holm_writable(out) && holm_machine_away(out, http);
    requires \valid_read(response) && \separated(response, http) && \separated(response, out);
    requires \separated(response, out->ptr + (0 .. out->size - 1));
    requires holm_lines_away(out, response->fields) && holm_lines_away(out, response->more);
    assigns out->len, out->ptr[out->len .. out->size - 1], http->interim, http->last,
            http->headless, http->upgrading, http->message.upgrade, http->out_body, http->out_left,
            http->first_chunk, http->out;
    ensures holm_writable(out);
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_INVALID };
    ensures \result == HOLM_OK ==>
              \old(http->out) == HOLM_HTTP__OUT_HEAD || \old(http->out) == HOLM_HTTP__OUT_ERROR;
    ensures \result == HOLM_OK ==> holm_status_final(\old(response->status));
    ensures \result == HOLM_OK ==> out->len >= \old(out->len) + 15;
    ensures \result == HOLM_OK ==> http->out == HOLM_HTTP__OUT_BODY && http->interim == 0;
    ensures \result == HOLM_OK && \old(response->close) ==> http->last;
    ensures \result == HOLM_OK && http->out_left > 0 ==>
              http->out_left == \old(response->length) && !http->headless;
    ensures \result == HOLM_OK && http->out_body == HOLM_HTTP_BODY_CLOSE ==> http->last;
    ensures \result == HOLM_OK && \old(response->status) == 204 ==>
              http->headless && http->out_body == HOLM_HTTP_BODY_NONE;
    ensures \result == HOLM_OK && \old(response->status) == 304 ==>
              http->headless && http->out_body == HOLM_HTTP_BODY_NONE;
    ensures \result != HOLM_OK ==> out->len == \old(out->len);
    ensures \result != HOLM_OK ==> http->out == \old(http->out) && http->last == \old(http->last); */
enum holm_result holm_http_machine_respond(struct holm_http_machine *http, struct holm_buffer *out,
                                           const struct holm_http_response *response);

/*@ requires \valid(http);
    assigns http->interim, http->told_continue, http->since_ns;
    ensures http->interim != \old(http->interim) ==>
              http->interim == status && 100 <= status < 200 && status != 101;
    ensures http->told_continue && !\old(http->told_continue) ==>
              status == 100 && \old(holm_wants_continue(http)) && http->since_ns == http->now_ns; */
void holm_http_machine_interim(struct holm_http_machine *http, uint16_t status);

/*@ requires \valid_read(http);
    assigns \nothing;
    ensures \result <==> http->interim != 0 || http->out == HOLM_HTTP__OUT_ERROR; */
bool holm_http_machine_speaks(const struct holm_http_machine *http);

/*@ requires holm_can_write(http) && holm_writable(out) && holm_machine_away(out, http);
    requires http->in <= HOLM_HTTP__IN_ERROR;
    assigns *http, out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures http->common == \old(http->common);
    ensures \result == HOLM_OK && \old(http->out) != HOLM_HTTP__OUT_ERROR ==> http->interim == 0;
    ensures \old(http->interim) == 0 && \old(http->out) != HOLM_HTTP__OUT_ERROR ==>
              \result == HOLM_OK && out->len == \old(out->len); */
enum holm_result holm_http_machine_drain(struct holm_http_machine *http, struct holm_buffer *out);

/*@ requires holm_can_write(http) && holm_writable(out) && holm_machine_away(out, http);
    requires \valid_read(request) && \separated(request, http) && \separated(request, out);
    requires \separated(request, out->ptr + (0 .. out->size - 1));
    requires holm_away(out, request->method_other) && holm_away(out, request->target);
    requires holm_away(out, request->host) && holm_lines_away(out, request->fields);
    requires http->requests < UINT32_MAX;
    assigns out->len, out->ptr[out->len .. out->size - 1], http->requests, http->interims,
            http->last, http->request_method, http->upgrading, http->headless, http->out_body,
            http->out_left, http->first_chunk, http->since_ns, http->out;
    ensures holm_writable(out);
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_INVALID, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> !http->common->server && \old(http->out) == HOLM_HTTP__OUT_IDLE;
    ensures \result == HOLM_OK ==>
              out->len >= \old(out->len) + \old(request->target.len) + \old(request->host.len) + 22;
    ensures \result == HOLM_OK ==>
              http->out == HOLM_HTTP__OUT_BODY && http->requests == \old(http->requests) + 1;
    ensures \result == HOLM_OK && \old(request->close) ==> http->last;
    ensures \result == HOLM_OK && http->out_left > 0 ==>
              \old(request->has_body) && http->out_left == \old(request->length);
    ensures \result != HOLM_OK ==> out->len == \old(out->len);
    ensures \result != HOLM_OK ==> http->out == \old(http->out) && http->last == \old(http->last); */
enum holm_result holm_http_machine_request(struct holm_http_machine *http, struct holm_buffer *out,
                                           const struct holm_http_request *request);

/*@ requires holm_can_write(http) && holm_writable(out) && holm_machine_away(out, http);
    assigns http->out_left, http->first_chunk, out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures \result \in { HOLM_OK, HOLM_END, HOLM_AGAIN, HOLM_ERR_INVALID, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> http->out == HOLM_HTTP__OUT_BODY && !http->headless && len > 0;
    ensures \result == HOLM_OK && http->out_body == HOLM_HTTP_BODY_LENGTH ==>
              http->out_left == \old(http->out_left) - len;
    ensures \result == HOLM_OK ==> http->out_body != HOLM_HTTP_BODY_NONE;
    ensures out->len <= \old(out->len) + HOLM_HTTP_CHUNK_HEAD_MAX;
    ensures http->out_body != HOLM_HTTP_BODY_CHUNKED ==> out->len == \old(out->len);
    ensures \result == HOLM_END ==> http->headless;
    ensures \result != HOLM_OK ==> out->len == \old(out->len);
    ensures \result != HOLM_OK ==> http->out_left == \old(http->out_left) &&
              http->first_chunk == \old(http->first_chunk); */
enum holm_result holm_http_machine_body_open(struct holm_http_machine *http,
                                             struct holm_buffer *out, uint64_t len);

/*@ requires holm_can_write(http) && holm_writable(out) && holm_machine_away(out, http);
    requires holm_in_place(in) && holm_away(out, *in);
    requires \separated(in, out, http, http->common) && \separated(in, out->ptr + (0 .. out->size - 1));
    requires \separated(http, in->ptr + (0 .. in->len - 1));
    assigns http->out_left, http->first_chunk, *in, out->len,
            out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len && in->len <= \old(in->len);
    ensures \result == HOLM_OK ==> in->len == 0;
    ensures \result == HOLM_AGAIN ==> in->len > 0;
    ensures \result == HOLM_OK && !http->headless ==>
              out->len >= \old(out->len) + \old(in->len);
    ensures !http->headless ==> holm_advanced{Old,Here}(in, \old(in->len) - in->len);
    ensures \result < 0 ==> out->len == \old(out->len) && *in == \old(*in) &&
              http->out_left == \old(http->out_left); */
enum holm_result holm_http_machine_body_write(struct holm_http_machine *http,
                                              struct holm_buffer *out, struct holm_bytes *in);

/*@ requires holm_can_write(http) && holm_writable(out) && holm_machine_away(out, http);
    requires holm_lines_away(out, trailers) && \separated(trailers, http);
    assigns *http, out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures http->common == \old(http->common);
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_INVALID, HOLM_ERR_TRUNCATED };
    ensures \result == HOLM_OK ==> \old(http->out) == HOLM_HTTP__OUT_BODY &&
              \old(http->out_left) == 0;
    ensures \result == HOLM_ERR_TRUNCATED ==>
              \old(http->out_left) > 0 && http->out == HOLM_HTTP__OUT_CLOSED;
    ensures \result == HOLM_AGAIN ==> http->out == HOLM_HTTP__OUT_BODY;
    ensures \result != HOLM_OK ==> out->len == \old(out->len); */
enum holm_result holm_http_machine_body_end(struct holm_http_machine *http, struct holm_buffer *out,
                                            const struct holm_http_fields *trailers);
