/* SPDX-License-Identifier: ISC */
/* test_bytes.c: cursors answer false, and change nothing, when there is too little. */
#include <holm/test.h>

TEST(a_short_cursor_is_left_alone)
{
    const uint8_t bytes[] = { 0x12, 0x34, 0x56 };
    struct holm_bytes rest = HOLM_BLOB(bytes);
    uint32_t wide = 7;
    uint16_t value = 0;

    CHECK(!holm_bytes_u32(&rest, &wide));
    CHECK_IS(rest.len, 3);
    CHECK_IS(wide, 7);
    CHECK(holm_bytes_u16(&rest, &value));
    CHECK_IS(value, 0x1234);
    CHECK(!holm_bytes_u16(&rest, &value));
    CHECK_IS(rest.len, 1);
}

TEST(a_full_buffer_takes_nothing)
{
    uint8_t storage[4];
    struct holm_buffer out = HOLM_BUFFER(storage);

    CHECK(holm_buffer_bytes(&out, HOLM_TEXT("abc")));
    CHECK(!holm_buffer_u16(&out, 0x4142));
    CHECK(!holm_buffer_bytes(&out, HOLM_TEXT("de")));
    CHECK(holm_buffer_u8(&out, 'd'));
    CHECK(!holm_buffer_u8(&out, 'e'));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("abcd"));
}

TEST(a_part_past_the_end_is_refused)
{
    struct holm_bytes all = HOLM_TEXT("hello");
    struct holm_bytes part = { 0 };

    CHECK(holm_bytes_part(all, 1, 4, &part));
    CHECK_BYTES(part, HOLM_TEXT("ello"));
    CHECK(!holm_bytes_part(all, 2, 4, &part));
    CHECK(!holm_bytes_part(all, SIZE_MAX, 2, &part));
    CHECK_BYTES(part, HOLM_TEXT("ello"));
}

/* CHECK_BYTES stands on this comparison, so here it is asked by itself. */
TEST(bytes_that_differ_in_one_place_are_not_equal)
{
    CHECK(holm_bytes_equal(HOLM_TEXT("abc"), HOLM_TEXT("abc")));
    CHECK(!holm_bytes_equal(HOLM_TEXT("abc"), HOLM_TEXT("xbc")));
    CHECK(!holm_bytes_equal(HOLM_TEXT("abc"), HOLM_TEXT("abx")));
    CHECK(!holm_bytes_equal(HOLM_TEXT("abc"), HOLM_TEXT("ab")));
}
