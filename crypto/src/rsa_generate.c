/* SPDX-License-Identifier: ISC */
/* rsa_generate.c: keys of RSA. Steps are those of FIPS 186-5 appendix A.1.3. */
#include <holm/rsa_generate.h>

#include "prime_impl.h"
#include "rsa_impl.h"

#include <holm/machine/wide.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum {
    HALF_MAX = HOLM_RSA__LIMBS_MAX / 2,
    ROUNDS = 8,
    DRAWS_A_BIT = 17, /* of a prime: 0.6 are likely; 10 that are large enough the standard has */
    OTHERS_MAX = 64,  /* one in five is refused */
    BITS_STEP = 128,
    EXPONENT = HOLM_RSA_GENERATE_EXPONENT
};

static const uint8_t exponent_bytes[] = { 1, 0, 1 };

/* struct primes is the two primes of a key, each of so many limbs. */
struct primes {
    size_t limbs;
    uint64_t p[HALF_MAX], q[HALF_MAX];
};

/* is_near answers whether the difference of two is too small: step 5.4. */
static bool is_near(const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t one[HALF_MAX], other[HALF_MAX];
    uint64_t borrow = holm_limbs__subtract(one, a, b, limbs);

    (void)holm_limbs__subtract(other, b, a, limbs);
    holm_limbs__choose(one, other, borrow, limbs);
    bool near = HOLM_AT(one, limbs - 1) == 0 && HOLM_AT(one, limbs - 2) >> 29 == 0;
    holm_secret_wipe(one, sizeof one);
    holm_secret_wipe(other, sizeof other);
    return near;
}

/* prime_find finds a prime that is not near another, if there is one yet: steps 4 and 5. */
static bool prime_find(uint64_t *out, const uint64_t *other, size_t limbs,
                       struct holm_random *random)
{
    /* the square root of a half, rounded up: so the product has all of its bits */
    const uint64_t top_least = 0xb504f333f9de6485;
    uint32_t bits = 64 * (uint32_t)limbs;

    for (uint32_t i = 0; i < DRAWS_A_BIT * bits; i++) {
        holm_prime__draw(out, limbs, bits, random);
        HOLM_NTH(out, limbs, limbs - 1) |= UINT64_C(1) << 63;
        HOLM_NTH(out, limbs, 0) |= 3;
        if (HOLM_NTH(out, limbs, limbs - 1) < top_least ||
            (other != NULL && is_near(out, other, limbs)) || holm_prime__small(out, limbs) ||
            holm_prime__divide(NULL, out, limbs, EXPONENT) == 1)
            continue;
        if (holm_prime__likely(out, bits, ROUNDS, random))
            return true;
    }
    return false;
}

/* sort puts the larger prime first. */
static void sort(struct primes *primes)
{
    uint64_t kept[HALF_MAX];
    uint64_t below = holm_limbs__below(primes->p, primes->q, primes->limbs);

    for (size_t i = 0; i < primes->limbs; i++)
        HOLM_AT(kept, i) = HOLM_AT(primes->p, i);
    holm_limbs__choose(primes->p, primes->q, below, primes->limbs);
    holm_limbs__choose(primes->q, kept, below, primes->limbs);
    holm_secret_wipe(kept, sizeof kept);
}

static void halve(uint64_t *a, size_t limbs)
{
    for (size_t i = 0; i < limbs; i++)
        HOLM_NTH(a, limbs, i) =
            HOLM_NTH(a, limbs, i) >> 1 | (i + 1 < limbs ? HOLM_NTH(a, limbs, i + 1) << 63 : 0);
}

/* divisor_make sets b to the greatest common divisor of a and b, which is odd; a is zero then. In each of so
 * many steps an odd a loses b, once it is the larger one, and an even a is halved. */
static void divisor_make(uint64_t a[HALF_MAX], uint64_t b[HALF_MAX], size_t limbs)
{
    uint64_t less[HALF_MAX], kept[HALF_MAX];

    for (size_t step = 0; step < 128 * limbs; step++) {
        uint64_t odd = HOLM_NTH(a, HALF_MAX, 0) & 1;
        uint64_t swap = odd & holm_limbs__below(a, b, limbs);
        for (size_t i = 0; i < limbs; i++)
            HOLM_AT(kept, i) = HOLM_NTH(a, HALF_MAX, i);
        holm_limbs__choose(a, b, swap, limbs);
        holm_limbs__choose(b, kept, swap, limbs);
        (void)holm_limbs__subtract(less, a, b, limbs);
        holm_limbs__choose(a, less, odd, limbs);
        halve(a, limbs);
    }
    holm_secret_wipe(less, sizeof less);
    holm_secret_wipe(kept, sizeof kept);
}

/* is_coprime answers whether both primes less one have no factor in common but 2, as of four pairs in five:
 * the least common multiple is half of the product then, and nothing else of the key is told. */
static bool is_coprime(const struct primes *primes)
{
    uint64_t a[HALF_MAX] = { 0 }, b[HALF_MAX] = { 0 };
    size_t limbs = primes->limbs;

    for (size_t i = 0; i < limbs; i++) {
        HOLM_AT(a, i) = HOLM_AT(primes->p, i);
        HOLM_AT(b, i) = HOLM_AT(primes->q, i);
    }
    halve(a, limbs); /* odd numbers less one, by two: odd again, since they are 3 modulo 4 */
    halve(b, limbs);
    divisor_make(a, b, limbs);
    b[0] ^= 1;
    bool coprime = holm_limbs__is_zero(b, limbs) != 0;
    holm_secret_wipe(b, sizeof b);
    return coprime;
}

/* inverse_make sets out to the inverse of the exponent modulo m, both of so many limbs: the multiple of m that
 * the exponent divides with one added to it, divided. */
static void inverse_make(uint64_t *out, const uint64_t *m, size_t limbs)
{
    uint64_t rest = holm_prime__divide(NULL, m, limbs, EXPONENT), inverse = 1, carry = 1, sum = 0;
    uint64_t whole[HOLM_RSA__LIMBS_MAX + 1];

    for (int bit = 0; bit < 16; bit++) { /* to the power of 65535, all of whose 16 bits are set */
        sum = inverse * inverse;
        inverse = holm_prime__divide(NULL, &sum, 1, EXPONENT);
        sum = inverse * rest;
        inverse = holm_prime__divide(NULL, &sum, 1, EXPONENT);
    }
    for (size_t i = 0; i < limbs; i++) {
        struct holm_wide part =
            holm_wide_multiply_add(HOLM_NTH(m, limbs, i), EXPONENT - inverse, carry, 0);
        HOLM_AT(whole, i) = part.low;
        carry = part.high;
    }
    HOLM_AT(whole, limbs) = carry;
    (void)holm_prime__divide(whole, whole, limbs + 1, EXPONENT);
    for (size_t i = 0; i < limbs; i++)
        HOLM_NTH(out, limbs, i) = HOLM_AT(whole, i);
    holm_secret_wipe(whole, sizeof whole);
}

static struct holm_span first_of(uint8_t *bytes, size_t size, size_t len)
{
    struct holm_span part = { 0 };

    holm_assert(holm_span_part((struct holm_span){ bytes, size }, 0, len, &part));
    return part;
}

/* exponent_make makes the private exponent of both primes; false: it is too small. */
static bool exponent_make(struct holm_rsa_generated *made, const struct primes *primes)
{
    uint64_t less[2][HALF_MAX] = { 0 }, both[HOLM_RSA__LIMBS_MAX], exponent[HOLM_RSA__LIMBS_MAX];
    size_t limbs = primes->limbs;
    uint64_t above = 0;

    for (size_t i = 0; i < limbs; i++) {
        HOLM_AT(less[0], i) = HOLM_AT(primes->p, i);
        HOLM_AT(HOLM_AT(less, 1), i) = HOLM_AT(primes->q, i);
    }
    less[0][0] -= 1; /* they are odd */
    HOLM_AT(less, 1)[0] -= 1;
    holm_rsa__product(both, less[0], HOLM_AT(less, 1), limbs);
    halve(both, 2 * limbs);
    inverse_make(exponent, both, 2 * limbs);
    for (size_t i = limbs; i < 2 * limbs; i++)
        above |= HOLM_AT(exponent, i);
    holm_limbs__write(first_of(made->private_exponent, sizeof made->private_exponent, 16 * limbs),
                      exponent, 2 * limbs);
    holm_secret_wipe(less, sizeof less);
    holm_secret_wipe(both, sizeof both);
    holm_secret_wipe(exponent, sizeof exponent);
    return above != 0;
}

/* half_make makes what is computed of one prime. */
static void half_make(struct holm_rsa_generated *made, size_t half, const uint64_t *prime,
                      size_t limbs)
{
    uint64_t less[HALF_MAX] = { 0 }, exponent[HALF_MAX];
    uint8_t *primes = HOLM_AT(made->primes, half), *exponents = HOLM_AT(made->exponents, half);

    for (size_t i = 0; i < limbs; i++)
        HOLM_AT(less, i) = HOLM_NTH(prime, limbs, i);
    less[0] -= 1;
    inverse_make(exponent, less, limbs);
    holm_limbs__write(first_of(primes, sizeof made->primes[0], 8 * limbs), prime, limbs);
    holm_limbs__write(first_of(exponents, sizeof made->exponents[0], 8 * limbs), exponent, limbs);
    holm_secret_wipe(less, sizeof less);
    holm_secret_wipe(exponent, sizeof exponent);
}

/* coefficient_make makes the inverse of q modulo p: to the power of p - 2. */
static void coefficient_make(struct holm_rsa_generated *made, const struct primes *primes)
{
    uint64_t square[HALF_MAX], base[HALF_MAX], inverse[HALF_MAX], exponent[HALF_MAX] = { 0 };
    size_t limbs = primes->limbs;
    const struct holm_modulus modulus = { limbs, holm_montgomery__factor(primes->p[0]), primes->p,
                                          square };

    holm_montgomery__square(square, &modulus, 64 * (uint32_t)limbs);
    for (size_t i = 0; i < limbs; i++)
        HOLM_AT(exponent, i) = HOLM_AT(primes->p, i);
    exponent[0] -= 2; /* it is 3 modulo 4 */
    holm_montgomery__enter(base, primes->q, &modulus);
    holm_montgomery__power(inverse, base, exponent, limbs, &modulus);
    holm_montgomery__leave(inverse, inverse, &modulus);
    holm_limbs__write(first_of(made->coefficient, sizeof made->coefficient, 8 * limbs), inverse,
                      limbs);
    holm_secret_wipe(square, sizeof square);
    holm_secret_wipe(base, sizeof base);
    holm_secret_wipe(inverse, sizeof inverse);
    holm_secret_wipe(exponent, sizeof exponent);
}

static bool numbers_make(struct holm_rsa_generated *made, const struct primes *primes)
{
    uint64_t modulus[HOLM_RSA__LIMBS_MAX];
    size_t limbs = primes->limbs;

    if (!exponent_make(made, primes))
        return false;
    holm_rsa__product(modulus, primes->p, primes->q, limbs);
    holm_limbs__write(first_of(made->modulus, sizeof made->modulus, 16 * limbs), modulus,
                      2 * limbs);
    half_make(made, 0, primes->p, limbs);
    half_make(made, 1, primes->q, limbs);
    coefficient_make(made, primes);
    return true;
}

/* key_check signs with the key, which undoes with the public one what it signed before it tells it. */
static bool key_check(const struct holm_rsa_private *key, struct holm_random *random)
{
    static const uint8_t digest[32];
    uint8_t signature[HOLM_RSA_BYTES_MAX];

    return holm_rsa_sign(key, (struct holm_span){ signature, key->open.bits / 8 }, &holm_sha256,
                         HOLM_BLOB(digest), random) == HOLM_OK;
}

/* key_find makes numbers of a prime, and another one after the other. */
static bool key_find(struct holm_rsa_generated *made, struct holm_random *random)
{
    struct primes primes = { .limbs = made->bits / BITS_STEP };
    bool possible = prime_find(primes.p, NULL, primes.limbs, random), found = false;

    for (int i = 0; i < OTHERS_MAX && possible && !found; i++) {
        possible = prime_find(primes.q, primes.p, primes.limbs, random);
        if (!possible || !is_coprime(&primes))
            continue;
        sort(&primes);
        found = numbers_make(made, &primes);
    }
    holm_secret_wipe(&primes, sizeof primes);
    return found;
}

enum holm_result holm_rsa_generate(struct holm_rsa_generated *made, struct holm_rsa_private *key,
                                   uint32_t bits, struct holm_random *random)
{
    if (bits < HOLM_RSA_GENERATE_BITS_MIN || bits > HOLM_RSA_BITS_MAX || bits % BITS_STEP != 0)
        return HOLM_ERR_UNSUPPORTED;
    *made = (struct holm_rsa_generated){ .bits = bits };
    if (key_find(made, random)) {
        const struct holm_rsa_numbers numbers = holm_rsa_generated_numbers(made);
        if (holm_rsa_private_init(key, &numbers) == HOLM_OK && key_check(key, random))
            return HOLM_OK;
    }
    holm_rsa_generated_close(made);
    holm_rsa_private_close(key);
    return HOLM_ERR_INVALID;
}

struct holm_rsa_numbers holm_rsa_generated_numbers(const struct holm_rsa_generated *made)
{
    size_t whole = made->bits / 8, half = whole / 2;

    return (struct holm_rsa_numbers){
        .modulus = { made->modulus, whole },
        .exponent = HOLM_BLOB(exponent_bytes),
        .primes = { { made->primes[0], half }, { HOLM_AT(made->primes, 1), half } },
        .exponents = { { made->exponents[0], half }, { HOLM_AT(made->exponents, 1), half } },
        .coefficient = { made->coefficient, half }
    };
}

void holm_rsa_generated_close(struct holm_rsa_generated *made)
{
    holm_secret_wipe(made, sizeof *made);
}
