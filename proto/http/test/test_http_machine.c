/* SPDX-License-Identifier: ISC */
/* test_http_machine.c: a server's and a client's connection, from bytes to events and back. */
#include "http_drive.h"

#include <holm/test.h>
#include <stdio.h>

static struct drive drive;
static struct drive other;

static struct holm_bytes written(void)
{
    return holm_buffer_filled(&drive.out);
}

static void serve(const char *text)
{
    drive_init(&drive, true, NULL);
    drive_run(&drive, text_of(text), 0);
}

/* serves checks the events of a text, whole and in pieces of every size up to 40. */
static void serves(const char *text, const char *events)
{
    for (size_t step = 0; step <= 40; step++) {
        drive_init(&drive, true, NULL);
        drive_run(&drive, text_of(text), step);
        if (!CHECK_BYTES(holm_buffer_filled(&drive.log), text_of(events)))
            return;
    }
}

static void refuses(const char *text, uint16_t status)
{
    serve(text);
    if (!CHECK_IS(drive.errors, 1) || !CHECK_IS(drive.status, status))
        printf("  in: %s\n", text);
    CHECK_IS(drive.messages, 0);
    for (size_t step = 1; step <= 3; step++) {
        drive_init(&other, true, NULL);
        drive_run(&other, text_of(text), step);
        CHECK_BYTES(holm_buffer_filled(&other.log), holm_buffer_filled(&drive.log));
        CHECK_BYTES(holm_buffer_filled(&other.out), written());
    }
}

TEST(a_request_without_a_body_is_answered)
{
    serves("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n",
           "HEAD GET /a ?b=c @x [Host=x] keep\n\nEND\nCLOSED\n");
    CHECK_BYTES(written(), HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
}

TEST(date_is_sent_when_the_time_is_known)
{
    drive_init(&drive, true, NULL);
    holm_http_common_time(&drive.common, 784111777);
    drive_run(&drive, HOLM_TEXT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
    CHECK(has(written(), "\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
}

TEST(a_body_of_known_length_comes)
{
    serves("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
           "HEAD POST / ? @x [Host=x] [Content-Length=5] keep\nhello\nEND\nCLOSED\n");
}

TEST(a_chunked_body_with_trailers_comes)
{
    serves("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
           "3;a=b;c=\"d \\\" e\"\r\nhel\r\n00002\r\nlo\r\n0\r\nA: b\r\nC: d\r\n\r\n"
           "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
           "HEAD POST / ? @x [Host=x] [Transfer-Encoding=chunked] keep\nhelloTRAILERS A: b\r\n"
           "C: d\r\n\nEND\nHEAD GET /2 ? @x [Host=x] keep\n\nEND\nCLOSED\n");
}

TEST(pipelined_requests_are_answered_in_order)
{
    serves(
        "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
        "yGET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\n",
        "HEAD GET /1 ? @x [Host=x] keep\n\nEND\n"
        "HEAD POST /2 ? @x [Host=x] [Content-Length=1] keep\ny\nEND\n"
        "HEAD GET /3 ? @x [Host=x] [Connection=close] close\n\nEND\nCLOSED\n");
    CHECK(has(written(), "Connection: close\r\n\r\nok"));
}

TEST(feed_consumes_nothing_while_an_event_waits_or_an_answer_is_due)
{
    uint8_t text[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
    struct holm_span in = { text, sizeof text - 1 };
    struct holm_http_event event = { 0 };
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_OK);
    CHECK_IS(in.len, 27);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_AGAIN);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(event.kind, HOLM_HTTP_EVENT_MESSAGE_END);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_END);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_AGAIN);
    CHECK_IS(in.len, 27);
}

TEST(feed_consumes_no_body_while_the_head_waits)
{
    uint8_t text[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";
    struct holm_span in = { text, sizeof text - 1 };
    struct holm_http_event event = { 0 };
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_OK);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_AGAIN);
    CHECK_IS(in.len, 2);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(event.kind, HOLM_HTTP_EVENT_HEAD);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_OK);
    CHECK_IS(in.len, 0);
}

TEST(a_cut_head_asks_for_more_in_one_piece)
{
    uint8_t text[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    struct holm_span in = { text, 20 };
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_need(&drive.http), 1);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_AGAIN);
    CHECK_IS(in.len, 20);
    CHECK_IS(holm_http_machine_need(&drive.http), 21);
    CHECK(!holm_http_machine_is_idle(&drive.http));
}

TEST(http_1_0_ends_the_connection_unless_asked)
{
    serves("GET / HTTP/1.0\r\n\r\n", "HEAD GET / ? @ close\n\nEND\nCLOSED\n");
    CHECK(has(written(), "Connection: close\r\n"));
    serves("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
           "HEAD GET / ? @ [Connection=keep-alive] keep\n\nEND\nHEAD GET /2 ? @ close\n\nEND\n"
           "CLOSED\n");
    CHECK(has(written(), "Connection: keep-alive\r\n"));
}

TEST(smuggling_is_refused)
{
#define POST "POST / HTTP/1.1\r\nHost: x\r\n"
    refuses(POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400);
    refuses(POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400);
    refuses(POST "Content-Length: 1, 1\r\n\r\nx", 400);
    refuses(POST "Content-Length: -1\r\n\r\nx", 400);
    refuses(POST "Content-Length: 0x1\r\n\r\nx", 400);
    refuses(POST "Content-Length:\r\n\r\nx", 400);
    refuses(POST "Content-Length: 99999999999999999999999\r\n\r\nx", 413);
    refuses(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding:, chunked\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: identity\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: x y, chunked\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: identity, chunked\r\n\r\n", 501);
    refuses(POST "Transfer-Encoding:\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
    refuses(POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400);
    refuses("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    refuses("GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400);
    refuses("GET / HTTP/1.1\r\n\r\n", 400);
    refuses("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400);
    refuses("GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400);
    refuses("GET / HTTP/1.1\r\nHost: x y\r\n\r\n", 400);
    refuses("GET / HTTP/1.1\r\nHost: a%62\r\n\r\n", 400);
    refuses("GET http://%2f/ HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    refuses("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400);
    refuses("GET / HTTP/1.1\r\nHost: x:70000\r\n\r\n", 400);
}

TEST(bad_chunks_end_the_connection)
{
    static const char *const bodies[] = {
        "5 \r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",    "5;\r\nhello\r\n0\r\n\r\n", "5;a=\"b\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",   "5\r\rhello\r\n0\r\n\r\n",  ";a\r\nhello\r\n0\r\n\r\n",
        "5\n\nhello\r\n0\r\n\r\n",  "5\r\nhellox\n0\r\n\r\n",   "5;a b\r\nhello\r\n",
    };
    for (size_t i = 0; i < HOLM_COUNT(bodies); i++) {
        char text[200];
        snprintf(text, sizeof text, POST "Transfer-Encoding: chunked\r\n\r\n%s",
                 HOLM_AT(bodies, i));
        refuses(text, 400);
    }
    refuses(POST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx", 400);
    refuses(POST "Transfer-Encoding: chunked\r\n\r\n5\r\nhellox\r\n0\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: chunked\r\n\r\n0\r\n folded\r\n\r\n", 400);
    refuses(POST "Transfer-Encoding: chunked\r\n\r\nfffff\r\nx", 0); /* cut off by the end */
    refuses(POST "Transfer-Encoding: chunked\r\n\r\nfffffff\r\nx", 413);
}

TEST(nothing_behind_a_wrong_request_is_answered)
{
    serve("GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_BYTES(
        written(),
        HOLM_TEXT("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    CHECK_BYTES(holm_buffer_filled(&drive.log), HOLM_TEXT("ERROR 400\nCLOSED\n"));
}

TEST(a_wrong_request_may_be_answered_by_the_user)
{
    uint8_t text[] = "GET / HTTP/3.0\r\n\r\n";
    struct holm_span in = { text, sizeof text - 1 };
    struct holm_http_event event = { 0 };
    struct holm_http_response response = { .status = 400, .length = 2 };
    struct holm_bytes body = HOLM_TEXT("no");
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(event.status, 505);
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &body), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(event.kind, HOLM_HTTP_EVENT_CLOSED);
    CHECK_BYTES(written(), HOLM_TEXT("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n"
                                     "Connection: close\r\n\r\nno"));
}

TEST(expectations_are_met_or_refused)
{
    serve(POST "Content-Length: 2\r\nExpect: 100-continue\r\n\r\nhi");
    CHECK(has(written(), "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    refuses(POST "Content-Length: 2\r\nExpect: 200-maybe\r\n\r\nhi", 417);
    serve("POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi");
    CHECK(!has(written(), "100 Continue"));
}

TEST(a_body_that_was_not_asked_for_ends_the_connection)
{
    uint8_t text[] = POST "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    struct holm_span in = { text, sizeof text - 1 };
    struct holm_http_event event = { 0 };
    struct holm_http_response response = { .status = 413 };
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_OK);
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(holm_http_machine_deadline(&drive.http), UINT64_MAX); /* the client waits for us */
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    CHECK(has(written(), "Connection: close\r\n"));
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(event.kind, HOLM_HTTP_EVENT_CLOSED);
}

TEST(targets_have_four_forms)
{
    serves("GET http://h:80/p?q HTTP/1.1\r\nHost: x\r\n\r\n",
           "HEAD GET /p ?q @h:80 [Host=x] keep\n\nEND\nCLOSED\n");
    serves("GET http://h?q HTTP/1.1\r\nHost: x\r\n\r\n",
           "HEAD GET  ?q @h [Host=x] keep\n\nEND\nCLOSED\n");
    serves("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
           "HEAD OPTIONS * ? @x [Host=x] keep\n\nEND\nCLOSED\n");
    serves("GET https://[::1]:8/ HTTP/1.1\r\nHost: x\r\n\r\n",
           "HEAD GET / ? @[::1]:8 [Host=x] keep\n\nEND\nCLOSED\n");
    refuses("GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("GET a/b HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("GET ftp://h/ HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("GET http:/// HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("GET http://u@h/ HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("CONNECT /x HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("CONNECT h HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("CONNECT h: HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("CONNECT h:0 HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("CONNECT h:00 HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("CONNECT [::1]:0 HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("CONNECT h:1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 400);
}

TEST(connect_and_upgrade_hand_the_rest_over)
{
    serve("CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\nother");
    CHECK_BYTES(written(), HOLM_TEXT("HTTP/1.1 200 OK\r\n\r\n"));
    CHECK(has(holm_buffer_filled(&drive.log), "UPGRADE\n"));
    CHECK_IS(drive.came - drive.taken, 5);
}

static struct holm_http_fields fields_of(struct holm_span storage, struct holm_bytes name,
                                         struct holm_bytes value)
{
    struct holm_http_fields fields;
    holm_http_fields_init(&fields, storage);
    CHECK_IS(holm_http_fields_add(&fields, name, value), HOLM_OK);
    return fields;
}

TEST(an_upgrade_is_answered_with_101)
{
    uint8_t storage[64];
    struct holm_http_fields fields = fields_of((struct holm_span){ storage, sizeof storage },
                                               HOLM_TEXT("Upgrade"), HOLM_TEXT("websocket"));
    struct holm_http_response response = { .status = 101, .fields = &fields };
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT("GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n"
                                 "Upgrade: websocket\r\n\r\n\x81"));
    CHECK(drive.http.message.upgrade);
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    drive_turn(&drive);
    CHECK(has(holm_buffer_filled(&drive.log), "UPGRADE\n"));
    CHECK_BYTES(written(), HOLM_TEXT("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n"
                                     "Upgrade: websocket\r\n\r\n"));
    CHECK_IS(drive.came - drive.taken, 1);
}

TEST(limits_have_their_statuses)
{
    static const struct holm_http_limits small = {
        .head_bytes = 64, .target_bytes = 10, .field_count = 2, .body_bytes = 3, .requests = 2
    };
    static const struct {
        const char *text;
        uint16_t status;
    } cases[] = {
        { "GET /23456789ab HTTP/1.1\r\nHost: x\r\n\r\n", 414 },
        { "GET / HTTP/1.1\r\nHost: x\r\nA:\r\nB:\r\n\r\n", 431 },
        { "GET / HTTP/1.1\r\nHost: x\r\nA: 34567890123456789012345678901234567890\r\n\r\n", 431 },
        { "GET /34567890123456789012345678901234567890123456789012345678901234 HTTP/1.1\r\n", 414 },
        { "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody", 413 },
        { "PUT / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
          413 },
    };
    for (size_t i = 0; i < HOLM_COUNT(cases); i++) {
        for (size_t step = 0; step < 4; step++) {
            drive_init(&drive, true, &small);
            drive_run(&drive, text_of(HOLM_AT(cases, i).text), step);
            CHECK_IS(drive.status, HOLM_AT(cases, i).status);
            CHECK_IS(drive.messages, 0);
        }
    }
    drive_init(&drive, true, &small);
    for (int i = 0; i < 3; i++)
        drive_feed(&drive, HOLM_TEXT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_IS(drive.messages, 2);
    CHECK(has(written(), "Connection: close\r\n"));
}

/* asks_get asks for / and ends the request; upgrade offers another protocol. */
static void asks_get(bool upgrade, const struct holm_http_limits *limits)
{
    const struct holm_http_request get = { .method = HOLM_HTTP_GET,
                                           .target = HOLM_TEXT("/"),
                                           .host = HOLM_TEXT("h"),
                                           .upgrade = upgrade };
    drive_init(&drive, false, limits);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &get), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
}

/* run_cut feeds a text in two pieces, and then the end. */
static void run_cut(const char *text, size_t cut)
{
    struct holm_bytes all = text_of(text), first = { 0 }, rest = { 0 };
    drive_must(holm_bytes_part(all, 0, cut, &first));
    drive_must(holm_bytes_part(all, cut, all.len - cut, &rest));
    drive_feed(&drive, first);
    drive_run(&drive, rest, 0);
}

/* limits_to_3 checks the events of a text, a body in it limited to three bytes, for any cut in two
 * and for pieces of every size; cut 0 is the whole. */
static void limits_to_3(bool server, const char *text, const char *events)
{
    static const struct holm_http_limits three = { .body_bytes = 3 };
    for (size_t cut = 0; cut < 2 * strlen(text); cut++) {
        if (server)
            drive_init(&drive, true, &three);
        else
            asks_get(false, &three);
        if (cut < strlen(text))
            run_cut(text, cut);
        else
            drive_run(&drive, text_of(text), cut - strlen(text) + 1);
        if (!CHECK_BYTES(holm_buffer_filled(&drive.log), text_of(events)))
            return;
    }
}

#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"
#define CHUNKED_HEAD "[Transfer-Encoding=chunked] keep\n"

TEST(of_a_body_that_is_too_long_any_cut_shows_as_much)
{
    static const char get[] = "HTTP/1.1 200 O\r\n\r\n";
    char text[64];
    for (int len = 1; len <= 6; len++) {
        (void)snprintf(text, sizeof text, "%s%.*s", get, len, "abcdef");
        limits_to_3(false, text,
                    len == 1   ? "HEAD 200 close\na\nEND\nCLOSED\n"
                    : len == 2 ? "HEAD 200 close\nab\nEND\nCLOSED\n"
                    : len == 3 ? "HEAD 200 close\nabc\nEND\nCLOSED\n"
                               : "HEAD 200 close\nabcERROR 0\nCLOSED\n");
    }
    limits_to_3(false, "HTTP/1.1 200 O\r\n" CHUNKED "2;a=\"b\"\r\nab\r\n01\r\nc\r\n0\r\n\r\n",
                "HEAD 200 " CHUNKED_HEAD "abc\nEND\nCLOSED\n");
    limits_to_3(false, "HTTP/1.1 200 O\r\n" CHUNKED "2;a=\"b\"\r\nab\r\n02\r\ncd\r\n0\r\n\r\n",
                "HEAD 200 " CHUNKED_HEAD "abERROR 0\nCLOSED\n");
    limits_to_3(true, POST CHUNKED "3\r\nabc\r\n0\r\n\r\n",
                "HEAD POST / ? @x [Host=x] " CHUNKED_HEAD "abc\nEND\nCLOSED\n");
    limits_to_3(true, POST CHUNKED "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
                "HEAD POST / ? @x [Host=x] " CHUNKED_HEAD "abcERROR 413\nCLOSED\n");
    limits_to_3(true, POST CHUNKED "4;a\r\nabcd\r\n0\r\n\r\n",
                "HEAD POST / ? @x [Host=x] " CHUNKED_HEAD "ERROR 413\nCLOSED\n");
    limits_to_3(true, POST CHUNKED "fffffffffffffff\r\na",
                "HEAD POST / ? @x [Host=x] " CHUNKED_HEAD "ERROR 413\nCLOSED\n");
}

TEST(a_length_that_stands_for_no_body_has_no_limit)
{
    const struct holm_http_limits limits = { .body_bytes = 3 };
    const struct holm_http_request head = { .method = HOLM_HTTP_HEAD,
                                            .target = HOLM_TEXT("/"),
                                            .host = HOLM_TEXT("h") };
    drive_init(&drive, false, &limits);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &head), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    drive_feed(&drive, HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"));
    CHECK_BYTES(holm_buffer_filled(&drive.log),
                HOLM_TEXT("HEAD 200 [Content-Length=4] keep\n\nEND\n"));
}

TEST(a_client_takes_no_protocol_that_it_did_not_offer)
{
    for (int offered = 0; offered < 2; offered++) {
        asks_get(offered == 1, NULL);
        drive_feed(&drive,
                   HOLM_TEXT("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"));
        CHECK_IS(has(holm_buffer_filled(&drive.log), "UPGRADE"), offered);
        CHECK_IS(has(holm_buffer_filled(&drive.log), "ERROR"), !offered);
    }
}

TEST(each_request_may_have_so_many_interim_heads)
{
    struct holm_http_request get = { .method = HOLM_HTTP_GET,
                                     .target = HOLM_TEXT("/"),
                                     .host = HOLM_TEXT("h") };
    drive_init(&drive, false, NULL);
    for (int asked = 0; asked < 2; asked++) {
        CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &get), HOLM_OK);
        CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
        for (int i = 0; i < HOLM_HTTP_INTERIM_MAX; i++)
            drive_feed(&drive, HOLM_TEXT("HTTP/1.1 103 E\r\n\r\n"));
        drive_feed(&drive, HOLM_TEXT("HTTP/1.1 204 N\r\n\r\n"));
        CHECK_IS(drive.messages, asked + 1);
    }
}

TEST(check_tells_what_can_not_be)
{
    struct holm_http_machine good;
    drive_init(&drive, true, NULL);
    drive_feed(&drive, HOLM_TEXT(POST "Content-Length: 9\r\n\r\nhi"));
    good = drive.http;
    CHECK(holm_http_machine_check(&drive.http));
    drive.http.in_left = 0; /* nothing is left, and it waits for more */
    CHECK(!holm_http_machine_check(&drive.http));
    drive.http = good;
    drive.http.held = 1; /* within a body */
    CHECK(!holm_http_machine_check(&drive.http));
    drive.http = good;
    drive.http.in_total = drive.common.limits.body_bytes + 1;
    CHECK(!holm_http_machine_check(&drive.http));
    drive.http = good;
    drive.http.in = UINT8_MAX;
    CHECK(!holm_http_machine_check(&drive.http));
    drive.http.in = 0; /* a head, while an answer is owed */
    CHECK(!holm_http_machine_check(&drive.http));
}

/* passes answers a request before its body, then feeds a text in two pieces. */
static void passes(const char *text, size_t cut)
{
    static const struct holm_http_limits limits = { .body_bytes = 3, .discard_bytes = 10 };
    struct holm_http_response response = { .status = 200 };
    drive_init(&drive, true, &limits);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT(POST CHUNKED));
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    run_cut(text, cut);
}

/* The limit of a body that is shown is no limit of one that is not. */
TEST(a_body_that_nobody_reads_is_passed_over_up_to_a_limit)
{
    static const char *const texts[] = {
        "1\r\nh\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost:\r\n\r\n",
        "4\r\nhell\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost:\r\n\r\n",
        "b\r\nhello world\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost:\r\n\r\n",
    };
    for (size_t i = 0; i < HOLM_COUNT(texts); i++) {
        for (size_t cut = 0; cut <= strlen(HOLM_AT(texts, i)); cut++) {
            passes(HOLM_AT(texts, i), cut);
            CHECK_IS(has(holm_buffer_filled(&drive.log), "/2"), i < 2);
            CHECK_IS(has(holm_buffer_filled(&drive.log), "CLOSED"), i == 2);
            CHECK(!has(holm_buffer_filled(&drive.log), "ERROR"));
        }
    }
}

TEST(an_idle_connection_is_small)
{
    CHECK(sizeof(struct holm_http_machine) <= 256);
    CHECK(sizeof(struct holm_http_head) <= 1024);
}

TEST(a_client_of_connect_gets_a_tunnel)
{
    struct holm_http_request request = { .method = HOLM_HTTP_CONNECT,
                                         .target = HOLM_TEXT("a:1"),
                                         .host = HOLM_TEXT("a:1") };
    drive_init(&drive, false, NULL);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &request), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    drive_feed(&drive, HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"));
    CHECK_BYTES(holm_buffer_filled(&drive.log),
                HOLM_TEXT("HEAD 200 [Content-Length=5] keep\nUPGRADE\n"));
    CHECK_IS(drive.came - drive.taken, 5);
}

TEST(the_end_of_the_stream_behind_a_request_ends_the_connection_after_its_answer)
{
    struct holm_http_response response = { .status = 200, .length = 0 };
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_IS(holm_http_machine_end(&drive.http), HOLM_OK);
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    drive_turn(&drive);
    CHECK_IS(drive.http.in, 6); /* closed */
    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na"));
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    CHECK_IS(holm_http_machine_end(&drive.http), HOLM_OK); /* the rest of the body is not missed */
    CHECK_IS(drive.http.in, 6);
}

TEST(a_broken_invariant_is_seen)
{
    drive_init(&drive, true, NULL);
    CHECK(holm_http_machine_check(&drive.http));
    drive.http.out = 2; /* a response, to nothing */
    CHECK(!holm_http_machine_check(&drive.http));
    drive_init(&drive, true, NULL);
    drive.http.in = 1; /* a body of no length */
    CHECK(!holm_http_machine_check(&drive.http));
    drive.http.in = 5; /* done */
    drive.http.held = 1;
    CHECK(!holm_http_machine_check(&drive.http));
    drive_init(&drive, true, NULL);
    drive.http.in = 8; /* an error that is none */
    CHECK(!holm_http_machine_check(&drive.http));
    drive.http.in = 9;
    CHECK(!holm_http_machine_check(&drive.http));
}
