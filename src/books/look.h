#ifndef DBK_BOOKS_LOOK_H
#define DBK_BOOKS_LOOK_H

/*
 * look.h -- reading the books from outside: rows and names as they stand.
 *
 * What is handed out points into the books.  It is read on the thread that owns them,
 * before the next event is decided; what must last longer is copied.
 *
 * Ids are dense, from 1 to dbk_look_count(); 0 is none, and its name is empty.  An id
 * that does not exist is a bug (asserted).
 *
 * Thread: the one that owns the books.
 */

#include <stdint.h>

#include "base/str.h"
#include "books/books.h"
#include "books/rows.h"

/* The id of NAME in SPACE (TAG to SOURCE), 0 if it is not there. */
uint32_t dbk_look_find(const struct dbk_books *books, enum dbk_space space,
		       struct dbk_str name);

struct dbk_str dbk_look_name(const struct dbk_books *books, enum dbk_space space,
			     uint32_t id);

/* How many ids SPACE has, a space with names or POSITION. */
uint64_t dbk_look_count(const struct dbk_books *books, enum dbk_space space);

const struct dbk_row_book *dbk_look_book(const struct dbk_books *books);
const struct dbk_row_agent *dbk_look_agent(const struct dbk_books *books, uint32_t id);
const struct dbk_row_customer *dbk_look_customer(const struct dbk_books *books,
						 uint32_t id);
const struct dbk_row_order *dbk_look_order(const struct dbk_books *books, uint32_t id);

/* Row ID of the lines: first_line of an order, and those behind it. */
const struct dbk_row_line *dbk_look_line(const struct dbk_books *books, uint32_t id);
const struct dbk_row_good *dbk_look_good(const struct dbk_books *books, uint32_t id);

/* ------------------------------------------------------------------------- money */

/* Tables that are walked by id; not all of their rows have names. */
enum dbk_look_table {
	DBK_LOOK_EARNINGS,
	DBK_LOOK_PLANS,
	DBK_LOOK_COSTS,
	DBK_LOOK_REPORTS,
	DBK_LOOK_HOLDS,
	DBK_LOOK_PAYOUTS,
	DBK_LOOK_PERIODS,
	DBK_LOOK_MEMBERS
};

/* The newest id of TABLE, 0 if it is empty. */
uint32_t dbk_look_newest(const struct dbk_books *books, enum dbk_look_table table);

/* Rows as they stand, copied. */
struct dbk_row_account dbk_look_account(const struct dbk_books *books, uint32_t id);
struct dbk_row_earning dbk_look_earning(const struct dbk_books *books, uint32_t id);
struct dbk_row_plan dbk_look_plan(const struct dbk_books *books, uint32_t id);
struct dbk_row_cost dbk_look_cost(const struct dbk_books *books, uint32_t id);
struct dbk_row_report dbk_look_report(const struct dbk_books *books, uint32_t id);
struct dbk_row_hold dbk_look_hold(const struct dbk_books *books, uint32_t id);
struct dbk_row_chargeback dbk_look_chargeback(const struct dbk_books *books,
					      uint32_t id);
struct dbk_row_payout dbk_look_payout(const struct dbk_books *books, uint32_t id);
struct dbk_row_payout_item dbk_look_payout_item(const struct dbk_books *books,
						uint32_t id);
struct dbk_row_period dbk_look_period(const struct dbk_books *books, uint32_t id);
struct dbk_row_contest dbk_look_contest(const struct dbk_books *books, uint32_t id);
struct dbk_row_score dbk_look_score(const struct dbk_books *books, uint32_t id);
struct dbk_row_member dbk_look_member(const struct dbk_books *books, uint32_t id);

/* The balance of CODE (enum dbk_account_code) for OWNER, a tag, an agent or an order by
 * the kind of the code; debit positive. */
int64_t dbk_look_balance(const struct dbk_books *books, uint32_t code, uint32_t owner);

/* Sums of all accounts of CODE (enum dbk_account_code). */
struct dbk_row_control dbk_look_control(const struct dbk_books *books, uint32_t code);

/* The plan in force at TIME (microseconds), 0: none.  Goes through all plans. */
uint32_t dbk_look_plan_at(const struct dbk_books *books, int64_t time);

/* The newest payout that AGENT asked for, 0: none. */
uint32_t dbk_look_payout_of_agent(const struct dbk_books *books, uint32_t agent);

/* The order that has LINE, a row of the lines. */
uint32_t dbk_look_order_of_line(const struct dbk_books *books, uint32_t line);

/* The earliest second since 1970 that something falls due in, 0: nothing will. */
uint32_t dbk_look_due_next(const struct dbk_books *books);

#endif
