/*
 * audit.c -- every invariant that can be seen by walking the books.
 */

#include "books/goods_core.h"
#include "books/trust_core.h"

#include <stdlib.h>

/* Controls are the sums of their owners, and all controls together are 0. */
static void
check_money(const struct dbk_books *books)
{
	int64_t debits[DBK_ACCOUNT_CODES] = { 0 }, credits[DBK_ACCOUNT_CODES] = { 0 };
	int64_t escrow = 0, payable = 0, deferred = 0, sum = 0;

	for (uint32_t i = 1; i < books->accounts.count; i++) {
		const struct dbk_row_account *row =
		    DBK_ROW(books, accounts, account, i);

		debits[row->code] += row->debits;
		credits[row->code] += row->credits;
	}
	for (uint32_t i = 1; i < books->orders.count; i++) {
		const struct dbk_row_order *row = DBK_ROW(books, orders, order, i);

		dbk_assert(row->escrow >= 0 && row->refund_payable >= 0);
		dbk_assert(row->deferred >= 0);
		dbk_assert(row->refunded <= row->paid && row->paid <= row->total);
		escrow += row->escrow;
		payable += row->refund_payable;
		deferred += row->deferred;
	}
	for (uint32_t code = 1; code < DBK_ACCOUNT_CODES; code++) {
		const struct dbk_row_control *row =
		    &DBK_ROW(books, controls, controls, 1)->of[code];
		int64_t balance = row->debits - row->credits;

		sum += balance;
		if (code == DBK_ESCROW)
			dbk_assert(balance == -escrow);
		else if (code == DBK_REFUND_PAYABLE)
			dbk_assert(balance == -payable);
		else if (code == DBK_COMMISSION_DEFERRED)
			dbk_assert(balance == deferred);
		else
			dbk_assert(row->debits == debits[code] &&
				   row->credits == credits[code]);
	}
	dbk_assert(sum == 0);
	dbk_assert(DBK_ROW(books, controls, controls, 1)->of[DBK_ROUNDING].debits == 0);
}

/* The units of every good add up to nothing over all sides; nobody holds less than
 * none. The sums are kept in memory of the walk only. */
static void
check_goods(const struct dbk_books *books)
{
	int64_t *held = calloc(books->goods.count, sizeof *held);
	int64_t *moving = calloc(books->goods.count, sizeof *moving);

	dbk_assert(held != NULL && moving != NULL);
	for (uint32_t i = 1; i < books->positions.count; i++) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, i);

		dbk_assert(row->on_hand >= 0 && row->in_transit >= 0);
		held[row->good] += row->on_hand;
		moving[row->good] += row->in_transit;
	}
	for (uint32_t i = 1; i < books->goods.count; i++) {
		const struct dbk_row_good *row = DBK_ROW(books, goods, good, i);
		int64_t sum = row->supply + row->transit + row->difference + held[i];

		for (unsigned k = 0; k < 4; k++)
			sum += row->consumed[k];
		dbk_assert(sum == 0);
		dbk_assert(row->transit >= moving[i]);
	}
	free(held);
	free(moving);
}

static void
check_lines(const struct dbk_books *books)
{
	for (uint32_t i = 1; i < books->lines.count; i++) {
		const struct dbk_row_line *row = DBK_ROW(books, lines, line, i);

		dbk_assert(row->returned >= 0 && row->returned <= row->qty);
		dbk_assert(row->refunded >= 0 && row->refunded <= row->amount);
		dbk_assert(row->shipped >= 0 && row->shipped <= row->qty);
	}
}

/* The forest: every walk up ends, and recruits are counted where they hang. */
static void
check_forest(const struct dbk_books *books)
{
	uint64_t recruits = 0, sponsored = 0;

	for (uint32_t i = 1; i < books->agents.count; i++) {
		const struct dbk_row_agent *row = DBK_ROW(books, agents, agent, i);
		uint32_t above = row->sponsor, steps = 0;

		recruits += row->n_recruits;
		sponsored += row->sponsor != 0;
		while (above != 0) {
			dbk_assert(above != i && steps < books->agents.count);
			above = DBK_ROW(books, agents, agent, above)->sponsor;
			steps++;
		}
	}
	dbk_assert(recruits == sponsored);
}

void
dbk_books_check(const struct dbk_books *books)
{
	check_money(books);
	check_goods(books);
	check_lines(books);
	check_forest(books);
	dbk_audit_money(books);
	dbk_audit_goods(books);
	dbk_audit_source_keys(books);
}
