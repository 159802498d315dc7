#ifndef DBK_BOOKS_FORESEE_H
#define DBK_BOOKS_FORESEE_H

/*
 * foresee.h -- asking memory for what the next events will need.
 *
 * Deciding a sale reads a dozen places all over the books; each costs more to wait for
 * than all the arithmetic together.  Which places they are follows from the event, one
 * after another: the index says which row, the row says where the name is.  So a caller
 * that has several events in hand lets each take its first step, then each its second,
 * and so on, and when the first one is decided its places are near.
 *
 * Nothing is changed and nothing is promised: what is foreseen wrongly is looked for
 * again.
 *
 * Thread: as the books.
 */

#include <stdint.h>

#include "books/books.h"
#include "event/event.h"

#define DBK_FORESEE_STEPS 6

/* Events foreseen at a time: more would push each other out of the nearest cache. */
#define DBK_FORESEE_EVENTS 16

/* A name of the event, borrowed from it, and where it stands in the index. */
struct dbk_foreseen_name {
	struct dbk_str name;
	uint64_t hash;
	uint32_t space; /* 0: nothing was foreseen */
	uint32_t id;	/* probably; 0: unknown */
};

enum { DBK_FORESEEN_ORDER, DBK_FORESEEN_SELLER, DBK_FORESEEN_BUYER, DBK_FORESEEN_NAMES };

/* What earlier steps of one event have found. */
struct dbk_foresight {
	struct dbk_foreseen_name names[DBK_FORESEEN_NAMES];
	struct dbk_str psp_txn; /* of the payment, borrowed; empty: none */
	uint64_t payment;	/* hash of its key */
	uint64_t position;	/* hash of HOLDER's of GOOD; HOLDER 0: none */
	uint32_t holder, good;
	uint32_t position_id; /* probably; 0: unknown */
	uint32_t sponsor_id;
};

/* Things that may fall due while such a number of events is decided. */
#define DBK_FORESEE_DUES 48

/* What earlier steps have found of what falls due. */
struct dbk_dues_foresight {
	uint32_t n_lists, n;
	uint32_t lists[DBK_FORESEE_DUES]; /* rows of due_seconds */
	uint32_t what[DBK_FORESEE_DUES];  /* rows of lines, as dues name them */
	uint32_t earnings[2 * DBK_FORESEE_DUES];
};

/* Take STEP, from 0 in ascending order, for EVENT. */
void dbk_books_foresee(const struct dbk_books *books, const struct dbk_event *event,
		       unsigned step, struct dbk_foresight *foresight);

/* dbk_books_decide() with what was foreseen of this very EVENT, whose bytes have not
 * changed since; NULL: nothing.  Spares it some hashes and changes no result. */
DBK_MUST_CHECK enum dbk_err dbk_books_decide_foreseen(
	struct dbk_books *books, const struct dbk_event *event,
	const struct dbk_foresight *foresight, struct dbk_effects *effects,
	struct dbk_arena *arena, struct dbk_verdict *out);

/* dbk_books_foresee() for what falls due until UNTIL (microseconds). */
void dbk_books_foresee_dues(const struct dbk_books *books, int64_t until, unsigned step,
			    struct dbk_dues_foresight *foresight);

#endif
