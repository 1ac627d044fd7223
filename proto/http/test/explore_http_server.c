/* SPDX-License-Identifier: ISC */
/* explore_http_server.c: a server's connection. Requests come whole, cut, wrong, one behind the other;
 * bodies in pieces; time passes; the server answers in every way at every time, also where it may not. */
#include "explore_http.h"

#include <stdio.h>
#include <string.h>

#define HOST " HTTP/1.1\r\nHost: h\r\n"
static const char *const texts[] = {
    "GET /" HOST "\r\n",
    "GET / HT",
    "TP/1.1\r\nHost: h\r\n\r\n",
    "HEAD /" HOST "\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET /" HOST "Connection: close\r\n\r\n",
    "POST /" HOST "Content-Length: 3\r\n\r\n",
    "POST /" HOST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n",
    "POST /" HOST "Content-Length: 5\r\n\r\n", /* more than is taken */
    "POST /" HOST "Transfer-Encoding: chunked\r\n\r\n",
    "GET /" HOST "Connection: upgrade\r\nUpgrade: x\r\n\r\n",
    "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n",
    "a",
    "bc",
    "2\r\nde\r\n",
    "0\r\n\r\n",
    "0\r\nT: v\r\n\r\n",
    "0\r\nT: ",
    "\r\n",
    "\x01",
};

enum {
    RESPOND = SHARED, /* 200, without a body */
    RESPOND_TWO,      /* 200, with 2 bytes */
    RESPOND_STREAMED,
    RESPOND_NOTHING, /* 204 */
    RESPOND_CLOSE,
    RESPOND_SWITCH, /* 101 */
    RESPOND_NO_ROOM,
    INTERIM_CONTINUE,
    INTERIM_HINTS, /* 103 */
    TEXTS,
    EVENTS = TEXTS + HOLM_COUNT(texts),
};

static struct holm_bytes text_of(uint32_t event)
{
    const char *text = HOLM_AT(texts, event - TEXTS);

    return (struct holm_bytes){ (const uint8_t *)text, strlen(text) };
}

static void begin(void)
{
    world_begin(true);
}

/* close_may answers whether there is a reason to close behind an answer. */
static bool close_may(const struct holm_http_response *response)
{
    return response->close || !world.http.message.persistent || world.http.stopping ||
           world.peer_ended || world.had_error || world.stage != STAGE_WHOLE ||
           (response->streamed && world.is_old) || world.http.requests >= common.limits.requests;
}

/* responded reads the head that was written: what it says is what holds from now on. */
static void responded(const struct holm_http_response *response)
{
    char status[16];
    bool success = response->status / 100 == 2;

    (void)snprintf(status, sizeof status, "HTTP/1.1 %u ", response->status);
    CHECK(out_has(status));
    CHECK(!(out_has("Content-Length: ") && out_has("Transfer-Encoding: ")));
    world.owed = false;
    world.first_chunk = true;
    world.left = (uint32_t)response->length;
    world.switches = response->status == 101 || (world.is_connect && success);
    world.said_close = out_has("Connection: close\r\n");
    CHECK(!world.said_close || close_may(response));
    CHECK(world.said_close || !(response->close || world.had_error) || world.switches);
    if (world.is_head_only || world.switches || response->status == 204)
        world.framing = FRAMING_HEADLESS;
    else if (out_has("Transfer-Encoding: chunked\r\n"))
        world.framing = FRAMING_CHUNKED;
    else if (out_has("Content-Length: "))
        world.framing = FRAMING_LENGTH;
    else
        world.framing = FRAMING_TO_END;
    CHECK(world.framing != FRAMING_TO_END || world.said_close);
    CHECK(world.framing != FRAMING_CHUNKED || (response->streamed && !world.is_old));
}

/* respond_may answers whether the machine is to take the response. */
static bool respond_may(const struct holm_http_response *response)
{
    bool success = response->status / 100 == 2;

    if (!world.owed)
        return false;
    if (world.had_error)
        return response->status != 101 &&
               !(world.http.message.method == HOLM_HTTP_CONNECT && success);
    return response->status != 101 || (world.http.message.upgrade && world.stage == STAGE_WHOLE);
}

static bool respond(uint32_t verb)
{
    const struct holm_http_response response = {
        .status = verb == RESPOND_NOTHING  ? 204
                  : verb == RESPOND_SWITCH ? 101
                                           : 200,
        .streamed = verb == RESPOND_STREAMED,
        .close = verb == RESPOND_CLOSE,
        .length = verb == RESPOND_TWO ? 2 : 0,
    };
    struct holm_buffer *out = out_begin(verb == RESPOND_NO_ROOM ? 40 : OUT_MAX);
    enum holm_result result;

    if (world.http.waiting != 0)
        return false; /* who answers takes the events first */
    before_keep();
    result = holm_http_machine_respond(&world.http, out, &response);
    if (!respond_may(&response))
        CHECK_IS(result, HOLM_ERR_INVALID);
    else if (verb != RESPOND_NO_ROOM)
        CHECK_IS(result, HOLM_OK);
    if (result == HOLM_OK) {
        responded(&response);
        return true;
    }
    out_is("");
    unchanged();
    return true;
}

static bool happens(uint32_t event)
{
    bool could = true;

    if (event >= TEXTS) {
        could = arrives(text_of(event));
    } else if (event == INTERIM_CONTINUE || event == INTERIM_HINTS) {
        holm_http_machine_interim(&world.http, event == INTERIM_HINTS ? 103 : 100);
    } else if (event >= RESPOND) {
        could = respond(event);
    } else {
        could = shared_happens(event);
    }
    world_check();
    return could;
}

static void print(uint32_t event)
{
    static const char *const words[] = { "respond 200",
                                         "respond 200 with 2 bytes",
                                         "respond 200, streamed",
                                         "respond 204",
                                         "respond 200 and close",
                                         "respond 101",
                                         "respond without room",
                                         "interim 100",
                                         "interim 103" };

    if (event < SHARED) {
        shared_print(event);
    } else if (event < TEXTS) {
        printf("%s", HOLM_AT(words, event - SHARED));
    } else {
        text_print(text_of(event));
    }
}

static void explore(const char *sizes, uint32_t depth, holm_explore_begin_function *from)
{
    const struct holm_exploration what = { .sizes = sizes,
                                           .events = EVENTS,
                                           .depth = depth,
                                           .world = { (uint8_t *)&world, sizeof world },
                                           .begin = from,
                                           .event = happens,
                                           .digest = world_digest,
                                           .print = print };

    holm_explore(&what);
}

TEST(a_new_connection)
{
    explore("a server's connection", 7, begin);
}

/* A request whose body was not wanted was answered, and is over. */
static void begin_after_discard(void)
{
    static const uint32_t events[] = { TEXTS + 9, NEXT, RESPOND, END, TEXTS + 14, TEXTS + 15 };

    begin();
    world_begin_after(happens, events, HOLM_COUNT(events));
}

TEST(a_connection_whose_last_body_was_passed_over)
{
    explore("a server's connection after a body that was passed over", 6, begin_after_discard);
}

/* A client has waited for 100, sent its body in two pieces, and got an answer in chunks. */
static void begin_after_continue(void)
{
    static const uint32_t events[] = {
        TEXTS + 7, NEXT, INTERIM_CONTINUE, DRAIN,     TEXTS + 12, NEXT, TEXTS + 13,
        NEXT,      NEXT, RESPOND_STREAMED, WRITE_TWO, END
    };

    begin();
    world_begin_after(happens, events, HOLM_COUNT(events));
}

TEST(a_connection_after_an_answer_in_chunks)
{
    explore("a server's connection after 100 and an answer in chunks", 6, begin_after_continue);
}
