#ifndef DBK_BOOKS_BOOKS_H
#define DBK_BOOKS_BOOKS_H

/*
 * books.h -- the deterministic core: events in log order in, effects out.
 *
 * No I/O, no clock, no randomness, no floating point.  The same events in the same order
 * give the same outcomes, the same effects and the same digest, in the daemon, in a
 * regulator's replay and in the tests.  src/books/README.md has the rules.
 *
 * The books belong to one thread.  Changes since the last dbk_books_commit() can be
 * undone as a whole (the group's commit failed) or back to a mark (dry run, atomic
 * batch).
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/rows.h"
#include "books/effects.h"
#include "event/event.h"
#include "event/verdict.h"

struct dbk_books;

/*
 * How the core looks back at an accepted event, to tell a duplicate from a conflict.
 * Sets *OUT to the event bytes of the record at POSITION, borrowed until the next call;
 * false if it cannot be read, which is a failure of the environment.
 */
typedef bool dbk_books_history_fn(void *context, uint64_t position, struct dbk_str *out);

struct dbk_verdict {
	enum dbk_outcome outcome; /* ACCEPTED, DUPLICATE or REFUSED */
	uint64_t position;	  /* the record's own; DUPLICATE: the original's */
	struct dbk_refusal refusal;
};

/*
 * Empty books.  KEY is the secret of the tables in memory; it has no influence on any
 * result.
 */
DBK_MUST_CHECK enum dbk_err dbk_books_open(const unsigned char key[DBK_HASH_KEY_BYTES],
					   struct dbk_books **out);
void dbk_books_close(struct dbk_books *books);

void dbk_books_set_history(struct dbk_books *books, dbk_books_history_fn *history,
			   void *context);

/*
 * Decide EVENT, which passed dbk_event_check(), as the record at dbk_books_size(), and
 * apply it.  ACCEPTED and REFUSED take that position and add one effect to EFFECTS;
 * DUPLICATE takes none.  ARENA holds the original while it is compared.
 *
 * Errors: DBK_FAILED_IO when history could not be read, DBK_FAILED_MEMORY; the event then
 * has left no trace.
 */
DBK_MUST_CHECK enum dbk_err dbk_books_decide(struct dbk_books *books,
					     const struct dbk_event *event,
					     struct dbk_effects *effects,
					     struct dbk_arena *arena,
					     struct dbk_verdict *out);

/* Records the books hold: positions 0 to size - 1. */
uint64_t dbk_books_size(const struct dbk_books *books);

void dbk_books_mark(struct dbk_books *books, struct dbk_mark *out);

/* Undo everything since MARK. */
void dbk_books_rewind(struct dbk_books *books, const struct dbk_mark *mark);

/* What happened up to here is durable; it can no longer be undone. */
void dbk_books_commit(struct dbk_books *books);

/* Assert the invariants that hold between events: sums of postings and movements,
 * controls, nothing negative.  Walks everything; for tests and after a load. */
void dbk_books_check(const struct dbk_books *books);

/* BLAKE2b-256 of the canonical form described in src/books/README.md. */
void dbk_books_digest(const struct dbk_books *books, unsigned char out[DBK_DIGEST_BYTES]);

/* BLAKE2b-256 of the balances as they stand, as the close of PERIOD (its name, from and
 * to) states them.  What is due by the close's effective_at must be done before. */
void dbk_books_balances_hash(const struct dbk_books *books,
			     const struct dbk_period_closed *period,
			     unsigned char out[DBK_DIGEST_BYTES]);

#endif
