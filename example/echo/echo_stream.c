/* SPDX-License-Identifier: ISC */
/* echo_stream.c: the services over TCP. Each connection has a pump, not a task: it needs no stack. */
#include "echo.h"

/* How often a connection is served before the others have their turn. */
#define STEPS 32
/* Ten times all lines: what is lent at a time. */
#define LETTERS_TIMES 10

struct server;

struct connection {
    struct connection *next; /* free */
    struct server *server;
    struct holm_flow *flow;
    struct holm_pump pump;
};

struct server {
    struct holm_image *image;
    struct holm_listener *listener;
    struct holm_pump pump;
    struct connection *free;
    enum echo_service service;
    uint32_t made, max;
};

static uint8_t letters[LETTERS_TIMES * ECHO_LINES * ECHO_LINE_BYTES];

struct holm_bytes echo_letters(void)
{
    struct holm_buffer out = HOLM_BUFFER(letters);
    bool fits = letters[0] == 0;

    for (uint32_t line = 0; fits; line++) {
        for (uint32_t i = 0; i < ECHO_LINE_BYTES - 2 && fits; i++)
            fits = holm_buffer_u8(&out, (uint8_t)(' ' + (line + i) % ECHO_LINES));
        fits = fits && holm_buffer_bytes(&out, HOLM_TEXT("\r\n"));
    }
    return HOLM_BLOB(letters);
}

static void connection_close(struct connection *c)
{
    holm_pump_stop(&c->pump);
    holm_flow_close(c->flow);
    c->next = c->server->free;
    c->server->free = c;
}

/* Sends back what came, as much as there is room for. */
static enum holm_result echo_step(struct holm_flow *flow)
{
    struct holm_span in = { 0 };
    struct holm_buffer out = { 0 };
    struct holm_bytes part;
    enum holm_result result = holm_flow_peek(flow, &in, 1);

    if (result == HOLM_OK)
        result = holm_flow_room(flow, &out, 1);
    if (result != HOLM_OK)
        return result;
    size_t len = in.len < out.size ? in.len : out.size;
    holm_assert(holm_bytes_part(holm_span_bytes(in), 0, len, &part));
    holm_assert(holm_buffer_bytes(&out, part));
    holm_flow_give(flow, &out);
    holm_flow_take(flow, len);
    return HOLM_OK;
}

static enum holm_result discard_step(struct holm_flow *flow)
{
    struct holm_span in = { 0 };
    enum holm_result result = holm_flow_peek(flow, &in, 1);

    if (result == HOLM_OK)
        holm_flow_take(flow, in.len);
    return result;
}

/* What comes is thrown away meanwhile; letters are sent until the peer ends or breaks the connection. */
static enum holm_result chargen_step(struct holm_flow *flow)
{
    enum holm_result result = discard_step(flow);

    return result == HOLM_AGAIN ? holm_flow_lend(flow, echo_letters(), NULL) : result;
}

static enum holm_result step(struct connection *c)
{
    switch (c->server->service) {
    case ECHO_ECHO:
        return echo_step(c->flow);
    case ECHO_DISCARD:
        return discard_step(c->flow);
    case ECHO_CHARGEN:
        return chargen_step(c->flow);
    }
    return HOLM_ERR_INVALID;
}

static void connection_run(struct holm_pump *pump, void *context)
{
    struct connection *c = context;
    enum holm_result result = HOLM_OK;

    for (uint32_t i = 0; i < STEPS && result == HOLM_OK; i++)
        result = step(c);
    if (result == HOLM_OK) {
        holm_pump_ready(pump);
        return;
    }
    if (result == HOLM_AGAIN)
        return;
    if (result == HOLM_END)
        (void)holm_flow_finish(c->flow);
    connection_close(c);
}

static struct connection *connection_new(struct server *server)
{
    struct connection *c = server->free;

    if (c != NULL) {
        server->free = c->next;
        return c;
    }
    if (server->made == server->max)
        return NULL;
    c = HOLM_ARENA_NEW(server->image->arena, struct connection);
    if (c != NULL)
        server->made += 1;
    return c;
}

static void server_run(struct holm_pump *pump, void *context)
{
    struct server *server = context;
    struct holm_flow *flow = NULL;

    (void)pump;
    while (holm_listener_accept(server->listener, &flow) == HOLM_OK) {
        struct connection *c = connection_new(server);
        if (c == NULL) {
            holm_flow_close(flow);
            continue;
        }
        c->server = server;
        c->flow = flow;
        holm_pump_init(&c->pump, &server->image->run->ready, connection_run, c);
        flow->in.pump = &c->pump;
        flow->out.pump = &c->pump;
        holm_pump_ready(&c->pump);
    }
}

enum holm_result echo_streams_start(struct holm_image *image, struct holm_listener *listener,
                                    enum echo_service service, uint32_t max)
{
    struct server *server = HOLM_ARENA_NEW(image->arena, struct server);

    if (server == NULL)
        return HOLM_ERR_NO_MEMORY;
    *server =
        (struct server){ .image = image, .listener = listener, .service = service, .max = max };
    holm_pump_init(&server->pump, &image->run->ready, server_run, server);
    listener->in.pump = &server->pump;
    holm_pump_ready(&server->pump);
    return HOLM_OK;
}
