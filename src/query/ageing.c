/*
 * ageing.c -- every account of what agents owe, walked back until its balance is
 * explained.
 */

#include "query/ageing.h"

#include <string.h>

#include "query/cut.h"
#include "query/walk.h"

#define LISTING 'c'
#define DAY_US 86400000000LL

static const uint32_t usual_days[] = { 30, 60, 90 };

struct ager {
	const struct dbk_ageing_query *query;
	struct dbk_reader reader;
	struct dbk_window window; /* the cut, no bounds */
	struct dbk_arena *arena;
	struct dbk_ageing *out;
	struct dbk_error *error;
};

/* ------------------------------------------------------------------------ one debt */

static uint32_t
bucket_of(const struct ager *a, int64_t effective_at)
{
	int64_t age_us = (int64_t)((uint64_t)a->out->at - (uint64_t)effective_at);
	int64_t days = age_us / DAY_US;
	uint32_t i = 0;

	while (i < a->out->n_days && days > a->out->days[i])
		i++;
	return i;
}

/* LEFT of what is owed goes back to the debit that WALK is at. */
static void
take_debit(const struct ager *a, const struct dbk_walk *walk, int64_t *left,
	   struct dbk_ageing_row *row)
{
	int64_t amount = walk->entry.amount;

	if (amount <= 0)
		return;
	if (amount > *left)
		amount = *left;
	*left -= amount;
	row->buckets[bucket_of(a, walk->event.effective_at)] += amount;
	if (walk->event.effective_at <= row->oldest) {
		row->oldest = walk->event.effective_at;
		row->oldest_position = walk->event.position;
	}
}

static enum dbk_err
explain(struct ager *a, struct dbk_walk *walk, struct dbk_ageing_row *row)
{
	int64_t left = row->owed;
	enum dbk_err err = dbk_walk_begin(walk, &a->window);

	row->oldest = INT64_MAX;
	for (uint32_t entries = 0; err == DBK_OK && left > 0; entries++) {
		bool found;

		if (entries == DBK_STATEMENT_STEPS_MAX)
			return dbk_error_set(a->error, DBK_FAILED_LIMIT,
					     "what account %u owes is made of more "
					     "than %d entries",
					     row->account, DBK_STATEMENT_STEPS_MAX);
		err = dbk_walk_next(walk, &found);
		if (err == DBK_OK && !found)
			return dbk_reader_damaged(&a->reader, walk->trace.chain.last);
		if (err == DBK_OK)
			take_debit(a, walk, &left, row);
	}
	return err;
}

/* What the account owes, 0 for nothing. */
static enum dbk_err
age(struct ager *a, uint32_t account, struct dbk_ageing_row *out)
{
	struct dbk_trace_figures figures;
	struct dbk_walk walk;
	enum dbk_err err;

	memset(out, 0, sizeof *out);
	out->account = account;
	dbk_reader_step(&a->reader, 1);
	dbk_trace_account(&walk.trace, &a->reader, account);
	err = dbk_cut_figures(&a->window.upper, &walk.trace, &figures);
	if (err != DBK_OK)
		return err;
	out->owed = dbk_figures_balance(&figures.money);
	if (out->owed <= 0) {
		out->owed = 0;
		return DBK_OK;
	}
	return explain(a, &walk, out);
}

/* ---------------------------------------------------------------------- the agents */

static uint32_t
next_account(const struct ager *a, uint32_t id)
{
	const struct dbk_roster *roster = a->reader.roster;

	return id == 0 ? roster->first_of_code[DBK_CLAWBACK_RECEIVABLE]
		       : dbk_roster_account(roster, id)->next_of_code;
}

static void
add_to_total(struct dbk_ageing *out, const struct dbk_ageing_row *row)
{
	struct dbk_ageing_row *total = &out->total;

	if (out->agents++ == 0 || row->oldest < total->oldest) {
		total->oldest = row->oldest;
		total->oldest_position = row->oldest_position;
	}
	total->owed = dbk_figures_sum(total->owed, row->owed);
	for (uint32_t i = 0; i <= out->n_days; i++)
		total->buckets[i] = dbk_figures_sum(total->buckets[i], row->buckets[i]);
}

static enum dbk_err
sum_all(struct ager *a)
{
	for (uint32_t id = next_account(a, 0); id != 0; id = next_account(a, id)) {
		struct dbk_ageing_row row;
		enum dbk_err err = age(a, id, &row);

		if (err != DBK_OK)
			return err;
		if (row.owed > 0)
			add_to_total(a->out, &row);
		if (a->reader.steps > DBK_RANK_STEPS_MAX)
			return dbk_error_set(a->error, DBK_FAILED_LIMIT,
					     "with_total: too much history to sum; ask "
					     "page by page");
	}
	return DBK_OK;
}

static enum dbk_err
list_page(struct ager *a, uint32_t id, uint32_t max)
{
	struct dbk_ageing *out = a->out;
	uint64_t steps = a->reader.steps;

	for (id = next_account(a, id); id != 0; id = next_account(a, id)) {
		enum dbk_err err = age(a, id, &out->rows[out->n]);

		if (err != DBK_OK)
			return err;
		out->n += out->rows[out->n].owed > 0;
		if ((out->n == max || a->reader.steps - steps >= DBK_PAGE_STEPS_MAX) &&
		    next_account(a, id) != 0) {
			dbk_page_stop(LISTING, out->size, id, &out->next);
			break;
		}
	}
	return DBK_OK;
}

static enum dbk_err
name_agents(struct ager *a)
{
	const struct dbk_roster *roster = a->reader.roster;

	for (uint32_t i = 0; i < a->out->n; i++) {
		struct dbk_ageing_row *row = &a->out->rows[i];
		uint32_t party = dbk_roster_account(roster, row->account)->party;
		enum dbk_err err =
		    dbk_page_keep(a->arena, dbk_roster_party_name(roster, party),
				  &row->agent, a->error);

		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

/* --------------------------------------------------------------------- the question */

/* A token of this listing names an account of what is owed. */
static enum dbk_err
check_place(const struct ager *a, const struct dbk_page_start *start)
{
	const struct dbk_roster *roster = a->reader.roster;

	if (start->place == UINT64_MAX)
		return DBK_OK;
	if (start->place == 0 ||
	    start->place > dbk_roster_count(roster, DBK_NAMED_ACCOUNT) ||
	    dbk_roster_account(roster, (uint32_t)start->place)->code !=
		DBK_CLAWBACK_RECEIVABLE)
		return dbk_error_set(a->error, DBK_FAILED_INPUT,
				     "page_token: it belongs to another question");
	return DBK_OK;
}

static enum dbk_err
set_days(struct dbk_ageing *out, const struct dbk_ageing_query *query,
	 struct dbk_error *error)
{
	const uint32_t *days = query->n_days == 0 ? usual_days : query->days;

	out->n_days = query->n_days == 0 ? sizeof usual_days / sizeof usual_days[0]
					 : query->n_days;
	if (out->n_days > DBK_AGEING_DAYS_MAX)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "days: %u ends of buckets, more than %d",
				     out->n_days, DBK_AGEING_DAYS_MAX);
	for (uint32_t i = 0; i < out->n_days; i++) {
		if (i > 0 && days[i] <= days[i - 1])
			return dbk_error_set(error, DBK_FAILED_INPUT,
					     "days: %u does not rise above %u", days[i],
					     days[i - 1]);
		out->days[i] = days[i];
	}
	return DBK_OK;
}

static enum dbk_err
answer(struct ager *a, const struct dbk_page_start *start)
{
	const struct dbk_ageing_query *query = a->query;
	struct dbk_cut *cut = &a->window.upper;
	uint32_t after = start->place == UINT64_MAX ? 0 : (uint32_t)start->place;
	enum dbk_err err = dbk_cut_make(&a->reader, &query->as_of, start->size, cut);

	if (err == DBK_OK)
		err = dbk_cut_clock(&a->reader, cut->size, &a->out->at);
	if (err != DBK_OK)
		return err;
	a->window.from = DBK_TIME_ABSENT;
	a->out->size = cut->size;
	if (cut->timed)
		a->out->at = cut->time;
	err = check_place(a, start);
	if (err == DBK_OK && query->with_total)
		err = sum_all(a);
	if (err == DBK_OK)
		err = list_page(a, after, dbk_page_rows(&query->page));
	return err == DBK_OK ? name_agents(a) : err;
}

enum dbk_err
dbk_ageing_list(struct dbk_view *view, const struct dbk_ageing_query *query,
		struct dbk_arena *arena, struct dbk_ageing *out,
		struct dbk_error *error)
{
	struct dbk_ageing result = { .n = 0 };
	struct ager a = {
		.query = query, .arena = arena, .out = &result, .error = error
	};
	struct dbk_page_start start;
	enum dbk_err err = set_days(&result, query, error);

	if (err == DBK_OK)
		err = dbk_page_start(&query->page, LISTING, &start, error);
	if (err != DBK_OK)
		return err;
	result.rows = dbk_page_alloc(arena, dbk_page_rows(&query->page),
				     sizeof *result.rows, error);
	if (result.rows == NULL)
		return DBK_FAILED_MEMORY;
	dbk_reader_begin(&a.reader, view, error);
	err = answer(&a, &start);
	dbk_reader_end(&a.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
