/* SPDX-License-Identifier: ISC */
/* http_machine.c: what a connection reads, and its events.
 *
 *     HEAD --head--> LENGTH --all--> DONE --exchange over--> HEAD, or CLOSED if it was the last
 *                    CHUNKS --last chunk--> TRAILERS --empty line--> DONE
 *                    UNTIL_END --end--> DONE     (responses)
 *                    DONE                        (no body)
 *                    UPGRADED                    (101, or 2xx to CONNECT)
 *     any --holm_http__fail--> ERROR; any --holm_http__close--> CLOSED
 *
 * Invariants:
 * (1) While an event waits, nothing is consumed.
 * (2) A server is in HEAD only while out is IDLE: one request in hand, none behind an error.
 * (3) held > 0 only in HEAD and TRAILERS, for bytes that were seen and left where they are.
 * (4) After ERROR, CLOSED and UPGRADED nothing is read any more. */
#include "http_impl.h"

#define SECOND_NS 1000000000U

static uint64_t or_default(uint64_t value, uint64_t standard)
{
    return value != 0 ? value : standard;
}

static uint32_t at_most(uint32_t value, uint32_t standard, uint32_t max)
{
    if (value == 0)
        return standard;
    return value < max ? value : max;
}

void holm_http_common_init(struct holm_http_common *common, bool server,
                           const struct holm_http_limits *limits)
{
    struct holm_http_limits set = { 0 };
    if (limits != NULL)
        set = *limits;
    set.head_bytes = at_most(set.head_bytes, 16384, HOLM_HTTP_HEAD_MAX);
    set.target_bytes = at_most(set.target_bytes, HOLM_HTTP_TARGET_MAX, HOLM_HTTP_TARGET_MAX);
    set.field_count = at_most(set.field_count, HOLM_HTTP_FIELD_MAX, HOLM_HTTP_FIELD_MAX);
    set.trailer_bytes = at_most(set.trailer_bytes, 4096, HOLM_HTTP_HEAD_MAX);
    set.body_bytes = or_default(set.body_bytes, server ? 1048576 : HOLM_HTTP_UNLIMITED);
    set.discard_bytes = or_default(set.discard_bytes, 65536);
    set.requests = at_most(set.requests, 1000000, UINT32_MAX);
    set.body_rate = at_most(set.body_rate, 512, UINT32_MAX);
    set.head_ns = or_default(set.head_ns, 10ULL * SECOND_NS);
    set.body_ns = or_default(set.body_ns, 10ULL * SECOND_NS);
    set.idle_ns = or_default(set.idle_ns, 60ULL * SECOND_NS);
    set.stop_idle_ns = or_default(set.stop_idle_ns, SECOND_NS / 2);
    *common = (struct holm_http_common){ .limits = set, .server = server };
}

void holm_http_common_time(struct holm_http_common *common, uint64_t utc_s)
{
    struct holm_buffer out = HOLM_BUFFER(common->date);
    if (common->dated && common->utc_s == utc_s)
        return;
    common->utc_s = utc_s;
    common->dated = holm_buffer_bytes(&out, HOLM_TEXT("Date: ")) &&
                    holm_http_date_emit(&out, utc_s) && holm_buffer_bytes(&out, HOLM_TEXT("\r\n"));
}

void holm_http_machine_init(struct holm_http_machine *http, const struct holm_http_common *common,
                            uint64_t now_ns)
{
    *http = (struct holm_http_machine){ .common = common, .now_ns = now_ns, .since_ns = now_ns };
}

size_t holm_http_machine_need(const struct holm_http_machine *http)
{
    return http->held + 1;
}

bool holm_http_machine_is_idle(const struct holm_http_machine *http)
{
    return http->in == HOLM_HTTP__IN_HEAD && http->out == HOLM_HTTP__OUT_IDLE && http->held == 0 &&
           http->waiting == 0;
}

void holm_http__close(struct holm_http_machine *http)
{
    http->in = HOLM_HTTP__IN_CLOSED;
    http->out = HOLM_HTTP__OUT_CLOSED;
    http->waiting = 0;
    http->held = 0;
    holm_http__wait(http, HOLM_HTTP_EVENT_CLOSED);
}

enum holm_result holm_http__fail(struct holm_http_machine *http, enum holm_result result,
                                 uint16_t status)
{
    bool answerable = http->common->server && status != 0 &&
                      (http->out == HOLM_HTTP__OUT_IDLE || http->out == HOLM_HTTP__OUT_HEAD);
    http->in = HOLM_HTTP__IN_ERROR;
    http->error = (int16_t)result;
    http->error_status = answerable ? status : 0;
    http->out = answerable ? HOLM_HTTP__OUT_ERROR : HOLM_HTTP__OUT_CLOSED;
    http->last = true;
    http->held = 0;
    http->interim = 0;
    http->waiting = 0;
    holm_http__wait(http, HOLM_HTTP_EVENT_ERROR);
    if (!answerable)
        holm_http__wait(http, HOLM_HTTP_EVENT_CLOSED);
    return result;
}

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
    bool there = holm_span_part(*in, 0, len, &part) && holm_span_part(*in, len, in->len - len, in);
    holm_assert(there);
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
    http->chunks = (struct holm_http_chunks){ 0 };
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

/* body_came accounts for bytes of the body in view, and shows them unless they are not wanted. */
static enum holm_result body_came(struct holm_http_machine *http)
{
    size_t len = http->view.len;
    if (len > http->common->limits.body_bytes - http->in_total)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__TOO_LARGE);
    http->in_total += len;
    http->window_bytes += len;
    if (!http->discard) {
        holm_http__wait(http, HOLM_HTTP_EVENT_BODY);
        return HOLM_OK;
    }
    http->discarded += len;
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
    size_t before = in->len;
    enum holm_result result = holm_http_chunks_feed(&http->chunks, in, &piece);
    if (result < 0)
        return holm_http__fail(http, result, HOLM_HTTP__BAD_REQUEST);
    http->window_bytes += before - in->len - piece.len;
    if (http->discard)
        http->discarded += before - in->len - piece.len;
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

static void upgrade_check(struct holm_http_machine *http)
{
    if (http->message.upgrade && http->common->server && http->out == HOLM_HTTP__OUT_DONE &&
        http->upgrading) {
        http->in = HOLM_HTTP__IN_UPGRADED;
        http->out = HOLM_HTTP__OUT_CLOSED;
        http->waiting = 0;
        holm_http__wait(http, HOLM_HTTP_EVENT_UPGRADE);
    }
}

void holm_http__exchange_check(struct holm_http_machine *http)
{
    bool read = http->in == HOLM_HTTP__IN_DONE && http->waiting == 0;
    upgrade_check(http);
    if (!read || http->in != HOLM_HTTP__IN_DONE)
        return;
    /* A response that ends before its request does leaves the rest of the request unwanted. */
    if (!http->common->server && http->out != HOLM_HTTP__OUT_DONE)
        http->last = true;
    else if (http->out != HOLM_HTTP__OUT_DONE)
        return;
    if (http->last || http->ended) {
        holm_http__close(http);
        return;
    }
    http->in = HOLM_HTTP__IN_HEAD;
    http->out = HOLM_HTTP__OUT_IDLE;
    http->since_ns = http->now_ns;
    http->discard = false;
}

/* event_fill describes the waiting event of a kind. */
static void event_fill(const struct holm_http_machine *http, struct holm_http_event *event,
                       enum holm_http_event_kind kind)
{
    *event = (struct holm_http_event){ .kind = kind, .result = HOLM_OK };
    switch (kind) {
    case HOLM_HTTP_EVENT_HEAD:
    case HOLM_HTTP_EVENT_INTERIM:
        event->status = http->message.status;
        event->data = http->view;
        break;
    case HOLM_HTTP_EVENT_BODY:
    case HOLM_HTTP_EVENT_TRAILERS:
        event->data = http->view;
        break;
    case HOLM_HTTP_EVENT_ERROR:
        event->status = http->error_status;
        event->result = (enum holm_result)http->error;
        break;
    case HOLM_HTTP_EVENT_MESSAGE_END:
    case HOLM_HTTP_EVENT_UPGRADE:
    case HOLM_HTTP_EVENT_CLOSED:
        break;
    }
}

enum holm_result holm_http_machine_next(struct holm_http_machine *http,
                                        struct holm_http_event *event)
{
    unsigned kind = 0;
    if (http->waiting == 0)
        return HOLM_END;
    kind = (unsigned)__builtin_ctz(http->waiting);
    http->waiting = (uint8_t)(http->waiting & ~(1U << kind));
    event_fill(http, event, (enum holm_http_event_kind)kind);
    if (kind == HOLM_HTTP_EVENT_MESSAGE_END)
        holm_http__exchange_check(http);
    return HOLM_OK;
}

void holm_http_machine_stop(struct holm_http_machine *http)
{
    http->stopping = true;
    if (holm_http_machine_is_idle(http))
        http->since_ns = http->now_ns;
}

bool holm_http_machine_check(const struct holm_http_machine *http)
{
    bool holds = http->in <= HOLM_HTTP__IN_ERROR && http->out <= HOLM_HTTP__OUT_CLOSED;
    if (http->common->server && http->in == HOLM_HTTP__IN_HEAD && http->out != HOLM_HTTP__OUT_IDLE)
        holds = false; /* (2) */
    if (http->held > 0 && http->in != HOLM_HTTP__IN_HEAD && http->in != HOLM_HTTP__IN_TRAILERS)
        holds = false; /* (3) */
    if (http->in == HOLM_HTTP__IN_ERROR && http->error >= 0)
        holds = false;
    if (http->in == HOLM_HTTP__IN_LENGTH && http->in_left == 0)
        holds = false;
    return holds && http->in_total <= http->common->limits.body_bytes;
}
