/* SPDX-License-Identifier: ISC */
#include "dhcp_server.h"

#include <holm/test.h>

static const struct holm_mac_address mac = { { 2, 0, 0, 0, 0, 9 } };
static uint8_t memory[1024];
static struct holm_buffer out;

static void begin(void)
{
    struct holm_ip_address address = holm_ip_v4(10, 1, 2, 3);

    out = HOLM_BUFFER(memory);
    dhcp_server_begin(&out, 0x01020304, &mac, &address);
}

static enum holm_result parse(struct holm_dhcp_reply *reply)
{
    return holm_dhcp_reply_parse(reply, holm_buffer_filled(&out));
}

/* with is what becomes of an acknowledgement that has this option. */
static enum holm_result with(uint8_t option, struct holm_bytes value)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    dhcp_server_option(&out, option, value);
    return parse(&reply);
}

static void check_ip(const struct holm_ip_address *is, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    struct holm_ip_address wanted = holm_ip_v4(a, b, c, d);

    CHECK(holm_ip_equal(is, &wanted));
}

TEST(an_offer_with_all_that_is_read)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\2"));
    dhcp_server_option(&out, 54, HOLM_TEXT("\12\1\2\1"));
    dhcp_server_option(&out, 1, HOLM_TEXT("\377\377\376\0"));
    dhcp_server_option(&out, 3, HOLM_TEXT("\12\1\2\1\12\1\2\2"));
    dhcp_server_option(&out, 6, HOLM_TEXT("\10\10\10\10\1\1\1\1"));
    dhcp_server_option(&out, 42, HOLM_TEXT("\12\1\2\7"));
    dhcp_server_option(&out, 15, HOLM_TEXT("example.net"));
    dhcp_server_option(&out, 26, HOLM_TEXT("\5\170"));
    dhcp_server_option(&out, 51, HOLM_TEXT("\0\0\16\20"));
    dhcp_server_option(&out, 200, HOLM_TEXT("whatever"));
    holm_assert(holm_buffer_u8(&out, 0) && holm_buffer_u8(&out, 255) && holm_buffer_u8(&out, 99));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.kind, HOLM_DHCP_OFFER);
    CHECK_IS(reply.transaction, 0x01020304);
    CHECK_BYTES(HOLM_BLOB(reply.mac.bytes), HOLM_BLOB(mac.bytes));
    check_ip(&reply.lease.address, 10, 1, 2, 3);
    check_ip(&reply.lease.server, 10, 1, 2, 1);
    CHECK_IS(reply.lease.length_bits, 23);
    CHECK_IS(reply.lease.mtu, 1400);
    CHECK_IS(reply.lease.routes_count, 1);
    CHECK_IS(reply.lease.routes[0].prefix.length_bits, 0);
    check_ip(&reply.lease.routes[0].gateway, 10, 1, 2, 1);
    CHECK_IS(reply.lease.names_count, 2);
    check_ip(&reply.lease.names[0], 8, 8, 8, 8);
    CHECK_IS(reply.lease.times_count, 1);
    CHECK_IS(reply.lease.domain_len, 11);
    CHECK_IS(reply.lease.lease_s, 3600);
    CHECK_IS(reply.lease.renew_s, 1800);
    CHECK_IS(reply.lease.rebind_s, 3150);
}

TEST(routes_without_classes_count_and_the_router_does_not)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    dhcp_server_option(&out, 3, HOLM_TEXT("\12\1\2\1"));
    dhcp_server_option(&out, 121,
                       HOLM_TEXT("\30\300\250\7\12\1\2\5\0\12\1\2\6\40\1\2\3\4\0\0\0\0"));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.routes_count, 3);
    CHECK_IS(reply.lease.routes[0].prefix.length_bits, 24);
    check_ip(&reply.lease.routes[0].prefix.address, 192, 168, 7, 0);
    check_ip(&reply.lease.routes[0].gateway, 10, 1, 2, 5);
    check_ip(&HOLM_AT(reply.lease.routes, 1).gateway, 10, 1, 2, 6);
    check_ip(&HOLM_AT(reply.lease.routes, 2).prefix.address, 1, 2, 3, 4);
    check_ip(&HOLM_AT(reply.lease.routes, 2).gateway, 0, 0, 0, 0);
}

TEST(bits_behind_the_length_of_a_route_do_not_count)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    dhcp_server_option(&out, 121, HOLM_TEXT("\31\201\322\261\204\12\1\2\5\12\12\377\12\1\2\6"));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.routes_count, 2);
    check_ip(&reply.lease.routes[0].prefix.address, 129, 210, 177, 128);
    check_ip(&HOLM_AT(reply.lease.routes, 1).prefix.address, 10, 192, 0, 0);
    CHECK_IS(HOLM_AT(reply.lease.routes, 1).prefix.length_bits, 10);
}

TEST(an_mtu_that_is_all_headers_is_passed_over)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    dhcp_server_option(&out, 26, HOLM_TEXT("\2\77"));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.mtu, 0);
    dhcp_server_option(&out, 26, HOLM_TEXT("\2\100"));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.mtu, 576);
}

TEST(options_go_on_in_the_fields_of_the_file_and_the_name)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 52, HOLM_TEXT("\3"));
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    holm_assert(holm_buffer_u8(&out, 255));
    struct holm_buffer name = { memory, 44, 108 }, file = { memory, 108, 236 };
    dhcp_server_option(&name, 51, HOLM_TEXT("\0\0\0\77"));
    holm_assert(holm_buffer_u8(&name, 255));
    dhcp_server_option(&file, 1, HOLM_TEXT("\377\0\0\0"));
    holm_assert(holm_buffer_u8(&file, 255));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.lease_s, 63);
    CHECK_IS(reply.lease.length_bits, 8);
}

TEST(times_of_renewal_that_contradict_the_lease_are_chosen_anew)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    dhcp_server_option(&out, 51, HOLM_TEXT("\0\0\0\100"));
    dhcp_server_option(&out, 58, HOLM_TEXT("\0\0\1\0"));
    dhcp_server_option(&out, 59, HOLM_TEXT("\0\0\1\0"));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.renew_s, 32);
    CHECK_IS(reply.lease.rebind_s, 56);
}

TEST(without_a_mask_the_class_of_the_address_tells)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.length_bits, 8);
}

TEST(a_message_that_no_server_sends_is_unsupported)
{
    struct holm_dhcp_reply reply;

    begin();
    CHECK_IS(parse(&reply), HOLM_ERR_UNSUPPORTED); /* BOOTP */
    dhcp_server_option(&out, 53, HOLM_TEXT("\1"));
    CHECK_IS(parse(&reply), HOLM_ERR_UNSUPPORTED);
}

TEST(options_of_another_length_are_malformed)
{
    CHECK_IS(with(1, HOLM_TEXT("\377\377\377")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(1, HOLM_TEXT("\377\0\377\0")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(3, HOLM_TEXT("\12\1\2")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(6, HOLM_TEXT("")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(15, HOLM_TEXT("")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(26, HOLM_TEXT("\5")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(42, HOLM_TEXT("\1\2\3\4\5")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(51, HOLM_TEXT("\1\2\3")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(54, HOLM_TEXT("\1\2\3")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(53, HOLM_TEXT("\5\5")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(121, HOLM_TEXT("\41\1\2\3\4\5\1\2\3\4")), HOLM_ERR_MALFORMED);
    CHECK_IS(with(121, HOLM_TEXT("\30\1\2\3\4\5\6")), HOLM_ERR_MALFORMED);
}

TEST(what_is_cut_short_is_refused)
{
    struct holm_dhcp_reply reply = { .transaction = 7 };

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    for (size_t len = 0; len < out.len; len++) {
        enum holm_result result = holm_dhcp_reply_parse(&reply, (struct holm_bytes){ memory, len });
        CHECK(result < HOLM_OK);
        CHECK_IS(reply.transaction, 7);
    }
    HOLM_AT(memory, 0) = 1; /* a question */
    CHECK_IS(parse(&reply), HOLM_ERR_MALFORMED);
    begin();
    HOLM_AT(memory, 236) = 0; /* the cookie */
    CHECK_IS(parse(&reply), HOLM_ERR_MALFORMED);
}

TEST(more_servers_and_routes_than_there_is_room_for_are_passed_over)
{
    struct holm_dhcp_reply reply;

    begin();
    dhcp_server_option(&out, 53, HOLM_TEXT("\5"));
    for (int i = 0; i < 10; i++) {
        dhcp_server_option(&out, 6, HOLM_TEXT("\10\10\10\10"));
        dhcp_server_option(&out, 121, HOLM_TEXT("\10\12\12\1\2\5"));
    }
    CHECK_IS(parse(&reply), HOLM_OK);
    CHECK_IS(reply.lease.names_count, HOLM_DHCP_SERVERS_MAX);
    CHECK_IS(reply.lease.routes_count, HOLM_DHCP_ROUTES_MAX);
}
