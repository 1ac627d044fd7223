/* SPDX-License-Identifier: ISC */
#include <holm/icmp6.h>
#include <holm/test.h>

static const struct holm_ip_address here = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 1 } };
static const struct holm_ip_address there = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 2 } };

TEST(a_message_sums_up_with_its_pseudo_header)
{
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_ECHO, .value = 0x12340007 }, read;
    struct holm_bytes data = HOLM_TEXT("holm!");
    uint8_t bytes[32];
    struct holm_buffer out = HOLM_BUFFER(bytes), small = { bytes, 0, 7 };
    struct holm_sum sum = { 0 };

    CHECK(!holm_icmp6_emit(&small, &icmp, &here, &there, data) && small.len == 0);
    CHECK(holm_icmp6_emit(&out, &icmp, &here, &there, data) && holm_buffer_bytes(&out, data));
    struct holm_bytes in = holm_buffer_filled(&out);
    holm_ip_pseudo(&sum, &here, &there, HOLM_IP_ICMPV6, (uint32_t)in.len);
    holm_sum_add(&sum, in);
    CHECK_IS(holm_sum_fold(&sum), 0xffff);
    CHECK_IS(holm_icmp6_parse(&read, &in), HOLM_OK);
    CHECK_IS(read.type, HOLM_ICMP6_ECHO);
    CHECK_IS(read.value, 0x12340007);
    CHECK_BYTES(in, data);
    struct holm_bytes cut = { bytes, 7 };
    CHECK_IS(holm_icmp6_parse(&read, &cut), HOLM_ERR_TRUNCATED);
    CHECK_IS(cut.len, 7);
}

TEST(a_known_echo_has_its_known_checksum)
{
    /* By hand: fe80 + 1 + fe80 + 2 + 8 + 3a + 8000 + 1 + 1 = 27d47, folded 7d49. */
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_ECHO, .value = 0x00010001 }, read = { 0 };
    uint8_t bytes[8];
    struct holm_buffer out = HOLM_BUFFER(bytes);

    CHECK(holm_icmp6_emit(&out, &icmp, &here, &there, (struct holm_bytes){ 0 }));
    struct holm_bytes in = holm_buffer_filled(&out);
    CHECK_IS(holm_icmp6_parse(&read, &in), HOLM_OK);
    CHECK_IS(read.checksum, 0xffff - 0x7d49);
}

TEST(errors_are_told_only_of_what_may_have_one)
{
    static const uint8_t error[] = { 1 }, echo[] = { 128 }, redirect[] = { 137 };
    struct holm_ip_header header = { .source = there,
                                     .destination = here,
                                     .protocol = HOLM_IP_UDP };

    CHECK(holm_icmp6_may_answer(&header, HOLM_BLOB(error), false, false));
    CHECK(!holm_icmp6_may_answer(&header, HOLM_BLOB(error), true, false));
    CHECK(holm_icmp6_may_answer(&header, HOLM_BLOB(error), true, true));
    header.offset = 8;
    CHECK(!holm_icmp6_may_answer(&header, HOLM_BLOB(error), false, false));
    header.offset = 0;
    header.protocol = HOLM_IP_ICMPV6;
    CHECK(!holm_icmp6_may_answer(&header, HOLM_BLOB(error), false, false));
    CHECK(!holm_icmp6_may_answer(&header, HOLM_BLOB(redirect), false, false));
    CHECK(holm_icmp6_may_answer(&header, HOLM_BLOB(echo), false, false));
    header.source = holm_ip_any(HOLM_IP_V6);
    CHECK(!holm_icmp6_may_answer(&header, HOLM_BLOB(echo), false, false));
}

static uint8_t memory[80];

static struct holm_bytes quote_of(uint8_t protocol, uint16_t offset)
{
    struct holm_ip_header header = { .source = here,
                                     .destination = there,
                                     .payload_len = 1000,
                                     .id = 5,
                                     .offset = offset,
                                     .protocol = protocol };
    static const uint8_t tcp[] = { 0, 80, 0x12, 0x34, 1, 2, 3, 4 };
    struct holm_buffer out = HOLM_BUFFER(memory);

    holm_assert(holm_ipv6_emit(&out, &header) && holm_buffer_bytes(&out, HOLM_BLOB(tcp)));
    return holm_buffer_filled(&out);
}

TEST(a_quote_tells_whose_packet_it_was)
{
    struct holm_icmp_quote quote;
    struct holm_bytes in = quote_of(HOLM_IP_TCP, 0), part;

    CHECK_IS(holm_icmp6_quote_parse(&quote, in), HOLM_OK);
    CHECK(holm_ip_equal(&quote.header.source, &here));
    CHECK(holm_ip_equal(&quote.header.destination, &there));
    CHECK_IS(quote.source_port, 80);
    CHECK_IS(quote.destination_port, 0x1234);
    CHECK_IS(quote.sequence, 0x01020304);
    for (size_t len = 0; len < in.len; len++) {
        CHECK(holm_bytes_part(in, 0, len, &part));
        CHECK_IS(holm_icmp6_quote_parse(&quote, part), HOLM_ERR_TRUNCATED);
    }
    memory[0] = 0x40;
    CHECK_IS(holm_icmp6_quote_parse(&quote, in), HOLM_ERR_MALFORMED);
}

TEST(a_quote_of_a_later_fragment_has_no_ports)
{
    struct holm_icmp_quote quote;

    CHECK_IS(holm_icmp6_quote_parse(&quote, quote_of(HOLM_IP_UDP, 1232)), HOLM_OK);
    CHECK_IS(quote.source_port, 0);
    CHECK_IS(quote.header.offset, 1232);
    CHECK_IS(quote.header.protocol, HOLM_IP_UDP);
}
