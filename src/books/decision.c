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

bool
dbk_intern(struct dbk_decision *d, uint32_t space, struct dbk_str name, uint32_t *out_id)
{
	struct dbk_names *names = &d->books->names;

	uint64_t hash;

	*out_id = 0;
	if (name.size == 0)
		return true;
	hash = dbk_names_hash(names, space, name);
	*out_id = dbk_names_find_hashed(names, space, name, hash);
	if (*out_id != 0)
		return true;
	if (!dbk_names_has_room(names, space))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("id"),
					   names->spaces[space]->count,
					   names->spaces[space]->max);
	*out_id = dbk_names_add_hashed(names, space, name, hash);
	return true;
}

bool
dbk_row_room(struct dbk_decision *d, const struct dbk_rows *table)
{
	if (dbk_rows_has_room(table, 1) && dbk_index_has_room(&d->books->names.index))
		return true;
	return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("id"),
				   table->count, table->max);
}
