/* SPDX-License-Identifier: ISC */
/* tcp_segment.c: headers of TCP segments, read. */
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

enum { SACK_BYTES = 8 };

/* sacks_parse reads the blocks of a SACK option; more than fit a header there cannot be. */
/*@ requires \valid(segment) && holm_readable(value);
    requires \separated(segment, value.ptr + (0 .. value.len - 1));
    assigns segment->sacks[0 .. HOLM_TCP_SACKS_MAX - 1], segment->sacks_count;
    ensures segment->sacks_count <= HOLM_TCP_SACKS_MAX;
    ensures \result ==> segment->sacks_count > 0;
    ensures \result ==> segment->sacks_count * SACK_BYTES == value.len; */
static bool sacks_parse(struct holm_tcp_segment *segment, struct holm_bytes value)
{
    struct holm_tcp_range block;

    segment->sacks_count = 0;
    /*@ loop invariant segment->sacks_count <= HOLM_TCP_SACKS_MAX;
        loop invariant segment->sacks_count * SACK_BYTES + value.len == \at(value.len,Pre);
        loop invariant value.ptr == \at(value.ptr,Pre) + segment->sacks_count * SACK_BYTES;
        loop assigns value, block, segment->sacks[0 .. HOLM_TCP_SACKS_MAX - 1];
        loop assigns segment->sacks_count;
        loop variant value.len; */
    while (segment->sacks_count < HOLM_TCP_SACKS_MAX && holm_bytes_u32(&value, &block.start)) {
        if (!holm_bytes_u32(&value, &block.end))
            return false;
        HOLM_AT(segment->sacks, segment->sacks_count) = block;
        segment->sacks_count += 1;
    }
    return segment->sacks_count > 0 && value.len == 0;
}

/*@ requires \valid(segment) && holm_readable(value);
    requires \separated(segment, value.ptr + (0 .. value.len - 1));
    assigns segment->has_time, segment->time_value, segment->time_echo;
    ensures \result == (value.len == 8) && segment->has_time == \result;
    ensures \result ==> segment->time_value == holm_u32_value(value.ptr) &&
              segment->time_echo == holm_u32_value(value.ptr + 4); */
static bool time_parse(struct holm_tcp_segment *segment, struct holm_bytes value)
{
    segment->has_time = holm_bytes_u32(&value, &segment->time_value) &&
                        holm_bytes_u32(&value, &segment->time_echo) && value.len == 0;
    return segment->has_time;
}

/*@ requires \valid(segment) && holm_readable(value) && segment->scale <= HOLM_TCP_SCALE_MAX;
    requires \separated(segment, value.ptr + (0 .. value.len - 1));
    assigns segment->has_scale, segment->scale;
    ensures \result == (value.len == 1) && segment->has_scale == \result;
    ensures \result && value.ptr[0] <= HOLM_TCP_SCALE_MAX ==> segment->scale == value.ptr[0];
    ensures segment->scale <= HOLM_TCP_SCALE_MAX; */
static bool scale_parse(struct holm_tcp_segment *segment, struct holm_bytes value)
{
    segment->has_scale = holm_bytes_u8(&value, &segment->scale) && value.len == 0;
    if (segment->scale > HOLM_TCP_SCALE_MAX) /* RFC 7323 section 2.3: taken for the largest */
        segment->scale = HOLM_TCP_SCALE_MAX;
    return segment->has_scale;
}

/* option_parse reads the value of an option; false: its length is another than its kind has. Kinds
 * that are not known are passed over (RFC 9293 MUST-6). */
/*@ requires \valid(segment) && holm_readable(value) && 1 <= at;
    requires \separated(segment, value.ptr + (0 .. value.len - 1));
    requires at + value.len <= HOLM_TCP_HEADER_MAX && holm_tcp_options_fit(segment, at);
    assigns segment->mss, segment->patience, segment->md5_at, segment->sack_permitted;
    assigns segment->has_scale, segment->scale, segment->has_time, segment->time_value;
    assigns segment->time_echo, segment->sacks_count;
    assigns segment->sacks[0 .. HOLM_TCP_SACKS_MAX - 1];
    ensures \result ==> holm_tcp_options_fit(segment, at + value.len);
    ensures \result && kind == OPTION_MSS ==> value.len == 2 &&
              segment->mss == holm_u16_value{Old}(value.ptr); */
static bool option_parse(struct holm_tcp_segment *segment, uint8_t kind, struct holm_bytes value,
                         size_t at)
{
    switch (kind) {
    case OPTION_MSS:
        return holm_bytes_u16(&value, &segment->mss) && value.len == 0;
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
        return holm_bytes_u16(&value, &segment->patience) && value.len == 0;
    case OPTION_MD5:
        segment->md5_at = (uint8_t)at;
        return value.len == HOLM_TCP_MD5_BYTES;
    default:
        return true;
    }
}

/* options_parse reads all options (RFC 9293 MUST-5: in any segment). */
/*@ requires \valid(segment) && holm_readable(header);
    requires \separated(segment, header.ptr + (0 .. header.len - 1));
    requires HOLM_TCP_HEADER_MIN <= header.len <= HOLM_TCP_HEADER_MAX;
    requires holm_tcp_options_fit(segment, HOLM_TCP_HEADER_MIN);
    assigns segment->mss, segment->patience, segment->md5_at, segment->sack_permitted;
    assigns segment->has_scale, segment->scale, segment->has_time, segment->time_value;
    assigns segment->time_echo, segment->sacks_count;
    assigns segment->sacks[0 .. HOLM_TCP_SACKS_MAX - 1];
    ensures \result ==> holm_tcp_options_fit(segment, header.len); */
static bool options_parse(struct holm_tcp_segment *segment, struct holm_bytes header)
{
    size_t at = HOLM_TCP_HEADER_MIN;
    struct holm_bytes value;
    uint8_t kind, len;

    /*@ loop invariant HOLM_TCP_HEADER_MIN <= at <= header.len;
        loop invariant holm_tcp_options_fit(segment, at);
        loop assigns at, value, kind, len;
        loop assigns segment->mss, segment->patience, segment->md5_at, segment->sack_permitted;
        loop assigns segment->has_scale, segment->scale, segment->has_time, segment->time_value;
        loop assigns segment->time_echo, segment->sacks_count;
        loop assigns segment->sacks[0 .. HOLM_TCP_SACKS_MAX - 1];
        loop variant header.len - at; */
    while (holm_bytes_u8_at(header, at, &kind) && kind != OPTION_END) {
        at += 1;
        if (kind == OPTION_NOTHING)
            continue;
        if (!holm_bytes_u8_at(header, at, &len) || len < 2 ||
            !holm_bytes_part(header, at + 1, len - 2U, &value) ||
            !option_parse(segment, kind, value, at + 1))
            return false;
        at += len - 1U;
    }
    return true;
}

/* numbers_parse reads the first 12 bytes; false if there are fewer. */
/*@ requires \valid(segment) && holm_in_place(rest);
    requires \separated(segment, rest, rest->ptr + (0 .. rest->len - 1));
    assigns segment->source, segment->destination, segment->seq, segment->ack, *rest;
    ensures \result == (\old(rest->len) >= 12);
    ensures \result ==> holm_advanced{Old,Here}(rest, 12);
    ensures \result ==> segment->source == holm_u16_value(\old(rest->ptr)) &&
              segment->destination == holm_u16_value(\old(rest->ptr) + 2);
    ensures \result ==> segment->seq == holm_u32_value(\old(rest->ptr) + 4) &&
              segment->ack == holm_u32_value(\old(rest->ptr) + 8); */
static bool numbers_parse(struct holm_tcp_segment *segment, struct holm_bytes *rest)
{
    return holm_bytes_u16(rest, &segment->source) && holm_bytes_u16(rest, &segment->destination) &&
           holm_bytes_u32(rest, &segment->seq) && holm_bytes_u32(rest, &segment->ack);
}

/* flags_parse reads the eight bytes behind those; false if there are fewer. */
/*@ requires \valid(segment) && holm_readable(in);
    requires \separated(segment, in.ptr + (0 .. in.len - 1));
    assigns segment->header_len, segment->flags, segment->window, segment->checksum;
    assigns segment->urgent;
    ensures \result == (in.len >= HOLM_TCP_HEADER_MIN);
    ensures \result ==> segment->header_len == \old(in.ptr[12]) / 16 * 4;
    ensures \result ==> segment->flags == \old(in.ptr[13]);
    ensures \result ==> segment->window == holm_u16_value{Old}(in.ptr + 14); */
static bool flags_parse(struct holm_tcp_segment *segment, struct holm_bytes in)
{
    uint8_t offset;

    if (!holm_bytes_u8_at(in, 12, &offset) || !holm_bytes_u8_at(in, 13, &segment->flags) ||
        !holm_bytes_u16_at(in, 14, &segment->window) ||
        !holm_bytes_u16_at(in, HOLM_TCP_CHECKSUM_OFFSET, &segment->checksum) ||
        !holm_bytes_u16_at(in, 18, &segment->urgent))
        return false;
    segment->header_len = (uint8_t)(offset / 16 * 4); /* the four bits below are reserved */
    return true;
}

/* header_read reads the header at the front of in into *segment, which is zeroed. */
/*@ requires \valid(segment) && holm_readable(in);
    requires \separated(segment, in.ptr + (0 .. in.len - 1));
    requires holm_tcp_options_fit(segment, HOLM_TCP_HEADER_MIN);
    assigns *segment;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> HOLM_TCP_HEADER_MIN <= segment->header_len;
    ensures \result == HOLM_OK ==> segment->header_len <= in.len;
    ensures \result == HOLM_OK ==> segment->header_len == \old(in.ptr[12]) / 16 * 4;
    ensures \result == HOLM_OK ==> segment->source == holm_u16_value{Old}(in.ptr);
    ensures \result == HOLM_OK ==> segment->destination == holm_u16_value{Old}(in.ptr + 2);
    ensures \result == HOLM_OK ==> segment->seq == holm_u32_value{Old}(in.ptr + 4);
    ensures \result == HOLM_OK ==> segment->ack == holm_u32_value{Old}(in.ptr + 8);
    ensures \result == HOLM_OK ==> segment->flags == \old(in.ptr[13]);
    ensures \result == HOLM_OK ==> segment->window == holm_u16_value{Old}(in.ptr + 14);
    ensures \result == HOLM_OK ==> holm_tcp_options_fit(segment, segment->header_len); */
static enum holm_result header_read(struct holm_tcp_segment *segment, struct holm_bytes in)
{
    struct holm_bytes fixed = in, header;

    if (!numbers_parse(segment, &fixed) || !flags_parse(segment, in))
        return HOLM_ERR_TRUNCATED;
    if (segment->header_len < HOLM_TCP_HEADER_MIN)
        return HOLM_ERR_MALFORMED;
    if (!holm_bytes_part(in, 0, segment->header_len, &header))
        return HOLM_ERR_TRUNCATED;
    return options_parse(segment, header) ? HOLM_OK : HOLM_ERR_MALFORMED;
}

enum holm_result holm_tcp_segment_parse(struct holm_tcp_segment *segment, struct holm_bytes *in)
{
    struct holm_tcp_segment read = { 0 };
    enum holm_result result = header_read(&read, *in);

    if (result != HOLM_OK)
        return result;
    holm_assert(holm_bytes_from(*in, read.header_len, in));
    read.len = in->len;
    *segment = read;
    return HOLM_OK;
}
