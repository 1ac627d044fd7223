/* SPDX-License-Identifier: ISC */
#include <holm/random.h>
#include <holm/test.h>
#include <holm/text.h>

/* ip_reads checks that text is read, and written again as wanted. */
static void ip_reads(struct holm_bytes text, struct holm_bytes wanted)
{
    struct holm_ip_address address = { 0 };
    uint8_t room[HOLM_TEXT_IP_MAX];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK_IS(holm_text_ip_parse(&address, text), HOLM_OK);
    CHECK(holm_text_ip_emit(&out, &address));
    CHECK_BYTES(holm_buffer_filled(&out), wanted);
}

static void ip_refused(struct holm_bytes text)
{
    struct holm_ip_address address = { 0 };
    if (!CHECK_IS(holm_text_ip_parse(&address, text), HOLM_ERR_MALFORMED))
        CHECK_BYTES(text, HOLM_TEXT("refused"));
    CHECK_IS(address.family, HOLM_IP_NONE);
}

TEST(ipv4_is_four_decimal_numbers)
{
    ip_reads(HOLM_TEXT("0.0.0.0"), HOLM_TEXT("0.0.0.0"));
    ip_reads(HOLM_TEXT("255.255.255.255"), HOLM_TEXT("255.255.255.255"));
    ip_reads(HOLM_TEXT("192.0.2.17"), HOLM_TEXT("192.0.2.17"));
}

TEST(ipv4_in_other_forms_is_refused)
{
    ip_refused(HOLM_TEXT("256.0.0.1"));
    ip_refused(HOLM_TEXT("1.2.3"));
    ip_refused(HOLM_TEXT("1.2.3."));
    ip_refused(HOLM_TEXT("1.2.3.4."));
    ip_refused(HOLM_TEXT("1.2.3.4.5"));
    ip_refused(HOLM_TEXT(".1.2.3.4"));
    ip_refused(HOLM_TEXT("1..2.3"));
    ip_refused(HOLM_TEXT("01.2.3.4"));
    ip_refused(HOLM_TEXT("1.2.3.00"));
    ip_refused(HOLM_TEXT("1.2.3.0x4"));
    ip_refused(HOLM_TEXT("1.2.3.4 "));
    ip_refused(HOLM_TEXT("-1.2.3.4"));
    ip_refused(HOLM_TEXT("16909060"));
    ip_refused(HOLM_TEXT(""));
}

TEST(ipv6_is_written_as_rfc_5952_says)
{
    ip_reads(HOLM_TEXT("::"), HOLM_TEXT("::"));
    ip_reads(HOLM_TEXT("::1"), HOLM_TEXT("::1"));
    ip_reads(HOLM_TEXT("1::"), HOLM_TEXT("1::"));
    ip_reads(HOLM_TEXT("2001:DB8:0:0:0:0:2:1"), HOLM_TEXT("2001:db8::2:1"));
    ip_reads(HOLM_TEXT("2001:0db8::0001"), HOLM_TEXT("2001:db8::1"));
    /* a single group of zeroes stays; of equal runs the first is shortened, of unequal the longer */
    ip_reads(HOLM_TEXT("2001:db8::1:1:1:1:1"), HOLM_TEXT("2001:db8:0:1:1:1:1:1"));
    ip_reads(HOLM_TEXT("2001:db8:0:0:1:0:0:1"), HOLM_TEXT("2001:db8::1:0:0:1"));
    ip_reads(HOLM_TEXT("2001:0:0:1:0:0:0:1"), HOLM_TEXT("2001:0:0:1::1"));
    ip_reads(HOLM_TEXT("1:2:3:4:5:6:7:8"), HOLM_TEXT("1:2:3:4:5:6:7:8"));
    ip_reads(HOLM_TEXT("1:2:3:4:5:6:7::"), HOLM_TEXT("1:2:3:4:5:6:7:0"));
    ip_reads(HOLM_TEXT("::2:3:4:5:6:7:8"), HOLM_TEXT("0:2:3:4:5:6:7:8"));
    ip_reads(HOLM_TEXT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
             HOLM_TEXT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}

TEST(ipv6_may_end_in_an_ipv4_address)
{
    ip_reads(HOLM_TEXT("::ffff:192.0.2.128"), HOLM_TEXT("::ffff:192.0.2.128"));
    ip_reads(HOLM_TEXT("::ffff:c000:280"), HOLM_TEXT("::ffff:192.0.2.128"));
    ip_reads(HOLM_TEXT("64:ff9b::192.0.2.33"), HOLM_TEXT("64:ff9b::c000:221"));
    ip_reads(HOLM_TEXT("1:2:3:4:5:6:1.2.3.4"), HOLM_TEXT("1:2:3:4:5:6:102:304"));
    ip_reads(HOLM_TEXT("::13.1.68.3"), HOLM_TEXT("::d01:4403"));
    ip_reads(HOLM_TEXT("0000:0000:0000:0000:0000:ffff:255.255.255.255"),
             HOLM_TEXT("::ffff:255.255.255.255"));
}

TEST(ipv6_in_other_forms_is_refused)
{
    ip_refused(HOLM_TEXT(":"));
    ip_refused(HOLM_TEXT(":::"));
    ip_refused(HOLM_TEXT("1:::2"));
    ip_refused(HOLM_TEXT("::1::"));
    ip_refused(HOLM_TEXT("1::2::3"));
    ip_refused(HOLM_TEXT("1:"));
    ip_refused(HOLM_TEXT(":1"));
    ip_refused(HOLM_TEXT("1:2:3:4:5:6:7"));
    ip_refused(HOLM_TEXT("1:2:3:4:5:6:7:8:9"));
    ip_refused(HOLM_TEXT("1:2:3:4:5:6:7:8::"));
    ip_refused(HOLM_TEXT("1:2:3:4::5:6:7:8"));
    ip_refused(HOLM_TEXT("1:2:3:4:5:6:7:"));
    ip_refused(HOLM_TEXT("12345::"));
    ip_refused(HOLM_TEXT("::g"));
    ip_refused(HOLM_TEXT("::1.2.3"));
    ip_refused(HOLM_TEXT("::1.2.3.4:5"));
    ip_refused(HOLM_TEXT("1:2:3:4:5:6:7:1.2.3.4"));
    ip_refused(HOLM_TEXT("1.2.3.4::"));
    ip_refused(HOLM_TEXT("::1%eth0"));
    ip_refused(HOLM_TEXT("[::1]"));
    ip_refused(HOLM_TEXT("::00000"));
    ip_refused(HOLM_TEXT("0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"));
}

TEST(prefixes)
{
    struct holm_ip_prefix prefix = { 0 };
    uint8_t room[HOLM_TEXT_PREFIX_MAX];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("2001:db8::/33")), HOLM_OK);
    CHECK_IS(prefix.length_bits, 33);
    CHECK(holm_text_prefix_emit(&out, &prefix));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("2001:db8::/33"));
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("0.0.0.0/0")), HOLM_OK);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("10.0.0.1/32")), HOLM_OK);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("10.0.0.1/8")), HOLM_ERR_INVALID);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("10.0.0.0/33")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("::/129")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("10.0.0.0/08")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("10.0.0.0/")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("10.0.0.0")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_prefix_parse(&prefix, HOLM_TEXT("/8")), HOLM_ERR_MALFORMED);
    CHECK_IS(prefix.length_bits, 32);
}

TEST(endpoints)
{
    struct holm_endpoint endpoint = { 0 };
    uint8_t room[HOLM_TEXT_ENDPOINT_MAX];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("192.0.2.1:65535")), HOLM_OK);
    CHECK(holm_text_endpoint_emit(&out, &endpoint));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("192.0.2.1:65535"));
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("[2001:db8::1]:80")), HOLM_OK);
    out.len = 0;
    CHECK(holm_text_endpoint_emit(&out, &endpoint));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("[2001:db8::1]:80"));
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("192.0.2.1:65536")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("2001:db8::1:80")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("[192.0.2.1]:80")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("192.0.2.1")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("[::1]")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT("[::1]:")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_endpoint_parse(&endpoint, HOLM_TEXT(":80")), HOLM_ERR_MALFORMED);
    CHECK_IS(endpoint.port, 80);
}

TEST(mac_addresses)
{
    struct holm_mac_address mac = { { 0 } };
    uint8_t room[HOLM_TEXT_MAC_MAX];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK_IS(holm_text_mac_parse(&mac, HOLM_TEXT("02:00:5E:10:0a:ff")), HOLM_OK);
    CHECK(holm_text_mac_emit(&out, &mac));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("02:00:5e:10:0a:ff"));
    CHECK_IS(holm_text_mac_parse(&mac, HOLM_TEXT("02:00:5e:10:0a")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_mac_parse(&mac, HOLM_TEXT("02:00:5e:10:0a:ff:00")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_mac_parse(&mac, HOLM_TEXT("02:0:5e:10:0a:ff0")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_mac_parse(&mac, HOLM_TEXT("02-00-5e-10-0a-ff")), HOLM_ERR_MALFORMED);
    CHECK_IS(mac.bytes[0], 2);
}

TEST(no_address_is_written_and_not_read)
{
    struct holm_ip_address none = { 0 };
    uint8_t room[8];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK(holm_text_ip_emit(&out, &none));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("none"));
    ip_refused(holm_buffer_filled(&out));
}

/* sparse draws an address with many zero groups, so that every place of "::" comes up. */
static struct holm_endpoint sparse(struct holm_random_seeded *seeded)
{
    struct holm_endpoint endpoint = { { HOLM_IP_V6, { 0 } }, 80 };
    uint64_t which = holm_random_seeded_next(seeded);
    for (size_t i = 0; i < 16; i++) {
        if ((which >> (i / 2) & 1) != 0)
            HOLM_AT(endpoint.address.bytes, i) = (uint8_t)holm_random_seeded_next(seeded);
    }
    return endpoint;
}

TEST(what_emit_writes_parse_reads_as_the_same_and_less_room_leaves_nothing)
{
    struct holm_random_seeded seeded;
    holm_random_seeded_init(&seeded, holm_test_seed());
    for (int i = 0; i < 5000; i++) {
        struct holm_endpoint endpoint = sparse(&seeded), back = { 0 };
        uint8_t room[HOLM_TEXT_ENDPOINT_MAX];
        struct holm_buffer out = HOLM_BUFFER(room);
        CHECK(holm_text_endpoint_emit(&out, &endpoint));
        CHECK_IS(holm_text_endpoint_parse(&back, holm_buffer_filled(&out)), HOLM_OK);
        CHECK(holm_endpoint_equal(&endpoint, &back));
        for (size_t size = 0; size < out.len; size += 3) {
            struct holm_buffer small = { room, 0, size };
            CHECK(!holm_text_endpoint_emit(&small, &endpoint));
            CHECK_IS(small.len, 0);
        }
    }
}
