#include <stdio.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>
#include <google/protobuf/timestamp.pb-c.h>

#include "../tests/lib/check.h"
#include "event/schema.h"

static const ProtobufCFieldDescriptor *
body_field(uint32_t number)
{
	return protobuf_c_message_descriptor_get_field(&daybook__v1__event__descriptor,
						       number);
}

/* The descriptor that KIND needs on the other side, where it names one. */
static bool
is_kind_of(const struct dbk_schema_field *field, const ProtobufCFieldDescriptor *want)
{
	const ProtobufCMessageDescriptor *message = want->descriptor;

	switch ((enum dbk_field_kind)field->kind) {
	case DBK_FIELD_ID:
	case DBK_FIELD_TEXT:
	case DBK_FIELD_TEXTS:
	case DBK_FIELD_IDS:
		return want->type == PROTOBUF_C_TYPE_STRING;
	case DBK_FIELD_NUMBERS:
		return want->type == PROTOBUF_C_TYPE_UINT64;
	case DBK_FIELD_RIGHTS:
	case DBK_FIELD_U32:
		return want->type == PROTOBUF_C_TYPE_UINT32;
	case DBK_FIELD_U64:
		return want->type == PROTOBUF_C_TYPE_UINT64;
	case DBK_FIELD_HASH:
	case DBK_FIELD_BYTES:
		return want->type == PROTOBUF_C_TYPE_BYTES;
	case DBK_FIELD_MONEY:
	case DBK_FIELD_QTY:
	case DBK_FIELD_SIGNED:
		return want->type == PROTOBUF_C_TYPE_INT64;
	case DBK_FIELD_I32:
		return want->type == PROTOBUF_C_TYPE_INT32;
	case DBK_FIELD_BOOL:
		return want->type == PROTOBUF_C_TYPE_BOOL;
	case DBK_FIELD_ENUM:
		return want->type == PROTOBUF_C_TYPE_ENUM;
	case DBK_FIELD_TIME:
		return want->type == PROTOBUF_C_TYPE_MESSAGE &&
		       message == &google__protobuf__timestamp__descriptor;
	case DBK_FIELD_HOLDER:
		return want->type == PROTOBUF_C_TYPE_MESSAGE &&
		       message == &daybook__v1__holder__descriptor;
	case DBK_FIELD_LINES:
	case DBK_FIELD_PARTS:
		return want->type == PROTOBUF_C_TYPE_MESSAGE &&
		       strcmp(message->short_name, field->message->name) == 0;
	}
	return false;
}

static bool
is_enum_whole(const struct dbk_schema_field *field,
	      const ProtobufCEnumDescriptor *values)
{
	for (unsigned i = 0; i < values->n_values; i++)
		if (values->values[i].value != (int)i)
			return false;
	return field->max + 1 == values->n_values;
}

/* What must not have come before: the field itself and the others of its oneof. */
static uint32_t
once_of(const ProtobufCMessageDescriptor *message,
	const ProtobufCFieldDescriptor *field)
{
	uint32_t bits = 1u << field->id;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return 0;
	for (unsigned i = 0; i < message->n_fields; i++) {
		const ProtobufCFieldDescriptor *other = &message->fields[i];

		if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
		    (other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
		    other->quantifier_offset == field->quantifier_offset)
			bits |= 1u << other->id;
	}
	return bits;
}

static void
check_field(const struct dbk_schema *schema, const ProtobufCMessageDescriptor *message,
	    const ProtobufCFieldDescriptor *want)
{
	const struct dbk_schema_field *field = &schema->fields[want->id];
	/* Numbers that repeat are sent in one piece. */
	unsigned wire = want->type == PROTOBUF_C_TYPE_STRING ||
				want->type == PROTOBUF_C_TYPE_BYTES ||
				want->type == PROTOBUF_C_TYPE_MESSAGE ||
				want->label == PROTOBUF_C_LABEL_REPEATED
			    ? 2
			    : 0;

	if (!CHECK(want->id < schema->n_fields) || !CHECK(field->name != NULL)) {
		fprintf(stderr, "  %s.%s\n", schema->name, want->name);
		return;
	}
	if (!CHECK(strcmp(field->name, want->name) == 0) ||
	    !CHECK(is_kind_of(field, want)) ||
	    !CHECK(dbk_schema_is_list(field) ==
		   (want->label == PROTOBUF_C_LABEL_REPEATED)) ||
	    !CHECK(dbk_schema_is_list(field) == (field->count_offset != 0)) ||
	    !CHECK(!dbk_schema_is_list(field) || field->max > 0) ||
	    !CHECK_INT(field->tag, want->id << 3 | wire) ||
	    !CHECK_INT(field->once, once_of(message, want)) ||
	    !CHECK(field->offset < schema->size))
		fprintf(stderr, "  %s.%s\n", schema->name, want->name);
	if (field->kind == DBK_FIELD_ENUM)
		CHECK(is_enum_whole(field, want->descriptor));
}

static void
check_schema(const struct dbk_schema *schema, const ProtobufCMessageDescriptor *message)
{
	unsigned named = 0, needed = 0;

	CHECK(strcmp(schema->name, message->short_name) == 0);
	CHECK(schema->n_fields <= 32);
	CHECK((schema->size == 0) == (message->n_fields == 0));
	for (uint32_t i = 0; i < schema->n_fields; i++) {
		named += schema->fields[i].name != NULL;
		needed |= schema->fields[i].marks != 0 ? 1u << i : 0;
	}
	CHECK_INT(named, message->n_fields);
	if (!CHECK_INT(schema->needed, needed))
		fprintf(stderr, "  %s\n", schema->name);
	for (unsigned i = 0; i < message->n_fields; i++)
		check_field(schema, message, &message->fields[i]);
}

static void
test_every_field_of_every_event_is_in_its_table(void)
{
	unsigned taken = 0;

	for (uint32_t number = 0; number < 1000; number++) {
		const struct dbk_schema *schema = dbk_schema_find(number);

		if (schema == NULL)
			continue;
		taken++;
		if (CHECK(body_field(number) != NULL))
			check_schema(schema, body_field(number)->descriptor);
	}
	CHECK_INT(taken, 79);
}

static void
test_shared_messages_are_whole_too(void)
{
	check_schema(&dbk_schema_holder, &daybook__v1__holder__descriptor);
	check_schema(&dbk_schema_order_line, &daybook__v1__order_line__descriptor);
	check_schema(&dbk_schema_stock_line, &daybook__v1__stock_line__descriptor);
	check_schema(&dbk_schema_attribution, &daybook__v1__attribution__descriptor);
	check_schema(&dbk_schema_share, &daybook__v1__share__descriptor);
	check_schema(&dbk_schema_parameter, &daybook__v1__parameter__descriptor);
	check_schema(&dbk_schema_sealed, &daybook__v1__sealed__descriptor);
}

/* Event itself has no table but for its one list. */
static void
test_sealed_texts_stand_where_the_proto_has_them(void)
{
	const struct dbk_schema_field *field = dbk_schema_event_sealed;
	const ProtobufCFieldDescriptor *want = body_field(field->tag >> 3);

	CHECK(want != NULL && strcmp(want->name, "sealed") == 0);
	CHECK(strcmp(field->name, "sealed") == 0 && dbk_schema_is_list(field));
	CHECK(is_kind_of(field, want));
	CHECK_INT(field->tag & 7, 2);
	CHECK_INT(field->offset, offsetof(struct dbk_event, sealed));
	CHECK_INT(field->count_offset, offsetof(struct dbk_event, n_sealed));
}

/* Two fields that shared a place would overwrite each other. */
static void
test_no_two_fields_share_a_place(void)
{
	for (uint32_t number = 0; number < 1000; number++) {
		const struct dbk_schema *schema = dbk_schema_find(number);

		for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++)
			for (uint32_t j = i + 1; j < schema->n_fields; j++)
				CHECK(schema->fields[i].name == NULL ||
				      schema->fields[j].name == NULL ||
				      schema->fields[i].offset !=
					  schema->fields[j].offset);
	}
}

static void
test_all_bodies_of_the_proto_are_known_and_no_others(void)
{
	for (uint32_t number = 4; number < 100000; number++)
		if (!CHECK_INT(dbk_schema_knows(number), body_field(number) != NULL))
			fprintf(stderr, "  number %u\n", number);
	CHECK(!dbk_schema_knows(0));
	CHECK(!dbk_schema_knows(1));
	CHECK(!dbk_schema_knows(2));
	CHECK(!dbk_schema_knows(3));
	CHECK(!dbk_schema_knows(UINT32_MAX));
	CHECK(dbk_schema_find(UINT32_MAX) == NULL);
}

static void
test_rights_are_bodies_and_families(void)
{
	for (uint32_t number = 0; number < 100000; number++)
		CHECK_INT(dbk_schema_is_right(number),
			  dbk_schema_knows(number) ||
			      (number % 100 == 0 && number >= 100 && number <= 700));
	CHECK(!dbk_schema_is_right(UINT32_MAX));
	CHECK(!dbk_schema_is_right((UINT64_C(1) << 32) + 301));
	CHECK(!dbk_schema_is_right(UINT64_MAX));
}

static void
test_enums_have_the_numbers_of_the_proto(void)
{
	CHECK_INT(DBK_PLACE_PHYSICAL, DAYBOOK__V1__PLACE__PHYSICAL);
	CHECK_INT(DBK_PLACE_CLOUD, DAYBOOK__V1__PLACE__CLOUD);
	CHECK_INT(DBK_GUARD_OFF, DAYBOOK__V1__GUARD_MODE__OFF);
	CHECK_INT(DBK_GUARD_FLAG, DAYBOOK__V1__GUARD_MODE__FLAG);
	CHECK_INT(DBK_GUARD_REFUSE, DAYBOOK__V1__GUARD_MODE__REFUSE);
	CHECK_INT(DBK_BRAND_SHIP, DAYBOOK__V1__FULFILMENT__BRAND_SHIP);
	CHECK_INT(DBK_HOLDER_SHIP, DAYBOOK__V1__FULFILMENT__HOLDER_SHIP);
	CHECK_INT(DBK_STORE_PICKUP, DAYBOOK__V1__FULFILMENT__STORE_PICKUP);
	CHECK_INT(DBK_ORDER_RETAIL, DAYBOOK__V1__ORDER_KIND__RETAIL);
	CHECK_INT(DBK_ORDER_SELF, DAYBOOK__V1__ORDER_KIND__SELF);
	CHECK_INT(DBK_ORDER_RESTOCK, DAYBOOK__V1__ORDER_KIND__RESTOCK);
	CHECK_INT(DBK_ORDER_SAMPLE, DAYBOOK__V1__ORDER_KIND__SAMPLE);
	CHECK_INT(DBK_CONSUMED_RETAIL, DAYBOOK__V1__CONSUME_KIND__CONSUMED_RETAIL);
	CHECK_INT(DBK_CONSUMED_SELF_USE, DAYBOOK__V1__CONSUME_KIND__CONSUMED_SELF_USE);
	CHECK_INT(DBK_CONSUMED_SAMPLE, DAYBOOK__V1__CONSUME_KIND__CONSUMED_SAMPLE);
	CHECK_INT(DBK_CONSUMED_LOSS, DAYBOOK__V1__CONSUME_KIND__CONSUMED_LOSS);
	CHECK_INT(DBK_FEE_JOINING, DAYBOOK__V1__FEE_KIND__JOINING);
	CHECK_INT(DBK_FEE_KIT, DAYBOOK__V1__FEE_KIND__KIT);
	CHECK_INT(DBK_FEE_TRAINING, DAYBOOK__V1__FEE_KIND__TRAINING);
	CHECK_INT(DBK_FEE_RENEWAL, DAYBOOK__V1__FEE_KIND__RENEWAL);
	CHECK_INT(DBK_FEE_UPGRADE, DAYBOOK__V1__FEE_KIND__UPGRADE);
	CHECK_INT(DBK_BASIS_RETAIL, DAYBOOK__V1__BASIS__BASIS_RETAIL);
	CHECK_INT(DBK_BASIS_SELL_IN, DAYBOOK__V1__BASIS__BASIS_SELL_IN);
	CHECK_INT(DBK_BASIS_RECRUITING, DAYBOOK__V1__BASIS__BASIS_RECRUITING);
	CHECK_INT(DBK_BASIS_OTHER, DAYBOOK__V1__BASIS__BASIS_OTHER);
	CHECK_INT(DBK_HOLDER_AGENT, DAYBOOK__V1__HOLDER__KIND_AGENT);
	CHECK_INT(DBK_HOLDER_LOCATION, DAYBOOK__V1__HOLDER__KIND_LOCATION);
}

int
main(void)
{
	check_run("every field of every event is in its table",
		  test_every_field_of_every_event_is_in_its_table);
	check_run("shared messages are whole too", test_shared_messages_are_whole_too);
	check_run("sealed texts stand where the proto has them",
		  test_sealed_texts_stand_where_the_proto_has_them);
	check_run("rights are bodies and families",
		  test_rights_are_bodies_and_families);
	check_run("no two fields share a place", test_no_two_fields_share_a_place);
	check_run("all bodies of the proto are known and no others",
		  test_all_bodies_of_the_proto_are_known_and_no_others);
	check_run("enums have the numbers of the proto",
		  test_enums_have_the_numbers_of_the_proto);
	return check_end();
}
