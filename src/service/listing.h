#ifndef DBK_SERVICE_LISTING_H
#define DBK_SERVICE_LISTING_H

/*
 * listing.h -- rows of the books page by page, in steps that the writer does not feel.
 * Not for use outside this folder.
 *
 * A listing goes through ids.  Each step is a question to the books' thread that looks
 * at DBK_SERVICE_ASK_ROWS_MAX rows at most; a page ends when it is full or after
 * DBK_PAGE_STEPS_MAX rows, and then may be empty and still have a successor.  Rows that
 * come into being meanwhile are met at the end.
 */

#include <stdbool.h>
#include <stdint.h>

#include "query/page.h"
#include "service/call.h"

struct dbk_listing {
	char letter;
	bool from_token; /* NEXT is what the client says */
	uint64_t size;	 /* records that the books held at the last step */
	uint32_t next;	 /* id to look at next, 0: no more */
	uint32_t n;	 /* rows of the page so far */
	uint32_t rows_max;
	uint32_t budget; /* rows that this step may still look at */
};

/* Begin at FIRST or, with a token of this LETTER, where the page before ended. */
bool dbk_listing_begin(struct dbk_call *call, struct dbk_listing *listing, char letter,
		       uint32_t page_size, const char *token);

/*
 * Ask LOOK, with Q, until the page ends.  LOOK sets size and goes on from NEXT while
 * dbk_listing_goes_on().
 */
bool dbk_listing_walk(struct dbk_call *call, struct dbk_listing *listing,
		      void (*look)(const struct dbk_books *books, void *answer),
		      void *q);

/* May one more row be looked at? */
static inline bool
dbk_listing_goes_on(struct dbk_listing *listing)
{
	return listing->next != 0 && listing->n < listing->rows_max &&
	       listing->budget-- > 0;
}

/* Set NEXT to the id after ID, of those up to NEWEST. */
static inline void
dbk_listing_step(struct dbk_listing *listing, uint32_t newest)
{
	listing->next = listing->next < newest ? listing->next + 1 : 0;
}

/* The token of the next page, empty if this was the last. */
char *dbk_listing_token(struct dbk_call *call, const struct dbk_listing *listing);

#endif
