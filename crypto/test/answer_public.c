/* SPDX-License-Identifier: ISC */
/* answer_public.c: what is done with public keys. */
#include "answer.h"

#include <holm/dh.h>
#include <holm/dsa.h>
#include <holm/signature.h>
#include <stdio.h>
#include <string.h>

static const struct holm_agreement *const agreements[] = {
    &holm_x25519,    &holm_x448,      &holm_ecdh_p256, &holm_ecdh_p384, &holm_ecdh_p521,
    &holm_ffdhe2048, &holm_ffdhe3072, &holm_ffdhe4096, &holm_ffdhe6144, &holm_ffdhe8192,
    &holm_modp2048,  &holm_modp3072,  &holm_modp4096,  &holm_modp6144,  &holm_modp8192
};
static const struct holm_signature *const signatures[] = {
    &holm_ecdsa_p256,   &holm_ecdsa_p384,   &holm_ecdsa_p521,   &holm_ed25519,     &holm_ed448,
    &holm_dsa_1024_160, &holm_dsa_2048_224, &holm_dsa_2048_256, &holm_dsa_3072_256
};

static void right_say(bool right)
{
    printf("%s\n", right ? "right" : "refused");
}

/* secret_answer answers secret NAME DOMAIN SEED, and domain NAME DOMAIN. */
static bool secret_answer(const struct holm_signature *signature)
{
    static struct holm_random_seeded dice;
    struct holm_random random = holm_random_from_seeded(&dice);

    if (strcmp(answer_word(0), "domain") == 0) {
        holm_random_seeded_init(&dice, 9);
        right_say(holm_dsa_domain_is(signature, answer_bytes(2), &random));
        return true;
    }
    struct holm_span out = answer_room(signature->secret_bytes);
    struct holm_buffer domain = holm_span_buffer(out);
    holm_random_seeded_init(&dice, answer_number(3));
    holm_assert(holm_buffer_bytes(&domain, answer_bytes(2)));
    holm_signature_secret(signature, out, &random);
    answer_give(holm_span_bytes(out));
    return true;
}

/* signature_answer answers valid NAME SECRET, sign NAME SECRET HASH DIGEST, verify NAME KEY HASH DIGEST SIGNATURE. */
static bool signature_answer(const struct holm_signature *signature)
{
    struct holm_signature_what what = { 0 };
    struct holm_span out = answer_room(signature->signature_bytes);

    if (strcmp(answer_word(0), "secret") == 0 || strcmp(answer_word(0), "domain") == 0)
        return secret_answer(signature);
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
    what.hash = answer_hash(3);
    if (strcmp(answer_word(0), "sign") == 0) {
        if (*answer_word(5) != 0)
            what.key = answer_bytes(5);
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
    return answer_rsa();
}
