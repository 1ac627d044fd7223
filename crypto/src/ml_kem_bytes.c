/* SPDX-License-Identifier: ISC */
/* ml_kem_bytes.c: polynomials of ML-KEM as bytes. FIPS 203 section 4.2.1. Nothing is divided: a number
 * times 2^36 / 3329, rounded up, and of that what is above 2^36, is the number divided by 3329, if it is
 * below 2^23. */
#include "ml_kem.h"

#include "words.h"

enum {
    NUMBERS = HOLM_ML_KEM__NUMBERS,
    MODULUS = HOLM_ML_KEM__MODULUS,
    QUOTIENT_BITS = 36,
    ROW = 32, /* numbers, of any width whole words of 32 bits */
};
#define QUOTIENT UINT64_C(20642679) /* 2^36 / 3329, rounded up */

/* least is a number modulo the modulus, from 0 on; 20159 is 2^26 / 3329. */
static uint32_t least(int16_t value)
{
    int32_t reduced = value - (value * 20159 >> 26) * MODULUS - MODULUS;

    return (uint32_t)(reduced + (reduced >> 31 & MODULUS));
}

void holm_ml_kem__write(struct holm_buffer *out, const struct holm_ml_kem__poly *poly)
{
    for (size_t i = 0; i < NUMBERS; i += 2) {
        uint32_t both = least(HOLM_AT(poly->at, holm_ml_kem__turned(i))) |
                        least(HOLM_AT(poly->at, holm_ml_kem__turned(i + 1))) << 12;
        holm_words__put_little(out, both, 3);
    }
}

bool holm_ml_kem__read(struct holm_ml_kem__poly *poly, struct holm_bytes bytes)
{
    uint32_t below = 1;

    for (size_t i = 0; i < NUMBERS; i += 2) {
        uint8_t a = 0, b = 0, c = 0;
        holm_assert(holm_bytes_u8(&bytes, &a) && holm_bytes_u8(&bytes, &b) &&
                    holm_bytes_u8(&bytes, &c));
        uint32_t first = a | (b & 15U) << 8, second = b >> 4 | (uint32_t)c << 4;
        below &= (first - MODULUS) >> 31 & (second - MODULUS) >> 31;
        HOLM_AT(poly->at, holm_ml_kem__turned(i)) = (int16_t)first;
        HOLM_AT(poly->at, holm_ml_kem__turned(i + 1)) = (int16_t)second;
    }
    return below == 1;
}

/* compressed is 2^bits / modulus times a number, rounded, modulo 2^bits. */
static uint32_t compressed(int16_t value, size_t bits)
{
    uint64_t scaled = ((uint64_t)least(value) << bits) + MODULUS / 2;

    return (uint32_t)(scaled * QUOTIENT >> QUOTIENT_BITS) & ((1U << bits) - 1);
}

void holm_ml_kem__compress(struct holm_buffer *out, const struct holm_ml_kem__poly *poly,
                           size_t bits)
{
    uint64_t waiting = 0;
    size_t used = 0;

    for (size_t i = 0; i < NUMBERS; i++) {
        waiting |= (uint64_t)compressed(HOLM_AT(poly->at, i), bits) << used;
        used += bits;
        if (used < 32)
            continue;
        holm_words__put_little(out, waiting, 4);
        waiting >>= 32;
        used -= 32;
    }
}

void holm_ml_kem__decompress(struct holm_ml_kem__poly *poly, struct holm_bytes bytes, size_t bits)
{
    uint64_t waiting = 0;
    size_t there = 0, word = 0;

    for (size_t i = 0; i < NUMBERS; i++) {
        if (there < bits) {
            waiting |= (uint64_t)holm_words__little32(bytes, word++) << there;
            there += 32;
        }
        uint32_t value = (uint32_t)(waiting & ((1U << bits) - 1));
        __asm__("" : "+r"(value)); /* NOLINT(hicpp-no-assembler): not told that it may be a bit */
        HOLM_AT(poly->at, i) = (int16_t)((value * MODULUS + (1U << (bits - 1))) >> bits);
        waiting >>= bits;
        there -= bits;
    }
}
