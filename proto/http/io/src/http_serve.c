/* SPDX-License-Identifier: ISC */
/* Sends a file, whatever it comes from: conditions, ranges (RFC 9110 sections 13 and 14). */
#include "http_io_impl.h"

#include <holm/http/range.h>

static enum holm_result part_send(struct holm_http_exchange *exchange,
                                  const struct holm_http__content *content, uint64_t first,
                                  uint64_t len)
{
    struct holm_bytes part = { 0 };

    if (content->bytes.ptr == NULL)
        return holm_http__folder_send(exchange, first, len);
    if (first > content->bytes.len || len > content->bytes.len ||
        !holm_bytes_part(content->bytes, (size_t)first, (size_t)len, &part))
        return HOLM_ERR_INVALID;
    return holm_http_lend(exchange, part);
}

static enum holm_result range_add(struct holm_http_exchange *exchange,
                                  const struct holm_http_range *range, uint64_t size)
{
    uint8_t bytes[80];
    struct holm_buffer value = HOLM_BUFFER(bytes);

    if (!holm_http_range_emit(&value, range, size))
        return HOLM_ERR_LIMIT;
    return holm_http_add(exchange, HOLM_TEXT("Content-Range"), holm_buffer_filled(&value));
}

static enum holm_result range_send(struct holm_http_exchange *exchange,
                                   const struct holm_http__content *content,
                                   const struct holm_http_range *range)
{
    enum holm_result result = range_add(exchange, range, content->size);

    exchange->fixed = content->whole;
    if (result == HOLM_OK)
        result = holm_http_begin(exchange, 206, range->len);
    return result == HOLM_OK ? part_send(exchange, content, range->first, range->len) : result;
}

/* The head of a part; range NULL: what ends the body. */
static enum holm_result multipart_write(struct holm_http_exchange *exchange,
                                        const struct holm_http_multipart *multipart,
                                        const struct holm_http_range *range)
{
    uint8_t bytes[HOLM_HTTP_PART_HEAD_MAX];
    struct holm_buffer out = HOLM_BUFFER(bytes);

    if (range != NULL ? !holm_http_multipart_head_emit(&out, multipart, range)
                      : !holm_http_multipart_end_emit(&out, multipart))
        return HOLM_ERR_LIMIT;
    return holm_http_write(exchange, holm_buffer_filled(&out));
}

static enum holm_result multipart_begin(struct holm_http_exchange *exchange,
                                        const struct holm_http__content *content,
                                        const struct holm_http_multipart *multipart,
                                        const struct holm_http_ranges *ranges)
{
    uint8_t bytes[64 + HOLM_HTTP_BOUNDARY_MAX];
    struct holm_buffer type = HOLM_BUFFER(bytes);
    enum holm_result result;

    if (!holm_buffer_bytes(&type, HOLM_TEXT("multipart/byteranges; boundary=")) ||
        !holm_buffer_bytes(&type, multipart->boundary))
        return HOLM_ERR_LIMIT;
    result = holm_http_add(exchange, HOLM_TEXT("Content-Type"), holm_buffer_filled(&type));
    exchange->fixed = content->bare;
    if (result == HOLM_OK)
        result = holm_http_begin(exchange, 206, holm_http_multipart_length(multipart, ranges));
    return result;
}

/* The boundary is the entity tag without its quotes and what is no letter or digit: random enough
 * that it does not come up in the data. */
static struct holm_bytes boundary(struct holm_buffer *out, struct holm_bytes tag)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&tag, &byte)) {
        bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
        if (is_plain && !holm_buffer_u8(out, byte))
            break;
    }
    return holm_buffer_filled(out);
}

static enum holm_result ranges_send(struct holm_http_exchange *exchange,
                                    const struct holm_http__content *content,
                                    const struct holm_http_ranges *ranges)
{
    uint8_t bytes[HOLM_HTTP_FILE_TAG_BYTES];
    struct holm_buffer tag = HOLM_BUFFER(bytes);
    struct holm_http_multipart multipart = { .boundary = boundary(&tag, content->validators.tag),
                                             .type = content->type,
                                             .size = content->size };
    enum holm_result result = multipart_begin(exchange, content, &multipart, ranges);

    for (size_t i = 0; i < ranges->count && result == HOLM_OK; i++) {
        const struct holm_http_range *range = &HOLM_AT(ranges->ranges, i);
        result = multipart_write(exchange, &multipart, range);
        if (result == HOLM_OK)
            result = part_send(exchange, content, range->first, range->len);
    }
    return result == HOLM_OK ? multipart_write(exchange, &multipart, NULL) : result;
}

/* range_field sets *value to the Range field; false if there is none, or more than one, for it is no list
 * (RFC 9110 section 14.2). */
static bool range_field(const struct holm_http_exchange *exchange, struct holm_bytes *value)
{
    struct holm_bytes second;
    size_t index = 0;

    return holm_http_head_field_next(&exchange->head, exchange->head_bytes, HOLM_HTTP_FIELD_RANGE,
                                     &index, value) &&
           !holm_http_head_field_next(&exchange->head, exchange->head_bytes, HOLM_HTTP_FIELD_RANGE,
                                      &index, &second);
}

/* HOLM_AGAIN: no range is asked for, or none that must be heeded. */
static enum holm_result ranges_answer(struct holm_http_exchange *exchange,
                                      const struct holm_http__content *content)
{
    struct holm_http_ranges ranges = { 0 };
    struct holm_bytes value;
    enum holm_result result;

    if (content->status != 200 || holm_http_method(exchange) != HOLM_HTTP_GET ||
        !holm_http__range_holds(exchange, &content->validators) || !range_field(exchange, &value))
        return HOLM_AGAIN;
    result = holm_http_ranges_parse(&ranges, value, content->size);
    if (result == HOLM_ERR_NOT_FOUND) {
        result = range_add(exchange, NULL, content->size);
        return result == HOLM_OK ? holm_http_status(exchange, 416) : result;
    }
    if (result != HOLM_OK || ranges.count == 0)
        return HOLM_AGAIN;
    if (ranges.count == 1)
        return range_send(exchange, content, &HOLM_AT(ranges.ranges, 0));
    return ranges_send(exchange, content, &ranges);
}

static enum holm_result serve(struct holm_http_exchange *exchange,
                              const struct holm_http__content *content)
{
    enum holm_http_verdict verdict = HOLM_HTTP_PROCEED;
    enum holm_result result;

    if (content->status == 200)
        verdict = holm_http_condition(exchange, &content->validators);
    if (verdict == HOLM_HTTP_NOT_MODIFIED) {
        exchange->fixed = content->bare;
        return holm_http_begin(exchange, 304, content->size);
    }
    if (verdict == HOLM_HTTP_PRECONDITION_FAILED)
        return holm_http_status(exchange, 412);
    result = ranges_answer(exchange, content);
    if (result != HOLM_AGAIN)
        return result;
    exchange->fixed = content->whole;
    result = holm_http_begin(exchange, content->status, content->size);
    if (result == HOLM_OK && content->size > 0 && holm_http_method(exchange) != HOLM_HTTP_HEAD)
        result = part_send(exchange, content, 0, content->size);
    return result;
}

enum holm_result holm_http__serve(struct holm_http_exchange *exchange,
                                  const struct holm_http__content *content)
{
    enum holm_result result = serve(exchange, content);

    exchange->fixed = NULL; /* the lines may lie on the stack of who called */
    return result;
}
