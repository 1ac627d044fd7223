/* SPDX-License-Identifier: ISC */
/* Tests of the client over model flows: the test is the server. */
#include "http_calls.h"

TEST(a_request_is_sent_and_its_response_read)
{
    begin();
    start_get();
    CHECK(HAS("GET /a?b HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: holm/"));
    CHECK_IS(world_count(HOLM_TEXT("\r\n")), 4);
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    CHECK(!call.done);
    SAY("lo");
    CHECK_ANSWER(200, "hello");
    end();
}

TEST(bodies_come_in_chunks_with_trailers_and_up_to_the_end)
{
    begin();
    start_get();
    SAY("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n"
        "Sum: 17\r\n\r\n");
    CHECK_ANSWER(200, "hello");
    CHECK_BYTES(holm_buffer_filled(&call.trailer), HOLM_TEXT("17"));
    world_leave(&world.line);
    start_get();
    SAY("HTTP/1.0 200 OK\r\n\r\nhello");
    CHECK(!call.done);
    CHECK_IS(holm_flow_finish(world.line.flow), HOLM_OK);
    world_run();
    CHECK_ANSWER(200, "hello");
    end();
}

TEST(a_response_that_breaks_off_is_told)
{
    static const struct {
        struct holm_bytes text;
        enum holm_result result;
    } cases[] = {
        { HOLM_TEXT(""), HOLM_ERR_TRUNCATED },
        { HOLM_TEXT("HTTP/1.1 200 OK\r\n"), HOLM_ERR_TRUNCATED },
        { HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"), HOLM_ERR_TRUNCATED },
        { HOLM_TEXT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n"),
          HOLM_ERR_TRUNCATED },
    };

    begin();
    for (size_t i = 0; i < HOLM_COUNT(cases); i++) {
        start_get();
        world_say(&world.line, HOLM_AT(cases, i).text);
        CHECK_IS(holm_flow_finish(world.line.flow), HOLM_OK);
        world_run();
        CHECK(call.done);
        CHECK_IS(call.result, HOLM_AT(cases, i).result);
        world_leave(&world.line);
    }
    start_get();
    SAY("HTTP/1.1 200 OK\r\n\r\nhel");
    world_leave(&world.line); /* without an orderly end */
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_RESET);
    end();
}

TEST(responses_that_are_none_are_refused)
{
    static const struct holm_bytes wrong[] = {
        HOLM_TEXT("SSH-2.0-x\r\n\r\n"),
        HOLM_TEXT("HTTP/1.1 20 OK\r\n\r\n"),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n"),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nA : b\r\n\r\n"),
        HOLM_TEXT("HTTP/1.1 200 OK\nA: b\n\n"),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        HOLM_TEXT("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    };

    begin();
    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        start_get();
        world_say(&world.line, HOLM_AT(wrong, i));
        CHECK(call.done);
        CHECK_IS(call.result, HOLM_ERR_MALFORMED);
        CHECK(world.line.ended || world.line.broken);
        world_leave(&world.line);
    }
    end();
}

TEST(a_head_over_the_limit_is_refused)
{
    static uint8_t long_bytes[HOLM_HTTP_CLIENT_HEAD_MAX];

    begin();
    start_get();
    SAY("HTTP/1.1 200 OK\r\nA: ");
    holm_span_fill((struct holm_span){ long_bytes, sizeof long_bytes }, 'a');
    world_say(&world.line, HOLM_BLOB(long_bytes));
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_LIMIT);
    end();
}

TEST(interim_responses_are_passed_over_up_to_a_limit)
{
    begin();
    start_get();
    SAY("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
    CHECK(!call.done);
    SAY("HTTP/1.1 204 No Content\r\n\r\n");
    CHECK_ANSWER(204, "");
    world_leave(&world.line);
    start_get();
    for (int i = 0; i <= HOLM_HTTP_INTERIM_MAX; i++)
        SAY("HTTP/1.1 102 Processing\r\n\r\n");
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_LIMIT);
    end();
}

TEST(head_and_304_have_no_body)
{
    begin();
    start(
        &(struct holm_http_ask){ .method = HOLM_HTTP_HEAD, .url = HOLM_TEXT("http://192.0.2.1") });
    world_take(&world.line, world.listener);
    CHECK(HAS("HEAD / HTTP/1.1\r\n"));
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    CHECK_ANSWER(200, "");
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1") });
    SAY("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
    CHECK_ANSWER(304, "");
    end();
}

TEST(a_body_is_sent_with_its_length_or_in_chunks)
{
    begin();
    start_post(HOLM_HTTP_PUT, 11);
    CHECK(HAS("PUT /up HTTP/1.1\r\n") && HAS("\r\nContent-Length: 11\r\n"));
    CHECK(HAS("\r\n\r\nhello world"));
    SAY("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    CHECK_ANSWER(201, "");
    world_leave(&world.line);
    start_post(HOLM_HTTP_POST, 0);
    CHECK(HAS("\r\nTransfer-Encoding: chunked\r\n"));
    CHECK(HAS("\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"));
    SAY("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    CHECK_ANSWER(201, "");
    end();
}

TEST(a_body_of_another_length_than_announced_is_an_error)
{
    begin();
    start_post(HOLM_HTTP_PUT, 10);
    CHECK(call.done);
    CHECK_IS(call.written, HOLM_ERR_LIMIT);
    world_leave(&world.line);
    start_post(HOLM_HTTP_PUT, 12);
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_TRUNCATED);
    end();
}

TEST(a_trailer_may_be_known_when_the_body_ends)
{
    static uint8_t lines[64];
    struct holm_http_fields trailers;

    begin();
    holm_http_fields_init(&trailers, (struct holm_span){ lines, sizeof lines });
    call.late = &trailers;
    HOLM_AT(call.pieces, 0) = HOLM_TEXT("x");
    call.pieces_count = 1;
    start(&(struct holm_http_ask){ .method = HOLM_HTTP_PUT,
                                   .url = HOLM_TEXT("http://192.0.2.1/"),
                                   .has_body = true,
                                   .streamed = true,
                                   .trailers = &trailers });
    world_take(&world.line, world.listener);
    CHECK(HAS("\r\n\r\n1\r\nx\r\n0\r\nSum: 9\r\n\r\n"));
    SAY("HTTP/1.1 204 No Content\r\n\r\n");
    CHECK_ANSWER(204, "");
    end();
}

TEST(a_server_that_answers_before_the_body_has_come_is_heard)
{
    static uint8_t much[200000];

    begin();
    world.line.deaf = true;
    HOLM_AT(call.pieces, 0) = HOLM_BLOB(much);
    call.pieces_count = 1;
    start(&(struct holm_http_ask){ .method = HOLM_HTTP_PUT,
                                   .url = HOLM_TEXT("http://192.0.2.1/up"),
                                   .has_body = true,
                                   .length = sizeof much });
    world_take(&world.line, world.listener);
    CHECK(!call.done);
    SAY("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno\n");
    CHECK_IS(call.written, HOLM_END);
    CHECK_ANSWER(413, "no\n");
    world.line.deaf = false;
    end();
}

/* A redirect of a request, and what the request to the new place begins with. */
static void redirected(enum holm_http_method method, struct holm_bytes head, bool follows,
                       struct holm_bytes next)
{
    start_post(method, 11);
    world_say(&world.line, head);
    CHECK_IS(call.done, !follows);
    if (follows) {
        CHECK(world_has(next) && world_count(HOLM_TEXT("hello")) == 1);
        SAY("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        CHECK_ANSWER(200, "ok");
    }
    world_leave(&world.line);
}
#define LEADS(status)                                                                              \
    HOLM_TEXT("HTTP/1.1 " status " x\r\nLocation: /n\r\nContent-Length: 0\r\n\r\n")

TEST(a_redirect_to_get_leaves_the_body_and_one_that_needs_it_again_is_not_followed)
{
    begin();
    redirected(HOLM_HTTP_POST, LEADS("301"), true, HOLM_TEXT("GET /n HTTP/1.1\r\n"));
    redirected(HOLM_HTTP_POST, LEADS("302"), true, HOLM_TEXT("GET /n HTTP/1.1\r\n"));
    redirected(HOLM_HTTP_POST, LEADS("303"), true, HOLM_TEXT("GET /n HTTP/1.1\r\n"));
    redirected(HOLM_HTTP_PUT, LEADS("303"), true, HOLM_TEXT("GET /n HTTP/1.1\r\n"));
    redirected(HOLM_HTTP_PUT, LEADS("302"), false, HOLM_TEXT(""));
    redirected(HOLM_HTTP_POST, LEADS("307"), false, HOLM_TEXT(""));
    CHECK_IS(call.status, 307);
    redirected(HOLM_HTTP_POST, LEADS("300"), false, HOLM_TEXT(""));
    end();
}

TEST(redirects_are_followed_on_the_same_connection_up_to_their_limit)
{
    begin();
    start_get();
    for (int i = 0; i < 3; i++) {
        SAY("HTTP/1.1 308 x\r\nLocation: b?c\r\nContent-Length: 4\r\n\r\nmove");
        CHECK(!call.done);
    }
    CHECK_IS(world_count(HOLM_TEXT("GET /b?c HTTP/1.1\r\n")), 3);
    SAY("HTTP/1.1 308 x\r\nLocation: b\r\nContent-Length: 0\r\n\r\n");
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_LIMIT);
    world_leave(&world.line);
    start_get();
    SAY("HTTP/1.1 301 x\r\nLocation: https://192.0.2.1/\r\nContent-Length: 0\r\n\r\n");
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_UNSUPPORTED);
    end();
}

TEST(fields_are_not_sent_on_to_another_place)
{
    static uint8_t lines[64];
    struct holm_http_fields fields;

    begin();
    holm_http_fields_init(&fields, (struct holm_span){ lines, sizeof lines });
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("Authorization"), HOLM_TEXT("x")), HOLM_OK);
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("Host"), HOLM_TEXT("x")), HOLM_ERR_INVALID);
    start(&(struct holm_http_ask){
        .url = HOLM_TEXT("http://192.0.2.1/"), .fields = &fields, .redirects = 2 });
    world_take(&world.line, world.listener);
    CHECK(HAS("\r\nAuthorization: x\r\n"));
    SAY("HTTP/1.1 302 x\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    CHECK_IS(world_count(HOLM_TEXT("Authorization")), 2);
    SAY("HTTP/1.1 302 x\r\nLocation: http://192.0.2.1:81/c\r\nContent-Length: 0\r\n\r\n");
    world_leave(&world.line);
    world_take(&world.line, other);
    CHECK(HAS("GET /c HTTP/1.1\r\nHost: 192.0.2.1:81\r\n") && !HAS("Authorization"));
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK_ANSWER(200, "");
    CHECK_BYTES(holm_buffer_filled(&call.url), HOLM_TEXT("http://192.0.2.1:81/c"));
    end();
}

/* RFC 9110 section 10.1.5. */
TEST(who_asks_says_so_as_the_caller_wants_it_or_as_holm)
{
    static uint8_t lines[64];
    struct holm_http_fields fields;

    begin();
    start_get();
    CHECK(HAS("\r\nUser-Agent: holm/"));
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    world_leave(&world.line);
    holm_http_fields_init(&fields, (struct holm_span){ lines, sizeof lines });
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("user-AGENT"), HOLM_TEXT("me")), HOLM_OK);
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("A"), HOLM_TEXT("b")), HOLM_OK);
    start(&(struct holm_http_ask){
        .url = HOLM_TEXT("http://192.0.2.1/"), .fields = &fields, .redirects = 1 });
    world_take(&world.line, world.listener);
    CHECK(HAS("\r\nuser-AGENT: me\r\nA: b\r\n\r\n") && !HAS("holm"));
    SAY("HTTP/1.1 302 x\r\nLocation: http://192.0.2.1:81/c\r\nContent-Length: 0\r\n\r\n");
    world_leave(&world.line);
    world_take(&world.line, other);
    CHECK(HAS("GET /c HTTP/1.1\r\nHost: 192.0.2.1:81\r\nuser-AGENT: me\r\n\r\n"));
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK_ANSWER(200, "");
    end();
}

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

TEST(a_connection_is_used_again_unless_something_is_left_in_it)
{
    begin();
    start_get();
    SAY(OK_EMPTY);
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/2") });
    CHECK(HAS("GET /2 HTTP/1.1\r\n"));
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\nsplit");
    CHECK_ANSWER(200, "x");
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/3") });
    CHECK(!HAS("GET /3"));
    world_leave(&world.line);
    world_take(&world.line, world.listener);
    CHECK(HAS("GET /3"));
    SAY("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    CHECK(call.done && world.line.ended);
    end();
}

TEST(a_kept_connection_that_broke_is_replaced_where_that_is_safe)
{
    begin();
    start_get();
    SAY(OK_EMPTY);
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/2") });
    world_leave(&world.line); /* after the request, without an answer */
    CHECK(!call.done);
    world_take(&world.line, world.listener);
    CHECK(HAS("GET /2"));
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    start(&(struct holm_http_ask){ .method = HOLM_HTTP_POST,
                                   .url = HOLM_TEXT("http://192.0.2.1/3") });
    CHECK(HAS("POST /3"));
    world_leave(&world.line);
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_RESET);
    start_get();
    world_leave(&world.line); /* a new one: not tried again */
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_RESET);
    end();
}

TEST(a_kept_connection_that_ended_while_idle_is_not_used)
{
    begin();
    start_get();
    SAY(OK_EMPTY);
    world_leave(&world.line);
    start(&(struct holm_http_ask){ .method = HOLM_HTTP_POST,
                                   .url = HOLM_TEXT("http://192.0.2.1/2") });
    world_take(&world.line, world.listener);
    CHECK(HAS("POST /2"));
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    end();
}

TEST(each_step_has_its_time)
{
    const struct holm_http_ask ask = { .url = HOLM_TEXT("http://192.0.2.1/"),
                                       .wait_ns = 1000000000 };

    begin();
    start(&ask);
    world_take(&world.line, world.listener);
    world_sleep(900000000);
    SAY("HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(!call.done);
    world_sleep(200000000); /* an interim response is not what is waited for */
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_TIMEOUT);
    world_leave(&world.line);
    start(&ask);
    world_take(&world.line, world.listener);
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    world_sleep(900000000);
    SAY("a");
    world_sleep(900000000);
    CHECK(!call.done);
    world_sleep(200000000);
    CHECK(call.done);
    CHECK_IS(call.status, 200);
    CHECK_IS(call.result, HOLM_ERR_TIMEOUT);
    end();
}

TEST(a_server_that_takes_no_body_and_a_call_that_takes_too_long_end_in_time)
{
    static uint8_t much[200000];
    struct holm_http_ask ask = { .method = HOLM_HTTP_PUT,
                                 .url = HOLM_TEXT("http://192.0.2.1/"),
                                 .has_body = true,
                                 .length = sizeof much,
                                 .wait_ns = 1000000000 };

    begin();
    world.line.deaf = true;
    HOLM_AT(call.pieces, 0) = HOLM_BLOB(much);
    call.pieces_count = 1;
    start(&ask);
    world_take(&world.line, world.listener);
    world_sleep(1100000000);
    CHECK(call.done);
    CHECK_IS(call.written, HOLM_ERR_TIMEOUT);
    world.line.deaf = false;
    world_leave(&world.line);
    call.pieces_count = 0;
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/"), .total_ns = 2000000000 });
    world_take(&world.line, world.listener);
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    world_sleep(1500000000);
    SAY("a");
    world_sleep(600000000);
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_TIMEOUT);
    end();
}

TEST(what_can_not_begin_is_told_and_leaves_nothing)
{
    begin();
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1:82/") });
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_REFUSED);
    start_get();
    SAY(OK_EMPTY); /* kept */
    for (int i = 0; i < 2 * CALLS; i++) {
        start(&(struct holm_http_ask){ .url = HOLM_TEXT("ftp://192.0.2.1/") });
        CHECK_IS(call.result, HOLM_ERR_UNSUPPORTED);
    }
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/2") });
    CHECK(HAS("GET /2"));
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    end();
}

TEST(one_call_alone_keeps_its_connection_too)
{
    begin();
    CHECK_IS(holm_http_client_open(&client, &world.image, &world.network.network,
                                   &(struct holm_http_client_options){ .calls_max = 1 }),
             HOLM_OK);
    start_get();
    SAY(OK_EMPTY);
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/2") });
    CHECK(HAS("GET /2"));
    SAY(OK_EMPTY);
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1:81/3") });
    CHECK(world.line.ended);
    world_leave(&world.line);
    world_take(&world.line, other);
    CHECK(HAS("GET /3"));
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    end();
}
