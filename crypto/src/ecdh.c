/* SPDX-License-Identifier: ISC */
/* ecdh.c: agreement over the curves of FIPS 186-5: SP 800-56A section 5.7.1.2, without cofactors since
 * those are 1. Public keys are points, not compressed; what is shared is the coordinate x. */
#include <holm/agreement.h>

#include "curve.h"

#include <holm/secret.h>
#include <level_public.h>

static bool agree_on(const struct holm_curve *curve, struct holm_span shared,
                     struct holm_bytes secret, struct holm_bytes key)
{
    uint64_t scalar[HOLM_CURVE__LIMBS_MAX];
    struct holm_curve_point point;

    if (!holm_curve__read(curve, &point, key))
        return false;
    holm_assert(holm_curve__scalar(curve, scalar, secret));
    curve->times(&point, &point, scalar);
    holm_limbs__write(shared, point.x, curve->limbs);
    holm_secret_wipe(&point, sizeof point);
    holm_secret_wipe(scalar, sizeof scalar);
    return true;
}

static bool valid_p256(struct holm_bytes secret)
{
    return holm_curve__secret_valid(holm_level__p256(), secret);
}

static void public_p256(struct holm_span key, struct holm_bytes secret)
{
    holm_curve__public(holm_level__p256(), key, secret);
}

static bool agree_p256(struct holm_span shared, struct holm_bytes secret, struct holm_bytes key)
{
    return agree_on(holm_level__p256(), shared, secret, key);
}

const struct holm_agreement holm_ecdh_p256 = { .name = HOLM_TEXT("ECDH(P-256)"),
                                               .secret_bytes = 32,
                                               .public_bytes = 1 + 2 * 32,
                                               .shared_bytes = 32,
                                               .valid = valid_p256,
                                               .make_public = public_p256,
                                               .agree = agree_p256 };

static bool valid_p384(struct holm_bytes secret)
{
    return holm_curve__secret_valid(&holm_curve__p384, secret);
}

static void public_p384(struct holm_span key, struct holm_bytes secret)
{
    holm_curve__public(&holm_curve__p384, key, secret);
}

static bool agree_p384(struct holm_span shared, struct holm_bytes secret, struct holm_bytes key)
{
    return agree_on(&holm_curve__p384, shared, secret, key);
}

const struct holm_agreement holm_ecdh_p384 = { .name = HOLM_TEXT("ECDH(P-384)"),
                                               .secret_bytes = 48,
                                               .public_bytes = 1 + 2 * 48,
                                               .shared_bytes = 48,
                                               .valid = valid_p384,
                                               .make_public = public_p384,
                                               .agree = agree_p384 };

static bool valid_p521(struct holm_bytes secret)
{
    return holm_curve__secret_valid(&holm_curve__p521, secret);
}

static void public_p521(struct holm_span key, struct holm_bytes secret)
{
    holm_curve__public(&holm_curve__p521, key, secret);
}

static bool agree_p521(struct holm_span shared, struct holm_bytes secret, struct holm_bytes key)
{
    return agree_on(&holm_curve__p521, shared, secret, key);
}

const struct holm_agreement holm_ecdh_p521 = { .name = HOLM_TEXT("ECDH(P-521)"),
                                               .secret_bytes = 66,
                                               .public_bytes = 1 + 2 * 66,
                                               .shared_bytes = 66,
                                               .valid = valid_p521,
                                               .make_public = public_p521,
                                               .agree = agree_p521 };
