/* SPDX-License-Identifier: ISC */
#include <holm/random.h>
#include <holm/ring.h>
#include <holm/test.h>

TEST(a_full_ring_refuses_and_an_empty_one_gives_nothing)
{
    struct holm_ring ring;
    uint32_t index = 99;
    holm_ring_init(&ring, 2);
    CHECK(!holm_ring_pop(&ring, &index));
    CHECK(!holm_ring_unpush(&ring, &index));
    CHECK(holm_ring_push(&ring, &index));
    CHECK_IS(index, 0);
    CHECK(holm_ring_push(&ring, &index));
    CHECK_IS(index, 1);
    CHECK(!holm_ring_push(&ring, &index));
    CHECK_IS(index, 1);
    CHECK_IS(holm_ring_room(&ring), 0);
}

TEST(a_ring_of_zeroes_holds_nothing)
{
    struct holm_ring ring = { 0 };
    uint32_t index;
    CHECK(holm_ring_check(&ring));
    CHECK(!holm_ring_push(&ring, &index));
    CHECK(!holm_ring_pop(&ring, &index));
}

TEST(unpush_takes_the_newest_back)
{
    struct holm_ring ring = { .head = 2, .count = 2, .size = 3 };
    uint32_t index;
    CHECK(holm_ring_unpush(&ring, &index));
    CHECK_IS(index, 0);
    CHECK(holm_ring_unpush(&ring, &index));
    CHECK_IS(index, 2);
    CHECK_IS(ring.count, 0);
}

/* A queue of numbers: what comes out is what went in, in order, whatever the size. */
TEST(order_is_kept_over_many_turns)
{
    struct holm_random_seeded seeded;
    holm_random_seeded_init(&seeded, holm_test_seed());
    for (uint32_t size = 1; size <= 9; size++) {
        uint64_t items[9];
        uint64_t in = 0, out = 0;
        struct holm_ring ring;
        uint32_t index;
        holm_ring_init(&ring, size);
        for (int step = 0; step < 1000; step++) {
            if (holm_random_seeded_next(&seeded) % 2 == 0) {
                CHECK_IS(holm_ring_push(&ring, &index), in - out < size);
                if (in - out < size)
                    HOLM_AT(items, index) = in++;
            } else {
                CHECK_IS(holm_ring_pop(&ring, &index), in > out);
                if (in > out)
                    CHECK_IS(HOLM_AT(items, index), out++);
            }
            CHECK(holm_ring_check(&ring));
            CHECK_IS(ring.count, in - out);
            for (uint32_t i = 0; holm_ring_at(&ring, i, &index); i++)
                CHECK_IS(HOLM_AT(items, index), out + i);
        }
    }
}
