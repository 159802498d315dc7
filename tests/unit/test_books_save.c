/*
 * test_books_save.c -- books full of money, saved page by page and brought back.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"
#include "books/save.h"

static struct money_book book;

/* One of everything that has a table of its own in agents' money. */
static void
fill(void)
{
	struct dbk_event event;

	(void)money_book_set(&book, "cancel_unsent_on_clawback", 1);
	(void)money_book_set(&book, "pay_max_depth", 2);
	(void)money_book_set(&book, "agent_period_cap", 100000);
	money_book_set(&book, "rate_ppm", 125000)->level = 1;
	money_book_set(&book, "rate_ppm", 25000)->level = 2;
	money_book_set(&book, "window_days", 3)->sku = dbk_str_of("soap");
	money_book_set(&book, "tax_bracket_rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a2", "payee"), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_CONTEST_OPENED);
	event.u.contest_opened =
	    (struct dbk_contest_opened){ .contest = dbk_str_of("c"),
					 .metric = dbk_str_of("MATURED_RETAIL"),
					 .to = INT64_MAX,
					 .pool = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a2", 19900), DBK_RULE_NONE);
	money_book_wait_days(&book, 3);
	CHECK_INT(money_book_request(&book, "p1", "a2", 2000), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o2", "a2", 12000), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_COMMISSION_HELD);
	event.u.commission_held.hold = dbk_str_of("h");
	event.u.commission_held.order = dbk_str_of("o2");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 19900), DBK_RULE_NONE);
}

/* What happens after the save, in the books and in their copy. */
static void
go_on(unsigned char digest[DBK_DIGEST_BYTES])
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_HOLD_RELEASED);

	event.u.hold_released.hold = dbk_str_of("h");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o3", "a2", 16000), DBK_RULE_NONE);
	money_book_wait_days(&book, 3);
	CHECK(money_book_credit(&book, 2120, "a2") > 0);
	CHECK_INT(money_book_request(&book, "p2", "a2", 10), DBK_RULE_NONE);
	dbk_books_digest(book.books, digest);
}

static void
never(void *context, const struct dbk_books_page *page)
{
	(void)context;
	(void)page;
	CHECK(!"nothing changes while it is saved here");
}

/* Books as they come back from a save of BOOKS. */
static struct dbk_books *
copy(struct dbk_books *books)
{
	unsigned char key[DBK_HASH_KEY_BYTES];
	struct dbk_books_page page;
	struct dbk_books *out;
	struct dbk_str saved;
	struct dbk_buf meta;

	dbk_buf_init(&meta);
	dbk_books_save_begin(books, never, NULL, &meta);
	saved = dbk_str_make(meta.bytes, meta.size);
	CHECK_INT(dbk_books_load_key(saved, key), DBK_OK);
	if (dbk_books_open(key, &out) != DBK_OK)
		abort();
	CHECK_INT(dbk_books_load_begin(out, saved), DBK_OK);
	while (dbk_books_save_next(books, &page))
		CHECK_INT(dbk_books_load_page(out, page.table, page.page,
					      dbk_str_make(page.rows, page.size)),
			  DBK_OK);
	dbk_buf_fini(&meta);
	return out;
}

static void
test_copy(void)
{
	unsigned char one[DBK_DIGEST_BYTES], other[DBK_DIGEST_BYTES];
	struct money_book original;
	struct dbk_books *loaded;

	money_book_open(&book);
	fill();
	loaded = copy(book.books);
	dbk_books_check(loaded);
	dbk_books_digest(book.books, one);
	dbk_books_digest(loaded, other);
	CHECK(memcmp(one, other, sizeof one) == 0);
	original = book;
	go_on(one);
	book.books = loaded;
	book.now_us = original.now_us;
	book.serial = original.serial;
	go_on(other);
	CHECK(memcmp(one, other, sizeof one) == 0);
	dbk_books_close(original.books);
	money_book_close(&book);
}

int
main(void)
{
	check_run("books come back as they were saved, and go on alike", test_copy);
	return check_end();
}
