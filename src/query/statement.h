#ifndef DBK_QUERY_STATEMENT_H
#define DBK_QUERY_STATEMENT_H

/*
 * statement.h -- the postings of one account with the balance after each, newest first.
 *
 * Three kinds of account: one with a row of its own (code, owner), one of an order (an
 * order-owned code, the order's dense id), and a control account as a whole (the code
 * alone), whose lines name the sub-ledger.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/str.h"
#include "books/accounts.h"
#include "books/effects.h"
#include "event/event.h"
#include "query/as_of.h"
#include "query/page.h"
#include "views/view.h"

struct dbk_statement_query {
	enum dbk_account_code code;
	struct dbk_str owner; /* of an account with a row; empty: see ORDER */
	uint32_t order; /* dense id, for order-owned codes; 0: the control account */
	struct dbk_page page;
	struct dbk_as_of as_of;
	/* Only lines with from <= effective_at < to. DBK_TIME_ABSENT: no bound. */
	int64_t from, to;
};

struct dbk_statement_line {
	uint64_t position;
	int64_t effective_at;
	enum dbk_event_type type;
	enum dbk_cause cause;
	uint32_t order; /* of the event: dense id, 0: none */
	uint32_t ref; /* what the cause names (views/cause.h): the dense id of an order
		       * or a payout; 0: none, or the event's order */
	int64_t amount;	 /* debit positive */
	int64_t balance; /* of the account asked for after the line, in log order */
	bool late;
	bool prior_period;    /* effective_at lay in a closed period */
	struct dbk_str owner; /* control account, owner with a row; in the arena */
};

struct dbk_statement {
	uint64_t size;
	/* Of the account as of the question; from and to do not matter. */
	int64_t debits, credits, balance;
	uint64_t postings;
	struct dbk_statement_line *lines;
	uint32_t n;
	struct dbk_next next;
};

/*
 * NOT_FOUND: no such account.  INPUT: a token or code that is none, an order with a
 * code whose owner is none.  STATE, MEMORY, IO, DAMAGED.  OUT is untouched on failure;
 * lines live in ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_statement_get(struct dbk_view *view,
					      const struct dbk_statement_query *query,
					      struct dbk_arena *arena,
					      struct dbk_statement *out,
					      struct dbk_error *error);

#endif
