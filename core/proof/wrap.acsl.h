/* SPDX-License-Identifier: ISC */
/* wrap.acsl.h: arithmetic modulo a power of two, and sizes that must not wrap, for Frama-C. */
#pragma once

#include "base.acsl.h"

#include <holm/wrap.h>

/*@ assigns \nothing;
    ensures \result == (a + b) % 256; */
static inline uint8_t holm_u8_wrap_add(uint8_t a, uint8_t b);

/*@ assigns \nothing;
    ensures \result == (256 + a - b) % 256; */
static inline uint8_t holm_u8_wrap_sub(uint8_t a, uint8_t b);

/*@ assigns \nothing;
    ensures \result == (a + b) % 65536; */
static inline uint16_t holm_u16_wrap_add(uint16_t a, uint16_t b);

/*@ assigns \nothing;
    ensures \result == (65536 + a - b) % 65536; */
static inline uint16_t holm_u16_wrap_sub(uint16_t a, uint16_t b);

/*@ assigns \nothing;
    ensures \result == (a + b) % 4294967296; */
static inline uint32_t holm_u32_wrap_add(uint32_t a, uint32_t b);

/*@ assigns \nothing;
    ensures \result == (4294967296 + a - b) % 4294967296; */
static inline uint32_t holm_u32_wrap_sub(uint32_t a, uint32_t b);

/*@ assigns \nothing;
    ensures \result == (a * b) % 4294967296; */
static inline uint32_t holm_u32_wrap_mul(uint32_t a, uint32_t b);

/*@ assigns \nothing;
    ensures \result == (a + b < 18446744073709551616 ? a + b : a + b - 18446744073709551616); */
static inline uint64_t holm_u64_wrap_add(uint64_t a, uint64_t b);

/*@ assigns \nothing;
    ensures \result == (a >= b ? a - b : 18446744073709551616 + a - b); */
static inline uint64_t holm_u64_wrap_sub(uint64_t a, uint64_t b);

/* Admitted: it wraps by intent, and no wider type is there to take the modulus of. */
/*@ assigns \nothing;
    ensures \result == (a * b) % 18446744073709551616; */
static inline uint64_t holm_u64_wrap_mul(uint64_t a, uint64_t b);

/*@ assigns \nothing;
    ensures \result <==> 1 <= (4294967296 + b - a) % 4294967296 <= 2147483647; */
static inline bool holm_u32_wrap_before(uint32_t a, uint32_t b);

/* Admitted: bits that leave at the left are an overflow to the prover. */
/*@ requires count < 32;
    assigns \nothing;
    ensures count == 0 ==> \result == value;
    ensures count > 0 ==> \result == ((uint32_t)(value << count) | (value >> (32 - count))); */
static inline uint32_t holm_u32_rotate(uint32_t value, unsigned count);

/* Admitted: bits that leave at the left are an overflow to the prover. */
/*@ requires count < 64;
    assigns \nothing;
    ensures count == 0 ==> \result == value;
    ensures count > 0 ==> \result == ((uint64_t)(value << count) | (value >> (64 - count))); */
static inline uint64_t holm_u64_rotate(uint64_t value, unsigned count);

/*@ requires \valid(sum);
    assigns *sum;
    ensures \result == (a + b <= SIZE_MAX);
    ensures \result ==> *sum == a + b;
    ensures !\result ==> *sum == \old(*sum); */
static inline bool holm_size_add(size_t *sum, size_t a, size_t b);

/*@ requires \valid(product);
    assigns *product;
    ensures \result == (a * b <= SIZE_MAX);
    ensures \result ==> *product == a * b;
    ensures !\result ==> *product == \old(*product); */
static inline bool holm_size_mul(size_t *product, size_t a, size_t b);

/*@ requires \valid(sum);
    assigns *sum;
    ensures \result == (a + b <= UINT64_MAX);
    ensures \result ==> *sum == a + b;
    ensures !\result ==> *sum == \old(*sum); */
static inline bool holm_u64_add(uint64_t *sum, uint64_t a, uint64_t b);

/*@ requires \valid(product);
    assigns *product;
    ensures \result == (a * b <= UINT64_MAX);
    ensures \result ==> *product == a * b;
    ensures !\result ==> *product == \old(*product); */
static inline bool holm_u64_mul(uint64_t *product, uint64_t a, uint64_t b);
