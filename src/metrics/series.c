#include "metrics/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/time.h"

#define FIRST_ROOM 64u
#define MONTHS_A_YEAR 12
#define EPOCH_YEAR 1970
#define MINUTE_US INT64_C(60000000)
#define DAY_US INT64_C(86400000000)

/* The calendar repeats after these; so many bring any int32 day above 0. */
#define ERA_YEARS 400
#define ERA_DAYS 146097
#define ERAS 14700

void
dbk_series_init(struct dbk_series *series)
{
	memset(series, 0, sizeof *series);
}

void
dbk_series_fini(struct dbk_series *series)
{
	free(series->sums);
	memset(series, 0, sizeof *series);
}

/* Let days [FIRST, END) be there. */
static enum dbk_err
reach(struct dbk_series *series, int64_t first, int64_t end)
{
	uint64_t n = (uint64_t)(end - first), room = series->capacity;
	uint32_t shift = (uint32_t)(series->first_day - first);
	int64_t *sums = series->sums;

	if (n > UINT32_MAX / sizeof *sums)
		return DBK_FAILED_MEMORY;
	if (n > room) {
		room = n < FIRST_ROOM ? FIRST_ROOM : n + n / 2;
		sums = realloc(sums, room * sizeof *sums);
		if (sums == NULL)
			return DBK_FAILED_MEMORY;
	}
	if (shift > 0) {
		memmove(sums + shift, sums, series->n * sizeof *sums);
		memset(sums, 0, shift * sizeof *sums);
	}
	memset(sums + shift + series->n, 0, (n - shift - series->n) * sizeof *sums);
	series->sums = sums;
	series->capacity = (uint32_t)room;
	series->first_day = (int32_t)first;
	series->n = (uint32_t)n;
	return DBK_OK;
}

enum dbk_err
dbk_series_add(struct dbk_series *series, int32_t day, int64_t amount)
{
	int64_t first = series->first_day, end = first + series->n;
	enum dbk_err err = DBK_OK;
	int64_t *sum;

	if (series->n == 0) {
		series->first_day = day;
		err = reach(series, day, (int64_t)day + 1);
	} else if (day < first || day >= end) {
		err = reach(series, day < first ? day : first,
			    day >= end ? (int64_t)day + 1 : end);
	}
	if (err != DBK_OK)
		return err;
	sum = &series->sums[day - series->first_day];
	*sum = dbk_money_sum(*sum, amount);
	return DBK_OK;
}

int64_t
dbk_series_sum(const struct dbk_series *series, int32_t from, int32_t to)
{
	int64_t first = from, end = (int64_t)series->first_day + series->n;
	dbk_wide sum = 0;

	if (first < series->first_day)
		first = series->first_day;
	if (end > to)
		end = to;
	for (int64_t day = first; day < end; day++)
		sum += series->sums[day - series->first_day];
	return dbk_money_bound(sum);
}

int32_t
dbk_month_of_day(int32_t day)
{
	int year, month, day_of_month;

	dbk_time_civil_of_days((int64_t)day + (int64_t)ERAS * ERA_DAYS, &year, &month,
			       &day_of_month);
	return (year - ERAS * ERA_YEARS - EPOCH_YEAR) * MONTHS_A_YEAR + month - 1;
}

int32_t
dbk_month_first_day(int32_t month)
{
	int64_t months = (int64_t)month + (int64_t)ERAS * ERA_YEARS * MONTHS_A_YEAR;
	int64_t days =
	    dbk_time_days_of_civil(EPOCH_YEAR + months / MONTHS_A_YEAR,
				   (unsigned)(months % MONTHS_A_YEAR) + 1, 1);

	return (int32_t)(days - (int64_t)ERAS * ERA_DAYS);
}

int32_t
dbk_day_of_time(int64_t time, int32_t utc_offset_minutes)
{
	int64_t local = dbk_money_sum(time, utc_offset_minutes * MINUTE_US);
	int64_t day = local / DAY_US;

	return (int32_t)(local % DAY_US < 0 ? day - 1 : day);
}
