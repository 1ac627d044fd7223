/* SPDX-License-Identifier: ISC */
/* answer_rsa.c: what is done with keys of RSA. */
#include "answer.h"

#include <holm/rsa.h>
#include <stdio.h>
#include <string.h>

static const struct holm_hash *const hashes[] = { &holm_sha1,   &holm_sha224, &holm_sha256,
                                                  &holm_sha384, &holm_sha512, &holm_sha512_256 };

const struct holm_hash *answer_hash(size_t at)
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
            result = holm_rsa_sign(&key, out, answer_hash(1), answer_bytes(2), &random);
        else
            result = holm_rsa_sign_pss(&key, out, answer_hash(1), answer_bytes(2), &random);
        if (result == HOLM_OK)
            answer_give(holm_span_bytes(out));
    }
    if (result != HOLM_OK)
        printf("refused\n");
    holm_rsa_private_close(&key);
    return true;
}

static struct holm_rsa_oaep oaep_of(size_t at)
{
    return (struct holm_rsa_oaep){ answer_hash(at), answer_hash(at + 1), answer_bytes(at + 2) };
}

/* rsa_open_answer answers rsa-open SEALED N E P Q DP DQ QINV, and with HASH MASK LABEL behind, of OAEP. */
static bool rsa_open_answer(void)
{
    static struct holm_random_seeded dice;
    static struct holm_rsa_private key;
    struct holm_random random = holm_random_from_seeded(&dice);
    const struct holm_rsa_numbers numbers = { .modulus = answer_bytes(2),
                                              .exponent = answer_bytes(3),
                                              .primes = { answer_bytes(4), answer_bytes(5) },
                                              .exponents = { answer_bytes(6), answer_bytes(7) },
                                              .coefficient = answer_bytes(8) };
    struct holm_bytes text = { 0 };
    enum holm_result result = holm_rsa_private_init(&key, &numbers);

    holm_random_seeded_init(&dice, 7);
    if (result == HOLM_OK) {
        struct holm_span room = answer_room((key.open.bits + 7) / 8);
        if (answer_hash(9) == NULL) {
            result = holm_rsa_decrypt(&key, room, &text, answer_bytes(1), &random);
        } else {
            const struct holm_rsa_oaep how = oaep_of(9);
            result = holm_rsa_decrypt_oaep(&key, room, &text, answer_bytes(1), &how, &random);
        }
    }
    if (result == HOLM_OK)
        answer_give(text);
    else
        printf("refused\n");
    holm_rsa_private_close(&key);
    return true;
}

/* rsa_seal_answer answers rsa-seal TEXT MODULUS EXPONENT, and with HASH MASK LABEL behind, of OAEP. */
static bool rsa_seal_answer(void)
{
    static struct holm_random_seeded dice;
    static struct holm_rsa_public key;
    struct holm_random random = holm_random_from_seeded(&dice);
    bool done = holm_rsa_public_init(&key, answer_bytes(2), answer_bytes(3)) == HOLM_OK;

    holm_random_seeded_init(&dice, 8);
    struct holm_span out = answer_room((key.bits + 7) / 8);
    if (done && answer_hash(4) == NULL) {
        done = holm_rsa_encrypt(&key, out, answer_bytes(1), &random);
    } else if (done) {
        const struct holm_rsa_oaep how = oaep_of(4);
        done = holm_rsa_encrypt_oaep(&key, out, &how, answer_bytes(1), &random);
    }
    if (done)
        answer_give(holm_span_bytes(out));
    else
        printf("refused\n");
    return true;
}

/* answer_rsa answers rsa MODULUS EXPONENT HASH DIGEST SIGNATURE, and with MASK SALT_BYTES behind, of PSS. */
bool answer_rsa(void)
{
    static struct holm_rsa_public key;
    const struct holm_hash *hash = answer_hash(3), *mask = answer_hash(6);
    bool right = false;

    if (strncmp(answer_word(0), "rsa-sign", 8) == 0)
        return rsa_sign_answer();
    if (strncmp(answer_word(0), "rsa-open", 8) == 0)
        return rsa_open_answer();
    if (strncmp(answer_word(0), "rsa-seal", 8) == 0)
        return rsa_seal_answer();
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
