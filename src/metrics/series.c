#include "metrics/series.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/time.h"

#define PAGE_DAYS 64
#define FIRST_ROOM 2u
#define MONTHS_A_YEAR 12
#define EPOCH_YEAR 1970
#define MINUTE_US INT64_C(60000000)
#define DAY_US INT64_C(86400000000)

/* The calendar repeats after these; so many bring any int32 day above 0. */
#define ERA_YEARS 400
#define ERA_DAYS 146097
#define ERAS 14700

struct dbk_series_page {
	int32_t number; /* its first day is PAGE_DAYS times this */
	int64_t sums[PAGE_DAYS];
};

void
dbk_series_init(struct dbk_series *series)
{
	memset(series, 0, sizeof *series);
}

void
dbk_series_fini(struct dbk_series *series)
{
	free(series->pages);
	free(series->order);
	memset(series, 0, sizeof *series);
}

static int32_t
page_number(int32_t day)
{
	return day / PAGE_DAYS - (day % PAGE_DAYS < 0);
}

/* Where in the order the page NUMBER stands, or would. */
static uint32_t
place_of(const struct dbk_series *series, int32_t number)
{
	uint32_t low = 0, high = series->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (series->pages[series->order[middle]].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
grow(struct dbk_series *series)
{
	uint32_t room = series->capacity == 0 ? FIRST_ROOM : series->capacity * 2;
	struct dbk_series_page *pages =
	    realloc(series->pages, room * sizeof *series->pages);
	uint32_t *order;

	if (pages == NULL)
		return false;
	series->pages = pages;
	order = realloc(series->order, room * sizeof *order);
	if (order == NULL)
		return false;
	series->order = order;
	series->capacity = room;
	return true;
}

/* Let the page NUMBER be the latest one. */
static enum dbk_err
reach(struct dbk_series *series, int32_t number)
{
	uint32_t at = place_of(series, number);

	if (at < series->n && series->pages[series->order[at]].number == number) {
		series->latest = series->order[at];
		return DBK_OK;
	}
	if (series->n == series->capacity && !grow(series))
		return DBK_FAILED_MEMORY;
	memmove(series->order + at + 1, series->order + at,
		(series->n - at) * sizeof *series->order);
	series->order[at] = series->latest = series->n++;
	series->pages[series->latest] = (struct dbk_series_page){ .number = number };
	return DBK_OK;
}

enum dbk_err
dbk_series_add(struct dbk_series *series, int32_t day, int64_t amount)
{
	int32_t number = page_number(day);
	enum dbk_err err = DBK_OK;
	int64_t *sum;

	if (series->n == 0 || series->pages[series->latest].number != number)
		err = reach(series, number);
	if (err != DBK_OK)
		return err;
	sum = &series->pages[series->latest]
		   .sums[(int64_t)day - (int64_t)number * PAGE_DAYS];
	*sum = dbk_money_sum(*sum, amount);
	return DBK_OK;
}

int64_t
dbk_series_sum(const struct dbk_series *series, int32_t from, int32_t to)
{
	dbk_wide sum = 0;

	for (uint32_t at = place_of(series, page_number(from)); at < series->n; at++) {
		const struct dbk_series_page *page = &series->pages[series->order[at]];
		int64_t first = (int64_t)page->number * PAGE_DAYS;
		int64_t begin = from > first ? from - first : 0;
		int64_t end = to - first < PAGE_DAYS ? to - first : PAGE_DAYS;

		if (end <= 0)
			break;
		for (int64_t i = begin; i < end; i++)
			sum += page->sums[i];
	}
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
