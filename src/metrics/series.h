#ifndef DBK_METRICS_SERIES_H
#define DBK_METRICS_SERIES_H

/*
 * series.h -- sums by local day, so that any interval of days can be asked for.
 *
 * Sums saturate at the ends of int64 (base/money.h).  Only the weeks in which something
 * happened take memory: a log may put one deed into 1970 and the next into 9999, and do
 * so for each of thousands of series.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

struct dbk_series_page;

struct dbk_series {
	struct dbk_series_page *pages; /* in the order of their first use */
	uint32_t *order;	       /* numbers of pages, by day */
	uint32_t n, capacity, latest;  /* LATEST: the page that was added to last */
};

void dbk_series_init(struct dbk_series *series);
void dbk_series_fini(struct dbk_series *series);

DBK_MUST_CHECK enum dbk_err dbk_series_add(struct dbk_series *series, int32_t day,
					   int64_t amount);

/* The sum of days [from, to). */
int64_t dbk_series_sum(const struct dbk_series *series, int32_t from, int32_t to);

/* Local months: years since 1970 * 12 + month - 1; the first day of one. */
int32_t dbk_month_of_day(int32_t day);
int32_t dbk_month_first_day(int32_t month);

/* The local day of TIME in microseconds. */
int32_t dbk_day_of_time(int64_t time, int32_t utc_offset_minutes);

#endif
