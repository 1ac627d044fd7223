/* SPDX-License-Identifier: ISC */
/* The image's generator: of what the first turn brought, though asked for later, and again of what a clone's brings. */
#include "start_impl.h"

#include <holm/fortuna.h>
#include <holm/image.h>
#include <holm/test.h>

static struct holm_turn turn_of(uint8_t byte)
{
    struct holm_turn turn = { .entropy_size = HOLM_TURN_ENTROPY_BYTES };

    for (size_t i = 0; i < HOLM_COUNT(turn.entropy); i++)
        HOLM_AT(turn.entropy, i) = byte;
    return turn;
}

TEST(it_draws_what_another_of_the_same_entropy_draws)
{
    struct holm_turn none = { 0 };
    struct holm_turn first = turn_of(1), restored = turn_of(2), again = turn_of(3);
    const struct holm_turn of_restored = restored, of_again = again;
    static struct holm_fortuna fortuna;
    static struct holm_run run; /* which is in its first turn */
    struct holm_generator peer;
    struct holm_random numbers;
    struct holm_image image = { .run = &run };

    CHECK(!holm_start__entropy_keep(&none));
    CHECK(holm_start__entropy_keep(
        &first)); /* nobody draws yet: what a clone brings takes its place */
    CHECK(holm_start__entropy_keep(&restored));
    struct holm_random *drawn = holm_image_random(&image);
    CHECK(drawn != NULL && drawn == image.random && drawn == holm_image_random(&image));
    holm_fortuna_seed(&fortuna, HOLM_BLOB(of_restored.entropy));
    holm_fortuna_generator(&peer, &fortuna);
    numbers = holm_generator_random(&peer);
    for (unsigned i = 0; i < 100; i++)
        CHECK_IS(holm_random_u64(drawn), holm_random_u64(&numbers));
    CHECK(holm_start__entropy_keep(&again));
    holm_fortuna_seed(&fortuna, HOLM_BLOB(of_again.entropy));
    for (unsigned i = 0; i < 100; i++)
        CHECK_IS(holm_random_u64(drawn), holm_random_u64(&numbers));
}

/* Who sees the memory later would learn all that was drawn. */
TEST(a_turn_whose_entropy_was_taken_has_it_no_more)
{
    struct holm_turn turn = turn_of(7);

    CHECK(holm_start__entropy_keep(&turn));
    CHECK_IS(turn.entropy_size, 0);
    for (size_t i = 0; i < HOLM_COUNT(turn.entropy); i++)
        CHECK_IS(HOLM_AT(turn.entropy, i), 0);
    CHECK(!holm_start__entropy_keep(&turn));
}
