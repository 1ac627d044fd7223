/* SPDX-License-Identifier: ISC */
/* holm/machine/scan.h for aarch64 (Advanced SIMD, which every one has): 16 bytes a step. Included by
 * <holm/class.h> only. Outside the proof: test_class.c compares it with the plain loop. There is no instruction that makes a bit of each byte; a narrowing shift makes
 * four, so a mark stands at bit 4 * offset and the three above it. */
#pragma once

#include <arm_neon.h>

#pragma clang unsafe_buffer_usage begin

typedef uint64_t holm_scan_marks;
enum { HOLM_SCAN_MARK_BITS = 4 };

/* holm_scan__marks makes four bits of each byte, which is 0 or 255. */
static inline holm_scan_marks holm_scan__marks(uint8x16_t bytes)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4)), 0);
}

/* holm_scan__outside marks each of the 16 bytes that is not in the class. The row of a byte is its
 * low half, and 16 more if its top bit is set; the other three bits say which bit of the row. */
static inline holm_scan_marks holm_scan__outside(const uint8_t *from,
                                                 const struct holm_class *class)
{
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201U));
    const uint8x16x2_t rows = { { vld1q_u8(class->rows), vld1q_u8(class->rows + 16) } };
    uint8x16_t text = vld1q_u8(from);
    uint8x16_t index =
        vorrq_u8(vandq_u8(text, vdupq_n_u8(0x0f)), vandq_u8(vshrq_n_u8(text, 3), vdupq_n_u8(0x10)));
    uint8x16_t row = vqtbl2q_u8(rows, index);
    uint8x16_t bit = vqtbl1q_u8(bits, vshrq_n_u8(text, 4));
    return holm_scan__marks(vmvnq_u8(vtstq_u8(row, bit)));
}

static inline holm_scan_marks holm_scan__equal(const uint8_t *from, uint8_t value)
{
    return holm_scan__marks(vceqq_u8(vld1q_u8(from), vdupq_n_u8(value)));
}

/* In two steps: to move marks by all of its bits at once means nothing in C. */
static inline holm_scan_marks holm_scan__late(holm_scan_marks marks, size_t rest)
{
    return marks >> (15 - rest) * HOLM_SCAN_MARK_BITS >> HOLM_SCAN_MARK_BITS |
           1ULL << rest * HOLM_SCAN_MARK_BITS;
}

#pragma clang unsafe_buffer_usage end

#include <holm/machine/scan16.h>
