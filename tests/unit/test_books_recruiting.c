/*
 * test_books_recruiting.c -- pay for people who join; how deep they may stand, who they
 * are, how long customers stay bound.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

/* A plan that pays two sponsors for joining and for fees. */
static void
start(const char *engine)
{
	money_book_open(&book);
	money_book_set(&book, "pay_max_depth", 2);
	money_book_set(&book, "enrol_reward", 5000)->level = 1;
	money_book_set(&book, "enrol_reward", 1000)->level = 2;
	money_book_set(&book, "fee_rate_ppm", 100000)->level = 1;
	money_book_set(&book, "fee_rate_ppm", 50000)->level = 2;
	money_book_set(&book, "window_days", 3);
	(void)money_book_choose(&book, "acknowledge", "RECRUITING");
	(void)money_book_choose(&book, "engine", engine);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

static void
enrol(const char *agent, const char *sponsor, const char *posted)
{
	CHECK_INT(money_book_enrol(&book, agent, sponsor), DBK_RULE_NONE);
	money_book_posted(&book, posted);
}

static void
test_rewards(void)
{
	struct dbk_row_earning row;

	start("DAYBOOK");
	enrol("a1", "", "");
	enrol("a2", "a1", "5010 plan 5000 recruited\n2110 a1 -5000 recruited\n");
	enrol("a3", "a2",
	      "5010 plan 6000 recruited\n2110 a2 -5000 recruited\n"
	      "2110 a1 -1000 recruited\n");
	row = dbk_look_earning(book.books, 3);
	CHECK_INT(row.kind, DBK_EARNING_RECRUITING);
	CHECK_INT(row.basis, DBK_BASIS_RECRUITING);
	CHECK_INT(row.level, 2);
	CHECK_INT(row.distance, 2);
	CHECK_INT(row.cause, book.verdict.position);
	CHECK_INT(row.plan, 1);
	CHECK_INT(row.rate_ppm, 0);
	CHECK_INT(row.base, 0);
	/* Costs are of commission alone. */
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_COSTS), 0);
	/* Who is not active gets nothing, and nobody gets it instead. */
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	enrol("a4", "a3", "5010 plan 5000 recruited\n2110 a3 -5000 recruited\n");
	money_book_wait_us(&book, 3 * MONEY_BOOK_DAY_US - 1);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 0);
	money_book_wait_us(&book, 1);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 6000);
	CHECK_INT(money_book_credit(&book, 2110, "a1"), 0);
	money_book_close(&book);
}

/* Nobody is paid but by a plan in force that says so. */
static void
test_no_reward(void)
{
	money_book_open(&book);
	enrol("a1", "", "");
	enrol("a2", "a1", "");
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	enrol("a3", "a2", "");
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_EARNINGS), 0);
	money_book_close(&book);
	start("PLATFORM");
	enrol("a1", "", "");
	enrol("a2", "a1", "");
	CHECK_INT(dbk_look_earning(book.books, 1).state, DBK_EARNING_EXPECTED);
	CHECK_INT(dbk_look_earning(book.books, 1).accrued, 5000);
	CHECK_INT(dbk_look_earning(book.books, 1).open, 0);
	CHECK_INT(dbk_look_due_next(book.books), 0);
	money_book_close(&book);
}

static void
charge(const char *fee, const char *agent, int64_t amount, const char *psp,
       const char *posted)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);

	event.u.fee_charged = (struct dbk_fee_charged){ .fee = dbk_str_of(fee),
							.agent = dbk_str_of(agent),
							.kind = DBK_FEE_JOINING,
							.amount = amount,
							.psp = dbk_str_of(psp),
							.psp_txn = dbk_str_of(psp) };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_book_posted(&book, posted);
}

static void
test_fees(void)
{
	start("DAYBOOK");
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "a1");
	(void)money_book_enrol(&book, "a3", "a2");
	/* 199.5 and 99.75: the larger remainder gets the unit. */
	charge("f1", "a3", 1995, "psp",
	       "1020 psp 1995 event\n4040 a3 -1995 event\n"
	       "5010 plan 299 recruited\n2110 a2 -199 recruited\n"
	       "2110 a1 -100 recruited\n");
	CHECK_INT(dbk_look_earning(book.books, 4).rate_ppm, 100000);
	CHECK_INT(dbk_look_earning(book.books, 4).base, 1995);
	/* Paid elsewhere; whoever is not there takes part in the split. */
	charge("f2", "a2", 1995, "",
	       "5010 plan 199 recruited\n2110 a1 -199 recruited\n");
	charge("f3", "a1", 1995, "", "");
	charge("f4", "a3", 9, "", "5010 plan 1 recruited\n2110 a2 -1 recruited\n");
	money_book_close(&book);
}

static void
test_enrol_depth(void)
{
	struct dbk_event event;

	money_book_open(&book);
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "a1");
	(void)money_book_enrol(&book, "a3", "a2");
	(void)money_book_enrol(&book, "b1", "");
	money_book_set(&book, "enroll_max_depth", 3);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "b2", "b1"), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "b3", "b2"), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "b4", "b3"), DBK_RULE_ENROLL_DEPTH);
	CHECK(money_book_measured(&book, 4, 3));
	CHECK(strcmp(book.verdict.refusal.field.name, "sponsor") == 0);
	/* Of a branch that moves its deepest agent counts. */
	event = money_book_event(&book, DBK_EVENT_SPONSOR_CHANGED);
	event.u.sponsor_changed =
	    (struct dbk_sponsor_changed){ .change = dbk_str_of("x1"),
					  .agent = dbk_str_of("a2"),
					  .old_sponsor = dbk_str_of("a1"),
					  .new_sponsor = dbk_str_of("b2"),
					  .approver1 = dbk_str_of("p"),
					  .approver2 = dbk_str_of("q") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_ENROLL_DEPTH);
	CHECK(money_book_measured(&book, 4, 3));
	event.u.sponsor_changed.new_sponsor = dbk_str_of("b1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	/* Who becomes a root is not asked. */
	money_book_set(&book, "enroll_max_depth", 1);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	event.u.sponsor_changed.change = dbk_str_of("x2");
	event.u.sponsor_changed.old_sponsor = dbk_str_of("b1");
	event.u.sponsor_changed.new_sponsor = dbk_str_of("");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "c1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "c2", "c1"), DBK_RULE_ENROLL_DEPTH);
	money_book_close(&book);
}

static void
test_binding_days(void)
{
	int64_t day;

	money_book_open(&book);
	(void)money_book_enrol(&book, "a1", "");
	day = book.now_us;
	CHECK_INT(money_trade_bind(&book, "c1", "a1", DBK_TIME_ABSENT), DBK_RULE_NONE);
	money_book_set(&book, "binding_days", 30);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_trade_bind(&book, "c2", "a1", DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(money_trade_bind(&book, "c3", "a1", day + 5), DBK_RULE_NONE);
	CHECK_INT(money_trade_bind(&book, "c4", "a1", day + 90 * MONEY_BOOK_DAY_US),
		  DBK_RULE_NONE);
	book.now_us = day + 30 * MONEY_BOOK_DAY_US - 1;
	CHECK_INT(money_trade_bind(&book, "c2", "a1", DBK_TIME_ABSENT),
		  DBK_RULE_BINDING_EXISTS);
	CHECK_INT(money_trade_bind(&book, "c3", "a1", DBK_TIME_ABSENT), DBK_RULE_NONE);
	book.now_us = day + 30 * MONEY_BOOK_DAY_US;
	CHECK_INT(money_trade_bind(&book, "c2", "a1", DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(money_trade_bind(&book, "c4", "a1", DBK_TIME_ABSENT),
		  DBK_RULE_BINDING_EXISTS);
	book.now_us = day + 1000 * MONEY_BOOK_DAY_US;
	CHECK_INT(money_trade_bind(&book, "c1", "a1", DBK_TIME_ABSENT),
		  DBK_RULE_BINDING_EXISTS);
	money_book_close(&book);
}

static void
test_employees(void)
{
	struct dbk_event event;

	money_book_open(&book);
	event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
	event.u.agent_enrolled.agent = dbk_str_of("e1");
	event.u.agent_enrolled.employee = true;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	(void)money_book_enrol(&book, "a1", "e1");
	CHECK_INT(dbk_look_agent(book.books, 1)->flags, DBK_AGENT_EMPLOYEE);
	CHECK_INT(dbk_look_agent(book.books, 2)->flags, 0);
	money_book_close(&book);
}

/* A payee that is new has to wait, one that is verified again has not. */
static void
test_payees(void)
{
	money_book_open(&book);
	money_book_set(&book, "payee_unchanged_days", 5);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	(void)money_book_enrol(&book, "a1", "");
	money_book_give(&book, "a1", 1000);
	CHECK_INT(money_book_verify(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "w1", "a1", 1),
		  DBK_RULE_PAYEE_NOT_VERIFIED);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_wait_days(&book, 4);
	CHECK_INT(money_book_request(&book, "w1", "a1", 1), DBK_RULE_PAYEE_CHANGED);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", ""), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	CHECK_INT(money_book_request(&book, "w1", "a1", 1), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "another"), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "w2", "a1", 1), DBK_RULE_PAYEE_DIFFERS);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "w2", "a1", 1), DBK_RULE_PAYEE_CHANGED);
	money_book_close(&book);
}

int
main(void)
{
	check_run("sponsors are paid for recruits only by such a plan", test_rewards);
	check_run("no plan pays for recruits by default", test_no_reward);
	check_run("fees are divided like a base", test_fees);
	check_run("a plan bounds how deep agents stand", test_enrol_depth);
	check_run("a plan bounds how long customers stay bound", test_binding_days);
	check_run("employees are known", test_employees);
	check_run("another payee's time starts anew", test_payees);
	return check_end();
}
