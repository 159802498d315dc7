#ifndef DBK_QUERY_CUT_H
#define DBK_QUERY_CUT_H

/*
 * cut.h -- an as-of as a cut through the history.
 *
 * Entries count that stand before SIZE_LOC and are effective by TIME.  Those before
 * TIME_LOC are effective by TIME all of them, because the clock of the book was not
 * past it; behind TIME_LOC it is only some of those that came late.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "query/as_of.h"
#include "views/reader.h"
#include "views/trace.h"

struct dbk_cut {
	uint64_t size; /* records known */
	uint64_t size_loc;
	bool timed;
	int64_t time;	   /* INT64_MAX without */
	uint64_t time_loc; /* UINT64_MAX without */
};

/* The loc of the record at position SIZE, or of the end. */
DBK_MUST_CHECK enum dbk_err dbk_cut_loc_of_size(struct dbk_reader *reader,
						uint64_t size, uint64_t *out_loc);

/* The loc of the first record after which the clock is later than TIME, or of the end.
 */
DBK_MUST_CHECK enum dbk_err dbk_cut_loc_of_time(struct dbk_reader *reader, int64_t time,
						uint64_t *out_loc);

/* The clock of the book after SIZE records, 0 after none. */
DBK_MUST_CHECK enum dbk_err dbk_cut_clock(struct dbk_reader *reader, uint64_t size,
					  int64_t *out_clock);

/* SIZE: records known to an earlier page of the same question, UINT64_MAX for the first
 * page.  STATE if the view has fewer than that or than as_of says. */
DBK_MUST_CHECK enum dbk_err dbk_cut_make(struct dbk_reader *reader,
					 const struct dbk_as_of *as_of, uint64_t size,
					 struct dbk_cut *out);

/* What stands before this counts without looking. */
static inline uint64_t
dbk_cut_plain_loc(const struct dbk_cut *cut)
{
	return cut->size_loc < cut->time_loc ? cut->size_loc : cut->time_loc;
}

/* True if an event at LOC, effective at EFFECTIVE_AT, counts. */
static inline bool
dbk_cut_has(const struct dbk_cut *cut, uint64_t loc, int64_t effective_at)
{
	return loc < cut->size_loc && effective_at <= cut->time;
}

/*
 * The newest chunk up to FROM and down to the one with TIME_LOC that has events behind
 * their clock and effective by the time; 0: there is none.
 */
uint32_t dbk_cut_behind_chunk(const struct dbk_reader *reader,
			      const struct dbk_cut *cut, uint32_t from);

/*
 * The entries of a chain that stand behind TIME_LOC but count, because they came late:
 * newest first.  Chunks in which nothing counts are passed over.
 */
struct dbk_cut_late {
	struct dbk_trace *trace;
	const struct dbk_cut *cut;
	uint32_t live;	 /* the newest chunk, from LOC's on, where something counts */
	uint32_t barren; /* links followed since the last chunk where something did */
	uint64_t loc;	 /* to look at next; 0: none */
};

DBK_MUST_CHECK enum dbk_err dbk_cut_late_begin(struct dbk_cut_late *late,
					       struct dbk_trace *trace,
					       const struct dbk_cut *cut);
DBK_MUST_CHECK enum dbk_err dbk_cut_late_next(struct dbk_cut_late *late,
					      struct dbk_chunk_entry *entry,
					      struct dbk_chunk_event *event,
					      bool *out_found);

/* The figures of an account or a position as of the cut. */
DBK_MUST_CHECK enum dbk_err dbk_cut_figures(const struct dbk_cut *cut,
					    struct dbk_trace *trace,
					    struct dbk_trace_figures *out);

#endif
