/* SPDX-License-Identifier: ISC */
/* time.c: the calendar, counted in years that begin with March, so that the leap day comes last: of four
 * years, and of the four centuries of an era, the last is a day longer. */
#include <holm/text.h>
#include <holm/time.h>

#define DAYS_PER_ERA 146097U /* 400 years */
#define DAYS_PER_CENTURY 36524U
#define DAYS_PER_FOUR_YEARS 1461U
#define DAYS_BEFORE_1970 719468U /* from 0000-03-01 */
#define DAYS_OF_FIVE_MONTHS 153U /* from March on, and from August on */

/*@ assigns \nothing;
    ensures \result <==> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); */
static bool is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/*@ assigns \nothing;
    ensures 28 <= \result <= 31; */
static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    if (month == 2)
        return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* year_take takes the years off a day of an era. */
/*@ requires \valid(day) && *day < DAYS_PER_ERA;
    assigns *day;
    ensures \result < 400 && *day <= 365;
    ensures \old(*day) == \result * 365 + \result / 4 - \result / 100 + *day; */
static uint32_t year_take(uint32_t *day)
{
    uint32_t century = *day / DAYS_PER_CENTURY, fours, year;
    if (century == 4)
        century = 3;
    *day -= century * DAYS_PER_CENTURY;
    fours = *day / DAYS_PER_FOUR_YEARS;
    *day -= fours * DAYS_PER_FOUR_YEARS;
    year = *day / 365;
    if (year == 4)
        year = 3;
    *day -= year * 365;
    /*@ assert century <= 3 && fours <= 24 && year <= 3; */
    /*@ assert (century * 100 + fours * 4 + year) / 4 == century * 25 + fours; */
    /*@ assert (century * 100 + fours * 4 + year) / 100 == century; */
    return century * 100 + fours * 4 + year;
}

/* date_set sets year, month and day from the days since 0000-03-01. */
/*@ requires \valid(civil) && day <= 3652424;
    assigns civil->year, civil->month, civil->day;
    ensures 1 <= civil->month <= 12 && 1 <= civil->day <= 31;
    ensures holm_day_of(civil->year, civil->month, civil->day) == day - DAYS_BEFORE_1970; */
static void date_set(struct holm_civil *civil, uint32_t day)
{
    uint32_t era = day / DAYS_PER_ERA, month, year;
    day %= DAYS_PER_ERA;
    year = year_take(&day) + era * 400;
    month = (5 * day + 2) / DAYS_OF_FIVE_MONTHS; /* 0 is March */
    civil->day = (uint8_t)(day - (DAYS_OF_FIVE_MONTHS * month + 2) / 5 + 1);
    civil->month = (uint8_t)(month < 10 ? month + 3 : month - 9);
    civil->year = (uint16_t)(year + (month < 10 ? 0 : 1));
    /*@ assert year / 4 == (year - era * 400) / 4 + era * 100; */
    /*@ assert year / 100 == (year - era * 400) / 100 + era * 4; */
    /*@ assert year / 400 == era; */
}

struct holm_civil holm_civil_from_utc(uint64_t seconds)
{
    struct holm_civil civil = { 0 };
    uint32_t day, second;
    if (seconds > HOLM_UTC_SECONDS_MAX)
        seconds = HOLM_UTC_SECONDS_MAX;
    day = (uint32_t)(seconds / HOLM_SECONDS_PER_DAY);
    second = (uint32_t)(seconds % HOLM_SECONDS_PER_DAY);
    date_set(&civil, day + DAYS_BEFORE_1970);
    civil.weekday = (uint8_t)((day + 4) % 7); /* 1970-01-01 was a Thursday */
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
    days = days + (DAYS_OF_FIVE_MONTHS * month + 2) / 5 + civil->day - 1U - DAYS_BEFORE_1970;
    *seconds = (uint64_t)days * HOLM_SECONDS_PER_DAY + civil->hour * 3600U + civil->minute * 60U +
               civil->second;
    return HOLM_OK;
}

/* pair writes mark and then two digits. */
/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len >= \old(out->len) + 3 && out->ptr[\old(out->len)] == mark; */
static bool pair(struct holm_buffer *out, uint8_t mark, uint8_t value)
{
    return holm_buffer_u8(out, mark) && holm_text_padded_emit(out, value, 2, '0');
}

bool holm_text_time_emit(struct holm_buffer *out, uint64_t utc_ns)
{
    struct holm_civil civil = holm_civil_from_utc(utc_ns / HOLM_NS_PER_S);
    size_t before = out->len;
    if (holm_text_padded_emit(out, civil.year, 4, '0') && pair(out, '-', civil.month) &&
        pair(out, '-', civil.day) && pair(out, 'T', civil.hour) && pair(out, ':', civil.minute) &&
        pair(out, ':', civil.second) && holm_buffer_u8(out, '.') &&
        holm_text_padded_emit(out, utc_ns / HOLM_NS_PER_MS % 1000, 3, '0') &&
        holm_buffer_u8(out, 'Z'))
        return true;
    out->len = before;
    return false;
}
