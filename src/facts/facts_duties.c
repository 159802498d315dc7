/*
 * facts_duties.c -- what the rules of the house did: returns and buy-backs that were
 * asked for, what was denied, deposits, plans, and what guards found.
 */

#include "books/look_guards.h"
#include "facts/facts_private.h"

#define SECONDS_PER_DAY 86400
#define US_PER_SECOND 1000000

/* ------------------------------------------------------------------------- refunds */

/* Of consumers, for goods: whoever asks for the shipping keeps them. */
static bool
is_return(const struct dbk_facts *f, struct dbk_kept_order kept)
{
	return kept.is_sold && f->event->u.refund_step.line != 0;
}

static struct dbk_fact
about_request(const struct dbk_facts *f, enum dbk_fact_kind kind, int64_t days)
{
	const struct dbk_row_order *order = dbk_look_order(f->books, f->effect->order);
	struct dbk_fact fact = dbk_facts_new(f, kind);

	fact.agent = order->seller;
	fact.other = order->buyer;
	fact.qty = days;
	return fact;
}

enum dbk_err
dbk_told_refund_requested(struct dbk_facts *f)
{
	struct dbk_kept_order kept = dbk_kept_order(&f->kept, f->effect->order);
	int64_t seconds = f->event->effective_at / US_PER_SECOND - kept.second;
	int64_t days = seconds > 0 ? seconds / SECONDS_PER_DAY : 0;
	struct dbk_fact fact;

	if (!is_return(f, kept))
		return DBK_OK;
	if (!dbk_kept_refund_put(
		&f->kept, (uint32_t)dbk_look_count(f->books, DBK_SPACE_REFUND), days))
		return DBK_FAILED_MEMORY;
	fact = about_request(f, DBK_FACT_REFUND_ASKED, days);
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_refund_rejected(struct dbk_facts *f)
{
	uint32_t refund =
	    dbk_look_find(f->books, DBK_SPACE_REFUND, f->event->u.refund_step.refund);
	struct dbk_fact fact;
	int64_t days;

	if (!dbk_kept_refund(&f->kept, refund, &days))
		return DBK_OK;
	fact = about_request(f, DBK_FACT_REFUND_DENIED, days);
	return dbk_facts_tell(f, &fact);
}

/* ----------------------------------------------------------------------- buy-backs */

enum dbk_err
dbk_told_buyback_requested(struct dbk_facts *f)
{
	const struct dbk_buyback_requested *e = &f->event->u.buyback_requested;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_BUYBACK_ASKED);

	fact.agent = dbk_facts_agent(f, e->agent);
	fact.qty = e->qty;
	fact.hash = dbk_look_count(f->books, DBK_SPACE_BUYBACK);
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_buyback_settled(struct dbk_facts *f)
{
	const struct dbk_buyback_settled *e = &f->event->u.buyback_settled;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_BOUGHT_BACK);
	enum dbk_err err;

	fact.agent = dbk_facts_agent(f, e->agent);
	fact.qty = e->qty;
	fact.amount = e->amount;
	fact.code = DBK_PURCHASE_STOCK;
	err = dbk_facts_tell(f, &fact);
	if (err != DBK_OK)
		return err;
	fact.kind = DBK_FACT_BUYBACK_SETTLED;
	fact.code = e->price_ppm;
	fact.hash = e->request.size == 0
			? 0
			: dbk_look_find(f->books, DBK_SPACE_BUYBACK, e->request);
	return dbk_facts_tell(f, &fact);
}

/* ------------------------------------------------------------------------ deposits */

static enum dbk_err
tell_deposit(struct dbk_facts *f, enum dbk_fact_kind kind)
{
	const struct dbk_agent_money *e = &f->event->u.agent_money;
	struct dbk_fact fact = dbk_facts_new(f, kind);

	fact.agent = dbk_facts_agent(f, e->agent);
	fact.amount = e->amount;
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_deposit_received(struct dbk_facts *f)
{
	return tell_deposit(f, DBK_FACT_DEPOSIT);
}

enum dbk_err
dbk_told_deposit_returned(struct dbk_facts *f)
{
	return tell_deposit(f, DBK_FACT_DEPOSIT_BACK);
}

/* ----------------------------------------------------------------- payouts and plans
 */

enum dbk_err
dbk_told_payout_rejected(struct dbk_facts *f)
{
	const struct dbk_payout_step *e = &f->event->u.payout_step;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_PAYOUT_DENIED);

	fact.agent = dbk_look_payout(
			 f->books, dbk_look_find(f->books, DBK_SPACE_PAYOUT, e->payout))
			 .agent;
	fact.code = e->reason.size != 0;
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_plan_published(struct dbk_facts *f)
{
	struct dbk_row_plan row =
	    dbk_look_plan(f->books, dbk_look_newest(f->books, DBK_LOOK_PLANS));
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_PLAN);

	fact.at = row.valid_from;
	fact.hash =
	    (uint64_t)(row.valid_to == DBK_TIME_ABSENT ? INT64_MAX : row.valid_to);
	fact.code = row.scalars.risks;
	return dbk_facts_tell(f, &fact);
}

/* ------------------------------------------------------------------------ findings */

static uint32_t
agent_of(const struct dbk_books *books, const struct dbk_row_finding *row)
{
	switch ((enum dbk_subject_kind)row->subject_kind) {
	case DBK_SUBJECT_AGENT:
		return row->subject;
	case DBK_SUBJECT_ORDER:
		return dbk_look_order(books, row->subject)->seller;
	case DBK_SUBJECT_SKU:
	case DBK_SUBJECT_LOT:
	case DBK_SUBJECT_LOCATION:
	case DBK_SUBJECT_BOOK:
		return 0;
	}
	return 0;
}

/* What only adds to an older finding is the same one. */
enum dbk_err
dbk_facts_findings(struct dbk_facts *f)
{
	enum dbk_err err = DBK_OK;

	for (uint32_t i = 0; err == DBK_OK && i < f->effect->n_findings; i++) {
		const struct dbk_row_finding *row = dbk_look_finding(
		    f->books, f->effects->findings[f->effect->first_finding + i]);
		struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_FINDING);

		if (row->position != f->effect->position)
			continue;
		fact.agent = agent_of(f->books, row);
		fact.code = dbk_guard_of((enum dbk_rule)row->rule);
		fact.qty = row->rule;
		fact.amount = row->red != 0;
		err = dbk_facts_tell(f, &fact);
	}
	return err;
}
