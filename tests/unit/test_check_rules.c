#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/sound_event.h"
#include "event/decode.h"

/* The rules between the fields of one event; test_check.c has those of one field. */

static struct dbk_event event;
static struct dbk_event_fault fault;
static struct sound_parts parts;

static void
make(enum dbk_event_type type)
{
	sound_event(type, &event, &parts);
}

static bool
is_sound(void)
{
	return dbk_event_check(&event, &fault);
}

static bool
fails(enum dbk_fault want, const char *path)
{
	char text[DBK_FIELD_TEXT_BYTES];

	memset(&fault, 0, sizeof fault);
	(void)is_sound();
	(void)dbk_field_format(&fault.field, text);
	if (fault.fault == want && strcmp(text, path) == 0)
		return true;
	fprintf(stderr, "  got %s at \"%s\"\n", dbk_fault_name(fault.fault), text);
	return false;
}

static bool
fails_number(enum dbk_fault want, const char *path, int64_t number)
{
	return fails(want, path) && fault.has_number && CHECK_INT(fault.number, number);
}

static bool
takes_currency(const char *currency)
{
	event.u.book_opened.currency = dbk_str_of(currency);
	return is_sound();
}

static void
test_a_currency_is_three_capital_letters(void)
{
	make(DBK_EVENT_BOOK_OPENED);
	CHECK(takes_currency("AAZ"));
	CHECK(!takes_currency("CN"));
	CHECK(!takes_currency("CNYX"));
	CHECK(!takes_currency("cny"));
	CHECK(!takes_currency("C@Y"));
	CHECK(!takes_currency("C[Y"));
	CHECK(!takes_currency("C1Y"));
	CHECK(fails(DBK_FAULT_MALFORMED, "currency"));
	CHECK(dbk_str_equal(fault.value, dbk_str_of("C1Y")));
}

static void
test_a_referral_names_one_of_each_side(void)
{
	struct dbk_referral_recorded *referral = &event.u.referral_recorded;
	struct dbk_str none = { NULL, 0 };

	make(DBK_EVENT_REFERRAL_RECORDED);
	CHECK(is_sound());
	referral->referrer_customer = none;
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "referrer"));
	referral->referrer_agent = dbk_str_of("A");
	CHECK(is_sound());
	referral->referred_agent = none;
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "referred"));
	referral->referred_customer = dbk_str_of("C");
	CHECK(is_sound());
}

static void
test_line_numbers_rise(void)
{
	static const enum dbk_event_type types[] = { DBK_EVENT_SALE_RECORDED,
						     DBK_EVENT_ORDER_PLACED };

	for (size_t i = 0; i < 2; i++) {
		make(types[i]);
		parts.order_lines[1].line = parts.order_lines[0].line;
		CHECK(fails_number(DBK_FAULT_LINES_NOT_RISING, "lines[1].line", 1));
		parts.order_lines[1].line = 2;
		parts.order_lines[2].line = 1;
		CHECK(fails_number(DBK_FAULT_LINES_NOT_RISING, "lines[2].line", 1));
		parts.order_lines[2].line = 3;
		CHECK(is_sound());
	}
	make(DBK_EVENT_STOCK_TRANSFERRED);
	parts.stock_lines[2].line = parts.stock_lines[1].line;
	CHECK(fails_number(DBK_FAULT_LINES_NOT_RISING, "lines[2].line", 11));
}

static void
test_lines_have_a_number_a_sku_and_a_quantity(void)
{
	struct dbk_order_line *line = &parts.order_lines[1];

	make(DBK_EVENT_SALE_RECORDED);
	line->qty = 0;
	CHECK(fails_number(DBK_FAULT_AMOUNT_ZERO, "lines[1].qty", 0));
	line->qty = -1;
	CHECK(fails_number(DBK_FAULT_AMOUNT_NEGATIVE, "lines[1].qty", -1));
	line->sku = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "lines[1].sku"));
	line->line = 0;
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "lines[1].line", 0));
	make(DBK_EVENT_SALE_RECORDED);
	line->tax = -1;
	CHECK(fails(DBK_FAULT_AMOUNT_NEGATIVE, "lines[1].tax"));
	line->discount = DBK_AMOUNT_MAX + 1;
	CHECK(fails(DBK_FAULT_AMOUNT_TOO_LARGE, "lines[1].discount"));
	make(DBK_EVENT_STOCK_RETURNED);
	parts.stock_lines[0].qty = 0;
	CHECK(fails_number(DBK_FAULT_AMOUNT_ZERO, "lines[0].qty", 0));
}

static void
test_a_discount_takes_no_line_below_zero(void)
{
	struct dbk_order_line *line = &parts.order_lines[1];

	make(DBK_EVENT_SALE_RECORDED);
	line->qty = 3;
	line->unit_price = 100;
	line->discount = 300;
	CHECK(is_sound());
	line->discount = 301;
	CHECK(fails_number(DBK_FAULT_AMOUNT_NEGATIVE, "lines[1]", -1));
}

/* One line of QTY pieces at PRICE, and the shipping of the order. */
static bool
takes_order(enum dbk_event_type type, int64_t qty, int64_t price, int64_t shipping)
{
	make(type);
	event.u.sale.n_lines = 1;
	event.u.sale.shipping = shipping;
	parts.order_lines[0].qty = qty;
	parts.order_lines[0].unit_price = price;
	parts.order_lines[0].discount = 0;
	return is_sound();
}

static void
test_an_order_has_a_largest_total(void)
{
	static const enum dbk_event_type types[] = { DBK_EVENT_SALE_RECORDED,
						     DBK_EVENT_ORDER_PLACED };

	for (size_t i = 0; i < 2; i++) {
		CHECK(takes_order(types[i], 1, DBK_AMOUNT_MAX, 0));
		CHECK(takes_order(types[i], DBK_QTY_MAX, 1, 0));
		CHECK(takes_order(types[i], 1, DBK_AMOUNT_MAX - 1, 1));
		CHECK(takes_order(types[i], DBK_QTY_MAX, 0, DBK_AMOUNT_MAX));
		CHECK(!takes_order(types[i], 1, DBK_AMOUNT_MAX, 1));
		CHECK(fails(DBK_FAULT_AMOUNT_TOO_LARGE, "lines[0]"));
		CHECK(!takes_order(types[i], 2, DBK_AMOUNT_MAX / 2 + 1, 0));
		CHECK(fails_number(DBK_FAULT_AMOUNT_TOO_LARGE, "lines[0]",
				   DBK_AMOUNT_MAX + 2));
		CHECK(!takes_order(types[i], DBK_QTY_MAX, DBK_AMOUNT_MAX, 0));
		CHECK(fails(DBK_FAULT_AMOUNT_TOO_LARGE, "lines[0]"));
		CHECK(!fault.has_number); /* it does not fit one */
	}
}

static void
test_the_line_that_makes_a_total_too_large_is_named(void)
{
	make(DBK_EVENT_SALE_RECORDED);
	for (unsigned i = 0; i < SOUND_LINES; i++) {
		parts.order_lines[i].unit_price = DBK_AMOUNT_MAX / 2;
		parts.order_lines[i].discount = 0;
	}
	event.u.sale.shipping = 0;
	CHECK(fails(DBK_FAULT_AMOUNT_TOO_LARGE, "lines[2]"));
	event.u.sale.n_lines = 2;
	CHECK(is_sound());
	event.u.sale.shipping = 1;
	CHECK(fails(DBK_FAULT_AMOUNT_TOO_LARGE, "lines[1]"));
}

static void
test_stock_documents_have_a_largest_total_too(void)
{
	static const enum dbk_event_type types[] = { DBK_EVENT_STOCK_ISSUED,
						     DBK_EVENT_STOCK_TRANSFERRED,
						     DBK_EVENT_STOCK_CONSUMED,
						     DBK_EVENT_STOCK_RETURNED };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		make(types[i]);
		parts.stock_lines[2].unit_price = DBK_AMOUNT_MAX - 2;
		CHECK(is_sound());
		parts.stock_lines[2].unit_price++;
		CHECK(fails(DBK_FAULT_AMOUNT_TOO_LARGE, "lines[2]"));
	}
}

static void
test_a_payment_has_both_names_or_none(void)
{
	const struct {
		enum dbk_event_type type;
		struct dbk_str *psp, *psp_txn;
	} payments[] = {
		{ DBK_EVENT_SALE_RECORDED, &event.u.sale.psp, &event.u.sale.psp_txn },
		{ DBK_EVENT_STOCK_ISSUED, &event.u.stock_issued.psp,
		  &event.u.stock_issued.psp_txn },
		{ DBK_EVENT_FEE_CHARGED, &event.u.fee_charged.psp,
		  &event.u.fee_charged.psp_txn },
	};

	for (size_t i = 0; i < sizeof payments / sizeof payments[0]; i++) {
		make(payments[i].type);
		*payments[i].psp = dbk_str_make(NULL, 0);
		CHECK(fails(DBK_FAULT_FIELD_MISSING, "psp"));
		*payments[i].psp_txn = dbk_str_make(NULL, 0);
		CHECK(is_sound());
		*payments[i].psp = dbk_str_of("wx");
		CHECK(fails(DBK_FAULT_FIELD_MISSING, "psp_txn"));
	}
}

static void
test_the_part_from_a_balance_is_no_more_than_the_whole(void)
{
	make(DBK_EVENT_SALE_RECORDED);
	event.u.sale.paid = 100;
	event.u.sale.paid_by_balance = 100;
	CHECK(is_sound());
	event.u.sale.paid_by_balance = 101;
	CHECK(fails_number(DBK_FAULT_AMOUNT_TOO_LARGE, "paid_by_balance", 101));
	make(DBK_EVENT_ORDER_PAID);
	event.u.order_paid.amount = 100;
	event.u.order_paid.paid_by_balance = 100;
	CHECK(is_sound());
	event.u.order_paid.paid_by_balance = 101;
	CHECK(fails_number(DBK_FAULT_AMOUNT_TOO_LARGE, "paid_by_balance", 101));
}

static void
test_a_refund_gives_money_or_takes_goods(void)
{
	static const enum dbk_event_type types[] = { DBK_EVENT_REFUND_REQUESTED,
						     DBK_EVENT_REFUND_APPROVED };
	struct dbk_refund_step *refund = &event.u.refund_step;

	for (size_t i = 0; i < 2; i++) {
		make(types[i]);
		refund->amount = refund->qty = 0;
		CHECK(fails_number(DBK_FAULT_AMOUNT_ZERO, "amount", 0));
		refund->qty = 1;
		CHECK(is_sound());
		refund->line = 65535;
		CHECK(is_sound());
		refund->line = 65536;
		CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "line", 65536));
	}
}

static void
test_a_refund_of_shipping_has_no_goods(void)
{
	struct dbk_refund_step *refund = &event.u.refund_step;

	make(DBK_EVENT_REFUND_APPROVED);
	refund->line = 0;
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "qty", 1));
	refund->qty = 0;
	CHECK(is_sound());
	refund->amount = 0;
	CHECK(fails_number(DBK_FAULT_AMOUNT_ZERO, "amount", 0));
}

static void
test_held_is_an_earning_or_an_agent(void)
{
	struct dbk_commission_held *held = &event.u.commission_held;

	make(DBK_EVENT_COMMISSION_HELD);
	CHECK(is_sound());
	held->agent = dbk_str_of("A");
	CHECK(fails(DBK_FAULT_FIELD_TWICE, "order"));
	held->order = held->agent = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "agent"));
	held->agent = dbk_str_of("A");
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "line", 1));
	held->line = 0;
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "level", 1));
	held->level = 0;
	CHECK(is_sound());
	held->agent = dbk_str_make(NULL, 0);
	held->order = dbk_str_of("O");
	CHECK(is_sound());
}

static void
test_a_stretch_of_time_has_a_length(void)
{
	const struct {
		enum dbk_event_type type;
		int64_t *from, *to;
	} stretches[] = {
		{ DBK_EVENT_PERIOD_CLOSED, &event.u.period_closed.from,
		  &event.u.period_closed.to },
		{ DBK_EVENT_CONTEST_OPENED, &event.u.contest_opened.from,
		  &event.u.contest_opened.to },
	};

	for (size_t i = 0; i < sizeof stretches / sizeof stretches[0]; i++) {
		make(stretches[i].type);
		*stretches[i].from = 7;
		*stretches[i].to = 8;
		CHECK(is_sound());
		*stretches[i].to = 7;
		CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "to", 7));
		*stretches[i].to = 6;
		CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "to", 6));
	}
}

static void
test_a_hash_of_balances_is_whole_or_absent(void)
{
	static const char bytes[33];

	make(DBK_EVENT_PERIOD_CLOSED);
	for (uint32_t size = 0; size <= sizeof bytes; size++) {
		event.u.period_closed.balances_hash = dbk_str_make(bytes, size);
		if (size == 0 || size == 32)
			CHECK(is_sound());
		else
			CHECK(fails_number(DBK_FAULT_MALFORMED, "balances_hash", size));
	}
}

static void
test_a_price_band_has_an_upper_end_above_its_lower_or_none(void)
{
	struct dbk_price_band_set *band = &event.u.price_band_set;

	make(DBK_EVENT_PRICE_BAND_SET);
	band->min_price = 7;
	band->max_price = 6;
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "max_price", 6));
	band->max_price = 1;
	CHECK(fails_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "max_price", 1));
	band->max_price = 7;
	CHECK(is_sound());
	band->max_price = 0;
	CHECK(is_sound());
	band->min_price = DBK_AMOUNT_MAX;
	CHECK(is_sound());
	band->max_price = DBK_AMOUNT_MAX;
	CHECK(is_sound());
}

static void
test_a_territory_ends_after_it_begins(void)
{
	struct dbk_territory_assigned *territory = &event.u.territory_assigned;

	make(DBK_EVENT_TERRITORY_ASSIGNED);
	territory->valid_from = 7;
	territory->valid_to = 7;
	CHECK(fails_number(DBK_FAULT_TIME_OUT_OF_RANGE, "valid_to", 7));
	territory->valid_to = 6;
	CHECK(fails_number(DBK_FAULT_TIME_OUT_OF_RANGE, "valid_to", 6));
	territory->valid_to = 8;
	CHECK(is_sound());
	territory->valid_from = DBK_TIME_ABSENT;
	CHECK(is_sound());
	territory->valid_from = 7;
	territory->valid_to = DBK_TIME_ABSENT;
	CHECK(is_sound());
}

static void
test_a_scan_names_a_lot_or_a_serial(void)
{
	struct dbk_custody_scanned *scan = &event.u.custody_scanned;
	struct dbk_str none = { NULL, 0 };

	make(DBK_EVENT_CUSTODY_SCANNED);
	scan->lot = scan->serial = none;
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "lot"));
	scan->serial = dbk_str_of("N");
	CHECK(is_sound());
	scan->lot = dbk_str_of("L");
	scan->serial = none;
	CHECK(is_sound());
}

int
main(void)
{
	check_run("a currency is three capital letters",
		  test_a_currency_is_three_capital_letters);
	check_run("a referral names one of each side",
		  test_a_referral_names_one_of_each_side);
	check_run("line numbers rise", test_line_numbers_rise);
	check_run("lines have a number, a sku and a quantity",
		  test_lines_have_a_number_a_sku_and_a_quantity);
	check_run("a discount takes no line below zero",
		  test_a_discount_takes_no_line_below_zero);
	check_run("an order has a largest total", test_an_order_has_a_largest_total);
	check_run("the line that makes a total too large is named",
		  test_the_line_that_makes_a_total_too_large_is_named);
	check_run("stock documents have a largest total too",
		  test_stock_documents_have_a_largest_total_too);
	check_run("a payment has both names or none",
		  test_a_payment_has_both_names_or_none);
	check_run("the part from a balance is no more than the whole",
		  test_the_part_from_a_balance_is_no_more_than_the_whole);
	check_run("a refund gives money or takes goods",
		  test_a_refund_gives_money_or_takes_goods);
	check_run("a refund of shipping has no goods",
		  test_a_refund_of_shipping_has_no_goods);
	check_run("held is an earning or an agent",
		  test_held_is_an_earning_or_an_agent);
	check_run("a stretch of time has a length",
		  test_a_stretch_of_time_has_a_length);
	check_run("a hash of balances is whole or absent",
		  test_a_hash_of_balances_is_whole_or_absent);
	check_run("a price band has an upper end above its lower or none",
		  test_a_price_band_has_an_upper_end_above_its_lower_or_none);
	check_run("a territory ends after it begins",
		  test_a_territory_ends_after_it_begins);
	check_run("a scan names a lot or a serial",
		  test_a_scan_names_a_lot_or_a_serial);
	return check_end();
}
