/* SPDX-License-Identifier: ISC */
#include <holm/address.h>
#include <holm/test.h>

static struct holm_ip_address v6(uint16_t first, uint8_t last)
{
    return (struct holm_ip_address){
        HOLM_IP_V6, { (uint8_t)(first >> 8), (uint8_t)(first & 0xff), [15] = last }
    };
}

TEST(addresses_are_made_from_the_bytes_of_the_wire)
{
    const uint8_t four[] = { 192, 0, 2, 1 };
    const uint8_t sixteen[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
    struct holm_ip_address address, wanted = holm_ip_v4(192, 0, 2, 1);
    CHECK_IS(holm_ip_from_bytes(&address, HOLM_BLOB(four)), HOLM_OK);
    CHECK(holm_ip_equal(&address, &wanted));
    CHECK_BYTES(holm_ip_bytes(&address), HOLM_BLOB(four));
    CHECK_IS(holm_ip_from_bytes(&address, HOLM_BLOB(sixteen)), HOLM_OK);
    CHECK_IS(address.family, HOLM_IP_V6);
    CHECK_BYTES(holm_ip_bytes(&address), HOLM_BLOB(sixteen));
    CHECK_IS(holm_ip_from_bytes(&address, HOLM_TEXT("12345")), HOLM_ERR_MALFORMED);
    CHECK_IS(address.family, HOLM_IP_V6);
}

TEST(what_addresses_are_for)
{
    struct holm_ip_address none = { 0 }, a = holm_ip_v4(127, 9, 9, 9), b = holm_ip_v4(128, 0, 0, 1);
    struct holm_ip_address any4 = holm_ip_any(HOLM_IP_V4), any6 = holm_ip_any(HOLM_IP_V6);
    struct holm_ip_address one = holm_ip_loopback(HOLM_IP_V6), two = v6(0, 2);
    struct holm_ip_address multicast4 = holm_ip_v4(239, 1, 2, 3),
                           not_multicast = holm_ip_v4(240, 0, 0, 0);
    struct holm_ip_address multicast6 = v6(0xff02, 1), link4 = holm_ip_v4(169, 254, 3, 4);
    struct holm_ip_address link6 = v6(0xfebf, 1), site6 = v6(0xfec0, 1);
    CHECK(holm_ip_is_loopback(&a) && !holm_ip_is_loopback(&b));
    CHECK(holm_ip_is_loopback(&one) && !holm_ip_is_loopback(&two));
    CHECK(holm_ip_is_any(&any4) && holm_ip_is_any(&any6) && !holm_ip_is_any(&one));
    CHECK(!holm_ip_is_any(&none) && !holm_ip_is_loopback(&none) && !holm_ip_is_multicast(&none));
    CHECK(holm_ip_is_multicast(&multicast4) && !holm_ip_is_multicast(&not_multicast));
    CHECK(holm_ip_is_multicast(&multicast6));
    CHECK(holm_ip_is_link_local(&link4) && holm_ip_is_link_local(&link6));
    CHECK(!holm_ip_is_link_local(&site6) && !holm_ip_is_link_local(&a));
}

TEST(a_mapped_address_is_unmapped)
{
    struct holm_ip_address mapped = { HOLM_IP_V6, { [10] = 0xff, 0xff, 192, 0, 2, 7 } };
    struct holm_ip_address wanted = holm_ip_v4(192, 0, 2, 7), got = holm_ip_unmap(&mapped);
    struct holm_ip_address other = v6(0x2001, 1);
    CHECK(!holm_ip_equal(&mapped, &wanted));
    CHECK(holm_ip_equal(&got, &wanted));
    got = holm_ip_unmap(&other);
    CHECK(holm_ip_equal(&got, &other));
}

TEST(a_prefix_has_its_addresses_and_no_others)
{
    struct holm_ip_prefix net = { holm_ip_v4(10, 1, 128, 0), 17 },
                          all = { holm_ip_any(HOLM_IP_V4), 0 };
    struct holm_ip_address in = holm_ip_v4(10, 1, 255, 255), out = holm_ip_v4(10, 1, 127, 255);
    struct holm_ip_address six = v6(0x0a01, 0);
    CHECK(holm_ip_prefix_has(&net, &in) && !holm_ip_prefix_has(&net, &out));
    CHECK(holm_ip_prefix_has(&all, &out) && !holm_ip_prefix_has(&all, &six));
    CHECK(holm_ip_prefix_check(&net) && holm_ip_prefix_check(&all));
    net.length_bits = 16;
    CHECK(!holm_ip_prefix_check(&net));
    net.length_bits = 33;
    CHECK(!holm_ip_prefix_check(&net));
    net = (struct holm_ip_prefix){ v6(0xffff, 0xff), 128 };
    CHECK(holm_ip_prefix_check(&net));
}

TEST(endpoints_differ_by_port_too)
{
    struct holm_endpoint a = { holm_ip_v4(1, 2, 3, 4), 80 }, b = a;
    CHECK(holm_endpoint_equal(&a, &b));
    b.port = 81;
    CHECK(!holm_endpoint_equal(&a, &b));
}
