#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/sound_event.h"
#include "event/decode.h"
#include "event/schema.h"

/*
 * Each test takes a whole, sound event, changes one thing and asks for the fault. Which
 * fields are required stands in a list of its own here, so that the tables from which
 * the events are made are not their own witness.
 */

static struct dbk_event event;
static struct dbk_event_fault fault;
static struct sound_parts parts;

static bool
is_sound(void)
{
	return dbk_event_check(&event, &fault);
}

/* True if the check ends in WANT at PATH. */
static bool
fails(enum dbk_fault want, const char *path)
{
	char text[DBK_FIELD_TEXT_BYTES];

	memset(&fault, 0, sizeof fault);
	if (is_sound())
		fprintf(stderr, "  no fault, want %s at %s\n", dbk_fault_name(want),
			path);
	(void)dbk_field_format(&fault.field, text);
	if (fault.fault == want && strcmp(text, path) == 0)
		return true;
	fprintf(stderr, "  %s: got %s at \"%s\"\n", dbk_event_type_name(event.type),
		dbk_fault_name(fault.fault), text);
	return false;
}

static bool
fails_number(enum dbk_fault want, const char *path, int64_t number)
{
	return fails(want, path) && fault.has_number && CHECK_INT(fault.number, number);
}

static void
make(enum dbk_event_type type)
{
	sound_event(type, &event, &parts);
}

/* Call TEST for every field of KIND of every event, which is made anew before. */
static void
for_each_field(enum dbk_field_kind kind,
	       void (*test)(const struct dbk_schema_field *field, void *at))
{
	for (uint32_t type = 0; type < 1000; type++) {
		const struct dbk_schema *schema = dbk_schema_find(type);

		for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
			const struct dbk_schema_field *field = &schema->fields[i];

			if (field->name == NULL || field->kind != kind)
				continue;
			make((enum dbk_event_type)type);
			test(field, (unsigned char *)&event.u + field->offset);
		}
	}
}

static void
test_whole_events_of_every_type_are_sound(void)
{
	for (uint32_t type = 0; type < 1000; type++) {
		if (dbk_schema_find(type) == NULL)
			continue;
		make((enum dbk_event_type)type);
		if (!CHECK(is_sound()))
			fprintf(stderr, "  %s\n", dbk_event_type_name(event.type));
		event.effective_at = DBK_TIME_ABSENT;
		CHECK(fails(DBK_FAULT_FIELD_MISSING, "effective_at"));
	}
}

/* ------------------------------------------------------------------ required fields */

static const char *const required[] = {
	"BookOpened.book",
	"SkuDefined.sku",
	"LotRegistered.lot",
	"LotRegistered.sku",
	"AgentEnrolled.agent",
	"AgentVerified.agent",
	"SponsorChanged.change",
	"SponsorChanged.agent",
	"RankChanged.agent",
	"RankChanged.period",
	"AgentSuspended.agent",
	"AgentSuspended.action",
	"AgentReinstated.agent",
	"AgentReinstated.action",
	"AgentTerminated.agent",
	"AgentTerminated.action",
	"CustomerBound.binding",
	"CustomerBound.customer",
	"CustomerUnbound.binding",
	"CustomerUnbound.customer",
	"ReferralRecorded.referral",
	"SaleRecorded.order",
	"OrderPlaced.order",
	"OrderCancelled.order",
	"OrderPaid.order",
	"OrderPaid.psp",
	"OrderPaid.psp_txn",
	"PspSettled.psp",
	"PspSettled.batch",
	"GoodsShipped.order",
	"GoodsShipped.shipment",
	"ReceiptConfirmed.order",
	"RefundRequested.refund",
	"RefundRequested.order",
	"RefundRejected.refund",
	"RefundApproved.refund",
	"RefundApproved.order",
	"RefundPaid.refund",
	"RefundPaid.psp",
	"RefundPaid.psp_ref",
	"StockIssued.transfer",
	"StockTransferred.transfer",
	"StockConsumed.document",
	"StockReturned.document",
	"StockReturned.agent",
	"StockCounted.count",
	"StockCounted.sku",
	/* psp and psp_txn of a payment: if the other one is there */
	"SaleRecorded.psp",
	"SaleRecorded.psp_txn",
	"StockIssued.psp",
	"StockIssued.psp_txn",
	"BookOpened.currency",
};

static unsigned required_met;

static bool
is_required(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof path, "%s.%s", dbk_event_type_name(event.type),
		       name);
	for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
		if (strcmp(required[i], path) == 0)
			return true;
	return false;
}

static void
without_id(const struct dbk_schema_field *field, void *at)
{
	/* The members of its oneofs have a test of their own. */
	if (field->once != (field->once & -field->once))
		return;
	*(struct dbk_str *)at = dbk_str_make(NULL, 0);
	if (is_required(field->name)) {
		required_met++;
		CHECK(fails(DBK_FAULT_FIELD_MISSING, field->name));
	} else if (!CHECK(is_sound())) {
		fprintf(stderr, "  %s.%s\n", dbk_event_type_name(event.type),
			field->name);
	}
}

static void
test_required_ids_are_asked_for_and_no_others(void)
{
	required_met = 0;
	for_each_field(DBK_FIELD_ID, without_id);
	CHECK_INT(required_met, sizeof required / sizeof required[0]);
}

static void
without_lines(const struct dbk_schema_field *field, void *at)
{
	*(uint32_t *)(void *)((unsigned char *)&event.u + field->count_offset) = 0;
	(void)at;
	CHECK(fails(DBK_FAULT_LINES_MISSING, field->name));
}

static void
without_holder(const struct dbk_schema_field *field, void *at)
{
	memset(at, 0, sizeof(struct dbk_holder));
	if (event.type == DBK_EVENT_STOCK_ISSUED && strcmp(field->name, "to") == 0)
		CHECK(fails(DBK_FAULT_FIELD_MISSING, "to"));
	else
		CHECK(is_sound());
}

static void
without_enum(const struct dbk_schema_field *field, void *at)
{
	*(uint32_t *)at = 0;
	if (event.type == DBK_EVENT_STOCK_CONSUMED && strcmp(field->name, "kind") == 0)
		CHECK(fails(DBK_FAULT_FIELD_MISSING, "kind"));
	else
		CHECK(is_sound());
}

static void
test_lines_receivers_and_reasons_are_required(void)
{
	for_each_field(DBK_FIELD_LINES, without_lines);
	for_each_field(DBK_FIELD_HOLDER, without_holder);
	for_each_field(DBK_FIELD_ENUM, without_enum);
}

/* ------------------------------------------------------------------- ids and texts */

static char filler[DBK_TEXT_BYTES_MAX + 2];

static void
long_id(const struct dbk_schema_field *field, void *at)
{
	/* A currency is shorter still, and the other member of a oneof is set. */
	bool is_tied = strcmp(field->name, "currency") == 0 ||
		       field->once != (field->once & -field->once);

	*(struct dbk_str *)at = dbk_str_make(filler, DBK_ID_BYTES_MAX - 1);
	CHECK(is_tied || is_sound());
	*(struct dbk_str *)at = dbk_str_make(filler, DBK_ID_BYTES_MAX);
	CHECK(is_tied || is_sound());
	*(struct dbk_str *)at = dbk_str_make(filler, DBK_ID_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_ID_TOO_LONG, field->name));
	CHECK(dbk_str_equal(fault.value, dbk_str_make(filler, DBK_ID_BYTES_MAX + 1)));
	*(struct dbk_str *)at = dbk_str_of("a\xc3");
	CHECK(fails(DBK_FAULT_ID_NOT_UTF8, field->name));
	*(struct dbk_str *)at = dbk_str_of("a\tb");
	CHECK(fails(DBK_FAULT_ID_CONTROL_CHARACTER, field->name));
}

static void
long_text(const struct dbk_schema_field *field, void *at)
{
	*(struct dbk_str *)at = dbk_str_make(filler, DBK_TEXT_BYTES_MAX);
	CHECK(is_sound());
	*(struct dbk_str *)at = dbk_str_make(filler, DBK_TEXT_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_TEXT_TOO_LONG, field->name));
	*(struct dbk_str *)at = dbk_str_of("two\nlines");
	CHECK(is_sound());
	*(struct dbk_str *)at = dbk_str_of("a\xc3");
	CHECK(fails(DBK_FAULT_ID_NOT_UTF8, field->name));
	*(struct dbk_str *)at = dbk_str_make(NULL, 0);
	CHECK(is_sound());
}

static void
long_hash(const struct dbk_schema_field *field, void *at)
{
	*(struct dbk_str *)at = dbk_str_make(filler, DBK_HASH_BYTES_MAX);
	CHECK(is_sound());
	*(struct dbk_str *)at = dbk_str_of("\xff");
	CHECK(is_sound());
	*(struct dbk_str *)at = dbk_str_make(filler, DBK_HASH_BYTES_MAX + 1);
	CHECK(
	    fails_number(DBK_FAULT_TEXT_TOO_LONG, field->name, DBK_HASH_BYTES_MAX + 1));
}

static void
test_ids_texts_and_hashes_have_a_largest_length(void)
{
	memset(filler, 'x', sizeof filler);
	for_each_field(DBK_FIELD_ID, long_id);
	for_each_field(DBK_FIELD_TEXT, long_text);
	for_each_field(DBK_FIELD_HASH, long_hash);
	make(DBK_EVENT_CLOCK_ADVANCED);
	event.actor = dbk_str_make(filler, DBK_TEXT_BYTES_MAX);
	CHECK(is_sound());
	event.actor = dbk_str_make(filler, DBK_TEXT_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_TEXT_TOO_LONG, "actor"));
	CHECK_INT(fault.value.size, DBK_VERDICT_VALUE_BYTES_MAX);
}

/* One byte among good ones, at every place of every length. */
static void
test_a_bad_byte_is_found_wherever_it_stands(void)
{
	static const unsigned char bad[] = { 0x00, 0x01, 0x0a, 0x1f, 0x7f };
	static const unsigned char good[] = { 0x20, 0x21, 0x7e };

	make(DBK_EVENT_ORDER_CANCELLED);
	for (uint32_t size = 1; size <= DBK_ID_BYTES_MAX; size++) {
		char *id = malloc(size);

		for (uint32_t at = 0; at < size; at++) {
			memset(id, 'x', size);
			event.u.order_cancelled.order = dbk_str_make(id, size);
			for (size_t i = 0; i < sizeof good; i++) {
				id[at] = (char)good[i];
				CHECK(is_sound());
			}
			for (size_t i = 0; i < sizeof bad; i++) {
				id[at] = (char)bad[i];
				CHECK(fails(DBK_FAULT_ID_CONTROL_CHARACTER, "order"));
			}
			id[at] = (char)0x80;
			CHECK(fails(DBK_FAULT_ID_NOT_UTF8, "order"));
			if (at + 1 < size) {
				memcpy(id + at, "é", 2);
				CHECK(is_sound());
			}
		}
		free(id);
	}
}

static void
test_members_of_holders_are_ids(void)
{
	struct dbk_holder *to = &event.u.stock_issued.to;

	make(DBK_EVENT_STOCK_ISSUED);
	to->agent = dbk_str_make("", 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "to.agent"));
	to->agent = dbk_str_of("a\nb");
	CHECK(fails(DBK_FAULT_ID_CONTROL_CHARACTER, "to.agent"));
	to->kind = DBK_HOLDER_LOCATION;
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "to.location"));
	to->location = dbk_str_make(filler, DBK_ID_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_ID_TOO_LONG, "to.location"));
}

static void
test_documents_are_texts_and_not_empty(void)
{
	make(DBK_EVENT_SKU_DEFINED);
	parts.documents[2] = dbk_str_make(filler, DBK_TEXT_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_TEXT_TOO_LONG, "documents[2]"));
	parts.documents[1] = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "documents[1]"));
	event.u.sku_defined.n_documents = 0;
	CHECK(is_sound());
}

/* --------------------------------------------------------------------- numbers */

static const char *const positive[] = { "SaleRecorded.paid", "OrderPaid.amount",
					"LotRegistered.qty", "GoodsShipped.qty" };

static bool
is_positive(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof path, "%s.%s", dbk_event_type_name(event.type),
		       name);
	for (size_t i = 0; i < sizeof positive / sizeof positive[0]; i++)
		if (strcmp(positive[i], path) == 0)
			return true;
	return false;
}

static void
amount_edges(const struct dbk_schema_field *field, void *at)
{
	/* Fields that a rule ties to others are at their own edges below. */
	bool is_tied = strcmp(field->name, "paid_by_balance") == 0 ||
		       strcmp(field->name, "shipping") == 0;

	*(int64_t *)at = -1;
	CHECK(fails_number(DBK_FAULT_AMOUNT_NEGATIVE, field->name, -1));
	*(int64_t *)at = INT64_MIN;
	CHECK(fails_number(DBK_FAULT_AMOUNT_NEGATIVE, field->name, INT64_MIN));
	*(int64_t *)at = DBK_AMOUNT_MAX + 1;
	CHECK(
	    fails_number(DBK_FAULT_AMOUNT_TOO_LARGE, field->name, DBK_AMOUNT_MAX + 1));
	*(int64_t *)at = DBK_AMOUNT_MAX;
	CHECK(is_tied || is_sound());
	*(int64_t *)at = 0;
	if (is_positive(field->name))
		CHECK(fails_number(DBK_FAULT_AMOUNT_ZERO, field->name, 0));
	else
		CHECK(is_sound());
}

static void
test_amounts_and_quantities_have_their_range(void)
{
	CHECK_INT(DBK_AMOUNT_MAX, DBK_QTY_MAX);
	for_each_field(DBK_FIELD_MONEY, amount_edges);
	for_each_field(DBK_FIELD_QTY, amount_edges);
}

/* Of TYPE's number at AT: LOW and HIGH pass, one beyond does not. */
static void
range(enum dbk_event_type type, void *at, const char *name, uint32_t low, uint32_t high)
{
	uint32_t *number = at;

	make(type);
	*number = low;
	CHECK(is_sound());
	*number = high;
	CHECK(is_sound());
	if (high < UINT32_MAX) {
		*number = high + 1;
		CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, name, high + 1LL));
	}
	if (low == 1) {
		*number = low - 1;
		CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, name, low - 1LL));
	}
}

static void
test_other_numbers_have_their_range(void)
{
	int32_t *offset = &event.u.book_opened.utc_offset_minutes;

	range(DBK_EVENT_BOOK_OPENED, &event.u.book_opened.exponent, "exponent", 0, 6);
	range(DBK_EVENT_BOOK_OPENED, &event.u.book_opened.semantics, "semantics", 0,
	      DBK_SEMANTICS_MAX);
	range(DBK_EVENT_SKU_DEFINED, &event.u.sku_defined.tax_ppm, "tax_ppm", 0,
	      1000000);
	range(DBK_EVENT_SKU_DEFINED, &event.u.sku_defined.return_window_days,
	      "return_window_days", 0, DBK_RETURN_WINDOW_DAYS_MAX);
	range(DBK_EVENT_SKU_DEFINED, &event.u.sku_defined.revision, "", 0, UINT32_MAX);
	range(DBK_EVENT_AGENT_VERIFIED, &event.u.agent_verified.revision, "", 0,
	      UINT32_MAX);
	range(DBK_EVENT_AGENT_ENROLLED, &event.u.agent_enrolled.agreement_version, "",
	      0, UINT32_MAX);
	range(DBK_EVENT_GOODS_SHIPPED, &event.u.goods_shipped.line, "line", 1, 65535);
	range(DBK_EVENT_STOCK_COUNTED, &event.u.stock_counted.line, "line", 1, 65535);
	range(DBK_EVENT_RECEIPT_CONFIRMED, &event.u.receipt_confirmed.line, "line", 0,
	      65535);
	range(DBK_EVENT_SALE_RECORDED, &parts.order_lines[SOUND_LINES - 1].line,
	      "lines[2].line", 12, 65535);
	range(DBK_EVENT_STOCK_ISSUED, &parts.stock_lines[SOUND_LINES - 1].line,
	      "lines[2].line", 12, 65535);
	make(DBK_EVENT_BOOK_OPENED);
	*offset = 14 * 60;
	CHECK(is_sound());
	*offset = -14 * 60;
	CHECK(is_sound());
	*offset = 14 * 60 + 1;
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "utc_offset_minutes", 841));
	*offset = INT32_MIN;
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "utc_offset_minutes",
			   INT32_MIN));
}

static void
test_a_rank_may_be_given_by_any_value(void)
{
	make(DBK_EVENT_RANK_CHANGED);
	event.u.rank_changed.value = INT64_MIN;
	CHECK(is_sound());
}

int
main(void)
{
	memset(filler, 'x', sizeof filler);
	check_run("whole events of every type are sound",
		  test_whole_events_of_every_type_are_sound);
	check_run("required ids are asked for and no others",
		  test_required_ids_are_asked_for_and_no_others);
	check_run("lines, receivers and reasons are required",
		  test_lines_receivers_and_reasons_are_required);
	check_run("ids, texts and hashes have a largest length",
		  test_ids_texts_and_hashes_have_a_largest_length);
	check_run("a bad byte is found wherever it stands",
		  test_a_bad_byte_is_found_wherever_it_stands);
	check_run("members of holders are ids", test_members_of_holders_are_ids);
	check_run("documents are texts and not empty",
		  test_documents_are_texts_and_not_empty);
	check_run("amounts and quantities have their range",
		  test_amounts_and_quantities_have_their_range);
	check_run("other numbers have their range",
		  test_other_numbers_have_their_range);
	check_run("a rank may be given by any value",
		  test_a_rank_may_be_given_by_any_value);
	return check_end();
}
