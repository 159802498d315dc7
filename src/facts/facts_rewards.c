/*
 * facts_rewards.c -- who was rewarded for whose deed, what was taken back of it, and
 * what left the bank.
 */

#include <stdlib.h>

#include "facts/facts_private.h"

/* --------------------------------------------------------------------- on an order */

/* FACT is pay at its distance on ORDER, whose trade is KEPT; DOUBTED as it was when the
 * pay came into being. */
static void
ground_order(struct dbk_fact *fact, const struct dbk_row_order *order,
	     struct dbk_kept_order kept, bool doubted)
{
	bool is_own = fact->distance == 0;

	fact->other = order->seller;
	if (kept.is_bought || order->kind != DBK_ORDER_RETAIL) {
		fact->basis =
		    is_own ? DBK_REWARD_OWN_PURCHASE : DBK_REWARD_DOWN_PURCHASE;
		fact->code = order->kind == DBK_ORDER_SELF ? DBK_PURCHASE_SELF
			     : order->kind == DBK_ORDER_RETAIL
				 ? DBK_PURCHASE_AS_CUSTOMER
				 : DBK_PURCHASE_STOCK;
		if (fact->other == 0)
			fact->other = kept.agent;
		return;
	}
	fact->basis = is_own ? DBK_REWARD_OWN_RETAIL : DBK_REWARD_DOWN_RETAIL;
	fact->sale_class =
	    (uint8_t)(doubted ? DBK_SALE_DOUBTED : dbk_facts_class(order, kept));
}

/* -------------------------------------------------------------- pay that is no order's
 */

static bool
is_metric(struct dbk_str metric, const char *name)
{
	return dbk_str_equal(metric, dbk_str_of(name));
}

static void
ground_pool(struct dbk_fact *fact, struct dbk_str metric)
{
	fact->is_pool = true;
	fact->basis = DBK_REWARD_DOWN_RETAIL;
	fact->sale_class = DBK_SALE_VERIFIED;
	if (is_metric(metric, "HEAD_COUNT"))
		fact->basis = DBK_REWARD_HEADCOUNT;
	else if (is_metric(metric, "PURCHASE_VOLUME"))
		fact->basis = DBK_REWARD_DOWN_PURCHASE;
	else if (is_metric(metric, "TRAINING"))
		fact->basis = DBK_REWARD_OTHER;
}

/* Whoever joined, or paid the fee, that the record is about. */
static uint32_t
recruit_of(const struct dbk_facts *f)
{
	if (f->event->type == DBK_EVENT_FEE_CHARGED)
		return dbk_facts_agent(f, f->event->u.fee_charged.agent);
	return (uint32_t)dbk_look_count(f->books, DBK_SPACE_AGENT);
}

/* ------------------------------------------------------------------------ earnings */

static bool
is_reward(const struct dbk_row_earning *row)
{
	return row->kind != DBK_EARNING_PROCEEDS && row->kind != DBK_EARNING_TAX_BACK &&
	       row->state != DBK_EARNING_UNASSIGNED &&
	       row->state != DBK_EARNING_EXPECTED;
}

/* What is told of a commission of ORDER_ID: the same when it comes into being and when
 * it is reversed. */
static struct dbk_fact
about_commission(const struct dbk_facts *f, enum dbk_fact_kind kind, uint32_t order_id,
		 const struct dbk_row_earning *row, bool doubted)
{
	struct dbk_fact fact = dbk_facts_new(f, kind);

	fact.agent = row->agent;
	fact.distance = row->distance;
	ground_order(&fact, dbk_look_order(f->books, order_id),
		     dbk_kept_order(&f->kept, order_id), doubted);
	return fact;
}

/* An earning that is no commission, and is never reversed. */
static struct dbk_fact
about_other(const struct dbk_facts *f, const struct dbk_row_earning *row)
{
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_REWARD);

	fact.agent = row->agent;
	fact.distance = row->distance;
	fact.amount = row->accrued;
	fact.basis = DBK_REWARD_OTHER;
	if (row->kind == DBK_EARNING_RECRUITING) {
		fact.basis =
		    row->rate_ppm != 0 ? DBK_REWARD_JOIN_FEE : DBK_REWARD_HEADCOUNT;
		fact.other = recruit_of(f);
	} else if (row->kind == DBK_EARNING_BONUS) {
		ground_pool(&fact, f->event->u.bonus_awarded.metric);
	}
	return fact;
}

/* A commission may be reversed at once: of what was refunded before it came into being.
 */
static enum dbk_err
tell_commission(struct dbk_facts *f, uint32_t id, const struct dbk_row_earning *row)
{
	uint32_t order = f->effect->order;
	bool doubted = dbk_facts_is_doubted(dbk_look_order(f->books, order));
	struct dbk_fact fact =
	    about_commission(f, DBK_FACT_REWARD, order, row, doubted);
	enum dbk_err err;

	if (doubted && !dbk_kept_bits_set(&f->kept.doubted, id))
		return DBK_FAILED_MEMORY;
	fact.amount = row->accrued;
	err = dbk_facts_tell(f, &fact);
	if (err != DBK_OK || row->reversed == 0)
		return err;
	fact.kind = DBK_FACT_REWARD_BACK;
	fact.amount = row->reversed;
	return dbk_facts_tell(f, &fact);
}

static enum dbk_err
tell_new(struct dbk_facts *f, uint32_t id)
{
	struct dbk_row_earning row = dbk_look_earning(f->books, id);
	struct dbk_fact fact;

	if (!is_reward(&row))
		return DBK_OK;
	if (row.kind == DBK_EARNING_COMMISSION)
		return tell_commission(f, id, &row);
	fact = about_other(f, &row);
	return dbk_facts_tell(f, &fact);
}

/* ------------------------------------------------------------------------ reversals */

static bool
note_earning(struct dbk_order_before *before, uint32_t id, int64_t reversed)
{
	if (before->n_earnings == before->cap_earnings) {
		uint32_t cap =
		    before->cap_earnings == 0 ? 64 : before->cap_earnings * 2;
		struct dbk_earning_before *more =
		    realloc(before->earnings, cap * sizeof *more);

		if (more == NULL)
			return false;
		before->earnings = more;
		before->cap_earnings = cap;
	}
	before->earnings[before->n_earnings++] =
	    (struct dbk_earning_before){ id, reversed };
	return true;
}

bool
dbk_facts_note_earnings(struct dbk_facts *f, const struct dbk_row_order *order)
{
	for (uint32_t i = 0; i < order->n_lines; i++) {
		uint32_t id = dbk_look_line(f->books, order->first_line + i)->earning;

		while (id != 0) {
			struct dbk_row_earning row = dbk_look_earning(f->books, id);

			if (is_reward(&row) &&
			    !note_earning(&f->before, id, row.reversed))
				return false;
			id = row.sibling;
		}
	}
	return true;
}

static enum dbk_err
tell_reversed(struct dbk_facts *f)
{
	enum dbk_err err = DBK_OK;

	for (uint32_t i = 0; err == DBK_OK && i < f->before.n_earnings; i++) {
		const struct dbk_earning_before *was = &f->before.earnings[i];
		struct dbk_row_earning row = dbk_look_earning(f->books, was->earning);
		struct dbk_fact fact;

		if (row.reversed == was->reversed)
			continue;
		fact =
		    about_commission(f, DBK_FACT_REWARD_BACK, f->before.order, &row,
				     dbk_kept_bits_has(&f->kept.doubted, was->earning));
		fact.amount = row.reversed - was->reversed;
		err = dbk_facts_tell(f, &fact);
	}
	return err;
}

enum dbk_err
dbk_facts_rewards(struct dbk_facts *f)
{
	uint32_t newest = dbk_look_newest(f->books, DBK_LOOK_EARNINGS);
	enum dbk_err err = tell_reversed(f);

	while (err == DBK_OK && f->n_earnings < newest)
		err = tell_new(f, ++f->n_earnings);
	return err;
}

/* ---------------------------------------------------------- reports of a platform */

static uint32_t
plan_at(const struct dbk_books *books, int64_t time)
{
	const struct dbk_row_book *book = dbk_look_book(books);

	if (book->plan_from <= time && time < book->plan_to)
		return book->plan;
	return dbk_look_plan_at(books, time);
}

/* Do the books leave it to the platform to pay? */
static bool
platform_pays(const struct dbk_facts *f)
{
	uint32_t plan = plan_at(f->books, f->event->effective_at);

	return plan == 0 ||
	       dbk_look_plan(f->books, plan).scalars.engine == DBK_ENGINE_PLATFORM;
}

/* An order that is not paid whole is judged by what its buyer is now, but nothing
 * vouches for it yet: else an order that nobody ever pays would make any pay a verified
 * one. */
static void
ground_reported_order(const struct dbk_facts *f, struct dbk_fact *fact)
{
	uint32_t id = f->effect->order;
	const struct dbk_row_order *order = dbk_look_order(f->books, id);
	struct dbk_kept_order kept = dbk_kept_order(&f->kept, id);
	bool is_paid = kept.is_sold || kept.is_bought;

	if (!is_paid)
		kept = dbk_facts_rights(f, order);
	ground_order(fact, order, kept, dbk_facts_is_doubted(order));
	if (!is_paid && kept.is_sold && fact->sale_class == DBK_SALE_VERIFIED)
		fact->sale_class = DBK_SALE_ANONYMOUS;
}

static void
ground_report(const struct dbk_facts *f, struct dbk_fact *fact)
{
	const struct dbk_commission_reported *e = &f->event->u.commission_reported;
	bool is_own = fact->distance == 0;

	fact->other = dbk_facts_agent(f, e->cause_agent);
	switch ((enum dbk_basis)e->basis) {
	case DBK_BASIS_RETAIL:
	case DBK_BASIS_SELL_IN:
		if (f->effect->order != 0) {
			ground_reported_order(f, fact);
		} else if (e->basis == DBK_BASIS_RETAIL) {
			fact->basis =
			    is_own ? DBK_REWARD_OWN_RETAIL : DBK_REWARD_DOWN_RETAIL;
			fact->sale_class = DBK_SALE_ANONYMOUS;
		} else {
			fact->basis =
			    is_own ? DBK_REWARD_OWN_PURCHASE : DBK_REWARD_DOWN_PURCHASE;
		}
		break;
	case DBK_BASIS_RECRUITING:
		fact->basis = dbk_kept_names_has(&f->kept.fees, e->cause_order)
				  ? DBK_REWARD_JOIN_FEE
				  : DBK_REWARD_HEADCOUNT;
		break;
	case DBK_BASIS_OTHER:
		fact->basis = DBK_REWARD_OTHER;
		break;
	}
}

enum dbk_err
dbk_told_commission_reported(struct dbk_facts *f)
{
	const struct dbk_commission_reported *e = &f->event->u.commission_reported;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_REWARD);

	fact.agent = dbk_facts_agent(f, e->payee);
	if (fact.agent == 0 || !platform_pays(f))
		return DBK_OK;
	fact.amount = e->amount;
	fact.distance = (uint8_t)(e->distance < UINT8_MAX ? e->distance : UINT8_MAX);
	ground_report(f, &fact);
	return dbk_facts_tell(f, &fact);
}

/* -------------------------------------------------------------------------- payouts */

static struct dbk_row_payout
payout_of(const struct dbk_facts *f)
{
	return dbk_look_payout(f->books,
			       dbk_look_find(f->books, DBK_SPACE_PAYOUT,
					     f->event->u.payout_answer.payout));
}

/* What reached the agent: what a return can bring back. */
enum dbk_err
dbk_told_payout_settled(struct dbk_facts *f)
{
	struct dbk_row_payout row = payout_of(f);
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_PAID_OUT);

	fact.agent = row.agent;
	fact.amount = row.gross - row.tax;
	if (row.agent_bore_fee)
		fact.amount -= row.fee;
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_payout_returned(struct dbk_facts *f)
{
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_PAID_OUT);

	fact.agent = payout_of(f).agent;
	fact.amount = -f->event->u.payout_answer.amount;
	return dbk_facts_tell(f, &fact);
}
