/* SPDX-License-Identifier: ISC */
/* fuzz_icmp6.c: a message that was read is written as the same bytes, but for its checksum; a quote is
 * of IPv6. */
#include <holm/icmp6.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct holm_ip_address any = holm_ip_any(HOLM_IP_V6);
    struct holm_bytes in = { data, size }, before = { 0 }, after = { 0 };
    uint8_t memory[HOLM_ICMP6_HEADER_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_icmp_quote quote;
    struct holm_icmp6 icmp;

    if (holm_icmp6_quote_parse(&quote, in) == HOLM_OK)
        holm_assert(quote.header.source.family == HOLM_IP_V6 &&
                    (quote.header.offset == 0 || quote.source_port == 0));
    if (holm_icmp6_parse(&icmp, &in) != HOLM_OK)
        return 0;
    holm_assert(in.len == size - HOLM_ICMP6_HEADER_BYTES);
    if (!holm_icmp6_emit(&out, &icmp, &any, &any, in))
        return 0;
    holm_assert(holm_bytes_part((struct holm_bytes){ data, size }, 4, 4, &before) &&
                holm_bytes_part(HOLM_BLOB(memory), 4, 4, &after) &&
                holm_bytes_equal(before, after));
    return 0;
}
