/* SPDX-License-Identifier: ISC */
/* ed448.c: Ed448 (RFC 8032 section 5.2), of messages without a context. */
#include <holm/signature.h>

#include "edwards448.h"
#include "montgomery.h"
#include "words.h"

#include <holm/secret.h>

enum {
    BYTES = HOLM_EDWARDS448__BYTES,
    HASH_BYTES = 2 * BYTES,
    LIMBS = HOLM_EDWARDS448__LIMBS,
    SCALAR_BYTES = 56,
    HEAD_BYTES = 10,
};

/* The order of the base point, and R^2 modulo it. */
static const uint64_t order_limbs[LIMBS] = { 0x2378c292ab5844f3, 0x216cc2728dc58f55,
                                             0xc44edb49aed63690, 0xffffffff7cca23e9,
                                             0xffffffffffffffff, 0xffffffffffffffff,
                                             0x3fffffffffffffff };
static const uint64_t order_square[LIMBS] = { 0xe3539257049b9b60, 0x7af32c4bc1b195d9,
                                              0x0d66de2388ea1859, 0xae17cf725ee4d838,
                                              0x1a9cc14ba3c47c44, 0x2052bcb7e4d070af,
                                              0x3402a939f823b729 };
static const struct holm_modulus order = { LIMBS, 0x03bd440fae918bc5, order_limbs, order_square };

/* What all digests begin with: section 2, dom4 without a context. */
static const uint8_t head[HEAD_BYTES] = { 'S', 'i', 'g', 'E', 'd', '4', '4', '8', 0, 0 };

/* number_read reads 56 bytes, least significant first. */
static void number_read(uint64_t out[LIMBS], struct holm_bytes bytes)
{
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_NTH(out, LIMBS, i) = holm_words__little64(bytes, i);
}

/* digest_number sets out to 114 bytes modulo the order: the last two count 2^896 times, the 56 before
 * them 2^448 times. */
static void digest_number(uint64_t out[LIMBS], struct holm_bytes digest)
{
    uint64_t low[LIMBS], top[LIMBS] = { 0 };
    struct holm_bytes middle = { 0 };
    uint8_t first = 0, last = 0;

    holm_assert(holm_bytes_part(digest, SCALAR_BYTES, SCALAR_BYTES, &middle) &&
                holm_bytes_u8_at(digest, HASH_BYTES - 2, &first) &&
                holm_bytes_u8_at(digest, HASH_BYTES - 1, &last));
    number_read(low, digest);
    number_read(out, middle);
    top[0] = first | (uint64_t)last << 8;
    holm_montgomery__enter(top, top, &order); /* times 2^448 */
    holm_montgomery__enter(top, top, &order);
    holm_montgomery__enter(out, out, &order);
    holm_montgomery__enter(low, low, &order);
    holm_montgomery__leave(low, low, &order); /* below the order now */
    holm_montgomery__add(out, out, low, &order);
    holm_montgomery__add(out, out, top, &order);
    holm_secret_wipe(low, sizeof low);
    holm_secret_wipe(top, sizeof top);
}

/* three_digest makes the number of up to three pieces, behind the head. */
static void three_digest(uint64_t out[LIMBS], struct holm_bytes a, struct holm_bytes b,
                         struct holm_bytes c)
{
    struct holm_hash_state state;
    uint8_t digest[HASH_BYTES];

    holm_hash_init(&state, &holm_shake256);
    holm_hash_add(&state, HOLM_BLOB(head));
    holm_hash_add(&state, a);
    holm_hash_add(&state, b);
    holm_hash_add(&state, c);
    holm_hash_end(&state, (struct holm_span){ digest, sizeof digest });
    digest_number(out, HOLM_BLOB(digest));
    holm_secret_wipe(digest, sizeof digest);
}

/* secret_open makes of a secret its number, modulo the order, and what the numbers of signatures are made
 * with. */
static void secret_open(uint8_t room[HASH_BYTES], uint64_t scalar[LIMBS], struct holm_bytes secret)
{
    holm_hash(&holm_shake256, (struct holm_span){ room, HASH_BYTES }, secret);
    HOLM_NTH(room, HASH_BYTES, 0) &= 252;
    HOLM_NTH(room, HASH_BYTES, SCALAR_BYTES - 1) |= 128;
    number_read(scalar, (struct holm_bytes){ room, SCALAR_BYTES });
    holm_montgomery__enter(scalar, scalar, &order);
    holm_montgomery__leave(scalar, scalar, &order);
}

static bool valid(struct holm_bytes secret)
{
    return secret.len == BYTES; /* all are */
}

static void make_public(struct holm_span key, struct holm_bytes secret)
{
    uint8_t room[HASH_BYTES];
    uint64_t scalar[LIMBS];
    const struct holm_edwards448_multiple wanted = { scalar, key };

    secret_open(room, scalar, secret);
    holm_edwards448__base(&wanted, NULL);
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
    const struct holm_edwards448_multiple of_r = { r, to_r };
    const struct holm_edwards448_multiple of_key = { scalar, { key, sizeof key } };
    secret_open(room, scalar, secret);
    holm_assert(holm_bytes_from(HOLM_BLOB(room), BYTES, &prefix));
    three_digest(r, prefix, what->bytes, (struct holm_bytes){ 0 });
    holm_edwards448__base(&of_r, what->key.len == 0 ? &of_key : NULL);
    struct holm_buffer known = HOLM_BUFFER(key);
    holm_assert(what->key.len == 0 ||
                (what->key.len == BYTES && holm_buffer_bytes(&known, what->key)));
    three_digest(k, holm_span_bytes(to_r), HOLM_BLOB(key), what->bytes);
    holm_montgomery__enter(scalar, scalar, &order);
    holm_montgomery__multiply(k, scalar, k, &order);
    holm_montgomery__add(k, k, r, &order);
    struct holm_buffer out = holm_span_buffer(to_s);
    for (size_t i = 0; i < LIMBS; i++)
        holm_words__put_little(&out, HOLM_AT(k, i), 8);
    holm_assert(holm_buffer_u8(&out, 0));
    holm_secret_wipe(room, sizeof room);
    holm_secret_wipe(scalar, sizeof scalar);
    holm_secret_wipe(r, sizeof r);
}

/* verify: the point of the signature is s times the base less k times the key. Section 5.2.7, without
 * the cofactor. Deviation: keys of small order are refused. */
static bool verify(struct holm_bytes signature, struct holm_bytes key,
                   const struct holm_signature_what *what)
{
    uint64_t s[LIMBS], k[LIMBS];
    struct holm_bytes of_r = { 0 };
    uint8_t again[BYTES];
    struct holm_span sum = { again, sizeof again };

    holm_assert(holm_bytes_take(&signature, BYTES, &of_r));
    number_read(s, signature);
    if (!holm_bytes_is(signature, BYTES - 1, 0) || !holm_limbs__below(s, order_limbs, LIMBS))
        return false;
    three_digest(k, of_r, key, what->bytes);
    return holm_edwards448__sum(sum, key, k, s) && holm_bytes_equal(HOLM_BLOB(again), of_r);
}

const struct holm_signature holm_ed448 = { .name = HOLM_TEXT("Ed448"),
                                           .secret_bytes = BYTES,
                                           .public_bytes = BYTES,
                                           .signature_bytes = 2 * BYTES,
                                           .takes_message = true,
                                           .valid = valid,
                                           .make_public = make_public,
                                           .sign = sign,
                                           .verify = verify };
