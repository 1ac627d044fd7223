/* SPDX-License-Identifier: ISC */
/* test_http_range.c: byte ranges. */
#include <holm/http/range.h>
#include <holm/test.h>

static struct holm_http_ranges ranges;

static void is_range(struct holm_bytes value, uint64_t size, uint64_t first, uint64_t len)
{
    CHECK_IS(holm_http_ranges_parse(&ranges, value, size), HOLM_OK);
    CHECK_IS(ranges.count, 1);
    CHECK_IS(HOLM_AT(ranges.ranges, 0).first, first);
    CHECK_IS(HOLM_AT(ranges.ranges, 0).len, len);
}

TEST(one_range_is_read)
{
    is_range(HOLM_TEXT("bytes=0-0"), 10, 0, 1);
    is_range(HOLM_TEXT("Bytes=2-5"), 10, 2, 4);
    is_range(HOLM_TEXT("bytes=2-"), 10, 2, 8);
    is_range(HOLM_TEXT("bytes=2-99999999"), 10, 2, 8);
    is_range(HOLM_TEXT("bytes=-3"), 10, 7, 3);
    is_range(HOLM_TEXT("bytes=-30"), 10, 0, 10);
    is_range(HOLM_TEXT("bytes=50-60, 1-1"), 10, 1, 1);
}

TEST(several_ranges_are_read)
{
    CHECK_IS(holm_http_ranges_parse(&ranges, HOLM_TEXT("bytes=0-1, 4-5,-1"), 10), HOLM_OK);
    CHECK_IS(ranges.count, 3);
    CHECK_IS(HOLM_AT(ranges.ranges, 2).first, 9);
}

TEST(a_sum_of_ranges_fits_64_bits)
{
    CHECK_IS(holm_http_ranges_parse(&ranges, HOLM_TEXT("bytes=0-"), HOLM_HTTP_RANGE_SIZE_MAX),
             HOLM_OK);
    CHECK_IS(holm_http_ranges_parse(&ranges, HOLM_TEXT("bytes=0-"), HOLM_HTTP_RANGE_SIZE_MAX + 1),
             HOLM_ERR_UNSUPPORTED);
}

TEST(wrong_ranges_are_told_apart)
{
    static const struct {
        const char *text;
        enum holm_result result;
    } cases[] = {
        { "items=0-1", HOLM_ERR_UNSUPPORTED },
        { "bytes=", HOLM_ERR_MALFORMED },
        { "bytes=-", HOLM_ERR_MALFORMED },
        { "bytes=3", HOLM_ERR_MALFORMED },
        { "bytes=3-2", HOLM_ERR_MALFORMED },
        { "bytes=a-b", HOLM_ERR_MALFORMED },
        { "bytes=1-2x", HOLM_ERR_MALFORMED },
        { "bytes=10-", HOLM_ERR_NOT_FOUND },
        { "bytes=-0", HOLM_ERR_NOT_FOUND },
        { "bytes=0-9,0-9,0-9", HOLM_ERR_LIMIT },
        { "bytes=1-1,1-1,3-3", HOLM_OK },
        { "bytes=0-,0-,0-,0-", HOLM_ERR_LIMIT },
        { "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,0-0,1-1,2-2,3-3,4-4,5-5,6-6",
          HOLM_ERR_LIMIT },
    };
    for (size_t i = 0; i < HOLM_COUNT(cases); i++) {
        const char *text = HOLM_AT(cases, i).text;
        struct holm_bytes value = { (const uint8_t *)text, __builtin_strlen(text) };
        CHECK_IS(holm_http_ranges_parse(&ranges, value, 10), HOLM_AT(cases, i).result);
    }
    CHECK_IS(holm_http_ranges_parse(&ranges, HOLM_TEXT("bytes=0-"), 0), HOLM_ERR_NOT_FOUND);
    CHECK_IS(holm_http_ranges_parse(&ranges, HOLM_TEXT("bytes=-0"), 0), HOLM_ERR_NOT_FOUND);
    CHECK_IS(holm_http_ranges_parse(&ranges, HOLM_TEXT("bytes=-1"), 0), HOLM_ERR_UNSUPPORTED);
}

TEST(content_range_is_written)
{
    uint8_t storage[64];
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_http_range range = { 2, 4 };
    CHECK(holm_http_range_emit(&out, &range, 10));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("bytes 2-5/10"));
    out.len = 0;
    CHECK(holm_http_range_emit(&out, NULL, 10));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("bytes */10"));
    out.len = 60;
    CHECK(!holm_http_range_emit(&out, NULL, 10));
    CHECK_IS(out.len, 60);
}

TEST(parts_have_the_length_that_was_announced)
{
    uint8_t storage[1024];
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_bytes data = HOLM_TEXT("0123456789");
    struct holm_http_multipart multipart = { HOLM_TEXT("xyz"), HOLM_TEXT("text/plain"), 10 };
    CHECK_IS(holm_http_ranges_parse(&ranges, HOLM_TEXT("bytes=0-0, 3-9"), 10), HOLM_OK);
    for (size_t i = 0; i < ranges.count; i++) {
        const struct holm_http_range *range = &HOLM_AT(ranges.ranges, i);
        struct holm_bytes part = { 0 };
        CHECK(holm_http_multipart_head_emit(&out, &multipart, range));
        CHECK(holm_bytes_part(data, (size_t)range->first, (size_t)range->len, &part));
        CHECK(holm_buffer_bytes(&out, part));
    }
    CHECK(holm_http_multipart_end_emit(&out, &multipart));
    CHECK_IS(out.len, holm_http_multipart_length(&multipart, &ranges));
    CHECK_BYTES(holm_buffer_filled(&out),
                HOLM_TEXT("\r\n--xyz\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-0/10\r\n"
                          "\r\n0\r\n--xyz\r\nContent-Type: text/plain\r\n"
                          "Content-Range: bytes 3-9/10\r\n\r\n3456789\r\n--xyz--\r\n"));
}
