/*
 * caps.c -- what one agent may earn in a month, by the plan.
 *
 * The sums are of one month an agent, that of the book's clock, which never goes back:
 * what comes late counts in the month in which it comes.
 */

#include "base/money.h"
#include "books/accrual.h"

/* AGENT's purse, its sums those of this month. */
static bool
purse_of_month(const struct dbk_accrual *a, uint32_t agent, struct dbk_row_purse **out)
{
	uint32_t month = dbk_local_month(a->d->books, dbk_clock(a->d->books)) + 1;
	uint32_t purse;

	if (!dbk_purse_need(a->d, agent, &purse))
		return false;
	*out = DBK_TOUCH(a->d->books, purses, purse, purse);
	if ((*out)->cap_month != month) {
		(*out)->cap_month = month;
		(*out)->cap_accrued = (*out)->cap_retail = 0;
	}
	return true;
}

static bool
add(const struct dbk_accrual *a, int64_t amount, int64_t *sum)
{
	if (dbk_money_add(*sum, amount, sum))
		return true;
	return dbk_refuse_measured(a->d, DBK_RULE_AMOUNT_OVERFLOW, dbk_field("amount"),
				   amount, INT64_MAX);
}

bool
dbk_caps_count_retail(const struct dbk_accrual *a, uint32_t agent, int64_t amount)
{
	struct dbk_row_purse *purse;

	return purse_of_month(a, agent, &purse) && add(a, amount, &purse->cap_retail);
}

static int64_t
what_is_left(int64_t cap, int64_t accrued)
{
	return cap > accrued ? cap - accrued : 0;
}

bool
dbk_caps_cut(const struct dbk_accrual *a, uint32_t agent, int64_t *amount,
	     int64_t *out_cut, enum dbk_unassigned *out_reason)
{
	int64_t by_agent = INT64_MAX, by_retail = INT64_MAX, left;
	struct dbk_row_purse *purse;

	if (!purse_of_month(a, agent, &purse))
		return false;
	if (a->plan->agent_period_cap > 0)
		by_agent = what_is_left(a->plan->agent_period_cap, purse->cap_accrued);
	if (a->plan->own_retail_cap_ppm > 0)
		by_retail = what_is_left(dbk_money_muldiv(purse->cap_retail,
							  a->plan->own_retail_cap_ppm,
							  DBK_PPM_MAX),
					 purse->cap_accrued);
	left = by_agent < by_retail ? by_agent : by_retail;
	*out_reason =
	    by_retail < by_agent ? DBK_UNASSIGNED_RETAIL_CAP : DBK_UNASSIGNED_AGENT_CAP;
	*out_cut = *amount > left ? *amount - left : 0;
	*amount -= *out_cut;
	return add(a, *amount, &purse->cap_accrued);
}
