/* SPDX-License-Identifier: ISC */
/* Tests of what handlers do, over model flows: parameters, middleware, redirects, trailers, files,
 * the hand-over of a connection. */
#include <holm/test.h>

#include "http_world.h"
#include "tar_make.h"

#define HOST " HTTP/1.1\r\nHost: a\r\n"

static uint8_t walked_bytes[64];
static struct holm_buffer walked;
static struct holm_http_files files;

static void walk(char letter)
{
    CHECK(holm_buffer_u8(&walked, (uint8_t)letter));
}

static enum holm_result hello(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    walk('h');
    return holm_http_text(exchange, HOLM_TEXT("hello"));
}

static enum holm_result before_a(struct holm_http_exchange *exchange,
                                 const struct holm_http_step *step)
{
    (void)step;
    walk('a');
    return holm_http_add(exchange, HOLM_TEXT("X-Step"), HOLM_TEXT("a"));
}

static enum holm_result after_a(struct holm_http_exchange *exchange,
                                const struct holm_http_step *step)
{
    (void)exchange;
    (void)step;
    walk('A');
    return HOLM_OK;
}

/* The step's context is what it answers. */
static enum holm_result before_b(struct holm_http_exchange *exchange,
                                 const struct holm_http_step *step)
{
    const enum holm_result *answer = step->context;

    walk('b');
    if (*answer != HOLM_END)
        return *answer;
    CHECK_IS(holm_http_status(exchange, 429), HOLM_OK);
    return HOLM_END;
}

static enum holm_result after_b(struct holm_http_exchange *exchange,
                                const struct holm_http_step *step)
{
    (void)exchange;
    (void)step;
    walk('B');
    return HOLM_OK;
}

static enum holm_result b_answers;
static const struct holm_http_step steps[] = {
    { .before = before_a, .after = after_a },
    { 0 },
    { .before = before_b, .after = after_b, .context = &b_answers },
};

static enum holm_result params(struct holm_http_exchange *exchange, const void *context)
{
    uint8_t bytes[128];
    struct holm_buffer text = HOLM_BUFFER(bytes);
    struct holm_bytes value = HOLM_TEXT("none");

    (void)context;
    CHECK(holm_http_param(exchange, HOLM_TEXT("id"), &value) && holm_buffer_bytes(&text, value));
    CHECK(holm_http_param(exchange, HOLM_TEXT("*"), &value));
    CHECK(holm_buffer_u8(&text, ' ') && holm_buffer_bytes(&text, value));
    CHECK(!holm_http_param(exchange, HOLM_TEXT("no"), &value));
    value = HOLM_TEXT("none");
    (void)holm_http_query(exchange, HOLM_TEXT("q"), &value);
    CHECK(holm_buffer_u8(&text, ' ') && holm_buffer_bytes(&text, value));
    return holm_http_text(exchange, holm_buffer_filled(&text));
}

static enum holm_result redirects(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_redirect(exchange, 303, HOLM_TEXT("/a\r\nX: y")), HOLM_ERR_MALFORMED);
    return holm_http_redirect(exchange, 303, HOLM_TEXT("/hello"));
}

/* Answers with the trailer of the request, in one of the response. */
static enum holm_result trailers(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_bytes piece, value = HOLM_TEXT("none");
    enum holm_result result;

    (void)context;
    while ((result = holm_http_read(exchange, &piece)) == HOLM_OK)
        CHECK(!holm_http_trailer(exchange, HOLM_TEXT("sum"), &value));
    if (result != HOLM_END)
        return result;
    (void)holm_http_trailer(exchange, HOLM_TEXT("sum"), &value);
    CHECK_IS(holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED), HOLM_OK);
    CHECK_IS(holm_http_write(exchange, HOLM_TEXT("x")), HOLM_OK);
    return holm_http_add(exchange, HOLM_TEXT("Sum"), value);
}

/* Much that is lent, and a trailer behind it. */
static enum holm_result lends(struct holm_http_exchange *exchange, const void *context)
{
    static const uint8_t much[50000] = { 0 };

    (void)context;
    CHECK_IS(holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED), HOLM_OK);
    CHECK_IS(holm_http_lend(exchange, HOLM_BLOB(much)), HOLM_OK);
    return holm_http_add(exchange, HOLM_TEXT("Sum"), HOLM_TEXT("7"));
}

static enum holm_result adds_too_late(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_text(exchange, HOLM_TEXT("hello")), HOLM_OK);
    CHECK_IS(holm_http_add(exchange, HOLM_TEXT("X"), HOLM_TEXT("y")), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_begin(exchange, 200, 0), HOLM_ERR_INVALID);
    return HOLM_OK;
}

static enum holm_result events(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_event(exchange, HOLM_TEXT(""), HOLM_TEXT("1")), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_events(exchange), HOLM_OK);
    CHECK_IS(holm_http_event(exchange, HOLM_TEXT("a\nb"), HOLM_TEXT("1")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_event(exchange, HOLM_TEXT("n"), HOLM_TEXT("1")), HOLM_OK);
    return holm_http_event(exchange, HOLM_TEXT(""), HOLM_TEXT("2"));
}

/* Takes the connection over, and sends back what comes, in brackets. */
static enum holm_result take_over(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_bytes protocol = *(const struct holm_bytes *)context;
    struct holm_flow *flow = NULL;
    struct holm_span in = { 0 };
    enum holm_result result = holm_http_take_over(exchange, protocol, &flow);

    if (result == HOLM_ERR_INVALID)
        return holm_http_status(exchange, 400);
    if (result != HOLM_OK)
        return result;
    while ((result = holm_flow_await(flow, &in, 1, HOLM_TIMER_NEVER)) == HOLM_OK) {
        CHECK_IS(holm_flow_write(flow, HOLM_TEXT("["), HOLM_TIMER_NEVER), HOLM_OK);
        CHECK_IS(holm_flow_write(flow, holm_span_bytes(in), HOLM_TIMER_NEVER), HOLM_OK);
        CHECK_IS(holm_flow_write(flow, HOLM_TEXT("]"), HOLM_TIMER_NEVER), HOLM_OK);
        holm_flow_take(flow, in.len);
    }
    return result == HOLM_END ? HOLM_OK : result;
}

static const struct holm_bytes echo = { (const uint8_t *)"echo", 4 };
static const struct holm_bytes tunnel = { (const uint8_t *)"", 0 };

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(GET, "/hello", hello, NULL),
    HOLM_HTTP_ROUTE(GET, "/kept", hello, NULL),
    HOLM_HTTP_ROUTE(GET, "/user/:id/*", params, NULL),
    HOLM_HTTP_ROUTE(GET, "/redirects", redirects, NULL),
    HOLM_HTTP_ROUTE(POST, "/trailers", trailers, NULL),
    HOLM_HTTP_ROUTE(GET, "/lends", lends, NULL),
    HOLM_HTTP_ROUTE(GET, "/late", adds_too_late, NULL),
    HOLM_HTTP_ROUTE(GET, "/events", events, NULL),
    HOLM_HTTP_ROUTE(GET, "/metrics", holm_http_metrics, NULL),
    HOLM_HTTP_ROUTE(GET, "/echo", take_over, &echo),
    HOLM_HTTP_ROUTE(POST, "/echo", take_over, &echo),
    HOLM_HTTP_ROUTE(CONNECT, "/", take_over, &tunnel),
    HOLM_HTTP_ROUTE(GET, "/files/*", holm_http_files, &files),
    { .pattern = HOLM_TEXT("/steps"),
      .handler = hello,
      .steps = steps,
      .steps_count = HOLM_COUNT(steps) },
};

static void begin(void)
{
    walked = HOLM_BUFFER(walked_bytes);
    world_serve(
        &(struct holm_http_options){ .routes = routes, .routes_count = HOLM_COUNT(routes) });
}

TEST(steps_are_walked_in_order_and_back)
{
    begin();
    b_answers = HOLM_OK;
    CHECK_IS(ASK("GET /steps" HOST "\r\n"), 200);
    CHECK_BYTES(holm_buffer_filled(&walked), HOLM_TEXT("abhBA"));
    CHECK(HAS("\r\nX-Step: a\r\n"));
    world_close();
}

TEST(a_step_that_answers_ends_the_walk_and_those_before_it_hear_of_it)
{
    begin();
    b_answers = HOLM_END;
    CHECK_IS(ASK("GET /steps" HOST "\r\n"), 429);
    CHECK_BYTES(holm_buffer_filled(&walked), HOLM_TEXT("abA"));
    CHECK(world_kept());
    world_close();
}

TEST(a_step_that_fails_is_500)
{
    begin();
    b_answers = HOLM_ERR_IO;
    CHECK_IS(ASK("GET /steps" HOST "\r\n"), 500);
    CHECK_BYTES(holm_buffer_filled(&walked), HOLM_TEXT("ab"));
    CHECK(world_kept());
    world_close();
}

TEST(parameters_are_decoded_parts_of_the_path)
{
    begin();
    CHECK_IS(ASK("GET /user/A%20b/c/d%3f?x=1&q=%41+b" HOST "\r\n"), 200);
    CHECK(HAS("\r\n\r\nA b c/d? A b"));
    CHECK_IS(ASK("GET /user/1/?q=%zz" HOST "\r\n"), 200);
    CHECK(HAS("\r\n\r\n1  none"));
    CHECK_IS(ASK("GET /user//x" HOST "\r\n"), 404);
    world_close();
}

TEST(a_redirect_has_a_location_and_nothing_else_can_get_into_it)
{
    begin();
    CHECK_IS(ASK("GET /redirects" HOST "\r\n"), 303);
    CHECK(HAS("\r\nLocation: /hello\r\n") && !HAS("X: y") && world_kept());
    world_close();
}

TEST(trailers_come_and_go_behind_the_body)
{
    begin();
    CHECK_IS(ASK("POST /trailers" HOST "Transfer-Encoding: chunked\r\n\r\n"
                 "3\r\nabc\r\n0\r\nA: b\r\nsUm: 294\r\n\r\n"),
             200);
    CHECK(HAS("\r\n\r\n1\r\nx\r\n0\r\nSum: 294\r\n\r\n") && world_kept());
    CHECK_IS(ASK("POST /trailers" HOST "Content-Length: 3\r\n\r\nabc"), 200);
    CHECK(HAS("\r\n\r\n1\r\nx\r\n0\r\nSum: none\r\n\r\n") && world_kept());
    CHECK_IS(ASK("POST /trailers HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"), 200);
    CHECK(HAS("\r\n\r\nx") && !HAS("Sum") && world.line.ended);
    world_close();
}

TEST(trailers_wait_for_what_was_lent)
{
    begin();
    CHECK_IS(ASK("GET /lends" HOST "\r\n"), 200);
    CHECK(HAS("\r\n\r\nc350\r\n") && HAS("\r\n0\r\nSum: 7\r\n\r\n") && world_kept());
    world_close();
}

TEST(a_trailer_that_may_not_be_one_is_refused)
{
    begin();
    CHECK_IS(ASK("POST /trailers" HOST "Transfer-Encoding: chunked\r\n\r\n"
                 "0\r\nContent-Length: 9\r\n\r\n"),
             400);
    CHECK(!world_kept());
    world_close();
}

TEST(what_was_begun_can_neither_be_added_to_nor_begun_again)
{
    begin();
    CHECK_IS(ASK("GET /late" HOST "\r\n"), 200);
    CHECK(world_kept());
    world_close();
}

TEST(events_are_lines_of_a_stream)
{
    begin();
    CHECK_IS(ASK("GET /events" HOST "\r\n"), 200);
    CHECK(HAS("\r\nContent-Type: text/event-stream\r\n"));
    CHECK(HAS("event: n\ndata: 1\n\n") && HAS("\r\ndata: 2\n\n"));
    CHECK(world_kept());
    world_close();
}

TEST(an_upgrade_hands_the_connection_over_with_the_bytes_that_came_behind)
{
    begin();
    CHECK_IS(ASK("GET /echo" HOST "Connection: upgrade\r\nUpgrade: echo\r\n\r\nearly"), 101);
    CHECK(HAS("\r\nUpgrade: echo\r\n") && HAS("\r\nConnection: upgrade\r\n"));
    CHECK(HAS("\r\n\r\n[early]"));
    SAY("GET / HTTP/1.1\r\n\r\n");
    CHECK(HAS("[early][GET / HTTP/1.1\r\n\r\n]"));
    world_sleep(100000000000); /* no time-out of HTTP holds any more */
    SAY("late");
    CHECK(HAS("[late]"));
    CHECK_IS(holm_flow_finish(world.line.flow), HOLM_OK);
    world_run();
    CHECK(world.line.ended);
    world_close();
}

TEST(metrics_count_answers_by_their_class)
{
    begin();
    CHECK_IS(ASK("GET /echo" HOST "Connection: upgrade\r\nUpgrade: echo\r\n\r\n"), 101);
    world_leave(&world.line);
    CHECK_IS(ASK("GET /none" HOST "\r\n"), 404);
    CHECK_IS(ASK("GET /metrics" HOST "\r\n"), 200);
    CHECK(HAS("holm_http_responses_total{class=\"1xx\"} "));
    CHECK(!HAS("holm_http_responses_total{class=\"1xx\"} 0\n"));
    CHECK(HAS("holm_http_responses_total{class=\"4xx\"} "));
    CHECK(world_kept());
    world_close();
}

TEST(an_upgrade_after_a_body_and_in_pieces_of_one_byte)
{
    begin();
    world.piece_bytes = 1;
    CHECK_IS(ASK("POST /echo" HOST "Connection: upgrade\r\nUpgrade: echo\r\nContent-Length: 3\r\n"
                 "\r\nabcde"),
             101);
    CHECK(HAS("[d][e]"));
    world.piece_bytes = 0;
    world_close();
}

TEST(connect_becomes_a_tunnel)
{
    begin();
    CHECK_IS(ASK("CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\nearly"), 200);
    CHECK(HAS("\r\n\r\n[early]") && !HAS("Content-Length") && !HAS("Connection"));
    SAY("x");
    CHECK(HAS("[x]"));
    world_close();
}

TEST(who_does_not_offer_the_protocol_keeps_http)
{
    begin();
    CHECK_IS(ASK("GET /echo" HOST "\r\n"), 400);
    CHECK(world_kept());
    CHECK_IS(ASK("GET /echo HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"), 400);
    CHECK_IS(ASK("GET /hello" HOST "Connection: upgrade\r\nUpgrade: echo\r\n\r\n"), 200);
    CHECK(world_kept());
    CHECK_IS(ASK("GET /echo" HOST "Connection: upgrade\r\nUpgrade: other, echoes\r\n\r\n"), 400);
    CHECK(!HAS("\r\nUpgrade: ") && world_kept());
    CHECK_IS(ASK("GET /echo" HOST "Connection: upgrade\r\nUpgrade: other\r\n"
                 "Upgrade: more, Echo\r\n\r\n"),
             101);
    world_close();
}

static uint8_t tar_bytes[1 << 14];

static void begin_files(void)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);

    begin();
    tar_add(&tar, HOLM_TEXT("a.txt"), '0', HOLM_TEXT("0123456789"));
    tar_add(&tar, HOLM_TEXT("d/index.html"), '0', HOLM_TEXT("<p>"));
    tar_fill(&tar, 2 * TAR_BLOCK);
    CHECK_IS(holm_http_files_open(&files, &world.arena, holm_buffer_filled(&tar)), HOLM_OK);
}

TEST(a_range_is_206_with_its_place_and_several_are_parts)
{
    begin_files();
    CHECK_IS(ASK("GET /files/a.txt" HOST "Range: bytes=2-4\r\n\r\n"), 206);
    CHECK(HAS("\r\nContent-Range: bytes 2-4/10\r\n") && HAS("\r\n\r\n234") && world_kept());
    CHECK_IS(ASK("GET /files/a.txt" HOST "Range: bytes=-3\r\n\r\n"), 206);
    CHECK(HAS("\r\n\r\n789"));
    CHECK_IS(ASK("GET /files/a.txt" HOST "Range: bytes=0-1, 8-\r\n\r\n"), 206);
    CHECK(HAS("\r\nContent-Type: multipart/byteranges; boundary="));
    CHECK(HAS("\r\nContent-Range: bytes 0-1/10\r\n\r\n01\r\n"));
    CHECK(HAS("\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n") && world_kept());
    world_close();
}

TEST(a_range_past_the_end_is_416_and_one_that_is_none_is_not_heeded)
{
    begin_files();
    CHECK_IS(ASK("GET /files/a.txt" HOST "Range: bytes=10-\r\n\r\n"), 416);
    CHECK(HAS("\r\nContent-Range: bytes */10\r\n") && world_kept());
    CHECK_IS(ASK("GET /files/a.txt" HOST "Range: lines=1-2\r\n\r\n"), 200);
    CHECK_IS(ASK("GET /files/a.txt" HOST "Range: bytes=2-4\r\nRange: bytes=5-6\r\n\r\n"), 200);
    CHECK_IS(ASK("HEAD /files/a.txt" HOST "Range: bytes=1-2\r\n\r\n"), 200);
    CHECK_IS(ASK("GET /files/a.txt" HOST "Range: bytes=1-2\r\nIf-Range: \"x\"\r\n\r\n"), 200);
    world_close();
}

TEST(files_heed_conditions)
{
    begin_files();
    CHECK_IS(ASK("GET /files/a.txt" HOST "If-None-Match: *\r\n\r\n"), 304);
    CHECK(HAS("\r\nETag: ") && !HAS("\r\nContent-Type"));
    CHECK(world_kept());
    CHECK_IS(ASK("GET /files/a.txt" HOST "If-Match: \"x\"\r\n\r\n"), 412);
    CHECK_IS(
        ASK("GET /files/a.txt" HOST "If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT\r\n\r\n"),
        304);
    CHECK_IS(
        ASK("GET /files/a.txt" HOST "If-Modified-Since: Sun, 09 Sep 2001 01:46:39 GMT\r\n\r\n"),
        200);
    world_close();
}

TEST(a_file_is_not_younger_than_the_answer_that_brings_it)
{
    begin_files();
    world.run->turn.utc_ns = 784111777000000000; /* the files are of 2001 */
    CHECK_IS(ASK("GET /files/a.txt" HOST "\r\n"), 200);
    CHECK(HAS("\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    CHECK(HAS("\r\nContent-Type: text/plain") && HAS("\r\nETag: ") && !HAS("\r\nVary: "));
    CHECK(HAS("\r\n\r\n0123456789") && world_kept());
    CHECK_IS(ASK("GET /files/a.txt" HOST "If-None-Match: *\r\n\r\n"), 304);
    CHECK(HAS("\r\nLast-Modified: Sun, 06 Nov 1994 ") && !HAS("\r\nContent-Type"));
    world.run->turn.utc_ns = 1500000000000000000;
    CHECK_IS(ASK("GET /files/a.txt" HOST "\r\n"), 200);
    CHECK(HAS("\r\nLast-Modified: Sun, 09 Sep 2001 01:46:40 GMT\r\n"));
    world_close();
}

TEST(a_folder_is_its_index_and_without_its_slash_a_redirect)
{
    begin_files();
    CHECK_IS(ASK("GET /files/d/" HOST "\r\n"), 200);
    CHECK(HAS("\r\n\r\n<p>"));
    CHECK_IS(ASK("GET /files/d?x=y" HOST "\r\n"), 308);
    CHECK(HAS("\r\nLocation: /files/d/?x=y\r\n"));
    CHECK_IS(ASK("GET /files/none" HOST "\r\n"), 404);
    CHECK_IS(ASK("PUT /files/a.txt" HOST "Content-Length: 0\r\n\r\n"), 405);
    world_close();
}
