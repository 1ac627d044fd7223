/* SPDX-License-Identifier: ISC */
/* A call on its connection: sends, waits for the response, follows redirects, reads. */
#include "http_client_impl.h"

#include <holm/class.h>

#define ROOM_MIN 4096

static uint64_t now(const struct holm_http_call *call)
{
    return holm_run_now_ns(call->client->image->run);
}

static void step_begin(struct holm_http_call *call)
{
    call->deadline_ns = now(call) + call->ask.wait_ns;
    if (call->deadline_ns > call->end_ns)
        call->deadline_ns = call->end_ns;
}

static enum holm_result room(struct holm_http_call *call, struct holm_buffer *out, size_t min)
{
    enum holm_result result = HOLM_ERR_RESET; /* a call that failed may have no connection */

    if (call->flow != NULL)
        result = holm_flow_room(call->flow, out, min);
    while (result == HOLM_AGAIN) {
        result = holm_task_wait(call->deadline_ns);
        if (result == HOLM_OK)
            result = holm_flow_room(call->flow, out, min);
    }
    return result == HOLM_END ? HOLM_ERR_RESET : result;
}

static void give(struct holm_http_call *call, const struct holm_buffer *out)
{
    holm_flow_give(call->flow, out); /* also if nothing was filled: the room goes back */
}

static enum holm_result body_end(struct holm_http_call *call)
{
    struct holm_buffer out;
    enum holm_result result = room(call, &out, ROOM_MIN);

    if (result != HOLM_OK)
        return result;
    result = holm_http_machine_body_end(&call->http, &out, call->ask.trailers);
    give(call, &out);
    return result == HOLM_AGAIN ? HOLM_ERR_LIMIT : result;
}

/* Whether a field is about the body of the request. */
static bool is_of_body(struct holm_bytes name)
{
    struct holm_bytes start = { 0 };

    if (holm_bytes_part(name, 0, 8, &start) && holm_http_text_is(start, HOLM_TEXT("content-")))
        return true;
    return holm_http_text_is(name, HOLM_TEXT("digest")) ||
           holm_http_text_is(name, HOLM_TEXT("last-modified"));
}

/* Sets *fields to those of the ask that are sent (RFC 9110 section 15.4), and to who asks if none of them
 * says so (section 10.1.5); in the memory of the response that led here. */
static enum holm_result fields_choose(struct holm_http_call *call, struct holm_http_fields *fields)
{
    struct holm_bytes lines = { 0 }, name, value;
    bool has_agent = false;
    enum holm_result result = HOLM_OK;

    call->head_bytes = HOLM_TEXT("");
    holm_http_fields_init(fields, (struct holm_span){ call->bytes, sizeof call->bytes });
    if (call->ask.fields != NULL)
        lines = holm_buffer_filled(&call->ask.fields->lines);
    while (result == HOLM_OK && holm_http_line_next(&lines, &name, &value)) {
        bool is_agent = holm_http_text_is(name, HOLM_TEXT("user-agent"));
        has_agent = has_agent || is_agent;
        if (is_agent || !(call->foreign || (call->bodiless && is_of_body(name))))
            result = holm_http_fields_add(fields, name, value);
    }
    if (result == HOLM_OK && !has_agent)
        result = holm_http_fields_add(fields, HOLM_TEXT("User-Agent"),
                                      HOLM_TEXT("holm/" HOLM_HTTP__VERSION));
    return result;
}

static enum holm_result head_send(struct holm_http_call *call)
{
    struct holm_http_request request = { .method = call->ask.method,
                                         .host = call->url.host,
                                         .target = call->url.target,
                                         .has_body = call->ask.has_body,
                                         .streamed = call->ask.streamed,
                                         .length = call->ask.length };
    struct holm_http_fields fields;
    struct holm_buffer out;
    enum holm_result result = fields_choose(call, &fields);

    request.fields = &fields;
    if (result == HOLM_OK)
        result = room(call, &out, 2 * HOLM_HTTP_URL_MAX + ROOM_MIN);
    if (result != HOLM_OK)
        return result;
    if (request.target.len == 0)
        request.target = HOLM_TEXT("/");
    holm_http_machine_init(&call->http, &call->client->common, now(call));
    result = holm_http_machine_request(&call->http, &out, &request);
    give(call, &out);
    return result == HOLM_AGAIN ? HOLM_ERR_LIMIT : result;
}

enum holm_result holm_http__call_send(struct holm_http_call *call)
{
    enum holm_result result;

    step_begin(call);
    call->answered = false;
    call->whole = false;
    call->trailers = HOLM_TEXT("");
    do {
        result = holm_http__call_connect(call);
        if (result != HOLM_OK)
            return result;
        result = head_send(call);
        if (result == HOLM_ERR_RESET)
            holm_http__call_drop(call);
    } while (result == HOLM_ERR_RESET && call->reused); /* it was broken: nothing was sent on it */
    return result;
}

/* Feeds the machine. HOLM_AGAIN: nothing has come. */
static enum holm_result fetch(struct holm_http_call *call)
{
    struct holm_span in = { 0 };
    enum holm_result result, fed;
    size_t size;

    if (call->flow == NULL) /* it failed before */
        return HOLM_ERR_RESET;
    holm_http__call_settle(call);
    result = holm_flow_peek(call->flow, &in, holm_http_machine_need(&call->http));
    if (result < 0 || result == HOLM_AGAIN)
        return result;
    size = in.len;
    fed = in.len > 0 ? holm_http_machine_feed(&call->http, &call->head, &in) : HOLM_AGAIN;
    call->consumed = size - in.len;
    if (fed == HOLM_END)
        return HOLM_ERR_RESET;
    if (result == HOLM_END && call->consumed == 0 && fed == HOLM_AGAIN)
        return holm_http_machine_end(&call->http) < 0 ? HOLM_ERR_TRUNCATED : HOLM_OK;
    return HOLM_OK;
}

/* The next event, HOLM_OK; an error; HOLM_AGAIN: there is none yet. Behind an error or the end there is none
 * to wait for: so the connection goes with it. */
static enum holm_result event_next(struct holm_http_call *call, struct holm_http_event *event)
{
    enum holm_result result = HOLM_OK;

    while (result == HOLM_OK) {
        if (holm_http_machine_next(&call->http, event) != HOLM_OK) {
            result = fetch(call);
            continue;
        }
        if (event->kind != HOLM_HTTP_EVENT_ERROR && event->kind != HOLM_HTTP_EVENT_CLOSED)
            return HOLM_OK;
        holm_http__call_drop(call);
        return event->kind == HOLM_HTTP_EVENT_ERROR ? event->result : HOLM_ERR_RESET;
    }
    return result;
}

static enum holm_result event_await(struct holm_http_call *call, struct holm_http_event *event)
{
    enum holm_result result = event_next(call, event);

    while (result == HOLM_AGAIN) {
        result = holm_task_wait(call->deadline_ns);
        if (result == HOLM_OK)
            result = event_next(call, event);
    }
    return result;
}

/* Looks for the head of the response, HOLM_OK; HOLM_AGAIN: it has not come. */
static enum holm_result head_next(struct holm_http_call *call)
{
    struct holm_buffer copy = HOLM_BUFFER(call->bytes);
    struct holm_http_event event;
    enum holm_result result;

    do {
        result = event_next(call, &event);
        if (result != HOLM_OK)
            return result;
    } while (event.kind != HOLM_HTTP_EVENT_HEAD);
    if (!holm_buffer_bytes(&copy, event.data))
        return HOLM_ERR_LIMIT;
    call->head_bytes = holm_buffer_filled(&copy);
    call->answered = true;
    return HOLM_OK;
}

static enum holm_result head_await(struct holm_http_call *call)
{
    enum holm_result result = head_next(call);

    while (result == HOLM_AGAIN) {
        result = holm_task_wait(call->deadline_ns);
        if (result == HOLM_OK)
            result = head_next(call);
    }
    return result;
}

/* One try to send of *bytes. HOLM_AGAIN: there is no room. */
static enum holm_result piece_write(struct holm_http_call *call, struct holm_bytes *bytes)
{
    struct holm_buffer out;
    enum holm_result result = call->answered ? HOLM_OK : head_next(call);

    if (result != HOLM_AGAIN)
        return result == HOLM_OK ? HOLM_END : result;
    result = holm_flow_room(call->flow, &out, 2 * HOLM_HTTP_CHUNK_HEAD_MAX);
    if (result != HOLM_OK)
        return result == HOLM_END ? HOLM_ERR_RESET : result;
    result = holm_http_machine_body_write(&call->http, &out, bytes);
    give(call, &out);
    return result < 0 ? result : HOLM_OK;
}

enum holm_result holm_http_call_write(struct holm_http_call *call, struct holm_bytes bytes)
{
    enum holm_result result = HOLM_OK;

    step_begin(call);
    while (bytes.len > 0 && result == HOLM_OK) {
        result = piece_write(call, &bytes);
        if (result == HOLM_AGAIN)
            result = holm_task_wait(call->deadline_ns);
    }
    return result;
}

/* A redirect that is followed, and by which method. One whose body would have to be sent again is
 * not. */
static bool redirect_follows(const struct holm_http_call *call, enum holm_http_method *method)
{
    uint16_t status = call->head.status;
    bool to_get = (status == 303 && call->ask.method != HOLM_HTTP_HEAD) ||
                  ((status == 301 || status == 302) && call->ask.method == HOLM_HTTP_POST);

    *method = to_get ? HOLM_HTTP_GET : call->ask.method;
    return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
           (to_get || !call->ask.has_body) && call->ask.redirects > 0 &&
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

/* Makes the call one to the URL in next; the connection stays if it leads there and nothing of the
 * old response is left in it. */
static enum holm_result turn_to(struct holm_http_call *call, struct holm_bytes next)
{
    struct holm_buffer url = HOLM_BUFFER(call->url_bytes);
    struct holm_http_url parsed;
    enum holm_result result = holm_http_url_parse(&parsed, next);

    if (result != HOLM_OK)
        return result;
    holm_http__call_settle(call);
    if (!call->whole || !holm_http_machine_is_idle(&call->http) ||
        !holm_http__call_leads(call, &parsed))
        holm_http__call_drop(call);
    call->foreign = call->foreign || !holm_bytes_equal(parsed.host, call->url.host);
    if (!holm_buffer_bytes(&url, next))
        return HOLM_ERR_LIMIT;
    call->url_len = (uint16_t)url.len;
    return holm_http_url_parse(&call->url, holm_buffer_filled(&url));
}

/* A URL without a fragment has that of the one that led to it (RFC 9110 section 10.2.2). */
static enum holm_result fragment_keep(struct holm_buffer *next, struct holm_bytes url)
{
    struct holm_bytes whole = holm_buffer_filled(next), fragment = { 0 };

    if (holm_bytes_find(whole, 0, '#') < whole.len ||
        !holm_bytes_from(url, holm_bytes_find(url, 0, '#'), &fragment))
        return HOLM_OK;
    return holm_buffer_bytes(next, fragment) ? HOLM_OK : HOLM_ERR_LIMIT;
}

static enum holm_result redirect(struct holm_http_call *call, enum holm_http_method method)
{
    struct holm_buffer next = HOLM_BUFFER(call->next_bytes);
    struct holm_bytes location;
    enum holm_result result;

    if (call->redirects >= call->ask.redirects)
        return HOLM_ERR_LIMIT;
    call->redirects += 1;
    (void)holm_http_call_field(call, HOLM_HTTP_FIELD_LOCATION, &location);
    result = holm_http_url_join(&next, &call->url, location);
    if (result == HOLM_OK)
        result = fragment_keep(&next, holm_http_call_url(call));
    if (result != HOLM_OK)
        return result;
    if (method != call->ask.method) {
        call->ask.has_body = false;
        call->bodiless = true;
    }
    call->ask.method = method;
    (void)!rest_read(call); /* if it was not read to its end, the connection is dropped */
    result = turn_to(call, holm_buffer_filled(&next));
    return result == HOLM_OK ? holm_http__call_send(call) : result;
}

/* A kept connection may have been closed by the server just when the request went out. */
static bool may_repeat(const struct holm_http_call *call, enum holm_result result)
{
    enum holm_http_method method = call->ask.method;
    bool is_safe = method != HOLM_HTTP_POST && method != HOLM_HTTP_PATCH &&
                   method != HOLM_HTTP_CONNECT && !call->ask.has_body;

    return call->reused && is_safe && !call->answered &&
           (result == HOLM_ERR_RESET || result == HOLM_ERR_TRUNCATED);
}

/* Ends the body, if the server has not answered before, and waits for the head. */
static enum holm_result answer_await(struct holm_http_call *call)
{
    enum holm_result result;

    step_begin(call);
    if (call->answered)
        return HOLM_OK;
    for (;;) {
        result = body_end(call);
        if (result == HOLM_OK)
            result = head_await(call);
        if (!may_repeat(call, result))
            return result;
        holm_http__call_drop(call);
        call->repeats = true;
        result = holm_http__call_send(call);
        if (result != HOLM_OK)
            return result;
    }
}

enum holm_result holm_http_call_response(struct holm_http_call *call, uint16_t *status)
{
    enum holm_http_method method;
    enum holm_result result = answer_await(call);

    while (result == HOLM_OK && redirect_follows(call, &method)) {
        result = redirect(call, method);
        if (result == HOLM_OK)
            result = answer_await(call);
    }
    *status = result == HOLM_OK ? call->head.status : 0;
    return result;
}

/* The trailers are kept behind the head. */
static enum holm_result trailers_keep(struct holm_http_call *call, struct holm_bytes lines)
{
    struct holm_buffer kept = HOLM_BUFFER(call->bytes);
    size_t head_len = call->head_bytes.len;

    kept.len = head_len;
    if (!holm_buffer_bytes(&kept, lines))
        return HOLM_ERR_LIMIT;
    (void)!holm_bytes_from(holm_buffer_filled(&kept), head_len, &call->trailers);
    return HOLM_OK;
}

enum holm_result holm_http_call_read(struct holm_http_call *call, struct holm_bytes *piece)
{
    struct holm_http_event event;
    enum holm_result result = HOLM_OK;

    step_begin(call);
    while (!call->whole && result == HOLM_OK) {
        result = event_await(call, &event);
        if (result != HOLM_OK)
            return result;
        if (event.kind == HOLM_HTTP_EVENT_BODY) {
            *piece = event.data;
            return HOLM_OK;
        }
        if (event.kind == HOLM_HTTP_EVENT_TRAILERS)
            result = trailers_keep(call, event.data);
        call->whole = event.kind == HOLM_HTTP_EVENT_MESSAGE_END;
    }
    return result == HOLM_OK ? HOLM_END : result;
}
