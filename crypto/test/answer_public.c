/* SPDX-License-Identifier: ISC */
/* answer_public.c: what is done with public keys. */
#include "answer.h"

#include <holm/agreement.h>
#include <holm/rsa.h>
#include <holm/signature.h>
#include <stdio.h>
#include <string.h>

static const struct holm_agreement *const agreements[] = { &holm_x25519, &holm_ecdh_p256,
                                                           &holm_ecdh_p384, &holm_ecdh_p521 };
static const struct holm_signature *const signatures[] = { &holm_ecdsa_p256, &holm_ecdsa_p384,
                                                           &holm_ecdsa_p521, &holm_ed25519 };
static const struct holm_hash *const hashes[] = { &holm_sha1,   &holm_sha224, &holm_sha256,
                                                  &holm_sha384, &holm_sha512, &holm_sha512_256 };

static const struct holm_hash *hash_named(size_t at)
{
    for (size_t i = 0; i < HOLM_COUNT(hashes); i++)
        if (answer_is(HOLM_AT(hashes, i)->name, at))
            return HOLM_AT(hashes, i);
    return NULL;
}

/* rsa_sign_answer answers rsa-sign HASH DIGEST N E P Q DP DQ QINV, rsa-sign-pss the same. */
static bool rsa_sign_answer(void)
{
    static struct holm_random_seeded dice;
    static struct holm_rsa_private key;
    struct holm_random random = holm_random_from_seeded(&dice);
    const struct holm_rsa_numbers numbers = { .modulus = answer_bytes(3),
                                              .exponent = answer_bytes(4),
                                              .primes = { answer_bytes(5), answer_bytes(6) },
                                              .exponents = { answer_bytes(7), answer_bytes(8) },
                                              .coefficient = answer_bytes(9) };
    enum holm_result result = holm_rsa_private_init(&key, &numbers);

    holm_random_seeded_init(&dice, 7);
    if (result == HOLM_OK) {
        struct holm_span out = answer_room((key.open.bits + 7) / 8);
        if (strcmp(answer_word(0), "rsa-sign") == 0)
            result = holm_rsa_sign(&key, out, hash_named(1), answer_bytes(2), &random);
        else
            result = holm_rsa_sign_pss(&key, out, hash_named(1), answer_bytes(2), &random);
        if (result == HOLM_OK)
            answer_give(holm_span_bytes(out));
    }
    if (result != HOLM_OK)
        printf("refused\n");
    holm_rsa_private_close(&key);
    return true;
}

/* rsa_answer answers rsa MODULUS EXPONENT HASH DIGEST SIGNATURE, and with MASK SALT_BYTES behind, of PSS. */
static bool rsa_answer(void)
{
    static struct holm_rsa_public key;
    const struct holm_hash *hash = hash_named(3), *mask = hash_named(6);
    bool right = false;

    if (strncmp(answer_word(0), "rsa-sign", 8) == 0)
        return rsa_sign_answer();
    if (strcmp(answer_word(0), "rsa") != 0)
        return false;
    if (holm_rsa_public_init(&key, answer_bytes(1), answer_bytes(2)) != HOLM_OK) {
        printf("none\n");
        return true;
    }
    if (mask == NULL)
        right = holm_rsa_verify(&key, hash, answer_bytes(4), answer_bytes(5));
    else
        right = holm_rsa_verify_pss(&key, hash, mask, answer_number(7), answer_bytes(4),
                                    answer_bytes(5));
    printf("%s\n", right ? "right" : "refused");
    return true;
}

static void right_say(bool right)
{
    printf("%s\n", right ? "right" : "refused");
}

/* signature_answer answers valid NAME SECRET, sign NAME SECRET HASH DIGEST, verify NAME KEY HASH DIGEST SIGNATURE. */
static bool signature_answer(const struct holm_signature *signature)
{
    struct holm_signature_what what = { 0 };
    struct holm_span out = answer_room(signature->signature_bytes);

    if (strcmp(answer_word(0), "public") == 0) {
        out = answer_room(signature->public_bytes);
        holm_signature_public(signature, out, answer_bytes(2));
        answer_give(holm_span_bytes(out));
        return true;
    }
    if (strcmp(answer_word(0), "valid") == 0) {
        right_say(holm_signature_secret_valid(signature, answer_bytes(2)));
        return true;
    }
    what.bytes = answer_bytes(4);
    what.hash = hash_named(3);
    if (strcmp(answer_word(0), "sign") == 0) {
        holm_signature_sign(signature, out, answer_bytes(2), &what);
        answer_give(holm_span_bytes(out));
        return true;
    }
    right_say(holm_signature_verify(signature, answer_bytes(5), answer_bytes(2), &what));
    return true;
}

bool answer_public(void)
{
    for (size_t i = 0; i < HOLM_COUNT(signatures); i++)
        if (answer_is(HOLM_AT(signatures, i)->name, 1))
            return signature_answer(HOLM_AT(signatures, i));
    for (size_t i = 0; i < HOLM_COUNT(agreements); i++) {
        const struct holm_agreement *agreement = HOLM_AT(agreements, i);
        if (!answer_is(agreement->name, 1))
            continue;
        if (strcmp(answer_word(0), "valid") == 0) {
            right_say(holm_agreement_secret_valid(agreement, answer_bytes(2)));
            return true;
        }
        bool makes = strcmp(answer_word(0), "public") == 0;
        struct holm_span out =
            answer_room(makes ? agreement->public_bytes : agreement->shared_bytes);
        if (makes)
            holm_agreement_public(agreement, out, answer_bytes(2));
        else if (holm_agreement_agree(agreement, out, answer_bytes(2), answer_bytes(3)) !=
                 HOLM_OK) {
            printf("refused\n");
            return true;
        }
        answer_give(holm_span_bytes(out));
        return true;
    }
    return rsa_answer();
}
