#include "../tests/lib/sound_event.h"

#include <string.h>

#include "event/schema.h"

static void fill(const struct dbk_schema *schema, void *base,
		 struct sound_parts *parts);

/* Where the elements of FIELD are to stand. */
static void *
room_for(const struct dbk_schema_field *field, struct sound_parts *parts)
{
	if (field->message == &dbk_schema_order_line)
		return parts->order_lines;
	if (field->message == &dbk_schema_stock_line)
		return parts->stock_lines;
	if (field->message == &dbk_schema_attribution)
		return parts->attributions;
	if (field->message == &dbk_schema_share)
		return parts->shares;
	if (field->message == &dbk_schema_parameter)
		return parts->parameters;
	if (field->message == &dbk_schema_sealed)
		return parts->sealed;
	if (dbk_schema_is_packed(field))
		return parts->numbers;
	return field->kind == DBK_FIELD_IDS ? parts->ids : parts->documents;
}

static void
fill_element(const struct dbk_schema_field *field, unsigned char *list, uint32_t index,
	     struct sound_parts *parts)
{
	void *element = list + index * dbk_schema_element_bytes(field);
	uint32_t number = index * 10 + 1;

	if (field->kind == DBK_FIELD_NUMBERS)
		*(uint64_t *)element = number;
	else if (field->kind == DBK_FIELD_RIGHTS)
		*(uint64_t *)element = 300 + index;
	else if (field->message == NULL)
		*(struct dbk_str *)element = dbk_str_of("x");
	else
		fill(field->message, element, parts);
	if (field->kind == DBK_FIELD_LINES)
		memcpy(element, &number, sizeof number);
}

/* Bytes of any sort; also the base point of Ed25519, which is a usable key. */
static const char some_bytes[] = "X" "fffffffffffffffffffffffffffffff"
				 "and ten more bytes for the smallest box";

static void
fill_field(const struct dbk_schema_field *field, void *base, struct sound_parts *parts)
{
	void *at = (unsigned char *)base + field->offset;
	uint32_t *count = (void *)((unsigned char *)base + field->count_offset);
	struct dbk_holder agent = { dbk_str_of("A-1"), { NULL, 0 }, DBK_HOLDER_AGENT };

	switch ((enum dbk_field_kind)field->kind) {
	case DBK_FIELD_ID:
	case DBK_FIELD_TEXT:
	case DBK_FIELD_HASH:
		*(struct dbk_str *)at = dbk_str_of("x");
		break;
	case DBK_FIELD_BYTES:
		*(struct dbk_str *)at = dbk_str_make(some_bytes, field->min);
		break;
	case DBK_FIELD_MONEY:
	case DBK_FIELD_QTY:
	case DBK_FIELD_SIGNED:
	case DBK_FIELD_U64:
	case DBK_FIELD_TIME:
		*(int64_t *)at = 1;
		break;
	case DBK_FIELD_U32:
	case DBK_FIELD_I32:
	case DBK_FIELD_ENUM:
		*(uint32_t *)at = 1;
		break;
	case DBK_FIELD_BOOL:
		*(bool *)at = true;
		break;
	case DBK_FIELD_HOLDER:
		*(struct dbk_holder *)at = agent;
		break;
	case DBK_FIELD_TEXTS:
	case DBK_FIELD_IDS:
	case DBK_FIELD_NUMBERS:
	case DBK_FIELD_RIGHTS:
	case DBK_FIELD_LINES:
	case DBK_FIELD_PARTS:
		*count = SOUND_LINES;
		*(void **)at = room_for(field, parts);
		for (uint32_t i = 0; i < SOUND_LINES; i++)
			fill_element(field, *(unsigned char **)at, i, parts);
		break;
	}
}

static void
fill(const struct dbk_schema *schema, void *base, struct sound_parts *parts)
{
	for (uint32_t i = 1; i < schema->n_fields; i++)
		if (schema->fields[i].name != NULL)
			fill_field(&schema->fields[i], base, parts);
}

/* What the rules between the fields ask for. */
static void
settle(struct dbk_event *event)
{
	static const char hash[32];

	if (event->type == DBK_EVENT_BOOK_OPENED)
		event->u.book_opened.currency = dbk_str_of("CNY");
	if (event->type == DBK_EVENT_REFERRAL_RECORDED) {
		event->u.referral_recorded.referrer_agent = dbk_str_make(NULL, 0);
		event->u.referral_recorded.referred_customer = dbk_str_make(NULL, 0);
	}
	if (event->type == DBK_EVENT_COMMISSION_HELD)
		event->u.commission_held.agent = dbk_str_make(NULL, 0);
	if (event->type == DBK_EVENT_PERIOD_CLOSED) {
		event->u.period_closed.to = event->u.period_closed.from + 1;
		event->u.period_closed.balances_hash = dbk_str_make(hash, sizeof hash);
	}
	if (event->type == DBK_EVENT_TERRITORY_ASSIGNED)
		event->u.territory_assigned.valid_to =
		    event->u.territory_assigned.valid_from + 1;
	if (event->type == DBK_EVENT_CONTEST_OPENED)
		event->u.contest_opened.to = event->u.contest_opened.from + 1;
}

void
sound_event(enum dbk_event_type type, struct dbk_event *out, struct sound_parts *parts)
{
	memset(out, 0, sizeof *out);
	memset(parts, 0, sizeof *parts);
	out->type = type;
	out->effective_at = 1;
	out->actor = dbk_str_of("till");
	fill_field(dbk_schema_event_sealed, out, parts);
	fill(dbk_schema_find((uint32_t)type), &out->u, parts);
	settle(out);
}
