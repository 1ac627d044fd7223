/* SPDX-License-Identifier: ISC */
/* power.c: what makes a modulus ready, and powers of secrets to secrets: bits of the exponent by windows,
 * and all of a table is read for each. */
#include "montgomery.h"

#include <holm/machine/level.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum {
    WINDOW_BITS = 5, /* at most */
    TABLE =
        16 << WINDOW_BITS /* limbs: of a modulus of 1024 bits; larger ones have smaller windows */
};

/* factor is -1 / m modulo 2^64: each step doubles how many bits are right, from three on. */
uint64_t holm_montgomery__factor(uint64_t m)
{
    uint64_t inverse = m;

    for (int i = 0; i < 5; i++)
        inverse = holm_u64_wrap_mul(inverse, holm_u64_wrap_sub(2, holm_u64_wrap_mul(m, inverse)));
    return holm_u64_wrap_sub(0, inverse);
}

/* holm_montgomery__square makes R^2: of R, which is the form of 1, the form of R, that is of 2 to the power of
 * how many bits R has. */
void holm_montgomery__square(uint64_t *out, const struct holm_modulus *modulus, uint32_t bits)
{
    uint64_t power[HOLM_MONTGOMERY__LIMBS_MAX] = { 0 };
    uint32_t wanted = 64 * (uint32_t)modulus->limbs, top = bits - 1;

    HOLM_AT(power, top / 64) = UINT64_C(1) << top % 64; /* below the modulus */
    for (uint32_t bit = top; bit < wanted; bit++)
        holm_montgomery__add(power, power, power, modulus);
    for (uint32_t bit = 1U << 13; bit > 0; bit /= 2) {
        holm_montgomery__multiply(power, power, power, modulus);
        if (wanted & bit)
            holm_montgomery__add(power, power, power, modulus);
    }
    for (size_t i = 0; i < modulus->limbs; i++)
        HOLM_NTH(out, modulus->limbs, i) = HOLM_AT(power, i);
    holm_secret_wipe(power, sizeof power);
}

/* all_ones is no bit for 0 and all for 1; nobody sees which, the compiler included. */
static uint64_t all_ones(uint64_t choice)
{
    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return holm_u64_wrap_sub(0, choice);
}

/* entry_choose sets out to an entry of a table; all of it is read. */
static void entry_choose(uint64_t *out, const uint64_t table[TABLE], uint64_t entry, size_t entries,
                         size_t limbs)
{
    uint64_t found[HOLM_MONTGOMERY__LIMBS_MAX] = { 0 };

    holm_assert(limbs <= HOLM_COUNT(found) && entries * limbs <= TABLE);
    for (size_t i = 0; i < entries; i++) {
        const uint64_t *from = &HOLM_NTH(table, TABLE, i * limbs);
        uint64_t differs = entry ^ i, mask = all_ones(holm_limbs__is_zero(&differs, 1));
        for (size_t j = 0; j < limbs; j++)
            HOLM_AT(found, j) |= HOLM_NTH(from, limbs, j) & mask;
    }
    for (size_t i = 0; i < limbs; i++)
        HOLM_NTH(out, limbs, i) = HOLM_AT(found, i);
    holm_secret_wipe(found, limbs * sizeof found[0]);
}

uint64_t holm_montgomery__bits_at(const uint64_t *exponent, size_t exponent_limbs, size_t at,
                                  size_t count)
{
    uint64_t bits = HOLM_NTH(exponent, exponent_limbs, at / 64) >> at % 64;

    if (at % 64 + count > 64)
        bits |= HOLM_NTH(exponent, exponent_limbs, at / 64 + 1) << (64 - at % 64);
    return bits & ((UINT64_C(1) << count) - 1);
}

/* not inlined, for its tables on the stack */
static __attribute__((noinline)) void power_portable(const struct holm_power *power,
                                                     size_t exponent_limbs)
{
    uint64_t *out = power->out;
    const uint64_t *exponent = power->exponent;
    const struct holm_modulus *modulus = power->modulus;
    uint64_t table[TABLE], chosen[HOLM_MONTGOMERY__LIMBS_MAX];
    size_t limbs = modulus->limbs, width = WINDOW_BITS, at = 64 * exponent_limbs;

    while (limbs << width > TABLE)
        width--;
    for (size_t i = 0; i < limbs; i++)
        HOLM_AT(table, i) = i == 0;
    holm_montgomery__enter(table, table, modulus);
    for (size_t i = limbs; i < limbs << width; i += limbs)
        holm_montgomery__multiply(&HOLM_AT(table, i), &HOLM_AT(table, i - limbs), power->base,
                                  modulus);
    size_t first = at % width == 0 ? width : at % width; /* no bits above the exponent's are read */
    at -= first;
    entry_choose(out, table, holm_montgomery__bits_at(exponent, exponent_limbs, at, first),
                 (size_t)1 << width, limbs);
    while (at > 0) {
        at -= width;
        for (size_t i = 0; i < width; i++)
            holm_montgomery__multiply(out, out, out, modulus);
        entry_choose(chosen, table, holm_montgomery__bits_at(exponent, exponent_limbs, at, width),
                     (size_t)1 << width, limbs);
        holm_montgomery__multiply(out, out, chosen, modulus);
    }
    holm_secret_wipe(table, sizeof table);
    holm_secret_wipe(chosen, sizeof chosen);
}

static void power_make(const struct holm_power *power, size_t exponent_limbs)
{
    const struct holm_powers one = { { *power }, 1, exponent_limbs };

    if (!holm_level__powers(&one))
        power_portable(power, exponent_limbs);
}

void holm_montgomery__powers(const struct holm_powers *powers)
{
    if (powers->count == 2 && holm_level__powers(powers))
        return;
    for (size_t i = 0; i < powers->count; i++)
        power_make(&HOLM_AT(powers->of, i), powers->exponent_limbs);
}

void holm_montgomery__power(uint64_t *out, const uint64_t *base, const uint64_t *exponent,
                            size_t exponent_limbs, const struct holm_modulus *modulus)
{
    const struct holm_power power = { out, base, exponent, modulus };

    power_make(&power, exponent_limbs);
}

void holm_montgomery__power_open(uint64_t *out, const uint64_t *base, uint64_t exponent,
                                 const struct holm_modulus *modulus)
{
    uint64_t form[HOLM_MONTGOMERY__LIMBS_MAX], bit = UINT64_C(1) << 63;

    if (holm_level__power_open(out, base, exponent, modulus))
        return;
    holm_montgomery__enter(form, base, modulus);
    for (; (exponent & bit) == 0; bit >>= 1)
        continue;
    for (size_t i = 0; i < modulus->limbs; i++)
        HOLM_NTH(out, modulus->limbs, i) = HOLM_AT(form, i);
    for (bit >>= 1; bit > 0; bit >>= 1) {
        holm_montgomery__multiply(out, out, out, modulus);
        if (exponent & bit) /* the last factor is no form, and so the product is none either */
            holm_montgomery__multiply(out, out, bit == 1 ? base : form, modulus);
    }
}
