/* SPDX-License-Identifier: ISC */
/* fuzz_http_server.c: any bytes to a whole server over a network in memory, in pieces, and then
 * nothing, an end or a break; all its time-outs pass. It gives back all that it took. The first byte
 * says how large the pieces are and what comes last. */
#include <holm/http/files.h>
#include <holm/test.h>

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
    world_serve(&options);
    world.piece_bytes = how / 4 * 8U;
    world_join(&world.line);
    world_say(&world.line, text);
    if (how % 4 == 1)
        (void)!holm_flow_finish(world.line.flow);
    if (how % 4 == 2)
        world_leave(&world.line);
    world_sleep(120000000000);
    world_close();
    return 0;
}
