#include "service/listing.h"

#include <daybook/limits.h>

#define STEPS_MAX (DBK_PAGE_STEPS_MAX / DBK_SERVICE_ASK_ROWS_MAX)

bool
dbk_listing_begin(struct dbk_call *call, struct dbk_listing *listing, char letter,
		  uint32_t page_size, const char *token)
{
	struct dbk_page_start start;
	struct dbk_page page;

	if (!dbk_call_page(call, page_size, token, &page))
		return false;
	listing->letter = letter;
	listing->rows_max = page.rows_max;
	listing->from_token = page.token.size > 0;
	listing->next = 1;
	if (!listing->from_token)
		return true;
	if (dbk_page_start(&page, letter, &start, NULL) != DBK_OK || start.place == 0 ||
	    start.place > UINT32_MAX)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token", page.token,
				    "not a token of this listing");
	listing->next = (uint32_t)start.place;
	return true;
}

bool
dbk_listing_walk(struct dbk_call *call, struct dbk_listing *listing,
		 void (*look)(const struct dbk_books *books, void *answer), void *q)
{
	unsigned steps = 0;

	do {
		listing->budget = DBK_SERVICE_ASK_ROWS_MAX;
		if (!dbk_call_ask(call, look, q))
			return false;
	} while (listing->next != 0 && listing->n < listing->rows_max &&
		 ++steps < STEPS_MAX);
	return true;
}

char *
dbk_listing_token(struct dbk_call *call, const struct dbk_listing *listing)
{
	struct dbk_next next = { .token = "" };

	if (listing->next != 0)
		dbk_page_stop(listing->letter, listing->size, listing->next, &next);
	return dbk_call_text(call, dbk_str_of(next.token));
}
