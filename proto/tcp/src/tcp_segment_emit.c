/* SPDX-License-Identifier: ISC */
/* tcp_segment_emit.c: headers of TCP segments, written. */
#include <holm/tcp/segment.h>

enum option_kind {
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

static bool u32_emit(struct holm_buffer *out, uint32_t value)
{
    return holm_buffer_u16(out, (uint16_t)(value >> 16)) &&
           holm_buffer_u16(out, (uint16_t)(value & 0xffff));
}

/* head_emit writes the first two bytes of an option, behind so many that mean nothing. */
static bool head_emit(struct holm_buffer *out, size_t nothings, uint8_t kind, uint8_t len)
{
    for (size_t i = 0; i < nothings; i++)
        if (!holm_buffer_u8(out, OPTION_NOTHING))
            return false;
    return holm_buffer_u8(out, kind) && holm_buffer_u8(out, len);
}

/* start_emit writes what only a SYN has. */
static bool start_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    if (segment->mss != 0 &&
        !(head_emit(out, 0, OPTION_MSS, 4) && holm_buffer_u16(out, segment->mss)))
        return false;
    if (segment->has_scale &&
        !(head_emit(out, 1, OPTION_SCALE, 3) && holm_buffer_u8(out, segment->scale)))
        return false;
    return !segment->sack_permitted || head_emit(out, 2, OPTION_SACK_PERMITTED, 2);
}

/* md5_emit makes room for a digest; start is where the header begins. */
static bool md5_emit(struct holm_buffer *out, struct holm_tcp_segment *segment, size_t start)
{
    if (segment->md5_at == 0)
        return true;
    if (!head_emit(out, 2, OPTION_MD5, 2 + HOLM_TCP_MD5_BYTES))
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
    if (!head_emit(out, 2, OPTION_SACK, (uint8_t)(2 + count * SACK_BYTES)))
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
           (head_emit(out, 0, OPTION_PATIENCE, 4) && holm_buffer_u16(out, segment->patience));
}

/* options_emit writes the options, each behind what makes them a multiple of four bytes. */
static bool options_emit(struct holm_buffer *out, struct holm_tcp_segment *segment, size_t start)
{
    if (!start_emit(out, segment))
        return false;
    if (segment->has_time &&
        !(head_emit(out, 2, OPTION_TIME, 10) && u32_emit(out, segment->time_value) &&
          u32_emit(out, segment->time_echo)))
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
