/* SPDX-License-Identifier: ISC */
/* A request's task: from the head to the handler. */
#include "http_io_impl.h"

#include <holm/http/target.h>

/* The path is decoded behind the head, in the exchange's memory: it can not be longer. */
static enum holm_result path_decode(struct holm_http_exchange *exchange)
{
    const struct holm_http_message *message = &exchange->connection->http.message;
    struct holm_span all = { exchange->bytes, sizeof exchange->bytes };
    struct holm_span behind = { 0 };
    struct holm_bytes encoded;
    struct holm_buffer out;
    enum holm_result result;

    if (message->target == HOLM_HTTP_TARGET_AUTHORITY ||
        message->target == HOLM_HTTP_TARGET_ASTERISK) {
        exchange->path =
            message->target == HOLM_HTTP_TARGET_AUTHORITY ? HOLM_TEXT("/") : HOLM_TEXT("");
        return HOLM_OK;
    }
    if (!holm_http_part_bytes(message->path, exchange->head_bytes, &encoded) ||
        !holm_span_part(all, exchange->head_bytes.len, all.len - exchange->head_bytes.len, &behind))
        return HOLM_ERR_LIMIT;
    out = holm_span_buffer(behind);
    result = holm_http_path_parse(&out, encoded);
    exchange->path = holm_buffer_filled(&out);
    return result;
}

enum holm_result holm_http__allow(struct holm_http_exchange *exchange, unsigned methods)
{
    uint8_t bytes[80];
    struct holm_buffer list = HOLM_BUFFER(bytes);

    for (unsigned method = HOLM_HTTP_GET; method < HOLM_HTTP_METHODS; method++) {
        if ((methods >> method & 1) == 0)
            continue;
        if ((list.len > 0 && !holm_buffer_bytes(&list, HOLM_TEXT(", "))) ||
            !holm_buffer_bytes(&list, holm_http_method_text((enum holm_http_method)method)))
            return HOLM_ERR_LIMIT;
    }
    return holm_http_add(exchange, HOLM_TEXT("Allow"), holm_buffer_filled(&list));
}

/* No route has the path and the method: OPTIONS, or which of the two is wrong. */
static enum holm_result without_route(struct holm_http_exchange *exchange, unsigned allowed)
{
    enum holm_http_method method = holm_http_method(exchange);
    enum holm_result result;

    if (method == HOLM_HTTP_OTHER || method == HOLM_HTTP_TRACE)
        return holm_http_status(exchange, 501);
    if (method == HOLM_HTTP_OPTIONS && exchange->path.len == 0)
        return holm_http_begin(exchange, 204, 0);
    if (allowed == 0)
        return holm_http_status(exchange, 404);
    result = holm_http__allow(exchange, allowed);
    if (result != HOLM_OK)
        return result;
    if (method == HOLM_HTTP_OPTIONS)
        return holm_http_begin(exchange, 204, 0);
    return holm_http_status(exchange, 405);
}

static const struct holm_http_step *step_at(const struct holm_http_route *route, size_t index)
{
    return &HOLM_NTH(route->steps, route->steps_count, index);
}

/* The steps before, the handler, the steps after: a list that is walked here, so that no handler
 * calls a handler. A step that was not passed has no after. */
static enum holm_result walk(struct holm_http_exchange *exchange,
                             const struct holm_http_route *route)
{
    enum holm_result result = HOLM_OK, after;
    size_t passed = 0;

    for (; passed < route->steps_count; passed++) {
        if (step_at(route, passed)->before != NULL)
            result = step_at(route, passed)->before(exchange, step_at(route, passed));
        if (result != HOLM_OK)
            break;
    }
    if (result == HOLM_OK && route->resource != NULL)
        result = holm_http__decide(exchange, route->resource, route->context);
    else if (result == HOLM_OK)
        result = route->handler(exchange, route->context);
    for (; passed > 0 && result >= 0; passed--) {
        if (step_at(route, passed - 1)->after == NULL)
            continue;
        after = step_at(route, passed - 1)->after(exchange, step_at(route, passed - 1));
        if (after < 0)
            result = after;
    }
    return result;
}

static enum holm_result answer(struct holm_http_exchange *exchange)
{
    const struct holm_http_options *options = &exchange->connection->server->options;
    unsigned allowed = 0;
    enum holm_result result = path_decode(exchange);

    if (result != HOLM_OK)
        return holm_http_status(exchange, result == HOLM_ERR_LIMIT ? 414 : 400);
    /* RFC 9110 section 7.4: what https names is answered over a secured connection only */
    if (exchange->connection->http.message.secure)
        return holm_http_status(exchange, 421);
    exchange->route =
        holm_http_route_find(options->routes, options->routes_count, holm_http_method(exchange),
                             exchange->path, &exchange->match, &allowed);
    if (exchange->route == NULL)
        return without_route(exchange, allowed);
    return walk(exchange, exchange->route);
}

enum holm_result holm_http__handle(struct holm_task *task, void *context)
{
    struct holm_http_exchange *exchange = context;

    (void)task;
    holm_http__exchange_end(exchange, answer(exchange));
    return HOLM_OK;
}
