#ifndef DBK_METRICS_PEAKS_H
#define DBK_METRICS_PEAKS_H

/*
 * peaks.h -- the highest amount of each local day, and the record it stands in.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

struct dbk_peak {
	int32_t day;
	uint32_t count; /* facts of the day */
	int64_t amount;
	uint64_t position; /* the first with this amount */
};

/* Zeroed: empty. */
struct dbk_peaks {
	struct dbk_peak *days; /* in rising order */
	uint32_t n, capacity;
};

void dbk_peaks_fini(struct dbk_peaks *peaks);

DBK_MUST_CHECK enum dbk_err dbk_peaks_add(struct dbk_peaks *peaks, int32_t day,
					  int64_t amount, uint64_t position);

/* The highest of days [from, to), and in OUT->count all facts of those days; false:
 * there is none. */
bool dbk_peaks_highest(const struct dbk_peaks *peaks, int32_t from, int32_t to,
		       struct dbk_peak *out);

#endif
