/* SPDX-License-Identifier: ISC */
/* holm/model_block.h: a disk in memory, for tests: requests complete in an order from a seed, fail on
 * request, and a crash forgets what was not flushed. Pure. */
#pragma once

#include <holm/arena.h>
#include <holm/block.h>
#include <holm/random.h>

#define HOLM_MODEL_BLOCK_REQUESTS_MAX 32

struct holm_model_block {
    struct holm_block block;
    struct holm_span disk; /* as it is seen */
    struct holm_span safe; /* as it is at least: the last flush, and what went early */
    struct holm_block_request *requests; /* under way */
    uint32_t requests_count;
    uint32_t fail; /* so many further requests fail */
    struct holm_random_seeded random;
};

/* holm_model_block_init makes a disk of zeros, of sectors of 512 bytes.
 *
 * Memory:  takes twice its size from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_model_block_init(struct holm_model_block *model,
                                                     struct holm_arena *arena, uint32_t sectors,
                                                     uint64_t seed);

/* holm_model_block_move completes one of the requests under way; false if there is none. */
bool holm_model_block_move(struct holm_model_block *model);

/* holm_model_block_crash is a loss of power. Each sector is as it was at the last flush or as any write since
 * has left it, those under way included; they fail. What was flushed and not written again is there. */
void holm_model_block_crash(struct holm_model_block *model);
