/* SPDX-License-Identifier: ISC */
/* fuzz_tar.c: entries until there is none; each lies within the archive, and takes whole blocks off it. Half of
 * the inputs get the sums that their headers should have, so that what is behind them is reached. */
#include <holm/tar.h>

#define BLOCK 512
#define ROOM 16384

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t room[ROOM];

/* sums_set makes every block a header that is well, as far as its sum goes. */
static void sums_set(size_t size)
{
    for (size_t at = 0; at + BLOCK <= size; at += BLOCK) {
        uint32_t sum = 0;
        for (size_t i = 0; i < BLOCK; i++)
            sum += i >= 148 && i < 156 ? ' ' : HOLM_AT(room, at + i);
        for (size_t i = 0; i < 8; i++)
            HOLM_AT(room, at + 148 + 7 - i) = (uint8_t)('0' + (sum >> (3 * i) & 7));
    }
}

static void entries(struct holm_bytes all)
{
    struct holm_tar_entry entry = { 0 };
    struct holm_bytes rest = all, part = { 0 };
    size_t before = rest.len;

    while (holm_tar_next(&entry, &rest) == HOLM_OK) {
        holm_assert(rest.len + BLOCK <= before && (before - rest.len) % BLOCK == 0);
        holm_assert(holm_bytes_part(entry.content, 0, entry.content.len, &part));
        holm_assert(entry.content.len + BLOCK <= before && entry.name.len <= before);
        (void)holm_tar_is(&entry, HOLM_TEXT("config"));
        before = rest.len;
    }
    holm_assert(rest.len == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_buffer copy = HOLM_BUFFER(room);
    struct holm_bytes in = { data, size };

    entries(in);
    if (!holm_buffer_bytes(&copy, in))
        return 0;
    sums_set(size);
    entries(holm_buffer_filled(&copy));
    return 0;
}
