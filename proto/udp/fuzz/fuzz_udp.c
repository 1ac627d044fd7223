/* SPDX-License-Identifier: ISC */
/* fuzz_udp.c: a header that was read is written as the same bytes. */
#include <holm/udp.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes all = { data, size }, in = all, front = { 0 };
    uint8_t memory[HOLM_UDP_HEADER_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_udp_header header;

    if (holm_udp_parse(&header, &in) != HOLM_OK) {
        holm_assert(in.len == size);
        return 0;
    }
    holm_assert(holm_udp_emit(&out, &header, in.len));
    holm_assert(holm_bytes_take(&all, HOLM_UDP_HEADER_BYTES, &front));
    holm_assert(holm_bytes_equal(front, holm_buffer_filled(&out)));
    return 0;
}
