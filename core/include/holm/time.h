/* SPDX-License-Identifier: ISC */
/* holm/time.h: units of time, and UTC as people write it. Pure: it reads no clock. Seconds count
 * from 1970-01-01T00:00:00Z without leap seconds, as POSIX does. */
#pragma once

#include <holm/bytes.h>

#define HOLM_NS_PER_US UINT64_C(1000)
#define HOLM_NS_PER_MS UINT64_C(1000000)
#define HOLM_NS_PER_S UINT64_C(1000000000)
#define HOLM_SECONDS_PER_DAY 86400U
/* HOLM_UTC_SECONDS_MAX is the last second of the year 9999. */
#define HOLM_UTC_SECONDS_MAX 253402300799U

/* struct holm_civil is a second of UTC by the Gregorian calendar. */
struct holm_civil {
    uint16_t year; /* 1970 to 9999 */
    uint8_t month; /* 1 to 12 */
    uint8_t day;   /* 1 to 31 */
    uint8_t hour;
    uint8_t minute;
    uint8_t second;  /* 0 to 59 */
    uint8_t weekday; /* 0 Sunday to 6 Saturday */
};

/* holm_civil_from_utc is the date and time at that second; after HOLM_UTC_SECONDS_MAX it stays at
 * it. */
struct holm_civil holm_civil_from_utc(uint64_t seconds);

/* holm_utc_from_civil sets *seconds to the second that civil names, whatever its weekday says.
 *
 * Errors:  HOLM_ERR_INVALID  no such day or time; *seconds is unchanged */
HOLM_MUST_USE enum holm_result holm_utc_from_civil(uint64_t *seconds,
                                                   const struct holm_civil *civil);

/* holm_text_time_emit appends UTC of so many nanoseconds, to the millisecond, 24 bytes:
 * "2026-11-21T14:25:15.000Z"; false, and nothing changes, if it does not fit.
 *
 * Source:  RFC 3339 section 5.6. */
HOLM_MUST_USE bool holm_text_time_emit(struct holm_buffer *out, uint64_t utc_ns);
