/* SPDX-License-Identifier: ISC */
#include <holm/generator.h>
#include <holm/hash.h>
#include <holm/test.h>

enum { DRAWS = 1000 };

static const uint8_t one[32] = { 1 }, two[32] = { 2 };

TEST(what_is_drawn_follows_from_all_seeds)
{
    static struct holm_generator a, b;
    struct holm_random from_a = holm_generator_random(&a), from_b = holm_generator_random(&b);

    holm_generator_seed(&a, HOLM_BLOB(one));
    holm_generator_seed(&b, HOLM_BLOB(one));
    for (int i = 0; i < DRAWS; i++)
        CHECK(holm_random_u64(&from_a) == holm_random_u64(&from_b));
    holm_generator_seed(&a, HOLM_BLOB(one));
    holm_generator_seed(&b, HOLM_BLOB(two));
    CHECK(holm_random_u64(&from_a) != holm_random_u64(&from_b));
}

/* The first key is the digest of 32 zeroes and the entropy; the first 32 bytes of its output are the
 * next key, and the others of the pool are drawn. */
TEST(the_numbers_are_those_of_the_construction)
{
    static const uint8_t zeroes[HOLM_CHACHA20_KEY_BYTES], nonce[HOLM_CHACHA20_NONCE_BYTES];
    static const uint8_t no_text[HOLM_GENERATOR_POOL_BYTES];
    static struct holm_generator generator;
    struct holm_chacha20 stream;
    struct holm_random random = holm_generator_random(&generator);
    uint8_t key[HOLM_CHACHA20_KEY_BYTES], pool[HOLM_GENERATOR_POOL_BYTES];
    uint8_t drawn[HOLM_GENERATOR_POOL_BYTES - HOLM_CHACHA20_KEY_BYTES];
    struct holm_bytes next = { 0 }, rest = { 0 };
    struct holm_hash_state state;

    holm_hash_init(&state, &holm_sha256);
    holm_hash_add(&state, HOLM_BLOB(zeroes));
    holm_hash_add(&state, HOLM_BLOB(one));
    holm_hash_end(&state, (struct holm_span){ key, sizeof key });
    holm_chacha20_init(&stream, key, nonce, 0);
    holm_chacha20_xor(&stream, (struct holm_span){ pool, sizeof pool }, HOLM_BLOB(no_text));
    CHECK(holm_bytes_part(HOLM_BLOB(pool), 0, sizeof key, &next));
    CHECK(holm_bytes_part(HOLM_BLOB(pool), sizeof key, sizeof drawn, &rest));
    holm_generator_seed(&generator, HOLM_BLOB(one));
    CHECK_BYTES(HOLM_BLOB(generator.key), next);
    holm_random_fill(&random, (struct holm_span){ drawn, sizeof drawn });
    CHECK_BYTES(HOLM_BLOB(drawn), rest);
}

TEST(what_was_drawn_is_not_kept)
{
    static struct holm_generator generator;
    struct holm_random random = holm_generator_random(&generator);

    holm_generator_seed(&generator, HOLM_BLOB(one));
    for (int i = 0; i < DRAWS; i++) {
        (void)holm_random_u64(&random);
        for (size_t k = 0; k < generator.used; k++)
            CHECK_IS(HOLM_AT(generator.pool, k), 0);
    }
}

/* Both clones wake, and each is seeded from what its own host knows. */
TEST(clones_draw_nothing_twice)
{
    static struct holm_generator original, clones[2];
    static uint64_t drawn[2 * DRAWS];
    struct holm_random random = holm_generator_random(&original);

    holm_generator_seed(&original, HOLM_BLOB(one));
    (void)holm_random_u64(&random);
    clones[0] = original;
    clones[1] = original;
    holm_generator_seed(&clones[0], HOLM_BLOB(one));
    holm_generator_seed(&clones[1], HOLM_BLOB(two));
    for (size_t i = 0; i < HOLM_COUNT(drawn); i++) {
        struct holm_random from = holm_generator_random(&HOLM_AT(clones, i % 2));
        HOLM_AT(drawn, i) = holm_random_u64(&from);
        for (size_t k = 0; k < i; k++)
            CHECK(HOLM_AT(drawn, k) != HOLM_AT(drawn, i));
    }
}
