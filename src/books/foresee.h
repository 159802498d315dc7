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

/* What earlier steps of one event have found. */
struct dbk_foresight {
	uint64_t seller, buyer;	      /* hashes */
	uint64_t position;	      /* hash, 0: none */
	uint32_t seller_id, buyer_id; /* probably; 0: unknown */
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

/* The same for what falls due until UNTIL (microseconds). */
void dbk_books_foresee_dues(const struct dbk_books *books, int64_t until, unsigned step,
			    struct dbk_dues_foresight *foresight);

#endif
