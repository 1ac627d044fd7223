/* SPDX-License-Identifier: ISC */
/* words.h: numbers in bytes, least or most significant first. The bytes must be there. */
#pragma once

#include <holm/bytes.h>

static inline uint32_t holm_words__big32(struct holm_bytes in, size_t word)
{
    uint32_t value = 0;
    struct holm_bytes at = { 0 };

    holm_assert(holm_bytes_part(in, 4 * word, 4, &at) && holm_bytes_u32(&at, &value));
    return value;
}

static inline uint64_t holm_words__big64(struct holm_bytes in, size_t word)
{
    uint64_t value = 0;

    holm_assert(holm_bytes_u64_at(in, 8 * word, &value));
    return value;
}

static inline uint32_t holm_words__little32(struct holm_bytes in, size_t word)
{
    return __builtin_bswap32(holm_words__big32(in, word));
}

static inline uint64_t holm_words__little64(struct holm_bytes in, size_t word)
{
    return __builtin_bswap64(holm_words__big64(in, word));
}

/* holm_words__put_big puts the first bytes of a word of width bytes that out has room for. */
static inline void holm_words__put_big(struct holm_buffer *out, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width && out->len < out->size; i++)
        holm_assert(holm_buffer_u8(out, (uint8_t)(value >> 8 * (width - 1 - i) & 0xff)));
}

/* holm_words__put_little puts the last, least significant first. */
static inline void holm_words__put_little(struct holm_buffer *out, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width && out->len < out->size; i++)
        holm_assert(holm_buffer_u8(out, (uint8_t)(value >> 8 * i & 0xff)));
}
