/*
 * joining.c -- what agents who have just joined may buy.
 */

#include "base/money.h"
#include "books/goods_core.h"

/* Has AGENT joined so lately that it is looked at? */
static bool
has_just_joined(struct dbk_books *books, const struct dbk_row_agent *agent)
{
	return dbk_today(books) - dbk_local_day(books, agent->enrolled_at) <
	       dbk_guard_number(books, DBK_GUARD_JOINING_DAYS);
}

/* AGENT is to have bought BOUGHT in all. */
static bool
joining_allows(struct dbk_decision *d, uint32_t agent, int64_t bought,
	       struct dbk_field field)
{
	const struct dbk_row_agent *row = DBK_ROW(d->books, agents, agent, agent);
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_JOINING);
	struct dbk_violation violation = { .guard = DBK_GUARD_JOINING,
					   .rule = DBK_RULE_JOINING_PURCHASE,
					   .field = field,
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = agent,
					   .measured = bought,
					   .agent = agent };

	if (mode == DBK_GUARD_OFF || !has_just_joined(d->books, row))
		return true;
	violation.limit =
	    dbk_guard_term(d->books, DBK_GUARD_JOINING_VALUE, 0, row->rank);
	return bought <= violation.limit || dbk_guard_fail(d, mode, &violation);
}

bool
dbk_joining_check(struct dbk_decision *d, uint32_t agent, int64_t value,
		  struct dbk_field field)
{
	bool answers = d->event->type == DBK_EVENT_STOCK_ISSUED && d->order != 0;
	int64_t bought;
	uint32_t holder;

	/* What answers an order was bought when that was placed. */
	if (value == 0 || answers)
		return true;
	if (!dbk_agent_holder(d, agent, &holder))
		return false;
	bought = DBK_ROW(d->books, holders, holder, holder)->bought;
	if (!dbk_money_add(bought, value, &bought))
		bought = INT64_MAX;
	if (!joining_allows(d, agent, bought, field))
		return false;
	DBK_TOUCH(d->books, holders, holder, holder)->bought = bought;
	return true;
}
