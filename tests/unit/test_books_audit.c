/*
 * test_books_audit.c -- the audit of agents' money sees what does not fit.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"
#include "books/core.h"

static struct money_book book;

/* a1 has 900.00 available, 100.00 reserved and 12.50 pending; it leads a team. */
static void
begin(void)
{
	struct dbk_event event;

	money_book_open(&book);
	money_book_set(&book, "rate_ppm", 125000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_give(&book, "a1", 100000);
	CHECK_INT(money_book_request(&book, "p", "a1", 10000), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o", "a1", 10000), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_TEAM_FORMED);
	event.u.team_formed.team = dbk_str_of("t");
	event.u.team_formed.leader = dbk_str_of("a1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
nothing(struct dbk_books *books)
{
	(void)books;
}

static void
open_more(struct dbk_books *books)
{
	DBK_TOUCH(books, earnings, earning, 1)->open--;
}

static void
wrong_state(struct dbk_books *books)
{
	DBK_TOUCH(books, earnings, earning, 1)->state = DBK_EARNING_PENDING;
}

static void
reversed_too_much(struct dbk_books *books)
{
	struct dbk_row_earning *row = DBK_TOUCH(books, earnings, earning, 2);

	row->reversed = row->accrued + 1;
}

static void
lost_chain(struct dbk_books *books)
{
	DBK_TOUCH(books, agents, agent, 1)->matured = 0;
}

static void
owes_nothing(struct dbk_books *books)
{
	DBK_TOUCH(books, agents, agent, 1)->flags |= DBK_AGENT_OWES;
}

static void
held_by_nobody(struct dbk_books *books)
{
	DBK_TOUCH(books, agents, agent, 1)->holds++;
}

static void
order_held_by_nobody(struct dbk_books *books)
{
	DBK_TOUCH(books, orders, order, 1)->holds++;
}

static void
item_too_small(struct dbk_books *books)
{
	DBK_TOUCH(books, payout_items, payout_item, 1)->amount--;
}

static void
taxed_by_nobody(struct dbk_books *books)
{
	DBK_TOUCH(books, payouts, payout, 1)->tax = 1;
}

static void
payout_forgotten(struct dbk_books *books)
{
	DBK_TOUCH(books, purses, purse, 1)->open_payouts = 0;
}

static void
deferred_cost(struct dbk_books *books)
{
	DBK_TOUCH(books, lines, line, 1)->flags &= (uint8_t)~DBK_LINE_RECOGNISED;
}

static void
account_off(struct dbk_books *books)
{
	DBK_TOUCH(books, accounts, account, 1)->debits++;
}

static void
team_too_large(struct dbk_books *books)
{
	DBK_TOUCH(books, teams, team, 1)->n_members++;
}

/* Does the audit stop the program after SPOIL? */
static bool
is_seen(void (*spoil)(struct dbk_books *))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		spoil(book.books);
		dbk_books_check(book.books);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		abort();
	return WIFSIGNALED(status);
}

static void
test_seen(void)
{
	static void (*const spoils[])(struct dbk_books *) = {
		open_more,	  wrong_state,	   reversed_too_much,	 lost_chain,
		owes_nothing,	  held_by_nobody,  order_held_by_nobody, item_too_small,
		payout_forgotten, taxed_by_nobody, deferred_cost,	 account_off,
		team_too_large,
	};

	begin();
	CHECK(!is_seen(nothing));
	for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++)
		CHECK(is_seen(spoils[i]));
	money_book_close(&book);
}

int
main(void)
{
	check_run("the audit sees what does not fit", test_seen);
	return check_end();
}
