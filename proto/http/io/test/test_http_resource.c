/* SPDX-License-Identifier: ISC */
/* Tests of resources, over model flows: each question, its status, and what is assumed where nothing
 * is said. */
#include <holm/test.h>

#include "http_world.h"

#define HOST " HTTP/1.1\r\nHost: a\r\n"
#define CHECK_KEPT(text, status)                                                                   \
    do {                                                                                           \
        CHECK_IS(ASK(text), status);                                                               \
        CHECK(world_kept());                                                                       \
    } while (0)

/* What the resource of the tests answers, and which of its questions were asked, in order. */
static struct {
    enum holm_result available, authorised, allowed, exists;
    struct holm_http_validators validators;
    struct holm_bytes location, challenge;
} says;
static uint8_t asked_bytes[64];
static struct holm_buffer asked;

static enum holm_result is_available(struct holm_http_exchange *exchange,
                                     struct holm_http_found *found, const void *context)
{
    (void)exchange;
    (void)found;
    (void)context;
    asked = HOLM_BUFFER(asked_bytes); /* the first question */
    CHECK(holm_buffer_bytes(&asked, HOLM_TEXT("available ")));
    return says.available;
}

static enum holm_result is_authorised(struct holm_http_exchange *exchange,
                                      struct holm_http_found *found, const void *context)
{
    struct holm_bytes value;

    (void)context;
    CHECK(holm_buffer_bytes(&asked, HOLM_TEXT("authorised ")));
    found->challenge = says.challenge;
    if (holm_http_field(exchange, HOLM_HTTP_FIELD_AUTHORIZATION, &value))
        return HOLM_OK;
    return says.authorised;
}

static enum holm_result is_allowed(struct holm_http_exchange *exchange,
                                   struct holm_http_found *found, const void *context)
{
    (void)found;
    (void)context;
    CHECK(holm_buffer_bytes(&asked, HOLM_TEXT("allowed ")));
    if (says.allowed == HOLM_END) {
        CHECK_IS(holm_http_add(exchange, HOLM_TEXT("Retry-After"), HOLM_TEXT("9")), HOLM_OK);
        CHECK_IS(holm_http_status(exchange, 429), HOLM_OK);
    }
    return says.allowed;
}

static enum holm_result exists(struct holm_http_exchange *exchange, struct holm_http_found *found,
                               const void *context)
{
    (void)exchange;
    (void)context;
    CHECK(holm_buffer_bytes(&asked, HOLM_TEXT("exists ")));
    found->validators = says.validators;
    found->location = says.location;
    return says.exists;
}

static enum holm_result send_json(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_json(exchange, HOLM_TEXT("{}"));
}

static enum holm_result send_text(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_text(exchange, HOLM_TEXT("text"));
}

/* A body of one letter: u is not to be processed, c is a conflict. */
static enum holm_result take(struct holm_http_exchange *exchange, const void *context)
{
    struct holm_bytes piece = { 0 };
    enum holm_result result = holm_http_read(exchange, &piece);

    (void)context;
    if (result < 0)
        return result;
    if (holm_bytes_is(piece, 0, 'u'))
        return holm_http_status(exchange, 422);
    if (holm_bytes_is(piece, 0, 'c'))
        return holm_http_status(exchange, 409);
    return holm_http_status(exchange, 201);
}

static enum holm_result remove_it(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    return holm_http_status(exchange, 204);
}

static enum holm_result upgrade_wanted(struct holm_http_exchange *exchange, const void *context)
{
    (void)context;
    CHECK_IS(holm_http_add(exchange, HOLM_TEXT("Upgrade"), HOLM_TEXT("echo")), HOLM_OK);
    return holm_http_status(exchange, 426);
}

static const struct holm_http_variant offers[] = {
    { HOLM_TEXT("application/json"), send_json },
    { HOLM_TEXT("text/plain"), send_text },
};
static const struct holm_http_variant takes[] = { { HOLM_TEXT("text/plain"), take } };

static const struct holm_http_resource full = {
    .is_available = is_available,
    .is_authorised = is_authorised,
    .is_allowed = is_allowed,
    .takes = takes,
    .takes_count = HOLM_COUNT(takes),
    .offers = offers,
    .offers_count = HOLM_COUNT(offers),
    .exists = exists,
    .remove = remove_it,
};
static const struct holm_http_resource plain = { .handler = send_text };
static const struct holm_http_resource empty = { .exists = exists };

static const struct holm_http_route routes[] = {
    HOLM_HTTP_RESOURCE(HOLM_HTTP_MAY_GET | HOLM_HTTP_MAY_PUT | HOLM_HTTP_MAY_POST |
                           HOLM_HTTP_MAY_DELETE,
                       "/full", &full, NULL),
    HOLM_HTTP_ROUTE(GET, "/kept", send_text, NULL),
    HOLM_HTTP_RESOURCE(HOLM_HTTP_MAY_GET, "/plain", &plain, NULL),
    HOLM_HTTP_RESOURCE(HOLM_HTTP_MAY_GET, "/empty", &empty, NULL),
    HOLM_HTTP_ROUTE(GET, "/upgrade", upgrade_wanted, NULL),
};

static void begin(void)
{
    says.available = HOLM_OK;
    says.authorised = HOLM_OK;
    says.allowed = HOLM_OK;
    says.exists = HOLM_OK;
    says.validators = (struct holm_http_validators){ .exists = true };
    says.location = HOLM_TEXT("");
    says.challenge = HOLM_TEXT("Basic realm=\"a\"");
    world_serve(
        &(struct holm_http_options){ .routes = routes, .routes_count = HOLM_COUNT(routes) });
}

TEST(questions_are_asked_in_the_order_of_the_header)
{
    begin();
    CHECK_KEPT("GET /full" HOST "\r\n", 200);
    CHECK_BYTES(holm_buffer_filled(&asked), HOLM_TEXT("available authorised allowed exists "));
    world_close();
}

TEST(what_is_not_asked_is_yes_and_what_has_no_handler_is_501)
{
    begin();
    CHECK_KEPT("GET /plain" HOST "Accept: image/png\r\nIf-Match: *\r\n\r\n", 200);
    CHECK_KEPT("GET /empty" HOST "\r\n", 501);
    CHECK_KEPT("POST /plain" HOST "\r\n", 405);
    CHECK_KEPT("OPTIONS /full" HOST "\r\n", 204);
    CHECK(HAS("\r\nAllow: GET, HEAD, POST, PUT, DELETE, OPTIONS\r\n"));
    world_close();
}

TEST(each_no_ends_the_questions_with_its_status)
{
    begin();
    says.exists = HOLM_ERR_REFUSED;
    CHECK_KEPT("GET /full" HOST "\r\n", 404);
    says.allowed = HOLM_ERR_REFUSED;
    CHECK_KEPT("GET /full" HOST "\r\n", 403);
    says.authorised = HOLM_ERR_REFUSED;
    CHECK_KEPT("GET /full" HOST "\r\n", 401);
    CHECK(HAS("\r\nWWW-Authenticate: Basic realm=\"a\"\r\n"));
    CHECK_KEPT("GET /full" HOST "Authorization: Basic YTpi\r\n\r\n", 403);
    says.challenge = HOLM_TEXT("");
    CHECK_KEPT("GET /full" HOST "\r\n", 500); /* nobody could answer to it */
    CHECK(!HAS("WWW-Authenticate"));
    says.available = HOLM_ERR_REFUSED;
    CHECK_KEPT("GET /full" HOST "\r\n", 503);
    CHECK_BYTES(holm_buffer_filled(&asked), HOLM_TEXT("available "));
    world_close();
}

TEST(a_question_may_answer_itself_and_one_that_fails_is_500)
{
    begin();
    says.allowed = HOLM_END;
    CHECK_KEPT("GET /full" HOST "\r\n", 429);
    CHECK(HAS("\r\nRetry-After: 9\r\n"));
    says.allowed = HOLM_ERR_IO;
    CHECK_KEPT("GET /full" HOST "\r\n", 500);
    says.allowed = HOLM_OK;
    says.exists = HOLM_ERR_IO;
    CHECK_KEPT("GET /full" HOST "\r\n", 500);
    world_close();
}

TEST(the_type_is_what_the_client_likes_most_and_the_first_where_it_says_nothing)
{
    begin();
    CHECK_KEPT("GET /full" HOST "\r\n", 200);
    CHECK(HAS("application/json") && HAS("\r\nVary: Accept\r\n"));
    CHECK_KEPT("GET /full" HOST "Accept: text/*\r\n\r\n", 200);
    CHECK(HAS("text/plain"));
    CHECK_KEPT("GET /full" HOST "Accept: application/json;q=0.5, text/plain\r\n\r\n", 200);
    CHECK(HAS("text/plain"));
    CHECK_KEPT("GET /full" HOST "Accept: image/png\r\nAccept: text/plain\r\n\r\n", 200);
    CHECK(HAS("text/plain"));
    CHECK_KEPT("GET /full" HOST "Accept: */*;q=0.5\r\nAccept: application/json;q=0\r\n\r\n", 200);
    CHECK(HAS("text/plain"));
    CHECK_KEPT("GET /full" HOST "Accept:\r\n\r\n", 200);
    CHECK_KEPT("GET /full" HOST "Accept: image/png\r\n\r\n", 406);
    CHECK_KEPT("HEAD /full" HOST "Accept: text/plain\r\n\r\n", 200);
    CHECK(HAS("\r\nContent-Length: 4\r\n"));
    world_close();
}

TEST(a_body_is_taken_by_its_type_and_needs_a_length)
{
    begin();
    CHECK_KEPT("PUT /full" HOST "Content-Type: Text/Plain; charset=x\r\nContent-Length: 1\r\n\r\na",
               201);
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/html\r\nContent-Length: 1\r\n\r\na", 415);
    CHECK_KEPT("POST /full" HOST "Content-Length: 1\r\n\r\na", 415);
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/plain\r\n\r\n", 411);
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
               "1\r\na\r\n0\r\n\r\n",
               201);
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nu", 422);
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nc", 409);
    world_close();
}

TEST(what_is_not_there_may_be_put_or_has_moved)
{
    begin();
    says.exists = HOLM_ERR_REFUSED;
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\na", 201);
    CHECK_KEPT("DELETE /full" HOST "\r\n", 404);
    says.location = HOLM_TEXT("/plain");
    CHECK_KEPT("GET /full" HOST "\r\n", 308);
    CHECK(HAS("\r\nLocation: /plain\r\n"));
    says.exists = HOLM_OK;
    CHECK_KEPT("DELETE /full" HOST "\r\n", 204);
    world_close();
}

TEST(conditions_on_the_tag_give_304_and_412)
{
    begin();
    says.validators.tag = HOLM_TEXT("\"1\"");
    CHECK_KEPT("GET /full" HOST "\r\n", 200);
    CHECK(HAS("\r\nETag: \"1\"\r\n"));
    CHECK_KEPT("GET /full" HOST "If-None-Match: \"0\", W/\"1\"\r\n\r\n", 304);
    CHECK(HAS("\r\nETag: \"1\"\r\n") && HAS("\r\nVary: Accept\r\n"));
    CHECK_KEPT("GET /full" HOST "If-None-Match: \"0\"\r\n\r\n", 200);
    CHECK_KEPT("GET /full" HOST "If-Match: \"0\"\r\n\r\n", 412);
    CHECK_KEPT("DELETE /full" HOST "If-Match: \"1\"\r\n\r\n", 204);
    CHECK(!HAS("ETag")); /* it was the old one's */
    CHECK_KEPT("DELETE /full" HOST "If-None-Match: *\r\n\r\n", 412);
    says.exists = HOLM_ERR_REFUSED;
    CHECK_KEPT("PUT /full" HOST "If-Match: *\r\nContent-Type: text/plain\r\n"
               "Content-Length: 1\r\n\r\na",
               412);
    CHECK_KEPT("PUT /full" HOST "If-None-Match: *\r\nContent-Type: text/plain\r\n"
               "Content-Length: 1\r\n\r\na",
               201);
    world_close();
}

TEST(conditions_on_the_date_give_304_and_412)
{
    begin();
    says.validators.dated = true;
    says.validators.modified_s = 1000000000;
    CHECK_KEPT("GET /full" HOST "\r\n", 200);
    CHECK(HAS("\r\nLast-Modified: Sun, 09 Sep 2001 01:46:40 GMT\r\n"));
    CHECK_KEPT("GET /full" HOST "If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT\r\n\r\n", 304);
    CHECK(HAS("\r\nLast-Modified: "));
    CHECK_KEPT("GET /full" HOST "If-Modified-Since: Sun, 09 Sep 2001 01:46:39 GMT\r\n\r\n", 200);
    CHECK_KEPT("DELETE /full" HOST "If-Unmodified-Since: Sun, 09 Sep 2001 01:46:39 GMT\r\n\r\n",
               412);
    world_close();
}

TEST(a_resource_is_not_younger_than_the_answer_that_brings_it)
{
    begin();
    world.run->turn.utc_ns = 784111777000000000;
    says.validators.dated = true;
    says.validators.modified_s = 784111778;
    CHECK_KEPT("GET /full" HOST "\r\n", 200);
    CHECK(HAS("\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    says.validators.modified_s = 784111776;
    CHECK_KEPT("GET /full" HOST "\r\n", 200);
    CHECK(HAS("\r\nLast-Modified: Sun, 06 Nov 1994 08:49:36 GMT\r\n"));
    world_close();
}

TEST(a_part_is_not_put_for_the_whole)
{
    begin();
    CHECK_KEPT(
        "PUT /full" HOST
        "Content-Type: text/plain\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nab",
        400);
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nab", 201);
    CHECK_KEPT("PUT /full" HOST "Content-Type: text/plain \t;a=b\r\nContent-Length: 2\r\n\r\nab",
               201);
    world_close();
}

TEST(another_protocol_can_be_demanded)
{
    begin();
    CHECK_KEPT("GET /upgrade" HOST "\r\n", 426);
    CHECK(HAS("\r\nUpgrade: echo\r\n") && HAS("\r\nConnection: upgrade\r\n"));
    world_close();
}
