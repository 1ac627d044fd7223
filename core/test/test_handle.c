/* SPDX-License-Identifier: ISC */
#include <holm/handle.h>
#include <holm/random.h>
#include <holm/test.h>

struct peer {
    uint16_t name;
    struct holm_handle_slot slot;
};

TEST(a_closed_handle_is_stale_though_its_entry_is_used_again)
{
    struct peer peers[1] = { 0 };
    struct holm_slots slots = HOLM_SLOTS(peers, slot);
    struct holm_handle_table table = { 0 };
    struct holm_handle first, second;
    uint32_t index = 9;
    CHECK_IS(holm_handle_open(&table, slots, &first), HOLM_OK);
    CHECK_IS(holm_handle_find(slots, first, &index), HOLM_OK);
    CHECK_IS(index, 0);
    CHECK_IS(holm_handle_close(&table, slots, first), HOLM_OK);
    CHECK_IS(holm_handle_find(slots, first, &index), HOLM_ERR_STALE);
    CHECK_IS(holm_handle_close(&table, slots, first), HOLM_ERR_STALE);
    CHECK_IS(holm_handle_open(&table, slots, &second), HOLM_OK);
    CHECK_IS(second.index, 0);
    CHECK_IS(holm_handle_find(slots, first, &index), HOLM_ERR_STALE);
    CHECK_IS(holm_handle_find(slots, second, &index), HOLM_OK);
}

TEST(a_full_table_refuses)
{
    struct peer peers[2] = { 0 };
    struct holm_slots slots = HOLM_SLOTS(peers, slot);
    struct holm_handle_table table = { 0 };
    struct holm_handle handle = { 0 };
    CHECK_IS(holm_handle_open(&table, slots, &handle), HOLM_OK);
    CHECK_IS(holm_handle_open(&table, slots, &handle), HOLM_OK);
    CHECK_IS(handle.index, 1);
    CHECK_IS(holm_handle_open(&table, slots, &handle), HOLM_ERR_NO_MEMORY);
    CHECK_IS(handle.index, 1);
    CHECK_IS(table.open_count, 2);
}

TEST(forged_handles_are_stale)
{
    struct peer peers[2] = { 0 };
    struct holm_slots slots = HOLM_SLOTS(peers, slot);
    uint32_t index;
    CHECK_IS(holm_handle_find(slots, (struct holm_handle){ 0 }, &index), HOLM_ERR_STALE);
    CHECK_IS(holm_handle_find(slots, (struct holm_handle){ 2, 1 }, &index), HOLM_ERR_STALE);
    CHECK_IS(holm_handle_find(slots, (struct holm_handle){ UINT32_MAX, 1 }, &index),
             HOLM_ERR_STALE);
    CHECK_IS(holm_handle_find(slots, (struct holm_handle){ 1, 1 }, &index), HOLM_ERR_STALE);
}

TEST(a_generation_that_comes_round_is_odd_when_open)
{
    struct peer peers[1] = { { .slot = { .generation = UINT32_MAX - 1 } } };
    struct holm_slots slots = HOLM_SLOTS(peers, slot);
    struct holm_handle_table table = { 0 };
    struct holm_handle handle;
    for (int i = 0; i < 3; i++) {
        CHECK_IS(holm_handle_open(&table, slots, &handle), HOLM_OK);
        CHECK_IS(handle.generation % 2, 1);
        CHECK_IS(holm_handle_close(&table, slots, handle), HOLM_OK);
        CHECK(holm_handle_check(&table, slots));
    }
}

TEST(random_use_finds_each_open_entry_and_no_other)
{
    struct peer peers[7] = { 0 };
    struct holm_handle handles[7] = { 0 };
    struct holm_slots slots = HOLM_SLOTS_OF(&peers[0], 7, slot);
    struct holm_handle_table table = { 0 };
    struct holm_random_seeded seeded;
    holm_random_seeded_init(&seeded, holm_test_seed());
    for (int step = 0; step < 5000; step++) {
        uint64_t pick = holm_random_seeded_next(&seeded) % 7;
        struct holm_handle *handle = &HOLM_AT(handles, pick);
        uint32_t index;
        if (holm_handle_find(slots, *handle, &index) == HOLM_OK) {
            CHECK_IS(HOLM_AT(peers, index).name, pick);
            CHECK_IS(holm_handle_of(slots, index).generation, handle->generation);
            CHECK_IS(holm_handle_close(&table, slots, *handle), HOLM_OK);
        } else {
            CHECK_IS(holm_handle_open(&table, slots, handle), HOLM_OK);
            HOLM_AT(peers, handle->index).name = (uint16_t)pick;
        }
        CHECK(holm_handle_check(&table, slots));
    }
}
