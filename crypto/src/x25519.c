/* SPDX-License-Identifier: ISC */
/* x25519.c: X25519: the Montgomery ladder. RFC 7748 section 5. */
#include <holm/agreement.h>

#include "field25519.h"
#include "x25519.h"

#include <holm/secret.h>
#include <level_public.h>

enum { BYTES = HOLM_FIELD25519__BYTES, LAST_BIT = 254, A24 = 121665 };

/* A point's coordinate as a fraction. */
struct fraction {
    struct holm_field25519 x, z;
};

/* ladder_step makes of two points whose difference is the point at u their sum, and the double of the
 * first. */
static void ladder_step(struct fraction *two, struct fraction *three,
                        const struct holm_field25519 *u)
{
    struct holm_field25519 a = holm_field25519_add(&two->x, &two->z);
    struct holm_field25519 b = holm_field25519_subtract(&two->x, &two->z);
    struct holm_field25519 c = holm_field25519_add(&three->x, &three->z);
    struct holm_field25519 d = holm_field25519_subtract(&three->x, &three->z);
    struct holm_field25519 da = holm_field25519_multiply(&d, &a);
    struct holm_field25519 cb = holm_field25519_multiply(&c, &b);
    struct holm_field25519 aa = holm_field25519_square(&a);
    struct holm_field25519 bb = holm_field25519_square(&b);
    struct holm_field25519 e = holm_field25519_subtract(&aa, &bb);
    struct holm_field25519 sum = holm_field25519_add(&da, &cb);
    struct holm_field25519 difference = holm_field25519_subtract(&da, &cb);
    struct holm_field25519 scaled = holm_field25519_scale(&e, A24);

    three->x = holm_field25519_square(&sum);
    difference = holm_field25519_square(&difference);
    three->z = holm_field25519_multiply(u, &difference);
    two->x = holm_field25519_multiply(&aa, &bb);
    scaled = holm_field25519_add(&aa, &scaled);
    two->z = holm_field25519_multiply(&e, &scaled);
}

void holm_x25519__portable(struct holm_span out, struct holm_bytes secret, struct holm_bytes at)
{
    static const struct holm_field25519 base = { { 9 } };
    struct holm_field25519 u = at.len == 0 ? base : holm_field25519_read(at);
    struct fraction two = { { { 1 } }, { { 0 } } }, three = { u, { { 1 } } };
    uint8_t scalar[BYTES];
    struct holm_buffer copy = HOLM_BUFFER(scalar);
    uint64_t swap = 0;

    holm_assert(holm_buffer_bytes(&copy, secret));
    HOLM_AT(scalar, 0) &= 248;
    HOLM_AT(scalar, BYTES - 1) = (HOLM_AT(scalar, BYTES - 1) & 127) | 64;
    for (size_t i = LAST_BIT + 1; i > 0; i--) {
        uint64_t bit = HOLM_AT(scalar, (i - 1) / 8) >> (i - 1) % 8 & 1;
        holm_field25519_swap(&two.x, &three.x, swap ^ bit);
        holm_field25519_swap(&two.z, &three.z, swap ^ bit);
        swap = bit;
        ladder_step(&two, &three, &u);
    }
    holm_field25519_swap(&two.x, &three.x, swap);
    holm_field25519_swap(&two.z, &three.z, swap);
    two.z = holm_field25519_invert(&two.z);
    two.x = holm_field25519_multiply(&two.x, &two.z);
    holm_field25519_write(out, &two.x);
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
    holm_level__x25519(key, secret, (struct holm_bytes){ 0 });
}

/* Section 6.1: all zero is what the few points give that are the same for every secret. */
static bool agree(struct holm_span shared, struct holm_bytes secret, struct holm_bytes key)
{
    static const uint8_t zeroes[BYTES];

    holm_level__x25519(shared, secret, key);
    return !holm_secret_equal(holm_span_bytes(shared), HOLM_BLOB(zeroes));
}

const struct holm_agreement holm_x25519 = { .name = HOLM_TEXT("X25519"),
                                            .secret_bytes = BYTES,
                                            .public_bytes = BYTES,
                                            .shared_bytes = BYTES,
                                            .valid = valid,
                                            .make_public = make_public,
                                            .agree = agree };
