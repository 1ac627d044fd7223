/* SPDX-License-Identifier: ISC */
#include <holm/test.h>
#include <holm/text.h>

TEST(utf8_takes_the_ends_of_each_range)
{
    CHECK(holm_text_is_utf8(HOLM_TEXT("")));
    CHECK(holm_text_is_utf8(HOLM_TEXT("plain text that is longer than eight bytes")));
    CHECK(holm_text_is_utf8(HOLM_TEXT("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80")));
    CHECK(holm_text_is_utf8(HOLM_TEXT("\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")));
    CHECK(holm_text_is_utf8(HOLM_TEXT("seven..\xc3\xa4 across eight")));
}

TEST(utf8_refuses_what_lies_just_outside)
{
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\x80")));             /* no first byte */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xc1\xbf")));         /* overlong */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xe0\x9f\xbf")));     /* overlong */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xf0\x8f\xbf\xbf"))); /* overlong */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xed\xa0\x80")));     /* surrogate */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xf4\x90\x80\x80"))); /* above U+10FFFF */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xf5\x80\x80\x80")));
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xf8\x88\x80\x80\x80"))); /* five bytes */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xc3")));                 /* cut short */
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xe2\x82")));
    CHECK(!holm_text_is_utf8(HOLM_TEXT("\xe2\x82\x41")));
    CHECK(!holm_text_is_utf8(HOLM_TEXT("eight by\xff")));
}

TEST(case_of_letters_alone_does_not_count)
{
    CHECK(holm_text_equal_nocase(HOLM_TEXT("Content-Type"), HOLM_TEXT("cONTENT-tYPE")));
    CHECK(!holm_text_equal_nocase(HOLM_TEXT("a"), HOLM_TEXT("aa")));
    CHECK(!holm_text_equal_nocase(HOLM_TEXT("@"), HOLM_TEXT("`")));
    CHECK(!holm_text_equal_nocase(HOLM_TEXT("["), HOLM_TEXT("{")));
    CHECK(!holm_text_equal_nocase(HOLM_TEXT("\xc4"), HOLM_TEXT("\xe4")));
}

TEST(heads_and_tails)
{
    CHECK(holm_text_starts(HOLM_TEXT("--port"), HOLM_TEXT("--")));
    CHECK(!holm_text_starts(HOLM_TEXT("-"), HOLM_TEXT("--")));
    CHECK(holm_text_ends(HOLM_TEXT("a.tar"), HOLM_TEXT(".tar")));
    CHECK(!holm_text_ends(HOLM_TEXT("tar"), HOLM_TEXT(".tar")));
    CHECK(holm_text_ends(HOLM_TEXT("x"), HOLM_TEXT("")));
    CHECK_BYTES(holm_text_trim(HOLM_TEXT(" \t a b\t ")), HOLM_TEXT("a b"));
    CHECK_BYTES(holm_text_trim(HOLM_TEXT("  ")), HOLM_TEXT(""));
}

TEST(quoting_gives_one_line_of_any_bytes)
{
    uint8_t room[80];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK(holm_text_quoted_emit(&out, HOLM_TEXT("a\"b\\c\n\r\t\x01\x7f\xc3\xa4\xff\xc2\x9b[")));
    CHECK_BYTES(holm_buffer_filled(&out),
                HOLM_TEXT("\"a\\\"b\\\\c\\n\\r\\t\\x01\\x7f\xc3\xa4\\xff\\xc2\\x9b[\""));
}

TEST(quoting_that_does_not_fit_leaves_nothing)
{
    uint8_t room[9];
    for (size_t size = 0; size < 9; size++) {
        struct holm_buffer out = { room, 0, size };
        CHECK(!holm_text_quoted_emit(&out, HOLM_TEXT("ab\x01g")));
        CHECK_IS(out.len, 0);
    }
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK(holm_text_quoted_emit(&out, HOLM_TEXT("ab\x01g")));
}

TEST(results_have_names)
{
    CHECK_BYTES(holm_text_result(HOLM_OK), HOLM_TEXT("ok"));
    CHECK_BYTES(holm_text_result(HOLM_ERR_NO_MEMORY), HOLM_TEXT("no memory"));
    CHECK_BYTES(holm_text_result((enum holm_result)99), HOLM_TEXT("unknown"));
    for (int a = HOLM_ERR_STALE; a <= HOLM_END; a++) {
        struct holm_bytes name = holm_text_result((enum holm_result)a);
        CHECK(!holm_bytes_equal(name, HOLM_TEXT("unknown")));
        for (int b = HOLM_ERR_STALE; b < a; b++)
            CHECK(!holm_bytes_equal(name, holm_text_result((enum holm_result)b)));
    }
}
