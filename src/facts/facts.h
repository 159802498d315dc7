#ifndef DBK_FACTS_FACTS_H
#define DBK_FACTS_FACTS_H

/*
 * facts.h -- a decided record into facts (fact.h); src/metrics/METRICS.md section 1.
 *
 *	dbk_facts_before()	the books are about to decide the event
 *	(dbk_books_decide)
 *	dbk_facts_after()	they have: what follows from it is told
 *
 * Before, because what a refund or a flag changes can only be told from what was there.
 *
 * Thread: the one that owns the books.
 */

#include "base/arena.h"
#include "books/books.h"
#include "books/effects.h"
#include "event/event.h"
#include "facts/fact.h"

struct dbk_facts;

/* Told of every fact, in order; what it gives goes back to the caller of after(). */
typedef enum dbk_err dbk_facts_fn(void *context, const struct dbk_fact *fact);

/* BOOKS, empty, is borrowed. */
DBK_MUST_CHECK enum dbk_err dbk_facts_open(const struct dbk_books *books,
					   dbk_facts_fn *tell, void *context,
					   struct dbk_facts **out);
void dbk_facts_close(struct dbk_facts *facts);

DBK_MUST_CHECK enum dbk_err dbk_facts_before(struct dbk_facts *facts,
					     const struct dbk_event *event);

/* VERDICT is ACCEPTED or REFUSED, and the record's effect the last one of EFFECTS.
 * Only what was accepted tells anything. */
DBK_MUST_CHECK enum dbk_err dbk_facts_after(struct dbk_facts *facts,
					    const struct dbk_event *event,
					    const struct dbk_verdict *verdict,
					    const struct dbk_effects *effects);

#endif
