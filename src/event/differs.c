#include "base/assert.h"
#include "event/decode.h"
#include "event/schema.h"

static bool differ_fields(const struct dbk_schema *schema, const unsigned char *a,
			  const unsigned char *b, struct dbk_field outer,
			  struct dbk_field *out);

static bool
differ_holders(const struct dbk_holder *a, const struct dbk_holder *b)
{
	return a->kind != b->kind || !dbk_str_equal(a->agent, b->agent) ||
	       !dbk_str_equal(a->location, b->location);
}

static bool
differ_elements(const struct dbk_schema_field *field, const void *a, const void *b,
		struct dbk_field path, struct dbk_field *out)
{
	if (field->message != NULL)
		return differ_fields(field->message, a, b, path, out);
	*out = path;
	if (dbk_schema_is_packed(field))
		return *(const uint64_t *)a != *(const uint64_t *)b;
	return !dbk_str_equal(*(const struct dbk_str *)a, *(const struct dbk_str *)b);
}

/* Elements of FIELD in turn; one list that is longer differs at its first extra one. */
static bool
differ_lists(const struct dbk_schema_field *field, const unsigned char *a,
	     const unsigned char *b, struct dbk_field *out)
{
	uint32_t count_a = *(const uint32_t *)(const void *)(a + field->count_offset);
	uint32_t count_b = *(const uint32_t *)(const void *)(b + field->count_offset);
	uint32_t common = count_a < count_b ? count_a : count_b;
	const unsigned char *list_a =
	    *(unsigned char *const *)(const void *)(a + field->offset);
	const unsigned char *list_b =
	    *(unsigned char *const *)(const void *)(b + field->offset);
	struct dbk_field path = { field->name, 0, NULL };

	for (uint32_t i = 0; i < common; i++) {
		size_t at = i * dbk_schema_element_bytes(field);

		path.index = i;
		if (differ_elements(field, list_a + at, list_b + at, path, out))
			return true;
	}
	path.index = common;
	*out = path;
	return count_a != count_b;
}

static bool
differ_values(const struct dbk_schema_field *field, const void *a, const void *b)
{
	switch ((enum dbk_field_kind)field->kind) {
	case DBK_FIELD_ID:
	case DBK_FIELD_TEXT:
	case DBK_FIELD_HASH:
	case DBK_FIELD_BYTES:
		return !dbk_str_equal(*(const struct dbk_str *)a,
				      *(const struct dbk_str *)b);
	case DBK_FIELD_MONEY:
	case DBK_FIELD_QTY:
	case DBK_FIELD_SIGNED:
	case DBK_FIELD_U64:
	case DBK_FIELD_TIME:
		return *(const int64_t *)a != *(const int64_t *)b;
	case DBK_FIELD_U32:
	case DBK_FIELD_I32:
	case DBK_FIELD_ENUM:
		return *(const uint32_t *)a != *(const uint32_t *)b;
	case DBK_FIELD_BOOL:
		return *(const bool *)a != *(const bool *)b;
	case DBK_FIELD_HOLDER:
		return differ_holders(a, b);
	case DBK_FIELD_TEXTS:
	case DBK_FIELD_IDS:
	case DBK_FIELD_NUMBERS:
	case DBK_FIELD_RIGHTS:
	case DBK_FIELD_LINES:
	case DBK_FIELD_PARTS:
		break;
	}
	dbk_assert(!"lists are compared by differ_lists");
	return true;
}

static bool
differ_fields(const struct dbk_schema *schema, const unsigned char *a,
	      const unsigned char *b, struct dbk_field outer, struct dbk_field *out)
{
	for (uint32_t i = 1; i < schema->n_fields; i++) {
		const struct dbk_schema_field *field = &schema->fields[i];

		if (field->name == NULL)
			continue;
		if (dbk_schema_is_list(field)) {
			if (differ_lists(field, a, b, out))
				return true;
		} else if (differ_values(field, a + field->offset, b + field->offset)) {
			*out = dbk_schema_path(outer, field->name);
			return true;
		}
	}
	return false;
}

static bool
differ_at(const char *name, struct dbk_field *out)
{
	struct dbk_field path = { name, DBK_NO_INDEX, NULL };

	*out = path;
	return true;
}

bool
dbk_event_differs(const struct dbk_event *a, const struct dbk_event *b,
		  struct dbk_field *out_field)
{
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)a->type);
	struct dbk_field outer = { NULL, DBK_NO_INDEX, NULL };

	dbk_assert(schema != NULL);
	if (a->type != b->type)
		return differ_at("body", out_field);
	if (a->effective_at != b->effective_at)
		return differ_at("effective_at", out_field);
	if (!dbk_str_equal(a->actor, b->actor))
		return differ_at("actor", out_field);
	if (differ_lists(dbk_schema_event_sealed, (const unsigned char *)a,
			 (const unsigned char *)b, out_field))
		return true;
	return differ_fields(schema, (const unsigned char *)&a->u,
			     (const unsigned char *)&b->u, outer, out_field);
}
