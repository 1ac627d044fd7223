/* SPDX-License-Identifier: ISC */
/* fuzz_arp.c: a message that was read is written as the same bytes. */
#include <holm/arp.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes all = { data, size }, front = { 0 };
    uint8_t memory[HOLM_ARP_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_arp arp;

    if (holm_arp_parse(&arp, all) != HOLM_OK)
        return 0;
    holm_assert(holm_arp_emit(&out, &arp) && holm_bytes_take(&all, HOLM_ARP_BYTES, &front));
    holm_assert(holm_bytes_equal(front, holm_buffer_filled(&out)));
    return 0;
}
