#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>
#include <daybook/v1/record.pb-c.h>
#include <daybook/v1/service.pb-c.h>
#include <google/protobuf/timestamp.pb-c.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "event/json.h"

#define RUNS_PER_MESSAGE 60

static struct random_source source;
static struct dbk_error error;
static struct dbk_buf written;

static const ProtobufCMessageDescriptor *const event = &daybook__v1__event__descriptor;

/* ---------------------------------------------------------------------- limits */

/* A message that holds itself: none of ours does, so the bound needs one made here. */
struct nest {
	ProtobufCMessage base;
	struct nest *inner;
};

static const ProtobufCMessageDescriptor nest_descriptor;

static void
nest_init(struct nest *nest)
{
	memset(nest, 0, sizeof *nest);
	nest->base.descriptor = &nest_descriptor;
}

static const ProtobufCFieldDescriptor nest_fields[] = {
	{ .name = "inner",
	  .id = 1,
	  .label = PROTOBUF_C_LABEL_OPTIONAL,
	  .type = PROTOBUF_C_TYPE_MESSAGE,
	  .offset = offsetof(struct nest, inner),
	  .descriptor = &nest_descriptor },
};
static const unsigned nest_sorted[] = { 0 };
static const ProtobufCIntRange nest_ranges[] = { { 1, 0 }, { 0, 1 } };
static const ProtobufCMessageDescriptor nest_descriptor = {
	.magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
	.name = "Nest",
	.short_name = "Nest",
	.c_name = "Nest",
	.package_name = "",
	.sizeof_message = sizeof(struct nest),
	.n_fields = 1,
	.fields = nest_fields,
	.fields_sorted_by_name = nest_sorted,
	.n_field_ranges = 1,
	.field_ranges = nest_ranges,
	.message_init = (ProtobufCMessageInit)(void (*)(void))nest_init,
};

static enum dbk_err
parse_nested(unsigned depth, ProtobufCMessage **out)
{
	struct dbk_buf text = { 0 };
	enum dbk_err err;

	for (unsigned i = 1; i < depth; i++)
		dbk_buf_printf(&text, "{\"inner\":");
	dbk_buf_printf(&text, "{}");
	for (unsigned i = 1; i < depth; i++)
		dbk_buf_printf(&text, "}");
	err = dbk_json_parse(dbk_str_make(text.bytes, text.size), &nest_descriptor, out,
			     &error);
	dbk_buf_fini(&text);
	return err;
}

static void
test_nesting_has_a_bound_both_ways(void)
{
	struct nest outermost;
	ProtobufCMessage *message;

	dbk_buf_reset(&written);
	CHECK(parse_nested(DBK_JSON_DEPTH_MAX + 1, &message) == DBK_FAILED_LIMIT);
	CHECK(parse_nested(DBK_JSON_DEPTH_MAX - 1, &message) == DBK_OK);
	protobuf_c_message_free_unpacked(message, NULL);
	CHECK(parse_nested(DBK_JSON_DEPTH_MAX, &message) == DBK_OK);
	CHECK(dbk_json_write(message, NULL, &written, &error) == DBK_OK);
	nest_init(&outermost);
	outermost.inner = (struct nest *)message;
	dbk_buf_reset(&written);
	CHECK(dbk_json_write(&outermost.base, NULL, &written, &error) ==
	      DBK_FAILED_LIMIT);
	CHECK_INT(written.size, 0);
	protobuf_c_message_free_unpacked(message, NULL);
	CHECK(parse_nested(100000, &message) == DBK_FAILED_INPUT);
}

static void
test_text_has_a_largest_size(void)
{
	ProtobufCMessage *message;
	size_t size = DBK_JSON_BYTES_MAX + 1;
	char *text = malloc(size);

	memset(text, ' ', size);
	memcpy(text, "{}", 2);
	CHECK(dbk_json_parse(dbk_str_make(text, size), event, &message, &error) ==
	      DBK_FAILED_LIMIT);
	CHECK(dbk_json_parse(dbk_str_make(text, size - 1), event, &message, &error) ==
	      DBK_OK);
	protobuf_c_message_free_unpacked(message, NULL);
	free(text);
}

/* ----------------------------------------------------------------------- writing */

static ProtobufCMessage *
parsed(const ProtobufCMessageDescriptor *descriptor, const char *text)
{
	ProtobufCMessage *message = NULL;

	if (!CHECK(dbk_json_parse(dbk_str_of(text), descriptor, &message, &error) ==
		   DBK_OK)) {
		fprintf(stderr, "  %s\n", error.text);
		exit(1);
	}
	return message;
}

/* True if TEXT, read as a message of DESCRIPTOR, is written as WANT. */
static bool
writes_as(const ProtobufCMessageDescriptor *descriptor, const char *text,
	  const struct dbk_json_options *options, const char *want)
{
	ProtobufCMessage *message = parsed(descriptor, text);

	dbk_buf_reset(&written);
	CHECK(dbk_json_write(message, options, &written, &error) == DBK_OK);
	protobuf_c_message_free_unpacked(message, NULL);
	if (dbk_str_equal(dbk_str_make(written.bytes, written.size), dbk_str_of(want)))
		return true;
	fprintf(stderr, "  got %.*s\n", (int)written.size, (const char *)written.bytes);
	return false;
}

static void
test_messages_are_written_by_the_rules(void)
{
	CHECK(writes_as(event, "{}", NULL, "{}"));
	CHECK(writes_as(
	    event,
	    "{\"actor\": \"\", \"clockAdvanced\": {},"
	    "\"effectiveAt\": \"2024-01-02T03:04:05.000Z\"}",
	    NULL, "{\"effectiveAt\":\"2024-01-02T03:04:05Z\",\"clockAdvanced\":{}}"));
	CHECK(writes_as(
	    event,
	    "{\"saleRecorded\": {\"psp_txn\": \"T\", \"paid\": 5, \"kind\": 2,"
	    "\"lines\": [{\"line\": 1}, {}], \"buyerPayeeHash\": \"-_8\"}}",
	    NULL,
	    "{\"saleRecorded\":{\"kind\":\"SELF\",\"lines\":[{\"line\":1},{}],"
	    "\"paid\":\"5\",\"pspTxn\":\"T\",\"buyerPayeeHash\":\"+/8=\"}}"));
	CHECK(writes_as(event, "{\"saleRecorded\": {\"kind\": 77}}", NULL,
			"{\"saleRecorded\":{\"kind\":77}}"));
	CHECK(writes_as(event, "{\"stockIssued\": {\"to\": {\"agent\": \"\"}}}", NULL,
			"{\"stockIssued\":{\"to\":{\"agent\":\"\"}}}"));
	CHECK(writes_as(&google__protobuf__timestamp__descriptor,
			"\"2024-01-02T03:04:05.123456789+02:00\"", NULL,
			"\"2024-01-02T01:04:05.123456789Z\""));
}

static void
test_strings_are_escaped(void)
{
	CHECK(writes_as(
	    event,
	    "{\"actor\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u4ed3"
	    "\\ud834\\udd1e\"}",
	    NULL, "{\"actor\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f仓𝄞\"}"));
}

static void
test_defaults_are_written_if_asked_for(void)
{
	const struct dbk_json_options options = { .emit_defaults = true };

	CHECK(writes_as(event, "{\"stockCounted\": {}}", &options,
			"{\"actor\":\"\",\"sealed\":[],\"stockCounted\":{\"count\":\"\",\"line\":0,"
			"\"place\":\"PLACE_UNSPECIFIED\",\"sku\":\"\",\"lot\":\"\","
			"\"counted\":\"0\"}}"));
	CHECK(writes_as(&daybook__v1__append_request__descriptor, "{}", &options,
			"{\"source\":\"\",\"batchSeq\":\"0\",\"batch\":\"\","
			"\"atomic\":false,\"dryRun\":false,\"signature\":\"\"}"));
	CHECK(writes_as(&daybook__v1__event_batch__descriptor, "{}", &options,
			"{\"events\":[]}"));
}

static void
test_indented_json_has_a_line_a_field(void)
{
	const struct dbk_json_options options = { .emit_defaults = true, .indent = 2 };

	CHECK(
	    writes_as(&daybook__v1__list_refusals_reply__descriptor,
		      "{\"counts\": [{\"rule\": 4}, {}]}", &options,
		      "{\n  \"size\": \"0\",\n  \"counts\": [\n    {\n"
		      "      \"rule\": \"CONFLICT\",\n      \"count\": \"0\",\n"
		      "      \"firstPosition\": \"0\",\n      \"lastPosition\": \"0\"\n"
		      "    },\n    {\n      \"rule\": \"RULE_UNSPECIFIED\",\n"
		      "      \"count\": \"0\",\n      \"firstPosition\": \"0\",\n"
		      "      \"lastPosition\": \"0\"\n    }\n  ]\n}"));
	CHECK(writes_as(&daybook__v1__get_status_request__descriptor, "{}", &options,
			"{}"));
}

static void
test_what_json_cannot_say_is_not_written(void)
{
	Daybook__V1__OrderLine line = DAYBOOK__V1__ORDER_LINE__INIT,
			       *lines[] = { &line };
	Daybook__V1__SaleRecorded sale = DAYBOOK__V1__SALE_RECORDED__INIT;
	Daybook__V1__Event e = DAYBOOK__V1__EVENT__INIT;
	Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	char bad[] = "\xff";

	dbk_buf_reset(&written);
	dbk_buf_put(&written, "before", 6);
	e.body_case = DAYBOOK__V1__EVENT__BODY_SALE_RECORDED;
	e.sale_recorded = &sale;
	sale.n_lines = 1;
	sale.lines = lines;
	line.sku = bad;
	CHECK(dbk_json_write(&e.base, NULL, &written, &error) == DBK_FAILED_INPUT);
	CHECK(strcmp(error.text,
		     "saleRecorded.lines[0].sku: a string that is not UTF-8") == 0);
	e.effective_at = &time;
	time.seconds = -1;
	CHECK(dbk_json_write(&e.base, NULL, &written, &error) == DBK_FAILED_INPUT);
	CHECK(strcmp(error.text,
		     "effectiveAt: a time outside the years 1970 to 9999") == 0);
	time.seconds = 0;
	time.nanos = 1000000000;
	CHECK(dbk_json_write(&e.base, NULL, &written, &error) == DBK_FAILED_INPUT);
	CHECK(written.size == 6 && memcmp(written.bytes, "before", 6) == 0);
}

/* -------------------------------------------------------------- every message */

static bool
packs_alike(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
	size_t size = protobuf_c_message_get_packed_size(a);
	uint8_t *of_a, *of_b;
	bool is_same = size == protobuf_c_message_get_packed_size(b);

	if (!is_same)
		return false;
	of_a = malloc(size + 1);
	of_b = malloc(size + 1);
	(void)protobuf_c_message_pack(a, of_a);
	(void)protobuf_c_message_pack(b, of_b);
	is_same = memcmp(of_a, of_b, size) == 0;
	free(of_a);
	free(of_b);
	return is_same;
}

static void
go_round(const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *made = random_message(&source, descriptor), *back = NULL;
	const struct dbk_json_options options = {
		.emit_defaults = random_below(&source, 2) == 0,
		.indent = (unsigned)random_below(&source, 3),
	};

	dbk_buf_reset(&written);
	CHECK(dbk_json_write(made, &options, &written, &error) == DBK_OK);
	if (CHECK(dbk_json_parse(dbk_str_make(written.bytes, written.size), descriptor,
				 &back, &error) == DBK_OK)) {
		CHECK(packs_alike(made, back));
		protobuf_c_message_free_unpacked(back, NULL);
	} else {
		fprintf(stderr, "  %s: %s\n  %.*s\n", descriptor->name, error.text,
			(int)written.size, (const char *)written.bytes);
	}
	protobuf_c_message_free_unpacked(made, NULL);
}

#define MESSAGES_MAX 300

static const ProtobufCMessageDescriptor *messages[MESSAGES_MAX];
static size_t n_messages;

/* Note DESCRIPTOR and every message that it holds. */
static void
collect(const ProtobufCMessageDescriptor *descriptor)
{
	for (size_t i = 0; i < n_messages; i++)
		if (messages[i] == descriptor)
			return;
	if (!CHECK(n_messages < MESSAGES_MAX))
		return;
	messages[n_messages++] = descriptor;
	for (unsigned i = 0; i < descriptor->n_fields; i++)
		if (descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			collect(descriptor->fields[i].descriptor);
}

static void
test_every_message_goes_there_and_back(void)
{
	const ProtobufCServiceDescriptor *service = &daybook__v1__daybook__descriptor;

	collect(&daybook__v1__event_batch__descriptor);
	collect(&daybook__v1__record__descriptor);
	for (unsigned i = 0; i < service->n_methods; i++) {
		collect(service->methods[i].input);
		collect(service->methods[i].output);
	}
	CHECK(n_messages > 130);
	for (size_t i = 0; i < n_messages; i++)
		for (int run = 0; run < RUNS_PER_MESSAGE; run++)
			go_round(messages[i]);
}

int
main(void)
{
	random_start(&source, "test_json");
	check_run("nesting has a bound both ways", test_nesting_has_a_bound_both_ways);
	check_run("text has a largest size", test_text_has_a_largest_size);
	check_run("messages are written by the rules",
		  test_messages_are_written_by_the_rules);
	check_run("strings are escaped", test_strings_are_escaped);
	check_run("defaults are written if asked for",
		  test_defaults_are_written_if_asked_for);
	check_run("indented JSON has a line a field",
		  test_indented_json_has_a_line_a_field);
	check_run("what JSON cannot say is not written",
		  test_what_json_cannot_say_is_not_written);
	check_run("every message goes there and back",
		  test_every_message_goes_there_and_back);
	dbk_buf_fini(&written);
	return check_end();
}
