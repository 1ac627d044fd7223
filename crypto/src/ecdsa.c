/* SPDX-License-Identifier: ISC */
/* ecdsa.c: FIPS 186-5 sections 6.4.1 and 6.4.2; the number of a signature as RFC 6979 section 3 has it. */
#include <holm/signature.h>

#include "curve.h"

#include <holm/mac.h>
#include <holm/secret.h>
#include <level_public.h>

/* Where the numbers of a signature come from: section 3.2, steps b to h. */
struct numbers {
    const struct holm_mac *mac;
    uint8_t key[HOLM_MAC_TAG_MAX], value[HOLM_MAC_TAG_MAX];
};

static struct holm_span key_of(struct numbers *numbers)
{
    return (struct holm_span){ numbers->key, numbers->mac->tag_bytes };
}

static struct holm_span value_of(struct numbers *numbers)
{
    return (struct holm_span){ numbers->value, numbers->mac->tag_bytes };
}

static void value_step(struct numbers *numbers)
{
    holm_mac(numbers->mac, value_of(numbers), holm_span_bytes(key_of(numbers)),
             holm_span_bytes(value_of(numbers)));
}

/* key_step mixes what there is, the number of the step, and a seed into the key. */
static void key_step(struct numbers *numbers, uint8_t step, struct holm_bytes secret,
                     struct holm_bytes digest, struct holm_bytes drawn)
{
    struct holm_mac_state state;

    holm_mac_init(&state, numbers->mac, holm_span_bytes(key_of(numbers)));
    holm_mac_add(&state, holm_span_bytes(value_of(numbers)));
    holm_mac_add(&state, (struct holm_bytes){ &step, 1 });
    holm_mac_add(&state, secret);
    holm_mac_add(&state, digest);
    holm_mac_add(&state, drawn);
    holm_mac_end(&state, key_of(numbers));
    value_step(numbers);
}

static const struct holm_mac *hmac_of(const struct holm_hash *hash)
{
    static const struct holm_mac *const all[] = { &holm_hmac_sha1,   &holm_hmac_sha224,
                                                  &holm_hmac_sha256, &holm_hmac_sha384,
                                                  &holm_hmac_sha512, &holm_hmac_sha512_256 };

    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        if (HOLM_AT(all, i)->hash == hash)
            return HOLM_AT(all, i);
    return &holm_hmac_sha256; /* any will do for a digest that RFC 6979 does not name */
}

static void numbers_begin(struct numbers *numbers, const struct holm_signature_what *what,
                          struct holm_bytes secret, struct holm_bytes digest)
{
    uint8_t room[32];
    struct holm_span drawn = { room, what->random == NULL ? 0 : sizeof room };

    numbers->mac = hmac_of(what->hash);
    holm_span_fill(value_of(numbers), 1);
    holm_span_fill(key_of(numbers), 0);
    if (what->random != NULL)
        holm_random_fill(what->random, drawn);
    key_step(numbers, 0, secret, digest, holm_span_bytes(drawn));
    key_step(numbers, 1, secret, digest, holm_span_bytes(drawn));
    holm_secret_wipe(room, sizeof room);
}

/* spare_drop drops the last bits of as many bytes as the order has: what it has bits of stays. */
static void spare_drop(const struct holm_curve *curve, uint64_t *number)
{
    size_t limbs = curve->limbs;
    unsigned spare = (unsigned)(8 * curve->bytes - curve->bits);

    for (size_t i = 0; i < limbs && spare > 0; i++) {
        uint64_t above = i + 1 < limbs ? HOLM_NTH(number, limbs, i + 1) : 0;
        HOLM_NTH(number, limbs, i) = HOLM_NTH(number, limbs, i) >> spare | above << (64 - spare);
    }
}

/* number_draw sets *number to the next that can be one: from 1 to the order - 1. */
static void number_draw(struct numbers *numbers, const struct holm_curve *curve, uint64_t *number)
{
    uint8_t room[HOLM_CURVE__BYTES_MAX];
    size_t limbs = curve->limbs;
    bool fits = false;

    while (!fits) {
        struct holm_buffer out = holm_span_buffer((struct holm_span){ room, curve->bytes });
        while (out.len < out.size) {
            struct holm_bytes part = { 0 };
            value_step(numbers);
            size_t left = out.size - out.len;
            holm_assert(
                holm_bytes_part(holm_span_bytes(value_of(numbers)), 0,
                                left < numbers->mac->tag_bytes ? left : numbers->mac->tag_bytes,
                                &part) &&
                holm_buffer_bytes(&out, part));
        }
        holm_limbs__read(number, limbs, holm_buffer_filled(&out));
        spare_drop(curve, number);
        fits = (holm_limbs__below(number, curve->order, limbs) &
                (1 ^ holm_limbs__is_zero(number, limbs))) != 0;
        if (!fits)
            key_step(numbers, 0, (struct holm_bytes){ 0 }, (struct holm_bytes){ 0 },
                     (struct holm_bytes){ 0 });
    }
    holm_secret_wipe(room, sizeof room);
}

/* digest_number reads the digest, or as many of its first bits as the order has. */
static void digest_number(const struct holm_curve *curve, uint64_t *out, struct holm_bytes digest)
{
    if (digest.len > curve->bytes)
        holm_assert(holm_bytes_part(digest, 0, curve->bytes, &digest));
    holm_limbs__read(out, curve->limbs, digest);
    if (digest.len == curve->bytes)
        spare_drop(curve, out);
    holm_curve__reduce(curve, out);
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
    uint8_t room[HOLM_CURVE__BYTES_MAX];
    struct holm_span digest = { room, curve->bytes };
    const struct holm_modulus order = { .limbs = curve->limbs, .m = curve->order };
    struct numbers numbers;
    bool made = false;

    holm_assert(holm_curve__scalar(curve, d, secret) &&
                holm_span_part(signature, 0, curve->bytes, &to_r) &&
                holm_span_part(signature, curve->bytes, curve->bytes, &to_s));
    digest_number(curve, z, what->bytes);
    holm_limbs__write(digest, z, curve->limbs);
    numbers_begin(&numbers, what, secret, holm_span_bytes(digest));
    while (!made) {
        number_draw(&numbers, curve, k);
        if (!first_make(curve, r, k))
            continue;
        curve->multiply(s, d, r);
        holm_montgomery__add(s, s, z, &order);
        divided(curve, s, s, k);
        made = holm_limbs__is_zero(s, curve->limbs) == 0;
    }
    holm_limbs__write(to_r, r, curve->limbs);
    holm_limbs__write(to_s, s, curve->limbs);
    holm_secret_wipe(d, sizeof d);
    holm_secret_wipe(k, sizeof k);
    holm_secret_wipe(&numbers, sizeof numbers);
}

static bool verify_on(const struct holm_curve *curve, struct holm_bytes signature,
                      struct holm_bytes key, const struct holm_signature_what *what)
{
    uint64_t r[HOLM_CURVE__LIMBS_MAX], s[HOLM_CURVE__LIMBS_MAX], z[HOLM_CURVE__LIMBS_MAX];
    uint64_t u[HOLM_CURVE__LIMBS_MAX], v[HOLM_CURVE__LIMBS_MAX];
    struct holm_curve_point point;
    struct holm_bytes first = { 0 };

    if (!holm_bytes_take(&signature, curve->bytes, &first) ||
        !holm_curve__scalar(curve, r, first) || !holm_curve__scalar(curve, s, signature) ||
        !holm_curve__read(curve, &point, key))
        return false;
    digest_number(curve, z, what->bytes);
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
