/* SPDX-License-Identifier: ISC */
/* A server: its memory, who comes, and how it stops.
 *
 *     start --> accepting --stop asked--> stopping --last connection closed, or stop_ns--> done
 *
 * A stop breaks off no request that had begun: who waits in the listener's queue is let in first, and
 * a connection ends when it has heard close, or has asked nothing for limits.stop_idle_ns. */
#include "http_io_impl.h"

#include <holm/log.h>
#include <holm/metrics.h>
#include <holm/parameter.h>

HOLM_PARAM_DURATION(http_head_timeout, 10000000000, "how long the head of a request may take");
HOLM_PARAM_DURATION(http_idle_timeout, 60000000000,
                    "how long a connection may be idle between requests");

HOLM_GAUGE(connections_now, "holm_http_connections", "connections that are open");
HOLM_COUNTER(connections_total, "holm_http_connections_total", "connections accepted");
HOLM_COUNTER(refused_total, "holm_http_connections_refused_total",
             "connections over the limit, answered 503");

static void timer_set(struct holm_http_server *server, uint64_t deadline_ns)
{
    holm_timer_set(&server->run->timers, &server->timer, deadline_ns, &server->pump);
}

static void stop_begin(struct holm_http_server *server)
{
    server->stopping = true;
    server->stopped_ns = holm_run_now_ns(server->run);
    timer_set(server, server->stopped_ns); /* in the next turn */
}

/* Clients hear close only when nobody listens any more: else they would come again at once. */
static void stop_listening(struct holm_http_server *server)
{
    struct holm_http__connection *next;

    if (server->now.listening)
        holm_listener_close(server->listener);
    server->now.listening = false;
    for (struct holm_http__connection *c = server->open; c != NULL; c = next) {
        next = c->next;
        holm_http__connection_stop(c);
    }
    timer_set(server, server->stopped_ns + server->options.stop_ns);
}

/* What is still in hand when the time is over is dropped, and told. */
static void stop_end(struct holm_http_server *server)
{
    struct holm_http__connection *next;

    if (server->now.connections > 0)
        HOLM_LOG_WARNING("http", "connections dropped at the stop",
                         HOLM_FIELD_U64("connections", server->now.connections),
                         HOLM_FIELD_U64("requests", server->now.requests_in_hand));
    holm_scope_cancel(&server->scope);
    for (struct holm_http__connection *c = server->open; c != NULL; c = next) {
        next = c->next;
        if (c->state != HOLM_HTTP__HANDLED)
            holm_http__connection_close(c, true);
    }
}

/* The listener closes when a whole turn has brought nobody. */
static void stop_go_on(struct holm_http_server *server)
{
    uint64_t now_ns = holm_run_now_ns(server->run);
    uint64_t since_ns = now_ns - server->stopped_ns;
    bool came = server->came_turn == server->run->turns;

    server->timer.fired = false;
    if (server->now.listening && came && since_ns < server->common.limits.stop_idle_ns)
        timer_set(server, now_ns); /* in the next turn */
    else if (since_ns < server->options.stop_ns)
        stop_listening(server);
    else
        stop_end(server);
}

static void stop_look(struct holm_http_server *server)
{
    if (!server->stopping)
        stop_begin(server);
    else if (server->timer.fired)
        stop_go_on(server);
    server->stopper.busy = server->now.listening || server->now.connections > 0;
    if (server->stopper.busy)
        return;
    holm_timer_cancel(&server->run->timers, &server->timer);
    holm_wake_ring(&server->image->stop);
}

static void welcome(struct holm_http_server *server, struct holm_flow *flow)
{
    bool refused = server->now.connections - server->refusals >= server->options.connections_max;

    holm_counter_add(&connections_total, 1);
    if (refused) {
        server->now.refused += 1;
        holm_counter_add(&refused_total, 1);
        if (!holm_http__refuse(flow) || server->refusals >= HOLM_HTTP_REFUSALS_MAX) {
            holm_flow_close(flow);
            return;
        }
    }
    holm_http__connection_open(server, flow, refused);
    holm_gauge_set(&connections_now, server->now.connections);
}

/* A listener that has no room rings when there is some; not every host tells that, so it is asked again
 * all the same. Any other error is its last: who is connected is served on, and who looks at the server's
 * state, or at the log, knows. */
static void accept_failed(struct holm_http_server *server, enum holm_result result)
{
    bool is_short = result == HOLM_ERR_NO_MEMORY;
    uint64_t again_ns = holm_run_now_ns(server->run) + HOLM_HTTP_ACCEPT_AGAIN_NS;

    if (is_short && server->again.link != NULL)
        return;
    if (is_short) {
        holm_timer_set(&server->run->timers, &server->again, again_ns, &server->pump);
        HOLM_LOG_WARNING("http", "no room for another connection",
                         HOLM_FIELD_U64("port", server->listener->local.port));
        return;
    }
    HOLM_LOG_ERROR("http", "listener failed, nobody new is served",
                   HOLM_FIELD_U64("port", server->listener->local.port),
                   HOLM_FIELD_RESULT("result", result));
    server->now.listening = false;
    holm_listener_close(server->listener);
}

static void accept_all(struct holm_http_server *server)
{
    struct holm_flow *flow = NULL;
    enum holm_result result = HOLM_OK;

    while (server->now.listening) {
        result = holm_listener_accept(server->listener, &flow);
        if (result != HOLM_OK)
            break;
        welcome(server, flow);
        server->came_turn = server->run->turns;
    }
    if (result != HOLM_OK && result != HOLM_AGAIN)
        accept_failed(server, result);
}

void holm_http__crowd(struct holm_http_server *server)
{
    if (server->crowd.link == NULL)
        holm_timer_set(&server->run->timers, &server->crowd,
                       holm_run_now_ns(server->run) + HOLM_HTTP_GIVE_WAY_NS, &server->pump);
}

size_t holm_http__chunks_short(const struct holm_http_server *server)
{
    const struct holm_chunk_pool *chunks = server->image->chunks;

    return chunks->free_count < chunks->count / 4 ? chunks->count / 4 - chunks->free_count : 0;
}

/* Since when the client of a connection in this state is waited for; 0: it is not. */
static uint64_t waits_since(const struct holm_http__connection *c, enum holm_http__state state)
{
    if (c->state != state)
        return 0;
    return state == HOLM_HTTP__SENDING ? c->send_since_ns : c->exchange->waits_since_ns;
}

static void give_way(struct holm_http__connection *c)
{
    if (c->state == HOLM_HTTP__SENDING) {
        c->send_deadline_ns = holm_run_now_ns(c->server->run);
        holm_pump_ready(&c->pump);
        return;
    }
    c->exchange->gives_way = true;
    holm_pump_ready(c->exchange->waiter);
}

/* Up to max clients in a state give way, those that dawdle; answers how many. */
static size_t crowd_out(struct holm_http_server *server, enum holm_http__state state, size_t max)
{
    uint64_t now_ns = holm_run_now_ns(server->run);
    size_t count = 0;

    for (struct holm_http__connection *c = server->open; c != NULL && count < max; c = c->next) {
        uint64_t since_ns = waits_since(c, state);
        if (since_ns == 0 || now_ns - since_ns < HOLM_HTTP_GIVE_WAY_NS)
            continue;
        give_way(c);
        count++;
    }
    return count;
}

static size_t pumps_of(const struct holm_ready *ready)
{
    size_t count = 0;

    for (const struct holm_pump *p = ready->first; p != NULL; p = p->next)
        count++;
    return count;
}

/* For each request that waits for a place, and for each chunk that is missing or waited for, one client
 * that dawdles gives way; for chunks first one that has no handler any more. */
static void crowd_look(struct holm_http_server *server)
{
    size_t places = pumps_of(&server->waiting);
    size_t chunks = holm_http__chunks_short(server);

    server->crowd.fired = false;
    if (places + chunks > 0)
        holm_http__crowd(server);
    if (chunks > 0)
        chunks += pumps_of(&server->image->chunks->waiting);
    chunks -= crowd_out(server, HOLM_HTTP__SENDING, chunks);
    (void)crowd_out(server, HOLM_HTTP__HANDLED, places > chunks ? places : chunks);
}

static void server_pump(struct holm_pump *pump, void *context)
{
    struct holm_http_server *server = context;

    (void)pump;
    accept_all(server);
    holm_http__exchange_offer(server);
    if (server->crowd.fired)
        crowd_look(server);
    holm_gauge_set(&connections_now, server->now.connections);
    if (server->stopping || server->run->turn.stops > 0)
        stop_look(server);
}

static enum holm_result defaults_set(struct holm_http_options *options, const struct holm_run *run)
{
    if (options->connections_max == 0)
        options->connections_max = 1024;
    if (options->requests_max == 0)
        options->requests_max = run->tasks_max / 4 * 3 + 1;
    if (options->limits.head_bytes == 0)
        options->limits.head_bytes = HOLM_HTTP_SERVER_HEAD_MAX;
    if (options->limits.head_ns == 0)
        options->limits.head_ns = http_head_timeout;
    if (options->limits.idle_ns == 0)
        options->limits.idle_ns = http_idle_timeout;
    if (options->send_rate == 0)
        options->send_rate = 256;
    if (options->send_ns == 0)
        options->send_ns = 60000000000;
    if (options->stop_ns == 0)
        options->stop_ns = 10000000000;
    if (options->limits.head_bytes > HOLM_HTTP_SERVER_HEAD_MAX)
        return HOLM_ERR_INVALID;
    for (size_t i = 0; i < options->routes_count; i++) {
        if (!holm_bytes_is(HOLM_NTH(options->routes, options->routes_count, i).pattern, 0, '/'))
            return HOLM_ERR_INVALID;
    }
    return HOLM_OK;
}

/* Places are not touched before they are needed, so that they cost no memory until then. */
static enum holm_result pools_make(struct holm_http_server *server, struct holm_arena *arena)
{
    uint32_t connections = server->options.connections_max + HOLM_HTTP_REFUSALS_MAX;
    uint32_t requests = server->options.requests_max;

    server->connections = HOLM_ARENA_ARRAY(arena, struct holm_http__connection, connections);
    server->exchanges = HOLM_ARENA_ARRAY(arena, struct holm_http_exchange, requests);
    server->now.requests_free = requests;
    return server->connections != NULL && server->exchanges != NULL ? HOLM_OK : HOLM_ERR_NO_MEMORY;
}

/* Says where a browser finds the server: with port 0 the host chose. Of all addresses of a network that is not the
 * host's only the port is known here. */
static void tell(const struct holm_listener *listener)
{
    const struct holm_endpoint *local = &listener->local;
    uint8_t bytes[80];
    struct holm_buffer url = HOLM_BUFFER(bytes);
    bool is_any = local->address.family == HOLM_IP_NONE || holm_ip_is_any(&local->address);

    if (is_any && !listener->is_host)
        HOLM_LOG_INFO("http", "serving", HOLM_FIELD_U64("port", local->port));
    else if (holm_buffer_bytes(&url, HOLM_TEXT("http://")) &&
             (is_any ? holm_buffer_bytes(&url, HOLM_TEXT("localhost:")) &&
                           holm_text_u64_emit(&url, local->port)
                     : holm_text_endpoint_emit(&url, local)) &&
             holm_buffer_u8(&url, '/'))
        HOLM_LOG_INFO("http", "serving", HOLM_FIELD_TEXT("url", holm_buffer_filled(&url)));
}

enum holm_result holm_http_start(struct holm_http_server **server, struct holm_image *image,
                                 struct holm_listener *listener,
                                 const struct holm_http_options *options)
{
    struct holm_http_server *made = HOLM_ARENA_NEW(image->arena, struct holm_http_server);
    enum holm_result result;

    if (made == NULL)
        return HOLM_ERR_NO_MEMORY;
    made->image = image;
    made->run = image->run;
    made->listener = listener;
    made->options = *options;
    made->now.started_ns = holm_run_now_ns(image->run);
    result = defaults_set(&made->options, image->run);
    if (result != HOLM_OK)
        return result;
    result = pools_make(made, image->arena);
    if (result != HOLM_OK)
        return result;
    holm_http_common_init(&made->common, true, &made->options.limits);
    holm_pump_init(&made->pump, &image->run->ready, server_pump, made);
    made->now.listening = true;
    listener->in.pump = &made->pump;
    made->stopper.wake.pump = &made->pump;
    holm_image_on_stop(image, &made->stopper);
    holm_pump_ready(&made->pump);
    tell(listener);
    *server = made;
    return HOLM_OK;
}

struct holm_http_server_state holm_http_server_now(const struct holm_http_server *server)
{
    return server->now;
}
