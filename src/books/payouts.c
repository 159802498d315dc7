/*
 * payouts.c -- an agent asks for money: the checks, and what is kept aside.
 *
 * From the request on the money is out of what is available, so that two exits cannot
 * spend one balance; payout_steps.c has what becomes of it.
 */

#include "base/money.h"
#include "books/goods_core.h"

#define DAY_US (86400LL * 1000000LL)

struct request {
	const struct dbk_payout_requested *event;
	const struct dbk_plan_scalars *terms;
	uint32_t plan, agent, purse;
};

static bool
is_open(uint32_t state)
{
	return state >= DBK_PAYOUT_REQUESTED && state <= DBK_PAYOUT_UNKNOWN;
}

void
dbk_payout_enter(struct dbk_decision *d, uint32_t payout, enum dbk_payout_state state)
{
	struct dbk_row_payout *row = DBK_TOUCH(d->books, payouts, payout, payout);
	uint32_t before = row->state;

	if (before == state)
		return;
	row->state = state;
	row->positions[state] = d->position + 1;
	if (is_open(before) != is_open(state)) {
		uint32_t purse = dbk_purse_find(d->books, row->agent);
		struct dbk_row_purse *to = DBK_TOUCH(d->books, purses, purse, purse);

		to->open_payouts += is_open(state) ? 1u : -1u;
	}
	if (state == DBK_PAYOUT_UNKNOWN)
		DBK_TOUCH(d->books, book, book, 1)->unknown_payouts++;
	if (before == DBK_PAYOUT_UNKNOWN)
		DBK_TOUCH(d->books, book, book, 1)->unknown_payouts--;
}

/* A sum that was begun anew meanwhile never had it. */
static int64_t
less(int64_t sum, int64_t gross)
{
	return sum > gross ? sum - gross : 0;
}

void
dbk_payout_leave_sums(struct dbk_decision *d, uint32_t payout)
{
	const struct dbk_row_payout *row = DBK_ROW(d->books, payouts, payout, payout);
	uint32_t id = dbk_purse_find(d->books, row->agent);
	struct dbk_row_purse *purse = DBK_TOUCH(d->books, purses, purse, id);

	if (purse->payout_day == row->day)
		purse->day_sum = less(purse->day_sum, row->gross);
	if (purse->payout_month == row->month)
		purse->month_sum = less(purse->month_sum, row->gross);
}

/* Refuse by GUARD what is measured against LIMIT, unless an override lets it pass. */
static bool
guard(struct dbk_decision *d, const struct request *r, enum dbk_rule rule,
      const char *field, int64_t measured, int64_t limit)
{
	return dbk_override_use(d, r->purse, rule) ||
	       dbk_refuse_measured(d, rule, dbk_field(field), measured, limit);
}

static bool
asker_stands(struct dbk_decision *d, struct request *r)
{
	struct dbk_str name = r->event->agent;

	if (!dbk_agent_find(d, dbk_field("agent"), name, false, &r->agent))
		return false;
	if (DBK_ROW(d->books, agents, agent, r->agent)->state == DBK_AGENT_SUSPENDED)
		return dbk_refuse(d, DBK_RULE_AGENT_NOT_ACTIVE, dbk_field("agent"),
				  name);
	return true;
}

static bool
payee_stands(struct dbk_decision *d, struct request *r)
{
	const struct dbk_row_purse *purse;
	uint64_t payee[2];
	int64_t since;

	r->purse = dbk_purse_find(d->books, r->agent);
	purse = DBK_ROW(d->books, purses, purse, r->purse);
	if (purse->payee[0] == 0 && purse->payee[1] == 0)
		return dbk_refuse(d, DBK_RULE_PAYEE_NOT_VERIFIED, dbk_field("agent"),
				  r->event->agent);
	dbk_purse_payee(r->event->payee_hash, payee);
	if (memcmp(payee, purse->payee, sizeof payee) != 0)
		return dbk_refuse(d, DBK_RULE_PAYEE_DIFFERS, dbk_field("payee_hash"),
				  dbk_str_make("", 0));
	since = dbk_clock(d->books) - purse->payee_since;
	return since >= r->terms->payee_unchanged_days * DAY_US ||
	       guard(d, r, DBK_RULE_PAYEE_CHANGED, "payee_hash",
		     since > 0 ? since / DAY_US : 0, r->terms->payee_unchanged_days);
}

static bool
method_stands(struct dbk_decision *d, const struct request *r)
{
	struct dbk_str name = r->event->method;
	uint32_t method = dbk_names_find(&d->books->names, DBK_SPACE_TAG, name);
	const struct dbk_row_plan *plan;

	if (r->terms->n_methods == 0)
		return true;
	plan = DBK_ROW(d->books, plans, plan, r->plan);
	for (uint32_t i = 0; method != 0 && i < r->terms->n_methods; i++)
		if (plan->methods[i] == method)
			return true;
	return dbk_refuse(d, DBK_RULE_PAYOUT_METHOD, dbk_field("method"), name);
}

static int64_t
available(const struct dbk_books *books, uint32_t agent)
{
	return -dbk_account_balance(books, DBK_COMMISSION_AVAILABLE, agent);
}

static bool
amount_stands(struct dbk_decision *d, const struct request *r)
{
	int64_t gross = r->event->gross, there = available(d->books, r->agent);
	uint32_t open = DBK_ROW(d->books, purses, purse, r->purse)->open_payouts;

	if (gross < r->terms->min_payout &&
	    !guard(d, r, DBK_RULE_PAYOUT_MINIMUM, "gross", gross, r->terms->min_payout))
		return false;
	if (r->terms->one_open_payout && open > 0 &&
	    !guard(d, r, DBK_RULE_PAYOUT_OPEN, "agent", (int64_t)open + 1, 1))
		return false;
	if (gross > there)
		return dbk_refuse_measured(d, DBK_RULE_AVAILABLE_INSUFFICIENT,
					   dbk_field("gross"), gross, there);
	return true;
}

/* Add GROSS to a sum that is kept for one day or month, NOW; it begins anew when that
 * was another one. */
static bool
sum_add(struct dbk_decision *d, uint32_t *kept, int64_t *sum, uint32_t now,
	int64_t gross)
{
	if (*kept != now) {
		*kept = now;
		*sum = 0;
	}
	return dbk_money_add(*sum, gross, sum) ||
	       dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW, dbk_field("gross"),
				   gross, INT64_MAX - *sum);
}

static bool
limits_stand(struct dbk_decision *d, const struct request *r)
{
	struct dbk_row_purse *purse = DBK_TOUCH(d->books, purses, purse, r->purse);
	uint32_t day = dbk_local_day(d->books, dbk_clock(d->books)) + 1;
	uint32_t month = dbk_local_month(d->books, dbk_clock(d->books)) + 1;
	int64_t gross = r->event->gross;
	int64_t daily = r->terms->payout_daily_limit;
	int64_t monthly = r->terms->payout_monthly_limit;

	if (!sum_add(d, &purse->payout_day, &purse->day_sum, day, gross) ||
	    !sum_add(d, &purse->payout_month, &purse->month_sum, month, gross))
		return false;
	if (daily > 0 && purse->day_sum > daily &&
	    !guard(d, r, DBK_RULE_PAYOUT_DAILY_LIMIT, "gross", purse->day_sum, daily))
		return false;
	return monthly == 0 || purse->month_sum <= monthly ||
	       guard(d, r, DBK_RULE_PAYOUT_MONTHLY_LIMIT, "gross", purse->month_sum,
		     monthly);
}

/* Enter the payout, not yet with its items. */
static bool
payout_add(struct dbk_decision *d, const struct request *r, uint32_t *out)
{
	struct dbk_row_purse *purse = DBK_TOUCH(d->books, purses, purse, r->purse);
	struct dbk_row_payout *row;

	if (!dbk_intern(d, DBK_SPACE_PAYOUT, r->event->payout, out))
		return false;
	row = DBK_TOUCH(d->books, payouts, payout, *out);
	row->agent = r->agent;
	row->gross = r->event->gross;
	row->requested_at = d->event->effective_at;
	row->day = purse->payout_day;
	row->month = purse->payout_month;
	row->next_of_agent = purse->payouts;
	purse->payouts = *out;
	dbk_payout_enter(d, *out, DBK_PAYOUT_REQUESTED);
	if (row->gross <= r->terms->approval_above)
		dbk_payout_enter(d, *out, DBK_PAYOUT_APPROVED);
	return dbk_intern(d, DBK_SPACE_TAG, r->event->method, &row->method) &&
	       dbk_intern(d, DBK_SPACE_TAG, d->event->source, &row->maker) &&
	       dbk_intern(d, DBK_SPACE_TAG, d->event->actor, &row->actor);
}

bool
dbk_decide_payout_requested(struct dbk_decision *d)
{
	struct request r = { .event = &d->event->u.payout_requested };
	uint32_t payout;

	r.plan = dbk_plan_at(d->books, dbk_clock(d->books));
	r.terms = dbk_plan_scalars(d->books, r.plan);
	return asker_stands(d, &r) && payee_stands(d, &r) && method_stands(d, &r) &&
	       amount_stands(d, &r) && limits_stand(d, &r) &&
	       payout_add(d, &r, &payout) &&
	       dbk_draw_payout(d, r.agent, payout, r.event->gross) &&
	       dbk_post_for(d, DBK_COMMISSION_AVAILABLE, r.agent, r.event->gross,
			    DBK_CAUSE_DRAWN, payout) &&
	       dbk_post_for(d, DBK_PAYOUT_RESERVED, r.agent, -r.event->gross,
			    DBK_CAUSE_DRAWN, payout) &&
	       dbk_exposure_payout(d, r.agent);
}

bool
dbk_payout_give_back(struct dbk_decision *d, uint32_t payout,
		     enum dbk_payout_state state, bool net)
{
	const struct dbk_row_payout *row = DBK_ROW(d->books, payouts, payout, payout);

	dbk_payout_enter(d, payout, state);
	dbk_payout_leave_sums(d, payout);
	return dbk_post_for(d, DBK_PAYOUT_RESERVED, row->agent, row->gross,
			    DBK_CAUSE_GIVEN_BACK, payout) &&
	       dbk_post_for(d, DBK_COMMISSION_AVAILABLE, row->agent, -row->gross,
			    DBK_CAUSE_GIVEN_BACK, payout) &&
	       dbk_draw_back(d, payout, row->gross, net);
}

bool
dbk_payout_cancel_unsent(struct dbk_decision *d, uint32_t agent, int64_t needed)
{
	uint32_t id = dbk_purse_find(d->books, agent);
	const struct dbk_row_purse *purse = DBK_ROW(d->books, purses, purse, id);
	uint32_t left = purse->open_payouts, payout = purse->payouts;

	while (left > 0 && available(d->books, agent) < needed) {
		const struct dbk_row_payout *row =
		    DBK_ROW(d->books, payouts, payout, payout);
		uint32_t next = row->next_of_agent;

		left -= is_open(row->state);
		if ((row->state == DBK_PAYOUT_REQUESTED ||
		     row->state == DBK_PAYOUT_APPROVED) &&
		    !dbk_payout_give_back(d, payout, DBK_PAYOUT_CANCELLED, false))
			return false;
		payout = next;
	}
	return true;
}
