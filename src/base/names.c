#include "base/names.h"

#include <string.h>

#define UNIT_BYTES DBK_NAMES_UNIT_BYTES
#define NAME_BYTES_MAX 255u
#define UNITS_MAX 4000000000u
#define SEGMENTS_MAX 8000000u
#define NAME_UNITS_MAX ((NAME_BYTES_MAX + 1 + UNIT_BYTES - 1) / UNIT_BYTES)

enum dbk_err
dbk_names_init(struct dbk_names *names, struct dbk_journal *journal,
	       const unsigned char key[DBK_HASH_KEY_BYTES])
{
	memset(names->spaces, 0, sizeof names->spaces);
	memcpy(names->key, key, sizeof names->key);
	if (dbk_index_init(&names->index, journal, SEGMENTS_MAX) != DBK_OK)
		return DBK_FAILED_MEMORY;
	return dbk_rows_init(&names->bytes, journal, UNIT_BYTES, UNITS_MAX);
}

void
dbk_names_fini(struct dbk_names *names)
{
	dbk_index_fini(&names->index);
	dbk_rows_fini(&names->bytes);
}

void
dbk_names_space(struct dbk_names *names, uint32_t space, struct dbk_rows *table)
{
	dbk_assert(space < DBK_NAME_SPACES_MAX && names->spaces[space] == NULL);
	dbk_assert(table->row_bytes >= sizeof(uint32_t));
	names->spaces[space] = table;
}

uint64_t
dbk_names_hash(const struct dbk_names *names, uint32_t space, struct dbk_str name)
{
	dbk_assert(name.size <= NAME_BYTES_MAX);
	return dbk_hash_in_space((unsigned char)space, name.bytes, name.size,
				 names->key);
}

uint32_t
dbk_names_find(const struct dbk_names *names, uint32_t space, struct dbk_str name)
{
	if (name.size == 0 || name.size > NAME_BYTES_MAX)
		return 0;
	return dbk_names_find_hashed(names, space, name,
				     dbk_names_hash(names, space, name));
}

uint32_t
dbk_names_find_hashed(const struct dbk_names *names, uint32_t space, struct dbk_str name,
		      uint64_t hash)
{
	const struct dbk_rows *table = names->spaces[space];
	struct dbk_index_walk walk = dbk_index_seek(&names->index, hash);
	uint32_t id;

	while ((id = dbk_index_next(&names->index, &walk)) != 0)
		/* The candidate may be of another space; then it must be ours by name. */
		if (id < table->count &&
		    dbk_str_equal(dbk_names_get(names, space, id), name))
			return id;
	return 0;
}

bool
dbk_names_has_room(const struct dbk_names *names, uint32_t space)
{
	return dbk_rows_has_room(names->spaces[space], 1) &&
	       dbk_rows_has_room(&names->bytes, NAME_UNITS_MAX) &&
	       dbk_index_has_room(&names->index);
}

uint32_t
dbk_names_add(struct dbk_names *names, uint32_t space, struct dbk_str name)
{
	return dbk_names_add_hashed(names, space, name,
				    dbk_names_hash(names, space, name));
}

uint32_t
dbk_names_add_hashed(struct dbk_names *names, uint32_t space, struct dbk_str name,
		     uint64_t hash)
{
	uint32_t units = (name.size + 1 + UNIT_BYTES - 1) / UNIT_BYTES;
	uint32_t at, id;
	unsigned char *bytes;

	dbk_assert(name.size > 0 && name.size <= NAME_BYTES_MAX);
	at = dbk_rows_append(&names->bytes, units);
	bytes = dbk_rows_touch_sized(&names->bytes, at, UNIT_BYTES);
	bytes[0] = (unsigned char)name.size;
	memcpy(bytes + 1, name.bytes, name.size);
	id = dbk_rows_append(names->spaces[space], 1);
	*(uint32_t *)dbk_rows_touch(names->spaces[space], id) = at;
	dbk_index_add(&names->index, hash, id);
	return id;
}
