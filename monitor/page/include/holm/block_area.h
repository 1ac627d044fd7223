/* SPDX-License-Identifier: ISC */
/* holm/block_area.h: the memory that an image's side and the worker of a block device share, and nothing
 * else of either. The image can write all of it at any time: the worker reads each number once, into its own
 * memory, and checks it there. It needs no index from the image, since it looks through all slots. */
#pragma once

#include <stdatomic.h>

#include <holm/abi/call.h>

/* Who may write a slot, but for its state: free and done, the image's side; asked, the worker. */
enum holm_block_state {
    HOLM_BLOCK_SLOT_FREE = 0,
    HOLM_BLOCK_SLOT_ASKED = 1,
    HOLM_BLOCK_SLOT_DONE = 2,
};

struct holm_block_slot {
    _Atomic uint32_t state; /* enum holm_block_state */
    uint32_t kind;          /* enum holm_abi_request_kind */
    uint64_t offset, size;  /* in bytes */
    int64_t answer;
};

/* struct holm_block_area: a byte through the socket wakes whoever has said that it sleeps. */
struct holm_block_area {
    _Atomic uint32_t image_sleeps, worker_sleeps;
    _Alignas(64) struct holm_block_slot slots[HOLM_ABI_BLOCK_SLOTS];
    _Alignas(4096) uint8_t bytes[HOLM_ABI_BLOCK_SLOTS][HOLM_ABI_BLOCK_BYTES_MAX];
};
