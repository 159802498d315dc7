/*
 * deposits.c -- money that agents bring: deposits, fees, what they owe.
 */

#include "books/goods_core.h"

/* Where money of agents comes in and goes out that no psp brought. */
static bool
post_bank(struct dbk_decision *d, int64_t amount, enum dbk_cause cause)
{
	uint32_t bank;

	return dbk_intern(d, DBK_SPACE_TAG, dbk_str_of("bank"), &bank) &&
	       dbk_post_for(d, DBK_BANK, bank, amount, cause, 0);
}

bool
dbk_decide_deposit_received(struct dbk_decision *d)
{
	const struct dbk_agent_money *e = &d->event->u.agent_money;
	uint32_t agent;

	return dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent) &&
	       post_bank(d, e->amount, DBK_CAUSE_EVENT) &&
	       dbk_post(d, DBK_DEPOSIT, agent, -e->amount);
}

bool
dbk_decide_deposit_returned(struct dbk_decision *d)
{
	const struct dbk_agent_money *e = &d->event->u.agent_money;
	uint32_t agent;
	int64_t held;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent))
		return false;
	held = -dbk_account_balance(d->books, DBK_DEPOSIT, agent);
	if (e->amount > held)
		return dbk_refuse_measured(d, DBK_RULE_DEPOSIT_EXCEEDED,
					   dbk_field("amount"), e->amount, held);
	return dbk_post(d, DBK_DEPOSIT, agent, e->amount) &&
	       post_bank(d, -e->amount, DBK_CAUSE_EVENT);
}

bool
dbk_decide_fee_charged(struct dbk_decision *d)
{
	const struct dbk_fee_charged *e = &d->event->u.fee_charged;
	uint32_t agent, psp;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent))
		return false;
	if (DBK_ROW(d->books, agents, agent, agent)->state == DBK_AGENT_TERMINATED)
		return dbk_refuse(d, DBK_RULE_AGENT_NOT_ACTIVE, dbk_field("agent"),
				  e->agent);
	if (e->psp.size != 0 && !(dbk_intern(d, DBK_SPACE_TAG, e->psp, &psp) &&
				  dbk_post(d, DBK_PSP_CLEARING, psp, e->amount) &&
				  dbk_post(d, DBK_FEE_INCOME, agent, -e->amount)))
		return false;
	return dbk_commission_recruit(d, agent, e->amount) &&
	       dbk_entry_fee_check(d, agent);
}

/* No more can be paid or written off than AGENT owes. */
static bool
owes(struct dbk_decision *d, uint32_t agent, int64_t amount)
{
	int64_t owed = dbk_account_balance(d->books, DBK_CLAWBACK_RECEIVABLE, agent);

	return amount <= owed || dbk_refuse_measured(d, DBK_RULE_CLAWBACK_EXCEEDED,
						     dbk_field("amount"), amount, owed);
}

bool
dbk_decide_clawback_repaid(struct dbk_decision *d)
{
	const struct dbk_agent_money *e = &d->event->u.agent_money;
	uint32_t agent;

	return dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent) &&
	       owes(d, agent, e->amount) && post_bank(d, e->amount, DBK_CAUSE_REPAID) &&
	       dbk_owe_less(d, agent, e->amount, DBK_CAUSE_REPAID);
}

bool
dbk_decide_clawback_written_off(struct dbk_decision *d)
{
	const struct dbk_clawback_written_off *e = &d->event->u.clawback_written_off;
	uint32_t agent, plan = dbk_plan_at(d->books, d->event->effective_at);
	int64_t limit = dbk_plan_scalars(d->books, plan)->writeoff_limit;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent) ||
	    !dbk_two_approvers(d, e->approver1, e->approver2) ||
	    !dbk_reason_given(d, e->reason) || !owes(d, agent, e->amount))
		return false;
	if (limit > 0 && e->amount > limit)
		return dbk_refuse_measured(d, DBK_RULE_WRITEOFF_LIMIT,
					   dbk_field("amount"), e->amount, limit);
	return dbk_post_for(d, DBK_CLAWBACK_WRITEOFF, agent, e->amount,
			    DBK_CAUSE_WRITTEN_OFF, 0) &&
	       dbk_owe_less(d, agent, e->amount, DBK_CAUSE_WRITTEN_OFF);
}
