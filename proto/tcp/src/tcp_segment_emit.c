/* SPDX-License-Identifier: ISC */
/* tcp_segment_emit.c: headers of TCP segments, written. How long one becomes is known before its first
 * byte: what does not fit changes nothing, and what fits is written without a look at the room. */
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

/*@ requires holm_writable(out) && out->size - out->len >= 4;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + 4;
    ensures holm_u32_value(out->ptr + \old(out->len)) == value; */
static void u32_emit(struct holm_buffer *out, uint32_t value)
{
    holm_assert(holm_buffer_u16(out, (uint16_t)(value / 65536)));
    holm_assert(holm_buffer_u16(out, (uint16_t)(value % 65536)));
}

/* fill_emit writes a byte so many times. */
/*@ requires holm_writable(out) && count <= 16 && out->size - out->len >= count;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + count;
    ensures \forall integer k; \old(out->len) <= k < out->len ==> out->ptr[k] == byte; */
static void fill_emit(struct holm_buffer *out, size_t count, uint8_t byte)
{
    /*@ loop invariant i <= count && holm_writable(out);
        loop invariant out->len == \at(out->len,Pre) + i;
        loop invariant \forall integer k; \at(out->len,Pre) <= k < out->len ==> out->ptr[k] == byte;
        loop assigns i, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant count - i; */
    for (size_t i = 0; i < count; i++)
        holm_assert(holm_buffer_u8(out, byte));
}

/* head_emit writes the first two bytes of an option. */
/*@ requires holm_writable(out) && out->size - out->len >= 2;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + 2;
    ensures holm_tcp_option(out->ptr + \old(out->len), kind, len); */
static void head_emit(struct holm_buffer *out, uint8_t kind, uint8_t len)
{
    holm_assert(holm_buffer_u8(out, kind));
    holm_assert(holm_buffer_u8(out, len));
}

/* number_emit writes an option of a number, if that is not 0. */
/*@ requires holm_writable(out) && out->size - out->len >= (value != 0 ? 4 : 0);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + (value != 0 ? 4 : 0);
    ensures value != 0 ==> holm_tcp_option_u16(out->ptr + \old(out->len), kind, value); */
static void number_emit(struct holm_buffer *out, uint8_t kind, uint16_t value)
{
    if (value == 0)
        return;
    head_emit(out, kind, 4);
    holm_assert(holm_buffer_u16(out, value));
}

/* scale_emit and permitted_emit write what a SYN has besides its MSS. */
/*@ requires holm_tcp_room(out, segment, holm_tcp_scale_len(segment));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + holm_tcp_scale_len(segment);
    ensures segment->has_scale ==> out->ptr[\old(out->len)] == 1 &&
              holm_tcp_option(out->ptr + (\old(out->len) + 1), 3, 3);
    ensures segment->has_scale ==> out->ptr[\old(out->len) + 3] == segment->scale; */
static void scale_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    if (!segment->has_scale)
        return;
    fill_emit(out, 1, OPTION_NOTHING);
    head_emit(out, OPTION_SCALE, 3);
    holm_assert(holm_buffer_u8(out, segment->scale));
}

/*@ requires holm_tcp_room(out, segment, holm_tcp_permitted_len(segment));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + holm_tcp_permitted_len(segment);
    ensures segment->sack_permitted ==> out->ptr[\old(out->len)] == 1 &&
              out->ptr[\old(out->len) + 1] == 1;
    ensures segment->sack_permitted ==>
              holm_tcp_option(out->ptr + (\old(out->len) + 2), 4, 2); */
static void permitted_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    if (!segment->sack_permitted)
        return;
    fill_emit(out, 2, OPTION_NOTHING);
    head_emit(out, OPTION_SACK_PERMITTED, 2);
}

/*@ requires holm_tcp_room(out, segment, holm_tcp_time_len(segment));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + holm_tcp_time_len(segment);
    ensures segment->has_time ==> out->ptr[\old(out->len)] == 1 &&
              out->ptr[\old(out->len) + 1] == 1;
    ensures segment->has_time ==>
              holm_tcp_option(out->ptr + (\old(out->len) + 2), 8, 10);
    ensures segment->has_time ==>
              holm_u32_value(out->ptr + (\old(out->len) + 4)) == segment->time_value;
    ensures segment->has_time ==>
              holm_u32_value(out->ptr + (\old(out->len) + 8)) == segment->time_echo; */
static void time_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    if (!segment->has_time)
        return;
    fill_emit(out, 2, OPTION_NOTHING);
    head_emit(out, OPTION_TIME, 10);
    u32_emit(out, segment->time_value);
    u32_emit(out, segment->time_echo);
}

/* digest_emit makes room for a digest. */
/*@ requires holm_tcp_room(out, segment, holm_tcp_md5_len(segment));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + holm_tcp_md5_len(segment);
    ensures segment->md5_at != 0 ==> out->ptr[\old(out->len)] == 1 &&
              out->ptr[\old(out->len) + 1] == 1;
    ensures segment->md5_at != 0 ==>
              holm_tcp_option(out->ptr + (\old(out->len) + 2), 19, 18);
    ensures segment->md5_at != 0 ==>
              \forall integer k; \old(out->len) + 4 <= k < out->len ==> out->ptr[k] == 0; */
static void digest_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    if (segment->md5_at == 0)
        return;
    fill_emit(out, 2, OPTION_NOTHING);
    head_emit(out, OPTION_MD5, 2 + HOLM_TCP_MD5_BYTES);
    fill_emit(out, HOLM_TCP_MD5_BYTES, 0);
}

/*@ requires holm_writable(out) && out->size - out->len >= SACK_BYTES;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + SACK_BYTES;
    ensures holm_u32_value(out->ptr + \old(out->len)) == block.start;
    ensures holm_u32_value(out->ptr + (\old(out->len) + 4)) == block.end; */
static void block_emit(struct holm_buffer *out, struct holm_tcp_range block)
{
    u32_emit(out, block.start);
    u32_emit(out, block.end);
}

/* sacks_emit writes so many blocks. */
/*@ requires holm_tcp_room(out, segment, holm_tcp_sacks_len(count));
    requires count <= HOLM_TCP_SACKS_MAX;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + holm_tcp_sacks_len(count);
    ensures count > 0 ==> out->ptr[\old(out->len)] == 1 && out->ptr[\old(out->len) + 1] == 1;
    ensures count > 0 ==>
              holm_tcp_option(out->ptr + (\old(out->len) + 2), 5, 2 + count * SACK_BYTES);
    ensures \forall integer k; 0 <= k < count ==>
              holm_tcp_block_is(out->ptr + (\old(out->len) + 4 + k * SACK_BYTES),
                                &segment->sacks[k]); */
static void sacks_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment,
                       size_t count)
{
    if (count == 0)
        return;
    fill_emit(out, 2, OPTION_NOTHING);
    head_emit(out, OPTION_SACK, (uint8_t)(2 + count * SACK_BYTES));
    /*@ loop invariant i <= count && holm_writable(out);
        loop invariant out->len == \at(out->len,Pre) + 4 + i * SACK_BYTES;
        loop invariant \forall integer k; 0 <= k < i ==>
          holm_tcp_block_is(out->ptr + (\at(out->len,Pre) + 4 + k * SACK_BYTES),
                            &segment->sacks[k]);
        loop assigns i, out->len, out->ptr[\at(out->len,Pre) + 4 .. out->size - 1];
        loop variant count - i; */
    for (size_t i = 0; i < count; i++)
        block_emit(out, HOLM_AT(segment->sacks, i));
}

/* front_emit writes the options in front of a digest. */
/*@ requires holm_tcp_room(out, segment, holm_tcp_before_md5(segment));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures holm_tcp_as_before{Pre,Here}(segment);
    ensures out->len == \old(out->len) + holm_tcp_before_md5{Pre}(segment); */
static void front_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    number_emit(out, OPTION_MSS, segment->mss);
    /*@ assert holm_tcp_as_before{Pre,Here}(segment); */
    /*@ assert out->len == \at(out->len,Pre) + holm_tcp_mss_len{Pre}(segment); */
    scale_emit(out, segment);
    /*@ assert holm_tcp_as_before{Pre,Here}(segment); */
    /*@ assert out->len == \at(out->len,Pre) + holm_tcp_mss_len{Pre}(segment) +
          holm_tcp_scale_len{Pre}(segment); */
    permitted_emit(out, segment);
    /*@ assert holm_tcp_as_before{Pre,Here}(segment); */
    /*@ assert out->len == \at(out->len,Pre) + holm_tcp_before_time{Pre}(segment); */
    time_emit(out, segment);
}

/* options_emit writes the options, each behind what makes them a multiple of four bytes, and as many
 * blocks of SACK as that. It answers where in the header a digest stands; 0: nowhere. */
/*@ requires holm_tcp_room(out, segment, holm_tcp_used(segment) + holm_tcp_sacks_len(blocks));
    requires blocks <= HOLM_TCP_SACKS_MAX;
    requires holm_tcp_used(segment) + holm_tcp_sacks_len(blocks) <= OPTIONS_BYTES_MAX;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + holm_tcp_used{Pre}(segment) + holm_tcp_sacks_len(blocks);
    ensures \result == holm_tcp_digest_at{Pre}(segment); */
static uint8_t options_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment,
                            size_t blocks)
{
    size_t start = out->len, front;

    front_emit(out, segment);
    front = out->len - start;
    digest_emit(out, segment);
    /*@ assert holm_tcp_as_before{Pre,Here}(segment); */
    /*@ assert out->len == start + front + holm_tcp_md5_len{Pre}(segment); */
    number_emit(out, OPTION_PATIENCE, segment->patience);
    /*@ assert segment->md5_at == \at(segment->md5_at,Pre); */
    /*@ assert out->len == start + holm_tcp_used{Pre}(segment); */
    sacks_emit(out, segment, blocks);
    /*@ assert segment->md5_at == \at(segment->md5_at,Pre); */
    return segment->md5_at == 0 ? 0 : (uint8_t)(HOLM_TCP_HEADER_MIN + front + 4);
}

/* options_used is how long all options but SACK are. */
/*@ requires \valid_read(segment);
    assigns \nothing;
    ensures \result == holm_tcp_used(segment) <= 48; */
static size_t options_used(const struct holm_tcp_segment *segment)
{
    size_t start = (segment->mss != 0 ? 4U : 0U) + (segment->has_scale ? 4U : 0U) +
                   (segment->sack_permitted ? 4U : 0U);

    return start + (segment->has_time ? 12U : 0U) +
           (segment->md5_at != 0 ? 4U + HOLM_TCP_MD5_BYTES : 0U) +
           (segment->patience != 0 ? 4U : 0U);
}

/* blocks_fit is how many blocks of SACK fit behind used bytes of options. */
/*@ requires \valid_read(segment) && used <= 48;
    assigns \nothing;
    ensures \result == holm_tcp_blocks(segment->sacks_count, used);
    ensures \result <= HOLM_TCP_SACKS_MAX; */
static size_t blocks_fit(const struct holm_tcp_segment *segment, size_t used)
{
    size_t fit = used + 4 > OPTIONS_BYTES_MAX ? 0 : (OPTIONS_BYTES_MAX - used - 4) / SACK_BYTES;

    return segment->sacks_count < fit ? segment->sacks_count : fit;
}

/* numbers_emit writes the first twelve bytes, flags_emit the eight behind them. */
/*@ requires holm_tcp_room(out, segment, 12);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + 12;
    ensures holm_u16_value(out->ptr + \old(out->len)) == segment->source;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 2)) == segment->destination;
    ensures holm_u32_value(out->ptr + (\old(out->len) + 4)) == segment->seq;
    ensures holm_u32_value(out->ptr + (\old(out->len) + 8)) == segment->ack; */
static void numbers_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment)
{
    holm_assert(holm_buffer_u16(out, segment->source));
    holm_assert(holm_buffer_u16(out, segment->destination));
    u32_emit(out, segment->seq);
    u32_emit(out, segment->ack);
}

/*@ requires holm_tcp_room(out, segment, 8);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + 8;
    ensures out->ptr[\old(out->len)] == offset;
    ensures out->ptr[\old(out->len) + 1] == segment->flags;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 2)) == segment->window;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 4)) == segment->checksum;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 6)) == segment->urgent; */
static void flags_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment,
                       uint8_t offset)
{
    holm_assert(holm_buffer_u8(out, offset));
    holm_assert(holm_buffer_u8(out, segment->flags));
    holm_assert(holm_buffer_u16(out, segment->window));
    holm_assert(holm_buffer_u16(out, segment->checksum));
    holm_assert(holm_buffer_u16(out, segment->urgent));
}

/* header_emit writes the whole header, of len bytes, and answers what options_emit does. */
/*@ requires holm_tcp_room(out, segment, len) && len <= HOLM_TCP_HEADER_MAX;
    requires blocks <= HOLM_TCP_SACKS_MAX;
    requires len == HOLM_TCP_HEADER_MIN + holm_tcp_used(segment) + holm_tcp_sacks_len(blocks);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + len;
    ensures \result == holm_tcp_digest_at{Pre}(segment);
    ensures holm_u16_value(out->ptr + \old(out->len)) == segment->source;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 2)) == segment->destination;
    ensures holm_u32_value(out->ptr + (\old(out->len) + 4)) == segment->seq;
    ensures holm_u32_value(out->ptr + (\old(out->len) + 8)) == segment->ack;
    ensures out->ptr[\old(out->len) + 12] == len / 4 * 16;
    ensures out->ptr[\old(out->len) + 13] == segment->flags;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 14)) == segment->window;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 16)) == segment->checksum;
    ensures holm_u16_value(out->ptr + (\old(out->len) + 18)) == segment->urgent; */
static uint8_t header_emit(struct holm_buffer *out, const struct holm_tcp_segment *segment,
                           size_t len, size_t blocks)
{
    uint8_t digest_at;

    numbers_emit(out, segment);
    /*@ assert holm_tcp_as_before{Pre,Here}(segment); */
    flags_emit(out, segment, (uint8_t)(len / 4 * 16)); /* in words, above four bits of nothing */
    /*@ assert segment->flags == \at(segment->flags,Pre) &&
          out->ptr[\at(out->len,Pre) + 13] == \at(segment->flags,Pre); */
    /*@ assert out->ptr[\at(out->len,Pre) + 12] == len / 4 * 16; */
    /*@ assert holm_tcp_as_before{Pre,Here}(segment); */
    digest_at = options_emit(out, segment, blocks);
    /*@ assert segment->flags == \at(segment->flags,Pre); */
    return digest_at;
}

enum holm_result holm_tcp_segment_emit(struct holm_buffer *out, struct holm_tcp_segment *segment)
{
    size_t used = options_used(segment), blocks = blocks_fit(segment, used);
    size_t len = HOLM_TCP_HEADER_MIN + used + (blocks == 0 ? 0 : 4 + blocks * SACK_BYTES);

    if (out->size - out->len < HOLM_TCP_HEADER_MAX || len > HOLM_TCP_HEADER_MAX)
        return HOLM_ERR_LIMIT;
    segment->md5_at = header_emit(out, segment, len, blocks);
    segment->header_len = (uint8_t)len;
    return HOLM_OK;
}
