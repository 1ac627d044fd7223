/* SPDX-License-Identifier: ISC */
/* How an exchange begins and ends. In between it belongs to its task. */
#include "http_io_impl.h"

#include <holm/metrics.h>

#define ANSWERS(variable, class)                                                                   \
    HOLM_COUNTER_LABELLED(variable, "holm_http_responses_total", "class=\"" class "\"",            \
                          "responses by the class of their status")
ANSWERS(answers_1xx, "1xx");
ANSWERS(answers_2xx, "2xx");
ANSWERS(answers_3xx, "3xx");
ANSWERS(answers_4xx, "4xx");
ANSWERS(answers_5xx, "5xx");
HOLM_COUNTER(cut_total, "holm_http_responses_cut_total",
             "responses that broke off: the client left, was too slow, or a handler failed");
HOLM_GAUGE(in_hand, "holm_http_requests_in_hand", "requests whose handlers run");

struct holm_http_exchange *holm_http__exchange_next(struct holm_http_server *server)
{
    uint32_t places = server->options.requests_max;

    if (server->exchanges_free == NULL && server->exchanges_made < places) {
        server->exchanges_free = &HOLM_NTH(server->exchanges, places, server->exchanges_made);
        server->exchanges_made += 1;
    }
    return server->exchanges_free;
}

void holm_http__exchange_offer(struct holm_http_server *server)
{
    struct holm_http__connection *c;
    struct holm_pump *pump;

    if (server->waiting.first == NULL || holm_http__exchange_next(server) == NULL)
        return;
    pump = holm_ready_take(&server->waiting);
    c = pump->context;
    c->waits = false;
    holm_pump_init(pump, &server->run->ready, pump->function, c);
    holm_pump_ready(pump);
    holm_pump_ready(&server->pump); /* it may want none any more: then the next is offered it */
}

void holm_http__exchange_add(struct holm_http_server *server, struct holm_http_exchange *exchange)
{
    exchange->connection = NULL;
    exchange->next = server->exchanges_free;
    server->exchanges_free = exchange;
    server->now.requests_free += 1;
    holm_http__exchange_offer(server);
}

/* Leaves the exchange: the connection goes on with its next request, or closes. */
static void leave(struct holm_http_exchange *exchange)
{
    struct holm_http__connection *c = exchange->connection;
    struct holm_http_server *server = c->server;

    server->uploads -= exchange->uploads;
    server->now.requests_in_hand -= 1;
    holm_gauge_set(&in_hand, server->now.requests_in_hand);
    if (c->state == HOLM_HTTP__CLOSED)
        return; /* its slot is freed, and the exchange with it, by (4) */
    c->exchange = NULL;
    holm_http__exchange_add(server, exchange);
    holm_pump_ready(&c->pump);
}

static void cut(struct holm_http_exchange *exchange)
{
    struct holm_http__connection *c = exchange->connection;

    holm_counter_add(&cut_total, 1);
    exchange->waiter = NULL;
    holm_http__connection_close(c, true);
}

void holm_http__date(struct holm_http_server *server)
{
    uint64_t utc_ns = 0;

    if (holm_clock_utc(&utc_ns, &server->run->turn, HOLM_HTTP__UTC_WITHIN_NS))
        holm_http_common_time(&server->common, utc_ns / HOLM_NS_PER_S);
    else
        server->common.dated = false; /* a time that was known once would be wrong by now */
}

/* An answer that needs no handler: the client is told to come again. */
static void refuse(struct holm_http_exchange *exchange)
{
    struct holm_http__connection *c = exchange->connection;
    struct holm_http_response response = { .status = 503,
                                           .close = true,
                                           .fields = &exchange->fields };
    struct holm_buffer out = { 0 };

    holm_http__date(c->server);
    if (holm_http_fields_add_number(&exchange->fields, HOLM_TEXT("Retry-After"),
                                    HOLM_HTTP_RETRY_AFTER_S) != HOLM_OK ||
        holm_flow_room(c->flow, &out, HOLM_HTTP__HEAD_ROOM) != HOLM_OK ||
        holm_http_machine_respond(&c->http, &out, &response) != HOLM_OK ||
        holm_http_machine_body_end(&c->http, &out, NULL) != HOLM_OK) {
        holm_http__connection_close(c, true);
        return;
    }
    holm_http__give(c, &out);
    holm_counter_add(&answers_5xx, 1);
    c->state = HOLM_HTTP__READING;
}

void holm_http__fields_clear(struct holm_http_exchange *exchange)
{
    struct holm_span storage = { exchange->field_bytes, sizeof exchange->field_bytes };

    holm_http_fields_init(&exchange->fields, storage);
}

static void clear(struct holm_http_exchange *exchange)
{
    exchange->waiter = NULL;
    exchange->waits_since_ns = 0;
    exchange->gives_way = false;
    exchange->route = NULL;
    exchange->fixed = NULL;
    exchange->status = 0;
    exchange->begun = false;
    exchange->body_ended = false;
    exchange->taken_over = false;
    exchange->failed = false;
    exchange->holds = false;
    exchange->held = (struct holm_buffer){ 0 };
    exchange->match.count = 0;
    exchange->trailers = HOLM_TEXT("");
    exchange->decoded = HOLM_BUFFER(exchange->decoded_bytes);
    holm_http__fields_clear(exchange);
}

void holm_http__exchange_begin(struct holm_http__connection *c, struct holm_http_exchange *exchange,
                               struct holm_bytes head)
{
    struct holm_http_server *server = c->server;
    struct holm_buffer copy = HOLM_BUFFER(exchange->bytes);

    server->exchanges_free = exchange->next;
    server->now.requests_free -= 1;
    server->now.requests += 1;
    server->now.requests_in_hand += 1;
    holm_gauge_set(&in_hand, server->now.requests_in_hand);
    clear(exchange);
    holm_assert(head.len <= HOLM_HTTP_SERVER_HEAD_MAX && holm_buffer_bytes(&copy, head));
    exchange->head_bytes = holm_buffer_filled(&copy);
    exchange->connection = c;
    c->exchange = exchange;
    c->state = HOLM_HTTP__HANDLED;
    holm_http__settle(c);
    exchange->uploads = c->http.message.body != HOLM_HTTP_BODY_NONE;
    server->uploads += exchange->uploads;
    if (server->uploads <= (server->options.requests_max + 1) / 2 &&
        holm_task_start(server->run, &server->scope, HOLM_TEXT("http request"), holm_http__handle,
                        exchange) == HOLM_OK)
        return;
    refuse(exchange);
    leave(exchange);
}

static void count(uint16_t status)
{
    if (status < 200)
        holm_counter_add(&answers_1xx, 1);
    else if (status < 300)
        holm_counter_add(&answers_2xx, 1);
    else if (status < 400)
        holm_counter_add(&answers_3xx, 1);
    else if (status < 500)
        holm_counter_add(&answers_4xx, 1);
    else
        holm_counter_add(&answers_5xx, 1);
}

/* Ends the response, or lets the pump do it once the lent bytes are gone. May wait. */
static enum holm_result end_body(struct holm_http_exchange *exchange)
{
    struct holm_http__connection *c = exchange->connection;
    enum holm_result result;

    if (c->lease.uses > 0 && exchange->fields.lines.len == 0) {
        if (c->server->scope.cancelled)
            return HOLM_ERR_CANCELLED; /* nobody waits for it any more */
        holm_http__connection_send(c,
                                   exchange->length != HOLM_HTTP_STREAMED ? exchange->length : 0);
        return HOLM_OK;
    }
    result = holm_http__body_end(exchange);
    if (result == HOLM_OK)
        c->state = HOLM_HTTP__READING;
    return result;
}

/* The answer to a request whose handler failed, with nothing of the one that it was about to make. */
static enum holm_result fail(struct holm_http_exchange *exchange)
{
    exchange->fixed = NULL;
    holm_http__fields_clear(exchange);
    return holm_http_status(exchange, 500);
}

void holm_http__exchange_end(struct holm_http_exchange *exchange, enum holm_result result)
{
    struct holm_http__connection *c = exchange->connection;

    if (exchange->taken_over) {
        holm_http__connection_close(c, result < 0);
    } else if (exchange->failed && !exchange->begun) {
        c->state = HOLM_HTTP__READING; /* the machine answers, and the pump drains it */
    } else {
        if (!exchange->begun && result != HOLM_ERR_RESET && result != HOLM_ERR_CANCELLED)
            result = fail(exchange);
        if (result >= 0)
            result = end_body(exchange);
        if (result < 0)
            cut(exchange);
    }
    if (exchange->begun)
        count(exchange->status);
    leave(exchange);
}
