/* SPDX-License-Identifier: ISC */
/* test_http_date.c: dates in fields. */
#include <holm/http/date.h>
#include <holm/test.h>

static uint64_t parsed_s;

static enum holm_result parse(struct holm_bytes text)
{
    parsed_s = 0;
    return holm_http_date_parse(&parsed_s, text, 1800000000); /* January 2027 */
}

static void emits(uint64_t utc_s, struct holm_bytes wanted)
{
    uint8_t storage[HOLM_HTTP_DATE_LEN];
    struct holm_buffer out = HOLM_BUFFER(storage);
    CHECK(holm_http_date_emit(&out, utc_s));
    CHECK_BYTES(holm_buffer_filled(&out), wanted);
}

TEST(dates_are_written)
{
    emits(0, HOLM_TEXT("Thu, 01 Jan 1970 00:00:00 GMT"));
    emits(784111777, HOLM_TEXT("Sun, 06 Nov 1994 08:49:37 GMT"));
    emits(951782400, HOLM_TEXT("Tue, 29 Feb 2000 00:00:00 GMT"));
    emits(4107542399, HOLM_TEXT("Sun, 28 Feb 2100 23:59:59 GMT"));
    emits(4107542400, HOLM_TEXT("Mon, 01 Mar 2100 00:00:00 GMT"));
    emits(HOLM_HTTP_DATE_MAX_S, HOLM_TEXT("Fri, 31 Dec 9999 23:59:59 GMT"));
}

TEST(a_date_that_does_not_fit_is_not_written)
{
    uint8_t storage[HOLM_HTTP_DATE_LEN - 1];
    uint8_t enough[HOLM_HTTP_DATE_LEN];
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_buffer large = HOLM_BUFFER(enough);
    CHECK(!holm_http_date_emit(&out, 0));
    CHECK_IS(out.len, 0);
    CHECK(!holm_http_date_emit(&large, HOLM_HTTP_DATE_MAX_S + 1));
}

TEST(the_three_forms_are_read)
{
    CHECK_IS(parse(HOLM_TEXT("Sun, 06 Nov 1994 08:49:37 GMT")), HOLM_OK);
    CHECK_IS(parsed_s, 784111777);
    CHECK_IS(parse(HOLM_TEXT("Sunday, 06-Nov-94 08:49:37 GMT")), HOLM_OK);
    CHECK_IS(parsed_s, 784111777);
    CHECK_IS(parse(HOLM_TEXT("Sun Nov  6 08:49:37 1994")), HOLM_OK);
    CHECK_IS(parsed_s, 784111777);
    CHECK_IS(parse(HOLM_TEXT("Wed Nov 16 08:49:37 1994")), HOLM_OK);
    CHECK_IS(parsed_s, 784975777);
}

TEST(two_digits_are_a_year_at_most_50_ahead)
{
    CHECK_IS(parse(HOLM_TEXT("Friday, 01-Jan-77 00:00:00 GMT")), HOLM_OK);
    CHECK_IS(parsed_s, 3376684800);
    CHECK_IS(parse(HOLM_TEXT("Sunday, 01-Jan-78 00:00:00 GMT")), HOLM_OK);
    CHECK_IS(parsed_s, 252460800);
    CHECK_IS(holm_http_date_parse(&parsed_s, HOLM_TEXT("Friday, 01-Jan-70 00:00:00 GMT"), 0),
             HOLM_OK);
    CHECK_IS(parsed_s, 0);
}

TEST(what_is_no_date_is_refused)
{
    static const struct holm_bytes bad[] = {
        { (const uint8_t *)"Sun, 06 Nov 1994 08:49:37 GM", 28 },
        { (const uint8_t *)"Sun, 6 Nov 1994 08:49:37 GMT", 28 },
        { (const uint8_t *)"Sun, 06 nov 1994 08:49:37 GMT", 29 },
        { (const uint8_t *)"Sun, 31 Feb 1994 08:49:37 GMT", 29 },
        { (const uint8_t *)"Sun, 29 Feb 2100 08:49:37 GMT", 29 },
        { (const uint8_t *)"Sun, 00 Feb 1994 08:49:37 GMT", 29 },
        { (const uint8_t *)"Sun, 06 Nov 1994 24:00:00 GMT", 29 },
        { (const uint8_t *)"Sun, 06 Nov 1994 08:60:37 GMT", 29 },
        { (const uint8_t *)"Sun, 06 Nov 1994 08:49:61 GMT", 29 },
        { (const uint8_t *)"Sun, 06 Nov 1994 08:49:37 CET", 29 },
        { (const uint8_t *)"1994-11-06T08:49:37Z", 20 },
    };
    for (size_t i = 0; i < HOLM_COUNT(bad); i++)
        CHECK_IS(parse(HOLM_AT(bad, i)), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_TEXT("Wed, 31 Dec 1969 23:59:59 GMT")), HOLM_ERR_UNSUPPORTED);
}
