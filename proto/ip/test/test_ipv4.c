/* SPDX-License-Identifier: ISC */
#include <holm/ip.h>
#include <holm/test.h>

/* A packet of UDP with four bytes, and room for options. */
struct packet {
    uint8_t memory[64];
    struct holm_buffer out;
};

/* begin writes a packet whose header carries these options, whole words of them, and its checksum. */
static struct holm_bytes packet_of(struct packet *packet, struct holm_bytes options,
                                   uint16_t fragment, uint16_t payload_len)
{
    struct holm_sum sum = { 0 };
    struct holm_buffer *out = &packet->out;
    uint8_t words = (uint8_t)(5 + options.len / 4);

    *out = HOLM_BUFFER(packet->memory);
    holm_assert(holm_buffer_u8(out, (uint8_t)(0x40 + words)) && holm_buffer_u8(out, 0x03) &&
                holm_buffer_u16(out, (uint16_t)(words * 4 + payload_len)) &&
                holm_buffer_u16(out, 0x1234) && holm_buffer_u16(out, fragment) &&
                holm_buffer_u8(out, 64) && holm_buffer_u8(out, HOLM_IP_UDP) &&
                holm_buffer_u16(out, 0) && holm_buffer_bytes(out, HOLM_TEXT("\12\0\0\1")) &&
                holm_buffer_bytes(out, HOLM_TEXT("\12\0\0\2")) && holm_buffer_bytes(out, options));
    holm_sum_add(&sum, holm_buffer_filled(out));
    uint16_t checksum = (uint16_t)(0xffff - holm_sum_fold(&sum));
    HOLM_AT(packet->memory, 10) = (uint8_t)(checksum / 256);
    HOLM_AT(packet->memory, 11) = (uint8_t)(checksum % 256);
    holm_assert(holm_buffer_bytes(out, HOLM_TEXT("load")));
    return holm_buffer_filled(out);
}

static enum holm_result parse(struct holm_bytes options)
{
    struct holm_ip_header header;
    struct packet packet;
    struct holm_bytes in = packet_of(&packet, options, 0, 4);

    return holm_ipv4_parse(&header, in, in.len);
}

TEST(a_header_is_read_and_written)
{
    struct holm_ip_address from = holm_ip_v4(10, 0, 0, 1), to = holm_ip_v4(10, 0, 0, 2);
    struct holm_ip_header header;
    uint8_t memory[HOLM_IPV4_HEADER_MIN];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct packet packet;
    struct holm_bytes in = packet_of(&packet, (struct holm_bytes){ 0 }, 0x4000, 4), front = { 0 };

    CHECK_IS(holm_ipv4_parse(&header, in, in.len), HOLM_OK);
    CHECK(holm_ip_equal(&header.source, &from));
    CHECK(holm_ip_equal(&header.destination, &to));
    CHECK_IS(header.payload_len, 4);
    CHECK_IS(header.header_len, 20);
    CHECK_IS(header.id, 0x1234);
    CHECK_IS(header.hops, 64);
    CHECK_IS(header.protocol, HOLM_IP_UDP);
    CHECK_IS(header.traffic_class, 3);
    CHECK(header.dont_fragment && !header.more_fragments && !header.has_options);
    CHECK(holm_ipv4_emit(&out, &header));
    holm_assert(holm_bytes_part(in, 0, 20, &front));
    CHECK_BYTES(holm_buffer_filled(&out), front);
    CHECK(!holm_ipv4_emit(&out, &header));
    CHECK_IS(out.len, 20);
}

TEST(a_fragment_is_read_and_written)
{
    struct holm_ip_header header;
    uint8_t memory[HOLM_IPV4_HEADER_MIN];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct packet packet;
    struct holm_bytes in = packet_of(&packet, (struct holm_bytes){ 0 }, 185, 4), front = { 0 };

    CHECK_IS(holm_ipv4_parse(&header, in, in.len), HOLM_OK);
    CHECK_IS(header.offset, 1480);
    CHECK(!header.more_fragments);
    CHECK(holm_ipv4_emit(&out, &header));
    holm_assert(holm_bytes_part(in, 0, 20, &front));
    CHECK_BYTES(holm_buffer_filled(&out), front);
}

TEST(what_is_longer_than_its_frame_is_truncated)
{
    struct holm_ip_header header = { .id = 7 };
    struct packet packet;
    struct holm_bytes in = packet_of(&packet, (struct holm_bytes){ 0 }, 0, 4);

    for (size_t len = 0; len < in.len; len++) {
        struct holm_bytes part = { 0 };
        holm_assert(holm_bytes_part(in, 0, len, &part));
        CHECK_IS(holm_ipv4_parse(&header, part, len), HOLM_ERR_TRUNCATED);
        CHECK_IS(header.id, 7);
    }
}

TEST(the_payload_may_lie_elsewhere_and_padding_may_follow)
{
    struct holm_ip_header header;
    struct packet packet;
    struct holm_bytes in = packet_of(&packet, (struct holm_bytes){ 0 }, 0, 1000), front = { 0 };

    holm_assert(holm_bytes_part(in, 0, 20, &front));
    CHECK_IS(holm_ipv4_parse(&header, front, 1020), HOLM_OK);
    CHECK_IS(holm_ipv4_parse(&header, front, 1060), HOLM_OK);
    CHECK_IS(holm_ipv4_parse(&header, front, 1019), HOLM_ERR_TRUNCATED);
}

TEST(every_flipped_bit_of_a_header_is_seen)
{
    struct holm_ip_header header;
    struct packet packet;
    struct holm_bytes in = packet_of(&packet, (struct holm_bytes){ 0 }, 0, 4);

    for (size_t bit = 0; bit < 160; bit++) {
        uint8_t mask = (uint8_t)(1U << bit % 8);
        HOLM_AT(packet.memory, bit / 8) ^= mask;
        CHECK(holm_ipv4_parse(&header, in, in.len) < HOLM_OK);
        HOLM_AT(packet.memory, bit / 8) ^= mask;
    }
    CHECK_IS(holm_ipv4_parse(&header, in, in.len), HOLM_OK);
}

TEST(another_version_is_not_read)
{
    static const uint8_t six[40] = { 0x60 };
    struct holm_ip_header header;

    CHECK_IS(holm_ipv4_parse(&header, HOLM_BLOB(six), sizeof six), HOLM_ERR_UNSUPPORTED);
}

TEST(lengths_that_contradict_each_other_are_refused)
{
    struct holm_ip_header header;
    struct packet packet;
    struct holm_bytes in = packet_of(&packet, (struct holm_bytes){ 0 }, 0, 4);

    HOLM_AT(packet.memory, 0) = 0x44;
    CHECK_IS(holm_ipv4_parse(&header, in, in.len), HOLM_ERR_MALFORMED);
    HOLM_AT(packet.memory, 0) = 0x4f;
    CHECK_IS(holm_ipv4_parse(&header, in, in.len), HOLM_ERR_MALFORMED);
    HOLM_AT(packet.memory, 0) = 0x45;
    HOLM_AT(packet.memory, 3) = 19;
    CHECK_IS(holm_ipv4_parse(&header, in, in.len), HOLM_ERR_MALFORMED);
}

TEST(fragments_are_whole_words_of_eight_and_end_within_a_packet)
{
    struct holm_ip_header header;
    struct packet packet;
    struct holm_bytes none = { 0 };

    CHECK_IS(holm_ipv4_parse(&header, packet_of(&packet, none, 0x2000, 4), 24), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_ipv4_parse(&header, packet_of(&packet, none, 0x2000, 0), 24), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_ipv4_parse(&header, packet_of(&packet, none, 0x2000, 8), 28), HOLM_OK);
    CHECK_IS(holm_ipv4_parse(&header, packet_of(&packet, none, 0x1fff, 4), 24), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_ipv4_parse(&header, packet_of(&packet, none, 0x1ffc, 4), 24), HOLM_OK);
}

TEST(options_are_taken_or_refused_as_rfc_7126_advises)
{
    CHECK_IS(parse(HOLM_TEXT("\1\1\1\1")), HOLM_OK);
    CHECK_IS(parse(HOLM_TEXT("\0xyz")), HOLM_OK);
    CHECK_IS(parse(HOLM_TEXT("\224\4\0\0")), HOLM_OK);                  /* router alert */
    CHECK_IS(parse(HOLM_TEXT("\202\13aaaaaaaaa\0")), HOLM_OK);          /* security */
    CHECK_IS(parse(HOLM_TEXT("\36\4ab")), HOLM_OK);                     /* not known */
    CHECK_IS(parse(HOLM_TEXT("\203\7\4abcd\0")), HOLM_ERR_PERMISSION);  /* loose route */
    CHECK_IS(parse(HOLM_TEXT("\211\7\4abcd\0")), HOLM_ERR_PERMISSION);  /* strict route */
    CHECK_IS(parse(HOLM_TEXT("\7\7\4abcd\0")), HOLM_ERR_PERMISSION);    /* record route */
    CHECK_IS(parse(HOLM_TEXT("\104\10\5\0abcd")), HOLM_ERR_PERMISSION); /* times */
    CHECK_IS(parse(HOLM_TEXT("\210\4ab")), HOLM_ERR_PERMISSION);        /* stream */
}

TEST(an_option_ends_within_the_header)
{
    CHECK_IS(parse(HOLM_TEXT("\1\1\1\36")), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_TEXT("\36\5ab")), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_TEXT("\36\1ab")), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_TEXT("\36\0ab")), HOLM_ERR_MALFORMED);
}

TEST(a_packet_that_would_be_too_long_is_not_written)
{
    struct holm_ip_header header = { .source = holm_ip_v4(10, 0, 0, 1),
                                     .destination = holm_ip_v4(10, 0, 0, 2),
                                     .payload_len = 65515 };
    uint8_t memory[HOLM_IPV4_HEADER_MIN];
    struct holm_buffer out = HOLM_BUFFER(memory);

    CHECK(holm_ipv4_emit(&out, &header));
    out.len = 0;
    header.payload_len = 65516;
    CHECK(!holm_ipv4_emit(&out, &header));
    header.payload_len = 0;
    header.source.family = HOLM_IP_NONE;
    CHECK(!holm_ipv4_emit(&out, &header));
    CHECK_IS(out.len, 0);
}

TEST(no_packet_comes_from_a_group_or_from_this_host)
{
    const struct holm_ip_address good[] = { holm_ip_v4(10, 0, 0, 1), holm_ip_v4(0, 0, 0, 0),
                                            holm_ip_v4(223, 255, 255, 254) };
    const struct holm_ip_address bad[] = { holm_ip_v4(224, 0, 0, 1), holm_ip_v4(255, 255, 255, 255),
                                           holm_ip_v4(127, 0, 0, 1), holm_ip_v4(0, 0, 0, 1) };

    for (size_t i = 0; i < HOLM_COUNT(good); i++)
        CHECK(holm_ip_source_fits(&HOLM_AT(good, i)));
    for (size_t i = 0; i < HOLM_COUNT(bad); i++)
        CHECK(!holm_ip_source_fits(&HOLM_AT(bad, i)));
}
