/* SPDX-License-Identifier: ISC */
/* Tests of a server whose listener has no room, or fails. */
#include <holm/log.h>
#include <holm/test.h>

#include "http_world.h"

static uint8_t said_bytes[4096];
static struct holm_buffer said;

static void keep(struct holm_log_sink *sink, const struct holm_log_record *record)
{
    (void)sink;
    CHECK(holm_log_record_emit(&said, record));
}

static struct holm_log_sink sink = { .write = keep };

static bool was_said(struct holm_bytes text)
{
    struct holm_bytes all = holm_buffer_filled(&said), part;

    for (size_t at = 0; holm_bytes_part(all, at, text.len, &part); at++)
        if (holm_bytes_equal(part, text))
            return true;
    return false;
}
#define SAID(text) was_said(HOLM_TEXT(text))

static enum holm_result hello(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("hello\n"));
}

static const struct holm_http_route routes[] = { HOLM_HTTP_ROUTE(GET, "/kept", hello, NULL) };

static bool full;

static enum holm_result fault(void *context, enum holm_model_call what,
                              struct holm_model_flow *flow)
{
    (void)context;
    (void)flow;
    return full && what == HOLM_MODEL_ACCEPT ? HOLM_ERR_NO_MEMORY : HOLM_OK;
}

static void begin(void)
{
    full = false;
    world_options.fault = fault;
    said = HOLM_BUFFER(said_bytes);
    holm_log_open(&sink, HOLM_LOG_LEVEL_WARNING);
    world_serve(&(struct holm_http_options){ .routes = routes, .routes_count = 1 });
    world_join(&world.line);
    CHECK(world_kept());
    CHECK_IS(said.len, 0);
}

static void end(void)
{
    world_close();
    holm_log_open(NULL, HOLM_LOG_LEVEL_WARNING);
}

TEST(a_listener_that_fails_is_told_of_and_closed_and_clients_are_served_on)
{
    static const enum holm_result errors[] = { HOLM_END, HOLM_ERR_IO, HOLM_ERR_RESET };

    for (size_t i = 0; i < HOLM_COUNT(errors); i++) {
        begin();
        CHECK(holm_http_server_now(world.server).listening);
        holm_model_listener_fail(world.listener, HOLM_AT(errors, i));
        world_run();
        CHECK(SAID("listener failed") && SAID("port=80 "));
        CHECK(!holm_http_server_now(world.server).listening);
        CHECK_IS(holm_listener_accept(world.listener, &(struct holm_flow *){ NULL }), HOLM_END);
        CHECK(world_kept());
        end();
    }
}

TEST(a_listener_without_room_is_asked_again_and_nobody_is_lost)
{
    static struct world_line late;

    begin();
    full = true;
    world_join(&late);
    full = false; /* of which nothing rings */
    CHECK(SAID("no room for another connection") && !SAID("listener failed"));
    CHECK(holm_http_server_now(world.server).listening);
    CHECK_IS(holm_http_server_now(world.server).connections, 1);
    world_sleep(HOLM_HTTP_ACCEPT_AGAIN_NS + HOLM_TIMER_TICK_NS);
    CHECK_IS(holm_http_server_now(world.server).connections, 2);
    world_say(&late, HOLM_TEXT("GET /kept HTTP/1.1\r\nHost: a\r\n\r\n"));
    world_hear(&late);
    CHECK(late.got.len > 0);
    world_leave(&late);
    end();
}
