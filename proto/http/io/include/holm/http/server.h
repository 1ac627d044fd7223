/* SPDX-License-Identifier: ISC */
/* holm/http/server.h: an HTTP/1.1 server over any listener. One pump a connection drives the pure
 * machine; an idle connection is that machine's state and nothing else. A request takes a task and a
 * place from a fixed pool for as long as its handler runs; requests of one connection go one after
 * another, and those that find the pool empty wait in the transport. */
#pragma once

#include <holm/http/files.h>
#include <holm/http/machine.h>
#include <holm/http/route.h>
#include <holm/image.h>

/* Connections over connections_max are told so with 503 and Retry-After. HOLM_HTTP_REFUSALS_MAX of
 * them at a time stay open for up to HOLM_HTTP_REFUSAL_NS, until they have heard it. */
#define HOLM_HTTP_REFUSALS_MAX 16
#define HOLM_HTTP_REFUSAL_NS UINT64_C(1000000000)
/* HOLM_HTTP_RETRY_AFTER_S is when a refused client may come again. */
#define HOLM_HTTP_RETRY_AFTER_S 1
/* HOLM_HTTP_GIVE_WAY_NS is how long a client may take nothing of its answer (of a file: not a whole
 * HOLM_FLOW_FILE_MAX) while other requests wait for a place, or less than a quarter of the image's
 * chunks is free; then it gives way: its answer is cut. */
#define HOLM_HTTP_GIVE_WAY_NS UINT64_C(2000000000)
/* HOLM_HTTP_ACCEPT_AGAIN_NS is when a listener that had no room is asked again at the latest. */
#define HOLM_HTTP_ACCEPT_AGAIN_NS UINT64_C(1000000000)

/* struct holm_http_options: zero stands for the default, in brackets. */
struct holm_http_options {
    const struct holm_http_route *routes;
    size_t routes_count;
    uint32_t connections_max; /* held at once [1024] */
    uint32_t requests_max; /* handled at once [three quarters of the image's task stacks]; of those
                                 with a body half as many: their clients may dawdle. More get 503 */
    struct holm_http_limits limits; /* head_bytes at most HOLM_HTTP_SERVER_HEAD_MAX [that]; head_ns
                                       and idle_ns [the parameters http_head_timeout and
                                       http_idle_timeout] */
    uint32_t send_rate;             /* bytes a second that a client must take, over send_ns [256] */
    uint64_t send_ns; /* what is sent at a time, n bytes (of a file HOLM_FLOW_FILE_MAX at most),
                           must be taken within send_ns and n / send_rate [60 s] */
    uint64_t stop_ns; /* time that requests in hand have when the image stops [10 s] */
};
#define HOLM_HTTP_SERVER_HEAD_MAX 8192

/* struct holm_http_server_state is for those who want to see; metrics tell it too. */
struct holm_http_server_state {
    uint32_t connections; /* open */
    uint32_t requests_in_hand;
    uint32_t requests_free; /* places in the pool */
    uint64_t requests;      /* begun since the start */
    uint64_t refused;       /* connections */
    uint64_t started_ns;
    bool listening; /* false: nobody new is served, since the image stops or the listener failed */
};

struct holm_http_server;

/* holm_http_start starts a server and logs its address; it runs until the image stops: then it
 * accepts nobody, finishes what is in hand, and says what it had to drop. A listener that has no room
 * for a connection is asked again; any other error of it is logged and closes it, and who is connected
 * is served on.
 *
 * Memory:  takes from image->arena for good: see proto/http/README.md; keeps options->routes and
 *          listener as long as the image lives.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less
 *          HOLM_ERR_INVALID    a limit past what its comment says; a pattern that is none */
HOLM_MUST_USE enum holm_result holm_http_start(struct holm_http_server **server,
                                               struct holm_image *image,
                                               struct holm_listener *listener,
                                               const struct holm_http_options *options);

/* holm_http_server_state tells how the server does. */
struct holm_http_server_state holm_http_server_now(const struct holm_http_server *server);

/* holm_http_server_of is the server that an exchange belongs to. */
const struct holm_http_server *holm_http_server_of(const struct holm_http_exchange *exchange);

/* holm_http_metrics is a handler: the image's metrics for Prometheus. */
enum holm_result holm_http_metrics(struct holm_http_exchange *exchange, const void *context);
