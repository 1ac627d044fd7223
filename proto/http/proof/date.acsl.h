/* SPDX-License-Identifier: ISC */
/* date.acsl.h: what is promised of dates, for Frama-C: days are counted by the Gregorian calendar. */
#pragma once

#include "values.acsl.h"

/*@ logic integer holm_leap(integer year) =
      year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 1 : 0;
    logic integer holm_month_days(integer year, integer month) =
      month == 2 ? 28 + holm_leap(year) :
      month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    // The days of a year that stand before a month, in a year that is no leap year.
    logic integer holm_days_before(integer month) =
      month == 1 ? 0 : month == 2 ? 31 : month == 3 ? 59 : month == 4 ? 90 : month == 5 ? 120 :
      month == 6 ? 151 : month == 7 ? 181 : month == 8 ? 212 : month == 9 ? 243 :
      month == 10 ? 273 : month == 11 ? 304 : 334;
    // The days from 1 March to the first of a month that follows it.
    logic integer holm_march_days(integer month) =
      month <= 2 ? holm_days_before(month) + 306 : holm_days_before(month) - 59;
    // The days from 1 January 1970 to that day; 477 leap days were before 1970.
    logic integer holm_days(integer year, integer month, integer day) =
      (year - 1970) * 365 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477 +
      holm_days_before(month) + (month > 2 ? holm_leap(year) : 0) + day - 1;
    logic integer holm_two{L}(uint8_t *p) = (p[0] - '0') * 10 + (p[1] - '0');
*/

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> utc_s <= HOLM_HTTP_DATE_MAX_S &&
              out->size - \old(out->len) >= HOLM_HTTP_DATE_LEN;
    ensures \result ==> out->len == \old(out->len) + HOLM_HTTP_DATE_LEN;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_http_date_emit(struct holm_buffer *out, uint64_t utc_s);

/*@ requires \valid(utc_s) && holm_readable(text);
    requires \separated(utc_s, text.ptr + (0 .. text.len - 1));
    assigns *utc_s;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> *utc_s <= HOLM_HTTP_DATE_MAX_S + 1;
    ensures \result != HOLM_OK ==> *utc_s == \old(*utc_s); */
enum holm_result holm_http_date_parse(uint64_t *utc_s, struct holm_bytes text, uint64_t now_s);
