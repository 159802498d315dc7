/*
 * test_books_plans.c -- what may be published, which plan holds when, and which of its
 * terms is the most specific.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

static void
start(void)
{
	money_book_open(&book);
	(void)money_book_enrol(&book, "a1", "");
}

static bool
is_field(const char *name, uint32_t index, const char *member)
{
	const struct dbk_field *field = &book.verdict.refusal.field;

	return field->name != NULL && strcmp(field->name, name) == 0 &&
	       field->index == index &&
	       (member == NULL
		    ? field->member == NULL
		    : field->member != NULL && strcmp(field->member, member) == 0);
}

/* Version VERSION of NAME, which pays level 1 RATE from FROM to TO. */
static enum dbk_rule
publish(const char *name, uint32_t version, uint32_t rate, int64_t from, int64_t to)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PLAN_PUBLISHED);
	struct dbk_parameter parameter = { .name = dbk_str_of("rate_ppm"),
					   .value = rate,
					   .level = 1 };

	event.u.plan_published = (struct dbk_plan_published){ .plan = dbk_str_of(name),
							      .version = version,
							      .valid_from = from,
							      .valid_to = to,
							      .parameters = &parameter,
							      .n_parameters = 1 };
	return money_book_send(&book, &event);
}

/* The rate that a1 earns by for a sale at TIME; 0: nothing. */
static uint32_t
rate_at(int64_t time)
{
	static char names[64][8];
	static unsigned n;
	char *name = names[n++ % 64];
	uint32_t before = dbk_look_newest(book.books, DBK_LOOK_EARNINGS), after;

	name[0] = 'o';
	for (unsigned i = 1, left = n; i < 6; i++, left /= 10)
		name[i] = (char)('0' + left % 10);
	(void)money_trade_begin(&trade, &book, name, "a1");
	trade.event.effective_at = time;
	(void)money_trade_line(&trade, 1000000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	after = dbk_look_newest(book.books, DBK_LOOK_EARNINGS);
	return after == before ? 0 : dbk_look_earning(book.books, after).rate_ppm;
}

static void
test_versions(void)
{
	start();
	CHECK_INT(publish("p", 2, 1, DBK_TIME_ABSENT, DBK_TIME_ABSENT),
		  DBK_RULE_PLAN_VERSION_GAP);
	CHECK(money_book_measured(&book, 2, 1) &&
	      is_field("version", DBK_NO_INDEX, NULL));
	CHECK_INT(publish("p", 1, 1, DBK_TIME_ABSENT, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(publish("p", 3, 1, DBK_TIME_ABSENT, DBK_TIME_ABSENT),
		  DBK_RULE_PLAN_VERSION_GAP);
	CHECK(money_book_measured(&book, 3, 2));
	CHECK_INT(publish("q", 1, 1, DBK_TIME_ABSENT, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(publish("p", 2, 1, DBK_TIME_ABSENT, DBK_TIME_ABSENT), DBK_RULE_NONE);
	/* A tag of another kind is no plan. */
	CHECK_INT(rate_at(book.now_us), 1);
	CHECK_INT(publish("web", 2, 1, DBK_TIME_ABSENT, DBK_TIME_ABSENT),
		  DBK_RULE_PLAN_VERSION_GAP);
	CHECK(money_book_measured(&book, 2, 1));
	money_book_close(&book);
}

static void
test_validity(void)
{
	int64_t now;

	start();
	now = book.now_us;
	CHECK_INT(publish("p", 1, 1, now + 5, now + 4), DBK_RULE_PLAN_VALIDITY);
	CHECK(is_field("valid_to", DBK_NO_INDEX, NULL));
	CHECK_INT(publish("p", 1, 1, now + 5, now + 5), DBK_RULE_PLAN_VALIDITY);
	CHECK(money_book_measured(&book, now + 5, now + 5));
	CHECK_INT(publish("p", 1, 1, DBK_TIME_ABSENT, now), DBK_RULE_PLAN_VALIDITY);
	CHECK_INT(publish("p", 1, 1, now + 5, now + 6), DBK_RULE_NONE);
	CHECK_INT(publish("q", 1, 1, DBK_TIME_ABSENT, now + 1), DBK_RULE_NONE);
	CHECK_INT(dbk_look_plan(book.books, 2).valid_from, now);
	CHECK_INT(dbk_look_plan(book.books, 2).valid_to, now + 1);
	CHECK(dbk_look_plan(book.books, 1).valid_from == now + 5);
	money_book_close(&book);
}

static void
test_faults(void)
{
	start();
	money_book_set(&book, "rate_ppm", 1)->level = 1;
	money_book_set(&book, "rate_pmm", 1)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_PLAN_PARAMETER_UNKNOWN);
	CHECK(is_field("parameters", 1, "name"));
	CHECK(dbk_str_equal(book.verdict.refusal.value, dbk_str_of("rate_pmm")));

	book.version = 0;
	money_book_set(&book, "rate_ppm", 1000001)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_PLAN_PARAMETER_VALUE);
	CHECK(is_field("parameters", 0, "value") &&
	      money_book_measured(&book, 1000001, 1000000));

	book.version = 0;
	money_book_set(&book, "window_days", 3)->sku = dbk_str_of("soap");
	money_book_set(&book, "window_days", 3)->sku = dbk_str_of("soup");
	CHECK_INT(money_book_publish(&book), DBK_RULE_SKU_UNKNOWN);
	CHECK(is_field("parameters", 1, "sku"));
	CHECK(dbk_str_equal(book.verdict.refusal.value, dbk_str_of("soup")));

	book.version = 0;
	money_book_set(&book, "enrol_reward", 1)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_PLAN_RISK);
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_PLANS), 0);
	money_book_close(&book);
}

static void
test_in_force(void)
{
	int64_t at;

	start();
	at = book.now_us + MONEY_BOOK_DAY_US;
	CHECK_INT(publish("p", 1, 10, at, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(publish("p", 2, 20, at + 1000, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(publish("q", 1, 30, at + 500, at + 700), DBK_RULE_NONE);
	CHECK_INT(publish("q", 2, 40, at + 1500, at + 1700), DBK_RULE_NONE);
	CHECK_INT(rate_at(at - 1), 0);
	CHECK_INT(rate_at(at), 10);
	CHECK_INT(rate_at(at + 499), 10);
	CHECK_INT(rate_at(at + 500), 30);
	CHECK_INT(rate_at(at + 699), 30);
	CHECK_INT(rate_at(at + 700), 10);
	CHECK_INT(rate_at(at + 999), 10);
	CHECK_INT(rate_at(at + 1000), 20);
	CHECK_INT(rate_at(at + 1500), 40);
	CHECK_INT(rate_at(at + 1699), 40);
	CHECK_INT(rate_at(at + 1700), 20);
	/* Late ones are paid by the plan of their own time. */
	CHECK_INT(rate_at(at + 500), 30);
	CHECK_INT(rate_at(at - 1), 0);
	money_book_close(&book);
}

static void
test_latest_published(void)
{
	int64_t at;

	start();
	at = book.now_us;
	CHECK_INT(publish("p", 1, 10, at, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(rate_at(at + 5), 10);
	CHECK_INT(publish("q", 1, 20, at, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(rate_at(at + 5), 20);
	CHECK_INT(publish("p", 2, 30, at, at + 9), DBK_RULE_NONE);
	CHECK_INT(rate_at(at + 8), 30);
	CHECK_INT(rate_at(at + 9), 20);
	/* An earlier beginning does not win by being published later. */
	CHECK_INT(publish("p", 3, 40, at - 5, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(rate_at(at + 9), 20);
	money_book_close(&book);
}

static void
test_what_exists_stays(void)
{
	start();
	CHECK_INT(publish("p", 1, 100000, DBK_TIME_ABSENT, DBK_TIME_ABSENT),
		  DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a1", 1000), DBK_RULE_NONE);
	CHECK_INT(publish("p", 2, 200000, DBK_TIME_ABSENT, DBK_TIME_ABSENT),
		  DBK_RULE_NONE);
	money_trade_earned(&book, "o1", "1 L1 +0 a1 100000 1000 100 PENDING\n");
	CHECK_INT(money_trade_order_row(&book, "o1")->plan, 1);
	CHECK_INT(money_book_sell(&book, "o2", "a1", 1000), DBK_RULE_NONE);
	money_trade_earned(&book, "o2", "1 L1 +0 a1 200000 1000 200 PENDING\n");
	money_book_close(&book);
}

static void
define(const char *sku, uint32_t revision, const char *category)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);

	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of(sku),
				      .revision = revision,
				      .list_price = 1,
				      .category = dbk_str_of(category) };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static struct dbk_parameter *
set_term(const char *name, int64_t value, const char *sku, const char *category,
	 const char *rank)
{
	struct dbk_parameter *parameter = money_book_set(&book, name, value);

	parameter->level = 1;
	parameter->sku = dbk_str_of(sku);
	parameter->category = dbk_str_of(category);
	parameter->rank = dbk_str_of(rank);
	return parameter;
}

/* What SELLER earns by for SKU: a rate, or less a fixed amount. */
static int64_t
term_for(const char *seller, const char *sku)
{
	static char names[64][8];
	static unsigned n;
	char *name = names[n++ % 64];
	struct dbk_row_earning earning;

	memcpy(name, "t__", 4);
	name[1] = (char)('0' + n / 10);
	name[2] = (char)('0' + n % 10);
	(void)money_trade_begin(&trade, &book, name, seller);
	money_trade_line(&trade, 1000000)->sku = dbk_str_of(sku);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	earning = dbk_look_earning(book.books,
				   dbk_look_newest(book.books, DBK_LOOK_EARNINGS));
	return earning.rate_ppm > 0 ? earning.rate_ppm : -earning.accrued;
}

static void
test_narrowness(void)
{
	start();
	(void)money_book_enrol(&book, "g", "");
	CHECK_INT(money_trade_rank(&book, "g", "", "gold"), DBK_RULE_NONE);
	define("salt", 1, "care");
	define("rice", 1, "food");
	define("soap", 2, "care");
	set_term("rate_ppm", 10, "", "", "");
	set_term("rate_ppm", 20, "", "", "gold");
	set_term("rate_ppm", 30, "", "care", "");
	set_term("rate_ppm", 40, "", "care", "gold");
	set_term("rate_ppm", 50, "soap", "", "");
	set_term("rate_ppm", 60, "soap", "", "gold");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(term_for("a1", "rice"), 10);
	CHECK_INT(term_for("g", "rice"), 20);
	CHECK_INT(term_for("a1", "salt"), 30);
	CHECK_INT(term_for("g", "salt"), 40);
	CHECK_INT(term_for("a1", "soap"), 50);
	CHECK_INT(term_for("g", "soap"), 60);
	/* The latest revision says what category a sku is of. */
	define("salt", 2, "food");
	define("rice", 2, "care");
	CHECK_INT(term_for("g", "salt"), 20);
	CHECK_INT(term_for("a1", "rice"), 30);
	CHECK_INT(money_trade_rank(&book, "g", "gold", "silver"), DBK_RULE_NONE);
	CHECK_INT(term_for("g", "soap"), 50);
	money_book_close(&book);
}

static void
test_rates_and_fixed(void)
{
	start();
	(void)money_book_enrol(&book, "g", "");
	CHECK_INT(money_trade_rank(&book, "g", "", "gold"), DBK_RULE_NONE);
	define("salt", 1, "care");
	define("rice", 1, "food");
	define("soap", 2, "care");
	set_term("fixed_amount", 7, "", "", "");
	set_term("rate_ppm", 20, "", "", "gold");
	set_term("fixed_amount", 9, "", "care", "");
	set_term("rate_ppm", 50, "soap", "", "");
	set_term("fixed_amount", 0, "soap", "", "gold");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(term_for("a1", "rice"), -7);
	CHECK_INT(term_for("g", "rice"), 20);
	CHECK_INT(term_for("g", "salt"), -9);
	CHECK_INT(term_for("a1", "soap"), 50);
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_EARNINGS), 4);
	/* The most specific one says 0: nobody earns. */
	(void)term_for("g", "soap");
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_EARNINGS), 4);
	money_book_close(&book);
}

/* Without the audit of the money book, which would walk all of them each time. */
static void
test_limit(void)
{
	struct dbk_event event;
	char name[16] = "p";
	uint32_t n;

	start();
	event = money_book_event(&book, DBK_EVENT_PLAN_PUBLISHED);
	event.source = dbk_str_of("shop");
	for (n = 0; n < 70000; n++) {
		for (uint32_t i = 0, left = n; i < 5; i++, left /= 10)
			name[1 + i] = (char)('0' + left % 10);
		event.u.plan_published.plan = dbk_str_of(name);
		event.u.plan_published.version = 1;
		dbk_effects_reset(&book.effects, dbk_books_size(book.books));
		CHECK_INT(dbk_books_decide(book.books, &event, &book.effects,
					   &book.arena, &book.verdict),
			  DBK_OK);
		dbk_books_commit(book.books);
		if (book.verdict.outcome != DBK_ACCEPTED)
			break;
	}
	CHECK_INT(n, 65535);
	CHECK_INT(book.verdict.refusal.rule, DBK_RULE_LIMIT_REACHED);
	money_book_close(&book);
}

int
main(void)
{
	check_run("a plan's versions have no gaps", test_versions);
	check_run("a plan ends after it begins", test_validity);
	check_run("a parameter that cannot stand is named", test_faults);
	check_run("the plan in force began last and has not ended", test_in_force);
	check_run("of plans that began together the one published last holds",
		  test_latest_published);
	check_run("publishing never touches what exists", test_what_exists_stays);
	check_run("the most specific term wins", test_narrowness);
	check_run("rates and fixed amounts stand against each other by scope",
		  test_rates_and_fixed);
	check_run("a book has 65,535 plans at most", test_limit);
	return check_end();
}
