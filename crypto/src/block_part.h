/* SPDX-License-Identifier: ISC */
/* block_part.h: blocks of which the last bytes are not there, from and to memory, in few steps
 * and by no way over memory of our own: what is put together there can't be loaded as one at
 * once. For machines whose numbers begin with their least byte. */
#pragma once

#include <holm/bytes.h>

/* struct block_words is a block as two words, the first bytes in low. */
struct block_words {
    uint64_t low, high;
};
struct block_part__long {
    uint64_t value __attribute__((packed, may_alias));
};
struct block_part__word {
    uint32_t value __attribute__((packed, may_alias));
};

static inline uint64_t block_part__u64(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(uint64_t));
    const void *from = &HOLM_NTH(bytes.ptr, bytes.len, at);
    return ((const struct block_part__long *)from)->value;
}

static inline uint64_t block_part__u32(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(uint32_t));
    const void *from = &HOLM_NTH(bytes.ptr, bytes.len, at);
    return ((const struct block_part__word *)from)->value;
}

/* block_words_part is a block of up to 16 bytes; those that it lacks are 0. Pieces that overlap
 * make it whole. */
static inline struct block_words block_words_part(struct holm_bytes bytes)
{
    size_t len = bytes.len;
    uint64_t low = 0;

    holm_assert(len <= 16);
    if (len > 8)
        return (struct block_words){ block_part__u64(bytes, 0),
                                     block_part__u64(bytes, len - 8) >> (8 * (16 - len)) % 64 };
    if (len == 8)
        low = block_part__u64(bytes, 0);
    else if (len >= 4)
        low = block_part__u32(bytes, 0) | block_part__u32(bytes, len - 4) << 8 * (len - 4);
    else if (len > 0)
        low = bytes.ptr[0] | (uint64_t)HOLM_NTH(bytes.ptr, len, len / 2) << 8 * (len / 2) |
              (uint64_t)HOLM_NTH(bytes.ptr, len, len - 1) << 8 * (len - 1);
    return (struct block_words){ low, 0 };
}

static inline void block_part__put_u64(struct holm_span span, size_t at, uint64_t value)
{
    holm_assert(at <= span.len && span.len - at >= sizeof(uint64_t));
    void *to = &HOLM_NTH(span.ptr, span.len, at);
    ((struct block_part__long *)to)->value = value;
}

static inline void block_part__put_u32(struct holm_span span, size_t at, uint64_t value)
{
    holm_assert(at <= span.len && span.len - at >= sizeof(uint32_t));
    void *to = &HOLM_NTH(span.ptr, span.len, at);
    ((struct block_part__word *)to)->value = (uint32_t)(value & UINT32_MAX);
}

/* block_words_part_put puts the first bytes of a block that span, of up to 16, has room for. */
static inline void block_words_part_put(struct holm_span span, struct block_words block)
{
    size_t len = span.len;
    uint64_t low = block.low, high = block.high;

    holm_assert(len <= 16);
    if (len > 8) {
        size_t over = 8 * (16 - len); /* bits of high that have no room: 0 to 56 */
        block_part__put_u64(span, 0, low);
        block_part__put_u64(span, len - 8,
                            over == 0 ? high : high << over | low >> (64 - over) % 64);
    } else if (len == 8) {
        block_part__put_u64(span, 0, low);
    } else if (len >= 4) {
        block_part__put_u32(span, 0, low);
        block_part__put_u32(span, len - 4, low >> 8 * (len - 4));
    } else {
        for (size_t i = 0; i < len; i++)
            HOLM_NTH(span.ptr, len, i) = (uint8_t)(low >> 8 * i & 0xff);
    }
}
