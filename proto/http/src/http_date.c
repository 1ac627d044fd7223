/* SPDX-License-Identifier: ISC */
/* http_date.c: IMF-fixdate, and the two older forms that must be read. */
#include "http_impl.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400, ERA_DAYS = 146097, ERA_YEARS = 400 };
/* Days from 1 March of year 0 to 1 January 1970. */
enum { EPOCH_DAYS = 719468 };

struct date {
    uint64_t year;
    uint64_t month; /* 1 to 12 */
    uint64_t day;   /* 1 to 31 */
    uint64_t hour;
    uint64_t minute;
    uint64_t second;
};

/* days_of counts from 1970; the year starts in March, so that the leap day is its last. Years
 * before 1970 give a number that wraps: check the year first. */
static uint64_t days_of(const struct date *date)
{
    uint64_t year = date->month <= 2 ? date->year - 1 : date->year;
    uint64_t month = (date->month + 9) % 12;
    uint64_t era = year / ERA_YEARS;
    uint64_t in_era = year % ERA_YEARS;
    uint64_t in_year = (153 * month + 2) / 5 + date->day - 1;
    return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + in_year - EPOCH_DAYS;
}

static struct date date_of(uint64_t utc_s)
{
    struct date date = { 0 };
    uint64_t days = utc_s / DAY_S + EPOCH_DAYS;
    uint64_t era = days / ERA_DAYS;
    uint64_t in_era = days % ERA_DAYS;
    uint64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    uint64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    uint64_t month = (5 * in_year + 2) / 153;
    date.day = in_year - (153 * month + 2) / 5 + 1;
    date.month = month < 10 ? month + 3 : month - 9;
    date.year = year + era * ERA_YEARS + (date.month <= 2);
    date.hour = utc_s % DAY_S / HOUR_S;
    date.minute = utc_s % HOUR_S / MINUTE_S;
    date.second = utc_s % MINUTE_S;
    return date;
}

/* name_at gives the three letters of day or month number index. */
static struct holm_bytes name_at(struct holm_bytes names, uint64_t index)
{
    struct holm_bytes name = { 0 };
    if (!holm_bytes_part(names, (size_t)index * 3, 3, &name))
        return (struct holm_bytes){ 0 };
    return name;
}
#define DAYS HOLM_TEXT("ThuFriSatSunMonTueWed") /* 1 January 1970 was a Thursday */
#define MONTHS HOLM_TEXT("JanFebMarAprMayJunJulAugSepOctNovDec")

static bool two_emit(struct holm_buffer *out, uint64_t number)
{
    return holm_buffer_u8(out, (uint8_t)('0' + number / 10 % 10)) &&
           holm_buffer_u8(out, (uint8_t)('0' + number % 10));
}

bool holm_http_date_emit(struct holm_buffer *out, uint64_t utc_s)
{
    struct holm_buffer all = *out;
    struct date date;
    if (utc_s > HOLM_HTTP_DATE_MAX_S)
        return false;
    date = date_of(utc_s);
    if (!holm_buffer_bytes(&all, name_at(DAYS, utc_s / DAY_S % 7)) ||
        !holm_buffer_bytes(&all, HOLM_TEXT(", ")) || !two_emit(&all, date.day) ||
        !holm_buffer_u8(&all, ' ') || !holm_buffer_bytes(&all, name_at(MONTHS, date.month - 1)) ||
        !holm_buffer_u8(&all, ' ') || !two_emit(&all, date.year / 100) ||
        !two_emit(&all, date.year) || !holm_buffer_u8(&all, ' ') || !two_emit(&all, date.hour) ||
        !holm_buffer_u8(&all, ':') || !two_emit(&all, date.minute) || !holm_buffer_u8(&all, ':') ||
        !two_emit(&all, date.second) || !holm_buffer_bytes(&all, HOLM_TEXT(" GMT")))
        return false;
    *out = all;
    return true;
}

/* The reader: each call takes one thing from the front of *in, or answers false. */

static bool take_text(struct holm_bytes *in, struct holm_bytes text)
{
    struct holm_bytes rest = *in;
    struct holm_bytes part = { 0 };
    if (!holm_bytes_take(&rest, text.len, &part) || !holm_bytes_equal(part, text))
        return false;
    *in = rest;
    return true;
}

static bool take_number(struct holm_bytes *in, size_t digits, uint64_t *number)
{
    struct holm_bytes part = { 0 };
    return holm_bytes_take(in, digits, &part) && holm_http_number_parse(number, part) == HOLM_OK;
}

static bool take_month(struct holm_bytes *in, uint64_t *month)
{
    struct holm_bytes part = { 0 };
    if (!holm_bytes_take(in, 3, &part))
        return false;
    for (*month = 1; *month <= 12; *month += 1)
        if (holm_bytes_equal(part, name_at(MONTHS, *month - 1)))
            return true;
    return false;
}

static bool take_time(struct holm_bytes *in, struct date *date)
{
    return take_number(in, 2, &date->hour) && take_text(in, HOLM_TEXT(":")) &&
           take_number(in, 2, &date->minute) && take_text(in, HOLM_TEXT(":")) &&
           take_number(in, 2, &date->second);
}

/* take_weekday takes the short or long name of a day. */
static bool take_weekday(struct holm_bytes *in, bool is_long)
{
    static const struct holm_bytes names[] = {
        { (const uint8_t *)"Sunday", 6 },   { (const uint8_t *)"Monday", 6 },
        { (const uint8_t *)"Tuesday", 7 },  { (const uint8_t *)"Wednesday", 9 },
        { (const uint8_t *)"Thursday", 8 }, { (const uint8_t *)"Friday", 6 },
        { (const uint8_t *)"Saturday", 8 },
    };
    for (size_t i = 0; i < HOLM_COUNT(names); i++) {
        struct holm_bytes rest = *in;
        struct holm_bytes name = HOLM_AT(names, i);
        if (!take_text(&rest, is_long ? name : holm_http__head_before(name, 3)))
            continue;
        *in = rest;
        return true;
    }
    return false;
}

/* take takes what a letter of a form stands for: w and W a day's short and long name, d its number,
 * e its number with a blank for a zero, m the month, y and Y the year in two and four digits, t the
 * time; anything else stands for itself. */
static bool take(struct holm_bytes *in, uint8_t letter, struct date *date)
{
    uint8_t byte = 0;
    switch (letter) {
    case 'w':
    case 'W':
        return take_weekday(in, letter == 'W');
    case 'd':
        return take_number(in, 2, &date->day);
    case 'e':
        return take_number(in, take_text(in, HOLM_TEXT(" ")) ? 1 : 2, &date->day);
    case 'm':
        return take_month(in, &date->month);
    case 'y':
        return take_number(in, 2, &date->year);
    case 'Y':
        return take_number(in, 4, &date->year);
    case 't':
        return take_time(in, date);
    default:
        return holm_bytes_u8(in, &byte) && byte == letter;
    }
}

static bool form_parse(struct holm_bytes in, struct holm_bytes form, struct date *date)
{
    uint8_t letter = 0;
    while (holm_bytes_u8(&form, &letter))
        if (!take(&in, letter, date))
            return false;
    return in.len == 0;
}

/* century_add finds the century of a year of two digits. */
static void century_add(struct date *date, uint64_t now_s)
{
    uint64_t this_year = date_of(now_s > HOLM_HTTP_DATE_MAX_S ? 0 : now_s).year;
    if (now_s == 0) {
        date->year += date->year < 70 ? 2000 : 1900;
        return;
    }
    /* RFC 9110 section 5.6.7: more than 50 years ahead means the last such year that is past. */
    date->year += this_year / 100 * 100;
    if (date->year > this_year + 50)
        date->year -= 100;
}

/* forms_parse knows Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT;
 * Sun Nov  6 08:49:37 1994. */
static bool forms_parse(struct holm_bytes text, struct date *date, uint64_t now_s)
{
    if (form_parse(text, HOLM_TEXT("w, d m Y t GMT"), date) ||
        form_parse(text, HOLM_TEXT("w m e t Y"), date))
        return true;
    if (!form_parse(text, HOLM_TEXT("W, d-m-y t GMT"), date))
        return false;
    century_add(date, now_s);
    return true;
}

/* date_check answers whether there is such a time: what days_of makes of it reads back the same. */
static bool date_check(const struct date *date, uint64_t *utc_s)
{
    struct date again;
    if (date->month < 1 || date->month > 12 || date->day < 1 || date->day > 31)
        return false;
    again = date_of(days_of(date) * DAY_S);
    *utc_s = days_of(date) * DAY_S + date->hour * HOUR_S + date->minute * MINUTE_S + date->second;
    return again.day == date->day && again.month == date->month && date->hour < 24 &&
           date->minute < 60 && date->second < 61; /* a leap second is the next minute's first */
}

enum holm_result holm_http_date_parse(uint64_t *utc_s, struct holm_bytes text, uint64_t now_s)
{
    struct date date = { 0 };
    uint64_t found = 0;
    if (!forms_parse(text, &date, now_s))
        return HOLM_ERR_MALFORMED;
    if (date.year < 1970)
        return HOLM_ERR_UNSUPPORTED;
    if (!date_check(&date, &found))
        return HOLM_ERR_MALFORMED;
    *utc_s = found;
    return HOLM_OK;
}
