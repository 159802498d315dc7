#include "query/statement.h"

#include <daybook/limits.h>

#include "query/statement_private.h"

void
dbk_statement_put_figures(struct dbk_statement *out,
			  const struct dbk_money_figures *figures, uint64_t postings)
{
	out->debits = figures->debits;
	out->credits = figures->credits;
	out->balance = dbk_figures_balance(figures);
	out->postings = postings;
}

struct dbk_statement_line
dbk_statement_line(const struct dbk_chunk_event *event,
		   const struct dbk_chunk_entry *entry)
{
	struct dbk_statement_line line = { .position = event->position,
					   .effective_at = event->effective_at,
					   .type = (enum dbk_event_type)event->type,
					   .cause = (enum dbk_cause)entry->cause,
					   .order = event->order,
					   .ref = entry->ref,
					   .amount = entry->amount,
					   .balance = entry->balance,
					   .late = event->late,
					   .prior_period = event->prior_period,
					   .owner = { "", 0 } };

	return line;
}

void
dbk_statement_stop(struct dbk_statement_maker *maker, uint64_t loc)
{
	dbk_page_stop(DBK_STATEMENT_LISTING, maker->cut.size, loc, &maker->out->next);
}

/* The account that the question names, which has a row. */
static enum dbk_err
find_account(struct dbk_statement_maker *maker, uint32_t *out_account)
{
	const struct dbk_statement_query *query = maker->query;
	const struct dbk_roster *roster = maker->reader.roster;
	uint32_t party = dbk_roster_find_party(roster, query->owner);

	*out_account =
	    party == 0 ? 0 : dbk_roster_find_account(roster, party, query->code);
	if (*out_account != 0)
		return DBK_OK;
	return dbk_error_set(
	    maker->error, DBK_FAILED_NOT_FOUND, "owner: \"%.*s\" has no account %s",
	    query->owner.size > DBK_ID_BYTES_MAX ? DBK_ID_BYTES_MAX
						 : (int)query->owner.size,
	    query->owner.bytes, dbk_account_kind(query->code)->name);
}

static enum dbk_err
of_account(struct dbk_statement_maker *maker)
{
	struct dbk_statement *out = maker->out;
	struct dbk_trace_figures figures;
	struct dbk_walk walk;
	uint32_t account;
	bool found = true;
	enum dbk_err err = find_account(maker, &account);

	if (err != DBK_OK)
		return err;
	dbk_trace_account(&walk.trace, &maker->reader, account);
	err = dbk_cut_figures(&maker->cut, &walk.trace, &figures);
	if (err == DBK_OK)
		err = dbk_walk_begin(&walk, &maker->window);
	if (err != DBK_OK)
		return err;
	dbk_statement_put_figures(out, &figures.money, figures.n);
	while (out->n < maker->max) {
		err = dbk_walk_next(&walk, &found);
		if (err != DBK_OK || !found)
			return err;
		out->lines[out->n++] = dbk_statement_line(&walk.event, &walk.entry);
	}
	if (dbk_walk_has_more(&walk))
		dbk_statement_stop(maker, walk.entry.loc);
	return DBK_OK;
}

static enum dbk_err
answer(struct dbk_statement_maker *maker, const struct dbk_page_start *start)
{
	const struct dbk_statement_query *query = maker->query;
	enum dbk_err err =
	    dbk_cut_make(&maker->reader, &query->as_of, start->size, &maker->cut);

	if (err == DBK_OK)
		err = dbk_walk_window_make(&maker->reader, &maker->cut, query->from,
					   query->to, start->place, &maker->window);
	if (err != DBK_OK)
		return err;
	maker->out->size = maker->cut.size;
	if (query->owner.size > 0)
		return of_account(maker);
	return query->order != 0 ? dbk_statement_order_answer(maker)
				 : dbk_statement_control_answer(maker);
}

static enum dbk_err
check(const struct dbk_statement_query *query, struct dbk_error *error)
{
	if (query->code <= DBK_ACCOUNT_NONE || query->code >= DBK_ACCOUNT_CODES)
		return dbk_error_set(error, DBK_FAILED_INPUT, "code: %d is no account",
				     (int)query->code);
	if (query->order != 0 && query->owner.size == 0 &&
	    dbk_account_kind(query->code)->owner != DBK_OWNER_ORDER)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "code: %s is not owned by orders",
				     dbk_account_kind(query->code)->name);
	return DBK_OK;
}

enum dbk_err
dbk_statement_get(struct dbk_view *view, const struct dbk_statement_query *query,
		  struct dbk_arena *arena, struct dbk_statement *out,
		  struct dbk_error *error)
{
	struct dbk_statement result = { .n = 0 };
	struct dbk_statement_maker maker = { .query = query,
					     .max = dbk_page_rows(&query->page),
					     .arena = arena,
					     .out = &result,
					     .error = error };
	struct dbk_page_start start;
	enum dbk_err err = check(query, error);

	if (err == DBK_OK)
		err =
		    dbk_page_start(&query->page, DBK_STATEMENT_LISTING, &start, error);
	if (err != DBK_OK)
		return err;
	result.lines = dbk_page_alloc(arena, maker.max, sizeof *result.lines, error);
	if (result.lines == NULL)
		return DBK_FAILED_MEMORY;
	dbk_reader_begin(&maker.reader, view, error);
	err = answer(&maker, &start);
	dbk_reader_end(&maker.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
