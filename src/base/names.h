#ifndef DBK_BASE_NAMES_H
#define DBK_BASE_NAMES_H

/*
 * names.h -- string ids to dense ids and back, in many name spaces.
 *
 * A space is a table whose rows begin with a uint32_t that this module fills in; the
 * dense id of a name is its row.  All spaces share one store of bytes and one index.
 * Names are compared byte for byte, so an id is exact, never a hash.
 *
 * Thread: as the journal's tables.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/hash.h"
#include "base/index.h"
#include "base/str.h"
#include "base/rows.h"

#define DBK_NAME_SPACES_MAX 64

/* Names stand in whole units of so many bytes. */
#define DBK_NAMES_UNIT_BYTES 4u

struct dbk_names {
	struct dbk_index index;
	struct dbk_rows bytes; /* units of 4: length byte, name, padding */
	struct dbk_rows *spaces[DBK_NAME_SPACES_MAX];
	unsigned char key[DBK_HASH_KEY_BYTES];
};

DBK_MUST_CHECK enum dbk_err dbk_names_init(struct dbk_names *names,
					   struct dbk_journal *journal,
					   const unsigned char key[DBK_HASH_KEY_BYTES]);
void dbk_names_fini(struct dbk_names *names);

/* Names of SPACE are the rows of TABLE from now on. */
void dbk_names_space(struct dbk_names *names, uint32_t space, struct dbk_rows *table);

/* The id of NAME in SPACE, 0 if it is not there. */
uint32_t dbk_names_find(const struct dbk_names *names, uint32_t space,
			struct dbk_str name);

/* The same, and a new row as dbk_names_add() makes it, for who has the HASH already. */
uint32_t dbk_names_find_hashed(const struct dbk_names *names, uint32_t space,
			       struct dbk_str name, uint64_t hash);
uint32_t dbk_names_add_hashed(struct dbk_names *names, uint32_t space,
			      struct dbk_str name, uint64_t hash);

/* Under which NAME (at most 255 bytes) of SPACE stands in the index. */
uint64_t dbk_names_hash(const struct dbk_names *names, uint32_t space,
			struct dbk_str name);

/* True if one more name has room in SPACE. */
bool dbk_names_has_room(const struct dbk_names *names, uint32_t space);

/* A new row of SPACE for NAME (at most 255 bytes), which must not be there yet. */
uint32_t dbk_names_add(struct dbk_names *names, uint32_t space, struct dbk_str name);

/* The name of a row; borrowed until the names are gone. */
static inline struct dbk_str
dbk_names_get(const struct dbk_names *names, uint32_t space, uint32_t id)
{
	const uint32_t *at = dbk_rows_row(names->spaces[space], id);
	const unsigned char *bytes =
	    dbk_rows_row_sized(&names->bytes, *at, DBK_NAMES_UNIT_BYTES);

	return id == 0 ? dbk_str_make("", 0) : dbk_str_make(bytes + 1, bytes[0]);
}

#endif
