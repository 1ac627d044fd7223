/* SPDX-License-Identifier: ISC */
#include <holm/random.h>
#include <holm/tcp/segment.h>
#include <holm/test.h>

static uint8_t memory[HOLM_TCP_HEADER_MAX];

/* round_trip emits and parses; what both have in common must be the same. */
static void round_trip(struct holm_tcp_segment *segment)
{
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_tcp_segment read;

    CHECK_IS(holm_tcp_segment_emit(&out, segment), HOLM_OK);
    CHECK_IS(out.len % 4, 0);
    struct holm_bytes in = holm_buffer_filled(&out);
    CHECK_IS(holm_tcp_segment_parse(&read, &in), HOLM_OK);
    CHECK_IS(in.len, 0);
    CHECK_IS(read.header_len, out.len);
    CHECK(read.source == segment->source && read.destination == segment->destination);
    CHECK(read.seq == segment->seq && read.ack == segment->ack && read.flags == segment->flags);
    CHECK(read.window == segment->window && read.urgent == segment->urgent);
    CHECK(read.checksum == segment->checksum && read.mss == segment->mss);
    CHECK(read.has_scale == segment->has_scale && read.scale == segment->scale);
    CHECK(read.has_time == segment->has_time && read.time_value == segment->time_value &&
          read.time_echo == segment->time_echo);
    CHECK(read.sack_permitted == segment->sack_permitted && read.md5_at == segment->md5_at);
    CHECK(read.sacks_count <= segment->sacks_count);
    for (size_t i = 0; i < read.sacks_count; i++)
        CHECK(HOLM_AT(read.sacks, i).start == HOLM_AT(segment->sacks, i).start &&
              HOLM_AT(read.sacks, i).end == HOLM_AT(segment->sacks, i).end);
}

TEST(a_plain_segment_is_read_as_it_was_written)
{
    struct holm_tcp_segment segment = { .source = 80,
                                        .destination = 40000,
                                        .seq = 0xfedcba98U,
                                        .ack = 0x01234567U,
                                        .window = 512,
                                        .checksum = 0xabcd,
                                        .urgent = 7,
                                        .flags = HOLM_TCP_ACK | HOLM_TCP_PSH | HOLM_TCP_CWR };
    round_trip(&segment);
    CHECK_IS(segment.header_len, HOLM_TCP_HEADER_MIN);
}

TEST(every_option_is_read_as_it_was_written)
{
    struct holm_tcp_segment segment = { .flags = HOLM_TCP_SYN,
                                        .mss = 1460,
                                        .has_scale = true,
                                        .scale = 7,
                                        .sack_permitted = true,
                                        .has_time = true,
                                        .time_value = 0x11223344U,
                                        .time_echo = 0x55667788U };
    round_trip(&segment);
    CHECK_IS(segment.header_len, 44);
    struct holm_tcp_segment sacks = { .flags = HOLM_TCP_ACK,
                                      .sacks_count = 4,
                                      .sacks = { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } } };
    round_trip(&sacks);
    CHECK_IS(sacks.header_len, 56);
}

TEST(as_many_sack_blocks_as_fit_are_written)
{
    struct holm_tcp_segment segment = { .flags = HOLM_TCP_ACK,
                                        .has_time = true,
                                        .sacks_count = 4,
                                        .sacks = { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } } };
    round_trip(&segment);
    CHECK_IS(segment.header_len, 20 + 12 + 4 + 3 * 8);
}

TEST(a_digest_has_room_where_the_header_says)
{
    struct holm_tcp_segment segment = { .flags = HOLM_TCP_ACK, .md5_at = 1 };
    round_trip(&segment);
    CHECK_IS(segment.md5_at, 24);
    CHECK_IS(segment.header_len, 40);
}

TEST(what_does_not_fit_is_refused_and_nothing_is_written)
{
    struct holm_tcp_segment segment = { .flags = HOLM_TCP_SYN };
    struct holm_buffer out = { memory, 1, sizeof memory };

    CHECK_IS(holm_tcp_segment_emit(&out, &segment), HOLM_ERR_LIMIT);
    CHECK_IS(out.len, 1);
    struct holm_tcp_segment much = { .flags = HOLM_TCP_SYN,
                                     .mss = 1460,
                                     .has_scale = true,
                                     .sack_permitted = true,
                                     .has_time = true,
                                     .md5_at = 1 };
    out = HOLM_BUFFER(memory);
    CHECK_IS(holm_tcp_segment_emit(&out, &much), HOLM_ERR_LIMIT);
    CHECK_IS(out.len, 0);
}

/* parse_of reads 20 bytes of header with these options behind; words is the header's length in words. */
static enum holm_result parse_of(uint8_t words, struct holm_bytes options,
                                 struct holm_tcp_segment *segment)
{
    struct holm_buffer out = HOLM_BUFFER(memory);
    bool fits = true;

    for (size_t i = 0; i < HOLM_TCP_HEADER_MIN; i++)
        fits = fits && holm_buffer_u8(&out, i == 12 ? (uint8_t)(words * 16) : 0);
    CHECK(fits && holm_buffer_bytes(&out, options));
    struct holm_bytes in = holm_buffer_filled(&out);
    enum holm_result result = holm_tcp_segment_parse(segment, &in);
    CHECK(result == HOLM_OK || in.len == out.len);
    return result;
}

TEST(bad_headers_are_refused)
{
    struct holm_tcp_segment segment = { .mss = 1 };

    CHECK_IS(parse_of(4, (struct holm_bytes){ 0 }, &segment), HOLM_ERR_MALFORMED);
    CHECK_IS(parse_of(6, (struct holm_bytes){ 0 }, &segment), HOLM_ERR_TRUNCATED);
    struct holm_bytes in = { memory, 19 };
    CHECK_IS(holm_tcp_segment_parse(&segment, &in), HOLM_ERR_TRUNCATED);
    CHECK_IS(parse_of(6, HOLM_TEXT("\2\3\1\1"), &segment), HOLM_ERR_MALFORMED); /* MSS of 1 byte */
    CHECK_IS(parse_of(6, HOLM_TEXT("\2\6\1\1"), &segment), HOLM_ERR_MALFORMED); /* past the end */
    CHECK_IS(parse_of(6, HOLM_TEXT("\1\1\1\2"), &segment), HOLM_ERR_MALFORMED); /* no length */
    CHECK_IS(parse_of(6, HOLM_TEXT("\377\1\0\0"), &segment), HOLM_ERR_MALFORMED); /* length 1 */
    CHECK_IS(parse_of(6, HOLM_TEXT("\5\4\0\0"), &segment), HOLM_ERR_MALFORMED);   /* half a block */
    CHECK_IS(segment.mss, 1);
}

TEST(unknown_options_and_what_follows_the_end_are_passed_over)
{
    struct holm_tcp_segment segment;

    CHECK_IS(parse_of(7, HOLM_TEXT("\376\4ab\2\4\5\264"), &segment), HOLM_OK);
    CHECK_IS(segment.mss, 1460);
    CHECK_IS(parse_of(6, HOLM_TEXT("\0\2\2\2"), &segment), HOLM_OK);
    CHECK_IS(segment.mss, 0);
}

TEST(a_scale_past_the_largest_is_the_largest)
{
    struct holm_tcp_segment segment;

    CHECK_IS(parse_of(6, HOLM_TEXT("\3\3\377\0"), &segment), HOLM_OK);
    CHECK_IS(segment.scale, HOLM_TCP_SCALE_MAX);
}

TEST(random_segments_come_back)
{
    struct holm_random_seeded dice;

    holm_random_seeded_init(&dice, holm_test_seed());
    for (int i = 0; i < 10000; i++) {
        uint64_t roll = holm_random_seeded_next(&dice);
        struct holm_tcp_segment segment = { .source = (uint16_t)roll,
                                            .destination = (uint16_t)(roll >> 16),
                                            .seq = (uint32_t)(roll >> 32),
                                            .flags = (uint8_t)(roll >> 20),
                                            .mss = roll & 1 ? 0 : (uint16_t)(roll >> 8 | 1),
                                            .has_scale = roll & 2,
                                            .scale = roll & 2 ? roll >> 9 & 7 : 0,
                                            .sack_permitted = roll & 4,
                                            .has_time = roll & 8,
                                            .time_value = roll & 8 ? (uint32_t)roll : 0,
                                            .md5_at = (roll & 31) == 16 ? 1 : 0,
                                            .sacks_count = (uint8_t)(roll >> 5 & 3) };
        for (size_t j = 0; j < segment.sacks_count; j++)
            HOLM_AT(segment.sacks, j) =
                (struct holm_tcp_range){ (uint32_t)(roll * (j + 3)), (uint32_t)(roll * (j + 5)) };
        round_trip(&segment);
    }
}
