/* SPDX-License-Identifier: ISC */
/* fuzz_ethernet.c: a header that was read is written as the same bytes. */
#include <holm/ethernet.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes all = { data, size }, in = all, front = { 0 };
    uint8_t memory[HOLM_ETHERNET_HEADER_MAX];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_ethernet_header header;

    if (holm_ethernet_parse(&header, &in) != HOLM_OK) {
        holm_assert(in.len == size);
        return 0;
    }
    holm_assert(holm_ethernet_emit(&out, &header));
    holm_assert(holm_bytes_take(&all, size - in.len, &front));
    holm_assert(holm_bytes_equal(front, holm_buffer_filled(&out)));
    return 0;
}
