/* SPDX-License-Identifier: ISC */
/* Tests of URLs. */
#include <holm/http/client.h>
#include <holm/test.h>
#include <holm/text.h>

#include "../src/http_client_impl.h"

TEST(a_url_is_host_port_and_target)
{
    struct holm_http_url url;
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://example.org/a?b=c#d")), HOLM_OK);
    CHECK_BYTES(url.host, HOLM_TEXT("example.org"));
    CHECK_BYTES(url.name, HOLM_TEXT("example.org"));
    CHECK_IS(url.port, 80);
    CHECK_BYTES(url.target, HOLM_TEXT("/a?b=c"));
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://[::1]:8080")), HOLM_OK);
    CHECK_BYTES(url.host, HOLM_TEXT("[::1]:8080"));
    CHECK_BYTES(url.name, HOLM_TEXT("::1"));
    CHECK_IS(url.port, 8080);
    CHECK_IS(url.target.len, 0);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("HTTP://a:80#b")), HOLM_OK);
    CHECK_BYTES(url.host, HOLM_TEXT("a:80"));
    CHECK_IS(url.target.len, 0);
}

/* RFC 3986 section 3.2.3: as if the colon did not stand there. */
TEST(a_port_may_be_empty)
{
    struct holm_http_url url;
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a:/b")), HOLM_OK);
    CHECK_BYTES(url.host, HOLM_TEXT("a"));
    CHECK_BYTES(url.name, HOLM_TEXT("a"));
    CHECK_IS(url.port, 80);
    CHECK_BYTES(url.target, HOLM_TEXT("/b"));
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://[::1]:?c")), HOLM_OK);
    CHECK_BYTES(url.host, HOLM_TEXT("[::1]"));
    CHECK_BYTES(url.target, HOLM_TEXT("?c"));
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a:")), HOLM_OK);
    CHECK_IS(url.target.len, 0);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://:/b")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a::/b")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://[::1:/b")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a:0/b")), HOLM_ERR_MALFORMED);
}

TEST(a_url_that_is_none_or_not_for_us_is_refused)
{
    struct holm_http_url url;
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("https://example.org/")), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("/path")), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a:b/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a:70000/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://[::1/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a b/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a\r\nb/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://a%20b/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://[::1 ]/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_url_parse(&url, HOLM_TEXT("http://me:secret@a/")), HOLM_ERR_UNSUPPORTED);
}

static void check_join(struct holm_bytes base_text, struct holm_bytes reference,
                       struct holm_bytes wanted)
{
    uint8_t bytes[128];
    struct holm_buffer out = HOLM_BUFFER(bytes);
    struct holm_http_url base;
    CHECK_IS(holm_http_url_parse(&base, base_text), HOLM_OK);
    CHECK_IS(holm_http_url_join(&out, &base, reference), HOLM_OK);
    CHECK_BYTES(holm_buffer_filled(&out), wanted);
}

TEST(references_are_seen_from_the_page_they_stand_on)
{
    struct holm_bytes base = HOLM_TEXT("http://a:81/b/c?d=/e");
    check_join(base, HOLM_TEXT("http://x/y"), HOLM_TEXT("http://x/y"));
    check_join(base, HOLM_TEXT("//x/y"), HOLM_TEXT("http://x/y"));
    check_join(base, HOLM_TEXT("/y"), HOLM_TEXT("http://a:81/y"));
    check_join(base, HOLM_TEXT("y"), HOLM_TEXT("http://a:81/b/y"));
    check_join(base, HOLM_TEXT("y?z=:"), HOLM_TEXT("http://a:81/b/y?z=:"));
    check_join(HOLM_TEXT("http://a"), HOLM_TEXT("y"), HOLM_TEXT("http://a/y"));
}

TEST(a_reference_without_a_path_stays_on_the_page)
{
    struct holm_bytes base = HOLM_TEXT("http://a:81/b/c?d=/e");
    check_join(base, HOLM_TEXT("?x"), HOLM_TEXT("http://a:81/b/c?x"));
    check_join(base, HOLM_TEXT("#f"), HOLM_TEXT("http://a:81/b/c?d=/e#f"));
    check_join(base, HOLM_TEXT(""), HOLM_TEXT("http://a:81/b/c?d=/e"));
    check_join(HOLM_TEXT("http://a"), HOLM_TEXT("?x"), HOLM_TEXT("http://a/?x"));
}

TEST(a_reference_that_does_not_fit_changes_nothing)
{
    uint8_t bytes[8];
    struct holm_buffer out = HOLM_BUFFER(bytes);
    struct holm_http_url base;
    CHECK_IS(holm_http_url_parse(&base, HOLM_TEXT("http://a/")), HOLM_OK);
    CHECK_IS(holm_http_url_join(&out, &base, HOLM_TEXT("/y")), HOLM_ERR_LIMIT);
    CHECK_IS(out.len, 0);
}

TEST(a_url_over_its_limits_is_refused)
{
    static uint8_t bytes[HOLM_HTTP_URL_MAX + 1];
    struct holm_buffer text = HOLM_BUFFER(bytes);
    struct holm_http_url url;

    CHECK(holm_buffer_bytes(&text, HOLM_TEXT("http://")));
    holm_span_fill(holm_buffer_room(&text), 'a');
    CHECK_IS(holm_http_url_parse(&url, HOLM_BLOB(bytes)), HOLM_ERR_LIMIT);
    text.len = 7 + HOLM_HTTP_HOST_MAX;
    CHECK_IS(holm_http_url_parse(&url, holm_buffer_filled(&text)), HOLM_OK);
    text.len += 1;
    CHECK_IS(holm_http_url_parse(&url, holm_buffer_filled(&text)), HOLM_ERR_LIMIT);
    bytes[8] = '/';
    CHECK_IS(holm_http_url_parse(&url, HOLM_BLOB(bytes)), HOLM_ERR_LIMIT);
    text.len = HOLM_HTTP_URL_MAX;
    CHECK_IS(holm_http_url_parse(&url, holm_buffer_filled(&text)), HOLM_OK);
}
