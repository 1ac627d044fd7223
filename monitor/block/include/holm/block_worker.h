/* SPDX-License-Identifier: ISC */
/* holm/block_worker.h: what reads and writes the file of a block device, in a process of its own, so that no
 * disk stops the image. Without libc. The image is hostile: of what it shares nothing is believed. */
#pragma once

#include <holm/base.h>
#include <holm/block_area.h>

/* struct holm_block_worker is all that a worker has. */
struct holm_block_worker {
    struct holm_block_area *area;
    int32_t file, socket; /* descriptors; the socket's other end is the image's */
    uint64_t size_bytes;  /* of the device: whole sectors */
    uint32_t sector_bytes;
    bool read_only;
    bool
        lost; /* a flush has failed: what it should have kept is lost, and no later flush may deny it */
};

/* holm_block_worker_step does all that is asked for now, and answers whether there was anything. */
bool holm_block_worker_step(struct holm_block_worker *worker);

/* holm_block_worker_run does what is asked for until the image's end of the socket is closed; what was asked
 * for before is done then. */
void holm_block_worker_run(struct holm_block_worker *worker);
