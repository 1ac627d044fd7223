/* SPDX-License-Identifier: ISC */
#include <holm/random.h>
#include <holm/test.h>
#include <holm/text.h>

#define WROTE(call, wanted)                                                                        \
    do {                                                                                           \
        uint8_t room[64];                                                                          \
        struct holm_buffer out = HOLM_BUFFER(room);                                                \
        CHECK(call);                                                                               \
        CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT(wanted));                                  \
    } while (0)

TEST(numbers_are_written)
{
    WROTE(holm_text_u64_emit(&out, 0), "0");
    WROTE(holm_text_u64_emit(&out, UINT64_MAX), "18446744073709551615");
    WROTE(holm_text_i64_emit(&out, INT64_MIN), "-9223372036854775808");
    WROTE(holm_text_i64_emit(&out, -1), "-1");
    WROTE(holm_text_i64_emit(&out, INT64_MAX), "9223372036854775807");
    WROTE(holm_text_hex_emit(&out, 0xbeef, 0), "beef");
    WROTE(holm_text_hex_emit(&out, 0, 0), "0");
    WROTE(holm_text_hex_emit(&out, 0xa, 4), "000a");
    WROTE(holm_text_padded_emit(&out, 7, 3, '0'), "007");
    WROTE(holm_text_padded_emit(&out, 1234, 3, ' '), "1234");
    WROTE(holm_text_fixed_emit(&out, 1250, 3), "1.250");
    WROTE(holm_text_fixed_emit(&out, 5, 3), "0.005");
    WROTE(holm_text_fixed_emit(&out, 5, 0), "5");
    WROTE(holm_text_fixed_emit(&out, UINT64_MAX, 18), "18.446744073709551615");
}

TEST(what_does_not_fit_leaves_nothing)
{
    uint8_t room[24];
    for (size_t size = 0; size < 20; size++) {
        struct holm_buffer out = { room, 0, size };
        CHECK(!holm_text_u64_emit(&out, UINT64_MAX));
        CHECK(!holm_text_i64_emit(&out, INT64_MIN));
        CHECK(!holm_text_fixed_emit(&out, UINT64_MAX, 10));
        CHECK(!holm_text_padded_emit(&out, 1, 20, ' '));
        CHECK_IS(out.len, 0);
    }
    for (size_t size = 0; size < 4; size++) {
        struct holm_buffer out = { room, 0, size };
        CHECK(!holm_text_duration_emit(&out, 25000000));
        CHECK(!holm_text_size_emit(&out, 9 << 10));
        CHECK_IS(out.len, 0);
    }
}

/* What parse gives for text; the value when it is HOLM_OK. */
#define U64(text, wanted, wanted_value)                                                            \
    do {                                                                                           \
        uint64_t value = 77;                                                                       \
        CHECK_IS(holm_text_u64_parse(&value, HOLM_TEXT(text)), wanted);                            \
        CHECK(value == (wanted_value));                                                            \
    } while (0)

TEST(decimal_numbers_are_read_strictly)
{
    U64("0", HOLM_OK, 0);
    U64("18446744073709551615", HOLM_OK, UINT64_MAX);
    U64("18446744073709551616", HOLM_ERR_LIMIT, 77);
    U64("99999999999999999999999999", HOLM_ERR_LIMIT, 77);
    U64("", HOLM_ERR_MALFORMED, 77);
    U64("00", HOLM_ERR_MALFORMED, 77);
    U64("01", HOLM_ERR_MALFORMED, 77);
    U64("+1", HOLM_ERR_MALFORMED, 77);
    U64("-1", HOLM_ERR_MALFORMED, 77);
    U64(" 1", HOLM_ERR_MALFORMED, 77);
    U64("1 ", HOLM_ERR_MALFORMED, 77);
    U64("1a", HOLM_ERR_MALFORMED, 77);
    U64("99999999999999999999999x", HOLM_ERR_MALFORMED, 77);
}

TEST(signed_numbers_reach_both_ends)
{
    int64_t value = 77;
    CHECK_IS(holm_text_i64_parse(&value, HOLM_TEXT("-9223372036854775808")), HOLM_OK);
    CHECK(value == INT64_MIN);
    CHECK_IS(holm_text_i64_parse(&value, HOLM_TEXT("9223372036854775807")), HOLM_OK);
    CHECK(value == INT64_MAX);
    CHECK_IS(holm_text_i64_parse(&value, HOLM_TEXT("9223372036854775808")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_i64_parse(&value, HOLM_TEXT("-9223372036854775809")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_i64_parse(&value, HOLM_TEXT("-0")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_i64_parse(&value, HOLM_TEXT("-")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_i64_parse(&value, HOLM_TEXT("--1")), HOLM_ERR_MALFORMED);
    CHECK(value == INT64_MAX);
}

TEST(hexadecimal_takes_both_cases_and_sixteen_digits)
{
    uint64_t value = 0;
    CHECK_IS(holm_text_hex_parse(&value, HOLM_TEXT("0000fFfF")), HOLM_OK);
    CHECK_IS(value, 0xffff);
    CHECK_IS(holm_text_hex_parse(&value, HOLM_TEXT("ffffffffffffffff")), HOLM_OK);
    CHECK(value == UINT64_MAX);
    CHECK_IS(holm_text_hex_parse(&value, HOLM_TEXT("00000000000000001")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_hex_parse(&value, HOLM_TEXT("")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_hex_parse(&value, HOLM_TEXT("0x1")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_hex_parse(&value, HOLM_TEXT("g")), HOLM_ERR_MALFORMED);
}

TEST(fixed_decimals)
{
    uint64_t value = 77;
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("1.25"), 3), HOLM_OK);
    CHECK_IS(value, 1250);
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("7"), 3), HOLM_OK);
    CHECK_IS(value, 7000);
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("18.446744073709551615"), 18), HOLM_OK);
    CHECK(value == UINT64_MAX);
    value = 77;
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("18.446744073709551616"), 18), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("19.0"), 18), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("1.2345"), 3), HOLM_ERR_LIMIT);
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("1."), 3), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT(".5"), 3), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_text_fixed_parse(&value, HOLM_TEXT("1.2.3"), 3), HOLM_ERR_MALFORMED);
    CHECK_IS(value, 77);
}

#define DURATION(text, wanted, wanted_value)                                                       \
    do {                                                                                           \
        uint64_t value = 77;                                                                       \
        CHECK_IS(holm_text_duration_parse(&value, HOLM_TEXT(text)), wanted);                       \
        CHECK_IS(value, wanted_value);                                                             \
    } while (0)

TEST(durations_are_read)
{
    DURATION("0", HOLM_OK, 0);
    DURATION("250ms", HOLM_OK, 250000000);
    DURATION("1.5h", HOLM_OK, 5400000000000);
    DURATION("0.000000001s", HOLM_OK, 1);
    DURATION("213503d", HOLM_OK, 18446659200000000000U);
    DURATION("213504d", HOLM_ERR_LIMIT, 77);
    DURATION("1.5ns", HOLM_ERR_LIMIT, 77);
    DURATION("0.0000000001s", HOLM_ERR_LIMIT, 77);
    DURATION("5", HOLM_ERR_MALFORMED, 77);
    DURATION("s", HOLM_ERR_MALFORMED, 77);
    DURATION("5 s", HOLM_ERR_MALFORMED, 77);
    DURATION("5S", HOLM_ERR_MALFORMED, 77);
    DURATION("-5s", HOLM_ERR_MALFORMED, 77);
    DURATION("1..5s", HOLM_ERR_MALFORMED, 77);
    DURATION("", HOLM_ERR_MALFORMED, 77);
}

TEST(durations_and_sizes_are_written_in_the_greatest_whole_unit)
{
    WROTE(holm_text_duration_emit(&out, 0), "0ns");
    WROTE(holm_text_duration_emit(&out, 1500000000), "1500ms");
    WROTE(holm_text_duration_emit(&out, 5400000000000), "90m");
    WROTE(holm_text_duration_emit(&out, 86400000000000), "1d");
    WROTE(holm_text_size_emit(&out, 0), "0B");
    WROTE(holm_text_size_emit(&out, 65536), "64KiB");
    WROTE(holm_text_size_emit(&out, 1000), "1000B");
    WROTE(holm_text_size_emit(&out, 1ULL << 41), "2TiB");
}

#define SIZE(text, wanted, wanted_value)                                                           \
    do {                                                                                           \
        uint64_t value = 77;                                                                       \
        CHECK_IS(holm_text_size_parse(&value, HOLM_TEXT(text)), wanted);                           \
        CHECK_IS(value, wanted_value);                                                             \
    } while (0)

TEST(sizes_are_read)
{
    SIZE("0", HOLM_OK, 0);
    SIZE("4096", HOLM_OK, 4096);
    SIZE("4096B", HOLM_OK, 4096);
    SIZE("1.5KiB", HOLM_OK, 1536);
    SIZE("2kB", HOLM_OK, 2000);
    SIZE("16777215TiB", HOLM_OK, 18446742974197923840U);
    SIZE("16777216TiB", HOLM_ERR_LIMIT, 77);
    SIZE("1.1KiB", HOLM_ERR_LIMIT, 77);
    SIZE("18446744073709551616", HOLM_ERR_LIMIT, 77);
    SIZE("1K", HOLM_ERR_MALFORMED, 77);
    SIZE("1kiB", HOLM_ERR_MALFORMED, 77);
    SIZE("KiB", HOLM_ERR_MALFORMED, 77);
    SIZE("", HOLM_ERR_MALFORMED, 77);
}

TEST(what_emit_writes_parse_reads_as_the_same)
{
    struct holm_random_seeded seeded;
    holm_random_seeded_init(&seeded, holm_test_seed());
    for (int i = 0; i < 20000; i++) {
        uint64_t value = holm_random_seeded_next(&seeded) >> (i % 64), back = 0;
        unsigned places = (unsigned)i % 19;
        uint8_t room[64];
        struct holm_buffer out = HOLM_BUFFER(room);
        if (i % 3 == 0)
            value -= value % 3600000000000;
        CHECK(holm_text_duration_emit(&out, value));
        CHECK_IS(holm_text_duration_parse(&back, holm_buffer_filled(&out)), HOLM_OK);
        CHECK(back == value);
        out.len = 0;
        CHECK(holm_text_size_emit(&out, value));
        CHECK_IS(holm_text_size_parse(&back, holm_buffer_filled(&out)), HOLM_OK);
        CHECK(back == value);
        out.len = 0;
        CHECK(holm_text_fixed_emit(&out, value, places));
        CHECK_IS(holm_text_fixed_parse(&back, holm_buffer_filled(&out), places), HOLM_OK);
        CHECK(back == value);
        out.len = 0;
        CHECK(holm_text_hex_emit(&out, value, 1));
        CHECK_IS(holm_text_hex_parse(&back, holm_buffer_filled(&out)), HOLM_OK);
        CHECK(back == value);
    }
}
