/*
 * exposure.c -- money for goods that an agent has not delivered.
 */

#include "books/goods_core.h"

void
dbk_exposure_escrow(struct dbk_decision *d, uint32_t order, int64_t amount)
{
	(void)d, (void)order, (void)amount;
}

bool
dbk_exposure_payment(struct dbk_decision *d, uint32_t order)
{
	(void)d, (void)order;
	return true;
}

bool
dbk_exposure_payout(struct dbk_decision *d, uint32_t agent)
{
	(void)d, (void)agent;
	return true;
}

int64_t
dbk_exposure_of(const struct dbk_books *books, uint32_t agent)
{
	(void)books, (void)agent;
	return 0;
}
