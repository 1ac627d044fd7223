/* SPDX-License-Identifier: ISC */
/* ed25519.c: Ed25519 (RFC 8032 section 5.1). */
#include <holm/signature.h>

#include "edwards25519.h"
#include "montgomery.h"
#include "words.h"

#include <holm/secret.h>
#include <level_public.h>

enum { BYTES = HOLM_EDWARDS25519__BYTES, HASH_BYTES = 64, LIMBS = HOLM_EDWARDS25519__LIMBS };

/* The order of the base point, and R^2 modulo it. */
static const uint64_t order_limbs[LIMBS] = { 0x5812631a5cf5d3ed, 0x14def9dea2f79cd6,
                                             0x0000000000000000, 0x1000000000000000 };
static const uint64_t order_square[LIMBS] = { 0xa40611e3449c0f01, 0xd00e1ba768859347,
                                              0xceec73d217f5be65, 0x0399411b7c309a3d };
static const struct holm_modulus order = { LIMBS, 0xd2b51da312547e1b, order_limbs, order_square };

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

    const struct holm_edwards25519_multiple wanted = { scalar, key };

    secret_open(room, scalar, secret);
    holm_level__edwards25519()->base(&wanted, NULL);
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
    const struct holm_edwards25519_multiple of_r = { r, to_r };
    const struct holm_edwards25519_multiple of_key = { scalar, { key, sizeof key } };
    secret_open(room, scalar, secret);
    holm_assert(holm_bytes_from(HOLM_BLOB(room), BYTES, &prefix));
    three_digest(r, prefix, what->bytes, (struct holm_bytes){ 0 });
    holm_level__edwards25519()->base(&of_r, what->key.len == 0 ? &of_key : NULL);
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
    holm_secret_wipe(room, sizeof room);
    holm_secret_wipe(scalar, sizeof scalar);
    holm_secret_wipe(r, sizeof r);
}

/* verify: the point of the signature is s times the base less k times the key. Section 5.1.7, without
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
    if (!holm_limbs__below(s, order_limbs, LIMBS))
        return false;
    three_digest(k, of_r, key, what->bytes);
    return holm_level__edwards25519()->sum(sum, key, k, s) &&
           holm_bytes_equal(HOLM_BLOB(again), of_r);
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
