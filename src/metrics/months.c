#include "metrics/months.h"

#include <stdlib.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_months {
	struct dbk_study *study;
};

enum dbk_err
dbk_months_open(struct dbk_study *study, struct dbk_months **out)
{
	struct dbk_months *months = calloc(1, sizeof *months);

	if (months == NULL)
		return DBK_FAILED_MEMORY;
	months->study = study;
	*out = months;
	return DBK_OK;
}

void
dbk_months_close(struct dbk_months *months)
{
	free(months);
}

enum dbk_err
dbk_months_add(struct dbk_months *months, const struct dbk_taken *taken)
{
	(void)months, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_months_end(struct dbk_months *months)
{
	(void)months;
	return DBK_OK;
}

uint32_t
dbk_months_count(const struct dbk_months *months)
{
	(void)months;
	return 0;
}

const struct dbk_month_row *
dbk_months_row(const struct dbk_months *months, uint32_t number)
{
	(void)months, (void)number;
	return NULL;
}

uint32_t
dbk_months_latest(const struct dbk_months *months, uint32_t account)
{
	(void)months, (void)account;
	return 0;
}

int64_t
dbk_months_self_capped(const struct dbk_months *months, int64_t cap, int32_t from,
		       int32_t to)
{
	(void)months, (void)cap, (void)from, (void)to;
	return 0;
}

const struct dbk_metric dbk_months_metrics[] = { { .name = NULL } };
