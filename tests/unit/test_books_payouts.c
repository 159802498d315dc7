/*
 * test_books_payouts.c -- an agent asks for money: every check at, below and above its
 * limit, and what is kept aside.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;

/* a1 has a payee and 1,000.00; a plan of these parameters is in force. */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_give(&book, "a1", 100000);
}

static void
with(const char *name, int64_t value)
{
	(void)money_book_set(&book, name, value);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

static struct dbk_row_payout
payout(const char *name)
{
	return dbk_look_payout(
	    book.books, dbk_look_find(book.books, DBK_SPACE_PAYOUT, dbk_str_of(name)));
}

static void
test_asker(void)
{
	begin();
	CHECK_INT(money_book_request(&book, "p1", "a9", 100), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100),
		  DBK_RULE_AGENT_NOT_ACTIVE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_TERMINATED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_payee(void)
{
	begin();
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a2", 100),
		  DBK_RULE_PAYEE_NOT_VERIFIED);
	CHECK_INT(money_book_verify(&book, "a2", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a2", 100),
		  DBK_RULE_PAYEE_NOT_VERIFIED);
	CHECK_INT(money_book_verify(&book, "a1", "other payee"), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_PAYEE_DIFFERS);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_payee_changed(void)
{
	begin();
	with("payee_unchanged_days", 2);
	CHECK_INT(money_book_verify(&book, "a1", "old payee"), DBK_RULE_NONE);
	money_book_wait_days(&book, 5);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_wait_us(&book, 2 * MONEY_BOOK_DAY_US - 1);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_PAYEE_CHANGED);
	CHECK(money_book_measured(&book, 1, 2));
	money_book_wait_us(&book, 1);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_NONE);
	/* The same payee once more starts nothing anew. */
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 100), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_method(void)
{
	begin();
	(void)money_book_choose(&book, "payout_method", "transfer");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_PAYOUT_METHOD);
	(void)money_book_choose(&book, "payout_method", "transfer");
	(void)money_book_choose(&book, "payout_method", "card");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_minimum(void)
{
	begin();
	with("min_payout", 500);
	CHECK_INT(money_book_request(&book, "p1", "a1", 499), DBK_RULE_PAYOUT_MINIMUM);
	CHECK(money_book_measured(&book, 499, 500));
	CHECK_INT(money_book_request(&book, "p1", "a1", 500), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_available(void)
{
	begin();
	CHECK_INT(money_book_request(&book, "p1", "a1", 100001),
		  DBK_RULE_AVAILABLE_INSUFFICIENT);
	CHECK(money_book_measured(&book, 100001, 100000));
	CHECK_INT(money_book_request(&book, "p1", "a1", 60000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2120 a1 60000 drawn\n"
				       "2140 a1 -60000 drawn\n"));
	/* Two exits cannot spend one balance. */
	CHECK_INT(money_book_request(&book, "p2", "a1", 40001),
		  DBK_RULE_AVAILABLE_INSUFFICIENT);
	CHECK_INT(money_book_request(&book, "p2", "a1", 40000), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 0);
	CHECK_INT(money_book_credit(&book, 2140, "a1"), 100000);
	money_book_close(&book);
}

static void
test_one_open(void)
{
	begin();
	with("one_open_payout", 1);
	CHECK_INT(money_book_request(&book, "p1", "a1", 100), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 100), DBK_RULE_PAYOUT_OPEN);
	money_book_close(&book);
}

static void
test_daily_limit(void)
{
	begin();
	with("payout_daily_limit", 1000);
	CHECK_INT(money_book_request(&book, "p1", "a1", 1001),
		  DBK_RULE_PAYOUT_DAILY_LIMIT);
	CHECK(money_book_measured(&book, 1001, 1000));
	CHECK_INT(money_book_request(&book, "p1", "a1", 400), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 601),
		  DBK_RULE_PAYOUT_DAILY_LIMIT);
	CHECK(money_book_measured(&book, 1001, 1000));
	CHECK_INT(money_book_request(&book, "p2", "a1", 600), DBK_RULE_NONE);
	money_book_wait_us(&book, MONEY_BOOK_DAY_US - 1);
	CHECK_INT(money_book_request(&book, "p3", "a1", 1),
		  DBK_RULE_PAYOUT_DAILY_LIMIT);
	money_book_wait_us(&book, 1);
	CHECK_INT(money_book_request(&book, "p3", "a1", 1000), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_monthly_limit(void)
{
	begin();
	with("payout_monthly_limit", 1000);
	CHECK_INT(money_book_request(&book, "p1", "a1", 1000), DBK_RULE_NONE);
	money_book_wait_us(&book, 30 * MONEY_BOOK_DAY_US - 1);
	CHECK_INT(money_book_request(&book, "p2", "a1", 1),
		  DBK_RULE_PAYOUT_MONTHLY_LIMIT);
	CHECK(money_book_measured(&book, 1001, 1000));
	money_book_wait_us(&book, 1);
	CHECK_INT(money_book_request(&book, "p2", "a1", 1000), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_cancelled_leaves_sums(void)
{
	struct dbk_event event;

	begin();
	with("payout_daily_limit", 1000);
	CHECK_INT(money_book_request(&book, "p1", "a1", 1000), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_PAYOUT_CANCELLED);
	event.u.payout_step.payout = dbk_str_of("p1");
	event.u.payout_step.action = dbk_str_of("x");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 1000), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p3", "a1", 1),
		  DBK_RULE_PAYOUT_DAILY_LIMIT);
	money_book_close(&book);
}

static void
test_approval(void)
{
	begin();
	with("approval_above", 1000);
	CHECK_INT(money_book_request(&book, "p1", "a1", 1000), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 1001), DBK_RULE_NONE);
	CHECK_INT(payout("p1").state, DBK_PAYOUT_APPROVED);
	CHECK_INT(payout("p2").state, DBK_PAYOUT_REQUESTED);
	with("approval_above", 0);
	CHECK_INT(money_book_request(&book, "p3", "a1", 1), DBK_RULE_NONE);
	CHECK_INT(payout("p3").state, DBK_PAYOUT_REQUESTED);
	money_book_close(&book);
}

static void
test_items(void)
{
	struct dbk_row_payout row;

	begin();
	money_book_give(&book, "a1", 500);
	CHECK_INT(money_book_request(&book, "p1", "a1", 30000), DBK_RULE_NONE);
	CHECK_INT(payout("p1").n_items, 1);
	CHECK_INT(money_book_request(&book, "p2", "a1", 70100), DBK_RULE_NONE);
	row = payout("p2");
	CHECK_INT(row.n_items, 2);
	/* Oldest first: the rest of the first claim, then of the second. */
	CHECK_INT(dbk_look_payout_item(book.books, row.first_item).amount, 70000);
	CHECK_INT(dbk_look_payout_item(book.books, row.first_item + 1).amount, 100);
	money_book_close(&book);
}

static enum dbk_rule
grant(const char *name, const char *guard, const char *agent, int64_t for_us)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_OVERRIDE_GRANTED);

	event.u.override_granted = (struct dbk_override_granted){
		.override = dbk_str_of(name),
		.guard = dbk_str_of(guard),
		.subject = dbk_str_of(agent),
		.approver1 = dbk_str_of("p"),
		.approver2 = dbk_str_of("q"),
		.expires_at = for_us == 0 ? DBK_TIME_ABSENT : book.now_us + for_us,
	};
	return money_book_send(&book, &event);
}

static void
test_override_rules(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_OVERRIDE_GRANTED);
	event.u.override_granted.override = dbk_str_of("o");
	event.u.override_granted.approver1 = dbk_str_of("p");
	event.u.override_granted.approver2 = dbk_str_of("p");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_APPROVERS_NOT_TWO);
	CHECK_INT(grant("o", "PAYEE_DIFFERS", "a1", 10), DBK_RULE_OVERRIDE_GUARD);
	CHECK_INT(grant("o", "PAYEE_CHANGED", "a9", 10), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(grant("o", "PAYEE_CHANGED", "a1", 0), DBK_RULE_OVERRIDE_EXPIRED);
	CHECK_INT(grant("o", "PAYEE_CHANGED", "a1", -1), DBK_RULE_OVERRIDE_EXPIRED);
	CHECK(money_book_measured(&book, book.now_us - 1, book.now_us));
	CHECK_INT(grant("o", "PAYEE_CHANGED", "a1", 1), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_override_used_once(void)
{
	begin();
	with("min_payout", 500);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a2", "payee"), DBK_RULE_NONE);
	CHECK_INT(grant("o1", "PAYOUT_MINIMUM", "a2", 10), DBK_RULE_NONE);
	CHECK_INT(grant("o2", "PAYOUT_OPEN", "a1", 10), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 1), DBK_RULE_PAYOUT_MINIMUM);
	/* A request that is refused does not use it up. */
	CHECK_INT(money_book_request(&book, "p1", "a2", 1),
		  DBK_RULE_AVAILABLE_INSUFFICIENT);
	money_book_give(&book, "a2", 2);
	CHECK_INT(money_book_request(&book, "p1", "a2", 1), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a2", 1), DBK_RULE_PAYOUT_MINIMUM);
	money_book_close(&book);
}

static void
test_override_expires(void)
{
	begin();
	with("min_payout", 500);
	CHECK_INT(grant("o1", "PAYOUT_MINIMUM", "a1", 10), DBK_RULE_NONE);
	CHECK_INT(grant("o2", "PAYOUT_MINIMUM", "a1", 11), DBK_RULE_NONE);
	money_book_wait_us(&book, 10);
	CHECK_INT(money_book_request(&book, "p1", "a1", 1), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 1), DBK_RULE_PAYOUT_MINIMUM);
	money_book_close(&book);
}

static void
test_override_of_each_guard(void)
{
	begin();
	(void)money_book_set(&book, "payout_daily_limit", 1000);
	(void)money_book_set(&book, "payout_monthly_limit", 1500);
	(void)money_book_set(&book, "one_open_payout", 1);
	with("payee_unchanged_days", 1);
	CHECK_INT(grant("o1", "PAYEE_CHANGED", "a1", 9), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a1", 900), DBK_RULE_NONE);
	CHECK_INT(grant("o2", "PAYEE_CHANGED", "a1", 9), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 900), DBK_RULE_PAYOUT_OPEN);
	CHECK_INT(grant("o3", "PAYOUT_OPEN", "a1", 9), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 900),
		  DBK_RULE_PAYOUT_DAILY_LIMIT);
	CHECK_INT(grant("o4", "PAYOUT_DAILY_LIMIT", "a1", 9), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 900),
		  DBK_RULE_PAYOUT_MONTHLY_LIMIT);
	CHECK_INT(grant("o5", "PAYOUT_MONTHLY_LIMIT", "a1", 9), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 900), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p3", "a1", 1), DBK_RULE_PAYEE_CHANGED);
	money_book_close(&book);
}

int
main(void)
{
	check_run("who asks is known and not suspended; who left may ask", test_asker);
	check_run("the payee is verified and the one that is named", test_payee);
	check_run("a new payee waits for its days, to the microsecond",
		  test_payee_changed);
	check_run("only methods of the plan, if it has any", test_method);
	check_run("the least payout, at and below", test_minimum);
	check_run("what is available can be asked for once", test_available);
	check_run("one open payout at a time, if the plan says so", test_one_open);
	check_run("the limit of a local day", test_daily_limit);
	check_run("the limit of a local month", test_monthly_limit);
	check_run("a cancelled payout no longer counts", test_cancelled_leaves_sums);
	check_run("small payouts are approved at once", test_approval);
	check_run("a payout draws on claims, oldest first", test_items);
	check_run("an override has two approvers, a guard, an agent, an end",
		  test_override_rules);
	check_run("an override is for one agent and one payout",
		  test_override_used_once);
	check_run("an override ends at its time", test_override_expires);
	check_run("each guard can be overridden", test_override_of_each_guard);
	return check_end();
}
