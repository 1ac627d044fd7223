/* SPDX-License-Identifier: ISC */
/* holm_block.c: block devices of the monitor's, by name. An operation has a slot of its device from submission
 * to completion, and is handed over in each turn under the slot's number until it is answered. */
#include "holm_impl.h"

#include <holm/boot.h>
#include <holm/log.h>
#include <holm/port_block.h>

/* The most block devices of an image. */
#define DISKS_MAX 4

_Static_assert(HOLM_PORT_BLOCK_REQUESTS_MAX <= HOLM_ABI_BLOCK_SLOTS, "each request has a slot");

struct slot {
    struct holm_operation *operation; /* NULL: free */
    struct holm_abi_block head;
    struct holm_abi_bytes pieces[2];
};

struct disk {
    uint32_t device;
    struct slot slots[HOLM_ABI_BLOCK_SLOTS];
};

static struct disk disks[DISKS_MAX];
static size_t disks_count;
static size_t first; /* of the disk whose requests come first in the next turn */

static bool finish(struct holm_operation *operation, enum holm_result result)
{
    holm_operation_complete(operation, result);
    return true;
}

static struct disk *disk_of(uint32_t device)
{
    for (size_t i = 0; i < disks_count; i++)
        if (HOLM_AT(disks, i).device == device)
            return &HOLM_AT(disks, i);
    return NULL;
}

/* bytes_of is what an operation reads into or writes, as much of it as a request takes. What is written is
 * only read. */
static struct holm_abi_bytes bytes_of(const struct holm_operation *operation)
{
    union {
        const uint8_t *from;
        void *at;
    } piece = { .from = operation->pieces[0].ptr };
    size_t len = operation->pieces[0].len;

    if (operation->kind == HOLM_OPERATION_FILE_READ) {
        piece.at = operation->span.ptr;
        len = operation->span.len;
    }
    return (struct holm_abi_bytes){ piece.at, len < HOLM_ABI_BLOCK_BYTES_MAX
                                                  ? len
                                                  : HOLM_ABI_BLOCK_BYTES_MAX };
}

static bool start(struct holm_operation *operation)
{
    struct disk *disk = disk_of(operation->port);

    for (uint32_t i = 0; disk != NULL && i < HOLM_ABI_BLOCK_SLOTS; i++) {
        struct slot *slot = &HOLM_AT(disk->slots, i);
        if (slot->operation != NULL)
            continue;
        slot->operation = operation;
        slot->head = (struct holm_abi_block){ .offset = operation->offset, .slot = i };
        slot->pieces[0] = (struct holm_abi_bytes){ &slot->head, sizeof slot->head };
        HOLM_AT(slot->pieces, 1) = bytes_of(operation);
        return false;
    }
    return finish(operation, HOLM_ERR_UNSUPPORTED); /* it is no port of ours */
}

static uint32_t kind_of(const struct holm_operation *operation)
{
    if (operation->kind == HOLM_OPERATION_FILE_FLUSH)
        return HOLM_ABI_FLUSH;
    return operation->kind == HOLM_OPERATION_FILE_READ ? HOLM_ABI_READ : HOLM_ABI_WRITE;
}

static size_t disk_ask(struct disk *disk, struct holm_abi_request *requests, size_t count,
                       size_t most)
{
    for (size_t i = 0; i < HOLM_ABI_BLOCK_SLOTS && count < most; i++) {
        struct slot *slot = &HOLM_AT(disk->slots, i);
        if (slot->operation == NULL)
            continue;
        uint32_t kind = kind_of(slot->operation);
        HOLM_NTH(requests, most, count) =
            (struct holm_abi_request){ .kind = kind,
                                       .device = disk->device,
                                       .pieces = &slot->pieces[0],
                                       .pieces_count = kind == HOLM_ABI_FLUSH ? 1 : 2 };
        count++;
    }
    return count;
}

/* ask takes another disk first in each turn, so that none waits for the others for ever. */
static size_t ask(struct holm_abi_request *requests, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < disks_count; i++)
        count = disk_ask(&HOLM_AT(disks, (first + i) % disks_count), requests, count, most);
    first++;
    return count;
}

static void answer(const struct holm_abi_request *requests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct holm_abi_request *request = &HOLM_NTH(requests, count, i);
        const struct holm_abi_block *head = request->pieces->at;
        struct disk *disk = disk_of(request->device);
        if (request->answer == HOLM_ABI_AGAIN || disk == NULL)
            continue;
        struct slot *slot = &HOLM_AT(disk->slots, head->slot);
        struct holm_operation *operation = slot->operation;
        slot->operation = NULL;
        operation->size = request->answer < 0 ? 0 : (size_t)request->answer;
        (void)finish(operation, request->answer < 0 ? HOLM_ERR_IO : HOLM_OK);
    }
}

static const struct holm_target__disks all = { start, ask, answer };

/* disk_add lets operations name a device. */
static enum holm_result disk_add(uint32_t index)
{
    if (disk_of(index) != NULL)
        return HOLM_ERR_IN_USE;
    if (disks_count == DISKS_MAX)
        return HOLM_ERR_NO_MEMORY;
    HOLM_AT(disks, disks_count).device = index;
    disks_count++;
    holm_target__disks = &all;
    holm_target__ports_use();
    return HOLM_OK;
}

static uint32_t sector_bytes(const struct holm_abi_device *device)
{
    return UINT32_C(1) << (device->features >> HOLM_ABI_BLOCK_SECTOR_SHIFT) % 32;
}

bool holm_platform_config(struct holm_platform_config *config, const struct holm_boot *boot)
{
    const struct holm_abi_device *device =
        holm_target__device(HOLM_ABI_BLOCK, HOLM_TEXT("config"), &config->port);

    (void)boot;
    config->path = HOLM_TEXT("");
    if (device == NULL || disk_add(config->port) != HOLM_OK)
        return false;
    config->size_bytes = device->sectors * sector_bytes(device);
    return true;
}

enum holm_result holm_platform_secrets(struct holm_span *pages, size_t size_bytes)
{
    const struct holm_abi_boot *record = holm_arch_calls;

    if (record->size_bytes < sizeof *record || record->secrets.size < size_bytes)
        return HOLM_ERR_NO_MEMORY;
    *pages = (struct holm_span){ record->secrets.at, size_bytes };
    return HOLM_OK;
}

enum holm_result holm_block_start(struct holm_block **opened, struct holm_image *image,
                                  struct holm_bytes name)
{
    uint32_t index = 0;
    const struct holm_abi_device *device = holm_target__device(HOLM_ABI_BLOCK, name, &index);
    enum holm_result result = device == NULL ? HOLM_ERR_NOT_FOUND : HOLM_OK;

    if (result == HOLM_OK)
        result = disk_add(index);
    if (result == HOLM_OK) {
        const struct holm_block_facts facts = {
            .sectors = device->sectors,
            .sector_bytes = sector_bytes(device),
            .read_only = (device->features & HOLM_ABI_BLOCK_READ_ONLY) != 0,
        };
        result = holm_port_block_make(opened, image, index, &facts);
    }
    if (result == HOLM_OK)
        return HOLM_OK;
    HOLM_LOG_ERROR("block", "no such block device: holm run --block NAME=FILE",
                   HOLM_FIELD_TEXT("name", name), HOLM_FIELD_RESULT("result", result));
    return result;
}
