#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/sound_event.h"
#include "event/decode.h"
#include "event/schema.h"

static struct dbk_event one, two;
static struct sound_parts parts_of_one, parts_of_two;

static void
make_both(enum dbk_event_type type)
{
	sound_event(type, &one, &parts_of_one);
	sound_event(type, &two, &parts_of_two);
}

/* True if the two differ first at PATH, asked from either side. */
static bool
differ_at(const char *path)
{
	char text[DBK_FIELD_TEXT_BYTES], back[DBK_FIELD_TEXT_BYTES];
	struct dbk_field field;

	if (!dbk_event_differs(&one, &two, &field))
		return false;
	(void)dbk_field_format(&field, text);
	if (!dbk_event_differs(&two, &one, &field))
		return false;
	(void)dbk_field_format(&field, back);
	if (strcmp(text, path) == 0 && strcmp(back, path) == 0)
		return true;
	fprintf(stderr, "  got \"%s\", want \"%s\"\n", text, path);
	return false;
}

static bool
are_same(void)
{
	struct dbk_field field;

	return !dbk_event_differs(&one, &two, &field);
}

/* Change FIELD of the struct at BASE to another value of its kind. */
static void
change(const struct dbk_schema_field *field, void *base)
{
	void *at = (unsigned char *)base + field->offset;

	switch ((enum dbk_field_kind)field->kind) {
	case DBK_FIELD_ID:
	case DBK_FIELD_TEXT:
	case DBK_FIELD_HASH:
	case DBK_FIELD_BYTES:
		*(struct dbk_str *)at = dbk_str_of("other");
		break;
	case DBK_FIELD_MONEY:
	case DBK_FIELD_QTY:
	case DBK_FIELD_SIGNED:
	case DBK_FIELD_U64:
	case DBK_FIELD_TIME:
		++*(int64_t *)at;
		break;
	case DBK_FIELD_U32:
	case DBK_FIELD_I32:
	case DBK_FIELD_ENUM:
		++*(uint32_t *)at;
		break;
	case DBK_FIELD_BOOL:
		*(bool *)at = !*(bool *)at;
		break;
	case DBK_FIELD_HOLDER:
		((struct dbk_holder *)at)->agent = dbk_str_of("other");
		break;
	case DBK_FIELD_TEXTS:
	case DBK_FIELD_IDS:
	case DBK_FIELD_NUMBERS:
	case DBK_FIELD_RIGHTS:
	case DBK_FIELD_LINES:
	case DBK_FIELD_PARTS:
		break;
	}
}

static void
test_every_field_of_every_event_counts(void)
{
	for (uint32_t type = 0; type < 1000; type++) {
		const struct dbk_schema *schema = dbk_schema_find(type);

		for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
			const struct dbk_schema_field *field = &schema->fields[i];

			if (field->name == NULL || dbk_schema_is_list(field))
				continue;
			make_both((enum dbk_event_type)type);
			CHECK(are_same());
			change(field, &two.u);
			CHECK(differ_at(field->name));
		}
	}
}

/* Change element 1 of FIELD, a list, in each of its fields in turn. */
static void
change_elements(enum dbk_event_type type, const struct dbk_schema_field *field)
{
	const struct dbk_schema *message = field->message;
	const size_t size = dbk_schema_element_bytes(field);
	char path[DBK_FIELD_TEXT_BYTES];

	for (uint32_t i = 1; i < (message == NULL ? 2 : message->n_fields); i++) {
		unsigned char *list;

		make_both(type);
		memcpy(&list, (unsigned char *)&two.u + field->offset, sizeof list);
		(void)snprintf(path, sizeof path, "%s[1]%s%s", field->name,
			       message == NULL ? "" : ".",
			       message == NULL ? "" : message->fields[i].name);
		if (message != NULL)
			change(&message->fields[i], list + size);
		else if (dbk_schema_is_packed(field))
			++((uint64_t *)(void *)list)[1];
		else
			((struct dbk_str *)(void *)list)[1] = dbk_str_of("other");
		CHECK(differ_at(path));
	}
}

static void
test_every_field_of_every_element_counts(void)
{
	unsigned lists = 0;

	for (uint32_t type = 0; type < 1000; type++) {
		const struct dbk_schema *schema = dbk_schema_find(type);

		for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
			if (!dbk_schema_is_list(&schema->fields[i]))
				continue;
			lists++;
			change_elements((enum dbk_event_type)type, &schema->fields[i]);
		}
	}
	CHECK_INT(lists, 15);
}

static void
test_the_envelope_counts(void)
{
	make_both(DBK_EVENT_CLOCK_ADVANCED);
	two.actor = dbk_str_of("other");
	CHECK(differ_at("actor"));
	one.actor = two.actor;
	parts_of_two.sealed[1].box = dbk_str_of("other");
	CHECK(differ_at("sealed[1].box"));
	parts_of_two.sealed[1].subject = dbk_str_of("other");
	CHECK(differ_at("sealed[1].subject"));
	two.n_sealed = 1;
	CHECK(differ_at("sealed[1]"));
	two.n_sealed = 0;
	CHECK(differ_at("sealed[0]"));
	two.actor = dbk_str_of("another");
	CHECK(differ_at("actor"));
	two.effective_at++;
	CHECK(differ_at("effective_at"));
	sound_event(DBK_EVENT_ORDER_PLACED, &one, &parts_of_one);
	sound_event(DBK_EVENT_SALE_RECORDED, &two, &parts_of_two);
	two.effective_at++;
	CHECK(differ_at("body"));
}

static void
test_a_longer_list_differs_at_its_first_extra_element(void)
{
	make_both(DBK_EVENT_SALE_RECORDED);
	two.u.sale.n_lines--;
	CHECK(differ_at("lines[2]"));
	two.u.sale.n_lines = 0;
	CHECK(differ_at("lines[0]"));
	make_both(DBK_EVENT_SKU_DEFINED);
	two.u.sku_defined.n_documents--;
	CHECK(differ_at("documents[2]"));
	parts_of_two.documents[0] = dbk_str_of("other");
	CHECK(differ_at("documents[0]"));
	make_both(DBK_EVENT_PAYOUT_BATCHED);
	two.u.payout_batched.n_payouts--;
	CHECK(differ_at("payouts[2]"));
	make_both(DBK_EVENT_ORDER_FLAGGED);
	two.u.order_flag.n_evidence = 1;
	CHECK(differ_at("evidence[1]"));
	make_both(DBK_EVENT_PLAN_PUBLISHED);
	two.u.plan_published.n_parameters = 0;
	CHECK(differ_at("parameters[0]"));
}

/* Who delivered an event is no part of what it says. */
static void
test_the_source_does_not_count(void)
{
	make_both(DBK_EVENT_PAYOUT_APPROVED);
	one.source = dbk_str_of("maker");
	two.source = dbk_str_of("checker");
	CHECK(are_same());
}

static void
test_holders_of_two_kinds_differ(void)
{
	make_both(DBK_EVENT_SALE_RECORDED);
	two.u.sale.ship_from.kind = DBK_HOLDER_LOCATION;
	two.u.sale.ship_from.location = two.u.sale.ship_from.agent;
	two.u.sale.ship_from.agent = dbk_str_make(NULL, 0);
	CHECK(differ_at("ship_from"));
}

static void
test_the_first_difference_is_told(void)
{
	make_both(DBK_EVENT_SALE_RECORDED);
	two.u.sale.campaign = dbk_str_of("other");
	CHECK(differ_at("campaign"));
	two.u.sale.paid++;
	CHECK(differ_at("paid"));
	parts_of_two.order_lines[2].qty++;
	CHECK(differ_at("lines[2].qty"));
	parts_of_two.order_lines[2].sku = dbk_str_of("other");
	CHECK(differ_at("lines[2].sku"));
	two.u.sale.seller = dbk_str_of("other");
	CHECK(differ_at("seller"));
}

/* Content decides, not the bytes: fields in another order, a default written out. */
static void
test_two_encodings_of_one_event_are_the_same(void)
{
	static const char plain[] = "\x0a\x02\x08\x01\xa2\x13\x05\x0a\x01R\x20\x05";
	static const char other[] =
	    "\xa2\x13\x07\x20\x05\x0a\x01R\x18\x00\x0a\x04\x10\x00\x08\x01";
	static const char packed[] = "\xda\x13\x04\x22\x02\x07\x09";
	static const char unpacked[] = "\xda\x13\x04\x20\x07\x20\x09";
	struct dbk_event_fault fault;
	struct dbk_arena arena;

	dbk_arena_init(&arena, 4096);
	CHECK(dbk_event_decode(dbk_str_make(plain, sizeof plain - 1), &arena, &one,
			       &fault));
	CHECK(dbk_event_decode(dbk_str_make(other, sizeof other - 1), &arena, &two,
			       &fault));
	CHECK_INT(one.type, DBK_EVENT_REFUND_REQUESTED);
	CHECK_INT(one.u.refund_step.amount, 5);
	CHECK(are_same());
	CHECK(dbk_event_decode(dbk_str_make(packed, sizeof packed - 1), &arena, &one,
			       &fault));
	CHECK(dbk_event_decode(dbk_str_make(unpacked, sizeof unpacked - 1), &arena,
			       &two, &fault));
	CHECK_INT(one.u.order_flag.n_evidence, 2);
	CHECK(are_same());
	dbk_arena_fini(&arena);
}

int
main(void)
{
	check_run("every field of every event counts",
		  test_every_field_of_every_event_counts);
	check_run("every field of every element counts",
		  test_every_field_of_every_element_counts);
	check_run("the envelope counts", test_the_envelope_counts);
	check_run("a longer list differs at its first extra element",
		  test_a_longer_list_differs_at_its_first_extra_element);
	check_run("the source does not count", test_the_source_does_not_count);
	check_run("holders of two kinds differ", test_holders_of_two_kinds_differ);
	check_run("the first difference is told", test_the_first_difference_is_told);
	check_run("two encodings of one event are the same",
		  test_two_encodings_of_one_event_are_the_same);
	return check_end();
}
