/* SPDX-License-Identifier: ISC */
/* fuzz_http_values.c: any bytes as dates, ranges, paths, queries, cookies, preferences: what is
 * read and written again reads the same, and a path never leaves its root. */
#include <holm/http.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool good)
{
    if (!good)
        abort();
}

static void date(struct holm_bytes text)
{
    uint8_t storage[HOLM_HTTP_DATE_LEN];
    struct holm_buffer out = HOLM_BUFFER(storage);
    uint64_t utc_s = 0;
    uint64_t again_s = 0;
    if (holm_http_date_parse(&utc_s, text, 1800000000) != HOLM_OK)
        return;
    if (!holm_http_date_emit(&out, utc_s))
        return;
    must(holm_http_date_parse(&again_s, holm_buffer_filled(&out), 0) == HOLM_OK);
    must(again_s == utc_s);
}

/* Content-Range of a range, as a Range again, is the range. */
static void range_again(const struct holm_http_range *range, uint64_t size)
{
    uint8_t storage[128];
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_http_ranges again = { 0 };
    must(holm_buffer_bytes(&out, HOLM_TEXT("bytes=")) &&
         holm_http_number_emit(&out, range->first) && holm_buffer_u8(&out, '-') &&
         holm_http_number_emit(&out, range->first + range->len - 1));
    must(holm_http_ranges_parse(&again, holm_buffer_filled(&out), size) == HOLM_OK);
    must(again.count == 1 && again.ranges[0].first == range->first &&
         again.ranges[0].len == range->len);
}

static void ranges(struct holm_bytes text, uint64_t size)
{
    struct holm_http_ranges ranges = { 0 };
    if (holm_http_ranges_parse(&ranges, text, size) != HOLM_OK)
        return;
    must(ranges.count > 0 && ranges.count <= HOLM_HTTP_RANGE_MAX);
    for (size_t i = 0; i < ranges.count; i++) {
        const struct holm_http_range *range = &HOLM_AT(ranges.ranges, i);
        must(range->len > 0 && range->len <= size && range->first <= size - range->len);
        range_again(range, size);
    }
}

static void path(struct holm_bytes text)
{
    static uint8_t storage[4096];
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_bytes is = { 0 };
    struct holm_bytes part = { 0 };
    if (holm_http_path_parse(&out, text) != HOLM_OK)
        return;
    is = holm_buffer_filled(&out);
    must(holm_bytes_is(is, 0, '/'));
    for (size_t i = 0; i < is.len; i++) {
        must(!holm_bytes_is(is, i, 0));
        if (holm_bytes_part(is, i, 4, &part))
            must(!holm_bytes_equal(part, HOLM_TEXT("/../")));
        if (i + 3 == is.len && holm_bytes_part(is, i, 3, &part))
            must(!holm_bytes_equal(part, HOLM_TEXT("/..")));
    }
}

/* What can be set comes back as it was. */
static void cookie(struct holm_bytes name, struct holm_bytes value)
{
    static uint8_t storage[8192];
    struct holm_buffer out = HOLM_BUFFER(storage);
    struct holm_http_cookie set = { .name = name, .value = value };
    struct holm_bytes text = { 0 }, again_name = { 0 }, again_value = { 0 };
    if (holm_http_cookie_emit(&out, &set) != HOLM_OK)
        return;
    text = holm_buffer_filled(&out);
    must(holm_http_cookie_next(&text, &again_name, &again_value));
    must(holm_bytes_equal(again_name, name) && holm_bytes_equal(again_value, value));
}

static void pairs(struct holm_bytes text)
{
    static uint8_t storage[4096];
    struct holm_bytes query = text;
    struct holm_bytes cookies = text;
    struct holm_bytes name = { 0 };
    struct holm_bytes value = { 0 };
    size_t before = query.len + 1;
    while (holm_http_query_next(&query, &name, &value)) {
        struct holm_buffer out = HOLM_BUFFER(storage);
        must(query.len < before);
        before = query.len;
        (void)!holm_http_text_decode(&out, value, true);
    }
    while (holm_http_cookie_next(&cookies, &name, &value)) {
        must(name.len > 0);
        cookie(name, value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes text = { data, len };
    struct holm_bytes tail = text;
    uint8_t size = 0;
    if (len > 4000)
        return 0;
    date(text);
    path(text);
    pairs(text);
    must(holm_http_accept_quality(text, HOLM_TEXT("text/html")) <= 1000);
    must(!holm_http_tag_check(text) || len >= 2);
    if (holm_bytes_u8(&tail, &size))
        ranges(tail, size);
    return 0;
}
