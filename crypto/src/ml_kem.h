/* SPDX-License-Identifier: ISC */
/* ml_kem.h: what the files of ML-KEM share. FIPS 203.
 *
 * A polynomial has 256 numbers modulo 3329, which are kept between -2^15 and 2^15 and reduced where a
 * comment says so. Its transform (section 4.3) lies turned: number i is at 16 (i % 16) + i / 16, so
 * that a step of the transform works on whole rows of 16 numbers. Products are those of Montgomery: a b
 * stands for a b / 2^16. */
#pragma once

#include <holm/hash.h>
#include <holm/kem.h>

#define HOLM_ML_KEM__NUMBERS 256
#define HOLM_ML_KEM__MODULUS 3329
#define HOLM_ML_KEM__RANK_MAX 4
#define HOLM_ML_KEM__SEED_BYTES 32

/* What the three are told apart by: table 2. */
struct holm_ml_kem__sizes {
    size_t rank;
    size_t noise;          /* eta_1; eta_2 is 2 in all */
    size_t bits_u, bits_v; /* d_u and d_v */
};

struct holm_ml_kem__poly {
    _Alignas(32) int16_t at[HOLM_ML_KEM__NUMBERS];
};

/* A vector of polynomials, of which there are as many as the rank. */
struct holm_ml_kem__vector {
    struct holm_ml_kem__poly polys[HOLM_ML_KEM__RANK_MAX];
};

typedef void holm_ml_kem__poly_function(struct holm_ml_kem__poly *poly);
typedef void holm_ml_kem__product_function(struct holm_ml_kem__poly *sum,
                                           const struct holm_ml_kem__poly *a,
                                           const struct holm_ml_kem__poly *b);
typedef void holm_ml_kem__compress_function(struct holm_ml_kem__poly *poly, size_t bits);

/* struct holm_ml_kem__level is what a level has. */
struct holm_ml_kem__level {
    /* The transform of numbers below 2^15 - 7 times the modulus; its results are reduced to
     * [0, modulus]. The way back, of sums of up to four products, times 2^16, to (-modulus, modulus).
     * What is there times 2^16, to [0, modulus]. A transform turned, or turned back, its numbers reduced to
     * [0, modulus). */
    holm_ml_kem__poly_function *transform, *back, *scale, *turn;
    /* sum = sum + a b, of transforms that are reduced, or read from bytes. */
    holm_ml_kem__product_function *add_product;
    /* Each number becomes 2^bits / modulus times itself, rounded, modulo 2^bits: section 4.2.1. */
    holm_ml_kem__compress_function *compress;
};
extern const struct holm_ml_kem__level holm_ml_kem__portable;

/* holm_ml_kem__split is one of the sixteen numbers of 12 bits that three words have. */
enum { HOLM_ML_KEM__SPLIT = 16 };
static inline __attribute__((always_inline)) uint16_t holm_ml_kem__split(const uint64_t words[3],
                                                                         size_t i)
{
    size_t word = 12 * i / 64, bit = 12 * i % 64;
    uint64_t value = HOLM_NTH(words, 3, word) >> bit;

    if (bit > 52)
        value |= HOLM_NTH(words, 3, word + 1) << (64 - bit);
    return (uint16_t)(value & 0xfff);
}

/* holm_ml_kem__matrix_product adds the matrix of a seed (transposed or not) times a vector of
 * transforms to sums. */
struct holm_ml_kem__matrix {
    const struct holm_ml_kem__sizes *sizes;
    struct holm_bytes seed;
    bool transposed;
};
void holm_ml_kem__matrix_product(struct holm_ml_kem__vector *sums,
                                 const struct holm_ml_kem__matrix *matrix,
                                 const struct holm_ml_kem__vector *by);

/* holm_ml_kem__noise draws count polynomials (at most four) of small numbers, which follow from a seed
 * and their place, from first on. Section 4.2.2. */
void holm_ml_kem__noise(struct holm_ml_kem__vector *out, size_t count, size_t eta,
                        struct holm_bytes seed, size_t first);

/* holm_ml_kem__write puts the 384 bytes of a transform; read takes them, and answers whether all
 * were below the modulus; they are reduced then. Section 4.2.1. */
void holm_ml_kem__write(struct holm_buffer *out, const struct holm_ml_kem__poly *poly);
bool holm_ml_kem__read(struct holm_ml_kem__poly *poly, struct holm_bytes bytes);

/* holm_ml_kem__compress puts a polynomial's 32 times bits bytes; numbers lie in (-2^15, 2^15),
 * and are lost. decompress takes them, to [0, modulus). Section 4.2.1, both steps in one. */
void holm_ml_kem__compress(struct holm_buffer *out, struct holm_ml_kem__poly *poly, size_t bits);
void holm_ml_kem__decompress(struct holm_ml_kem__poly *poly, struct holm_bytes bytes, size_t bits);
