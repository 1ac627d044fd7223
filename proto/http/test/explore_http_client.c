/* SPDX-License-Identifier: ISC */
/* explore_http_client.c: a client's connection. It asks in several ways, with bodies and without, and
 * again; responses come whole, cut, early, wrong, without having been asked for; time passes. */
#include "explore_http.h"

#include <stdio.h>
#include <string.h>

static const char *const texts[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n", /* until the end */
    "HTTP/1.1 20",
    "4 N\r\n\r\n",
    "HTTP/1.1 304 N\r\nContent-Length: 3\r\n\r\n",
    "HTTP/1.1 100 C\r\n\r\n",
    "HTTP/1.1 103 E\r\n\r\n",
    "HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    "a",
    "bc",
    "2\r\nde\r\n",
    "0\r\n\r\n",
    "0\r\nT: v\r\n\r\n",
    "0\r\nT: ",
    "\x01",
};

enum {
    GET = SHARED,
    HEAD,
    CONNECT,
    POST_TWO, /* a body of 2 bytes */
    POST_STREAMED,
    GET_CLOSE,
    GET_UPGRADE,
    GET_NO_ROOM,
    GET_WRONG, /* a target that can not be */
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
    world_begin(false);
}

/* request_may answers whether a request is taken: none is in hand, none has come to be the last, and
 * nothing has come that nobody asked for. */
static bool request_may(void)
{
    return !world.owed && world.framing == FRAMING_NONE && world.stage == STAGE_NONE &&
           world.http.waiting == 0 && !is_over() && !world.had_error;
}

static void requested(const struct holm_http_request *request)
{
    CHECK_IS(out_has("Content-Length: "), request->has_body && !request->streamed);
    CHECK_IS(out_has("Transfer-Encoding: "), request->has_body && request->streamed);
    CHECK(!request->close || out_has("Connection: close\r\n"));
    world.owed = true;
    world.said_close = out_has("Connection: close\r\n");
    world.first_chunk = true;
    world.left = (uint32_t)request->length;
    world.framing = request->streamed ? FRAMING_CHUNKED : FRAMING_LENGTH;
}

static bool ask(uint32_t verb)
{
    const struct holm_http_request request = {
        .method = verb == HEAD                                ? HOLM_HTTP_HEAD
                  : verb == CONNECT                           ? HOLM_HTTP_CONNECT
                  : verb == POST_TWO || verb == POST_STREAMED ? HOLM_HTTP_POST
                                                              : HOLM_HTTP_GET,
        .target = verb == CONNECT     ? HOLM_TEXT("h:1")
                  : verb == GET_WRONG ? HOLM_TEXT("/ x")
                                      : HOLM_TEXT("/"),
        .host = HOLM_TEXT("h"),
        .has_body = verb == POST_TWO || verb == POST_STREAMED,
        .streamed = verb == POST_STREAMED,
        .length = verb == POST_TWO ? 2 : 0,
        .close = verb == GET_CLOSE,
        .upgrade = verb == GET_UPGRADE,
    };
    struct holm_buffer *out = out_begin(verb == GET_NO_ROOM ? 20 : OUT_MAX);
    bool may = request_may();
    enum holm_result result;

    before_keep();
    result = holm_http_machine_request(&world.http, out, &request);
    if (!may)
        CHECK_IS(result, HOLM_ERR_INVALID);
    else
        CHECK_IS(result, verb == GET_NO_ROOM ? HOLM_AGAIN
                         : verb == GET_WRONG ? HOLM_ERR_MALFORMED
                                             : HOLM_OK);
    if (result == HOLM_OK) {
        requested(&request);
        return true;
    }
    out_is("");
    unchanged();
    return true;
}

static bool happens(uint32_t event)
{
    bool could;

    if (event >= TEXTS)
        could = arrives(text_of(event));
    else if (event >= SHARED)
        could = ask(event);
    else
        could = shared_happens(event);
    world_check();
    return could;
}

static void print(uint32_t event)
{
    static const char *const words[] = { "ask GET",
                                         "ask HEAD",
                                         "ask CONNECT",
                                         "ask POST with 2 bytes",
                                         "ask POST, streamed",
                                         "ask GET and close",
                                         "ask GET and offer another protocol",
                                         "ask GET without room",
                                         "ask for a target that can not be" };

    if (event < SHARED)
        shared_print(event);
    else if (event < TEXTS)
        printf("%s", HOLM_AT(words, event - SHARED));
    else
        text_print(text_of(event));
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
    explore("a client's connection", 7, begin);
}

/* A request that offered another protocol got 100, then a response in chunks with trailers. */
static void begin_after_chunks(void)
{
    static const uint32_t events[] = { GET_UPGRADE, END,  TEXTS + 7, NEXT,       TEXTS + 2, NEXT,
                                       TEXTS + 14,  NEXT, FEED,      TEXTS + 16, NEXT,      NEXT };

    begin();
    world_begin_after(happens, events, HOLM_COUNT(events));
}

TEST(a_connection_after_a_response_in_chunks)
{
    explore("a client's connection after a response in chunks", 6, begin_after_chunks);
}
