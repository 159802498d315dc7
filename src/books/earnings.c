/*
 * earnings.c -- the life of a claim.
 *
 *	PENDING ------ window over ----> MATURED -- drawn, reversed, netted --> DRAWN
 *	   |  ^                            |  ^                                   |
 *	 held released                   held released              given back    |
 *	   v  |                            v  |      MATURED, HELD <--------------+
 *	HELD_PENDING -- window over ----> HELD
 *
 * MATURED and HELD earnings are on their agent's chain, newest first.  Everything else
 * about an earning stays as it was when it was made.
 */

#include "books/core.h"

#define SECONDS_PER_DAY 86400u

/* ------------------------------------------------------------------------- finding */

/* Orders take their lines in one piece and one after another, so an order's place
 * follows from the line's: exactly, while every order has as many lines as the others.
 * Every other guess is the middle, so that no mixture of orders makes it slow. */
uint32_t
dbk_line_order(const struct dbk_books *books, uint32_t line_row)
{
	uint64_t low = 1, high = books->orders.count; /* of orders */
	uint64_t first = 1, end = books->lines.count; /* of their lines */

	for (bool middle = false;; middle = !middle) {
		uint64_t guess =
		    middle ? low + (high - low) / 2
			   : low + (line_row - first) * (high - low) / (end - first);
		const struct dbk_row_order *row =
		    DBK_ROW(books, orders, order, (uint32_t)guess);

		if (line_row < row->first_line) {
			high = guess;
			end = row->first_line;
		} else if (line_row < row->first_line + row->n_lines) {
			return (uint32_t)guess;
		} else {
			low = guess + 1;
			first = (uint64_t)row->first_line + row->n_lines;
		}
		dbk_assert(low < high);
	}
}

uint32_t
dbk_line_order_guess(const struct dbk_books *books, uint32_t line_row)
{
	return (uint32_t)(1 + (uint64_t)(line_row - 1) * (books->orders.count - 1) /
				  (books->lines.count - 1));
}

uint32_t
dbk_earning_order(const struct dbk_books *books, uint32_t earning)
{
	const struct dbk_row_earning *row = DBK_ROW(books, earnings, earning, earning);

	return row->kind == DBK_EARNING_COMMISSION || row->kind == DBK_EARNING_PROCEEDS
		   ? dbk_line_order(books, row->cause)
		   : 0;
}

uint32_t
dbk_line_earnings(const struct dbk_books *books, uint32_t line_row,
		  uint32_t out[DBK_LINE_EARNINGS_MAX])
{
	uint32_t at = DBK_ROW(books, lines, line, line_row)->earning, n = 0;

	for (; at != 0; at = DBK_ROW(books, earnings, earning, at)->sibling) {
		dbk_assert(n < DBK_LINE_EARNINGS_MAX);
		out[n++] = at;
	}
	for (uint32_t i = 0; i < n / 2; i++) {
		uint32_t other = out[n - 1 - i];

		out[n - 1 - i] = out[i];
		out[i] = other;
	}
	return n;
}

/* ----------------------------------------------------------------------- the chain */

/* ROW, which may be changed, is EARNING's. */
static void
chain_put(struct dbk_books *books, struct dbk_row_earning *row, uint32_t earning)
{
	struct dbk_row_agent *agent = DBK_TOUCH(books, agents, agent, row->agent);

	row->next = agent->matured;
	agent->matured = earning;
}

void
dbk_chain_link(struct dbk_books *books, uint32_t agent, uint32_t after, uint32_t to)
{
	if (after != 0)
		DBK_TOUCH(books, earnings, earning, after)->next = to;
	else
		DBK_TOUCH(books, agents, agent, agent)->matured = to;
}

static void
chain_drop(struct dbk_books *books, uint32_t earning)
{
	const struct dbk_row_earning *row = DBK_ROW(books, earnings, earning, earning);
	uint32_t at = DBK_ROW(books, agents, agent, row->agent)->matured, before = 0;

	for (; at != earning; at = DBK_ROW(books, earnings, earning, at)->next) {
		dbk_assert(at != 0);
		before = at;
	}
	dbk_chain_link(books, row->agent, before, row->next);
}

void
dbk_earning_take(struct dbk_books *books, uint32_t earning, int64_t amount)
{
	struct dbk_row_earning *row = DBK_TOUCH(books, earnings, earning, earning);

	dbk_assert(amount <= row->open);
	row->open -= amount;
	if (row->open > 0 ||
	    (row->state != DBK_EARNING_MATURED && row->state != DBK_EARNING_HELD))
		return;
	chain_drop(books, earning);
	row->state = DBK_EARNING_DRAWN;
}

bool
dbk_earning_put(struct dbk_decision *d, uint32_t earning, int64_t amount, bool held)
{
	struct dbk_row_earning *row = DBK_TOUCH(d->books, earnings, earning, earning);
	uint32_t order = held ? dbk_earning_order(d->books, earning) : 0;

	row->open += amount;
	if (row->state == DBK_EARNING_DRAWN) {
		row->state = held ? DBK_EARNING_HELD : DBK_EARNING_MATURED;
		chain_put(d->books, row, earning);
	}
	return !held || (dbk_post_for(d, DBK_COMMISSION_AVAILABLE, row->agent, amount,
				      DBK_CAUSE_HELD, order) &&
			 dbk_post_for(d, DBK_COMMISSION_HELD, row->agent, -amount,
				      DBK_CAUSE_HELD, order));
}

/* -------------------------------------------------------------------------- making */

bool
dbk_earning_add(struct dbk_decision *d, const struct dbk_row_earning *init,
		uint32_t line_row, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_row_earning *row;

	if (!dbk_row_room(d, &books->earnings))
		return false;
	*out = dbk_rows_append(&books->earnings, 1);
	row = DBK_TOUCH(books, earnings, earning, *out);
	*row = *init;
	if (line_row != 0) {
		struct dbk_row_line *line = DBK_TOUCH(books, lines, line, line_row);

		row->sibling = line->earning;
		line->earning = *out;
	}
	if (row->state == DBK_EARNING_MATURED || row->state == DBK_EARNING_HELD)
		chain_put(books, row, *out);
	return true;
}

bool
dbk_earning_add_other(struct dbk_decision *d, uint32_t agent, uint8_t kind,
		      uint8_t basis, int64_t amount, uint32_t *out)
{
	const struct dbk_row_agent *row = DBK_ROW(d->books, agents, agent, agent);
	struct dbk_row_earning init = {
		.agent = agent,
		.cause = d->position,
		.rank = row->rank,
		.basis = basis,
		.kind = kind,
		.state = row->holds > 0 ? DBK_EARNING_HELD : DBK_EARNING_MATURED,
		.accrued = amount,
		.open = amount,
	};

	return dbk_earning_add(d, &init, 0, out);
}

bool
dbk_earning_credit(struct dbk_decision *d, uint32_t agent, uint8_t kind, uint8_t basis,
		   int64_t amount, enum dbk_cause cause)
{
	bool held = DBK_ROW(d->books, agents, agent, agent)->holds > 0;
	uint32_t earning;

	return dbk_earning_add_other(d, agent, kind, basis, amount, &earning) &&
	       dbk_post_for(d, held ? DBK_COMMISSION_HELD : DBK_COMMISSION_AVAILABLE,
			    agent, -amount, cause, 0) &&
	       (held || dbk_net(d, agent, &earning, 1, amount));
}

/* ------------------------------------------------------------------------- holding */

/* All that is open of EARNING goes from one account of its agent to another. */
static bool
move_open(struct dbk_decision *d, const struct dbk_row_earning *row,
	  enum dbk_account_code from, enum dbk_account_code to, enum dbk_cause cause,
	  uint32_t order)
{
	return row->open == 0 ||
	       (dbk_post_for(d, from, row->agent, row->open, cause, order) &&
		dbk_post_for(d, to, row->agent, -row->open, cause, order));
}

static bool
is_mature(const struct dbk_row_earning *row)
{
	return row->state != DBK_EARNING_PENDING &&
	       row->state != DBK_EARNING_HELD_PENDING;
}

bool
dbk_earning_is_held(const struct dbk_books *books, uint32_t earning)
{
	const struct dbk_row_earning *row = DBK_ROW(books, earnings, earning, earning);
	uint32_t order;

	if (row->holds > 0 ||
	    (is_mature(row) && DBK_ROW(books, agents, agent, row->agent)->holds > 0))
		return true;
	order = dbk_earning_order(books, earning);
	return order != 0 && DBK_ROW(books, orders, order, order)->holds > 0;
}

/* The state of EARNING says whether it is held; HELD is how it ought to be. */
static bool
settle_as(struct dbk_decision *d, uint32_t earning, bool held)
{
	struct dbk_row_earning *row = DBK_TOUCH(d->books, earnings, earning, earning);
	enum dbk_account_code code =
	    is_mature(row) ? DBK_COMMISSION_AVAILABLE : DBK_COMMISSION_PENDING;
	uint32_t order = dbk_earning_order(d->books, earning);
	int64_t open = row->open;

	if (held) {
		row->state =
		    is_mature(row) ? DBK_EARNING_HELD : DBK_EARNING_HELD_PENDING;
		return move_open(d, row, code, DBK_COMMISSION_HELD, DBK_CAUSE_HELD,
				 order);
	}
	row->state = is_mature(row) ? DBK_EARNING_MATURED : DBK_EARNING_PENDING;
	return move_open(d, row, DBK_COMMISSION_HELD, code, DBK_CAUSE_RELEASED,
			 order) &&
	       (!is_mature(row) || dbk_net(d, row->agent, &earning, 1, open));
}

bool
dbk_earning_settle(struct dbk_decision *d, uint32_t earning)
{
	const struct dbk_row_earning *row =
	    DBK_ROW(d->books, earnings, earning, earning);
	bool held;

	switch ((enum dbk_earning_state)row->state) {
	case DBK_EARNING_PENDING:
	case DBK_EARNING_MATURED:
		held = dbk_earning_is_held(d->books, earning);
		return !held || settle_as(d, earning, true);
	case DBK_EARNING_HELD_PENDING:
	case DBK_EARNING_HELD:
		held = dbk_earning_is_held(d->books, earning);
		return held || settle_as(d, earning, false);
	case DBK_EARNING_DRAWN:
	case DBK_EARNING_UNASSIGNED:
	case DBK_EARNING_EXPECTED:
		return true;
	}
	dbk_assert(!"an earning has a state");
	return false;
}

/* ------------------------------------------------------------------------ maturing */

static bool
mature(struct dbk_decision *d, uint32_t earning, uint32_t order)
{
	struct dbk_row_earning *row;
	enum dbk_account_code to;

	if (is_mature(DBK_ROW(d->books, earnings, earning, earning)))
		return true;
	row = DBK_TOUCH(d->books, earnings, earning, earning);
	if (row->open == 0) {
		row->state = DBK_EARNING_DRAWN;
		return true;
	}
	chain_put(d->books, row, earning);
	if (row->state == DBK_EARNING_HELD_PENDING) {
		row->state = DBK_EARNING_HELD;
		return true;
	}
	if (DBK_ROW(d->books, agents, agent, row->agent)->holds > 0) {
		row->state = DBK_EARNING_HELD;
		to = DBK_COMMISSION_HELD;
	} else {
		row->state = DBK_EARNING_MATURED;
		to = DBK_COMMISSION_AVAILABLE;
	}
	return move_open(d, row, DBK_COMMISSION_PENDING, to, DBK_CAUSE_MATURED,
			 order) &&
	       (to == DBK_COMMISSION_HELD ||
		dbk_net(d, row->agent, &earning, 1, row->open));
}

bool
dbk_earning_mature(struct dbk_decision *d, uint32_t earning)
{
	return mature(d, earning, dbk_earning_order(d->books, earning));
}

bool
dbk_line_mature(struct dbk_decision *d, uint32_t line_row)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	uint32_t earnings[DBK_LINE_EARNINGS_MAX];
	uint32_t n = dbk_line_earnings(d->books, line_row, earnings);
	uint32_t order = dbk_line_order(d->books, line_row);

	line->flags |= DBK_LINE_MATURED;
	for (uint32_t i = 0; i < n; i++)
		if (!mature(d, earnings[i], order))
			return false;
	if (DBK_ROW(d->books, orders, order, order)->flags & DBK_ORDER_FLAGGED)
		return true;
	return dbk_line_score(d, order, line_row, line->amount - line->refunded);
}

/* The first earning of a line that is somebody's, at DISTANCE (-1: at any); 0: none. */
static uint32_t
first_assigned(const struct dbk_books *books, uint32_t line_row, int distance)
{
	uint32_t at = DBK_ROW(books, lines, line, line_row)->earning, first = 0;

	while (at != 0) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, at);

		if (row->state != DBK_EARNING_UNASSIGNED &&
		    (distance < 0 || row->distance == distance))
			first = at;
		at = row->sibling;
	}
	return first;
}

bool
dbk_line_score(struct dbk_decision *d, uint32_t order, uint32_t line_row,
	       int64_t amount)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);
	uint32_t earning;

	if (DBK_ROW(d->books, book, book, 1)->open_contests == 0 || amount == 0 ||
	    line->line == 0 || !(line->flags & DBK_LINE_MATURED) ||
	    DBK_ROW(d->books, orders, order, order)->kind != DBK_ORDER_RETAIL)
		return true;
	earning = first_assigned(d->books, line_row, 0);
	return earning == 0 ||
	       dbk_contest_score(d,
				 DBK_ROW(d->books, earnings, earning, earning)->agent,
				 line->when, amount);
}

/* ---------------------------------------------------------------------- scheduling */

static bool
has_posted(const struct dbk_books *books, uint32_t earning)
{
	while (earning != 0) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, earning);

		if (row->state != DBK_EARNING_UNASSIGNED &&
		    row->state != DBK_EARNING_EXPECTED)
			return true;
		earning = row->sibling;
	}
	return false;
}

/* Of the return window of a line of SKU, 0 for the shipping. */
static int64_t
window_days(const struct dbk_books *books, uint32_t plan, uint32_t sku)
{
	const struct dbk_plan_scalars *scalars = dbk_plan_scalars(books, plan);
	const struct dbk_row_plan_term *term = NULL;
	uint32_t own = DBK_ROW(books, skus, sku, sku)->return_window_days;

	if (sku != 0 && scalars->has_terms[DBK_TERM_WINDOW_DAYS])
		term = dbk_plan_term(books, plan, DBK_TERM_WINDOW_DAYS, 0, sku, 0);
	if (own > 0 && (term == NULL || term->sku == 0))
		return own;
	return term != NULL ? term->value : scalars->window_days;
}

static int64_t
hold_days(const struct dbk_books *books, uint32_t plan, uint32_t rank)
{
	const struct dbk_plan_scalars *scalars = dbk_plan_scalars(books, plan);
	const struct dbk_row_plan_term *term = NULL;

	if (scalars->has_terms[DBK_TERM_HOLD_DAYS])
		term = dbk_plan_term(books, plan, DBK_TERM_HOLD_DAYS, 0, 0, rank);
	return term != NULL ? term->value : scalars->hold_extra_days;
}

bool
dbk_line_schedule(struct dbk_decision *d, uint32_t order, uint32_t line_row)
{
	const struct dbk_row_order *of = DBK_ROW(d->books, orders, order, order);
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);
	struct dbk_row_line *row;
	uint32_t first, sku;
	int64_t second;

	if (!(line->flags & DBK_LINE_RECEIVED) || (line->flags & DBK_LINE_SCHEDULED) ||
	    of->paid != of->total ||
	    (of->kind != DBK_ORDER_RESTOCK && !(line->flags & DBK_LINE_RECOGNISED)) ||
	    !has_posted(d->books, line->earning))
		return true;
	first = first_assigned(d->books, line_row, -1);
	sku = DBK_ROW(d->books, goods, good, line->good)->sku;
	second = line->when +
		 (window_days(d->books, of->plan, sku) +
		  hold_days(d->books, of->plan,
			    DBK_ROW(d->books, earnings, earning, first)->rank)) *
		     SECONDS_PER_DAY;
	row = DBK_TOUCH(d->books, lines, line, line_row);
	row->when = second > UINT32_MAX ? UINT32_MAX : (uint32_t)second;
	row->flags |= DBK_LINE_SCHEDULED;
	return dbk_due_schedule(d, line_row, row->when);
}
