/* SPDX-License-Identifier: ISC */
/* fuzz_ipv4.c: a header that was read lies within its bytes, and one without options is written as the
 * same bytes. */
#include <holm/ip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes all = { data, size }, front = { 0 };
    uint8_t memory[HOLM_IPV4_HEADER_MIN];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_ip_header header;
    uint8_t flags = 0;

    if (holm_ipv4_parse(&header, all, size + 100) != HOLM_OK)
        return 0;
    holm_assert(header.header_len <= size &&
                header.header_len + (size_t)header.payload_len <= size + 100);
    holm_assert(holm_bytes_u8_at(all, 6, &flags) &&
                holm_bytes_part(all, 0, HOLM_IPV4_HEADER_MIN, &front));
    if (header.has_options || flags >= 0x80)
        return 0;
    holm_assert(holm_ipv4_emit(&out, &header));
    front.len = 10; /* a checksum of 0 may be written as all ones, and the other way round */
    holm_assert(holm_bytes_equal(front, (struct holm_bytes){ memory, 10 }));
    return 0;
}
