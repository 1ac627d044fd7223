/* SPDX-License-Identifier: ISC */
/* page_block.c: the image's side of block devices. A request is copied into a slot that is shared with the
 * device's worker (monitor/block), which does it and copies nothing; its answer is taken out in a later turn,
 * when the image hands the same slot over again. */
#include "page_impl.h"

/* bytes_copy copies a piece that was seen to fit. */
static void bytes_copy(uint8_t *to, const void *from, uint64_t size)
{
    struct holm_buffer out = { to, 0, size };

    holm_assert(holm_buffer_bytes(&out, (struct holm_bytes){ from, size }));
}

static bool is_asked_well(const struct holm_abi_request *request)
{
    const struct holm_abi_bytes *pieces = request->pieces;
    uint64_t wanted = request->kind == HOLM_ABI_FLUSH ? 1 : 2;

    return request->kind >= HOLM_ABI_READ && request->kind <= HOLM_ABI_FLUSH &&
           request->pieces_count == wanted && pieces->size == sizeof(struct holm_abi_block) &&
           (wanted == 1 || HOLM_NTH(pieces, 2, 1).size <= HOLM_ABI_BLOCK_BYTES_MAX);
}

static void submit(const struct holm_abi_request *request, const struct holm_abi_block *head,
                   struct holm_block_slot *slot, uint8_t *room)
{
    slot->kind = request->kind;
    slot->offset = head->offset;
    slot->size = request->kind == HOLM_ABI_FLUSH ? 0 : HOLM_NTH(request->pieces, 2, 1).size;
    if (request->kind == HOLM_ABI_WRITE)
        bytes_copy(room, HOLM_NTH(request->pieces, 2, 1).at, slot->size);
    atomic_store(&slot->state, HOLM_BLOCK_SLOT_ASKED);
}

/* is_inside answers whether the worker would read all of it. What the file became since it was opened is not
 * asked for. */
static bool is_inside(const struct holm_abi_device *device, const struct holm_abi_block *head,
                      uint64_t size)
{
    uint32_t shift = device->features >> HOLM_ABI_BLOCK_SECTOR_SHIFT;
    uint64_t bytes = device->sectors << shift;

    return head->offset <= bytes && size <= bytes - head->offset &&
           ((head->offset | size) & ((UINT64_C(1) << shift) - 1)) == 0;
}

/* read_now reads what the host has in memory without the worker, whole or not at all: true, and the request is
 * done. A disk never stops the image here, since the filter lets no other way of reading pass. */
static bool read_now(const struct holm_abi_request *request, const struct holm_abi_block *head)
{
    const struct holm_page_data *data = &holm_page__data;
    int32_t file = HOLM_AT(data->files, request->device);

    if (request->kind != HOLM_ABI_READ || file < 0)
        return false;
    const struct holm_abi_bytes *bytes = &HOLM_NTH(request->pieces, 2, 1);
    if (bytes->size == 0 ||
        !is_inside(&HOLM_NTH(data->boot->devices, data->boot->devices_count, request->device), head,
                   bytes->size))
        return false;
    int64_t answer = holm_linux_call(HOLM_LINUX_PREADV2, (uint64_t)file, (uint64_t)bytes, 1,
                                     head->offset, 0, HOLM_LINUX_READ_NOW);
    return answer >= 0 && (uint64_t)answer == bytes->size;
}

/* take_out answers a request that is done, with its bytes. */
static int64_t take_out(const struct holm_abi_request *request, struct holm_block_slot *slot,
                        const uint8_t *room)
{
    int64_t answer = slot->answer;

    atomic_store(&slot->state, HOLM_BLOCK_SLOT_FREE);
    if (request->kind == HOLM_ABI_FLUSH || answer <= 0)
        return answer;
    const struct holm_abi_bytes *bytes = &HOLM_NTH(request->pieces, 2, 1);
    if ((uint64_t)answer > bytes->size)
        return HOLM_ABI_INVALID; /* it is another request than the slot was asked with */
    if (request->kind == HOLM_ABI_READ)
        bytes_copy(bytes->at, room, (uint64_t)answer);
    return answer;
}

int64_t holm_page__block_run(const struct holm_abi_request *request)
{
    struct holm_block_area *area = HOLM_AT(holm_page__data.areas, request->device);

    if (!is_asked_well(request))
        return HOLM_ABI_INVALID;
    const struct holm_abi_block *head = request->pieces->at;
    if (head->slot >= HOLM_ABI_BLOCK_SLOTS)
        return HOLM_ABI_INVALID;
    struct holm_block_slot *slot = &HOLM_AT(area->slots, head->slot);
    uint8_t *room = &HOLM_AT(area->bytes, head->slot)[0];
    uint32_t state = atomic_load(&slot->state);
    if (state == HOLM_BLOCK_SLOT_DONE)
        return take_out(request, slot, room);
    if (HOLM_AT(holm_page__data.gone, request->device))
        return HOLM_ABI_GONE;
    if (state == HOLM_BLOCK_SLOT_FREE && read_now(request, head))
        return (int64_t)HOLM_NTH(request->pieces, 2, 1).size;
    if (state == HOLM_BLOCK_SLOT_FREE)
        submit(request, head, slot, room);
    return HOLM_ABI_AGAIN;
}

void holm_page__block_kick(const struct holm_abi_turn *turn)
{
    uint8_t byte = 0;
    struct holm_abi_bytes piece = { &byte, 1 };

    for (uint64_t i = 0; i < turn->requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_NTH(turn->requests, turn->requests_count, i);
        if (request->answer != HOLM_ABI_AGAIN || !holm_page__is_block(request->device) ||
            atomic_exchange(&HOLM_AT(holm_page__data.areas, request->device)->worker_sleeps, 0) ==
                0)
            continue;
        (void)holm_page__call(HOLM_LINUX_WRITEV, HOLM_PAGE_DEVICE_FIRST + request->device, &piece,
                              1);
    }
}

bool holm_page__block_ready(const struct holm_abi_turn *turn)
{
    for (uint64_t i = 0; i < turn->requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_NTH(turn->requests, turn->requests_count, i);
        if (!holm_page__is_block(request->device))
            continue;
        struct holm_block_area *area = HOLM_AT(holm_page__data.areas, request->device);
        const struct holm_abi_block *head = request->pieces->at;
        atomic_store(&area->image_sleeps, 1);
        if (atomic_load(&HOLM_AT(area->slots, head->slot).state) != HOLM_BLOCK_SLOT_ASKED)
            return true;
    }
    return false;
}

void holm_page__block_heard(uint32_t device)
{
    uint8_t room[64];
    struct holm_abi_bytes piece = { room, sizeof room };
    int64_t size = holm_page__call(HOLM_LINUX_READV, HOLM_PAGE_DEVICE_FIRST + device, &piece, 1);

    if (size == HOLM_LINUX_EAGAIN || size == HOLM_LINUX_EINTR)
        return;
    HOLM_AT(holm_page__data.gone, device) = size <= 0;
}
