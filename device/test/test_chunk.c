/* SPDX-License-Identifier: ISC */
#include <holm/chunk.h>
#include <holm/test.h>

static uint8_t memory[3 * sizeof(struct holm_chunk) + 64];

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

TEST(a_pool_has_as_many_chunks_as_were_asked_for)
{
    struct holm_arena arena;
    struct holm_chunk_pool pool;

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, 2), HOLM_OK);
    struct holm_chunk *a = holm_chunk_take(&pool, NULL);
    struct holm_chunk *b = holm_chunk_take(&pool, NULL);
    CHECK(a != NULL && b != NULL && a != b);
    CHECK(holm_chunk_take(&pool, NULL) == NULL);
    CHECK_IS(holm_chunk_room(a).len, HOLM_CHUNK_BYTES);
    a->len = 7;
    a->from = 3;
    CHECK_IS(holm_chunk_held(a).len, 4);
    CHECK_IS(holm_chunk_room(a).len, HOLM_CHUNK_BYTES - 7);
    holm_chunk_give(&pool, a);
    holm_chunk_give(&pool, NULL);
    CHECK_IS(pool.free_count, 1);
    CHECK(holm_chunk_take(&pool, NULL) == a);
    CHECK_IS(holm_chunk_held(a).len, 0);
    holm_arena_end(&arena);
}

TEST(an_arena_that_is_too_small_is_told)
{
    struct holm_arena arena;
    struct holm_chunk_pool pool;

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, 4), HOLM_ERR_NO_MEMORY);
    holm_arena_end(&arena);
}

TEST(each_returned_chunk_makes_one_waiting_pump_ready)
{
    struct holm_arena arena;
    struct holm_chunk_pool pool;
    struct holm_ready ready = { 0 };
    struct holm_pump a, b;

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, 1), HOLM_OK);
    holm_pump_init(&a, &ready, nothing, NULL);
    holm_pump_init(&b, &ready, nothing, NULL);
    struct holm_chunk *chunk = holm_chunk_take(&pool, &a);
    CHECK(holm_chunk_take(&pool, &a) == NULL);
    CHECK(holm_chunk_take(&pool, &b) == NULL);
    CHECK(ready.first == NULL);
    holm_chunk_give(&pool, chunk);
    CHECK(holm_ready_take(&ready) == &a);
    CHECK(holm_chunk_take(&pool, &a) == chunk);
    struct holm_pump *again = holm_ready_take(&ready);
    CHECK(again == &pool.again);
    again->function(again, again->context); /* nothing is free: b waits on */
    CHECK(holm_ready_take(&ready) == NULL);
    holm_chunk_give(&pool, chunk);
    CHECK(holm_ready_take(&ready) == &b);
    CHECK(holm_ready_take(&ready) == NULL);
    holm_arena_end(&arena);
}

TEST(a_chunk_that_who_was_woken_leaves_is_the_next_ones)
{
    struct holm_arena arena;
    struct holm_chunk_pool pool;
    struct holm_ready ready = { 0 };
    struct holm_pump a, b;

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, 1), HOLM_OK);
    holm_pump_init(&a, &ready, nothing, NULL);
    holm_pump_init(&b, &ready, nothing, NULL);
    struct holm_chunk *chunk = holm_chunk_take(&pool, &a);
    CHECK(holm_chunk_take(&pool, &a) == NULL && holm_chunk_take(&pool, &b) == NULL);
    holm_chunk_give(&pool, chunk);
    holm_pump_stop(&a);
    struct holm_pump *again = holm_ready_take(&ready);
    if (!CHECK(again == &pool.again))
        return;
    again->function(again, again->context);
    CHECK(holm_ready_take(&ready) == &b);
    CHECK(holm_ready_take(&ready) == NULL);
    holm_arena_end(&arena);
}
