/* SPDX-License-Identifier: ISC */
/* ml_kem_transform.c: the transform of ML-KEM for every machine. */
#include "ml_kem_kernel.h"

static void transform_portable(struct holm_ml_kem__poly *poly)
{
    transform(poly);
}

static void back_portable(struct holm_ml_kem__poly *poly)
{
    back(poly);
}

static void add_portable(struct holm_ml_kem__poly *sum, const struct holm_ml_kem__poly *a,
                         const struct holm_ml_kem__poly *b)
{
    add_product(sum, a, b);
}

static void scale_portable(struct holm_ml_kem__poly *sum)
{
    scale(sum);
}

static void turn_portable(struct holm_ml_kem__poly *poly)
{
    turn(poly);
}

static void compress_portable(struct holm_ml_kem__poly *poly, size_t bits)
{
    compress(poly, bits);
}

const struct holm_ml_kem__level holm_ml_kem__portable = { .transform = transform_portable,
                                                          .back = back_portable,
                                                          .scale = scale_portable,
                                                          .turn = turn_portable,
                                                          .add_product = add_portable,
                                                          .compress = compress_portable };
