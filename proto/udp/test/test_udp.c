/* SPDX-License-Identifier: ISC */
#include <holm/test.h>
#include <holm/udp.h>

static const uint8_t datagram[] = { 0, 68, 0, 67, 0, 10, 0x12, 0x34, 'h', 'i', 'p', 'a', 'd' };

TEST(a_header_is_read_and_written_and_padding_is_cut)
{
    uint8_t memory[HOLM_UDP_HEADER_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_bytes in = HOLM_BLOB(datagram), front = { 0 };
    struct holm_udp_header header;

    CHECK_IS(holm_udp_parse(&header, &in), HOLM_OK);
    CHECK_IS(header.source, 68);
    CHECK_IS(header.destination, 67);
    CHECK_IS(header.checksum, 0x1234);
    CHECK_BYTES(in, HOLM_TEXT("hi"));
    CHECK(holm_udp_emit(&out, &header, 2));
    holm_assert(holm_bytes_part(HOLM_BLOB(datagram), 0, HOLM_UDP_HEADER_BYTES, &front));
    CHECK_BYTES(holm_buffer_filled(&out), front);
    CHECK(!holm_udp_emit(&out, &header, 2));
    out.len = 0;
    CHECK(holm_udp_emit(&out, &header, 65527));
    out.len = 0;
    CHECK(!holm_udp_emit(&out, &header, 65528));
    CHECK_IS(out.len, 0);
}

TEST(what_is_longer_than_its_packet_is_truncated)
{
    struct holm_udp_header header = { .source = 9 };

    for (size_t len = 0; len < 10; len++) {
        struct holm_bytes in = { 0 };
        holm_assert(holm_bytes_part(HOLM_BLOB(datagram), 0, len, &in));
        CHECK_IS(holm_udp_parse(&header, &in), HOLM_ERR_TRUNCATED);
        CHECK_IS(in.len, len);
        CHECK_IS(header.source, 9);
    }
}

TEST(what_is_shorter_than_its_header_is_malformed)
{
    static const uint8_t small[] = { 0, 68, 0, 67, 0, 7, 0, 0, 0 };
    struct holm_bytes in = HOLM_BLOB(small);
    struct holm_udp_header header;

    CHECK_IS(holm_udp_parse(&header, &in), HOLM_ERR_MALFORMED);
}

TEST(a_checksum_of_zero_is_written_as_all_ones)
{
    struct holm_sum sum = { 0 };

    holm_sum_u16(&sum, 0xffff);
    CHECK_IS(holm_udp_checksum(&sum), 0xffff);
    sum = (struct holm_sum){ 0 };
    holm_sum_u16(&sum, 0x1234);
    CHECK_IS(holm_udp_checksum(&sum), 0xedcb);
}
