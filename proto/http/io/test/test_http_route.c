/* SPDX-License-Identifier: ISC */
/* Tests of patterns and of the table of routes. */
#include <holm/http/route.h>
#include <holm/test.h>

static enum holm_result nothing(struct holm_http_exchange *exchange, const void *context)
{
    (void)exchange;
    (void)context;
    return HOLM_OK;
}

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(GET, "/", nothing, NULL),
    { .methods = HOLM_HTTP_MAY_GET | HOLM_HTTP_MAY_DELETE,
      .pattern = HOLM_TEXT("/user/:name"),
      .handler = nothing },
    HOLM_HTTP_ROUTE(POST, "/user/:name", nothing, NULL),
    HOLM_HTTP_ROUTE(GET, "/user/:name/mail/:id", nothing, NULL),
    { .pattern = HOLM_TEXT("/files/*"), .handler = nothing },
};

static const struct holm_http_route *find(enum holm_http_method method, struct holm_bytes path,
                                          struct holm_http_match *match, unsigned *allowed)
{
    return holm_http_route_find(routes, HOLM_COUNT(routes), method, path, match, allowed);
}

TEST(a_pattern_without_parameters_fits_itself_only)
{
    struct holm_http_match match;
    CHECK(holm_http_pattern_fits(HOLM_TEXT("/a/b"), HOLM_TEXT("/a/b"), &match));
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/a/b"), HOLM_TEXT("/a/b/"), &match));
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/a/b"), HOLM_TEXT("/a"), &match));
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/a/b"), HOLM_TEXT("/a/bc"), &match));
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/a"), HOLM_TEXT(""), &match));
}

TEST(a_parameter_is_one_segment_and_not_empty)
{
    struct holm_http_match match;
    if (!CHECK(holm_http_pattern_fits(HOLM_TEXT("/u/:x/y/:z"), HOLM_TEXT("/u/1/y/22"), &match)))
        return;
    CHECK_IS(match.count, 2);
    CHECK_BYTES(match.names[0], HOLM_TEXT("x"));
    CHECK_BYTES(match.values[0], HOLM_TEXT("1"));
    CHECK_BYTES(HOLM_AT(match.names, 1), HOLM_TEXT("z"));
    CHECK_BYTES(HOLM_AT(match.values, 1), HOLM_TEXT("22"));
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/u/:x"), HOLM_TEXT("/u/"), &match));
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/u/:x"), HOLM_TEXT("/u/1/2"), &match));
}

TEST(a_star_is_the_rest_and_may_be_empty)
{
    struct holm_http_match match;
    if (!CHECK(holm_http_pattern_fits(HOLM_TEXT("/f/*"), HOLM_TEXT("/f/a/b"), &match)))
        return;
    CHECK_BYTES(match.names[0], HOLM_TEXT("*"));
    CHECK_BYTES(match.values[0], HOLM_TEXT("a/b"));
    CHECK(holm_http_pattern_fits(HOLM_TEXT("/f/*"), HOLM_TEXT("/f/"), &match));
    CHECK_IS(match.values[0].len, 0);
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/f/*"), HOLM_TEXT("/f"), &match));
    CHECK(holm_http_pattern_fits(HOLM_TEXT("/*"), HOLM_TEXT("/"), &match));
}

TEST(a_pattern_with_more_parameters_than_there_is_room_for_fits_nothing)
{
    struct holm_http_match match;
    CHECK(!holm_http_pattern_fits(HOLM_TEXT("/:a/:b/:c/:d/:e/:f/:g/:h/:i"),
                                  HOLM_TEXT("/1/2/3/4/5/6/7/8/9"), &match));
}

TEST(the_first_route_with_pattern_and_method_answers)
{
    struct holm_http_match match;
    unsigned allowed;
    CHECK(find(HOLM_HTTP_GET, HOLM_TEXT("/"), &match, &allowed) == &routes[0]);
    CHECK(find(HOLM_HTTP_HEAD, HOLM_TEXT("/user/ada"), &match, &allowed) == &HOLM_AT(routes, 1));
    CHECK(find(HOLM_HTTP_POST, HOLM_TEXT("/user/ada"), &match, &allowed) == &HOLM_AT(routes, 2));
    CHECK_BYTES(match.values[0], HOLM_TEXT("ada"));
    CHECK(find(HOLM_HTTP_GET, HOLM_TEXT("/files/x/y"), &match, &allowed) == &HOLM_AT(routes, 4));
}

TEST(a_path_without_the_method_tells_all_that_it_has)
{
    struct holm_http_match match;
    unsigned allowed;
    CHECK(find(HOLM_HTTP_PUT, HOLM_TEXT("/user/ada"), &match, &allowed) == NULL);
    CHECK_IS(allowed, HOLM_HTTP_MAY_GET | HOLM_HTTP_MAY_DELETE | HOLM_HTTP_MAY_POST |
                          1U << HOLM_HTTP_HEAD | 1U << HOLM_HTTP_OPTIONS);
    CHECK(find(HOLM_HTTP_OPTIONS, HOLM_TEXT("/user/ada"), &match, &allowed) == NULL);
    CHECK(allowed != 0);
    CHECK(find(HOLM_HTTP_GET, HOLM_TEXT("/unknown"), &match, &allowed) == NULL);
    CHECK_IS(allowed, 0);
    CHECK_IS(match.count, 0);
}
