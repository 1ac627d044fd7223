/* SPDX-License-Identifier: ISC */
/* curve_points.h: points of one curve, whose file includes this after it has defined LIMBS, BITS, ROWS,
 * COLUMNS, its constants (tables/) and field_cleared.
 *
 * Points are fractions x / z, y / z of Montgomery forms; z = 0 is the point at infinity. Sums have no
 * exceptions: Renes, Costello, Batina: Complete addition formulas for prime order elliptic curves (2016),
 * algorithms 4 to 6. Where many doublings follow each other on a point that is not at infinity, they are
 * made of x / z^2, y / z^3 (Bernstein, Lange: Explicit-Formulas Database, dbl-2001-b), which is less work
 * and has no exception either.
 *
 * Scalars are read as odd digits from -31 to 31, five bits each (Joye, Tunstall: Exponent recoding (2009)):
 * an even one is first taken off the order, and the result turned around. So no digit is 0, and no sum
 * starts at infinity. */
#include "curve.h"

#include <holm/secret.h>

enum {
    WINDOW_BITS = 5,
    WINDOW = 1 << (WINDOW_BITS - 1), /* odd multiples of a point */
    DIGITS = (BITS + WINDOW_BITS - 1) / WINDOW_BITS,
    POWER_BITS = 4,
    POWERS = 1 << POWER_BITS,
};
_Static_assert(ROWS *COLUMNS >= DIGITS, "the table has a place for each digit");

struct point {
    struct number x, y, z;
};

/* struct digit is one of a scalar: its place among the odd multiples, and 1 if it is negative. */
struct digit {
    uint64_t at, negative;
};

static struct number field_reduced(const struct product *a)
{
    struct number low = number_low(a);

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        low = field_cleared(&low);
    return number_joined(&low, a, &field);
}

static struct number multiplied(const struct number *a, const struct number *b)
{
    struct product product = product_of(a, b);

    return field_reduced(&product);
}

static struct number squared(const struct number *a)
{
    struct product product = square_of(a);

    return field_reduced(&product);
}

static struct number added(const struct number *a, const struct number *b)
{
    return number_add(a, b, &field);
}

static struct number subtracted(const struct number *a, const struct number *b)
{
    return number_subtract(a, b, &field);
}

static struct number doubled(const struct number *a)
{
    return number_add(a, a, &field);
}

static struct number tripled(const struct number *a)
{
    struct number two = number_add(a, a, &field);

    return number_add(&two, a, &field);
}

static struct number order_multiplied(const struct number *a, const struct number *b)
{
    struct product product = product_of(a, b);
    struct number low = number_low(&product);

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        low = number_cleared(&low, &order, ORDER_FACTOR);
    return number_joined(&low, &product, &order);
}

static struct number order_squared(const struct number *a)
{
    struct product product = square_of(a);
    struct number low = number_low(&product);

#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        low = number_cleared(&low, &order, ORDER_FACTOR);
    return number_joined(&low, &product, &order);
}

/* inverse is the number to the power of what it is counted modulo, less 2 (Fermat): 0 for 0. That is
 * known to all, so its digits may choose. */
INLINE struct number inverse(const struct number *a, const struct number *modulus, bool of_order)
{
    struct number table[POWERS], power = *a;
    bool begun = false;

    table[1] = *a;
    for (size_t i = 2; i < POWERS; i++)
        HOLM_AT(table, i) = of_order ? order_multiplied(&HOLM_AT(table, i - 1), a)
                                     : multiplied(&HOLM_AT(table, i - 1), a);
    for (size_t at = (size_t)64 * LIMBS; at > 0; at -= POWER_BITS) {
        uint64_t digit = HOLM_AT(modulus->limbs, (at - 1) / 64) - (at <= 64 ? 2 : 0);
        digit = digit >> (at - POWER_BITS) % 64 & (POWERS - 1);
        for (int i = 0; i < POWER_BITS && begun; i++)
            power = of_order ? order_squared(&power) : squared(&power);
        if (digit > 0 && begun)
            power = of_order ? order_multiplied(&power, &HOLM_AT(table, (size_t)digit))
                             : multiplied(&power, &HOLM_AT(table, (size_t)digit));
        else if (digit > 0)
            power = HOLM_AT(table, (size_t)digit);
        begun = begun || digit > 0;
    }
    holm_secret_wipe(table, sizeof table);
    return power;
}

/* cross is a1 b2 + a2 b1, from the sums and the products of the equal ones. */
static struct number cross(const struct number *a1, const struct number *a2,
                           const struct number *b1, const struct number *b2,
                           const struct number *one, const struct number *two)
{
    struct number left = added(a1, a2), right = added(b1, b2), equal = added(one, two);

    left = multiplied(&left, &right);
    return subtracted(&left, &equal);
}

/* combined is the sum of two points, of the products of their coordinates. */
static struct point combined(const struct number *xx, const struct number *yy,
                             const struct number *zz, const struct number *xy,
                             const struct number *yz, const struct number *xz)
{
    struct number t = multiplied(&curve_b, zz), zz3 = tripled(zz), xx3 = tripled(xx);
    struct point out;

    t = subtracted(xz, &t);
    t = tripled(&t);
    struct number less = subtracted(yy, &t), more = added(yy, &t);
    struct number q = multiplied(&curve_b, xz);
    q = subtracted(&q, &zz3);
    q = subtracted(&q, xx);
    q = tripled(&q);
    xx3 = subtracted(&xx3, &zz3);
    out.x = multiplied(xy, &more);
    t = multiplied(yz, &q);
    out.x = subtracted(&out.x, &t);
    out.y = multiplied(&more, &less);
    t = multiplied(&xx3, &q);
    out.y = added(&out.y, &t);
    out.z = multiplied(yz, &less);
    t = multiplied(xy, &xx3);
    out.z = added(&out.z, &t);
    return out;
}

/* sum_of is p + q: algorithm 4. */
static struct point sum_of(const struct point *p, const struct point *q)
{
    struct number xx = multiplied(&p->x, &q->x), yy = multiplied(&p->y, &q->y);
    struct number zz = multiplied(&p->z, &q->z);
    struct number xy = cross(&p->x, &p->y, &q->x, &q->y, &xx, &yy);
    struct number yz = cross(&p->y, &p->z, &q->y, &q->z, &yy, &zz);
    struct number xz = cross(&p->x, &p->z, &q->x, &q->z, &xx, &zz);

    return combined(&xx, &yy, &zz, &xy, &yz, &xz);
}

/* sum_with is p + q for q with z = 1: algorithm 5. */
static struct point sum_with(const struct point *p, const struct affine *q)
{
    struct number xx = multiplied(&p->x, &q->x), yy = multiplied(&p->y, &q->y);
    struct number xy = cross(&p->x, &p->y, &q->x, &q->y, &xx, &yy);
    struct number yz = multiplied(&q->y, &p->z), xz = multiplied(&q->x, &p->z);

    yz = added(&yz, &p->y);
    xz = added(&xz, &p->x);
    return combined(&xx, &yy, &p->z, &xy, &yz, &xz);
}

/* twice is 2 p: algorithm 6, of squares and double products. */
static struct point twice(const struct point *p)
{
    struct number xx = squared(&p->x), yy = squared(&p->y), zz = squared(&p->z);
    struct number xy = multiplied(&p->x, &p->y), yz = multiplied(&p->y, &p->z);
    struct number xz = multiplied(&p->x, &p->z);

    xy = doubled(&xy);
    yz = doubled(&yz);
    xz = doubled(&xz);
    return combined(&xx, &yy, &zz, &xy, &yz, &xz);
}

/* doublings doubles a point, which is not at infinity, that many times. */
static void doublings(struct point *p, int times)
{
    struct number t = squared(&p->z);

    p->x = multiplied(&p->x, &p->z);
    p->y = multiplied(&p->y, &t);
    for (int i = 0; i < times; i++) {
        struct number delta = squared(&p->z), gamma = squared(&p->y);
        struct number beta = multiplied(&p->x, &gamma), alpha = added(&p->x, &delta);
        t = subtracted(&p->x, &delta);
        alpha = multiplied(&alpha, &t);
        alpha = tripled(&alpha);
        p->z = added(&p->y, &p->z);
        p->z = squared(&p->z);
        p->z = subtracted(&p->z, &gamma);
        p->z = subtracted(&p->z, &delta);
        beta = doubled(&beta);
        beta = doubled(&beta);
        p->x = squared(&alpha);
        t = doubled(&beta);
        p->x = subtracted(&p->x, &t);
        t = subtracted(&beta, &p->x);
        p->y = multiplied(&alpha, &t);
        gamma = squared(&gamma);
        gamma = doubled(&gamma);
        gamma = doubled(&gamma);
        gamma = doubled(&gamma);
        p->y = subtracted(&p->y, &gamma);
    }
    p->x = multiplied(&p->x, &p->z);
    t = squared(&p->z);
    p->z = multiplied(&t, &p->z);
}

static struct number number_of(const uint64_t *limbs)
{
    struct number out = { { 0 } };

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(out.limbs, i) = HOLM_NTH(limbs, LIMBS, i);
    return out;
}

static void number_put(uint64_t *out, const struct number *a)
{
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_NTH(out, LIMBS, i) = HOLM_AT(a->limbs, i);
}

static struct point point_of(const struct holm_curve_point *affine)
{
    struct number x = number_of(affine->x), y = number_of(affine->y);

    return (struct point){ multiplied(&x, &field_square), multiplied(&y, &field_square),
                           field_one };
}

/* odd_make sets *out to the scalar, or the order less it, whichever is odd; 1: it is the latter. */
static uint64_t odd_make(struct number *out, const uint64_t *scalar)
{
    struct number as_is = number_of(scalar), less = { { 0 } };
    uint64_t borrow = 0, even = 1 ^ (HOLM_AT(as_is.limbs, 0) & 1);

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(less.limbs, i) =
            subtract_limb(HOLM_AT(order.limbs, i), HOLM_AT(as_is.limbs, i), &borrow);
    *out = chosen(even, &less, &as_is);
    holm_secret_wipe(&less, sizeof less);
    holm_secret_wipe(&as_is, sizeof as_is);
    return even;
}

/* digit_of is the digit at a place of count ones. */
static struct digit digit_of(const struct number *odd, size_t place, size_t count)
{
    size_t at = place * WINDOW_BITS, limb = at / 64;
    uint64_t bits = limb < LIMBS ? HOLM_AT(odd->limbs, limb) >> at % 64 : 0;

    if (at % 64 > 64 - (WINDOW_BITS + 1) && limb + 1 < LIMBS)
        bits |= HOLM_AT(odd->limbs, limb + 1) << (64 - at % 64);
    bits = (bits & (4 * WINDOW - 1)) | 1;
    if (place + 1 == count) /* nothing is taken off the first */
        return (struct digit){ bits >> 1 & (WINDOW - 1), 0 };
    uint64_t negative = 1 ^ bits >> WINDOW_BITS; /* it is what it is less 32 */
    return (struct digit){ (bits >> 1 ^ (~negative + 1)) & (WINDOW - 1), negative };
}

/* same is 1 if a and b, which are small, are. */
INLINE uint64_t same(uint64_t a, uint64_t b)
{
    return ((a ^ b) - 1) >> 63;
}

INLINE void number_take(struct number *out, const struct number *a, uint64_t mask)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(out->limbs, i) |= HOLM_AT(a->limbs, i) & mask;
}

static void negate_if(struct number *y, uint64_t negative)
{
    static const struct number zero;
    struct number minus = subtracted(&zero, y);

    *y = chosen(negative, &minus, y);
}

/* The digit's multiple from a table: all of it is read, unless nobody minds. */
static struct point point_take(const struct point table[WINDOW], struct digit digit, bool secret)
{
    struct point out = { 0 };

    if (!secret)
        out = HOLM_NTH(table, WINDOW, (size_t)digit.at);
    for (size_t i = 0; i < WINDOW && secret; i++) {
        const struct point *point = &HOLM_NTH(table, WINDOW, i);
        uint64_t mask = all_ones(same(i, digit.at));
        number_take(&out.x, &point->x, mask);
        number_take(&out.y, &point->y, mask);
        number_take(&out.z, &point->z, mask);
    }
    negate_if(&out.y, digit.negative);
    return out;
}

static struct affine affine_take(size_t column, struct digit digit, bool secret)
{
    struct affine out = { 0 };

    if (!secret)
        out = HOLM_AT(base_table, column * WINDOW + (size_t)digit.at);
    for (size_t i = 0; i < WINDOW && secret; i++) {
        const struct affine *point = &HOLM_AT(base_table, column * WINDOW + i);
        uint64_t mask = all_ones(same(i, digit.at));
        number_take(&out.x, &point->x, mask);
        number_take(&out.y, &point->y, mask);
    }
    negate_if(&out.y, digit.negative);
    return out;
}

/* base_multiple: row by row, of which each has every ROWS-th digit; the table has for each column the odd
 * multiples of what the row below is worth there. */
static struct point base_multiple(const uint64_t *scalar, bool secret)
{
    struct number odd;
    uint64_t turned = odd_make(&odd, scalar);
    struct point sum = { .y = field_one };

    for (size_t row = ROWS; row > 0; row--) {
        for (size_t i = 0; i < WINDOW_BITS && row < ROWS; i++)
            sum = twice(&sum);
        for (size_t column = 0; column < COLUMNS; column++) {
            struct digit digit = digit_of(&odd, column * ROWS + row - 1, ROWS * COLUMNS);
            struct affine of_digit = affine_take(column, digit, secret);
            sum = sum_with(&sum, &of_digit);
        }
    }
    negate_if(&sum.y, turned);
    holm_secret_wipe(&odd, sizeof odd);
    return sum;
}

/* multiple: sum is never at infinity before it is doubled, since it is a multiple of the point by a number
 * from 1 to the order - 1. */
static struct point multiple(const struct holm_curve_point *of, const uint64_t *scalar, bool secret)
{
    struct point table[WINDOW], sum, two;
    struct number odd;
    uint64_t turned = odd_make(&odd, scalar);

    table[0] = point_of(of);
    two = twice(&table[0]);
    for (size_t i = 1; i < WINDOW; i++)
        HOLM_AT(table, i) = sum_of(&HOLM_AT(table, i - 1), &two);
    sum = point_take(table, digit_of(&odd, DIGITS - 1, DIGITS), secret);
    for (size_t place = DIGITS - 1; place > 0; place--) {
        struct digit digit = digit_of(&odd, place - 1, DIGITS);
        struct point of_digit = point_take(table, digit, secret);
        doublings(&sum, WINDOW_BITS);
        sum = sum_of(&sum, &of_digit);
    }
    negate_if(&sum.y, turned);
    holm_secret_wipe(table, sizeof table);
    holm_secret_wipe(&odd, sizeof odd);
    return sum;
}

static struct number left(const struct number *form)
{
    static const struct number one = { { 1 } };

    return multiplied(form, &one);
}

/* point_put gives the coordinates of a point that is not at infinity, no longer in Montgomery form. */
static void point_put(struct holm_curve_point *out, const struct point *point)
{
    struct number of_z = inverse(&point->z, &field, false);
    struct number x = multiplied(&point->x, &of_z), y = multiplied(&point->y, &of_z);

    x = left(&x);
    y = left(&y);
    number_put(out->x, &x);
    number_put(out->y, &y);
}

static void base(struct holm_curve_point *out, const uint64_t *scalar)
{
    struct point point = base_multiple(scalar, true);

    point_put(out, &point);
    holm_secret_wipe(&point, sizeof point);
}

static void times(struct holm_curve_point *out, const struct holm_curve_point *of,
                  const uint64_t *scalar)
{
    struct point point = multiple(of, scalar, true);

    point_put(out, &point);
    holm_secret_wipe(&point, sizeof point);
}

static uint64_t number_below(const struct number *a, const struct number *b)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < LIMBS; i++)
        (void)subtract_limb(HOLM_AT(a->limbs, i), HOLM_AT(b->limbs, i), &borrow);
    return borrow;
}

static uint64_t number_equal(const struct number *a, const struct number *b)
{
    struct number differ = { { 0 } };

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(differ.limbs, i) = HOLM_AT(a->limbs, i) ^ HOLM_AT(b->limbs, i);
    return number_is_zero(&differ);
}

static bool has(const struct holm_curve_point *point)
{
    struct number x = number_of(point->x), y = number_of(point->y);

    if (!number_below(&x, &field) || !number_below(&y, &field))
        return false;
    x = multiplied(&x, &field_square);
    y = multiplied(&y, &field_square);
    struct number right = squared(&x), three = tripled(&x);
    right = multiplied(&right, &x);
    right = subtracted(&right, &three);
    right = added(&right, &curve_b);
    y = squared(&y);
    return number_equal(&y, &right) != 0;
}

/* x_is answers whether the point has the coordinate x, without a division. */
static bool x_is(const struct point *point, struct number x)
{
    x = multiplied(&x, &field_square);
    x = multiplied(&x, &point->z);
    return number_equal(&x, &point->x) != 0;
}

/* sum_has_x: the field has numbers above the order, so that x may stand for x + order too. */
static bool sum_has_x(const struct point *a, const struct point *b, const uint64_t *x)
{
    struct point sum = sum_of(a, b);
    struct number wanted = number_of(x), more = { { 0 } };
    uint64_t carry = 0;

    if (number_is_zero(&sum.z))
        return false;
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(more.limbs, i) =
            add_limb(HOLM_AT(wanted.limbs, i), HOLM_AT(order.limbs, i), &carry);
    return x_is(&sum, wanted) ||
           (carry == 0 && number_below(&more, &field) != 0 && x_is(&sum, more));
}

static bool sum_is(const struct holm_curve_point *point, const uint64_t *u, const uint64_t *v,
                   const uint64_t *x)
{
    struct point of_u = base_multiple(u, false), of_v = multiple(point, v, false);

    return sum_has_x(&of_u, &of_v, x);
}

static void multiply(uint64_t *out, const uint64_t *a, const uint64_t *b)
{
    struct number x = number_of(a), y = number_of(b);

    x = order_multiplied(&x, &order_square);
    x = order_multiplied(&x, &y);
    number_put(out, &x);
    holm_secret_wipe(&x, sizeof x);
    holm_secret_wipe(&y, sizeof y);
}

static void invert(uint64_t *out, const uint64_t *a)
{
    static const struct number one = { { 1 } };
    struct number x = number_of(a);

    x = order_multiplied(&x, &order_square);
    x = inverse(&x, &order, true);
    x = order_multiplied(&x, &one);
    number_put(out, &x);
    holm_secret_wipe(&x, sizeof x);
}
