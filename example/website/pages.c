/* SPDX-License-Identifier: ISC */
/* The pages that are made when they are asked for. Each handler runs in a task of its own and reads
 * from top to bottom; where it waits, everything else goes on. */
#include "website.h"

#include <holm/checksum.h>
#include <holm/text.h>

#define SECOND_NS UINT64_C(1000000000)

enum holm_result website_hello(struct holm_http_exchange *exchange, const void *context)
{
    uint8_t bytes[256];
    struct holm_buffer text = HOLM_BUFFER(bytes);
    struct holm_bytes name = HOLM_TEXT("world");

    (void)context;
    (void)holm_http_query(exchange, HOLM_TEXT("name"), &name);
    if (!holm_text_is_utf8(name))
        return holm_http_status(exchange, 400);
    if (!holm_buffer_bytes(&text, HOLM_TEXT("Hello, ")) || !holm_buffer_bytes(&text, name) ||
        !holm_buffer_bytes(&text, HOLM_TEXT("!\n")))
        return holm_http_status(exchange, 414);
    return holm_http_text(exchange, holm_buffer_filled(&text));
}

enum holm_result website_health(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("ok\n"));
}

/* The body is never whole anywhere: each piece is added to the checksum where it lies. */
enum holm_result website_upload(struct holm_http_exchange *exchange, const void *context)
{
    uint8_t bytes[80];
    struct holm_buffer json = HOLM_BUFFER(bytes);
    struct holm_bytes piece = { 0 };
    uint32_t crc = HOLM_CRC32_START;
    uint64_t size = 0;
    enum holm_result result;

    (void)context;
    while ((result = holm_http_read(exchange, &piece)) == HOLM_OK) {
        crc = holm_crc32_update(crc, piece);
        size += piece.len;
    }
    if (result != HOLM_END)
        return result;
    if (!holm_buffer_bytes(&json, HOLM_TEXT("{\"bytes\":")) || !holm_text_u64_emit(&json, size) ||
        !holm_buffer_bytes(&json, HOLM_TEXT(",\"crc32\":\"")) ||
        !holm_text_hex_emit(&json, crc, 8) || !holm_buffer_bytes(&json, HOLM_TEXT("\"}\n")))
        return HOLM_ERR_LIMIT;
    return holm_http_json(exchange, holm_buffer_filled(&json));
}

enum holm_result website_slow(struct holm_http_exchange *exchange, const void *context)
{
    const struct holm_run *run = holm_http_image(exchange)->run;
    enum holm_result result;

    (void)context;
    result = holm_http_add(exchange, HOLM_TEXT("Content-Type"), HOLM_TEXT("text/plain"));
    if (result == HOLM_OK)
        result = holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);
    for (int step = 0; step < 10 && result == HOLM_OK; step++) {
        result = holm_task_sleep(holm_run_now_ns(run) + SECOND_NS / 10);
        if (result == HOLM_OK)
            result = holm_http_write(exchange, HOLM_TEXT("a tenth of a second has passed\n"));
    }
    return result;
}

static bool put(struct holm_buffer *json, struct holm_bytes key, uint64_t value)
{
    return holm_buffer_bytes(json, json->len == 0 ? HOLM_TEXT("{\"") : HOLM_TEXT(",\"")) &&
           holm_buffer_bytes(json, key) && holm_buffer_bytes(json, HOLM_TEXT("\":")) &&
           holm_text_u64_emit(json, value);
}

static bool put_state(struct holm_buffer *json, const struct holm_http_exchange *exchange)
{
    struct holm_http_server_state state = holm_http_server_now(holm_http_server_of(exchange));
    const struct holm_image *image = holm_http_image(exchange);
    const struct holm_run *run = image->run;
    uint64_t uptime_ns = holm_run_now_ns(run) - state.started_ns;

    return put(json, HOLM_TEXT("uptime_s"), uptime_ns / SECOND_NS) &&
           put(json, HOLM_TEXT("requests"), state.requests) &&
           put(json, HOLM_TEXT("connections"), state.connections) &&
           put(json, HOLM_TEXT("tasks"), run->tasks_count) &&
           put(json, HOLM_TEXT("memory_bytes"), image->arena->used_bytes) &&
           put(json, HOLM_TEXT("memory_limit_bytes"), image->arena->storage.len) &&
           put(json, HOLM_TEXT("turns"), run->turns) && holm_buffer_u8(json, '}');
}

enum holm_result website_live(struct holm_http_exchange *exchange, const void *context)
{
    const struct holm_run *run = holm_http_image(exchange)->run;
    struct holm_http_server_state state = holm_http_server_now(holm_http_server_of(exchange));
    enum holm_result result;

    (void)context;
    if (state.requests_free < state.requests_in_hand) /* who watches has a place for as long */
        return holm_http_status(exchange, 503);
    result = holm_http_events(exchange);
    while (result == HOLM_OK && run->turn.stops == 0) {
        uint8_t bytes[512];
        struct holm_buffer json = HOLM_BUFFER(bytes);

        if (!put_state(&json, exchange))
            return HOLM_ERR_LIMIT;
        result = holm_http_event(exchange, HOLM_TEXT(""), holm_buffer_filled(&json));
        if (result == HOLM_OK)
            result = holm_task_sleep(holm_run_now_ns(run) + SECOND_NS);
    }
    return result;
}
