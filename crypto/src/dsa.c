/* SPDX-License-Identifier: ISC */
/* dsa.c: FIPS 186-4 sections 4.1, 4.6 and 4.7; what is asked of domains and public keys, SP 800-89 section 5.3.1. */
#include <holm/dsa.h>

#include "nonce.h"

#include <holm/secret.h>

/* The most limbs of p and of q. */
enum { P_LIMBS = 48, Q_LIMBS = 4 };

/* struct sizes is how many bytes p and q have: all of their bits. */
struct sizes {
    size_t p, q;
};

/* struct domain is a domain that is ready for use. The moduli lie in it: it is not copied. */
struct domain {
    struct holm_modulus p, q;
    uint64_t p_limbs[P_LIMBS], p_square[P_LIMBS], q_limbs[Q_LIMBS], q_square[Q_LIMBS];
    uint64_t g[P_LIMBS]; /* a Montgomery form */
};

/* modulus_read makes a modulus ready, which lies in m and square; false: it is even or does not have all bits. */
static bool modulus_read(struct holm_modulus *modulus, uint64_t *m, uint64_t *square,
                         struct holm_bytes bytes)
{
    size_t limbs = (bytes.len + 7) / 8, top = 8 * bytes.len - 1;

    holm_limbs__read(m, limbs, bytes);
    if (*m % 2 == 0 || (HOLM_NTH(m, limbs, top / 64) >> top % 64 & 1) == 0)
        return false;
    *modulus = (struct holm_modulus){ limbs, holm_montgomery__factor(*m), m, square };
    holm_montgomery__square(square, modulus, 8 * (uint32_t)bytes.len);
    return true;
}

/* number_read reads a number below another one; false: it is 0, or not below it. */
static bool number_read(uint64_t *out, const struct holm_modulus *below, struct holm_bytes bytes)
{
    holm_limbs__read(out, below->limbs, bytes);
    return (holm_limbs__below(out, below->m, below->limbs) &
            (1 ^ holm_limbs__is_zero(out, below->limbs))) != 0;
}

/* form_read reads a number below p, not 0, and makes the form of it. */
static bool form_read(uint64_t form[P_LIMBS], const struct domain *domain, struct holm_bytes bytes)
{
    if (!number_read(form, &domain->p, bytes))
        return false;
    holm_montgomery__enter(form, form, &domain->p);
    return true;
}

/* is_one answers whether a form is that of 1. */
static bool is_one(const uint64_t form[P_LIMBS], const struct domain *domain)
{
    static const uint64_t one[P_LIMBS] = { 1 };
    uint64_t number[P_LIMBS];

    holm_montgomery__leave(number, form, &domain->p);
    return holm_limbs__equal(number, one, domain->p.limbs) != 0;
}

/* has_order answers whether the powers of a form are q many: its power to q is 1, and it is not. */
static bool has_order(const uint64_t form[P_LIMBS], const struct domain *domain)
{
    uint64_t power[P_LIMBS];

    if (is_one(form, domain))
        return false;
    holm_montgomery__power(power, form, domain->q.m, domain->q.limbs, &domain->p);
    return is_one(power, domain);
}

/* remainder_make sets out to a number of as many limbs as p modulo q: as many limbs at a time as q has, from the
 * upper end. Each such digit may be q or more; multiplied by the form of 1, and that undone, it is below. */
static void remainder_make(uint64_t out[Q_LIMBS], const struct domain *domain,
                           const uint64_t number[P_LIMBS])
{
    const struct holm_modulus *q = &domain->q;
    size_t limbs = q->limbs, all = domain->p.limbs, at = (all + limbs - 1) / limbs * limbs;
    uint64_t digit[Q_LIMBS];

    for (size_t i = 0; i < limbs; i++)
        HOLM_NTH(out, Q_LIMBS, i) = 0;
    while (at > 0) {
        at -= limbs;
        for (size_t i = 0; i < limbs; i++)
            HOLM_AT(digit, i) = at + i < all ? HOLM_NTH(number, P_LIMBS, at + i) : 0;
        holm_montgomery__enter(digit, digit, q);
        holm_montgomery__leave(digit, digit, q);
        holm_montgomery__enter(out, out, q); /* times what a digit is worth */
        holm_montgomery__add(out, out, digit, q);
    }
    holm_secret_wipe(digit, sizeof digit);
}

/* domain_take takes a domain off bytes and makes it ready; false: its numbers are not in their ranges. */
static bool domain_take(struct domain *domain, const struct sizes *sizes, struct holm_bytes *bytes)
{
    struct holm_bytes p = { 0 }, q = { 0 }, g = { 0 };

    return holm_bytes_take(bytes, sizes->p, &p) && holm_bytes_take(bytes, sizes->q, &q) &&
           holm_bytes_take(bytes, sizes->p, &g) &&
           modulus_read(&domain->p, domain->p_limbs, domain->p_square, p) &&
           modulus_read(&domain->q, domain->q_limbs, domain->q_square, q) &&
           form_read(domain->g, domain, g);
}

/* domain_fits answers whether q divides p - 1, and the order of g is q. */
static bool domain_fits(const struct domain *domain)
{
    uint64_t less[P_LIMBS] = { 0 }, rest[Q_LIMBS];

    for (size_t i = 0; i < domain->p.limbs; i++)
        HOLM_AT(less, i) = HOLM_AT(domain->p_limbs, i);
    less[0] -= 1; /* it is odd */
    remainder_make(rest, domain, less);
    return holm_limbs__is_zero(rest, domain->q.limbs) != 0 && has_order(domain->g, domain);
}

static bool domain_valid(struct holm_bytes bytes, const struct sizes *sizes)
{
    struct domain domain;

    return domain_take(&domain, sizes, &bytes) && domain_fits(&domain);
}

static bool secret_valid(struct holm_bytes secret, const struct sizes *sizes)
{
    uint64_t x[Q_LIMBS];
    struct domain domain;

    if (!domain_take(&domain, sizes, &secret) || !domain_fits(&domain))
        return false;
    bool valid = number_read(x, &domain.q, secret);
    holm_secret_wipe(x, sizeof x);
    return valid;
}

/* power_make sets out to g to the power of a number below q. */
static void power_make(uint64_t out[P_LIMBS], const struct domain *domain,
                       const uint64_t exponent[Q_LIMBS])
{
    holm_montgomery__power(out, domain->g, exponent, domain->q.limbs, &domain->p);
    holm_montgomery__leave(out, out, &domain->p);
}

static void key_make(struct holm_span key, struct holm_bytes secret, const struct sizes *sizes)
{
    uint64_t x[Q_LIMBS], y[P_LIMBS];
    struct holm_buffer out = holm_span_buffer(key);
    struct holm_bytes part = { 0 }, number = secret;
    struct holm_span to_y = { 0 };
    struct domain domain;
    size_t shared = 2 * sizes->p + sizes->q;

    holm_assert(domain_take(&domain, sizes, &number) && number_read(x, &domain.q, number) &&
                holm_bytes_part(secret, 0, shared, &part) && holm_buffer_bytes(&out, part) &&
                holm_span_part(key, shared, sizes->p, &to_y));
    power_make(y, &domain, x);
    holm_limbs__write(to_y, y, domain.p.limbs);
    holm_secret_wipe(x, sizeof x);
}

/* first_make sets r to that of a nonce; false: it is 0. */
static bool first_make(uint64_t r[Q_LIMBS], const struct domain *domain, const uint64_t k[Q_LIMBS])
{
    uint64_t power[P_LIMBS];

    power_make(power, domain, k);
    remainder_make(r, domain, power);
    holm_secret_wipe(power, sizeof power);
    return holm_limbs__is_zero(r, domain->q.limbs) == 0;
}

/* inverse_make sets out to the form of the inverse of a number modulo q. */
static void inverse_make(uint64_t out[Q_LIMBS], const uint64_t number[Q_LIMBS],
                         const struct holm_modulus *q)
{
    uint64_t form[Q_LIMBS];

    holm_montgomery__enter(form, number, q);
    holm_montgomery__invert(out, form, q);
    holm_secret_wipe(form, sizeof form);
}

/* second_make sets s to (z + x r) / k modulo q; false: it is 0. */
static bool second_make(uint64_t s[Q_LIMBS], const struct holm_modulus *q,
                        const uint64_t x[Q_LIMBS], const uint64_t r[Q_LIMBS],
                        const uint64_t z[Q_LIMBS], const uint64_t k[Q_LIMBS])
{
    uint64_t inverse[Q_LIMBS];

    holm_montgomery__enter(s, x, q);
    holm_montgomery__multiply(s, s, r, q);
    holm_montgomery__add(s, s, z, q);
    inverse_make(inverse, k, q);
    holm_montgomery__multiply(s, s, inverse, q);
    holm_secret_wipe(inverse, sizeof inverse);
    return holm_limbs__is_zero(s, q->limbs) == 0;
}

static struct holm_order order_of(const struct domain *domain, const struct sizes *sizes)
{
    return (struct holm_order){ domain->q.m, sizes->q, domain->q.limbs, 8 * sizes->q };
}

static void signature_make(struct holm_span signature, struct holm_bytes secret,
                           const struct holm_signature_what *what, const struct sizes *sizes)
{
    uint64_t x[Q_LIMBS], z[Q_LIMBS], k[Q_LIMBS], r[Q_LIMBS], s[Q_LIMBS];
    struct holm_span to_r = { 0 }, to_s = { 0 };
    struct holm_nonces nonces;
    struct domain domain;

    holm_assert(domain_take(&domain, sizes, &secret) && number_read(x, &domain.q, secret) &&
                holm_span_part(signature, 0, sizes->q, &to_r) &&
                holm_span_part(signature, sizes->q, sizes->q, &to_s));
    const struct holm_order order = order_of(&domain, sizes);
    holm_nonces__digest(z, &order, what->bytes);
    holm_nonces__begin(&nonces, &order, what, secret, z);
    do
        holm_nonces__next(&nonces, &order, k);
    while (!first_make(r, &domain, k) || !second_make(s, &domain.q, x, r, z, k));
    holm_limbs__write(to_r, r, domain.q.limbs);
    holm_limbs__write(to_s, s, domain.q.limbs);
    holm_secret_wipe(x, sizeof x);
    holm_secret_wipe(k, sizeof k);
    holm_secret_wipe(&nonces, sizeof nonces);
}

/* sum_is answers whether g to the power of u times y to the power of v is r modulo q. */
static bool sum_is(const struct domain *domain, const uint64_t y[P_LIMBS],
                   const uint64_t u[Q_LIMBS], const uint64_t v[Q_LIMBS], const uint64_t r[Q_LIMBS])
{
    uint64_t one[P_LIMBS], other[P_LIMBS], rest[Q_LIMBS];
    size_t limbs = domain->q.limbs;
    const struct holm_powers powers = {
        { { one, domain->g, u, &domain->p }, { other, y, v, &domain->p } }, 2, limbs
    };

    holm_montgomery__powers(&powers);
    holm_montgomery__multiply(one, one, other, &domain->p);
    holm_montgomery__leave(one, one, &domain->p);
    remainder_make(rest, domain, one);
    return holm_limbs__equal(rest, r, limbs) != 0;
}

static bool verify(struct holm_bytes signature, struct holm_bytes key,
                   const struct holm_signature_what *what, const struct sizes *sizes)
{
    uint64_t r[Q_LIMBS], s[Q_LIMBS], z[Q_LIMBS], inverse[Q_LIMBS], y[P_LIMBS];
    struct holm_bytes first = { 0 };
    struct domain domain;

    if (!domain_take(&domain, sizes, &key) || !domain_fits(&domain) ||
        !form_read(y, &domain, key) || !has_order(y, &domain) ||
        !holm_bytes_take(&signature, sizes->q, &first) || !number_read(r, &domain.q, first) ||
        !number_read(s, &domain.q, signature))
        return false;
    const struct holm_order order = order_of(&domain, sizes);
    holm_nonces__digest(z, &order, what->bytes);
    inverse_make(inverse, s, &domain.q);
    holm_montgomery__multiply(z, z, inverse, &domain.q);
    holm_montgomery__multiply(inverse, r, inverse, &domain.q);
    return sum_is(&domain, y, z, inverse, r);
}

/* VERIFIES makes what all have of primes of so many bits. */
#define VERIFIES(P, Q)                                                                             \
    static const struct sizes sizes_##P##_##Q = { (P) / 8, (Q) / 8 };                              \
    static bool domain_##P##_##Q(struct holm_bytes domain)                                         \
    {                                                                                              \
        return domain_valid(domain, &sizes_##P##_##Q);                                             \
    }                                                                                              \
    static bool verify_##P##_##Q(struct holm_bytes signature, struct holm_bytes key,               \
                                 const struct holm_signature_what *what)                           \
    {                                                                                              \
        return verify(signature, key, what, &sizes_##P##_##Q);                                     \
    }

/* SIGNS makes what those have as well that sign, and the algorithm. */
#define SIGNS(P, Q)                                                                                \
    VERIFIES(P, Q)                                                                                 \
    static bool valid_##P##_##Q(struct holm_bytes secret)                                          \
    {                                                                                              \
        return secret_valid(secret, &sizes_##P##_##Q);                                             \
    }                                                                                              \
    static void public_##P##_##Q(struct holm_span key, struct holm_bytes secret)                   \
    {                                                                                              \
        key_make(key, secret, &sizes_##P##_##Q);                                                   \
    }                                                                                              \
    static void sign_##P##_##Q(struct holm_span signature, struct holm_bytes secret,               \
                               const struct holm_signature_what *what)                             \
    {                                                                                              \
        signature_make(signature, secret, what, &sizes_##P##_##Q);                                 \
    }                                                                                              \
    const struct holm_signature holm_dsa_##P##_##Q = { .name = HOLM_TEXT("DSA(" #P "," #Q ")"),    \
                                                       .secret_bytes = 2 * ((P) + (Q)) / 8,        \
                                                       .public_bytes = (3 * (P) + (Q)) / 8,        \
                                                       .signature_bytes = 2 * (Q) / 8,             \
                                                       .domain_bytes = (2 * (P) + (Q)) / 8,        \
                                                       .domain_valid = domain_##P##_##Q,           \
                                                       .valid = valid_##P##_##Q,                   \
                                                       .make_public = public_##P##_##Q,            \
                                                       .sign = sign_##P##_##Q,                     \
                                                       .verify = verify_##P##_##Q };

SIGNS(2048, 224)
SIGNS(2048, 256)
SIGNS(3072, 256)

VERIFIES(1024, 160)
const struct holm_signature holm_dsa_1024_160 = { .name = HOLM_TEXT("DSA(1024,160)"),
                                                  .public_bytes = 3 * 128 + 20,
                                                  .signature_bytes = 2 * 20,
                                                  .domain_bytes = 2 * 128 + 20,
                                                  .domain_valid = domain_1024_160,
                                                  .verify = verify_1024_160 };
