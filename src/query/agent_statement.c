/*
 * agent_statement.c -- an agent's accounts merged into one statement.
 *
 * What was before and what is then are figures as of two cuts; so is the number of
 * lines between, which bounds the walk that sums them by cause.  The page is another
 * walk: whatever it shows, the figures are those of the whole window.
 */

#include "query/agent_statement.h"

#include <string.h>

#include <daybook/limits.h>

#include "query/cut.h"
#include "query/walk.h"

#define LISTING 'a'

static const enum dbk_account_code codes[DBK_MONEY_STATES] = {
	[DBK_MONEY_PENDING] = DBK_COMMISSION_PENDING,
	[DBK_MONEY_AVAILABLE] = DBK_COMMISSION_AVAILABLE,
	[DBK_MONEY_HELD] = DBK_COMMISSION_HELD,
	[DBK_MONEY_RESERVED] = DBK_PAYOUT_RESERVED,
	[DBK_MONEY_IN_TRANSIT] = DBK_PAYOUT_IN_TRANSIT,
	[DBK_MONEY_RECEIVABLE] = DBK_CLAWBACK_RECEIVABLE,
};

struct maker {
	const struct dbk_agent_statement_query *query;
	struct dbk_reader reader;
	struct dbk_window window; /* of all pages */
	struct dbk_cut opening;
	uint32_t accounts[DBK_MONEY_STATES]; /* 0: none */
	uint32_t max;			     /* lines */
	struct dbk_agent_statement *out;
	struct dbk_error *error;
};

enum dbk_account_code
dbk_agent_statement_code(enum dbk_money_state state)
{
	return codes[state];
}

static int64_t
negated(int64_t amount)
{
	return (int64_t)(0 - (uint64_t)amount);
}

int64_t
dbk_agent_statement_total(const struct dbk_money_by_state *money)
{
	int64_t total = negated(money->in[DBK_MONEY_RECEIVABLE]);

	for (unsigned s = 0; s < DBK_MONEY_RECEIVABLE; s++)
		total = dbk_figures_sum(total, money->in[s]);
	return total;
}

/* An amount or balance of the account, debit positive, as one of its state. */
static int64_t
in_state(unsigned state, int64_t amount)
{
	return state == DBK_MONEY_RECEIVABLE ? amount : negated(amount);
}

/* ------------------------------------------------------------------------ figures */

static enum dbk_err
find_accounts(struct maker *m)
{
	const struct dbk_roster *roster = m->reader.roster;
	struct dbk_str agent = m->query->agent;
	uint32_t party = dbk_roster_find_party(roster, agent);
	bool found = false;

	for (unsigned s = 0; s < DBK_MONEY_STATES && party != 0; s++) {
		m->accounts[s] = dbk_roster_find_account(roster, party, codes[s]);
		found = found || m->accounts[s] != 0;
	}
	if (found)
		return DBK_OK;
	return dbk_error_set(m->error, DBK_FAILED_NOT_FOUND,
			     "agent: \"%.*s\" has never had or owed any money",
			     agent.size > DBK_ID_BYTES_MAX ? DBK_ID_BYTES_MAX
							   : (int)agent.size,
			     agent.bytes);
}

/* What was effective before FROM, of what the window's end knows. */
static void
make_opening(struct maker *m)
{
	m->opening = m->window.upper;
	if (m->query->from == DBK_TIME_ABSENT || m->query->from - 1 >= m->opening.time)
		return;
	m->opening.timed = true;
	m->opening.time = m->query->from - 1;
	m->opening.time_loc = m->window.from_loc;
}

/* Opening and closing of one account; *LINES grows by what is between. */
static enum dbk_err
put_figures(struct maker *m, unsigned state, uint64_t *lines)
{
	struct dbk_trace_figures opening = { .n = 0 }, closing;
	struct dbk_trace trace;
	enum dbk_err err;

	dbk_trace_account(&trace, &m->reader, m->accounts[state]);
	err = dbk_cut_figures(&m->window.upper, &trace, &closing);
	if (err == DBK_OK && m->query->from != DBK_TIME_ABSENT)
		err = dbk_cut_figures(&m->opening, &trace, &opening);
	if (err != DBK_OK)
		return err;
	if (opening.n > closing.n)
		return dbk_reader_damaged(&m->reader, trace.chain.last);
	m->out->opening.in[state] =
	    in_state(state, dbk_figures_balance(&opening.money));
	m->out->closing.in[state] =
	    in_state(state, dbk_figures_balance(&closing.money));
	*lines += closing.n - opening.n;
	return DBK_OK;
}

/* The lines of one account by cause. */
static enum dbk_err
add_sums(struct maker *m, unsigned state, struct dbk_agent_statement_sum *sums)
{
	struct dbk_walk walk;
	enum dbk_err err;

	dbk_trace_account(&walk.trace, &m->reader, m->accounts[state]);
	err = dbk_walk_begin(&walk, &m->window);
	walk.entries_only = true;
	while (err == DBK_OK) {
		struct dbk_agent_statement_sum *sum;
		bool found;

		err = dbk_walk_next(&walk, &found);
		if (err != DBK_OK || !found)
			break;
		sum = &sums[walk.entry.cause];
		sum->change.in[state] = dbk_figures_sum(
		    sum->change.in[state], in_state(state, walk.entry.amount));
		sum->lines++;
	}
	return err;
}

static enum dbk_err
put_sums(struct maker *m)
{
	struct dbk_agent_statement_sum *sums = m->out->sums;
	uint32_t n = 0;

	memset(sums, 0, sizeof m->out->sums);
	for (unsigned s = 0; s < DBK_MONEY_STATES; s++) {
		enum dbk_err err;

		if (m->accounts[s] == 0)
			continue;
		err = add_sums(m, s, sums);
		if (err != DBK_OK)
			return err;
	}
	for (unsigned cause = 0; cause < DBK_CAUSES; cause++) {
		if (sums[cause].lines == 0)
			continue;
		sums[n] = sums[cause];
		sums[n++].cause = (enum dbk_cause)cause;
	}
	m->out->n_sums = n;
	return DBK_OK;
}

static enum dbk_err
put_whole(struct maker *m)
{
	uint64_t lines = 0;

	for (unsigned s = 0; s < DBK_MONEY_STATES; s++) {
		enum dbk_err err;

		if (m->accounts[s] == 0)
			continue;
		err = put_figures(m, s, &lines);
		if (err != DBK_OK)
			return err;
	}
	if (lines > DBK_STATEMENT_STEPS_MAX)
		return dbk_error_set(m->error, DBK_FAILED_LIMIT,
				     "from, to: the statement has %llu lines, more "
				     "than %d; ask for less time",
				     (unsigned long long)lines,
				     DBK_STATEMENT_STEPS_MAX);
	return put_sums(m);
}

/* ------------------------------------------------------------------------ the page */

/* The accounts' walks; those at their end are gone. */
struct merger {
	struct dbk_walk walks[DBK_MONEY_STATES];
	uint8_t states[DBK_MONEY_STATES];
	unsigned n;
};

static enum dbk_err
advance(struct merger *merger, unsigned i)
{
	bool found;
	enum dbk_err err = dbk_walk_next(&merger->walks[merger->states[i]], &found);

	if (err == DBK_OK && !found)
		merger->states[i] = merger->states[--merger->n];
	return err;
}

static enum dbk_err
begin_walks(struct maker *m, const struct dbk_window *window, struct merger *merger)
{
	merger->n = 0;
	for (unsigned s = 0; s < DBK_MONEY_STATES; s++) {
		struct dbk_walk *walk = &merger->walks[s];
		enum dbk_err err;

		if (m->accounts[s] == 0)
			continue;
		dbk_trace_account(&walk->trace, &m->reader, m->accounts[s]);
		err = dbk_walk_begin(walk, window);
		merger->states[merger->n++] = (uint8_t)s;
		if (err == DBK_OK)
			err = advance(merger, merger->n - 1);
		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

static unsigned
newest(const struct merger *merger)
{
	unsigned best = 0;

	for (unsigned i = 1; i < merger->n; i++)
		if (merger->walks[merger->states[i]].entry.loc >
		    merger->walks[merger->states[best]].entry.loc)
			best = i;
	return best;
}

static void
put_line(struct maker *m, unsigned state, const struct dbk_walk *walk)
{
	const struct dbk_chunk_event *event = &walk->event;
	const struct dbk_chunk_entry *entry = &walk->entry;

	m->out->lines[m->out->n++] =
	    (struct dbk_agent_statement_line){ .position = event->position,
					       .effective_at = event->effective_at,
					       .type = (enum dbk_event_type)event->type,
					       .cause = (enum dbk_cause)entry->cause,
					       .order = event->order,
					       .ref = entry->ref,
					       .state = (enum dbk_money_state)state,
					       .code = codes[state],
					       .amount = negated(entry->amount),
					       .balance =
						   in_state(state, entry->balance),
					       .late = event->late,
					       .prior_period = event->prior_period };
}

/* The lines before BEFORE. */
static enum dbk_err
put_page(struct maker *m, uint64_t before)
{
	struct dbk_window window = m->window;
	struct merger merger;
	enum dbk_err err;

	if (before < window.upper.size_loc)
		window.upper.size_loc = before;
	err = begin_walks(m, &window, &merger);
	while (err == DBK_OK && merger.n > 0) {
		unsigned i = newest(&merger);
		const struct dbk_walk *walk = &merger.walks[merger.states[i]];

		if (m->out->n == m->max) {
			dbk_page_stop(LISTING, m->out->size, walk->entry.loc + 1,
				      &m->out->next);
			break;
		}
		put_line(m, merger.states[i], walk);
		err = advance(&merger, i);
	}
	return err;
}

static enum dbk_err
answer(struct maker *m, const struct dbk_page_start *start)
{
	const struct dbk_agent_statement_query *query = m->query;
	struct dbk_cut cut;
	enum dbk_err err = dbk_cut_make(&m->reader, &query->as_of, start->size, &cut);

	if (err == DBK_OK)
		err = dbk_walk_window_make(&m->reader, &cut, query->from, query->to,
					   UINT64_MAX, &m->window);
	if (err == DBK_OK)
		err = find_accounts(m);
	if (err != DBK_OK)
		return err;
	m->out->size = cut.size;
	make_opening(m);
	err = put_whole(m);
	if (err != DBK_OK || query->figures_only)
		return err;
	return put_page(m, start->place);
}

enum dbk_err
dbk_agent_statement_get(struct dbk_view *view,
			const struct dbk_agent_statement_query *query,
			struct dbk_arena *arena, struct dbk_agent_statement *out,
			struct dbk_error *error)
{
	struct dbk_agent_statement result = { .n = 0 };
	struct maker m = { .query = query,
			   .max = dbk_page_rows(&query->page),
			   .out = &result,
			   .error = error };
	struct dbk_page_start start;
	enum dbk_err err = dbk_page_start(&query->page, LISTING, &start, error);

	if (err != DBK_OK)
		return err;
	if (query->agent.size == 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "agent: it must not be empty");
	if (!query->figures_only) {
		result.lines =
		    dbk_page_alloc(arena, m.max, sizeof *result.lines, error);
		if (result.lines == NULL)
			return DBK_FAILED_MEMORY;
	}
	dbk_reader_begin(&m.reader, view, error);
	err = answer(&m, &start);
	dbk_reader_end(&m.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
