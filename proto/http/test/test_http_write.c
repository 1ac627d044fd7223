/* SPDX-License-Identifier: ISC */
/* test_http_write.c: what a connection writes: responses, requests, bodies. */
#include "http_drive.h"

#include <holm/test.h>
#include <stdio.h>

static struct drive drive;

static struct holm_bytes written(void)
{
    return holm_buffer_filled(&drive.out);
}

/* responds answers a request and gives what was written. */
static struct holm_bytes responds(const char *request, const struct holm_http_response *response,
                                  const char *body)
{
    struct holm_bytes rest = text_of(body);
    struct holm_bytes part = { 0 };
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, text_of(request));
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, response), HOLM_OK);
    while (holm_bytes_take(&rest, 2, &part))
        CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &part), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    return written();
}

#define GET "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

TEST(a_streamed_body_is_chunked_or_ends_with_the_connection)
{
    struct holm_http_response response = { .status = 200, .streamed = true };
    CHECK_BYTES(responds(GET, &response, "abcd"),
                HOLM_TEXT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd"
                          "\r\n0\r\n\r\n"));
    CHECK_BYTES(responds(GET, &response, ""),
                HOLM_TEXT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    CHECK_BYTES(responds("GET / HTTP/1.0\r\n\r\n", &response, "abcd"),
                HOLM_TEXT("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcd"));
}

TEST(head_204_and_304_have_no_body)
{
    struct holm_http_response response = { .status = 200, .length = 4 };
    CHECK_BYTES(responds("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", &response, "abcd"),
                HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"));
    response.status = 304;
    CHECK_BYTES(responds(GET, &response, "abcd"), HOLM_TEXT("HTTP/1.1 304 Not Modified\r\n\r\n"));
    response.status = 204;
    CHECK_BYTES(responds(GET, &response, ""), HOLM_TEXT("HTTP/1.1 204 No Content\r\n\r\n"));
}

TEST(a_205_has_no_body)
{
    struct holm_http_response response = { .status = 205 };
    CHECK_BYTES(responds(GET, &response, ""),
                HOLM_TEXT("HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"));
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT(GET));
    response.length = 1;
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_ERR_INVALID);
    response.length = 0;
    response.streamed = true;
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_ERR_INVALID);
    CHECK_IS(drive.out.len, 0);
}

TEST(an_answer_before_much_of_a_body_says_that_it_is_the_last)
{
    struct holm_http_response response = { .status = 200 };
    CHECK_BYTES(
        responds("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n", &response, ""),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    CHECK_BYTES(
        responds("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", &response, ""),
        HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
}

TEST(a_body_of_another_length_than_announced_is_an_error)
{
    struct holm_http_response response = { .status = 200, .length = 3 };
    struct holm_bytes long_body = HOLM_TEXT("abcd");
    struct holm_bytes body = HOLM_TEXT("ab");
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT(GET));
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &long_body), HOLM_ERR_LIMIT);
    CHECK_IS(holm_http_machine_body_open(&drive.http, &drive.out, 4), HOLM_ERR_LIMIT);
    CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &body), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_ERR_TRUNCATED);
    drive_turn(&drive);
    CHECK(has(holm_buffer_filled(&drive.log), "CLOSED"));
}

TEST(what_does_not_fit_is_not_written_at_all)
{
    uint8_t small[20];
    struct holm_buffer out = HOLM_BUFFER(small);
    struct holm_http_response response = { .status = 200, .streamed = true };
    struct holm_bytes body = HOLM_TEXT("abcd");
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT(GET));
    CHECK_IS(holm_http_machine_respond(&drive.http, &out, &response), HOLM_AGAIN);
    CHECK_IS(out.len, 0);
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_body_write(&drive.http, &out, &body), HOLM_AGAIN);
    CHECK_IS(body.len, 4);
    CHECK_IS(holm_http_machine_body_open(&drive.http, &out, 1048576), HOLM_OK);
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("100000\r\n"));
}

TEST(fields_cannot_add_lines_or_take_the_machines_own)
{
    uint8_t storage[64];
    struct holm_http_fields fields;
    holm_http_fields_init(&fields, (struct holm_span){ storage, sizeof storage });
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("A"), HOLM_TEXT("b\r\nC: d")),
             HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("A:"), HOLM_TEXT("b")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("A"), HOLM_TEXT(" b")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_fields_add(&fields, HOLM_TEXT("content-length"), HOLM_TEXT("1")),
             HOLM_ERR_INVALID);
    CHECK_IS(holm_http_fields_add_number(&fields, HOLM_TEXT("Age"), 7), HOLM_OK);
    CHECK_IS(holm_http_fields_add_date(&fields, HOLM_TEXT("Last-Modified"), 0), HOLM_OK);
    CHECK_IS(holm_http_fields_add_date(&fields, HOLM_TEXT("Last-Modified"), 0), HOLM_ERR_LIMIT);
    CHECK_BYTES(holm_buffer_filled(&fields.lines),
                HOLM_TEXT("Age: 7\r\nLast-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
}

/* requests writes a request and feeds the answer in pieces of every size. */
static void requests(const struct holm_http_request *request, const char *answer,
                     const char *events)
{
    for (size_t step = 0; step <= 20; step++) {
        drive_init(&drive, false, NULL);
        CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, request), HOLM_OK);
        CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
        drive_run(&drive, text_of(answer), step);
        if (!CHECK_BYTES(holm_buffer_filled(&drive.log), text_of(events)))
            return;
    }
}

static const struct holm_http_request get = { .method = HOLM_HTTP_GET,
                                              .target = { (const uint8_t *)"/a", 2 },
                                              .host = { (const uint8_t *)"h", 1 } };

TEST(a_client_reads_each_framing)
{
    requests(&get, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
             "HEAD 200 [Content-Length=2] keep\nhi\nEND\nCLOSED\n");
    CHECK_BYTES(written(), HOLM_TEXT("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"));
    requests(&get,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n",
             "HEAD 200 [Transfer-Encoding=chunked] keep\nhiTRAILERS A: b\r\n\nEND\nCLOSED\n");
    requests(&get, "HTTP/1.1 200 OK\r\n\r\nhi", "HEAD 200 close\nhi\nEND\nCLOSED\n");
    requests(&get, "HTTP/1.1 204 No\r\n\r\n", "HEAD 204 keep\n\nEND\nCLOSED\n");
    requests(&get, "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 304 No\r\nContent-Length: 3\r\n\r\n",
             "HEAD 103 keep\nHEAD 304 [Content-Length=3] keep\n\nEND\nCLOSED\n");
    requests(&get, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
             "HEAD 200 [Content-Length=3] keep\nhiERROR 0\nCLOSED\n");
    requests(&get, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
             "ERROR 0\nCLOSED\n");
    requests(&get, "", "ERROR 0\nCLOSED\n");
    requests(&get, "HTTP/1.1 101 X\r\n\r\n", "ERROR 0\nCLOSED\n");
}

TEST(a_target_without_a_path_is_written_with_one)
{
    struct holm_http_request request = get;
    request.target = HOLM_TEXT("?b");
    requests(&request, "HTTP/1.1 204 No\r\n\r\n", "HEAD 204 keep\n\nEND\nCLOSED\n");
    CHECK_BYTES(written(), HOLM_TEXT("GET /?b HTTP/1.1\r\nHost: h\r\n\r\n"));
}

TEST(a_client_connection_is_used_again)
{
    drive_init(&drive, false, NULL);
    for (int i = 0; i < 3; i++) {
        CHECK(holm_http_machine_is_idle(&drive.http));
        CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &get), HOLM_OK);
        CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &get), HOLM_ERR_INVALID);
        CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
        drive_feed(&drive, HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        CHECK_IS(drive.messages, i + 1);
    }
    drive_feed(&drive, HOLM_TEXT("HTTP/1.1 200 OK\r\n")); /* nobody asked */
    CHECK_IS(drive.errors, 1);
}

TEST(a_request_with_forbidden_bytes_is_not_written)
{
    struct holm_http_request request = get;
    drive_init(&drive, false, NULL);
    request.target = HOLM_TEXT("/a b");
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &request), HOLM_ERR_MALFORMED);
    request.target = HOLM_TEXT("/");
    request.host = HOLM_TEXT("a\r\nb");
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &request), HOLM_ERR_MALFORMED);
    request.host = HOLM_TEXT("a");
    request.method = HOLM_HTTP_OTHER;
    request.method_other = HOLM_TEXT("A B");
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &request), HOLM_ERR_MALFORMED);
    CHECK_IS(drive.out.len, 0);
}

TEST(a_client_sends_bodies)
{
    struct holm_http_request request = get;
    struct holm_bytes body = HOLM_TEXT("abc");
    request.method = HOLM_HTTP_PUT;
    request.has_body = true;
    request.streamed = true;
    request.expects_continue = true;
    drive_init(&drive, false, NULL);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &request), HOLM_OK);
    drive_feed(&drive, HOLM_TEXT("HTTP/1.1 100 Continue\r\n\r\n"));
    CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &body), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    CHECK_BYTES(written(), HOLM_TEXT("PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
                                     "Expect: 100-continue\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
}

/* sends writes a request without a body, and gives what was written. */
static struct holm_bytes sends(const struct holm_http_request *request)
{
    drive_init(&drive, false, NULL);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, request), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    return written();
}

TEST(a_client_says_of_bodies_that_there_is_none)
{
    struct holm_http_request request = get;
    struct holm_bytes put = HOLM_TEXT("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    request.expects_continue = true;
    request.length = 7; /* of what has_body does not announce */
    CHECK_BYTES(sends(&request), HOLM_TEXT("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"));
    request.method = HOLM_HTTP_PUT;
    CHECK_BYTES(sends(&request), put);
    request.length = 0;
    request.has_body = true;
    CHECK_BYTES(sends(&request), put);
    drive_init(&drive, false, NULL);
    for (size_t i = 0; i < 2; i++) {
        request.method = i == 0 ? HOLM_HTTP_TRACE : HOLM_HTTP_CONNECT;
        CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &request), HOLM_ERR_MALFORMED);
    }
    CHECK_IS(drive.out.len, 0);
}

static uint8_t small_bytes[512];

/* The first so many bytes of room. */
static struct holm_buffer small(size_t size)
{
    return (struct holm_buffer){ small_bytes, 0, size };
}

TEST(a_head_that_does_not_fit_is_written_not_at_all)
{
    struct holm_http_response response = { .status = 200, .streamed = true };
    struct holm_buffer out = small(0);
    enum holm_result result = HOLM_AGAIN;
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                                 "Content-Length: 1\r\n\r\n"));
    for (size_t size = 0; result == HOLM_AGAIN && size < sizeof small_bytes; size++) {
        out = small(size);
        result = holm_http_machine_respond(&drive.http, &out, &response);
        CHECK(result != HOLM_AGAIN || out.len == 0);
    }
    CHECK_IS(result, HOLM_OK);
    out = small(2);
    CHECK_IS(holm_http_machine_body_open(&drive.http, &out, 5), HOLM_AGAIN);
    CHECK_IS(holm_http_machine_body_open(&drive.http, &out, 0), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &out, NULL), HOLM_AGAIN);
    CHECK_IS(out.len, 0);
}

TEST(an_interim_and_the_answer_to_a_wrong_request_wait_for_room)
{
    struct holm_http_event event;
    struct holm_buffer out = small(10);
    uint8_t bytes[] = "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 1\r\n\r\n";
    struct holm_span in = { bytes, sizeof bytes - 1 };
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                                 "Content-Length: 1\r\n\r\n"));
    holm_http_machine_interim(&drive.http, 102);
    CHECK_IS(holm_http_machine_drain(&drive.http, &out), HOLM_AGAIN);
    CHECK_IS(out.len, 0);
    drive_init(&drive, true, NULL);
    CHECK(holm_http_machine_feed(&drive.http, &drive.head, &in) < 0);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(holm_http_machine_drain(&drive.http, &out), HOLM_AGAIN);
    CHECK_IS(out.len, 0);
    /* there is no tunnel behind a wrong CONNECT */
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out,
                                       &(struct holm_http_response){ .status = 200 }),
             HOLM_ERR_INVALID);
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out,
                                       &(struct holm_http_response){ .status = 400, .length = 3 }),
             HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_ERR_TRUNCATED);
}

TEST(a_body_is_written_only_where_there_is_one)
{
    struct holm_http_request request = { .method = HOLM_HTTP_GET,
                                         .target = HOLM_TEXT("/"),
                                         .host = HOLM_TEXT("h") };
    struct holm_bytes body = HOLM_TEXT("x"), nothing = HOLM_TEXT("");
    struct holm_buffer out = small(20);
    drive_init(&drive, false, NULL);
    CHECK_IS(holm_http_machine_body_open(&drive.http, &drive.out, 1), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &body), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_machine_request(&drive.http, &out, &request), HOLM_AGAIN);
    CHECK_IS(out.len, 0);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &request), HOLM_OK);
    CHECK_IS(holm_http_machine_body_open(&drive.http, &drive.out, 1), HOLM_ERR_LIMIT);
    CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &nothing), HOLM_OK);
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out,
                                       &(struct holm_http_response){ .status = 200, .length = 1 }),
             HOLM_OK);
    CHECK_IS(holm_http_machine_body_open(&drive.http, &drive.out, 1), HOLM_END);
}

TEST(numbers_that_are_no_method_status_or_date_have_no_text)
{
    struct holm_http_fields fields;
    holm_http_fields_init(&fields, (struct holm_span){ small_bytes, sizeof small_bytes });
    CHECK_IS(holm_http_method_text(HOLM_HTTP_METHODS).len, 0);
    CHECK_BYTES(holm_http_status_text(299), HOLM_TEXT("Unknown"));
    CHECK_IS(holm_http_fields_add_date(&fields, HOLM_TEXT("A"), UINT64_MAX), HOLM_ERR_LIMIT);
}
