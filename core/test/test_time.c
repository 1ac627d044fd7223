/* SPDX-License-Identifier: ISC */
#include <holm/test.h>
#include <holm/text.h>
#include <holm/time.h>

static void shown_as(uint64_t seconds, struct holm_bytes wanted)
{
    uint8_t room[HOLM_TEXT_TIME_MAX];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK(holm_text_time_emit(&out, seconds * HOLM_NS_PER_S));
    CHECK_BYTES(holm_buffer_filled(&out), wanted);
}

TEST(known_seconds)
{
    shown_as(0, HOLM_TEXT("1970-01-01T00:00:00.000Z"));
    shown_as(951782399, HOLM_TEXT("2000-02-28T23:59:59.000Z"));
    shown_as(951782400, HOLM_TEXT("2000-02-29T00:00:00.000Z"));
    shown_as(1709251199, HOLM_TEXT("2024-02-29T23:59:59.000Z"));
    shown_as(4107542400, HOLM_TEXT("2100-03-01T00:00:00.000Z"));
    shown_as(1795271115, HOLM_TEXT("2026-11-21T14:25:15.000Z"));
}

TEST(the_last_second_and_what_comes_after)
{
    struct holm_civil last = holm_civil_from_utc(HOLM_UTC_SECONDS_MAX);
    CHECK_IS(last.year, 9999);
    CHECK_IS(last.month, 12);
    CHECK_IS(last.day, 31);
    CHECK_IS(last.second, 59);
    CHECK_IS(last.weekday, 5);
    CHECK_IS(holm_civil_from_utc(UINT64_MAX).year, 9999);
}

/* Each day to the year 9999 is the one after the day before, and comes back as the same second. */
TEST(every_day_follows_the_one_before)
{
    struct holm_civil before = holm_civil_from_utc(0);
    CHECK_IS(before.weekday, 4);
    for (uint64_t day = 1; day <= HOLM_UTC_SECONDS_MAX / HOLM_SECONDS_PER_DAY; day++) {
        struct holm_civil civil = holm_civil_from_utc(day * HOLM_SECONDS_PER_DAY);
        uint64_t seconds = 1;
        bool next_day = civil.day == before.day + 1 && civil.month == before.month;
        bool next_month = civil.day == 1 && before.day >= 28 && civil.month == before.month + 1;
        bool next_year = civil.day == 1 && civil.month == 1 && before.month == 12;
        if (!CHECK(next_day || next_month || (next_year && civil.year == before.year + 1)))
            return;
        if (!CHECK(holm_utc_from_civil(&seconds, &civil) == HOLM_OK &&
                   seconds == day * HOLM_SECONDS_PER_DAY))
            return;
        CHECK(civil.weekday == (before.weekday + 1) % 7);
        before = civil;
    }
}

TEST(days_and_times_that_are_none)
{
    const struct holm_civil good = { .year = 2023, .month = 2, .day = 28, .hour = 23 };
    struct holm_civil civil = good;
    uint64_t seconds = 7;
    civil.day = 29;
    CHECK_IS(holm_utc_from_civil(&seconds, &civil), HOLM_ERR_INVALID);
    civil = good;
    civil.month = 13;
    CHECK_IS(holm_utc_from_civil(&seconds, &civil), HOLM_ERR_INVALID);
    civil = good;
    civil.day = 0;
    CHECK_IS(holm_utc_from_civil(&seconds, &civil), HOLM_ERR_INVALID);
    civil = good;
    civil.hour = 24;
    CHECK_IS(holm_utc_from_civil(&seconds, &civil), HOLM_ERR_INVALID);
    civil = good;
    civil.second = 60;
    CHECK_IS(holm_utc_from_civil(&seconds, &civil), HOLM_ERR_INVALID);
    civil = good;
    civil.year = 1969;
    CHECK_IS(holm_utc_from_civil(&seconds, &civil), HOLM_ERR_INVALID);
    CHECK_IS(seconds, 7);
}

TEST(a_time_needs_its_whole_room)
{
    uint8_t room[HOLM_TEXT_TIME_MAX - 1];
    struct holm_buffer out = HOLM_BUFFER(room);
    CHECK(!holm_text_time_emit(&out, 0));
    CHECK_IS(out.len, 0);
}
