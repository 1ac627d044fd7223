/* SPDX-License-Identifier: ISC */
/* http_range.c: byte ranges (RFC 9110 section 14). */
#include "http_impl.h"

/* range_parse reads first-last, first- or -suffix. HOLM_AGAIN: well formed, but behind the end. */
static enum holm_result range_parse(struct holm_http_range *range, struct holm_bytes spec,
                                    uint64_t size)
{
    size_t dash = holm_http__find(spec, 0, '-');
    struct holm_bytes from = holm_http__head_before(spec, dash);
    struct holm_bytes to = holm_http__tail_after(spec, dash + 1);
    uint64_t first = 0;
    uint64_t last = UINT64_MAX;
    if (dash == spec.len || (from.len == 0 && to.len == 0))
        return HOLM_ERR_MALFORMED;
    if (from.len > 0 && holm_http_number_parse(&first, from) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    if (to.len > 0 && holm_http_number_parse(&last, to) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    if (from.len == 0) { /* the last bytes */
        if (last == 0 || size == 0)
            return HOLM_AGAIN;
        range->len = last < size ? last : size;
        range->first = size - range->len;
        return HOLM_OK;
    }
    if (last < first)
        return HOLM_ERR_MALFORMED;
    if (first >= size)
        return HOLM_AGAIN;
    range->first = first;
    range->len = last < size ? last - first + 1 : size - first;
    return HOLM_OK;
}

/* overlaps counts the ranges that share bytes with one before them. */
static size_t overlaps(const struct holm_http_ranges *ranges)
{
    size_t count = 0;
    for (size_t i = 1; i < ranges->count; i++) {
        const struct holm_http_range *a = &HOLM_AT(ranges->ranges, i);
        for (size_t k = 0; k < i; k++) {
            const struct holm_http_range *b = &HOLM_AT(ranges->ranges, k);
            if (a->first < b->first + b->len && b->first < a->first + a->len) {
                count++;
                break;
            }
        }
    }
    return count;
}

enum holm_result holm_http_ranges_parse(struct holm_http_ranges *ranges, struct holm_bytes value,
                                        uint64_t size)
{
    struct holm_bytes list = holm_http__tail_after(value, 6);
    struct holm_bytes spec = { 0 };
    struct holm_http_ranges found = { 0 };
    size_t specs = 0;
    if (!holm_http_text_is(holm_http__head_before(value, 6), HOLM_TEXT("bytes=")))
        return HOLM_ERR_UNSUPPORTED;
    while (holm_http_list_next(&list, &spec)) {
        struct holm_http_range range = { 0 };
        enum holm_result result = range_parse(&range, spec, size);
        if (result < 0)
            return result;
        if (++specs > HOLM_HTTP_RANGE_MAX)
            return HOLM_ERR_LIMIT;
        if (result == HOLM_OK)
            HOLM_AT(found.ranges, found.count++) = range;
    }
    if (specs == 0)
        return HOLM_ERR_MALFORMED;
    if (found.count == 0)
        return HOLM_ERR_NOT_FOUND;
    if (overlaps(&found) >= 2)
        return HOLM_ERR_LIMIT;
    *ranges = found;
    return HOLM_OK;
}

bool holm_http_range_emit(struct holm_buffer *out, const struct holm_http_range *range,
                          uint64_t size)
{
    struct holm_buffer all = *out;
    bool fits = holm_buffer_bytes(&all, HOLM_TEXT("bytes "));
    if (range != NULL)
        fits = fits && holm_http_number_emit(&all, range->first) && holm_buffer_u8(&all, '-') &&
               holm_http_number_emit(&all, range->first + range->len - 1);
    else
        fits = fits && holm_buffer_u8(&all, '*');
    if (!fits || !holm_buffer_u8(&all, '/') || !holm_http_number_emit(&all, size))
        return false;
    *out = all;
    return true;
}

bool holm_http_multipart_head_emit(struct holm_buffer *out,
                                   const struct holm_http_multipart *multipart,
                                   const struct holm_http_range *range)
{
    struct holm_buffer all = *out;
    if (!holm_buffer_bytes(&all, HOLM_TEXT("\r\n--")) ||
        !holm_buffer_bytes(&all, multipart->boundary) ||
        !holm_buffer_bytes(&all, HOLM_TEXT("\r\nContent-Type: ")) ||
        !holm_buffer_bytes(&all, multipart->type) ||
        !holm_buffer_bytes(&all, HOLM_TEXT("\r\nContent-Range: ")) ||
        !holm_http_range_emit(&all, range, multipart->size) ||
        !holm_buffer_bytes(&all, HOLM_TEXT("\r\n\r\n")))
        return false;
    *out = all;
    return true;
}

bool holm_http_multipart_end_emit(struct holm_buffer *out,
                                  const struct holm_http_multipart *multipart)
{
    struct holm_buffer all = *out;
    if (!holm_buffer_bytes(&all, HOLM_TEXT("\r\n--")) ||
        !holm_buffer_bytes(&all, multipart->boundary) ||
        !holm_buffer_bytes(&all, HOLM_TEXT("--\r\n")))
        return false;
    *out = all;
    return true;
}

static uint64_t digits_of(uint64_t number)
{
    uint64_t count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

uint64_t holm_http_multipart_length(const struct holm_http_multipart *multipart,
                                    const struct holm_http_ranges *ranges)
{
    const uint64_t head_texts =
        HOLM_TEXT("\r\n--\r\nContent-Type: \r\nContent-Range: \r\n\r\n").len;
    uint64_t length = HOLM_TEXT("\r\n----\r\n").len + multipart->boundary.len;
    for (size_t i = 0; i < ranges->count && i < HOLM_HTTP_RANGE_MAX; i++) {
        const struct holm_http_range *range = &HOLM_AT(ranges->ranges, i);
        length += head_texts + multipart->boundary.len + multipart->type.len + range->len +
                  HOLM_TEXT("bytes -/").len + digits_of(range->first) +
                  digits_of(range->first + range->len - 1) + digits_of(multipart->size);
    }
    return length;
}
