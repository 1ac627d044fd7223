/* SPDX-License-Identifier: ISC */
/* bench_crypto.c [LEVEL [NAME]]: primitives beside OpenSSL's libcrypto in one process, on its own thread: rounds
 * alternate, medians are compared. Without LEVEL (base, aesni, avx2, avx512) all that the processor
 * has; with NAME only what has a name that begins so. More than 1.00 is faster than libcrypto. */
#include "../test/level.h"

#include <holm/aead.h>
#include <holm/agreement.h>
#include <holm/kem.h>
#include <holm/rsa.h>
#include <holm/signature.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 11, TEXT_MAX = 16384, TAG = 16 };
#define ROUND_NS 2000000.0

static uint8_t text[TEXT_MAX], sealed[TEXT_MAX + TAG], other[TEXT_MAX + TAG], made[256];
static const uint8_t secret[66] = { 1, 2, 3, 4, 5 }, nonce[16] = { 6, 7 }, about[13] = { 8 };
static size_t made_bytes;

/* What is measured: one of the two is not NULL. */
struct thing {
    const char *name;
    const struct holm_aead *aead;
    const struct holm_hash *hash;
    const struct holm_signature *signature;
    const struct holm_agreement *agreement;
    const struct holm_kem *kem;
    const char *peer;
};

/* What both sides have ready before they are timed. */
struct ready {
    const struct thing *thing;
    size_t len;
    struct holm_aead_key key;
    uint8_t public_key[HOLM_SIGNATURE_PUBLIC_MAX];
    EVP_CIPHER_CTX *cipher;
    const EVP_MD *digest;
    EVP_PKEY *pkey;
    EVP_MD_CTX *signing;
};

typedef void step_function(struct ready *ready);

static void must(bool good)
{
    if (!good)
        abort();
}

static struct holm_bytes bytes(const uint8_t *from, size_t len)
{
    return (struct holm_bytes){ from, len };
}

static void seal_ours(struct ready *ready)
{
    holm_aead_seal(&ready->key, (struct holm_span){ sealed, ready->len + TAG }, bytes(nonce, 12),
                   HOLM_BLOB(about), bytes(text, ready->len));
}

static void seal_peers(struct ready *ready)
{
    int len = 0;

    must(EVP_EncryptInit_ex(ready->cipher, NULL, NULL, NULL, nonce) == 1 &&
         EVP_EncryptUpdate(ready->cipher, NULL, &len, about, sizeof about) == 1 &&
         EVP_EncryptUpdate(ready->cipher, other, &len, text, (int)ready->len) == 1 &&
         EVP_EncryptFinal_ex(ready->cipher, made, &len) == 1 &&
         EVP_CIPHER_CTX_ctrl(ready->cipher, EVP_CTRL_AEAD_GET_TAG, TAG,
                             &HOLM_AT(other, ready->len)) == 1);
}

static void open_ours(struct ready *ready)
{
    must(holm_aead_open(&ready->key, (struct holm_span){ other, ready->len }, bytes(nonce, 12),
                        HOLM_BLOB(about), bytes(sealed, ready->len + TAG)) == HOLM_OK);
}

static void open_peers(struct ready *ready)
{
    int len = 0;

    must(EVP_DecryptInit_ex(ready->cipher, NULL, NULL, NULL, nonce) == 1 &&
         EVP_DecryptUpdate(ready->cipher, NULL, &len, about, sizeof about) == 1 &&
         EVP_DecryptUpdate(ready->cipher, other, &len, sealed, (int)ready->len) == 1 &&
         EVP_CIPHER_CTX_ctrl(ready->cipher, EVP_CTRL_AEAD_SET_TAG, TAG,
                             &HOLM_AT(sealed, ready->len)) == 1 &&
         EVP_DecryptFinal_ex(ready->cipher, made, &len) == 1);
}

static void hash_ours(struct ready *ready)
{
    holm_hash(ready->thing->hash, (struct holm_span){ made, ready->thing->hash->digest_bytes },
              bytes(text, ready->len));
}

static void hash_peers(struct ready *ready)
{
    unsigned len = 0;

    must(EVP_DigestInit_ex2(ready->signing, ready->digest, NULL) == 1 &&
         EVP_DigestUpdate(ready->signing, text, ready->len) == 1 &&
         EVP_DigestFinal_ex(ready->signing, made, &len) == 1);
}

static uint64_t now_ns(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time); /* others may have the processor too */
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static double round_ns(step_function *step, struct ready *ready, size_t loops)
{
    uint64_t start = now_ns();

    for (size_t i = 0; i < loops; i++)
        step(ready);
    return (double)(now_ns() - start) / (double)loops;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void compare(const char *what, struct ready *ready, step_function *ours,
                    step_function *peers)
{
    static double times[2][ROUNDS];
    size_t loops = (size_t)(ROUND_NS / (round_ns(ours, ready, 8) + round_ns(peers, ready, 8))) + 1;

    for (size_t round = 0; round < ROUNDS; round++) {
        HOLM_AT(times[0], round) = round_ns(ours, ready, loops);
        HOLM_AT(times[1], round) = round_ns(peers, ready, loops);
    }
    qsort(times[0], ROUNDS, sizeof(double), by_value);
    qsort(times[1], ROUNDS, sizeof(double), by_value);
    printf("  %-18s %-6s %6zu bytes %10.0f ns, libcrypto %10.0f ns: %5.2f\n", ready->thing->name,
           what, ready->len, HOLM_AT(times[0], ROUNDS / 2), HOLM_AT(times[1], ROUNDS / 2),
           HOLM_AT(times[1], ROUNDS / 2) / HOLM_AT(times[0], ROUNDS / 2));
}

static void aead_measure(struct ready *ready)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, ready->thing->peer, NULL);
    size_t key_bytes = ready->thing->aead->key_bytes;

    must(cipher != NULL && EVP_EncryptInit_ex(ready->cipher, cipher, NULL, secret, nonce) == 1);
    holm_aead_init(&ready->key, ready->thing->aead, bytes(secret, key_bytes));
    seal_ours(ready);
    seal_peers(ready);
    must(memcmp(sealed, other, ready->len + TAG) == 0);
    compare("seal", ready, seal_ours, seal_peers);
    must(EVP_DecryptInit_ex(ready->cipher, cipher, NULL, secret, nonce) == 1);
    compare("open", ready, open_ours, open_peers);
    EVP_CIPHER_free(cipher);
}

static void hash_measure(struct ready *ready)
{
    EVP_MD *digest = EVP_MD_fetch(NULL, ready->thing->peer, NULL);

    must(digest != NULL);
    ready->digest = digest;
    compare("hash", ready, hash_ours, hash_peers);
    EVP_MD_free(digest);
}

static void agree_ours(struct ready *ready)
{
    const struct holm_agreement *agreement = ready->thing->agreement;

    must(holm_agreement_agree(agreement, (struct holm_span){ made, agreement->shared_bytes },
                              bytes(secret, agreement->secret_bytes),
                              bytes(ready->public_key, agreement->public_bytes)) == HOLM_OK);
}

static void agree_peers(struct ready *ready)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ready->pkey, NULL);
    size_t len = sizeof made;

    must(EVP_PKEY_derive_init(context) == 1 &&
         EVP_PKEY_derive_set_peer(context, ready->pkey) == 1 &&
         EVP_PKEY_derive(context, made, &len) == 1);
    EVP_PKEY_CTX_free(context);
}

static struct holm_signature_what what_signed(const struct ready *ready)
{
    return (struct holm_signature_what){ .hash = &holm_sha256, .bytes = bytes(text, ready->len) };
}

static void sign_ours(struct ready *ready)
{
    const struct holm_signature *signature = ready->thing->signature;
    struct holm_signature_what what = what_signed(ready);

    if (signature->takes_message) /* libcrypto's keys have it too */
        what.key = bytes(ready->public_key, signature->public_bytes);
    holm_signature_sign(signature, (struct holm_span){ sealed, signature->signature_bytes },
                        bytes(secret, signature->secret_bytes), &what);
}

static void verify_ours(struct ready *ready)
{
    const struct holm_signature *signature = ready->thing->signature;
    const struct holm_signature_what what = what_signed(ready);

    must(holm_signature_verify(signature, bytes(sealed, signature->signature_bytes),
                               bytes(ready->public_key, signature->public_bytes), &what));
}

/* ECDSA signs a digest, Ed25519 all of the message: they have no one call for it. */
static void sign_peers(struct ready *ready)
{
    made_bytes = sizeof made;
    if (ready->thing->signature->takes_message) {
        must(EVP_DigestSignInit(ready->signing, NULL, NULL, NULL, ready->pkey) == 1 &&
             EVP_DigestSign(ready->signing, made, &made_bytes, text, ready->len) == 1);
        return;
    }
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ready->pkey, NULL);
    must(EVP_PKEY_sign_init(context) == 1 &&
         EVP_PKEY_sign(context, made, &made_bytes, text, ready->len) == 1);
    EVP_PKEY_CTX_free(context);
}

static void verify_peers(struct ready *ready)
{
    if (ready->thing->signature->takes_message) {
        must(EVP_DigestVerifyInit(ready->signing, NULL, NULL, NULL, ready->pkey) == 1 &&
             EVP_DigestVerify(ready->signing, made, made_bytes, text, ready->len) == 1);
        return;
    }
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ready->pkey, NULL);
    must(EVP_PKEY_verify_init(context) == 1 &&
         EVP_PKEY_verify(context, made, made_bytes, text, ready->len) == 1);
    EVP_PKEY_CTX_free(context);
}

static void public_measure(struct ready *ready)
{
    const struct thing *thing = ready->thing;
    const char *name = thing->peer;

    ready->len = 32;
    ready->pkey = strncmp(name, "P-", 2) == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", name)
                                              : EVP_PKEY_Q_keygen(NULL, NULL, name);
    must(ready->pkey != NULL);
    if (thing->agreement != NULL) {
        holm_agreement_public(
            thing->agreement,
            (struct holm_span){ ready->public_key, thing->agreement->public_bytes },
            bytes(secret, thing->agreement->secret_bytes));
        compare("agree", ready, agree_ours, agree_peers);
    } else {
        holm_signature_public(
            thing->signature,
            (struct holm_span){ ready->public_key, thing->signature->public_bytes },
            bytes(secret, thing->signature->secret_bytes));
        compare("sign", ready, sign_ours, sign_peers);
        compare("verify", ready, verify_ours, verify_peers);
    }
    EVP_PKEY_free(ready->pkey);
}

static struct holm_rsa_private rsa_key;
static struct holm_random_seeded dice;

static struct holm_bytes number_of(const EVP_PKEY *pkey, const char *name, uint8_t room[512])
{
    BIGNUM *number = NULL;

    must(EVP_PKEY_get_bn_param(pkey, name, &number) == 1);
    int len = BN_bn2bin(number, room);
    BN_free(number);
    return bytes(room, (size_t)len);
}

static struct holm_bytes digest_signed(void)
{
    return bytes(text, 32);
}

static void rsa_sign_ours(struct ready *ready)
{
    struct holm_random random = holm_random_from_seeded(&dice);

    (void)ready;
    must(holm_rsa_sign(&rsa_key, (struct holm_span){ sealed, made_bytes }, &holm_sha256,
                       digest_signed(), &random) == HOLM_OK);
}

static void rsa_verify_ours(struct ready *ready)
{
    (void)ready;
    must(holm_rsa_verify(&rsa_key.open, &holm_sha256, digest_signed(), bytes(sealed, made_bytes)));
}

static EVP_PKEY_CTX *rsa_context(struct ready *ready, bool signs)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ready->pkey, NULL);

    must((signs ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context)) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1);
    return context;
}

static void rsa_sign_peers(struct ready *ready)
{
    EVP_PKEY_CTX *context = rsa_context(ready, true);
    size_t len = sizeof other;

    must(EVP_PKEY_sign(context, other, &len, text, 32) == 1);
    EVP_PKEY_CTX_free(context);
}

static void rsa_verify_peers(struct ready *ready)
{
    EVP_PKEY_CTX *context = rsa_context(ready, false);

    must(EVP_PKEY_verify(context, other, made_bytes, text, 32) == 1);
    EVP_PKEY_CTX_free(context);
}

static void rsa_measure(struct ready *ready, const char *name, unsigned bits)
{
    static uint8_t room[8][512];
    const struct thing thing = { .name = name };

    ready->thing = &thing;
    ready->len = 32;
    ready->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
    must(ready->pkey != NULL);
    const struct holm_rsa_numbers numbers = {
        .modulus = number_of(ready->pkey, OSSL_PKEY_PARAM_RSA_N, HOLM_AT(room, 0)),
        .exponent = number_of(ready->pkey, OSSL_PKEY_PARAM_RSA_E, HOLM_AT(room, 1)),
        .primes = { number_of(ready->pkey, OSSL_PKEY_PARAM_RSA_FACTOR1, HOLM_AT(room, 2)),
                    number_of(ready->pkey, OSSL_PKEY_PARAM_RSA_FACTOR2, HOLM_AT(room, 3)) },
        .exponents = { number_of(ready->pkey, OSSL_PKEY_PARAM_RSA_EXPONENT1, HOLM_AT(room, 4)),
                       number_of(ready->pkey, OSSL_PKEY_PARAM_RSA_EXPONENT2, HOLM_AT(room, 5)) },
        .coefficient = number_of(ready->pkey, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, HOLM_AT(room, 6))
    };
    must(holm_rsa_private_init(&rsa_key, &numbers) == HOLM_OK);
    made_bytes = bits / 8;
    rsa_sign_ours(ready);
    rsa_sign_peers(ready);
    must(memcmp(sealed, other, made_bytes) == 0);
    compare("sign", ready, rsa_sign_ours, rsa_sign_peers);
    compare("verify", ready, rsa_verify_ours, rsa_verify_peers);
    EVP_PKEY_free(ready->pkey);
}

static uint8_t kem_secret[HOLM_KEM_SECRET_MAX], kem_key[HOLM_KEM_PUBLIC_MAX],
    kem_sealed[HOLM_KEM_SEALED_MAX], kem_shared[HOLM_KEM_SHARED_MAX];

static void kem_make_ours(struct ready *ready)
{
    struct holm_random random = holm_random_from_seeded(&dice);
    const struct holm_kem *kem = ready->thing->kem;

    holm_kem_secret(kem, (struct holm_span){ kem_secret, kem->secret_bytes }, &random);
    holm_kem_public(kem, (struct holm_span){ kem_key, kem->public_bytes },
                    bytes(kem_secret, kem->secret_bytes));
}

static void kem_seal_ours(struct ready *ready)
{
    struct holm_random random = holm_random_from_seeded(&dice);
    const struct holm_kem *kem = ready->thing->kem;

    must(holm_kem_encapsulate(kem, (struct holm_span){ kem_shared, sizeof kem_shared },
                              (struct holm_span){ kem_sealed, kem->sealed_bytes },
                              bytes(kem_key, kem->public_bytes), &random) == HOLM_OK);
}

static void kem_open_ours(struct ready *ready)
{
    const struct holm_kem *kem = ready->thing->kem;

    must(holm_kem_decapsulate(kem, (struct holm_span){ kem_shared, sizeof kem_shared },
                              bytes(kem_secret, kem->secret_bytes),
                              bytes(kem_sealed, kem->sealed_bytes)) == HOLM_OK);
}

static void kem_make_peers(struct ready *ready)
{
    EVP_PKEY_free(ready->pkey);
    ready->pkey = EVP_PKEY_Q_keygen(NULL, NULL, ready->thing->peer);
    must(ready->pkey != NULL);
}

static void kem_seal_peers(struct ready *ready)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ready->pkey, NULL);
    size_t len = sizeof made;

    made_bytes = sizeof sealed;
    must(EVP_PKEY_encapsulate_init(context, NULL) == 1 &&
         EVP_PKEY_encapsulate(context, sealed, &made_bytes, made, &len) == 1);
    EVP_PKEY_CTX_free(context);
}

static void kem_open_peers(struct ready *ready)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ready->pkey, NULL);
    size_t len = sizeof made;

    must(EVP_PKEY_decapsulate_init(context, NULL) == 1 &&
         EVP_PKEY_decapsulate(context, made, &len, sealed, made_bytes) == 1);
    EVP_PKEY_CTX_free(context);
}

static void none_peers(struct ready *ready)
{
    (void)ready;
}

/* kem_measure: libcrypto has them since 3.5; it keeps the matrix of a key, so the figures that are like
 * ours are of keys that are new. An older one is left out. */
static void kem_measure(struct ready *ready)
{
    ready->len = 32;
    ready->pkey = EVP_PKEY_Q_keygen(NULL, NULL, ready->thing->peer);
    bool there = ready->pkey != NULL;
    if (!there)
        printf("  %s: this libcrypto has none: times are of ours alone\n", ready->thing->name);
    compare("make", ready, kem_make_ours, there ? kem_make_peers : none_peers);
    compare("seal", ready, kem_seal_ours, there ? kem_seal_peers : none_peers);
    compare("open", ready, kem_open_ours, there ? kem_open_peers : none_peers);
    EVP_PKEY_free(ready->pkey);
}

static const struct thing things[] = {
    { .name = "AES-128-GCM", .aead = &holm_aes_128_gcm, .peer = "AES-128-GCM" },
    { .name = "AES-256-GCM", .aead = &holm_aes_256_gcm, .peer = "AES-256-GCM" },
    { .name = "ChaCha20-Poly1305", .aead = &holm_chacha20_poly1305, .peer = "ChaCha20-Poly1305" },
    { .name = "SHA-256", .hash = &holm_sha256, .peer = "SHA256" },
    { .name = "SHA-512", .hash = &holm_sha512, .peer = "SHA512" },
    { .name = "SHA3-256", .hash = &holm_sha3_256, .peer = "SHA3-256" },
};

static const struct thing public_things[] = {
    { .name = "X25519", .agreement = &holm_x25519, .peer = "X25519" },
    { .name = "X448", .agreement = &holm_x448, .peer = "X448" },
    { .name = "ECDH(P-256)", .agreement = &holm_ecdh_p256, .peer = "P-256" },
    { .name = "ECDSA(P-256)", .signature = &holm_ecdsa_p256, .peer = "P-256" },
    { .name = "ECDSA(P-384)", .signature = &holm_ecdsa_p384, .peer = "P-384" },
    { .name = "ECDSA(P-521)", .signature = &holm_ecdsa_p521, .peer = "P-521" },
    { .name = "Ed25519", .signature = &holm_ed25519, .peer = "ED25519" },
    { .name = "Ed448", .signature = &holm_ed448, .peer = "ED448" },
    { .name = "ML-KEM-512", .kem = &holm_ml_kem_512, .peer = "ML-KEM-512" },
    { .name = "ML-KEM-768", .kem = &holm_ml_kem_768, .peer = "ML-KEM-768" },
    { .name = "ML-KEM-1024", .kem = &holm_ml_kem_1024, .peer = "ML-KEM-1024" },
};

static const char *wanted = "";

static bool is_wanted(const char *name)
{
    return strncmp(name, wanted, strlen(wanted)) == 0;
}

static void level_measure(const char *name)
{
    static const size_t sizes[] = { 64, 1350, TEXT_MAX };
    static struct ready ready;

    if (!level_use(name)) {
        printf("%s: this processor does not have it\n", name);
        return;
    }
    printf("%s:\n", name);
    ready = (struct ready){ .cipher = EVP_CIPHER_CTX_new(), .signing = EVP_MD_CTX_new() };
    must(ready.cipher != NULL && ready.signing != NULL);
    for (size_t i = 0; i < HOLM_COUNT(things) * HOLM_COUNT(sizes); i++) {
        ready.thing = &HOLM_AT(things, i / HOLM_COUNT(sizes));
        ready.len = HOLM_AT(sizes, i % HOLM_COUNT(sizes));
        if (!is_wanted(ready.thing->name))
            continue;
        if (ready.thing->aead != NULL)
            aead_measure(&ready);
        else
            hash_measure(&ready);
    }
    for (size_t i = 0; i < HOLM_COUNT(public_things); i++) {
        ready.thing = &HOLM_AT(public_things, i);
        if (!is_wanted(ready.thing->name))
            continue;
        if (ready.thing->kem != NULL)
            kem_measure(&ready);
        else
            public_measure(&ready);
    }
    if (is_wanted("RSA-2048"))
        rsa_measure(&ready, "RSA-2048", 2048);
    if (is_wanted("RSA-3072"))
        rsa_measure(&ready, "RSA-3072", 3072);
    if (is_wanted("RSA-4096"))
        rsa_measure(&ready, "RSA-4096", 4096);
    EVP_CIPHER_CTX_free(ready.cipher);
    EVP_MD_CTX_free(ready.signing);
}

int main(int argc, char **argv)
{
    static const char *const levels[] = { LEVELS };

    if (argc > 2)
        wanted = *(char **)holm_element(argv, 3, sizeof *argv, 2);
    if (argc > 1) {
        level_measure(*(char **)holm_element(argv, 2, sizeof *argv, 1));
        return 0;
    }
    for (size_t i = 0; i < HOLM_COUNT(levels); i++)
        if (level_use(HOLM_AT(levels, i)))
            level_measure(HOLM_AT(levels, i));
    return 0;
}
