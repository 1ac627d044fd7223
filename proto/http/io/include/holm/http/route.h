/* SPDX-License-Identifier: ISC */
/* holm/http/route.h: which handler answers what. A table, walked from its top; the first route whose
 * pattern fits the path and that has the method answers. HEAD goes where GET goes and OPTIONS is
 * answered from the table; a path without a fitting method is 405 with Allow, one without a route 404.
 *
 * A route names a handler, or a resource: answers to typed questions, from which the order of
 * questions of RFC 9110 gives the status, so that none is forgotten. */
#pragma once

#include <holm/http/exchange.h>

/* The methods of a route, to be joined with |. */
#define HOLM_HTTP_MAY_GET (1U << HOLM_HTTP_GET)
#define HOLM_HTTP_MAY_POST (1U << HOLM_HTTP_POST)
#define HOLM_HTTP_MAY_PUT (1U << HOLM_HTTP_PUT)
#define HOLM_HTTP_MAY_DELETE (1U << HOLM_HTTP_DELETE)
#define HOLM_HTTP_MAY_PATCH (1U << HOLM_HTTP_PATCH)
#define HOLM_HTTP_MAY_CONNECT (1U << HOLM_HTTP_CONNECT)

/* struct holm_http_found is what the questions of a resource find out; it starts as below. */
struct holm_http_found {
    struct holm_http_validators validators; /* exists is true, nothing else known */
    struct holm_bytes challenge;            /* of 401, for WWW-Authenticate; without one: 500 */
    struct holm_bytes location;             /* of a redirect; empty: it has not moved */
    uint16_t location_status;               /* 308 */
};

/* holm_http_question_function answers a question about a resource. May wait.
 *
 * Returns: HOLM_OK           yes
 *          HOLM_ERR_REFUSED  no: the status that stands with the question below
 *          HOLM_END          a response was sent; ask no further
 *          anything else     500 */
typedef enum holm_result holm_http_question_function(struct holm_http_exchange *exchange,
                                                     struct holm_http_found *found,
                                                     const void *context);

/* struct holm_http_variant is one media type (lower case, no parameters) and what sends or takes it. */
struct holm_http_variant {
    struct holm_bytes type;
    holm_http_handler_function *handler;
};

/* struct holm_http_resource is asked in this order. What is NULL is yes; what is empty, not asked. A PUT
 * with Content-Range is 400: resources are put whole. */
struct holm_http_resource {
    holm_http_question_function *is_available;  /* no: 503 */
    holm_http_question_function *is_authorised; /* no: 401 with found->challenge */
    holm_http_question_function *is_allowed;    /* no: 403 */
    const struct holm_http_variant *takes;      /* PUT, POST, PATCH without a length: 411; a body of
                                                   another Content-Type: 415 */
    size_t takes_count;
    const struct holm_http_variant *offers; /* nothing of it in Accept: 406; the first is usual */
    size_t offers_count;
    holm_http_question_function *exists; /* fills found->validators. No: 404, or the redirect that
                                            found->location tells; PUT goes on. Then conditions:
                                            304, 412. To GET and HEAD the answer carries ETag,
                                            Last-Modified and Vary */
    holm_http_handler_function *remove;  /* DELETE */
    holm_http_handler_function *handler; /* where neither takes nor offers has one */
};

struct holm_http_step;

/* holm_http_step_function is a step of middleware, before the handler or after it. May wait.
 *
 * Returns: HOLM_OK   go on
 *          HOLM_END  a response was sent: neither further steps nor the handler run
 *          an error  as if the handler had answered it */
typedef enum holm_result holm_http_step_function(struct holm_http_exchange *exchange,
                                                 const struct holm_http_step *step);

/* struct holm_http_step is walked by the server: each before in order, the handler, each after in the
 * reverse order, but for steps that were not passed. */
struct holm_http_step {
    holm_http_step_function *before; /* NULL: none */
    holm_http_step_function *after;
    const void *context;
};

/* struct holm_http_route: a pattern starts with '/'; a segment ":name" fits any one segment, a "*" at
 * the end fits any rest. CONNECT, which has no path, goes to "/". methods 0 stands for GET. */
struct holm_http_route {
    unsigned methods;
    struct holm_bytes pattern;
    holm_http_handler_function *handler;
    const void *context;
    const struct holm_http_resource *resource; /* instead of handler */
    const struct holm_http_step *steps;
    size_t steps_count;
};

/* HOLM_HTTP_ROUTE is a route of one method to a handler: HOLM_HTTP_ROUTE(GET, "/hello", hello, NULL).
 * HOLM_HTTP_RESOURCE is a route to a resource, of methods joined with |. */
#define HOLM_HTTP_ROUTE(method, path_pattern, function, about)                                     \
    { .methods = HOLM_HTTP_MAY_##method,                                                           \
      .pattern = HOLM_TEXT(path_pattern),                                                          \
      .handler = (function),                                                                       \
      .context = (about) }
#define HOLM_HTTP_RESOURCE(all_methods, path_pattern, answers, about)                              \
    { .methods = (all_methods),                                                                    \
      .pattern = HOLM_TEXT(path_pattern),                                                          \
      .resource = (answers),                                                                       \
      .context = (about) }

/* struct holm_http_match is what a pattern stood for in a path. */
struct holm_http_match {
    size_t count;
    struct holm_bytes names[HOLM_HTTP_PARAM_MAX]; /* without the colon; "*" */
    struct holm_bytes values[HOLM_HTTP_PARAM_MAX];
};

/* holm_http_pattern_fits answers whether path fits pattern, and fills *match. Pure. */
bool holm_http_pattern_fits(struct holm_bytes pattern, struct holm_bytes path,
                            struct holm_http_match *match);

/* holm_http_route_find walks the table for a path and method. Pure.
 *
 * Returns: the route; NULL: none. *allowed is then the methods that other routes with a fitting
 *          pattern have: 0: the path is unknown. */
const struct holm_http_route *
holm_http_route_find(const struct holm_http_route *routes, size_t routes_count,
                     enum holm_http_method method, struct holm_bytes path,
                     struct holm_http_match *match, unsigned *allowed);
