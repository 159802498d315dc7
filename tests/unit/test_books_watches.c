/*
 * test_books_watches.c -- customers bound and things shared in a day.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

static void
begin(const char *guard, const char *mode, const char *limit)
{
	money_book_open(&book);
	if (guard != NULL) {
		money_book_choose(&book, guard, mode);
		money_book_set(&book, limit, 2);
		CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	}
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

static enum dbk_rule
bind(const char *agent)
{
	char customer[16];

	(void)snprintf(customer, sizeof customer, "c%u", ++book.serial);
	return money_trade_bind(&book, customer, agent, DBK_TIME_ABSENT);
}

static enum dbk_rule
observe(const char *code, const char *subject)
{
	struct dbk_event event =
	    money_book_event(&book, DBK_EVENT_OBSERVATION_RECORDED);
	char name[16];

	(void)snprintf(name, sizeof name, "n%u", ++book.serial);
	event.u.observation_recorded =
	    (struct dbk_observation_recorded){ .observation = dbk_str_of(name),
					       .code = dbk_str_of(code),
					       .subject = dbk_str_of(subject),
					       .value = -1 };
	return money_book_send(&book, &event);
}

static struct dbk_row_watch
watch(const char *agent)
{
	uint32_t id = dbk_look_find(book.books, DBK_SPACE_AGENT, dbk_str_of(agent));

	return *DBK_ROW(book.books, watches, watch, dbk_watch_find(book.books, id));
}

static bool
bindings_found(uint32_t count, int64_t measured)
{
	return goods_book_found(&book, DBK_RULE_BINDINGS_PER_DAY, DBK_SUBJECT_AGENT,
				"a1", count, measured, count == 0 ? 0 : 2);
}

static bool
shares_found(uint32_t count, int64_t measured)
{
	return goods_book_found(&book, DBK_RULE_FLOODING, DBK_SUBJECT_AGENT, "a1",
				count, measured, count == 0 ? 0 : 2);
}

static void
test_bindings_refused(void)
{
	begin("bindings", "REFUSE", "max_bindings");
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(bind("a2"), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_BINDINGS_PER_DAY);
	CHECK(money_book_measured(&book, 3, 2));
	CHECK(strcmp(book.verdict.refusal.field.name, "agent") == 0);
	CHECK_INT(watch("a1").bindings, 2);
	CHECK(bindings_found(0, 0));
	CHECK_INT(bind(""), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(watch("a1").bindings, 1);
	end();
}

static void
test_bindings_flagged(void)
{
	begin("bindings", "FLAG", "max_bindings");
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK(bindings_found(0, 0));
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK(bindings_found(1, 3));
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK(bindings_found(2, 4));
	end();
}

static void
test_bindings_off(void)
{
	begin(NULL, NULL, NULL);
	for (unsigned i = 0; i < 60; i++)
		CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK(bindings_found(0, 0));
	CHECK_INT(watch("a1").bindings, 60);
	money_book_choose(&book, "bindings", "REFUSE");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_BINDINGS_PER_DAY);
	CHECK(money_book_measured(&book, 61, 50));
	end();
}

/* Midnight is local: 16:00 UTC here. */
static void
test_local_days(void)
{
	begin("bindings", "REFUSE", "max_bindings");
	money_book_wait_us(&book, MONEY_BOOK_DAY_US - 1);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_BINDINGS_PER_DAY);
	money_book_wait_us(&book, 1);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	end();
}

static void
test_late_days(void)
{
	begin("bindings", "REFUSE", "max_bindings");
	money_book_wait_days(&book, 3);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	book.now_us -= MONEY_BOOK_DAY_US;
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(watch("a1").bindings, 1);
	CHECK_INT(bind("a1"), DBK_RULE_NONE);
	CHECK_INT(bind("a1"), DBK_RULE_BINDINGS_PER_DAY);
	end();
}

static void
test_shares_flagged(void)
{
	begin("flooding", "FLAG", "max_shares");
	CHECK_INT(observe("SHARE", "a1"), DBK_RULE_NONE);
	CHECK_INT(observe("SHARE", "a1"), DBK_RULE_NONE);
	CHECK_INT(observe("SHARE", "a2"), DBK_RULE_NONE);
	CHECK(shares_found(0, 0));
	CHECK_INT(observe("SHARE", "a1"), DBK_RULE_NONE);
	CHECK(shares_found(1, 3));
	CHECK_INT(observe("SHARE", "a1"), DBK_RULE_NONE);
	CHECK(shares_found(2, 4));
	money_book_wait_days(&book, 1);
	CHECK_INT(observe("SHARE", "a1"), DBK_RULE_NONE);
	CHECK(shares_found(2, 4));
	CHECK_INT(watch("a1").shares, 1);
	end();
}

/* What has been seen is kept, whatever one thinks of it. */
static void
test_shares_are_never_refused(void)
{
	begin("flooding", "REFUSE", "max_shares");
	for (unsigned i = 0; i < 3; i++)
		CHECK_INT(observe("SHARE", "a1"), DBK_RULE_NONE);
	CHECK(shares_found(1, 3));
	end();
}

static void
test_shares_off(void)
{
	begin(NULL, NULL, NULL);
	for (unsigned i = 0; i < 60; i++)
		CHECK_INT(observe("SHARE", "a1"), DBK_RULE_NONE);
	CHECK(shares_found(0, 0));
	CHECK_INT(watch("a1").shares, 60);
	end();
}

static void
test_other_observations(void)
{
	begin("flooding", "FLAG", "max_shares");
	for (unsigned i = 0; i < 3; i++) {
		CHECK_INT(observe("SHARES", "a1"), DBK_RULE_NONE);
		CHECK_INT(observe("share", "a1"), DBK_RULE_NONE);
		CHECK_INT(observe("SHARE", "somebody"), DBK_RULE_NONE);
	}
	CHECK(shares_found(0, 0));
	CHECK_INT(watch("a1").shares, 0);
	CHECK_INT(book.books->watches.count, 1);
	end();
}

int
main(void)
{
	check_run("bindings above the limit of a day are refused",
		  test_bindings_refused);
	check_run("bindings above the limit of a day are flagged",
		  test_bindings_flagged);
	check_run("bindings count without a guard", test_bindings_off);
	check_run("a day is a local day", test_local_days);
	check_run("another day, also an older one, starts at 0", test_late_days);
	check_run("shares above the limit of a day are flagged", test_shares_flagged);
	check_run("a share is never refused", test_shares_are_never_refused);
	check_run("shares count without a guard", test_shares_off);
	check_run("only shares of agents count", test_other_observations);
	return check_end();
}
