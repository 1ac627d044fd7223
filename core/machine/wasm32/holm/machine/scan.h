/* SPDX-License-Identifier: ISC */
/* holm/machine/scan.h for wasm32 with simd128: 16 bytes a step. Included by <holm/class.h> only.
 * Outside the proof: test_class.c compares it with the plain loop. No read leaves the span. */
#pragma once

#include <wasm_simd128.h>

#pragma clang unsafe_buffer_usage begin

enum { HOLM_SCAN_STEP = 16 };

/* holm_scan__outside gives a bit for each of the 16 bytes that is not in the class. A swizzle gives
 * 0 for an index above 15, so the row of each half of the byte values is looked up with the top bit
 * kept, and turned. */
static inline uint32_t holm_scan__outside(const uint8_t *from, const struct holm_class *class)
{
    const v128_t bits = wasm_u64x2_splat(0x8040201008040201U);
    const v128_t low_and_top = wasm_u8x16_splat(0x8f);
    v128_t text = wasm_v128_load(from);
    v128_t turned = wasm_v128_xor(text, wasm_u8x16_splat(0x80));
    v128_t low = wasm_i8x16_swizzle(wasm_v128_load(class->rows), wasm_v128_and(text, low_and_top));
    v128_t high = wasm_i8x16_swizzle(wasm_v128_load(class->rows + HOLM_SCAN_STEP),
                                     wasm_v128_and(turned, low_and_top));
    v128_t bit = wasm_i8x16_swizzle(bits, wasm_u8x16_shr(text, 4));
    v128_t in = wasm_v128_and(wasm_v128_or(low, high), bit);
    return wasm_i8x16_bitmask(wasm_i8x16_eq(in, wasm_u8x16_splat(0)));
}

static inline uint32_t holm_scan__equal(const uint8_t *from, uint8_t value)
{
    return wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(from), wasm_u8x16_splat(value)));
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
static inline size_t holm_scan__last(size_t len, size_t from, uint32_t marks)
{
    uint32_t rest = (uint32_t)(len - from); /* 0 to 15 */
    return from + (size_t)__builtin_ctz(marks >> (HOLM_SCAN_STEP - rest) | 1U << rest);
}

static inline size_t holm_bytes__span(struct holm_bytes all, size_t from,
                                      const struct holm_class *class, uint8_t usual)
{
    uint32_t marks;
    (void)usual; /* no gain measured is known for a virtual machine */
    if (all.len < HOLM_SCAN_STEP)
        return holm_scan__short(all, from, class);
    for (; all.len - from >= HOLM_SCAN_STEP; from += HOLM_SCAN_STEP) {
        marks = holm_scan__outside(all.ptr + from, class);
        if (marks != 0)
            return from + (size_t)__builtin_ctz(marks);
    }
    marks = holm_scan__outside(all.ptr + all.len - HOLM_SCAN_STEP, class);
    return holm_scan__last(all.len, from, marks);
}

static inline size_t holm_bytes__find(struct holm_bytes all, size_t from, uint8_t value)
{
    uint32_t marks;
    if (all.len < HOLM_SCAN_STEP) {
        while (from < all.len && all.ptr[from] != value)
            from++;
        return from;
    }
    for (; all.len - from >= HOLM_SCAN_STEP; from += HOLM_SCAN_STEP) {
        marks = holm_scan__equal(all.ptr + from, value);
        if (marks != 0)
            return from + (size_t)__builtin_ctz(marks);
    }
    marks = holm_scan__equal(all.ptr + all.len - HOLM_SCAN_STEP, value);
    return holm_scan__last(all.len, from, marks);
}

#pragma clang unsafe_buffer_usage end
