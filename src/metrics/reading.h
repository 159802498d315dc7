#ifndef DBK_METRICS_READING_H
#define DBK_METRICS_READING_H

/*
 * reading.h -- sums into the two readings of a value, bounded, EMPTY where there is
 * nothing to divide by.
 *
 * Thread: any; nothing is kept.
 */

#include "base/money.h"
#include "metrics/metric.h"

/* Shares.  A denominator of 0 or less is EMPTY. */
void dbk_reading_strict(struct dbk_value *out, dbk_wide numerator,
			dbk_wide denominator);
void dbk_reading_lenient(struct dbk_value *out, dbk_wide numerator,
			 dbk_wide denominator);

/* Both readings of what is no share. */
void dbk_reading_plain(struct dbk_value *out, dbk_wide strict, dbk_wide lenient);

#endif
