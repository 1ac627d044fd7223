/* SPDX-License-Identifier: ISC */
#include <holm/ethernet.h>
#include <holm/test.h>

static const uint8_t plain[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, 'i', 'p' };
static const uint8_t tagged[] = { 2, 0, 0,    0, 0,    1, 2,    0,    0,  0,
                                  0, 2, 0x81, 0, 0x60, 5, 0x08, 0x06, 'x' };

/* check_round writes the header that was read, and expects the bytes that it was read from. */
static void check_round(const struct holm_ethernet_header *header, struct holm_bytes all,
                        size_t header_bytes)
{
    uint8_t memory[HOLM_ETHERNET_HEADER_MAX];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_bytes front = { 0 };

    holm_assert(holm_bytes_part(all, 0, header_bytes, &front));
    CHECK(holm_ethernet_emit(&out, header));
    CHECK_BYTES(holm_buffer_filled(&out), front);
    out = (struct holm_buffer){ memory, 0, header_bytes - 1 };
    CHECK(!holm_ethernet_emit(&out, header));
    CHECK_IS(out.len, 0);
}

TEST(a_header_is_read_and_written)
{
    struct holm_ethernet_header header;
    struct holm_bytes in = HOLM_BLOB(plain);

    CHECK_IS(holm_ethernet_parse(&header, &in), HOLM_OK);
    CHECK_IS(HOLM_AT(header.destination.bytes, 5), 1);
    CHECK_IS(HOLM_AT(header.source.bytes, 5), 2);
    CHECK_IS(header.type, HOLM_ETHERNET_IPV4);
    CHECK(!header.is_tagged);
    CHECK_BYTES(in, HOLM_TEXT("ip"));
    check_round(&header, HOLM_BLOB(plain), 14);
}

TEST(a_tag_is_read_and_written)
{
    struct holm_ethernet_header header;
    struct holm_bytes in = HOLM_BLOB(tagged);

    CHECK_IS(holm_ethernet_parse(&header, &in), HOLM_OK);
    CHECK(header.is_tagged);
    CHECK_IS(header.tag, 0x6005);
    CHECK_IS(header.type, HOLM_ETHERNET_ARP);
    CHECK_BYTES(in, HOLM_TEXT("x"));
    check_round(&header, HOLM_BLOB(tagged), 18);
}

TEST(what_ends_within_its_header_is_truncated_and_changes_nothing)
{
    struct holm_ethernet_header header = { .type = 7 };

    for (size_t len = 0; len < 18; len++) {
        struct holm_bytes in = { 0 };
        holm_assert(holm_bytes_part(HOLM_BLOB(tagged), 0, len, &in));
        CHECK_IS(holm_ethernet_parse(&header, &in), HOLM_ERR_TRUNCATED);
        CHECK_IS(in.len, len);
        CHECK_IS(header.type, 7);
    }
}

TEST(a_length_where_the_type_is_is_not_read)
{
    static const uint8_t llc[] = { 1, 0x80, 0xc2, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0x05, 0xff, 0x42 };
    struct holm_ethernet_header header;
    struct holm_bytes in = HOLM_BLOB(llc);

    CHECK_IS(holm_ethernet_parse(&header, &in), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(in.len, sizeof llc);
}

TEST(groups_have_stations_of_their_own)
{
    struct holm_ip_address four = holm_ip_v4(239, 129, 2, 3);
    struct holm_ip_address six = { HOLM_IP_V6, { 0xff, 2, [12] = 0xff, 1, 2, 3 } };
    static const uint8_t of_four[] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
    static const uint8_t of_six[] = { 0x33, 0x33, 0xff, 0x01, 0x02, 0x03 };
    struct holm_mac_address mac = holm_mac_of_group(&four);

    CHECK_BYTES(HOLM_BLOB(mac.bytes), HOLM_BLOB(of_four));
    CHECK(holm_mac_is_group(&mac));
    mac = holm_mac_of_group(&six);
    CHECK_BYTES(HOLM_BLOB(mac.bytes), HOLM_BLOB(of_six));
    CHECK(holm_mac_is_group(&mac));
}

TEST(stations_are_told_apart)
{
    struct holm_mac_address all = holm_mac_broadcast(), none = { { 0 } }, one = { { 2, 1 } };

    CHECK(holm_mac_is_group(&all));
    CHECK(!holm_mac_is_group(&one));
    CHECK(holm_mac_is_any(&none));
    CHECK(!holm_mac_is_any(&one));
    CHECK(holm_mac_equal(&one, &one));
    CHECK(!holm_mac_equal(&one, &all));
}
