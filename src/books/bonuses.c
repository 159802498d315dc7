/*
 * bonuses.c -- a pool shared out by a measure, available at once.
 *
 * A bonus may reward retail and training.  Purchases and head count are only taken from
 * who said in the plan that they mean it.
 */

#include "books/core.h"

struct metric {
	const char *name;
	uint8_t basis;
	bool risky;
};

static const struct metric metrics[] = {
	{ "MATURED_RETAIL", DBK_BASIS_RETAIL, false },
	{ "REPEAT_RATE", DBK_BASIS_RETAIL, false },
	{ "REFUND_RATE", DBK_BASIS_RETAIL, false },
	{ "TEAM_RETAIL", DBK_BASIS_RETAIL, false },
	{ "TRAINING", DBK_BASIS_OTHER, false },
	{ "HEAD_COUNT", DBK_BASIS_RECRUITING, true },
	{ "PURCHASE_VOLUME", DBK_BASIS_SELL_IN, true },
};

static bool
metric_stands(struct dbk_decision *d, uint8_t *out_basis)
{
	struct dbk_str name = d->event->u.bonus_awarded.metric;
	uint32_t plan = dbk_plan_at(d->books, d->event->effective_at);
	bool meant =
	    (dbk_plan_scalars(d->books, plan)->acknowledged & DBK_RISK_HEAD_COUNT) != 0;

	for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
		if (!dbk_str_equal(name, dbk_str_of(metrics[i].name)) ||
		    (metrics[i].risky && !meant))
			continue;
		*out_basis = metrics[i].basis;
		return true;
	}
	return dbk_refuse(d, DBK_RULE_BONUS_METRIC, dbk_field("metric"), name);
}

/* The shares are all of the pool. */
static bool
shares_add_up(struct dbk_decision *d)
{
	const struct dbk_bonus_awarded *e = &d->event->u.bonus_awarded;
	int64_t sum = 0;

	dbk_assert(e->n_shares <= DBK_SHARES_MAX);
	for (uint32_t i = 0; i < e->n_shares; i++)
		sum += e->shares[i].amount;
	return sum == e->pool || dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH,
						     dbk_field("pool"), e->pool, sum);
}

/* A bonus that has the name of a contest pays out its pool, once it is closed. */
static bool
contest_allows(struct dbk_decision *d)
{
	const struct dbk_bonus_awarded *e = &d->event->u.bonus_awarded;
	uint32_t contest =
	    dbk_names_find(&d->books->names, DBK_SPACE_CONTEST, e->bonus);
	struct dbk_row_contest *row;

	if (contest == 0)
		return true;
	row = DBK_TOUCH(d->books, contests, contest, contest);
	if (!row->closed)
		return dbk_refuse(d, DBK_RULE_CONTEST_STATE, dbk_field("bonus"),
				  e->bonus);
	if (e->pool > row->pool - row->awarded)
		return dbk_refuse_measured(d, DBK_RULE_POOL_EXCEEDED, dbk_field("pool"),
					   e->pool, row->pool - row->awarded);
	row->awarded += e->pool;
	return true;
}

static bool
share_agent(struct dbk_decision *d, uint32_t i, uint32_t *out)
{
	return dbk_agent_find(d, dbk_field_of("shares", i, "agent"),
			      d->event->u.bonus_awarded.shares[i].agent, true, out);
}

bool
dbk_decide_bonus_awarded(struct dbk_decision *d)
{
	const struct dbk_bonus_awarded *e = &d->event->u.bonus_awarded;
	uint32_t agent, bonus;
	uint8_t basis = 0;

	if (!metric_stands(d, &basis) || !shares_add_up(d) || !contest_allows(d))
		return false;
	for (uint32_t i = 0; i < e->n_shares; i++)
		if (!share_agent(d, i, &agent))
			return false;
	if (!dbk_intern(d, DBK_SPACE_TAG, e->bonus, &bonus) ||
	    !dbk_post_for(d, DBK_BONUS_EXPENSE, bonus, e->pool, DBK_CAUSE_BONUS, 0))
		return false;
	for (uint32_t i = 0; i < e->n_shares; i++)
		if (!share_agent(d, i, &agent) ||
		    !dbk_earning_credit(d, agent, DBK_EARNING_BONUS, basis,
					e->shares[i].amount, DBK_CAUSE_BONUS))
			return false;
	return true;
}
