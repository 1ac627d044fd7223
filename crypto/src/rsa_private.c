/* SPDX-License-Identifier: ISC */
/* rsa_private.c: what a private key does: RFC 8017 section 5.2.1, by its two primes. Each exponent is
 * used with a random multiple of prime - 1 on top, so that no two runs do the same; and before a result
 * is told it is undone with the public key: one that a fault has spoilt would give the primes away. */
#include "rsa_impl.h"

#include <holm/machine/wide.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum { HALF_MAX = HOLM_RSA__LIMBS_MAX / 2, BITS_MIN = 2048 };

static struct holm_modulus modulus_of(const struct holm_rsa_private *key, size_t half)
{
    const struct holm_rsa__half *of = &HOLM_AT(key->halves, half);

    return (struct holm_modulus){ key->limbs, of->factor, of->m, of->square };
}

/* row_add adds a times one limb to sum, from a place on, and answers what is carried beyond. */
static uint64_t row_add(uint64_t *sum, size_t room, size_t at, const uint64_t *a, uint64_t limb,
                        size_t limbs)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < limbs; i++) {
        struct holm_wide part =
            holm_wide_multiply_add(HOLM_NTH(a, limbs, i), limb, HOLM_NTH(sum, room, at + i), carry);
        HOLM_NTH(sum, room, at + i) = part.low;
        carry = part.high;
    }
    return carry;
}

void holm_rsa__product(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    for (size_t i = 0; i < 2 * limbs; i++)
        HOLM_NTH(out, 2 * limbs, i) = 0;
    for (size_t i = 0; i < limbs; i++)
        HOLM_NTH(out, 2 * limbs, i + limbs) =
            row_add(out, 2 * limbs, i, a, HOLM_NTH(b, limbs, i), limbs);
}

/* number_read reads a number that is below m. */
static bool number_read(uint64_t *out, const uint64_t *m, size_t limbs, struct holm_bytes bytes)
{
    bytes = holm_rsa__without_zeroes(bytes);
    if (bytes.len > 8 * limbs)
        return false;
    holm_limbs__read(out, limbs, bytes);
    return holm_limbs__below(out, m, limbs) != 0;
}

static bool half_init(struct holm_rsa_private *key, size_t at,
                      const struct holm_rsa_numbers *numbers)
{
    struct holm_rsa__half *half = &HOLM_AT(key->halves, at);
    struct holm_bytes prime = holm_rsa__without_zeroes(HOLM_AT(numbers->primes, at));
    uint32_t bits = holm_rsa__bits(prime);

    if (prime.len > 8 * (size_t)key->limbs || (bits + 63) / 64 != key->limbs)
        return false;
    holm_limbs__read(half->m, key->limbs, prime);
    if (half->m[0] % 2 == 0)
        return false;
    half->factor = holm_montgomery__factor(half->m[0]);
    const struct holm_modulus modulus = modulus_of(key, at);
    holm_montgomery__square(half->square, &modulus, bits);
    return number_read(half->exponent, half->m, key->limbs, HOLM_AT(numbers->exponents, at));
}

static bool private_make(struct holm_rsa_private *key, const struct holm_rsa_numbers *numbers)
{
    uint64_t both[HOLM_RSA__LIMBS_MAX];

    key->limbs = (key->open.limbs + 1) / 2;
    if (!half_init(key, 0, numbers) || !half_init(key, 1, numbers) ||
        !number_read(key->coefficient, HOLM_AT(key->halves, 0).m, key->limbs, numbers->coefficient))
        return false;
    holm_rsa__product(both, HOLM_AT(key->halves, 0).m, HOLM_AT(key->halves, 1).m, key->limbs);
    bool same = holm_limbs__equal(both, key->open.m, 2 * (size_t)key->limbs) != 0;
    holm_secret_wipe(both, sizeof both);
    return same;
}

enum holm_result holm_rsa_private_init(struct holm_rsa_private *key,
                                       const struct holm_rsa_numbers *numbers)
{
    *key = (struct holm_rsa_private){ 0 };
    enum holm_result result = holm_rsa_public_init(&key->open, numbers->modulus, numbers->exponent);
    if (result == HOLM_OK && key->open.bits < BITS_MIN)
        result = HOLM_ERR_UNSUPPORTED;
    if (result == HOLM_OK && !private_make(key, numbers))
        result = HOLM_ERR_MALFORMED;
    if (result != HOLM_OK)
        holm_rsa_private_close(key);
    return result;
}

void holm_rsa_private_close(struct holm_rsa_private *key)
{
    holm_secret_wipe(key, sizeof *key);
}

/* exponent_blind sets out, which has a limb more, to the exponent and a random multiple of prime - 1. */
static void exponent_blind(uint64_t out[HALF_MAX + 1], const struct holm_rsa_private *key,
                           size_t half, struct holm_random *random)
{
    const struct holm_rsa__half *of = &HOLM_AT(key->halves, half);
    uint64_t less[HALF_MAX] = { 0 };

    for (size_t i = 0; i <= key->limbs; i++)
        HOLM_NTH(out, HALF_MAX + 1, i) = i < key->limbs ? HOLM_AT(of->exponent, i) : 0;
    for (size_t i = 0; i < key->limbs; i++)
        HOLM_AT(less, i) = HOLM_AT(of->m, i);
    HOLM_AT(less, 0) -= 1; /* it is odd */
    HOLM_NTH(out, HALF_MAX + 1, key->limbs) =
        row_add(out, HALF_MAX + 1, 0, less, holm_random_u64(random), key->limbs);
    holm_secret_wipe(less, sizeof less);
}

/* What is raised for a half, and to what. */
struct half_power {
    struct holm_modulus modulus;
    uint64_t base[HALF_MAX], exponent[HALF_MAX + 1];
};

/* half_begin makes that of a number, of twice the limbs. */
static void half_begin(struct half_power *power, const struct holm_rsa_private *key, size_t half,
                       const uint64_t number[HOLM_RSA__LIMBS_MAX], struct holm_random *random)
{
    uint64_t *base = power->base, low[HALF_MAX];

    power->modulus = modulus_of(key, half);
    for (size_t i = 0; i < key->limbs; i++) {
        HOLM_AT(low, i) = HOLM_NTH(number, HOLM_RSA__LIMBS_MAX, i);
        HOLM_NTH(base, HALF_MAX, i) = HOLM_NTH(number, HOLM_RSA__LIMBS_MAX, key->limbs + i);
    }
    /* the upper limbs count R times: their form is what they are worth */
    holm_montgomery__enter(base, base, &power->modulus);
    holm_montgomery__enter(base, base, &power->modulus);
    holm_montgomery__enter(low, low, &power->modulus);
    holm_montgomery__add(base, base, low, &power->modulus);
    exponent_blind(power->exponent, key, half, random);
    holm_secret_wipe(low, sizeof low);
}

/* halves_power sets first and second to the number, of twice the limbs, to the power of each half's exponent. */
static void halves_power(uint64_t *first, uint64_t *second, const struct holm_rsa_private *key,
                         const uint64_t number[HOLM_RSA__LIMBS_MAX], struct holm_random *random)
{
    struct half_power halves[2];
    const struct half_power *one = &halves[0], *other = &halves[1];

    half_begin(&halves[0], key, 0, number, random);
    half_begin(&halves[1], key, 1, number, random);
    const struct holm_powers powers = { { { first, one->base, one->exponent, &one->modulus },
                                          { second, other->base, other->exponent,
                                            &other->modulus } },
                                        2,
                                        key->limbs + 1 };
    holm_montgomery__powers(&powers);
    holm_montgomery__leave(first, first, &one->modulus);
    holm_montgomery__leave(second, second, &other->modulus);
    holm_secret_wipe(halves, sizeof halves);
}

/* joined makes of the results of both halves that of the whole: Garner's formula. */
static void joined(uint64_t whole[HOLM_RSA__LIMBS_MAX], const struct holm_rsa_private *key,
                   uint64_t first[HALF_MAX], const uint64_t second[HALF_MAX])
{
    const struct holm_modulus modulus = modulus_of(key, 0);
    uint64_t reduced[HALF_MAX], carry = 0;
    size_t limbs = key->limbs;

    for (size_t i = 0; i < limbs; i++)
        HOLM_AT(reduced, i) = HOLM_NTH(second, HALF_MAX, i);
    holm_montgomery__enter(reduced, reduced, &modulus); /* it may be above the first prime */
    holm_montgomery__leave(reduced, reduced, &modulus);
    holm_montgomery__subtract(first, first, reduced, &modulus);
    holm_montgomery__enter(first, first, &modulus);
    holm_montgomery__multiply(first, first, key->coefficient, &modulus);
    holm_rsa__product(whole, first, HOLM_AT(key->halves, 1).m, limbs);
    for (size_t i = 0; i < 2 * limbs; i++) {
        struct holm_wide sum =
            holm_wide_multiply_add(1, HOLM_NTH(whole, HOLM_RSA__LIMBS_MAX, i),
                                   i < limbs ? HOLM_NTH(second, HALF_MAX, i) : 0, carry);
        HOLM_NTH(whole, HOLM_RSA__LIMBS_MAX, i) = sum.low;
        carry = sum.high;
    }
    holm_secret_wipe(reduced, sizeof reduced);
}

enum holm_result holm_rsa__power(const struct holm_rsa_private *key, struct holm_span value,
                                 struct holm_random *random)
{
    uint64_t number[HOLM_RSA__LIMBS_MAX], first[HALF_MAX], second[HALF_MAX];
    uint8_t message[HOLM_RSA_BYTES_MAX], again[HOLM_RSA_BYTES_MAX];
    struct holm_buffer copy = holm_span_buffer((struct holm_span){ message, value.len });
    struct holm_span undone = { again, value.len };

    holm_assert(holm_buffer_bytes(&copy, holm_span_bytes(value)));
    holm_limbs__read(number, 2 * (size_t)key->limbs, holm_span_bytes(value));
    if (!holm_limbs__below(number, key->open.m, key->open.limbs)) {
        holm_span_fill(value, 0);
        return HOLM_ERR_INVALID;
    }
    halves_power(first, second, key, number, random);
    joined(number, key, first, second);
    holm_limbs__write(value, number, 2 * (size_t)key->limbs);
    bool right = holm_rsa__open(&key->open, undone, holm_span_bytes(value)) &&
                 holm_secret_equal(holm_span_bytes(undone), holm_buffer_filled(&copy));
    if (!right)
        holm_span_fill(value, 0);
    holm_secret_wipe(number, sizeof number);
    holm_secret_wipe(first, sizeof first);
    holm_secret_wipe(second, sizeof second);
    return right ? HOLM_OK : HOLM_ERR_INVALID;
}

enum holm_result holm_rsa_sign(const struct holm_rsa_private *key, struct holm_span signature,
                               const struct holm_hash *hash, struct holm_bytes digest,
                               struct holm_random *random)
{
    holm_assert(signature.len == (key->open.bits + 7) / 8);
    if (!holm_rsa__message(signature, hash, digest))
        return HOLM_ERR_INVALID;
    return holm_rsa__power(key, signature, random);
}

enum holm_result holm_rsa_sign_pss(const struct holm_rsa_private *key, struct holm_span signature,
                                   const struct holm_hash *hash, struct holm_bytes digest,
                                   struct holm_random *random)
{
    uint32_t bits = key->open.bits - 1;
    uint8_t room[HOLM_HASH_DIGEST_MAX];
    struct holm_span salt = { room, hash->digest_bytes }, message = signature, block = { 0 },
                     tag = { 0 };
    struct holm_span place = { 0 };

    holm_assert(signature.len == (key->open.bits + 7) / 8);
    if (digest.len != hash->digest_bytes || signature.len < 2 * digest.len + 3)
        return HOLM_ERR_INVALID;
    holm_span_fill(signature, 0);
    if (bits % 8 == 0)
        holm_assert(holm_span_part(signature, 1, signature.len - 1, &message));
    size_t block_len = message.len - digest.len - 1;
    holm_assert(holm_span_part(message, 0, block_len, &block) &&
                holm_span_part(message, block_len, digest.len, &tag) &&
                holm_span_part(block, block_len - salt.len, salt.len, &place));
    holm_random_fill(random, salt);
    struct holm_buffer out = holm_span_buffer(place);
    holm_assert(holm_buffer_bytes(&out, holm_span_bytes(salt)));
    HOLM_NTH(block.ptr, block.len, block.len - salt.len - 1) = 1;
    holm_rsa__pss_tag(tag, hash, digest, holm_span_bytes(salt));
    holm_rsa__mask(hash, block, holm_span_bytes(tag));
    HOLM_NTH(block.ptr, block.len, 0) &= (uint8_t)(0xff >> (8 * message.len - bits));
    HOLM_NTH(message.ptr, message.len, message.len - 1) = HOLM_RSA__PSS_END;
    return holm_rsa__power(key, signature, random);
}
