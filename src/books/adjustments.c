/*
 * adjustments.c -- corrections by hand: two people, a reason, and a way to take them
 * back.
 */

#include "books/core.h"

bool
dbk_two_approvers(struct dbk_decision *d, struct dbk_str first, struct dbk_str second)
{
	if (first.size == 0 || second.size == 0 || dbk_str_equal(first, second))
		return dbk_refuse(d, DBK_RULE_APPROVERS_NOT_TWO, dbk_field("approver2"),
				  second);
	return true;
}

bool
dbk_reason_given(struct dbk_decision *d, struct dbk_str reason)
{
	return reason.size != 0 ||
	       dbk_refuse(d, DBK_RULE_REASON_MISSING, dbk_field("reason"), reason);
}

/* The adjustment that this one takes back, if it names one. */
static bool
reverses(struct dbk_decision *d, uint32_t agent)
{
	const struct dbk_manual_adjustment *e = &d->event->u.manual_adjustment;
	struct dbk_field field = dbk_field("reverses");
	struct dbk_row_adjustment *row;
	uint32_t id;

	if (e->reverses.size == 0)
		return true;
	id = dbk_names_find(&d->books->names, DBK_SPACE_ADJUSTMENT, e->reverses);
	if (id == 0)
		return dbk_refuse(d, DBK_RULE_ADJUSTMENT_UNKNOWN, field, e->reverses);
	row = DBK_TOUCH(d->books, adjustments, adjustment, id);
	if (row->agent != agent || row->amount != e->amount || row->reversed ||
	    (row->deduct != 0) == e->deduct)
		return dbk_refuse(d, DBK_RULE_ADJUSTMENT_STATE, field, e->reverses);
	row->reversed = 1;
	return true;
}

static bool
credit(struct dbk_decision *d, uint32_t agent, int64_t amount)
{
	return dbk_post_for(d, DBK_ADJUSTMENT, agent, amount, DBK_CAUSE_ADJUSTED, 0) &&
	       dbk_earning_credit(d, agent, DBK_EARNING_ADJUSTMENT, DBK_BASIS_OTHER,
				  amount, DBK_CAUSE_ADJUSTED);
}

static bool
deduct(struct dbk_decision *d, uint32_t agent, int64_t amount)
{
	int64_t left = 0;

	return dbk_draw_newest(d, agent, amount, DBK_CAUSE_ADJUSTED, 0, &left) &&
	       (left == 0 || dbk_owe(d, agent, left, DBK_CAUSE_ADJUSTED, 0)) &&
	       dbk_post_for(d, DBK_ADJUSTMENT, agent, -amount, DBK_CAUSE_ADJUSTED, 0);
}

bool
dbk_decide_manual_adjustment(struct dbk_decision *d)
{
	const struct dbk_manual_adjustment *e = &d->event->u.manual_adjustment;
	struct dbk_row_adjustment *row;
	uint32_t agent, id;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent) ||
	    !dbk_two_approvers(d, e->approver1, e->approver2) ||
	    !dbk_reason_given(d, e->reason) || !reverses(d, agent) ||
	    !dbk_intern(d, DBK_SPACE_ADJUSTMENT, e->adjustment, &id))
		return false;
	row = DBK_TOUCH(d->books, adjustments, adjustment, id);
	row->agent = agent;
	row->deduct = e->deduct;
	row->amount = e->amount;
	return e->deduct ? deduct(d, agent, e->amount) : credit(d, agent, e->amount);
}
