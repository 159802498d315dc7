#ifndef DBK_QUERY_PAGE_H
#define DBK_QUERY_PAGE_H

/*
 * page.h -- a listing page by page.
 *
 * A token names the size of the view that the first page was answered from and where
 * the next page goes on.  Later pages are answered as of that size, so that all pages
 * of one listing foot together although the book grows meanwhile.  A token stays valid
 * for ever, also across a restart or a rebuild of the view; it holds no secret and may
 * be forged without harm: it can only name another place in the same listing.
 *
 * The caller sends the same question again with the token.  A token that was not made
 * here, or was made for another kind of listing, fails with INPUT; one of a larger view
 * than this fails with STATE.
 *
 * A page may have fewer rows than asked for, even none, and still have a successor:
 * the work of one page is bounded, and filters may leave little of it.
 */

#include <stdint.h>

#include "base/str.h"

/* A letter, two hexadecimal numbers, and a terminator. */
#define DBK_TOKEN_BYTES 48

struct dbk_page {
	uint32_t rows_max;    /* 0: DBK_PAGE_ROWS_DEFAULT; at most DBK_PAGE_ROWS_MAX */
	struct dbk_str token; /* empty: the first page */
};

/* The token of the page that follows; the empty text when there is none. */
struct dbk_next {
	char token[DBK_TOKEN_BYTES];
};

#endif
