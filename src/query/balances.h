#ifndef DBK_QUERY_BALANCES_H
#define DBK_QUERY_BALANCES_H

/*
 * balances.h -- the accounts that have a row of their own, with their balances.
 *
 * Order-owned accounts are not listed here: order_history.h and statement.h have them.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/str.h"
#include "books/accounts.h"
#include "query/as_of.h"
#include "query/page.h"
#include "views/view.h"

struct dbk_balances_query {
	enum dbk_account_code code; /* DBK_ACCOUNT_NONE: all */
	struct dbk_str owner;	    /* empty: all */
	bool nonzero;		    /* only balances other than 0 */
	bool largest_first; /* by absolute balance; one page, no token to or from */
	struct dbk_page page;
	struct dbk_as_of as_of;
};

struct dbk_balance {
	uint32_t account; /* dense id */
	enum dbk_account_code code;
	struct dbk_str owner; /* in the arena */
	int64_t debits;	      /* sums, both positive */
	int64_t credits;
	int64_t balance; /* debits - credits */
	uint64_t postings;
};

struct dbk_balances {
	uint64_t size; /* of the view that answers */
	struct dbk_balance *rows;
	uint32_t n;
	struct dbk_next next;
};

/*
 * The accounts with at least one posting as of the question, in the order in which
 * they appeared in the book, or the largest first (equal ones in that order).
 *
 * INPUT: a token or a code that is none.  STATE: see page.h, as_of.h.  LIMIT: largest
 * first as of the past touches more history than one question may; name a code or an
 * owner.  MEMORY, IO, DAMAGED.  OUT is untouched on failure; rows live in ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_balances_list(struct dbk_view *view,
					      const struct dbk_balances_query *query,
					      struct dbk_arena *arena,
					      struct dbk_balances *out,
					      struct dbk_error *error);

#endif
