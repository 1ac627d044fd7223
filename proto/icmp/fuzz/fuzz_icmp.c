/* SPDX-License-Identifier: ISC */
/* fuzz_icmp.c: messages and quotes; what is written sums up. */
#include <holm/icmp.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes all = { data, size }, in = all;
    uint8_t memory[HOLM_ICMP_HEADER_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_icmp_quote quote;
    struct holm_icmp icmp;

    if (holm_icmp_quote_parse(&quote, all) == HOLM_OK)
        holm_assert(quote.header.header_len + 8U <= size);
    enum holm_result result = holm_icmp_parse(&icmp, &in);
    if (result != HOLM_OK) {
        holm_assert(in.len == size);
        if (result != HOLM_ERR_MALFORMED || !holm_bytes_from(all, HOLM_ICMP_HEADER_BYTES, &in))
            return 0;
        icmp = (struct holm_icmp){ .type = HOLM_ICMP_ECHO };
    }
    holm_assert(holm_icmp_emit(&out, &icmp, in));
    struct holm_sum sum = { 0 };
    holm_sum_add(&sum, holm_buffer_filled(&out));
    holm_sum_add(&sum, in);
    holm_assert(holm_sum_fold(&sum) == 0xffff);
    return 0;
}
