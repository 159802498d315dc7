#ifndef DBK_BASE_TIME_H
#define DBK_BASE_TIME_H

/*
 * time.h -- instants as microseconds since 1970-01-01 UTC, and RFC 3339 texts.
 *
 * Pure arithmetic on the proleptic Gregorian calendar; nothing here asks what time it
 * is.  Leap seconds do not exist in this count, as in POSIX.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* "9999-12-31T23:59:59.999999Z" and a terminator. */
#define DBK_TIME_TEXT_BYTES 32

/*
 * Write US as RFC 3339 in UTC with 0, 3 or 6 digits of fraction, as proto3 JSON asks
 * for.  US lies within DBK_TIME_US_MIN and DBK_TIME_US_MAX (asserted).  Returns the length.
 */
size_t dbk_time_format(int64_t us, char out[DBK_TIME_TEXT_BYTES]);

/*
 * Read an RFC 3339 date-time with Z or a numeric offset and at most nine digits of
 * fraction.  *OUT_NANOS gets what is finer than a second.  False if it is none, or
 * outside the years 1970 to 9999.
 */
bool dbk_time_parse(struct dbk_str text, int64_t *out_seconds,
		    int32_t *out_nanos);

/* Days since 1970-01-01 of a civil date; MONTH 1 to 12, DAY 1 to 31. */
int64_t dbk_time_days_of_civil(int64_t year, unsigned month, unsigned day);

/* The civil date of DAYS (>= 0) since 1970-01-01; month from 1 to 12, day from 1 to 31. */
void dbk_time_civil_of_days(int64_t days, int *year, int *month, int *day);

#endif
