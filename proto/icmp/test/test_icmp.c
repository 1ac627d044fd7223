/* SPDX-License-Identifier: ISC */
#include <holm/icmp.h>
#include <holm/test.h>

static const uint8_t echo[] = { 8, 0, 0x10, 0xe8, 0x12, 0x34, 0, 7, 'h', 'o', 'l', 'm' };

/* A quote: a header of IPv4 from 10.0.0.1 to 10.0.0.2, and eight bytes of TCP. */
static const uint8_t quoted[28] = { 0x45, 0,    0,    60,   0x12, 0x34, 0,  0, 63, 6,
                                    0xff, 0xff, 10,   0,    0,    1,    10, 0, 0,  2,
                                    0x01, 0xbb, 0x30, 0x39, 1,    2,    3,  4 };

TEST(an_echo_is_read_and_written)
{
    uint8_t memory[HOLM_ICMP_HEADER_BYTES];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_bytes in = HOLM_BLOB(echo), front = { 0 };
    struct holm_icmp icmp;

    holm_assert(holm_icmp_emit(&out, &(struct holm_icmp){ .type = 8, .id = 0x1234, .sequence = 7 },
                               HOLM_TEXT("holm")));
    holm_assert(holm_bytes_part(in, 0, HOLM_ICMP_HEADER_BYTES, &front));
    CHECK_BYTES(holm_buffer_filled(&out), front);
    CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_OK);
    CHECK_IS(icmp.type, HOLM_ICMP_ECHO);
    CHECK_IS(icmp.id, 0x1234);
    CHECK_IS(icmp.sequence, 7);
    CHECK_BYTES(in, HOLM_TEXT("holm"));
    CHECK(!holm_icmp_emit(&out, &icmp, in));
    CHECK_IS(out.len, HOLM_ICMP_HEADER_BYTES);
}

TEST(what_is_cut_short_or_does_not_sum_up_is_refused)
{
    uint8_t memory[sizeof echo];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_icmp icmp = { .type = 99 };
    struct holm_bytes in = { 0 };

    for (size_t len = 0; len < HOLM_ICMP_HEADER_BYTES; len++) {
        holm_assert(holm_bytes_part(HOLM_BLOB(echo), 0, len, &in));
        CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_ERR_TRUNCATED);
        CHECK_IS(in.len, len);
    }
    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(echo)));
    for (size_t i = 0; i < sizeof memory; i++) {
        HOLM_AT(memory, i) ^= 0x10;
        in = HOLM_BLOB(memory);
        CHECK_IS(holm_icmp_parse(&icmp, &in), HOLM_ERR_MALFORMED);
        HOLM_AT(memory, i) ^= 0x10;
    }
    CHECK_IS(icmp.type, 99);
}

TEST(errors_are_told_from_questions)
{
    for (unsigned type = 0; type < 256; type++)
        CHECK_IS(holm_icmp_is_error((uint8_t)type),
                 type == 3 || type == 4 || type == 5 || type == 11 || type == 12);
}

TEST(an_error_is_told_of_a_packet_to_one_from_one)
{
    struct holm_ip_header header = { .source = holm_ip_v4(10, 0, 0, 1),
                                     .destination = holm_ip_v4(10, 0, 0, 2),
                                     .protocol = HOLM_IP_UDP };

    CHECK(holm_icmp_may_answer(&header, HOLM_TEXT("x"), false));
    CHECK(!holm_icmp_may_answer(&header, HOLM_TEXT("x"), true));
    header.offset = 8;
    CHECK(!holm_icmp_may_answer(&header, HOLM_TEXT("x"), false));
    header.offset = 0;
    header.source = holm_ip_v4(0, 0, 0, 0);
    CHECK(!holm_icmp_may_answer(&header, HOLM_TEXT("x"), false));
    header.source = holm_ip_v4(255, 255, 255, 255);
    CHECK(!holm_icmp_may_answer(&header, HOLM_TEXT("x"), false));
}

TEST(no_error_is_told_of_an_error)
{
    struct holm_ip_header header = { .source = holm_ip_v4(10, 0, 0, 1), .protocol = HOLM_IP_ICMP };

    CHECK(holm_icmp_may_answer(&header, HOLM_TEXT("\10"), false));
    CHECK(!holm_icmp_may_answer(&header, HOLM_TEXT("\3"), false));
    CHECK(!holm_icmp_may_answer(&header, (struct holm_bytes){ 0 }, false));
}

TEST(a_quote_names_the_packet)
{
    struct holm_ip_address from = holm_ip_v4(10, 0, 0, 1), to = holm_ip_v4(10, 0, 0, 2);
    struct holm_icmp_quote quote;

    CHECK_IS(holm_icmp_quote_parse(&quote, HOLM_BLOB(quoted)), HOLM_OK);
    CHECK(holm_ip_equal(&quote.header.source, &from));
    CHECK(holm_ip_equal(&quote.header.destination, &to));
    CHECK_IS(quote.header.protocol, HOLM_IP_TCP);
    CHECK_IS(quote.header.id, 0x1234);
    CHECK_IS(quote.source_port, 443);
    CHECK_IS(quote.destination_port, 12345);
    CHECK_IS(quote.sequence, 0x01020304);
}

TEST(a_quote_that_is_cut_short_or_of_another_version_is_refused)
{
    struct holm_icmp_quote quote;
    uint8_t memory[sizeof quoted];
    struct holm_buffer out = HOLM_BUFFER(memory);

    for (size_t len = 0; len < sizeof quoted; len++) {
        struct holm_bytes in = { 0 };
        holm_assert(holm_bytes_part(HOLM_BLOB(quoted), 0, len, &in));
        CHECK_IS(holm_icmp_quote_parse(&quote, in), HOLM_ERR_TRUNCATED);
    }
    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(quoted)));
    memory[0] = 0x65; /* the version counts once the protocol is there */
    CHECK_IS(holm_icmp_quote_parse(&quote, HOLM_BLOB(memory)), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_icmp_quote_parse(&quote, (struct holm_bytes){ memory, 10 }), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_icmp_quote_parse(&quote, (struct holm_bytes){ memory, 9 }), HOLM_ERR_TRUNCATED);
    memory[0] = 0x44;
    CHECK_IS(holm_icmp_quote_parse(&quote, HOLM_BLOB(memory)), HOLM_ERR_MALFORMED);
    memory[0] = 0x46; /* the eight bytes are options now, and nothing is behind them */
    CHECK_IS(holm_icmp_quote_parse(&quote, HOLM_BLOB(memory)), HOLM_ERR_TRUNCATED);
}

TEST(a_rate_lets_a_burst_pass_and_then_one_at_a_time)
{
    struct holm_rate rate = { .every_ns = 100, .burst = 3 };
    uint64_t now_ns = 100000;

    for (int i = 0; i < 3; i++)
        CHECK(holm_rate_take(&rate, now_ns));
    CHECK(!holm_rate_take(&rate, now_ns));
    CHECK(!holm_rate_take(&rate, now_ns + 99));
    CHECK(holm_rate_take(&rate, now_ns + 100));
    CHECK(!holm_rate_take(&rate, now_ns + 100));
    for (int i = 0; i < 3; i++)
        CHECK(holm_rate_take(&rate, now_ns + 1000000));
    CHECK(!holm_rate_take(&rate, now_ns + 1000000));
}

TEST(a_rate_works_when_the_clock_has_just_begun)
{
    struct holm_rate rate = { .every_ns = 100, .burst = 3 };

    CHECK(!holm_rate_take(&rate, 0));
    CHECK(holm_rate_take(&rate, 100));
    CHECK(!holm_rate_take(&rate, 100));
}
