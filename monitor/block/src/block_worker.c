/* SPDX-License-Identifier: ISC */
/* block_worker.c: the requests of one block device, one after the other. */
#include <holm/block_worker.h>

#include <holm/bytes.h>
#include <holm/linux.h>

#define NO_WAIT_NO_SIGNAL 0x4040 /* MSG_DONTWAIT | MSG_NOSIGNAL */

/* struct asked is a request as it was read, once. */
struct asked {
    uint32_t kind;
    uint64_t offset, size;
};

static struct asked asked_read(const volatile struct holm_block_slot *slot)
{
    return (struct asked){ slot->kind, slot->offset, slot->size };
}

/* is_possible answers whether the bytes are whole sectors of the device. */
static bool is_possible(const struct holm_block_worker *worker, const struct asked *asked)
{
    return asked->size > 0 && asked->size <= HOLM_ABI_BLOCK_BYTES_MAX &&
           asked->size % worker->sector_bytes == 0 && asked->offset % worker->sector_bytes == 0 &&
           asked->offset <= worker->size_bytes && asked->size <= worker->size_bytes - asked->offset;
}

/* transfer moves all bytes between the file and the room; less than all is a failure, as of a file that has
 * become shorter. */
static int64_t transfer(const struct holm_block_worker *worker, enum holm_linux_call number,
                        struct holm_span room, uint64_t offset)
{
    uint64_t size = room.len;

    while (room.len > 0) {
        int64_t moved = holm_linux_call(number, (uint64_t)worker->file, (uint64_t)room.ptr,
                                        room.len, offset, 0, 0);
        if (moved == HOLM_LINUX_EINTR)
            continue;
        if (moved <= 0 || !holm_span_part(room, (size_t)moved, room.len - (size_t)moved, &room))
            return HOLM_ABI_FAILED;
        offset += (uint64_t)moved;
    }
    return (int64_t)size;
}

/* flush answers 0 when all that was written before is on the disk. */
static int64_t flush(struct holm_block_worker *worker)
{
    int64_t result;

    if (worker->read_only)
        return 0;
    do
        result = holm_linux_call(HOLM_LINUX_FDATASYNC, (uint64_t)worker->file, 0, 0, 0, 0, 0);
    while (result == HOLM_LINUX_EINTR);
    worker->lost = worker->lost || result != 0;
    return worker->lost ? HOLM_ABI_FAILED : 0;
}

static int64_t serve(struct holm_block_worker *worker, uint32_t index, const struct asked *asked)
{
    struct holm_span all = { HOLM_AT(worker->area->bytes, index), HOLM_ABI_BLOCK_BYTES_MAX };
    struct holm_span room = { 0 };

    if (asked->kind == HOLM_ABI_FLUSH)
        return flush(worker);
    if (!is_possible(worker, asked) || !holm_span_part(all, 0, asked->size, &room))
        return HOLM_ABI_INVALID;
    if (asked->kind == HOLM_ABI_READ)
        return transfer(worker, HOLM_LINUX_PREAD, room, asked->offset);
    if (asked->kind == HOLM_ABI_WRITE && !worker->read_only)
        return transfer(worker, HOLM_LINUX_PWRITE, room, asked->offset);
    return HOLM_ABI_INVALID;
}

bool holm_block_worker_step(struct holm_block_worker *worker)
{
    bool found = false;

    for (uint32_t i = 0; i < HOLM_ABI_BLOCK_SLOTS; i++) {
        struct holm_block_slot *slot = &HOLM_AT(worker->area->slots, i);
        if (atomic_load_explicit(&slot->state, memory_order_acquire) != HOLM_BLOCK_SLOT_ASKED)
            continue;
        const struct asked asked = asked_read(slot);
        slot->answer = serve(worker, i, &asked);
        atomic_store(&slot->state, HOLM_BLOCK_SLOT_DONE);
        if (atomic_exchange(&worker->area->image_sleeps, 0) != 0)
            (void)holm_linux_call(HOLM_LINUX_SENDTO, (uint64_t)worker->socket, (uint64_t)"", 1,
                                  NO_WAIT_NO_SIGNAL, 0, 0);
        found = true;
    }
    return found;
}

void holm_block_worker_run(struct holm_block_worker *worker)
{
    uint8_t bytes[64];
    int64_t size;

    for (;;) {
        if (holm_block_worker_step(worker))
            continue;
        atomic_store(&worker->area->worker_sleeps, 1);
        if (holm_block_worker_step(worker)) /* asked for before it was known that we sleep */
            continue;
        size = holm_linux_call(HOLM_LINUX_RECVFROM, (uint64_t)worker->socket, (uint64_t)&bytes[0],
                               sizeof bytes, 0, 0, 0);
        if (size > 0 || size == HOLM_LINUX_EINTR)
            continue;
        (void)holm_block_worker_step(worker);
        return;
    }
}
