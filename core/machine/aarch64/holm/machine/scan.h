/* SPDX-License-Identifier: ISC */
/* holm/machine/scan.h for aarch64 (Advanced SIMD, which every one has): 16 bytes a step. Included by
 * <holm/class.h> only. Outside the proof: test_class.c compares it with the plain loop. No read
 * leaves the span. There is no instruction that makes a bit of each byte; a narrowing shift makes
 * four, so a mark stands at bit 4 * offset and the three above it. */
#pragma once

#include <arm_neon.h>

#pragma clang unsafe_buffer_usage begin

enum { HOLM_SCAN_STEP = 16, HOLM_SCAN_MARK_BITS = 4 };

/* holm_scan__marks makes four bits of each byte, which is 0 or 255. */
static inline uint64_t holm_scan__marks(uint8x16_t bytes)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4)), 0);
}

/* holm_scan__outside marks each of the 16 bytes that is not in the class. The row of a byte is its
 * low half, and 16 more if its top bit is set; the other three bits say which bit of the row. */
static inline uint64_t holm_scan__outside(const uint8_t *from, const struct holm_class *class)
{
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201U));
    const uint8x16x2_t rows = { { vld1q_u8(class->rows), vld1q_u8(class->rows + HOLM_SCAN_STEP) } };
    uint8x16_t text = vld1q_u8(from);
    uint8x16_t index =
        vorrq_u8(vandq_u8(text, vdupq_n_u8(0x0f)), vandq_u8(vshrq_n_u8(text, 3), vdupq_n_u8(0x10)));
    uint8x16_t row = vqtbl2q_u8(rows, index);
    uint8x16_t bit = vqtbl1q_u8(bits, vshrq_n_u8(text, 4));
    return holm_scan__marks(vmvnq_u8(vtstq_u8(row, bit)));
}

static inline uint64_t holm_scan__equal(const uint8_t *from, uint8_t value)
{
    return holm_scan__marks(vceqq_u8(vld1q_u8(from), vdupq_n_u8(value)));
}

static inline size_t holm_scan__first(uint64_t marks)
{
    return (size_t)__builtin_ctzll(marks) / HOLM_SCAN_MARK_BITS;
}

/* holm_scan__short spans where fewer than 16 bytes are in all. */
static inline size_t holm_scan__short(struct holm_bytes all, size_t from,
                                      const struct holm_class *class)
{
    while (from < all.len && holm_class_has(class, all.ptr[from]))
        from++;
    return from;
}

/* holm_scan__last gives the first marked byte of the last 16 that is not before from; else len. */
static inline size_t holm_scan__last(size_t len, size_t from, uint64_t marks)
{
    size_t rest = len - from; /* 0 to 15 */
    if (rest == 0)
        return len;
    marks >>= (HOLM_SCAN_STEP - rest) * HOLM_SCAN_MARK_BITS;
    return marks == 0 ? len : from + holm_scan__first(marks);
}

/* usual: see the file for x86_64. The lowest bit of a mark stands for it. */
static inline size_t holm_bytes__span(struct holm_bytes all, size_t from,
                                      const struct holm_class *class, uint8_t usual)
{
    uint64_t marks;
    if (all.len < HOLM_SCAN_STEP)
        return holm_scan__short(all, from, class);
    for (; all.len - from >= HOLM_SCAN_STEP; from += HOLM_SCAN_STEP) {
        uint64_t ends = holm_scan__equal(all.ptr + from, usual);
        marks = holm_scan__outside(all.ptr + from, class);
        if (marks == 0)
            continue;
        if (__builtin_expect((marks & (ends ^ (ends - 1))) == (ends & (0 - ends)), 1))
            return from + holm_scan__first(ends);
        return from + holm_scan__first(marks);
    }
    marks = holm_scan__outside(all.ptr + all.len - HOLM_SCAN_STEP, class);
    return holm_scan__last(all.len, from, marks);
}

static inline size_t holm_bytes__find(struct holm_bytes all, size_t from, uint8_t value)
{
    uint64_t marks;
    if (all.len < HOLM_SCAN_STEP) {
        while (from < all.len && all.ptr[from] != value)
            from++;
        return from;
    }
    for (; all.len - from >= HOLM_SCAN_STEP; from += HOLM_SCAN_STEP) {
        marks = holm_scan__equal(all.ptr + from, value);
        if (marks != 0)
            return from + holm_scan__first(marks);
    }
    marks = holm_scan__equal(all.ptr + all.len - HOLM_SCAN_STEP, value);
    return holm_scan__last(all.len, from, marks);
}

#pragma clang unsafe_buffer_usage end
