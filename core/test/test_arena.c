/* SPDX-License-Identifier: ISC */
#include <holm/arena.h>
#include <holm/test.h>
#include <stdlib.h>

struct item {
    uint64_t number;
    uint8_t kind;
};

static bool is_zero(struct holm_span span)
{
    uint8_t byte;
    for (size_t i = 0; holm_bytes_u8_at(holm_span_bytes(span), i, &byte); i++) {
        if (byte != 0)
            return false;
    }
    return true;
}

TEST(a_piece_is_zeroed_though_its_memory_was_not)
{
    uint8_t memory[64];
    struct holm_arena arena;
    struct holm_span span;
    holm_span_fill((struct holm_span){ memory, sizeof memory }, 0xaa);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_arena_span(&arena, 9, &span), HOLM_OK);
    CHECK_IS(span.len, 9);
    CHECK(is_zero(span));
    holm_arena_end(&arena);
}

TEST(pieces_are_aligned_as_asked)
{
    uint8_t memory[4096];
    struct holm_arena arena;
    struct holm_span span = { 0 };
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    for (size_t align = 1; align <= 512; align *= 2) {
        span.ptr = holm_arena_take(&arena, 3, align);
        CHECK(span.ptr != NULL);
        CHECK_IS(holm_span_padding(span, align), 0);
    }
    holm_arena_end(&arena);
}

TEST(what_does_not_fit_changes_nothing)
{
    uint8_t memory[32];
    struct holm_arena arena;
    struct holm_span span = { 0 };
    struct holm_arena part;
    struct holm_bytes copy;
    size_t left;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    left = holm_arena_left(&arena);
    CHECK_IS(holm_arena_span(&arena, 33, &span), HOLM_ERR_NO_MEMORY);
    CHECK_IS(holm_arena_span(&arena, SIZE_MAX, &span), HOLM_ERR_NO_MEMORY);
    CHECK_IS(holm_arena_part(&arena, &part, 33), HOLM_ERR_NO_MEMORY);
    CHECK_IS(holm_arena_copy(&arena, (struct holm_bytes){ memory, 33 }, &copy), HOLM_ERR_NO_MEMORY);
    CHECK(HOLM_ARENA_ARRAY(&arena, struct item, SIZE_MAX / 8) == NULL);
    CHECK(span.ptr == NULL);
    CHECK_IS(holm_arena_left(&arena), left);
    CHECK_IS(arena.peak_bytes, 0);
    holm_arena_end(&arena);
}

TEST(reset_gives_back_what_came_after_the_mark)
{
    uint8_t memory[256];
    struct holm_arena arena;
    struct holm_arena_mark mark;
    struct item *first, *second, *third;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    first = HOLM_ARENA_NEW(&arena, struct item);
    first->number = 7;
    mark = holm_arena_mark_get(&arena);
    second = HOLM_ARENA_NEW(&arena, struct item);
    second->number = 8;
    holm_arena_reset(&arena, mark);
    third = HOLM_ARENA_NEW(&arena, struct item);
    CHECK(third == second);
    CHECK_IS(third->number, 0);
    CHECK_IS(first->number, 7);
    CHECK(arena.peak_bytes >= 2 * sizeof(struct item));
    holm_arena_clear(&arena);
    CHECK(HOLM_ARENA_NEW(&arena, struct item) == first);
    holm_arena_end(&arena);
}

TEST(an_array_is_indexed_by_its_count)
{
    uint8_t memory[256];
    struct holm_arena arena;
    struct item *items;
    size_t count = 5;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    items = HOLM_ARENA_ARRAY(&arena, struct item, count);
    for (size_t i = 0; i < count; i++)
        HOLM_NTH(items, count, i).number = i;
    CHECK_IS(HOLM_NTH(items, count, 4).number, 4);
    holm_arena_end(&arena);
}

TEST(a_part_has_a_limit_of_its_own)
{
    uint8_t memory[256];
    struct holm_arena arena, part;
    struct holm_span span;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_arena_part(&arena, &part, 64), HOLM_OK);
    CHECK_IS(holm_arena_span(&part, 64, &span), HOLM_OK);
    CHECK_IS(holm_arena_span(&part, 1, &span), HOLM_ERR_NO_MEMORY);
    CHECK_IS(holm_arena_span(&arena, 100, &span), HOLM_OK);
    holm_arena_end(&arena);
}

TEST(a_copy_holds_the_same_bytes)
{
    uint8_t memory[64];
    struct holm_arena arena;
    struct holm_bytes copy;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_arena_copy(&arena, HOLM_TEXT("hello"), &copy), HOLM_OK);
    CHECK_BYTES(copy, HOLM_TEXT("hello"));
    holm_arena_end(&arena);
}

TEST(an_arena_of_zeroes_has_no_memory)
{
    struct holm_arena arena = { 0 };
    CHECK(holm_arena_take(&arena, 1, 1) == NULL);
    CHECK_IS(holm_arena_left(&arena), 0);
}

TEST(free_memory_is_poisoned_under_asan)
{
    uint8_t memory[64];
    struct holm_arena arena;
    struct item *item;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(HOLM_IS_POISONED(&memory[0]), HOLM_POISONS);
    item = HOLM_ARENA_NEW(&arena, struct item);
    CHECK(!HOLM_IS_POISONED(item));
    holm_arena_clear(&arena);
    CHECK_IS(HOLM_IS_POISONED(item), HOLM_POISONS);
    holm_arena_end(&arena);
    CHECK(!HOLM_IS_POISONED(&memory[0]));
}

TEST(zeroed_storage_is_written_only_where_it_was_used_before)
{
    uint8_t memory[64] = { 0 };
    struct holm_arena arena;
    struct holm_span span;
    holm_arena_init_zeroed(&arena, (struct holm_span){ memory, sizeof memory });
    HOLM_UNPOISON(memory, sizeof memory);
    memory[40] = 0xaa; /* what init_zeroed was told is not so: it shows where zeroes are written */
    CHECK_IS(holm_arena_span(&arena, 48, &span), HOLM_OK);
    CHECK_IS(memory[40], 0xaa);
    memory[0] = 0xaa;
    holm_arena_clear(&arena);
    CHECK_IS(holm_arena_span(&arena, 64, &span), HOLM_OK);
    CHECK(is_zero(span));
    holm_arena_end(&arena);
}

TEST(a_part_of_memory_that_was_used_is_zeroed)
{
    uint8_t memory[64];
    struct holm_arena arena, part;
    struct holm_span span;
    holm_span_fill((struct holm_span){ memory, sizeof memory }, 0xaa);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_arena_part(&arena, &part, 32), HOLM_OK);
    CHECK_IS(holm_arena_span(&part, 32, &span), HOLM_OK);
    CHECK(is_zero(span));
    holm_span_fill(span, 0xaa);
    holm_arena_clear(&part);
    CHECK_IS(holm_arena_span(&part, 16, &span), HOLM_OK);
    CHECK(is_zero(span));
    holm_arena_end(&arena);
}
