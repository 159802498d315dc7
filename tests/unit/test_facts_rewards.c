/*
 * test_facts_rewards.c -- who was rewarded for whose deed, what was taken back, and
 * what left the bank.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"
#include "../tests/lib/told_facts.h"

static struct money_book book;
static struct money_trade trade;
static unsigned n_names;

/* a1 above a2; the plan is what was set, with a tenth and a twentieth of each sale. */
static void
begin(const char *engine, const char *accrue_on)
{
	money_book_open(&book);
	told_facts_open(&book);
	money_book_set(&book, "pay_max_depth", 2);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	money_book_set(&book, "rate_ppm", 50000)->level = 2;
	money_book_set(&book, "enrol_reward", 700)->level = 1;
	money_book_set(&book, "fee_rate_ppm", 100000)->level = 1;
	(void)money_book_choose(&book, "base", "PAID");
	(void)money_book_choose(&book, "engine", engine);
	(void)money_book_choose(&book, "accrue_on", accrue_on);
	(void)money_book_choose(&book, "acknowledge", "RECRUITING");
	(void)money_book_choose(&book, "acknowledge", "HEAD_COUNT");
	(void)money_book_choose(&book, "acknowledge", "SELL_IN");
	money_book_set(&book, "pays_on_sell_in", 1);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	told_facts_forget();
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
}

static void
end(void)
{
	told_facts_close(&book);
	money_book_close(&book);
}

static const char *
fresh(void)
{
	static char name[16];

	(void)snprintf(name, sizeof name, "x%u", ++n_names);
	return name;
}

static struct dbk_sale *
draft(const char *order, const char *buyer)
{
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "a2");

	sale->buyer = dbk_str_of(buyer);
	(void)money_trade_line(&trade, 1000);
	return sale;
}

static void
flag(enum dbk_event_type type, const char *order)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.order_flag.order = dbk_str_of(order);
	event.u.order_flag.rule = dbk_str_of("r1");
	event.u.order_flag.revision = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
charge(const char *fee, const char *agent)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);

	event.u.fee_charged = (struct dbk_fee_charged){ .fee = dbk_str_of(fee),
							.agent = dbk_str_of(agent),
							.kind = DBK_FEE_KIT,
							.amount = 3000,
							.psp = dbk_str_of("psp"),
							.psp_txn = dbk_str_of(fee) };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

/* ------------------------------------------------------------------------ of orders */

static void
test_retail(void)
{
	begin("DAYBOOK", "PAID");
	told_facts("JOINED a2 (a1)\nREWARD a1 (a2) =700 HEADCOUNT +1\n");
	(void)draft("o1", "c1");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("SOLD a2 (c1) =1000 x1 VERIFIED\nPRICE a2 (c1) =1000 x1 VERIFIED\n"
		   "REWARD a2 (a2) =100 OWN_RETAIL +0 VERIFIED\n"
		   "REWARD a1 (a2) =50 DOWN_RETAIL +1 VERIFIED\n");
	CHECK_INT(money_trade_refund(&book, "o1", 1, 300), DBK_RULE_NONE);
	told_facts("SOLD_BACK a2 (c1) =300 VERIFIED\n"
		   "REWARD_BACK a1 (a2) =15 DOWN_RETAIL +1 VERIFIED\n"
		   "REWARD_BACK a2 (a2) =30 OWN_RETAIL +0 VERIFIED\n");
	CHECK_INT(money_trade_refund(&book, "o1", 1, 700), DBK_RULE_NONE);
	told_facts("SOLD_BACK a2 (c1) =700 VERIFIED\n"
		   "REWARD_BACK a1 (a2) =35 DOWN_RETAIL +1 VERIFIED\n"
		   "REWARD_BACK a2 (a2) =70 OWN_RETAIL +0 VERIFIED\n");
	end();
}

/* What is taken back is of the class that it was paid for. */
static void
test_doubted(void)
{
	begin("DAYBOOK", "PAID");
	(void)draft("o1", "c1");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	flag(DBK_EVENT_ORDER_FLAGGED, "o1");
	told_facts_forget();
	CHECK_INT(money_trade_pay(&book, "o1", 1000, 0), DBK_RULE_NONE);
	told_facts("SOLD a2 (c1) =1000 x1 DOUBTED\nPRICE a2 (c1) =1000 x1 DOUBTED\n"
		   "REWARD a2 (a2) =100 OWN_RETAIL +0 DOUBTED\n"
		   "REWARD a1 (a2) =50 DOWN_RETAIL +1 DOUBTED\n");
	flag(DBK_EVENT_ORDER_CLEARED, "o1");
	told_facts_forget();
	CHECK_INT(money_trade_refund(&book, "o1", 1, 1000), DBK_RULE_NONE);
	told_facts("SOLD_BACK a2 (c1) =1000 VERIFIED\n"
		   "REWARD_BACK a1 (a2) =50 DOWN_RETAIL +1 DOUBTED\n"
		   "REWARD_BACK a2 (a2) =100 OWN_RETAIL +0 DOUBTED\n");
	end();
}

/* Of what came back before the goods arrived nothing is earned. */
static void
test_accrued_on_receipt(void)
{
	begin("DAYBOOK", "RECEIVED");
	(void)draft("o1", "");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts_forget();
	CHECK_INT(money_trade_refund(&book, "o1", 1, 400), DBK_RULE_NONE);
	told_facts("SOLD_BACK a2 =400 ANONYMOUS\n");
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	told_facts("REWARD a2 (a2) =100 OWN_RETAIL +0 ANONYMOUS\n"
		   "REWARD_BACK a2 (a2) =40 OWN_RETAIL +0 ANONYMOUS\n"
		   "REWARD a1 (a2) =50 DOWN_RETAIL +1 ANONYMOUS\n"
		   "REWARD_BACK a1 (a2) =20 DOWN_RETAIL +1 ANONYMOUS\n");
	end();
}

static void
test_purchases(void)
{
	struct dbk_sale *sale;

	begin("DAYBOOK", "PAID");
	told_facts_forget();
	/* A customer who is an agent: pay on it is pay on a purchase. */
	(void)draft("o1", "a1");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("BOUGHT a1 =1000 x1 #2\n"
		   "REWARD a2 (a2) =100 #2 OWN_PURCHASE +0\n"
		   "REWARD a1 (a2) =50 #2 DOWN_PURCHASE +1\n");
	CHECK_INT(money_trade_refund(&book, "o1", 1, 1000), DBK_RULE_NONE);
	told_facts("BOUGHT_BACK a1 =1000 #2\n"
		   "REWARD_BACK a1 (a2) =50 #2 DOWN_PURCHASE +1\n"
		   "REWARD_BACK a2 (a2) =100 #2 OWN_PURCHASE +0\n");
	sale = draft("o2", "a2");
	sale->kind = DBK_ORDER_RESTOCK;
	sale->seller = dbk_str_of("");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("BOUGHT a2 =1000 x1\n"
		   "REWARD a2 (a2) =100 OWN_PURCHASE +0\n"
		   "REWARD a1 (a2) =50 DOWN_PURCHASE +1\n");
	end();
}

static void
test_buyback_reverses(void)
{
	struct dbk_event event;
	struct dbk_sale *sale;

	begin("DAYBOOK", "PAID");
	sale = draft("o1", "a2");
	sale->kind = DBK_ORDER_RESTOCK;
	sale->lines[0].qty = 10;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	told_facts_forget();
	event = money_book_event(&book, DBK_EVENT_BUYBACK_SETTLED);
	event.u.buyback_settled =
	    (struct dbk_buyback_settled){ .document = dbk_str_of("d1"),
					  .agent = dbk_str_of("a2"),
					  .sku = dbk_str_of("soap"),
					  .qty = 4,
					  .unit_price_paid = 1000,
					  .price_ppm = 900000,
					  .amount = 3600,
					  .order = dbk_str_of("o1"),
					  .line = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("BOUGHT_BACK a2 =3600 x4\nBUYBACK_SETTLED a2 =3600 x4 #900000\n"
		   "GOODS a2 x4 RETURNED tier 1\n"
		   "REWARD_BACK a1 (a2) =200 DOWN_PURCHASE +1\n"
		   "REWARD_BACK a2 (a2) =400 OWN_PURCHASE +0\n");
	end();
}

static void
test_nobodys(void)
{
	begin("DAYBOOK", "PAID");
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	told_facts_forget();
	(void)draft("o1", "");
	trade.event.u.sale.fulfilment = DBK_HOLDER_SHIP;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("SOLD a2 =1000 x1 ANONYMOUS own goods\n"
		   "PRICE a2 =1000 x1 ANONYMOUS own goods\n");
	/* The proceeds of own goods are no reward, and nobody's shares are not, either.
	 */
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 1), DBK_RULE_NONE);
	told_facts_forget();
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	told_facts("GOODS a2 =1000 x1 SOLD tier 1\n");
	(void)draft("o2", "");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("SOLD a2 =1000 x1 ANONYMOUS\nPRICE a2 =1000 x1 ANONYMOUS\n"
		   "REWARD a2 (a2) =100 OWN_RETAIL +0 ANONYMOUS\n");
	end();
}

/* ------------------------------------------------------------------ pools and others
 */

static void
award(const char *metric)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_BONUS_AWARDED);
	struct dbk_share shares[] = { { dbk_str_of("a1"), 60 },
				      { dbk_str_of("a2"), 40 } };

	event.u.bonus_awarded =
	    (struct dbk_bonus_awarded){ .bonus = dbk_str_of(fresh()),
					.period = dbk_str_of("p"),
					.pool = 100,
					.metric = dbk_str_of(metric),
					.shares = shares,
					.n_shares = 2 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_pools(void)
{
	begin("DAYBOOK", "PAID");
	told_facts_forget();
	award("MATURED_RETAIL");
	told_facts("REWARD a1 =60 DOWN_RETAIL +0 VERIFIED pool\n"
		   "REWARD a2 =40 DOWN_RETAIL +0 VERIFIED pool\n");
	award("HEAD_COUNT");
	told_facts(
	    "REWARD a1 =60 HEADCOUNT +0 pool\nREWARD a2 =40 HEADCOUNT +0 pool\n");
	award("PURCHASE_VOLUME");
	told_facts("REWARD a1 =60 DOWN_PURCHASE +0 pool\n"
		   "REWARD a2 =40 DOWN_PURCHASE +0 pool\n");
	award("TRAINING");
	told_facts("REWARD a1 =60 OTHER +0 pool\nREWARD a2 =40 OTHER +0 pool\n");
	end();
}

static void
test_fees_and_hands(void)
{
	begin("DAYBOOK", "PAID");
	told_facts_forget();
	charge("f1", "a2");
	told_facts("FEE a2 =3000 #2\nREWARD a1 (a2) =300 JOIN_FEE +1\n");
	money_book_give(&book, "a2", 500);
	told_facts("REWARD a2 =500 OTHER +0\n");
	end();
}

/* ------------------------------------------------------------------ reported by others
 */

static void
report(const char *payee, enum dbk_basis basis, uint32_t distance, const char *cause)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_COMMISSION_REPORTED);

	event.u.commission_reported = (struct dbk_commission_reported){
		.commission = dbk_str_of(fresh()),
		.payee = dbk_str_of(payee),
		.amount = 77,
		.basis = basis,
		.distance = distance,
		.cause_order = dbk_str_of(cause),
		.cause_line = 1,
		.cause_agent = dbk_str_of("a2"),
	};
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_reports(void)
{
	begin("PLATFORM", "PAID");
	told_facts("JOINED a2 (a1)\n");
	charge("f1", "a2");
	(void)draft("o1", "c1");
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("FEE a2 =3000 #2\n"
		   "SOLD a2 (c1) =1000 x1 VERIFIED\nPRICE a2 (c1) =1000 x1 VERIFIED\n");
	report("a2", DBK_BASIS_RETAIL, 0, "o1");
	report("a1", DBK_BASIS_RETAIL, 300, "o1");
	report("nobody", DBK_BASIS_RETAIL, 0, "o1");
	told_facts("REWARD a2 (a2) =77 OWN_RETAIL +0 VERIFIED\n"
		   "REWARD a1 (a2) =77 DOWN_RETAIL +255 VERIFIED\n");
	report("a1", DBK_BASIS_RETAIL, 1, "o9");
	report("a1", DBK_BASIS_SELL_IN, 1, "o9");
	report("a1", DBK_BASIS_SELL_IN, 0, "o9");
	told_facts("REWARD a1 (a2) =77 DOWN_RETAIL +1 ANONYMOUS\n"
		   "REWARD a1 (a2) =77 DOWN_PURCHASE +1\n"
		   "REWARD a1 (a2) =77 OWN_PURCHASE +0\n");
	report("a1", DBK_BASIS_RECRUITING, 1, "f1");
	report("a1", DBK_BASIS_RECRUITING, 1, "o1");
	report("a1", DBK_BASIS_OTHER, 1, "");
	told_facts("REWARD a1 (a2) =77 JOIN_FEE +1\nREWARD a1 (a2) =77 HEADCOUNT +1\n"
		   "REWARD a1 (a2) =77 OTHER +1\n");
	/* What was expected of the platform was no reward, so nothing is taken back. */
	CHECK_INT(money_trade_refund(&book, "o1", 1, 1000), DBK_RULE_NONE);
	told_facts("SOLD_BACK a2 (c1) =1000 VERIFIED\n");
	end();
}

static void
test_reports_beside_the_books(void)
{
	begin("DAYBOOK", "PAID");
	told_facts_forget();
	report("a1", DBK_BASIS_OTHER, 0, "");
	told_facts("");
	end();
	/* Without a plan the platform pays. */
	money_book_open(&book);
	told_facts_open(&book);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	told_facts_forget();
	(void)draft("o1", "a2");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	report("a2", DBK_BASIS_RETAIL, 0, "o1");
	told_facts("REWARD a2 (a2) =77 #2 OWN_PURCHASE +0\n");
	/* Nothing vouches for what is not paid. */
	(void)draft("o2", "c1");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	report("a2", DBK_BASIS_RETAIL, 0, "o2");
	told_facts("REWARD a2 (a2) =77 OWN_RETAIL +0 ANONYMOUS\n");
	end();
}

/* -------------------------------------------------------------------------- payouts */

static void
test_paid_out(void)
{
	struct dbk_event event;

	begin("DAYBOOK", "PAID");
	money_book_give(&book, "a1", 5000);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_wait_days(&book, 8);
	told_facts_forget();
	CHECK_INT(money_book_request(&book, "w1", "a1", 4000), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_PAYOUT_APPROVED);
	event.u.payout_step.payout = dbk_str_of("w1");
	event.u.payout_step.action = dbk_str_of("1");
	book.source = "office";
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	book.source = "shop";
	event = money_book_event(&book, DBK_EVENT_PAYOUT_SENT);
	event.u.payout_sent.payout = dbk_str_of("w1");
	event.u.payout_sent.provider = dbk_str_of("pay");
	event.u.payout_sent.request_no = dbk_str_of("n1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("");
	event = money_book_event(&book, DBK_EVENT_PAYOUT_SETTLED);
	event.u.payout_answer.payout = dbk_str_of("w1");
	event.u.payout_answer.provider = dbk_str_of("pay");
	event.u.payout_answer.provider_ref = dbk_str_of("p1");
	event.u.payout_answer.fee = 20;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("PAID_OUT a1 =4000\n");
	event = money_book_event(&book, DBK_EVENT_PAYOUT_RETURNED);
	event.u.payout_answer.payout = dbk_str_of("w1");
	event.u.payout_answer.provider = dbk_str_of("pay");
	event.u.payout_answer.provider_ref = dbk_str_of("p2");
	event.u.payout_answer.amount = 1500;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("PAID_OUT a1 =-1500\n");
	end();
}

int
main(void)
{
	check_run("retail is rewarded, and refunds take it back", test_retail);
	check_run("pay on a doubted sale stays doubted", test_doubted);
	check_run("pay may come into being smaller than it was",
		  test_accrued_on_receipt);
	check_run("pay on purchases of agents is told apart", test_purchases);
	check_run("a buy-back takes pay back", test_buyback_reverses);
	check_run("proceeds and nobody's shares are no rewards", test_nobodys);
	check_run("pools have the basis of their metric", test_pools);
	check_run("fees are rewarded, and hands give", test_fees_and_hands);
	check_run("a platform says what it paid", test_reports);
	check_run("a report beside the books is none, without a plan it is",
		  test_reports_beside_the_books);
	check_run("payouts leave the bank and come back", test_paid_out);
	return check_end();
}
