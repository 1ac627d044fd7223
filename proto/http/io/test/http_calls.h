/* SPDX-License-Identifier: ISC */
/* http_calls.h: a client's calls over model flows, for tests that are the server. Hosted. */
#pragma once

#include <holm/http/client.h>
#include <holm/test.h>

#include "http_world.h"

enum { CALLS = 2, BODY_MAX = 4096 };

static struct holm_http_client *client;
static struct holm_scope scope;
static struct holm_listener *other; /* of another place */

/* What the task of a call does, and what came of it. */
static struct call {
    struct holm_http_ask ask;
    struct holm_bytes pieces[2]; /* of the body */
    size_t pieces_count;
    struct holm_http_fields *late; /* gets a trailer before the body ends */
    enum holm_result written, result;
    uint16_t status;
    bool done;
    struct holm_buffer body;
    struct holm_buffer url;
    struct holm_buffer trailer;
    uint8_t body_bytes[BODY_MAX];
    uint8_t url_bytes[HOLM_HTTP_URL_MAX];
    uint8_t trailer_bytes[64];
} call;

static inline void keep(struct holm_buffer *out, struct holm_bytes bytes)
{
    CHECK(holm_buffer_bytes(out, bytes));
}

static inline enum holm_result answer_read(struct holm_http_call *made)
{
    struct holm_bytes piece;
    enum holm_result result = holm_http_call_response(made, &call.status);

    while (result == HOLM_OK && (result = holm_http_call_read(made, &piece)) == HOLM_OK)
        keep(&call.body, piece);
    if (result == HOLM_END && holm_http_call_trailer(made, HOLM_TEXT("sum"), &piece))
        keep(&call.trailer, piece);
    keep(&call.url, holm_http_call_url(made));
    return result == HOLM_END ? HOLM_OK : result;
}

static inline enum holm_result run_call(struct holm_task *task, void *context)
{
    struct holm_http_call *made = NULL;

    (void)task;
    (void)context;
    call.result = holm_http_call_begin(&made, client, &call.ask);
    call.written = call.result;
    for (size_t i = 0; i < call.pieces_count && call.written == HOLM_OK; i++)
        call.written = holm_http_call_write(made, HOLM_AT(call.pieces, i));
    if (call.late != NULL)
        CHECK_IS(holm_http_fields_add(call.late, HOLM_TEXT("Sum"), HOLM_TEXT("9")), HOLM_OK);
    if (call.written >= 0)
        call.result = answer_read(made);
    holm_http_call_end(made);
    call.done = true;
    return HOLM_OK;
}

static inline struct holm_listener *listen_at(uint16_t port)
{
    const struct holm_endpoint local = { .port = port };
    struct holm_network *network = &world.network.network;
    struct holm_open open = { 0 };
    struct holm_listener *listener = NULL;

    CHECK_IS(network->ops->listen(network, &open, &listener, &local), HOLM_OK);
    listener->in.pump = &world.waker;
    return listener;
}

static inline void begin(void)
{
    world_open();
    scope = (struct holm_scope){ 0 };
    world.listener = listen_at(WORLD_PORT);
    other = listen_at(81);
    CHECK_IS(holm_http_client_open(&client, &world.image, &world.network.network,
                                   &(struct holm_http_client_options){ .calls_max = CALLS }),
             HOLM_OK);
}

/* Starts a call, and runs until it waits. */
static inline void start(const struct holm_http_ask *ask)
{
    call.ask = *ask;
    call.done = false;
    call.status = 0;
    call.written = HOLM_AGAIN;
    call.body = HOLM_BUFFER(call.body_bytes);
    call.url = HOLM_BUFFER(call.url_bytes);
    call.trailer = HOLM_BUFFER(call.trailer_bytes);
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("call"), run_call, NULL), HOLM_OK);
    world_run();
}

static inline void end(void)
{
    CHECK(call.done);
    call.pieces_count = 0;
    call.late = NULL;
    world_leave(&world.line);
    for (uint32_t i = 0; i < world.network.options.flows_max; i++)
        if (HOLM_NTH(world.network.flows, world.network.options.flows_max, i).used)
            holm_model_flow_fail(
                &HOLM_NTH(world.network.flows, world.network.options.flows_max, i).flow,
                HOLM_ERR_RESET);
    CHECK_IS(world.run->tasks_count, 0);
    holm_arena_end(&world.arena);
}

/* The usual: a GET that is connected, and whose request the test has read. */
static inline void start_get(void)
{
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/a?b"), .redirects = 3 });
    world_take(&world.line, world.listener);
}

static inline struct holm_bytes body(void)
{
    return holm_buffer_filled(&call.body);
}

/* The call is done, and well; with this status and body. */
#define CHECK_ANSWER(wanted_status, text)                                                          \
    do {                                                                                           \
        CHECK(call.done);                                                                          \
        CHECK_IS(call.result, HOLM_OK);                                                            \
        CHECK_IS(call.status, wanted_status);                                                      \
        CHECK_BYTES(body(), HOLM_TEXT(text));                                                      \
    } while (0)

/* A POST of two pieces; length 0: streamed. */
static inline void start_post(enum holm_http_method method, uint64_t length)
{
    HOLM_AT(call.pieces, 0) = HOLM_TEXT("hello ");
    HOLM_AT(call.pieces, 1) = HOLM_TEXT("world");
    call.pieces_count = 2;
    start(&(struct holm_http_ask){ .method = method,
                                   .url = HOLM_TEXT("http://192.0.2.1/up"),
                                   .has_body = true,
                                   .streamed = length == 0,
                                   .length = length,
                                   .redirects = 3 });
    world_take(&world.line, world.listener);
}
