#include "metrics/holdings.h"

#include <stdlib.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_holdings {
	struct dbk_study *study;
};

enum dbk_err
dbk_holdings_open(struct dbk_study *study, struct dbk_holdings **out)
{
	struct dbk_holdings *holdings = calloc(1, sizeof *holdings);

	if (holdings == NULL)
		return DBK_FAILED_MEMORY;
	holdings->study = study;
	*out = holdings;
	return DBK_OK;
}

void
dbk_holdings_close(struct dbk_holdings *holdings)
{
	free(holdings);
}

enum dbk_err
dbk_holdings_add(struct dbk_holdings *holdings, const struct dbk_taken *taken)
{
	(void)holdings, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_holdings_end(struct dbk_holdings *holdings)
{
	(void)holdings;
	return DBK_OK;
}

const struct dbk_tier_flow *
dbk_holdings_tier(const struct dbk_holdings *holdings, uint32_t tier)
{
	(void)holdings, (void)tier;
	return NULL;
}

uint32_t
dbk_holdings_tiers(const struct dbk_holdings *holdings)
{
	(void)holdings;
	return 0;
}

int64_t
dbk_holdings_brand_to_consumers(const struct dbk_holdings *holdings)
{
	(void)holdings;
	return 0;
}

int64_t
dbk_holdings_self_used(const struct dbk_holdings *holdings, uint32_t agent)
{
	(void)holdings, (void)agent;
	return 0;
}

int64_t
dbk_holdings_on_hand(const struct dbk_holdings *holdings, uint32_t agent)
{
	(void)holdings, (void)agent;
	return 0;
}

int64_t
dbk_holdings_aged(const struct dbk_holdings *holdings, uint32_t agent, uint32_t days)
{
	(void)holdings, (void)agent, (void)days;
	return 0;
}

const struct dbk_metric dbk_holdings_metrics[] = { { .name = NULL } };
