/*
 * purses.c -- what few need to know of an agent: payee, limits, caps, overrides.
 *
 * Most agents never ask for money and have no payee, so this stands beside their rows.
 */

#include "books/core.h"

static uint64_t
purse_hash(const struct dbk_books *books, uint32_t agent)
{
	uint32_t key[2] = { DBK_SPACE_PURSE, agent };

	return dbk_composite_hash(books, key, 2);
}

uint32_t
dbk_purse_find(const struct dbk_books *books, uint32_t agent)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, purse_hash(books, agent));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (id < books->purses.count &&
		    DBK_ROW(books, purses, purse, id)->agent == agent)
			return id;
	return 0;
}

bool
dbk_purse_need(struct dbk_decision *d, uint32_t agent, uint32_t *out)
{
	struct dbk_books *books = d->books;

	*out = dbk_purse_find(books, agent);
	if (*out != 0)
		return true;
	if (!dbk_row_room(d, &books->purses))
		return false;
	*out = dbk_rows_append(&books->purses, 1);
	DBK_TOUCH(books, purses, purse, *out)->agent = agent;
	dbk_index_add(&books->names.index, purse_hash(books, agent), *out);
	return true;
}

void
dbk_purse_payee(struct dbk_str payee_hash, uint64_t out[2])
{
	unsigned char bytes[DBK_DIGEST_BYTES];
	struct dbk_digest digest;

	out[0] = out[1] = 0;
	if (payee_hash.size == 0)
		return;
	dbk_digest_init(&digest);
	dbk_digest_update(&digest, payee_hash.bytes, payee_hash.size);
	dbk_digest_final(&digest, bytes);
	memcpy(out, bytes, 2 * sizeof out[0]);
}
