/*
 * recruiting.c -- pay for people who join, and for what they pay to belong.
 *
 * No plan does this by default, and one that does has to say that it means it.  It is
 * kept apart from commission on goods, so that no report can take one for the other.
 */

#include "books/core.h"
#include "plan/split.h"

/* What the sponsors above one agent get; level n at [n - 1]. */
struct recruiting {
	const struct dbk_plan_scalars *scalars;
	uint32_t plan;
	int64_t fee; /* 0: for joining */
	int64_t amounts[DBK_LEVELS_MAX];
};

static void
work_out(struct recruiting *r)
{
	struct dbk_claim claims[DBK_LEVELS_MAX];

	for (uint32_t i = 0; i < DBK_LEVELS_MAX; i++) {
		claims[i] = (struct dbk_claim){ r->fee, r->scalars->fee_rate_ppm[i] };
		r->amounts[i] = r->scalars->enrol_reward[i];
	}
	if (r->fee > 0)
		(void)dbk_split_claims(claims, DBK_LEVELS_MAX, r->amounts);
}

/* The return window counts from the day of the deed: there is nothing to receive. */
static bool
schedule(struct dbk_decision *d, const struct recruiting *r, uint32_t earning)
{
	uint64_t second = (uint64_t)dbk_due_second(d->event->effective_at) +
			  (uint64_t)r->scalars->window_days * 86400;

	return dbk_due_schedule(d, earning | DBK_DUE_EARNING,
				second < UINT32_MAX ? (uint32_t)second : UINT32_MAX);
}

static bool
add(struct dbk_decision *d, const struct recruiting *r, uint32_t agent, uint32_t level)
{
	bool is_posted = r->scalars->engine == DBK_ENGINE_DAYBOOK;
	int64_t amount = r->amounts[level - 1];
	uint32_t id;
	struct dbk_row_earning earning = {
		.agent = agent,
		.cause = d->position,
		.rank = DBK_ROW(d->books, agents, agent, agent)->rank,
		.rate_ppm = r->fee > 0 ? r->scalars->fee_rate_ppm[level - 1] : 0,
		.plan = (uint16_t)r->plan,
		.basis = DBK_BASIS_RECRUITING,
		.distance = (uint8_t)level,
		.level = (uint8_t)level,
		.kind = DBK_EARNING_RECRUITING,
		.state = is_posted ? DBK_EARNING_PENDING : DBK_EARNING_EXPECTED,
		.accrued = amount,
		.open = is_posted ? amount : 0,
		.base = r->fee,
	};

	return dbk_earning_add(d, &earning, 0, &id) &&
	       (!is_posted || schedule(d, r, id));
}

/* An earning for each active sponsor above AGENT; *OUT_SUM is what is posted. */
static bool
add_all(struct dbk_decision *d, const struct recruiting *r, uint32_t agent,
	int64_t *out_sum)
{
	*out_sum = 0;
	for (uint32_t level = 1; level <= DBK_LEVELS_MAX; level++) {
		const struct dbk_row_agent *row;

		agent = DBK_ROW(d->books, agents, agent, agent)->sponsor;
		if (agent == 0)
			break;
		row = DBK_ROW(d->books, agents, agent, agent);
		if (row->state != DBK_AGENT_ACTIVE || r->amounts[level - 1] == 0)
			continue;
		if (!add(d, r, agent, level))
			return false;
		*out_sum += r->amounts[level - 1];
	}
	return true;
}

static bool
post(struct dbk_decision *d, const struct recruiting *r, uint32_t first, int64_t sum)
{
	uint32_t tag;

	if (!dbk_plan_tag(d, r->plan, &tag) ||
	    !dbk_post_for(d, DBK_COMMISSION_EXPENSE, tag, sum, DBK_CAUSE_RECRUITED, 0))
		return false;
	for (uint32_t id = first; id < d->books->earnings.count; id++) {
		const struct dbk_row_earning *row =
		    DBK_ROW(d->books, earnings, earning, id);

		if (!dbk_post_for(d, DBK_COMMISSION_PENDING, row->agent, -row->accrued,
				  DBK_CAUSE_RECRUITED, 0))
			return false;
	}
	return true;
}

bool
dbk_commission_recruit(struct dbk_decision *d, uint32_t agent, int64_t fee_amount)
{
	struct recruiting r = { .fee = fee_amount };
	uint32_t first = d->books->earnings.count;
	int64_t sum;

	r.plan = dbk_plan_at(d->books, d->event->effective_at);
	r.scalars = dbk_plan_scalars(d->books, r.plan);
	if (!(r.scalars->risks & DBK_RISK_RECRUITING))
		return true;
	work_out(&r);
	if (!add_all(d, &r, agent, &sum))
		return false;
	return sum == 0 || r.scalars->engine == DBK_ENGINE_PLATFORM ||
	       post(d, &r, first, sum);
}
