/* SPDX-License-Identifier: ISC */
/* answer_keys.c: primes, and keys that are made here. */
#include "answer.h"

#include <holm/prime.h>
#include <holm/rsa_generate.h>
#include <stdio.h>
#include <string.h>

/* bytes_add adds the first len bytes to what is answered. */
static void bytes_add(struct holm_buffer *out, const uint8_t *bytes, size_t len)
{
    holm_assert(holm_buffer_bytes(out, (struct holm_bytes){ bytes, len }));
}

/* answer_keys answers prime NUMBER, "right" or "refused"; and rsa-generate BITS SEED: modulus, private exponent,
 * primes, their exponents and the coefficient behind each other, or "refused". */
bool answer_keys(void)
{
    static struct holm_random_seeded dice;
    static struct holm_rsa_generated made;
    static struct holm_rsa_private key;
    struct holm_random random = holm_random_from_seeded(&dice);

    if (strcmp(answer_word(0), "prime") == 0) {
        holm_random_seeded_init(&dice, 9);
        printf("%s\n", holm_prime_is(answer_bytes(1), &random) ? "right" : "refused");
        return true;
    }
    if (strcmp(answer_word(0), "rsa-generate") != 0)
        return false;
    holm_random_seeded_init(&dice, answer_number(2));
    if (holm_rsa_generate(&made, &key, (uint32_t)answer_number(1), &random) != HOLM_OK) {
        printf("refused\n");
        return true;
    }
    size_t whole = made.bits / 8, half = whole / 2;
    struct holm_buffer out = holm_span_buffer(answer_room(2 * whole + 5 * half));
    bytes_add(&out, made.modulus, whole);
    bytes_add(&out, made.private_exponent, whole);
    for (size_t i = 0; i < 2; i++)
        bytes_add(&out, HOLM_AT(made.primes, i), half);
    for (size_t i = 0; i < 2; i++)
        bytes_add(&out, HOLM_AT(made.exponents, i), half);
    bytes_add(&out, made.coefficient, half);
    answer_give(holm_buffer_filled(&out));
    holm_rsa_private_close(&key);
    holm_rsa_generated_close(&made);
    return true;
}
