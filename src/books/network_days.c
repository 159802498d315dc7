/*
 * network_days.c -- what moved of a sku on a day, of a tier, of a cohort.
 */

#include "books/goods_core.h"

uint32_t
dbk_sku_day_find(const struct dbk_books *books, uint32_t sku, uint32_t day)
{
	(void)books, (void)sku, (void)day;
	return 0;
}

bool
dbk_sku_day_need(struct dbk_decision *d, uint32_t sku, uint32_t day, uint32_t *out)
{
	(void)d, (void)sku, (void)day;
	*out = 0;
	return true;
}

bool
dbk_tier_need(struct dbk_decision *d, uint32_t sku, uint32_t tier, uint32_t *out)
{
	(void)d, (void)sku, (void)tier;
	*out = 0;
	return true;
}

bool
dbk_cohort_need(struct dbk_decision *d, uint32_t month, uint32_t *out)
{
	(void)d, (void)month;
	*out = 0;
	return true;
}

bool
dbk_cohort_join(struct dbk_decision *d, uint32_t agent)
{
	(void)d, (void)agent;
	return true;
}

bool
dbk_cohort_count(struct dbk_decision *d, uint32_t agent, int64_t bought, int64_t sold)
{
	(void)d, (void)agent, (void)bought, (void)sold;
	return true;
}

void
dbk_network_window(const struct dbk_books *books, uint32_t sku, uint32_t days,
		   struct dbk_network_sums *out)
{
	(void)books, (void)sku, (void)days;
	memset(out, 0, sizeof *out);
}

bool
dbk_supply_step(struct dbk_decision *d, uint32_t giver, uint32_t position, int64_t units,
		int64_t value, bool issued)
{
	(void)d, (void)giver, (void)position, (void)units, (void)value, (void)issued;
	return true;
}
