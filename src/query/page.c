#include "query/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#define DIGITS 16

uint32_t
dbk_page_rows(const struct dbk_page *page)
{
	uint32_t rows = page->rows_max == 0 ? DBK_PAGE_ROWS_DEFAULT : page->rows_max;

	return rows > DBK_PAGE_ROWS_MAX ? DBK_PAGE_ROWS_MAX : rows;
}

/* Lower-case hexadecimal without leading zeros up to END; false if it is none. */
static bool
take_hex(struct dbk_str token, uint32_t *at, char end, uint64_t *out)
{
	uint64_t value = 0;
	uint32_t first = *at;

	for (; *at < token.size && *at - first < DIGITS; (*at)++) {
		char c = token.bytes[*at];

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint64_t)(c - 'a' + 10);
		else
			break;
	}
	if (*at == first || (token.bytes[first] == '0' && *at - first > 1))
		return false;
	if (end != '\0' && (*at == token.size || token.bytes[(*at)++] != end))
		return false;
	*out = value;
	return true;
}

enum dbk_err
dbk_page_start(const struct dbk_page *page, char listing, struct dbk_page_start *out,
	       struct dbk_error *error)
{
	struct dbk_str token = page->token;
	uint64_t size, place;
	uint32_t at = 2;

	out->size = out->place = UINT64_MAX;
	if (token.size == 0)
		return DBK_OK;
	if (token.size < 2 || token.bytes[0] != listing || token.bytes[1] != '.' ||
	    !take_hex(token, &at, '.', &size) || !take_hex(token, &at, '\0', &place) ||
	    at != token.size || size == UINT64_MAX)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "page_token: \"%.*s\" is not a token of this "
				     "listing",
				     token.size > DBK_TOKEN_BYTES ? DBK_TOKEN_BYTES
								  : (int)token.size,
				     token.bytes);
	out->size = size;
	out->place = place;
	return DBK_OK;
}

void
dbk_page_stop(char listing, uint64_t size, uint64_t place, struct dbk_next *out)
{
	(void)snprintf(out->token, sizeof out->token, "%c.%" PRIx64 ".%" PRIx64,
		       listing, size, place);
}

void *
dbk_page_alloc(struct dbk_arena *arena, size_t n, size_t size, struct dbk_error *error)
{
	void *memory = dbk_arena_alloc(arena, n * size);

	if (memory == NULL)
		(void)dbk_error_set(error, DBK_FAILED_MEMORY,
				    "no memory for an answer");
	return memory;
}

enum dbk_err
dbk_page_keep(struct dbk_arena *arena, struct dbk_str text, struct dbk_str *out,
	      struct dbk_error *error)
{
	char *bytes = dbk_page_alloc(arena, text.size == 0 ? 1 : text.size, 1, error);

	if (bytes == NULL)
		return DBK_FAILED_MEMORY;
	if (text.size > 0)
		memcpy(bytes, text.bytes, text.size);
	*out = dbk_str_make(bytes, text.size);
	return DBK_OK;
}
