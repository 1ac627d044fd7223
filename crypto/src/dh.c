/* SPDX-License-Identifier: ISC */
/* dh.c: powers of 2, and of what the other sent, modulo a safe prime. */
#include <holm/dh.h>

#include "montgomery.h"
#include "tables/dh_groups.h"

#include <holm/secret.h>

enum { SECRET_LIMBS = HOLM_DH_SECRET_MAX / 8 };

static bool secret_valid(struct holm_bytes secret)
{
    uint64_t limbs[SECRET_LIMBS];

    holm_limbs__read(limbs, SECRET_LIMBS, secret);
    bool valid = holm_limbs__is_zero(limbs, SECRET_LIMBS) == 0;
    holm_secret_wipe(limbs, sizeof limbs);
    return valid;
}

/* power_write fills out, as long as the prime, with base to the power of a secret. */
static void power_write(struct holm_span out, const uint64_t *p, const uint64_t *base,
                        struct holm_bytes secret)
{
    uint64_t square[HOLM_MONTGOMERY__LIMBS_MAX], form[HOLM_MONTGOMERY__LIMBS_MAX];
    uint64_t power[HOLM_MONTGOMERY__LIMBS_MAX], exponent[SECRET_LIMBS];
    size_t limbs = out.len / 8, exponent_limbs = secret.len / 8;
    const struct holm_modulus modulus = { limbs, holm_montgomery__factor(*p), p, square };

    holm_montgomery__square(square, &modulus, 64 * (uint32_t)limbs);
    holm_limbs__read(exponent, exponent_limbs, secret);
    holm_montgomery__enter(form, base, &modulus);
    holm_montgomery__power(power, form, exponent, exponent_limbs, &modulus);
    holm_montgomery__leave(power, power, &modulus);
    holm_limbs__write(out, power, limbs);
    holm_secret_wipe(power, sizeof power);
    holm_secret_wipe(exponent, sizeof exponent);
}

static void public_make(struct holm_span key, struct holm_bytes secret, const uint64_t *p)
{
    static const uint64_t two[HOLM_MONTGOMERY__LIMBS_MAX] = { 2 };

    power_write(key, p, two, secret);
}

/* agree makes what is shared; false: the other's key is not between 1 and the prime less one. */
static bool agree(struct holm_span shared, struct holm_bytes secret, struct holm_bytes key,
                  const uint64_t *p)
{
    uint64_t theirs[HOLM_MONTGOMERY__LIMBS_MAX], next[HOLM_MONTGOMERY__LIMBS_MAX];
    static const uint64_t one[HOLM_MONTGOMERY__LIMBS_MAX] = { 1 };
    size_t limbs = shared.len / 8;

    holm_limbs__read(theirs, limbs, key);
    (void)holm_limbs__subtract(next, p, one, limbs);
    if (!holm_limbs__below(one, theirs, limbs) || !holm_limbs__below(theirs, next, limbs))
        return false;
    power_write(shared, p, theirs, secret);
    return true;
}

/* GROUP makes the agreement of a group, whose secrets have so many bytes. */
#define GROUP(group, title, bytes)                                                                 \
    static void public_##group(struct holm_span key, struct holm_bytes secret)                     \
    {                                                                                              \
        public_make(key, secret, group);                                                           \
    }                                                                                              \
    static bool agree_##group(struct holm_span shared, struct holm_bytes secret,                   \
                              struct holm_bytes key)                                               \
    {                                                                                              \
        return agree(shared, secret, key, group);                                                  \
    }                                                                                              \
    const struct holm_agreement holm_##group = { .name = HOLM_TEXT(title),                         \
                                                 .secret_bytes = (bytes),                          \
                                                 .public_bytes = sizeof(group),                    \
                                                 .shared_bytes = sizeof(group),                    \
                                                 .valid = secret_valid,                            \
                                                 .make_public = public_##group,                    \
                                                 .agree = agree_##group };

GROUP(ffdhe2048, "ffdhe2048", 32)
GROUP(ffdhe3072, "ffdhe3072", 40)
GROUP(ffdhe4096, "ffdhe4096", 48)
GROUP(ffdhe6144, "ffdhe6144", 48)
GROUP(ffdhe8192, "ffdhe8192", 56)
GROUP(modp2048, "modp2048", 32)
GROUP(modp3072, "modp3072", 40)
GROUP(modp4096, "modp4096", 48)
GROUP(modp6144, "modp6144", 48)
GROUP(modp8192, "modp8192", 56)
