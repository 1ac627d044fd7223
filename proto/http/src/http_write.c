/* SPDX-License-Identifier: ISC */
/* http_write.c: what a connection writes. A head is a few copies into the transport's room, all or
 * none.
 *
 *     server:  IDLE --request came--> HEAD --respond--> BODY --body_end--> DONE --exchange over-->
 * IDLE IDLE, HEAD --wrong request--> ERROR --drain, or respond--> CLOSED client:  IDLE --request-->
 * BODY --body_end--> DONE --exchange over--> IDLE */
#include "http_impl.h"

enum {
    CONTINUE = 100,
    SWITCHING = 101,
    NO_CONTENT = 204,
    RESET = 205,
    NOT_MODIFIED = 304,
    UPGRADE = 426
};

/* put_* may fail half-way: the caller sets the buffer's length back. */

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len) + 13; */
static bool put_status_line(struct holm_buffer *out, uint16_t status)
{
    if (status == 200)
        return holm_buffer_bytes(out, HOLM_TEXT("HTTP/1.1 200 OK\r\n"));
    return holm_buffer_bytes(out, HOLM_TEXT("HTTP/1.1 ")) && holm_http_number_emit(out, status) &&
           holm_buffer_u8(out, ' ') && holm_buffer_bytes(out, holm_http_status_text(status)) &&
           holm_buffer_bytes(out, HOLM_TEXT("\r\n"));
}

/*@ requires holm_writable(out) && holm_common_away(out, common);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==>
              out->len == \old(out->len) + (common->dated ? HOLM_HTTP_DATE_LEN + 8 : 0); */
static bool put_date(struct holm_buffer *out, const struct holm_http_common *common)
{
    return !common->dated || holm_buffer_bytes(out, HOLM_BLOB(common->date));
}

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len > \old(out->len) + 18; */
static bool put_length(struct holm_buffer *out, uint64_t length)
{
    return holm_buffer_bytes(out, HOLM_TEXT("Content-Length: ")) &&
           holm_http_number_emit(out, length) && holm_buffer_bytes(out, HOLM_TEXT("\r\n"));
}

/*@ requires holm_writable(out) && holm_lines_away(out, fields);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result && fields == \null ==> out->len == \old(out->len);
    ensures \result && fields != \null ==> out->len == \old(out->len) + fields->lines.len; */
static bool put_fields(struct holm_buffer *out, const struct holm_http_fields *fields)
{
    return fields == NULL || holm_buffer_bytes(out, holm_buffer_filled(&fields->lines));
}

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len) + (status == 0 ? 0 : 15); */
static bool put_interim(struct holm_buffer *out, uint16_t status)
{
    return status == 0 ||
           (put_status_line(out, status) && holm_buffer_bytes(out, HOLM_TEXT("\r\n")));
}

/* struct plan is what respond decided before it writes. */
struct plan {
    uint8_t body; /* an enum holm_http_body: how the end is marked, also where no body follows */
    bool headless;
    bool close;
    bool upgrading;
};

/*@ requires holm_writable(out) && holm_machine_away(out, http) && \valid_read(plan);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len);
    ensures \result && plan->close && !plan->upgrading ==> out->len >= \old(out->len) + 19; */
static bool put_connection(struct holm_buffer *out, const struct holm_http_machine *http,
                           const struct plan *plan, uint16_t status)
{
    if (plan->upgrading)
        return http->message.method == HOLM_HTTP_CONNECT ||
               holm_buffer_bytes(out, HOLM_TEXT("Connection: upgrade\r\n"));
    if (status == UPGRADE)
        return holm_buffer_bytes(out, plan->close ? HOLM_TEXT("Connection: close, upgrade\r\n")
                                                  : HOLM_TEXT("Connection: upgrade\r\n"));
    if (plan->close)
        return holm_buffer_bytes(out, HOLM_TEXT("Connection: close\r\n"));
    return http->message.minor == 1 ||
           holm_buffer_bytes(out, HOLM_TEXT("Connection: keep-alive\r\n"));
}

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len);
    ensures \result && body == HOLM_HTTP_BODY_LENGTH ==> out->len > \old(out->len) + 18;
    ensures \result && body == HOLM_HTTP_BODY_CHUNKED ==> out->len == \old(out->len) + 28; */
static bool put_framing(struct holm_buffer *out, uint8_t body, uint64_t length)
{
    if (body == HOLM_HTTP_BODY_LENGTH)
        return put_length(out, length);
    if (body == HOLM_HTTP_BODY_CHUNKED)
        return holm_buffer_bytes(out, HOLM_TEXT("Transfer-Encoding: chunked\r\n"));
    return true;
}

/* response_plan decides framing and persistence. RFC 9112 section 6.3, RFC 9110 section 8.6: no
 * length with 1xx, 204, 2xx to CONNECT. Deviation: none with 304 either, which may have one. */
/*@ requires \valid_read(http) && \valid_read(http->common) && \valid_read(response);
    assigns \nothing;
    ensures \result.body <= HOLM_HTTP_BODY_CLOSE;
    ensures \result.body == HOLM_HTTP_BODY_CLOSE ==> \result.close;
    ensures \result.body == HOLM_HTTP_BODY_CHUNKED ==> http->message.minor == 1;
    ensures \result.upgrading ==> \result.headless && \result.body == HOLM_HTTP_BODY_NONE;
    ensures response->status == 204 || response->status == 304 ==>
              \result.headless && \result.body == HOLM_HTTP_BODY_NONE;
    ensures response->close || http->last || http->stopping || http->ended ==> \result.close;
    ensures http->message.method == HOLM_HTTP_HEAD ==> \result.headless; */
static struct plan response_plan(const struct holm_http_machine *http,
                                 const struct holm_http_response *response)
{
    struct plan plan = { .body = HOLM_HTTP_BODY_LENGTH };
    bool unread = http->message.expects_continue && !http->told_continue && http->in_total == 0 &&
                  http->in != HOLM_HTTP__IN_DONE;
    /* RFC 9112 section 9.6: what ends in written() below is said to end */
    bool much =
        http->in == HOLM_HTTP__IN_LENGTH && http->in_left > http->common->limits.discard_bytes;
    plan.upgrading = response->status == SWITCHING ||
                     (http->message.method == HOLM_HTTP_CONNECT && response->status / 100 == 2);
    plan.close = response->close || http->last || http->stopping || http->ended || unread || much;
    plan.headless = http->message.method == HOLM_HTTP_HEAD || response->status == NO_CONTENT ||
                    response->status == NOT_MODIFIED || plan.upgrading;
    if (response->streamed)
        plan.body = http->message.minor == 1 ? HOLM_HTTP_BODY_CHUNKED : HOLM_HTTP_BODY_CLOSE;
    if (response->status == NO_CONTENT || response->status == NOT_MODIFIED || plan.upgrading)
        plan.body = HOLM_HTTP_BODY_NONE;
    if (plan.body == HOLM_HTTP_BODY_CLOSE)
        plan.close = true;
    return plan;
}

/*@ requires holm_writable(out) && holm_machine_away(out, http) && \valid_read(plan);
    requires \valid_read(response) && \separated(response, out);
    requires \separated(response, out->ptr + (0 .. out->size - 1));
    requires \separated(plan, out) && \separated(plan, out->ptr + (0 .. out->size - 1));
    requires holm_lines_away(out, response->fields) && holm_lines_away(out, response->more);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len) + 15; */
static bool put_response(struct holm_buffer *out, const struct holm_http_machine *http,
                         const struct holm_http_response *response, const struct plan *plan)
{
    return put_interim(out, http->interim) && put_status_line(out, response->status) &&
           put_date(out, http->common) && put_framing(out, plan->body, response->length) &&
           put_connection(out, http, plan, response->status) && put_fields(out, response->fields) &&
           put_fields(out, response->more) && holm_buffer_bytes(out, HOLM_TEXT("\r\n"));
}

/*@ requires \valid_read(http);
    assigns \nothing;
    ensures \result <==> status != 101 ||
              (http->message.upgrade && http->in == HOLM_HTTP__IN_DONE); */
static bool upgrade_allowed(const struct holm_http_machine *http, uint16_t status)
{
    if (status != SWITCHING)
        return true;
    return http->message.upgrade && http->in == HOLM_HTTP__IN_DONE;
}

enum holm_result holm_http_machine_respond(struct holm_http_machine *http, struct holm_buffer *out,
                                           const struct holm_http_response *response)
{
    size_t before = out->len;
    struct plan plan;
    bool owed = http->out == HOLM_HTTP__OUT_HEAD || http->out == HOLM_HTTP__OUT_ERROR;
    if (!owed || response->status > 999 ||
        (response->status < 200 && response->status != SWITCHING) ||
        (response->status == RESET && (response->streamed || response->length > 0)) ||
        !upgrade_allowed(http, response->status))
        return HOLM_ERR_INVALID;
    plan = response_plan(http, response);
    if (http->out == HOLM_HTTP__OUT_ERROR && plan.upgrading)
        return HOLM_ERR_INVALID;
    if (!put_response(out, http, response, &plan)) {
        out->len = before;
        return HOLM_AGAIN;
    }
    http->interim = 0;
    http->last = plan.close;
    http->headless = plan.headless;
    http->upgrading = plan.upgrading;
    http->message.upgrade = plan.upgrading;
    http->out_body = plan.body;
    http->out_left = plan.body == HOLM_HTTP_BODY_LENGTH && !plan.headless ? response->length : 0;
    http->first_chunk = true;
    http->out = HOLM_HTTP__OUT_BODY;
    return HOLM_OK;
}

void holm_http_machine_interim(struct holm_http_machine *http, uint16_t status)
{
    bool wanted = http->message.expects_continue && !http->told_continue && http->in_total == 0;
    if (http->out != HOLM_HTTP__OUT_HEAD || http->message.minor == 0)
        return;
    if (status == CONTINUE && !wanted)
        return;
    if (status == CONTINUE) {
        http->told_continue = true;
        http->since_ns = http->now_ns;
    }
    if (status >= CONTINUE && status < 200 && status != SWITCHING)
        http->interim = status;
}

/* error_drain answers a wrong request that nobody else answered, once its event is taken. */
/*@ requires holm_can_write(http) && holm_writable(out) && holm_machine_away(out, http);
    assigns *http, out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures http->common == \old(http->common);
    ensures \old(http->out) != HOLM_HTTP__OUT_ERROR || \old(http->waiting) != 0 ==>
              \result == HOLM_OK && out->len == \old(out->len) &&
              http->interim == \old(http->interim); */
static enum holm_result error_drain(struct holm_http_machine *http, struct holm_buffer *out)
{
    struct holm_http_response response = { .status = http->error_status, .close = true };
    if (http->out != HOLM_HTTP__OUT_ERROR || http->waiting != 0)
        return HOLM_OK;
    if (holm_http_machine_respond(http, out, &response) != HOLM_OK)
        return HOLM_AGAIN;
    return holm_http_machine_body_end(http, out, NULL);
}

bool holm_http_machine_speaks(const struct holm_http_machine *http)
{
    return http->interim != 0 || http->out == HOLM_HTTP__OUT_ERROR;
}

enum holm_result holm_http_machine_drain(struct holm_http_machine *http, struct holm_buffer *out)
{
    size_t before = out->len;
    if (http->interim != 0) {
        if (!put_interim(out, http->interim)) {
            out->len = before;
            return HOLM_AGAIN;
        }
        http->interim = 0;
    }
    return error_drain(http, out);
}

/*@ requires \valid_read(request) && holm_readable(method);
    requires holm_readable(request->target) && holm_readable(request->host);
    assigns \nothing;
    ensures \result ==> 1 <= method.len <= HOLM_HTTP_METHOD_MAX && request->target.len > 0;
    ensures \result ==> \forall integer k; 0 <= k < method.len ==>
              holm_in_class(&holm_http__token_class, method.ptr[k]);
    ensures \result ==> \forall integer k; 0 <= k < request->target.len ==>
              holm_in_class(&holm_http__target_class, request->target.ptr[k]); */
static bool request_check(const struct holm_http_request *request, struct holm_bytes method)
{
    return method.len > 0 && method.len <= HOLM_HTTP_METHOD_MAX && request->target.len > 0 &&
           holm_http__all_in(method, &holm_http__token_class) &&
           holm_http__all_in(request->target, &holm_http__target_class) &&
           (request->host.len == 0 || holm_http__authority_check(request->host, false)) &&
           !(request->has_body &&
             (request->method == HOLM_HTTP_TRACE || request->method == HOLM_HTTP_CONNECT));
}

/*@ requires holm_writable(out) && holm_away(out, method);
    requires holm_away(out, target) && holm_away(out, host);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==>
              out->len >= \old(out->len) + method.len + target.len + host.len + 20; */
static bool put_request_line(struct holm_buffer *out, struct holm_bytes method,
                             struct holm_bytes target, struct holm_bytes host)
{
    return holm_buffer_bytes(out, method) && holm_buffer_u8(out, ' ') &&
           (!holm_bytes_is(target, 0, '?') || holm_buffer_u8(out, '/')) &&
           holm_buffer_bytes(out, target) &&
           holm_buffer_bytes(out, HOLM_TEXT(" HTTP/1.1\r\nHost: ")) &&
           holm_buffer_bytes(out, host) && holm_buffer_bytes(out, HOLM_TEXT("\r\n"));
}

/*@ requires holm_writable(out) && \valid_read(request) && \separated(request, out);
    requires \separated(request, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len);
    ensures \result && close ==> out->len >= \old(out->len) + 19; */
static bool put_wishes(struct holm_buffer *out, const struct holm_http_request *request, bool close)
{
    /* RFC 9110 section 10.1.1: not where there is nothing to wait with */
    bool expects = request->expects_continue && request->has_body &&
                   (request->streamed || request->length > 0);
    return (!expects || holm_buffer_bytes(out, HOLM_TEXT("Expect: 100-continue\r\n"))) &&
           (!request->upgrade || holm_buffer_bytes(out, HOLM_TEXT("Connection: upgrade\r\n"))) &&
           (!close || holm_buffer_bytes(out, HOLM_TEXT("Connection: close\r\n")));
}

/*@ requires holm_writable(out) && holm_away(out, method);
    requires \valid_read(request) && \separated(request, out);
    requires \separated(request, out->ptr + (0 .. out->size - 1));
    requires holm_away(out, request->target) && holm_away(out, request->host);
    requires holm_lines_away(out, request->fields);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len) + method.len +
                                          \old(request->target.len) + \old(request->host.len) + 22; */
static bool put_request(struct holm_buffer *out, const struct holm_http_request *request,
                        struct holm_bytes method, uint8_t body, bool close)
{
    return put_request_line(out, method, request->target, request->host) &&
           put_framing(out, body, request->has_body ? request->length : 0) &&
           put_wishes(out, request, close) && put_fields(out, request->fields) &&
           holm_buffer_bytes(out, HOLM_TEXT("\r\n"));
}

enum holm_result holm_http_machine_request(struct holm_http_machine *http, struct holm_buffer *out,
                                           const struct holm_http_request *request)
{
    size_t before = out->len;
    struct holm_bytes method = request->method == HOLM_HTTP_OTHER
                                   ? request->method_other
                                   : holm_http_method_text(request->method);
    uint8_t body = HOLM_HTTP_BODY_NONE;
    bool close = false;
    if (http->common->server || !holm_http_machine_is_idle(http))
        return HOLM_ERR_INVALID;
    if (!request_check(request, method))
        return HOLM_ERR_MALFORMED;
    if (request->has_body)
        body = request->streamed ? HOLM_HTTP_BODY_CHUNKED : HOLM_HTTP_BODY_LENGTH;
    else if (request->method == HOLM_HTTP_POST || request->method == HOLM_HTTP_PUT ||
             request->method == HOLM_HTTP_PATCH)
        body = HOLM_HTTP_BODY_LENGTH; /* of 0 bytes, which is said: RFC 9110 section 8.6 */
    close = request->close || http->last || http->stopping ||
            http->requests + 1 >= http->common->limits.requests;
    if (!put_request(out, request, method, body, close)) {
        out->len = before;
        return HOLM_AGAIN;
    }
    http->requests++;
    http->interims = 0;
    http->last = close;
    http->request_method = (uint8_t)request->method;
    http->upgrading = request->upgrade;
    http->headless = false;
    http->out_body = body;
    http->out_left = request->has_body && !request->streamed ? request->length : 0;
    http->first_chunk = true;
    http->since_ns = http->now_ns;
    http->out = HOLM_HTTP__OUT_BODY;
    return HOLM_OK;
}

enum holm_result holm_http_machine_body_open(struct holm_http_machine *http,
                                             struct holm_buffer *out, uint64_t len)
{
    if (http->out != HOLM_HTTP__OUT_BODY || len == 0)
        return HOLM_ERR_INVALID;
    if (http->headless)
        return HOLM_END;
    switch ((enum holm_http_body)http->out_body) {
    case HOLM_HTTP_BODY_NONE:
        return HOLM_ERR_LIMIT;
    case HOLM_HTTP_BODY_LENGTH:
        if (len > http->out_left)
            return HOLM_ERR_LIMIT;
        http->out_left -= len;
        return HOLM_OK;
    case HOLM_HTTP_BODY_CHUNKED:
        if (!holm_http_chunk_emit(out, len, http->first_chunk))
            return HOLM_AGAIN;
        http->first_chunk = false;
        return HOLM_OK;
    case HOLM_HTTP_BODY_CLOSE:
        break;
    }
    return HOLM_OK;
}

enum holm_result holm_http_machine_body_write(struct holm_http_machine *http,
                                              struct holm_buffer *out, struct holm_bytes *in)
{
    size_t room = out->size - out->len;
    size_t framing = http->out_body == HOLM_HTTP_BODY_CHUNKED ? HOLM_HTTP_CHUNK_HEAD_MAX : 0;
    struct holm_bytes part;
    enum holm_result result;
    bool fits;
    if (http->out != HOLM_HTTP__OUT_BODY)
        return HOLM_ERR_INVALID;
    if (http->headless) {
        in->len = 0;
        return HOLM_OK;
    }
    if (in->len == 0)
        return HOLM_OK;
    if (http->out_body == HOLM_HTTP_BODY_NONE ||
        (http->out_body == HOLM_HTTP_BODY_LENGTH && in->len > http->out_left))
        return HOLM_ERR_LIMIT;
    if (room <= framing)
        return HOLM_AGAIN;
    part = holm_http__head_before(*in, room - framing);
    result = holm_http_machine_body_open(http, out, part.len);
    if (result != HOLM_OK)
        return result;
    fits = holm_buffer_bytes(out, part);
    holm_assert(fits);
    *in = holm_http__tail_after(*in, part.len);
    return in->len == 0 ? HOLM_OK : HOLM_AGAIN;
}

/*@ requires holm_writable(out) && holm_machine_away(out, http);
    requires holm_lines_away(out, trailers);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len) + 5; */
static bool put_last_chunk(struct holm_buffer *out, const struct holm_http_machine *http,
                           const struct holm_http_fields *trailers)
{
    return (http->first_chunk || holm_buffer_bytes(out, HOLM_TEXT("\r\n"))) &&
           holm_buffer_bytes(out, HOLM_TEXT("0\r\n")) && put_fields(out, trailers) &&
           holm_buffer_bytes(out, HOLM_TEXT("\r\n"));
}

/* written ends a server's response: what is left of the request is passed over, or, if that might
 * be much or the client may not send it at all, the connection ends. */
/*@ requires holm_can_write(http);
    assigns *http;
    ensures http->common == \old(http->common);
    ensures \old(http->in) == HOLM_HTTP__IN_ERROR ==> http->out == HOLM_HTTP__OUT_CLOSED; */
static void written(struct holm_http_machine *http)
{
    bool withheld = http->message.expects_continue && !http->told_continue && http->in_total == 0;
    if (http->in == HOLM_HTTP__IN_ERROR) {
        http->out = HOLM_HTTP__OUT_CLOSED;
        holm_http__wait(http, HOLM_HTTP_EVENT_CLOSED);
        return;
    }
    http->waiting = 0;
    if (http->in != HOLM_HTTP__IN_DONE &&
        (http->last || withheld || http->in_left > http->common->limits.discard_bytes)) {
        holm_http__close(http);
        return;
    }
    http->discard = http->in != HOLM_HTTP__IN_DONE;
    holm_http__exchange_check(http);
}

enum holm_result holm_http_machine_body_end(struct holm_http_machine *http, struct holm_buffer *out,
                                            const struct holm_http_fields *trailers)
{
    size_t before = out->len;
    if (http->out != HOLM_HTTP__OUT_BODY)
        return HOLM_ERR_INVALID;
    if (http->out_left > 0) {
        if (http->in == HOLM_HTTP__IN_ERROR)
            http->in = HOLM_HTTP__IN_CLOSED;
        holm_http__close(http);
        return HOLM_ERR_TRUNCATED;
    }
    if (http->out_body == HOLM_HTTP_BODY_CHUNKED && !http->headless &&
        !put_last_chunk(out, http, trailers)) {
        out->len = before;
        return HOLM_AGAIN;
    }
    http->out = HOLM_HTTP__OUT_DONE;
    if (http->common->server)
        written(http);
    else
        holm_http__exchange_check(http);
    return HOLM_OK;
}
