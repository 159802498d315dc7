/*
 * payout_steps.c -- the life of a payout after it was asked for.
 *
 *	REQUESTED -> APPROVED -> BATCHED -> SENT -> SETTLED -> RETURNED
 *	SENT -> UNKNOWN -> SETTLED or FAILED; SENT -> FAILED; APPROVED -> SENT
 *	REQUESTED -> REJECTED; REQUESTED, APPROVED -> CANCELLED
 *
 * There is no way back.  A payout whose fate is unknown keeps its money in transit
 *until the provider says what became of it.
 */

#include "books/core.h"

#define IN(state) (1u << DBK_PAYOUT_##state)

/* A payout by name that must be in one of STATES (bits). */
static bool
payout_find(struct dbk_decision *d, struct dbk_field field, struct dbk_str name,
	    unsigned states, uint32_t *out)
{
	uint32_t state;

	*out = dbk_names_find(&d->books->names, DBK_SPACE_PAYOUT, name);
	if (*out == 0)
		return dbk_refuse(d, DBK_RULE_PAYOUT_NOT_FOUND, field, name);
	state = DBK_ROW(d->books, payouts, payout, *out)->state;
	if ((states >> state & 1u) == 0)
		return dbk_refuse_measured(d, DBK_RULE_PAYOUT_STATE, field, state,
					   __builtin_ctz(states));
	return true;
}

static bool
agent_not_suspended(struct dbk_decision *d, uint32_t payout, struct dbk_str name)
{
	uint32_t agent = DBK_ROW(d->books, payouts, payout, payout)->agent;

	if (DBK_ROW(d->books, agents, agent, agent)->state == DBK_AGENT_SUSPENDED)
		return dbk_refuse(d, DBK_RULE_AGENT_NOT_ACTIVE, dbk_field("payout"),
				  name);
	return true;
}

/* Who approves is neither the source nor the person that asked. */
static bool
second_person(struct dbk_decision *d, uint32_t payout)
{
	const struct dbk_row_payout *row = DBK_ROW(d->books, payouts, payout, payout);
	struct dbk_str maker =
	    dbk_names_get(&d->books->names, DBK_SPACE_TAG, row->maker);
	struct dbk_str actor =
	    dbk_names_get(&d->books->names, DBK_SPACE_TAG, row->actor);

	if (dbk_str_equal(maker, d->event->source))
		return dbk_refuse(d, DBK_RULE_SECOND_PERSON, dbk_field(NULL), maker);
	if (actor.size != 0 && dbk_str_equal(actor, d->event->actor))
		return dbk_refuse(d, DBK_RULE_SECOND_PERSON, dbk_field("actor"), actor);
	return true;
}

static bool
approved(struct dbk_decision *d, struct dbk_str name)
{
	uint32_t payout;

	if (!payout_find(d, dbk_field("payout"), name, IN(REQUESTED), &payout) ||
	    !agent_not_suspended(d, payout, name) || !second_person(d, payout))
		return false;
	dbk_payout_enter(d, payout, DBK_PAYOUT_APPROVED);
	return true;
}

static bool
unsent_ends(struct dbk_decision *d, struct dbk_str name, unsigned states,
	    enum dbk_payout_state state)
{
	uint32_t payout;

	return payout_find(d, dbk_field("payout"), name, states, &payout) &&
	       dbk_payout_give_back(d, payout, state, true);
}

/* AMOUNT, posted to what is available, goes to the items it came from; with it the tax,
 * if that is all that had left. */
static bool
comes_back(struct dbk_decision *d, uint32_t payout, int64_t amount, bool whole)
{
	int64_t tax = 0;

	if (whole) {
		dbk_payout_leave_sums(d, payout);
		if (!dbk_tax_back(d, payout, &tax))
			return false;
	}
	return amount + tax == 0 || dbk_draw_back(d, payout, amount + tax, true);
}

static bool
failed_finally(struct dbk_decision *d, uint32_t payout)
{
	const struct dbk_row_payout *row = DBK_ROW(d->books, payouts, payout, payout);
	int64_t net = row->gross - row->tax;

	dbk_payout_enter(d, payout, DBK_PAYOUT_FAILED);
	if (net > 0 && !(dbk_post_for(d, DBK_PAYOUT_IN_TRANSIT, row->agent, net,
				      DBK_CAUSE_GIVEN_BACK, payout) &&
			 dbk_post_for(d, DBK_COMMISSION_AVAILABLE, row->agent, -net,
				      DBK_CAUSE_GIVEN_BACK, payout)))
		return false;
	return comes_back(d, payout, net, true);
}

static bool
failed(struct dbk_decision *d, const struct dbk_payout_step *e)
{
	uint32_t payout;

	if (!payout_find(d, dbk_field("payout"), e->payout, IN(SENT) | IN(UNKNOWN),
			 &payout))
		return false;
	if (e->final)
		return failed_finally(d, payout);
	dbk_payout_enter(d, payout, DBK_PAYOUT_UNKNOWN);
	return true;
}

static bool
unknown(struct dbk_decision *d, struct dbk_str name)
{
	uint32_t payout;

	if (!payout_find(d, dbk_field("payout"), name, IN(SENT), &payout))
		return false;
	dbk_payout_enter(d, payout, DBK_PAYOUT_UNKNOWN);
	return true;
}

bool
dbk_decide_payout_step(struct dbk_decision *d)
{
	const struct dbk_payout_step *e = &d->event->u.payout_step;

	if (d->event->type == DBK_EVENT_PAYOUT_APPROVED)
		return approved(d, e->payout);
	if (d->event->type == DBK_EVENT_PAYOUT_REJECTED)
		return unsent_ends(d, e->payout, IN(REQUESTED), DBK_PAYOUT_REJECTED);
	if (d->event->type == DBK_EVENT_PAYOUT_CANCELLED)
		return unsent_ends(d, e->payout, IN(REQUESTED) | IN(APPROVED),
				   DBK_PAYOUT_CANCELLED);
	if (d->event->type == DBK_EVENT_PAYOUT_UNKNOWN)
		return unknown(d, e->payout);
	dbk_assert(d->event->type == DBK_EVENT_PAYOUT_FAILED);
	return failed(d, e);
}

/* Every payout of the list once, approved; they are in BATCH from then on. */
static bool
batch_take(struct dbk_decision *d, uint32_t batch, uint32_t *out_payouts)
{
	const struct dbk_payout_batched *e = &d->event->u.payout_batched;

	for (uint32_t i = 0; i < e->n_payouts; i++) {
		uint32_t payout;

		if (!payout_find(d, dbk_field_of("payouts", i, NULL), e->payouts[i],
				 IN(APPROVED), &payout))
			return false;
		dbk_payout_enter(d, payout, DBK_PAYOUT_BATCHED);
		DBK_TOUCH(d->books, payouts, payout, payout)->batch = batch;
		out_payouts[i] = payout;
	}
	return true;
}

bool
dbk_decide_payout_batched(struct dbk_decision *d)
{
	const struct dbk_payout_batched *e = &d->event->u.payout_batched;
	uint32_t payouts[DBK_BATCH_PAYOUTS_MAX], batch;
	struct dbk_row_payout_batch *row;
	int64_t total = 0;

	dbk_assert(e->n_payouts <= DBK_BATCH_PAYOUTS_MAX);
	if (!dbk_intern(d, DBK_SPACE_PAYOUT_BATCH, e->batch, &batch) ||
	    !batch_take(d, batch, payouts))
		return false;
	for (uint32_t i = 0; i < e->n_payouts; i++) {
		const struct dbk_row_payout *payout =
		    DBK_ROW(d->books, payouts, payout, payouts[i]);

		if (!dbk_tax_withhold(d, payouts[i]))
			return false;
		total += payout->gross - payout->tax;
	}
	if (e->total != total)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH,
					   dbk_field("total"), e->total, total);
	row = DBK_TOUCH(d->books, payout_batches, payout_batch, batch);
	row->position = d->position;
	row->n_payouts = e->n_payouts;
	row->total = total;
	return true;
}

bool
dbk_decide_payout_sent(struct dbk_decision *d)
{
	const struct dbk_payout_sent *e = &d->event->u.payout_sent;
	struct dbk_row_payout *row;
	uint32_t payout;
	int64_t net;

	if (!payout_find(d, dbk_field("payout"), e->payout, IN(APPROVED) | IN(BATCHED),
			 &payout) ||
	    !agent_not_suspended(d, payout, e->payout))
		return false;
	row = DBK_TOUCH(d->books, payouts, payout, payout);
	if (row->state == DBK_PAYOUT_APPROVED && !dbk_tax_withhold(d, payout))
		return false;
	dbk_payout_enter(d, payout, DBK_PAYOUT_SENT);
	net = row->gross - row->tax;
	return dbk_intern(d, DBK_SPACE_TAG, e->provider, &row->provider) &&
	       (net == 0 || (dbk_post_for(d, DBK_PAYOUT_RESERVED, row->agent, net,
					  DBK_CAUSE_SENT, payout) &&
			     dbk_post_for(d, DBK_PAYOUT_IN_TRANSIT, row->agent, -net,
					  DBK_CAUSE_SENT, payout)));
}

/* The answer of a provider names the one that the payout was sent by. */
static bool
answered(struct dbk_decision *d, const struct dbk_payout_answer *e, unsigned states,
	 uint32_t *out)
{
	struct dbk_str provider;

	if (!payout_find(d, dbk_field("payout"), e->payout, states, out))
		return false;
	provider = dbk_names_get(&d->books->names, DBK_SPACE_TAG,
				 DBK_ROW(d->books, payouts, payout, *out)->provider);
	return dbk_str_equal(provider, e->provider) ||
	       dbk_refuse(d, DBK_RULE_PROVIDER_DIFFERS, dbk_field("provider"),
			  e->provider);
}

/* Money that a provider pays leaves the bank, with what it charges the platform. */
static bool
settle(struct dbk_decision *d, uint32_t payout, int64_t charged)
{
	const struct dbk_row_payout *row = DBK_ROW(d->books, payouts, payout, payout);
	int64_t net = row->gross - row->tax;

	if (net > 0 &&
	    !(dbk_post_for(d, DBK_PAYOUT_IN_TRANSIT, row->agent, net, DBK_CAUSE_PAID,
			   payout) &&
	      dbk_post_for(d, DBK_BANK, row->provider, -net, DBK_CAUSE_PAID, payout)))
		return false;
	return charged == 0 || (dbk_post_for(d, DBK_PAYOUT_FEE, row->provider, charged,
					     DBK_CAUSE_PAID, payout) &&
				dbk_post_for(d, DBK_BANK, row->provider, -charged,
					     DBK_CAUSE_PAID, payout));
}

bool
dbk_decide_payout_settled(struct dbk_decision *d)
{
	const struct dbk_payout_answer *e = &d->event->u.payout_answer;
	uint32_t payout, plan = dbk_plan_at(d->books, d->event->effective_at);
	bool agent_bears =
	    dbk_plan_scalars(d->books, plan)->fee_bearer == DBK_FEE_BEARER_AGENT;
	struct dbk_row_payout *row;

	if (!answered(d, e, IN(SENT) | IN(UNKNOWN), &payout))
		return false;
	row = DBK_TOUCH(d->books, payouts, payout, payout);
	if (agent_bears && e->fee > row->gross - row->tax)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH,
					   dbk_field("fee"), e->fee,
					   row->gross - row->tax);
	row->fee = e->fee;
	row->agent_bore_fee = agent_bears;
	dbk_payout_enter(d, payout, DBK_PAYOUT_SETTLED);
	return settle(d, payout, agent_bears ? 0 : e->fee);
}

bool
dbk_decide_payout_returned(struct dbk_decision *d)
{
	const struct dbk_payout_answer *e = &d->event->u.payout_answer;
	struct dbk_row_payout *row;
	uint32_t payout;
	int64_t paid;

	if (!answered(d, e, IN(SETTLED), &payout))
		return false;
	row = DBK_TOUCH(d->books, payouts, payout, payout);
	paid = row->gross - row->tax - (row->agent_bore_fee ? row->fee : 0);
	if (e->amount > paid)
		return dbk_refuse_measured(d, DBK_RULE_RETURN_EXCEEDS_PAYOUT,
					   dbk_field("amount"), e->amount, paid);
	row->returned = e->amount;
	dbk_payout_enter(d, payout, DBK_PAYOUT_RETURNED);
	return dbk_post_for(d, DBK_BANK, row->provider, e->amount, DBK_CAUSE_RETURNED,
			    payout) &&
	       dbk_post_for(d, DBK_COMMISSION_AVAILABLE, row->agent, -e->amount,
			    DBK_CAUSE_RETURNED, payout) &&
	       comes_back(d, payout, e->amount, e->amount == paid);
}
