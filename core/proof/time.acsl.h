/* SPDX-License-Identifier: ISC */
/* time.acsl.h: what is promised of UTC, for Frama-C. */
#pragma once

#include "text_number.acsl.h"

#include <holm/time.h>

/*@ // Days from 1970-01-01 to a day of the Gregorian calendar; years that begin with March.
    logic integer holm_day_of(integer year, integer month, integer day) =
      \let y = month > 2 ? year : year - 1;
      \let m = month > 2 ? month - 3 : month + 9;
      y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
    logic integer holm_second_of(integer hour, integer minute, integer second) =
      hour * 3600 + minute * 60 + second;
    logic integer holm_utc_within(integer seconds) =
      seconds <= HOLM_UTC_SECONDS_MAX ? seconds : HOLM_UTC_SECONDS_MAX;
*/

/*@ assigns \nothing;
    ensures 1 <= \result.month <= 12 && 1 <= \result.day <= 31 && \result.weekday <= 6;
    ensures \result.hour <= 23 && \result.minute <= 59 && \result.second <= 59;
    ensures holm_day_of(\result.year, \result.month, \result.day) ==
              holm_utc_within(seconds) / HOLM_SECONDS_PER_DAY;
    ensures holm_second_of(\result.hour, \result.minute, \result.second) ==
              holm_utc_within(seconds) % HOLM_SECONDS_PER_DAY; */
struct holm_civil holm_civil_from_utc(uint64_t seconds);

/*@ requires \valid(seconds) && \valid_read(civil) && \separated(seconds, civil);
    assigns *seconds;
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures \result == HOLM_OK ==> 1970 <= civil->year <= 9999 && 1 <= civil->month <= 12 &&
              1 <= civil->day <= 31;
    ensures \result == HOLM_OK ==>
              civil->hour <= 23 && civil->minute <= 59 && civil->second <= 59;
    ensures \result == HOLM_OK ==>
              *seconds == holm_day_of(civil->year, civil->month, civil->day) *
                            HOLM_SECONDS_PER_DAY +
                          holm_second_of(civil->hour, civil->minute, civil->second);
    ensures \result != HOLM_OK ==> *seconds == \old(*seconds); */
enum holm_result holm_utc_from_civil(uint64_t *seconds, const struct holm_civil *civil);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len >= \old(out->len) + HOLM_TEXT_TIME_MAX &&
              out->ptr[out->len - 1] == 'Z';
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_time_emit(struct holm_buffer *out, uint64_t utc_ns);
