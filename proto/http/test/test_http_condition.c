/* SPDX-License-Identifier: ISC */
/* test_http_condition.c: entity tags and conditional requests. */
#include <holm/http/condition.h>
#include <holm/test.h>
#include <stdio.h>
#include <string.h>

#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define AFTER "Sun, 06 Nov 1994 08:49:38 GMT"
#define AT "Sun, 06 Nov 1994 08:49:37 GMT"
enum { AT_S = 784111777 };

static struct holm_http_head head;
static char text[512];
static struct holm_bytes msg;
static const struct holm_http_validators resource = {
    .exists = true, .dated = true, .modified_s = AT_S, .tag = { (const uint8_t *)"\"v1\"", 4 }
};

static void request(const char *fields)
{
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\n%s\r\n", fields);
    msg = (struct holm_bytes){ (const uint8_t *)text, strlen(text) };
    holm_http_head_init(&head);
    CHECK_IS(holm_http_head_parse(&head, msg), HOLM_OK);
    holm_http_head_index(&head, msg);
}

static void comes_to(const char *fields, enum holm_http_verdict get, enum holm_http_verdict put)
{
    request(fields);
    if (!CHECK_IS(holm_http_condition_check(&head, msg, HOLM_HTTP_GET, &resource, AT_S + 100),
                  get) ||
        !CHECK_IS(holm_http_condition_check(&head, msg, HOLM_HTTP_PUT, &resource, AT_S + 100), put))
        printf("  in: %s\n", fields);
}

TEST(tags_are_checked_and_compared)
{
    CHECK(holm_http_tag_check(HOLM_TEXT("\"\"")));
    CHECK(holm_http_tag_check(HOLM_TEXT("W/\"a\"")));
    CHECK(!holm_http_tag_check(HOLM_TEXT("a")));
    CHECK(!holm_http_tag_check(HOLM_TEXT("\"a")));
    CHECK(!holm_http_tag_check(HOLM_TEXT("\"")));
    CHECK(!holm_http_tag_check(HOLM_TEXT("\"a b\"")));
    CHECK(!holm_http_tag_check(HOLM_TEXT("w/\"a\"")));
    CHECK(holm_http_tag_equal_strong(HOLM_TEXT("\"1\""), HOLM_TEXT("\"1\"")));
    CHECK(!holm_http_tag_equal_strong(HOLM_TEXT("W/\"1\""), HOLM_TEXT("W/\"1\"")));
    CHECK(!holm_http_tag_equal_strong(HOLM_TEXT("W/\"1\""), HOLM_TEXT("\"1\"")));
    CHECK(holm_http_tag_equal_weak(HOLM_TEXT("W/\"1\""), HOLM_TEXT("\"1\"")));
    CHECK(!holm_http_tag_equal_weak(HOLM_TEXT("W/\"1\""), HOLM_TEXT("W/\"2\"")));
}

TEST(conditions_are_evaluated_in_order)
{
    enum holm_http_verdict go = HOLM_HTTP_PROCEED;
    enum holm_http_verdict same = HOLM_HTTP_NOT_MODIFIED;
    enum holm_http_verdict failed = HOLM_HTTP_PRECONDITION_FAILED;
    comes_to("", go, go);
    comes_to("If-None-Match: \"v1\"\r\n", same, failed);
    comes_to("If-None-Match: \"v0\", W/\"v1\"\r\n", same, failed);
    comes_to("If-None-Match: \"v0\"\r\n", go, go);
    comes_to("If-None-Match: \"v0\"\r\nIf-None-Match: \"v1\"\r\n", same, failed);
    comes_to("If-None-Match: *\r\n", same, failed);
    comes_to("If-Match: \"v1\"\r\n", go, go);
    comes_to("If-Match: W/\"v1\"\r\n", failed, failed);
    comes_to("If-Match: \"v0\"\r\n", failed, failed);
    comes_to("If-Match: *\r\n", go, go);
    comes_to("If-Modified-Since: " AT "\r\n", same, go);
    comes_to("If-Modified-Since: " BEFORE "\r\n", go, go);
    comes_to("If-Modified-Since: yesterday\r\n", go, go);
    comes_to("If-None-Match: \"v0\"\r\nIf-Modified-Since: " AT "\r\n", go, go);
    comes_to("If-Unmodified-Since: " AT "\r\n", go, go);
    comes_to("If-Unmodified-Since: " BEFORE "\r\n", failed, failed);
    comes_to("If-Match: \"v1\"\r\nIf-Unmodified-Since: " BEFORE "\r\n", go, go);
    comes_to("If-Match: \"v1\"\r\nIf-None-Match: \"v1\"\r\n", same, failed);
}

/* RFC 9110 section 8.8.3: a backslash is a byte of a tag as any. */
TEST(a_tag_in_a_list_may_end_in_a_backslash)
{
    enum holm_http_verdict go = HOLM_HTTP_PROCEED;
    enum holm_http_verdict same = HOLM_HTTP_NOT_MODIFIED;
    enum holm_http_verdict failed = HOLM_HTTP_PRECONDITION_FAILED;
    comes_to("If-None-Match: \"v0\\\", \"v1\"\r\n", same, failed);
    comes_to("If-None-Match: W/\"\\\" , ,\"v1\"\r\n", same, failed);
    comes_to("If-Match: \"v0\\\",\"v1\"\r\n", go, go);
    comes_to("If-Match: \"v0\\\", \"v1\\\"\r\n", failed, failed);
    comes_to("If-None-Match: \"v0, \"v1\"\r\n", go, go); /* the first is not closed */
    comes_to("If-None-Match: \"a,\"v1\",b\"\r\n", go, go);
}

TEST(a_date_that_is_there_twice_is_none_and_one_before_1970_is_before_all)
{
    enum holm_http_verdict go = HOLM_HTTP_PROCEED;
    enum holm_http_verdict failed = HOLM_HTTP_PRECONDITION_FAILED;
    comes_to("If-Modified-Since: " AT "\r\nIf-Modified-Since: " BEFORE "\r\n", go, go);
    comes_to("If-Unmodified-Since: " BEFORE "\r\nIf-Unmodified-Since: " AT "\r\n", go, go);
    comes_to("If-Unmodified-Since: Sun, 06 Nov 1960 08:49:37 GMT\r\n", failed, failed);
    comes_to("If-Modified-Since: Sun, 06 Nov 1960 08:49:37 GMT\r\n", go, go);
}

TEST(a_resource_that_is_not_there_fails_if_match_and_passes_if_none_match)
{
    static const struct holm_http_validators none = { 0 };
    request("If-Match: *\r\n");
    CHECK_IS(holm_http_condition_check(&head, msg, HOLM_HTTP_PUT, &none, 0),
             HOLM_HTTP_PRECONDITION_FAILED);
    request("If-None-Match: *\r\n");
    CHECK_IS(holm_http_condition_check(&head, msg, HOLM_HTTP_PUT, &none, 0), HOLM_HTTP_PROCEED);
}

static void holds(const char *fields, uint64_t now_s, bool wanted)
{
    request(fields);
    if (!CHECK_IS(holm_http_condition_range(&head, msg, &resource, now_s), wanted))
        printf("  in: %s\n", fields);
}

TEST(a_range_holds_for_the_same_representation_only)
{
    holds("", AT_S + 100, false);
    holds("Range: bytes=0-1\r\n", AT_S + 100, true);
    holds("Range: bytes=0-1\r\nIf-Range: \"v1\"\r\n", AT_S + 100, true);
    holds("Range: bytes=0-1\r\nIf-Range: \"v2\"\r\n", AT_S + 100, false);
    holds("Range: bytes=0-1\r\nIf-Range: W/\"v1\"\r\n", AT_S + 100, false);
    holds("Range: bytes=0-1\r\nIf-Range: " AT "\r\n", AT_S + 100, true);
    holds("Range: bytes=0-1\r\nIf-Range: " AT "\r\n", AT_S + 10,
          false); /* too young to be strong */
    holds("Range: bytes=0-1\r\nIf-Range: " BEFORE "\r\n", AT_S + 100, false);
    holds("Range: bytes=0-1\r\nIf-Range: " AFTER "\r\n", AT_S + 100, false);
    holds("Range: bytes=0-1\r\nIf-Range: x\r\n", AT_S + 100, false);
}
