/*
 * decision.c -- what every rule needs: to refuse, and to make a name.
 */

#include "books/core.h"

bool
dbk_refuse(struct dbk_decision *d, enum dbk_rule rule, struct dbk_field field,
	   struct dbk_str value)
{
	d->refusal->rule = rule;
	d->refusal->field = field;
	d->refusal->value = value;
	return false;
}

bool
dbk_refuse_measured(struct dbk_decision *d, enum dbk_rule rule, struct dbk_field field,
		    int64_t measured, int64_t limit)
{
	d->refusal->measured = measured;
	d->refusal->limit = limit;
	return dbk_refuse(d, rule, field, dbk_str_make("", 0));
}

static inline bool
is_name(const struct dbk_names *names, uint32_t space, uint32_t id, struct dbk_str name)
{
	return id != 0 && id < names->spaces[space]->count &&
	       dbk_str_equal(dbk_names_get(names, space, id), name);
}

/* Where the id of NAME, which is not empty, may have been left. */
static uint32_t
lately_of(uint32_t space, struct dbk_str name)
{
	size_t n = name.size < sizeof(uint64_t) ? name.size : sizeof(uint64_t);
	uint64_t tail = 0;

	memcpy(&tail, name.bytes + name.size - n, n);
	tail = (tail ^ (uint64_t)space << 56) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(tail >> 32) % DBK_SKUS_LATELY;
}

static bool
is_kept_lately(uint32_t space)
{
	return space == DBK_SPACE_TAG || space == DBK_SPACE_SKU;
}

uint32_t
dbk_name_lately(const struct dbk_books *books, uint32_t space, struct dbk_str name)
{
	uint32_t id;

	if (!is_kept_lately(space) || name.size == 0)
		return 0;
	id = books->lately[lately_of(space, name)];
	return is_name(&books->names, space, id, name) ? id : 0;
}

/* What was foreseen of NAME, which must be the event's own and not only look like it. */
static const struct dbk_foreseen_name *
foreseen(const struct dbk_decision *d, uint32_t space, struct dbk_str name)
{
	if (d->foresight == NULL)
		return NULL;
	for (unsigned i = 0; i < DBK_FORESEEN_NAMES; i++) {
		const struct dbk_foreseen_name *known = &d->foresight->names[i];

		if (known->space == space && known->name.bytes == name.bytes &&
		    known->name.size == name.size)
			return known;
	}
	return NULL;
}

static uint64_t
name_hash(const struct dbk_decision *d, const struct dbk_foreseen_name *known,
	  uint32_t space, struct dbk_str name)
{
	return known != NULL ? known->hash
			     : dbk_names_hash(&d->books->names, space, name);
}

/* The id of NAME or, if that is 0, its hash. */
static uint32_t
find_or_hash(struct dbk_decision *d, uint32_t space, struct dbk_str name,
	     uint64_t *out_hash)
{
	const struct dbk_names *names = &d->books->names;
	const struct dbk_foreseen_name *known;
	uint32_t id = dbk_name_lately(d->books, space, name);

	if (id != 0)
		return id;
	known = foreseen(d, space, name);
	if (known != NULL && is_name(names, space, known->id, name))
		return known->id;
	*out_hash = name_hash(d, known, space, name);
	id = dbk_names_find_hashed(names, space, name, *out_hash);
	if (id != 0 && is_kept_lately(space))
		d->books->lately[lately_of(space, name)] = id;
	return id;
}

uint32_t
dbk_name_find(struct dbk_decision *d, uint32_t space, struct dbk_str name)
{
	uint64_t hash;

	return name.size == 0 || name.size > DBK_ID_BYTES_MAX
		       ? 0
		       : find_or_hash(d, space, name, &hash);
}

static bool
make_hashed(struct dbk_decision *d, uint32_t space, struct dbk_str name, uint64_t hash,
	    uint32_t *out_id)
{
	struct dbk_names *names = &d->books->names;

	*out_id = 0;
	if (!dbk_names_has_room(names, space))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("id"),
					   names->spaces[space]->count,
					   names->spaces[space]->max);
	*out_id = dbk_names_add_hashed(names, space, name, hash);
	return true;
}

bool
dbk_intern(struct dbk_decision *d, uint32_t space, struct dbk_str name, uint32_t *out_id)
{
	uint64_t hash = 0;

	*out_id = 0;
	if (name.size == 0)
		return true;
	*out_id = find_or_hash(d, space, name, &hash);
	return *out_id != 0 || make_hashed(d, space, name, hash, out_id);
}

bool
dbk_name_make(struct dbk_decision *d, uint32_t space, struct dbk_str name,
	      uint32_t *out_id)
{
	return make_hashed(d, space, name,
			   name_hash(d, foreseen(d, space, name), space, name), out_id);
}

bool
dbk_row_room(struct dbk_decision *d, const struct dbk_rows *table)
{
	if (dbk_rows_has_room(table, 1) && dbk_index_has_room(&d->books->names.index))
		return true;
	return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("id"),
				   table->count, table->max);
}
