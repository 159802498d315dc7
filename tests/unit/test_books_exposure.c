/*
 * test_books_exposure.c -- what consumers paid for and an agent has not delivered.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

static void
begin(const char *mode, int64_t limit)
{
	money_book_open(&book);
	if (mode != NULL) {
		money_book_choose(&book, "exposure", mode);
		money_book_set(&book, "max_exposure", limit);
		CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	}
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 100), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

/* a1 is to ship a soap of its own, for AMOUNT; paid, and not there yet. */
static enum dbk_rule
sell(const char *order, int64_t amount)
{
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "a1");

	sale->fulfilment = DBK_HOLDER_SHIP;
	(void)money_trade_line(&trade, amount);
	return money_trade_sell(&trade, &book);
}

static int64_t
undelivered(void)
{
	uint32_t agent = dbk_look_find(book.books, DBK_SPACE_AGENT, dbk_str_of("a1"));
	uint32_t holder = DBK_ROW(book.books, agents, agent, agent)->holder;

	return DBK_ROW(book.books, holders, holder, holder)->undelivered;
}

static int64_t
exposure(void)
{
	return dbk_exposure_of(
	    book.books, dbk_look_find(book.books, DBK_SPACE_AGENT, dbk_str_of("a1")));
}

static bool
found(uint32_t count, int64_t measured, int64_t limit)
{
	return goods_book_found(&book, DBK_RULE_EXPOSURE, DBK_SUBJECT_AGENT, "a1",
				count, measured, limit);
}

static void
test_undelivered(void)
{
	begin(NULL, 0);
	CHECK_INT(sell("o1", 1000), DBK_RULE_NONE);
	CHECK_INT(sell("o2", 500), DBK_RULE_NONE);
	CHECK_INT(undelivered(), 1500);
	CHECK_INT(money_trade_refund(&book, "o2", 1, 200), DBK_RULE_NONE);
	CHECK_INT(undelivered(), 1300);
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	CHECK_INT(undelivered(), 300);
	CHECK_INT(money_book_sell(&book, "o3", "a1", 700), DBK_RULE_NONE);
	CHECK_INT(undelivered(), 300);
	CHECK(found(0, 0, 0));
	end();
}

static void
test_parts(void)
{
	struct dbk_event event;

	begin(NULL, 0);
	CHECK_INT(sell("o1", 1000), DBK_RULE_NONE);
	CHECK_INT(exposure(), 1000);
	event = money_book_event(&book, DBK_EVENT_DEPOSIT_RECEIVED);
	event.u.agent_money.ref = dbk_str_of("d1");
	event.u.agent_money.agent = dbk_str_of("a1");
	event.u.agent_money.amount = 300;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(exposure(), 700);
	money_book_give(&book, "a1", 900);
	CHECK_INT(exposure(), -200);
	CHECK_INT(money_book_request(&book, "p1", "a1", 500), DBK_RULE_NONE);
	CHECK_INT(exposure(), 300);
	event = money_book_event(&book, DBK_EVENT_COMMISSION_HELD);
	event.u.commission_held.hold = dbk_str_of("h1");
	event.u.commission_held.agent = dbk_str_of("a1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2130, "a1"), 400);
	CHECK_INT(exposure(), 300);
	end();
}

static void
test_payment_flagged(void)
{
	begin("REFUSE", 1000);
	CHECK_INT(sell("o1", 1000), DBK_RULE_NONE);
	CHECK(found(0, 0, 0));
	CHECK_INT(sell("o2", 1), DBK_RULE_NONE);
	CHECK(found(1, 1001, 1000));
	/* One whose goods are there leaves nothing undelivered. */
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK(found(1, 1001, 1000));
	end();
}

/* A payment of a part of an order counts as it comes. */
static void
test_part_of_order(void)
{
	begin("FLAG", 99);
	money_trade_begin(&trade, &book, "o1", "a1")->fulfilment = DBK_HOLDER_SHIP;
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, "o1", 99, 0), DBK_RULE_NONE);
	CHECK(found(0, 0, 0));
	CHECK_INT(money_trade_pay(&book, "o1", 1, 0), DBK_RULE_NONE);
	CHECK(found(1, 100, 99));
	end();
}

static void
test_payout_refused(void)
{
	begin("REFUSE", 0);
	money_book_give(&book, "a1", 1500);
	CHECK_INT(sell("o1", 1000), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 501), DBK_RULE_EXPOSURE);
	CHECK(money_book_measured(&book, 1, 0));
	CHECK(strcmp(book.verdict.refusal.field.name, "gross") == 0);
	CHECK_INT(money_book_request(&book, "p2", "a1", 500), DBK_RULE_NONE);
	CHECK(found(0, 0, 0));
	end();
}

static void
test_payout_flagged(void)
{
	begin("FLAG", 0);
	money_book_give(&book, "a1", 1500);
	CHECK_INT(sell("o1", 1000), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 501), DBK_RULE_NONE);
	CHECK(found(1, 1, 0));
	end();
}

static void
test_payout_overridden(void)
{
	struct dbk_event event;

	begin("REFUSE", 0);
	money_book_give(&book, "a1", 1500);
	CHECK_INT(sell("o1", 1000), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_OVERRIDE_GRANTED);
	event.u.override_granted =
	    (struct dbk_override_granted){ .override = dbk_str_of("v1"),
					   .guard = dbk_str_of("EXPOSURE"),
					   .subject = dbk_str_of("a1"),
					   .approver1 = dbk_str_of("p"),
					   .approver2 = dbk_str_of("q"),
					   .expires_at = book.now_us + 1,
					   .reason = dbk_str_of("is known") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 501), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 1), DBK_RULE_EXPOSURE);
	end();
}

static void
test_rank(void)
{
	begin(NULL, 0);
	money_book_choose(&book, "exposure", "FLAG");
	money_book_set(&book, "max_exposure", 10);
	money_book_set(&book, "max_exposure", 1000)->rank = dbk_str_of("gold");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(money_trade_rank(&book, "a1", "", "gold"), DBK_RULE_NONE);
	CHECK_INT(sell("o1", 1000), DBK_RULE_NONE);
	CHECK(found(0, 0, 0));
	CHECK_INT(money_trade_rank(&book, "a1", "gold", "tin"), DBK_RULE_NONE);
	CHECK_INT(sell("o2", 1), DBK_RULE_NONE);
	CHECK(found(1, 1001, 10));
	end();
}

int
main(void)
{
	check_run("what is undelivered follows escrow", test_undelivered);
	check_run("exposure is what an agent owes less what it is owed", test_parts);
	check_run("a payment is flagged, never refused", test_payment_flagged);
	check_run("a part of an order counts as it is paid", test_part_of_order);
	check_run("a payout that leaves too much open is refused", test_payout_refused);
	check_run("a payout that leaves too much open is flagged", test_payout_flagged);
	check_run("an override lets one payout pass", test_payout_overridden);
	check_run("a rank has a limit of its own", test_rank);
	return check_end();
}
