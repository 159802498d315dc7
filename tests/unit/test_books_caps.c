/*
 * test_books_caps.c -- what one agent may earn in a month.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

/* a1 <- a2 <- a3, 10 and 5 %, and a cap of each kind; 0: none. */
static void
start(int64_t agent_cap, int64_t retail_ppm)
{
	money_book_open(&book);
	money_book_set(&book, "pay_max_depth", 2);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	money_book_set(&book, "rate_ppm", 50000)->level = 2;
	money_book_set(&book, "agent_period_cap", agent_cap);
	money_book_set(&book, "own_retail_cap_ppm", retail_ppm);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "a1");
	(void)money_book_enrol(&book, "a3", "a2");
}

static void
sell(const char *order, const char *seller, int64_t amount, const char *earned)
{
	CHECK_INT(money_book_sell(&book, order, seller, amount), DBK_RULE_NONE);
	money_trade_earned(&book, order, earned);
}

static void
test_agent_cap(void)
{
	start(1500, 0);
	sell("o1", "a3", 10000,
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +1 a2 50000 10000 500 PENDING\n");
	/* To the cap, and what is over it. */
	sell("o2", "a3", 5010,
	     "1 L1 +0 a3 100000 5010 500 PENDING\n"
	     "1 L1 +0 a3 100000 5010 1 UNASSIGNED AGENT_CAP\n"
	     "1 L2 +1 a2 50000 5010 250 PENDING\n");
	sell("o3", "a3", 10000,
	     "1 L1 +0 a3 100000 10000 1000 UNASSIGNED AGENT_CAP\n"
	     "1 L2 +1 a2 50000 10000 500 PENDING\n");
	sell("o4", "a3", 10000,
	     "1 L1 +0 a3 100000 10000 1000 UNASSIGNED AGENT_CAP\n"
	     "1 L2 +1 a2 50000 10000 250 PENDING\n"
	     "1 L2 +1 a2 50000 10000 250 UNASSIGNED AGENT_CAP\n");
	/* What is reversed does not make room. */
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	sell("o5", "a3", 10, "1 L1 +0 a3 100000 10 1 UNASSIGNED AGENT_CAP\n");
	money_book_close(&book);
}

static void
test_exactly_the_cap(void)
{
	start(1000, 0);
	sell("o1", "a1", 10000,
	     "1 L1 +0 a1 100000 10000 1000 PENDING\n"
	     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n");
	money_book_close(&book);
	start(1001, 0);
	sell("o1", "a1", 10000,
	     "1 L1 +0 a1 100000 10000 1000 PENDING\n"
	     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n");
	money_book_close(&book);
	start(999, 0);
	sell("o1", "a1", 10000,
	     "1 L1 +0 a1 100000 10000 999 PENDING\n"
	     "1 L1 +0 a1 100000 10000 1 UNASSIGNED AGENT_CAP\n"
	     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n");
	money_book_close(&book);
}

static void
test_retail_cap(void)
{
	start(0, 300000);
	/* Nothing sold, nothing earned. */
	sell("o1", "a3", 10000,
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +1 a2 50000 10000 500 UNASSIGNED RETAIL_CAP\n");
	sell("o2", "a2", 1001,
	     "1 L1 +0 a2 100000 1001 100 PENDING\n"
	     "1 L2 +1 a1 50000 1001 50 UNASSIGNED RETAIL_CAP\n");
	/* floor(1,001 * 0.3) - 100 */
	sell("o3", "a3", 10000,
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +1 a2 50000 10000 200 PENDING\n"
	     "1 L2 +1 a2 50000 10000 300 UNASSIGNED RETAIL_CAP\n");
	money_book_close(&book);
}

static void
test_both_caps(void)
{
	/* The smaller one cuts; if they are equal, the agent's. */
	for (int64_t cap = 299; cap <= 301; cap++) {
		start(cap, 300000);
		CHECK_INT(money_book_sell(&book, "o1", "a2", 1000), DBK_RULE_NONE);
		sell("o2", "a3", 10000,
		     cap == 299	  ? "1 L1 +0 a3 100000 10000 299 PENDING\n"
				    "1 L1 +0 a3 100000 10000 701 UNASSIGNED AGENT_CAP\n"
				    "1 L2 +1 a2 50000 10000 199 PENDING\n"
				    "1 L2 +1 a2 50000 10000 301 UNASSIGNED AGENT_CAP\n"
		     : cap == 300 ? "1 L1 +0 a3 100000 10000 300 PENDING\n"
				    "1 L1 +0 a3 100000 10000 700 UNASSIGNED AGENT_CAP\n"
				    "1 L2 +1 a2 50000 10000 200 PENDING\n"
				    "1 L2 +1 a2 50000 10000 300 UNASSIGNED AGENT_CAP\n"
				  : "1 L1 +0 a3 100000 10000 301 PENDING\n"
				    "1 L1 +0 a3 100000 10000 699 UNASSIGNED AGENT_CAP\n"
				    "1 L2 +1 a2 50000 10000 200 PENDING\n"
				    "1 L2 +1 a2 50000 10000 300 UNASSIGNED "
				    "RETAIL_CAP\n");
		money_book_close(&book);
	}
}

static void
test_months(void)
{
	start(1000, 0);
	book.now_us += 30 * MONEY_BOOK_DAY_US - 1; /* the last moment of November */
	sell("o1", "a1", 10000,
	     "1 L1 +0 a1 100000 10000 1000 PENDING\n"
	     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n");
	sell("o2", "a1", 10, "1 L1 +0 a1 100000 10 1 UNASSIGNED AGENT_CAP\n");
	book.now_us += 1;
	sell("o3", "a1", 10, "1 L1 +0 a1 100000 10 1 PENDING\n");
	/* What comes late counts in December, and does not begin November again. */
	book.now_us -= 1;
	sell("o4", "a1", 10, "1 L1 +0 a1 100000 10 1 PENDING\n");
	book.now_us += 1;
	sell("o5", "a1", 10000,
	     "1 L1 +0 a1 100000 10000 998 PENDING\n"
	     "1 L1 +0 a1 100000 10000 2 UNASSIGNED AGENT_CAP\n"
	     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n");
	money_book_close(&book);
}

static void
test_what_is_own_retail(void)
{
	struct dbk_event event;

	start(0, 200000);
	event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
	event.u.agent_enrolled.agent = dbk_str_of("b1");
	event.u.agent_enrolled.customer = dbk_str_of("c1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "b2", "b1"), DBK_RULE_NONE);
	/* What one buys oneself is none. */
	money_trade_begin(&trade, &book, "o1", "b1")->buyer = dbk_str_of("c1");
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	sell("o2", "b2", 1000,
	     "1 L1 +0 b2 100000 1000 100 PENDING\n"
	     "1 L2 +1 b1 50000 1000 50 UNASSIGNED RETAIL_CAP\n");
	sell("o3", "b1", 1000,
	     "1 L1 +0 b1 100000 1000 100 PENDING\n"
	     "1 L2 +1 - 50000 1000 50 UNASSIGNED NO_UPLINE\n");
	sell("o4", "b2", 10000,
	     "1 L1 +0 b2 100000 10000 1000 PENDING\n"
	     "1 L2 +1 b1 50000 10000 100 PENDING\n"
	     "1 L2 +1 b1 50000 10000 400 UNASSIGNED RETAIL_CAP\n");
	money_book_close(&book);
}

static void
test_own_retail_of_several(void)
{
	start(0, 200000);
	(void)money_trade_begin(&trade, &book, "o1", "");
	(void)money_trade_line(&trade, 1000);
	money_trade_part(&trade, "a2", 500000);
	money_trade_part(&trade, "a1", 500000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	/* It is the first one's. */
	money_trade_earned(&book, "o1",
			   "1 L1 +0 a2 100000 1000 50 PENDING\n"
			   "1 L1 +0 a1 100000 1000 50 UNASSIGNED RETAIL_CAP\n"
			   "1 L2 +1 a1 50000 1000 50 UNASSIGNED RETAIL_CAP\n");
	/* Each line counts before its own shares. */
	(void)money_trade_begin(&trade, &book, "o2", "a3");
	(void)money_trade_line(&trade, 1000);
	(void)money_trade_line(&trade, 2000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	money_trade_earned(&book, "o2",
			   "1 L1 +0 a3 100000 1000 100 PENDING\n"
			   "1 L2 +1 a2 50000 1000 50 PENDING\n"
			   "2 L1 +0 a3 100000 2000 200 PENDING\n"
			   "2 L2 +1 a2 50000 2000 100 PENDING\n");
	sell("o3", "a3", 1000,
	     "1 L1 +0 a3 100000 1000 100 PENDING\n"
	     "1 L2 +1 a2 50000 1000 50 UNASSIGNED RETAIL_CAP\n");
	money_book_close(&book);
}

int
main(void)
{
	check_run("an agent earns no more than the cap in a month", test_agent_cap);
	check_run("the cap itself may be earned", test_exactly_the_cap);
	check_run("pay may be tied to own retail", test_retail_cap);
	check_run("the smaller cap cuts", test_both_caps);
	check_run("months are local, and those of the clock", test_months);
	check_run("own retail is what others bought", test_what_is_own_retail);
	check_run("own retail of several is the first one's",
		  test_own_retail_of_several);
	return check_end();
}
