/* SPDX-License-Identifier: ISC */
/* ed25519.c: Ed25519 (RFC 8032 section 5.1) on the curve -x^2 + y^2 = 1 + d x^2 y^2. Points are fractions
 * x / z, y / z with t = x y / z beside them; their sums have no exceptions (Hisil, Wong, Carter, Dawson:
 * Twisted Edwards curves revisited (2008), section 3.1). */
#include <holm/signature.h>

#include "field25519.h"
#include "montgomery.h"
#include "words.h"

#include <holm/secret.h>

enum { BYTES = HOLM_FIELD25519__BYTES, HASH_BYTES = 64, LIMBS = 4, WINDOW_BITS = 4, WINDOW = 16 };

struct point {
    struct holm_field25519 x, y, z, t;
};

/* d, 2 d, a root of -1, and the base point. */
static const struct holm_field25519 curve_d = { { 0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029,
                                                  0x739c663a03cbb, 0x52036cee2b6ff } };
static const struct holm_field25519 curve_2d = {
    { 0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff }
};
static const struct holm_field25519 minus_one_root = {
    { 0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d }
};
static const struct holm_field25519 one = { { 1 } };
static const struct point base = {
    { { 0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe, 0x216936d3cd6e5 } },
    { { 0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333, 0x6666666666666 } },
    { { 1 } },
    { { 0x68ab3a5b7dda3, 0x00eea2a5eadbb, 0x2af8df483c27e, 0x332b375274732, 0x67875f0fd78b7 } },
};

/* The order of the base point, and R^2 modulo it. */
static const uint64_t order_limbs[LIMBS] = { 0x5812631a5cf5d3ed, 0x14def9dea2f79cd6,
                                             0x0000000000000000, 0x1000000000000000 };
static const uint64_t order_square[LIMBS] = { 0xa40611e3449c0f01, 0xd00e1ba768859347,
                                              0xceec73d217f5be65, 0x0399411b7c309a3d };
static const struct holm_modulus order = { LIMBS, 0xd2b51da312547e1b, order_limbs, order_square };

static struct point sum_of(const struct point *p, const struct point *q)
{
    struct holm_field25519 p_less = holm_field25519_subtract(&p->y, &p->x);
    struct holm_field25519 q_less = holm_field25519_subtract(&q->y, &q->x);
    struct holm_field25519 p_more = holm_field25519_add(&p->y, &p->x);
    struct holm_field25519 q_more = holm_field25519_add(&q->y, &q->x);
    struct holm_field25519 a = holm_field25519_multiply(&p_less, &q_less);
    struct holm_field25519 b = holm_field25519_multiply(&p_more, &q_more);
    struct holm_field25519 c = holm_field25519_multiply(&p->t, &curve_2d);
    struct holm_field25519 d = holm_field25519_multiply(&p->z, &q->z);

    c = holm_field25519_multiply(&c, &q->t);
    d = holm_field25519_add(&d, &d);
    struct holm_field25519 e = holm_field25519_subtract(&b, &a);
    struct holm_field25519 f = holm_field25519_subtract(&d, &c);
    struct holm_field25519 g = holm_field25519_add(&d, &c);
    struct holm_field25519 h = holm_field25519_add(&b, &a);
    return (struct point){ holm_field25519_multiply(&e, &f), holm_field25519_multiply(&g, &h),
                           holm_field25519_multiply(&f, &g), holm_field25519_multiply(&e, &h) };
}

static void number_choose(struct holm_field25519 *out, const struct holm_field25519 *a,
                          uint64_t choice)
{
    holm_limbs__choose(out->limbs, a->limbs, choice, HOLM_FIELD25519__LIMBS);
}

/* multiple is the point, scalar times. */
static struct point multiple(const struct point *point, const uint64_t scalar[LIMBS])
{
    struct point table[WINDOW], sum = { { { 0 } }, one, one, { { 0 } } }, chosen;

    table[0] = sum;
    for (size_t i = 1; i < WINDOW; i++)
        HOLM_AT(table, i) = sum_of(&HOLM_AT(table, i - 1), point);
    for (size_t at = (size_t)64 * LIMBS; at > 0; at -= WINDOW_BITS) {
        uint64_t digit =
            HOLM_NTH(scalar, LIMBS, (at - 1) / 64) >> (at - WINDOW_BITS) % 64 & (WINDOW - 1);
        for (int i = 0; i < WINDOW_BITS; i++)
            sum = sum_of(&sum, &sum);
        chosen = table[0];
        for (size_t i = 1; i < WINDOW; i++) {
            uint64_t differs = digit ^ i, same = holm_limbs__is_zero(&differs, 1);
            number_choose(&chosen.x, &HOLM_AT(table, i).x, same);
            number_choose(&chosen.y, &HOLM_AT(table, i).y, same);
            number_choose(&chosen.z, &HOLM_AT(table, i).z, same);
            number_choose(&chosen.t, &HOLM_AT(table, i).t, same);
        }
        sum = sum_of(&sum, &chosen);
    }
    holm_secret_wipe(table, sizeof table);
    holm_secret_wipe(&chosen, sizeof chosen);
    return sum;
}

/* point_write fills out: y, and in its last bit whether x is odd. Section 5.1.2. */
static void point_write(struct holm_span out, const struct point *point)
{
    struct holm_field25519 inverse = holm_field25519_invert(&point->z);
    struct holm_field25519 x = holm_field25519_multiply(&point->x, &inverse);
    struct holm_field25519 y = holm_field25519_multiply(&point->y, &inverse);
    uint8_t of_x[BYTES];

    holm_field25519_write((struct holm_span){ of_x, sizeof of_x }, &x);
    holm_field25519_write(out, &y);
    HOLM_NTH(out.ptr, out.len, BYTES - 1) |= (uint8_t)((of_x[0] & 1) << 7);
}

static bool same(const struct holm_field25519 *a, const struct holm_field25519 *b)
{
    uint8_t of_a[BYTES], of_b[BYTES];

    holm_field25519_write((struct holm_span){ of_a, BYTES }, a);
    holm_field25519_write((struct holm_span){ of_b, BYTES }, b);
    return holm_secret_equal(HOLM_BLOB(of_a), HOLM_BLOB(of_b));
}

/* root_find sets *x to a root of u / v; false: there is none. Section 5.1.3. */
static bool root_find(struct holm_field25519 *x, const struct holm_field25519 *u,
                      const struct holm_field25519 *v)
{
    static const struct holm_field25519 zero;
    struct holm_field25519 v2 = holm_field25519_multiply(v, v);
    struct holm_field25519 v3 = holm_field25519_multiply(&v2, v);
    struct holm_field25519 v7 = holm_field25519_multiply(&v3, &v3);

    v7 = holm_field25519_multiply(&v7, v);
    v7 = holm_field25519_multiply(&v7, u);
    v7 = holm_field25519_root_power(&v7);
    *x = holm_field25519_multiply(u, &v3);
    *x = holm_field25519_multiply(x, &v7);
    struct holm_field25519 square = holm_field25519_multiply(x, x);
    square = holm_field25519_multiply(&square, v);
    struct holm_field25519 minus_u = holm_field25519_subtract(&zero, u);
    if (same(&square, u))
        return true;
    *x = holm_field25519_multiply(x, &minus_one_root);
    return same(&square, &minus_u);
}

/* point_read reads a public key, which is no secret; false: it is no point, or not written in the one
 * way. */
static bool point_read(struct point *point, struct holm_bytes bytes)
{
    static const struct holm_field25519 zero;
    struct holm_field25519 y = holm_field25519_read(bytes), yy = holm_field25519_multiply(&y, &y);
    struct holm_field25519 u = holm_field25519_subtract(&yy, &one);
    struct holm_field25519 v = holm_field25519_multiply(&yy, &curve_d), x;
    uint8_t again[BYTES], of_x[BYTES], last = 0;

    u = holm_field25519_multiply(&u, &one); /* a product: it is subtracted below */
    v = holm_field25519_add(&v, &one);
    holm_field25519_write((struct holm_span){ again, sizeof again }, &y);
    holm_assert(holm_bytes_u8_at(bytes, BYTES - 1, &last));
    HOLM_AT(again, BYTES - 1) |= last & 0x80;
    if (!holm_bytes_equal(HOLM_BLOB(again), bytes) || !root_find(&x, &u, &v))
        return false;
    holm_field25519_write((struct holm_span){ of_x, sizeof of_x }, &x);
    if (same(&x, &zero) && (last & 0x80) != 0)
        return false;
    if ((of_x[0] & 1) != last >> 7)
        x = holm_field25519_subtract(&zero, &x);
    x = holm_field25519_multiply(&x, &one);
    *point = (struct point){ x, y, one, holm_field25519_multiply(&x, &y) };
    return true;
}

/* Eight points have an order of at most 8: with one of them as a key, one signature fits many messages. */
static bool small_order(const struct point *point)
{
    static const struct holm_field25519 zero;
    struct point sum = *point;

    for (int i = 0; i < 3; i++)
        sum = sum_of(&sum, &sum);
    return same(&sum.x, &zero);
}

/* number_read reads bytes, least significant first. */
static void number_read(uint64_t out[LIMBS], struct holm_bytes bytes)
{
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_NTH(out, LIMBS, i) = holm_words__little64(bytes, i);
}

/* digest_number sets out to a digest of SHA-512 modulo the order. */
static void digest_number(uint64_t out[LIMBS], struct holm_bytes digest)
{
    uint64_t low[LIMBS];
    struct holm_bytes high = { 0 };

    holm_assert(holm_bytes_from(digest, BYTES, &high));
    number_read(low, digest);
    number_read(out, high);
    holm_montgomery__enter(out, out, &order); /* times 2^256 */
    holm_montgomery__enter(low, low, &order);
    holm_montgomery__leave(low, low, &order); /* below the order now */
    holm_montgomery__add(out, out, low, &order);
    holm_secret_wipe(low, sizeof low);
}

/* three_digest makes the number of up to three pieces. */
static void three_digest(uint64_t out[LIMBS], struct holm_bytes a, struct holm_bytes b,
                         struct holm_bytes c)
{
    struct holm_hash_state state;
    uint8_t digest[HASH_BYTES];

    holm_hash_init(&state, &holm_sha512);
    holm_hash_add(&state, a);
    holm_hash_add(&state, b);
    holm_hash_add(&state, c);
    holm_hash_end(&state, (struct holm_span){ digest, sizeof digest });
    digest_number(out, HOLM_BLOB(digest));
    holm_secret_wipe(digest, sizeof digest);
}

/* secret_open makes of a secret its number and what the numbers of signatures are made with. */
static void secret_open(uint8_t room[HASH_BYTES], uint64_t scalar[LIMBS], struct holm_bytes secret)
{
    holm_hash(&holm_sha512, (struct holm_span){ room, HASH_BYTES }, secret);
    HOLM_NTH(room, HASH_BYTES, 0) &= 248;
    HOLM_NTH(room, HASH_BYTES, BYTES - 1) = (HOLM_NTH(room, HASH_BYTES, BYTES - 1) & 127) | 64;
    number_read(scalar, (struct holm_bytes){ room, BYTES });
}

static bool valid(struct holm_bytes secret)
{
    return secret.len == BYTES; /* all are */
}

static void make_public(struct holm_span key, struct holm_bytes secret)
{
    uint8_t room[HASH_BYTES];
    uint64_t scalar[LIMBS];

    secret_open(room, scalar, secret);
    struct point point = multiple(&base, scalar);
    point_write(key, &point);
    holm_secret_wipe(room, sizeof room);
    holm_secret_wipe(scalar, sizeof scalar);
}

static void sign(struct holm_span signature, struct holm_bytes secret,
                 const struct holm_signature_what *what)
{
    uint8_t room[HASH_BYTES], key[BYTES];
    uint64_t scalar[LIMBS], r[LIMBS], k[LIMBS];
    struct holm_bytes prefix = { 0 };
    struct holm_span to_r = { 0 }, to_s = { 0 };

    holm_assert(holm_span_part(signature, 0, BYTES, &to_r) &&
                holm_span_part(signature, BYTES, BYTES, &to_s));
    secret_open(room, scalar, secret);
    struct point point = multiple(&base, scalar);
    point_write((struct holm_span){ key, sizeof key }, &point);
    holm_assert(holm_bytes_from(HOLM_BLOB(room), BYTES, &prefix));
    three_digest(r, prefix, what->bytes, (struct holm_bytes){ 0 });
    point = multiple(&base, r);
    point_write(to_r, &point);
    three_digest(k, holm_span_bytes(to_r), HOLM_BLOB(key), what->bytes);
    holm_montgomery__enter(scalar, scalar, &order);
    holm_montgomery__multiply(k, scalar, k, &order);
    holm_montgomery__add(k, k, r, &order);
    struct holm_buffer out = holm_span_buffer(to_s);
    for (size_t i = 0; i < LIMBS; i++)
        holm_words__put_little(&out, HOLM_AT(k, i), 8);
    holm_secret_wipe(room, sizeof room);
    holm_secret_wipe(scalar, sizeof scalar);
    holm_secret_wipe(r, sizeof r);
}

/* verify: the point of the signature is s times the base less k times the key. Section 5.1.7, without
 * the cofactor. Deviation: keys of small order are refused. */
static bool verify(struct holm_bytes signature, struct holm_bytes key,
                   const struct holm_signature_what *what)
{
    static const struct holm_field25519 zero;
    uint64_t s[LIMBS], k[LIMBS];
    struct holm_bytes of_r = { 0 };
    struct point point;
    uint8_t again[BYTES];

    holm_assert(holm_bytes_take(&signature, BYTES, &of_r));
    number_read(s, signature);
    if (!holm_limbs__below(s, order_limbs, LIMBS) || !point_read(&point, key) ||
        small_order(&point))
        return false;
    three_digest(k, of_r, key, what->bytes);
    point.x = holm_field25519_subtract(&zero, &point.x);
    point.x = holm_field25519_multiply(&point.x, &one);
    point.t = holm_field25519_multiply(&point.x, &point.y);
    struct point from_s = multiple(&base, s), from_k = multiple(&point, k);
    point = sum_of(&from_s, &from_k);
    point_write((struct holm_span){ again, sizeof again }, &point);
    return holm_bytes_equal(HOLM_BLOB(again), of_r);
}

const struct holm_signature holm_ed25519 = { .name = HOLM_TEXT("Ed25519"),
                                             .secret_bytes = BYTES,
                                             .public_bytes = BYTES,
                                             .signature_bytes = 2 * BYTES,
                                             .takes_message = true,
                                             .valid = valid,
                                             .make_public = make_public,
                                             .sign = sign,
                                             .verify = verify };
