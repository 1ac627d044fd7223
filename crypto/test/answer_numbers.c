/* SPDX-License-Identifier: ISC */
/* answer_numbers.c: what public keys are computed with, below the headers that users have. Numbers are bytes, most significant
 * first, a multiple of eight of them; of the two fields least significant first, as those write them. */
#include "answer.h"

#include "field25519.h"
#include "field448.h"
#include "rsa_impl.h"

#include <level_public.h>
#include <stdio.h>
#include <string.h>

enum { LIMBS_MAX = HOLM_MONTGOMERY__LIMBS_MAX };

/* What a question is about; limbs of the modulus, or of the first number. */
static struct {
    size_t limbs;
    uint64_t a[LIMBS_MAX + 1], b[LIMBS_MAX], m[LIMBS_MAX], square[LIMBS_MAX];
    uint64_t out[2 * LIMBS_MAX];
} now;

static bool operation_is(const char *name)
{
    return strcmp(answer_word(1), name) == 0;
}

static void limbs_give(size_t limbs)
{
    const struct holm_span room = answer_room(8 * limbs);

    holm_limbs__write(room, now.out, limbs);
    answer_give(holm_span_bytes(room));
}

/* modulus_other computes what takes another kind of number than the rest; false: it is of the rest. */
static bool modulus_other(const struct holm_modulus *modulus, struct holm_bytes a)
{
    if (operation_is("power")) { /* of an exponent B, of any length */
        const struct holm_bytes exponent = answer_bytes(4);
        holm_limbs__read(now.b, LIMBS_MAX, exponent);
        holm_montgomery__power(now.out, now.a, now.b, (exponent.len + 7) / 8, modulus);
        return true;
    }
    if (operation_is("open")) { /* A to the power of a number B, and no forms */
        holm_limbs__read(now.b, 1, answer_bytes(4));
        holm_montgomery__power_open(now.out, now.a, now.b[0], modulus);
        return true;
    }
    if (operation_is("reduce")) { /* A has a limb more */
        holm_limbs__read(now.a, modulus->limbs + 1, a);
        holm_montgomery__reduce(now.a, HOLM_AT(now.a, modulus->limbs), modulus);
        memcpy(now.out, now.a, 8 * modulus->limbs);
        return true;
    }
    return false;
}

/* modulus_answer answers modulus OPERATION M A [B]. */
static bool modulus_answer(void)
{
    const struct holm_bytes m = answer_bytes(2), a = answer_bytes(3);
    struct holm_modulus modulus = { .limbs = m.len / 8, .m = now.m, .square = now.square };

    holm_limbs__read(now.m, modulus.limbs, m);
    modulus.factor = holm_montgomery__factor(now.m[0]);
    holm_montgomery__square(now.square, &modulus, holm_rsa__bits(holm_rsa__without_zeroes(m)));
    if (a.len <= m.len)
        holm_limbs__read(now.a, modulus.limbs, a);
    if (modulus_other(&modulus, a)) {
        limbs_give(modulus.limbs);
        return true;
    }
    if (operation_is("square"))
        memcpy(now.out, now.square, sizeof now.square);
    else if (operation_is("enter"))
        holm_montgomery__enter(now.out, now.a, &modulus);
    else if (operation_is("leave"))
        holm_montgomery__leave(now.out, now.a, &modulus);
    else if (operation_is("invert"))
        holm_montgomery__invert(now.out, now.a, &modulus);
    else {
        holm_limbs__read(now.b, modulus.limbs, answer_bytes(4));
        if (operation_is("multiply"))
            holm_montgomery__multiply(now.out, now.a, now.b, &modulus);
        else if (operation_is("add"))
            holm_montgomery__add(now.out, now.a, now.b, &modulus);
        else
            holm_montgomery__subtract(now.out, now.a, now.b, &modulus);
    }
    limbs_give(modulus.limbs);
    return true;
}

/* powers_answer answers powers M A E N B F: A to the power of E modulo M, and behind it B to the power of F modulo N;
 * M and N, E and F are as long. */
static bool powers_answer(void)
{
    static uint64_t numbers[6][LIMBS_MAX + 1], squares[2][LIMBS_MAX];
    struct holm_modulus moduli[2];
    struct holm_powers powers = { .count = 2 };

    for (size_t i = 0; i < 2; i++) {
        uint64_t *m = HOLM_AT(numbers, 3 * i), *a = HOLM_AT(numbers, 3 * i + 1);
        uint64_t *e = HOLM_AT(numbers, 3 * i + 2), *square = HOLM_AT(squares, i);
        const struct holm_bytes wanted = answer_bytes(3 * i + 1),
                                exponent = answer_bytes(3 * i + 3);
        struct holm_modulus *modulus = &HOLM_AT(moduli, i);
        holm_limbs__read(m, LIMBS_MAX, wanted);
        holm_limbs__read(a, LIMBS_MAX, answer_bytes(3 * i + 2));
        holm_limbs__read(e, LIMBS_MAX, exponent);
        *modulus = (struct holm_modulus){ wanted.len / 8, holm_montgomery__factor(*m), m, square };
        holm_montgomery__square(square, modulus, holm_rsa__bits(holm_rsa__without_zeroes(wanted)));
        powers.exponent_limbs = exponent.len / 8;
        now.limbs = modulus->limbs;
        uint64_t *out = &HOLM_AT(now.out, (1 - i) * now.limbs);
        HOLM_AT(powers.of, i) = (struct holm_power){ out, a, e, modulus };
    }
    holm_montgomery__powers(&powers);
    limbs_give(2 * now.limbs);
    return true;
}

/* limbs_answer answers limbs OPERATION A B; of those that answer a bit, and of what is borrowed, that as a number. */
static bool limbs_answer(void)
{
    const struct holm_bytes a = answer_bytes(2), b = answer_bytes(3);
    uint64_t bit = 0;

    now.limbs = a.len / 8;
    holm_limbs__read(now.a, now.limbs, a);
    holm_limbs__read(now.b, now.limbs, b);
    if (operation_is("product")) {
        holm_rsa__product(now.out, now.a, now.b, now.limbs);
        limbs_give(2 * now.limbs);
        return true;
    }
    if (operation_is("subtract")) {
        bit = holm_limbs__subtract(now.out, now.a, now.b, now.limbs);
        printf("%u ", (unsigned)bit);
        limbs_give(now.limbs);
        return true;
    }
    if (operation_is("below"))
        bit = holm_limbs__below(now.a, now.b, now.limbs);
    else if (operation_is("zero"))
        bit = holm_limbs__is_zero(now.a, now.limbs);
    else
        bit = holm_limbs__equal(now.a, now.b, now.limbs);
    printf("%u\n", (unsigned)bit);
    return true;
}

/* order_answer answers order OPERATION CURVE A [B]: modulo the order of a curve. */
static bool order_answer(void)
{
    const struct holm_curve *const curves[] = { holm_level__p256(), &holm_curve__p384,
                                                &holm_curve__p521 };
    const struct holm_curve *curve = HOLM_AT(curves, answer_number(2));

    holm_limbs__read(now.a, curve->limbs, answer_bytes(3));
    if (operation_is("invert")) {
        curve->invert(now.out, now.a);
    } else {
        holm_limbs__read(now.b, curve->limbs, answer_bytes(4));
        curve->multiply(now.out, now.a, now.b);
    }
    limbs_give(curve->limbs);
    return true;
}

/* field25519_answer answers field25519 OPERATION A B; "mixed" multiplies sums of products, as large as limbs become. */
static bool field25519_answer(void)
{
    const struct holm_field25519 a = holm_field25519_read(answer_bytes(2));
    const struct holm_field25519 b = holm_field25519_read(answer_bytes(3));
    const struct holm_field25519 sum = holm_field25519_add(&a, &b);
    const struct holm_field25519 less = holm_field25519_subtract(&sum, &b);
    const struct holm_field25519 more = holm_field25519_subtract(&a, &sum);
    struct holm_span room = answer_room(HOLM_FIELD25519__BYTES);
    struct holm_field25519 out = a;

    if (operation_is("multiply"))
        out = holm_field25519_multiply(&a, &b);
    else if (operation_is("square"))
        out = holm_field25519_square(&a);
    else if (operation_is("add"))
        out = sum;
    else if (operation_is("mixed"))
        out = holm_field25519_multiply(&less, &more);
    else if (operation_is("scale"))
        out = holm_field25519_scale(&a, UINT32_MAX);
    else if (operation_is("invert"))
        out = holm_field25519_invert(&a);
    else if (operation_is("root"))
        out = holm_field25519_root_power(&a);
    holm_field25519_write(room, &out);
    answer_give(holm_span_bytes(room));
    return true;
}

/* field448_answer answers field448 OPERATION A B, the same. */
static bool field448_answer(void)
{
    const struct holm_field448 a = holm_field448_read(answer_bytes(2));
    const struct holm_field448 b = holm_field448_read(answer_bytes(3));
    const struct holm_field448 sum = holm_field448_add(&a, &b);
    const struct holm_field448 less = holm_field448_subtract(&sum, &b);
    const struct holm_field448 more = holm_field448_subtract(&a, &sum);
    struct holm_span room = answer_room(HOLM_FIELD448__BYTES);
    struct holm_field448 out = a;

    if (operation_is("multiply"))
        out = holm_field448_multiply(&a, &b);
    else if (operation_is("square"))
        out = holm_field448_square(&a);
    else if (operation_is("add"))
        out = sum;
    else if (operation_is("mixed"))
        out = holm_field448_multiply(&less, &more);
    else if (operation_is("scale"))
        out = holm_field448_scale(&a, UINT32_MAX);
    else if (operation_is("invert"))
        out = holm_field448_invert(&a);
    else if (operation_is("root"))
        out = holm_field448_root_power(&a);
    holm_field448_write(room, &out);
    answer_give(holm_span_bytes(room));
    return true;
}

bool answer_numbers(void)
{
    const struct {
        const char *name;
        bool (*answer)(void);
    } kinds[] = { { "modulus", modulus_answer },       { "powers", powers_answer },
                  { "limbs", limbs_answer },           { "order", order_answer },
                  { "field25519", field25519_answer }, { "field448", field448_answer } };

    for (size_t i = 0; i < HOLM_COUNT(kinds); i++)
        if (strcmp(answer_word(0), HOLM_AT(kinds, i).name) == 0)
            return HOLM_AT(kinds, i).answer();
    return false;
}
