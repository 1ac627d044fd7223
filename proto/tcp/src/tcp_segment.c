/* SPDX-License-Identifier: ISC */
/* tcp_segment.c: headers of TCP segments, read and written. */
#include <holm/tcp/segment.h>

enum option_kind {
    OPTION_END = 0,
    OPTION_NOTHING = 1,
    OPTION_MSS = 2,
    OPTION_SCALE = 3,
    OPTION_SACK_PERMITTED = 4,
    OPTION_SACK = 5,
    OPTION_TIME = 8,
    OPTION_MD5 = 19,
    OPTION_PATIENCE = 28,
};

enum { SACK_BYTES = 8, OPTIONS_BYTES_MAX = HOLM_TCP_HEADER_MAX - HOLM_TCP_HEADER_MIN };

/* sacks_parse reads the blocks of a SACK option; more than fit a header there cannot be. */
static bool sacks_parse(struct holm_tcp_segment *segment, struct holm_bytes value)
{
    if (value.len == 0 || value.len % SACK_BYTES != 0 ||
        value.len / SACK_BYTES > HOLM_TCP_SACKS_MAX)
        return false;
    segment->sacks_count = 0;
    while (value.len > 0) {
        struct holm_tcp_range block;
        if (!holm_bytes_u32(&value, &block.start) || !holm_bytes_u32(&value, &block.end))
            return false;
        HOLM_AT(segment->sacks, segment->sacks_count) = block;
        segment->sacks_count += 1;
    }
    return true;
}

static bool time_parse(struct holm_tcp_segment *segment, struct holm_bytes value)
{
    segment->has_time = value.len == 8 && holm_bytes_u32(&value, &segment->time_value) &&
                        holm_bytes_u32(&value, &segment->time_echo);
    return segment->has_time;
}

static bool scale_parse(struct holm_tcp_segment *segment, struct holm_bytes value)
{
    segment->has_scale = value.len == 1 && holm_bytes_u8(&value, &segment->scale);
    if (segment->scale > HOLM_TCP_SCALE_MAX) /* RFC 7323 section 2.3: taken for the largest */
        segment->scale = HOLM_TCP_SCALE_MAX;
    return segment->has_scale;
}

/* option_parse reads the value of an option; false: its length is another than its kind has. Kinds
 * that are not known are passed over (RFC 9293 MUST-6). */
static bool option_parse(struct holm_tcp_segment *segment, uint8_t kind, struct holm_bytes value,
                         size_t at)
{
    switch (kind) {
    case OPTION_MSS:
        return value.len == 2 && holm_bytes_u16(&value, &segment->mss);
    case OPTION_SCALE:
        return scale_parse(segment, value);
    case OPTION_SACK_PERMITTED:
        segment->sack_permitted = value.len == 0;
        return segment->sack_permitted;
    case OPTION_SACK:
        return sacks_parse(segment, value);
    case OPTION_TIME:
        return time_parse(segment, value);
    case OPTION_PATIENCE:
        return value.len == 2 && holm_bytes_u16(&value, &segment->patience);
    case OPTION_MD5:
        segment->md5_at = (uint8_t)at;
        return value.len == HOLM_TCP_MD5_BYTES;
    default:
        return true;
    }
}

/* options_parse reads all options (RFC 9293 MUST-5: in any segment). */
static bool options_parse(struct holm_tcp_segment *segment, struct holm_bytes options)
{
    size_t whole = options.len;
    uint8_t kind;

    while (holm_bytes_u8(&options, &kind)) {
        struct holm_bytes value;
        uint8_t len;
        if (kind == OPTION_END)
            return true;
        if (kind == OPTION_NOTHING)
            continue;
        if (!holm_bytes_u8(&options, &len) || len < 2)
            return false;
        size_t at = HOLM_TCP_HEADER_MIN + whole - options.len;
        if (!holm_bytes_take(&options, len - 2U, &value) || !option_parse(segment, kind, value, at))
            return false;
    }
    return true;
}

/* fixed_parse reads the first 20 bytes; false if there are fewer. */
static bool fixed_parse(struct holm_tcp_segment *segment, struct holm_bytes *rest)
{
    uint8_t offset;

    if (!holm_bytes_u16(rest, &segment->source) || !holm_bytes_u16(rest, &segment->destination) ||
        !holm_bytes_u32(rest, &segment->seq) || !holm_bytes_u32(rest, &segment->ack) ||
        !holm_bytes_u8(rest, &offset) || !holm_bytes_u8(rest, &segment->flags) ||
        !holm_bytes_u16(rest, &segment->window) || !holm_bytes_u16(rest, &segment->checksum) ||
        !holm_bytes_u16(rest, &segment->urgent))
        return false;
    segment->header_len = (uint8_t)(offset / 16 * 4); /* the four bits below are reserved */
    return true;
}

enum holm_result holm_tcp_segment_parse(struct holm_tcp_segment *segment, struct holm_bytes *in)
{
    struct holm_tcp_segment read = { 0 };
    struct holm_bytes rest = *in;
    struct holm_bytes options;

    if (!fixed_parse(&read, &rest))
        return HOLM_ERR_TRUNCATED;
    if (read.header_len < HOLM_TCP_HEADER_MIN)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_take(&rest, read.header_len - (size_t)HOLM_TCP_HEADER_MIN, &options))
        return HOLM_ERR_TRUNCATED;
    if (!options_parse(&read, options))
        return HOLM_ERR_MALFORMED;
    read.len = rest.len;
    *segment = read;
    *in = rest;
    return HOLM_OK;
}

static bool u32_emit(struct holm_buffer *out, uint32_t value)
{
    return holm_buffer_u16(out, (uint16_t)(value >> 16)) &&
           holm_buffer_u16(out, (uint16_t)(value & 0xffff));
}

static bool head_emit(struct holm_buffer *out, uint8_t kind, uint8_t len)
{
    return holm_buffer_u8(out, kind) && holm_buffer_u8(out, len);
}

static bool nothings_emit(struct holm_buffer *out, size_t count)
{
    bool fits = true;

    for (size_t i = 0; i < count; i++)
        fits = fits && holm_buffer_u8(out, OPTION_NOTHING);
    return fits;
}

/* start_emit writes what only a SYN has. */
static bool start_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    if (segment->mss != 0 && !(head_emit(out, OPTION_MSS, 4) && holm_buffer_u16(out, segment->mss)))
        return false;
    if (segment->has_scale && !(nothings_emit(out, 1) && head_emit(out, OPTION_SCALE, 3) &&
                                holm_buffer_u8(out, segment->scale)))
        return false;
    return !segment->sack_permitted ||
           (nothings_emit(out, 2) && head_emit(out, OPTION_SACK_PERMITTED, 2));
}

/* md5_emit makes room for a digest; start is where the header begins. */
static bool md5_emit(struct holm_buffer *out, struct holm_tcp_segment *segment, size_t start)
{
    if (segment->md5_at == 0)
        return true;
    if (!nothings_emit(out, 2) || !head_emit(out, OPTION_MD5, 2 + HOLM_TCP_MD5_BYTES))
        return false;
    segment->md5_at = (uint8_t)(out->len - start);
    for (size_t i = 0; i < HOLM_TCP_MD5_BYTES; i++)
        if (!holm_buffer_u8(out, 0))
            return false;
    return true;
}

/* sacks_emit writes as many blocks as fit behind used bytes of options. */
static bool sacks_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment, size_t used)
{
    size_t fit = used + 4 > OPTIONS_BYTES_MAX ? 0 : (OPTIONS_BYTES_MAX - used - 4) / SACK_BYTES;
    size_t count = segment->sacks_count < fit ? segment->sacks_count : fit;

    if (count == 0)
        return true;
    if (!nothings_emit(out, 2) || !head_emit(out, OPTION_SACK, (uint8_t)(2 + count * SACK_BYTES)))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!u32_emit(out, HOLM_AT(segment->sacks, i).start) ||
            !u32_emit(out, HOLM_AT(segment->sacks, i).end))
            return false;
    return true;
}

static bool patience_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    return segment->patience == 0 ||
           (head_emit(out, OPTION_PATIENCE, 4) && holm_buffer_u16(out, segment->patience));
}

/* options_emit writes the options, each behind what makes them a multiple of four bytes. */
static bool options_emit(struct holm_buffer *out, struct holm_tcp_segment *segment, size_t start)
{
    if (!start_emit(out, segment))
        return false;
    if (segment->has_time &&
        !(nothings_emit(out, 2) && head_emit(out, OPTION_TIME, 10) &&
          u32_emit(out, segment->time_value) && u32_emit(out, segment->time_echo)))
        return false;
    return md5_emit(out, segment, start) && patience_emit(out, segment) &&
           sacks_emit(out, segment, out->len - start - HOLM_TCP_HEADER_MIN);
}

/* options_size is how long options_emit makes them. */
static size_t options_size(const struct holm_tcp_segment *segment)
{
    size_t used = (segment->mss != 0 ? 4U : 0U) + (segment->has_scale ? 4U : 0U) +
                  (segment->sack_permitted ? 4U : 0U) + (segment->has_time ? 12U : 0U) +
                  (segment->md5_at != 0 ? 4U + HOLM_TCP_MD5_BYTES : 0U) +
                  (segment->patience != 0 ? 4U : 0U);
    size_t fit = used + 4 > OPTIONS_BYTES_MAX ? 0 : (OPTIONS_BYTES_MAX - used - 4) / SACK_BYTES;
    size_t count = segment->sacks_count < fit ? segment->sacks_count : fit;

    return used + (count == 0 ? 0 : 4 + count * SACK_BYTES);
}

enum holm_result holm_tcp_segment_emit(struct holm_buffer *out, struct holm_tcp_segment *segment)
{
    size_t start = out->len;
    uint8_t offset = (uint8_t)((HOLM_TCP_HEADER_MIN + options_size(segment)) / 4 * 16);

    if (out->size - out->len < HOLM_TCP_HEADER_MAX || options_size(segment) > OPTIONS_BYTES_MAX)
        return HOLM_ERR_LIMIT;
    if (holm_buffer_u16(out, segment->source) && holm_buffer_u16(out, segment->destination) &&
        u32_emit(out, segment->seq) && u32_emit(out, segment->ack) && holm_buffer_u8(out, offset) &&
        holm_buffer_u8(out, segment->flags) && holm_buffer_u16(out, segment->window) &&
        holm_buffer_u16(out, segment->checksum) && holm_buffer_u16(out, segment->urgent) &&
        options_emit(out, segment, start)) {
        segment->header_len = (uint8_t)(out->len - start);
        return HOLM_OK;
    }
    out->len = start;
    return HOLM_ERR_LIMIT;
}
