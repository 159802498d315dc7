#ifndef DBK_QUERY_TRIAL_BALANCE_H
#define DBK_QUERY_TRIAL_BALANCE_H

/*
 * trial_balance.h -- the sums of all accounts by code; debits equal credits.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "books/accounts.h"
#include "query/as_of.h"
#include "views/view.h"

struct dbk_trial_balance_line {
	enum dbk_account_code code;
	int64_t debits; /* sums, both positive */
	int64_t credits;
	int64_t balance;
	uint64_t postings;
};

struct dbk_trial_balance {
	uint64_t size; /* of the view that answers, or the as-of size */
	struct dbk_trial_balance_line lines[DBK_ACCOUNT_CODES];
	uint32_t n;	      /* codes with at least one posting, in order of code */
	int64_t total_debits; /* INT64_MAX where they are more; so credits */
	int64_t total_credits;
	int64_t difference; /* the sum of all balances; 0 */
};

/* STATE, IO, DAMAGED, MEMORY.  OUT is untouched on failure. */
DBK_MUST_CHECK enum dbk_err dbk_trial_balance_get(struct dbk_view *view,
						  const struct dbk_as_of *as_of,
						  struct dbk_trial_balance *out,
						  struct dbk_error *error);

#endif
