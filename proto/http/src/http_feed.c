/* SPDX-License-Identifier: ISC */
/* http_feed.c: what a connection reads; states and invariants stand in http_machine.c. */
#include "http_impl.h"

/* read_done ends the message that is read. */
static void read_done(struct holm_http_machine *http)
{
    http->in = HOLM_HTTP__IN_DONE;
    http->held = 0;
    if (!http->discard)
        holm_http__wait(http, HOLM_HTTP_EVENT_MESSAGE_END);
    else
        holm_http__exchange_check(http);
}

/* advance consumes len bytes of *in into the view that the next event shows. */
static void advance(struct holm_http_machine *http, struct holm_span *in, size_t len)
{
    struct holm_span part = { 0 };
    holm_assert(len <= in->len);
    (void)holm_span_part(*in, 0, len, &part);
    (void)holm_span_part(*in, len, in->len - len, in);
    http->view = holm_span_bytes(part);
}

/* body_begin sets what is read behind a head. */
static void body_begin(struct holm_http_machine *http)
{
    http->in_left = http->message.length;
    http->in_total = 0;
    http->discarded = 0;
    http->discard = false;
    http->since_ns = http->now_ns;
    http->window_bytes = 0;
    http->chunks.left = 0;
    http->chunks.line = http->chunks.extensions = 0;
    http->chunks.state = 0;
    switch ((enum holm_http_body)http->message.body) {
    case HOLM_HTTP_BODY_NONE:
        read_done(http);
        break;
    case HOLM_HTTP_BODY_LENGTH:
        http->in = HOLM_HTTP__IN_LENGTH;
        break;
    case HOLM_HTTP_BODY_CHUNKED:
        http->in = HOLM_HTTP__IN_CHUNKS;
        break;
    case HOLM_HTTP_BODY_CLOSE:
        http->in = HOLM_HTTP__IN_UNTIL_END;
        break;
    }
}

static enum holm_result request_begin(struct holm_http_machine *http, struct holm_http_head *head,
                                      struct holm_bytes msg)
{
    const struct holm_http_limits *limits = &http->common->limits;
    enum holm_result result = holm_http_message_parse(&http->message, head, msg);
    if (head->target.len > limits->target_bytes)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__TARGET_TOO_LONG);
    if (head->field_count > limits->field_count)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__FIELDS_TOO_LARGE);
    if (result != HOLM_OK)
        return holm_http__fail(http, result, http->message.status);
    if (http->message.length > limits->body_bytes)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__TOO_LARGE);
    if (http->requests < limits->requests)
        http->requests++;
    http->last = http->last || !http->message.persistent || http->requests >= limits->requests;
    http->out = HOLM_HTTP__OUT_HEAD;
    http->told_continue = false;
    holm_http__wait(http, HOLM_HTTP_EVENT_HEAD);
    body_begin(http);
    return HOLM_OK;
}

static enum holm_result response_begin(struct holm_http_machine *http, struct holm_http_head *head,
                                       struct holm_bytes msg)
{
    const struct holm_http_limits *limits = &http->common->limits;
    enum holm_result result = holm_http_message_parse_response(
        &http->message, head, msg, (enum holm_http_method)http->request_method);
    if (result != HOLM_OK)
        return holm_http__fail(http, result, 0);
    if (head->field_count > limits->field_count || http->message.length > limits->body_bytes)
        return holm_http__fail(http, HOLM_ERR_LIMIT, 0);
    /* RFC 9110 section 7.8: a server must not change to a protocol that was not offered. */
    if (head->status == 101 && !(http->message.upgrade && http->upgrading))
        return holm_http__fail(http, HOLM_ERR_MALFORMED, 0);
    if (http->message.upgrade) {
        holm_http__wait(http, HOLM_HTTP_EVENT_HEAD);
        holm_http__wait(http, HOLM_HTTP_EVENT_UPGRADE);
        http->in = HOLM_HTTP__IN_UPGRADED;
        http->out = HOLM_HTTP__OUT_CLOSED;
        return HOLM_OK;
    }
    if (head->status < 200) {
        if (++http->interims > HOLM_HTTP_INTERIM_MAX)
            return holm_http__fail(http, HOLM_ERR_LIMIT, 0);
        http->since_ns = http->now_ns;
        holm_http__wait(http, HOLM_HTTP_EVENT_INTERIM);
        return HOLM_OK;
    }
    http->last = http->last || !http->message.persistent;
    holm_http__wait(http, HOLM_HTTP_EVENT_HEAD);
    body_begin(http);
    return HOLM_OK;
}

static enum holm_result feed_head(struct holm_http_machine *http, struct holm_http_head *head,
                                  struct holm_span *in)
{
    bool server = http->common->server;
    struct holm_bytes msg =
        holm_http__head_before(holm_span_bytes(*in), http->common->limits.head_bytes);
    enum holm_result result;
    if (in->len == 0)
        return HOLM_AGAIN;
    if (!server && http->out == HOLM_HTTP__OUT_IDLE) /* an answer that nobody asked for */
        return holm_http__fail(http, HOLM_ERR_MALFORMED, 0);
    if (http->held == 0) {
        holm_http_head_init(head);
        http->message = (struct holm_http_message){ .minor = 1 };
        http->since_ns = http->now_ns;
    }
    result = server ? holm_http_head_parse(head, msg) : holm_http_head_parse_response(head, msg);
    if (result == HOLM_AGAIN && msg.len == http->common->limits.head_bytes)
        return holm_http__fail(http, HOLM_ERR_LIMIT,
                               head->line_at == 0 ? HOLM_HTTP__TARGET_TOO_LONG
                                                  : HOLM_HTTP__FIELDS_TOO_LARGE);
    if (result == HOLM_AGAIN) {
        http->held = msg.len;
        return HOLM_AGAIN;
    }
    if (result != HOLM_OK)
        return holm_http__fail(http, result, head->refusal);
    http->held = 0;
    advance(http, in, head->len);
    holm_http_head_index(head, http->view);
    return server ? request_begin(http, head, http->view) : response_begin(http, head, http->view);
}

/* more answers a sum that stops at its largest value: two to the 64 bytes come to nobody. */
static uint64_t more(uint64_t sum, uint64_t len)
{
    return len > UINT64_MAX - sum ? UINT64_MAX : sum + len;
}

/* body_came accounts for bytes of the body in view, and shows them unless they are not wanted. */
static enum holm_result body_came(struct holm_http_machine *http)
{
    size_t len = http->view.len;
    if (len > http->common->limits.body_bytes - http->in_total)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__TOO_LARGE);
    http->in_total += len;
    http->window_bytes = more(http->window_bytes, len);
    if (!http->discard) {
        holm_http__wait(http, HOLM_HTTP_EVENT_BODY);
        return HOLM_OK;
    }
    http->discarded = more(http->discarded, len);
    if (http->discarded > http->common->limits.discard_bytes)
        holm_http__close(http);
    return HOLM_OK;
}

static enum holm_result feed_length(struct holm_http_machine *http, struct holm_span *in)
{
    size_t len = in->len;
    enum holm_result result;
    if (len == 0)
        return HOLM_AGAIN;
    if (len > http->in_left)
        len = (size_t)http->in_left;
    advance(http, in, len);
    http->in_left -= len;
    result = body_came(http);
    if (result == HOLM_OK && http->in_left == 0 && http->in == HOLM_HTTP__IN_LENGTH)
        read_done(http);
    return result;
}

static enum holm_result feed_chunks(struct holm_http_machine *http, struct holm_span *in)
{
    struct holm_span piece = { 0 };
    size_t before = in->len, framing;
    enum holm_result result = holm_http_chunks_feed(&http->chunks, in, &piece);
    if (result < 0)
        return holm_http__fail(http, result, HOLM_HTTP__BAD_REQUEST);
    framing = before - in->len - piece.len;
    http->window_bytes = more(http->window_bytes, framing);
    if (http->discard)
        http->discarded = more(http->discarded, framing);
    if (result == HOLM_END) {
        http->in = HOLM_HTTP__IN_TRAILERS;
        return HOLM_OK;
    }
    if (result != HOLM_OK)
        return result;
    http->view = holm_span_bytes(piece);
    return body_came(http);
}

static enum holm_result feed_trailers(struct holm_http_machine *http, struct holm_span *in)
{
    size_t len = 0;
    enum holm_result result =
        holm_http_trailers_parse(&len, holm_span_bytes(*in), http->common->limits.trailer_bytes);
    if (result == HOLM_AGAIN) {
        http->held = in->len;
        return HOLM_AGAIN;
    }
    if (result != HOLM_OK)
        return holm_http__fail(http, result,
                               result == HOLM_ERR_LIMIT ? HOLM_HTTP__FIELDS_TOO_LARGE
                                                        : HOLM_HTTP__BAD_REQUEST);
    advance(http, in, len);
    if (len > 2 && !http->discard) {
        http->view = holm_http__head_before(http->view, len - 2);
        holm_http__wait(http, HOLM_HTTP_EVENT_TRAILERS);
    }
    read_done(http);
    return HOLM_OK;
}

static enum holm_result feed_until_end(struct holm_http_machine *http, struct holm_span *in)
{
    if (in->len == 0)
        return HOLM_AGAIN;
    advance(http, in, in->len);
    return body_came(http);
}

static enum holm_result feed_step(struct holm_http_machine *http, struct holm_http_head *head,
                                  struct holm_span *in)
{
    switch ((enum holm_http__in)http->in) {
    case HOLM_HTTP__IN_HEAD:
        return feed_head(http, head, in);
    case HOLM_HTTP__IN_LENGTH:
        return feed_length(http, in);
    case HOLM_HTTP__IN_CHUNKS:
        return feed_chunks(http, in);
    case HOLM_HTTP__IN_TRAILERS:
        return feed_trailers(http, in);
    case HOLM_HTTP__IN_UNTIL_END:
        return feed_until_end(http, in);
    case HOLM_HTTP__IN_DONE:
        return HOLM_AGAIN;
    case HOLM_HTTP__IN_CLOSED:
    case HOLM_HTTP__IN_UPGRADED:
        return HOLM_END;
    case HOLM_HTTP__IN_ERROR:
        break;
    }
    return (enum holm_result)http->error;
}

enum holm_result holm_http_machine_feed(struct holm_http_machine *http, struct holm_http_head *head,
                                        struct holm_span *in)
{
    enum holm_result result = HOLM_OK;
    if (http->waiting != 0 && http->in < HOLM_HTTP__IN_CLOSED)
        return HOLM_AGAIN; /* (1) */
    /* Each turn without an event consumes bytes or goes on to a later state of the message. */
    while (result == HOLM_OK) {
        result = feed_step(http, head, in);
        if (http->waiting != 0)
            break;
    }
    return result;
}

enum holm_result holm_http_machine_end(struct holm_http_machine *http)
{
    http->ended = true;
    switch ((enum holm_http__in)http->in) {
    case HOLM_HTTP__IN_HEAD:
        if (holm_http_machine_is_idle(http)) {
            holm_http__close(http);
            return HOLM_OK;
        }
        break;
    case HOLM_HTTP__IN_UNTIL_END:
        read_done(http);
        return HOLM_OK;
    case HOLM_HTTP__IN_LENGTH:
    case HOLM_HTTP__IN_CHUNKS:
    case HOLM_HTTP__IN_TRAILERS:
        break;
    case HOLM_HTTP__IN_DONE:
        http->last = true;
        return HOLM_OK;
    case HOLM_HTTP__IN_CLOSED:
    case HOLM_HTTP__IN_UPGRADED:
    case HOLM_HTTP__IN_ERROR:
        return HOLM_OK;
    }
    if (http->discard) { /* our answer is out: there is nobody left to tell */
        holm_http__close(http);
        return HOLM_OK;
    }
    return holm_http__fail(http, HOLM_ERR_TRUNCATED, 0);
}
