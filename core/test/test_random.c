/* SPDX-License-Identifier: ISC */
#include <holm/random.h>
#include <holm/test.h>

/* The reference: SplitMix64 and xoshiro256** written once more from their description. */
static uint64_t reference_spread(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static uint64_t turned(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

TEST(the_seeded_generator_is_xoshiro256_star_star)
{
    struct holm_random_seeded seeded;
    uint64_t seed = 42, s[4], shifted;
    for (size_t i = 0; i < 4; i++)
        HOLM_AT(s, i) = reference_spread(&seed);
    holm_random_seeded_init(&seeded, 42);
    for (int i = 0; i < 1000; i++) {
        CHECK(holm_random_seeded_next(&seeded) == turned(s[1] * 5, 7) * 9);
        shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = turned(s[3], 45);
    }
}

TEST(splitmix_gives_its_published_first_number)
{
    uint64_t seed = 0;
    CHECK(reference_spread(&seed) == 0xe220a8397b1dcdafU);
}

TEST(the_same_seed_gives_the_same_numbers_on_every_machine)
{
    struct holm_random_seeded a, b;
    struct holm_random random;
    holm_random_seeded_init(&a, 7);
    holm_random_seeded_init(&b, 7);
    random = holm_random_from_seeded(&a);
    CHECK(holm_random_u64(&random) == holm_random_seeded_next(&b));
    CHECK_IS(holm_random_u32(&random), holm_random_seeded_next(&b) >> 32);
}

TEST(fill_reaches_every_byte_of_any_length)
{
    struct holm_random_seeded seeded;
    struct holm_random random;
    uint8_t bytes[21];
    holm_random_seeded_init(&seeded, holm_test_seed());
    random = holm_random_from_seeded(&seeded);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        uint8_t seen[21] = { 0 };
        for (int round = 0; round < 8; round++) {
            holm_random_fill(&random, (struct holm_span){ bytes, len });
            for (size_t i = 0; i < len; i++)
                HOLM_AT(seen, i) |= HOLM_AT(bytes, i);
        }
        for (size_t i = 0; i < len; i++)
            CHECK(HOLM_AT(seen, i) != 0);
        for (size_t i = len; i < sizeof seen; i++)
            CHECK(HOLM_AT(seen, i) == 0);
    }
}

TEST(draws_below_a_bound_are_fair)
{
    struct holm_random_seeded seeded;
    struct holm_random random;
    uint32_t counts[6] = { 0 };
    holm_random_seeded_init(&seeded, holm_test_seed());
    random = holm_random_from_seeded(&seeded);
    for (int i = 0; i < 60000; i++)
        HOLM_AT(counts, holm_random_below(&random, 6)) += 1;
    for (size_t i = 0; i < 6; i++)
        CHECK(HOLM_AT(counts, i) > 9400 && HOLM_AT(counts, i) < 10600);
    CHECK_IS(holm_random_below(&random, 1), 0);
    CHECK(holm_random_below(&random, UINT32_MAX) < UINT32_MAX);
}
