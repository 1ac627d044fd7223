/* SPDX-License-Identifier: ISC */
#include <holm/syslog.h>
#include <holm/test.h>

static void refused(struct holm_bytes in, enum holm_result wanted)
{
    struct holm_bytes rest = in, message = HOLM_TEXT("untouched");

    CHECK_IS(holm_syslog_frame_parse(&message, &rest), wanted);
    CHECK_BYTES(message, HOLM_TEXT("untouched"));
    CHECK_IS(rest.len, in.len);
}

TEST(frames_are_taken_one_by_one)
{
    struct holm_bytes rest = HOLM_TEXT("5 first17 <34>1 - - - - - -"), message = { 0 };

    CHECK_IS(holm_syslog_frame_parse(&message, &rest), HOLM_OK);
    CHECK_BYTES(message, HOLM_TEXT("first"));
    CHECK_IS(holm_syslog_frame_parse(&message, &rest), HOLM_OK);
    CHECK_BYTES(message, HOLM_TEXT("<34>1 - - - - - -"));
    CHECK_IS(holm_syslog_frame_parse(&message, &rest), HOLM_ERR_TRUNCATED);
}

TEST(a_frame_that_goes_on_is_truncated)
{
    refused(HOLM_TEXT(""), HOLM_ERR_TRUNCATED);
    refused(HOLM_TEXT("17"), HOLM_ERR_TRUNCATED);
    refused(HOLM_TEXT("17 "), HOLM_ERR_TRUNCATED);
    refused(HOLM_TEXT("17 <34>1 - - - - - "), HOLM_ERR_TRUNCATED);
}

TEST(what_does_not_start_with_a_length_and_a_space_is_malformed)
{
    refused(HOLM_TEXT("<34>1 - - - - - -"), HOLM_ERR_MALFORMED);
    refused(HOLM_TEXT(" 5 first"), HOLM_ERR_MALFORMED);
    refused(HOLM_TEXT("0 "), HOLM_ERR_MALFORMED);
    refused(HOLM_TEXT("05 first"), HOLM_ERR_MALFORMED);
    refused(HOLM_TEXT("-5 first"), HOLM_ERR_MALFORMED);
    refused(HOLM_TEXT("5\tfirst"), HOLM_ERR_MALFORMED);
}

TEST(a_message_is_as_long_as_the_limit_and_no_longer)
{
    refused(HOLM_TEXT("8192 "), HOLM_ERR_TRUNCATED);
    refused(HOLM_TEXT("8193 "), HOLM_ERR_LIMIT);
    refused(HOLM_TEXT("99999999999999999999999999"), HOLM_ERR_LIMIT);
}

TEST(each_length_is_written_and_read_as_the_same)
{
    static uint8_t bytes[HOLM_SYSLOG_MESSAGE_MAX + 1], room[HOLM_SYSLOG_FRAME_MAX];

    for (size_t len = 1; len <= HOLM_SYSLOG_MESSAGE_MAX; len++) {
        struct holm_bytes wanted = { bytes, len }, message = { 0 };
        struct holm_buffer out = HOLM_BUFFER(room);
        HOLM_AT(bytes, len - 1) = (uint8_t)len;
        if (!CHECK(holm_syslog_frame_emit(&out, wanted)))
            return;
        struct holm_bytes rest = holm_buffer_filled(&out);
        if (!CHECK_IS(holm_syslog_frame_parse(&message, &rest), HOLM_OK) ||
            !CHECK(holm_bytes_equal(message, wanted)) || !CHECK_IS(rest.len, 0))
            return;
    }
}

TEST(what_cannot_be_written_leaves_the_buffer_as_it_was)
{
    static uint8_t bytes[HOLM_SYSLOG_MESSAGE_MAX + 1];
    uint8_t room[8];

    for (size_t size = 0; size < 7; size++) {
        struct holm_buffer out = { room, 0, size };
        CHECK(!holm_syslog_frame_emit(&out, HOLM_TEXT("first")));
        CHECK_IS(out.len, 0);
    }
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK(!holm_syslog_frame_emit(&out, HOLM_TEXT("")));
    CHECK(!holm_syslog_frame_emit(&out, HOLM_BLOB(bytes)));
    CHECK_IS(out.len, 0);
}
