/* SPDX-License-Identifier: ISC */
/* A call on its connection: sends, waits for the response, follows redirects, reads. */
#include "http_client_impl.h"

#define ROOM_MIN 4096

static uint64_t now(const struct holm_http_call *call)
{
    return holm_run_now_ns(call->client->image->run);
}

static void step_begin(struct holm_http_call *call)
{
    call->deadline_ns = now(call) + call->ask.wait_ns;
}

static enum holm_result room(struct holm_http_call *call, struct holm_buffer *out, size_t min)
{
    enum holm_result result = holm_flow_room(call->flow, out, min);

    while (result == HOLM_AGAIN) {
        result = holm_task_wait(call->deadline_ns);
        if (result == HOLM_OK)
            result = holm_flow_room(call->flow, out, min);
    }
    return result == HOLM_END ? HOLM_ERR_RESET : result;
}

static void give(struct holm_http_call *call, const struct holm_buffer *out)
{
    if (out->len > 0)
        holm_flow_give(call->flow, out);
}

static enum holm_result body_end(struct holm_http_call *call)
{
    struct holm_buffer out;
    enum holm_result result;

    do {
        result = room(call, &out, HOLM_HTTP_CHUNK_HEAD_MAX);
        if (result != HOLM_OK)
            return result;
        result = holm_http_machine_body_end(&call->http, &out, NULL);
        give(call, &out);
    } while (result == HOLM_AGAIN);
    return result;
}

enum holm_result holm_http__call_send(struct holm_http_call *call)
{
    struct holm_http_request request = { .method = call->ask.method,
                                         .host = call->url.host,
                                         .target = call->url.target,
                                         .has_body = call->ask.has_body,
                                         .streamed = call->ask.streamed,
                                         .length = call->ask.length,
                                         .fields = call->foreign ? NULL : call->ask.fields };
    struct holm_buffer out;
    enum holm_result result;

    step_begin(call);
    call->answered = false;
    call->whole = false;
    if (request.target.len == 0)
        request.target = HOLM_TEXT("/");
    result = call->flow == NULL ? holm_http__call_connect(call) : HOLM_OK;
    if (result != HOLM_OK)
        return result;
    holm_http_machine_init(&call->http, &call->client->common, now(call));
    result = room(call, &out, 2 * HOLM_HTTP_URL_MAX + ROOM_MIN);
    if (result != HOLM_OK)
        return result;
    result = holm_http_machine_request(&call->http, &out, &request);
    if (result != HOLM_OK)
        return result == HOLM_AGAIN ? HOLM_ERR_LIMIT : result;
    give(call, &out);
    return HOLM_OK;
}

enum holm_result holm_http_call_write(struct holm_http_call *call, struct holm_bytes bytes)
{
    struct holm_buffer out;
    enum holm_result result = HOLM_OK;

    step_begin(call);
    while (bytes.len > 0) {
        result = room(call, &out, 2 * HOLM_HTTP_CHUNK_HEAD_MAX);
        if (result != HOLM_OK)
            return result;
        result = holm_http_machine_body_write(&call->http, &out, &bytes);
        give(call, &out);
        if (result < 0)
            return result;
    }
    return HOLM_OK;
}

/* Feeds the machine, or waits for more. */
static enum holm_result fetch(struct holm_http_call *call)
{
    struct holm_span in = { 0 };
    enum holm_result result, fed;
    size_t size;

    if (call->consumed > 0)
        holm_flow_take(call->flow, call->consumed);
    call->consumed = 0;
    result = holm_flow_peek(call->flow, &in, holm_http_machine_need(&call->http));
    if (result < 0)
        return result;
    if (result == HOLM_AGAIN)
        return holm_task_wait(call->deadline_ns);
    size = in.len;
    fed = in.len > 0 ? holm_http_machine_feed(&call->http, &call->head, &in) : HOLM_AGAIN;
    call->consumed = size - in.len;
    if (fed == HOLM_END)
        return HOLM_ERR_RESET;
    if (result == HOLM_END && call->consumed == 0 && fed == HOLM_AGAIN)
        return holm_http_machine_end(&call->http) < 0 ? HOLM_ERR_TRUNCATED : HOLM_OK;
    return HOLM_OK;
}

/* The next event, HOLM_OK; or an error. */
static enum holm_result event_await(struct holm_http_call *call, struct holm_http_event *event)
{
    enum holm_result result;

    for (;;) {
        if (holm_http_machine_next(&call->http, event) == HOLM_OK) {
            if (event->kind == HOLM_HTTP_EVENT_ERROR)
                return event->result;
            return event->kind == HOLM_HTTP_EVENT_CLOSED ? HOLM_ERR_RESET : HOLM_OK;
        }
        result = fetch(call);
        if (result != HOLM_OK)
            return result;
    }
}

static enum holm_result head_await(struct holm_http_call *call)
{
    struct holm_http_event event;
    struct holm_buffer copy = HOLM_BUFFER(call->bytes);
    enum holm_result result;

    do {
        result = event_await(call, &event);
        if (result != HOLM_OK)
            return result;
    } while (event.kind != HOLM_HTTP_EVENT_HEAD);
    if (!holm_buffer_bytes(&copy, event.data))
        return HOLM_ERR_LIMIT;
    call->head_bytes = holm_buffer_filled(&copy);
    call->answered = true;
    return HOLM_OK;
}

static bool is_redirect(const struct holm_http_call *call)
{
    uint16_t status = call->head.status;

    return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
           !call->ask.has_body && call->ask.redirects > 0 &&
           holm_http_head_has(&call->head, HOLM_HTTP_FIELD_LOCATION);
}

/* Reads what is left of a response that nobody wants, so that its connection can be kept. */
static enum holm_result rest_read(struct holm_http_call *call)
{
    struct holm_bytes piece;
    enum holm_result result = HOLM_OK;
    size_t left = 65536;

    while (result == HOLM_OK) {
        result = holm_http_call_read(call, &piece);
        if (result == HOLM_OK && piece.len > left)
            return HOLM_AGAIN;
        left -= result == HOLM_OK ? piece.len : 0;
    }
    return result;
}

/* Makes the call one to the URL in next_bytes; the connection stays if it leads to the same place
 * and nothing of the old response is left in it. */
static enum holm_result turn_to(struct holm_http_call *call, struct holm_bytes next)
{
    struct holm_buffer url = HOLM_BUFFER(call->url_bytes);
    struct holm_http_url parsed;
    enum holm_result result = holm_http_url_parse(&parsed, next);
    bool is_same = result == HOLM_OK && holm_bytes_equal(parsed.host, call->url.host);

    if (result != HOLM_OK)
        return result;
    if (call->consumed > 0)
        holm_flow_take(call->flow, call->consumed);
    call->consumed = 0;
    if (!is_same || !call->whole || !holm_http_machine_is_idle(&call->http))
        holm_http__call_drop(call);
    call->foreign = call->foreign || !is_same;
    if (!holm_buffer_bytes(&url, next))
        return HOLM_ERR_LIMIT;
    call->url_len = (uint16_t)url.len;
    return holm_http_url_parse(&call->url, holm_buffer_filled(&url));
}

static enum holm_result redirect(struct holm_http_call *call)
{
    struct holm_buffer next = HOLM_BUFFER(call->next_bytes);
    struct holm_bytes location;
    enum holm_result result;

    if (call->redirects >= call->ask.redirects)
        return HOLM_ERR_LIMIT;
    call->redirects += 1;
    (void)holm_http_call_field(call, HOLM_HTTP_FIELD_LOCATION, &location);
    result = holm_http_url_join(&next, &call->url, location);
    if (result != HOLM_OK)
        return result;
    if (call->head.status == 303 && call->ask.method != HOLM_HTTP_HEAD)
        call->ask.method = HOLM_HTTP_GET;
    (void)!rest_read(call); /* if it was not read to its end, the connection is dropped */
    result = turn_to(call, holm_buffer_filled(&next));
    return result == HOLM_OK ? holm_http__call_send(call) : result;
}

/* A kept connection may have been closed by the server just when the request went out: once more, on
 * a new one, if there was no body (RFC 9112 section 9.3.1). */
static bool may_repeat(const struct holm_http_call *call, enum holm_result result)
{
    return call->reused && !call->ask.has_body && !call->answered &&
           (result == HOLM_ERR_RESET || result == HOLM_ERR_TRUNCATED);
}

enum holm_result holm_http_call_response(struct holm_http_call *call, uint16_t *status)
{
    enum holm_result result;

    for (;;) {
        step_begin(call);
        result = body_end(call);
        if (result == HOLM_OK)
            result = head_await(call);
        if (may_repeat(call, result)) {
            holm_http__call_drop(call);
            result = holm_http__call_send(call);
            if (result == HOLM_OK)
                continue;
        }
        if (result != HOLM_OK)
            return result;
        if (!is_redirect(call))
            break;
        result = redirect(call);
        if (result != HOLM_OK)
            return result;
    }
    *status = call->head.status;
    return HOLM_OK;
}

enum holm_result holm_http_call_read(struct holm_http_call *call, struct holm_bytes *piece)
{
    struct holm_http_event event;
    enum holm_result result;

    if (call->whole)
        return HOLM_END;
    step_begin(call);
    do {
        result = event_await(call, &event);
        if (result != HOLM_OK)
            return result;
        if (event.kind == HOLM_HTTP_EVENT_MESSAGE_END) {
            call->whole = true;
            return HOLM_END;
        }
    } while (event.kind != HOLM_HTTP_EVENT_BODY);
    *piece = event.data;
    return HOLM_OK;
}
