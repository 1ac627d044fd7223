/* SPDX-License-Identifier: ISC */
/* The image's metrics, as Prometheus or OpenMetrics text, whichever the client likes. */
#include "http_io_impl.h"

#include <holm/metrics.h>

HOLM_GAUGE(tasks, "holm_tasks", "tasks that run or wait");
HOLM_GAUGE(chunks_used, "holm_chunks_used", "pieces of memory that hold bytes on their way");
HOLM_GAUGE(memory_used, "holm_memory_used_bytes", "memory of the image that is taken for good");
HOLM_GAUGE(memory_limit, "holm_memory_limit_bytes", "memory of the image");
HOLM_COUNTER(turns, "holm_turns_total", "turns of the run loop");

/* What the image counts by itself becomes a metric only when someone asks. */
static void look(const struct holm_image *image)
{
    holm_gauge_set(&tasks, image->run->tasks_count);
    holm_gauge_set(&chunks_used, (int64_t)(image->chunks->count - image->chunks->free_count));
    holm_gauge_set(&memory_used, (int64_t)image->arena->used_bytes);
    holm_gauge_set(&memory_limit, (int64_t)image->arena->storage.len);
    turns.value = image->run->turns;
}

#define OPEN_TYPE HOLM_TEXT("application/openmetrics-text")
#define TEXT_TYPE HOLM_TEXT("text/plain")

static enum holm_metrics_format format(const struct holm_http_exchange *exchange)
{
    uint16_t open = holm_http_accept_weight(&exchange->head, exchange->head_bytes, OPEN_TYPE);
    uint16_t text = holm_http_accept_weight(&exchange->head, exchange->head_bytes, TEXT_TYPE);

    return open > text ? HOLM_METRICS_OPEN : HOLM_METRICS_TEXT;
}

/* The metrics are written where the exchange has room behind head and path, a piece at a time. */
enum holm_result holm_http_metrics(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_metrics_cursor cursor = { 0 };
    size_t used = exchange->head_bytes.len + exchange->path.len;
    struct holm_span all = { exchange->bytes, sizeof exchange->bytes }, room = { 0 };
    enum holm_metrics_format wanted = format(exchange);
    enum holm_result result, emitted = HOLM_AGAIN;

    (void)context;
    look(exchange->connection->server->image);
    if (used > all.len - HOLM_METRICS_ROOM_MAX || !holm_span_part(all, used, all.len - used, &room))
        return holm_http_status(exchange, 431);
    result = holm_http_add(exchange, HOLM_TEXT("Content-Type"),
                           wanted == HOLM_METRICS_OPEN ? HOLM_TEXT(HOLM_METRICS_TYPE_OPEN)
                                                       : HOLM_TEXT(HOLM_METRICS_TYPE_TEXT));
    if (result == HOLM_OK)
        result = holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);
    while (result == HOLM_OK && emitted == HOLM_AGAIN) {
        struct holm_buffer text = holm_span_buffer(room);
        emitted = holm_metrics_emit(holm_metrics_linked(), wanted, &cursor, &text);
        result = emitted < 0 ? emitted : holm_http_write(exchange, holm_buffer_filled(&text));
    }
    return result;
}
