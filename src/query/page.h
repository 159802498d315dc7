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

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/str.h"

/* A letter, two hexadecimal numbers, and a terminator. */
#define DBK_TOKEN_BYTES 48

struct dbk_page {
	uint32_t rows_max; /* 0: DBK_PAGE_ROWS_DEFAULT; above DBK_PAGE_ROWS_MAX: that */
	struct dbk_str token; /* empty: the first page */
};

/* The token of the page that follows; the empty text when there is none. */
struct dbk_next {
	char token[DBK_TOKEN_BYTES];
};

/* ------------------------------------------------- for the questions themselves */

/* Rows that a page may have. */
uint32_t dbk_page_rows(const struct dbk_page *page);

/* Where a page begins: both UINT64_MAX on the first. */
struct dbk_page_start {
	uint64_t size;	/* records known to the listing */
	uint64_t place; /* what the page before left off at */
};

/* Read the token of a LISTING of that letter; INPUT. */
DBK_MUST_CHECK enum dbk_err dbk_page_start(const struct dbk_page *page, char listing,
					   struct dbk_page_start *out,
					   struct dbk_error *error);

/* Write it. */
void dbk_page_stop(char listing, uint64_t size, uint64_t place, struct dbk_next *out);

/* A copy of TEXT in ARENA; MEMORY. */
DBK_MUST_CHECK enum dbk_err dbk_page_keep(struct dbk_arena *arena, struct dbk_str text,
					  struct dbk_str *out, struct dbk_error *error);

/* N elements of SIZE bytes in ARENA; NULL and MEMORY in ERROR. */
void *dbk_page_alloc(struct dbk_arena *arena, size_t n, size_t size,
		     struct dbk_error *error);

#endif
