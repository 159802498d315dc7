/*
 * facts.c -- the way of a record: what is noted before it is decided, and who is asked
 * behind it.
 */

#include "facts/facts.h"

#include <stdlib.h>

#include "facts/facts_private.h"

enum dbk_err
dbk_facts_open(const struct dbk_books *books, dbk_facts_fn *tell, void *context,
	       struct dbk_facts **out)
{
	struct dbk_facts *facts = calloc(1, sizeof *facts);

	if (facts == NULL)
		return DBK_FAILED_MEMORY;
	facts->books = books;
	facts->tell = tell;
	facts->context = context;
	*out = facts;
	return DBK_OK;
}

void
dbk_facts_close(struct dbk_facts *facts)
{
	if (facts == NULL)
		return;
	dbk_kept_free(&facts->kept);
	free(facts->before.earnings);
	free(facts);
}

/* ------------------------------------------------------------------------- before */

static uint32_t
order_of_chargeback(const struct dbk_books *books, struct dbk_str name)
{
	uint32_t id = dbk_look_find(books, DBK_SPACE_CHARGEBACK, name);

	return id == 0 ? 0 : dbk_look_chargeback(books, id).order;
}

/* The order that EVENT may give something back of, 0: none. */
static uint32_t
order_given_back(const struct dbk_books *books, const struct dbk_event *event)
{
	struct dbk_str name;

	if (event->type == DBK_EVENT_CHARGEBACK_LOST)
		return order_of_chargeback(books, event->u.chargeback_step.chargeback);
	if (event->type == DBK_EVENT_REFUND_APPROVED)
		name = event->u.refund_step.order;
	else if (event->type == DBK_EVENT_BUYBACK_SETTLED)
		name = event->u.buyback_settled.order;
	else
		return 0;
	return name.size == 0 ? 0 : dbk_look_find(books, DBK_SPACE_ORDER, name);
}

enum dbk_err
dbk_facts_before(struct dbk_facts *facts, const struct dbk_event *event)
{
	struct dbk_order_before *before = &facts->before;
	const struct dbk_row_order *row;
	struct dbk_order_sums sums;

	before->n_earnings = 0;
	before->order = order_given_back(facts->books, event);
	if (before->order == 0)
		return DBK_OK;
	row = dbk_look_order(facts->books, before->order);
	sums = dbk_facts_order_sums(facts->books, row);
	before->refunded = sums.refunded;
	before->returned = sums.returned;
	return dbk_facts_note_earnings(facts, row) ? DBK_OK : DBK_FAILED_MEMORY;
}

/* -------------------------------------------------------------------------- after */

static dbk_told_fn *const told[] = {
	[DBK_EVENT_PLAN_PUBLISHED] = dbk_told_plan_published,
	[DBK_EVENT_AGENT_ENROLLED] = dbk_told_agent_enrolled,
	[DBK_EVENT_AGENT_VERIFIED] = dbk_told_agent_verified,
	[DBK_EVENT_SPONSOR_CHANGED] = dbk_told_sponsor_changed,
	[DBK_EVENT_RANK_CHANGED] = dbk_told_rank_changed,
	[DBK_EVENT_AGENT_TERMINATED] = dbk_told_agent_terminated,
	[DBK_EVENT_DEPOSIT_RECEIVED] = dbk_told_deposit_received,
	[DBK_EVENT_DEPOSIT_RETURNED] = dbk_told_deposit_returned,
	[DBK_EVENT_FEE_CHARGED] = dbk_told_fee_charged,
	[DBK_EVENT_SALE_RECORDED] = dbk_told_order,
	[DBK_EVENT_ORDER_PLACED] = dbk_told_order,
	[DBK_EVENT_ORDER_PAID] = dbk_told_order,
	[DBK_EVENT_REFUND_REQUESTED] = dbk_told_refund_requested,
	[DBK_EVENT_REFUND_REJECTED] = dbk_told_refund_rejected,
	[DBK_EVENT_REFUND_APPROVED] = dbk_told_given_back,
	[DBK_EVENT_CHARGEBACK_LOST] = dbk_told_given_back,
	[DBK_EVENT_COMMISSION_REPORTED] = dbk_told_commission_reported,
	[DBK_EVENT_PAYOUT_REJECTED] = dbk_told_payout_rejected,
	[DBK_EVENT_PAYOUT_SETTLED] = dbk_told_payout_settled,
	[DBK_EVENT_PAYOUT_RETURNED] = dbk_told_payout_returned,
	[DBK_EVENT_STOCK_ISSUED] = dbk_told_stock_issued,
	[DBK_EVENT_STOCK_RETURNED] = dbk_told_stock_returned,
	[DBK_EVENT_BUYBACK_REQUESTED] = dbk_told_buyback_requested,
	[DBK_EVENT_BUYBACK_SETTLED] = dbk_told_buyback_settled,
	[DBK_EVENT_OBSERVATION_RECORDED] = dbk_told_observation_recorded,
};

static enum dbk_err
tell_event(struct dbk_facts *facts)
{
	size_t type = (size_t)facts->event->type;

	if (type >= sizeof told / sizeof told[0] || told[type] == NULL)
		return DBK_OK;
	return told[type](facts);
}

enum dbk_err
dbk_facts_after(struct dbk_facts *facts, const struct dbk_event *event,
		const struct dbk_verdict *verdict, const struct dbk_effects *effects)
{
	enum dbk_err err;

	if (verdict->outcome != DBK_ACCEPTED)
		return DBK_OK;
	facts->event = event;
	facts->effects = effects;
	facts->effect = &effects->effects[effects->n_effects - 1];
	err = dbk_facts_meet_customers(facts);
	if (err == DBK_OK)
		err = tell_event(facts);
	if (err == DBK_OK)
		err = dbk_facts_reclass(facts);
	if (err == DBK_OK)
		err = dbk_facts_goods(facts);
	if (err == DBK_OK)
		err = dbk_facts_rewards(facts);
	return err == DBK_OK ? dbk_facts_findings(facts) : err;
}
