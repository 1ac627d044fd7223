/* SPDX-License-Identifier: ISC */
/* Choice of addresses: the examples of RFC 6724 section 10. */
#include <holm/select.h>
#include <holm/test.h>
#include <holm/text.h>

static struct holm_ip_address ip(struct holm_bytes text)
{
    struct holm_ip_address address = { 0 };
    CHECK_IS(holm_text_ip_parse(&address, text), HOLM_OK);
    return address;
}
#define IP(text) ip(HOLM_TEXT(text))

/* from answers whether a is chosen rather than b, whichever comes first. */
static bool from(struct holm_ip_address to, struct holm_select a, struct holm_select b)
{
    CHECK(!holm_select_source(&to, &b, &a));
    return holm_select_source(&to, &a, &b);
}
#define SOURCE(text) ((struct holm_select){ IP(text), 64, false })
#define AVOIDED(text) ((struct holm_select){ IP(text), 64, true })

TEST(sources_are_chosen_as_the_examples_say)
{
    CHECK(from(IP("2001:db8:1::1"), SOURCE("2001:db8:3::1"), SOURCE("fe80::1")));
    CHECK(from(IP("ff05::1"), SOURCE("2001:db8:3::1"), SOURCE("fe80::1")));
    CHECK(from(IP("2001:db8:1::1"), AVOIDED("2001:db8:1::1"), SOURCE("2001:db8:2::1")));
    CHECK(from(IP("fe80::1"), AVOIDED("fe80::2"), SOURCE("2001:db8:1::1")));
    CHECK(from(IP("2001:db8:1::1"), SOURCE("2001:db8:1::2"), SOURCE("2001:db8:3::2")));
    CHECK(from(IP("2002:c633:6401::1"), SOURCE("2002:c633:6401::d5e3:7953:13eb:22e8"),
               SOURCE("2001:db8:1::2")));
    CHECK(from(IP("2001:db8:1::d5e3:0:0:1"), SOURCE("2001:db8:1::2"),
               AVOIDED("2001:db8:1::d5e3:7953:13eb:22e8")));
}

TEST(an_address_that_is_deprecated_or_not_yet_sure_is_avoided)
{
    CHECK(from(IP("2001:db8:1::9"), SOURCE("2001:db8:2::1"), AVOIDED("2001:db8:1::1")));
}

TEST(local_destinations_are_called_from_local_addresses)
{
    CHECK(from(IP("fd12::9"), SOURCE("fd34::1"), SOURCE("2001:db8::1")));
    CHECK(from(IP("2001:db8:5::9"), SOURCE("2001:db8::1"), SOURCE("fd34::1")));
}

static struct holm_select_way way(struct holm_ip_address to, struct holm_select source)
{
    return (struct holm_select_way){ to, source };
}

TEST(destinations_are_ordered_as_the_examples_say)
{
    struct holm_select_way one[] = { way(IP("198.51.100.121"), SOURCE("169.254.13.78")),
                                     way(IP("2001:db8:1::1"), SOURCE("2001:db8:1::2")) };
    holm_select_order(one, 2);
    CHECK_IS(one[0].destination.family, HOLM_IP_V6);

    struct holm_select_way two[] = { way(IP("2001:db8:1::1"), SOURCE("fe80::1")),
                                     way(IP("198.51.100.121"), SOURCE("198.51.100.117")) };
    holm_select_order(two, 2);
    CHECK_IS(two[0].destination.family, HOLM_IP_V4);

    struct holm_select_way three[] = { way(IP("10.1.2.3"), SOURCE("10.1.2.4")),
                                       way(IP("2001:db8:1::1"), SOURCE("2001:db8:1::2")) };
    holm_select_order(three, 2);
    CHECK_IS(three[0].destination.family, HOLM_IP_V6);

    struct holm_select_way four[] = { way(IP("2001:db8:1::1"), SOURCE("2001:db8:1::2")),
                                      way(IP("fe80::1"), SOURCE("fe80::2")) };
    holm_select_order(four, 2);
    CHECK(holm_ip_is_link_local(&four[0].destination));

    struct holm_select_way five[] = { way(IP("2001:db8:3ffe::1"), SOURCE("2001:db8:3f44::2")),
                                      way(IP("2001:db8:1::1"), SOURCE("2001:db8:1::2")) };
    holm_select_order(five, 2);
    CHECK_IS(HOLM_AT(five[0].destination.bytes, 5), 1);
}

TEST(who_can_not_be_called_comes_last_and_equals_stay_in_order)
{
    struct holm_select_way ways[] = { way(IP("2001:db8:9::1"), (struct holm_select){ 0 }),
                                      way(IP("192.0.2.2"), SOURCE("192.0.2.9")),
                                      way(IP("192.0.2.1"), SOURCE("192.0.2.9")),
                                      way(IP("2001:db8::7"), SOURCE("2001:db8::1")) };
    holm_select_order(ways, HOLM_COUNT(ways));
    CHECK_IS(ways[0].destination.family, HOLM_IP_V6);
    CHECK_IS(HOLM_AT(ways[1].destination.bytes, 3), 2);
    CHECK_IS(HOLM_AT(ways[2].destination.bytes, 3), 1);
    CHECK_IS(HOLM_AT(ways[3].destination.bytes, 5), 9);
}
