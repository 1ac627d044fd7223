/* SPDX-License-Identifier: ISC */
/* prime.c: numbers are divided by small primes, many of which are one divisor; then Miller and Rabin. Divisors
 * are no secrets, so their inverses are divided for; what they divide is multiplied by those. */
#include "prime_impl.h"

#include <holm/machine/wide.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum {
    ROUNDS_OF_OTHERS = 64,
    DRAWS_MAX = 128,   /* of a base; each is one with a probability above a half */
    SMALL_LIMIT = 2053 /* the first prime that is not in the table */
};

static const uint16_t small_primes[] = {
    3,    5,    7,    11,   13,   17,   19,   23,   29,   31,   37,   41,   43,   47,   53,   59,
    61,   67,   71,   73,   79,   83,   89,   97,   101,  103,  107,  109,  113,  127,  131,  137,
    139,  149,  151,  157,  163,  167,  173,  179,  181,  191,  193,  197,  199,  211,  223,  227,
    229,  233,  239,  241,  251,  257,  263,  269,  271,  277,  281,  283,  293,  307,  311,  313,
    317,  331,  337,  347,  349,  353,  359,  367,  373,  379,  383,  389,  397,  401,  409,  419,
    421,  431,  433,  439,  443,  449,  457,  461,  463,  467,  479,  487,  491,  499,  503,  509,
    521,  523,  541,  547,  557,  563,  569,  571,  577,  587,  593,  599,  601,  607,  613,  617,
    619,  631,  641,  643,  647,  653,  659,  661,  673,  677,  683,  691,  701,  709,  719,  727,
    733,  739,  743,  751,  757,  761,  769,  773,  787,  797,  809,  811,  821,  823,  827,  829,
    839,  853,  857,  859,  863,  877,  881,  883,  887,  907,  911,  919,  929,  937,  941,  947,
    953,  967,  971,  977,  983,  991,  997,  1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051,
    1061, 1063, 1069, 1087, 1091, 1093, 1097, 1103, 1109, 1117, 1123, 1129, 1151, 1153, 1163, 1171,
    1181, 1187, 1193, 1201, 1213, 1217, 1223, 1229, 1231, 1237, 1249, 1259, 1277, 1279, 1283, 1289,
    1291, 1297, 1301, 1303, 1307, 1319, 1321, 1327, 1361, 1367, 1373, 1381, 1399, 1409, 1423, 1427,
    1429, 1433, 1439, 1447, 1451, 1453, 1459, 1471, 1481, 1483, 1487, 1489, 1493, 1499, 1511, 1523,
    1531, 1543, 1549, 1553, 1559, 1567, 1571, 1579, 1583, 1597, 1601, 1607, 1609, 1613, 1619, 1621,
    1627, 1637, 1657, 1663, 1667, 1669, 1693, 1697, 1699, 1709, 1721, 1723, 1733, 1741, 1747, 1753,
    1759, 1777, 1783, 1787, 1789, 1801, 1811, 1823, 1831, 1847, 1861, 1867, 1871, 1873, 1877, 1879,
    1889, 1901, 1907, 1913, 1931, 1933, 1949, 1951, 1973, 1979, 1987, 1993, 1997, 1999, 2003, 2011,
    2017, 2027, 2029, 2039,
};

/* all_ones is no bit for 0 and all for 1; nobody sees which, the compiler included. */
static uint64_t all_ones(uint64_t choice)
{
    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return holm_u64_wrap_sub(0, choice);
}

/* reduce divides *a by a number below 2^32, whose inverse is 2^64 divided by it, and answers the quotient; what
 * remains is in *a. The first guess is at most 2 too low. */
static uint64_t reduce(uint64_t *a, uint64_t by, uint64_t inverse)
{
    uint64_t quotient = holm_wide_multiply_add(*a, inverse, 0, 0).high;

    *a = holm_u64_wrap_sub(*a, holm_u64_wrap_mul(quotient, by));
    for (int i = 0; i < 2; i++) {
        uint64_t enough = 1 ^ holm_u64_wrap_sub(*a, by) >> 63;
        *a = holm_u64_wrap_sub(*a, by & all_ones(enough));
        quotient += enough;
    }
    return quotient;
}

uint32_t holm_prime__divide(uint64_t *out, const uint64_t *a, size_t limbs, uint32_t by)
{
    uint64_t inverse = UINT64_MAX / by, rest = 0;

    for (size_t i = limbs; i > 0; i--) {
        uint64_t limb = HOLM_NTH(a, limbs, i - 1);
        rest = rest << 32 | limb >> 32;
        uint64_t high = reduce(&rest, by, inverse);
        rest = rest << 32 | (limb & UINT32_MAX);
        uint64_t low = reduce(&rest, by, inverse);
        if (out != NULL)
            HOLM_NTH(out, limbs, i - 1) = high << 32 | low;
    }
    return (uint32_t)rest;
}

bool holm_prime__small(const uint64_t *a, size_t limbs)
{
    size_t first = 0, end = 0;

    while (first < HOLM_COUNT(small_primes)) {
        uint64_t product = 1;
        for (; end < HOLM_COUNT(small_primes); end++) {
            if (product * HOLM_AT(small_primes, end) > UINT32_MAX)
                break;
            product *= HOLM_AT(small_primes, end);
        }
        uint32_t rest = holm_prime__divide(NULL, a, limbs, (uint32_t)product);
        for (; first < end; first++) {
            uint64_t prime = HOLM_AT(small_primes, first), of_prime = rest;
            (void)reduce(&of_prime, prime, UINT64_MAX / prime);
            if (of_prime == 0)
                return true;
        }
    }
    return false;
}

void holm_prime__draw(uint64_t *out, size_t limbs, uint32_t bits, struct holm_random *random)
{
    uint8_t room[HOLM_PRIME_BITS_MAX / 8];
    struct holm_span bytes = { 0 };

    holm_assert(
        holm_span_part((struct holm_span){ room, sizeof room }, 0, ((size_t)bits + 7) / 8, &bytes));
    holm_random_fill(random, bytes);
    room[0] &= (uint8_t)(0xff >> (8 * bytes.len - bits));
    holm_limbs__read(out, limbs, holm_span_bytes(bytes));
    holm_secret_wipe(bytes.ptr, bytes.len);
}

/* struct tested is a number and what Miller and Rabin compare with. */
struct tested {
    struct holm_modulus modulus;
    uint32_t bits, twos; /* m - 1 is odd times 2 to the power of twos */
    uint64_t square[HOLM_MONTGOMERY__LIMBS_MAX], one[HOLM_MONTGOMERY__LIMBS_MAX];
    uint64_t minus_one[HOLM_MONTGOMERY__LIMBS_MAX], odd[HOLM_MONTGOMERY__LIMBS_MAX];
};

/* odd_make divides m - 1 by two as often as it can be. */
static void odd_make(struct tested *of)
{
    size_t limbs = of->modulus.limbs;
    const uint64_t *m = of->modulus.m;

    of->twos = 1;
    while ((HOLM_NTH(m, limbs, of->twos / 64) >> of->twos % 64 & 1) == 0)
        of->twos += 1; /* m is above 1: there is a bit */
    size_t whole = of->twos / 64, part = of->twos % 64;
    for (size_t i = 0; i < limbs; i++) {
        uint64_t low = i + whole < limbs ? HOLM_NTH(m, limbs, i + whole) : 0;
        uint64_t high = i + whole + 1 < limbs ? HOLM_NTH(m, limbs, i + whole + 1) : 0;
        HOLM_AT(of->odd, i) = part == 0 ? low : low >> part | high << (64 - part);
    }
}

static void tested_init(struct tested *of, const uint64_t *m, uint32_t bits)
{
    size_t limbs = ((size_t)bits + 63) / 64;

    of->bits = bits;
    of->modulus = (struct holm_modulus){ limbs, holm_montgomery__factor(*m), m, of->square };
    holm_montgomery__square(of->square, &of->modulus, bits);
    for (size_t i = 0; i < limbs; i++) {
        HOLM_AT(of->one, i) = i == 0;
        HOLM_AT(of->minus_one, i) = 0;
    }
    holm_montgomery__enter(of->one, of->one, &of->modulus);
    holm_montgomery__subtract(of->minus_one, of->minus_one, of->one, &of->modulus);
    odd_make(of);
}

/* base_draw draws a base from 2 to m - 2, in the form that it is used in: one is as likely as another. */
static bool base_draw(uint64_t *base, const struct tested *of, struct holm_random *random)
{
    size_t limbs = of->modulus.limbs;

    for (int i = 0; i < DRAWS_MAX; i++) {
        holm_prime__draw(base, limbs, of->bits, random);
        uint64_t wrong = holm_limbs__is_zero(base, limbs) |
                         holm_limbs__equal(base, of->one, limbs) |
                         holm_limbs__equal(base, of->minus_one, limbs) |
                         (1 ^ holm_limbs__below(base, of->modulus.m, limbs));
        if (wrong == 0)
            return true;
    }
    return false;
}

/* round_passes answers whether a random base is no witness against the number. */
static bool round_passes(const struct tested *of, struct holm_random *random)
{
    uint64_t base[HOLM_MONTGOMERY__LIMBS_MAX], power[HOLM_MONTGOMERY__LIMBS_MAX];
    size_t limbs = of->modulus.limbs;

    if (!base_draw(base, of, random))
        return false;
    holm_montgomery__power(power, base, of->odd, limbs, &of->modulus);
    uint64_t right =
        holm_limbs__equal(power, of->one, limbs) | holm_limbs__equal(power, of->minus_one, limbs);
    for (uint32_t i = 1; i < of->twos && right == 0; i++) {
        holm_montgomery__multiply(power, power, power, &of->modulus);
        right = holm_limbs__equal(power, of->minus_one, limbs);
    }
    holm_secret_wipe(base, limbs * sizeof base[0]);
    holm_secret_wipe(power, limbs * sizeof power[0]);
    return right != 0;
}

bool holm_prime__likely(const uint64_t *m, uint32_t bits, unsigned rounds,
                        struct holm_random *random)
{
    struct tested of;
    bool passes = true;

    tested_init(&of, m, bits);
    for (unsigned i = 0; i < rounds && passes; i++)
        passes = round_passes(&of, random);
    holm_secret_wipe(&of, sizeof of);
    return passes;
}

bool holm_prime_is(struct holm_bytes number, struct holm_random *random)
{
    uint64_t m[HOLM_MONTGOMERY__LIMBS_MAX];

    while (holm_bytes_is(number, 0, 0))
        holm_assert(holm_bytes_from(number, 1, &number));
    if (number.len == 0 || number.len > HOLM_PRIME_BITS_MAX / 8)
        return false;
    size_t limbs = (number.len + 7) / 8;
    holm_limbs__read(m, limbs, number);
    uint64_t top = HOLM_AT(m, limbs - 1);
    if (limbs == 1 && top < SMALL_LIMIT) {
        for (size_t i = 0; i < HOLM_COUNT(small_primes); i++)
            if (top == HOLM_AT(small_primes, i))
                return true;
        return top == 2;
    }
    if (m[0] % 2 == 0 || holm_prime__small(m, limbs))
        return false;
    return holm_prime__likely(m, 64 * (uint32_t)limbs - (uint32_t)__builtin_clzll(top),
                              ROUNDS_OF_OTHERS, random);
}
