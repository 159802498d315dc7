#ifndef DBK_QUERY_AGENT_STATEMENT_H
#define DBK_QUERY_AGENT_STATEMENT_H

/*
 * agent_statement.h -- an agent's money over a time: what it was before, what happened,
 * by cause and line by line, and what it is then.
 *
 * Money stands in states, each an account of the agent.  What is pending, available,
 * held, reserved and in transit is the agent's claim; what is receivable the agent
 * owes.  All figures here are amounts in their state: positive is the usual case.
 *
 * For every state opening plus the changes of all causes is closing, and the changes of
 * a cause are the sum of its lines, to the minor unit, as of any size and time.
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

enum dbk_money_state {
	DBK_MONEY_PENDING = 0, /* 2110 */
	DBK_MONEY_AVAILABLE,   /* 2120 */
	DBK_MONEY_HELD,	       /* 2130 */
	DBK_MONEY_RESERVED,    /* 2140 */
	DBK_MONEY_IN_TRANSIT,  /* 2150 */
	DBK_MONEY_RECEIVABLE,  /* 1110: owed by the agent */
	DBK_MONEY_STATES
};

struct dbk_money_by_state {
	int64_t in[DBK_MONEY_STATES];
};

/* All states, less what is receivable. */
int64_t dbk_agent_statement_total(const struct dbk_money_by_state *money);

/* The account of a state. */
enum dbk_account_code dbk_agent_statement_code(enum dbk_money_state state);

struct dbk_agent_statement_query {
	struct dbk_str agent; /* name, not empty */
	bool figures_only;    /* no lines, no page */
	struct dbk_page page;
	struct dbk_as_of as_of;
	/* Only lines with from <= effective_at < to. DBK_TIME_ABSENT: no bound. */
	int64_t from, to;
};

/* The lines of one cause. */
struct dbk_agent_statement_sum {
	enum dbk_cause cause;
	struct dbk_money_by_state
	    change; /* of each state; a debt that grew is positive */
	uint64_t lines;
};

struct dbk_agent_statement_line {
	uint64_t position;
	int64_t effective_at;
	enum dbk_event_type type;
	enum dbk_cause cause;
	uint32_t order; /* of the event: dense id, 0: none */
	uint32_t ref; /* what the cause names (views/cause.h): the dense id of an order
		       * or a payout; 0: none, or the event's order */
	enum dbk_money_state state;
	enum dbk_account_code code;
	int64_t amount;	 /* in the agent's favour positive: what the total changed by */
	int64_t balance; /* in its state after the line, in log order */
	bool late;
	bool prior_period; /* effective_at lay in a closed period */
};

struct dbk_agent_statement {
	uint64_t size;
	struct dbk_money_by_state opening; /* effective before FROM */
	struct dbk_money_by_state closing; /* effective before TO */
	struct dbk_agent_statement_sum
	    sums[DBK_CAUSES]; /* causes with lines, by number */
	uint32_t n_sums;
	struct dbk_agent_statement_line *lines; /* newest first */
	uint32_t n;
	struct dbk_next next;
};

/*
 * Figures and sums are those of the whole window on every page.
 *
 * NOT_FOUND: nobody of this name has such an account.  INPUT: an empty name, a token
 * that is none.  LIMIT: the window has more than DBK_STATEMENT_STEPS_MAX lines; ask for
 * less time.  STATE, MEMORY, IO, DAMAGED.  OUT is untouched on failure; lines live in
 * ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_agent_statement_get(
    struct dbk_view *view, const struct dbk_agent_statement_query *query,
    struct dbk_arena *arena, struct dbk_agent_statement *out, struct dbk_error *error);

#endif
