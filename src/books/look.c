#include "books/look.h"

#include "books/core.h"

uint32_t
dbk_look_find(const struct dbk_books *books, enum dbk_space space, struct dbk_str name)
{
	return dbk_names_find(&books->names, space, name);
}

struct dbk_str
dbk_look_name(const struct dbk_books *books, enum dbk_space space, uint32_t id)
{
	return dbk_names_get(&books->names, space, id);
}

uint64_t
dbk_look_count(const struct dbk_books *books, enum dbk_space space)
{
	const struct dbk_rows *table = space == DBK_SPACE_POSITION
					   ? &books->positions
					   : books->names.spaces[space];

	return table->count - 1;
}

const struct dbk_row_book *
dbk_look_book(const struct dbk_books *books)
{
	return DBK_ROW(books, book, book, 1);
}

const struct dbk_row_agent *
dbk_look_agent(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, agents, agent, id);
}

const struct dbk_row_customer *
dbk_look_customer(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, customers, customer, id);
}

const struct dbk_row_order *
dbk_look_order(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, orders, order, id);
}

const struct dbk_row_line *
dbk_look_line(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, lines, line, id);
}

const struct dbk_row_good *
dbk_look_good(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, goods, good, id);
}

/* ------------------------------------------------------------------------- money */

static const struct dbk_rows *
table_of(const struct dbk_books *books, enum dbk_look_table table)
{
	switch (table) {
	case DBK_LOOK_EARNINGS:
		return &books->earnings;
	case DBK_LOOK_PLANS:
		return &books->plans;
	case DBK_LOOK_COSTS:
		return &books->costs;
	case DBK_LOOK_REPORTS:
		return &books->reports;
	case DBK_LOOK_HOLDS:
		return &books->holds;
	case DBK_LOOK_PAYOUTS:
		return &books->payouts;
	case DBK_LOOK_PERIODS:
		return &books->periods;
	case DBK_LOOK_MEMBERS:
		return &books->members;
	}
	return NULL;
}

uint32_t
dbk_look_newest(const struct dbk_books *books, enum dbk_look_table table)
{
	return table_of(books, table)->count - 1;
}

struct dbk_row_account
dbk_look_account(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, accounts, account, id);
}

struct dbk_row_earning
dbk_look_earning(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, earnings, earning, id);
}

struct dbk_row_plan
dbk_look_plan(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, plans, plan, id);
}

struct dbk_row_cost
dbk_look_cost(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, costs, cost, id);
}

struct dbk_row_report
dbk_look_report(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, reports, report, id);
}

struct dbk_row_hold
dbk_look_hold(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, holds, hold, id);
}

struct dbk_row_chargeback
dbk_look_chargeback(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, chargebacks, chargeback, id);
}

struct dbk_row_payout
dbk_look_payout(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, payouts, payout, id);
}

struct dbk_row_payout_item
dbk_look_payout_item(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, payout_items, payout_item, id);
}

struct dbk_row_period
dbk_look_period(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, periods, period, id);
}

struct dbk_row_contest
dbk_look_contest(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, contests, contest, id);
}

struct dbk_row_score
dbk_look_score(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, scores, score, id);
}

struct dbk_row_member
dbk_look_member(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, members, member, id);
}

struct dbk_row_control
dbk_look_control(const struct dbk_books *books, uint32_t code)
{
	return DBK_ROW(books, controls, controls, 1)->of[code];
}

/* Of all that hold the one with the latest beginning, of these the newest. */
uint32_t
dbk_look_plan_at(const struct dbk_books *books, int64_t time)
{
	int64_t found_from = 0;
	uint32_t found = 0;

	for (uint32_t id = 1; id < books->plans.count; id++) {
		const struct dbk_row_plan *row = DBK_ROW(books, plans, plan, id);

		if (row->valid_from > time ||
		    (row->valid_to != DBK_TIME_ABSENT && row->valid_to <= time) ||
		    (found != 0 && row->valid_from < found_from))
			continue;
		found = id;
		found_from = row->valid_from;
	}
	return found;
}

uint32_t
dbk_look_payout_of_agent(const struct dbk_books *books, uint32_t agent)
{
	uint32_t purse = dbk_purse_find(books, agent);

	return purse == 0 ? 0 : DBK_ROW(books, purses, purse, purse)->payouts;
}

/* Orders take their lines in one piece when they are placed, so lines rise with
 * orders. */
uint32_t
dbk_look_order_of_line(const struct dbk_books *books, uint32_t line)
{
	return dbk_line_order(books, line);
}

uint32_t
dbk_look_due_next(const struct dbk_books *books)
{
	return dbk_due_next(books);
}

int64_t
dbk_look_balance(const struct dbk_books *books, uint32_t code, uint32_t owner)
{
	return dbk_account_balance(books, (enum dbk_account_code)code, owner);
}
