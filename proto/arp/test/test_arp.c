/* SPDX-License-Identifier: ISC */
#include <holm/arp.h>
#include <holm/test.h>

static const uint8_t request[HOLM_ARP_BYTES] = {
    0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 7, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
};

/* with is the request, changed at one place. */
static struct holm_bytes with(size_t at, uint8_t value)
{
    static uint8_t memory[HOLM_ARP_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);

    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(request)));
    HOLM_AT(memory, at) = value;
    return HOLM_BLOB(memory);
}

TEST(a_request_is_read_and_written)
{
    struct holm_ip_address from = holm_ip_v4(10, 0, 0, 1), to = holm_ip_v4(10, 0, 0, 2);
    uint8_t memory[HOLM_ARP_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_arp arp;

    CHECK_IS(holm_arp_parse(&arp, HOLM_BLOB(request)), HOLM_OK);
    CHECK(!arp.is_reply);
    CHECK(holm_ip_equal(&arp.sender, &from));
    CHECK(holm_ip_equal(&arp.target, &to));
    CHECK_IS(HOLM_AT(arp.sender_mac.bytes, 5), 7);
    CHECK(holm_arp_emit(&out, &arp));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_BLOB(request));
    CHECK(!holm_arp_emit(&out, &arp));
    CHECK_IS(out.len, HOLM_ARP_BYTES);
}

TEST(a_reply_is_told_from_a_request)
{
    struct holm_arp arp;

    CHECK_IS(holm_arp_parse(&arp, with(7, 2)), HOLM_OK);
    CHECK(arp.is_reply);
}

TEST(padding_behind_is_passed_over)
{
    uint8_t memory[60] = { 0 };
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_arp arp;

    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(request)));
    CHECK_IS(holm_arp_parse(&arp, HOLM_BLOB(memory)), HOLM_OK);
}

TEST(a_message_that_is_cut_short_is_truncated)
{
    struct holm_arp arp = { .is_reply = true };

    for (size_t len = 0; len < HOLM_ARP_BYTES; len++) {
        struct holm_bytes in = { 0 };
        holm_assert(holm_bytes_part(HOLM_BLOB(request), 0, len, &in));
        CHECK_IS(holm_arp_parse(&arp, in), HOLM_ERR_TRUNCATED);
        CHECK(arp.is_reply);
    }
}

TEST(other_links_protocols_lengths_and_operations_are_not_read)
{
    static const uint8_t changes[][2] = { { 1, 6 },  { 2, 9 }, { 4, 8 },
                                          { 5, 16 }, { 7, 3 }, { 7, 0 } };
    struct holm_arp arp;

    for (size_t i = 0; i < HOLM_COUNT(changes); i++)
        CHECK_IS(
            holm_arp_parse(&arp, with(HOLM_AT(changes, i)[0], HOLM_AT(HOLM_AT(changes, i), 1))),
            HOLM_ERR_UNSUPPORTED);
}

TEST(a_group_and_no_station_are_no_sender)
{
    struct holm_arp arp;

    CHECK_IS(holm_arp_parse(&arp, with(8, 3)), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_arp_parse(&arp, with(14, 224)), HOLM_ERR_MALFORMED);
    struct holm_bytes in = with(8, 0);
    holm_assert(in.len > 0);
    static uint8_t none[HOLM_ARP_BYTES];
    struct holm_buffer out = HOLM_BUFFER(none);
    holm_assert(holm_buffer_bytes(&out, in));
    none[13] = 0;
    CHECK_IS(holm_arp_parse(&arp, HOLM_BLOB(none)), HOLM_ERR_MALFORMED);
}

TEST(a_probe_has_a_sender_without_an_address)
{
    struct holm_arp arp;

    struct holm_bytes in = with(14, 0);
    CHECK_IS(holm_arp_parse(&arp, in), HOLM_OK);
}
