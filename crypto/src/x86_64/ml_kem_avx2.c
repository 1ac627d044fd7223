/* SPDX-License-Identifier: ISC */
/* ml_kem_avx2.c: the transform of ML-KEM, a row a register of AVX2. */
#include "../ml_kem_kernel.h"

#include <holm/machine/level.h>

static void transform_avx2(struct holm_ml_kem__poly *poly)
{
    transform(poly);
}

static void back_avx2(struct holm_ml_kem__poly *poly)
{
    back(poly);
}

static void add_avx2(struct holm_ml_kem__poly *sum, const struct holm_ml_kem__poly *a,
                     const struct holm_ml_kem__poly *b)
{
    add_product(sum, a, b);
}

static void scale_avx2(struct holm_ml_kem__poly *sum)
{
    scale(sum);
}

static void turn_avx2(struct holm_ml_kem__poly *poly)
{
    turn(poly);
}

static void compress_avx2(struct holm_ml_kem__poly *poly, size_t bits)
{
    compress(poly, bits);
}

const struct holm_ml_kem__level holm_ml_kem__avx2 = { .transform = transform_avx2,
                                                      .back = back_avx2,
                                                      .scale = scale_avx2,
                                                      .turn = turn_avx2,
                                                      .add_product = add_avx2,
                                                      .compress = compress_avx2 };
