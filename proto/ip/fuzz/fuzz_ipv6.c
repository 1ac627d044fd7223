/* SPDX-License-Identifier: ISC */
/* fuzz_ipv6.c: headers that were read lie within the packet; a problem that is told lies within it, too;
 * what has no extension headers is written as the same bytes, but for its flow label. */
#include <holm/ipv6.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* rest reads what would follow if the bytes were put together of fragments. */
static void rest(struct holm_bytes in)
{
    struct holm_ip_header header = { .payload_len = in.len < 65535 ? (uint16_t)in.len : 65535 };
    struct holm_ipv6_problem problem;

    if (!holm_bytes_u8(&in, &header.protocol) || header.payload_len == 0)
        return;
    header.payload_len -= 1;
    const uint16_t before = header.payload_len;
    if (holm_ipv6_rest_parse(&header, &problem, in) == HOLM_OK)
        holm_assert(header.header_len + header.payload_len == before &&
                    header.header_len <= in.len);
}

static void written_again(const struct holm_ip_header *header, struct holm_bytes all)
{
    uint8_t memory[HOLM_IPV6_HEADER_BYTES + HOLM_IPV6_FRAGMENT_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_bytes front = { 0 };

    holm_assert(holm_ipv6_emit(&out, header));
    if (header->header_len != HOLM_IPV6_HEADER_BYTES)
        return;
    holm_assert(holm_bytes_part(all, 4, 36, &front));
    holm_assert(holm_bytes_part(HOLM_BLOB(memory), 4, 36, &all) && holm_bytes_equal(front, all));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes all = { data, size };
    struct holm_ip_header header;
    struct holm_ipv6_problem problem;

    enum holm_result result = holm_ipv6_parse(&header, &problem, all, size + 100);
    rest(all);
    if (result != HOLM_OK) {
        holm_assert(!problem.tells || problem.pointer < size);
        return 0;
    }
    holm_assert(header.header_len <= size && header.header_len >= HOLM_IPV6_HEADER_BYTES &&
                header.header_len <= HOLM_IPV6_HEADER_BYTES + HOLM_IPV6_EXTENSIONS_BYTES_MAX +
                                         HOLM_IPV6_FRAGMENT_BYTES &&
                header.header_len + (size_t)header.payload_len <= size + 100 &&
                header.protocol_at < header.header_len && header.offset % 8 == 0);
    written_again(&header, all);
    return 0;
}
