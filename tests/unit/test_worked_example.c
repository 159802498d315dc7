/*
 * test_worked_example.c -- the life of one commission, posting by posting: a sale of
 * 199.00 is paid, received, matures, is drawn and paid out, and is then given back; two
 * later sales pay off what the agent owes.  Then the same with other turns.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;
static int64_t day_zero;

/* The plan of 12.5 and 2.5 % in its third version; C is bound to A1, whose sponsor is
 * A2. */
static void
start_with(const char *flag)
{
	money_book_open(&book);
	for (unsigned version = 1; version <= 3; version++) {
		money_book_set(&book, "pay_max_depth", 2);
		money_book_set(&book, "rate_ppm", 125000)->level = 1;
		money_book_set(&book, "rate_ppm", 25000)->level = 2;
		money_book_set(&book, "window_days", 7);
		if (flag != NULL)
			money_book_set(&book, flag, 1);
		CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	}
	CHECK_INT(money_book_enrol(&book, "A2", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "A1", "A2"), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "A1", "payee"), DBK_RULE_NONE);
	CHECK_INT(money_trade_bind(&book, "C", "A1", DBK_TIME_ABSENT), DBK_RULE_NONE);
	day_zero = book.now_us;
}

static void
start(void)
{
	start_with(NULL);
}

static void
on_day(int day)
{
	money_book_wait_us(&book, day_zero + day * MONEY_BOOK_DAY_US - book.now_us);
}

static void
accepted(enum dbk_rule rule, const char *posted)
{
	CHECK_INT(rule, DBK_RULE_NONE);
	money_book_posted(&book, posted);
}

/* C places an order of AMOUNT and pays it. */
static void
order(const char *name, int64_t amount, const char *posted)
{
	money_trade_begin(&trade, &book, name, "")->buyer = dbk_str_of("C");
	(void)money_trade_line(&trade, amount);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	accepted(money_trade_pay(&book, name, amount, 0), posted);
}

static enum dbk_rule
settle_psp(int64_t gross, int64_t fee)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PSP_SETTLED);

	event.u.psp_settled = (struct dbk_psp_settled){ .psp = dbk_str_of("psp"),
							.batch = dbk_str_of("b1"),
							.gross = gross,
							.fee = fee };
	return money_book_send(&book, &event);
}

static enum dbk_rule
approve_payout(void)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_APPROVED);
	enum dbk_rule rule;

	event.u.payout_step.payout = dbk_str_of("W1");
	event.u.payout_step.action = dbk_str_of("approve");
	book.source = "office";
	rule = money_book_send(&book, &event);
	book.source = "shop";
	return rule;
}

static enum dbk_rule
send_payout(void)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_SENT);

	event.u.payout_sent =
	    (struct dbk_payout_sent){ .payout = dbk_str_of("W1"),
				      .provider = dbk_str_of("pay"),
				      .request_no = dbk_str_of("n1") };
	return money_book_send(&book, &event);
}

static enum dbk_rule
answer_payout(enum dbk_event_type type, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.payout_answer =
	    (struct dbk_payout_answer){ .payout = dbk_str_of("W1"),
					.provider = dbk_str_of("pay"),
					.provider_ref = dbk_str_of("r1"),
					.amount = amount };
	return money_book_send(&book, &event);
}

static enum dbk_rule
refund(const char *name, const char *of, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_REFUND_APPROVED);

	event.u.refund_step = (struct dbk_refund_step){ .refund = dbk_str_of(name),
							.order = dbk_str_of(of),
							.line = 1,
							.amount = amount };
	return money_book_send(&book, &event);
}

static enum dbk_rule
pay_refund(const char *name)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_REFUND_PAID);

	event.u.refund_paid = (struct dbk_refund_paid){ .refund = dbk_str_of(name),
							.psp = dbk_str_of("psp") };
	return money_book_send(&book, &event);
}

/* Days 0 to 9: paid, settled, received, matured. */
static void
sell_first(void)
{
	order("O1", 19900,
	      "1020 psp 19900 event\n"
	      "2010 -19900 event\n"
	      "1140 2985 event\n"
	      "2110 A1 -2488 accrued\n"
	      "2110 A2 -497 accrued\n");
	on_day(1);
	accepted(settle_psp(19900, 119), "1010 psp 19781 event\n"
					 "5030 psp 119 event\n"
					 "1020 psp -19900 event\n");
	on_day(2);
	accepted(money_trade_receive(&book, "O1", 0), "2010 19900 event\n"
						      "4010 web -19900 event\n"
						      "5010 plan 2985 recognised\n"
						      "1140 -2985 event\n");
	CHECK_INT(dbk_look_due_next(book.books),
		  (day_zero + 9 * MONEY_BOOK_DAY_US) / 1000000);
	money_book_wait_us(&book, 7 * MONEY_BOOK_DAY_US - 1);
	money_book_posted(&book, "");
	money_book_wait_us(&book, 1);
	money_book_posted(&book, "2110 A1 2488 matured\n"
				 "2120 A1 -2488 matured\n"
				 "2110 A2 497 matured\n"
				 "2120 A2 -497 matured\n");
}

/* Days 10 and 11: asked for, approved, sent. */
static void
pay_out_first(void)
{
	on_day(10);
	accepted(money_book_request(&book, "W1", "A1", 2488), "2120 A1 2488 drawn\n"
							      "2140 A1 -2488 drawn\n");
	accepted(approve_payout(), "");
	on_day(11);
	accepted(send_payout(), "2140 A1 2488 sent\n2150 A1 -2488 sent\n");
}

static void
settle_payout(void)
{
	accepted(answer_payout(DBK_EVENT_PAYOUT_SETTLED, 0),
		 "2150 A1 2488 paid\n1010 pay -2488 paid\n");
}

/* Day 12: all of it comes back, and A1 has been paid. */
static void
give_back(void)
{
	on_day(12);
	accepted(refund("R1", "O1", 19900), "4090 web 19900 event\n"
					    "2015 -19900 event\n"
					    "1110 A1 2488 reversed\n"
					    "5010 plan -2488 reversed\n"
					    "2120 A2 497 reversed\n"
					    "5010 plan -497 reversed\n");
}

static void
check_balances(int64_t owed, int64_t available_1, int64_t available_2)
{
	CHECK_INT(money_book_balance(&book, 1110, "A1"), owed);
	CHECK_INT(money_book_credit(&book, 2120, "A1"), available_1);
	CHECK_INT(money_book_credit(&book, 2120, "A2"), available_2);
}

static void
test_example(void)
{
	start();
	sell_first();
	pay_out_first();
	settle_payout();
	give_back();
	on_day(13);
	accepted(pay_refund("R1"), "2015 19900 event\n1020 psp -19900 event\n");
	check_balances(2488, 0, 0);
	CHECK_INT(money_book_balance(&book, 5010, "plan"), 0);
	CHECK_INT(money_book_balance(&book, 4010, "web") +
		      money_book_balance(&book, 4090, "web"),
		  0);
	/* The fee, and what was paid to A1. */
	CHECK_INT(money_book_balance(&book, 1010, "psp") +
		      money_book_balance(&book, 1010, "pay") +
		      money_book_balance(&book, 1020, "psp"),
		  -119 - 2488);

	on_day(20);
	order("O2", 12000,
	      "1020 psp 12000 event\n"
	      "2010 -12000 event\n"
	      "1140 1800 event\n"
	      "2110 A1 -1500 accrued\n"
	      "2110 A2 -300 accrued\n");
	on_day(22);
	CHECK_INT(money_trade_receive(&book, "O2", 0), DBK_RULE_NONE);
	on_day(29);
	money_book_posted(&book, "2110 A1 1500 matured\n"
				 "2120 A1 -1500 matured\n"
				 "2120 A1 1500 netted\n"
				 "1110 A1 -1500 netted\n"
				 "2110 A2 300 matured\n"
				 "2120 A2 -300 matured\n");
	check_balances(988, 0, 300);

	on_day(30);
	order("O3", 16000,
	      "1020 psp 16000 event\n"
	      "2010 -16000 event\n"
	      "1140 2400 event\n"
	      "2110 A1 -2000 accrued\n"
	      "2110 A2 -400 accrued\n");
	on_day(32);
	CHECK_INT(money_trade_receive(&book, "O3", 0), DBK_RULE_NONE);
	on_day(39);
	money_book_posted(&book, "2110 A1 2000 matured\n"
				 "2120 A1 -2000 matured\n"
				 "2120 A1 988 netted\n"
				 "1110 A1 -988 netted\n"
				 "2110 A2 400 matured\n"
				 "2120 A2 -400 matured\n");
	/* Of A1's: accrued 5,988, reversed 2,488; paid 2,488 and available 1,012. */
	check_balances(0, 1012, 700);
	money_book_close(&book);
}

/* A1's and A2's first earnings have this left of them. */
static void
check_retained(int64_t first, int64_t second)
{
	struct dbk_row_earning one = dbk_look_earning(book.books, 1);
	struct dbk_row_earning two = dbk_look_earning(book.books, 2);

	CHECK_INT(one.accrued - one.reversed, first);
	CHECK_INT(two.accrued - two.reversed, second);
}

static void
test_partial_refund(void)
{
	static const char half[] = "4090 web 9950 event\n"
				   "2015 -9950 event\n"
				   "2110 A1 1244 reversed\n"
				   "5010 plan -1244 reversed\n"
				   "2110 A2 249 reversed\n"
				   "5010 plan -249 reversed\n";

	start();
	order("O1", 19900,
	      "1020 psp 19900 event\n2010 -19900 event\n1140 2985 event\n"
	      "2110 A1 -2488 accrued\n2110 A2 -497 accrued\n");
	CHECK_INT(money_trade_receive(&book, "O1", 0), DBK_RULE_NONE);
	accepted(refund("R1", "O1", 9950), half);
	check_retained(1244, 248);
	money_book_close(&book);

	/* In two parts, and the other way round. */
	for (unsigned i = 0; i < 2; i++) {
		static const int64_t parts[] = { 4975, 4975, 3, 9947 };

		start();
		order("O1", 19900,
		      "1020 psp 19900 event\n2010 -19900 event\n1140 2985 event\n"
		      "2110 A1 -2488 accrued\n2110 A2 -497 accrued\n");
		CHECK_INT(money_trade_receive(&book, "O1", 0), DBK_RULE_NONE);
		CHECK_INT(refund("R1", "O1", parts[2 * i]), DBK_RULE_NONE);
		CHECK_INT(refund("R2", "O1", parts[2 * i + 1]), DBK_RULE_NONE);
		check_retained(1244, 248);
		money_book_close(&book);
	}
}

static void
test_refund_before_receipt(void)
{
	start();
	order("O1", 19900,
	      "1020 psp 19900 event\n2010 -19900 event\n1140 2985 event\n"
	      "2110 A1 -2488 accrued\n2110 A2 -497 accrued\n");
	/* Neither revenue nor cost has been there. */
	accepted(refund("R1", "O1", 19900), "2010 19900 event\n"
					    "2015 -19900 event\n"
					    "2110 A1 2488 reversed\n"
					    "1140 -2488 event\n"
					    "2110 A2 497 reversed\n"
					    "1140 -497 event\n");
	check_retained(0, 0);
	accepted(money_trade_receive(&book, "O1", 0), "");
	on_day(30);
	check_balances(0, 0, 0);
	money_book_close(&book);
}

static void
test_refund_while_requested(void)
{
	for (unsigned approved = 0; approved < 2; approved++) {
		start_with("cancel_unsent_on_clawback");
		sell_first();
		on_day(10);
		CHECK_INT(money_book_request(&book, "W1", "A1", 2488), DBK_RULE_NONE);
		if (approved)
			CHECK_INT(approve_payout(), DBK_RULE_NONE);
		on_day(12);
		accepted(refund("R1", "O1", 19900), "4090 web 19900 event\n"
						    "2015 -19900 event\n"
						    "2140 A1 2488 given_back\n"
						    "2120 A1 -2488 given_back\n"
						    "2120 A1 2488 reversed\n"
						    "5010 plan -2488 reversed\n"
						    "2120 A2 497 reversed\n"
						    "5010 plan -497 reversed\n");
		check_balances(0, 0, 0);
		CHECK_INT(send_payout(), DBK_RULE_PAYOUT_STATE);
		money_book_close(&book);
	}
}

/* Without that policy, and once it has been sent, the payout stays and A1 owes. */
static void
test_refund_while_sent(void)
{
	for (unsigned sent = 0; sent < 2; sent++) {
		start_with(sent ? "cancel_unsent_on_clawback" : NULL);
		sell_first();
		on_day(10);
		CHECK_INT(money_book_request(&book, "W1", "A1", 2488), DBK_RULE_NONE);
		if (sent) {
			CHECK_INT(approve_payout(), DBK_RULE_NONE);
			CHECK_INT(send_payout(), DBK_RULE_NONE);
		}
		give_back();
		check_balances(2488, 0, 0);
		money_book_close(&book);
	}
}

static void
test_payout_bounces(void)
{
	start();
	sell_first();
	pay_out_first();
	settle_payout();
	give_back();
	on_day(14);
	accepted(answer_payout(DBK_EVENT_PAYOUT_RETURNED, 2488),
		 "1010 pay 2488 returned\n"
		 "2120 A1 -2488 returned\n"
		 "2120 A1 2488 netted\n"
		 "1110 A1 -2488 netted\n");
	check_balances(0, 0, 0);
	money_book_close(&book);
}

static void
test_chargeback_after_refund(void)
{
	struct dbk_event event;

	start();
	sell_first();
	event = money_book_event(&book, DBK_EVENT_CHARGEBACK_OPENED);
	event.u.chargeback_step =
	    (struct dbk_chargeback_step){ .chargeback = dbk_str_of("K1"),
					  .order = dbk_str_of("O1"),
					  .amount = 19900,
					  .psp = dbk_str_of("psp") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(refund("R1", "O1", 19900), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_CHARGEBACK_LOST);
	event.u.chargeback_step.chargeback = dbk_str_of("K1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NOTHING_TO_REVERSE);
	money_book_close(&book);
}

int
main(void)
{
	check_run("the worked example, posting by posting", test_example);
	check_run("half of it comes back in the window, at once or in parts",
		  test_partial_refund);
	check_run("it comes back before the receipt", test_refund_before_receipt);
	check_run("it comes back while a payout waits", test_refund_while_requested);
	check_run("it comes back while a payout is on its way", test_refund_while_sent);
	check_run("the payout bounces after that", test_payout_bounces);
	check_run("a chargeback finds nothing left", test_chargeback_after_refund);
	return check_end();
}
