/* SPDX-License-Identifier: ISC */
/* test_http_time.c: what a connection does as time passes: deadlines, slow peers, a stop. */
#include "http_drive.h"

#include <holm/test.h>

#define POST "POST / HTTP/1.1\r\nHost: x\r\n"

static struct drive drive;

static struct holm_bytes written(void)
{
    return holm_buffer_filled(&drive.out);
}

/* asks_get asks for / and ends the request; upgrade offers another protocol. */
static void asks_get(bool upgrade)
{
    const struct holm_http_request get = { .method = HOLM_HTTP_GET,
                                           .target = HOLM_TEXT("/"),
                                           .host = HOLM_TEXT("h"),
                                           .upgrade = upgrade };
    drive_init(&drive, false, NULL);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &get), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
}

TEST(a_slow_peer_is_given_up)
{
    const uint64_t second = 1000000000;
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_deadline(&drive.http), 60 * second);
    CHECK_IS(holm_http_machine_tick(&drive.http, 5 * second), HOLM_OK);
    drive_feed(&drive, HOLM_TEXT("G"));
    CHECK_IS(holm_http_machine_deadline(&drive.http), 15 * second);
    CHECK_IS(holm_http_machine_tick(&drive.http, 14 * second), HOLM_OK);
    drive_feed(&drive, HOLM_TEXT("E"));
    CHECK_IS(holm_http_machine_tick(&drive.http, 15 * second), HOLM_ERR_TIMEOUT);
    drive_turn(&drive);
    CHECK_IS(drive.status, 408);
    CHECK(has(written(), "HTTP/1.1 408 Request Timeout\r\n"));

    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_tick(&drive.http, 60 * second), HOLM_OK);
    drive_turn(&drive);
    CHECK_IS(drive.errors, 0);
    CHECK_BYTES(holm_buffer_filled(&drive.log), HOLM_TEXT("CLOSED\n"));
}

TEST(head_body_and_pause_have_times_of_their_own)
{
    const struct holm_http_limits limits = { .head_ns = 1, .body_ns = 2, .idle_ns = 3 };
    drive_init(&drive, true, &limits);
    CHECK_IS(holm_http_machine_deadline(&drive.http), 3);
    drive_feed(&drive, HOLM_TEXT("POST / HTTP/1.1\r\n"));
    CHECK_IS(holm_http_machine_deadline(&drive.http), 1);
    drive_feed(&drive, HOLM_TEXT("Host: x\r\nContent-Length: 9\r\n\r\nhi"));
    CHECK_IS(holm_http_machine_deadline(&drive.http), 2);
}

TEST(a_body_must_keep_its_minimum_rate)
{
    const uint64_t second = 1000000000;
    static const uint8_t block[6000];
    drive_init(&drive, true, NULL);
    drive_feed(&drive, HOLM_TEXT(POST "Content-Length: 20000\r\n\r\n"));
    drive_feed(&drive, HOLM_BLOB(block));
    CHECK_IS(holm_http_machine_tick(&drive.http, 10 * second), HOLM_OK); /* 600 a second */
    drive_feed(&drive, HOLM_TEXT("slow"));
    CHECK_IS(holm_http_machine_tick(&drive.http, 19 * second), HOLM_OK);
    CHECK_IS(holm_http_machine_tick(&drive.http, 20 * second), HOLM_ERR_TIMEOUT);
    drive_turn(&drive);
    CHECK_IS(drive.status, 408);
}

TEST(a_client_gives_up_a_server_that_does_not_answer)
{
    const uint64_t second = 1000000000;
    static const struct holm_http_request get = { .method = HOLM_HTTP_GET,
                                                  .target = { (const uint8_t *)"/", 1 },
                                                  .host = { (const uint8_t *)"h", 1 } };
    drive_init(&drive, false, NULL);
    CHECK_IS(holm_http_machine_request(&drive.http, &drive.out, &get), HOLM_OK);
    CHECK_IS(holm_http_machine_deadline(&drive.http), UINT64_MAX); /* we are still writing */
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    CHECK_IS(holm_http_machine_deadline(&drive.http), 60 * second);
    CHECK_IS(holm_http_machine_tick(&drive.http, 60 * second), HOLM_ERR_TIMEOUT);
    drive_turn(&drive);
    CHECK_BYTES(holm_buffer_filled(&drive.log), HOLM_TEXT("ERROR 0\nCLOSED\n"));
    CHECK_IS(holm_http_machine_deadline(&drive.http), UINT64_MAX);
}

TEST(a_head_that_comes_late_and_cut_has_its_own_time)
{
    const uint64_t second = 1000000000;
    asks_get(false);
    CHECK_IS(holm_http_machine_tick(&drive.http, 50 * second), HOLM_OK);
    drive_feed(&drive, HOLM_TEXT("HTTP/1.1 204 "));
    CHECK_IS(holm_http_machine_deadline(&drive.http), 60 * second);
    CHECK_IS(holm_http_machine_tick(&drive.http, 59 * second), HOLM_OK);
    drive_feed(&drive, HOLM_TEXT("N\r\n\r\n"));
    CHECK_BYTES(holm_buffer_filled(&drive.log), HOLM_TEXT("HEAD 204 keep\n\nEND\n"));
}

TEST(stop_leaves_a_response_that_is_awaited_its_time)
{
    const uint64_t second = 1000000000;
    asks_get(false);
    CHECK_IS(holm_http_machine_tick(&drive.http, 50 * second), HOLM_OK);
    holm_http_machine_stop(&drive.http);
    CHECK_IS(holm_http_machine_deadline(&drive.http), 60 * second);
    drive_feed(&drive, HOLM_TEXT("HTTP/1.1 204 N\r\n\r\n"));
    CHECK(!has(holm_buffer_filled(&drive.log), "CLOSED"));
    CHECK_IS(holm_http_machine_deadline(&drive.http), 50 * second + second / 2);
}

TEST(time_in_which_the_user_is_slow_does_not_count)
{
    const uint64_t second = 1000000000;
    uint8_t text[] = POST "Content-Length: 9\r\n\r\nhi";
    struct holm_span in = { text, sizeof text - 1 };
    struct holm_http_event event = { 0 };
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_OK);
    CHECK_IS(holm_http_machine_tick(&drive.http, 100 * second), HOLM_OK); /* HEAD is untaken */
    CHECK_IS(holm_http_machine_next(&drive.http, &event), HOLM_OK);
    CHECK_IS(holm_http_machine_deadline(&drive.http), 110 * second);
}

TEST(who_owes_nothing_is_not_late_at_the_end_of_time)
{
    uint8_t text[] = POST "Content-Length: 9\r\n\r\nhi";
    struct holm_span in = { text, sizeof text - 1 };
    drive_init(&drive, true, NULL);
    CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &in), HOLM_OK);
    CHECK_IS(holm_http_machine_tick(&drive.http, UINT64_MAX), HOLM_OK); /* HEAD is untaken */
}

TEST(stop_gives_an_idle_connection_a_moment_for_one_more_request)
{
    const struct holm_http_limits limits = { .stop_idle_ns = 3 };

    for (int asked = 0; asked < 2; asked++) {
        drive_init(&drive, true, &limits);
        CHECK_IS(holm_http_machine_tick(&drive.http, 100), HOLM_OK);
        holm_http_machine_stop(&drive.http);
        CHECK_IS(holm_http_machine_deadline(&drive.http), 103);
        CHECK_IS(holm_http_machine_tick(&drive.http, 102), HOLM_OK);
        if (asked)
            drive_feed(&drive, HOLM_TEXT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        CHECK_IS(holm_http_machine_tick(&drive.http, 103), HOLM_OK);
        drive_turn(&drive);
        CHECK_IS(has(written(), "Connection: close\r\n\r\nok"), asked);
        CHECK(has(holm_buffer_filled(&drive.log), "CLOSED\n"));
        CHECK_IS(holm_http_machine_feed(&drive.http, &drive.head, &(struct holm_span){ 0 }),
                 HOLM_END);
    }
}

TEST(stop_within_a_head_ends_the_connection_after_its_answer)
{
    drive_init(&drive, true, NULL);
    drive_feed(&drive, HOLM_TEXT("GET / HTTP/1.1\r\n"));
    holm_http_machine_stop(&drive.http);
    drive_feed(&drive, HOLM_TEXT("Host: x\r\n\r\n"));
    CHECK(has(written(), "Connection: close\r\n\r\nok"));
}

TEST(stop_within_an_answer_leaves_the_peer_one_more_request_to_be_told_by)
{
    const struct holm_http_response response = { .status = 200, .length = 2 };
    struct holm_bytes body = HOLM_TEXT("ok");

    drive_init(&drive, true, NULL);
    drive.silent = true;
    drive_feed(&drive, HOLM_TEXT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_IS(holm_http_machine_respond(&drive.http, &drive.out, &response), HOLM_OK);
    holm_http_machine_stop(&drive.http);
    CHECK_IS(holm_http_machine_body_write(&drive.http, &drive.out, &body), HOLM_OK);
    CHECK_IS(holm_http_machine_body_end(&drive.http, &drive.out, NULL), HOLM_OK);
    CHECK(!has(written(), "close"));
    drive.silent = false;
    drive_feed(&drive, HOLM_TEXT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK(has(written(), "Connection: close\r\n\r\nok"));
    CHECK(has(holm_buffer_filled(&drive.log), "CLOSED\n"));
}
