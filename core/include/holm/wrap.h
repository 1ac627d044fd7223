/* SPDX-License-Identifier: ISC */
/* holm/wrap.h: arithmetic modulo a power of two, by name, and sizes that must not wrap. Pure.
 * Sequence numbers, checksums and generators wrap by intent; everything else must not, so a plain
 * `+` says that it does not. Written by modulus where that costs nothing, so that a prover that
 * flags each unsigned overflow accepts it. */
#pragma once

#include <holm/base.h>

/* holm_u8_wrap_add is a + b modulo 2^8; so for the other widths, and for sub and mul. */
static inline uint8_t holm_u8_wrap_add(uint8_t a, uint8_t b)
{
    return (uint8_t)(((uint32_t)a + b) % 0x100);
}
static inline uint8_t holm_u8_wrap_sub(uint8_t a, uint8_t b)
{
    return (uint8_t)((0x100U + a - b) % 0x100);
}
static inline uint16_t holm_u16_wrap_add(uint16_t a, uint16_t b)
{
    return (uint16_t)(((uint32_t)a + b) % 0x10000);
}
static inline uint16_t holm_u16_wrap_sub(uint16_t a, uint16_t b)
{
    return (uint16_t)((0x10000U + a - b) % 0x10000);
}
static inline uint32_t holm_u32_wrap_add(uint32_t a, uint32_t b)
{
    return (uint32_t)(((uint64_t)a + b) % 0x100000000U);
}
static inline uint32_t holm_u32_wrap_sub(uint32_t a, uint32_t b)
{
    return (uint32_t)((0x100000000U + a - b) % 0x100000000U);
}
static inline uint32_t holm_u32_wrap_mul(uint32_t a, uint32_t b)
{
    return (uint32_t)(((uint64_t)a * b) % 0x100000000U);
}
static inline uint64_t holm_u64_wrap_add(uint64_t a, uint64_t b)
{
    return a <= UINT64_MAX - b ? a + b : a - (UINT64_MAX - b) - 1;
}
static inline uint64_t holm_u64_wrap_sub(uint64_t a, uint64_t b)
{
    return a >= b ? a - b : UINT64_MAX - (b - a) + 1;
}
/* holm_u64_wrap_mul has no wider type to take the modulus of: it is the one that is not proved. */
static inline uint64_t holm_u64_wrap_mul(uint64_t a, uint64_t b)
{
    return a * b;
}

/* holm_u32_wrap_before answers whether a comes before b on the circle of sequence numbers: whether
 * b is 1 to 2^31 - 1 steps ahead of a. */
static inline bool holm_u32_wrap_before(uint32_t a, uint32_t b)
{
    uint32_t ahead = holm_u32_wrap_sub(b, a);
    return ahead != 0 && ahead < 0x80000000U;
}

/* holm_u32_rotate and holm_u64_rotate turn value left by count bits; count 0 to 31, 0 to 63. Not
 * proved: the bits that leave at the left are an overflow to a prover. */
static inline uint32_t holm_u32_rotate(uint32_t value, unsigned count)
{
    return count == 0 ? value : value << count | value >> (32 - count);
}
static inline uint64_t holm_u64_rotate(uint64_t value, unsigned count)
{
    return count == 0 ? value : value << count | value >> (64 - count);
}

/* holm_size_add sets *sum to a + b; false, and nothing changes, if that is no size. */
HOLM_MUST_USE static inline bool holm_size_add(size_t *sum, size_t a, size_t b)
{
    if (a > SIZE_MAX - b)
        return false;
    *sum = a + b;
    return true;
}

/* holm_size_mul sets *product to a * b; false, and nothing changes, if that is no size. */
HOLM_MUST_USE static inline bool holm_size_mul(size_t *product, size_t a, size_t b)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *product = a * b;
    return true;
}

/* holm_u64_add and holm_u64_mul set the output to a + b, a * b; false, and nothing changes, if that
 * has more than 64 bits. */
HOLM_MUST_USE static inline bool holm_u64_add(uint64_t *sum, uint64_t a, uint64_t b)
{
    if (a > UINT64_MAX - b)
        return false;
    *sum = a + b;
    return true;
}
HOLM_MUST_USE static inline bool holm_u64_mul(uint64_t *product, uint64_t a, uint64_t b)
{
    if (b != 0 && a > UINT64_MAX / b)
        return false;
    *product = a * b;
    return true;
}
