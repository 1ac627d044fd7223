/* SPDX-License-Identifier: ISC */
#include "../../test/block_contract.h"

#include <holm/model_block.h>
#include <holm/test.h>

static uint8_t memory[1 << 18];
static struct holm_arena arena;
static struct holm_model_block disk;
static uint8_t data[4][512], wide[3 * 512];

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

/* What a sector may hold after a crash: a bit for each number written to it since the last flush, and for the
 * one that was flushed. */
#define SECTORS 8
#define SEEDS 10000
static uint32_t may[SECTORS], now[SECTORS];
static uint64_t torn, lost, kept, early;

static uint32_t number_of(uint64_t sector)
{
    CHECK_IS(run_one(HOLM_BLOCK_READ, sector, HOLM_AT(data, 3)), HOLM_OK);
    for (size_t i = 1; i < 512; i++)
        if (HOLM_AT(HOLM_AT(data, 3), i) != HOLM_AT(data, 3)[0])
            return UINT32_MAX;
    return HOLM_AT(data, 3)[0];
}

/* write_three writes a number to up to three sectors in one request. */
static void write_three(struct holm_block_request *request, uint64_t chance, uint8_t number,
                        bool completes)
{
    size_t sectors = 1 + chance % 3;

    *request = (struct holm_block_request){ .kind = HOLM_BLOCK_WRITE,
                                            .sector = chance / 3 % (SECTORS - 2),
                                            .span = { wide, sectors * 512 } };
    holm_span_fill(request->span, number);
    CHECK_IS(holm_block_submit(&disk.block, request), HOLM_OK);
    if (completes)
        CHECK(holm_model_block_move(&disk));
    for (uint64_t i = request->sector; i < request->sector + sectors; i++) {
        HOLM_AT(may, i) |= 1U << number;
        if (completes)
            HOLM_AT(now, i) = number;
    }
}

/* judge compares what is there after a crash with what may be. */
static void judge(const struct holm_block_request *last, uint8_t number)
{
    uint32_t of_last = 0;

    for (uint64_t i = 0; i < SECTORS; i++) {
        uint32_t found = number_of(i);
        CHECK(found < 32 && (HOLM_AT(may, i) >> found & 1) == 1);
        of_last += found == number;
        lost += found != HOLM_AT(now, i);
        early += found != HOLM_AT(now, i) && found != 0;
        kept += found == HOLM_AT(now, i);
    }
    torn += of_last > 0 && of_last < last->span.len / 512;
}

static void one_seed(uint64_t seed)
{
    struct holm_random_seeded random;
    struct holm_block_request request = { 0 };
    uint8_t number = 0;

    holm_random_seeded_init(&random, seed);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_block_init(&disk, &arena, SECTORS, seed), HOLM_OK);
    for (size_t i = 0; i < SECTORS; i++) {
        HOLM_AT(may, i) = 1;
        HOLM_AT(now, i) = 0;
    }
    while (number < 12) {
        number++;
        write_three(&request, holm_random_seeded_next(&random) >> 16, number, true);
        if (holm_random_seeded_next(&random) >> 16 & 3)
            continue;
        CHECK_IS(run_one(HOLM_BLOCK_FLUSH, 0, wide), HOLM_OK);
        for (size_t i = 0; i < SECTORS; i++)
            HOLM_AT(may, i) = 1U << HOLM_AT(now, i);
    }
    number++;
    write_three(&request, holm_random_seeded_next(&random) >> 16, number, false);
    holm_model_block_crash(&disk);
    CHECK_IS(request.result, HOLM_ERR_IO);
    judge(&request, number);
    holm_arena_end(&arena);
}

TEST(what_was_flushed_is_there_and_any_of_the_rest_is_lost_or_torn)
{
    uint64_t seed = holm_test_seed();

    torn = lost = kept = early = 0;
    for (uint64_t i = 0; i < SEEDS; i++)
        one_seed(seed + i);
    CHECK(torn > SEEDS / 10 && lost > SEEDS / 10 && kept > SEEDS && early > SEEDS / 100);
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
