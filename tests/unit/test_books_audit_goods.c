/*
 * test_books_audit_goods.c -- the audit of goods, guards and findings sees what does
 * not fit.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

/* a1 is to ship an order that is paid, and one has got there. */
static void
sell_own(void)
{
	money_trade_begin(&trade, &book, "o1", "a1")->fulfilment = DBK_HOLDER_SHIP;
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
}

static void
ask_for_goods(void)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_RESTOCK_REQUESTED);

	event.u.restock_requested =
	    (struct dbk_restock_requested){ .request = dbk_str_of("r1"),
					    .agent = dbk_str_of("a1"),
					    .sku = dbk_str_of("soap"),
					    .qty = 10,
					    .place = DBK_PLACE_PHYSICAL };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

/* Goods have gone from a1 to a2 and back, on two days: a finding on a2. */
static void
begin(void)
{
	money_book_open(&book);
	money_book_choose(&book, "cycle", "FLAG");
	money_book_choose(&book, "match", "FLAG");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 40), DBK_RULE_NONE);
	CHECK_INT(goods_book_stock(&book, "store", "soap", 7), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 5), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	CHECK_INT(goods_book_pass(&book, "a2", "a1", "soap", 3), DBK_RULE_NONE);
	sell_own();
	ask_for_goods();
}

static void
nothing(struct dbk_books *books)
{
	(void)books;
}

static void
units_off(struct dbk_books *books)
{
	DBK_TOUCH(books, holders, holder, 1)->units++;
}

static void
undelivered_off(struct dbk_books *books)
{
	DBK_TOUCH(books, holders, holder, 1)->undelivered = 0;
}

static void
cloud_off(struct dbk_books *books)
{
	DBK_TOUCH(books, skus, sku, 1)->cloud++;
}

static void
brand_off(struct dbk_books *books)
{
	DBK_TOUCH(books, skus, sku, 1)->brand--;
}

static struct dbk_row_flow *
newest_in(struct dbk_books *books)
{
	return DBK_TOUCH(books, flows, flow,
			 DBK_ROW(books, positions, position, 1)->in);
}

static void
day_twice(struct dbk_books *books)
{
	newest_in(books)->day--;
}

static void
day_ahead(struct dbk_books *books)
{
	newest_in(books)->day++;
}

static void
ring_lost(struct dbk_books *books)
{
	DBK_TOUCH(books, positions, position, 1)->out = 0;
}

static void
retail_lost(struct dbk_books *books)
{
	uint32_t day = dbk_sku_day_find(books, 1, dbk_today(books));

	DBK_TOUCH(books, sku_days, sku_day, day)->retail = 0;
}

static void
day_moved(struct dbk_books *books)
{
	DBK_TOUCH(books, sku_days, sku_day, 1)->day--;
}

static void
nobody_joined(struct dbk_books *books)
{
	DBK_TOUCH(books, cohorts, cohort, 1)->agents--;
}

static void
edge_lost(struct dbk_books *books)
{
	DBK_TOUCH(books, holders, holder, 1)->edges[DBK_EDGE_GOODS - 1] = 0;
}

static void
edge_of_another(struct dbk_books *books)
{
	DBK_TOUCH(books, edges, edge, 1)->from = 2;
}

static void
sold_and_flagged(struct dbk_books *books)
{
	DBK_TOUCH(books, orders, order, 2)->flags |= DBK_ORDER_LINKED;
}

static void
flagged_by_nobody(struct dbk_books *books)
{
	DBK_TOUCH(books, orders, order, 1)->flags |= DBK_ORDER_FLAGGED;
}

static void
claimed_too_much(struct dbk_books *books)
{
	DBK_TOUCH(books, requests, request, 1)->claimed = 11;
}

static void
arrived_unclaimed(struct dbk_books *books)
{
	DBK_TOUCH(books, requests, request, 1)->arrived = 1;
}

static void
timer_lost(struct dbk_books *books)
{
	DBK_TOUCH(books, timers, timer, 1)->second =
	    (uint32_t)(dbk_clock(books) / 1000000);
}

static void
red_off(struct dbk_books *books)
{
	DBK_TOUCH(books, watches, watch, dbk_watch_find(books, 2))->red = 0;
}

static void
open_off(struct dbk_books *books)
{
	DBK_TOUCH(books, book, book, 1)->n_open_findings = 0;
}

static void
evidence_lost(struct dbk_books *books)
{
	DBK_TOUCH(books, findings, finding, 1)->first_evidence = 0;
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
		dbk_audit_goods(book.books);
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
		units_off,	   undelivered_off,   cloud_off,
		brand_off,	   day_twice,	      day_ahead,
		ring_lost,	   retail_lost,	      day_moved,
		nobody_joined,	   edge_lost,	      edge_of_another,
		sold_and_flagged,  flagged_by_nobody, claimed_too_much,
		arrived_unclaimed, timer_lost,	      red_off,
		open_off,	   evidence_lost,
	};

	begin();
	CHECK(!is_seen(nothing));
	for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++)
		if (!CHECK(is_seen(spoils[i])))
			fprintf(stderr, "spoil %zu is not seen\n", i);
	money_book_close(&book);
}

int
main(void)
{
	check_run("the audit sees what does not fit", test_seen);
	return check_end();
}
