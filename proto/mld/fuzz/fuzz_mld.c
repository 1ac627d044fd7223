/* SPDX-License-Identifier: ISC */
/* fuzz_mld.c: a listener that is asked whatever; it comes to rest. */
#include <holm/mld.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_ip_header header = { .source = { HOLM_IP_V6, { 0xfe, 0x80 } }, .hops = 1 };
    struct holm_bytes in = { data, size }, part = { 0 };
    struct holm_random_seeded dice;
    struct holm_mld_report report;
    struct holm_icmp6 icmp;
    static struct holm_mld mld;
    uint64_t now_ns = 1;
    uint8_t kind, much;

    holm_random_seeded_init(&dice, 1);
    struct holm_random random = holm_random_from_seeded(&dice);
    holm_mld_init(&mld, &random);
    while (holm_bytes_u8(&in, &kind) && holm_bytes_u8(&in, &much)) {
        struct holm_ip_address group = { HOLM_IP_V6, { 0xff, 2, [15] = much } };
        now_ns += kind * UINT64_C(100000000);
        if (kind % 4 == 0) {
            (void)!holm_mld_join(&mld, &group, now_ns);
        } else if (kind % 4 == 1) {
            holm_mld_leave(&mld, &group, now_ns);
        } else if (holm_bytes_take(&in, much, &part) && holm_icmp6_parse(&icmp, &part) == HOLM_OK) {
            holm_mld_feed(&mld, &header, &icmp, part, now_ns);
        }
        while (holm_mld_drain(&mld, now_ns, &report) == HOLM_OK)
            holm_assert(report.data_len == 16 || report.data_len == 20);
        holm_assert(holm_mld_deadline(&mld) > now_ns);
    }
    return 0;
}
