/* SPDX-License-Identifier: ISC */
/* A connection's pump. Invariants: http_io_impl.h.
 *
 *     FREE --open--> READING --head--> HANDLED --handler done--> READING
 *                       ^                 \--lent bytes under way--> SENDING --sent--+
 *                       +-------------------------------------------------------------+
 *     READING --no room for what the machine says--> SENDING --room--> READING
 *     any but FREE --close--> CLOSED --lease over--> FREE
 */
#include "http_io_impl.h"

#include <holm/metrics.h>

HOLM_COUNTER(received_total, "holm_http_received_bytes_total", "bytes of requests");
HOLM_COUNTER(sent_total, "holm_http_sent_bytes_total", "bytes of responses, but for lent ones");
HOLM_COUNTER(shed_total, "holm_http_heads_shed_total",
             "connections refused or cut before a request because memory for bytes ran short");
HOLM_COUNTER(wrong_total, "holm_http_requests_wrong_total",
             "requests that were refused by the rules of the protocol, time-outs included");

static void connection_pump(struct holm_pump *pump, void *context);

static void list_add(struct holm_http__connection *c)
{
    c->previous = NULL;
    c->next = c->server->open;
    if (c->next != NULL)
        c->next->previous = c;
    c->server->open = c;
}

static void list_remove(struct holm_http__connection *c)
{
    if (c->next != NULL)
        c->next->previous = c->previous;
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        c->server->open = c->next;
}

/* There is a place: the server holds no more than it made room for. */
static struct holm_http__connection *place_take(struct holm_http_server *server)
{
    uint32_t places = server->options.connections_max + HOLM_HTTP_REFUSALS_MAX;
    struct holm_http__connection *c = server->free;

    if (c != NULL) {
        server->free = c->next;
        return c;
    }
    c = &HOLM_NTH(server->connections, places, server->connections_made);
    server->connections_made += 1;
    c->server = server;
    return c;
}

void holm_http__connection_open(struct holm_http_server *server, struct holm_flow *flow,
                                bool is_refused)
{
    struct holm_http__connection *c = place_take(server);

    c->flow = flow;
    c->exchange = NULL;
    c->consumed = 0;
    c->refused = is_refused;
    c->waits = false;
    c->peer_ended = false;
    c->state = is_refused ? HOLM_HTTP__REFUSED : HOLM_HTTP__READING;
    c->timer.fired = false;
    holm_http_machine_init(&c->http, &server->common, holm_run_now_ns(server->run));
    holm_pump_init(&c->pump, &server->run->ready, connection_pump, c);
    flow->in.pump = &c->pump;
    flow->out.pump = &c->pump;
    c->lease = (struct holm_lease){ .done = { &c->pump } };
    list_add(c);
    server->now.connections += 1;
    server->refusals += is_refused;
    holm_pump_ready(&c->pump);
}

/* (4); the server looks again, since it may accept or end now. */
static void free_if_over(struct holm_http__connection *c)
{
    struct holm_http_server *server = c->server;

    if (c->lease.uses > 0)
        return;
    if (c->exchange != NULL)
        holm_http__exchange_add(server, c->exchange);
    c->exchange = NULL;
    holm_pump_stop(&c->pump);
    holm_timer_cancel(&server->run->timers, &c->timer);
    list_remove(c);
    c->state = HOLM_HTTP__FREE;
    c->next = server->free;
    server->free = c;
    server->now.connections -= 1;
    server->refusals -= c->refused;
    holm_pump_ready(&server->pump);
}

void holm_http__connection_close(struct holm_http__connection *c, bool reset)
{
    if (c->state == HOLM_HTTP__CLOSED || c->state == HOLM_HTTP__FREE)
        return;
    if (c->flow != NULL) {
        holm_http__settle(c);
        c->flow->in.pump = NULL;
        c->flow->out.pump = NULL;
        if (!reset)
            (void)holm_flow_finish(c->flow); /* where that fails the close resets */
        holm_flow_close(c->flow);
        c->flow = NULL;
    }
    if (c->waits) {
        holm_pump_stop(&c->pump);
        holm_pump_init(&c->pump, &c->server->run->ready, connection_pump, c);
    }
    c->waits = false;
    c->state = HOLM_HTTP__CLOSED;
    holm_pump_ready(&c->pump); /* which frees the slot: a task may stand in its exchange now */
}

void holm_http__settle(struct holm_http__connection *c)
{
    if (c->consumed == 0)
        return;
    holm_flow_take(c->flow, c->consumed);
    holm_counter_add(&received_total, c->consumed);
    c->consumed = 0;
}

void holm_http__give(struct holm_http__connection *c, const struct holm_buffer *out)
{
    holm_flow_give(c->flow, out); /* also if nothing was filled: the room goes back */
    holm_counter_add(&sent_total, out->len);
}

/* A timer that fires too early only looks again: so it is not moved with each request. */
void holm_http__connection_timer(struct holm_http__connection *c)
{
    uint64_t deadline_ns =
        c->state == HOLM_HTTP__SENDING ? c->send_deadline_ns : holm_http_machine_deadline(&c->http);

    if (c->timer.link != NULL && c->timer.deadline_ns <= deadline_ns)
        return;
    holm_timer_set(&c->server->run->timers, &c->timer, deadline_ns, &c->pump);
}

void holm_http__connection_send(struct holm_http__connection *c, uint64_t len)
{
    const struct holm_http_options *options = &c->server->options;

    c->send_since_ns = holm_run_now_ns(c->server->run);
    c->send_deadline_ns =
        c->send_since_ns + options->send_ns + len / options->send_rate * HOLM_NS_PER_S;
    c->state = HOLM_HTTP__SENDING;
}

/* What the machine itself has to say: the answer to a wrong request. A client that leaves no room for it
 * has the time of one that takes no answer: the machine itself waits for nothing any more. */
static enum holm_result drain(struct holm_http__connection *c)
{
    struct holm_buffer out;
    enum holm_result result, drained;

    if (!holm_http_machine_speaks(
            &c->http)) /* room for nothing is not asked for: there may be none */
        return HOLM_OK;
    do {
        result = holm_flow_room(c->flow, &out, HOLM_HTTP__SPEAK_ROOM);
        if (result == HOLM_AGAIN)
            holm_http__connection_send(c, 0);
        if (result != HOLM_OK)
            return result;
        holm_http__date(c->server);
        drained = holm_http_machine_drain(&c->http, &out);
        holm_http__give(c, &out);
    } while (drained == HOLM_AGAIN && out.len > 0);
    return drained;
}

/* Waits in the server's queue for an exchange that is free. */
static void queue(struct holm_http__connection *c)
{
    if (c->waits)
        return;
    c->waits = true;
    holm_pump_stop(&c->pump);
    holm_pump_init(&c->pump, &c->server->waiting, connection_pump, c);
    holm_pump_ready(&c->pump);
    holm_http__crowd(c->server);
}

/* The end of the peer's stream, once. */
static enum holm_result feed_end(struct holm_http__connection *c)
{
    if (c->peer_ended)
        return HOLM_AGAIN;
    c->peer_ended = true;
    /* a message that was cut off is told by an ERROR event */
    (void)!holm_http_machine_end(&c->http);
    return HOLM_OK;
}

/* A head that comes in pieces, or that waits for an exchange, holds a chunk meanwhile. When those run
 * short they give way to requests in hand: else a thousand of them would take all there are.
 * HOLM_AGAIN: the client hears 503; else its connection is broken off. */
static enum holm_result shed(struct holm_http__connection *c, bool whole)
{
    holm_counter_add(&shed_total, 1);
    if (!whole || !holm_http__refuse(c->flow))
        return HOLM_ERR_LIMIT;
    c->state = HOLM_HTTP__REFUSED;
    holm_timer_cancel(&c->server->run->timers, &c->timer);
    c->timer.fired = false; /* that was another time */
    holm_pump_ready(&c->pump);
    return HOLM_AGAIN;
}

/* Feeds the machine once. HOLM_AGAIN: nothing moves until something comes. */
static enum holm_result feed(struct holm_http__connection *c)
{
    struct holm_http_exchange *exchange = holm_http__exchange_next(c->server);
    struct holm_span in = { 0 };
    enum holm_result result, fed;
    size_t size;
    bool waits;

    holm_http__settle(c);
    result = holm_flow_peek(c->flow, &in, holm_http_machine_need(&c->http));
    waits = result == HOLM_AGAIN || exchange == NULL;
    if (waits && in.len > 0 && holm_http__chunks_short(c->server) > 0)
        return shed(c, result == HOLM_OK && holm_http_machine_is_idle(&c->http));
    if (result == HOLM_AGAIN || result < 0)
        return result;
    if (in.len == 0) /* an end needs no exchange */
        return feed_end(c);
    if (exchange == NULL) {
        queue(c);
        return HOLM_AGAIN;
    }
    if (exchange->connection != c || holm_http_machine_is_idle(&c->http))
        holm_http_head_init(&exchange->head);
    exchange->connection = c;
    size = in.len;
    fed = holm_http_machine_feed(&c->http, &exchange->head, &in);
    c->consumed = size - in.len;
    if (fed == HOLM_AGAIN && c->consumed == 0 && result == HOLM_END)
        return feed_end(c);
    if (fed == HOLM_END && c->consumed == 0)
        return HOLM_AGAIN;
    if (fed == HOLM_AGAIN && c->consumed == 0 && in.len >= holm_http_machine_need(&c->http))
        return HOLM_AGAIN;
    return HOLM_OK;
}

/* Uses one event. HOLM_AGAIN: a task has the connection now; HOLM_END: it is closed. */
static enum holm_result use(struct holm_http__connection *c, const struct holm_http_event *event)
{
    switch (event->kind) {
    case HOLM_HTTP_EVENT_HEAD:
        holm_http__exchange_begin(c, c->server->exchanges_free, event->data);
        if (c->state == HOLM_HTTP__CLOSED)
            return HOLM_END;
        return c->state == HOLM_HTTP__HANDLED ? HOLM_AGAIN : HOLM_OK;
    case HOLM_HTTP_EVENT_ERROR:
        holm_counter_add(&wrong_total, 1);
        return HOLM_OK;
    case HOLM_HTTP_EVENT_CLOSED:
        if (drain(c) == HOLM_AGAIN)
            return HOLM_AGAIN;
        holm_http__connection_close(c, false);
        return HOLM_END;
    case HOLM_HTTP_EVENT_BODY:
    case HOLM_HTTP_EVENT_TRAILERS:
    case HOLM_HTTP_EVENT_MESSAGE_END:
    case HOLM_HTTP_EVENT_INTERIM:
    case HOLM_HTTP_EVENT_UPGRADE:
        return HOLM_OK;
    }
    return HOLM_OK;
}

/* The lent bytes of a response: its end can be told when they are gone. */
static enum holm_result sending(struct holm_http__connection *c)
{
    bool speaks = holm_http_machine_speaks(&c->http);
    size_t min = speaks ? HOLM_HTTP__SPEAK_ROOM : HOLM_HTTP_CHUNK_HEAD_MAX;
    struct holm_buffer out;
    enum holm_result result = HOLM_AGAIN;

    if (c->lease.uses == 0)
        result = holm_flow_room(c->flow, &out, min);
    if (result == HOLM_AGAIN && holm_run_now_ns(c->server->run) >= c->send_deadline_ns)
        return HOLM_ERR_TIMEOUT;
    if (result != HOLM_OK)
        return result;
    if (!speaks) /* else it is drained next */
        result = holm_http_machine_body_end(&c->http, &out, NULL);
    holm_http__give(c, &out);
    if (result == HOLM_OK)
        c->state = HOLM_HTTP__READING;
    return result;
}

/* An idle connection does not end over what came before its time was up: that is fed first. */
static uint64_t time_of(struct holm_http__connection *c)
{
    uint64_t now_ns = holm_run_now_ns(c->server->run);
    uint64_t deadline_ns = holm_http_machine_deadline(&c->http);
    struct holm_span in = { 0 };

    if (deadline_ns > now_ns || !holm_http_machine_is_idle(&c->http) ||
        holm_flow_peek(c->flow, &in, 1) != HOLM_OK)
        return now_ns;
    return deadline_ns - 1;
}

/* Drives the machine as far as it goes. HOLM_AGAIN: it waits; HOLM_END: closed. */
static enum holm_result drive(struct holm_http__connection *c)
{
    struct holm_http_event event;
    enum holm_result result;

    if (c->state == HOLM_HTTP__SENDING) {
        result = sending(c);
        if (result != HOLM_OK)
            return result;
    }
    /* what took too long is told by an ERROR event */
    (void)!holm_http_machine_tick(&c->http, time_of(c));
    for (;;) {
        result = drain(c);
        if (result != HOLM_OK)
            return result;
        result = holm_http_machine_next(&c->http, &event);
        result = result == HOLM_OK ? use(c, &event) : feed(c);
        if (result != HOLM_OK)
            return result;
    }
}

bool holm_http__refuse(struct holm_flow *flow)
{
    struct holm_bytes answer = HOLM_TEXT("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
                                         "Retry-After: 1\r\nContent-Length: 0\r\n\r\n");
    struct holm_buffer out;

    if (holm_flow_room(flow, &out, answer.len) != HOLM_OK || !holm_buffer_bytes(&out, answer))
        return false;
    holm_flow_give(flow, &out);
    return holm_flow_finish(flow) == HOLM_OK;
}

/* A refused client was told so; what it says is passed over for a while, for to close at once would
 * break the connection and the answer with it. HOLM_AGAIN: it may say more. */
static enum holm_result refused(struct holm_http__connection *c)
{
    struct holm_http_server *server = c->server;
    struct holm_span in = { 0 };
    enum holm_result result;

    if (c->timer.fired)
        return HOLM_END;
    if (c->timer.link == NULL)
        holm_timer_set(&server->run->timers, &c->timer,
                       holm_run_now_ns(server->run) + HOLM_HTTP_REFUSAL_NS, &c->pump);
    while ((result = holm_flow_peek(c->flow, &in, 1)) == HOLM_OK)
        holm_flow_take(c->flow, in.len);
    return result;
}

static void connection_pump(struct holm_pump *pump, void *context)
{
    struct holm_http__connection *c = context;
    enum holm_result result;

    (void)pump;
    if (c->state == HOLM_HTTP__CLOSED) {
        free_if_over(c);
        return;
    }
    if (holm_http__chunks_short(c->server) > 0)
        holm_http__crowd(c->server);
    if (c->state == HOLM_HTTP__HANDLED) {
        holm_pump_ready(c->exchange->waiter);
        return;
    }
    if (c->state == HOLM_HTTP__FREE)
        return;
    if (c->state == HOLM_HTTP__REFUSED) {
        if (refused(c) != HOLM_AGAIN)
            holm_http__connection_close(c, false);
        return;
    }
    result = drive(c);
    if (result < 0) {
        holm_http__connection_close(c, true);
        return;
    }
    if (result == HOLM_AGAIN && c->state != HOLM_HTTP__HANDLED && c->state != HOLM_HTTP__REFUSED)
        holm_http__connection_timer(c);
}

void holm_http__connection_stop(struct holm_http__connection *c)
{
    if (c->state == HOLM_HTTP__REFUSED) {
        holm_http__connection_close(c, false);
        return;
    }
    if (c->state == HOLM_HTTP__READING) /* its time is that of the last turn in which it moved */
        (void)!holm_http_machine_tick(&c->http, time_of(c));
    holm_http_machine_stop(&c->http);
    holm_pump_ready(&c->pump);
}
