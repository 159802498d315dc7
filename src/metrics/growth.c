#include "metrics/growth.h"

#include <stdlib.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_growth {
	struct dbk_study *study;
};

enum dbk_err
dbk_growth_open(struct dbk_study *study, struct dbk_growth **out)
{
	struct dbk_growth *growth = calloc(1, sizeof *growth);

	if (growth == NULL)
		return DBK_FAILED_MEMORY;
	growth->study = study;
	*out = growth;
	return DBK_OK;
}

void
dbk_growth_close(struct dbk_growth *growth)
{
	free(growth);
}

enum dbk_err
dbk_growth_add(struct dbk_growth *growth, const struct dbk_taken *taken)
{
	(void)growth, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_growth_end(struct dbk_growth *growth)
{
	(void)growth;
	return DBK_OK;
}

const struct dbk_metric dbk_growth_metrics[] = { { .name = NULL } };

uint32_t
dbk_growth_months(const struct dbk_growth *growth, const struct dbk_growth_month **out)
{
	(void)growth;
	*out = NULL;
	return 0;
}
