/* SPDX-License-Identifier: ISC */
/* edwards25519.c: points are fractions x / z, y / z with t = x y / z beside them; their sums have no
 * exceptions (Hisil, Wong, Carter, Dawson: Twisted Edwards curves revisited (2008), sections 3.1, 3.3). */
#include "edwards25519.h"

#include "field25519.h"
#include "tables/edwards25519.h"

#include <holm/secret.h>

#define INLINE static inline __attribute__((always_inline))

enum {
    BYTES = HOLM_EDWARDS25519__BYTES,
    LIMBS = HOLM_EDWARDS25519__LIMBS,
    DIGIT_BITS = 4,
    DIGITS = 64,
    MULTIPLES = HOLM_EDWARDS25519__MULTIPLES,
    ROWS = HOLM_EDWARDS25519__ROWS,
    COLUMNS = DIGITS / ROWS,
    SLIDING = 5, /* bits of a window of public numbers */
    ODD = 1 << (SLIDING - 2),
    BITS = 256
};

struct point {
    struct holm_field25519 x, y, z, t;
};

/* struct ready is a point as it is added: y + x, y - x, 2 z, 2 d t. */
struct ready {
    struct holm_field25519 more, less, two_z, two_dt;
};

static const struct holm_field25519 zero, one = { { 1 } };
static const struct point neutral = { .y = { { 1 } }, .z = { { 1 } } };

INLINE struct holm_field25519 sum(const struct holm_field25519 *a, const struct holm_field25519 *b)
{
    return holm_field25519_add(a, b);
}

INLINE struct holm_field25519 difference(const struct holm_field25519 *a,
                                         const struct holm_field25519 *b)
{
    return holm_field25519_subtract(a, b);
}

/* product_put: of (e, f, g, h) the point e f, g h, f g, e h. */
INLINE struct point product_put(const struct holm_field25519 *e, const struct holm_field25519 *f,
                                const struct holm_field25519 *g, const struct holm_field25519 *h)
{
    return (struct point){ holm_field25519_multiply(e, f), holm_field25519_multiply(g, h),
                           holm_field25519_multiply(f, g), holm_field25519_multiply(e, h) };
}

static struct point twice(const struct point *p)
{
    struct holm_field25519 xx = holm_field25519_square(&p->x), yy = holm_field25519_square(&p->y);
    struct holm_field25519 zz = holm_field25519_square(&p->z), xy = sum(&p->x, &p->y);
    struct holm_field25519 h = sum(&xx, &yy), g = difference(&xx, &yy);

    xy = holm_field25519_square(&xy);
    struct holm_field25519 e = difference(&h, &xy);
    zz = sum(&zz, &zz);
    struct holm_field25519 f = sum(&zz, &g);
    return product_put(&e, &f, &g, &h);
}

/* with_products: the sum of two points of the products (y1 - x1) (y2 - x2), (y1 + x1) (y2 + x2),
 * 2 d t1 t2, and 2 z1 z2. */
INLINE struct point with_products(const struct holm_field25519 *a, const struct holm_field25519 *b,
                                  const struct holm_field25519 *c, const struct holm_field25519 *d)
{
    struct holm_field25519 e = difference(b, a), f = difference(d, c), g = sum(d, c), h = sum(b, a);

    return product_put(&e, &f, &g, &h);
}

static struct point sum_ready(const struct point *p, const struct ready *q)
{
    struct holm_field25519 a = difference(&p->y, &p->x), b = sum(&p->y, &p->x);
    struct holm_field25519 c = holm_field25519_multiply(&p->t, &q->two_dt);
    struct holm_field25519 d = holm_field25519_multiply(&p->z, &q->two_z);

    a = holm_field25519_multiply(&a, &q->less);
    b = holm_field25519_multiply(&b, &q->more);
    return with_products(&a, &b, &c, &d);
}

static struct point sum_affine(const struct point *p, const struct holm_edwards25519_affine *q)
{
    struct holm_field25519 a = difference(&p->y, &p->x), b = sum(&p->y, &p->x);
    struct holm_field25519 c = holm_field25519_multiply(&p->t, &q->two_dxy);
    struct holm_field25519 d = sum(&p->z, &p->z);

    a = holm_field25519_multiply(&a, &q->less);
    b = holm_field25519_multiply(&b, &q->more);
    return with_products(&a, &b, &c, &d);
}

/* ready_of: sums and differences become products where they are subtracted from others later. */
static struct ready ready_of(const struct point *p)
{
    return (struct ready){ sum(&p->y, &p->x), difference(&p->y, &p->x), sum(&p->z, &p->z),
                           holm_field25519_multiply(&p->t, &holm_edwards25519__2d) };
}

static struct ready ready_minus(const struct ready *p)
{
    struct holm_field25519 minus = difference(&zero, &p->two_dt);

    return (struct ready){ p->less, p->more, p->two_z, minus };
}

/* digits_of writes a number as digits from -8 to 7; the last may be 8. */
static void digits_of(int16_t digits[DIGITS], const uint64_t scalar[LIMBS])
{
    int carry = 0;

    for (size_t i = 0; i < DIGITS; i++) {
        int digit = (int)(HOLM_NTH(scalar, LIMBS, i / 16) >> DIGIT_BITS * (i % 16) & 15) + carry;
        carry = i + 1 < DIGITS ? (digit + 8) >> DIGIT_BITS : 0;
        HOLM_NTH(digits, DIGITS, i) = (int16_t)(digit - 16 * carry);
    }
}

INLINE void limbs_take(struct holm_field25519 *out, const struct holm_field25519 *a, uint64_t mask)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < HOLM_FIELD25519__LIMBS; i++)
        HOLM_AT(out->limbs, i) |= HOLM_AT(a->limbs, i) & mask;
}

/* all_ones is no bit for 0 and all for 1; nobody sees which, the compiler included. */
INLINE uint64_t all_ones(uint64_t choice)
{
    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return ~choice + 1;
}

/* affine_take reads all multiples of a column, and takes one; digit 0 takes the neutral point. */
static struct holm_edwards25519_affine affine_take(size_t column, int digit)
{
    uint64_t negative = (uint64_t)((uint32_t)digit >> 31);
    uint32_t at = ((uint32_t)digit ^ (uint32_t)(0 - negative)) + (uint32_t)negative;
    struct holm_edwards25519_affine out = { 0 };
    uint64_t none = all_ones((uint64_t)(at - 1) >> 31 & 1);

    limbs_take(&out.more, &one, none);
    limbs_take(&out.less, &one, none);
    for (uint32_t i = 1; i <= MULTIPLES; i++) {
        const struct holm_edwards25519_affine *point =
            &HOLM_AT(holm_edwards25519__table, column * MULTIPLES + i - 1);
        uint64_t mask = all_ones((uint64_t)((at ^ i) - 1) >> 31 & 1);
        limbs_take(&out.more, &point->more, mask);
        limbs_take(&out.less, &point->less, mask);
        limbs_take(&out.two_dxy, &point->two_dxy, mask);
    }
    struct holm_field25519 minus = difference(&zero, &out.two_dxy);
    holm_field25519_swap(&out.more, &out.less, negative);
    holm_field25519_swap(&out.two_dxy, &minus, negative);
    return out;
}

/* base_rows adds the base point, as many times as the digits of rows below say, to what is there, and
 * that 16 times a row. The table has for each column the multiples of what row 0 is worth there. */
static void base_rows(struct point *point, const int16_t digits[DIGITS])
{
    for (size_t row = ROWS; row > 0; row--) {
        for (int i = 0; i < DIGIT_BITS && row < ROWS; i++)
            *point = twice(point);
        for (size_t column = 0; column < COLUMNS; column++) {
            struct holm_edwards25519_affine of_digit =
                affine_take(column, HOLM_NTH(digits, DIGITS, column * ROWS + row - 1));
            *point = sum_affine(point, &of_digit);
        }
    }
}

static struct point base_multiple(const uint64_t scalar[LIMBS])
{
    struct point point = neutral;
    int16_t digits[DIGITS];

    digits_of(digits, scalar);
    base_rows(&point, digits);
    holm_secret_wipe(digits, sizeof digits);
    return point;
}

/* point_write fills out: y, and in its last bit whether x is odd. of_z is 1 / z. */
static void point_write(struct holm_span out, const struct point *point,
                        const struct holm_field25519 *of_z)
{
    struct holm_field25519 x = holm_field25519_multiply(&point->x, of_z);
    struct holm_field25519 y = holm_field25519_multiply(&point->y, of_z);
    uint8_t of_x[BYTES];

    holm_field25519_write((struct holm_span){ of_x, sizeof of_x }, &x);
    holm_field25519_write(out, &y);
    HOLM_NTH(out.ptr, out.len, BYTES - 1) |= (uint8_t)((of_x[0] & 1) << 7);
}

/* base: two points take one division. */
static void base(const struct holm_edwards25519_multiple *first,
                 const struct holm_edwards25519_multiple *second)
{
    struct point one_point = base_multiple(first->scalar), other = neutral;

    if (second != NULL)
        other = base_multiple(second->scalar);
    struct holm_field25519 both = holm_field25519_multiply(&one_point.z, &other.z);
    both = holm_field25519_invert(&both);
    struct holm_field25519 of_z = holm_field25519_multiply(&both, &other.z);
    point_write(first->out, &one_point, &of_z);
    of_z = holm_field25519_multiply(&both, &one_point.z);
    if (second != NULL)
        point_write(second->out, &other, &of_z);
    holm_secret_wipe(&one_point, sizeof one_point);
    holm_secret_wipe(&other, sizeof other);
}

static bool same(const struct holm_field25519 *a, const struct holm_field25519 *b)
{
    uint8_t of_a[BYTES], of_b[BYTES];

    holm_field25519_write((struct holm_span){ of_a, BYTES }, a);
    holm_field25519_write((struct holm_span){ of_b, BYTES }, b);
    return holm_bytes_equal(HOLM_BLOB(of_a), HOLM_BLOB(of_b));
}

/* root_find sets *x to a root of u / v; false: there is none. Section 5.1.3. */
static bool root_find(struct holm_field25519 *x, const struct holm_field25519 *u,
                      const struct holm_field25519 *v)
{
    struct holm_field25519 v2 = holm_field25519_square(v);
    struct holm_field25519 v3 = holm_field25519_multiply(&v2, v);
    struct holm_field25519 v7 = holm_field25519_square(&v3);

    v7 = holm_field25519_multiply(&v7, v);
    v7 = holm_field25519_multiply(&v7, u);
    v7 = holm_field25519_root_power(&v7);
    *x = holm_field25519_multiply(u, &v3);
    *x = holm_field25519_multiply(x, &v7);
    struct holm_field25519 square = holm_field25519_square(x);
    square = holm_field25519_multiply(&square, v);
    struct holm_field25519 minus_u = difference(&zero, u);
    if (same(&square, u))
        return true;
    *x = holm_field25519_multiply(x, &holm_edwards25519__root);
    return same(&square, &minus_u);
}

/* point_read reads a public key, which is no secret; false: it is no point, or not written in the one
 * way. */
static bool point_read(struct point *point, struct holm_bytes bytes)
{
    struct holm_field25519 y = holm_field25519_read(bytes), yy = holm_field25519_square(&y);
    struct holm_field25519 u = difference(&yy, &one);
    struct holm_field25519 v = holm_field25519_multiply(&yy, &holm_edwards25519__d), x;
    uint8_t again[BYTES], of_x[BYTES], last = 0;

    u = holm_field25519_multiply(&u, &one); /* a product: it is subtracted below */
    v = sum(&v, &one);
    holm_field25519_write((struct holm_span){ again, sizeof again }, &y);
    holm_assert(holm_bytes_u8_at(bytes, BYTES - 1, &last));
    HOLM_AT(again, BYTES - 1) |= last & 0x80;
    if (!holm_bytes_equal(HOLM_BLOB(again), bytes) || !root_find(&x, &u, &v))
        return false;
    holm_field25519_write((struct holm_span){ of_x, sizeof of_x }, &x);
    if (same(&x, &zero) && (last & 0x80) != 0)
        return false;
    if ((of_x[0] & 1) != last >> 7)
        x = difference(&zero, &x);
    x = holm_field25519_multiply(&x, &one);
    *point = (struct point){ x, y, one, holm_field25519_multiply(&x, &y) };
    return true;
}

/* Eight points have an order of at most 8: with one of them as a key, one signature fits many messages. */
static bool small_order(const struct point *point)
{
    struct point eight = *point;

    for (int i = 0; i < 3; i++)
        eight = twice(&eight);
    return same(&eight.x, &zero);
}

/* sliding writes a number below 2^255 as odd digits from -15 to 15 with four zeroes or more behind each. */
static void sliding(int16_t digits[BITS], const uint64_t scalar[LIMBS])
{
    unsigned carry = 0;

    for (size_t i = 0; i < BITS; i++) {
        uint64_t bits = HOLM_NTH(scalar, LIMBS, i / 64) >> i % 64;
        HOLM_NTH(digits, BITS, i) = 0;
        if ((bits & 1) == carry)
            continue;
        if (i % 64 > 64 - SLIDING && i / 64 + 1 < LIMBS)
            bits |= HOLM_NTH(scalar, LIMBS, i / 64 + 1) << (64 - i % 64);
        int digit = (int)(bits & ((1U << SLIDING) - 1)) + (int)carry;
        carry = digit >= 1 << (SLIDING - 1) ? 1 : 0;
        HOLM_NTH(digits, BITS, i) = (int16_t)(carry != 0 ? digit - (1 << SLIDING) : digit);
        for (size_t skipped = 1; skipped < SLIDING && i + 1 < BITS; skipped++)
            HOLM_NTH(digits, BITS, ++i) = 0;
    }
}

/* less_multiple is minus k times the point. */
static struct point less_multiple(const struct point *of, const uint64_t k[LIMBS])
{
    struct point point = twice(of), at = *of;
    struct ready two = ready_of(&point), odd[ODD];
    int16_t digits[BITS];

    sliding(digits, k);
    for (size_t i = 0; i < ODD; i++) {
        HOLM_AT(odd, i) = ready_of(&at);
        at = sum_ready(&at, &two);
    }
    point = neutral;
    for (size_t i = BITS; i > 0; i--) {
        int digit = HOLM_AT(digits, i - 1);
        point = twice(&point);
        if (digit < 0)
            point = sum_ready(&point, &HOLM_AT(odd, (size_t)-digit / 2));
        if (digit > 0) {
            struct ready minus = ready_minus(&HOLM_AT(odd, (size_t)digit / 2));
            point = sum_ready(&point, &minus);
        }
    }
    return point;
}

static bool sum_make(struct holm_span out, struct holm_bytes key, const uint64_t *k,
                     const uint64_t *s)
{
    struct point point;

    if (!point_read(&point, key) || small_order(&point))
        return false;
    struct point of_s = base_multiple(s), of_k = less_multiple(&point, k);
    struct ready added = ready_of(&of_k);
    point = sum_ready(&of_s, &added);
    struct holm_field25519 of_z = holm_field25519_invert(&point.z);
    point_write(out, &point, &of_z);
    return true;
}

const struct holm_edwards25519 holm_edwards25519__portable = { .base = base, .sum = sum_make };
