/* SPDX-License-Identifier: ISC */
/* Tests of the server over model flows: which status each wrong request gets, and what becomes of
 * its connection. */
#include <holm/test.h>

#include "../../../../run/test/fake_turn.h"
#include "http_world.h"

static enum holm_result hello(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("hello\n"));
}

/* Answers the length of the body, read to its end. */
static enum holm_result count(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_bytes piece;
    enum holm_result result;
    uint8_t bytes[24];
    struct holm_buffer text = HOLM_BUFFER(bytes);
    uint64_t len = 0;

    (void)context;
    while ((result = holm_http_read(exchange, &piece)) == HOLM_OK)
        len += piece.len;
    if (result != HOLM_END)
        return result;
    CHECK(holm_http_number_emit(&text, len));
    return holm_http_text(exchange, holm_buffer_filled(&text));
}

static enum holm_result fails(struct holm_http_exchange *exchange, const void *context)
{
    (void)exchange;
    (void)context;
    return HOLM_ERR_IO;
}

static enum holm_result fails_late(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_begin(exchange, 200, 100), HOLM_OK);
    CHECK_IS(holm_http_write(exchange, HOLM_TEXT("half")), HOLM_OK);
    return HOLM_ERR_IO;
}

static enum holm_result writes_less(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_begin(exchange, 200, 100), HOLM_OK);
    return holm_http_write(exchange, HOLM_TEXT("half"));
}

static enum holm_result streams(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED), HOLM_OK);
    if (holm_http_write(exchange, HOLM_TEXT("one")) == HOLM_END)
        return HOLM_END; /* to HEAD */
    return holm_http_write(exchange, HOLM_TEXT("three"));
}

static enum holm_result endless(struct holm_http_exchange *exchange, const void *context)
{
    enum holm_result result = holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);

    (void)context;
    while (result == HOLM_OK)
        result = holm_http_write(exchange, HOLM_TEXT("and so on, "));
    return result;
}

/* The whole of a request, as a handler sees it. */
static enum holm_result echo(struct holm_http_exchange *exchange, const void *context)
{
    uint8_t bytes[256];
    struct holm_buffer text = HOLM_BUFFER(bytes);

    (void)context;
    CHECK(holm_buffer_bytes(&text, holm_http_method_text(holm_http_method(exchange))));
    CHECK(holm_buffer_u8(&text, ' ') && holm_buffer_bytes(&text, holm_http_host(exchange)));
    CHECK(holm_buffer_u8(&text, ' ') && holm_buffer_bytes(&text, holm_http_path(exchange)));
    CHECK(holm_buffer_u8(&text, ' ') && holm_buffer_bytes(&text, holm_http_query_string(exchange)));
    return holm_http_text(exchange, holm_buffer_filled(&text));
}

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(GET, "/", hello, NULL),
    HOLM_HTTP_ROUTE(GET, "/kept", hello, NULL),
    HOLM_HTTP_ROUTE(POST, "/count", count, NULL),
    HOLM_HTTP_ROUTE(PUT, "/count", count, NULL),
    HOLM_HTTP_ROUTE(POST, "/early", hello, NULL),
    HOLM_HTTP_ROUTE(GET, "/fails", fails, NULL),
    HOLM_HTTP_ROUTE(GET, "/fails_late", fails_late, NULL),
    HOLM_HTTP_ROUTE(GET, "/less", writes_less, NULL),
    HOLM_HTTP_ROUTE(GET, "/streams", streams, NULL),
    HOLM_HTTP_ROUTE(GET, "/endless", endless, NULL),
    HOLM_HTTP_ROUTE(GET, "/echo/*", echo, NULL),
};

static const struct holm_http_options usual = { .routes = routes,
                                                .routes_count = HOLM_COUNT(routes),
                                                .connections_max = 4,
                                                .limits = { .head_ns = 10000000000,
                                                            .idle_ns = 60000000000,
                                                            .body_bytes = 1000,
                                                            .target_bytes = 200,
                                                            .field_count = 5 } };

#define HOST " HTTP/1.1\r\nHost: a\r\n"

/* A wrong request gets its status once, and nothing behind it is answered. */
static void refused(struct holm_bytes request, unsigned status)
{
    world.piece_bytes = 0;
    CHECK_IS(world_ask(request), status);
    CHECK(HAS("\r\nConnection: close\r\n") && !world_kept());
    CHECK_IS(world_count(HOLM_TEXT("HTTP/1.1 ")), 1);
    world.piece_bytes = 1;
    CHECK_IS(world_ask(request), status);
    CHECK(!world_kept());
    world.piece_bytes = 0;
}
#define REFUSED(text, status) refused(HOLM_TEXT(text "GET /" HOST "\r\n"), status)

TEST(a_request_is_answered_and_its_connection_kept)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET /" HOST "\r\n"), 200);
    CHECK_BYTES(world_got(&world.line), HOLM_TEXT("HTTP/1.1 200 OK\r\n"
                                                  "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                                                  "Content-Length: 6\r\n"
                                                  "Content-Type: text/plain; charset=utf-8\r\n"
                                                  "\r\nhello\n"));
    CHECK(world_kept());
    world_close();
}

TEST(malformed_requests_get_400_and_the_connection_ends)
{
    world_serve(&usual);
    REFUSED("GET / HTTP/1.1\r\n\r\n", 400);
    REFUSED("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
    REFUSED("GET /" HOST "A : b\r\n\r\n", 400);
    REFUSED("GET /" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    REFUSED("GET /" HOST "Transfer-Encoding: xchunked\r\n\r\n", 400);
    world_close();
}

TEST(a_path_that_could_mean_two_things_gets_400_and_the_connection_stays)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET /a%2fb" HOST "\r\n"), 400);
    CHECK(world_kept());
    CHECK_IS(ASK("GET /../a" HOST "\r\n"), 400);
    CHECK(world_kept());
    world_close();
}

TEST(what_is_no_http_is_refused_before_a_line_feed_comes)
{
    world_serve(&usual);
    for (size_t step = 0; step < 2; step++) {
        world.piece_bytes = step;
        CHECK_IS(ASK("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400); /* TLS */
        CHECK(world.line.ended);
        CHECK_IS(ASK("GET /\xff"), 400);
        CHECK(world.line.ended);
        CHECK_IS(ASK("GET /"), 0);
        CHECK(!world.line.ended);
    }
    world.piece_bytes = 0;
    world_close();
}

TEST(a_body_that_breaks_off_into_nonsense_gets_400)
{
    world_serve(&usual);
    REFUSED("POST /count" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", 400);
    world_close();
}

TEST(what_no_route_has_is_404_and_the_connection_stays)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET /none" HOST "\r\n"), 404);
    CHECK(world_kept());
    CHECK_IS(ASK("POST /none" HOST "Content-Length: 3\r\n\r\nabc"), 404);
    CHECK(world_kept());
    world_close();
}

TEST(a_method_that_the_path_has_not_is_405_with_those_it_has)
{
    world_serve(&usual);
    CHECK_IS(ASK("DELETE /count" HOST "\r\n"), 405);
    CHECK(HAS("\r\nAllow: POST, PUT, OPTIONS\r\n"));
    CHECK(world_kept());
    CHECK_IS(ASK("PATCH /" HOST "Content-Length: 0\r\n\r\n"), 405);
    CHECK(HAS("\r\nAllow: GET, HEAD, OPTIONS\r\n"));
    CHECK(world_kept());
    world_close();
}

TEST(a_method_that_nobody_knows_is_501_and_a_coding_too)
{
    world_serve(&usual);
    CHECK_IS(ASK("BREW /" HOST "\r\n"), 501);
    CHECK(world_kept());
    CHECK_IS(ASK("TRACE /" HOST "\r\n"), 501);
    CHECK(world_kept());
    REFUSED("POST /count" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501);
    REFUSED("AMETHODTHATISMUCHLONGERTHANANYONECOULDEVERNEEDIT /" HOST "\r\n", 501);
    world_close();
}

TEST(a_head_that_does_not_come_to_its_end_gets_408)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET /" HOST), 0);
    world_sleep(9000000000);
    CHECK_IS(world_status(), 0);
    world_sleep(2000000000);
    CHECK_IS(world_status(), 408);
    CHECK(world.line.ended);
    world_close();
}

TEST(a_body_that_does_not_come_gets_408)
{
    world_serve(&usual);
    CHECK_IS(ASK("POST /count" HOST "Content-Length: 10\r\n\r\nabc"), 0);
    world_sleep(11000000000);
    CHECK_IS(world_status(), 408);
    CHECK(world.line.ended);
    world_close();
}

TEST(an_idle_connection_is_closed_without_a_word)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET /" HOST "\r\n"), 200);
    world_sleep(61000000000);
    CHECK(world.line.ended && !world.line.broken);
    CHECK_IS(world_count(HOLM_TEXT("HTTP/1.1 ")), 1);
    world_close();
}

TEST(a_body_over_the_limit_gets_413_announced_or_not)
{
    static const uint8_t long_bytes[1200] = { 0 };
    struct holm_bytes piece = HOLM_BLOB(long_bytes);

    world_serve(&usual);
    REFUSED("POST /count" HOST "Content-Length: 1001\r\n\r\n", 413);
    CHECK_IS(ASK("POST /count" HOST "Transfer-Encoding: chunked\r\n\r\n4b0\r\n"), 0);
    world_say(&world.line, piece);
    CHECK_IS(world_status(), 413);
    CHECK(world.line.ended);
    REFUSED("POST /count" HOST "Content-Length: 99999999999999999999999\r\n\r\n", 413);
    world_close();
}

#define TEN "aaaaaaaaaa"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

TEST(a_target_over_the_limit_gets_414_and_fields_over_theirs_431)
{
    world_serve(&usual);
    REFUSED("GET /" HUNDRED HUNDRED HOST "\r\n", 414);
    REFUSED("GET /" HOST "A: b\r\nC: d\r\nE: f\r\nG: h\r\nI: j\r\n\r\n", 431);
    world_close();
}

TEST(a_head_over_the_limit_gets_414_in_its_first_line_and_431_after_it)
{
    static uint8_t bytes[HOLM_HTTP_SERVER_HEAD_MAX + 64];
    struct holm_buffer text = HOLM_BUFFER(bytes);

    world_serve(&usual);
    CHECK(holm_buffer_bytes(&text, HOLM_TEXT("GET /")));
    holm_span_fill(holm_buffer_room(&text), 'a');
    CHECK_IS(world_ask(HOLM_BLOB(bytes)), 414);
    CHECK(world.line.ended);
    text = HOLM_BUFFER(bytes);
    CHECK(holm_buffer_bytes(&text, HOLM_TEXT("GET /" HOST "A: ")));
    holm_span_fill(holm_buffer_room(&text), 'a');
    CHECK_IS(world_ask(HOLM_BLOB(bytes)), 431);
    CHECK(world.line.ended);
    world_close();
}

TEST(an_expectation_that_nobody_knows_gets_417)
{
    world_serve(&usual);
    REFUSED("POST /count" HOST "Content-Length: 3\r\nExpect: the-best\r\n\r\nabc", 417);
    world_close();
}

TEST(another_version_gets_505)
{
    world_serve(&usual);
    REFUSED("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505);
    REFUSED("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    world_close();
}

TEST(a_handler_that_fails_is_500_and_one_that_fails_late_cuts_the_connection)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET /fails" HOST "\r\n"), 500);
    CHECK(world_kept());
    (void)ASK("GET /fails_late" HOST "\r\n"); /* the reset may overtake what was sent */
    CHECK(world.line.broken);
    (void)ASK("GET /less" HOST "\r\n");
    CHECK(world.line.broken);
    world_close();
}

TEST(over_connections_max_a_client_is_told_503_and_when_to_come_again)
{
    static struct world_line others[4];

    world_serve(&usual);
    for (size_t i = 0; i < HOLM_COUNT(others); i++)
        world_join(&HOLM_AT(others, i));
    CHECK_IS(ASK("GET /" HOST "\r\n"), 503);
    CHECK(HAS("\r\nRetry-After: 1\r\n") && HAS("\r\nConnection: close\r\n") && world.line.ended);
    for (size_t i = 0; i < HOLM_COUNT(others); i++)
        world_leave(&HOLM_AT(others, i));
    CHECK_IS(ASK("GET /" HOST "\r\n"), 200);
    world_close();
}

TEST(without_a_task_for_it_a_request_gets_503)
{
    static struct world_line slow[8]; /* as many as there are tasks */
    struct holm_http_options options = usual;

    options.requests_max = 16;
    options.connections_max = 16;
    world_serve(&options);
    for (size_t i = 0; i < HOLM_COUNT(slow); i++) {
        world_join(&HOLM_AT(slow, i));
        world_say(&HOLM_AT(slow, i), HOLM_TEXT("POST /count" HOST "Content-Length: 3\r\n\r\n"));
    }
    CHECK_IS(holm_http_server_now(world.server).requests_in_hand, 8);
    CHECK_IS(ASK("GET /" HOST "\r\n"), 503);
    CHECK(HAS("\r\nRetry-After: 1\r\n") && world.line.ended);
    for (size_t i = 0; i < HOLM_COUNT(slow); i++)
        world_leave(&HOLM_AT(slow, i));
    CHECK_IS(ASK("GET /" HOST "\r\n"), 200);
    world_close();
}

TEST(a_request_that_finds_no_place_waits_for_one)
{
    static struct world_line slow;
    struct holm_http_options options = usual;

    options.requests_max = 1;
    world_serve(&options);
    world_join(&slow);
    world_say(&slow, HOLM_TEXT("POST /count" HOST "Content-Length: 3\r\n\r\n"));
    CHECK_IS(ASK("GET /" HOST "\r\n"), 0);
    world_say(&slow, HOLM_TEXT("abc"));
    CHECK_IS(world_status(), 200);
    world_leave(&slow);
    world_close();
}

TEST(a_client_that_takes_nothing_gives_way_when_another_waits)
{
    static struct world_line slow;
    struct holm_http_options options = usual;

    options.requests_max = 1;
    world_serve(&options);
    world_join(&slow);
    world_say(&slow, HOLM_TEXT("GET /endless" HOST "\r\n"));
    world_sleep(HOLM_HTTP_GIVE_WAY_NS); /* as long as nobody waits it may */
    CHECK_IS(holm_http_server_now(world.server).requests_in_hand, 1);
    CHECK_IS(ASK("GET /" HOST "\r\n"), 0);
    world_sleep(HOLM_HTTP_GIVE_WAY_NS + HOLM_TIMER_TICK_NS);
    CHECK_IS(world_status(), 200);
    world_leave(&slow);
    world_close();
}

TEST(uploads_have_half_of_the_places)
{
    static struct world_line slow;
    struct holm_http_options options = usual;

    options.requests_max = 2;
    world_serve(&options);
    world_join(&slow);
    world_say(&slow, HOLM_TEXT("POST /count" HOST "Content-Length: 3\r\n\r\n"));
    CHECK_IS(ASK("POST /count" HOST "Content-Length: 3\r\n\r\nabc"), 503);
    CHECK(HAS("\r\nRetry-After: "));
    CHECK_IS(ASK("GET /" HOST "\r\n"), 200);
    world_say(&slow, HOLM_TEXT("abc"));
    CHECK_IS(ASK("POST /count" HOST "Content-Length: 3\r\n\r\nabc"), 200);
    world_leave(&slow);
    world_close();
}

TEST(a_body_that_is_expected_is_asked_for_when_the_handler_reads)
{
    world_serve(&usual);
    CHECK_IS(ASK("POST /count" HOST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"), 100);
    CHECK_BYTES(world_got(&world.line), HOLM_TEXT("HTTP/1.1 100 Continue\r\n\r\n"));
    SAY("abc");
    CHECK_IS(world_status(), 200);
    CHECK(HAS("\r\n\r\n3") && world_kept());
    world_close();
}

TEST(a_body_that_is_not_wanted_is_not_asked_for)
{
    world_serve(&usual);
    CHECK_IS(ASK("POST /none" HOST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"), 404);
    CHECK(!HAS("100 Continue") && HAS("Connection: close") && !world_kept());
    world_close();
}

TEST(a_body_that_came_with_the_head_is_not_asked_for)
{
    world_serve(&usual);
    CHECK_IS(ASK("POST /count HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"),
             200);
    CHECK(!HAS("100 Continue") && world.line.ended);
    world_close();
}

TEST(what_a_handler_leaves_of_a_body_is_passed_over_if_it_is_little)
{
    struct holm_http_options options = usual;

    options.limits.discard_bytes = 10;
    world_serve(&options);
    CHECK_IS(ASK("POST /early" HOST "Content-Length: 5\r\n\r\nGET /"), 200);
    CHECK(world_kept());
    CHECK_IS(world_count(HOLM_TEXT("HTTP/1.1 ")), 2);
    CHECK_IS(ASK("POST /early" HOST "Content-Length: 50\r\n\r\nGET /" HOST), 200);
    CHECK(!world_kept());
    world_close();
}

TEST(bodies_come_with_a_length_in_chunks_and_empty)
{
    world_serve(&usual);
    CHECK_IS(ASK("POST /count" HOST "Content-Length: 5\r\n\r\nabcde"), 200);
    CHECK(HAS("\r\n\r\n5") && world_kept());
    CHECK_IS(ASK("POST /count" HOST "Transfer-Encoding: chunked\r\n\r\n"
                 "3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nA: b\r\n\r\n"),
             200);
    CHECK(HAS("\r\n\r\n7") && world_kept());
    CHECK_IS(ASK("POST /count" HOST "\r\n"), 200);
    CHECK(HAS("\r\n\r\n0") && world_kept());
    world_close();
}

TEST(a_client_that_ends_within_its_body_is_left)
{
    world_serve(&usual);
    CHECK_IS(ASK("POST /count" HOST "Content-Length: 5\r\n\r\nabc"), 0);
    CHECK_IS(holm_flow_finish(world.line.flow), HOLM_OK);
    world_run();
    CHECK(world.line.ended || world.line.broken);
    CHECK_IS(world_status(), 0);
    world_close();
}

TEST(a_streamed_body_goes_in_chunks_and_to_an_old_client_until_the_end)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET /streams" HOST "\r\n"), 200);
    CHECK(HAS("\r\nTransfer-Encoding: chunked\r\n"));
    CHECK(HAS("\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n") && world_kept());
    CHECK_IS(ASK("GET /streams HTTP/1.0\r\n\r\n"), 200);
    CHECK(HAS("\r\n\r\nonethree") && !HAS("chunked") && world.line.ended);
    world_close();
}

TEST(http_1_0_ends_the_connection_unless_it_asks_to_keep_it)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET / HTTP/1.0\r\n\r\n"), 200);
    CHECK(HAS("\r\nConnection: close\r\n") && world.line.ended);
    CHECK_IS(ASK("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 200);
    CHECK(HAS("\r\nConnection: keep-alive\r\n") && world_kept());
    CHECK_IS(ASK("GET /" HOST "Connection: close\r\n\r\n"), 200);
    CHECK(HAS("\r\nConnection: close\r\n") && world.line.ended);
    world_close();
}

TEST(head_is_get_without_the_body)
{
    world_serve(&usual);
    CHECK_IS(ASK("HEAD /" HOST "\r\n"), 200);
    CHECK(HAS("\r\nContent-Length: 6\r\n") && !HAS("hello") && world_kept());
    CHECK_IS(ASK("HEAD /streams" HOST "\r\n"), 200);
    CHECK(HAS("\r\nTransfer-Encoding: chunked\r\n") && !HAS("three") && world_kept());
    CHECK_IS(ASK("HEAD /none" HOST "\r\n"), 404);
    CHECK(!HAS("404 Not Found\n") && world_kept());
    world_close();
}

TEST(options_tells_the_methods_of_a_path_and_with_a_star_of_none)
{
    world_serve(&usual);
    CHECK_IS(ASK("OPTIONS /count" HOST "\r\n"), 204);
    CHECK(HAS("\r\nAllow: POST, PUT, OPTIONS\r\n") && !HAS("Content-Length") && world_kept());
    CHECK_IS(ASK("OPTIONS *" HOST "\r\n"), 204);
    CHECK(!HAS("Allow") && world_kept());
    CHECK_IS(ASK("OPTIONS /none" HOST "\r\n"), 404);
    REFUSED("GET *" HOST "\r\n", 400);
    world_close();
}

TEST(the_host_of_an_absolute_target_wins_over_the_field)
{
    world_serve(&usual);
    CHECK_IS(ASK("GET http://b:81/echo/x?y=z" HOST "\r\n"), 200);
    CHECK(HAS("\r\n\r\nGET b:81 /echo/x y=z"));
    CHECK_IS(ASK("GET /echo/./w/../%78?" HOST "\r\n"), 200);
    CHECK(HAS("\r\n\r\nGET a /echo/x "));
    CHECK_IS(ASK("GET http://b" HOST "\r\n"), 200);
    CHECK(HAS("hello"));
    world_close();
}

TEST(requests_in_a_row_are_answered_in_order_whatever_their_pieces)
{
    world_serve(&usual);
    for (size_t step = 0; step < 12; step++) {
        world.piece_bytes = step;
        CHECK_IS(ASK("GET /echo/1" HOST "\r\nPOST /count" HOST "Content-Length: 2\r\n\r\nab"
                     "GET /echo/3" HOST "Connection: close\r\n\r\nGET /echo/4" HOST "\r\n"),
                 200);
        CHECK_IS(world_count(HOLM_TEXT("HTTP/1.1 200 OK\r\n")), 3);
        CHECK(HAS("/echo/1 ") && HAS("\r\n\r\n2") && HAS("/echo/3 ") && !HAS("/echo/4"));
        CHECK(world.line.ended);
    }
    world.piece_bytes = 0;
    world_close();
}

TEST(a_pattern_that_is_none_and_a_limit_past_its_bound_do_not_start)
{
    static const struct holm_http_route wrong[] = { HOLM_HTTP_ROUTE(GET, "a", hello, NULL) };
    struct holm_http_options options = { .routes = wrong, .routes_count = 1 };
    struct holm_http_server *server = NULL;

    world_open();
    struct holm_listener listener = { 0 };
    CHECK_IS(holm_http_start(&server, &world.image, &listener, &options), HOLM_ERR_INVALID);
    options = (struct holm_http_options){ .limits.head_bytes = HOLM_HTTP_SERVER_HEAD_MAX + 1 };
    CHECK_IS(holm_http_start(&server, &world.image, &listener, &options), HOLM_ERR_INVALID);
    options = (struct holm_http_options){ .connections_max = 1000000 };
    CHECK_IS(holm_http_start(&server, &world.image, &listener, &options), HOLM_ERR_NO_MEMORY);
    world_close();
}

TEST(a_stop_lets_the_request_in_hand_finish_and_idle_clients_ask_once_more)
{
    static struct world_line idle, late;
    struct holm_span in = { 0 };

    world_serve(&usual);
    world_join(&idle);
    world_join(&late);
    CHECK_IS(ASK("POST /count" HOST "Content-Length: 3\r\n\r\na"), 0);
    fake.stops = 1;
    holm_wake_ring(&world.image.stoppers->wake);
    world_run();
    world_sleep(HOLM_TIMER_TICK_NS); /* the listener had its last look */
    CHECK(world.image.stoppers->busy);
    SAY("bc");
    CHECK_IS(world_status(), 200);
    CHECK(HAS("\r\nConnection: close\r\n") && world.line.ended);
    world_say(&late, HOLM_TEXT("GET /" HOST "\r\n"));
    CHECK_IS(holm_flow_peek(late.flow, &in, 1), HOLM_OK);
    CHECK_IS(holm_flow_peek(idle.flow, &in, 1), HOLM_AGAIN);
    CHECK(world.image.stoppers->busy);
    world_sleep(500000000 + HOLM_TIMER_TICK_NS);
    CHECK_IS(holm_flow_peek(idle.flow, &in, 1), HOLM_END);
    CHECK(!world.image.stoppers->busy);
    world_leave(&late);
    world_leave(&idle);
    world_close();
}
