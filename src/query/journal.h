#ifndef DBK_QUERY_JOURNAL_H
#define DBK_QUERY_JOURNAL_H

/*
 * journal.h -- all postings in the order of the log: what exports and audits read.
 *
 * A reader starts at the beginning, or where it stopped, and asks again from NEXT until
 * AT_END.  What was read once never changes, so nothing has to be remembered but a
 * place.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/str.h"
#include "books/accounts.h"
#include "books/effects.h"
#include "event/event.h"
#include "event/verdict.h"
#include "views/view.h"

/* A place between two postings.  {0, 0} is the beginning, {P, 0} before record P. */
struct dbk_journal_place {
	uint64_t position;
	uint64_t postings; /* of that record, already read */
};

struct dbk_journal_query {
	struct dbk_journal_place from;
	uint64_t to_size; /* only records before this position; 0: all that there are */
	uint32_t postings_max; /* of the page; 0 and above: DBK_JOURNAL_POSTINGS_MAX */
	uint32_t bytes_max;    /* of the page in memory, about; 0 and above:
				* DBK_JOURNAL_BYTES_MAX.  One posting always fits. */
};

struct dbk_journal_posting {
	enum dbk_account_code code;
	enum dbk_cause cause;
	uint32_t account; /* dense id; 0: owned by the event's order */
	uint32_t ref; /* what the cause names (views/cause.h): the dense id of an order
		       * or a payout; 0: none, or the event's order */
	struct dbk_str owner; /* in the arena; empty for an order's account */
	int64_t amount;	      /* debit positive */
	int64_t balance;      /* of this owner's account afterwards */
};

/* A record that posted something. */
struct dbk_journal_event {
	uint64_t position;
	int64_t effective_at;
	enum dbk_event_type type;
	enum dbk_rule rule; /* refused by it: what it posts had fallen due */
	uint32_t order;	    /* dense id, 0: none */
	bool late;
	bool prior_period;
	bool begun;	 /* its first postings were on the page before */
	bool unfinished; /* more of them are on the next page */
	uint32_t first_posting, n_postings;
};

struct dbk_journal_page {
	uint64_t size; /* of the view that answers */
	struct dbk_journal_event *events;
	struct dbk_journal_posting *postings;
	uint32_t n_events, n_postings;
	struct dbk_journal_place next;
	bool at_end; /* NEXT is at to_size, or at the end of the view */
};

/*
 * The page from QUERY->FROM on.  A page may be empty and not the last: what is looked
 * through for one page is bounded.
 *
 * STATE: the view holds fewer records than FROM or TO_SIZE say.  MEMORY, IO, DAMAGED.
 * OUT is untouched on failure; what it points to lives in ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_journal_read(struct dbk_view *view,
					     const struct dbk_journal_query *query,
					     struct dbk_arena *arena,
					     struct dbk_journal_page *out,
					     struct dbk_error *error);

#endif
