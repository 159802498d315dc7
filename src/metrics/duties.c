#include "metrics/duties.h"

#include <stdlib.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_duties {
	struct dbk_study *study;
};

enum dbk_err
dbk_duties_open(struct dbk_study *study, struct dbk_duties **out)
{
	struct dbk_duties *duties = calloc(1, sizeof *duties);

	if (duties == NULL)
		return DBK_FAILED_MEMORY;
	duties->study = study;
	*out = duties;
	return DBK_OK;
}

void
dbk_duties_close(struct dbk_duties *duties)
{
	free(duties);
}

enum dbk_err
dbk_duties_add(struct dbk_duties *duties, const struct dbk_taken *taken)
{
	(void)duties, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_duties_end(struct dbk_duties *duties)
{
	(void)duties;
	return DBK_OK;
}

const struct dbk_metric dbk_duties_metrics[] = { { .name = NULL } };
