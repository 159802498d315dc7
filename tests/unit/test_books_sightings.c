/*
 * test_books_sightings.c -- prices that somebody saw outside their band.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"

static struct money_book book;

/* soap costs at least 50.00; three sightings by two sources in ten days are too many.
 */
static void
begin(const char *mode)
{
	struct dbk_event event;

	money_book_open(&book);
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "");
	event = money_book_event(&book, DBK_EVENT_PRICE_BAND_SET);
	event.u.price_band_set =
	    (struct dbk_price_band_set){ .band = dbk_str_of("b"),
					 .revision = 1,
					 .sku = dbk_str_of("soap"),
					 .min_price = 5000,
					 .mode = DBK_GUARD_FLAG,
					 .valid_from = DBK_TIME_ABSENT };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_book_choose(&book, "sightings", mode);
	money_book_set(&book, "sighting_days", 10);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

/* AGENT ("": nobody) asks for PRICE, DAYS from now; SOURCE says so. */
static enum dbk_rule
see_on(const char *source, const char *agent, int64_t price, int64_t days)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PRICE_OBSERVED);
	char name[16];
	enum dbk_rule rule;

	(void)snprintf(name, sizeof name, "v%u", ++book.serial);
	event.effective_at += days * MONEY_BOOK_DAY_US;
	event.u.price_observed.observation = dbk_str_of(name);
	event.u.price_observed.sku = dbk_str_of("soap");
	if (agent[0] != '\0')
		event.u.price_observed.holder = goods_book_agent(agent);
	event.u.price_observed.price = price;
	book.source = source;
	rule = money_book_send(&book, &event);
	book.source = "shop";
	return rule;
}

static void
see(const char *source, const char *agent, int64_t price)
{
	CHECK_INT(see_on(source, agent, price, 0), DBK_RULE_NONE);
}

/* COUNT findings on a1, the last of MEASURED sightings. */
static bool
found(uint32_t count, int64_t measured)
{
	return goods_book_found(&book, DBK_RULE_PRICE_SIGHTED, DBK_SUBJECT_AGENT, "a1",
				count, measured, count == 0 ? 0 : 3);
}

static void
test_known(void)
{
	struct dbk_event event;

	begin("OFF");
	CHECK_INT(see_on("x", "a9", 1, 0), DBK_RULE_AGENT_UNKNOWN);
	CHECK(strcmp(book.verdict.refusal.field.name, "holder") == 0);
	event = money_book_event(&book, DBK_EVENT_PRICE_OBSERVED);
	event.u.price_observed.observation = dbk_str_of("v");
	event.u.price_observed.sku = dbk_str_of("tea");
	event.u.price_observed.price = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_SKU_UNKNOWN);
	event.u.price_observed.sku = dbk_str_of("soap");
	event.u.price_observed.holder = goods_book_location("shelf");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(dbk_look_count(book.books, DBK_SPACE_LOCATION), 0);
	end();
}

static void
test_off(void)
{
	begin("OFF");
	see("x", "a1", 1);
	see("y", "a1", 1);
	see("x", "a1", 1);
	CHECK(found(0, 0));
	CHECK_INT(book.books->sightings.count, 1);
	end();
}

static void
test_number_and_sources(void)
{
	begin("REFUSE");
	see("x", "a1", 4999);
	see("x", "a1", 5000);
	see("y", "a2", 4999);
	see("x", "a1", 4999);
	CHECK(found(0, 0));
	see("x", "a1", 4999);
	CHECK(found(0, 0)); /* three, but of one source */
	see("y", "a1", 4999);
	CHECK(found(1, 4));
	see("x", "a1", 4999);
	CHECK(found(2, 5));
	CHECK(goods_book_found(&book, DBK_RULE_PRICE_SIGHTED, DBK_SUBJECT_AGENT, "a2",
			       0, 0, 0));
	end();
}

static void
test_nobody(void)
{
	begin("FLAG");
	see("x", "", 4999);
	see("y", "", 4999);
	CHECK(goods_book_found(&book, DBK_RULE_PRICE_SIGHTED, DBK_SUBJECT_SKU, "soap",
			       0, 0, 0));
	see("y", "", 4999);
	CHECK(goods_book_found(&book, DBK_RULE_PRICE_SIGHTED, DBK_SUBJECT_SKU, "soap",
			       1, 3, 3));
	end();
}

static void
test_window(void)
{
	begin("FLAG");
	see("x", "a1", 1);
	see("y", "a1", 1);
	money_book_wait_days(&book, 10);
	see("x", "a1", 1);
	CHECK(found(0, 0));
	money_book_wait_days(&book, 9);
	see("y", "a1", 1);
	CHECK(found(0, 0));
	see("y", "a1", 1);
	CHECK(found(1, 3));
	end();
}

static void
test_late(void)
{
	begin("FLAG");
	money_book_wait_days(&book, 30);
	see("x", "a1", 1);
	CHECK_INT(see_on("y", "a1", 1, -10), DBK_RULE_NONE);
	CHECK_INT(see_on("y", "a1", 1, -12), DBK_RULE_NONE);
	CHECK(found(0, 0));
	CHECK_INT(see_on("y", "a1", 1, -9), DBK_RULE_NONE);
	CHECK(found(0, 0));
	CHECK_INT(see_on("y", "a1", 1, -4), DBK_RULE_NONE);
	CHECK(found(1, 3));
	/* Too late to count itself, but the others are still there. */
	CHECK_INT(see_on("y", "a1", 1, -20), DBK_RULE_NONE);
	CHECK(found(2, 3));
	money_book_wait_days(&book, 5);
	see("x", "a1", 1);
	CHECK(found(3, 3)); /* today, five and nine days ago */
	end();
}

int
main(void)
{
	check_run("what was seen is a known sku, at a known agent", test_known);
	check_run("without the guard nothing is kept", test_off);
	check_run("sightings count from enough sources, for one agent",
		  test_number_and_sources);
	check_run("what is nobody's is seen of the sku", test_nobody);
	check_run("sightings count for some days", test_window);
	check_run("what is told late counts on its own day", test_late);
	return check_end();
}
