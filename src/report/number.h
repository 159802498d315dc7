#ifndef DBK_REPORT_NUMBER_H
#define DBK_REPORT_NUMBER_H

/*
 * number.h -- figures as people read them: grouped by thousands, amounts in major
 * units, shares in percent rounded down.  Integers only.
 *
 * Thread: any.
 */

#include <stddef.h>
#include <stdint.h>

/* "-9,223,372,036,854.775807" or "-922,337,203,685,477,580,700.00%" and a terminator.
 */
#define DBK_NUMBER_BYTES 64

/* "1,234,567", "-1,234". */
void dbk_number_whole(int64_t value, char out[DBK_NUMBER_BYTES]);
void dbk_number_count(uint64_t value, char out[DBK_NUMBER_BYTES]);

/* An amount in minor units with EXPONENT (at most 6, else taken as 6) digits behind the
 * point: 123456789 with 2 is "1,234,567.89". */
void dbk_number_amount(int64_t amount, uint32_t exponent, char out[DBK_NUMBER_BYTES]);

/* floor(10^4 N / D) as percent with two digits: "12.34%", "-0.01%"; "-" if D < 1. */
void dbk_number_share(int64_t numerator, int64_t denominator,
		      char out[DBK_NUMBER_BYTES]);

/* floor(10^2 N / D) with two digits behind the point: "10.35"; "-" if D < 1. */
void dbk_number_ratio(int64_t numerator, int64_t denominator,
		      char out[DBK_NUMBER_BYTES]);

/* "9999-12-31 23:59:59" and a terminator. */
#define DBK_NUMBER_MOMENT_BYTES 32

/* SECONDS since 1970 in the local time of an offset; "-" outside the years 1970 to
 * 9999. */
void dbk_number_moment(int64_t seconds, int32_t utc_offset_minutes,
		       char out[DBK_NUMBER_MOMENT_BYTES]);

#endif
