#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/sound_event.h"
#include "event/decode.h"
#include "event/schema.h"

/* Amounts, quantities and other numbers of one field each, at their edges. */

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

static const char *const positive[] = {
	"SaleRecorded.paid",	     "OrderPaid.amount",
	"LotRegistered.qty",	     "GoodsShipped.qty",
	"DepositReceived.amount",    "DepositReturned.amount",
	"FeeCharged.amount",	     "ChargebackOpened.amount",
	"CommissionReported.amount", "ClawbackRepaid.amount",
	"ClawbackWrittenOff.amount", "BonusAwarded.pool",
	"ManualAdjustment.amount",   "PayoutRequested.gross",
	"PayoutBatched.total",	     "PayoutReturned.amount",
	"TaxRemitted.amount",	     "ContestOpened.pool",
	"RestockRequested.qty",	     "BuybackRequested.qty",
	"BuybackSettled.qty",	     "PriceObserved.price",
};

static unsigned positive_met;

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
		       strcmp(field->name, "shipping") == 0 ||
		       strcmp(field->name, "min_price") == 0;

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
	if (is_positive(field->name)) {
		positive_met++;
		CHECK(fails_number(DBK_FAULT_AMOUNT_ZERO, field->name, 0));
	} else {
		CHECK(is_sound());
	}
}

static void
test_amounts_and_quantities_have_their_range(void)
{
	CHECK_INT(DBK_AMOUNT_MAX, DBK_QTY_MAX);
	positive_met = 0;
	for_each_field(DBK_FIELD_MONEY, amount_edges);
	for_each_field(DBK_FIELD_QTY, amount_edges);
	CHECK_INT(positive_met, sizeof positive / sizeof positive[0]);
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
	range(DBK_EVENT_PLAN_PUBLISHED, &event.u.plan_published.version, "version", 1,
	      UINT32_MAX);
	range(DBK_EVENT_PLAN_PUBLISHED, &parts.parameters[0].level,
	      "parameters[0].level", 0, 16);
	range(DBK_EVENT_COMMISSION_HELD, &event.u.commission_held.level, "level", 0,
	      16);
	range(DBK_EVENT_COMMISSION_HELD, &event.u.commission_held.line, "line", 0,
	      65535);
	range(DBK_EVENT_COMMISSION_REPORTED, &event.u.commission_reported.cause_line,
	      "cause_line", 0, 65535);
	range(DBK_EVENT_COMMISSION_REPORTED, &event.u.commission_reported.distance, "",
	      0, UINT32_MAX);
	range(DBK_EVENT_ORDER_FLAGGED, &event.u.order_flag.revision, "", 0, UINT32_MAX);
	range(DBK_EVENT_ORDER_CLEARED, &event.u.order_flag.revision, "", 0, UINT32_MAX);
	range(DBK_EVENT_SALE_RECORDED, &parts.attributions[2].weight_ppm,
	      "attributions[2].weight_ppm", 1, 1000000);
	range(DBK_EVENT_ORDER_PLACED, &parts.attributions[2].weight_ppm,
	      "attributions[2].weight_ppm", 1, 1000000);
	range(DBK_EVENT_PRICE_BAND_SET, &event.u.price_band_set.revision, "revision", 1,
	      UINT32_MAX);
	range(DBK_EVENT_GUARD_SET_PUBLISHED, &event.u.guard_set_published.version,
	      "version", 1, UINT32_MAX);
	range(DBK_EVENT_BUYBACK_SETTLED, &event.u.buyback_settled.price_ppm,
	      "price_ppm", 0, 1000000);
	range(DBK_EVENT_BUYBACK_SETTLED, &event.u.buyback_settled.line, "line", 0,
	      65535);
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
test_a_rank_and_an_observation_have_any_value(void)
{
	make(DBK_EVENT_RANK_CHANGED);
	event.u.rank_changed.value = INT64_MIN;
	CHECK(is_sound());
	make(DBK_EVENT_OBSERVATION_RECORDED);
	event.u.observation_recorded.value = INT64_MIN;
	CHECK(is_sound());
	event.u.observation_recorded.value = INT64_MAX;
	CHECK(is_sound());
}

int
main(void)
{
	check_run("amounts and quantities have their range",
		  test_amounts_and_quantities_have_their_range);
	check_run("other numbers have their range",
		  test_other_numbers_have_their_range);
	check_run("a rank and an observation have any value",
		  test_a_rank_and_an_observation_have_any_value);
	return check_end();
}
