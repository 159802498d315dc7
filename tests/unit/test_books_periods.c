/*
 * test_books_periods.c -- the close of a period, and its hash.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;

static struct dbk_period_closed
period(const char *name, int64_t from, int64_t to)
{
	return (struct dbk_period_closed){ .period = dbk_str_of(name),
					   .from = from,
					   .to = to };
}

/* Close with HASH, or with the right one if it is NULL. */
static enum dbk_rule
close_with(struct dbk_period_closed what, const unsigned char *hash)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PERIOD_CLOSED);
	unsigned char right[DBK_DIGEST_BYTES];

	dbk_books_balances_hash(book.books, &what, right);
	what.balances_hash = dbk_str_make(hash == NULL ? right : hash, sizeof right);
	event.u.period_closed = what;
	return money_book_send(&book, &event);
}

/* a1 has 1,000.00 and a payee; a day has passed. */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_give(&book, "a1", 100000);
	money_book_wait_days(&book, 1);
}

static void
test_sequence(void)
{
	int64_t now;

	begin();
	now = book.now_us;
	CHECK_INT(close_with(period("p1", now - 10, now + 1), NULL),
		  DBK_RULE_PERIOD_AHEAD);
	CHECK(money_book_measured(&book, now + 1, now));
	/* Before anything was closed a period may begin anywhere. */
	CHECK_INT(close_with(period("p1", now - 10, now - 5), NULL), DBK_RULE_NONE);
	CHECK_INT(close_with(period("p2", now - 4, now), NULL), DBK_RULE_PERIOD_GAP);
	CHECK(money_book_measured(&book, now - 4, now - 5));
	CHECK_INT(close_with(period("p2", now - 6, now), NULL), DBK_RULE_PERIOD_GAP);
	CHECK_INT(close_with(period("p2", now - 5, now), NULL), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_hash(void)
{
	unsigned char hash[DBK_DIGEST_BYTES] = { 0 }, other[DBK_DIGEST_BYTES];
	struct dbk_period_closed what;
	struct dbk_event event;

	begin();
	what = period("p1", 0, book.now_us);
	CHECK_INT(close_with(what, hash), DBK_RULE_BALANCES_DIFFER);
	event = money_book_event(&book, DBK_EVENT_PERIOD_CLOSED);
	event.u.period_closed = what;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_BALANCES_DIFFER);
	dbk_books_balances_hash(book.books, &what, hash);
	what.from = 1;
	dbk_books_balances_hash(book.books, &what, other);
	CHECK(memcmp(hash, other, sizeof hash) != 0);
	what = period("p2", 0, book.now_us);
	dbk_books_balances_hash(book.books, &what, other);
	CHECK(memcmp(hash, other, sizeof hash) != 0);
	CHECK_INT(close_with(period("p1", 0, book.now_us), hash), DBK_RULE_NONE);
	CHECK(memcmp(dbk_look_period(book.books, 1).balances_hash, hash, sizeof hash) ==
	      0);
	money_book_close(&book);
}

/* The hash is of money alone, and any posting changes it. */
static void
test_hash_of_balances(void)
{
	unsigned char hash[DBK_DIGEST_BYTES], other[DBK_DIGEST_BYTES];
	struct dbk_period_closed what;

	begin();
	what = period("p1", 0, 1);
	dbk_books_balances_hash(book.books, &what, hash);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	dbk_books_balances_hash(book.books, &what, other);
	CHECK(memcmp(hash, other, sizeof hash) == 0);
	CHECK_INT(money_book_request(&book, "p", "a1", 1), DBK_RULE_NONE);
	dbk_books_balances_hash(book.books, &what, other);
	CHECK(memcmp(hash, other, sizeof hash) != 0);
	money_book_close(&book);
}

static void
test_prior_period(void)
{
	begin();
	CHECK_INT(close_with(period("p1", 0, book.now_us), NULL), DBK_RULE_NONE);
	CHECK(!book.effects.effects[0].prior_period);
	book.now_us -= 1;
	money_book_give(&book, "a1", 5);
	CHECK(book.effects.effects[0].prior_period);
	CHECK(book.effects.effects[0].late);
	CHECK_INT(book.effects.n_postings, 2);
	book.now_us += 1;
	money_book_give(&book, "a1", 5);
	CHECK(!book.effects.effects[0].prior_period);
	money_book_close(&book);
}

static enum dbk_rule
send(enum dbk_event_type type, const char *payout)
{
	struct dbk_event event = money_book_event(&book, type);

	if (type == DBK_EVENT_PAYOUT_SENT) {
		event.u.payout_sent.payout = dbk_str_of(payout);
		event.u.payout_sent.provider = dbk_str_of("pay");
		event.u.payout_sent.request_no = dbk_str_of(payout);
	} else {
		event.u.payout_step.payout = dbk_str_of(payout);
		event.u.payout_step.action = dbk_str_of("x");
	}
	return money_book_send(&book, &event);
}

static void
test_open_items(void)
{
	int64_t asked, to;

	begin();
	(void)money_book_set(&book, "close_unknown_days", 2);
	(void)money_book_set(&book, "approval_above", 1000);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	asked = book.now_us;
	to = asked + 2 * MONEY_BOOK_DAY_US;
	CHECK_INT(money_book_request(&book, "p", "a1", 100), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "q", "a1", 100), DBK_RULE_NONE);
	CHECK_INT(send(DBK_EVENT_PAYOUT_SENT, "p"), DBK_RULE_NONE);
	CHECK_INT(send(DBK_EVENT_PAYOUT_UNKNOWN, "p"), DBK_RULE_NONE);
	CHECK_INT(send(DBK_EVENT_PAYOUT_SENT, "q"), DBK_RULE_NONE);
	money_book_wait_days(&book, 3);
	CHECK_INT(close_with(period("p1", 0, to + 1), NULL),
		  DBK_RULE_PERIOD_OPEN_ITEMS);
	CHECK_INT(book.verdict.refusal.measured, 1);
	CHECK_INT(close_with(period("p1", 0, to), NULL), DBK_RULE_NONE);
	CHECK_INT(send(DBK_EVENT_PAYOUT_UNKNOWN, "q"), DBK_RULE_NONE);
	CHECK_INT(close_with(period("p2", to, book.now_us), NULL),
		  DBK_RULE_PERIOD_OPEN_ITEMS);
	CHECK_INT(book.verdict.refusal.measured, 2);
	money_book_close(&book);
}

/* Tax makes a period of its month, which the close of that name then is. */
static void
test_month_of_tax(void)
{
	struct dbk_row_period row;

	begin();
	(void)money_book_set(&book, "approval_above", 100000);
	money_book_set(&book, "tax_bracket_rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p", "a1", 1000), DBK_RULE_NONE);
	CHECK_INT(send(DBK_EVENT_PAYOUT_SENT, "p"), DBK_RULE_NONE);
	row = dbk_look_period(book.books, 1);
	CHECK_INT(row.closed, 0);
	CHECK_INT(close_with(period("2026-11", 0, book.now_us), NULL), DBK_RULE_NONE);
	row = dbk_look_period(book.books, 1);
	CHECK_INT(row.closed, 1);
	CHECK_INT(dbk_look_count(book.books, DBK_SPACE_PERIOD), 1);
	money_book_close(&book);
}

int
main(void)
{
	check_run("periods follow each other and end before now", test_sequence);
	check_run("the hash is that of the books, the name and the times", test_hash);
	check_run("the hash is of balances alone", test_hash_of_balances);
	check_run("a fact of a closed period is marked and posted now",
		  test_prior_period);
	check_run("payouts of unknown fate stand in the way when they are old",
		  test_open_items);
	check_run("a month of tax becomes the period of its name", test_month_of_tax);
	return check_end();
}
