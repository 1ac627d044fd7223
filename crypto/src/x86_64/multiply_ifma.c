/* SPDX-License-Identifier: ISC */
/* multiply_ifma.c: Montgomery's multiplication, a limb of one factor at a time, where numbers stay below twice
 * the modulus (Gueron, "Efficient software implementations of modular exponentiation"; Gueron and Krasnov,
 * "Software implementation of modular exponentiation, using advanced vector instructions architectures").
 *
 * A row adds a limb's multiple of the other factor to the sum, and the multiple of the modulus that makes the
 * last limb a multiple of 2^52; then all lanes go down by one. Low halves of products count in their own
 * lane, high halves in the next: those of a row are added when the lanes have gone down. One row waits for
 * the one before; two numbers side by side fill the gaps. */
#include "multiply_ifma.h"

#define INLINE static inline __attribute__((always_inline))
#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)

struct sum {
    lanes lanes[VECTORS_MAX];
};

/* struct rows is what one number's rows hand on: the sum, whose lanes are below 2^61, what the last lane that
 * went away carries, and what the row before multiplied by. */
struct rows {
    struct sum a, m, sum;
    lanes factor, carry, by, quotient;
};

INLINE lanes low(lanes sum, lanes a, lanes b)
{
    return (lanes)_mm512_madd52lo_epu64((__m512i)sum, (__m512i)a, (__m512i)b);
}

INLINE lanes high(lanes sum, lanes a, lanes b)
{
    return (lanes)_mm512_madd52hi_epu64((__m512i)sum, (__m512i)a, (__m512i)b);
}

INLINE lanes right(lanes a, unsigned bits)
{
    return (lanes)_mm512_srli_epi64((__m512i)a, bits);
}

INLINE lanes all(uint64_t value)
{
    return (lanes){ 0 } + value;
}

/* first_add adds the first lane of b to that of a. */
INLINE lanes first_add(lanes a, lanes b)
{
    return (lanes)_mm512_mask_add_epi64((__m512i)a, 1, (__m512i)a, (__m512i)b);
}

INLINE lanes first_everywhere(lanes a)
{
    return (lanes)_mm512_broadcastq_epi64(_mm512_castsi512_si128((__m512i)a));
}

INLINE lanes vector_load(const struct numbers *numbers, size_t at)
{
    const void *from = &HOLM_AT(numbers->limbs, LANES * at);

    return *(const lanes *)from;
}

INLINE void vector_store(struct numbers *numbers, size_t at, lanes a)
{
    void *to = &HOLM_AT(numbers->limbs, LANES * at);

    *(lanes *)to = a;
}

/* rows_begin begins with one of the numbers. */
INLINE void rows_begin(struct rows *rows, const struct numbers *a, const struct moduli *moduli,
                       size_t which, size_t vectors)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < vectors; i++) {
        HOLM_AT(rows->a.lanes, i) = vector_load(a, which * vectors + i);
        HOLM_AT(rows->m.lanes, i) = vector_load(&moduli->m, which * vectors + i);
        HOLM_AT(rows->sum.lanes, i) = all(0);
    }
    rows->factor = all(HOLM_AT(moduli->factors, which));
    rows->carry = rows->by = rows->quotient = all(0);
}

/* row_add: what the first vector needs is summed up apart, so that the quotient waits for little. */
INLINE void row_add(struct rows *rows, lanes by, size_t vectors)
{
    struct sum *sum = &rows->sum;
    const struct sum *a = &rows->a, *m = &rows->m;
    lanes more = low(high(all(0), a->lanes[0], rows->by), a->lanes[0], by);

    sum->lanes[0] += high(more, m->lanes[0], rows->quotient);
    sum->lanes[0] = first_add(sum->lanes[0], rows->carry);
    lanes quotient = first_everywhere(low(all(0), sum->lanes[0], rows->factor));
#pragma clang loop unroll(full)
    for (size_t i = 1; i < vectors; i++) {
        lanes next = high(HOLM_AT(sum->lanes, i), HOLM_AT(a->lanes, i), rows->by);
        next = low(next, HOLM_AT(a->lanes, i), by);
        HOLM_AT(sum->lanes, i) = high(next, HOLM_AT(m->lanes, i), rows->quotient);
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < vectors; i++)
        HOLM_AT(sum->lanes, i) = low(HOLM_AT(sum->lanes, i), HOLM_AT(m->lanes, i), quotient);
    rows->carry = right(sum->lanes[0], LIMB_BITS);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < vectors; i++) {
        lanes above = i + 1 < vectors ? HOLM_AT(sum->lanes, i + 1) : all(0);
        HOLM_AT(sum->lanes, i) =
            (lanes)_mm512_alignr_epi64((__m512i)above, (__m512i)HOLM_AT(sum->lanes, i), 1);
    }
    rows->by = by;
    rows->quotient = quotient;
}

/* a bit for each lane */
struct lane_bits {
    uint64_t low, high;
};

INLINE void lane_bits_put(struct lane_bits *to, __mmask8 bits, size_t vector)
{
    if (vector < LANES)
        to->low |= (uint64_t)bits << LANES * vector;
    else
        to->high |= (uint64_t)bits << LANES * (vector - LANES);
}

INLINE __mmask8 lane_bits_at(const struct lane_bits *of, size_t vector)
{
    uint64_t bits =
        vector < LANES ? of->low >> LANES * vector : of->high >> LANES * (vector - LANES);

    return (__mmask8)(bits & 0xff);
}

/* carries_go answers which lanes get a carry, of those that are too large, and those that are as large as
 * can be and so hand one on: as an addition of bits does. */
INLINE struct lane_bits carries_go(struct lane_bits large, struct lane_bits full)
{
    uint64_t low_sum = (large.low << 1) + full.low, carry = low_sum < full.low;
    uint64_t high_sum = (large.high << 1 | large.low >> 63) + full.high + carry;

    return (struct lane_bits){ low_sum ^ full.low, high_sum ^ full.high };
}

/* rows_end makes limbs of lanes. */
INLINE void rows_end(struct numbers *out, struct rows *rows, size_t which, size_t vectors)
{
    struct lane_bits large = { 0 }, full = { 0 };
    const lanes most = all(LIMB_MASK);
    struct sum *sum = &rows->sum;
    lanes before = all(0);

#pragma clang loop unroll(full)
    for (size_t i = 0; i < vectors; i++) {
        lanes next = high(HOLM_AT(sum->lanes, i), HOLM_AT(rows->a.lanes, i), rows->by);
        next = high(next, HOLM_AT(rows->m.lanes, i), rows->quotient);
        if (i == 0)
            next = first_add(next, rows->carry);
        lanes above = right(next, LIMB_BITS);
        next = (next & LIMB_MASK) +
               (lanes)_mm512_alignr_epi64((__m512i)above, (__m512i)before, LANES - 1);
        lane_bits_put(&large, _mm512_cmpgt_epu64_mask((__m512i)next, (__m512i)most), i);
        lane_bits_put(&full, _mm512_cmpeq_epu64_mask((__m512i)next, (__m512i)most), i);
        HOLM_AT(sum->lanes, i) = next;
        before = above;
    }
    const struct lane_bits carries = carries_go(large, full);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < vectors; i++) {
        __m512i a = (__m512i)HOLM_AT(sum->lanes, i);
        a = _mm512_mask_add_epi64(a, lane_bits_at(&carries, i), a, (__m512i)all(1));
        vector_store(out, which * vectors + i, (lanes)a & LIMB_MASK);
    }
}

INLINE void multiply_one(struct numbers *out, const struct numbers *a, const struct numbers *b,
                         const struct moduli *moduli, size_t vectors)
{
    struct rows rows = { 0 };

    rows_begin(&rows, a, moduli, 0, vectors);
    for (size_t i = 0; i < moduli->limbs; i++)
        row_add(&rows, all(HOLM_AT(b->limbs, i)), vectors);
    rows_end(out, &rows, 0, vectors);
}

INLINE void multiply_two(struct numbers *out, const struct numbers *a, const struct numbers *b,
                         const struct moduli *moduli, size_t vectors)
{
    struct rows one = { 0 }, other = { 0 };

    rows_begin(&one, a, moduli, 0, vectors);
    rows_begin(&other, a, moduli, 1, vectors);
    for (size_t i = 0; i < moduli->limbs; i++) {
        row_add(&one, all(HOLM_AT(b->limbs, i)), vectors);
        row_add(&other, all(HOLM_AT(b->limbs, LANES * vectors + i)), vectors);
    }
    rows_end(out, &one, 0, vectors);
    rows_end(out, &other, 1, vectors);
}

/* MULTIPLY makes the function of a number of vectors, which are then in registers. */
#define MULTIPLY(how, vectors)                                                                     \
    static __attribute__((noinline)) void multiply_##how##_##vectors(                              \
        struct numbers *out, const struct numbers *a, const struct numbers *b,                     \
        const struct moduli *moduli)                                                               \
    {                                                                                              \
        multiply_##how(out, a, b, moduli, vectors);                                                \
    }

MULTIPLY(two, 3)
MULTIPLY(two, 4)
MULTIPLY(two, 5)
MULTIPLY(one, 5)
MULTIPLY(one, 8)
MULTIPLY(one, 10)

void holm_ifma__multiply(struct numbers *out, const struct numbers *a, const struct numbers *b,
                         const struct moduli *moduli)
{
    holm_assert(moduli->limbs <= LANES * moduli->vectors);
    if (moduli->count == 2 && moduli->vectors == 3)
        multiply_two_3(out, a, b, moduli);
    else if (moduli->count == 2 && moduli->vectors == 4)
        multiply_two_4(out, a, b, moduli);
    else if (moduli->count == 2)
        multiply_two_5(out, a, b, moduli);
    else if (moduli->vectors == 5)
        multiply_one_5(out, a, b, moduli);
    else if (moduli->vectors == 8)
        multiply_one_8(out, a, b, moduli);
    else
        multiply_one_10(out, a, b, moduli);
}
