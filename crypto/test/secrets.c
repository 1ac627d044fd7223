/* SPDX-License-Identifier: ISC */
/* secrets.c LEVEL KIND: primitives of a kind with secrets that valgrind takes for undefined, so that it
 * says where a branch or an address depends on one. KIND "leak" has such a branch, which it must say. */
#include "dsa_domain.h"
#include "level.h"
#include "rsa_key.h"

#include <holm/aead.h>
#include <holm/agreement.h>
#include <holm/cipher.h>
#include <holm/des.h>
#include <holm/dh.h>
#include <holm/dsa.h>
#include <holm/encoding.h>
#include <holm/generator.h>
#include <holm/kdf.h>
#include <holm/kem.h>
#include <holm/keywrap.h>
#include <holm/rsa_generate.h>
#include <holm/secret.h>
#include <holm/signature.h>
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

enum { TEXT_BYTES = 200, SKIPPED = 77 };

static uint8_t secret[256], text[TEXT_BYTES], out[TEXT_BYTES + 32];
static const uint8_t start[HOLM_AEAD_NONCE_MAX] = { 1, 2, 3 };

/* secrets_make fills what is secret anew, and hides it. */
static void secrets_make(void)
{
    for (size_t i = 0; i < sizeof secret; i++)
        HOLM_AT(secret, i) = (uint8_t)(37 * i + 11 & 0xff);
    for (size_t i = 0; i < sizeof text; i++)
        HOLM_AT(text, i) = (uint8_t)(i & 0xff);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(text, sizeof text);
}

static struct holm_bytes part(const uint8_t *of, size_t len)
{
    return (struct holm_bytes){ of, len };
}

static struct holm_span room(size_t len)
{
    return (struct holm_span){ out, len };
}

static void digests(void)
{
    static const struct holm_hash *const all[] = { &holm_sha1,       &holm_sha256,
                                                   &holm_sha512,     &holm_sha3_256,
                                                   &holm_shake128,   &holm_blake2b_512,
                                                   &holm_blake2s_256 };

    for (size_t i = 0; i < HOLM_COUNT(all); i++) {
        secrets_make();
        holm_hash(HOLM_AT(all, i), room(HOLM_AT(all, i)->digest_bytes), HOLM_BLOB(text));
    }
}

static void macs(void)
{
    static const struct holm_mac *const all[] = { &holm_hmac_sha1,    &holm_hmac_sha256,
                                                  &holm_hmac_sha512,  &holm_hmac_sha3_256,
                                                  &holm_cmac_aes_128, &holm_cmac_aes_256,
                                                  &holm_poly1305 };

    for (size_t i = 0; i < HOLM_COUNT(all); i++) {
        const struct holm_mac *mac = HOLM_AT(all, i);
        secrets_make();
        holm_mac(mac, room(mac->tag_bytes), part(secret, mac->key_max < 32 ? mac->key_max : 32),
                 HOLM_BLOB(text));
    }
    secrets_make();
    holm_hkdf_expand(&holm_hmac_sha256, room(100), part(secret, 32), part(start, 5));
    holm_pbkdf2(&holm_hmac_sha256, room(40), part(secret, 20), part(start, 8), 3);
}

static void pieces(const struct holm_aead *aead, const struct holm_aead_online *online)
{
    struct holm_aead_key key;
    struct holm_aead_pieces state;
    struct holm_span tag = { out, aead->tag_bytes };

    secrets_make();
    holm_aead_init(&key, aead, part(secret, aead->key_bytes));
    holm_aead_pieces_begin(&state, online, &key, part(start, aead->nonce_bytes), part(start, 7));
    holm_aead_pieces_seal(&state, room(77), part(text, 77));
    holm_aead_pieces_seal(&state, room(TEXT_BYTES), HOLM_BLOB(text));
    holm_aead_pieces_end(&state, tag);
    holm_aead_close(&key);
}

static void ciphers(void)
{
    static const struct holm_aead *const sealing[] = {
        &holm_aes_128_gcm, &holm_aes_256_gcm, &holm_aes_128_ccm,       &holm_aes_192_eax,
        &holm_aes_256_ocb, &holm_aes_192_ocb, &holm_chacha20_poly1305, &holm_xchacha20_poly1305
    };
    static const struct holm_cipher *const passing[] = { &holm_aes_128_cbc, &holm_aes_192_cfb,
                                                         &holm_aes_256_ctr };
    struct holm_aead_key key;
    struct holm_cipher_state state;

    for (size_t i = 0; i < HOLM_COUNT(sealing); i++) {
        const struct holm_aead *aead = HOLM_AT(sealing, i);
        secrets_make();
        holm_aead_init(&key, aead, part(secret, aead->key_bytes));
        holm_aead_seal(&key, room(TEXT_BYTES + aead->tag_bytes), part(start, aead->nonce_bytes),
                       part(start, 7), HOLM_BLOB(text));
        (void)VALGRIND_MAKE_MEM_DEFINED(out, sizeof out);
        enum holm_result opened = holm_aead_open(&key, (struct holm_span){ text, TEXT_BYTES },
                                                 part(start, aead->nonce_bytes), part(start, 7),
                                                 part(out, TEXT_BYTES + aead->tag_bytes));
        (void)VALGRIND_MAKE_MEM_DEFINED(&opened, sizeof opened);
        holm_assert(opened == HOLM_OK);
        holm_aead_close(&key);
    }
    struct holm_des3 des;
    uint64_t chain = 0;
    secrets_make();
    holm_des3_init(&des, part(secret, HOLM_DES3_KEY_BYTES));
    holm_des3_cbc_seal(&des, &chain, room(64), part(text, 64));
    holm_des3_close(&des);
    pieces(&holm_aes_128_gcm, &holm_gcm_pieces);
    pieces(&holm_chacha20_poly1305, &holm_chacha20_poly1305_pieces);
    for (size_t i = 0; i < 2 * HOLM_COUNT(passing); i++) {
        const struct holm_cipher *cipher = HOLM_AT(passing, i / 2);
        secrets_make();
        holm_cipher_init(&state, cipher, i % 2 == 0 ? HOLM_CIPHER_SEAL : HOLM_CIPHER_OPEN,
                         part(secret, cipher->key_bytes), part(start, cipher->start_bytes));
        holm_cipher_pass(&state, room(192), part(text, 192));
        holm_cipher_close(&state);
    }
}

static void keys(void)
{
    static const struct holm_agreement *const agreements[] = { &holm_x25519, &holm_x448,
                                                               &holm_ecdh_p256, &holm_ecdh_p384,
                                                               &holm_ecdh_p521 };
    static const struct holm_signature *const signatures[] = { &holm_ed25519, &holm_ed448,
                                                               &holm_ecdsa_p256, &holm_ecdsa_p384,
                                                               &holm_ecdsa_p521 };
    static const uint8_t zeroes[32];
    static uint8_t public_key[HOLM_AGREEMENT_PUBLIC_MAX];

    for (size_t i = 0; i < HOLM_COUNT(agreements); i++) {
        const struct holm_agreement *agreement = HOLM_AT(agreements, i);
        struct holm_span open = { public_key, agreement->public_bytes };
        secrets_make();
        secret[0] = 0; /* below every order */
        holm_agreement_public(agreement, open, part(secret, agreement->secret_bytes));
        (void)VALGRIND_MAKE_MEM_DEFINED(public_key, sizeof public_key);
        enum holm_result agreed =
            holm_agreement_agree(agreement, room(agreement->shared_bytes),
                                 part(secret, agreement->secret_bytes), holm_span_bytes(open));
        (void)VALGRIND_MAKE_MEM_DEFINED(&agreed, sizeof agreed);
        holm_assert(agreed == HOLM_OK);
    }
    for (size_t i = 0; i < HOLM_COUNT(signatures); i++) {
        const struct holm_signature *signature = HOLM_AT(signatures, i);
        const struct holm_signature_what what = { .hash = &holm_sha256,
                                                  .bytes = HOLM_BLOB(zeroes) };
        secrets_make();
        secret[0] = 0;
        holm_signature_sign(signature, room(signature->signature_bytes),
                            part(secret, signature->secret_bytes), &what);
    }
}

/* rsa: all that a private key has more than its public one. */
static void rsa(void)
{
    static const uint8_t exponent[3] = { 1, 0, 1 };
    static struct holm_random_seeded dice;
    static struct holm_rsa_private key;
    static uint8_t sealed[256], opened[256];
    struct holm_random random = holm_random_from_seeded(&dice);
    const struct holm_rsa_numbers numbers = {
        .modulus = HOLM_BLOB(rsa_modulus),
        .exponent = HOLM_BLOB(exponent),
        .primes = { HOLM_BLOB(rsa_prime_1), HOLM_BLOB(rsa_prime_2) },
        .exponents = { HOLM_BLOB(rsa_exponent_1), HOLM_BLOB(rsa_exponent_2) },
        .coefficient = HOLM_BLOB(rsa_coefficient)
    };
    const struct holm_rsa_oaep how = { .hash = &holm_sha256, .mask = &holm_sha256 };
    struct holm_bytes got = { 0 };

    holm_random_seeded_init(&dice, 9);
    holm_assert(holm_rsa_private_init(&key, &numbers) == HOLM_OK);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(key.halves, sizeof key.halves);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(key.coefficient, sizeof key.coefficient);
    holm_assert(holm_rsa_sign(&key, (struct holm_span){ sealed, 256 }, &holm_sha256,
                              part(start, 32), &random) == HOLM_OK);
    holm_assert(
        holm_rsa_encrypt(&key.open, (struct holm_span){ sealed, 256 }, part(start, 20), &random));
    (void)VALGRIND_MAKE_MEM_DEFINED(sealed, sizeof sealed);
    holm_assert(holm_rsa_decrypt(&key, (struct holm_span){ opened, 256 }, &got, HOLM_BLOB(sealed),
                                 &random) == HOLM_OK);
    HOLM_AT(sealed, 200) ^= 1; /* no padding is right now */
    holm_assert(holm_rsa_decrypt(&key, (struct holm_span){ opened, 256 }, &got, HOLM_BLOB(sealed),
                                 &random) == HOLM_OK);
    holm_assert(holm_rsa_encrypt_oaep(&key.open, (struct holm_span){ sealed, 256 }, &how,
                                      part(start, 20), &random));
    (void)VALGRIND_MAKE_MEM_DEFINED(sealed, sizeof sealed);
    enum holm_result result = holm_rsa_decrypt_oaep(&key, (struct holm_span){ opened, 256 }, &got,
                                                    HOLM_BLOB(sealed), &how, &random);
    (void)VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
    (void)VALGRIND_MAKE_MEM_DEFINED(&got, sizeof got);
    holm_assert(result == HOLM_OK && got.len == 20);
    holm_rsa_private_close(&key);
}

/* hidden draws what valgrind takes for undefined. */
static void hidden(struct holm_random *random, struct holm_span drawn)
{
    struct holm_random_seeded *dice = random->context;

    for (size_t i = 0; i < drawn.len; i++)
        HOLM_NTH(drawn.ptr, drawn.len, i) = (uint8_t)(holm_random_seeded_next(dice) >> 56);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(drawn.ptr, drawn.len);
}

/* made: a key of RSA is made of what nobody knows. */
static void made(void)
{
    static struct holm_random_seeded dice;
    static struct holm_rsa_generated numbers;
    static struct holm_rsa_private key;
    struct holm_random random = { .fill = hidden, .context = &dice };

    holm_random_seeded_init(&dice, 1);
    holm_assert(holm_rsa_generate(&numbers, &key, 2048, &random) == HOLM_OK);
    holm_rsa_private_close(&key);
    holm_rsa_generated_close(&numbers);
}

/* dsa: of a secret all that stands behind the domain. */
static void dsa(void)
{
    static uint8_t whole[HOLM_DSA_SECRET_MAX], open[HOLM_DSA_PUBLIC_MAX];
    const struct holm_signature *signature = &holm_dsa_2048_224;
    const struct holm_signature_what what = { .hash = &holm_sha256, .bytes = part(start, 12) };
    struct holm_buffer all = HOLM_BUFFER(whole);

    secrets_make();
    secret[0] = 0;
    holm_assert(holm_buffer_bytes(&all, HOLM_BLOB(dsa_domain)) &&
                holm_buffer_bytes(&all, part(secret, 28)));
    holm_signature_public(signature, (struct holm_span){ open, signature->public_bytes },
                          holm_buffer_filled(&all));
    holm_signature_sign(signature, room(signature->signature_bytes), holm_buffer_filled(&all),
                        &what);
}

/* dh: agreements modulo a prime; all groups have the same code. */
static void dh(void)
{
    static uint8_t open[HOLM_DH_PUBLIC_MAX], shared[HOLM_DH_PUBLIC_MAX];
    const struct holm_agreement *agreement = &holm_ffdhe2048;
    const struct holm_span key = { open, agreement->public_bytes };

    secrets_make();
    holm_agreement_public(agreement, key, part(secret, agreement->secret_bytes));
    (void)VALGRIND_MAKE_MEM_DEFINED(open, sizeof open);
    enum holm_result agreed =
        holm_agreement_agree(agreement, (struct holm_span){ shared, agreement->shared_bytes },
                             part(secret, agreement->secret_bytes), holm_span_bytes(key));
    (void)VALGRIND_MAKE_MEM_DEFINED(&agreed, sizeof agreed);
    holm_assert(agreed == HOLM_OK);
}

/* encodings: the text of a secret, and the secret of that text; padding tells its length alone. */
static void encodings(void)
{
    static uint8_t characters[HOLM_HEX_CHARACTERS(100)];
    enum holm_result result = HOLM_OK;

    for (int kind = 0; kind < 5; kind++) {
        enum holm_base64 form = (enum holm_base64)(kind % 4);
        struct holm_buffer as_text = HOLM_BUFFER(characters);
        struct holm_buffer again = { out, 0, sizeof out };
        secrets_make();
        if (kind == 4)
            holm_assert(holm_hex_encode(&as_text, part(secret, 100)));
        else
            holm_assert(holm_base64_encode(&as_text, part(secret, 100), form));
        (void)VALGRIND_MAKE_MEM_DEFINED(&HOLM_AT(characters, as_text.len - 2), 2);
        result = kind == 4 ? holm_hex_decode(&again, holm_buffer_filled(&as_text))
                           : holm_base64_decode(&again, holm_buffer_filled(&as_text), form);
        (void)VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
        (void)VALGRIND_MAKE_MEM_DEFINED(&again, sizeof again);
        holm_assert(result == HOLM_OK && again.len == 100);
    }
}

/* kem_with: seeds, what is drawn and what is secret of a secret; the public key in it is public. */
static void kem_with(const struct holm_kem *kem)
{
    static uint8_t seed[HOLM_KEM_SEED_MAX], own[HOLM_KEM_SECRET_MAX], key[HOLM_KEM_PUBLIC_MAX],
        sealed[HOLM_KEM_SEALED_MAX];
    struct holm_span secret_key = { own, kem->secret_bytes };
    struct holm_span open = { key, kem->public_bytes }, box = { sealed, kem->sealed_bytes };
    static struct holm_random_seeded dice;
    struct holm_random random = holm_random_from_seeded(&dice);
    uint8_t shared[HOLM_KEM_SHARED_MAX], again[HOLM_KEM_SHARED_MAX];
    struct holm_span to_shared = { shared, sizeof shared }, to_again = { again, sizeof again };

    (void)VALGRIND_MAKE_MEM_UNDEFINED(seed, sizeof seed);
    holm_kem_secret_from(kem, secret_key, part(seed, kem->seed_bytes));
    holm_kem_public(kem, open, holm_span_bytes(secret_key));
    (void)VALGRIND_MAKE_MEM_DEFINED(key, sizeof key);
    struct holm_span public_part = { 0 };
    holm_assert(
        holm_span_part(secret_key, secret_key.len - 64 - open.len, open.len + 32, &public_part));
    (void)VALGRIND_MAKE_MEM_DEFINED(public_part.ptr, public_part.len);
    holm_random_seeded_init(&dice, 4);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(&dice, sizeof dice);
    holm_assert(holm_kem_encapsulate(kem, to_shared, box, holm_span_bytes(open), &random) ==
                HOLM_OK);
    (void)VALGRIND_MAKE_MEM_DEFINED(sealed, sizeof sealed);
    for (size_t i = 0; i < 2; i++) { /* what was sealed, and what nobody sealed */
        holm_assert(holm_kem_decapsulate(kem, to_again, holm_span_bytes(secret_key),
                                         holm_span_bytes(box)) == HOLM_OK);
        bool same = memcmp(again, shared, sizeof shared) == 0;
        (void)VALGRIND_MAKE_MEM_DEFINED(&same, sizeof same);
        holm_assert(same == (i == 0));
        HOLM_AT(sealed, 100) ^= 4;
    }
}

static void kem(void)
{
    kem_with(&holm_ml_kem_512);
    kem_with(&holm_ml_kem_768);
    kem_with(&holm_ml_kem_1024);
}

static void leak(void)
{
    secrets_make();
    puts(secret[3] == 7 ? "seven" : "another");
}

typedef void kind_function(void);

static const struct {
    const char *name;
    kind_function *run;
} kinds[] = { { "digests", digests },     { "macs", macs }, { "ciphers", ciphers },
              { "keys", keys },           { "rsa", rsa },   { "kem", kem },
              { "made", made },           { "dh", dh },     { "dsa", dsa },
              { "encodings", encodings }, { "leak", leak } };

int main(int argc, char **argv)
{
    holm_assert(argc == 3);
    if (!level_use(*(char **)holm_element(argv, 3, sizeof *argv, 1)))
        return SKIPPED;
    for (size_t i = 0; i < HOLM_COUNT(kinds); i++)
        if (strcmp(HOLM_AT(kinds, i).name, *(char **)holm_element(argv, 3, sizeof *argv, 2)) == 0)
            HOLM_AT(kinds, i).run();
    return 0;
}
