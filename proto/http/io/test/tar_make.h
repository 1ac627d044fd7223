/* SPDX-License-Identifier: ISC */
/* tar_make.h: makes tar archives for tests, block by block. Hosted. */
#pragma once

#include <holm/test.h>

#define TAR_BLOCK 512

static inline void tar_fill(struct holm_buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CHECK(holm_buffer_u8(out, 0));
}

/* A field of the header, filled up with NULs. */
static inline void tar_put(struct holm_buffer *out, struct holm_bytes text, size_t len)
{
    CHECK(holm_buffer_bytes(out, text));
    tar_fill(out, len - text.len);
}

static inline void tar_octal(struct holm_buffer *out, uint64_t number)
{
    for (unsigned digit = 11; digit-- > 0;)
        CHECK(holm_buffer_u8(out, (uint8_t)('0' + (number >> 3 * digit & 7))));
    tar_fill(out, 1);
}

static inline void tar_add(struct holm_buffer *tar, struct holm_bytes name, uint8_t type,
                           struct holm_bytes content)
{
    tar_put(tar, name, 100);
    tar_fill(tar, 24);
    tar_octal(tar, content.len);
    tar_octal(tar, 1000000000);
    tar_fill(tar, 8);
    CHECK(holm_buffer_u8(tar, type));
    tar_fill(tar, 100);
    tar_put(tar, HOLM_TEXT("ustar"), 6);
    tar_fill(tar, TAR_BLOCK - 263);
    CHECK(holm_buffer_bytes(tar, content));
    tar_fill(tar, (TAR_BLOCK - content.len % TAR_BLOCK) % TAR_BLOCK);
}
