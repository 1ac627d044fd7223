/* SPDX-License-Identifier: ISC */
/* guest_turn.c: a turn of an image in a virtual machine. All that the image wrote is copied once, then
 * checked, and never looked at again where it was. */
#include <holm/guest.h>

static bool part_of(const struct holm_guest_memory *memory, uint64_t address, uint64_t bytes,
                    struct holm_span *part)
{
    uint64_t first = (uint64_t)memory->row.ptr;

    return address >= first && holm_span_part(memory->row, address - first, bytes, part);
}

bool holm_guest_inside(const struct holm_guest_memory *memory, uint64_t address, uint64_t bytes)
{
    struct holm_span part = { 0 };

    return part_of(memory, address, bytes, &part);
}

/* take copies what the image may read, or has to be able to write. */
static bool take(const struct holm_guest_memory *memory, uint64_t address, struct holm_span to,
                 unsigned rights)
{
    struct holm_buffer out = holm_span_buffer(to);
    struct holm_span part = { 0 };

    if (to.len == 0)
        return true; /* where nothing is, is nobody's business */
    return holm_guest_may(memory->tables, address, to.len, rights) &&
           part_of(memory, address, to.len, &part) &&
           holm_buffer_bytes(&out, holm_span_bytes(part));
}

static void give(const struct holm_guest_memory *memory, uint64_t address, struct holm_bytes from)
{
    struct holm_span part = { 0 };

    holm_assert(part_of(memory, address, from.len, &part)); /* as when it was taken */
    struct holm_buffer out = holm_span_buffer(part);
    holm_assert(holm_buffer_bytes(&out, from));
}

static struct holm_span object(void *at, size_t size)
{
    return (struct holm_span){ at, size };
}

/* rights_of is what the image must be allowed itself at a piece of a request. */
static unsigned rights_of(uint32_t kind, uint64_t piece)
{
    bool is_filled = kind == HOLM_ABI_RECEIVE || (kind == HOLM_ABI_READ && piece > 0);

    return is_filled ? HOLM_GUEST_WRITE : HOLM_GUEST_READ;
}

/* pieces_take copies the pieces of a request; false: they, or what they point to, are not there. */
static bool pieces_take(struct holm_abi_bytes *pieces, struct holm_abi_block *block,
                        const struct holm_guest_memory *memory,
                        const struct holm_abi_request *request)
{
    uint64_t count = request->pieces_count;

    if (count > HOLM_ABI_PIECES_MAX ||
        !take(memory, (uint64_t)request->pieces, object(pieces, count * sizeof *pieces),
              HOLM_GUEST_READ))
        return false;
    for (uint64_t i = 0; i < count; i++) {
        const struct holm_abi_bytes *piece = &HOLM_NTH(pieces, HOLM_ABI_PIECES_MAX, i);
        if (piece->size > 0 && (!holm_guest_inside(memory, (uint64_t)piece->at, piece->size) ||
                                !holm_guest_may(memory->tables, (uint64_t)piece->at, piece->size,
                                                rights_of(request->kind, i))))
            return false;
    }
    if (request->kind < HOLM_ABI_READ || count == 0 || pieces->size != sizeof *block)
        return true;
    bool taken = take(memory, (uint64_t)pieces->at, object(block, sizeof *block), HOLM_GUEST_READ);
    pieces->at = block;
    return taken;
}

bool holm_guest_turn_take(struct holm_guest_turn *taken, const struct holm_guest_memory *memory,
                          uint64_t address, uint64_t *bad)
{
    *bad = address;
    if (!take(memory, address, object(&taken->turn, sizeof taken->turn), HOLM_GUEST_WRITE))
        return false;
    uint64_t count = taken->turn.requests_count;
    taken->turn_at = address;
    taken->requests_at = (uint64_t)taken->turn.requests;
    *bad = taken->requests_at;
    if (count > HOLM_ABI_REQUESTS_MAX ||
        !take(memory, taken->requests_at,
              object(&taken->requests[0], count * sizeof taken->requests[0]), HOLM_GUEST_WRITE))
        return false;
    taken->turn.requests = &taken->requests[0];
    taken->turn.console_size = 0; /* an answer, of which the image's own words count for nothing */
    for (uint64_t i = 0; i < count; i++) {
        struct holm_abi_request *request = &HOLM_AT(taken->requests, i);
        struct holm_abi_bytes *pieces = &HOLM_AT(taken->pieces, i)[0];
        if (!pieces_take(pieces, &HOLM_AT(taken->blocks, i), memory, request))
            request->pieces_count = HOLM_ABI_PIECES_MAX + 1; /* which is none that can be */
        request->pieces = pieces;
    }
    return true;
}

void holm_guest_turn_give(const struct holm_guest_turn *taken,
                          const struct holm_guest_memory *memory)
{
    const size_t first = offsetof(struct holm_abi_turn, now_ns);
    const size_t end = offsetof(struct holm_abi_turn, console) + taken->turn.console_size;
    struct holm_bytes turn = { (const uint8_t *)&taken->turn, sizeof taken->turn }, part = { 0 };

    for (uint64_t i = 0; i < taken->turn.requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_AT(taken->requests, i);
        give(memory,
             taken->requests_at + i * sizeof *request + offsetof(struct holm_abi_request, answer),
             (struct holm_bytes){ (const uint8_t *)&request->answer, sizeof request->answer });
    }
    holm_assert(holm_bytes_part(turn, first, end - first, &part));
    give(memory, taken->turn_at + first, part);
}
