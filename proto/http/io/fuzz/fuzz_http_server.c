/* SPDX-License-Identifier: ISC */
/* fuzz_http_server.c: any bytes to a whole server over a network in memory, in pieces, and then
 * nothing, an end, a break or a stop of the server; all its time-outs pass. It gives back all that it
 * took. The first byte says how large the pieces are, what comes last, and whether the client takes
 * answers. Requests below /do/ say with letters which calls their handler makes, in any order. */
#include <holm/http/files.h>
#include <holm/test.h>

#include "../../../../run/test/fake_turn.h"
#include "../test/http_world.h"
#include "../test/tar_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct holm_http_files files;
static uint8_t tar_bytes[8192];
static _Alignas(16) uint8_t files_bytes[65536];

/* Answers the fields and the body of a request, streamed, and its trailers are read. */
static enum holm_result mirror(struct holm_http_exchange *exchange, const void *context)
{
    enum holm_result result = holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);
    struct holm_bytes piece;

    (void)context;
    while (result == HOLM_OK && (result = holm_http_read(exchange, &piece)) == HOLM_OK)
        result = holm_http_write(exchange, piece);
    return result == HOLM_END ? HOLM_OK : result;
}

static enum holm_result hello(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("hello\n"));
}

/* Takes the connection over and says all that comes, until its end. */
static enum holm_result take_over(struct holm_http_exchange *exchange)
{
    bool connects = holm_http_method(exchange) == HOLM_HTTP_CONNECT;
    struct holm_flow *flow = NULL;
    struct holm_span in = { 0 };
    enum holm_result result =
        holm_http_take_over(exchange, connects ? HOLM_TEXT("") : HOLM_TEXT("x"), &flow);

    while (result == HOLM_OK) {
        result = holm_flow_await(flow, &in, 1, HOLM_TIMER_NEVER);
        if (result == HOLM_OK)
            result = holm_flow_write(flow, holm_span_bytes(in), HOLM_TIMER_NEVER);
        holm_flow_take(flow, result == HOLM_OK ? in.len : 0);
    }
    return result == HOLM_END ? HOLM_OK : result;
}

/* begin_call begins an answer as a letter says. */
static enum holm_result begin_call(struct holm_http_exchange *exchange, uint8_t letter)
{
    switch (letter) {
    case 'b':
        return holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);
    case 'n':
        return holm_http_begin(exchange, 200, 5);
    case 'e':
        return holm_http_events(exchange);
    case 'd':
        return holm_http_redirect(exchange, 303, HOLM_TEXT("/"));
    case 's':
        return holm_http_status(exchange, 418);
    case 'm':
        return holm_http_status(exchange, 304);
    case 'j':
        return holm_http_json(exchange, HOLM_TEXT("{}"));
    default:
        return take_over(exchange);
    }
}

/* call makes the call that a letter stands for. */
static enum holm_result call(struct holm_http_exchange *exchange, uint8_t letter)
{
    static const uint8_t much[20000];
    struct holm_bytes value = { 0 };
    struct holm_flow_facts facts;

    switch (letter) {
    case 'r':
        return holm_http_read(exchange, &value) < 0 ? HOLM_ERR_IO : HOLM_OK;
    case 'w':
        return holm_http_write(exchange, HOLM_TEXT("abc"));
    case 'l':
        return holm_http_lend(exchange, HOLM_BLOB(much));
    case 'v':
        return holm_http_event(exchange, HOLM_TEXT("n"), holm_http_host(exchange));
    case 'a':
        return holm_http_add(exchange, HOLM_TEXT("X"), holm_http_path(exchange));
    case 'q':
        (void)holm_http_query(exchange, HOLM_TEXT("q"), &value);
        (void)holm_http_field_named(exchange, HOLM_TEXT("x"), &value);
        (void)holm_http_trailer(exchange, HOLM_TEXT("x"), &value);
        holm_http_facts(exchange, &facts);
        CHECK(holm_http_server_of(exchange) == world.server);
        CHECK(holm_http_image(exchange) == &world.image);
        return HOLM_OK;
    case 'z':
        return holm_task_sleep(fake.now_ns + 1000000000);
    default:
        return begin_call(exchange, letter);
    }
}

/* Makes the calls that the path's letters stand for, up to the first that fails. */
static enum holm_result obey(struct holm_http_exchange *exchange, const void *context)
{
    enum holm_result result = HOLM_OK;
    struct holm_bytes letters = { 0 };
    uint8_t letter = 0;

    (void)context;
    CHECK(holm_http_param(exchange, HOLM_TEXT("letters"), &letters));
    for (size_t i = 0; i < 64 && result == HOLM_OK && holm_bytes_u8(&letters, &letter); i++)
        result = call(exchange, letter);
    return result;
}

static enum holm_result tunnel(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return take_over(exchange);
}

static enum holm_result exists(struct holm_http_exchange *exchange, struct holm_http_found *found,
                               const void *context)
{
    (void)exchange;
    (void)context;
    found->validators = (struct holm_http_validators){
        .exists = true, .dated = true, .modified_s = 1000000000, .tag = HOLM_TEXT("\"a\"")
    };
    return HOLM_OK;
}

static enum holm_result is_authorised(struct holm_http_exchange *exchange,
                                      struct holm_http_found *found, const void *context)
{
    struct holm_bytes value;

    (void)context;
    found->challenge = HOLM_TEXT("Basic realm=\"a\"");
    return holm_http_field(exchange, HOLM_HTTP_FIELD_AUTHORIZATION, &value) ? HOLM_OK
                                                                            : HOLM_ERR_PERMISSION;
}

static const struct holm_http_variant offers[] = {
    { HOLM_TEXT("application/json"), hello },
    { HOLM_TEXT("text/plain"), hello },
};
static const struct holm_http_variant takes[] = { { HOLM_TEXT("text/plain"), mirror } };
static const struct holm_http_resource open_one = { .takes = takes,
                                                    .takes_count = HOLM_COUNT(takes),
                                                    .offers = offers,
                                                    .offers_count = HOLM_COUNT(offers),
                                                    .exists = exists,
                                                    .remove = hello };
static const struct holm_http_resource closed_one = { .is_authorised = is_authorised,
                                                      .handler = hello };

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(GET, "/", hello, NULL),
    HOLM_HTTP_ROUTE(POST, "/m", mirror, NULL),
    HOLM_HTTP_ROUTE(GET, "/do/:letters", obey, NULL),
    HOLM_HTTP_ROUTE(POST, "/do/:letters", obey, NULL),
    HOLM_HTTP_ROUTE(CONNECT, "/", tunnel, NULL),
    HOLM_HTTP_RESOURCE(HOLM_HTTP_MAY_GET | HOLM_HTTP_MAY_PUT | HOLM_HTTP_MAY_DELETE, "/r",
                       &open_one, NULL),
    HOLM_HTTP_RESOURCE(HOLM_HTTP_MAY_GET | HOLM_HTTP_MAY_POST, "/c", &closed_one, NULL),
    HOLM_HTTP_ROUTE(GET, "/*", holm_http_files, &files),
};

static const struct holm_http_options options = { .routes = routes,
                                                  .routes_count = HOLM_COUNT(routes),
                                                  .connections_max = 4,
                                                  .limits = { .head_ns = 10000000000,
                                                              .idle_ns = 60000000000,
                                                              .body_bytes = 1000,
                                                              .target_bytes = 200,
                                                              .field_count = 10 } };

static void files_make(void)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_arena arena;

    if (files.count > 0)
        return;
    tar_add(&tar, HOLM_TEXT("a.html"), '0', HOLM_TEXT("0123456789"));
    tar_add(&tar, HOLM_TEXT("a.html.gz"), '0', HOLM_TEXT("packed"));
    tar_add(&tar, HOLM_TEXT("b/index.html"), '0', HOLM_TEXT("below"));
    tar_add(&tar, HOLM_TEXT("404.html"), '0', HOLM_TEXT("none"));
    holm_arena_init(&arena, (struct holm_span){ files_bytes, sizeof files_bytes });
    CHECK_IS(holm_http_files_open(&files, &arena, holm_buffer_filled(&tar)), HOLM_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes text = { data, len };
    uint8_t how = 0;

    if (len > 4096 || !holm_bytes_u8(&text, &how))
        return 0;
    files_make();
    world_options.flows_max = 4; /* less memory to clear makes more runs */
    world_bytes = 2 << 20;
    world_serve(&options);
    world.piece_bytes = how / 4 * 8U;
    world_join(&world.line);
    world.line.deaf = how >= 192;
    world.line.forgets = true; /* answers of 64 letters may have a megabyte each */
    world_say(&world.line, text);
    if (how % 4 == 1)
        (void)!holm_flow_finish(world.line.flow);
    if (how % 4 == 2)
        world_leave(&world.line);
    if (how % 4 == 3 && world.image.stoppers != NULL) {
        fake.stops++;
        holm_wake_ring(&world.image.stoppers->wake);
        world_run();
        world_sleep(HOLM_TIMER_TICK_NS); /* the listener had its last look */
    }
    world_sleep(1500000000);
    for (size_t i = 0; i < len && holm_http_server_now(world.server).requests_in_hand > 0; i++)
        world_sleep(1000000000 + HOLM_TIMER_TICK_NS); /* each letter may sleep once */
    world_sleep(120000000000);
    world_close();
    return 0;
}
