#include <stdio.h>
#include <string.h>

#include <daybook/v1/record.pb-c.h>

#include "../tests/lib/check.h"
#include "event/verdict.h"

static void
test_rules_are_those_of_the_proto(void)
{
	const ProtobufCEnumDescriptor *rules = &daybook__v1__rule__descriptor;

	for (unsigned i = 0; i < rules->n_values; i++)
		CHECK(strcmp(dbk_rule_name((enum dbk_rule)rules->values[i].value),
			     rules->values[i].name) == 0);
	for (int number = -1; number < 300; number++)
		if (protobuf_c_enum_descriptor_get_value(rules, number) == NULL)
			CHECK(strcmp(dbk_rule_name((enum dbk_rule)number), "?") == 0);
}

static void
test_faults_are_those_of_the_proto(void)
{
	const ProtobufCEnumDescriptor *faults = &daybook__v1__fault__descriptor;

	for (unsigned i = 0; i < faults->n_values; i++)
		CHECK(strcmp(dbk_fault_name((enum dbk_fault)faults->values[i].value),
			     faults->values[i].name) == 0);
	for (int number = -1; number < 300; number++)
		if (protobuf_c_enum_descriptor_get_value(faults, number) == NULL)
			CHECK(strcmp(dbk_fault_name((enum dbk_fault)number), "?") == 0);
}

static void
test_outcomes_are_those_of_the_proto(void)
{
	CHECK_INT(DBK_ACCEPTED, DAYBOOK__V1__OUTCOME__ACCEPTED);
	CHECK_INT(DBK_DUPLICATE, DAYBOOK__V1__OUTCOME__DUPLICATE);
	CHECK_INT(DBK_REFUSED, DAYBOOK__V1__OUTCOME__REFUSED);
	CHECK_INT(DBK_INVALID, DAYBOOK__V1__OUTCOME__INVALID);
}

static bool
formats_as(struct dbk_field field, const char *want)
{
	char text[DBK_FIELD_TEXT_BYTES];
	size_t size = dbk_field_format(&field, text);

	return size == strlen(want) && strcmp(text, want) == 0;
}

static void
test_fields_are_paths(void)
{
	struct dbk_field whole = { NULL, DBK_NO_INDEX, NULL };
	struct dbk_field plain = { "order", DBK_NO_INDEX, NULL };
	struct dbk_field inner = { "ship_from", DBK_NO_INDEX, "agent" };
	struct dbk_field element = { "documents", 0, NULL };
	struct dbk_field member = { "lines", 2, "sku" };
	struct dbk_field longest = { "buyer_address_hash", 4294967294u, "unit_price" };

	CHECK(formats_as(whole, ""));
	CHECK(formats_as(plain, "order"));
	CHECK(formats_as(inner, "ship_from.agent"));
	CHECK(formats_as(element, "documents[0]"));
	CHECK(formats_as(member, "lines[2].sku"));
	CHECK(formats_as(longest, "buyer_address_hash[4294967294].unit_price"));
}

static uint32_t
shown_size(const char *filler, size_t count, const char *tail)
{
	char text[512] = "";

	for (size_t i = 0; i < count; i++)
		strcat(text, filler);
	strcat(text, tail);
	return dbk_verdict_value(dbk_str_of(text)).size;
}

static void
test_values_are_cut_between_characters(void)
{
	CHECK_INT(dbk_verdict_value(dbk_str_make(NULL, 0)).size, 0);
	CHECK_INT(shown_size("a", 127, ""), 127);
	CHECK_INT(shown_size("a", 128, ""), 128);
	CHECK_INT(shown_size("a", 129, ""), 128);
	CHECK_INT(shown_size("a", 127, "é"), 127);
	CHECK_INT(shown_size("a", 126, "é"), 128);
	CHECK_INT(shown_size("仓", 60, ""), 126);
	CHECK_INT(shown_size("𝄞", 40, ""), 128);
	CHECK_INT(shown_size("a", 125, "𝄞"), 125);
}

static void
test_values_that_are_not_utf8_are_not_shown(void)
{
	CHECK_INT(shown_size("a", 10, "\xff"), 0);
	CHECK_INT(shown_size("\x80", 200, ""), 0);
}

static void
test_faults_say_what_offends(void)
{
	struct dbk_field field = { "qty", DBK_NO_INDEX, NULL };
	struct dbk_event_fault fault;

	CHECK(!dbk_fault_set(&fault, DBK_FAULT_FIELD_MISSING, field));
	CHECK(fault.fault == DBK_FAULT_FIELD_MISSING && !fault.has_number);
	CHECK(fault.value.size == 0 && strcmp(fault.field.name, "qty") == 0);
	CHECK(!dbk_fault_set_number(&fault, DBK_FAULT_AMOUNT_NEGATIVE, field, -3));
	CHECK(fault.has_number && fault.number == -3);
	CHECK(!dbk_fault_set_value(&fault, DBK_FAULT_MALFORMED, field,
				   dbk_str_of("eur")));
	CHECK(!fault.has_number && dbk_str_equal(fault.value, dbk_str_of("eur")));
}

static void
test_event_types_have_names(void)
{
	CHECK(strcmp(dbk_event_type_name(DBK_EVENT_SALE_RECORDED), "SaleRecorded") ==
	      0);
	CHECK(strcmp(dbk_event_type_name(DBK_EVENT_CLOCK_ADVANCED), "ClockAdvanced") ==
	      0);
	CHECK(strcmp(dbk_event_type_name(DBK_EVENT_NONE), "?") == 0);
	CHECK(strcmp(dbk_event_type_name(DBK_EVENT_PAYOUT_SENT), "PayoutSent") == 0);
	CHECK(strcmp(dbk_event_type_name(DBK_EVENT_DIGEST_RECORDED),
		     "DigestRecorded") == 0);
	CHECK(strcmp(dbk_event_type_name((enum dbk_event_type)710), "?") == 0);
	CHECK(strcmp(dbk_event_type_name((enum dbk_event_type)100000), "?") == 0);
}

int
main(void)
{
	check_run("rules are those of the proto", test_rules_are_those_of_the_proto);
	check_run("faults are those of the proto", test_faults_are_those_of_the_proto);
	check_run("outcomes are those of the proto",
		  test_outcomes_are_those_of_the_proto);
	check_run("fields are paths", test_fields_are_paths);
	check_run("values are cut between characters",
		  test_values_are_cut_between_characters);
	check_run("values that are not UTF-8 are not shown",
		  test_values_that_are_not_utf8_are_not_shown);
	check_run("faults say what offends", test_faults_say_what_offends);
	check_run("event types have names", test_event_types_have_names);
	return check_end();
}
