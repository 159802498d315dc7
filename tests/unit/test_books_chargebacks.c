/*
 * test_books_chargebacks.c -- disputes: opened, won, lost, and what a lost one takes.
 */

#include "books/core.h"

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

static enum dbk_rule
open_case(const char *name, const char *order, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CHARGEBACK_OPENED);

	event.u.chargeback_step =
	    (struct dbk_chargeback_step){ .chargeback = dbk_str_of(name),
					  .order = dbk_str_of(order),
					  .amount = amount,
					  .psp = dbk_str_of("bank of c") };
	return money_book_send(&book, &event);
}

static enum dbk_rule
end_case(enum dbk_event_type type, const char *name)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.chargeback_step.chargeback = dbk_str_of(name);
	return money_book_send(&book, &event);
}

static enum dbk_rule
lose(const char *name)
{
	return end_case(DBK_EVENT_CHARGEBACK_LOST, name);
}

static enum dbk_rule
win(const char *name)
{
	return end_case(DBK_EVENT_CHARGEBACK_WON, name);
}

static uint32_t
holds_of(const char *order)
{
	return money_trade_order_row(&book, order)->holds;
}

/* a1 earns a tenth of what it sells. */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

/* Two lines and shipping: 3,000, 1,000 and 500. */
static void
begin_lines(bool delivered)
{
	struct money_trade trade;
	struct dbk_sale *sale;

	begin();
	sale = money_trade_begin(&trade, &book, "o1", "a1");
	sale->shipping = 500;
	if (delivered)
		sale->delivered_at = book.now_us;
	(void)money_trade_line(&trade, 3000);
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
}

/* --------------------------------------------------------------------- opening */

static void
test_amounts(void)
{
	struct money_trade trade;

	begin();
	CHECK_INT(open_case("k1", "o1", 1), DBK_RULE_ORDER_UNKNOWN);
	(void)money_trade_begin(&trade, &book, "o1", "a1");
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 1), DBK_RULE_CHARGEBACK_EXCEEDS_PAID);
	CHECK(money_book_measured(&book, 1, 0));
	CHECK_INT(money_trade_pay(&book, "o1", 600, 0), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 100), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 501), DBK_RULE_CHARGEBACK_EXCEEDS_PAID);
	CHECK(money_book_measured(&book, 501, 500));
	CHECK_INT(holds_of("o1"), 0);
	CHECK_INT(open_case("k1", "o1", 500), DBK_RULE_NONE);
	CHECK_INT(holds_of("o1"), 1);
	/* Another one about the same money: which of them is lost first decides. */
	CHECK_INT(open_case("k2", "o1", 500), DBK_RULE_NONE);
	CHECK_INT(holds_of("o1"), 2);
	money_book_close(&book);
}

/* What was paid outside the platform no bank of ours can take back. */
static void
test_direct(void)
{
	struct dbk_event event;
	struct money_trade trade;
	struct dbk_sale *sale;

	begin();
	sale = money_trade_begin(&trade, &book, "o1", "a1");
	(void)money_trade_line(&trade, 1000);
	sale->paid = 1000;
	event = trade.event;
	event.type = DBK_EVENT_SALE_RECORDED;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 1), DBK_RULE_CHARGEBACK_EXCEEDS_PAID);
	CHECK(money_book_measured(&book, 1, 0));
	money_book_close(&book);
}

static void
test_holds(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2110 a1 1000 held\n2130 a1 -1000 held\n"));
	money_book_wait_days(&book, 7);
	CHECK_INT(win("k1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2130 a1 1000 released\n"
				       "2120 a1 -1000 released\n"));
	CHECK_INT(holds_of("o1"), 0);
	money_book_close(&book);
}

static void
test_states(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	CHECK_INT(win("k1"), DBK_RULE_CHARGEBACK_UNKNOWN);
	CHECK_INT(lose("k1"), DBK_RULE_CHARGEBACK_UNKNOWN);
	CHECK_INT(open_case("k1", "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(win("k1"), DBK_RULE_NONE);
	CHECK_INT(lose("k1"), DBK_RULE_CHARGEBACK_STATE);
	CHECK(money_book_measured(&book, DBK_CHARGEBACK_WON, DBK_CHARGEBACK_OPEN));
	CHECK_INT(open_case("k2", "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(lose("k2"), DBK_RULE_NONE);
	CHECK_INT(win("k2"), DBK_RULE_CHARGEBACK_STATE);
	CHECK(money_book_measured(&book, DBK_CHARGEBACK_LOST, DBK_CHARGEBACK_OPEN));
	money_book_close(&book);
}

/* ---------------------------------------------------------------------- losing */

static void
test_lost(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 4000), DBK_RULE_NONE);
	CHECK_INT(lose("k1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 4000 event\n"
				       "1020 bank of c -4000 event\n"
				       "2130 a1 400 reversed\n5010 plan -400 reversed\n"
				       "2130 a1 600 released\n"
				       "2110 a1 -600 released\n"));
	CHECK_INT(money_trade_order_row(&book, "o1")->refunded, 4000);
	CHECK_INT(money_trade_line_row(&book, "o1", 1)->refunded, 4000);
	CHECK_INT(money_book_refund(&book, "o1", 6001), DBK_RULE_REFUND_EXCEEDS_LINE);
	CHECK_INT(money_book_refund(&book, "o1", 6000), DBK_RULE_NONE);
	money_book_close(&book);
}

/* By what each line still has, largest remainder; the shipping is a line. */
static void
test_lines(void)
{
	begin_lines(true);
	CHECK_INT(money_trade_refund(&book, "o1", 1, 1000), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 1000), DBK_RULE_NONE);
	CHECK_INT(lose("k1"), DBK_RULE_NONE);
	/* 1000 over 500, 2000 and 1000: 142.86, 571.43, 285.71. */
	CHECK_INT(money_trade_line_row(&book, "o1", 0)->refunded, 143);
	CHECK_INT(money_trade_line_row(&book, "o1", 1)->refunded, 1571);
	CHECK_INT(money_trade_line_row(&book, "o1", 2)->refunded, 286);
	/* Of 300 142 stay, of 100 71. */
	CHECK(money_book_posted(&book, "4090 web 143 event\n1020 bank of c -143 event\n"
				       "4090 web 571 event\n1020 bank of c -571 event\n"
				       "2130 a1 58 reversed\n5010 plan -58 reversed\n"
				       "4090 web 286 event\n1020 bank of c -286 event\n"
				       "2130 a1 29 reversed\n5010 plan -29 reversed\n"
				       "2130 a1 142 released\n2110 a1 -142 released\n"
				       "2130 a1 71 released\n2110 a1 -71 released\n"));
	money_book_close(&book);
}

static void
test_before_receipt(void)
{
	begin_lines(false);
	CHECK_INT(open_case("k1", "o1", 4500), DBK_RULE_NONE);
	CHECK_INT(lose("k1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2010 500 event\n1020 bank of c -500 event\n"
				       "2010 3000 event\n1020 bank of c -3000 event\n"
				       "2130 a1 300 reversed\n1140 -300 event\n"
				       "2010 1000 event\n1020 bank of c -1000 event\n"
				       "2130 a1 100 reversed\n1140 -100 event\n"));
	CHECK_INT(money_trade_order_row(&book, "o1")->escrow, 0);
	CHECK_INT(money_trade_order_row(&book, "o1")->deferred, 0);
	money_book_close(&book);
}

/* Refunded meanwhile: the bank takes all the same, and what is too much is a loss. */
static void
test_loss(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 9000), DBK_RULE_NONE);
	CHECK_INT(lose("k1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 1000 event\n"
				       "1020 bank of c -1000 event\n"
				       "2130 a1 100 reversed\n5010 plan -100 reversed\n"
				       "5050 bank of c 9000 event\n"
				       "1020 bank of c -9000 event\n"));
	CHECK_INT(holds_of("o1"), 0);
	money_book_close(&book);
}

static void
test_nothing_left(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	CHECK_INT(open_case("k1", "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(lose("k1"), DBK_RULE_NOTHING_TO_REVERSE);
	CHECK_INT(holds_of("o1"), 1);
	CHECK_INT(win("k1"), DBK_RULE_NONE);
	CHECK_INT(holds_of("o1"), 0);
	money_book_close(&book);
}

int
main(void)
{
	check_run("a dispute is about what was paid and is still there", test_amounts);
	check_run("there is none about what was paid elsewhere", test_direct);
	check_run("while it is open its order is held", test_holds);
	check_run("it ends once", test_states);
	check_run("one that is lost takes money and commission back", test_lost);
	check_run("from all lines, by what they still have", test_lines);
	check_run("before receipt from escrow", test_before_receipt);
	check_run("what the order no longer has is a loss", test_loss);
	check_run("with nothing left there is nothing to take", test_nothing_left);
	return check_end();
}
