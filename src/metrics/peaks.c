#include "metrics/peaks.h"

#include <stdlib.h>
#include <string.h>

void
dbk_peaks_fini(struct dbk_peaks *peaks)
{
	free(peaks->days);
	memset(peaks, 0, sizeof *peaks);
}

/* Where DAY stands, or would. */
static uint32_t
place_of(const struct dbk_peaks *peaks, int32_t day)
{
	uint32_t low = 0, high = peaks->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (peaks->days[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum dbk_err
insert(struct dbk_peaks *peaks, uint32_t at, int32_t day)
{
	uint32_t capacity = peaks->capacity == 0 ? 64 : peaks->capacity * 2;
	struct dbk_peak *days = peaks->days;

	if (peaks->n == peaks->capacity) {
		days = realloc(days, capacity * sizeof *days);
		if (days == NULL)
			return DBK_FAILED_MEMORY;
		peaks->days = days;
		peaks->capacity = capacity;
	}
	memmove(days + at + 1, days + at, (peaks->n - at) * sizeof *days);
	days[at] = (struct dbk_peak){ .day = day, .amount = INT64_MIN };
	peaks->n++;
	return DBK_OK;
}

enum dbk_err
dbk_peaks_add(struct dbk_peaks *peaks, int32_t day, int64_t amount, uint64_t position)
{
	uint32_t at = place_of(peaks, day);
	enum dbk_err err;

	if (at == peaks->n || peaks->days[at].day != day) {
		err = insert(peaks, at, day);
		if (err != DBK_OK)
			return err;
	}
	if (amount > peaks->days[at].amount || peaks->days[at].count == 0) {
		peaks->days[at].amount = amount;
		peaks->days[at].position = position;
	}
	if (peaks->days[at].count < UINT32_MAX)
		peaks->days[at].count++;
	return DBK_OK;
}

bool
dbk_peaks_highest(const struct dbk_peaks *peaks, int32_t from, int32_t to,
		  struct dbk_peak *out)
{
	const struct dbk_peak *day;
	uint64_t count = 0;
	bool found = false;

	for (uint32_t i = place_of(peaks, from);
	     i < peaks->n && peaks->days[i].day < to; i++) {
		day = &peaks->days[i];
		count += day->count;
		if (!found || day->amount > out->amount)
			*out = *day;
		found = true;
	}
	if (found)
		out->count = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	return found;
}
