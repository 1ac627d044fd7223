/* SPDX-License-Identifier: ISC */
/* holm/bytes.h: a read cursor, a write cursor, a lent piece of memory. Pure. Only this library does
 * pointer arithmetic, in the region below; each call answers false and changes nothing when there
 * is too little. The short ones are inline: a parser is two to five times as fast. */
#pragma once

#include <holm/base.h>

/* struct holm_bytes is len readable bytes that someone else owns. */
struct holm_bytes {
    const uint8_t *ptr;
    size_t len;
};

/* struct holm_span is len writable bytes that someone else lends, exclusively. */
struct holm_span {
    uint8_t *ptr;
    size_t len;
};

/* struct holm_buffer is size writable bytes that someone else owns, the first len filled. */
struct holm_buffer {
    uint8_t *ptr;
    size_t len;
    size_t size;
};

/* HOLM_TEXT is a string literal as bytes, without its final NUL. */
#define HOLM_TEXT(s) ((struct holm_bytes){ (const uint8_t *)"" s, sizeof(s) - 1 })
/* HOLM_BLOB is a whole array of bytes; HOLM_BUFFER is one to fill. */
#define HOLM_BLOB(array) ((struct holm_bytes){ (array), HOLM_COUNT(array) })
#define HOLM_BUFFER(array) ((struct holm_buffer){ (array), 0, HOLM_COUNT(array) })

#pragma clang unsafe_buffer_usage begin

/* holm_bytes__advance drops len bytes, which must be there. */
static inline void holm_bytes__advance(struct holm_bytes *in, size_t len)
{
    in->ptr += len;
    in->len -= len;
}

/* holm_bytes_u8 takes one byte from *in; false, and nothing changes, if there is none. */
HOLM_MUST_USE static inline bool holm_bytes_u8(struct holm_bytes *in, uint8_t *value)
{
    if (in->len < 1)
        return false;
    *value = in->ptr[0];
    holm_bytes__advance(in, 1);
    return true;
}

/* holm_bytes_u16 takes two bytes, most significant first; false, unchanged, if too few. */
HOLM_MUST_USE static inline bool holm_bytes_u16(struct holm_bytes *in, uint16_t *value)
{
    if (in->len < 2)
        return false;
    *value = (uint16_t)(in->ptr[0] * 256U + in->ptr[1]);
    holm_bytes__advance(in, 2);
    return true;
}

/* holm_bytes_u32 takes four bytes, most significant first; false, unchanged, if too few. */
HOLM_MUST_USE static inline bool holm_bytes_u32(struct holm_bytes *in, uint32_t *value)
{
    if (in->len < 4)
        return false;
    *value = in->ptr[0] * 16777216U + in->ptr[1] * 65536U + in->ptr[2] * 256U + in->ptr[3];
    holm_bytes__advance(in, 4);
    return true;
}

/* holm_bytes_take splits the first len bytes of *in off into *part; false if there are fewer. */
HOLM_MUST_USE static inline bool holm_bytes_take(struct holm_bytes *in, size_t len,
                                                 struct holm_bytes *part)
{
    if (in->len < len)
        return false;
    /*@ split len; */ /* for Eva, which does not relate len to ptr */
    part->ptr = in->ptr;
    part->len = len;
    holm_bytes__advance(in, len);
    return true;
}

/* holm_bytes_from sets *tail to all from offset on; false if offset is past its end. */
HOLM_MUST_USE static inline bool holm_bytes_from(struct holm_bytes all, size_t offset,
                                                 struct holm_bytes *tail)
{
    if (offset > all.len)
        return false;
    tail->ptr = all.ptr + offset;
    tail->len = all.len - offset;
    return true;
}

/* holm_bytes_is answers whether all has a byte at offset at, and it is value. */
static inline bool holm_bytes_is(struct holm_bytes all, size_t at, uint8_t value)
{
    return at < all.len && all.ptr[at] == value;
}

/* holm_bytes_u8_at reads the byte at offset at; false if there is none. */
HOLM_MUST_USE static inline bool holm_bytes_u8_at(struct holm_bytes all, size_t at, uint8_t *value)
{
    if (at >= all.len)
        return false;
    *value = all.ptr[at];
    return true;
}

/* holm_bytes_u16_at reads two bytes at offset at, most significant first; false if too few. */
HOLM_MUST_USE static inline bool holm_bytes_u16_at(struct holm_bytes all, size_t at,
                                                   uint16_t *value)
{
    if (at > all.len || all.len - at < 2)
        return false;
    *value = (uint16_t)(all.ptr[at] * 256U + all.ptr[at + 1]);
    return true;
}

/* holm_bytes_u64_at reads eight bytes at offset at, most significant first; false if too few. */
HOLM_MUST_USE static inline bool holm_bytes_u64_at(struct holm_bytes all, size_t at,
                                                   uint64_t *value)
{
    if (at > all.len || all.len - at < 8)
        return false;
    *value = all.ptr[at] * 0x100000000000000U + all.ptr[at + 1] * 0x1000000000000U +
             all.ptr[at + 2] * 0x10000000000U + all.ptr[at + 3] * 0x100000000U +
             all.ptr[at + 4] * 0x1000000U + all.ptr[at + 5] * 0x10000U + all.ptr[at + 6] * 0x100U +
             all.ptr[at + 7];
    return true;
}

/* holm_bytes_part sets *part to the len bytes at offset at; false, unchanged, if all is shorter. */
HOLM_MUST_USE static inline bool holm_bytes_part(struct holm_bytes all, size_t at, size_t len,
                                                 struct holm_bytes *part)
{
    if (at > all.len || all.len - at < len)
        return false;
    part->ptr = all.ptr + at;
    part->len = len;
    return true;
}

/* holm_buffer_u8 appends one byte; false, and nothing changes, if out is full. */
HOLM_MUST_USE static inline bool holm_buffer_u8(struct holm_buffer *out, uint8_t value)
{
    if (out->len >= out->size)
        return false;
    out->ptr[out->len] = value;
    out->len += 1;
    return true;
}

/* holm_buffer_u16 appends two bytes, most significant first; false if they do not fit. */
HOLM_MUST_USE static inline bool holm_buffer_u16(struct holm_buffer *out, uint16_t value)
{
    if (out->size - out->len < 2)
        return false;
    out->ptr[out->len] = (uint8_t)(value / 256);
    out->ptr[out->len + 1] = (uint8_t)(value % 256);
    out->len += 2;
    return true;
}

/* holm_buffer_filled is what out holds so far. */
static inline struct holm_bytes holm_buffer_filled(const struct holm_buffer *out)
{
    return (struct holm_bytes){ out->ptr, out->len };
}

/* holm_buffer_room is the space that out has left. */
static inline struct holm_span holm_buffer_room(const struct holm_buffer *out)
{
    return (struct holm_span){ out->ptr + out->len, out->size - out->len };
}

/* holm_span_part sets *part to the len bytes at offset at; false, unchanged, if all is shorter. */
HOLM_MUST_USE static inline bool holm_span_part(struct holm_span all, size_t at, size_t len,
                                                struct holm_span *part)
{
    if (at > all.len || all.len - at < len)
        return false;
    part->ptr = all.ptr + at;
    part->len = len;
    return true;
}

/* holm_span_padding is how many bytes to leave out so that the span begins at a multiple of align, a
 * power of two. It may be more than the span has. */
static inline size_t holm_span_padding(struct holm_span span, size_t align)
{
    return (size_t)(HOLM_ALIGN_UP(span.ptr, align) - span.ptr);
}

#pragma clang unsafe_buffer_usage end

/* holm_span_bytes is the span as bytes to read; holm_span_buffer, as a buffer to fill. */
static inline struct holm_bytes holm_span_bytes(struct holm_span span)
{
    return (struct holm_bytes){ span.ptr, span.len };
}
static inline struct holm_buffer holm_span_buffer(struct holm_span span)
{
    return (struct holm_buffer){ span.ptr, 0, span.len };
}

/* holm_buffer_bytes appends all of in, which must not overlap out; false if it does not fit. */
HOLM_MUST_USE bool holm_buffer_bytes(struct holm_buffer *out, struct holm_bytes in);

/* holm_bytes_equal answers whether a and b hold the same bytes. Not for secrets: its time tells
 * where they differ. */
bool holm_bytes_equal(struct holm_bytes a, struct holm_bytes b);

/* holm_span_fill sets every byte of the span to value. */
void holm_span_fill(struct holm_span span, uint8_t value);

/* holm_bytes_compare orders as a dictionary does: below 0 if a comes first, 0 if they are equal. */
int holm_bytes_compare(struct holm_bytes a, struct holm_bytes b);
