/* SPDX-License-Identifier: ISC */
/* ml_kem.c: ML-KEM. FIPS 203 sections 5 to 7. A secret is its vector, the public key, the digest of that
 * and what other secrets are made of where nothing was sealed. */
#include "ml_kem.h"

#include <holm/machine/level.h>
#include <holm/secret.h>

enum {
    POLY_BYTES = 384,
    SEED_BYTES = HOLM_ML_KEM__SEED_BYTES,
    PAIR_BYTES = 64, /* of a key and a seed, or of two seeds: what G gives */
};

/* struct pair is a digest of G, in two halves. */
struct pair {
    uint8_t bytes[PAIR_BYTES];
};

static struct holm_bytes bytes_part(struct holm_bytes all, size_t at, size_t len)
{
    struct holm_bytes part = { 0 };

    holm_assert(holm_bytes_part(all, at, len, &part));
    return part;
}

static struct holm_bytes half(const struct pair *pair, size_t which)
{
    return bytes_part(HOLM_BLOB(pair->bytes), SEED_BYTES * which, SEED_BYTES);
}

/* Two pieces one after the other are hashed to out. */
static void two_hash(const struct holm_hash *hash, struct holm_span out, struct holm_bytes a,
                     struct holm_bytes b)
{
    struct holm_hash_state state;

    holm_hash_init(&state, hash);
    holm_hash_add(&state, a);
    holm_hash_add(&state, b);
    holm_hash_end(&state, out);
}

static void pair_make(struct pair *pair, struct holm_bytes a, struct holm_bytes b)
{
    two_hash(&holm_sha3_512, (struct holm_span){ pair->bytes, sizeof pair->bytes }, a, b);
}

static void vector_transform(struct holm_ml_kem__vector *vector, size_t rank)
{
    for (size_t i = 0; i < rank; i++)
        holm_level__ml_kem()->transform(&HOLM_AT(vector->polys, i));
}

static void poly_add(struct holm_ml_kem__poly *sum, const struct holm_ml_kem__poly *a)
{
    for (size_t i = 0; i < HOLM_ML_KEM__NUMBERS; i++)
        HOLM_AT(sum->at, i) = (int16_t)(HOLM_AT(sum->at, i) + HOLM_AT(a->at, i));
}

/* inner sets out to the sum of products of two vectors of transforms. */
static void inner(struct holm_ml_kem__poly *out, const struct holm_ml_kem__vector *a,
                  const struct holm_ml_kem__vector *b, size_t rank)
{
    *out = (struct holm_ml_kem__poly){ 0 };
    for (size_t i = 0; i < rank; i++)
        holm_level__ml_kem()->add_product(out, &HOLM_AT(a->polys, i), &HOLM_AT(b->polys, i));
    holm_level__ml_kem()->back(out);
}

/* vector_read answers whether all numbers were below the modulus. */
static bool vector_read(struct holm_ml_kem__vector *vector, struct holm_bytes bytes, size_t rank)
{
    bool right = true;

    for (size_t i = 0; i < rank; i++)
        right &= holm_ml_kem__read(&HOLM_AT(vector->polys, i),
                                   bytes_part(bytes, POLY_BYTES * i, POLY_BYTES));
    return right;
}

static void vector_write(struct holm_buffer *out, const struct holm_ml_kem__vector *vector,
                         size_t rank)
{
    for (size_t i = 0; i < rank; i++)
        holm_ml_kem__write(out, &HOLM_AT(vector->polys, i));
}

/* keys_make fills out with the secret vector and the public key: algorithm 13. */
static void keys_make(struct holm_buffer *out, const struct holm_ml_kem__sizes *sizes,
                      const struct pair *seeds)
{
    struct holm_ml_kem__vector secret, wrong, sums = { 0 };
    const struct holm_ml_kem__matrix matrix = { sizes, half(seeds, 0), false };
    size_t rank = sizes->rank;

    holm_ml_kem__noise(&secret, rank, sizes->noise, half(seeds, 1), 0);
    holm_ml_kem__noise(&wrong, rank, sizes->noise, half(seeds, 1), rank);
    vector_transform(&secret, rank);
    vector_transform(&wrong, rank);
    vector_write(out, &secret, rank);
    holm_ml_kem__matrix_product(&sums, &matrix, &secret);
    for (size_t i = 0; i < rank; i++) {
        holm_level__ml_kem()->scale(&HOLM_AT(sums.polys, i));
        poly_add(&HOLM_AT(sums.polys, i), &HOLM_AT(wrong.polys, i));
    }
    vector_write(out, &sums, rank);
    holm_assert(holm_buffer_bytes(out, half(seeds, 0)));
    holm_secret_wipe(&secret, sizeof secret);
    holm_secret_wipe(&wrong, sizeof wrong);
    holm_secret_wipe(&sums, sizeof sums);
}

static size_t key_bytes(const struct holm_ml_kem__sizes *sizes)
{
    return POLY_BYTES * sizes->rank + SEED_BYTES;
}

/* The parts of a secret: its vector is in front. */
static struct holm_bytes key_of(const struct holm_ml_kem__sizes *sizes, struct holm_bytes secret)
{
    return bytes_part(secret, POLY_BYTES * sizes->rank, key_bytes(sizes));
}

static struct holm_bytes digest_of(struct holm_bytes secret)
{
    return bytes_part(secret, secret.len - 2 * (size_t)SEED_BYTES, SEED_BYTES);
}

static struct holm_bytes other_of(struct holm_bytes secret)
{
    return bytes_part(secret, secret.len - SEED_BYTES, SEED_BYTES);
}

/* secret_make: algorithm 16. */
static void secret_make(const struct holm_ml_kem__sizes *sizes, struct holm_span secret,
                        struct holm_bytes seed)
{
    struct holm_buffer out = holm_span_buffer(secret);
    const uint8_t rank[1] = { (uint8_t)sizes->rank };
    uint8_t digest[SEED_BYTES];
    struct pair seeds;

    pair_make(&seeds, bytes_part(seed, 0, SEED_BYTES), HOLM_BLOB(rank));
    keys_make(&out, sizes, &seeds);
    holm_hash(&holm_sha3_256, (struct holm_span){ digest, sizeof digest },
              key_of(sizes, holm_span_bytes(secret)));
    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(digest)) &&
                holm_buffer_bytes(&out, bytes_part(seed, SEED_BYTES, SEED_BYTES)) &&
                out.len == secret.len);
    holm_secret_wipe(&seeds, sizeof seeds);
}

static bool secret_valid(const struct holm_ml_kem__sizes *sizes, struct holm_bytes secret)
{
    uint8_t digest[SEED_BYTES];

    holm_hash(&holm_sha3_256, (struct holm_span){ digest, sizeof digest }, key_of(sizes, secret));
    return holm_bytes_equal(HOLM_BLOB(digest), digest_of(secret));
}

static bool public_valid(const struct holm_ml_kem__sizes *sizes, struct holm_bytes key)
{
    struct holm_ml_kem__vector vector;

    return vector_read(&vector, key, sizes->rank);
}

static void make_public(struct holm_span key, const struct holm_ml_kem__sizes *sizes,
                        struct holm_bytes secret)
{
    struct holm_buffer out = holm_span_buffer(key);

    holm_assert(holm_buffer_bytes(&out, key_of(sizes, secret)));
}

/* message_seal fills sealed with a message of 32 bytes and what noise hides it; false: the key's numbers
 * are not below the modulus. Algorithm 14. */
static bool message_seal(struct holm_span sealed, const struct holm_ml_kem__sizes *sizes,
                         struct holm_bytes key, const struct holm_bytes message[2])
{
    struct holm_ml_kem__vector y, noise, sums = { 0 };
    struct holm_ml_kem__poly hidden, text;
    struct holm_buffer out = holm_span_buffer(sealed);
    size_t rank = sizes->rank;
    const struct holm_ml_kem__matrix matrix = { sizes,
                                                bytes_part(key, POLY_BYTES * rank, SEED_BYTES),
                                                true };

    holm_ml_kem__noise(&y, rank, sizes->noise, HOLM_NTH(message, 2, 1), 0);
    vector_transform(&y, rank);
    holm_ml_kem__matrix_product(&sums, &matrix, &y);
    holm_ml_kem__noise(&noise, rank, 2, HOLM_NTH(message, 2, 1), rank);
    for (size_t i = 0; i < rank; i++) {
        holm_level__ml_kem()->back(&HOLM_AT(sums.polys, i));
        poly_add(&HOLM_AT(sums.polys, i), &HOLM_AT(noise.polys, i));
        holm_ml_kem__compress(&out, &HOLM_AT(sums.polys, i), sizes->bits_u);
    }
    bool right = vector_read(&sums, key, rank);
    inner(&hidden, &sums, &y, rank);
    holm_ml_kem__noise(&noise, 1, 2, HOLM_NTH(message, 2, 1), 2 * rank);
    poly_add(&hidden, &noise.polys[0]);
    holm_ml_kem__decompress(&text, HOLM_NTH(message, 2, 0), 1);
    poly_add(&hidden, &text);
    holm_ml_kem__compress(&out, &hidden, sizes->bits_v);
    holm_assert(out.len == sealed.len);
    holm_secret_wipe(&y, sizeof y);
    holm_secret_wipe(&noise, sizeof noise);
    holm_secret_wipe(&hidden, sizeof hidden);
    holm_secret_wipe(&text, sizeof text);
    holm_secret_wipe(&sums, sizeof sums);
    return right;
}

/* encapsulate: algorithm 17. */
static bool encapsulate(const struct holm_ml_kem__sizes *sizes, struct holm_span shared,
                        struct holm_span sealed, struct holm_bytes key, struct holm_bytes drawn)
{
    uint8_t digest[SEED_BYTES];
    struct pair pair;
    struct holm_buffer out = holm_span_buffer(shared);

    holm_hash(&holm_sha3_256, (struct holm_span){ digest, sizeof digest }, key);
    pair_make(&pair, drawn, HOLM_BLOB(digest));
    const struct holm_bytes message[2] = { drawn, half(&pair, 1) };
    bool right = message_seal(sealed, sizes, key, message);
    holm_assert(holm_buffer_bytes(&out, half(&pair, 0)));
    holm_secret_wipe(&pair, sizeof pair);
    return right;
}

/* message_open fills message with what was sealed for a secret vector: algorithm 15. */
static void message_open(struct holm_span message, const struct holm_ml_kem__sizes *sizes,
                         struct holm_bytes secret, struct holm_bytes sealed)
{
    struct holm_ml_kem__vector u, s;
    struct holm_ml_kem__poly hidden, mask;
    struct holm_buffer out = holm_span_buffer(message);
    size_t rank = sizes->rank, bytes = 32 * sizes->bits_u;

    for (size_t i = 0; i < rank; i++)
        holm_ml_kem__decompress(&HOLM_AT(u.polys, i), bytes_part(sealed, bytes * i, bytes),
                                sizes->bits_u);
    vector_transform(&u, rank);
    (void)vector_read(&s, secret, rank);
    inner(&mask, &s, &u, rank);
    holm_ml_kem__decompress(&hidden, bytes_part(sealed, bytes * rank, 32 * sizes->bits_v),
                            sizes->bits_v);
    for (size_t i = 0; i < HOLM_ML_KEM__NUMBERS; i++)
        HOLM_AT(hidden.at, i) = (int16_t)(HOLM_AT(hidden.at, i) - HOLM_AT(mask.at, i));
    holm_ml_kem__compress(&out, &hidden, 1);
    holm_secret_wipe(&s, sizeof s);
    holm_secret_wipe(&mask, sizeof mask);
    holm_secret_wipe(&hidden, sizeof hidden);
}

/* bytes_choose fills out with a if choice is 1, with b if it is 0; nobody sees which, the compiler
 * included. */
static void bytes_choose(struct holm_span out, struct holm_bytes a, struct holm_bytes b,
                         unsigned choice)
{
    struct holm_buffer filling = holm_span_buffer(out);
    uint8_t x = 0, y = 0;

    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    while (holm_bytes_u8(&a, &x) && holm_bytes_u8(&b, &y))
        holm_assert(holm_buffer_u8(&filling, (uint8_t)(y ^ ((x ^ y) & (0 - choice)))));
}

/* decapsulate: algorithm 18. What was opened is sealed again; if that gives other bytes, nobody sealed it. */
static void decapsulate(const struct holm_ml_kem__sizes *sizes, struct holm_span shared,
                        struct holm_bytes secret, struct holm_bytes sealed)
{
    uint8_t message[SEED_BYTES], other[SEED_BYTES], again[HOLM_KEM_SEALED_MAX];
    struct holm_bytes key = key_of(sizes, secret);
    struct holm_span to_again = { 0 };
    struct pair pair;

    holm_assert(
        holm_span_part((struct holm_span){ again, sizeof again }, 0, sealed.len, &to_again));
    message_open((struct holm_span){ message, sizeof message }, sizes, secret, sealed);
    pair_make(&pair, HOLM_BLOB(message), digest_of(secret));
    two_hash(&holm_shake256, (struct holm_span){ other, sizeof other }, other_of(secret), sealed);
    const struct holm_bytes both[2] = { HOLM_BLOB(message), half(&pair, 1) };
    (void)message_seal(to_again, sizes, key, both); /* a secret that is valid has a key that is */
    bytes_choose(shared, half(&pair, 0), HOLM_BLOB(other),
                 holm_secret_equal(holm_span_bytes(to_again), sealed));
    holm_secret_wipe(message, sizeof message);
    holm_secret_wipe(other, sizeof other);
    holm_secret_wipe(again, sizeof again);
    holm_secret_wipe(&pair, sizeof pair);
}

/* Table 2 of section 8, and table 3: the lengths that follow. */
#define ML_KEM(TITLE, RANK, NOISE, BITS_U, BITS_V)                                                 \
    { .name = HOLM_TEXT(TITLE),                                                                    \
      .seed_bytes = 2 * SEED_BYTES,                                                                \
      .secret_bytes = 2 * POLY_BYTES * (RANK) + 3 * SEED_BYTES,                                    \
      .public_bytes = POLY_BYTES * (RANK) + SEED_BYTES,                                            \
      .sealed_bytes = 32 * ((BITS_U) * (RANK) + (BITS_V)),                                         \
      .shared_bytes = SEED_BYTES,                                                                  \
      .sizes = &(const struct holm_ml_kem__sizes){ RANK, NOISE, BITS_U, BITS_V },                  \
      .make = secret_make,                                                                         \
      .secret_valid = secret_valid,                                                                \
      .public_valid = public_valid,                                                                \
      .make_public = make_public,                                                                  \
      .seal = encapsulate,                                                                         \
      .open = decapsulate }

const struct holm_kem holm_ml_kem_512 = ML_KEM("ML-KEM-512", 2, 3, 10, 4);
const struct holm_kem holm_ml_kem_768 = ML_KEM("ML-KEM-768", 3, 2, 10, 4);
const struct holm_kem holm_ml_kem_1024 = ML_KEM("ML-KEM-1024", 4, 2, 11, 5);
