/* SPDX-License-Identifier: ISC */
/* Tests of what RFC 9110 asks of an origin server beyond the statuses of wrong requests, over model
 * flows. */
#include <holm/test.h>

#include "http_world.h"

#define HOST " HTTP/1.1\r\nHost: a\r\n"

static enum holm_result hello(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("hello\n"));
}

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(GET, "/kept", hello, NULL),
};

static void begin(void)
{
    world_serve(
        &(struct holm_http_options){ .routes = routes, .routes_count = HOLM_COUNT(routes) });
}

TEST(what_https_names_is_not_answered_in_the_open)
{
    begin();
    CHECK_IS(ASK("GET http://b/kept" HOST "\r\n"), 200);
    CHECK_IS(ASK("GET https://b/kept" HOST "\r\n"), 421);
    CHECK(world_kept());
    world_close();
}
