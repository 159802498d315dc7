/*
 * statement_control.c -- the statement of a control account: all postings of a code.
 *
 * There is no chain per code.  Chunks are read from the newest back, those without the
 * code are passed over; inside a chunk the balance runs from the sum at its start, and
 * the last lines that fit the page are kept in a ring.
 */

#include <daybook/limits.h>

#include "query/control.h"
#include "query/statement_private.h"
#include "query/sweep.h"

/* A line before its owner's name is known. */
struct ring_line {
	struct dbk_statement_line line;
	uint64_t loc;
	uint32_t account; /* 0: the order's */
};

struct ring {
	struct ring_line *lines; /* a page of them */
	uint32_t room;		 /* lines still wanted */
	uint32_t count;		 /* lines found in the chunk */
};

/* True if no event of the chunk can be in the window. */
static bool
is_barren(const struct dbk_statement_maker *maker, uint32_t number)
{
	const struct dbk_chunk_head *head =
	    dbk_heads_chunk(maker->reader.heads, number);
	const struct dbk_cut *upper = &maker->window.upper;

	if ((head->codes & (uint64_t)1 << maker->query->code) == 0)
		return true;
	return upper->time_loc <= dbk_chunk_loc(number, 0) &&
	       head->behind_from > upper->time;
}

/* The postings of the event that SWEEP is at. */
static enum dbk_err
take_event(struct dbk_statement_maker *maker, struct dbk_sweep *sweep,
	   struct ring *ring, int64_t *balance)
{
	bool wanted = dbk_walk_window_has(&maker->window, sweep->event.loc,
					  sweep->event.effective_at);

	for (;;) {
		struct ring_line *line = &ring->lines[ring->count % ring->room];
		bool found;
		enum dbk_err err = dbk_sweep_posting(sweep, &found);

		if (err != DBK_OK || !found)
			return err;
		if (sweep->entry.kind != maker->query->code)
			continue;
		*balance = dbk_figures_sum(*balance, sweep->entry.amount);
		if (!wanted || sweep->entry.loc >= maker->window.upper.size_loc)
			continue;
		line->line = dbk_statement_line(&sweep->event, &sweep->entry);
		line->line.balance = *balance;
		line->loc = sweep->entry.loc;
		line->account = sweep->entry.id;
		ring->count++;
	}
}

static enum dbk_err
read_chunk(struct dbk_statement_maker *maker, uint32_t number, struct ring *ring)
{
	struct dbk_code_totals totals;
	struct dbk_sweep sweep;
	enum dbk_err err = dbk_sweep_begin(&sweep, &maker->reader, number);
	int64_t balance;
	bool found;

	if (err != DBK_OK)
		return err;
	totals = dbk_chunk_totals(sweep.chunk, maker->query->code);
	balance = dbk_figures_balance(&totals.figures);
	ring->count = 0;
	for (;;) {
		err = dbk_sweep_event(&sweep, &found);
		if (err != DBK_OK || !found ||
		    sweep.event.loc >= maker->window.upper.size_loc)
			return err;
		err = take_event(maker, &sweep, ring, &balance);
		if (err != DBK_OK)
			return err;
	}
}

/* The newest lines of the ring into the answer.  OUT_LOC: of the last of them. */
static enum dbk_err
put_lines(struct dbk_statement_maker *maker, const struct ring *ring, uint64_t *out_loc)
{
	const struct dbk_roster *roster = maker->reader.roster;
	uint32_t n = ring->count < ring->room ? ring->count : ring->room;

	for (uint32_t i = 1; i <= n; i++) {
		const struct ring_line *from =
		    &ring->lines[(ring->count - i) % ring->room];
		struct dbk_statement_line *line = &maker->out->lines[maker->out->n++];
		enum dbk_err err;

		*line = from->line;
		*out_loc = from->loc;
		if (from->account == 0)
			continue;
		if (from->account > dbk_roster_count(roster, DBK_NAMED_ACCOUNT))
			return dbk_reader_damaged(&maker->reader, from->loc);
		err = dbk_page_keep(
		    maker->arena,
		    dbk_roster_party_name(
			roster, dbk_roster_account(roster, from->account)->party),
		    &line->owner, maker->error);
		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

static enum dbk_err
put_pages_lines(struct dbk_statement_maker *maker, struct ring *ring)
{
	uint32_t first = dbk_chunk_of(maker->window.from_loc);
	uint32_t number = dbk_chunk_of(maker->window.upper.size_loc);
	uint32_t newest = dbk_heads_last_chunk(maker->reader.heads);
	uint32_t chunks = 0;

	for (number = number < newest ? number : newest; number > 0 && number >= first;
	     number--) {
		uint64_t loc = 0;
		enum dbk_err err;

		if (is_barren(maker, number))
			continue;
		if (chunks++ == DBK_PAGE_CHUNKS_MAX) {
			dbk_statement_stop(maker, dbk_chunk_loc(number + 1, 0));
			return DBK_OK;
		}
		ring->room = maker->max - maker->out->n;
		err = read_chunk(maker, number, ring);
		if (err == DBK_OK)
			err = put_lines(maker, ring, &loc);
		if (err != DBK_OK)
			return err;
		if (maker->out->n == maker->max) {
			if (ring->count > ring->room || number > 1)
				dbk_statement_stop(maker, loc);
			return DBK_OK;
		}
	}
	return DBK_OK;
}

enum dbk_err
dbk_statement_control_answer(struct dbk_statement_maker *maker)
{
	struct dbk_code_totals totals[DBK_ACCOUNT_CODES];
	const struct dbk_code_totals *of = &totals[maker->query->code];
	struct ring ring = { .count = 0 };
	enum dbk_err err;

	ring.lines =
	    dbk_page_alloc(maker->arena, maker->max, sizeof *ring.lines, maker->error);
	if (ring.lines == NULL)
		return DBK_FAILED_MEMORY;
	err = dbk_control_totals(&maker->reader, &maker->cut, totals);
	if (err != DBK_OK)
		return err;
	dbk_statement_put_figures(maker->out, &of->figures, of->postings);
	return put_pages_lines(maker, &ring);
}
