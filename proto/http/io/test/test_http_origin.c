/* SPDX-License-Identifier: ISC */
/* Tests of what RFC 9110 asks of an origin server beyond the statuses of wrong requests, over model
 * flows. */
#include <holm/test.h>

#include "http_world.h"

#define HOST " HTTP/1.1\r\nHost: a\r\n"

static enum holm_result hello(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("hello\n"));
}

/* The clock goes on while this handler works. */
static enum holm_result takes_a_second(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    world.run->turn.utc_ns += 1000000000;
    return holm_http_text(exchange, HOLM_TEXT("hello\n"));
}

static enum holm_result resets(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_begin(exchange, 205, 1), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_begin(exchange, 205, HOLM_HTTP_STREAMED), HOLM_ERR_INVALID);
    return holm_http_status(exchange, 205);
}

/* Tells what goes on for as long as somebody listens. */
static enum holm_result tells(struct holm_http_exchange *exchange, const void *context)
{
    enum holm_result result = holm_http_events(exchange);

    (void)context;
    while (result == HOLM_OK) {
        result = holm_http_event(exchange, HOLM_TEXT(""), HOLM_TEXT("1"));
        if (result == HOLM_OK)
            result = holm_task_sleep(holm_run_now_ns(world.run) + 1000000000);
    }
    return result;
}

/* Does not end, and waits for nobody but the client. */
static enum holm_result endless(struct holm_http_exchange *exchange, const void *context)
{
    static const uint8_t much[50000] = { 0 };
    enum holm_result result = holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);
    bool lends = context != NULL;

    while (result == HOLM_OK)
        result = lends ? holm_http_lend(exchange, HOLM_BLOB(much))
                       : holm_http_write(exchange, HOLM_TEXT("and so on, "));
    return result;
}

/* Begins its answer before it reads. */
static enum holm_result echoes(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_bytes piece;
    enum holm_result result = holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);

    (void)context;
    while (result == HOLM_OK && (result = holm_http_read(exchange, &piece)) == HOLM_OK)
        result = holm_http_write(exchange, piece);
    return result == HOLM_END ? HOLM_OK : result;
}

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(POST, "/echoes", echoes, NULL),
    HOLM_HTTP_ROUTE(GET, "/endless", endless, NULL),
    HOLM_HTTP_ROUTE(GET, "/endless/lent", endless, routes),
    HOLM_HTTP_ROUTE(GET, "/tells", tells, NULL),
    HOLM_HTTP_ROUTE(POST, "/resets", resets, NULL),
    HOLM_HTTP_ROUTE(GET, "/second", takes_a_second, NULL),
    HOLM_HTTP_ROUTE(GET, "/kept", hello, NULL),
};

static void begin(void)
{
    world_serve(
        &(struct holm_http_options){ .routes = routes, .routes_count = HOLM_COUNT(routes) });
}

TEST(what_https_names_is_not_answered_in_the_open)
{
    begin();
    CHECK_IS(ASK("GET http://b/kept" HOST "\r\n"), 200);
    CHECK_IS(ASK("GET https://b/kept" HOST "\r\n"), 421);
    CHECK(world_kept());
    world_close();
}

TEST(a_date_is_when_the_head_was_made_whoever_made_it)
{
    begin();
    world.run->turn.utc_ns = 784111777000000000;
    CHECK_IS(ASK("GET /kept\r\n\r\n"), 400); /* the first answer of all */
    CHECK(HAS("\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    CHECK_IS(ASK("GET /kept" HOST "\r\n"), 200);
    world.run->turn.utc_ns += 60000000000;
    CHECK_IS(ASK("GET /kept\r\n\r\n"), 400);
    CHECK(HAS("\r\nDate: Sun, 06 Nov 1994 08:50:37 GMT\r\n"));
    CHECK_IS(ASK("GET /second" HOST "\r\n"), 200);
    CHECK(HAS("\r\nDate: Sun, 06 Nov 1994 08:50:38 GMT\r\n"));
    world.run->turn.utc_uncertainty_ns = 2000000000;
    CHECK_IS(ASK("GET /kept" HOST "\r\n"), 200);
    CHECK(!HAS("\r\nDate: "));
    world_close();
}

TEST(a_reset_has_no_content)
{
    begin();
    CHECK_IS(ASK("POST /resets" HOST "\r\n"), 205);
    CHECK(HAS("\r\nContent-Length: 0\r\n") && HAS("\r\n\r\n"));
    CHECK(!HAS("Reset Content\n") && world_kept());
    world_close();
}

TEST(head_of_a_body_without_an_end_is_answered_and_over)
{
    begin();
    CHECK_IS(ASK("HEAD /endless" HOST "\r\n"), 200);
    CHECK(world_kept());
    CHECK_IS(ASK("HEAD /endless/lent" HOST "\r\n"), 200);
    CHECK(world_kept());
    CHECK_IS(ASK("HEAD /tells" HOST "\r\n"), 200);
    CHECK(HAS("\r\nContent-Type: text/event-stream\r\n") && !HAS("data: "));
    CHECK_IS(holm_http_server_now(world.server).requests_in_hand, 0);
    CHECK(world_kept());
    world_close();
}

#define EXPECTS "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"

TEST(a_body_that_is_held_back_is_not_waited_for_once_the_answer_began)
{
    begin();
    CHECK_IS(ASK("POST /echoes" HOST EXPECTS), 200);
    CHECK(HAS("\r\nConnection: close\r\n"));
    world_sleep(5000000000);
    SAY("abc"); /* a client may send it all the same */
    CHECK(HAS("3\r\nabc\r\n0\r\n\r\n") && world.line.ended);
    CHECK_IS(ASK("POST /echoes" HOST EXPECTS), 200);
    world_sleep(11000000000);
    CHECK_IS(holm_http_server_now(world.server).requests_in_hand, 0);
    CHECK(world.line.broken);
    world_close();
}

TEST(an_answer_that_leaves_much_of_a_body_says_that_it_is_the_last)
{
    begin();
    CHECK_IS(ASK("PUT /kept" HOST "Content-Length: 65536\r\n\r\n"), 405);
    CHECK(!HAS("\r\nConnection: close\r\n") && !world.line.ended);
    CHECK_IS(ASK("PUT /kept" HOST "Content-Length: 65537\r\n\r\n"), 405);
    CHECK(HAS("\r\nConnection: close\r\n") && world.line.ended);
    world_close();
}
