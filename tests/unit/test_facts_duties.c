/*
 * test_facts_duties.c -- what the rules of the house did: returns and buy-backs asked
 * for, what was denied, plans, findings.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"
#include "../tests/lib/told_facts.h"

static struct money_book book;
static struct money_trade trade;

static void
begin(void)
{
	money_book_open(&book);
	told_facts_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	told_facts_forget();
}

static void
end(void)
{
	told_facts_close(&book);
	money_book_close(&book);
}

static void
refund(enum dbk_event_type type, const char *name, const char *order, uint32_t line)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.refund_step = (struct dbk_refund_step){ .refund = dbk_str_of(name),
							.order = dbk_str_of(order),
							.line = line,
							.amount = 10 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
ask(const char *name, const char *order, uint32_t line)
{
	refund(DBK_EVENT_REFUND_REQUESTED, name, order, line);
}

static void
deny(const char *name)
{
	refund(DBK_EVENT_REFUND_REJECTED, name, "", 0);
}

static void
test_refunds(void)
{
	struct dbk_sale *sale;

	begin();
	sale = money_trade_begin(&trade, &book, "o1", "a1");
	sale->buyer = dbk_str_of("c1");
	sale->shipping = 50;
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts_forget();
	ask("r1", "o1", 1);
	told_facts("REFUND_ASKED a1 (c1)\n");
	money_book_wait_us(&book, 7 * MONEY_BOOK_DAY_US - 1);
	ask("r2", "o1", 1);
	money_book_wait_us(&book, 1);
	ask("r3", "o1", 1);
	told_facts("REFUND_ASKED a1 (c1) x6\nREFUND_ASKED a1 (c1) x7\n");
	money_book_wait_days(&book, 30);
	/* However late the answer is, it is to the same request. */
	deny("r2");
	deny("r1");
	told_facts("REFUND_DENIED a1 (c1) x6\nREFUND_DENIED a1 (c1)\n");
	/* The shipping alone is no return, and agents are no consumers. */
	ask("r4", "o1", 0);
	deny("r4");
	sale->order = dbk_str_of("o2");
	sale->buyer = dbk_str_of("a2");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("BOUGHT a2 =1000 x1 #2\n");
	ask("r5", "o2", 1);
	deny("r5");
	told_facts("");
	end();
}

/* A sale that was paid outside has a day, too. */
static void
test_refund_of_direct_sale(void)
{
	begin();
	(void)money_trade_begin(&trade, &book, "o1", "a1");
	(void)money_trade_line(&trade, 1000);
	trade.event.u.sale.paid = 1000;
	trade.event.type = DBK_EVENT_SALE_RECORDED;
	CHECK_INT(money_book_send(&book, &trade.event), DBK_RULE_NONE);
	money_book_wait_days(&book, 3);
	told_facts_forget();
	ask("r1", "o1", 1);
	told_facts("REFUND_ASKED a1 x3\n");
	end();
}

static void
test_buybacks(void)
{
	struct dbk_event event;
	uint64_t asked;

	begin();
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 10), DBK_RULE_NONE);
	told_facts_forget();
	event = money_book_event(&book, DBK_EVENT_BUYBACK_REQUESTED);
	event.u.buyback_requested =
	    (struct dbk_buyback_requested){ .request = dbk_str_of("b1"),
					    .agent = dbk_str_of("a1"),
					    .sku = dbk_str_of("soap"),
					    .qty = 11 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_STOCK_INSUFFICIENT);
	event.u.buyback_requested.qty = 6;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("BUYBACK_ASKED a1 x6\n");
	asked = told_facts_last().hash;
	event = money_book_event(&book, DBK_EVENT_BUYBACK_SETTLED);
	event.u.buyback_settled =
	    (struct dbk_buyback_settled){ .document = dbk_str_of("d1"),
					  .request = dbk_str_of("b1"),
					  .agent = dbk_str_of("a1"),
					  .sku = dbk_str_of("soap"),
					  .qty = 2,
					  .unit_price_paid = 100,
					  .price_ppm = 800000,
					  .deductions = 10,
					  .amount = 150 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("BOUGHT_BACK a1 =150 x2\nBUYBACK_SETTLED a1 =150 x2 #800000\n"
		   "GOODS a1 x2 RETURNED tier 1\n");
	CHECK(asked != 0);
	end();
}

static void
test_deposits(void)
{
	struct dbk_event event;

	begin();
	told_facts_forget();
	event = money_book_event(&book, DBK_EVENT_DEPOSIT_RECEIVED);
	event.u.agent_money = (struct dbk_agent_money){ .agent = dbk_str_of("a9"),
							.amount = 500,
							.ref = dbk_str_of("d1") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_AGENT_UNKNOWN);
	event.u.agent_money.agent = dbk_str_of("a1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("DEPOSIT a1 =500\n");
	event.type = DBK_EVENT_DEPOSIT_RETURNED;
	event.u.agent_money.ref = dbk_str_of("d2");
	event.u.agent_money.amount = 501;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_DEPOSIT_EXCEEDED);
	event.u.agent_money.amount = 200;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("DEPOSIT_BACK a1 =200\n");
	end();
}

static void
reject(const char *payout, const char *reason)
{
	struct dbk_event event;

	CHECK_INT(money_book_request(&book, payout, "a1", 100), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_PAYOUT_REJECTED);
	event.u.payout_step = (struct dbk_payout_step){ .payout = dbk_str_of(payout),
							.action = dbk_str_of(payout),
							.reason = dbk_str_of(reason) };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_denied_payouts(void)
{
	begin();
	money_book_give(&book, "a1", 5000);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	told_facts_forget();
	reject("w1", "");
	reject("w2", "no such account");
	told_facts("PAYOUT_DENIED a1\nPAYOUT_DENIED a1 #1\n");
	end();
}

static void
test_plans(void)
{
	struct dbk_event event;
	struct dbk_fact fact;

	begin();
	event = money_book_event(&book, DBK_EVENT_PLAN_PUBLISHED);
	event.u.plan_published.plan = dbk_str_of("p");
	event.u.plan_published.version = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	fact = told_facts_last();
	CHECK_INT(fact.kind, DBK_FACT_PLAN);
	CHECK_INT(fact.at, book.now_us);
	CHECK_INT(fact.hash, INT64_MAX);
	event.u.plan_published.version = 2;
	event.u.plan_published.valid_from = book.now_us + 5;
	event.u.plan_published.valid_to = book.now_us + 9;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	fact = told_facts_last();
	CHECK_INT(fact.at, book.now_us + 5);
	CHECK_INT(fact.hash, book.now_us + 9);
	CHECK_INT(fact.code, 0);
	end();
}

/* Once, however often it is seen. */
static void
test_findings(void)
{
	goods_book_begin(&book, "cycle", "FLAG", NULL, 0);
	told_facts_open(&book);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 3), DBK_RULE_NONE);
	told_facts_forget();
	CHECK_INT(goods_book_pass(&book, "a2", "a1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(told_facts_last().kind, DBK_FACT_FINDING);
	CHECK_INT(told_facts_last().code, DBK_GUARD_CYCLE);
	told_facts("GOODS a2 (a1) x1 PASSED_DOWN tier 2\n"
		   "GOODS a1 (a2) x1 RECEIVED tier 3\nFINDING a2 #20\n");
	CHECK_INT(told_facts_last().qty, DBK_RULE_GOODS_CYCLE);
	CHECK_INT(told_facts_last().amount, 1);
	CHECK_INT(goods_book_pass(&book, "a2", "a1", "soap", 1), DBK_RULE_NONE);
	told_facts("GOODS a2 (a1) x1 PASSED_DOWN tier 2\n"
		   "GOODS a1 (a2) x1 RECEIVED tier 3\n");
	end();
}

int
main(void)
{
	check_run("a deposit is told when it comes and when it goes back",
		  test_deposits);
	check_run("consumers ask for their money back, and are denied", test_refunds);
	check_run("what was paid outside has a day", test_refund_of_direct_sale);
	check_run("agents ask for a buy-back and get it", test_buybacks);
	check_run("payouts are denied with or without a reason", test_denied_payouts);
	check_run("plans are facts of the time they are for", test_plans);
	check_run("a finding is told once", test_findings);
	return check_end();
}
