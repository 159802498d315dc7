#include "metrics/flows.h"

#include <stdlib.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_flows {
	struct dbk_study *study;
};

enum dbk_err
dbk_flows_open(struct dbk_study *study, struct dbk_flows **out)
{
	struct dbk_flows *flows = calloc(1, sizeof *flows);

	if (flows == NULL)
		return DBK_FAILED_MEMORY;
	flows->study = study;
	*out = flows;
	return DBK_OK;
}

void
dbk_flows_close(struct dbk_flows *flows)
{
	free(flows);
}

enum dbk_err
dbk_flows_add(struct dbk_flows *flows, const struct dbk_taken *taken)
{
	(void)flows, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_flows_end(struct dbk_flows *flows)
{
	(void)flows;
	return DBK_OK;
}

int64_t
dbk_flows_sum(const struct dbk_flows *flows, enum dbk_flow flow, int32_t from,
	      int32_t to)
{
	(void)flows, (void)flow, (void)from, (void)to;
	return 0;
}

uint64_t
dbk_flows_facts(const struct dbk_flows *flows, enum dbk_flow flow, int32_t from,
		int32_t to)
{
	(void)flows, (void)flow, (void)from, (void)to;
	return 0;
}

const struct dbk_evidence *
dbk_flows_evidence(const struct dbk_flows *flows, enum dbk_flow flow)
{
	static const struct dbk_evidence none;

	(void)flows, (void)flow;
	return &none;
}

int64_t
dbk_flows_retail_lenient(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	(void)flows, (void)from, (void)to;
	return 0;
}

int64_t
dbk_flows_retail_all(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	(void)flows, (void)from, (void)to;
	return 0;
}

int64_t
dbk_flows_purchases(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	(void)flows, (void)from, (void)to;
	return 0;
}

int64_t
dbk_flows_self(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	(void)flows, (void)from, (void)to;
	return 0;
}

int64_t
dbk_flows_revenue(const struct dbk_flows *flows, int32_t from, int32_t to)
{
	(void)flows, (void)from, (void)to;
	return 0;
}

const struct dbk_metric dbk_flows_metrics[] = { { .name = NULL } };
