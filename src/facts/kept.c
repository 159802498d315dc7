#include "facts/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define FIRST_ROWS 1024

void
dbk_kept_free(struct dbk_kept *kept)
{
	free(kept->orders);
	free(kept->refunds);
	free(kept->doubted.words);
	free(kept->namesakes.words);
	free(kept->fees.hashes);
}

/* ROWS of SIZE bytes, *N of them, to hold row ID; new ones are zeros.  NULL: no memory,
 * and all is as it was. */
static void *
reach(void *rows, size_t *n, size_t size, size_t id)
{
	size_t more = *n < FIRST_ROWS ? FIRST_ROWS : *n + *n / 2;
	unsigned char *bytes;

	if (id < *n)
		return rows;
	if (more <= id)
		more = id + 1;
	bytes = realloc(rows, more * size);
	if (bytes == NULL)
		return NULL;
	memset(bytes + *n * size, 0, (more - *n) * size);
	*n = more;
	return bytes;
}

struct dbk_kept_order *
dbk_kept_order_make(struct dbk_kept *kept, uint32_t id)
{
	struct dbk_kept_order *rows =
	    reach(kept->orders, &kept->n_orders, sizeof *rows, id);

	if (rows == NULL)
		return NULL;
	kept->orders = rows;
	return &rows[id];
}

bool
dbk_kept_refund_put(struct dbk_kept *kept, uint32_t id, int64_t days)
{
	uint16_t *rows = reach(kept->refunds, &kept->n_refunds, sizeof *rows, id);

	if (rows == NULL)
		return false;
	kept->refunds = rows;
	rows[id] = (uint16_t)(days < UINT16_MAX - 1 ? days + 1 : UINT16_MAX);
	return true;
}

bool
dbk_kept_refund(const struct dbk_kept *kept, uint32_t id, int64_t *out_days)
{
	if (id >= kept->n_refunds || kept->refunds[id] == 0)
		return false;
	*out_days = kept->refunds[id] - 1;
	return true;
}

bool
dbk_kept_bits_set(struct dbk_kept_bits *bits, uint32_t id)
{
	uint64_t *words = reach(bits->words, &bits->n_words, sizeof *words, id / 64);

	if (words == NULL)
		return false;
	bits->words = words;
	words[id / 64] |= UINT64_C(1) << (id % 64);
	return true;
}

/* ------------------------------------------------------------------------- names */

/* The same in every run, so that the same facts come of the same records. */
static uint64_t
hash_of(struct dbk_str name)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES];
	uint64_t hash = dbk_hash_short(name.bytes, name.size, key);

	return hash != 0 ? hash : 1;
}

/* Where HASH stands, or would. */
static uint64_t *
seek(const struct dbk_kept_names *names, uint64_t hash)
{
	size_t at = (size_t)hash & (names->size - 1);

	while (names->hashes[at] != 0 && names->hashes[at] != hash)
		at = (at + 1) & (names->size - 1);
	return &names->hashes[at];
}

static bool
grow(struct dbk_kept_names *names)
{
	struct dbk_kept_names more = { NULL, names->n,
				       names->size == 0 ? FIRST_ROWS
							: names->size * 2 };

	more.hashes = calloc(more.size, sizeof *more.hashes);
	if (more.hashes == NULL)
		return false;
	for (size_t i = 0; i < names->size; i++)
		if (names->hashes[i] != 0)
			*seek(&more, names->hashes[i]) = names->hashes[i];
	free(names->hashes);
	*names = more;
	return true;
}

bool
dbk_kept_names_add(struct dbk_kept_names *names, struct dbk_str name)
{
	uint64_t hash = hash_of(name), *slot;

	if (names->n >= names->size / 2 && !grow(names))
		return false;
	slot = seek(names, hash);
	names->n += *slot == 0;
	*slot = hash;
	return true;
}

bool
dbk_kept_names_has(const struct dbk_kept_names *names, struct dbk_str name)
{
	uint64_t hash = hash_of(name);

	return names->size != 0 && *seek(names, hash) == hash;
}
