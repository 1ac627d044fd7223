/* SPDX-License-Identifier: ISC */
/* A recording is a file that anyone may have written: whatever it holds, it is refused or has only
 * whole entries, and each of its entries alone does no harm. */
#include <holm/record.h>

#include "../src/record_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* entries reads what no checksum guards here: so that a fuzzer gets to it. */
static void entries(struct holm_bytes rest)
{
    struct holm_record__completion completion = { 0 };
    struct holm_record__asked asked = { 0 };
    struct holm_turn turn = { 0 };
    enum holm_result result = HOLM_OK;
    uint8_t tag = 0;

    while (result == HOLM_OK && holm_bytes_u8(&rest, &tag)) {
        struct holm_bytes before = rest;
        result = tag % 2 == 0 ? holm_record__turn_parse(&rest, &turn, &asked)
                              : holm_record__completion_parse(&rest, &completion);
        holm_assert(result == HOLM_OK ? rest.len < before.len : rest.len == before.len);
        holm_assert(turn.entropy_size <= sizeof turn.entropy &&
                    turn.console_size <= sizeof turn.console);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct holm_replay replay;
    struct holm_bytes bytes = { data, size }, tail = { 0 };
    struct holm_operations queue = { 0 };
    struct holm_turn turn = { 0 };
    enum holm_result result = holm_replay_init(&replay, bytes, NULL, NULL);

    holm_assert(result != HOLM_OK || (replay.rest.len > 0 && replay.rest.len < size &&
                                      replay.boot.arguments_count <= HOLM_BOOT_ARGUMENTS_MAX));
    while (result == HOLM_OK && replay.result == HOLM_OK) /* each turn takes some of it */
        replay.door.turn(&replay.door, &turn, &queue, 0);
    for (size_t at = 0; at < size && at < 64; at++) {
        if (holm_bytes_from(bytes, at, &tail))
            entries(tail);
    }
    return 0;
}
