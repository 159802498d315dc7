/*
 * audit_money.c -- the invariants of agents' money: what claims and payouts say is what
 * the accounts hold.
 */

#include "books/core.h"

#include <stdlib.h>

/* What one agent's claims and payouts add up to. */
struct sums {
	int64_t pending, held, matured; /* open, by state */
	int64_t reserved, in_transit;
	uint32_t on_chain, open_payouts;
	uint32_t holds;
};

static bool
is_posted(const struct dbk_row_earning *row)
{
	return row->state != DBK_EARNING_UNASSIGNED &&
	       row->state != DBK_EARNING_EXPECTED;
}

static void
check_earning(const struct dbk_row_earning *row)
{
	dbk_assert(row->state >= DBK_EARNING_PENDING &&
		   row->state <= DBK_EARNING_EXPECTED);
	dbk_assert(row->accrued > 0 && row->reversed >= 0 &&
		   row->reversed <= row->accrued);
	dbk_assert(row->open >= 0 && row->open <= row->accrued);
	if (row->state == DBK_EARNING_MATURED || row->state == DBK_EARNING_HELD)
		dbk_assert(row->open > 0);
	if (row->state >= DBK_EARNING_DRAWN)
		dbk_assert(row->open == 0);
}

static void
sum_earnings(const struct dbk_books *books, struct sums *agents)
{
	for (uint32_t i = 1; i < books->earnings.count; i++) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, i);
		struct sums *sums = &agents[row->agent];

		check_earning(row);
		if (row->state == DBK_EARNING_PENDING)
			sums->pending += row->open;
		if (row->state == DBK_EARNING_MATURED)
			sums->matured += row->open;
		if (row->state == DBK_EARNING_HELD_PENDING ||
		    row->state == DBK_EARNING_HELD)
			sums->held += row->open;
		if (row->state == DBK_EARNING_MATURED || row->state == DBK_EARNING_HELD)
			sums->on_chain++;
	}
}

/* Items are all of a payout until it is settled, and stay written down afterwards. */
static void
check_items(const struct dbk_books *books, const struct dbk_row_payout *row)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < row->n_items; i++) {
		const struct dbk_row_payout_item *item =
		    DBK_ROW(books, payout_items, payout_item, row->first_item + i);

		dbk_assert(item->amount > 0);
		dbk_assert(DBK_ROW(books, earnings, earning, item->earning)->agent ==
			   row->agent);
		sum += item->amount;
	}
	dbk_assert(sum == row->gross);
}

static void
sum_payouts(const struct dbk_books *books, struct sums *agents)
{
	uint32_t unknown = 0;

	for (uint32_t i = 1; i < books->payouts.count; i++) {
		const struct dbk_row_payout *row = DBK_ROW(books, payouts, payout, i);
		struct sums *sums = &agents[row->agent];
		int64_t net = row->gross - row->tax;

		check_items(books, row);
		dbk_assert(net >= 0 && row->tax >= 0);
		dbk_assert(row->returned >= 0 && row->returned <= net);
		if (row->state <= DBK_PAYOUT_BATCHED)
			sums->reserved += net;
		if (row->state == DBK_PAYOUT_SENT || row->state == DBK_PAYOUT_UNKNOWN)
			sums->in_transit += net;
		sums->open_payouts += row->state <= DBK_PAYOUT_UNKNOWN;
		unknown += row->state == DBK_PAYOUT_UNKNOWN;
	}
	dbk_assert(DBK_ROW(books, book, book, 1)->unknown_payouts == unknown);
}

static void
check_chain(const struct dbk_books *books, uint32_t agent, uint32_t expected)
{
	uint32_t at = DBK_ROW(books, agents, agent, agent)->matured;

	for (; at != 0; expected--) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, at);

		dbk_assert(expected > 0 && row->agent == agent);
		dbk_assert(row->state == DBK_EARNING_MATURED ||
			   row->state == DBK_EARNING_HELD);
		at = row->next;
	}
	dbk_assert(expected == 0);
}

static void
check_agent(const struct dbk_books *books, uint32_t agent, const struct sums *sums)
{
	const struct dbk_row_agent *row = DBK_ROW(books, agents, agent, agent);
	uint32_t purse = dbk_purse_find(books, agent);
	int64_t owed = dbk_account_balance(books, DBK_CLAWBACK_RECEIVABLE, agent);

	dbk_assert(-dbk_account_balance(books, DBK_COMMISSION_PENDING, agent) ==
		   sums->pending);
	dbk_assert(-dbk_account_balance(books, DBK_COMMISSION_HELD, agent) ==
		   sums->held);
	dbk_assert(-dbk_account_balance(books, DBK_COMMISSION_AVAILABLE, agent) ==
		   sums->matured);
	dbk_assert(-dbk_account_balance(books, DBK_PAYOUT_RESERVED, agent) ==
		   sums->reserved);
	dbk_assert(-dbk_account_balance(books, DBK_PAYOUT_IN_TRANSIT, agent) ==
		   sums->in_transit);
	dbk_assert(owed >= 0 && (owed > 0) == ((row->flags & DBK_AGENT_OWES) != 0));
	dbk_assert(row->holds == sums->holds);
	dbk_assert(DBK_ROW(books, purses, purse, purse)->open_payouts ==
		   sums->open_payouts);
	check_chain(books, agent, sums->on_chain);
}

/* Holds in force on agents and, by the way, on orders, into HOLDS of each order. */
static void
sum_holds(const struct dbk_books *books, struct sums *agents, uint32_t *orders)
{
	for (uint32_t i = 1; i < books->holds.count; i++) {
		const struct dbk_row_hold *row = DBK_ROW(books, holds, hold, i);

		if (row->released)
			continue;
		if (row->agent != 0)
			agents[row->agent].holds++;
		else if (row->line == 0 && row->level == 0)
			orders[row->order]++;
	}
	for (uint32_t i = 1; i < books->chargebacks.count; i++) {
		const struct dbk_row_chargeback *row =
		    DBK_ROW(books, chargebacks, chargeback, i);

		orders[row->order] += row->state == DBK_CHARGEBACK_OPEN;
	}
}

/* The commission of a line that its order still has to bear. */
static int64_t
line_deferred(const struct dbk_books *books, const struct dbk_row_line *line)
{
	int64_t sum = 0;
	uint32_t at = line->earning;

	while (at != 0) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, at);

		if (row->kind == DBK_EARNING_COMMISSION && is_posted(row))
			sum += row->accrued - row->reversed;
		dbk_assert(&line[0] == DBK_ROW(books, lines, line, row->cause));
		at = row->sibling;
	}
	return line->flags & DBK_LINE_RECOGNISED ? 0 : sum;
}

static void
check_orders(const struct dbk_books *books, const uint32_t *holds)
{
	for (uint32_t i = 1; i < books->orders.count; i++) {
		const struct dbk_row_order *row = DBK_ROW(books, orders, order, i);
		int64_t deferred = 0;

		for (uint32_t k = 0; k < row->n_lines; k++)
			deferred += line_deferred(
			    books, DBK_ROW(books, lines, line, row->first_line + k));
		dbk_assert(row->deferred ==
			   (row->kind == DBK_ORDER_RESTOCK ? 0 : deferred));
		dbk_assert(row->holds == holds[i]);
	}
}

/* Tax of months that are not remitted is held to the unit. */
static void
check_tax(const struct dbk_books *books)
{
	int64_t *held = calloc(books->tags.count, sizeof *held);

	dbk_assert(held != NULL);
	for (uint32_t i = 1; i < books->tax_months.count; i++) {
		const struct dbk_row_tax_month *row =
		    DBK_ROW(books, tax_months, tax_month, i);

		dbk_assert(row->tax >= 0 && row->tax <= row->gross);
		if (row->tax > 0)
			held[dbk_tax_month_tag(books, row->month)] += row->tax;
	}
	for (uint32_t i = 1; i < books->periods.count; i++) {
		struct dbk_str name = dbk_names_get(&books->names, DBK_SPACE_PERIOD, i);
		uint32_t tag = dbk_names_find(&books->names, DBK_SPACE_TAG, name);

		if (tag != 0 && !DBK_ROW(books, periods, period, i)->remitted)
			dbk_assert(-dbk_account_balance(books, DBK_TAX_WITHHELD, tag) ==
				   held[tag]);
	}
	free(held);
}

static void
check_contests(const struct dbk_books *books)
{
	uint32_t open = 0, at = DBK_ROW(books, book, book, 1)->open_contests;

	for (; at != 0; at = DBK_ROW(books, contests, contest, at)->next_open)
		dbk_assert(++open <= DBK_CONTESTS_OPEN_MAX);
	for (uint32_t i = 1; i < books->contests.count; i++) {
		const struct dbk_row_contest *row =
		    DBK_ROW(books, contests, contest, i);

		dbk_assert(row->awarded >= 0 && row->awarded <= row->pool);
		open -= !row->closed;
	}
	dbk_assert(open == 0);
}

/* Nobody is twice in one team: as many rows in force as the team counts. */
static void
check_teams(const struct dbk_books *books)
{
	uint32_t *members = calloc(books->teams.count, sizeof *members);

	dbk_assert(members != NULL);
	for (uint32_t i = 1; i < books->members.count; i++) {
		const struct dbk_row_member *row = DBK_ROW(books, members, member, i);

		dbk_assert(dbk_member_find(books, row->team, row->agent) == i);
		members[row->team] += !row->removed;
	}
	for (uint32_t i = 1; i < books->teams.count; i++)
		dbk_assert(DBK_ROW(books, teams, team, i)->n_members == members[i]);
	free(members);
}

void
dbk_audit_money(const struct dbk_books *books)
{
	struct sums *agents = calloc(books->agents.count, sizeof *agents);
	uint32_t *holds = calloc(books->orders.count, sizeof *holds);

	dbk_assert(agents != NULL && holds != NULL);
	sum_earnings(books, agents);
	sum_payouts(books, agents);
	sum_holds(books, agents, holds);
	for (uint32_t i = 1; i < books->agents.count; i++)
		check_agent(books, i, &agents[i]);
	check_orders(books, holds);
	check_tax(books);
	check_contests(books);
	check_teams(books);
	free(agents);
	free(holds);
}
