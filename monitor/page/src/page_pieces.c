/* SPDX-License-Identifier: ISC */
/* page_pieces.c: what recording and replay share. */
#include "page_impl.h"

#include <holm/recording.h>

bool holm_page__pieces_cut(struct holm_page__pieces *pieces, const struct holm_abi_request *request,
                           uint64_t bytes)
{
    uint64_t first = request->kind == HOLM_ABI_READ || request->kind == HOLM_ABI_WRITE ? 1 : 0;

    pieces->count = 0;
    if (request->pieces_count > HOLM_ABI_PIECES_MAX)
        return false;
    for (uint64_t i = first; i < request->pieces_count && bytes > 0; i++) {
        struct holm_abi_bytes piece = HOLM_NTH(request->pieces, request->pieces_count, i);
        piece.size = piece.size < bytes ? piece.size : bytes;
        bytes -= piece.size;
        HOLM_AT(pieces->at, pieces->count) = piece;
        pieces->count += 1;
    }
    return bytes == 0;
}

uint64_t holm_page__turn_sum(const struct holm_abi_turn *turn)
{
    const uint64_t asked[] = { turn->until_ns, turn->requests_count };

    return holm_recording_sum(HOLM_RECORDING_SUM_START,
                              holm_recording_raw(&asked[0], sizeof asked));
}

/* words_sum is as holm_recording_sum, eight bytes a step where there are so many: what a server sends is
 * most of what is summed, and nobody else sums it again. */
static uint64_t words_sum(uint64_t sum, struct holm_bytes bytes)
{
    uint64_t word = 0;
    size_t at = 0;

    for (; holm_bytes_u64_at(bytes, at, &word); at += sizeof word)
        sum = (sum ^ word) * HOLM_RECORDING_SUM_MULTIPLIER;
    holm_assert(holm_bytes_from(bytes, at, &bytes));
    return holm_recording_sum(sum, bytes);
}

uint64_t holm_page__pieces_sum(const struct holm_page__pieces *pieces)
{
    uint64_t sum = HOLM_RECORDING_SUM_START;

    for (uint64_t i = 0; i < pieces->count; i++)
        sum = words_sum(sum,
                        holm_recording_raw(HOLM_AT(pieces->at, i).at, HOLM_AT(pieces->at, i).size));
    return sum;
}

void holm_page__say(struct holm_bytes line)
{
    (void)holm_page__call(HOLM_LINUX_WRITE, holm_page__data.report, line.ptr, line.len);
}
