/* SPDX-License-Identifier: ISC */
/* ml_kem_bytes.c: polynomials of ML-KEM as bytes. FIPS 203 section 4.2.1. */
#include "ml_kem.h"

#include "words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>

enum {
    NUMBERS = HOLM_ML_KEM__NUMBERS,
    MODULUS = HOLM_ML_KEM__MODULUS,
    SPLIT = HOLM_ML_KEM__SPLIT,
    SPLIT_WORDS = 3,
    GROUP = 4, /* numbers that fit a word with what waits for the next byte */
};

/* number_at is a number that is 0 or more. */
static uint64_t number_at(const struct holm_ml_kem__poly *poly, size_t at)
{
    return (uint16_t)HOLM_AT(poly->at, at);
}

/* numbers_put puts numbers of so many bits, four or eight at a time, which are whole bytes. */
static void numbers_put(struct holm_buffer *out, const struct holm_ml_kem__poly *poly, size_t bits)
{
    struct holm_buffer filling = *out; /* whose length no pointer leads to */
    uint64_t waiting = 0;
    unsigned used = 0;

    for (size_t i = 0; i < NUMBERS; i += GROUP) {
        uint64_t four = number_at(poly, i) | number_at(poly, i + 1) << bits |
                        number_at(poly, i + 2) << 2 * bits | number_at(poly, i + 3) << 3 * bits;
        waiting |= four << used;
        used += (unsigned)(GROUP * bits);
        holm_words__put_little(&filling, waiting, used / 8);
        waiting = used / 8 == 8 ? 0 : waiting >> used / 8 * 8;
        used %= 8;
    }
    *out = filling;
}

void holm_ml_kem__write(struct holm_buffer *out, const struct holm_ml_kem__poly *poly)
{
    struct holm_ml_kem__poly turned = *poly;

    holm_level__ml_kem()->turn(&turned);
    numbers_put(out, &turned, 12);
    holm_secret_wipe(&turned, sizeof turned);
}

bool holm_ml_kem__read(struct holm_ml_kem__poly *poly, struct holm_bytes bytes)
{
    uint32_t below = 1;

    for (size_t i = 0; i < NUMBERS / SPLIT; i++) {
        const uint64_t words[SPLIT_WORDS] = { holm_words__little64(bytes, SPLIT_WORDS * i),
                                              holm_words__little64(bytes, SPLIT_WORDS * i + 1),
                                              holm_words__little64(bytes, SPLIT_WORDS * i + 2) };
#pragma clang loop unroll(full)
        for (size_t j = 0; j < SPLIT; j++) {
            uint32_t value = holm_ml_kem__split(words, j);
            below &= (value - MODULUS) >> 31;
            HOLM_AT(poly->at, SPLIT * i + j) = (int16_t)value;
        }
    }
    holm_level__ml_kem()->turn(poly);
    return below == 1;
}

void holm_ml_kem__compress(struct holm_buffer *out, struct holm_ml_kem__poly *poly, size_t bits)
{
    holm_level__ml_kem()->compress(poly, bits);
    numbers_put(out, poly, bits);
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
        HOLM_AT(poly->at, i) = (int16_t)(waiting & ((1U << bits) - 1));
        waiting >>= bits;
        there -= bits;
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        uint32_t value = (uint32_t)HOLM_AT(poly->at, i) * MODULUS;
        HOLM_AT(poly->at, i) = (int16_t)((value + (1U << (bits - 1))) >> bits);
    }
}
