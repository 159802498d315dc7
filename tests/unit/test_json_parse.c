#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/v1/service.pb-c.h>

#include "../tests/lib/check.h"
#include "event/json.h"

static struct dbk_error error;

static const ProtobufCMessageDescriptor *const event = &daybook__v1__event__descriptor;

/* ------------------------------------------------------------------- negative */

/* True if TEXT is no message of DESCRIPTOR and the error says exactly WHY. */
static bool
fails_as(const ProtobufCMessageDescriptor *descriptor, const char *text,
	 const char *why)
{
	ProtobufCMessage *message = NULL;

	memset(&error, 0, sizeof error);
	if (dbk_json_parse(dbk_str_of(text), descriptor, &message, &error) == DBK_OK) {
		fprintf(stderr, "  taken: %s\n", text);
		protobuf_c_message_free_unpacked(message, NULL);
		return false;
	}
	if (message == NULL && error.code == DBK_FAILED_INPUT &&
	    strcmp(error.text, why) == 0)
		return true;
	fprintf(stderr, "  got %s\n", error.text);
	return false;
}

/* True if TEXT is no event and the error has PART in it. */
static bool
fails_with(const char *text, const char *part)
{
	ProtobufCMessage *message = NULL;

	memset(&error, 0, sizeof error);
	return dbk_json_parse(dbk_str_of(text), event, &message, &error) ==
		   DBK_FAILED_INPUT &&
	       strstr(error.text, part) != NULL;
}

static void
test_text_that_is_not_json_is_refused_with_its_place(void)
{
	CHECK(fails_with("", "not JSON at line 1, column 0: "));
	CHECK(fails_with("{\n\"actor\": }", "not JSON at line 2, column 10: "));
	CHECK(fails_with("{} {}", "not JSON at line 1, column 4: "));
	CHECK(
	    fails_with("{\"actor\": \"\\u0000\"}", "not JSON at line 1, column 18: "));
	CHECK(fails_with("{\"actor\": \"\xff\"}", "not JSON at line 1, column 11: "));
}

static void
test_only_an_object_is_a_message(void)
{
	CHECK(fails_as(event, "[]", "[] is not an object"));
	CHECK(fails_as(event, "null", "null is not an object"));
	CHECK(fails_as(event, "\"x\"", "\"x\" is not an object"));
	CHECK(fails_as(event, "{\"saleRecorded\": 7}",
		       "saleRecorded: 7 is not an object"));
	CHECK(fails_as(event, "{\"saleRecorded\": {\"lines\": [[]]}}",
		       "saleRecorded.lines[0]: [] is not an object"));
}

static void
test_unknown_fields_are_named_with_path_and_value(void)
{
	CHECK(fails_as(event, "{\"actr\": \"x\"}",
		       "actr: \"x\" is for a field that does not exist"));
	CHECK(fails_as(
	    event, "{\"saleRecorded\": {\"lines\": [{}, {}, {\"qti\": 3}]}}",
	    "saleRecorded.lines[2].qti: 3 is for a field that does not exist"));
	CHECK(fails_as(event, "{\"SaleRecorded\": {}}",
		       "SaleRecorded: {} is for a field that does not exist"));
	CHECK(fails_as(event, "{\"sale_Recorded\": {}}",
		       "sale_Recorded: {} is for a field that does not exist"));
	CHECK(fails_as(event, "{\"clockAdvanced\": {\"x\": null}}",
		       "clockAdvanced.x: null is for a field that does not exist"));
	CHECK(fails_as(event, "{\"\": 1}", "1 is for a field that does not exist"));
}

static void
test_long_values_and_paths_are_cut(void)
{
	char text[4000], name[1001], want[256];

	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	(void)snprintf(text, sizeof text, "{\"%s\": \"%s\"}", name, name);
	(void)snprintf(want, sizeof want,
		       "%.106s...: \"%.63s... is for a field that does not exist", name,
		       name);
	CHECK(fails_as(event, text, want));
}

static void
test_a_field_twice_is_refused_under_either_name(void)
{
	CHECK(fails_with("{\"actor\": \"a\", \"actor\": \"b\"}",
			 "duplicate object key near '\"actor\"'"));
	CHECK(fails_as(event,
		       "{\"saleRecorded\": {\"psp_txn\": \"a\", \"pspTxn\": \"b\"}}",
		       "saleRecorded.pspTxn: \"b\" is for a field that came before"));
	CHECK(fails_as(event,
		       "{\"saleRecorded\": {\"psp_txn\": null, \"pspTxn\": \"b\"}}",
		       "saleRecorded.pspTxn: \"b\" is for a field that came before"));
}

static void
test_two_members_of_a_oneof_are_refused(void)
{
	CHECK(fails_as(event, "{\"clockAdvanced\": {}, \"saleRecorded\": {}}",
		       "saleRecorded: {} excludes another field that is also given"));
	CHECK(fails_as(
	    event,
	    "{\"stockIssued\": {\"to\": {\"agent\": \"\", \"location\": \"W\"}}}",
	    "stockIssued.to.location: \"W\" excludes another field that is also "
	    "given"));
}

static void
test_numbers_that_do_not_fit_are_refused(void)
{
#define SALE(text) "{\"saleRecorded\": {\"paid\": " text "}}"
#define WHY(text) "saleRecorded.paid: " text " is not an int64"
	CHECK(fails_as(event, SALE("\"9223372036854775808\""),
		       WHY("\"9223372036854775808\"")));
	CHECK(fails_as(event, SALE("\"-9223372036854775809\""),
		       WHY("\"-9223372036854775809\"")));
	CHECK(fails_as(event, SALE("\"99999999999999999999\""),
		       WHY("\"99999999999999999999\"")));
	CHECK(fails_as(event, SALE("\"ten\""), WHY("\"ten\"")));
	CHECK(fails_as(event, SALE("\"\""), WHY("\"\"")));
	CHECK(fails_as(event, SALE("\"-\""), WHY("\"-\"")));
	CHECK(fails_as(event, SALE("\"+1\""), WHY("\"+1\"")));
	CHECK(fails_as(event, SALE("\" 1\""), WHY("\" 1\"")));
	CHECK(fails_as(event, SALE("\"01\""), WHY("\"01\"")));
	CHECK(fails_as(event, SALE("\"1.0\""), WHY("\"1.0\"")));
	CHECK(fails_as(event, SALE("1.5"), WHY("1.5")));
	CHECK(fails_as(event, SALE("true"), WHY("true")));
	CHECK(fails_as(event, SALE("[1]"), WHY("[1]")));
	CHECK(fails_with(SALE("1e300"), "e300 is not an int64"));
	CHECK(fails_with(SALE("9007199254740994.0"), "is not an int64"));
	CHECK(fails_with(SALE("9223372036854775808"), "too big integer"));
#undef SALE
#undef WHY
}

static void
test_each_width_has_its_edges(void)
{
	const ProtobufCMessageDescriptor *request =
	    &daybook__v1__append_request__descriptor;

	CHECK(fails_as(event, "{\"bookOpened\": {\"exponent\": 4294967296}}",
		       "bookOpened.exponent: 4294967296 is not a uint32"));
	CHECK(fails_as(event, "{\"bookOpened\": {\"exponent\": -1}}",
		       "bookOpened.exponent: -1 is not a uint32"));
	CHECK(fails_as(event, "{\"bookOpened\": {\"utcOffsetMinutes\": 2147483648}}",
		       "bookOpened.utcOffsetMinutes: 2147483648 is not an int32"));
	CHECK(fails_as(event, "{\"bookOpened\": {\"utcOffsetMinutes\": -2147483649}}",
		       "bookOpened.utcOffsetMinutes: -2147483649 is not an int32"));
	CHECK(fails_as(request, "{\"batchSeq\": \"18446744073709551616\"}",
		       "batchSeq: \"18446744073709551616\" is not a uint64"));
	CHECK(fails_as(request, "{\"batchSeq\": \"-1\"}",
		       "batchSeq: \"-1\" is not a uint64"));
}

static void
test_values_of_another_kind_are_refused(void)
{
	CHECK(fails_as(event, "{\"actor\": 7}", "actor: 7 is not a string"));
	CHECK(fails_as(event, "{\"skuDefined\": {\"notCommissionable\": \"true\"}}",
		       "skuDefined.notCommissionable: \"true\" is not a bool"));
	CHECK(fails_as(event, "{\"skuDefined\": {\"documents\": \"x\"}}",
		       "skuDefined.documents: \"x\" is not an array"));
	CHECK(fails_as(event, "{\"skuDefined\": {\"documents\": [\"x\", null]}}",
		       "skuDefined.documents[1]: null is not a string"));
	CHECK(fails_as(event, "{\"orderFlagged\": {\"evidence\": [\"1\", null]}}",
		       "orderFlagged.evidence[1]: null is not a uint64"));
	CHECK(fails_as(event, "{\"orderFlagged\": {\"evidence\": [1, -1]}}",
		       "orderFlagged.evidence[1]: -1 is not a uint64"));
	CHECK(fails_as(event, "{\"saleRecorded\": {\"kind\": \"retail\"}}",
		       "saleRecorded.kind: \"retail\" is not a value of OrderKind"));
	CHECK(fails_as(event, "{\"saleRecorded\": {\"kind\": 2147483648}}",
		       "saleRecorded.kind: 2147483648 is not an int32"));
}

static void
test_times_that_are_none_are_refused(void)
{
#define WHY(text)                                                                      \
	"effectiveAt: " text " is not an RFC 3339 time of the years 1970 to 9999"
	CHECK(fails_as(event, "{\"effectiveAt\": 7}", WHY("7")));
	CHECK(fails_as(event, "{\"effectiveAt\": \"2024-01-01\"}",
		       WHY("\"2024-01-01\"")));
	CHECK(fails_as(event, "{\"effectiveAt\": \"2024-02-30T00:00:00Z\"}",
		       WHY("\"2024-02-30T00:00:00Z\"")));
	CHECK(fails_as(event, "{\"effectiveAt\": \"1969-12-31T23:59:59Z\"}",
		       WHY("\"1969-12-31T23:59:59Z\"")));
	CHECK(fails_as(event, "{\"effectiveAt\": {\"seconds\": 1}}",
		       WHY("{\"seconds\":1}")));
#undef WHY
}

static bool
takes_bytes(const char *text, const char *want, size_t size)
{
	char json[256];
	ProtobufCMessage *message;
	const Daybook__V1__AppendRequest *request;
	bool is_same;

	(void)snprintf(json, sizeof json, "{\"batch\": \"%s\"}", text);
	if (dbk_json_parse(dbk_str_of(json), &daybook__v1__append_request__descriptor,
			   &message, &error) != DBK_OK)
		return false;
	request = (const Daybook__V1__AppendRequest *)message;
	is_same = request->batch.len == size &&
		  (size == 0 || memcmp(request->batch.data, want, size) == 0);
	protobuf_c_message_free_unpacked(message, NULL);
	return is_same;
}

static void
test_bytes_are_base64_of_either_alphabet_with_or_without_padding(void)
{
	CHECK(takes_bytes("", "", 0));
	CHECK(takes_bytes("Zg==", "f", 1) && takes_bytes("Zg", "f", 1));
	CHECK(takes_bytes("Zm8=", "fo", 2) && takes_bytes("Zm8", "fo", 2));
	CHECK(takes_bytes("Zm9v", "foo", 3) && takes_bytes("Zm9vYg", "foob", 4));
	CHECK(takes_bytes("+/+/", "\xfb\xff\xbf", 3));
	CHECK(takes_bytes("-_-_", "\xfb\xff\xbf", 3));
	CHECK(!takes_bytes("Z", "", 0) && !takes_bytes("Zm9vY", "", 0));
	CHECK(!takes_bytes("Zg=", "f", 1) && !takes_bytes("Zm8==", "fo", 2));
	CHECK(!takes_bytes("Zm9v=", "foo", 3) && !takes_bytes("====", "", 0));
	CHECK(!takes_bytes("Z=g=", "", 0) && !takes_bytes("Zm 9", "", 0));
	CHECK(!takes_bytes("Zh==", "f", 1)); /* bits behind the last byte */
	CHECK(!takes_bytes("Zm9", "fo", 2));
	CHECK(strcmp(error.text, "batch: \"Zm9\" is not base64") == 0);
}

/* ------------------------------------------------------------------- positive */

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

static void
test_names_come_in_both_forms_and_numbers_too(void)
{
	ProtobufCMessage *message =
	    parsed(event, "{\"effective_at\": \"2024-01-02T03:04:05.678Z\","
			  "\"sale_recorded\": {\"order\": \"O-1\", \"psp_txn\": \"T\","
			  "\"buyerDeviceHash\": \"Zg==\", \"kind\": 3,"
			  "\"fulfilment\": \"STORE_PICKUP\","
			  "\"lines\": [{\"line\": 1, \"unitPrice\": \"19900\"},"
			  "{\"line\": \"2\", \"qty\": 1e3, \"unit_price\": 5.0}]}}");
	const Daybook__V1__Event *e = (const Daybook__V1__Event *)message;
	const Daybook__V1__SaleRecorded *sale = e->sale_recorded;

	CHECK_INT(e->effective_at->seconds, 1704164645);
	CHECK_INT(e->effective_at->nanos, 678000000);
	CHECK_INT(e->body_case, DAYBOOK__V1__EVENT__BODY_SALE_RECORDED);
	CHECK(strcmp(sale->order, "O-1") == 0 && strcmp(sale->psp_txn, "T") == 0);
	CHECK(sale->buyer_device_hash.len == 1 &&
	      sale->buyer_device_hash.data[0] == 'f');
	CHECK_INT(sale->kind, DAYBOOK__V1__ORDER_KIND__RESTOCK);
	CHECK_INT(sale->fulfilment, DAYBOOK__V1__FULFILMENT__STORE_PICKUP);
	CHECK_INT(sale->n_lines, 2);
	CHECK_INT(sale->lines[0]->unit_price, 19900);
	CHECK_INT(sale->lines[1]->line, 2);
	CHECK_INT(sale->lines[1]->qty, 1000);
	CHECK_INT(sale->lines[1]->unit_price, 5);
	protobuf_c_message_free_unpacked(message, NULL);
}

static void
test_null_is_absence(void)
{
	ProtobufCMessage *message = parsed(
	    event, "{\"effectiveAt\": null, \"actor\": null, \"clockAdvanced\": null,"
		   "\"skuDefined\": {\"documents\": null, \"revision\": null,"
		   "\"notCommissionable\": null}}");
	const Daybook__V1__Event *e = (const Daybook__V1__Event *)message;

	CHECK(e->effective_at == NULL && e->actor[0] == '\0');
	CHECK_INT(e->body_case, DAYBOOK__V1__EVENT__BODY_SKU_DEFINED);
	CHECK_INT(e->sku_defined->n_documents, 0);
	protobuf_c_message_free_unpacked(message, NULL);
}

static void
test_the_widest_numbers_fit(void)
{
	ProtobufCMessage *message =
	    parsed(event, "{\"rankChanged\": {\"value\": \"-9223372036854775808\"}}");

	CHECK(((Daybook__V1__Event *)message)->rank_changed->value == INT64_MIN);
	protobuf_c_message_free_unpacked(message, NULL);
	message = parsed(event, "{\"rankChanged\": {\"value\": 9223372036854775807}}");
	CHECK(((Daybook__V1__Event *)message)->rank_changed->value == INT64_MAX);
	protobuf_c_message_free_unpacked(message, NULL);
	message = parsed(&daybook__v1__append_request__descriptor,
			 "{\"batchSeq\": \"18446744073709551615\"}");
	CHECK(((Daybook__V1__AppendRequest *)message)->batch_seq == UINT64_MAX);
	protobuf_c_message_free_unpacked(message, NULL);
	message = parsed(event, "{\"bookOpened\": {\"utcOffsetMinutes\": -2147483648,"
				"\"exponent\": \"4294967295\"}}");
	CHECK(((Daybook__V1__Event *)message)->book_opened->utc_offset_minutes ==
	      INT32_MIN);
	CHECK(((Daybook__V1__Event *)message)->book_opened->exponent == UINT32_MAX);
	protobuf_c_message_free_unpacked(message, NULL);
}

int
main(void)
{
	check_run("text that is not JSON is refused with its place",
		  test_text_that_is_not_json_is_refused_with_its_place);
	check_run("only an object is a message", test_only_an_object_is_a_message);
	check_run("unknown fields are named with path and value",
		  test_unknown_fields_are_named_with_path_and_value);
	check_run("long values and paths are cut", test_long_values_and_paths_are_cut);
	check_run("a field twice is refused under either name",
		  test_a_field_twice_is_refused_under_either_name);
	check_run("two members of a oneof are refused",
		  test_two_members_of_a_oneof_are_refused);
	check_run("numbers that do not fit are refused",
		  test_numbers_that_do_not_fit_are_refused);
	check_run("each width has its edges", test_each_width_has_its_edges);
	check_run("values of another kind are refused",
		  test_values_of_another_kind_are_refused);
	check_run("times that are none are refused",
		  test_times_that_are_none_are_refused);
	check_run("bytes are base64 of either alphabet with or without padding",
		  test_bytes_are_base64_of_either_alphabet_with_or_without_padding);
	check_run("names come in both forms and numbers too",
		  test_names_come_in_both_forms_and_numbers_too);
	check_run("null is absence", test_null_is_absence);
	check_run("the widest numbers fit", test_the_widest_numbers_fit);
	return check_end();
}
