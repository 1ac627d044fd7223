/* SPDX-License-Identifier: ISC */
/* What the header says of Fortuna but for the numbers, which peers_fortuna.py compares. */
#include <holm/fortuna.h>
#include <holm/test.h>

static const uint8_t entropy[32] = { 1, 2, 3 }, other[32] = { 4 };

static bool is_zero(struct holm_bytes bytes)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&bytes, &byte))
        if (byte != 0)
            return false;
    return true;
}

TEST(without_entropy_nothing_is_drawn)
{
    static struct holm_fortuna fortuna;
    uint8_t out[40];

    holm_span_fill((struct holm_span){ out, sizeof out }, 7);
    CHECK_IS(holm_fortuna_draw(&fortuna, (struct holm_span){ out, sizeof out }), HOLM_ERR_REFUSED);
    CHECK(is_zero(HOLM_BLOB(out)));
    holm_fortuna_add(&fortuna, 1, 0,
                     HOLM_BLOB(entropy)); /* of 64 bytes that have to be there 34 are */
    CHECK_IS(holm_fortuna_draw(&fortuna, (struct holm_span){ out, sizeof out }), HOLM_ERR_REFUSED);
    holm_fortuna_seed(&fortuna, HOLM_BLOB(entropy));
    CHECK_IS(holm_fortuna_draw(&fortuna, (struct holm_span){ out, sizeof out }), HOLM_OK);
    CHECK(!is_zero(HOLM_BLOB(out)));
}

TEST(a_request_has_a_limit)
{
    static struct holm_fortuna fortuna;
    static uint8_t out[HOLM_FORTUNA_DRAW_MAX + 1];

    holm_fortuna_seed(&fortuna, HOLM_BLOB(entropy));
    out[5] = 1;
    CHECK_IS(holm_fortuna_draw(&fortuna, (struct holm_span){ out, sizeof out }), HOLM_ERR_LIMIT);
    CHECK(is_zero(HOLM_BLOB(out)));
    CHECK_IS(holm_fortuna_draw(&fortuna, (struct holm_span){ out, sizeof out - 1 }), HOLM_OK);
    CHECK(!is_zero(HOLM_BLOB(out)));
}

TEST(what_was_drawn_does_not_follow_from_the_state)
{
    static struct holm_fortuna fortuna;
    uint8_t before[32], after[32];

    holm_fortuna_seed(&fortuna, HOLM_BLOB(entropy));
    const struct holm_fortuna first = fortuna;
    CHECK_IS(holm_fortuna_draw(&fortuna, (struct holm_span){ before, 32 }), HOLM_OK);
    CHECK(!holm_bytes_equal(HOLM_BLOB(first.key), HOLM_BLOB(fortuna.key)));
    fortuna.counter = first.counter; /* who has the state now, and counts back */
    CHECK_IS(holm_fortuna_draw(&fortuna, (struct holm_span){ after, 32 }), HOLM_OK);
    CHECK(!holm_bytes_equal(HOLM_BLOB(before), HOLM_BLOB(after)));
}

/* Both wake with what the other knows, generators for tasks included. */
TEST(generators_of_clones_draw_nothing_twice)
{
    static struct holm_fortuna fortunas[2];
    static struct holm_generator generators[2];
    struct holm_random randoms[2] = { holm_generator_random(&generators[0]),
                                      holm_generator_random(&HOLM_AT(generators, 1)) };

    holm_fortuna_seed(&fortunas[0], HOLM_BLOB(entropy));
    holm_fortuna_generator(&generators[0], &fortunas[0]);
    (void)holm_random_u64(&randoms[0]);
    HOLM_AT(fortunas, 1) = fortunas[0];
    HOLM_AT(generators, 1) = generators[0];
    HOLM_AT(generators, 1).source = &HOLM_AT(fortunas, 1);
    uint64_t same = holm_random_u64(&randoms[0]);
    CHECK(same == holm_random_u64(&HOLM_AT(randoms, 1))); /* as copies do */
    holm_fortuna_seed(&fortunas[0], HOLM_BLOB(entropy));
    holm_fortuna_seed(&HOLM_AT(fortunas, 1), HOLM_BLOB(other));
    for (int i = 0; i < 1000; i++)
        CHECK(holm_random_u64(&randoms[0]) != holm_random_u64(&HOLM_AT(randoms, 1)));
}

TEST(two_generators_over_one_draw_apart)
{
    static struct holm_fortuna fortuna;
    static struct holm_generator a, b;
    struct holm_random from_a = holm_generator_random(&a), from_b = holm_generator_random(&b);

    holm_fortuna_seed(&fortuna, HOLM_BLOB(entropy));
    holm_fortuna_generator(&a, &fortuna);
    holm_fortuna_generator(&b, &fortuna);
    CHECK(holm_random_u64(&from_a) != holm_random_u64(&from_b));
    uint8_t key[32];
    struct holm_buffer kept = HOLM_BUFFER(key);
    CHECK(holm_buffer_bytes(&kept, HOLM_BLOB(a.key)));
    for (uint64_t i = 1; i <= 64; i++) /* two for each pool */
        holm_fortuna_add(&fortuna, i, 3, HOLM_BLOB(other));
    (void)holm_random_u64(&from_a);
    CHECK_IS(fortuna.reseeds, 1);
    CHECK(!holm_bytes_equal(HOLM_BLOB(a.key), HOLM_BLOB(key)));
}

TEST(a_closed_one_is_zero)
{
    static struct holm_fortuna fortuna;
    static struct holm_generator generator;
    struct holm_random random = holm_generator_random(&generator);
    const void *all = &fortuna, *fast = &generator;

    holm_fortuna_seed(&fortuna, HOLM_BLOB(entropy));
    holm_fortuna_add(&fortuna, 1, 3, HOLM_BLOB(other));
    holm_fortuna_generator(&generator, &fortuna);
    (void)holm_random_u64(&random);
    holm_generator_close(&generator);
    holm_fortuna_close(&fortuna);
    CHECK(is_zero((struct holm_bytes){ all, sizeof fortuna }));
    CHECK(is_zero((struct holm_bytes){ fast, sizeof generator }));
}
