/* SPDX-License-Identifier: ISC */
#include "block_contract.h"

#include <holm/test.h>

#define SECTOR_BYTES 512
#define MANY 64

static uint8_t data[4][SECTOR_BYTES];
static uint8_t wide[8 * SECTOR_BYTES];
static struct holm_block_request many[MANY + 1];
static uint32_t rung;

static void count(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
    rung++;
}

static enum holm_result submit(struct holm_block *block, struct holm_block_request *request,
                               enum holm_block_kind kind, uint64_t sector, struct holm_span span)
{
    *request = (struct holm_block_request){ .kind = kind, .sector = sector, .span = span };
    return holm_block_submit(block, request);
}

static enum holm_result await(const struct holm_block_request *request, block_contract_move *move)
{
    while (request->result == HOLM_AGAIN && CHECK(move()))
        continue;
    return request->result;
}

static enum holm_result run(struct holm_block *block, block_contract_move *move,
                            enum holm_block_kind kind, uint64_t sector, struct holm_span span)
{
    struct holm_block_request request;

    CHECK_IS(submit(block, &request, kind, sector, span), HOLM_OK);
    CHECK_IS(request.result, HOLM_AGAIN);
    return await(&request, move);
}

static struct holm_span sector_of(size_t i)
{
    return (struct holm_span){ HOLM_AT(data, i), SECTOR_BYTES };
}

/* What was written is read again, sector by sector and as a whole, first and last sector too. */
static void check_bytes(struct holm_block *block, block_contract_move *move)
{
    uint64_t last = block->facts.sectors - 1;

    for (size_t i = 0; i < sizeof wide; i++)
        HOLM_AT(wide, i) = (uint8_t)(i / SECTOR_BYTES + 1);
    CHECK_IS(run(block, move, HOLM_BLOCK_WRITE, 3, (struct holm_span){ wide, sizeof wide }),
             HOLM_OK);
    CHECK_IS(run(block, move, HOLM_BLOCK_FLUSH, 0, (struct holm_span){ 0 }), HOLM_OK);
    for (uint64_t i = 0; i < 8; i++) {
        CHECK_IS(run(block, move, HOLM_BLOCK_READ, 3 + i, sector_of(0)), HOLM_OK);
        CHECK(data[0][0] == i + 1 && HOLM_AT(data[0], SECTOR_BYTES - 1) == i + 1);
    }
    holm_span_fill(sector_of(0), 77);
    CHECK_IS(run(block, move, HOLM_BLOCK_WRITE, last, sector_of(0)), HOLM_OK);
    CHECK_IS(run(block, move, HOLM_BLOCK_WRITE, 0, sector_of(0)), HOLM_OK);
    CHECK_IS(run(block, move, HOLM_BLOCK_READ, last, sector_of(1)), HOLM_OK);
    CHECK(holm_bytes_equal(holm_span_bytes(sector_of(0)), holm_span_bytes(sector_of(1))));
    CHECK_IS(run(block, move, HOLM_BLOCK_READ, 3, sector_of(1)), HOLM_OK);
    CHECK_IS(HOLM_AT(data, 1)[0], 1);
}

static void check_refusals(struct holm_block *block, block_contract_move *move)
{
    uint64_t sectors = block->facts.sectors;
    struct holm_block_request request;
    struct holm_span one = sector_of(0), part = { data[0], SECTOR_BYTES - 1 };
    struct holm_span two = { wide, 2 * SECTOR_BYTES };

    CHECK_IS(submit(block, &request, HOLM_BLOCK_READ, 0, part), HOLM_ERR_INVALID);
    CHECK_IS(submit(block, &request, HOLM_BLOCK_WRITE, 0, (struct holm_span){ 0 }),
             HOLM_ERR_INVALID);
    CHECK_IS(submit(block, &request, HOLM_BLOCK_READ, sectors, one), HOLM_ERR_INVALID);
    CHECK_IS(submit(block, &request, HOLM_BLOCK_READ, sectors - 1, two), HOLM_ERR_INVALID);
    CHECK_IS(submit(block, &request, HOLM_BLOCK_READ, UINT64_MAX, one), HOLM_ERR_INVALID);
    block->facts.read_only = true;
    CHECK_IS(submit(block, &request, HOLM_BLOCK_WRITE, 0, one), HOLM_ERR_PERMISSION);
    CHECK_IS(run(block, move, HOLM_BLOCK_READ, 0, one), HOLM_OK);
    block->facts.read_only = false;
}

/* As many as the device takes are under way at once, each completes with a ring of its pump, and who
 * found no room is told when there is some. */
static void check_many(struct holm_block *block, block_contract_move *move)
{
    uint32_t most = block->facts.requests_max;
    struct holm_ready ready = { 0 };
    struct holm_pump pump;
    uint32_t done = 0;

    if (!CHECK(most > 0 && most <= MANY))
        return;
    holm_pump_init(&pump, &ready, count, NULL);
    for (uint32_t i = 0; i < most; i++)
        CHECK_IS(submit(block, &HOLM_AT(many, i), HOLM_BLOCK_READ, i % 8 + 3, sector_of(i % 4)),
                 HOLM_OK);
    CHECK_IS(submit(block, &HOLM_AT(many, most), HOLM_BLOCK_READ, 0, sector_of(0)), HOLM_AGAIN);
    block->room.pump = &pump;
    rung = 0;
    for (uint32_t i = 0; i < most; i++)
        done += await(&HOLM_AT(many, i), move) == HOLM_OK;
    CHECK_IS(done, most);
    for (struct holm_pump *woken; (woken = holm_ready_take(&ready)) != NULL;)
        woken->function(woken, woken->context);
    CHECK(rung > 0);
    block->room.pump = NULL;
    HOLM_AT(many, most) = (struct holm_block_request){ .kind = HOLM_BLOCK_FLUSH, .pump = &pump };
    CHECK_IS(holm_block_submit(block, &HOLM_AT(many, most)), HOLM_OK);
    CHECK_IS(await(&HOLM_AT(many, most), move), HOLM_OK);
    CHECK(holm_ready_take(&ready) == &pump);
}

void block_contract(struct holm_block *block, block_contract_move *move)
{
    if (!CHECK(block->facts.sectors >= BLOCK_CONTRACT_SECTORS &&
               block->facts.sector_bytes == SECTOR_BYTES))
        return;
    check_bytes(block, move);
    check_refusals(block, move);
    check_many(block, move);
}
