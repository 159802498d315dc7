#include "../tests/lib/sound_event.h"

#include <string.h>

#include "event/schema.h"

static void fill(const struct dbk_schema *schema, void *base,
		 struct sound_parts *parts);

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
	case DBK_FIELD_MONEY:
	case DBK_FIELD_QTY:
	case DBK_FIELD_SIGNED:
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
		*count = SOUND_LINES;
		*(struct dbk_str **)at = parts->documents;
		for (unsigned i = 0; i < SOUND_LINES; i++)
			parts->documents[i] = dbk_str_of("x");
		break;
	case DBK_FIELD_LINES:
		*count = SOUND_LINES;
		*(void **)at = field->message == &dbk_schema_order_line
				   ? (void *)parts->order_lines
				   : (void *)parts->stock_lines;
		for (uint32_t i = 0; i < SOUND_LINES; i++) {
			unsigned char *line = *(unsigned char **)at;
			uint32_t number = i * 10 + 1;

			line += i * (size_t)field->message->size;
			fill(field->message, line, parts);
			memcpy(line, &number, sizeof number);
		}
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

void
sound_event(enum dbk_event_type type, struct dbk_event *out, struct sound_parts *parts)
{
	memset(out, 0, sizeof *out);
	memset(parts, 0, sizeof *parts);
	out->type = type;
	out->effective_at = 1;
	out->actor = dbk_str_of("till");
	fill(dbk_schema_find((uint32_t)type), &out->u, parts);
	if (type == DBK_EVENT_BOOK_OPENED)
		out->u.book_opened.currency = dbk_str_of("CNY");
	if (type == DBK_EVENT_REFERRAL_RECORDED) {
		out->u.referral_recorded.referrer_agent = dbk_str_make(NULL, 0);
		out->u.referral_recorded.referred_customer = dbk_str_make(NULL, 0);
	}
}
