/* SPDX-License-Identifier: ISC */
/* power_ifma.c: powers modulo long numbers by products of 52 bits: of secrets to secrets, one or two at a
 * time, bits of the exponent by windows, where all of a table is read for each; and of public numbers. */
#include "../montgomery.h"

#include "multiply_ifma.h"

#include <holm/machine/level.h>
#include <holm/secret.h>

#define INLINE static inline __attribute__((always_inline))
#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)

enum {
    WINDOW_BITS = 5, /* at most */
    TABLE = 160,     /* vectors: larger numbers have smaller windows */
    WORDS_MIN = 16,  /* of 64 bits: shorter numbers are others' */
    WORDS_MAX = 64,
    TWO_VECTORS_MIN = 3,
    TWO_VECTORS_MAX = 5,
    STACK_BELOW = 2048 /* what holm_ifma__multiply and those below it need at most */
};

struct table {
    lanes vectors[TABLE];
};
/* the entries to choose of a table, for each of two numbers */
struct entries {
    uint64_t of[2];
};

/* limbs_read makes limbs of 52 bits of words of 64. */
static void limbs_read(struct numbers *out, size_t at, const uint64_t *words, size_t count,
                       size_t limbs)
{
    for (size_t i = 0; i < limbs; i++) {
        size_t word = LIMB_BITS * i / 64, shift = LIMB_BITS * i % 64;
        uint64_t limb = word < count ? HOLM_NTH(words, count, word) >> shift : 0;
        if (shift > 64 - LIMB_BITS && word + 1 < count)
            limb |= HOLM_NTH(words, count, word + 1) << (64 - shift);
        HOLM_AT(out->limbs, at + i) = limb & LIMB_MASK;
    }
}

/* limbs_word is a word of 64 bits of limbs of 52. */
static uint64_t limbs_word(const struct numbers *from, size_t at, size_t word)
{
    size_t limb = at + 64 * word / LIMB_BITS, shift = 64 * word % LIMB_BITS;
    uint64_t out = HOLM_AT(from->limbs, limb) >> shift | HOLM_AT(from->limbs, limb + 1)
                                                             << (LIMB_BITS - shift);

    if (2 * LIMB_BITS - shift < 64)
        out |= HOLM_AT(from->limbs, limb + 2) << (2 * LIMB_BITS - shift);
    return out;
}

/* number_write writes a number below twice the modulus as one below it. */
static void number_write(uint64_t *out, const struct numbers *from, size_t at,
                         const struct holm_modulus *modulus)
{
    size_t words = modulus->limbs, bits = 64 * words;

    for (size_t i = 0; i < words; i++)
        HOLM_NTH(out, words, i) = limbs_word(from, at, i);
    holm_montgomery__reduce(out, HOLM_AT(from->limbs, at + bits / LIMB_BITS) >> bits % LIMB_BITS,
                            modulus);
}

/* power_of_two sets all numbers to that. */
static void power_of_two(struct numbers *out, size_t bit, const struct moduli *moduli)
{
    *out = (struct numbers){ { 0 } };
    for (size_t i = 0; i < moduli->count; i++)
        HOLM_AT(out->limbs, i * moduli->vectors * LANES + bit / LIMB_BITS) = UINT64_C(1)
                                                                             << bit % LIMB_BITS;
}

/* times_power_of_two multiplies a by it, and divides by R. */
static void times_power_of_two(struct numbers *a, size_t bit, const struct moduli *moduli)
{
    struct numbers power;

    power_of_two(&power, bit, moduli);
    holm_ifma__multiply(a, a, &power, moduli);
}

/* moduli_begin begins with count numbers of so many words; false: that is not done here. */
static bool moduli_begin(struct moduli *moduli, size_t count, size_t words)
{
    size_t limbs = (64 * words + 2 + LIMB_BITS - 1) / LIMB_BITS;
    size_t vectors = (limbs + LANES - 1) / LANES;

    if (words < WORDS_MIN || words > WORDS_MAX || (count == 2 && vectors > TWO_VECTORS_MAX))
        return false;
    if (count == 2 && vectors < TWO_VECTORS_MIN)
        vectors = TWO_VECTORS_MIN;
    else if (count == 1)
        vectors = vectors <= 5 ? 5 : vectors <= 8 ? 8 : VECTORS_MAX;
    *moduli = (struct moduli){ .count = count, .limbs = limbs, .vectors = vectors };
    return true;
}

/* modulus_read reads a modulus, and R^2 of words of 64 bits into square. */
static void modulus_read(struct moduli *moduli, struct numbers *square, size_t which,
                         const struct holm_modulus *modulus)
{
    size_t at = which * moduli->vectors * LANES;

    limbs_read(&moduli->m, at, modulus->m, modulus->limbs, moduli->limbs);
    limbs_read(square, at, modulus->square, modulus->limbs, moduli->limbs);
    HOLM_AT(moduli->factors, which) = modulus->factor & LIMB_MASK;
}

/* stack_wipe wipes what was on the stack below its caller. */
static __attribute__((noinline)) void stack_wipe(void)
{
    uint8_t below[STACK_BELOW];

    holm_secret_wipe(below, sizeof below);
}

/* entries_choose sets out to an entry for each number; all of the table is read. */
INLINE void entries_choose(struct numbers *out, const struct table *table, size_t count,
                           struct entries entries, size_t vectors, size_t each)
{
    const lanes one = (lanes){ 0 } + HOLM_AT(entries.of, 0),
                other = (lanes){ 0 } + HOLM_AT(entries.of, 1);
    lanes found[VECTORS_MAX] = { 0 };

    for (size_t i = 0; i < count; i++) {
        const __m512i number = _mm512_set1_epi64((long long)i);
        __mmask8 is_one = _mm512_cmpeq_epi64_mask((__m512i)one, number);
        __mmask8 is_other = _mm512_cmpeq_epi64_mask((__m512i)other, number);
#pragma clang loop unroll(full)
        for (size_t j = 0; j < vectors; j++)
            HOLM_AT(found, j) = (lanes)_mm512_mask_mov_epi64(
                (__m512i)HOLM_AT(found, j), j < each ? is_one : is_other,
                (__m512i)HOLM_AT(table->vectors, i * vectors + j));
    }
#pragma clang loop unroll(full)
    for (size_t j = 0; j < vectors; j++) {
        void *to = &HOLM_AT(out->limbs, LANES * j);
        *(lanes *)to = HOLM_AT(found, j);
    }
}

static void choose(struct numbers *out, const struct table *table, size_t count,
                   struct entries entries, const struct moduli *moduli)
{
    if (moduli->count == 2 && moduli->vectors == 3)
        entries_choose(out, table, count, entries, 6, 3);
    else if (moduli->count == 2 && moduli->vectors == 4)
        entries_choose(out, table, count, entries, 8, 4);
    else if (moduli->count == 2)
        entries_choose(out, table, count, entries, 10, 5);
    else if (moduli->vectors == 5)
        entries_choose(out, table, count, entries, 5, 5);
    else if (moduli->vectors == 8)
        entries_choose(out, table, count, entries, 8, 8);
    else
        entries_choose(out, table, count, entries, 10, 10);
}

static void entry_put(struct table *table, size_t entry, const struct numbers *from,
                      const struct moduli *moduli)
{
    size_t vectors = moduli->count * moduli->vectors;

    for (size_t i = 0; i < vectors; i++) {
        const void *at = &HOLM_AT(from->limbs, LANES * i);
        HOLM_AT(table->vectors, entry * vectors + i) = *(const lanes *)at;
    }
}

/* entries_at are count bits of each exponent, from a place on. */
static struct entries entries_at(const struct holm_powers *powers, size_t at, size_t count)
{
    struct entries out = { { 0 } };

    for (size_t i = 0; i < powers->count; i++)
        HOLM_AT(out.of, i) = holm_montgomery__bits_at(HOLM_AT(powers->of, i).exponent,
                                                      powers->exponent_limbs, at, count);
    return out;
}

/* powers_make sets out to the powers of base; out is 1, both are forms. */
static void powers_make(struct numbers *out, const struct numbers *base,
                        const struct holm_powers *powers, const struct moduli *moduli)
{
    size_t width = WINDOW_BITS, at = 64 * powers->exponent_limbs;
    struct numbers chosen = { { 0 } };
    struct table table;

    while (moduli->count * moduli->vectors << width > TABLE)
        width--;
    size_t count = (size_t)1 << width;
    entry_put(&table, 0, out, moduli);
    for (size_t i = 1; i < count; i++) {
        holm_ifma__multiply(out, out, base, moduli);
        entry_put(&table, i, out, moduli);
    }
    size_t first = at % width == 0 ? width : at % width; /* no bits above the exponent's are read */
    at -= first;
    choose(out, &table, count, entries_at(powers, at, first), moduli);
    while (at > 0) {
        at -= width;
        for (size_t i = 0; i < width; i++)
            holm_ifma__multiply(out, out, out, moduli);
        choose(&chosen, &table, count, entries_at(powers, at, width), moduli);
        holm_ifma__multiply(out, out, &chosen, moduli);
    }
    holm_secret_wipe(&table, sizeof table);
    holm_secret_wipe(&chosen, sizeof chosen);
}

/* Forms of words of 64 bits have another R: W. With d the bits that ours has more, W^2 times 2^3d is W^-1
 * times our R to the third, which makes forms of ours of theirs; and W makes theirs of ours. */
bool holm_powers__ifma(const struct holm_powers *powers)
{
    size_t words = HOLM_AT(powers->of, 0).modulus->limbs;
    struct numbers enter = { { 0 } }, base = { { 0 } };
    struct moduli moduli;

    if (!moduli_begin(&moduli, powers->count, words) ||
        (powers->count == 2 && HOLM_AT(powers->of, 1).modulus->limbs != words))
        return false;
    for (size_t i = 0; i < powers->count; i++) {
        const struct holm_power *power = &HOLM_AT(powers->of, i);
        modulus_read(&moduli, &enter, i, power->modulus);
        limbs_read(&base, i * moduli.vectors * LANES, power->base, words, moduli.limbs);
    }
    times_power_of_two(&enter, 3 * (LIMB_BITS * moduli.limbs - 64 * words), &moduli);
    holm_ifma__multiply(&base, &base, &enter, &moduli);
    times_power_of_two(&enter, 64 * words, &moduli); /* W by what enters: 1 */
    powers_make(&enter, &base, powers, &moduli);
    times_power_of_two(&enter, 64 * words, &moduli);
    for (size_t i = 0; i < powers->count; i++)
        number_write(HOLM_AT(powers->of, i).out, &enter, i * moduli.vectors * LANES,
                     HOLM_AT(powers->of, i).modulus);
    holm_secret_wipe(&enter, sizeof enter);
    holm_secret_wipe(&base, sizeof base);
    holm_secret_wipe(&moduli, sizeof moduli);
    stack_wipe();
    return true;
}

/* The last factor is no form, and so the product is none either. */
bool holm_power_open__ifma(uint64_t *out, const uint64_t *base, uint64_t exponent,
                           const struct holm_modulus *modulus)
{
    struct numbers number = { { 0 } }, form = { { 0 } }, power;
    uint64_t bit = UINT64_C(1) << 63;
    struct moduli moduli;

    if (!moduli_begin(&moduli, 1, modulus->limbs))
        return false;
    modulus_read(&moduli, &form, 0, modulus);
    limbs_read(&number, 0, base, modulus->limbs, moduli.limbs);
    holm_ifma__multiply(&form, &form, &form, &moduli); /* W^4 / R; with 2^4d it is R^3 */
    times_power_of_two(&form, 4 * (LIMB_BITS * moduli.limbs - 64 * modulus->limbs), &moduli);
    holm_ifma__multiply(&form, &form, &number, &moduli);
    power = form;
    for (; (exponent & bit) == 0; bit >>= 1)
        continue;
    for (bit >>= 1; bit > 1; bit >>= 1) {
        holm_ifma__multiply(&power, &power, &power, &moduli);
        if (exponent & bit)
            holm_ifma__multiply(&power, &power, &form, &moduli);
    }
    holm_ifma__multiply(&power, &power, &power, &moduli);
    holm_ifma__multiply(&power, &power, &number, &moduli);
    number_write(out, &power, 0, modulus);
    return true;
}
