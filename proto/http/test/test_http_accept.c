/* SPDX-License-Identifier: ISC */
/* test_http_accept.c: codings, media types, extensions. */
#include <holm/http/accept.h>
#include <holm/test.h>
#include <stdio.h>
#include <string.h>

enum { ALL = 15, NO_BR = 11, NO_IDENTITY = 14, IDENTITY = 1, GZIP = 3 };

/* chooses gives the coding for a field, -1 if there is none. */
static int chooses(const char *field, unsigned offered)
{
    static struct holm_http_head head;
    char text[256];
    struct holm_bytes msg;
    enum holm_http_coding coding = HOLM_HTTP_CODING_ZSTD;
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\n%s\r\n", field);
    msg = (struct holm_bytes){ (const uint8_t *)text, strlen(text) };
    holm_http_head_init(&head);
    CHECK_IS(holm_http_head_parse(&head, msg), HOLM_OK);
    holm_http_head_index(&head, msg);
    return holm_http_coding_choose(&coding, &head, msg, offered) ? (int)coding : -1;
}

TEST(a_coding_is_chosen)
{
    CHECK_IS(chooses("", ALL), HOLM_HTTP_CODING_IDENTITY);
    CHECK_IS(chooses("Accept-Encoding:\r\n", ALL), HOLM_HTTP_CODING_IDENTITY);
    CHECK_IS(chooses("Accept-Encoding: gzip, deflate, br\r\n", ALL), HOLM_HTTP_CODING_BR);
    CHECK_IS(chooses("Accept-Encoding: gzip, deflate, br\r\n", GZIP), HOLM_HTTP_CODING_GZIP);
    CHECK_IS(chooses("Accept-Encoding: GZip\r\n", ALL), HOLM_HTTP_CODING_GZIP);
    CHECK_IS(chooses("Accept-Encoding: x-gzip\r\n", ALL), HOLM_HTTP_CODING_GZIP);
    CHECK_IS(chooses("Accept-Encoding: br;q=0.5, gzip;q=0.8\r\n", ALL), HOLM_HTTP_CODING_GZIP);
    CHECK_IS(chooses("Accept-Encoding: gzip\r\nAccept-Encoding: zstd\r\n", ALL),
             HOLM_HTTP_CODING_ZSTD);
    CHECK_IS(chooses("Accept-Encoding: gzip\r\n", IDENTITY), HOLM_HTTP_CODING_IDENTITY);
    CHECK_IS(chooses("Accept-Encoding: *\r\n", NO_BR), HOLM_HTTP_CODING_ZSTD);
    CHECK_IS(chooses("Accept-Encoding: gzip;q=0\r\n", ALL), HOLM_HTTP_CODING_IDENTITY);
    CHECK_IS(chooses("Accept-Encoding: identity;q=0\r\n", ALL), -1);
    CHECK_IS(chooses("Accept-Encoding: *;q=0\r\n", ALL), -1);
    CHECK_IS(chooses("Accept-Encoding: identity;q=1, gzip;q=0.5\r\n", ALL),
             HOLM_HTTP_CODING_IDENTITY);
    CHECK_BYTES(holm_http_coding_text(HOLM_HTTP_CODING_GZIP), HOLM_TEXT("gzip"));
    CHECK_IS(holm_http_coding_text(HOLM_HTTP_CODING_IDENTITY).len, 0);
}

static void likes(const char *accept, uint16_t wanted)
{
    struct holm_bytes value = { (const uint8_t *)accept, strlen(accept) };
    if (!CHECK_IS(holm_http_accept_quality(value, HOLM_TEXT("text/html")), wanted))
        printf("  in: %s\n", accept);
}

TEST(the_most_specific_media_range_counts)
{
    likes("", 1000);
    likes("text/html", 1000);
    likes("text/*;q=0.5", 500);
    likes("*/*;q=0.25, text/*;q=0.5", 500);
    likes("text/html;q=0.1, */*", 100);
    likes("TEXT/HTML;level=1;q=0.125", 125);
    likes("image/png", 0);
    likes("text/html;q=0", 0);
    likes("text/html;q=1.5", 1000);
    likes("text/html;q=x", 0);
    likes("text/html;q=0.1234", 0);
    likes("tex/*", 0);
}

TEST(types_come_from_extensions)
{
    CHECK_BYTES(holm_http_type_of(HOLM_TEXT("/a/index.HTML")),
                HOLM_TEXT("text/html; charset=utf-8"));
    CHECK_BYTES(holm_http_type_of(HOLM_TEXT("/a.b/c.png")), HOLM_TEXT("image/png"));
    CHECK_BYTES(holm_http_type_of(HOLM_TEXT("/a.png/c")), HOLM_TEXT("application/octet-stream"));
    CHECK_BYTES(holm_http_type_of(HOLM_TEXT("")), HOLM_TEXT("application/octet-stream"));
}
