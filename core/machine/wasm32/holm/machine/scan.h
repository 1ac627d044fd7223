/* SPDX-License-Identifier: ISC */
/* holm/machine/scan.h for wasm32 with simd128: 16 bytes a step. Included by <holm/class.h> only.
 * Outside the proof: test_class.c compares it with the plain loop. */
#pragma once

#include <wasm_simd128.h>

#pragma clang unsafe_buffer_usage begin

typedef uint32_t holm_scan_marks;
enum { HOLM_SCAN_MARK_BITS = 1 };

/* holm_scan__outside gives a bit for each of the 16 bytes that is not in the class. A swizzle gives
 * 0 for an index above 15, so the row of each half of the byte values is looked up with the top bit
 * kept, and turned. */
static inline holm_scan_marks holm_scan__outside(const uint8_t *from,
                                                 const struct holm_class *class)
{
    const v128_t bits = wasm_u64x2_splat(0x8040201008040201U);
    const v128_t low_and_top = wasm_u8x16_splat(0x8f);
    v128_t text = wasm_v128_load(from);
    v128_t turned = wasm_v128_xor(text, wasm_u8x16_splat(0x80));
    v128_t low = wasm_i8x16_swizzle(wasm_v128_load(class->rows), wasm_v128_and(text, low_and_top));
    v128_t high =
        wasm_i8x16_swizzle(wasm_v128_load(class->rows + 16), wasm_v128_and(turned, low_and_top));
    v128_t bit = wasm_i8x16_swizzle(bits, wasm_u8x16_shr(text, 4));
    v128_t in = wasm_v128_and(wasm_v128_or(low, high), bit);
    return wasm_i8x16_bitmask(wasm_i8x16_eq(in, wasm_u8x16_splat(0)));
}

static inline holm_scan_marks holm_scan__equal(const uint8_t *from, uint8_t value)
{
    return wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(from), wasm_u8x16_splat(value)));
}

/* Nothing is lost where rest is 0: the marks are 16 of the 32 bits. */
static inline holm_scan_marks holm_scan__late(holm_scan_marks marks, size_t rest)
{
    return marks >> (16 - rest) | 1U << rest;
}

#pragma clang unsafe_buffer_usage end

#include <holm/machine/scan16.h>
