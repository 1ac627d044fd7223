/* SPDX-License-Identifier: ISC */
/* x448.c: X448: the Montgomery ladder. RFC 7748 section 5. */
#include <holm/agreement.h>

#include "field448.h"

#include <holm/secret.h>

enum { BYTES = HOLM_FIELD448__BYTES, BITS = 448, A24 = 39081 };

/* A point's coordinate as a fraction. */
struct fraction {
    struct holm_field448 x, z;
};

/* ladder_step makes of two points whose difference is the point at u their sum, and the double of the
 * first. */
static void ladder_step(struct fraction *two, struct fraction *three, const struct holm_field448 *u)
{
    struct holm_field448 a = holm_field448_add(&two->x, &two->z);
    struct holm_field448 b = holm_field448_subtract(&two->x, &two->z);
    struct holm_field448 c = holm_field448_add(&three->x, &three->z);
    struct holm_field448 d = holm_field448_subtract(&three->x, &three->z);
    struct holm_field448 da = holm_field448_multiply(&d, &a);
    struct holm_field448 cb = holm_field448_multiply(&c, &b);
    struct holm_field448 aa = holm_field448_square(&a), bb = holm_field448_square(&b);
    struct holm_field448 e = holm_field448_subtract(&aa, &bb);
    struct holm_field448 sum = holm_field448_add(&da, &cb);
    struct holm_field448 difference = holm_field448_subtract(&da, &cb);
    struct holm_field448 scaled = holm_field448_scale(&e, A24);

    three->x = holm_field448_square(&sum);
    difference = holm_field448_square(&difference);
    three->z = holm_field448_multiply(u, &difference);
    two->x = holm_field448_multiply(&aa, &bb);
    scaled = holm_field448_add(&aa, &scaled);
    two->z = holm_field448_multiply(&e, &scaled);
}

static void times(struct holm_span out, struct holm_bytes secret, const struct holm_field448 *u)
{
    struct fraction two = { { { 1 } }, { { 0 } } }, three = { *u, { { 1 } } };
    uint8_t scalar[BYTES];
    struct holm_buffer copy = HOLM_BUFFER(scalar);
    uint64_t swap = 0;

    holm_assert(holm_buffer_bytes(&copy, secret));
    HOLM_AT(scalar, 0) &= 252;
    HOLM_AT(scalar, BYTES - 1) |= 128;
    for (size_t i = BITS; i > 0; i--) {
        uint64_t bit = HOLM_AT(scalar, (i - 1) / 8) >> (i - 1) % 8 & 1;
        holm_field448_swap(&two.x, &three.x, swap ^ bit);
        holm_field448_swap(&two.z, &three.z, swap ^ bit);
        swap = bit;
        ladder_step(&two, &three, u);
    }
    holm_field448_swap(&two.x, &three.x, swap);
    holm_field448_swap(&two.z, &three.z, swap);
    two.z = holm_field448_invert(&two.z);
    two.x = holm_field448_multiply(&two.x, &two.z);
    holm_field448_write(out, &two.x);
    holm_secret_wipe(scalar, sizeof scalar);
    holm_secret_wipe(&two, sizeof two);
    holm_secret_wipe(&three, sizeof three);
}

static bool valid(struct holm_bytes secret)
{
    return secret.len == BYTES; /* all are */
}

static void make_public(struct holm_span key, struct holm_bytes secret)
{
    static const struct holm_field448 base = { { 5 } };

    times(key, secret, &base);
}

/* Section 6.2: all zero is what the few points give that are the same for every secret. */
static bool agree(struct holm_span shared, struct holm_bytes secret, struct holm_bytes key)
{
    static const uint8_t zeroes[BYTES];
    struct holm_field448 u = holm_field448_read(key);

    times(shared, secret, &u);
    return !holm_secret_equal(holm_span_bytes(shared), HOLM_BLOB(zeroes));
}

const struct holm_agreement holm_x448 = { .name = HOLM_TEXT("X448"),
                                          .secret_bytes = BYTES,
                                          .public_bytes = BYTES,
                                          .shared_bytes = BYTES,
                                          .valid = valid,
                                          .make_public = make_public,
                                          .agree = agree };
