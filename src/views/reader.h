#ifndef DBK_VIEWS_READER_H
#define DBK_VIEWS_READER_H

/*
 * reader.h -- one question's access to a view: inside the gate, with the history at
 * hand, in memory or on disk.
 *
 * A question that runs long steps out of the gate for a moment now and then, so that
 * the worker is not kept waiting: dbk_reader_entry() does it by itself after some
 * thousand entries.  Therefore rows of heads are copied before entries are read, and a
 * chunk is not held across a call that reads entries.  What a loc names does not
 * change, and new history stands behind reader.end, so a question does not notice.
 *
 * Thread: the reader belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "views/chunk.h"
#include "views/heads.h"
#include "views/roster.h"
#include "views/view.h"

struct dbk_txn;

#define DBK_READER_CHUNKS 16

struct dbk_reader {
	struct dbk_view *view;
	const struct dbk_heads *heads;
	const struct dbk_roster *roster;
	uint64_t size;		 /* of the view when the question came */
	uint64_t end;		 /* loc behind the history then */
	uint64_t steps;		 /* of work, about 30 ns each: one for a resident row */
	uint64_t steps_inside;	 /* of these, since the gate was entered */
	struct dbk_txn *txn;	 /* NULL until a chunk on disk is wanted */
	struct dbk_error *error; /* of the caller, may be NULL */
	struct dbk_chunk chunks[DBK_READER_CHUNKS]; /* opened; number 0: none */
};

/* Enter the gate.  Always followed by end. */
void dbk_reader_begin(struct dbk_reader *reader, struct dbk_view *view,
		      struct dbk_error *error);
void dbk_reader_end(struct dbk_reader *reader);

/* Work worth N resident rows follows: count it, and step out of the gate if it is time.
 */
void dbk_reader_step(struct dbk_reader *reader, uint32_t n);

/* The chunk, borrowed until the next step.  DAMAGED, IO, MEMORY, LIMIT. */
DBK_MUST_CHECK enum dbk_err dbk_reader_chunk(struct dbk_reader *reader, uint32_t number,
					     const struct dbk_chunk **out);

/* The entry at LOC on the chain of account or position ID.  Counts as work. */
DBK_MUST_CHECK enum dbk_err dbk_reader_entry(struct dbk_reader *reader, bool move,
					     uint32_t id, uint64_t loc,
					     struct dbk_chunk_entry *out);

/* The event (part) at LOC. */
DBK_MUST_CHECK enum dbk_err dbk_reader_event(struct dbk_reader *reader, uint64_t loc,
					     struct dbk_chunk_event *out);

/* Set the error: the history is damaged at LOC. */
enum dbk_err dbk_reader_damaged(const struct dbk_reader *reader, uint64_t loc);

#endif
