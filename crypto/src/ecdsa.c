/* SPDX-License-Identifier: ISC */
/* ecdsa.c: FIPS 186-5 sections 6.4.1 and 6.4.2. */
#include <holm/signature.h>

#include "curve.h"
#include "nonce.h"

#include <holm/secret.h>
#include <level_public.h>

static struct holm_order order_of(const struct holm_curve *curve)
{
    return (struct holm_order){ curve->order, curve->bytes, curve->limbs, curve->bits };
}

/* divided sets out to a / b modulo the order. */
static void divided(const struct holm_curve *curve, uint64_t *out, const uint64_t *a,
                    const uint64_t *b)
{
    uint64_t inverse[HOLM_CURVE__LIMBS_MAX];

    curve->invert(inverse, b);
    curve->multiply(out, a, inverse);
    holm_secret_wipe(inverse, sizeof inverse);
}

/* first_make sets r to that of a number; false: it is 0. */
static bool first_make(const struct holm_curve *curve, uint64_t *r, const uint64_t *number)
{
    struct holm_curve_point point;

    curve->base(&point, number);
    for (size_t i = 0; i < curve->limbs; i++)
        HOLM_NTH(r, curve->limbs, i) = HOLM_AT(point.x, i);
    holm_curve__reduce(curve, r);
    return holm_limbs__is_zero(r, curve->limbs) == 0;
}

static void sign_on(const struct holm_curve *curve, struct holm_span signature,
                    struct holm_bytes secret, const struct holm_signature_what *what)
{
    uint64_t d[HOLM_CURVE__LIMBS_MAX], z[HOLM_CURVE__LIMBS_MAX], k[HOLM_CURVE__LIMBS_MAX];
    uint64_t r[HOLM_CURVE__LIMBS_MAX], s[HOLM_CURVE__LIMBS_MAX];
    struct holm_span to_r = { 0 }, to_s = { 0 };
    const struct holm_modulus modulus = { .limbs = curve->limbs, .m = curve->order };
    const struct holm_order order = order_of(curve);
    struct holm_nonces nonces;
    bool made = false;

    holm_assert(holm_curve__scalar(curve, d, secret) &&
                holm_span_part(signature, 0, curve->bytes, &to_r) &&
                holm_span_part(signature, curve->bytes, curve->bytes, &to_s));
    holm_nonces__digest(z, &order, what->bytes);
    holm_nonces__begin(&nonces, &order, what, secret, z);
    while (!made) {
        holm_nonces__next(&nonces, &order, k);
        if (!first_make(curve, r, k))
            continue;
        curve->multiply(s, d, r);
        holm_montgomery__add(s, s, z, &modulus);
        divided(curve, s, s, k);
        made = holm_limbs__is_zero(s, curve->limbs) == 0;
    }
    holm_limbs__write(to_r, r, curve->limbs);
    holm_limbs__write(to_s, s, curve->limbs);
    holm_secret_wipe(d, sizeof d);
    holm_secret_wipe(k, sizeof k);
    holm_secret_wipe(&nonces, sizeof nonces);
}

static bool verify_on(const struct holm_curve *curve, struct holm_bytes signature,
                      struct holm_bytes key, const struct holm_signature_what *what)
{
    uint64_t r[HOLM_CURVE__LIMBS_MAX], s[HOLM_CURVE__LIMBS_MAX], z[HOLM_CURVE__LIMBS_MAX];
    uint64_t u[HOLM_CURVE__LIMBS_MAX], v[HOLM_CURVE__LIMBS_MAX];
    struct holm_curve_point point;
    const struct holm_order order = order_of(curve);
    struct holm_bytes first = { 0 };

    if (!holm_bytes_take(&signature, curve->bytes, &first) ||
        !holm_curve__scalar(curve, r, first) || !holm_curve__scalar(curve, s, signature) ||
        !holm_curve__read(curve, &point, key))
        return false;
    holm_nonces__digest(z, &order, what->bytes);
    curve->invert(s, s);
    curve->multiply(u, z, s);
    curve->multiply(v, r, s);
    return curve->sum_is(&point, u, v, r);
}

static bool valid_p256(struct holm_bytes secret)
{
    return holm_curve__secret_valid(holm_level__p256(), secret);
}

static void public_p256(struct holm_span key, struct holm_bytes secret)
{
    holm_curve__public(holm_level__p256(), key, secret);
}

static void sign_p256(struct holm_span signature, struct holm_bytes secret,
                      const struct holm_signature_what *what)
{
    sign_on(holm_level__p256(), signature, secret, what);
}

static bool verify_p256(struct holm_bytes signature, struct holm_bytes key,
                        const struct holm_signature_what *what)
{
    return verify_on(holm_level__p256(), signature, key, what);
}

const struct holm_signature holm_ecdsa_p256 = { .name = HOLM_TEXT("ECDSA(P-256)"),
                                                .secret_bytes = 32,
                                                .public_bytes = 1 + 2 * 32,
                                                .signature_bytes = 2 * 32,
                                                .valid = valid_p256,
                                                .make_public = public_p256,
                                                .sign = sign_p256,
                                                .verify = verify_p256 };

static bool valid_p384(struct holm_bytes secret)
{
    return holm_curve__secret_valid(&holm_curve__p384, secret);
}

static void public_p384(struct holm_span key, struct holm_bytes secret)
{
    holm_curve__public(&holm_curve__p384, key, secret);
}

static void sign_p384(struct holm_span signature, struct holm_bytes secret,
                      const struct holm_signature_what *what)
{
    sign_on(&holm_curve__p384, signature, secret, what);
}

static bool verify_p384(struct holm_bytes signature, struct holm_bytes key,
                        const struct holm_signature_what *what)
{
    return verify_on(&holm_curve__p384, signature, key, what);
}

const struct holm_signature holm_ecdsa_p384 = { .name = HOLM_TEXT("ECDSA(P-384)"),
                                                .secret_bytes = 48,
                                                .public_bytes = 1 + 2 * 48,
                                                .signature_bytes = 2 * 48,
                                                .valid = valid_p384,
                                                .make_public = public_p384,
                                                .sign = sign_p384,
                                                .verify = verify_p384 };

static bool valid_p521(struct holm_bytes secret)
{
    return holm_curve__secret_valid(&holm_curve__p521, secret);
}

static void public_p521(struct holm_span key, struct holm_bytes secret)
{
    holm_curve__public(&holm_curve__p521, key, secret);
}

static void sign_p521(struct holm_span signature, struct holm_bytes secret,
                      const struct holm_signature_what *what)
{
    sign_on(&holm_curve__p521, signature, secret, what);
}

static bool verify_p521(struct holm_bytes signature, struct holm_bytes key,
                        const struct holm_signature_what *what)
{
    return verify_on(&holm_curve__p521, signature, key, what);
}

const struct holm_signature holm_ecdsa_p521 = { .name = HOLM_TEXT("ECDSA(P-521)"),
                                                .secret_bytes = 66,
                                                .public_bytes = 1 + 2 * 66,
                                                .signature_bytes = 2 * 66,
                                                .valid = valid_p521,
                                                .make_public = public_p521,
                                                .sign = sign_p521,
                                                .verify = verify_p521 };
