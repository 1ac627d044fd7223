/* SPDX-License-Identifier: ISC */
/* http_range.c: byte ranges (RFC 9110 section 14). */
#include "http_impl.h"

/* range_parse reads first-last, first- or -suffix. HOLM_AGAIN: well formed, but behind the end;
 * HOLM_ERR_UNSUPPORTED: the last bytes of nothing, which can be had (RFC 9110 section 14.1.2), but not
 * be said in a Content-Range. */
/*@ requires \valid(range) && holm_readable(spec);
    requires \separated(range, spec.ptr + (0 .. spec.len - 1));
    assigns *range;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> holm_range_in(*range, size);
    ensures \result != HOLM_OK ==> *range == \old(*range); */
static enum holm_result range_parse(struct holm_http_range *range, struct holm_bytes spec,
                                    uint64_t size)
{
    struct holm_bytes to = spec;
    struct holm_bytes from = { 0 };
    uint64_t first = 0;
    uint64_t last = UINT64_MAX;
    if (!holm_http__split(&to, '-', &from) || (from.len == 0 && to.len == 0))
        return HOLM_ERR_MALFORMED;
    if (from.len > 0 && holm_http_number_parse(&first, from) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    if (to.len > 0 && holm_http_number_parse(&last, to) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    if (from.len == 0) { /* the last bytes */
        if (last == 0)
            return HOLM_AGAIN;
        if (size == 0)
            return HOLM_ERR_UNSUPPORTED;
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
/*@ requires \valid_read(ranges) && ranges->count <= HOLM_HTTP_RANGE_MAX;
    requires holm_ranges_in(ranges, ranges->count, UINT64_MAX);
    assigns \nothing;
    ensures \result == 0 || \result < ranges->count;
    ensures \result == 0 ==> \forall integer i, k; 0 <= k < i < ranges->count ==>
              holm_ranges_apart(ranges, k, i); */
static size_t overlaps(const struct holm_http_ranges *ranges)
{
    size_t count = 0;
    /*@ loop invariant 1 <= i && (i <= ranges->count || i == 1) && count < i;
        loop invariant count == 0 ==> \forall integer j, k; 0 <= k < j < i && j < ranges->count ==>
                         holm_ranges_apart(ranges, k, j);
        loop assigns i, count;
        loop variant HOLM_HTTP_RANGE_MAX - i; */
    for (size_t i = 1; i < ranges->count; i++) {
        const struct holm_http_range *a = &HOLM_AT(ranges->ranges, i);
        /*@ loop invariant 0 <= k <= i;
            loop invariant count == \at(count,LoopEntry);
            loop invariant \forall integer j; 0 <= j < k ==> holm_ranges_apart(ranges, j, i);
            loop assigns k, count;
            loop variant i - k; */
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

/* list_parse adds the ranges of the list that lie within size bytes to *ranges, which is empty. */
/*@ requires \valid(ranges) && ranges->count == 0 && holm_readable(list);
    requires \separated(ranges, list.ptr + (0 .. list.len - 1));
    assigns *ranges;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> ranges->count <= HOLM_HTTP_RANGE_MAX &&
              holm_ranges_in(ranges, ranges->count, size); */
static enum holm_result list_parse(struct holm_http_ranges *ranges, struct holm_bytes list,
                                   uint64_t size)
{
    struct holm_bytes spec = { 0 };
    size_t specs = 0;
    /*@ loop invariant holm_within(list, \at(list,Pre));
        loop invariant ranges->count <= specs <= HOLM_HTTP_RANGE_MAX;
        loop invariant holm_ranges_in(ranges, ranges->count, size);
        loop assigns list, spec, specs, *ranges;
        loop variant list.len; */
    while (holm_http_list_next(&list, &spec)) {
        struct holm_http_range range = { 0 };
        enum holm_result result;
        /*@ assert holm_ranges_in(ranges, ranges->count, size); */
        result = range_parse(&range, spec, size);
        /*@ assert holm_ranges_in(ranges, ranges->count, size); */
        if (result < 0)
            return result;
        if (specs == HOLM_HTTP_RANGE_MAX)
            return HOLM_ERR_LIMIT;
        specs++;
        if (result == HOLM_OK) {
            HOLM_AT(ranges->ranges, ranges->count).first = range.first;
            HOLM_AT(ranges->ranges, ranges->count).len = range.len;
            /*@ assert holm_ranges_in(ranges, ranges->count + 1, size); */
            ranges->count++;
        }
    }
    return specs == 0 ? HOLM_ERR_MALFORMED : HOLM_OK;
}

/*@ requires \valid(to) && \valid_read(from) && \separated(to, from);
    requires from->count <= HOLM_HTTP_RANGE_MAX;
    assigns *to;
    ensures to->count == \old(from->count);
    ensures \forall integer size; \old(holm_ranges_in(from, from->count, size)) ==>
              holm_ranges_in(to, to->count, size); */
static void ranges_copy(struct holm_http_ranges *to, const struct holm_http_ranges *from)
{
    to->count = from->count;
    /*@ loop invariant 0 <= i <= from->count;
        loop invariant \forall integer n; 0 <= n < i ==>
                         to->ranges[n].first == from->ranges[n].first &&
                         to->ranges[n].len == from->ranges[n].len;
        loop assigns i, to->ranges[0 .. HOLM_HTTP_RANGE_MAX - 1];
        loop variant from->count - i; */
    for (size_t i = 0; i < from->count; i++)
        HOLM_AT(to->ranges, i) = HOLM_AT(from->ranges, i);
}

enum holm_result holm_http_ranges_parse(struct holm_http_ranges *ranges, struct holm_bytes value,
                                        uint64_t size)
{
    struct holm_http_ranges found = { 0 };
    enum holm_result result;
    if (size > HOLM_HTTP_RANGE_SIZE_MAX ||
        !holm_http_text_is(holm_http__head_before(value, 6), HOLM_TEXT("bytes=")))
        return HOLM_ERR_UNSUPPORTED;
    result = list_parse(&found, holm_http__tail_after(value, 6), size);
    if (result != HOLM_OK)
        return result;
    if (found.count == 0)
        return HOLM_ERR_NOT_FOUND;
    if (overlaps(&found) >= 2)
        return HOLM_ERR_LIMIT;
    /*@ assert holm_ranges_in(&found, found.count, size); */
    ranges_copy(ranges, &found);
    return HOLM_OK;
}

bool holm_http_range_emit(struct holm_buffer *out, const struct holm_http_range *range,
                          uint64_t size)
{
    size_t before = out->len;
    bool fits = holm_buffer_bytes(out, HOLM_TEXT("bytes "));
    if (range != NULL)
        fits = fits && holm_http_number_emit(out, range->first) && holm_buffer_u8(out, '-') &&
               holm_http_number_emit(out, range->first + range->len - 1);
    else
        fits = fits && holm_buffer_u8(out, '*');
    fits = fits && holm_buffer_u8(out, '/') && holm_http_number_emit(out, size);
    if (!fits)
        out->len = before;
    return fits;
}

/* pair_emit appends two texts; it may fail half-way. */
/*@ requires holm_writable(out) && holm_multipart_apart(out, first);
    requires holm_multipart_apart(out, second);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len == \old(out->len) + first.len + second.len; */
static bool pair_emit(struct holm_buffer *out, struct holm_bytes first, struct holm_bytes second)
{
    return holm_buffer_bytes(out, first) && holm_buffer_bytes(out, second);
}

bool holm_http_multipart_head_emit(struct holm_buffer *out,
                                   const struct holm_http_multipart *multipart,
                                   const struct holm_http_range *range)
{
    size_t before = out->len;
    bool fits = pair_emit(out, HOLM_TEXT("\r\n--"), multipart->boundary) &&
                pair_emit(out, HOLM_TEXT("\r\nContent-Type: "), multipart->type) &&
                holm_buffer_bytes(out, HOLM_TEXT("\r\nContent-Range: ")) &&
                holm_http_range_emit(out, range, multipart->size) &&
                holm_buffer_bytes(out, HOLM_TEXT("\r\n\r\n"));
    if (!fits)
        out->len = before;
    return fits;
}

bool holm_http_multipart_end_emit(struct holm_buffer *out,
                                  const struct holm_http_multipart *multipart)
{
    size_t before = out->len;
    bool fits = pair_emit(out, HOLM_TEXT("\r\n--"), multipart->boundary) &&
                holm_buffer_bytes(out, HOLM_TEXT("--\r\n"));
    if (!fits)
        out->len = before;
    return fits;
}

/*@ assigns \nothing;
    ensures 1 <= \result <= 20 && (\result == 1 <==> number < 10); */
static uint64_t digits_of(uint64_t number)
{
    uint64_t count = 1;
    /*@ loop invariant 1 <= count <= 20 && (count == 1 ==> number == \at(number,Pre));
        loop invariant count > 1 ==> \at(number,Pre) >= 10;
        loop invariant number * holm_ten(count - 1) <= \at(number,Pre);
        loop assigns count, number;
        loop variant number; */
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
    /*@ loop invariant 0 <= i <= ranges->count;
        loop invariant 8 + multipart->boundary.len <= length;
        loop invariant length <= 8 + multipart->boundary.len + i * (multipart->size + 1024);
        loop assigns i, length;
        loop variant ranges->count - i; */
    for (size_t i = 0; i < ranges->count; i++) {
        const struct holm_http_range *range = &HOLM_AT(ranges->ranges, i);
        length += head_texts + multipart->boundary.len + multipart->type.len + range->len +
                  HOLM_TEXT("bytes -/").len + digits_of(range->first) +
                  digits_of(range->first + range->len - 1) + digits_of(multipart->size);
    }
    return length;
}
