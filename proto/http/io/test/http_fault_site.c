/* SPDX-License-Identifier: ISC */
/* What the server serves whose resources fail. */
#include <holm/test.h>

#include "../src/http_io_impl.h"
#include "http_fault.h"

static struct holm_http_files files = { .is_folder = true, .port = FAULT_FOLDER_PORT };

static enum holm_result hello(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("hello\n"));
}

static enum holm_result sleeps(struct holm_http_exchange *exchange, const void *context)
{
    enum holm_result result = holm_task_sleep(holm_run_now_ns(world.run) + HOLM_NS_PER_S / 2);

    return result == HOLM_OK ? hello(exchange, context) : result;
}

/* Answers with the body, streamed, and with a trailer. */
static enum holm_result mirror(struct holm_http_exchange *exchange, const void *context)
{
    enum holm_result result = HOLM_OK;
    struct holm_bytes piece;

    (void)context;
    while (result == HOLM_OK && (result = holm_http_read(exchange, &piece)) == HOLM_OK) {
        result = exchange->begun ? HOLM_OK : holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);
        if (result == HOLM_OK)
            result = holm_http_write(exchange, piece);
    }
    if (result != HOLM_END)
        return result;
    result = exchange->begun ? HOLM_OK : holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED);
    return result == HOLM_OK ? holm_http_add(exchange, HOLM_TEXT("Sum"), HOLM_TEXT("7")) : result;
}

static enum holm_result lends(struct holm_http_exchange *exchange, const void *context)
{
    static const uint8_t much[50000] = { 0 };
    enum holm_result result = holm_http_begin(exchange, 200, sizeof much);

    (void)context;
    return result == HOLM_OK ? holm_http_lend(exchange, HOLM_BLOB(much)) : result;
}

static enum holm_result events(struct holm_http_exchange *exchange, const void *context)
{
    enum holm_result result = holm_http_events(exchange);

    (void)context;
    if (result == HOLM_OK)
        result = holm_http_event(exchange, HOLM_TEXT("n"), HOLM_TEXT("1"));
    return result == HOLM_OK ? holm_http_event(exchange, HOLM_TEXT(""), HOLM_TEXT("2")) : result;
}

/* Reads on after it was told that there is nothing more, and answers in the end. */
static enum holm_result insists(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_bytes piece;

    for (unsigned i = 0; i < 2; i++)
        (void)!holm_http_read(exchange, &piece);
    (void)holm_task_sleep(holm_run_now_ns(world.run) + HOLM_NS_PER_S);
    return hello(exchange, context);
}

/* A response that there is none of, and another a second later. */
static enum holm_result errs(struct holm_http_exchange *exchange, const void *context)
{
    CHECK_IS(holm_http_begin(exchange, 99, 0), HOLM_ERR_INVALID);
    return sleeps(exchange, context);
}

/* Does not hear that it is over. */
static enum holm_result goes_on(struct holm_http_exchange *exchange, const void *context)
{
    (void)holm_task_sleep(HOLM_TIMER_NEVER);
    return lends(exchange, context);
}

static enum holm_result take_over(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_flow *flow = NULL;
    struct holm_span in = { 0 };
    uint64_t deadline_ns = holm_run_now_ns(world.run) + 4 * HOLM_NS_PER_S;
    enum holm_result result = holm_http_take_over(exchange, HOLM_TEXT("echo"), &flow);

    (void)context;
    while (result == HOLM_OK) {
        result = holm_flow_await(flow, &in, 1, deadline_ns);
        if (result == HOLM_OK)
            result = holm_flow_write(flow, holm_span_bytes(in), deadline_ns);
        if (result == HOLM_OK)
            holm_flow_take(flow, in.len);
    }
    return result == HOLM_END ? HOLM_OK : result;
}

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(GET, "/", hello, NULL),
    HOLM_HTTP_ROUTE(GET, "/sleeps", sleeps, NULL),
    HOLM_HTTP_ROUTE(GET, "/lends", lends, NULL),
    HOLM_HTTP_ROUTE(GET, "/events", events, NULL),
    HOLM_HTTP_ROUTE(GET, "/errs", errs, NULL),
    HOLM_HTTP_ROUTE(GET, "/goes_on", goes_on, NULL),
    HOLM_HTTP_ROUTE(GET, "/echo", take_over, NULL),
    HOLM_HTTP_ROUTE(POST, "/mirror", mirror, NULL),
    HOLM_HTTP_ROUTE(POST, "/insists", insists, NULL),
    HOLM_HTTP_ROUTE(GET, "/files/*", holm_http_files, &files),
};

const struct holm_http_options fault_site = {
    .routes = routes,
    .routes_count = HOLM_COUNT(routes),
    .limits = { .head_ns = 3 * HOLM_NS_PER_S,
                .body_ns = 3 * HOLM_NS_PER_S,
                .idle_ns = 3 * HOLM_NS_PER_S,
                .body_bytes = 100 },
    .send_rate = 100000,
    .send_ns = 3 * HOLM_NS_PER_S,
    .stop_ns = 3 * HOLM_NS_PER_S,
};
