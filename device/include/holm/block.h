/* SPDX-License-Identifier: ISC */
/* holm/block.h: a block device: a file of the host, a monitor's disk, virtio, the model. Pure;
 * implementations fill a table. Requests complete in any order; what was written is on the disk for
 * sure only when a flush that was submitted after its completion is complete. */
#pragma once

#include <holm/bytes.h>
#include <holm/pump.h>

/* The most bytes of one request. */
#define HOLM_BLOCK_BYTES_MAX (1 << 20)

struct holm_block;
struct holm_image;

enum holm_block_kind {
    HOLM_BLOCK_READ,
    HOLM_BLOCK_WRITE,
    HOLM_BLOCK_FLUSH,
};

/* struct holm_block_request is one request. */
struct holm_block_request {
    struct holm_block_request *next; /* the device's, or of those that wait for room */
    struct holm_pump *pump;          /* made ready when complete; may be NULL */
    enum holm_block_kind kind;
    enum holm_result result; /* HOLM_AGAIN from submission to completion */
    uint64_t sector;
    struct holm_span span; /* to read into, or to write; whole sectors */
};

/* struct holm_block_facts: what the device is. */
struct holm_block_facts {
    uint64_t sectors;
    uint32_t sector_bytes; /* a power of two, at least 512 */
    uint32_t requests_max; /* at once */
    bool read_only;
};

typedef enum holm_result holm_block_submit_function(struct holm_block *,
                                                    struct holm_block_request *);

struct holm_block_ops {
    holm_block_submit_function *submit;
};

struct holm_block {
    const struct holm_block_ops *ops;
    struct holm_wake room; /* rung when a request more can be submitted */
    struct holm_block_facts facts;
    /* Of holm_block_await; zeroed at the start. Requests for which there was no room, in their order: while
     * there are some, room is serve, and else who had it before. */
    struct holm_block_request *waiting_first, *waiting_last;
    struct holm_pump serve;
    struct holm_pump *room_before;
};

/* holm_block_submit starts a request; it leaves at the end of the turn. Its result is HOLM_OK, or
 * HOLM_ERR_IO, then some of it may be written.
 *
 * Memory:  keeps *request and its bytes until it is complete (result != HOLM_AGAIN).
 * Errors:  HOLM_AGAIN           requests_max are under way; the wake room will ring
 *          HOLM_ERR_INVALID     not whole sectors, past the end, over HOLM_BLOCK_BYTES_MAX
 *          HOLM_ERR_PERMISSION  a write to a device that is read_only */
HOLM_MUST_USE static inline enum holm_result holm_block_submit(struct holm_block *block,
                                                               struct holm_block_request *request)
{
    return block->ops->submit(block, request);
}

/* holm_block_check answers what submit answers to a request before it looks for room: for
 * implementations. */
HOLM_MUST_USE enum holm_result holm_block_check(const struct holm_block *block,
                                                const struct holm_block_request *request);

/* holm_block_start gives the block device that who runs the image has given that name; implemented by
 * the target. May wait (a task).
 *
 * Errors:  HOLM_ERR_NOT_FOUND   no device has the name, or what it names is not there
 *          HOLM_ERR_PERMISSION  the host refuses
 *          HOLM_ERR_INVALID     it has no sectors, or not whole ones
 *          HOLM_ERR_IN_USE      it was started before
 *          HOLM_ERR_NO_MEMORY   the image's arena has less */
HOLM_MUST_USE enum holm_result holm_block_start(struct holm_block **opened,
                                                struct holm_image *image, struct holm_bytes name);
