/* SPDX-License-Identifier: ISC */
/* fuzz_ndp_message.c: messages of neighbour discovery: what was read keeps to its limits, and targets
 * and prefixes are such. */
#include <holm/ndp/message.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size };
    struct holm_ndp_message message;
    struct holm_icmp6 icmp;

    if (holm_icmp6_parse(&icmp, &in) != HOLM_OK ||
        holm_ndp_message_parse(&message, &icmp, in) != HOLM_OK)
        return 0;
    const struct holm_ndp_options *options = &message.options;
    holm_assert(options->prefixes_count <= HOLM_NDP_PREFIXES_MAX &&
                options->servers_count <= HOLM_NDP_SERVERS_MAX);
    for (uint32_t i = 0; i < options->prefixes_count; i++)
        holm_assert(holm_ip_prefix_check(&HOLM_AT(options->prefixes, i).prefix));
    holm_assert(!holm_ip_is_multicast(&message.target));
    holm_assert(message.preference >= -1 && message.preference <= 1);
    return 0;
}
