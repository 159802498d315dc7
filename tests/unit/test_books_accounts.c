/*
 * test_books_accounts.c -- postings: accounts that come in pairs, sides that things due
 * must find room on, balances.
 */

#include "books/core.h"

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;
static struct dbk_refusal refusal;
static struct dbk_event nothing = { .type = DBK_EVENT_CLOCK_ADVANCED };

static struct dbk_decision
by_hand(void)
{
	dbk_effects_reset(&book.effects, dbk_books_size(book.books));
	(void)dbk_effects_begin(&book.effects, dbk_books_size(book.books));
	refusal = (struct dbk_refusal){ .rule = DBK_RULE_NONE };
	return (struct dbk_decision){ .books = book.books,
				      .event = &nothing,
				      .effects = &book.effects,
				      .refusal = &refusal };
}

static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
}

static void
test_numbers(void)
{
	CHECK_INT(dbk_account_of_number(2120), DBK_COMMISSION_AVAILABLE);
	CHECK_INT(dbk_account_of_number(2121), DBK_ACCOUNT_NONE);
	for (unsigned code = 1; code < DBK_ACCOUNT_CODES; code++)
		CHECK_INT(dbk_account_of_number(
			      dbk_account_kind((enum dbk_account_code)code)->number),
			  code);
}

/* Whichever is posted to first, pending stands before available. */
static void
test_pair(void)
{
	struct dbk_decision d;

	begin();
	d = by_hand();
	CHECK(dbk_post(&d, DBK_COMMISSION_AVAILABLE, 2, -70));
	CHECK(dbk_post(&d, DBK_COMMISSION_PENDING, 1, -30));
	CHECK(dbk_post(&d, DBK_COMMISSION_AVAILABLE, 1, -5));
	CHECK_INT(book.effects.n_named, 4);
	CHECK_INT(book.effects.named[0].code, DBK_COMMISSION_PENDING);
	CHECK_INT(book.effects.named[1].code, DBK_COMMISSION_AVAILABLE);
	CHECK_INT(book.effects.named[1].id, book.effects.named[0].id + 1);
	CHECK_INT(book.effects.postings[0].account, book.effects.named[1].id);
	CHECK_INT(book.effects.postings[1].account, book.effects.named[2].id);
	CHECK_INT(dbk_account_balance(book.books, DBK_COMMISSION_PENDING, 1), -30);
	CHECK_INT(dbk_account_balance(book.books, DBK_COMMISSION_AVAILABLE, 1), -5);
	CHECK_INT(dbk_account_balance(book.books, DBK_COMMISSION_PENDING, 2), 0);
	CHECK_INT(dbk_account_balance(book.books, DBK_COMMISSION_AVAILABLE, 2), -70);
	money_book_close(&book);
}

static void
test_cause(void)
{
	struct dbk_decision d;
	const struct dbk_posting *posting;

	begin();
	d = by_hand();
	CHECK(dbk_post_for(&d, DBK_CLAWBACK_RECEIVABLE, 1, 9, DBK_CAUSE_REVERSED, 7));
	CHECK(dbk_post_for(&d, DBK_CLAWBACK_RECEIVABLE, 1, -4, DBK_CAUSE_NETTED, 0));
	CHECK(dbk_post(&d, DBK_FEE_INCOME, 1, -5));
	posting = book.effects.postings;
	CHECK_INT(posting[0].cause, DBK_CAUSE_REVERSED);
	CHECK_INT(posting[0].ref, 7);
	CHECK_INT(posting[0].balance, 9);
	CHECK_INT(posting[1].cause, DBK_CAUSE_NETTED);
	CHECK_INT(posting[1].balance, 5);
	CHECK_INT(posting[1].account, posting[0].account);
	CHECK_INT(posting[2].cause, DBK_CAUSE_EVENT);
	CHECK_INT(posting[2].balance, -5);
	CHECK_INT(dbk_account_balance(book.books, DBK_CLAWBACK_RECEIVABLE, 2), 0);
	money_book_close(&book);
}

static void
test_order_owned(void)
{
	struct dbk_decision d;
	uint32_t order = 1;

	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	d = by_hand();
	CHECK(dbk_post_order(&d, DBK_ESCROW, order, -100));
	CHECK(dbk_post_order(&d, DBK_COMMISSION_DEFERRED, order, 60));
	CHECK(dbk_post_order(&d, DBK_COMMISSION_DEFERRED, order, -20));
	CHECK(dbk_post_order(&d, DBK_REFUND_PAYABLE, order, -7));
	CHECK_INT(dbk_account_balance(book.books, DBK_ESCROW, order), -100);
	CHECK_INT(dbk_account_balance(book.books, DBK_COMMISSION_DEFERRED, order), 40);
	CHECK_INT(dbk_account_balance(book.books, DBK_REFUND_PAYABLE, order), -7);
	CHECK_INT(book.effects.postings[2].balance, 40);
	CHECK_INT(book.effects.postings[2].account, 0);
	CHECK_INT(dbk_look_control(book.books, DBK_COMMISSION_DEFERRED).debits, 60);
	CHECK_INT(dbk_look_control(book.books, DBK_COMMISSION_DEFERRED).credits, 20);
	money_book_close(&book);
}

/* The sum of CODE takes all of ROOM and not one more, unless it is due. */
static void
check_side(enum dbk_account_code code, int64_t room)
{
	struct dbk_decision d = by_hand();

	CHECK(dbk_post(&d, code, 1, -(room - 1)));
	CHECK(dbk_post(&d, code, 2, -1));
	CHECK(!dbk_post(&d, code, 2, -1));
	CHECK_INT(refusal.rule, DBK_RULE_AMOUNT_OVERFLOW);
	CHECK_INT(refusal.limit, room);
	/* The other side has room of its own. */
	CHECK(dbk_post(&d, code, 1, room - 1));
	CHECK(!dbk_post(&d, code, 1, -1));
	d = by_hand();
	d.due = true;
	CHECK(dbk_post(&d, code, 1, -1) == (room < INT64_MAX));
}

static void
test_sides(void)
{
	static const enum dbk_account_code half[] = { DBK_COMMISSION_PENDING,
						      DBK_COMMISSION_AVAILABLE,
						      DBK_COMMISSION_HELD };

	begin();
	for (unsigned i = 0; i < sizeof half / sizeof half[0]; i++)
		check_side(half[i], INT64_MAX / 2);
	check_side(DBK_PAYOUT_RESERVED, INT64_MAX);
	check_side(DBK_FEE_INCOME, INT64_MAX);
	money_book_close(&book);
}

int
main(void)
{
	check_run("a number is a code's own", test_numbers);
	check_run("pending and available come side by side", test_pair);
	check_run("a posting says why", test_cause);
	check_run("an order's accounts are in its row", test_order_owned);
	check_run("a side is full at its limit, half for what money matures in",
		  test_sides);
	return check_end();
}
