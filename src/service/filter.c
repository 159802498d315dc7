#include "service/filter.h"

#include <string.h>

#include "event/decode.h"
#include "event/schema.h"
#include "rpc/wire.h"

#define FAMILY 100u

/* Event.effective_at and Event.actor stand before the numbers of the body. */
#define BODY_FIRST (FAMILY + 1)

/* The fields whose text is the id of an agent; a Holder has one of its own. */
static const char *const agent_fields[] = {
	"agent",  "sponsor",	    "old_sponsor",    "new_sponsor",
	"seller", "referrer_agent", "referred_agent", "leader",
	"member", "payee",	    "cause_agent",    "subject",
};

static const char *const order_fields[] = { "order", "cause_order" };

/* ------------------------------------------------------------------------ setting */

static void
set_bit(struct dbk_filter *filter, uint32_t type)
{
	filter->types[type / 8] |= (unsigned char)(1u << type % 8);
}

bool
dbk_filter_add_type(struct dbk_filter *filter, uint32_t type)
{
	bool family = type % FAMILY == 0;

	if (type >= DBK_FILTER_TYPES || !dbk_schema_knows(family ? type + 1 : type))
		return false;
	filter->some_types = true;
	for (uint32_t i = 0; i < (family ? FAMILY : 1); i++)
		set_bit(filter, type + i);
	return true;
}

bool
dbk_filter_set_id(struct dbk_filter_id *filter_id, struct dbk_str id)
{
	if (id.size > sizeof filter_id->bytes || !dbk_str_is_utf8(id) ||
	    dbk_str_has_control(id))
		return false;
	if (id.size > 0)
		memcpy(filter_id->bytes, id.bytes, id.size);
	filter_id->size = id.size;
	return true;
}

/* ------------------------------------------------------------------ what is named */

static bool
is_one_of(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* A string within BODY, which its schema describes. */
static struct dbk_str
text_at(const void *body, size_t offset)
{
	struct dbk_str text;

	memcpy(&text, (const unsigned char *)body + offset, sizeof text);
	return text;
}

/* Does one of BODY's fields in NAMES hold ID? */
static bool
fields_hold(const struct dbk_event *event, const char *const *names, size_t n,
	    struct dbk_str id)
{
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)event->type);

	for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
		const struct dbk_schema_field *field = &schema->fields[i];

		if (field->name != NULL && field->kind == DBK_FIELD_ID &&
		    is_one_of(field->name, names, n) &&
		    dbk_str_equal(text_at(&event->u, field->offset), id))
			return true;
	}
	return false;
}

static bool
holders_hold(const struct dbk_event *event, struct dbk_str agent)
{
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)event->type);

	for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
		const struct dbk_schema_field *field = &schema->fields[i];
		size_t at = field->offset + offsetof(struct dbk_holder, agent);

		if (field->name != NULL && field->kind == DBK_FIELD_HOLDER &&
		    dbk_str_equal(text_at(&event->u, at), agent))
			return true;
	}
	return false;
}

/* The parts of FIELD in BODY, each with an agent: attributions and shares. */
static bool
parts_name_agent(const void *body, const struct dbk_schema_field *field,
		 struct dbk_str agent)
{
	const unsigned char *parts;
	uint32_t n;

	memcpy(&parts, (const unsigned char *)body + field->offset, sizeof parts);
	memcpy(&n, (const unsigned char *)body + field->count_offset, sizeof n);
	for (uint32_t k = 1; k < field->message->n_fields; k++) {
		const struct dbk_schema_field *part = &field->message->fields[k];

		if (part->name == NULL || strcmp(part->name, "agent") != 0)
			continue;
		for (uint32_t i = 0; i < n; i++)
			if (dbk_str_equal(
				text_at(parts + (size_t)i * field->message->size,
					part->offset),
				agent))
				return true;
	}
	return false;
}

static bool
lists_name_agent(const struct dbk_event *event, struct dbk_str agent)
{
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)event->type);

	for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
		const struct dbk_schema_field *field = &schema->fields[i];

		if (field->name != NULL && field->kind == DBK_FIELD_PARTS &&
		    parts_name_agent(&event->u, field, agent))
			return true;
	}
	return false;
}

bool
dbk_filter_names_agent(const struct dbk_event *event, struct dbk_str agent)
{
	const struct dbk_sale *sale = &event->u.sale;

	if ((event->type == DBK_EVENT_SALE_RECORDED ||
	     event->type == DBK_EVENT_ORDER_PLACED) &&
	    (sale->kind == DBK_ORDER_SELF || sale->kind == DBK_ORDER_RESTOCK) &&
	    dbk_str_equal(sale->buyer, agent))
		return true;
	return fields_hold(event, agent_fields,
			   sizeof agent_fields / sizeof agent_fields[0], agent) ||
	       holders_hold(event, agent) || lists_name_agent(event, agent);
}

struct dbk_str
dbk_filter_order_of(const struct dbk_event *event)
{
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)event->type);

	for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
		const struct dbk_schema_field *field = &schema->fields[i];

		if (field->name != NULL && field->kind == DBK_FIELD_ID &&
		    is_one_of(field->name, order_fields,
			      sizeof order_fields / sizeof order_fields[0]))
			return text_at(&event->u, field->offset);
	}
	return dbk_str_make("", 0);
}

bool
dbk_filter_names_order(const struct dbk_event *event, struct dbk_str order)
{
	return dbk_str_equal(dbk_filter_order_of(event), order);
}

/* ------------------------------------------------------------------------ passing */

/* The number of the body of EVENT, 0 if there is none. */
static uint32_t
type_of(struct dbk_str event)
{
	struct dbk_cursor cursor = dbk_wire_open(event);
	struct dbk_wire_field field;

	while (dbk_wire_next(&cursor, &field))
		if (field.number >= BODY_FIRST && field.number < DBK_FILTER_TYPES)
			return (uint32_t)field.number;
	return 0;
}

static bool
type_passes(const struct dbk_filter *filter, struct dbk_str event)
{
	uint32_t type;

	if (!filter->some_types)
		return true;
	type = type_of(event);
	return (filter->types[type / 8] >> type % 8 & 1) != 0;
}

static struct dbk_str
text_of(const struct dbk_filter_id *id)
{
	return dbk_str_make(id->bytes, id->size);
}

/* An event that names ID holds its bytes somewhere: most events need not be opened. */
static bool
may_name(struct dbk_str event, const struct dbk_filter_id *id)
{
	return id->size == 0 ||
	       memmem(event.bytes, event.size, id->bytes, id->size) != NULL;
}

bool
dbk_filter_passes(const struct dbk_filter *filter, const struct dbk_record *record,
		  struct dbk_arena *arena, bool *out_damaged)
{
	struct dbk_event_fault fault;
	struct dbk_event event;

	*out_damaged = false;
	if ((record->outcome == DBK_REFUSED && !filter->include_refused) ||
	    (filter->source.size > 0 &&
	     !dbk_str_equal(text_of(&filter->source), record->source)) ||
	    !type_passes(filter, record->event))
		return false;
	if (filter->agent.size == 0 && filter->order.size == 0)
		return true;
	if (!may_name(record->event, &filter->agent) ||
	    !may_name(record->event, &filter->order))
		return false;
	dbk_arena_reset(arena);
	*out_damaged = !dbk_event_decode(record->event, arena, &event, &fault);
	return !*out_damaged &&
	       (filter->agent.size == 0 ||
		dbk_filter_names_agent(&event, text_of(&filter->agent))) &&
	       (filter->order.size == 0 ||
		dbk_filter_names_order(&event, text_of(&filter->order)));
}
