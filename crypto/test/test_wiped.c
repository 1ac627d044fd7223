/* SPDX-License-Identifier: ISC */
/* What is left of keys when all that had them is closed or has returned: each case runs on a stack of its own,
 * which is searched afterwards, as are the contexts, for any sixteen bytes of the key that lie side by side: as
 * they are, the other way round, as HMAC has them, or as AES's instructions do. That something would be found
 * is a case too. */
#include "dsa_domain.h"
#include "level.h"
#include "rsa_key.h"

#include <holm/aead.h>
#include <holm/agreement.h>
#include <holm/cipher.h>
#include <holm/dh.h>
#include <holm/dsa.h>
#include <holm/encoding.h>
#include <holm/fortuna.h>
#include <holm/kdf.h>
#include <holm/kem.h>
#include <holm/keywrap.h>
#include <holm/mac.h>
#include <holm/rsa.h>
#include <holm/secret.h>
#include <holm/signature.h>
#include <holm/test.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { STACK_BYTES = 1 << 20, KEY_BYTES = 66, WINDOW = 16, TEXT_BYTES = 300, LIMBS_BYTES = 160 };

static _Alignas(4096) uint8_t stack[STACK_BYTES];
static union {
    struct holm_mac_state mac;
    struct holm_aead_key aead;
    struct holm_cipher_state cipher;
    struct holm_chacha20 stream;
    struct holm_aes aes;
    struct holm_rsa_private rsa;
    struct holm_fortuna fortuna;
    struct holm_generator generator;
    uint8_t bytes[1];
} context;
static uint8_t key[KEY_BYTES], text[TEXT_BYTES], out[2048];
static const uint8_t nonce[HOLM_AEAD_NONCE_MAX] = { 1, 2, 3 };
static const void *algorithm; /* of the case */

static struct holm_bytes key_of(size_t len)
{
    return (struct holm_bytes){ key, len };
}

static struct holm_span room(size_t len)
{
    return (struct holm_span){ out, len };
}

/* is_key answers whether the sixteen bytes at are sixteen of the key's, from one place on. */
static bool is_key(struct holm_bytes piece, struct holm_bytes secret, size_t from)
{
    static const uint8_t added[] = { 0, 0x36, 0x5c };
    uint8_t a = 0, b = 0;

    for (size_t kind = 0; kind < HOLM_COUNT(added) + 1; kind++) {
        size_t same = 0;
        for (; same < WINDOW; same++) {
            size_t at = kind == HOLM_COUNT(added) ? WINDOW - 1 - same : same;
            holm_assert(holm_bytes_u8_at(piece, same, &a) &&
                        holm_bytes_u8_at(secret, from + at, &b));
            if (a != (b ^ (kind < HOLM_COUNT(added) ? HOLM_AT(added, kind) : 0)))
                break;
        }
        if (same == WINDOW)
            return true;
    }
    return false;
}

/* found is how many places of memory have a part of the secret. */
static size_t found(struct holm_bytes memory, struct holm_bytes secret)
{
    struct holm_bytes piece = { 0 };
    size_t count = 0;

    uint64_t any = 0;

    for (size_t at = 0; holm_bytes_part(memory, at, WINDOW, &piece); at++) {
        if (!holm_bytes_u64_at(memory, at, &any) || any == 0)
            continue;
        for (size_t from = 0; from + WINDOW <= secret.len; from++)
            if (is_key(piece, secret, from))
                count++;
    }
    return count;
}

typedef void case_function(void);

static void *case_run(void *run)
{
    case_function *const *function = run;

    (*function)();
    return NULL;
}

/* left is how many places of the stack and the context have a part of the secret once a case has run. */
static size_t left(case_function *function, struct holm_bytes secret)
{
    const struct holm_bytes all = { context.bytes, sizeof context };
    pthread_attr_t attributes;
    pthread_t thread;

    holm_span_fill((struct holm_span){ stack, sizeof stack }, 0);
    holm_span_fill((struct holm_span){ out, sizeof out }, 0);
    holm_assert(pthread_attr_init(&attributes) == 0 &&
                pthread_attr_setstack(&attributes, stack, sizeof stack) == 0 &&
                pthread_create(&thread, &attributes, case_run, &function) == 0 &&
                pthread_join(thread, NULL) == 0 && pthread_attr_destroy(&attributes) == 0);
    return found(HOLM_BLOB(stack), secret) + found(all, secret);
}

/* key_make makes a key in which no sixteen bytes come twice; its first is below every order. */
static void key_make(void)
{
    struct holm_random_seeded dice;

    holm_random_seeded_init(&dice, 77);
    for (size_t i = 0; i < KEY_BYTES; i++)
        HOLM_AT(key, i) = (uint8_t)(holm_random_seeded_next(&dice) >> 56);
    key[0] = 0;
}

static void mac_case(void)
{
    const struct holm_mac *mac = algorithm;

    holm_mac_init(&context.mac, mac, key_of(mac->key_max < 32 ? mac->key_max : 32));
    holm_mac_add(&context.mac, HOLM_BLOB(text));
    holm_mac_end(&context.mac, room(mac->tag_bytes));
}

static void aead_case(void)
{
    const struct holm_aead *aead = algorithm;
    const struct holm_bytes nonce_bytes = { nonce, aead->nonce_bytes };

    holm_aead_init(&context.aead, aead, key_of(aead->key_bytes));
    holm_aead_seal(&context.aead, room(TEXT_BYTES + aead->tag_bytes), nonce_bytes, nonce_bytes,
                   HOLM_BLOB(text));
    holm_assert(holm_aead_open(&context.aead, (struct holm_span){ text, TEXT_BYTES }, nonce_bytes,
                               nonce_bytes,
                               holm_span_bytes(room(TEXT_BYTES + aead->tag_bytes))) == HOLM_OK);
    holm_aead_close(&context.aead);
}

static void cipher_case(void)
{
    const struct holm_cipher *cipher = algorithm;

    holm_cipher_init(&context.cipher, cipher, HOLM_CIPHER_SEAL, key_of(cipher->key_bytes),
                     (struct holm_bytes){ nonce, cipher->start_bytes });
    holm_cipher_pass(&context.cipher, room(192), (struct holm_bytes){ text, 192 });
    holm_cipher_close(&context.cipher);
}

static void derive_case(void)
{
    holm_hkdf_expand(&holm_hmac_sha256, room(100), key_of(32), HOLM_BLOB(nonce));
    holm_pbkdf2(&holm_hmac_sha256, room(40), key_of(32), HOLM_BLOB(nonce), 3);
}

static void wrap_case(void)
{
    struct holm_buffer wrapped = { out, 0, sizeof out };

    holm_assert(holm_keywrap(&wrapped, key_of(32), key_of(32)) == HOLM_OK);
}

static void agreement_case(void)
{
    static uint8_t open[HOLM_DH_PUBLIC_MAX], shared[HOLM_DH_PUBLIC_MAX];
    const struct holm_agreement *agreement = algorithm;
    const struct holm_span public_key = { open, agreement->public_bytes };

    holm_agreement_public(agreement, public_key, key_of(agreement->secret_bytes));
    holm_assert(holm_agreement_agree(
                    agreement, (struct holm_span){ shared, agreement->shared_bytes },
                    key_of(agreement->secret_bytes), holm_span_bytes(public_key)) == HOLM_OK);
}

/* struct sealing is the secret that follows from the key, and what was sealed for it; so no case knows more. */
static struct {
    uint8_t secret[HOLM_KEM_SECRET_MAX], open[HOLM_KEM_PUBLIC_MAX], sealed[HOLM_KEM_SEALED_MAX];
    uint8_t shared[HOLM_KEM_SHARED_MAX];
} kem;

static struct holm_span first_of(uint8_t *bytes, size_t len)
{
    return (struct holm_span){ bytes, len };
}

static void kem_make_case(void)
{
    const struct holm_kem *of = algorithm;

    holm_kem_secret_from(of, first_of(kem.secret, of->secret_bytes), key_of(of->seed_bytes));
}

/* What is drawn, and all follows from, is the key. */
static void key_fill(struct holm_random *random, struct holm_span to)
{
    struct holm_buffer filling = holm_span_buffer(to);

    (void)random;
    holm_assert(holm_buffer_bytes(&filling, key_of(to.len)));
}

static void kem_seal_case(void)
{
    const struct holm_kem *of = algorithm;
    struct holm_random random = { .fill = key_fill };
    const struct holm_span open = first_of(kem.open, of->public_bytes);

    holm_kem_public(of, open, (struct holm_bytes){ kem.secret, of->secret_bytes });
    holm_assert(holm_kem_encapsulate(of, first_of(kem.shared, of->shared_bytes),
                                     first_of(kem.sealed, of->sealed_bytes), holm_span_bytes(open),
                                     &random) == HOLM_OK);
}

static void kem_open_case(void)
{
    const struct holm_kem *of = algorithm;

    holm_assert(holm_kem_decapsulate(of, first_of(kem.shared, of->shared_bytes),
                                     (struct holm_bytes){ kem.secret, of->secret_bytes },
                                     (struct holm_bytes){ kem.sealed, of->sealed_bytes }) ==
                HOLM_OK);
}

static void signature_case(void)
{
    const struct holm_signature *signature = algorithm;
    const struct holm_signature_what what = { .hash = &holm_sha256, .bytes = { nonce, 32 } };

    holm_signature_sign(signature, room(signature->signature_bytes),
                        key_of(signature->secret_bytes), &what);
}

static void dsa_case(void)
{
    static uint8_t secret[HOLM_DSA_SECRET_MAX], open[HOLM_DSA_PUBLIC_MAX];
    const struct holm_signature *signature = &holm_dsa_2048_224;
    const struct holm_signature_what what = { .hash = &holm_sha256, .bytes = { nonce, 12 } };
    struct holm_buffer all = HOLM_BUFFER(secret);

    holm_assert(holm_buffer_bytes(&all, HOLM_BLOB(dsa_domain)) &&
                holm_buffer_bytes(&all, key_of(28)));
    holm_signature_public(signature, (struct holm_span){ open, signature->public_bytes },
                          holm_buffer_filled(&all));
    holm_signature_sign(signature, room(signature->signature_bytes), holm_buffer_filled(&all),
                        &what);
}

static void rsa_case(void)
{
    static const uint8_t exponent[3] = { 1, 0, 1 };
    struct holm_random_seeded dice;
    struct holm_random random = holm_random_from_seeded(&dice);
    const struct holm_rsa_numbers numbers = {
        .modulus = HOLM_BLOB(rsa_modulus),
        .exponent = HOLM_BLOB(exponent),
        .primes = { HOLM_BLOB(rsa_prime_1), HOLM_BLOB(rsa_prime_2) },
        .exponents = { HOLM_BLOB(rsa_exponent_1), HOLM_BLOB(rsa_exponent_2) },
        .coefficient = HOLM_BLOB(rsa_coefficient)
    };
    struct holm_bytes opened = { 0 };

    holm_random_seeded_init(&dice, 1);
    holm_assert(holm_rsa_private_init(&context.rsa, &numbers) == HOLM_OK);
    holm_assert(holm_rsa_sign(&context.rsa, room(256), &holm_sha256,
                              (struct holm_bytes){ text, 32 }, &random) == HOLM_OK);
    holm_assert(holm_rsa_decrypt(&context.rsa, (struct holm_span){ text, 256 }, &opened,
                                 holm_span_bytes(room(256)), &random) == HOLM_OK);
    holm_rsa_private_close(&context.rsa);
}

static void fortuna_case(void)
{
    holm_fortuna_seed(&context.fortuna, key_of(32));
    holm_fortuna_add(&context.fortuna, 1, 0, key_of(32));
    holm_assert(holm_fortuna_draw(&context.fortuna, room(100)) == HOLM_OK);
    holm_fortuna_close(&context.fortuna);
}

static void generator_case(void)
{
    struct holm_random random = holm_generator_random(&context.generator);

    holm_generator_seed(&context.generator, key_of(32));
    (void)holm_random_u64(&random);
    holm_generator_close(&context.generator);
}

static void encoding_case(void)
{
    struct holm_buffer as_text = { out, 0, sizeof out };
    struct holm_buffer again = { context.bytes, 0, sizeof context };

    holm_assert(holm_base64_encode(&as_text, key_of(64), HOLM_BASE64_PADDED) &&
                holm_base64_decode(&again, holm_buffer_filled(&as_text), HOLM_BASE64_PADDED) ==
                    HOLM_OK);
    holm_secret_wipe(context.bytes, sizeof context);
}

/* What forgets: a context that nobody closes, and a copy on the stack. */
static void forgotten_case(void)
{
    holm_aead_init(&context.aead, &holm_chacha20_poly1305, key_of(32));
}

/* kept makes the compiler write bytes that nobody reads. */
static void kept(const uint8_t *bytes)
{
    /* NOLINTNEXTLINE(hicpp-no-assembler): of no instructions */
    __asm__ volatile("" ::"r"(bytes) : "memory");
}

static void copied_case(void)
{
    uint8_t copy[32];

    for (size_t i = 0; i < sizeof copy; i++)
        HOLM_AT(copy, i) = HOLM_AT(key, i);
    kept(copy);
}

static void reversed_case(void)
{
    uint8_t copy[32];

    for (size_t i = 0; i < sizeof copy; i++)
        HOLM_AT(copy, sizeof copy - 1 - i) = HOLM_AT(key, i);
    kept(copy);
}

static void nothing_left(case_function *function, const void *of, struct holm_bytes name,
                         struct holm_bytes secret)
{
    static const char *const levels[] = { LEVELS };

    for (size_t i = 0; i < HOLM_COUNT(levels); i++) {
        if (!level_use(HOLM_AT(levels, i)))
            continue;
        algorithm = of;
        if (!CHECK_IS(left(function, secret), 0)) {
            printf("    %s: ", HOLM_AT(levels, i));
            (void)fwrite(name.ptr, 1, name.len, stdout);
            printf("\n");
        }
    }
}

TEST(what_is_forgotten_is_found)
{
    key_make();
    CHECK(left(forgotten_case, key_of(32)) > 0);
    CHECK(left(copied_case, key_of(32)) > 0);
    CHECK(left(reversed_case, key_of(32)) > 0);
    holm_secret_wipe(&context, sizeof context);
}

TEST(macs_and_what_they_derive)
{
    static const struct holm_mac *const all[] = { &holm_hmac_sha1,    &holm_hmac_sha256,
                                                  &holm_hmac_sha512,  &holm_hmac_sha3_256,
                                                  &holm_cmac_aes_128, &holm_cmac_aes_256,
                                                  &holm_poly1305 };

    key_make();
    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        nothing_left(mac_case, HOLM_AT(all, i), HOLM_AT(all, i)->name, key_of(32));
    nothing_left(derive_case, NULL, HOLM_TEXT("hkdf, pbkdf2"), key_of(32));
    nothing_left(wrap_case, NULL, HOLM_TEXT("keywrap"), key_of(32));
    nothing_left(encoding_case, NULL, HOLM_TEXT("encoding"), key_of(32));
}

TEST(ciphers)
{
    static const struct holm_aead *const sealing[] = {
        &holm_aes_128_gcm, &holm_aes_256_gcm, &holm_aes_128_ccm,       &holm_aes_192_eax,
        &holm_aes_256_ocb, &holm_aes_192_ocb, &holm_chacha20_poly1305, &holm_xchacha20_poly1305
    };
    static const struct holm_cipher *const passing[] = { &holm_aes_128_cbc, &holm_aes_192_cfb,
                                                         &holm_aes_256_ctr };

    key_make();
    for (size_t i = 0; i < HOLM_COUNT(sealing); i++)
        nothing_left(aead_case, HOLM_AT(sealing, i), HOLM_AT(sealing, i)->name,
                     key_of(HOLM_AT(sealing, i)->key_bytes));
    for (size_t i = 0; i < HOLM_COUNT(passing); i++)
        nothing_left(cipher_case, HOLM_AT(passing, i), HOLM_AT(passing, i)->name,
                     key_of(HOLM_AT(passing, i)->key_bytes));
}

TEST(agreements_and_signatures)
{
    static const struct holm_agreement *const agreements[] = { &holm_x25519,    &holm_ecdh_p256,
                                                               &holm_ecdh_p384, &holm_ecdh_p521,
                                                               &holm_x448,      &holm_ffdhe2048 };
    static const struct holm_signature *const signatures[] = { &holm_ed25519, &holm_ed448,
                                                               &holm_ecdsa_p256, &holm_ecdsa_p384,
                                                               &holm_ecdsa_p521 };

    key_make();
    for (size_t i = 0; i < HOLM_COUNT(agreements); i++)
        nothing_left(agreement_case, HOLM_AT(agreements, i), HOLM_AT(agreements, i)->name,
                     key_of(HOLM_AT(agreements, i)->secret_bytes));
    for (size_t i = 0; i < HOLM_COUNT(signatures); i++)
        nothing_left(signature_case, HOLM_AT(signatures, i), HOLM_AT(signatures, i)->name,
                     key_of(HOLM_AT(signatures, i)->secret_bytes));
}

/* The seed, the message, what is shared, and the secret as its bytes are; the public key is in it, too. */
TEST(encapsulations)
{
    static const struct holm_kem *const all[] = { &holm_ml_kem_512, &holm_ml_kem_768,
                                                  &holm_ml_kem_1024 };

    key_make();
    for (size_t i = 0; i < HOLM_COUNT(all); i++) {
        const struct holm_kem *of = HOLM_AT(all, i);
        size_t vector = of->public_bytes - 32;
        nothing_left(kem_make_case, of, of->name, key_of(of->seed_bytes));
        nothing_left(kem_make_case, of, of->name, (struct holm_bytes){ kem.secret, vector });
        nothing_left(kem_seal_case, of, of->name, key_of(32));
        nothing_left(kem_seal_case, of, of->name, HOLM_BLOB(kem.shared));
        nothing_left(kem_open_case, of, of->name, key_of(32));
        nothing_left(kem_open_case, of, of->name, HOLM_BLOB(kem.shared));
        nothing_left(kem_open_case, of, of->name, (struct holm_bytes){ kem.secret, vector });
    }
}

TEST(dsa)
{
    key_make();
    nothing_left(dsa_case, NULL, HOLM_TEXT("DSA"), key_of(28));
}

/* limbs_make makes the limbs of 52 bits of a prime, as vectors hold them. */
static void limbs_make(uint8_t to[LIMBS_BYTES], struct holm_bytes prime)
{
    uint8_t byte = 0;

    holm_assert(holm_bytes_u8_at(prime, 0, &byte) && 8 * prime.len <= LIMBS_BYTES / 8 * 52);
    for (size_t bit = 0; bit < 8 * prime.len; bit++) {
        holm_assert(holm_bytes_u8_at(prime, prime.len - 1 - bit / 8, &byte));
        HOLM_NTH(to, LIMBS_BYTES, bit / 52 * 8 + bit % 52 / 8) |=
            (uint8_t)((byte >> bit % 8 & 1) << bit % 52 % 8);
    }
}

TEST(rsa)
{
    static uint8_t limbs[LIMBS_BYTES];

    limbs_make(limbs, HOLM_BLOB(rsa_prime_1));
    nothing_left(rsa_case, NULL, HOLM_TEXT("RSA, a prime in limbs of 52 bits"), HOLM_BLOB(limbs));
    nothing_left(rsa_case, NULL, HOLM_TEXT("RSA, a prime"), HOLM_BLOB(rsa_prime_1));
    nothing_left(rsa_case, NULL, HOLM_TEXT("RSA, an exponent"), HOLM_BLOB(rsa_exponent_2));
}

TEST(random_numbers)
{
    key_make();
    nothing_left(fortuna_case, NULL, HOLM_TEXT("Fortuna"), key_of(32));
    nothing_left(generator_case, NULL, HOLM_TEXT("generator"), key_of(32));
}
