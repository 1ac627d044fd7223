/* SPDX-License-Identifier: ISC */
/* curve.c: points and numbers as they come from outside. */
#include "curve.h"

#include <holm/secret.h>

enum { UNCOMPRESSED = 4 };

bool holm_curve__read(const struct holm_curve *curve, struct holm_curve_point *point,
                      struct holm_bytes bytes)
{
    struct holm_curve_point read;
    struct holm_bytes x = { 0 }, y = { 0 };
    uint8_t form = 0;

    if (!holm_bytes_u8(&bytes, &form) || form != UNCOMPRESSED ||
        !holm_bytes_take(&bytes, curve->bytes, &x) || !holm_bytes_take(&bytes, curve->bytes, &y) ||
        bytes.len > 0)
        return false;
    holm_limbs__read(read.x, curve->limbs, x);
    holm_limbs__read(read.y, curve->limbs, y);
    if (!curve->has(&read))
        return false;
    *point = read;
    return true;
}

bool holm_curve__scalar(const struct holm_curve *curve, uint64_t *scalar, struct holm_bytes bytes)
{
    if (bytes.len != curve->bytes)
        return false;
    holm_limbs__read(scalar, curve->limbs, bytes);
    return (holm_limbs__below(scalar, curve->order, curve->limbs) &
            (1 ^ holm_limbs__is_zero(scalar, curve->limbs))) != 0;
}

void holm_curve__reduce(const struct holm_curve *curve, uint64_t *a)
{
    const struct holm_modulus order = { .limbs = curve->limbs, .m = curve->order };

    holm_montgomery__reduce(a, 0, &order);
}

void holm_curve__public(const struct holm_curve *curve, struct holm_span key,
                        struct holm_bytes secret)
{
    uint64_t scalar[HOLM_CURVE__LIMBS_MAX];
    struct holm_span to_x = { 0 }, to_y = { 0 };
    struct holm_curve_point point;

    holm_assert(holm_curve__scalar(curve, scalar, secret) &&
                holm_span_part(key, 1, curve->bytes, &to_x) &&
                holm_span_part(key, 1 + curve->bytes, curve->bytes, &to_y));
    curve->base(&point, scalar);
    HOLM_NTH(key.ptr, key.len, 0) = UNCOMPRESSED;
    holm_limbs__write(to_x, point.x, curve->limbs);
    holm_limbs__write(to_y, point.y, curve->limbs);
    holm_secret_wipe(scalar, sizeof scalar);
}

bool holm_curve__secret_valid(const struct holm_curve *curve, struct holm_bytes secret)
{
    uint64_t scalar[HOLM_CURVE__LIMBS_MAX];
    bool valid = holm_curve__scalar(curve, scalar, secret);

    holm_secret_wipe(scalar, sizeof scalar);
    return valid;
}
