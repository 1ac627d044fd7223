/* SPDX-License-Identifier: ISC */
/* edwards448.c: points are fractions x / z, y / z with t = x y / z beside them; their sums have no
 * exceptions, since d is no square (Hisil, Wong, Carter, Dawson: Twisted Edwards curves revisited (2008),
 * section 3.1, with a = 1). */
#include "edwards448.h"

#include "field448.h"
#include "tables/edwards448.h"

#include <holm/secret.h>

#define INLINE static inline __attribute__((always_inline))

enum {
    BYTES = HOLM_EDWARDS448__BYTES,
    LIMBS = HOLM_EDWARDS448__LIMBS,
    FIELD_BYTES = HOLM_FIELD448__BYTES,
    DIGIT_BITS = 4,
    DIGITS = 112,
    MULTIPLES = HOLM_EDWARDS448__MULTIPLES,
    ROWS = HOLM_EDWARDS448__ROWS,
    COLUMNS = DIGITS / ROWS,
    MINUS_D = 39081,
    SLIDING = 5,      /* bits of a window of public numbers, which the key's multiples are of */
    SLIDING_BASE = 4, /* the base's, whose first multiples are in the table */
    ODD = 1 << (SLIDING - 2),
    BITS = 448
};

struct point {
    struct holm_field448 x, y, z, t;
};

static const struct holm_field448 zero, one = { { 1 } };
static const struct point neutral = { .y = { { 1 } }, .z = { { 1 } } };

INLINE struct holm_field448 sum(const struct holm_field448 *a, const struct holm_field448 *b)
{
    return holm_field448_add(a, b);
}

INLINE struct holm_field448 difference(const struct holm_field448 *a, const struct holm_field448 *b)
{
    return holm_field448_subtract(a, b);
}

INLINE struct holm_field448 product(const struct holm_field448 *a, const struct holm_field448 *b)
{
    return holm_field448_multiply(a, b);
}

/* point_put: of (e, f, g, h) the point e f, g h, f g, e h. t, which only sums take, is left out where it is not
 * wanted. */
INLINE struct point point_put(const struct holm_field448 *e, const struct holm_field448 *f,
                              const struct holm_field448 *g, const struct holm_field448 *h,
                              bool with_t)
{
    return (struct point){ product(e, f), product(g, h), product(f, g),
                           with_t ? product(e, h) : zero };
}

static struct point twice_to(const struct point *p, bool with_t)
{
    struct holm_field448 xx = holm_field448_square(&p->x), yy = holm_field448_square(&p->y);
    struct holm_field448 zz = holm_field448_square(&p->z), xy = sum(&p->x, &p->y);
    struct holm_field448 g = sum(&xx, &yy), h = difference(&xx, &yy);

    xy = holm_field448_square(&xy);
    struct holm_field448 e = difference(&xy, &g);
    zz = sum(&zz, &zz);
    struct holm_field448 f = difference(&g, &zz);
    return point_put(&e, &f, &g, &h, with_t);
}

static struct point twice(const struct point *p)
{
    return twice_to(p, true);
}

/* with_products: the sum of two points of x1 x2, y1 y2, d t1 t2, z1 z2 and (x1 + y1) (x2 + y2). */
INLINE struct point with_products(const struct holm_field448 *a, const struct holm_field448 *b,
                                  const struct holm_field448 *c, const struct holm_field448 *d,
                                  const struct holm_field448 *both, bool with_t)
{
    struct holm_field448 ab = sum(a, b), e = difference(both, &ab), f = difference(d, c);
    struct holm_field448 g = sum(d, c), h = difference(b, a);

    return point_put(&e, &f, &g, &h, with_t);
}

static struct point sum_affine(const struct point *p, const struct holm_edwards448_affine *q,
                               bool with_t)
{
    struct holm_field448 a = product(&p->x, &q->x), b = product(&p->y, &q->y);
    struct holm_field448 c = product(&p->t, &q->dxy);
    struct holm_field448 both = sum(&p->x, &p->y), other = sum(&q->x, &q->y);

    both = product(&both, &other);
    return with_products(&a, &b, &c, &p->z, &both, with_t);
}

/* sum_points: t of q is times d already. */
static struct point sum_points(const struct point *p, const struct point *q, bool with_t)
{
    struct holm_field448 a = product(&p->x, &q->x), b = product(&p->y, &q->y);
    struct holm_field448 c = product(&p->t, &q->t), d = product(&p->z, &q->z);
    struct holm_field448 both = sum(&p->x, &p->y), other = sum(&q->x, &q->y);

    both = product(&both, &other);
    return with_products(&a, &b, &c, &d, &both, with_t);
}

/* ready_of is a point as it is added. */
static struct point ready_of(const struct point *p)
{
    struct holm_field448 less = holm_field448_scale(&p->t, MINUS_D);

    return (struct point){ p->x, p->y, p->z, difference(&zero, &less) };
}

static struct point ready_minus(const struct point *p)
{
    return (struct point){ difference(&zero, &p->x), p->y, p->z, difference(&zero, &p->t) };
}

/* digits_of writes a number below the order as digits from -8 to 7. */
static void digits_of(int16_t digits[DIGITS], const uint64_t scalar[LIMBS])
{
    int carry = 0;

    for (size_t i = 0; i < DIGITS; i++) {
        int digit = (int)(HOLM_NTH(scalar, LIMBS, i / 16) >> DIGIT_BITS * (i % 16) & 15) + carry;
        carry = (digit + 8) >> DIGIT_BITS;
        HOLM_NTH(digits, DIGITS, i) = (int16_t)(digit - 16 * carry);
    }
}

/* all_ones is no bit for 0 and all for 1; nobody sees which, the compiler included. */
INLINE uint64_t all_ones(uint64_t choice)
{
    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return ~choice + 1;
}

INLINE void limbs_take(struct holm_field448 *out, const struct holm_field448 *a, uint64_t mask)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < HOLM_FIELD448__LIMBS; i++)
        HOLM_AT(out->limbs, i) |= HOLM_AT(a->limbs, i) & mask;
}

/* affine_take reads all multiples of a column, and takes one; digit 0 takes the neutral point. */
static struct holm_edwards448_affine affine_take(size_t column, int digit)
{
    uint64_t negative = (uint64_t)((uint32_t)digit >> 31);
    uint32_t at = ((uint32_t)digit ^ (uint32_t)(0 - negative)) + (uint32_t)negative;
    struct holm_edwards448_affine out = { 0 };

    limbs_take(&out.y, &one, all_ones((uint64_t)(at - 1) >> 31 & 1));
    for (uint32_t i = 1; i <= MULTIPLES; i++) {
        const struct holm_edwards448_affine *point =
            &HOLM_AT(holm_edwards448__table, column * MULTIPLES + i - 1);
        uint64_t mask = all_ones((uint64_t)((at ^ i) - 1) >> 31 & 1);
        limbs_take(&out.x, &point->x, mask);
        limbs_take(&out.y, &point->y, mask);
        limbs_take(&out.dxy, &point->dxy, mask);
    }
    struct holm_field448 minus_x = difference(&zero, &out.x);
    struct holm_field448 minus_dxy = difference(&zero, &out.dxy);
    holm_field448_swap(&out.x, &minus_x, negative);
    holm_field448_swap(&out.dxy, &minus_dxy, negative);
    return out;
}

/* base_multiple: the table has for each column the multiples of what row 0 is worth there; a row is
 * worth 16 times the one below it. */
static struct point base_multiple(const uint64_t scalar[LIMBS])
{
    struct point point = neutral;
    int16_t digits[DIGITS];

    digits_of(digits, scalar);
    for (size_t row = ROWS; row > 0; row--) {
        for (int i = 0; i < DIGIT_BITS && row < ROWS; i++)
            point = twice(&point);
        for (size_t column = 0; column < COLUMNS; column++) {
            struct holm_edwards448_affine of_digit =
                affine_take(column, HOLM_AT(digits, column * ROWS + row - 1));
            point = sum_affine(&point, &of_digit, true);
        }
    }
    holm_secret_wipe(digits, sizeof digits);
    return point;
}

/* point_write fills out: y, and in the last bit whether x is odd. of_z is 1 / z. */
static void point_write(struct holm_span out, const struct point *point,
                        const struct holm_field448 *of_z)
{
    struct holm_field448 x = product(&point->x, of_z), y = product(&point->y, of_z);
    uint8_t of_x[FIELD_BYTES];
    struct holm_span of_y = { 0 };

    holm_assert(holm_span_part(out, 0, FIELD_BYTES, &of_y));
    holm_field448_write((struct holm_span){ of_x, sizeof of_x }, &x);
    holm_field448_write(of_y, &y);
    HOLM_NTH(out.ptr, out.len, BYTES - 1) = (uint8_t)((of_x[0] & 1) << 7);
}

/* Two points take one division. */
void holm_edwards448__base(const struct holm_edwards448_multiple *first,
                           const struct holm_edwards448_multiple *second)
{
    struct point one_point = base_multiple(first->scalar), other = neutral;

    if (second != NULL)
        other = base_multiple(second->scalar);
    struct holm_field448 both = product(&one_point.z, &other.z);
    both = holm_field448_invert(&both);
    struct holm_field448 of_z = product(&both, &other.z);
    point_write(first->out, &one_point, &of_z);
    of_z = product(&both, &one_point.z);
    if (second != NULL)
        point_write(second->out, &other, &of_z);
    holm_secret_wipe(&one_point, sizeof one_point);
    holm_secret_wipe(&other, sizeof other);
}

static bool same(const struct holm_field448 *a, const struct holm_field448 *b)
{
    uint8_t of_a[FIELD_BYTES], of_b[FIELD_BYTES];

    holm_field448_write((struct holm_span){ of_a, sizeof of_a }, a);
    holm_field448_write((struct holm_span){ of_b, sizeof of_b }, b);
    return holm_bytes_equal(HOLM_BLOB(of_a), HOLM_BLOB(of_b));
}

/* root_find sets *x to a root of u / v: u^3 v (u^5 v^3)^((p - 3) / 4); false: there is none. Section
 * 5.2.3. */
static bool root_find(struct holm_field448 *x, const struct holm_field448 *u,
                      const struct holm_field448 *v)
{
    struct holm_field448 uu = holm_field448_square(u), uv = product(u, v);
    struct holm_field448 u3v = product(&uu, &uv), square = product(&u3v, &uv);

    square = product(&square, v);
    square = product(&square, u); /* u^5 v^3 */
    square = holm_field448_root_power(&square);
    *x = product(&u3v, &square);
    square = holm_field448_square(x);
    square = product(&square, v);
    return same(&square, u);
}

/* point_read reads a public key, which is no secret; false: it is no point, or not written in the one
 * way. */
static bool point_read(struct point *point, struct holm_bytes bytes)
{
    struct holm_field448 y = holm_field448_read(bytes), yy = holm_field448_square(&y), x;
    struct holm_field448 u = difference(&one, &yy), v = holm_field448_scale(&yy, MINUS_D);
    uint8_t again[FIELD_BYTES], of_x[FIELD_BYTES], last = 0;
    struct holm_bytes of_y = { 0 };

    v = sum(&one, &v); /* u / v = (1 - y^2) / (1 - d y^2) */
    holm_field448_write((struct holm_span){ again, sizeof again }, &y);
    holm_assert(holm_bytes_u8_at(bytes, BYTES - 1, &last) &&
                holm_bytes_part(bytes, 0, FIELD_BYTES, &of_y));
    if ((last & 0x7f) != 0 || !holm_bytes_equal(HOLM_BLOB(again), of_y) || !root_find(&x, &u, &v))
        return false;
    holm_field448_write((struct holm_span){ of_x, sizeof of_x }, &x);
    if (same(&x, &zero) && last != 0)
        return false;
    if ((of_x[0] & 1) != last >> 7)
        x = difference(&zero, &x);
    *point = (struct point){ x, y, one, product(&x, &y) };
    return true;
}

/* Four points have an order of at most 4: with one of them as a key, one signature fits many messages. */
static bool small_order(const struct point *point)
{
    struct point four = twice(point);

    four = twice(&four);
    return same(&four.x, &zero);
}

/* sliding writes a number below 2^447 as odd digits of width bits, with a sign, and as many zeroes or more behind
 * each, less one. */
static void sliding(int16_t digits[BITS], const uint64_t scalar[LIMBS], unsigned width)
{
    unsigned carry = 0;

    for (size_t i = 0; i < BITS; i++) {
        uint64_t bits = HOLM_NTH(scalar, LIMBS, i / 64) >> i % 64;
        HOLM_NTH(digits, BITS, i) = 0;
        if ((bits & 1) == carry)
            continue;
        if (i % 64 > 64 - width && i / 64 + 1 < LIMBS)
            bits |= HOLM_NTH(scalar, LIMBS, i / 64 + 1) << (64 - i % 64);
        int digit = (int)(bits & ((1U << width) - 1)) + (int)carry;
        carry = digit >= 1 << (width - 1) ? 1 : 0;
        HOLM_NTH(digits, BITS, i) = (int16_t)(carry != 0 ? digit - (1 << width) : digit);
        for (size_t skipped = 1; skipped < width && i + 1 < BITS; skipped++)
            HOLM_NTH(digits, BITS, ++i) = 0;
    }
}

/* less_digit takes a digit times the key off, of which there are odd multiples. */
static struct point less_digit(const struct point *point, const struct point odd[ODD], int digit,
                               bool with_t)
{
    if (digit < 0)
        return sum_points(point, &HOLM_NTH(odd, ODD, (size_t)-digit / 2), with_t);
    struct point minus = ready_minus(&HOLM_NTH(odd, ODD, (size_t)digit / 2));
    return sum_points(point, &minus, with_t);
}

/* base_digit adds a digit times the base; t is not made. */
static struct point base_digit(const struct point *point, int digit)
{
    struct holm_edwards448_affine of =
        HOLM_AT(holm_edwards448__table, (size_t)(digit < 0 ? -digit : digit) - 1);

    if (digit < 0) {
        of.x = difference(&zero, &of.x);
        of.dxy = difference(&zero, &of.dxy);
    }
    return sum_affine(point, &of, false);
}

/* both_multiples is s times the base less k times a point, whose doublings are the same. t of it is not made. */
static struct point both_multiples(const struct point *of, const uint64_t k[LIMBS],
                                   const uint64_t s[LIMBS])
{
    struct point point = twice(of), at = *of, two = ready_of(&point), odd[ODD];
    int16_t digits[BITS], digits_base[BITS];

    sliding(digits, k, SLIDING);
    sliding(digits_base, s, SLIDING_BASE);
    for (size_t i = 0; i < ODD; i++) {
        HOLM_AT(odd, i) = ready_of(&at);
        at = sum_points(&at, &two, true);
    }
    point = neutral;
    for (size_t i = BITS; i > 0; i--) {
        int digit = HOLM_AT(digits, i - 1), of_base = HOLM_AT(digits_base, i - 1);
        point = twice_to(&point, digit != 0 || of_base != 0);
        if (digit != 0)
            point = less_digit(&point, odd, digit, of_base != 0);
        if (of_base != 0)
            point = base_digit(&point, of_base);
    }
    return point;
}

bool holm_edwards448__sum(struct holm_span out, struct holm_bytes key, const uint64_t *k,
                          const uint64_t *s)
{
    struct point point;

    if (!point_read(&point, key) || small_order(&point))
        return false;
    point = both_multiples(&point, k, s);
    struct holm_field448 of_z = holm_field448_invert(&point.z);
    point_write(out, &point, &of_z);
    return true;
}
