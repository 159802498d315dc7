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
	"PlanPublished.plan",
	"TeamFormed.team",
	"TeamFormed.leader",
	"TeamMemberChanged.team",
	"TeamMemberChanged.change",
	"TeamMemberChanged.member",
	"DepositReceived.agent",
	"DepositReceived.ref",
	"DepositReturned.agent",
	"DepositReturned.ref",
	"FeeCharged.fee",
	"FeeCharged.agent",
	"ChargebackOpened.chargeback",
	"ChargebackOpened.order",
	"ChargebackOpened.psp",
	"ChargebackWon.chargeback",
	"ChargebackLost.chargeback",
	"OrderFlagged.order",
	"OrderFlagged.rule",
	"OrderCleared.order",
	"OrderCleared.rule",
	"CommissionReported.commission",
	"CommissionReported.payee",
	"CommissionHeld.hold",
	"HoldReleased.hold",
	"ClawbackRepaid.agent",
	"ClawbackRepaid.ref",
	"ClawbackWrittenOff.agent",
	"ClawbackWrittenOff.ref",
	"BonusAwarded.bonus",
	"BonusAwarded.period",
	"ManualAdjustment.adjustment",
	"ManualAdjustment.agent",
	"PayoutRequested.payout",
	"PayoutRequested.agent",
	"PayoutApproved.payout",
	"PayoutApproved.action",
	"PayoutRejected.payout",
	"PayoutRejected.action",
	"PayoutCancelled.payout",
	"PayoutCancelled.action",
	"PayoutBatched.batch",
	"PayoutSent.payout",
	"PayoutSent.provider",
	"PayoutSent.request_no",
	"PayoutSettled.payout",
	"PayoutSettled.provider",
	"PayoutSettled.provider_ref",
	"PayoutUnknown.payout",
	"PayoutUnknown.action",
	"PayoutFailed.payout",
	"PayoutFailed.action",
	"PayoutReturned.payout",
	"PayoutReturned.provider",
	"PayoutReturned.provider_ref",
	"TaxRemitted.period",
	"TaxRemitted.ref",
	"PeriodClosed.period",
	"OverrideGranted.override",
	"OverrideGranted.guard",
	"OverrideGranted.subject",
	"ContestOpened.contest",
	"ContestClosed.contest",
	"PriceBandSet.band",
	"GuardSetPublished.guard_set",
	"TerritoryAssigned.assignment",
	"TerritoryAssigned.agent",
	"TerritoryAssigned.region",
	"TerritoryRevoked.assignment",
	"RestockRequested.request",
	"RestockRequested.agent",
	"RestockRequested.sku",
	"BuybackRequested.request",
	"BuybackRequested.agent",
	"BuybackRequested.sku",
	"BuybackSettled.document",
	"BuybackSettled.agent",
	"BuybackSettled.sku",
	"CustodyScanned.scan",
	"PriceObserved.observation",
	"PriceObserved.sku",
	"ObservationRecorded.observation",
	"ObservationRecorded.code",
	"ObservationRecorded.subject",
	"FindingAcknowledged.finding",
	"FindingAcknowledged.action",
	"FindingResolved.finding",
	"FindingResolved.action",
	/* psp and psp_txn of a payment: if the other one is there */
	"SaleRecorded.psp",
	"SaleRecorded.psp_txn",
	"StockIssued.psp",
	"StockIssued.psp_txn",
	"FeeCharged.psp",
	"FeeCharged.psp_txn",
	"BookOpened.currency",
	"SourceRegistered.source",
	"SourceKeyRevoked.source",
	"SubjectErased.subject",
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

/* A field that excludes another, which is set or not; they have tests of their own. */
static bool
is_one_of_two(const struct dbk_schema_field *field)
{
	return field->once != (field->once & -field->once) ||
	       (event.type == DBK_EVENT_COMMISSION_HELD &&
		(strcmp(field->name, "agent") == 0 ||
		 strcmp(field->name, "order") == 0));
}

static void
without_id(const struct dbk_schema_field *field, void *at)
{
	if (is_one_of_two(field))
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
without_elements(const struct dbk_schema_field *field, void *at)
{
	*(uint32_t *)(void *)((unsigned char *)&event.u + field->count_offset) = 0;
	(void)at;
	if (event.type == DBK_EVENT_BONUS_AWARDED ||
	    event.type == DBK_EVENT_PAYOUT_BATCHED)
		CHECK(fails(DBK_FAULT_LINES_MISSING, field->name));
	else
		CHECK(is_sound());
}

static void
without_time(const struct dbk_schema_field *field, void *at)
{
	*(int64_t *)at = DBK_TIME_ABSENT;
	if (strcmp(field->name, "from") == 0 || strcmp(field->name, "to") == 0)
		CHECK(fails(DBK_FAULT_FIELD_MISSING, field->name));
	else
		CHECK(is_sound());
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
	if ((event.type == DBK_EVENT_STOCK_CONSUMED &&
	     strcmp(field->name, "kind") == 0) ||
	    event.type == DBK_EVENT_FEE_CHARGED ||
	    event.type == DBK_EVENT_COMMISSION_REPORTED)
		CHECK(fails(DBK_FAULT_FIELD_MISSING, field->name));
	else
		CHECK(is_sound());
}

static void
test_lists_receivers_reasons_and_stretches_are_required(void)
{
	for_each_field(DBK_FIELD_LINES, without_lines);
	for_each_field(DBK_FIELD_PARTS, without_elements);
	for_each_field(DBK_FIELD_IDS, without_elements);
	for_each_field(DBK_FIELD_NUMBERS, without_elements);
	for_each_field(DBK_FIELD_RIGHTS, without_elements);
	for_each_field(DBK_FIELD_TIME, without_time);
	for_each_field(DBK_FIELD_HOLDER, without_holder);
	for_each_field(DBK_FIELD_ENUM, without_enum);
}

/* ------------------------------------------------------------------- ids and texts */

static char filler[DBK_TEXT_BYTES_MAX + 2];

static void
long_id(const struct dbk_schema_field *field, void *at)
{
	/* A currency is shorter still. */
	bool is_tied = strcmp(field->name, "currency") == 0 || is_one_of_two(field);

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
	/* The digest of balances is Daybook's own, and has one length. */
	bool is_own = strcmp(field->name, "balances_hash") == 0;

	*(struct dbk_str *)at = dbk_str_make(filler, DBK_HASH_BYTES_MAX);
	CHECK(is_own || is_sound());
	*(struct dbk_str *)at = dbk_str_of("\xff");
	CHECK(is_own || is_sound());
	*(struct dbk_str *)at = dbk_str_make(NULL, 0);
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

static void
test_payouts_of_a_batch_are_ids(void)
{
	make(DBK_EVENT_PAYOUT_BATCHED);
	parts.ids[2] = dbk_str_make(filler, DBK_ID_BYTES_MAX);
	CHECK(is_sound());
	parts.ids[2] = dbk_str_make(filler, DBK_ID_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_ID_TOO_LONG, "payouts[2]"));
	parts.ids[1] = dbk_str_of("a\nb");
	CHECK(fails(DBK_FAULT_ID_CONTROL_CHARACTER, "payouts[1]"));
	parts.ids[0] = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "payouts[0]"));
}

static void
test_parts_are_named_and_in_range(void)
{
	struct dbk_str none = { NULL, 0 };

	make(DBK_EVENT_BONUS_AWARDED);
	parts.shares[1].amount = 0;
	CHECK(fails_number(DBK_FAULT_AMOUNT_ZERO, "shares[1].amount", 0));
	parts.shares[1].amount = -1;
	CHECK(fails_number(DBK_FAULT_AMOUNT_NEGATIVE, "shares[1].amount", -1));
	parts.shares[1].agent = none;
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "shares[1].agent"));
	make(DBK_EVENT_PLAN_PUBLISHED);
	parts.parameters[2].choice = dbk_str_make(filler, DBK_ID_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_ID_TOO_LONG, "parameters[2].choice"));
	parts.parameters[2].name = none;
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "parameters[2].name"));
	make(DBK_EVENT_ORDER_PLACED);
	parts.attributions[0].agent = none;
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "attributions[0].agent"));
}

static void
test_a_parameter_needs_its_name_alone(void)
{
	struct dbk_parameter *parameter = &parts.parameters[1];

	make(DBK_EVENT_PLAN_PUBLISHED);
	memset(parameter, 0, sizeof *parameter);
	parameter->name = dbk_str_of("pay_max_depth");
	CHECK(is_sound());
	parameter->value = INT64_MIN;
	CHECK(is_sound());
	parameter->value = INT64_MAX;
	CHECK(is_sound());
}

static void
test_evidence_may_be_any_position(void)
{
	make(DBK_EVENT_ORDER_FLAGGED);
	parts.numbers[0] = UINT64_MAX;
	parts.numbers[1] = 0;
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
	check_run("lists, receivers, reasons and stretches are required",
		  test_lists_receivers_reasons_and_stretches_are_required);
	check_run("ids, texts and hashes have a largest length",
		  test_ids_texts_and_hashes_have_a_largest_length);
	check_run("a bad byte is found wherever it stands",
		  test_a_bad_byte_is_found_wherever_it_stands);
	check_run("members of holders are ids", test_members_of_holders_are_ids);
	check_run("documents are texts and not empty",
		  test_documents_are_texts_and_not_empty);
	check_run("payouts of a batch are ids", test_payouts_of_a_batch_are_ids);
	check_run("parts are named and in range", test_parts_are_named_and_in_range);
	check_run("a parameter needs its name alone",
		  test_a_parameter_needs_its_name_alone);
	check_run("evidence may be any position", test_evidence_may_be_any_position);
	return check_end();
}
