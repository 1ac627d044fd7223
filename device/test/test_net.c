/* SPDX-License-Identifier: ISC */
#include <holm/net.h>
#include <holm/test.h>

TEST(a_header_is_read_as_it_was_written_least_byte_first)
{
    struct holm_net_header header = { 1, HOLM_NET_TCP4, 54, 1448, 34, 16 }, read = { 0 };
    uint8_t room[HOLM_NET_HEADER_BYTES];
    struct holm_buffer out = HOLM_BUFFER(room);

    CHECK(holm_net_header_emit(&out, &header));
    CHECK(!holm_net_header_emit(&out, &header));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("\x01\x01\x36\x00\xa8\x05\x22\x00\x10\x00"));
    struct holm_bytes in = holm_buffer_filled(&out), less = { 0 };
    CHECK(holm_bytes_part(in, 0, in.len - 1, &less));
    CHECK(!holm_net_header_parse(&less, &read) && less.len == in.len - 1);
    CHECK(holm_net_header_parse(&in, &read));
    CHECK(read.flags == 1 && read.segments == HOLM_NET_TCP4 && read.headers_len == 54 &&
          read.segment_size == 1448 && read.checksum_start == 34 && read.checksum_offset == 16);
}

TEST(facts_are_read_as_they_were_written)
{
    struct holm_net_facts read = { 0 };
    struct holm_net_facts facts = { .mac = { { 2, 1, 2, 3, 4, 5 } },
                                    .mtu = 9000,
                                    .checks_checksums = true,
                                    .joins_segments = true };
    uint8_t room[HOLM_NET_FACTS_BYTES];
    struct holm_buffer out = HOLM_BUFFER(room);

    CHECK(holm_net_facts_emit(&out, &facts));
    CHECK(!holm_net_facts_emit(&out, &facts));
    struct holm_bytes in = holm_buffer_filled(&out), less = { 0 };
    CHECK(holm_bytes_part(in, 0, in.len - 1, &less));
    CHECK(!holm_net_facts_parse(&less, &read));
    CHECK(holm_net_facts_parse(&in, &read));
    CHECK_BYTES(HOLM_BLOB(read.mac.bytes), HOLM_BLOB(facts.mac.bytes));
    CHECK(read.mtu == 9000 && read.checks_checksums && read.joins_segments &&
          !read.sends_checksums && !read.sends_segments && !read.segments_udp);
}

TEST(a_frame_is_as_long_as_its_parts_and_the_device_sets_the_limit)
{
    static uint8_t room[HOLM_NET_FRAME_MAX];
    struct holm_net_facts facts = { .mtu = 1500 };
    struct holm_net_sent frame = { .head = { room, 54 }, .fragments_count = 2 };

    frame.fragments[0] = (struct holm_bytes){ room, 1000 };
    HOLM_AT(frame.fragments, 1) = (struct holm_bytes){ room, 460 };
    CHECK_IS(holm_net_sent_len(&frame), 1514);
    CHECK_IS(holm_net_send_check(&facts, &frame), HOLM_OK);
    frame.head.len++;
    CHECK_IS(holm_net_send_check(&facts, &frame), HOLM_ERR_LIMIT);
    facts.sends_segments = true;
    CHECK_IS(holm_net_send_check(&facts, &frame), HOLM_OK);
    frame.fragments[0].len = sizeof room;
    CHECK_IS(holm_net_send_check(&facts, &frame), HOLM_ERR_LIMIT);
    frame = (struct holm_net_sent){ .fragments_count = HOLM_NET_FRAGMENTS_MAX + 1 };
    CHECK_IS(holm_net_send_check(&facts, &frame), HOLM_ERR_LIMIT);
}
