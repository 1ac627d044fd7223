/* SPDX-License-Identifier: ISC */
#include <holm/ipv6.h>
#include <holm/reassembly.h>
#include <holm/test.h>

static uint8_t memory[2048];

/* packet makes a packet from fe80::1 to fe80::2 of what its payload begins with, and zeroes to len. */
static struct holm_bytes packet(uint8_t next, struct holm_bytes payload, uint16_t len)
{
    struct holm_ip_header header = { .source = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 1 } },
                                     .destination = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 2 } },
                                     .payload_len = len,
                                     .protocol = next,
                                     .hops = 64,
                                     .traffic_class = 0xb9 };
    struct holm_buffer out = HOLM_BUFFER(memory);

    holm_assert(holm_ipv6_emit(&out, &header) && holm_buffer_bytes(&out, payload));
    while (out.len < HOLM_IPV6_HEADER_BYTES + (size_t)len)
        holm_assert(holm_buffer_u8(&out, 0));
    return holm_buffer_filled(&out);
}

static struct holm_ip_header header;
static struct holm_ipv6_problem problem;

static enum holm_result parse(struct holm_bytes in)
{
    header = (struct holm_ip_header){ 0 };
    problem = (struct holm_ipv6_problem){ 0 };
    return holm_ipv6_parse(&header, &problem, in, in.len);
}

TEST(a_header_comes_back_as_it_was_written)
{
    struct holm_bytes in = packet(HOLM_IP_TCP, HOLM_TEXT("payload"), 7);

    CHECK_IS(parse(in), HOLM_OK);
    CHECK_IS(header.protocol, HOLM_IP_TCP);
    CHECK_IS(header.payload_len, 7);
    CHECK_IS(header.header_len, 40);
    CHECK_IS(header.protocol_at, 6);
    CHECK_IS(header.hops, 64);
    CHECK_IS(header.traffic_class, 0xb9);
    CHECK_IS(HOLM_AT(header.source.bytes, 15), 1);
    CHECK_IS(HOLM_AT(header.destination.bytes, 15), 2);
    CHECK(header.offset == 0 && !header.more_fragments);
    CHECK_IS(holm_ipv6_parse(&header, &problem, in, in.len - 1), HOLM_ERR_TRUNCATED);
    CHECK_IS(holm_ipv6_parse(&header, &problem, in, in.len + 20),
             HOLM_OK); /* padding of the frame */
    CHECK_IS(header.payload_len, 7);
}

TEST(what_is_cut_or_of_another_version_is_refused_and_changes_nothing)
{
    struct holm_bytes in = packet(HOLM_IP_TCP, HOLM_TEXT(""), 0), part;

    for (size_t len = 0; len < 40; len++) {
        CHECK(holm_bytes_part(in, 0, len, &part));
        CHECK_IS(parse(part), HOLM_ERR_TRUNCATED);
        CHECK_IS(header.protocol, 0);
    }
    memory[0] = 0x45;
    CHECK_IS(parse(in), HOLM_ERR_UNSUPPORTED);
}

TEST(addresses_that_map_ipv4_are_refused)
{
    struct holm_bytes in = packet(HOLM_IP_TCP, HOLM_TEXT(""), 0);

    for (size_t i = 8; i < 24; i++)
        HOLM_AT(memory, i) = i == 18 || i == 19 ? 0xff : 0;
    CHECK_IS(parse(in), HOLM_ERR_MALFORMED);
}

TEST(a_chain_of_extension_headers_is_passed_over)
{
    static const uint8_t chain[] = {
        60, 0, 5,    2, 0,    0,    1, 0, /* hop by hop: router alert */
        43, 0, 1,    4, 0,    0,    0, 0, /* destination: padding */
        44, 0, 0,    0, 0,    0,    0, 0, /* routing, nothing left */
        60, 0, 0,    0, 0xde, 0xad, 0, 1, /* a fragment that is whole */
        17, 0, 0x1e, 4, 0,    0,    0, 0, /* an option to pass over */
        1,  2, 3,    4
    };
    struct holm_bytes in = packet(0, HOLM_BLOB(chain), sizeof chain);

    CHECK_IS(parse(in), HOLM_OK);
    CHECK_IS(header.protocol, HOLM_IP_UDP);
    CHECK_IS(header.header_len, 80);
    CHECK_IS(header.payload_len, 4);
    CHECK_IS(header.protocol_at, 72);
    CHECK(header.offset == 0 && !header.more_fragments); /* RFC 6946 */
    for (size_t cut = 41; cut < 80;
         cut++) { /* the headers are all in the first piece, or refused */
        struct holm_bytes part;
        CHECK(holm_bytes_part(in, 0, cut, &part));
        CHECK_IS(holm_ipv6_parse(&header, &problem, part, in.len), HOLM_ERR_TRUNCATED);
    }
}

TEST(a_chain_that_is_longer_than_the_packet_is_malformed)
{
    static const uint8_t chain[] = { 17, 0, 1, 4, 0, 0, 0, 0 };
    struct holm_bytes in = packet(60, HOLM_BLOB(chain), sizeof chain);

    memory[5] = 7; /* payload */
    CHECK_IS(parse(in), HOLM_ERR_MALFORMED);
}

TEST(too_many_headers_or_bytes_or_options_or_padding_are_refused)
{
    uint8_t chain[256] = { 0 };

    for (size_t i = 0; i <= HOLM_IPV6_EXTENSIONS_MAX; i++) {
        HOLM_AT(chain, i * 8) = i == HOLM_IPV6_EXTENSIONS_MAX ? 17 : 60;
        HOLM_AT(chain, i * 8 + 2) = 1; /* PadN of 4 */
        HOLM_AT(chain, i * 8 + 3) = 4;
    }
    CHECK_IS(parse(packet(60, HOLM_BLOB(chain), 100)), HOLM_ERR_LIMIT);
    HOLM_AT(chain, 40) = 17; /* the sixth is the last */
    CHECK_IS(parse(packet(60, HOLM_BLOB(chain), 100)), HOLM_OK);

    static const uint8_t longer[] = { 17, 16 };
    CHECK_IS(parse(packet(60, HOLM_BLOB(longer), 200)), HOLM_ERR_LIMIT);
    static const uint8_t padded[] = { 17, 1, 1, 6, 0, 0, 0, 0, 0, 0, 0x1e, 0, 0, 0, 0, 0 };
    CHECK_IS(parse(packet(60, HOLM_BLOB(padded), 16)), HOLM_ERR_LIMIT);
    static const uint8_t many[] = { 17,   2, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0,
                                    0x1e, 0, 0x1e, 0, 0x1e, 0, 0x1e, 0, 0,    0, 0,    0 };
    CHECK_IS(parse(packet(60, HOLM_BLOB(many), 24)), HOLM_ERR_LIMIT);
    CHECK(!problem.tells);
}

TEST(an_unknown_option_does_what_its_first_bits_say)
{
    static const struct {
        uint8_t type;
        enum holm_result result;
        bool tells, of_groups;
    } cases[] = { { 0x1e, HOLM_OK, false, false },
                  { 0x5e, HOLM_ERR_PERMISSION, false, false },
                  { 0x9e, HOLM_ERR_PERMISSION, true, true },
                  { 0xc2, HOLM_ERR_PERMISSION, true, false } }; /* a jumbogram, too */

    for (size_t i = 0; i < HOLM_COUNT(cases); i++) {
        uint8_t chain[] = { 17, 0, 1, 0, HOLM_AT(cases, i).type, 2, 0, 0 };
        CHECK_IS(parse(packet(0, HOLM_BLOB(chain), 8)), HOLM_AT(cases, i).result);
        CHECK_IS(problem.tells, HOLM_AT(cases, i).tells);
        CHECK_IS(problem.of_groups, HOLM_AT(cases, i).of_groups);
        CHECK(!problem.tells || (problem.code == 2 && problem.pointer == 44));
    }
    static const uint8_t broken[] = { 17, 0, 0x1e, 5, 0, 0, 0, 0 };
    CHECK_IS(parse(packet(60, HOLM_BLOB(broken), 8)), HOLM_ERR_MALFORMED);
    CHECK(problem.tells && problem.code == 0 && problem.pointer == 42);
}

TEST(a_source_route_is_refused_and_its_type_is_named)
{
    static const uint8_t chain[] = { 17, 0, 0, 1, 0, 0, 0, 0 };

    CHECK_IS(parse(packet(43, HOLM_BLOB(chain), 8)), HOLM_ERR_PERMISSION);
    CHECK(problem.tells && problem.code == 0 && problem.pointer == 42);
}

TEST(hop_by_hop_stands_first_or_nowhere)
{
    static const uint8_t chain[] = { 0, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0 };

    CHECK_IS(parse(packet(60, HOLM_BLOB(chain), 16)), HOLM_ERR_MALFORMED);
    CHECK(problem.tells && problem.code == 1 && problem.pointer == 40);
}

TEST(a_fragment_ends_with_its_header)
{
    static const uint8_t chain[] = { 60, 0, 0x00, 0x09, 0xde, 0xad, 0xbe, 0xef,
                                     1,  2, 3,    4,    5,    6,    7,    8 };

    CHECK_IS(parse(packet(44, HOLM_BLOB(chain), 16)), HOLM_OK);
    CHECK_IS(header.offset, 8);
    CHECK(header.more_fragments);
    CHECK_IS(header.id, 0xdeadbeef);
    CHECK_IS(header.protocol, 60);
    CHECK_IS(header.header_len, 48);
    CHECK_IS(header.payload_len, 8);
}

TEST(fragments_with_half_a_word_or_past_the_end_are_told)
{
    static const uint8_t half[] = { 17, 0, 0x00, 0x09, 0, 0, 0, 1 };
    CHECK_IS(parse(packet(44, HOLM_BLOB(half), 8 + 7)), HOLM_ERR_MALFORMED);
    CHECK(problem.tells && problem.code == 0 && problem.pointer == 4);
    static const uint8_t past[] = { 17, 0, 0xff, 0xf8, 0, 0, 0, 1 };
    CHECK_IS(parse(packet(44, HOLM_BLOB(past), 8 + 8)), HOLM_ERR_MALFORMED);
    CHECK(problem.tells && problem.code == 0 && problem.pointer == 42);
    static const uint8_t twice[] = { 44, 0, 0, 0, 0, 0, 0, 1, 17, 0, 0, 9, 0, 0, 0, 2 };
    CHECK_IS(parse(packet(44, HOLM_BLOB(twice), 24)), HOLM_ERR_MALFORMED);
}

TEST(a_first_fragment_without_all_headers_is_refused)
{
    /* The options say 16 bytes, and 8 are there: RFC 7112. */
    static const uint8_t chain[] = { 60, 0, 0, 1, 0, 0, 0, 1, 17, 1, 1, 4, 0, 0, 0, 0 };

    CHECK_IS(parse(packet(44, HOLM_BLOB(chain), 16)), HOLM_ERR_TRUNCATED);
}

TEST(headers_behind_a_fragments_are_read_when_it_is_whole)
{
    static const uint8_t chain[] = { 17, 0, 1, 4, 0, 0, 0, 0, 9, 9, 9 };
    struct holm_ip_header whole = { .protocol = 60, .payload_len = sizeof chain, .header_len = 48 };

    CHECK_IS(holm_ipv6_rest_parse(&whole, &problem, HOLM_BLOB(chain)), HOLM_OK);
    CHECK_IS(whole.header_len, 8);
    CHECK_IS(whole.payload_len, 3);
    CHECK_IS(whole.protocol, HOLM_IP_UDP);
    whole.protocol = 44;
    CHECK_IS(holm_ipv6_rest_parse(&whole, &problem, HOLM_BLOB(chain)), HOLM_ERR_MALFORMED);
    whole.protocol = 0;
    CHECK_IS(holm_ipv6_rest_parse(&whole, &problem, HOLM_BLOB(chain)), HOLM_ERR_MALFORMED);
}

TEST(a_fragment_comes_back_as_it_was_written)
{
    struct holm_ip_header sent = { .source = { HOLM_IP_V6, { 0x20, 1 } },
                                   .destination = { HOLM_IP_V6, { 0x20, 2 } },
                                   .payload_len = 16,
                                   .id = 0x12345678,
                                   .offset = 1448,
                                   .protocol = 17,
                                   .hops = 1,
                                   .more_fragments = true };
    uint8_t bytes[64] = { 0 };
    struct holm_buffer out = HOLM_BUFFER(bytes), small = { bytes, 0, 47 };

    CHECK(!holm_ipv6_emit(&small, &sent) && small.len == 0);
    CHECK(holm_ipv6_emit(&out, &sent));
    CHECK_IS(out.len, 48);
    CHECK_IS(parse(HOLM_BLOB(bytes)), HOLM_OK);
    CHECK_IS(header.id, sent.id);
    CHECK_IS(header.offset, 1448);
    CHECK(header.more_fragments);
    CHECK_IS(header.payload_len, 16);
    sent.payload_len = 65530;
    CHECK(!holm_ipv6_emit(&out, &sent));
}

static uint8_t storage[HOLM_REASSEMBLY_MAX * 4096];
static struct holm_reassembly reassembly;

static enum holm_result feed(uint32_t id, uint8_t protocol, uint16_t offset, uint16_t len,
                             bool more)
{
    struct holm_ip_header part = { .source = { HOLM_IP_V6, { 0x20, 1 } },
                                   .destination = { HOLM_IP_V6, { 0x20, 2 } },
                                   .id = id,
                                   .offset = offset,
                                   .payload_len = len,
                                   .protocol = protocol,
                                   .more_fragments = more };
    struct holm_bytes in;
    struct holm_span payload = { 0 };

    CHECK(holm_bytes_part(HOLM_BLOB(memory), offset, len, &in));
    return holm_reassembly_feed(&reassembly, &part, in, 0, &header, &payload);
}

TEST(fragments_become_a_packet_whose_first_says_the_protocol)
{
    holm_reassembly_init(&reassembly, (struct holm_span){ storage, sizeof storage });
    CHECK_IS(feed(0x10001, 99, 64, 20, false), HOLM_AGAIN);
    CHECK_IS(feed(0x00001, 17, 0, 64, true), HOLM_AGAIN); /* all 32 bits of the number count */
    CHECK_IS(feed(0x10001, 17, 0, 64, true), HOLM_OK);
    CHECK_IS(header.protocol, 17);
    CHECK_IS(header.payload_len, 84);
}

TEST(overlapping_fragments_lose_the_whole_packet)
{
    holm_reassembly_init(&reassembly, (struct holm_span){ storage, sizeof storage });
    CHECK_IS(feed(7, 17, 0, 64, true), HOLM_AGAIN);
    CHECK_IS(feed(7, 17, 56, 64, true), HOLM_ERR_MALFORMED); /* RFC 5722 */
    CHECK_IS(feed(7, 17, 64, 64, false), HOLM_AGAIN);        /* what came before is gone */
    CHECK_IS(reassembly.broken, 1);
}
