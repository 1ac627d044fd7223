/* SPDX-License-Identifier: ISC */
/* Tests of what a client sends again, to the same place or another, over model flows. */
#include "http_calls.h"

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

TEST(a_request_is_sent_again_on_a_new_connection_not_on_another_kept_one)
{
    struct holm_flow *first, *second;

    begin();
    start_get();
    first = world.line.flow;
    start_get();
    second = world.line.flow;
    SAY(OK_EMPTY);
    world.line.flow = first;
    SAY(OK_EMPTY);
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/2") });
    world.line.flow = second;
    world_leave(&world.line); /* after the request, without an answer; the first is open */
    world_take(&world.line, world.listener);
    CHECK(HAS("GET /2 HTTP/1.1\r\n") && !call.done);
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    end();
}

TEST(a_redirect_to_get_leaves_the_fields_of_the_body)
{
    static uint8_t lines[128];
    struct holm_http_fields fields;
    const struct holm_http_ask post = { .method = HOLM_HTTP_POST,
                                        .url = HOLM_TEXT("http://192.0.2.1/"),
                                        .has_body = true,
                                        .length = 1,
                                        .fields = &fields,
                                        .redirects = 2 };

    begin();
    holm_http_fields_init(&fields, (struct holm_span){ lines, sizeof lines });
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("CONTENT-type"), HOLM_TEXT("a/b")), HOLM_OK);
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("Accept"), HOLM_TEXT("c/d")), HOLM_OK);
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("Digest"), HOLM_TEXT("e")), HOLM_OK);
    HOLM_AT(call.pieces, 0) = HOLM_TEXT("x");
    call.pieces_count = 1;
    start(&post);
    world_take(&world.line, world.listener);
    CHECK(HAS("\r\nCONTENT-type: a/b\r\nAccept: c/d\r\nDigest: e\r\nUser-Agent: holm/") &&
          HAS("\r\n\r\nx"));
    SAY("HTTP/1.1 307 x\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    CHECK(call.done); /* with its body it would have to be sent again */
    world_leave(&world.line);
    start(&post);
    world_take(&world.line, world.listener);
    SAY("HTTP/1.1 303 x\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    CHECK(HAS("GET /b HTTP/1.1\r\nHost: 192.0.2.1\r\nAccept: c/d\r\nUser-Agent: holm/"));
    SAY("HTTP/1.1 302 x\r\nLocation: /c\r\nContent-Length: 0\r\n\r\n");
    CHECK(HAS("GET /c HTTP/1.1\r\nHost: 192.0.2.1\r\nAccept: c/d\r\nUser-Agent: holm/"));
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    end();
}

TEST(a_fragment_goes_along_unless_the_redirect_has_its_own)
{
    begin();
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/a#part"), .redirects = 2 });
    world_take(&world.line, world.listener);
    SAY("HTTP/1.1 302 x\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    CHECK(HAS("GET /b HTTP/1.1\r\n"));
    SAY(OK_EMPTY);
    CHECK_BYTES(holm_buffer_filled(&call.url), HOLM_TEXT("http://192.0.2.1/b#part"));
    start(&(struct holm_http_ask){ .url = HOLM_TEXT("http://192.0.2.1/a#part"), .redirects = 2 });
    SAY("HTTP/1.1 302 x\r\nLocation: /b#other\r\nContent-Length: 0\r\n\r\n");
    SAY("HTTP/1.1 302 x\r\nLocation: /c\r\nContent-Length: 0\r\n\r\n");
    SAY(OK_EMPTY);
    CHECK_BYTES(holm_buffer_filled(&call.url), HOLM_TEXT("http://192.0.2.1/c#other"));
    end();
}

TEST(a_request_that_could_have_a_body_says_that_it_has_none)
{
    begin();
    start(&(struct holm_http_ask){
        .method = HOLM_HTTP_POST, .url = HOLM_TEXT("http://192.0.2.1/a"), .length = 7 });
    world_take(&world.line, world.listener);
    CHECK(HAS("POST /a HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Length: 0\r\nUser-Agent: "));
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    start(&(struct holm_http_ask){ .method = HOLM_HTTP_DELETE,
                                   .url = HOLM_TEXT("http://192.0.2.1/b") });
    CHECK(HAS("DELETE /b HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: "));
    SAY(OK_EMPTY);
    CHECK_ANSWER(200, "");
    end();
}

TEST(a_call_asks_for_no_tunnel_and_traces_no_body)
{
    begin();
    start(&(struct holm_http_ask){ .method = HOLM_HTTP_CONNECT,
                                   .url = HOLM_TEXT("http://192.0.2.1/") });
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_INVALID);
    start(&(struct holm_http_ask){ .method = HOLM_HTTP_TRACE,
                                   .url = HOLM_TEXT("http://192.0.2.1/"),
                                   .has_body = true,
                                   .length = 1 });
    CHECK(call.done);
    CHECK_IS(call.result, HOLM_ERR_INVALID);
    end();
}
