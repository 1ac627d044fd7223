/* SPDX-License-Identifier: ISC */
/* time.c: the calendar, counted in years that begin with March, so that the leap day comes last. */
#include <holm/text.h>
#include <holm/time.h>

#define DAYS_PER_ERA 146097U     /* 400 years */
#define DAYS_BEFORE_1970 719468U /* from 0000-03-01 */
#define DAYS_OF_FIVE_MONTHS 153U /* from March on, and from August on */

static bool is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    if (month == 2)
        return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

struct holm_civil holm_civil_from_utc(uint64_t seconds)
{
    struct holm_civil civil = { 0 };
    uint32_t day, era_day, year, year_day, month;
    uint32_t second;
    if (seconds > HOLM_UTC_SECONDS_MAX)
        seconds = HOLM_UTC_SECONDS_MAX;
    day = (uint32_t)(seconds / HOLM_SECONDS_PER_DAY);
    second = (uint32_t)(seconds % HOLM_SECONDS_PER_DAY);
    civil.weekday = (uint8_t)((day + 4) % 7); /* 1970-01-01 was a Thursday */
    day += DAYS_BEFORE_1970;
    era_day = day % DAYS_PER_ERA;
    /* every fourth year is a day longer, every hundredth not, the last of the era is */
    year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
    year_day = era_day - (365 * year + year / 4 - year / 100);
    month = (5 * year_day + 2) / DAYS_OF_FIVE_MONTHS; /* 0 is March */
    civil.day = (uint8_t)(year_day - (DAYS_OF_FIVE_MONTHS * month + 2) / 5 + 1);
    civil.month = (uint8_t)(month < 10 ? month + 3 : month - 9);
    civil.year = (uint16_t)(year + day / DAYS_PER_ERA * 400 + (month < 10 ? 0 : 1));
    civil.hour = (uint8_t)(second / 3600);
    civil.minute = (uint8_t)(second / 60 % 60);
    civil.second = (uint8_t)(second % 60);
    return civil;
}

enum holm_result holm_utc_from_civil(uint64_t *seconds, const struct holm_civil *civil)
{
    uint32_t year = civil->year, month, days;
    if (civil->year < 1970 || civil->year > 9999 || civil->month < 1 || civil->month > 12)
        return HOLM_ERR_INVALID;
    if (civil->day < 1 || civil->day > days_of_month(civil->year, civil->month))
        return HOLM_ERR_INVALID;
    if (civil->hour > 23 || civil->minute > 59 || civil->second > 59)
        return HOLM_ERR_INVALID;
    month = civil->month > 2 ? civil->month - 3U : civil->month + 9U;
    if (civil->month <= 2)
        year -= 1;
    days = year * 365 + year / 4 - year / 100 + year / 400;
    days += (DAYS_OF_FIVE_MONTHS * month + 2) / 5 + civil->day - 1U - DAYS_BEFORE_1970;
    *seconds = (uint64_t)days * HOLM_SECONDS_PER_DAY + civil->hour * 3600U + civil->minute * 60U +
               civil->second;
    return HOLM_OK;
}

/* pair writes mark and then two digits. */
static bool pair(struct holm_buffer *out, uint8_t mark, uint8_t value)
{
    return holm_buffer_u8(out, mark) && holm_text_padded_emit(out, value, 2, '0');
}

bool holm_text_time_emit(struct holm_buffer *out, uint64_t utc_ns)
{
    struct holm_civil civil = holm_civil_from_utc(utc_ns / HOLM_NS_PER_S);
    if (out->size - out->len < HOLM_TEXT_TIME_MAX)
        return false;
    return holm_text_padded_emit(out, civil.year, 4, '0') && pair(out, '-', civil.month) &&
           pair(out, '-', civil.day) && pair(out, 'T', civil.hour) &&
           pair(out, ':', civil.minute) && pair(out, ':', civil.second) &&
           holm_buffer_u8(out, '.') &&
           holm_text_padded_emit(out, utc_ns / HOLM_NS_PER_MS % 1000, 3, '0') &&
           holm_buffer_u8(out, 'Z');
}
