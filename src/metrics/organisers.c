#include "metrics/metric.h"
#include "metrics/people_private.h"

const struct dbk_metric dbk_people_metrics[] = { { .name = NULL } };
