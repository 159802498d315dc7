#include "metrics/circles.h"

#include <stdlib.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_circles {
	struct dbk_study *study;
};

enum dbk_err
dbk_circles_open(struct dbk_study *study, struct dbk_circles **out)
{
	struct dbk_circles *circles = calloc(1, sizeof *circles);

	if (circles == NULL)
		return DBK_FAILED_MEMORY;
	circles->study = study;
	*out = circles;
	return DBK_OK;
}

void
dbk_circles_close(struct dbk_circles *circles)
{
	free(circles);
}

enum dbk_err
dbk_circles_add(struct dbk_circles *circles, const struct dbk_taken *taken)
{
	(void)circles, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_circles_end(struct dbk_circles *circles)
{
	(void)circles;
	return DBK_OK;
}

const struct dbk_metric dbk_circles_metrics[] = { { .name = NULL } };
