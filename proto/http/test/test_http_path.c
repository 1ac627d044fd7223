/* SPDX-License-Identifier: ISC */
/* test_http_path.c: paths, queries, cookies. */
#include <holm/http/target.h>
#include <holm/test.h>
#include <stdio.h>
#include <string.h>

static uint8_t storage[128];

static void becomes(const char *text, const char *wanted)
{
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_bytes path = { (const uint8_t *)text, strlen(text) };
    CHECK(holm_buffer_u8(&out, 'x')); /* what is there already stays */
    CHECK_IS(holm_http_path_parse(&out, path), HOLM_OK);
    if (!CHECK_BYTES(holm_buffer_filled(&out),
                     ((struct holm_bytes){ (const uint8_t *)wanted, strlen(wanted) })))
        printf("  in: %s\n", text);
}

TEST(a_path_is_decoded_and_loses_its_dots)
{
    becomes("/", "x/");
    becomes("", "x/");
    becomes("/a/b", "x/a/b");
    becomes("/a%20b%C3%a4", "x/a b\xc3\xa4");
    becomes("/a/./b/.", "x/a/b/");
    becomes("/a/../b", "x/b");
    becomes("/a/..", "x/");
    becomes("/a/b/..", "x/a/");
    becomes("/a/%2e%2E/b", "x/b");
    becomes("/a//b/", "x/a//b/");
    becomes("/.../..a/a..", "x/.../..a/a..");
}

TEST(a_path_that_could_mean_two_things_is_refused)
{
    static const char *const bad[] = { "a",   "/..",  "/../a",  "/a/../../b", "/%2e%2e/a", "/%",
                                       "/%4", "/%4g", "/a%2fb", "/%00",       "/%0a",      "/%7f" };
    for (size_t i = 0; i < HOLM_COUNT(bad); i++) {
        struct holm_buffer out = HOLM_BUFFER(storage);
        struct holm_bytes path = { (const uint8_t *)HOLM_AT(bad, i), strlen(HOLM_AT(bad, i)) };
        if (!CHECK_IS(holm_http_path_parse(&out, path), HOLM_ERR_MALFORMED))
            printf("  in: %s\n", HOLM_AT(bad, i));
        CHECK_IS(out.len, 0);
    }
}

TEST(a_path_longer_than_its_buffer_is_refused)
{
    uint8_t small[3];
    struct holm_buffer out = HOLM_BUFFER(small);
    CHECK_IS(holm_http_path_parse(&out, HOLM_TEXT("/abc")), HOLM_ERR_LIMIT);
    CHECK_IS(out.len, 0);
}

TEST(a_query_gives_its_pairs)
{
    struct holm_bytes query = HOLM_TEXT("&a=b&&c&=d&a=e%26+f=");
    struct holm_bytes name = { 0 };
    struct holm_bytes value = { 0 };
    struct holm_buffer out = HOLM_BUFFER(storage);
    CHECK(holm_http_query_find(query, HOLM_TEXT("a"), &value));
    CHECK_BYTES(value, HOLM_TEXT("b"));
    CHECK(!holm_http_query_find(query, HOLM_TEXT("b"), &value));
    CHECK(holm_http_query_next(&query, &name, &value));
    CHECK(holm_http_query_next(&query, &name, &value));
    CHECK_BYTES(name, HOLM_TEXT("c"));
    CHECK_IS(value.len, 0);
    CHECK(holm_http_query_next(&query, &name, &value));
    CHECK_IS(name.len, 0);
    CHECK(holm_http_query_next(&query, &name, &value));
    CHECK_IS(holm_http_text_decode(&out, value, true), HOLM_OK);
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("e& f="));
    CHECK(!holm_http_query_next(&query, &name, &value));
    CHECK_IS(holm_http_text_decode(&out, HOLM_TEXT("a%2"), true), HOLM_ERR_MALFORMED);
    CHECK_IS(out.len, 5);
}

TEST(cookies_are_walked)
{
    struct holm_bytes cookies = HOLM_TEXT("a=b; flag; c=\"d e\";=x; f=");
    struct holm_bytes name = { 0 };
    struct holm_bytes value = { 0 };
    CHECK(holm_http_cookie_next(&cookies, &name, &value));
    CHECK_BYTES(value, HOLM_TEXT("b"));
    CHECK(holm_http_cookie_next(&cookies, &name, &value));
    CHECK_BYTES(name, HOLM_TEXT("c"));
    CHECK_BYTES(value, HOLM_TEXT("d e"));
    CHECK(holm_http_cookie_next(&cookies, &name, &value));
    CHECK_BYTES(name, HOLM_TEXT("f"));
    CHECK_IS(value.len, 0);
    CHECK(!holm_http_cookie_next(&cookies, &name, &value));
}

TEST(a_cookie_is_written_with_safe_defaults)
{
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_http_cookie cookie = { .name = HOLM_TEXT("id"), .value = HOLM_TEXT("7") };
    CHECK_IS(holm_http_cookie_emit(&out, &cookie), HOLM_OK);
    CHECK_BYTES(holm_buffer_filled(&out),
                HOLM_TEXT("id=7; Path=/; SameSite=Lax; Secure; HttpOnly"));
    out.len = 0;
    cookie.age_max_s = 60;
    cookie.insecure = true;
    cookie.readable = true;
    cookie.same_site = HOLM_HTTP_SAME_SITE_STRICT;
    CHECK_IS(holm_http_cookie_emit(&out, &cookie), HOLM_OK);
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("id=7; Path=/; Max-Age=60; SameSite=Strict"));
    out.len = 0;
    cookie.expired = true; /* RFC 6265 section 4.1.1: Max-Age has no 0 */
    CHECK_IS(holm_http_cookie_emit(&out, &cookie), HOLM_OK);
    CHECK_BYTES(holm_buffer_filled(&out),
                HOLM_TEXT("id=7; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Strict"));
    cookie.expired = false;
    cookie.same_site = HOLM_HTTP_SAME_SITE_NONE;
    CHECK_IS(holm_http_cookie_emit(&out, &cookie), HOLM_ERR_MALFORMED);
    cookie.same_site = HOLM_HTTP_SAME_SITE_LAX;
    cookie.value = HOLM_TEXT("a;b");
    CHECK_IS(holm_http_cookie_emit(&out, &cookie), HOLM_ERR_MALFORMED);
    cookie.value = HOLM_TEXT("1");
    out.len = 100;
    CHECK_IS(holm_http_cookie_emit(&out, &cookie), HOLM_ERR_LIMIT);
    CHECK_IS(out.len, 100);
}
