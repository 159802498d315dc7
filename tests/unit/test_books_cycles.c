/*
 * test_books_cycles.c -- goods that go round, and the ways that they and money take.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"

static struct money_book book;

static void
begin(const char *mode, int64_t length, int64_t days)
{
	static const char *const agents[] = { "a1", "a2", "a3", "a4" };

	money_book_open(&book);
	if (mode != NULL) {
		money_book_choose(&book, "cycle", mode);
		money_book_set(&book, "cycle_length", length);
		money_book_set(&book, "cycle_days", days);
		CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	}
	for (unsigned i = 0; i < 4; i++) {
		CHECK_INT(money_book_enrol(&book, agents[i], ""), DBK_RULE_NONE);
		CHECK_INT(goods_book_issue(&book, agents[i], "soap", 100),
			  DBK_RULE_NONE);
	}
}

static void
end(void)
{
	money_book_close(&book);
}

static enum dbk_rule
pass(const char *from, const char *to)
{
	return goods_book_pass(&book, from, to, "soap", 1);
}

static bool
found(const char *agent, uint32_t count, int64_t measured, int64_t limit)
{
	return goods_book_found(&book, DBK_RULE_GOODS_CYCLE, DBK_SUBJECT_AGENT, agent,
				count, measured, limit);
}

static void
test_refused(void)
{
	begin("REFUSE", 3, 90);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	CHECK_INT(pass("a2", "a3"), DBK_RULE_NONE);
	CHECK_INT(pass("a3", "a1"), DBK_RULE_GOODS_CYCLE);
	CHECK(money_book_measured(&book, 3, 3));
	CHECK(strcmp(book.verdict.refusal.field.name, "to") == 0);
	CHECK_INT(book.books->edges.count - 1, 2);
	CHECK(found("a3", 0, 0, 0));
	end();
}

static void
test_longer_passes(void)
{
	begin("REFUSE", 3, 90);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	CHECK_INT(pass("a2", "a3"), DBK_RULE_NONE);
	CHECK_INT(pass("a3", "a4"), DBK_RULE_NONE);
	CHECK_INT(pass("a4", "a1"), DBK_RULE_NONE);
	/* Now there is a shorter way from a2 to a4. */
	CHECK_INT(pass("a4", "a2"), DBK_RULE_GOODS_CYCLE);
	CHECK(money_book_measured(&book, 3, 3));
	end();
}

static void
test_flagged(void)
{
	begin("FLAG", 4, 90);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	CHECK_INT(pass("a2", "a1"), DBK_RULE_NONE);
	CHECK(found("a2", 1, 2, 4));
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	CHECK(found("a1", 1, 2, 4));
	CHECK_INT(pass("a2", "a1"), DBK_RULE_NONE);
	CHECK(found("a2", 2, 2, 4));
	end();
}

static void
test_off(void)
{
	begin(NULL, 0, 0);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	CHECK_INT(pass("a2", "a1"), DBK_RULE_NONE);
	CHECK_INT(pass("a2", "a1"), DBK_RULE_NONE);
	CHECK(found("a2", 0, 0, 0));
	CHECK_INT(book.books->edges.count - 1, 2);
	end();
}

static void
test_window(void)
{
	begin("REFUSE", 4, 10);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	money_book_wait_days(&book, 9);
	CHECK_INT(pass("a2", "a1"), DBK_RULE_GOODS_CYCLE);
	money_book_wait_days(&book, 1);
	CHECK_INT(pass("a2", "a1"), DBK_RULE_NONE);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_GOODS_CYCLE);
	end();
}

/* An edge is renewed, but not by what is told late. */
static void
test_renewed(void)
{
	begin("REFUSE", 4, 10);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	money_book_wait_days(&book, 9);
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	book.now_us -= 5 * MONEY_BOOK_DAY_US;
	CHECK_INT(pass("a1", "a2"), DBK_RULE_NONE);
	book.now_us += 5 * MONEY_BOOK_DAY_US;
	CHECK_INT(book.books->edges.count - 1, 1);
	money_book_wait_days(&book, 9);
	CHECK_INT(pass("a2", "a1"), DBK_RULE_GOODS_CYCLE);
	money_book_wait_days(&book, 1);
	CHECK_INT(pass("a2", "a1"), DBK_RULE_NONE);
	end();
}

static void
test_own_places(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;

	begin("REFUSE", 4, 90);
	event = goods_book_transferred(&book, &line, "soap", 1);
	event.u.stock_transferred.from = event.u.stock_transferred.to =
	    goods_book_agent("a1");
	event.u.stock_transferred.to_place = DBK_PLACE_CLOUD;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(book.books->edges.count - 1, 0);
	end();
}

/* ------------------------------------------------------------------- ways by hand */

static struct dbk_refusal refusal;
static struct dbk_event nothing = { .type = DBK_EVENT_CLOCK_ADVANCED };

static struct dbk_decision
by_hand(void)
{
	nothing.effective_at = book.now_us;
	dbk_effects_reset(&book.effects, dbk_books_size(book.books));
	(void)dbk_effects_begin(&book.effects, dbk_books_size(book.books));
	return (struct dbk_decision){ .books = book.books,
				      .event = &nothing,
				      .effects = &book.effects,
				      .refusal = &refusal,
				      .day = dbk_today(book.books) };
}

/* N agents more than the four, without an event each. */
static void
crowd(struct dbk_decision *d, uint32_t n)
{
	char name[16];
	uint32_t agent;

	for (uint32_t i = 0; i < n; i++) {
		(void)snprintf(name, sizeof name, "x%u", i);
		CHECK(dbk_intern(d, DBK_SPACE_AGENT, dbk_str_of(name), &agent));
	}
}

static uint32_t
way(uint32_t from, uint32_t to, uint32_t most)
{
	return dbk_cycle_way(book.books, DBK_EDGE_MONEY, from, to, most);
}

static void
test_shortest_way(void)
{
	struct dbk_decision d;

	begin(NULL, 0, 0);
	d = by_hand();
	CHECK_INT(way(1, 2, 7), 0);
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 1, 2));
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 2, 3));
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 3, 1));
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 3, 4));
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_GOODS, 1, 4));
	CHECK_INT(way(1, 4, 7), 3);
	CHECK_INT(way(1, 4, 3), 3);
	CHECK_INT(way(1, 4, 2), 0);
	CHECK_INT(way(1, 3, 0), 0);
	CHECK_INT(way(1, 1, 7), 3);
	CHECK_INT(way(4, 1, 7), 0);
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 1, 4));
	CHECK_INT(way(1, 4, 7), 1);
	end();
}

/* The edge made first is looked at last: 1,000 are looked at, no more. */
static void
test_gives_up(void)
{
	struct dbk_decision d;

	begin(NULL, 0, 0);
	d = by_hand();
	crowd(&d, 1000);
	for (uint32_t i = 2; i <= 1001; i++)
		CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 1, i));
	CHECK_INT(way(1, 2, 7), 1);
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 1, 1002));
	CHECK_INT(way(1, 2, 7), 0);
	CHECK_INT(way(1, 3, 7), 1);
	/* Behind those: nobody, as all have been looked at. */
	CHECK(dbk_cycle_edge(&d, DBK_EDGE_MONEY, 1001, 2));
	CHECK_INT(way(1, 2, 7), 0);
	end();
}

int
main(void)
{
	check_run("goods that go round are refused", test_refused);
	check_run("a longer way round passes", test_longer_passes);
	check_run("goods that go round are flagged", test_flagged);
	check_run("edges are made without a guard", test_off);
	check_run("an edge counts for cycle_days", test_window);
	check_run("an edge has the latest day it was used on", test_renewed);
	check_run("an agent's places are no way", test_own_places);
	check_run("the shortest way is found, within its length", test_shortest_way);
	check_run("a search gives up after 1,000 edges", test_gives_up);
	return check_end();
}
