/* SPDX-License-Identifier: ISC */
/* residues.h: numbers of LIMBS limbs, which the file that includes this defines; limbs of 64 bits, least
 * significant first. All is inlined and unrolled, so that limbs are in registers and carries are those
 * of the processor. Constant time. */
#include <holm/bytes.h>
#include <holm/machine/wide.h>

#define INLINE static inline __attribute__((always_inline))

struct number {
    uint64_t limbs[LIMBS];
};
struct product {
    uint64_t limbs[2 * LIMBS];
};

/* add_limb is a + b + *carry, subtract_limb a - b - *borrow; each sets that to what comes of it. clang
 * makes chains of the processor's carry of the first form; others, and analyzers, have the second. */
#if __has_builtin(__builtin_addcll)
INLINE uint64_t add_limb(uint64_t a, uint64_t b, uint64_t *carry)
{
    unsigned long long out = 0;
    uint64_t sum = __builtin_addcll(a, b, *carry, &out);

    *carry = out;
    return sum;
}

INLINE uint64_t subtract_limb(uint64_t a, uint64_t b, uint64_t *borrow)
{
    unsigned long long out = 0;
    uint64_t difference = __builtin_subcll(a, b, *borrow, &out);

    *borrow = out;
    return difference;
}
#else
INLINE uint64_t add_limb(uint64_t a, uint64_t b, uint64_t *carry)
{
    uint64_t sum = 0;
    bool first = __builtin_add_overflow(a, b, &sum);
    bool second = __builtin_add_overflow(sum, *carry, &sum);

    *carry = (uint64_t)first | (uint64_t)second;
    return sum;
}

INLINE uint64_t subtract_limb(uint64_t a, uint64_t b, uint64_t *borrow)
{
    uint64_t difference = 0;
    bool first = __builtin_sub_overflow(a, b, &difference);
    bool second = __builtin_sub_overflow(difference, *borrow, &difference);

    *borrow = (uint64_t)first | (uint64_t)second;
    return difference;
}
#endif

/* all_ones is no bit for 0 and all for 1; nobody sees which, the compiler included. */
INLINE uint64_t all_ones(uint64_t choice)
{
    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return ~choice + 1;
}

/* chosen is a if choice is 1, b if it is 0. */
INLINE struct number chosen(uint64_t choice, const struct number *a, const struct number *b)
{
    uint64_t mask = all_ones(choice);
    struct number out = { { 0 } };

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(out.limbs, i) =
            HOLM_AT(b->limbs, i) ^ (mask & (HOLM_AT(a->limbs, i) ^ HOLM_AT(b->limbs, i)));
    return out;
}

/* number_put_back adds m to what it was taken off, if a borrow says that it was too much. Of two results
 * to choose from a compiler makes vectors, which wait for the limbs to be stored. */
INLINE struct number number_put_back(const struct number *a, uint64_t borrow,
                                     const struct number *m)
{
    struct number out = { { 0 } };
    uint64_t mask = all_ones(borrow), carry = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(out.limbs, i) = add_limb(HOLM_AT(a->limbs, i), HOLM_AT(m->limbs, i) & mask, &carry);
    return out;
}

/* number_reduced takes m off a number below twice of it, of which carry is the limb above. */
INLINE struct number number_reduced(const struct number *a, uint64_t carry, const struct number *m)
{
    struct number less = { { 0 } };
    uint64_t borrow = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(less.limbs, i) = subtract_limb(HOLM_AT(a->limbs, i), HOLM_AT(m->limbs, i), &borrow);
    (void)subtract_limb(carry, 0, &borrow);
    return number_put_back(&less, borrow, m);
}

INLINE struct number number_add(const struct number *a, const struct number *b,
                                const struct number *m)
{
    struct number sum = { { 0 } };
    uint64_t carry = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(sum.limbs, i) = add_limb(HOLM_AT(a->limbs, i), HOLM_AT(b->limbs, i), &carry);
    return number_reduced(&sum, carry, m);
}

INLINE struct number number_subtract(const struct number *a, const struct number *b,
                                     const struct number *m)
{
    struct number less = { { 0 } };
    uint64_t borrow = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(less.limbs, i) = subtract_limb(HOLM_AT(a->limbs, i), HOLM_AT(b->limbs, i), &borrow);
    return number_put_back(&less, borrow, m);
}

/* number_is_zero is 1 or 0. */
INLINE uint64_t number_is_zero(const struct number *a)
{
    uint64_t any = 0;

    for (size_t i = 0; i < LIMBS; i++)
        any |= HOLM_AT(a->limbs, i);
    return 1 ^ ((any | (~any + 1)) >> 63);
}

INLINE struct product product_of(const struct number *a, const struct number *b)
{
    struct product out = { { 0 } };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t carry = 0;
#pragma clang loop unroll(full)
        for (size_t j = 0; j < LIMBS; j++) {
            struct holm_wide part = holm_wide_multiply_add(
                HOLM_AT(a->limbs, j), HOLM_AT(b->limbs, i), HOLM_AT(out.limbs, i + j), carry);
            HOLM_AT(out.limbs, i + j) = part.low;
            carry = part.high;
        }
        HOLM_AT(out.limbs, i + LIMBS) = carry;
    }
    return out;
}

/* square_of: products of two different limbs count twice. */
INLINE struct product square_of(const struct number *a)
{
    struct product out = { { 0 } };
    uint64_t carry = 0, above = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t up = 0;
#pragma clang loop unroll(full)
        for (size_t j = i + 1; j < LIMBS; j++) {
            struct holm_wide part = holm_wide_multiply_add(
                HOLM_AT(a->limbs, j), HOLM_AT(a->limbs, i), HOLM_AT(out.limbs, i + j), up);
            HOLM_AT(out.limbs, i + j) = part.low;
            up = part.high;
        }
        HOLM_AT(out.limbs, i + LIMBS) = up;
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++) {
        struct holm_wide part = holm_wide_multiply(HOLM_AT(a->limbs, i), HOLM_AT(a->limbs, i));
        uint64_t low = HOLM_AT(out.limbs, 2 * i), high = HOLM_AT(out.limbs, 2 * i + 1);
        HOLM_AT(out.limbs, 2 * i) = add_limb(low << 1 | above, part.low, &carry);
        HOLM_AT(out.limbs, 2 * i + 1) = add_limb(high << 1 | low >> 63, part.high, &carry);
        above = high >> 63;
    }
    return out;
}

/* number_cleared takes a limb off: it adds the multiple of m that makes it 0, and divides by 2^64. factor
 * is -1 / m modulo 2^64. */
INLINE struct number number_cleared(const struct number *a, const struct number *m, uint64_t factor)
{
    struct number out = { { 0 } };
    uint64_t by = HOLM_AT(a->limbs, 0) * factor;
    uint64_t carry = holm_wide_multiply_add(by, HOLM_AT(m->limbs, 0), HOLM_AT(a->limbs, 0), 0).high;

#pragma clang loop unroll(full)
    for (size_t i = 1; i < LIMBS; i++) {
        struct holm_wide part =
            holm_wide_multiply_add(by, HOLM_AT(m->limbs, i), HOLM_AT(a->limbs, i), carry);
        HOLM_AT(out.limbs, i - 1) = part.low;
        carry = part.high;
    }
    HOLM_AT(out.limbs, LIMBS - 1) = carry;
    return out;
}

INLINE struct number number_low(const struct product *a)
{
    struct number out = { { 0 } };

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(out.limbs, i) = HOLM_AT(a->limbs, i);
    return out;
}

/* number_joined is the low half, cleared, and the high half of a product of two numbers below m. */
INLINE struct number number_joined(const struct number *low, const struct product *a,
                                   const struct number *m)
{
    struct number out = { { 0 } };
    uint64_t carry = 0;

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(out.limbs, i) =
            add_limb(HOLM_AT(low->limbs, i), HOLM_AT(a->limbs, LIMBS + i), &carry);
    return number_reduced(&out, carry, m);
}
