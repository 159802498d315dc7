/*
 * test_look_guards.c -- what is read of findings and stock from outside is what the
 * books reckon with.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "books/look_guards.h"

static struct money_book book;

/* Over all positions of goods of SKU, what is told for AGENT. */
static int64_t
aged_of(const char *agent, const char *sku, uint32_t days)
{
	uint64_t n = dbk_look_count(book.books, DBK_SPACE_POSITION);
	uint32_t agent_id =
	    dbk_look_find(book.books, DBK_SPACE_AGENT, dbk_str_of(agent));
	uint32_t sku_id = dbk_look_find(book.books, DBK_SPACE_SKU, dbk_str_of(sku));
	uint32_t holder = dbk_look_agent(book.books, agent_id)->holder;
	int64_t sum = 0;

	for (uint32_t id = 1; id <= n; id++) {
		struct dbk_look_holding at;

		if (dbk_look_holding_at(book.books, id, &at) && at.holder == holder &&
		    at.sku == sku_id)
			sum += dbk_look_holding_aged(book.books, id, days);
	}
	CHECK_INT(sum, dbk_measure_aged(book.books, holder, sku_id, days));
	return sum;
}

static void
test_aged(void)
{
	money_book_open(&book);
	money_book_enrol(&book, "a1", "");
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 40), DBK_RULE_NONE);
	CHECK_INT(aged_of("a1", "soap", 1), 0);
	money_book_wait_days(&book, 10);
	CHECK_INT(aged_of("a1", "soap", 10), 40);
	CHECK_INT(aged_of("a1", "soap", 11), 0);
	/* Both places are one stock: what moves between them does not get younger. */
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 40),
		  DBK_RULE_NONE);
	CHECK_INT(aged_of("a1", "soap", 10), 40);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 5), DBK_RULE_NONE);
	CHECK_INT(aged_of("a1", "soap", 10), 40);
	CHECK_INT(aged_of("a1", "soap", 366), 0);
	money_book_close(&book);
}

int
main(void)
{
	check_run("aged stock is that of the measures", test_aged);
	return check_end();
}
