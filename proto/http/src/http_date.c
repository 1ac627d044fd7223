/* SPDX-License-Identifier: ISC */
/* http_date.c: IMF-fixdate, and the two older forms that must be read. */
#include "http_impl.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };
/* Days of 400, 100 and 4 years; from 1 March of year 0 to 1 January 1970. */
enum { ERA_DAYS = 146097, CENTURY_DAYS = 36524, FOUR_DAYS = 1461, YEAR_DAYS = 365 };
enum { EPOCH_DAYS = 719468 };

struct date {
    uint64_t year;
    uint64_t month; /* 1 to 12 */
    uint64_t day;   /* 1 to 31 */
    uint64_t hour;
    uint64_t minute;
    uint64_t second;
};

/*@ predicate holm_date_read{L}(struct date *date, integer year_max) =
      1 <= date->month <= 12 && date->year <= year_max; */

/* march_days is how many days 1 March is before the first of a month that follows it. */
/*@ requires 1 <= month <= 12;
    assigns \nothing;
    ensures \result == holm_march_days(month); */
static uint64_t march_days(uint64_t month)
{
    return (153 * ((month + 9) % 12) + 2) / 5;
}

/* The year starts in March here, so that the leap day is its last. days_of counts from 1970. */
/*@ requires \valid_read(date) && 1970 <= date->year <= 9999;
    requires 1 <= date->month <= 12 && 1 <= date->day <= 31;
    assigns \nothing;
    ensures \result == holm_days(date->year, date->month, date->day);
    ensures \result <= HOLM_HTTP_DATE_MAX_S / DAY_S; */
static uint64_t days_of(const struct date *date)
{
    uint64_t year = date->month <= 2 ? date->year - 1 : date->year;
    uint64_t in_year = march_days(date->month) + date->day - 1;
    /*@ assert date->year / 4 == (date->year - 1) / 4 + (date->year % 4 == 0 ? 1 : 0); */
    /*@ assert date->year / 100 == (date->year - 1) / 100 + (date->year % 100 == 0 ? 1 : 0); */
    /*@ assert date->year / 400 == (date->year - 1) / 400 + (date->year % 400 == 0 ? 1 : 0); */
    return year * YEAR_DAYS + year / 4 - year / 100 + year / 400 + in_year - EPOCH_DAYS;
}

/* month_find sets month and day from the days since 1 March. */
/*@ requires \valid(date) && in_year <= 365;
    assigns date->month, date->day;
    ensures 1 <= date->month <= 12 && 1 <= date->day;
    ensures date->day <= (in_year == 365 ? 29 : holm_month_days(1, date->month));
    ensures holm_march_days(date->month) + date->day - 1 == in_year; */
static void month_find(struct date *date, uint64_t in_year)
{
    uint64_t month = (5 * in_year + 2) / 153;
    date->month = month < 10 ? month + 3 : month - 9;
    date->day = in_year - march_days(date->month) + 1;
}

/*@ requires utc_s <= HOLM_HTTP_DATE_MAX_S;
    assigns \nothing;
    ensures 1970 <= \result.year <= 9999 && 1 <= \result.month <= 12;
    ensures 1 <= \result.day <= holm_month_days(\result.year, \result.month);
    ensures holm_days(\result.year, \result.month, \result.day) == utc_s / DAY_S;
    ensures \result.hour < 24 && \result.minute < 60 && \result.second < 60;
    ensures \result.hour * HOUR_S + \result.minute * MINUTE_S + \result.second == utc_s % DAY_S; */
static struct date date_of(uint64_t utc_s)
{
    struct date date = { 0 };
    uint64_t in_day = utc_s % DAY_S;
    uint64_t days = utc_s / DAY_S + EPOCH_DAYS;
    uint64_t era = days / ERA_DAYS;
    uint64_t in_era = days % ERA_DAYS;
    /* The last day of an era, and of four years, is one more than its parts have. */
    uint64_t century = in_era / CENTURY_DAYS - in_era / (ERA_DAYS - 1);
    uint64_t in_century = in_era - century * CENTURY_DAYS;
    uint64_t four = in_century / FOUR_DAYS;
    uint64_t in_four = in_century % FOUR_DAYS;
    uint64_t one = in_four / YEAR_DAYS - in_four / (FOUR_DAYS - 1);
    uint64_t in_year = in_four - one * YEAR_DAYS;
    uint64_t year = era * 400 + century * 100 + four * 4 + one;
    /*@ assert century <= 3 && four <= 24 && one <= 3 && in_year <= 365; */
    /*@ assert year / 400 == era && year / 100 == era * 4 + century; */
    /*@ assert year / 4 == era * 100 + century * 25 + four; */
    /*@ assert days == year * YEAR_DAYS + year / 4 - year / 100 + year / 400 + in_year; */
    /*@ assert in_year == 365 ==> holm_leap(year + 1) == 1; */
    month_find(&date, in_year);
    date.year = year + (date.month <= 2);
    /*@ assert date.year / 4 == (date.year - 1) / 4 + (date.year % 4 == 0 ? 1 : 0); */
    /*@ assert date.year / 100 == (date.year - 1) / 100 + (date.year % 100 == 0 ? 1 : 0); */
    /*@ assert date.year / 400 == (date.year - 1) / 400 + (date.year % 400 == 0 ? 1 : 0); */
    /*@ assert in_year == 365 ==> date.month == 2 && date.day == 29; */
    /*@ assert in_year == 365 ==> holm_leap(date.year) == 1; */
    /*@ assert date.day <= holm_month_days(date.year, date.month); */
    /*@ assert date.month <= 2 ==> holm_days(date.year, date.month, date.day) + EPOCH_DAYS ==
                 year * YEAR_DAYS + year / 4 - year / 100 + year / 400 + in_year; */
    /*@ assert date.month > 2 ==> holm_days(date.year, date.month, date.day) + EPOCH_DAYS ==
                 year * YEAR_DAYS + year / 4 - year / 100 + year / 400 + in_year; */
    date.hour = in_day / HOUR_S;
    date.minute = in_day % HOUR_S / MINUTE_S;
    date.second = in_day % HOUR_S % MINUTE_S;
    return date;
}

/*@ requires 1 <= month <= 12;
    assigns \nothing;
    ensures \result == holm_month_days(year, month); */
static uint64_t month_days(uint64_t year, uint64_t month)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2)
        return leap ? 29 : 28;
    return 30 + (month + month / 8) % 2;
}

/* name_at gives the three letters of day or month number index. */
/*@ requires holm_readable(names) && index < 12 && index * 3 + 3 <= names.len;
    assigns \nothing;
    ensures holm_readable(\result) && holm_is_part(\result, names, index * 3, 3); */
static struct holm_bytes name_at(struct holm_bytes names, uint64_t index)
{
    return holm_http__head_before(holm_http__tail_after(names, (size_t)index * 3), 3);
}
#define DAYS HOLM_TEXT("ThuFriSatSunMonTueWed") /* 1 January 1970 was a Thursday */
#define MONTHS HOLM_TEXT("JanFebMarAprMayJunJulAugSepOctNovDec")

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= 2;
    ensures \result ==> out->len == \old(out->len) + 2 &&
              holm_two{Here}(out->ptr + \old(out->len)) == number % 100;
    ensures \old(out->len) <= out->len; */
static bool two_emit(struct holm_buffer *out, uint64_t number)
{
    return holm_buffer_u8(out, (uint8_t)('0' + number / 10 % 10)) &&
           holm_buffer_u8(out, (uint8_t)('0' + number % 10));
}

/*@ requires holm_writable(out) && \valid_read(date) && 1 <= date->month <= 12 && weekday < 7;
    requires \separated(date, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= 17;
    ensures \result ==> out->len == \old(out->len) + 17;
    ensures \old(out->len) <= out->len; */
static bool day_emit(struct holm_buffer *out, const struct date *date, uint64_t weekday)
{
    return holm_buffer_bytes(out, name_at(DAYS, weekday)) &&
           holm_buffer_bytes(out, HOLM_TEXT(", ")) && two_emit(out, date->day) &&
           holm_buffer_u8(out, ' ') && holm_buffer_bytes(out, name_at(MONTHS, date->month - 1)) &&
           holm_buffer_u8(out, ' ') && two_emit(out, date->year / 100) &&
           two_emit(out, date->year) && holm_buffer_u8(out, ' ');
}

/*@ requires holm_writable(out) && \valid_read(date);
    requires date->hour < 24 && date->minute < 60 && date->second < 60;
    requires \separated(date, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= 12;
    ensures \result ==> out->len == \old(out->len) + 12;
    ensures \old(out->len) <= out->len; */
static bool time_emit(struct holm_buffer *out, const struct date *date)
{
    return two_emit(out, date->hour) && holm_buffer_u8(out, ':') && two_emit(out, date->minute) &&
           holm_buffer_u8(out, ':') && two_emit(out, date->second) &&
           holm_buffer_bytes(out, HOLM_TEXT(" GMT"));
}

bool holm_http_date_emit(struct holm_buffer *out, uint64_t utc_s)
{
    size_t before = out->len;
    struct date date;
    if (utc_s > HOLM_HTTP_DATE_MAX_S)
        return false;
    date = date_of(utc_s);
    if (day_emit(out, &date, utc_s / DAY_S % 7) && time_emit(out, &date))
        return true;
    out->len = before;
    return false;
}

/* The reader: each call takes one thing at *at, and moves it on, or answers false. */

/*@ requires holm_readable(in) && holm_readable(text) && \valid(at) && *at <= in.len;
    requires \separated(at, in.ptr + (0 .. in.len - 1));
    assigns *at;
    ensures \result <==> \old(*at) + text.len <= in.len &&
              \forall integer k; 0 <= k < text.len ==>
                \at(in.ptr[\old(*at) + k],Old) == \at(text.ptr[k],Old);
    ensures *at == \old(*at) + (\result ? text.len : 0) <= in.len; */
static bool take_text(struct holm_bytes in, size_t *at, struct holm_bytes text)
{
    struct holm_bytes part = { 0 };
    if (!holm_bytes_part(in, *at, text.len, &part) || !holm_bytes_equal(part, text))
        return false;
    *at += text.len;
    return true;
}

/*@ requires holm_readable(in) && \valid(at) && *at <= in.len && digits \in { 1, 2, 4 };
    requires \valid(number) && \separated(number, at);
    requires \separated(at, in.ptr + (0 .. in.len - 1));
    requires \separated(number, in.ptr + (0 .. in.len - 1));
    assigns *at, *number;
    ensures *at == \old(*at) + (\result ? digits : 0) <= in.len;
    ensures \result ==> *number == holm_http_number{Old}(in.ptr + \old(*at), digits);
    ensures \result ==> *number <= (digits == 1 ? 9 : digits == 2 ? 99 : 9999); */
static bool take_number(struct holm_bytes in, size_t *at, size_t digits, uint64_t *number)
{
    struct holm_bytes part = { 0 };
    if (!holm_bytes_part(in, *at, digits, &part) || holm_http_number_parse(number, part) != HOLM_OK)
        return false;
    *at += digits;
    return true;
}

/*@ requires holm_readable(in) && \valid(at) && *at <= in.len && \valid(month);
    requires \separated(month, at);
    requires \separated(at, in.ptr + (0 .. in.len - 1));
    requires \separated(month, in.ptr + (0 .. in.len - 1));
    assigns *at, *month;
    ensures *at == \old(*at) + (\result ? 3 : 0) <= in.len;
    ensures \result ==> 1 <= *month <= 12; */
static bool take_month(struct holm_bytes in, size_t *at, uint64_t *month)
{
    /*@ loop invariant 0 <= i <= 12 && *at == \at(*at,Pre);
        loop assigns i, *at, *month;
        loop variant 12 - i; */
    for (size_t i = 0; i < 12; i++) {
        *month = i + 1;
        if (take_text(in, at, name_at(MONTHS, i)))
            return true;
    }
    return false;
}

/*@ requires holm_readable(in) && \valid(at) && *at <= in.len && \valid(date);
    requires \separated(date, at);
    requires \separated(at, in.ptr + (0 .. in.len - 1));
    requires \separated(date, in.ptr + (0 .. in.len - 1));
    assigns *at, date->hour, date->minute, date->second;
    ensures *at <= in.len;
    ensures \result ==> *at == \old(*at) + 8 && date->hour <= 99; */
static bool take_time(struct holm_bytes in, size_t *at, struct date *date)
{
    return take_number(in, at, 2, &date->hour) && take_text(in, at, HOLM_TEXT(":")) &&
           take_number(in, at, 2, &date->minute) && take_text(in, at, HOLM_TEXT(":")) &&
           take_number(in, at, 2, &date->second);
}

/* take_day takes the number of a day, a month and a year, with text between them. */
/*@ requires holm_readable(in) && holm_readable(between) && \valid(at) && *at <= in.len;
    requires \valid(date) && \separated(date, at) && digits \in { 2, 4 };
    requires \separated(at, in.ptr + (0 .. in.len - 1));
    requires \separated(date, in.ptr + (0 .. in.len - 1));
    assigns *at, date->day, date->month, date->year;
    ensures *at <= in.len;
    ensures \result ==> 1 <= date->month <= 12 && date->year <= (digits == 2 ? 99 : 9999); */
static bool take_day(struct holm_bytes in, size_t *at, struct holm_bytes between, size_t digits,
                     struct date *date)
{
    return take_number(in, at, 2, &date->day) && take_text(in, at, between) &&
           take_month(in, at, &date->month) && take_text(in, at, between) &&
           take_number(in, at, digits, &date->year);
}

enum { WEEKDAY_MAX = 9, WEEKDAYS = 7 };

struct weekday {
    uint8_t len;
    uint8_t name[WEEKDAY_MAX];
};

static const struct weekday weekdays[WEEKDAYS] = {
    { 6, "Sunday" },   { 6, "Monday" }, { 7, "Tuesday" },  { 9, "Wednesday" },
    { 8, "Thursday" }, { 6, "Friday" }, { 8, "Saturday" },
};

/* weekday_at gives a day's long name; it keeps the table out of other proofs. */
/*@ requires i < WEEKDAYS;
    assigns \nothing;
    ensures holm_readable(\result) && \result.len <= WEEKDAY_MAX; */
static struct holm_bytes weekday_at(size_t i)
{
    const struct weekday *day = &HOLM_AT(weekdays, i);
    return holm_http__head_before(HOLM_BLOB(day->name), day->len);
}

/* take_weekday takes the short or long name of a day. */
/*@ requires holm_readable(in) && \valid(at) && *at <= in.len;
    requires \separated(at, in.ptr + (0 .. in.len - 1));
    assigns *at;
    ensures \old(*at) <= *at <= in.len && *at <= \old(*at) + (is_long ? WEEKDAY_MAX : 3);
    ensures !\result ==> *at == \old(*at); */
static bool take_weekday(struct holm_bytes in, size_t *at, bool is_long)
{
    /*@ loop invariant 0 <= i <= WEEKDAYS && *at == \at(*at,Pre);
        loop assigns i, *at;
        loop variant WEEKDAYS - i; */
    for (size_t i = 0; i < WEEKDAYS; i++) {
        struct holm_bytes name = weekday_at(i);
        if (take_text(in, at, is_long ? name : holm_http__head_before(name, 3)))
            return true;
    }
    return false;
}

/* fixdate_parse reads Sun, 06 Nov 1994 08:49:37 GMT. */
/*@ requires holm_readable(in) && \valid(date) && \separated(date, in.ptr + (0 .. in.len - 1));
    assigns *date;
    ensures \result ==> holm_date_read(date, 9999); */
static bool fixdate_parse(struct holm_bytes in, struct date *date)
{
    size_t at = 0;
    return take_weekday(in, &at, false) && take_text(in, &at, HOLM_TEXT(", ")) &&
           take_day(in, &at, HOLM_TEXT(" "), 4, date) && take_text(in, &at, HOLM_TEXT(" ")) &&
           take_time(in, &at, date) && take_text(in, &at, HOLM_TEXT(" GMT")) && at == in.len;
}

/* take_padded takes two digits, or a blank and one. */
/*@ requires holm_readable(in) && \valid(at) && *at <= in.len && \valid(number);
    requires \separated(number, at);
    requires \separated(at, in.ptr + (0 .. in.len - 1));
    requires \separated(number, in.ptr + (0 .. in.len - 1));
    assigns *at, *number;
    ensures *at <= in.len;
    ensures \result ==> *at == \old(*at) + 2 && *number <= 99; */
static bool take_padded(struct holm_bytes in, size_t *at, uint64_t *number)
{
    if (take_text(in, at, HOLM_TEXT(" ")))
        return take_number(in, at, 1, number);
    return take_number(in, at, 2, number);
}

/* asctime_parse reads Sun Nov  6 08:49:37 1994. */
/*@ requires holm_readable(in) && \valid(date) && \separated(date, in.ptr + (0 .. in.len - 1));
    assigns *date;
    ensures \result ==> holm_date_read(date, 9999); */
static bool asctime_parse(struct holm_bytes in, struct date *date)
{
    size_t at = 0;
    return take_weekday(in, &at, false) && take_text(in, &at, HOLM_TEXT(" ")) &&
           take_month(in, &at, &date->month) && take_text(in, &at, HOLM_TEXT(" ")) &&
           take_padded(in, &at, &date->day) && take_text(in, &at, HOLM_TEXT(" ")) &&
           take_time(in, &at, date) && take_text(in, &at, HOLM_TEXT(" ")) &&
           take_number(in, &at, 4, &date->year) && at == in.len;
}

/* rfc850_parse reads Sunday, 06-Nov-94 08:49:37 GMT; the century is not in it. */
/*@ requires holm_readable(in) && \valid(date) && \separated(date, in.ptr + (0 .. in.len - 1));
    assigns *date;
    ensures \result ==> holm_date_read(date, 99); */
static bool rfc850_parse(struct holm_bytes in, struct date *date)
{
    size_t at = 0;
    return take_weekday(in, &at, true) && take_text(in, &at, HOLM_TEXT(", ")) &&
           take_day(in, &at, HOLM_TEXT("-"), 2, date) && take_text(in, &at, HOLM_TEXT(" ")) &&
           take_time(in, &at, date) && take_text(in, &at, HOLM_TEXT(" GMT")) && at == in.len;
}

/* century_add finds the century of a year of two digits. */
/*@ requires \valid(date) && date->year <= 99;
    assigns date->year;
    ensures 1900 <= date->year <= 9999 && date->year % 100 == \old(date->year);
    ensures now_s == 0 ==> 1970 <= date->year <= 2069; */
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

/*@ requires holm_readable(text) && \valid(date) && \separated(date, text.ptr + (0 .. text.len - 1));
    assigns *date;
    ensures \result ==> holm_date_read(date, 9999); */
static bool forms_parse(struct holm_bytes text, struct date *date, uint64_t now_s)
{
    if (fixdate_parse(text, date) || asctime_parse(text, date))
        return true;
    if (!rfc850_parse(text, date))
        return false;
    century_add(date, now_s);
    return true;
}

/* date_check answers whether there is such a time; a leap second is the next minute's first. */
/*@ requires \valid_read(date) && \valid(utc_s) && \separated(date, utc_s);
    requires 1970 <= date->year <= 9999 && 1 <= date->month <= 12;
    assigns *utc_s;
    ensures \result <==> 1 <= date->day <= holm_month_days(date->year, date->month) &&
              date->hour < 24 && date->minute < 60 && date->second <= 60;
    ensures \result ==> *utc_s == holm_days(date->year, date->month, date->day) * DAY_S +
              date->hour * HOUR_S + date->minute * MINUTE_S + date->second;
    ensures \result ==> *utc_s <= HOLM_HTTP_DATE_MAX_S + 1;
    ensures !\result ==> *utc_s == \old(*utc_s); */
static bool date_check(const struct date *date, uint64_t *utc_s)
{
    if (date->day < 1 || date->day > month_days(date->year, date->month) || date->hour >= 24 ||
        date->minute >= 60 || date->second > 60)
        return false;
    *utc_s = days_of(date) * DAY_S + date->hour * HOUR_S + date->minute * MINUTE_S + date->second;
    return true;
}

enum holm_result holm_http_date_parse(uint64_t *utc_s, struct holm_bytes text, uint64_t now_s)
{
    struct date date = { 0 };
    if (!forms_parse(text, &date, now_s))
        return HOLM_ERR_MALFORMED;
    if (date.year < 1970)
        return HOLM_ERR_UNSUPPORTED;
    return date_check(&date, utc_s) ? HOLM_OK : HOLM_ERR_MALFORMED;
}
