/* SPDX-License-Identifier: ISC */
#include <holm/ndp/message.h>
#include <holm/test.h>

static struct holm_ndp_options options;

static enum holm_result parse(struct holm_bytes in)
{
    options = (struct holm_ndp_options){ 0 };
    return holm_ndp_options_parse(&options, in);
}

static const uint8_t said[] = {
    1,    1, 2,    0,    0, 0, 0,    1,                             /* source MAC */
    99,   2, 1,    2,    3, 4, 5,    6,    7, 8, 9, 0,  0, 0, 0, 0, /* nobody's */
    5,    1, 0,    0,    0, 0, 5,    0xdc,                          /* MTU 1500 */
    3,    4, 60,   0xc0, 0, 0, 0,    100,  0, 0, 0, 50, 0, 0, 0, 0, /* prefix */
    0x20, 1, 0x0d, 0xb8, 0, 0, 0,    0xff, 1, 2, 3, 4,  5, 6, 7, 8,
    25,   3, 0,    0,    0, 0, 0x0e, 0x10, /* name server */
    0x20, 1, 0x0d, 0xb8, 0, 0, 0,    0,    0, 0, 0, 0,  0, 0, 0, 0x53,
    14,   1, 9,    8,    7, 6, 5,    4, /* nonce */
};

TEST(options_are_read_and_unknown_ones_passed_over)
{
    CHECK_IS(parse(HOLM_BLOB(said)), HOLM_OK);
    CHECK(options.has_source_mac && !options.has_target_mac && options.has_nonce);
    CHECK_IS(HOLM_AT(options.source_mac.bytes, 5), 1);
    CHECK_IS(options.mtu, 1500);
    CHECK_IS(options.prefixes_count, 1);
    CHECK_IS(options.prefixes[0].prefix.length_bits, 60);
    CHECK(options.prefixes[0].on_link && options.prefixes[0].autonomous);
    CHECK_IS(options.prefixes[0].valid_s, 100);
    CHECK_IS(options.prefixes[0].preferred_s, 50);
    CHECK_IS(HOLM_AT(options.prefixes[0].prefix.address.bytes, 7), 0xf0); /* the rest is cleared */
    CHECK_IS(HOLM_AT(options.prefixes[0].prefix.address.bytes, 8), 0);
    CHECK_IS(options.servers_count, 1);
    CHECK_IS(options.servers_s[0], 3600);
    CHECK_IS(HOLM_AT(options.servers[0].bytes, 15), 0x53);
    CHECK_IS(options.nonce[0], 9);
}

TEST(options_that_are_cut_are_refused_and_change_nothing)
{
    static const size_t ends[] = { 0, 8, 24, 32, 64, 88 };

    for (size_t len = 0; len < sizeof said; len++) {
        struct holm_bytes part;
        bool end = false;
        for (size_t i = 0; i < HOLM_COUNT(ends); i++)
            end = end || len == HOLM_AT(ends, i);
        CHECK(holm_bytes_part(HOLM_BLOB(said), 0, len, &part));
        CHECK_IS(parse(part), end ? HOLM_OK : HOLM_ERR_TRUNCATED);
        CHECK(end || !options.has_source_mac);
    }
}

TEST(lengths_that_do_not_fit_are_refused)
{
    static const uint8_t none[] = { 1, 0, 2, 0, 0, 0, 0, 1 };
    static const uint8_t mac[] = { 1, 2, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
    static const uint8_t group[] = { 1, 1, 3, 0, 0, 0, 0, 1 };
    static const uint8_t prefix[] = { 3, 1, 64, 0, 0, 0, 0, 1 };
    static const uint8_t servers[] = { 25, 1, 0, 0, 0, 0, 0, 1 };
    uint8_t longer[32] = { 3, 4, 129 };

    CHECK_IS(parse(HOLM_BLOB(none)), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_BLOB(mac)), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_BLOB(group)), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_BLOB(prefix)), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_BLOB(servers)), HOLM_ERR_MALFORMED);
    CHECK_IS(parse(HOLM_BLOB(longer)), HOLM_ERR_MALFORMED);
}

TEST(more_options_than_the_limit_are_refused)
{
    uint8_t many[8 * (HOLM_NDP_OPTIONS_MAX + 1)] = { 0 };
    struct holm_bytes most;

    for (size_t i = 0; i <= HOLM_NDP_OPTIONS_MAX; i++) {
        HOLM_AT(many, i * 8) = 200;
        HOLM_AT(many, i * 8 + 1) = 1;
    }
    CHECK_IS(parse(HOLM_BLOB(many)), HOLM_ERR_LIMIT);
    CHECK(holm_bytes_part(HOLM_BLOB(many), 0, 8 * HOLM_NDP_OPTIONS_MAX, &most));
    CHECK_IS(parse(most), HOLM_OK);
}

TEST(prefixes_beyond_the_limit_are_passed_over)
{
    uint8_t many[32 * (HOLM_NDP_PREFIXES_MAX + 1)] = { 0 };

    for (size_t i = 0; i <= HOLM_NDP_PREFIXES_MAX; i++) {
        HOLM_AT(many, i * 32) = 3;
        HOLM_AT(many, i * 32 + 1) = 4;
        HOLM_AT(many, i * 32 + 2) = 64;
        HOLM_AT(many, i * 32 + 16) = (uint8_t)i;
    }
    CHECK_IS(parse(HOLM_BLOB(many)), HOLM_OK);
    CHECK_IS(options.prefixes_count, HOLM_NDP_PREFIXES_MAX);
}

TEST(a_router_says_hops_flags_preference_and_lifetime)
{
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_ROUTER_ADVERTISEMENT, .value = 0x40c80708 };
    static const uint8_t times[] = { 0, 0, 0, 0, 0, 0, 0, 0 };
    struct holm_ndp_message message;
    struct holm_bytes cut = { times, 7 };

    CHECK_IS(holm_ndp_message_parse(&message, &icmp, HOLM_BLOB(times)), HOLM_OK);
    CHECK_IS(message.hops, 64);
    CHECK(message.managed && message.other);
    CHECK_IS(message.preference, 1);
    CHECK_IS(message.lifetime_s, 0x708);
    icmp.value = 0x00180000;
    CHECK_IS(holm_ndp_message_parse(&message, &icmp, HOLM_BLOB(times)), HOLM_OK);
    CHECK_IS(message.preference, -1);
    icmp.value = 0x00100000; /* reserved: as if nothing was said */
    CHECK_IS(holm_ndp_message_parse(&message, &icmp, HOLM_BLOB(times)), HOLM_OK);
    CHECK_IS(message.preference, 0);
    CHECK_IS(holm_ndp_message_parse(&message, &icmp, cut), HOLM_ERR_TRUNCATED);
    icmp.code = 1;
    CHECK_IS(holm_ndp_message_parse(&message, &icmp, HOLM_BLOB(times)), HOLM_ERR_MALFORMED);
}

TEST(a_neighbour_says_target_and_flags)
{
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT, .value = 0xa0000000 };
    struct holm_ip_address target = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 7 } };
    struct holm_mac_address mac = { { 2, 0, 0, 0, 0, 9 } };
    struct holm_ndp_message message;
    uint8_t memory[24];
    struct holm_buffer out = HOLM_BUFFER(memory), small = { memory, 0, 15 };

    CHECK(!holm_ndp_target_emit(&small, &target) && small.len == 0);
    CHECK(holm_ndp_target_emit(&out, &target));
    CHECK(holm_ndp_option_emit(&out, HOLM_NDP_TARGET_MAC, HOLM_BLOB(mac.bytes)));
    CHECK(!holm_ndp_option_emit(&out, HOLM_NDP_TARGET_MAC, HOLM_BLOB(mac.bytes)));
    CHECK_IS(holm_ndp_message_parse(&message, &icmp, holm_buffer_filled(&out)), HOLM_OK);
    CHECK(message.from_router && !message.solicited && message.override);
    CHECK(holm_ip_equal(&message.target, &target));
    CHECK(message.options.has_target_mac && holm_mac_equal(&message.options.target_mac, &mac));
    memory[0] = 0xff; /* a group */
    CHECK_IS(holm_ndp_message_parse(&message, &icmp, HOLM_BLOB(memory)), HOLM_ERR_MALFORMED);
    icmp.type = HOLM_ICMP6_REDIRECT;
    CHECK_IS(holm_ndp_message_parse(&message, &icmp, HOLM_BLOB(memory)), HOLM_ERR_UNSUPPORTED);
}

TEST(a_station_is_asked_in_the_group_of_its_last_three_bytes)
{
    struct holm_ip_address address = { HOLM_IP_V6, { 0xfe, 0x80, [12] = 1, 2, 3, 4 } };
    struct holm_ip_address group = holm_ndp_group_of(&address);
    static const uint8_t wanted[] = { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 2, 3, 4 };

    CHECK_BYTES(holm_ip_bytes(&group), HOLM_BLOB(wanted));
}
