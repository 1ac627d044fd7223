/* SPDX-License-Identifier: ISC */
/* curve25519.c: X25519 and Ed25519 by the proved assembly. */
#include "../edwards25519.h"
#include "../montgomery.h"
#include "../words.h"
#include "../x25519.h"
#include "proved.h"

#include <holm/secret.h>

enum { LIMBS = 4, BYTES = 32, POINT = 2 * LIMBS };

static void limbs_read(uint64_t out[LIMBS], struct holm_bytes bytes)
{
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_NTH(out, LIMBS, i) = holm_words__little64(bytes, i);
}

static void limbs_write(struct holm_span out, const uint64_t limbs[LIMBS])
{
    struct holm_buffer filling = holm_span_buffer(out);

    for (size_t i = 0; i < LIMBS; i++)
        holm_words__put_little(&filling, HOLM_NTH(limbs, LIMBS, i), 8);
}

void holm_x25519__proved(struct holm_span out, struct holm_bytes secret, struct holm_bytes at)
{
    uint64_t scalar[LIMBS], u[LIMBS], result[LIMBS];

    limbs_read(scalar, secret);
    if (at.len == 0) {
        holm_proved__curve25519_x25519base(result, scalar);
    } else {
        limbs_read(u, at);
        holm_proved__curve25519_x25519(result, scalar, u);
    }
    limbs_write(out, result);
    holm_secret_wipe(scalar, sizeof scalar);
    holm_secret_wipe(result, sizeof result);
}

static void point_make(const struct holm_edwards25519_multiple *wanted)
{
    uint64_t point[POINT];

    holm_assert(wanted->out.len == BYTES);
    holm_proved__edwards25519_scalarmulbase(point, wanted->scalar);
    holm_proved__edwards25519_encode(wanted->out.ptr, point);
    holm_secret_wipe(point, sizeof point);
}

static void base(const struct holm_edwards25519_multiple *first,
                 const struct holm_edwards25519_multiple *second)
{
    point_make(first);
    if (second != NULL)
        point_make(second);
}

/* y_is_small answers whether y belongs to one of the points whose order is 8 or less. */
static bool y_is_small(const uint64_t *y)
{
    static const struct {
        uint64_t limbs[LIMBS];
    } all[] = {
        { { 0 } },
        { { 1 } },
        { { 0xffffffffffffffec, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff } },
        { { 0xb027b2c28f95e826, 0xf098eff289f4c345, 0x3963c6d305acdfd5, 0x05fc536d880238b1 } },
        { { 0x4fd84d3d706a17c7, 0x0f67100d760b3cba, 0xc69c392cfa53202a, 0x7a03ac9277fdc74e } },
    };

    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        if (holm_limbs__equal(HOLM_AT(all, i).limbs, y, LIMBS))
            return true;
    return false;
}

/* sum: the key's x is not 0 where it is turned around, since the points with 0 have a small order. */
static bool sum(struct holm_span out, struct holm_bytes key, const uint64_t *k, const uint64_t *s)
{
    static const uint64_t zero[LIMBS];
    static const uint64_t p[LIMBS] = { 0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff,
                                       0x7fffffffffffffff };
    static const struct holm_modulus field = { .limbs = LIMBS, .m = p };
    uint64_t point[POINT], result[POINT];

    holm_assert(out.len == BYTES && key.len == BYTES);
    if (holm_proved__edwards25519_decode(point, key.ptr) != 0 || y_is_small(&HOLM_AT(point, LIMBS)))
        return false;
    holm_montgomery__subtract(point, zero, point, &field);
    holm_proved__edwards25519_scalarmuldouble(result, k, point, s);
    holm_proved__edwards25519_encode(out.ptr, result);
    return true;
}

const struct holm_edwards25519 holm_edwards25519__proved = { .base = base, .sum = sum };
