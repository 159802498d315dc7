#ifndef DBK_QUERY_AGEING_H
#define DBK_QUERY_AGEING_H

/*
 * ageing.h -- what agents owe (account 1110), and for how long.
 *
 * Whatever lowers a debt lowers its oldest part, in order of the log; so what is owed
 * is explained by the newest debits, the oldest of them perhaps in part.  The age of a
 * debit is the time from its effective_at to the as-of: the time asked for, else the
 * book's clock then.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>
#include <daybook/limits.h>

#include "base/arena.h"
#include "base/str.h"
#include "query/as_of.h"
#include "query/page.h"
#include "views/view.h"

struct dbk_ageing_query {
	/* The last full day of each bucket, rising: 30, 60, 90 makes 0-30, 31-60, 61-90
	 * and over 90.  N_DAYS 0: these. */
	uint32_t days[DBK_AGEING_DAYS_MAX];
	uint32_t n_days;
	bool with_total; /* over all agents, not only those of the page */
	struct dbk_page page;
	struct dbk_as_of as_of;
};

struct dbk_ageing_row {
	uint32_t account;     /* dense id */
	struct dbk_str agent; /* name in the arena; empty in the total */
	int64_t owed;
	int64_t buckets[DBK_AGEING_DAYS_MAX + 1]; /* n_days + 1; their sum is owed */
	int64_t oldest;		  /* effective_at of the oldest debit still owed */
	uint64_t oldest_position; /* of its record */
};

struct dbk_ageing {
	uint64_t size;
	int64_t at;			    /* what ages are counted to */
	uint32_t days[DBK_AGEING_DAYS_MAX]; /* as used */
	uint32_t n_days;
	struct dbk_ageing_row *rows;
	uint32_t n;
	struct dbk_ageing_row total; /* with_total */
	uint64_t agents;	     /* with_total: who owe something */
	struct dbk_next next;
};

/*
 * The agents who owe something as of the question, in the order in which they first
 * owed.
 *
 * INPUT: days that do not rise, too many of them, a token that is none.  LIMIT: one
 * agent's debt is made of more than DBK_STATEMENT_STEPS_MAX entries, or the total of
 * more history than one question may read.  STATE, MEMORY, IO, DAMAGED.  OUT is
 * untouched on failure; rows live in ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_ageing_list(struct dbk_view *view,
					    const struct dbk_ageing_query *query,
					    struct dbk_arena *arena,
					    struct dbk_ageing *out,
					    struct dbk_error *error);

#endif
