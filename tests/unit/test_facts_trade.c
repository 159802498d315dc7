/*
 * test_facts_trade.c -- who paid for what: purchases, sales of every class, what was
 * given back, and flags that come and go.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"
#include "../tests/lib/told_facts.h"

static struct money_book book;
static struct money_trade trade;

static void
enrol(const char *agent, const char *sponsor, const char *person)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);

	event.u.agent_enrolled.agent = dbk_str_of(agent);
	event.u.agent_enrolled.sponsor = dbk_str_of(sponsor);
	event.u.agent_enrolled.customer = dbk_str_of(person);
	event.u.agent_enrolled.cooling_off_until = DBK_TIME_ABSENT;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

/* a1 above a2, who is the customer p2. */
static void
begin(void)
{
	money_book_open(&book);
	told_facts_open(&book);
	enrol("a1", "", "");
	enrol("a2", "a1", "p2");
	told_facts_forget();
}

static void
end(void)
{
	told_facts_close(&book);
	money_book_close(&book);
}

static struct dbk_sale *
draft(const char *order, const char *buyer)
{
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "a1");

	sale->buyer = dbk_str_of(buyer);
	money_trade_line(&trade, 1000)->qty = 2;
	return sale;
}

static void
sell(const char *order, const char *buyer)
{
	(void)draft(order, buyer);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
}

static void
flag(enum dbk_event_type type, const char *order, const char *rule)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.order_flag.order = dbk_str_of(order);
	event.u.order_flag.rule = dbk_str_of(rule);
	event.u.order_flag.revision = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
flagged(const char *order, const char *rule)
{
	flag(DBK_EVENT_ORDER_FLAGGED, order, rule);
}

static void
cleared(const char *order, const char *rule)
{
	flag(DBK_EVENT_ORDER_CLEARED, order, rule);
}

static void
leave(const char *agent)
{
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_TERMINATED, agent),
		  DBK_RULE_NONE);
	told_facts_forget();
}

/* ------------------------------------------------------------------------ classes */

static void
test_classes(void)
{
	struct dbk_sale *sale;

	begin();
	sell("o1", "c1");
	told_facts("SOLD a1 (c1) =2000 x2 VERIFIED\nPRICE a1 (c1) =1000 x2 VERIFIED\n");
	sell("o2", "");
	told_facts("SOLD a1 =2000 x2 ANONYMOUS\nPRICE a1 =1000 x2 ANONYMOUS\n");
	sale = draft("o3", "c1");
	sale->paid = 2000;
	trade.event.type = DBK_EVENT_SALE_RECORDED;
	CHECK_INT(money_book_send(&book, &trade.event), DBK_RULE_NONE);
	told_facts("SOLD a1 (c1) =2000 x2 DIRECT\nPRICE a1 (c1) =1000 x2 DIRECT\n");
	sell("o4", "p2");
	sell("o5", "a2");
	told_facts("BOUGHT a2 =2000 x2 #2\nBOUGHT a2 =2000 x2 #2\n");
	leave("a2");
	sell("o6", "p2");
	sell("o7", "a2");
	told_facts(
	    "SOLD a1 (p2) =2000 x2 #2 FORMER\nPRICE a1 (p2) =1000 x2 #2 FORMER\n"
	    "SOLD a1 (a2) =2000 x2 #2 FORMER\nPRICE a1 (a2) =1000 x2 #2 FORMER\n");
	end();
}

/* A customer who enrols later, under its own name, is an agent from then on. */
static void
test_namesakes(void)
{
	begin();
	sell("o1", "a3");
	told_facts("SOLD a1 (a3) =2000 x2 VERIFIED\nPRICE a1 (a3) =1000 x2 VERIFIED\n");
	enrol("a3", "a1", "");
	told_facts("JOINED a3 (a1)\n");
	sell("o2", "a3");
	told_facts("BOUGHT a3 =2000 x2 #2\n");
	/* What was sold stays sold, and what was bought stays bought. */
	CHECK_INT(money_trade_refund(&book, "o1", 1, 500), DBK_RULE_NONE);
	told_facts("SOLD_BACK a1 (a3) =500 VERIFIED\n");
	leave("a3");
	CHECK_INT(money_trade_refund(&book, "o2", 1, 500), DBK_RULE_NONE);
	told_facts("BOUGHT_BACK a3 =500 #2\n");
	end();
}

static void
test_doubted(void)
{
	struct dbk_sale *sale;

	begin();
	/* Before it is paid a flag tells nothing yet. */
	(void)draft("o1", "c1");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	flagged("o1", "r1");
	told_facts("");
	CHECK_INT(money_trade_pay(&book, "o1", 1500, 0), DBK_RULE_NONE);
	told_facts("");
	CHECK_INT(money_trade_pay(&book, "o1", 500, 0), DBK_RULE_NONE);
	told_facts("SOLD a1 (c1) =2000 x2 DOUBTED\nPRICE a1 (c1) =1000 x2 DOUBTED\n");
	cleared("o1", "r1");
	told_facts("RECLASSED a1 (c1) =2000 x2 DOUBTED -> VERIFIED\n");
	/* The first flag and the last one that goes. */
	flagged("o1", "r2");
	flagged("o1", "r3");
	told_facts("RECLASSED a1 (c1) =2000 x2 VERIFIED -> DOUBTED\n");
	CHECK_INT(money_trade_refund(&book, "o1", 1, 300), DBK_RULE_NONE);
	told_facts("SOLD_BACK a1 (c1) =300 DOUBTED\n");
	cleared("o1", "r2");
	told_facts("");
	cleared("o1", "r3");
	told_facts("RECLASSED a1 (c1) =1700 x2 DOUBTED -> VERIFIED\n");
	/* Linked ones are doubted for ever. */
	CHECK_INT(money_book_verify(&book, "a1", "same hash"), DBK_RULE_NONE);
	sale = draft("o2", "c1");
	sale->buyer_payee_hash = dbk_str_of("same hash");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("SOLD a1 (c1) =2000 x2 DOUBTED\nPRICE a1 (c1) =1000 x2 DOUBTED\n");
	flagged("o2", "r1");
	cleared("o2", "r1");
	told_facts("");
	end();
}

static void
test_former_is_kept(void)
{
	begin();
	leave("a2");
	sell("o1", "p2");
	told_facts_forget();
	flagged("o1", "r1");
	cleared("o1", "r1");
	told_facts("RECLASSED a1 (p2) =2000 x2 #2 FORMER -> DOUBTED\n"
		   "RECLASSED a1 (p2) =2000 x2 #2 DOUBTED -> FORMER\n");
	/* A purchase of an agent is none of the classes. */
	enrol("a3", "a1", "p3");
	sell("o2", "p3");
	flagged("o2", "r1");
	told_facts("JOINED a3 (a1)\nBOUGHT a3 =2000 x2 #2\n");
	end();
}

/* The guard flags an order for its payment, and another for its refund. */
static void
test_guards_flag(void)
{
	begin();
	money_book_choose(&book, "fake_order", "FLAG");
	money_book_set(&book, "fake_limit", 40);
	money_book_set(&book, "fake_quick_refund", 40);
	money_book_set(&book, "fake_repeat", 40);
	money_book_set(&book, "fake_repeat_orders", 2);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	sell("o1", "c1");
	told_facts_forget();
	CHECK_INT(money_trade_refund(&book, "o1", 1, 500), DBK_RULE_NONE);
	told_facts("SOLD_BACK a1 (c1) =500 VERIFIED\n"
		   "RECLASSED a1 (c1) =1500 x2 VERIFIED -> DOUBTED\n"
		   "FINDING a1 #18\n");
	sell("o2", "c1");
	told_facts("SOLD a1 (c1) =2000 x2 DOUBTED\nPRICE a1 (c1) =1000 x2 DOUBTED\n"
		   "FINDING a1 #18\n");
	end();
}

/* ------------------------------------------------------------------- amounts, refunds
 */

static void
test_amounts(void)
{
	struct dbk_sale *sale;

	begin();
	sale = draft("o1", "c1");
	sale->shipping = 90;
	sale->fulfilment = DBK_HOLDER_SHIP;
	money_trade_line(&trade, 700)->discount = 100;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("SOLD a1 (c1) =2600 x3 VERIFIED own goods\n"
		   "PRICE a1 (c1) =1000 x2 VERIFIED own goods\n"
		   "PRICE a1 (c1) =600 x1 VERIFIED own goods\n");
	CHECK_INT(money_trade_refund(&book, "o1", 0, 90), DBK_RULE_NONE);
	told_facts("");
	CHECK_INT(money_trade_refund(&book, "o1", 2, 600), DBK_RULE_NONE);
	told_facts("SOLD_BACK a1 (c1) =600 VERIFIED own goods\n");
	/* Nobody sells for the brand. */
	sale = money_trade_begin(&trade, &book, "o2", "");
	(void)money_trade_line(&trade, 50);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("SOLD - =50 x1 ANONYMOUS\nPRICE - =50 x1 ANONYMOUS\n");
	end();
}

/* What was given back before the last payment was never sold. */
static void
test_refund_before_payment(void)
{
	begin();
	(void)draft("o1", "c1");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, "o1", 1000, 0), DBK_RULE_NONE);
	CHECK_INT(money_trade_refund(&book, "o1", 1, 400), DBK_RULE_NONE);
	told_facts("");
	CHECK_INT(money_trade_pay(&book, "o1", 1000, 0), DBK_RULE_NONE);
	told_facts("SOLD a1 (c1) =1600 x2 VERIFIED\nPRICE a1 (c1) =1000 x2 VERIFIED\n");
	end();
}

static void
test_units_back(void)
{
	struct dbk_event event;

	begin();
	sell("o1", "c1");
	told_facts_forget();
	event = money_book_event(&book, DBK_EVENT_REFUND_APPROVED);
	event.u.refund_step.refund = dbk_str_of("r1");
	event.u.refund_step.order = dbk_str_of("o1");
	event.u.refund_step.line = 1;
	event.u.refund_step.qty = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("SOLD_BACK a1 (c1) x1 VERIFIED\n");
	event.u.refund_step.refund = dbk_str_of("r2");
	event.u.refund_step.amount = 2000;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("SOLD_BACK a1 (c1) =2000 x1 VERIFIED\n");
	event.u.refund_step.refund = dbk_str_of("r3");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_REFUND_EXCEEDS_LINE);
	told_facts("");
	end();
}

static void
test_chargeback(void)
{
	struct dbk_event event;
	struct dbk_sale *sale;

	begin();
	sale = draft("o1", "c1");
	sale->shipping = 1000;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts_forget();
	event = money_book_event(&book, DBK_EVENT_CHARGEBACK_OPENED);
	event.u.chargeback_step =
	    (struct dbk_chargeback_step){ .chargeback = dbk_str_of("k1"),
					  .order = dbk_str_of("o1"),
					  .amount = 1500,
					  .psp = dbk_str_of("psp") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("");
	event.type = DBK_EVENT_CHARGEBACK_LOST;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	/* A third of it is of the shipping. */
	told_facts("SOLD_BACK a1 (c1) =1000 VERIFIED\n");
	end();
}

/* ---------------------------------------------------------------------- purchases */

static void
test_purchases(void)
{
	struct dbk_sale *sale;

	begin();
	sale = draft("o1", "a2");
	sale->kind = DBK_ORDER_SELF;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("BOUGHT a2 =2000 x2 #1\n");
	sale = draft("o2", "a2");
	sale->kind = DBK_ORDER_RESTOCK;
	sale->shipping = 50;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	told_facts("");
	CHECK_INT(money_trade_pay(&book, "o2", 2050, 0), DBK_RULE_NONE);
	told_facts("BOUGHT a2 =2000 x2\n");
	CHECK_INT(money_trade_refund(&book, "o1", 1, 200), DBK_RULE_NONE);
	CHECK_INT(money_trade_refund(&book, "o2", 1, 300), DBK_RULE_NONE);
	told_facts("BOUGHT_BACK a2 =200 #1\nBOUGHT_BACK a2 =300\n");
	sale = draft("o3", "c1");
	sale->kind = DBK_ORDER_SAMPLE;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("");
	end();
}

static void
test_fees(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);
	event.u.fee_charged = (struct dbk_fee_charged){ .fee = dbk_str_of("f1"),
							.agent = dbk_str_of("a2"),
							.kind = DBK_FEE_TRAINING,
							.amount = 99900 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event.u.fee_charged.fee = dbk_str_of("f2");
	event.u.fee_charged.kind = DBK_FEE_JOINING;
	event.u.fee_charged.is_condition = true;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("FEE a2 =99900 #3\nFEE a2 =99900 #1 condition\n");
	end();
}

int
main(void)
{
	check_run("a sale is of the first class that fits", test_classes);
	check_run("who enrols later was a consumer before", test_namesakes);
	check_run("flags and links make a sale doubted", test_doubted);
	check_run("what a buyer was is kept", test_former_is_kept);
	check_run("the books flag orders themselves", test_guards_flag);
	check_run("the shipping is no part of a sale", test_amounts);
	check_run("what came back before it was paid was never sold",
		  test_refund_before_payment);
	check_run("units come back, with money or without", test_units_back);
	check_run("a lost dispute takes a sale back", test_chargeback);
	check_run("participants buy for themselves and for stock", test_purchases);
	check_run("fees say what they are for", test_fees);
	return check_end();
}
