/* SPDX-License-Identifier: ISC */
/* What a handler's calls do: read and write through the connection's machine, and wait. */
#include "http_io_impl.h"

#include <holm/metrics.h>
#include <holm/text.h>

HOLM_COUNTER(lent_total, "holm_http_lent_bytes_total", "bytes of responses sent without a copy");

static struct holm_http_machine *machine(struct holm_http_exchange *exchange)
{
    return &exchange->connection->http;
}

static uint64_t now(const struct holm_http_exchange *exchange)
{
    return holm_run_now_ns(exchange->connection->server->run);
}

/* Waits until the connection's pump tells of a change, or deadline_ns. May wait. */
static enum holm_result await(struct holm_http_exchange *exchange, uint64_t deadline_ns)
{
    enum holm_result result;

    exchange->waiter = holm_task_pump(holm_task_self());
    result = holm_task_wait(deadline_ns);
    exchange->waiter = NULL;
    return result;
}

/* The same for what the client must take; HOLM_ERR_TIMEOUT also if it gives way. May wait. */
static enum holm_result await_client(struct holm_http_exchange *exchange, uint64_t deadline_ns)
{
    enum holm_result result;

    exchange->waits_since_ns = now(exchange);
    result = await(exchange, deadline_ns);
    exchange->waits_since_ns = 0;
    return exchange->gives_way ? HOLM_ERR_TIMEOUT : result;
}

enum holm_result holm_http__room(struct holm_http_exchange *exchange, struct holm_buffer *out,
                                 size_t min)
{
    struct holm_http__connection *c = exchange->connection;
    uint64_t deadline_ns = now(exchange) + c->server->options.send_ns;

    if (exchange->held.ptr != NULL) { /* what follows the head goes with it, if it fits */
        *out = exchange->held;
        exchange->held = (struct holm_buffer){ 0 };
        if (out->size - out->len >= min)
            return HOLM_OK;
        holm_http__give(c, out);
    }
    enum holm_result result = holm_flow_room(c->flow, out, min);
    while (result == HOLM_AGAIN) {
        result = await_client(exchange, deadline_ns);
        if (result == HOLM_OK)
            result = holm_flow_room(c->flow, out, min);
    }
    return result == HOLM_END ? HOLM_ERR_RESET : result;
}

/* Sends what the machine has to say of itself, 100 Continue above all. May wait. */
static enum holm_result drain(struct holm_http_exchange *exchange)
{
    struct holm_buffer out;
    enum holm_result result;

    do {
        result = holm_http__room(exchange, &out, HOLM_HTTP__SPEAK_ROOM);
        if (result != HOLM_OK)
            return result;
        holm_http__date(exchange->connection->server);
        result = holm_http_machine_drain(machine(exchange), &out);
        holm_http__give(exchange->connection, &out);
    } while (result == HOLM_AGAIN);
    return result;
}

/* Until when to wait for more of a body. The machine gives a client that waits for 100 Continue all
 * the time; once the response has begun none can be sent, and the body may never come. */
static uint64_t body_deadline(struct holm_http_exchange *exchange)
{
    uint64_t deadline_ns = holm_http_machine_deadline(machine(exchange));

    if (deadline_ns == HOLM_TIMER_NEVER && exchange->begun)
        deadline_ns = exchange->begun_ns + exchange->connection->server->common.limits.body_ns;
    return deadline_ns;
}

/* Feeds the machine with what came of the body, or waits for more. May wait. */
static enum holm_result fetch(struct holm_http_exchange *exchange)
{
    struct holm_http__connection *c = exchange->connection;
    struct holm_span in = { 0 };
    enum holm_result result, fed;
    size_t size;

    holm_http__settle(c);
    result = holm_flow_peek(c->flow, &in, holm_http_machine_need(&c->http));
    if (result < 0)
        return result;
    if (result == HOLM_AGAIN) {
        result = await(exchange, body_deadline(exchange));
        fed = holm_http_machine_tick(&c->http, now(exchange));
        /* too slow: an ERROR event tells */
        return result == HOLM_ERR_TIMEOUT && fed != HOLM_OK ? HOLM_OK : result;
    }
    size = in.len;
    fed = in.len > 0 ? holm_http_machine_feed(&c->http, &exchange->head, &in) : HOLM_AGAIN;
    c->consumed = size - in.len;
    if (result != HOLM_END || c->consumed > 0 || fed != HOLM_AGAIN)
        return fed == HOLM_END ? HOLM_ERR_RESET : HOLM_OK;
    if (c->peer_ended)
        return HOLM_ERR_TRUNCATED;
    c->peer_ended = true;
    (void)!holm_http_machine_end(&c->http); /* an ERROR event tells */
    return HOLM_OK;
}

/* The trailers are kept behind the path, in the exchange's memory. */
static enum holm_result trailers_keep(struct holm_http_exchange *exchange, struct holm_bytes lines)
{
    struct holm_span all = { exchange->bytes, sizeof exchange->bytes }, behind = { 0 };
    size_t used = exchange->head_bytes.len + exchange->path.len;
    struct holm_buffer copy;

    if (!holm_span_part(all, used, all.len - used, &behind))
        return HOLM_ERR_LIMIT;
    copy = holm_span_buffer(behind);
    if (!holm_buffer_bytes(&copy, lines))
        return HOLM_ERR_LIMIT;
    exchange->trailers = holm_buffer_filled(&copy);
    return HOLM_AGAIN;
}

/* Uses an event of the body. HOLM_AGAIN: look for the next. */
static enum holm_result take(struct holm_http_exchange *exchange,
                             const struct holm_http_event *event, struct holm_bytes *piece)
{
    switch (event->kind) {
    case HOLM_HTTP_EVENT_BODY:
        *piece = event->data;
        return HOLM_OK;
    case HOLM_HTTP_EVENT_MESSAGE_END:
        exchange->body_ended = true;
        return HOLM_END;
    case HOLM_HTTP_EVENT_ERROR:
        exchange->failed = true;
        return event->result;
    case HOLM_HTTP_EVENT_CLOSED:
        return HOLM_ERR_RESET;
    case HOLM_HTTP_EVENT_TRAILERS:
        return trailers_keep(exchange, event->data);
    case HOLM_HTTP_EVENT_HEAD:
    case HOLM_HTTP_EVENT_INTERIM:
    case HOLM_HTTP_EVENT_UPGRADE:
        return HOLM_AGAIN;
    }
    return HOLM_AGAIN;
}

enum holm_result holm_http_read(struct holm_http_exchange *exchange, struct holm_bytes *piece)
{
    struct holm_http_event event;
    enum holm_result result;

    if (exchange->body_ended)
        return HOLM_END;
    if (exchange->failed) /* there is nothing left to wait for */
        return HOLM_ERR_RESET;
    if (machine(exchange)->message.expects_continue && !exchange->begun) {
        holm_http_machine_interim(machine(exchange), 100);
        result = drain(exchange);
        if (result != HOLM_OK)
            return result;
    }
    do {
        result = holm_http_machine_next(machine(exchange), &event);
        if (result == HOLM_OK) {
            result = take(exchange, &event, piece);
        } else {
            result = fetch(exchange);
            if (result == HOLM_OK)
                result = HOLM_AGAIN;
        }
    } while (result == HOLM_AGAIN);
    return result;
}

enum holm_result holm_http_begin(struct holm_http_exchange *exchange, uint16_t status,
                                 uint64_t length)
{
    struct holm_http_response response = { .status = status,
                                           .streamed = length == HOLM_HTTP_STREAMED,
                                           .length = length,
                                           .fields = &exchange->fields,
                                           .more = exchange->fixed };
    struct holm_buffer out;
    enum holm_result result;

    if (exchange->begun)
        return HOLM_ERR_INVALID;
    result = holm_http__room(exchange, &out, HOLM_HTTP__HEAD_ROOM);
    if (result != HOLM_OK)
        return result;
    holm_http__date(exchange->connection->server);
    result = holm_http_machine_respond(machine(exchange), &out, &response);
    if (result == HOLM_OK && exchange->holds)
        exchange->held = out;
    else
        holm_http__give(exchange->connection, &out);
    if (result != HOLM_OK)
        return result == HOLM_AGAIN ? HOLM_ERR_LIMIT : result;
    exchange->begun = true;
    exchange->begun_ns = now(exchange);
    exchange->status = status;
    exchange->length = length;
    holm_http__fields_clear(exchange);
    return HOLM_OK;
}

/* Whether the response that was begun has no body. */
static bool is_bodiless(const struct holm_http_exchange *exchange)
{
    return holm_http_method(exchange) == HOLM_HTTP_HEAD || exchange->status == 204 ||
           exchange->status == 304;
}

enum holm_result holm_http_write(struct holm_http_exchange *exchange, struct holm_bytes bytes)
{
    struct holm_buffer out;
    enum holm_result result = HOLM_OK;

    if (exchange->begun && is_bodiless(exchange))
        return HOLM_END;
    while (bytes.len > 0) {
        result = holm_http__room(exchange, &out, 2 * HOLM_HTTP_CHUNK_HEAD_MAX);
        if (result != HOLM_OK)
            return result;
        result = holm_http_machine_body_write(machine(exchange), &out, &bytes);
        holm_http__give(exchange->connection, &out);
        if (result < 0)
            return result;
    }
    return HOLM_OK;
}

enum holm_result holm_http_lend(struct holm_http_exchange *exchange, struct holm_bytes bytes)
{
    struct holm_http__connection *c = exchange->connection;
    uint64_t deadline_ns = now(exchange) + c->server->options.send_ns;
    struct holm_buffer out;
    enum holm_result result;

    if (bytes.len <= HOLM_HTTP__COPY_MAX)
        return holm_http_write(exchange, bytes);
    result = holm_http__room(exchange, &out, HOLM_HTTP_CHUNK_HEAD_MAX);
    if (result != HOLM_OK)
        return result;
    result = holm_http_machine_body_open(&c->http, &out, bytes.len);
    holm_http__give(c, &out);
    if (result != HOLM_OK)
        return result;
    result = holm_flow_lend(c->flow, bytes, &c->lease);
    while (result == HOLM_AGAIN) {
        result = await_client(exchange, deadline_ns);
        if (result == HOLM_OK)
            result = holm_flow_lend(c->flow, bytes, &c->lease);
    }
    if (result == HOLM_OK)
        holm_counter_add(&lent_total, bytes.len);
    return result;
}

enum holm_result holm_http__lend_file(struct holm_http_exchange *exchange, holm_port file,
                                      uint64_t offset, uint64_t len)
{
    struct holm_http__connection *c = exchange->connection;
    const struct holm_http_options *options = &c->server->options;
    uint64_t deadline_ns = now(exchange) + options->send_ns + len * 1000000000 / options->send_rate;

    if (exchange->held.ptr != NULL)
        holm_http__give(c, &exchange->held);
    exchange->held = (struct holm_buffer){ 0 };
    enum holm_result result = holm_flow_lend_file(c->flow, file, offset, len, &c->lease);
    while (result == HOLM_AGAIN) {
        result = await_client(exchange, deadline_ns);
        if (result == HOLM_OK)
            result = holm_flow_lend_file(c->flow, file, offset, len, &c->lease);
    }
    while (result == HOLM_OK && c->lease.uses > 0)
        result = await_client(exchange, deadline_ns);
    return result;
}

enum holm_result holm_http__body_end(struct holm_http_exchange *exchange)
{
    struct holm_http__connection *c = exchange->connection;
    uint64_t deadline_ns = now(exchange) + c->server->options.send_ns;
    const struct holm_http_fields *trailers = exchange->begun ? &exchange->fields : NULL;
    struct holm_buffer out;
    enum holm_result result = HOLM_OK;

    while (c->lease.uses > 0 && result == HOLM_OK)
        result = await_client(exchange, deadline_ns);
    if (result != HOLM_OK)
        return result;
    do {
        result =
            holm_http__room(exchange, &out, HOLM_HTTP_CHUNK_HEAD_MAX + exchange->fields.lines.len);
        if (result != HOLM_OK)
            return result;
        result = holm_http_machine_body_end(machine(exchange), &out, trailers);
        holm_http__give(exchange->connection, &out);
    } while (result == HOLM_AGAIN);
    return result;
}

/* Whether the request offers the protocol, whatever the case of its name (RFC 9110 section 7.8). */
static bool is_offered(const struct holm_http_exchange *exchange, struct holm_bytes protocol)
{
    struct holm_bytes list = { 0 }, offer = { 0 };
    size_t index = 0;

    while (holm_http_head_field_next(&exchange->head, exchange->head_bytes, HOLM_HTTP_FIELD_UPGRADE,
                                     &index, &list))
        while (holm_http_list_next(&list, &offer))
            if (holm_text_equal_nocase(offer, protocol))
                return true;
    return false;
}

enum holm_result holm_http_take_over(struct holm_http_exchange *exchange,
                                     struct holm_bytes protocol, struct holm_flow **flow)
{
    struct holm_http__connection *c = exchange->connection;
    struct holm_http_event event;
    struct holm_bytes piece;
    enum holm_result result = HOLM_OK;

    if (protocol.len > 0 && !(c->http.message.upgrade && is_offered(exchange, protocol)))
        return HOLM_ERR_INVALID;
    while (result == HOLM_OK)
        result = holm_http_read(exchange, &piece);
    if (result != HOLM_END)
        return result;
    result = HOLM_OK;
    if (protocol.len > 0)
        result = holm_http_add(exchange, HOLM_TEXT("Upgrade"), protocol);
    if (result == HOLM_OK)
        result = holm_http_begin(exchange, protocol.len > 0 ? 101 : 200, 0);
    if (result == HOLM_OK)
        result = holm_http__body_end(exchange);
    if (result != HOLM_OK)
        return result;
    result = holm_http_machine_next(&c->http, &event);
    if (result != HOLM_OK || event.kind != HOLM_HTTP_EVENT_UPGRADE)
        return HOLM_ERR_INVALID;
    holm_http__settle(c);
    exchange->taken_over = true;
    c->flow->in.pump = NULL;
    c->flow->out.pump = NULL;
    *flow = c->flow;
    return HOLM_OK;
}
