/* SPDX-License-Identifier: ISC */
#include "../../test/block_contract.h"

#include <holm/model_block.h>
#include <holm/test.h>

static uint8_t memory[1 << 18];
static struct holm_arena arena;
static struct holm_model_block disk;
static uint8_t data[4][512];

static void begin(void)
{
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_block_init(&disk, &arena, 64, holm_test_seed()), HOLM_OK);
}

static enum holm_result run_one(enum holm_block_kind kind, uint64_t sector, uint8_t *bytes)
{
    struct holm_block_request request = { .kind = kind, .sector = sector, .span = { bytes, 512 } };

    CHECK_IS(holm_block_submit(&disk.block, &request), HOLM_OK);
    CHECK_IS(request.result, HOLM_AGAIN);
    CHECK(holm_model_block_move(&disk));
    CHECK(!holm_model_block_move(&disk));
    return request.result;
}

TEST(what_was_written_is_read)
{
    begin();
    holm_span_fill((struct holm_span){ data[0], 512 }, 7);
    CHECK_IS(run_one(HOLM_BLOCK_WRITE, 63, data[0]), HOLM_OK);
    CHECK_IS(run_one(HOLM_BLOCK_READ, 63, HOLM_AT(data, 1)), HOLM_OK);
    CHECK(HOLM_AT(data, 1)[0] == 7);
    CHECK_IS(run_one(HOLM_BLOCK_READ, 0, HOLM_AT(data, 1)), HOLM_OK);
    CHECK(HOLM_AT(data, 1)[0] == 0);
    holm_arena_end(&arena);
}

TEST(a_crash_keeps_what_was_flushed_and_some_of_the_rest)
{
    uint32_t kept = 0;

    begin();
    holm_span_fill((struct holm_span){ data[0], 512 }, 1);
    for (uint64_t sector = 0; sector < 64; sector += 2)
        CHECK_IS(run_one(HOLM_BLOCK_WRITE, sector, data[0]), HOLM_OK);
    CHECK_IS(run_one(HOLM_BLOCK_FLUSH, 0, data[0]), HOLM_OK);
    for (uint64_t sector = 1; sector < 64; sector += 2)
        CHECK_IS(run_one(HOLM_BLOCK_WRITE, sector, data[0]), HOLM_OK);
    struct holm_block_request late = { .kind = HOLM_BLOCK_FLUSH };
    CHECK_IS(holm_block_submit(&disk.block, &late), HOLM_OK);
    holm_model_block_crash(&disk);
    CHECK_IS(late.result, HOLM_ERR_IO);
    for (uint64_t sector = 0; sector < 64; sector++) {
        CHECK_IS(run_one(HOLM_BLOCK_READ, sector, HOLM_AT(data, 1)), HOLM_OK);
        CHECK(sector % 2 == 1 || HOLM_AT(data, 1)[0] == 1);
        kept += HOLM_AT(data, 1)[0];
    }
    CHECK(kept > 32 && kept < 64);
    holm_arena_end(&arena);
}

static bool move(void)
{
    return holm_model_block_move(&disk);
}

TEST(a_disk_in_memory_does_what_block_devices_do)
{
    begin();
    block_contract(&disk.block, move);
    holm_arena_end(&arena);
}

TEST(requests_fail_when_a_test_wants_them_to)
{
    begin();
    disk.fail = 1;
    CHECK_IS(run_one(HOLM_BLOCK_READ, 0, data[0]), HOLM_ERR_IO);
    CHECK_IS(run_one(HOLM_BLOCK_READ, 0, data[0]), HOLM_OK);
    holm_arena_end(&arena);
}
