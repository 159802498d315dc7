#ifndef DBK_QUERY_WALK_H
#define DBK_QUERY_WALK_H

/*
 * walk.h -- the lines of a statement: entries of one chain inside a window of positions
 * and times, newest first.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "query/cut.h"
#include "views/trace.h"

/* What lines are wanted: those that count as of UPPER and are effective from FROM on.
 */
struct dbk_window {
	struct dbk_cut upper;
	int64_t from;
	uint64_t from_loc; /* no line stands before it */
};

/*
 * The window of a question as of CUT for from <= effective_at < to (DBK_TIME_ABSENT: no
 * bound), before BEFORE: where the page before stopped, UINT64_MAX for the first.
 */
DBK_MUST_CHECK enum dbk_err
dbk_walk_window_make(struct dbk_reader *reader, const struct dbk_cut *cut, int64_t from,
		     int64_t to, uint64_t before, struct dbk_window *out);

static inline bool
dbk_walk_window_has(const struct dbk_window *window, uint64_t loc, int64_t effective_at)
{
	return effective_at >= window->from &&
	       dbk_cut_has(&window->upper, loc, effective_at);
}

struct dbk_walk {
	const struct dbk_window *window;
	struct dbk_trace trace;
	struct dbk_cut_late late;
	struct dbk_trace_spot spot; /* the next one to look at, once PLAIN */
	bool plain;		    /* past the late ones */
	bool
	    entries_only; /* the event is not wanted; set behind begin, by the caller */
	/* The line that next found. */
	struct dbk_chunk_entry entry;
	struct dbk_chunk_event event;
};

/* WALK->TRACE has begun.  WINDOW stays as long as the walk; WALK does not move. */
DBK_MUST_CHECK enum dbk_err dbk_walk_begin(struct dbk_walk *walk,
					   const struct dbk_window *window);

/* The next line, in WALK's entry and event; *OUT_FOUND false at the end. */
DBK_MUST_CHECK enum dbk_err dbk_walk_next(struct dbk_walk *walk, bool *out_found);

/* False if surely no line follows. */
bool dbk_walk_has_more(const struct dbk_walk *walk);

#endif
