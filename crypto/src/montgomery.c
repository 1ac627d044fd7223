/* SPDX-License-Identifier: ISC */
/* montgomery.c: multiplication a limb of one factor at a time, and after each a multiple of the modulus
 * that makes the last limb zero, which then goes away. */
#include "montgomery.h"

#include <holm/machine/wide.h>
#include <holm/secret.h>
#include <holm/wrap.h>
#include <level_public.h>

/* AT is a limb of a number. */
#define AT(number, i) HOLM_NTH(number, limbs, i)

/* all_ones is no bit for 0 and all for 1; nobody sees which, the compiler included. */
static uint64_t all_ones(uint64_t choice)
{
    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return holm_u64_wrap_sub(0, choice);
}

void holm_limbs__choose(uint64_t *out, const uint64_t *a, uint64_t choice, size_t limbs)
{
    uint64_t mask = all_ones(choice);

    for (size_t i = 0; i < limbs; i++)
        AT(out, i) ^= (AT(out, i) ^ AT(a, i)) & mask;
}

uint64_t holm_limbs__subtract(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < limbs; i++) {
        uint64_t x = AT(a, i), y = AT(b, i), less = holm_u64_wrap_sub(x, y);
        uint64_t next = (uint64_t)(x < y) | (uint64_t)(less < borrow);
        AT(out, i) = holm_u64_wrap_sub(less, borrow);
        borrow = next;
    }
    return borrow;
}

static uint64_t add_limbs(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < limbs; i++) {
        struct holm_wide sum = holm_wide_multiply_add(1, AT(a, i), AT(b, i), carry);
        AT(out, i) = sum.low;
        carry = sum.high;
    }
    return carry;
}

void holm_montgomery__reduce(uint64_t *a, uint64_t carry, const struct holm_modulus *modulus)
{
    uint64_t less[HOLM_MONTGOMERY__LIMBS_MAX];
    size_t limbs = modulus->limbs;

    holm_assert(limbs <= HOLM_COUNT(less));
    uint64_t borrow = holm_limbs__subtract(less, a, modulus->m, limbs);
    holm_limbs__choose(a, less, carry | (borrow ^ 1), limbs);
    holm_secret_wipe(less, limbs * sizeof less[0]);
}

/* row_add adds a times one limb to sum, and the multiple of the modulus that makes the last limb zero, which
 * goes away. above is the limb that sum has in front, and what it has then: 0 or 1. */
static inline uint64_t row_add(uint64_t sum[HOLM_MONTGOMERY__LIMBS_MAX], uint64_t above,
                               const uint64_t *a, uint64_t limb, const struct holm_modulus *modulus)
{
    size_t limbs = modulus->limbs;
    struct holm_wide part = holm_wide_multiply_add(AT(a, 0), limb, sum[0], 0);
    uint64_t by = holm_u64_wrap_mul(part.low, modulus->factor), carry = part.high;
    uint64_t other = holm_wide_multiply_add(by, AT(modulus->m, 0), part.low, 0).high;

    holm_assert(limbs <= HOLM_MONTGOMERY__LIMBS_MAX);
#pragma clang loop unroll_count(4)
    for (size_t i = 1; i < limbs; i++) {
        part = holm_wide_multiply_add(AT(a, i), limb, HOLM_NTH(sum, HOLM_MONTGOMERY__LIMBS_MAX, i),
                                      carry);
        carry = part.high;
        part = holm_wide_multiply_add(by, AT(modulus->m, i), part.low, other);
        other = part.high;
        HOLM_NTH(sum, HOLM_MONTGOMERY__LIMBS_MAX, i - 1) = part.low;
    }
    part = holm_wide_add((struct holm_wide){ carry, 0 }, (struct holm_wide){ other, 0 });
    part = holm_wide_add(part, (struct holm_wide){ above, 0 });
    HOLM_NTH(sum, HOLM_MONTGOMERY__LIMBS_MAX, limbs - 1) = part.low;
    return part.high;
}

void holm_montgomery__multiply(uint64_t *out, const uint64_t *a, const uint64_t *b,
                               const struct holm_modulus *modulus)
{
    uint64_t sum[HOLM_MONTGOMERY__LIMBS_MAX], above = 0;
    size_t limbs = modulus->limbs;

    if (holm_level__montgomery(out, a, b, modulus))
        return;
    holm_assert(limbs > 0 && limbs <= HOLM_COUNT(sum));
    for (size_t i = 0; i < limbs; i++)
        HOLM_AT(sum, i) = 0;
    for (size_t i = 0; i < limbs; i++)
        above = row_add(sum, above, a, AT(b, i), modulus);
    holm_montgomery__reduce(sum, above, modulus);
    for (size_t i = 0; i < limbs; i++)
        AT(out, i) = HOLM_AT(sum, i);
    holm_secret_wipe(sum, limbs * sizeof sum[0]);
}

void holm_montgomery__add(uint64_t *out, const uint64_t *a, const uint64_t *b,
                          const struct holm_modulus *modulus)
{
    uint64_t carry = add_limbs(out, a, b, modulus->limbs);

    holm_montgomery__reduce(out, carry, modulus);
}

void holm_montgomery__subtract(uint64_t *out, const uint64_t *a, const uint64_t *b,
                               const struct holm_modulus *modulus)
{
    size_t limbs = modulus->limbs;
    uint64_t mask = all_ones(holm_limbs__subtract(out, a, b, limbs)), carry = 0;

    for (size_t i = 0; i < limbs; i++) {
        struct holm_wide sum =
            holm_wide_multiply_add(1, AT(out, i), AT(modulus->m, i) & mask, carry);
        AT(out, i) = sum.low;
        carry = sum.high;
    }
}

void holm_montgomery__enter(uint64_t *out, const uint64_t *a, const struct holm_modulus *modulus)
{
    holm_montgomery__multiply(out, a, modulus->square, modulus);
}

void holm_montgomery__leave(uint64_t *out, const uint64_t *a, const struct holm_modulus *modulus)
{
    uint64_t one[HOLM_MONTGOMERY__LIMBS_MAX];

    for (size_t i = 0; i < modulus->limbs; i++)
        HOLM_AT(one, i) = i == 0;
    holm_montgomery__multiply(out, a, one, modulus);
}

void holm_montgomery__invert(uint64_t *out, const uint64_t *a, const struct holm_modulus *modulus)
{
    uint64_t power[HOLM_MONTGOMERY__LIMBS_MAX];
    size_t limbs = modulus->limbs;
    uint64_t borrow = 2;

    for (size_t i = 0; i < limbs; i++) { /* m - 2 is no secret: its bits are branched on */
        uint64_t limb = AT(modulus->m, i);
        HOLM_AT(power, i) = holm_u64_wrap_sub(limb, borrow);
        borrow = limb < borrow;
        AT(out, i) = i == 0;
    }
    holm_montgomery__enter(out, out, modulus);
    for (size_t bit = 64 * limbs; bit > 0; bit--) {
        holm_montgomery__multiply(out, out, out, modulus);
        if (HOLM_AT(power, (bit - 1) / 64) >> (bit - 1) % 64 & 1)
            holm_montgomery__multiply(out, out, a, modulus);
    }
}

void holm_limbs__read(uint64_t *out, size_t limbs, struct holm_bytes bytes)
{
    holm_assert(bytes.len <= 8 * limbs);
    for (size_t i = 0; i < limbs; i++)
        AT(out, i) = 0;
    for (size_t i = 0; i < bytes.len; i++)
        AT(out, i / 8) |= (uint64_t)HOLM_NTH(bytes.ptr, bytes.len, bytes.len - 1 - i)
                          << 8 * (i % 8);
}

void holm_limbs__write(struct holm_span out, const uint64_t *a, size_t limbs)
{
    holm_assert(out.len <= 8 * limbs);
    for (size_t i = 0; i < out.len; i++)
        HOLM_NTH(out.ptr, out.len, out.len - 1 - i) = (uint8_t)(AT(a, i / 8) >> 8 * (i % 8) & 0xff);
}

uint64_t holm_limbs__below(const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t less[HOLM_MONTGOMERY__LIMBS_MAX];

    holm_assert(limbs <= HOLM_COUNT(less));
    uint64_t borrow = holm_limbs__subtract(less, a, b, limbs);
    holm_secret_wipe(less, limbs * sizeof less[0]);
    return borrow;
}

uint64_t holm_limbs__is_zero(const uint64_t *a, size_t limbs)
{
    uint64_t any = 0;

    for (size_t i = 0; i < limbs; i++)
        any |= AT(a, i);
    return 1 ^ ((any | holm_u64_wrap_sub(0, any)) >> 63);
}

uint64_t holm_limbs__equal(const uint64_t *a, const uint64_t *b, size_t limbs)
{
    uint64_t any = 0;

    for (size_t i = 0; i < limbs; i++)
        any |= AT(a, i) ^ AT(b, i);
    return 1 ^ ((any | holm_u64_wrap_sub(0, any)) >> 63);
}
