/* SPDX-License-Identifier: ISC */
/* crypt_rsa.c: what is signed with keys of RSA. A public key is its exponent, in four bytes, and the modulus; a secret one
 * that, the two primes, the exponent of each, and the coefficient, each as long as half of the modulus. */
#include "crypt.h"

#include <holm/rsa_generate.h>
#include <holm/secret.h>
#include <stdio.h>

enum { EXPONENT_BYTES = 4, SALT_BYTES = 32, PARTS = 5 };

struct crypt_rsa {
    struct holm_bytes name;
    uint32_t bits;
    bool pss;
};

static const struct crypt_rsa all[] = {
    { HOLM_TEXT("RSA(2048)"), 2048, false },    { HOLM_TEXT("RSA(3072)"), 3072, false },
    { HOLM_TEXT("RSA(4096)"), 4096, false },    { HOLM_TEXT("RSA-PSS(2048)"), 2048, true },
    { HOLM_TEXT("RSA-PSS(3072)"), 3072, true }, { HOLM_TEXT("RSA-PSS(4096)"), 4096, true }
};

const struct crypt_rsa *crypt_rsa_find(const char *name)
{
    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        if (crypt_is(HOLM_AT(all, i).name, name))
            return &HOLM_AT(all, i);
    return NULL;
}

void crypt_rsa_list(void)
{
    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        (void)printf(" %.*s", (int)HOLM_AT(all, i).name.len,
                     (const char *)HOLM_AT(all, i).name.ptr);
}

static size_t modulus_bytes(const struct crypt_rsa *rsa)
{
    return rsa->bits / 8;
}

static size_t public_bytes(const struct crypt_rsa *rsa)
{
    return EXPONENT_BYTES + modulus_bytes(rsa);
}

static size_t secret_bytes(const struct crypt_rsa *rsa)
{
    return public_bytes(rsa) + PARTS * (modulus_bytes(rsa) / 2);
}

/* secret_take makes a key ready of what stands in a file; false: it is none of this algorithm. */
static bool secret_take(struct holm_rsa_private *key, const struct crypt_rsa *rsa,
                        struct holm_bytes bytes)
{
    struct holm_rsa_numbers numbers = { 0 };
    size_t half = modulus_bytes(rsa) / 2;

    return holm_bytes_take(&bytes, EXPONENT_BYTES, &numbers.exponent) &&
           holm_bytes_take(&bytes, modulus_bytes(rsa), &numbers.modulus) &&
           holm_bytes_take(&bytes, half, &numbers.primes[0]) &&
           holm_bytes_take(&bytes, half, &HOLM_AT(numbers.primes, 1)) &&
           holm_bytes_take(&bytes, half, &numbers.exponents[0]) &&
           holm_bytes_take(&bytes, half, &HOLM_AT(numbers.exponents, 1)) &&
           holm_bytes_take(&bytes, half, &numbers.coefficient) && bytes.len == 0 &&
           holm_rsa_private_init(key, &numbers) == HOLM_OK && key->open.bits == rsa->bits;
}

static bool public_take(struct holm_rsa_public *key, const struct crypt_rsa *rsa,
                        struct holm_bytes bytes)
{
    struct holm_bytes exponent = { 0 };

    return holm_bytes_take(&bytes, EXPONENT_BYTES, &exponent) &&
           holm_rsa_public_init(key, bytes, exponent) == HOLM_OK && key->bits == rsa->bits;
}

/* digest_read sets *digest, in room, to that of the input. */
static bool digest_read(struct holm_bytes *digest, uint8_t room[HOLM_HASH_DIGEST_MAX],
                        const struct crypt_words *words)
{
    const struct holm_span made = { room, holm_sha256.digest_bytes };
    struct holm_span message = { 0 };

    if (!crypt_read(&message, words->in))
        return false;
    holm_hash(&holm_sha256, made, holm_span_bytes(message));
    crypt_release(message);
    *digest = holm_span_bytes(made);
    return true;
}

/* key_ready reads the secret key that the words name. */
static bool key_ready(struct holm_rsa_private *key, const struct crypt_words *words,
                      const struct crypt_rsa *rsa)
{
    uint8_t room[CRYPT_KEY_MAX];
    struct holm_buffer secret = HOLM_BUFFER(room);

    if (!crypt_key_read(&secret, words, secret_bytes(rsa), secret_bytes(rsa)))
        return false;
    bool ready = secret_take(key, rsa, holm_buffer_filled(&secret));
    holm_secret_wipe(room, sizeof room);
    if (!ready)
        (void)crypt_trouble(words->key, "no secret of this algorithm");
    return ready;
}

int crypt_rsa_sign(const struct crypt_words *words, const struct crypt_rsa *rsa)
{
    uint8_t room[HOLM_HASH_DIGEST_MAX], made[CRYPT_KEY_MAX];
    const struct holm_span out = { made, modulus_bytes(rsa) };
    struct holm_bytes digest = { 0 };
    struct holm_rsa_private key = { 0 };
    struct holm_random random;
    enum holm_result result = HOLM_ERR_INVALID;

    bool ready = key_ready(&key, words, rsa) && crypt_generator(&random) &&
                 digest_read(&digest, room, words);
    if (ready)
        result = (rsa->pss ? holm_rsa_sign_pss : holm_rsa_sign)(&key, out, &holm_sha256, digest,
                                                                &random);
    holm_rsa_private_close(&key);
    if (ready && result != HOLM_OK) /* its exponents or its coefficient are others' */
        return crypt_trouble(words->key, "no secret of this algorithm");
    return ready && crypt_form_write(words->out, holm_span_bytes(out), words->form, CRYPT_RESULT)
               ? STATUS_DONE
               : STATUS_TROUBLE;
}

int crypt_rsa_verify(const struct crypt_words *words, const struct crypt_rsa *rsa)
{
    uint8_t room[CRYPT_KEY_MAX], other[CRYPT_KEY_MAX], of_digest[HOLM_HASH_DIGEST_MAX];
    struct holm_buffer bytes = HOLM_BUFFER(room), made = HOLM_BUFFER(other);
    struct holm_bytes digest = { 0 };
    struct holm_rsa_public key;

    if (!crypt_key_read(&bytes, words, public_bytes(rsa), public_bytes(rsa)))
        return STATUS_TROUBLE;
    if (!public_take(&key, rsa, holm_buffer_filled(&bytes)))
        return crypt_trouble(words->key, "no key of this algorithm");
    if (!crypt_form_read(&made, words->signature, words->form) ||
        !digest_read(&digest, of_digest, words))
        return STATUS_TROUBLE;
    const struct holm_bytes signature = holm_buffer_filled(&made);
    bool right = rsa->pss ? holm_rsa_verify_pss(&key, &holm_sha256, &holm_sha256, SALT_BYTES,
                                                digest, signature)
                          : holm_rsa_verify(&key, &holm_sha256, digest, signature);
    return crypt_judge(right);
}

int crypt_rsa_keygen(const struct crypt_words *words, const struct crypt_rsa *rsa)
{
    static const uint8_t exponent[EXPONENT_BYTES] = { 0, 1, 0, 1 };
    uint8_t room[CRYPT_KEY_MAX];
    struct holm_buffer secret = HOLM_BUFFER(room);
    struct holm_rsa_generated made;
    struct holm_rsa_private key;
    struct holm_bytes open = { 0 };
    struct holm_random random;

    if (!crypt_generator(&random))
        return STATUS_TROUBLE;
    if (holm_rsa_generate(&made, &key, rsa->bits, &random) != HOLM_OK)
        return crypt_trouble(words->algorithm, "no key was found");
    holm_rsa_private_close(&key);
    const struct holm_rsa_numbers numbers = holm_rsa_generated_numbers(&made);
    holm_assert(holm_buffer_bytes(&secret, HOLM_BLOB(exponent)) &&
                holm_buffer_bytes(&secret, numbers.modulus));
    holm_assert(holm_buffer_bytes(&secret, numbers.primes[0]) &&
                holm_buffer_bytes(&secret, HOLM_AT(numbers.primes, 1)) &&
                holm_buffer_bytes(&secret, numbers.exponents[0]) &&
                holm_buffer_bytes(&secret, HOLM_AT(numbers.exponents, 1)) &&
                holm_buffer_bytes(&secret, numbers.coefficient) &&
                holm_bytes_part(holm_buffer_filled(&secret), 0, public_bytes(rsa), &open));
    holm_rsa_generated_close(&made);
    int status = crypt_pair_write(words, holm_buffer_filled(&secret), open);
    holm_secret_wipe(room, sizeof room);
    return status;
}
