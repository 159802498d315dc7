/*
 * commission.c -- commission comes into being.
 *
 * An order that has been paid whole settles who earns what of it, for good: plan, ranks
 * and sponsors are those of this moment.  What it costs waits in comm.deferred until
 * the goods are received.
 */

#include "base/money.h"
#include "books/accrual.h"
#include "plan/split.h"

static bool
refuse_overflow(struct dbk_decision *d, int64_t measured)
{
	return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW, dbk_field("amount"),
				   measured, INT64_MAX);
}

/* -------------------------------------------------------------------- one earning */

/* What all earnings of SHARE for PERSON have in common. */
static struct dbk_row_earning
earning_of(const struct dbk_accrual *a, const struct dbk_level_share *share,
	   const struct dbk_person *person, uint32_t line_row)
{
	return (struct dbk_row_earning){
		.agent = person->agent,
		.cause = line_row,
		.rank = person->rank,
		.rate_ppm = share->rate_ppm,
		.plan = (uint16_t)a->row->plan,
		.basis = a->row->kind == DBK_ORDER_RETAIL ? DBK_BASIS_RETAIL
							  : DBK_BASIS_SELL_IN,
		.distance = person->distance,
		.level = (uint8_t)share->level,
		.kind = DBK_EARNING_COMMISSION,
		.base = share->base,
	};
}

static bool
add_unassigned(const struct dbk_accrual *a, struct dbk_row_earning earning,
	       int64_t amount, enum dbk_unassigned reason)
{
	uint32_t id;

	earning.state = DBK_EARNING_UNASSIGNED;
	earning.holds = (uint8_t)reason;
	earning.accrued = amount;
	return dbk_earning_add(a->d, &earning, earning.cause, &id);
}

static bool
add_assigned(struct dbk_accrual *a, struct dbk_row_earning earning, int64_t amount)
{
	const struct dbk_row_line *line =
	    DBK_ROW(a->d->books, lines, line, earning.cause);
	bool is_expense = (line->flags & DBK_LINE_RECOGNISED) != 0 ||
			  a->row->kind == DBK_ORDER_RESTOCK;
	int64_t *sum = is_expense ? &a->expense : &a->deferred;
	uint32_t id;

	earning.accrued = amount;
	earning.state = DBK_EARNING_EXPECTED;
	if (a->plan->engine == DBK_ENGINE_DAYBOOK) {
		earning.state = DBK_EARNING_PENDING;
		earning.open = amount;
		if (!dbk_money_add(*sum, amount, sum))
			return refuse_overflow(a->d, amount);
	}
	return dbk_earning_add(a->d, &earning, earning.cause, &id);
}

/* Why PERSON cannot have a share of LEVEL; 0: it can. */
static unsigned
why_not(const struct dbk_accrual *a, const struct dbk_person *person, uint32_t level)
{
	if (a->is_own_purchase)
		return DBK_UNASSIGNED_SELF_PURCHASE;
	if (person->agent == 0)
		return level == 1 ? DBK_UNASSIGNED_NO_SELLER : DBK_UNASSIGNED_NO_UPLINE;
	return person->active ? 0 : DBK_UNASSIGNED_INELIGIBLE;
}

/* AMOUNT of SHARE is PERSON's, as far as it may have it. */
static bool
assign(struct dbk_accrual *a, const struct dbk_level_share *share,
       const struct dbk_person *person, uint32_t line_row, int64_t amount)
{
	struct dbk_row_earning earning = earning_of(a, share, person, line_row);
	unsigned why = why_not(a, person, share->level);
	enum dbk_unassigned cap = 0;
	int64_t cut = 0;

	if (amount == 0)
		return true;
	if (why != 0)
		return add_unassigned(a, earning, amount, (enum dbk_unassigned)why);
	if (a->has_caps && !dbk_caps_cut(a, person->agent, &amount, &cut, &cap))
		return false;
	return (amount == 0 || add_assigned(a, earning, amount)) &&
	       (cut == 0 || add_unassigned(a, earning, cut, cap));
}

/* Several agents brought the sale about: level 1 is divided by their weights. */
static bool
assign_divided(struct dbk_accrual *a, const struct dbk_level_share *share,
	       uint32_t line_row)
{
	uint32_t n = a->extra->n_agents;
	int64_t weights[DBK_ATTRIBUTIONS_MAX], amounts[DBK_ATTRIBUTIONS_MAX];

	dbk_assert(n > 0 && n <= DBK_ATTRIBUTIONS_MAX);
	for (uint32_t i = 0; i < n; i++)
		weights[i] = a->extra->weights[i];
	dbk_split_weights(share->amount, weights, n, amounts);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t agent = a->extra->agents[i];
		const struct dbk_row_agent *row =
		    DBK_ROW(a->d->books, agents, agent, agent);
		struct dbk_person person = { agent, row->rank, 0,
					     row->state == DBK_AGENT_ACTIVE };

		if (!assign(a, share, &person, line_row, amounts[i]))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------------ one line */

static bool
line_accrues(const struct dbk_books *books, const struct dbk_row_line *line)
{
	uint32_t sku;

	if (line->line == 0 || line->amount == 0)
		return false;
	sku = DBK_ROW(books, goods, good, line->good)->sku;
	return !DBK_ROW(books, skus, sku, sku)->not_commissionable;
}

/* Own retail lets its agent earn more, where the plan ties pay to it. */
static bool
count_own_retail(const struct dbk_accrual *a, const struct dbk_row_line *line)
{
	const struct dbk_person *seller = &a->people[0];

	if (!a->has_caps || a->row->kind != DBK_ORDER_RETAIL || a->is_own_purchase ||
	    seller->agent == 0 || !seller->active)
		return true;
	return dbk_caps_count_retail(a, seller->agent, line->amount);
}

static bool
accrue_line(struct dbk_accrual *a, uint32_t line_row)
{
	const struct dbk_row_line *line = DBK_ROW(a->d->books, lines, line, line_row);
	struct dbk_level_share shares[DBK_LEVELS_MAX];
	bool is_divided = a->extra != NULL && a->extra->n_agents > 0;
	uint32_t n;

	if (!line_accrues(a->d->books, line))
		return true;
	DBK_TOUCH(a->d->books, lines, line, line_row)->flags |= DBK_LINE_ACCRUED;
	if (!dbk_shares_find(a, line_row, shares, &n) || !count_own_retail(a, line))
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!(is_divided && shares[i].level == 1
			  ? assign_divided(a, &shares[i], line_row)
			  : assign(a, &shares[i], &a->people[shares[i].level - 1],
				   line_row, shares[i].amount)))
			return false;
	return true;
}

/* -------------------------------------------------------------------- all together */

static bool
is_posted(const struct dbk_row_earning *row)
{
	return row->state != DBK_EARNING_UNASSIGNED &&
	       row->state != DBK_EARNING_EXPECTED;
}

static bool
post_cost(const struct dbk_accrual *a)
{
	uint32_t tag;

	if (a->deferred > 0 &&
	    !dbk_post_order(a->d, DBK_COMMISSION_DEFERRED, a->order, a->deferred))
		return false;
	return a->expense == 0 ||
	       (dbk_plan_tag(a->d, a->row->plan, &tag) &&
		dbk_post_for(a->d, DBK_COMMISSION_EXPENSE, tag, a->expense,
			     DBK_CAUSE_ACCRUED, a->order));
}

/* Post the earnings from FIRST on, and note what their levels cost. */
static bool
post_earnings(const struct dbk_accrual *a, uint32_t first)
{
	const struct dbk_books *books = a->d->books;
	uint32_t near = 0;

	for (uint32_t id = first; id < books->earnings.count; id++) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, id);

		if (is_posted(row) &&
		    !(dbk_post_for(a->d, DBK_COMMISSION_PENDING, row->agent,
				   -row->accrued, DBK_CAUSE_ACCRUED, a->order) &&
		      dbk_cost_accrue(a->d, a->order, id, &near)))
			return false;
	}
	return true;
}

/* What was held, or refunded, before there was anything to hold or to take back. */
static bool
catch_up(const struct dbk_accrual *a, uint32_t first, const uint32_t *line_rows,
	 uint32_t n_lines)
{
	const struct dbk_books *books = a->d->books;
	uint32_t end = books->earnings.count;

	for (uint32_t id = first; a->row->holds > 0 && id < end; id++)
		if (is_posted(DBK_ROW(books, earnings, earning, id)) &&
		    !dbk_earning_settle(a->d, id))
			return false;
	for (uint32_t i = 0; i < n_lines; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(books, lines, line, line_rows[i]);

		if ((line->flags & DBK_LINE_ACCRUED) && line->refunded > 0 &&
		    !dbk_reverse_line(a->d, a->order, line_rows[i], 0))
			return false;
	}
	return true;
}

/* Can an order of this kind accrue at all under PLAN? */
static bool
order_accrues(const struct dbk_row_order *row, const struct dbk_plan_scalars *plan)
{
	if (row->fulfilment == DBK_HOLDER_SHIP && !plan->holder_ship_commission)
		return false;
	return row->kind == DBK_ORDER_RETAIL ||
	       (row->kind == DBK_ORDER_SELF && plan->pays_on_self) ||
	       (row->kind == DBK_ORDER_RESTOCK && plan->pays_on_sell_in);
}

static bool
accrue_lines(struct dbk_decision *d, uint32_t order, const uint32_t *line_rows,
	     uint32_t n_lines)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	uint32_t extra = dbk_order_extra_find(d->books, order);
	uint32_t first = d->books->earnings.count;
	struct dbk_accrual a;

	a.d = d;
	a.order = order;
	a.row = row;
	a.plan = dbk_plan_scalars(d->books, row->plan);
	a.extra =
	    extra == 0 ? NULL : DBK_ROW(d->books, order_extras, order_extra, extra);
	a.deferred = a.expense = 0;
	if (!order_accrues(row, a.plan))
		return true;
	dbk_people_find(&a);
	for (uint32_t i = 0; i < n_lines; i++)
		if (!accrue_line(&a, line_rows[i]))
			return false;
	return post_cost(&a) && post_earnings(&a, first) &&
	       catch_up(&a, first, line_rows, n_lines);
}

/* A consumer's first order that was paid for: from then on it is a customer. */
static void
note_first_day(struct dbk_decision *d, const struct dbk_row_order *row)
{
	if (row->kind != DBK_ORDER_RETAIL || row->buyer == 0 ||
	    DBK_ROW(d->books, customers, customer, row->buyer)->first_day != 0)
		return;
	DBK_TOUCH(d->books, customers, customer, row->buyer)->first_day = d->day + 1;
}

bool
dbk_commission_accrue(struct dbk_decision *d, uint32_t order)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);
	uint32_t line_rows[DBK_LINES_MAX + 1];

	row->plan = dbk_plan_at(d->books, d->event->effective_at);
	row->flags |= DBK_ORDER_ACCRUED;
	if (row->plan != 0 &&
	    dbk_plan_scalars(d->books, row->plan)->accrue_on == DBK_ACCRUE_PAID) {
		for (uint32_t i = 0; i < row->n_lines; i++)
			line_rows[i] = row->first_line + i;
		if (!accrue_lines(d, order, line_rows, row->n_lines))
			return false;
	}
	note_first_day(d, row);
	return true;
}

bool
dbk_commission_accrue_received(struct dbk_decision *d, uint32_t order,
			       const uint32_t *line_rows, uint32_t n_lines)
{
	uint32_t plan = DBK_ROW(d->books, orders, order, order)->plan;

	return plan == 0 ||
	       dbk_plan_scalars(d->books, plan)->accrue_on != DBK_ACCRUE_RECEIVED ||
	       accrue_lines(d, order, line_rows, n_lines);
}

/* --------------------------------------------------------------------- recognition */

/* What the commissions of a line still cost. */
static int64_t
cost_of_line(const struct dbk_books *books, uint32_t line_row)
{
	uint32_t id = DBK_ROW(books, lines, line, line_row)->earning;
	int64_t cost = 0;

	while (id != 0) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, id);

		if (row->kind == DBK_EARNING_COMMISSION && is_posted(row))
			cost += row->accrued - row->reversed;
		id = row->sibling;
	}
	return cost;
}

/* Does another line of ORDER still wait with its cost? */
static bool
more_waits(const struct dbk_books *books, const struct dbk_row_order *order)
{
	for (uint32_t i = 0; i < order->n_lines; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(books, lines, line, order->first_line + i);

		if ((line->flags & DBK_LINE_ACCRUED) &&
		    !(line->flags & DBK_LINE_RECOGNISED))
			return true;
	}
	return false;
}

bool
dbk_commission_recognise(struct dbk_decision *d, uint32_t order,
			 const uint32_t *line_rows, uint32_t n_lines)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	int64_t cost = 0;
	uint32_t tag;

	if (row->deferred == 0)
		return true;
	if (!more_waits(d->books, row))
		cost = row->deferred;
	else
		for (uint32_t i = 0; i < n_lines; i++)
			cost += cost_of_line(d->books, line_rows[i]);
	return cost == 0 || (dbk_plan_tag(d, row->plan, &tag) &&
			     dbk_post_for(d, DBK_COMMISSION_EXPENSE, tag, cost,
					  DBK_CAUSE_RECOGNISED, order) &&
			     dbk_post_order(d, DBK_COMMISSION_DEFERRED, order, -cost));
}
