/*
 * distribution.c -- guards of issues and transfers, of skus, counts and fees.
 */

#include "books/goods_core.h"

bool
dbk_goods_out_check(struct dbk_decision *d, uint32_t holder, uint32_t good,
		    struct dbk_field field)
{
	(void)d, (void)holder, (void)good, (void)field;
	return true;
}

bool
dbk_push_down_check(struct dbk_decision *d, uint32_t holder, uint32_t good, int64_t qty,
		    struct dbk_field field)
{
	(void)d, (void)holder, (void)good, (void)qty, (void)field;
	return true;
}

bool
dbk_network_check(struct dbk_decision *d, uint32_t sku, struct dbk_field field)
{
	(void)d, (void)sku, (void)field;
	return true;
}

bool
dbk_multi_count_check(struct dbk_decision *d, uint32_t sku, struct dbk_field field)
{
	(void)d, (void)sku, (void)field;
	return true;
}

bool
dbk_cloud_check(struct dbk_decision *d, uint32_t sku, bool may_refuse,
		struct dbk_field field)
{
	(void)d, (void)sku, (void)may_refuse, (void)field;
	return true;
}

bool
dbk_profiteering_check(struct dbk_decision *d, uint32_t sku)
{
	(void)d, (void)sku;
	return true;
}

bool
dbk_count_check(struct dbk_decision *d, uint32_t holder, int64_t difference)
{
	(void)d, (void)holder, (void)difference;
	return true;
}

bool
dbk_entry_fee_check(struct dbk_decision *d, uint32_t agent)
{
	(void)d, (void)agent;
	return true;
}
