/*
 * test_books_guards.c -- which guard sets may be published, which one is in force, and
 * which of its numbers counts; what a guard does with what it has found.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

static void
begin(void)
{
	money_book_open(&book);
	(void)money_book_enrol(&book, "a1", "");
}

static void
end(void)
{
	money_book_close(&book);
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

/* VERSION of NAME from FROM on, with window_days DAYS; 0: without it. */
static enum dbk_rule
publish(const char *name, uint32_t version, int64_t days, int64_t from)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_GUARD_SET_PUBLISHED);
	struct dbk_parameter parameter = { .name = dbk_str_of("window_days"),
					   .value = days };

	event.u.guard_set_published =
	    (struct dbk_guard_set_published){ .guard_set = dbk_str_of(name),
					      .version = version,
					      .valid_from = from,
					      .parameters = &parameter,
					      .n_parameters = days > 0 };
	return money_book_send(&book, &event);
}

static int64_t
window(void)
{
	return dbk_guard_number(book.books, DBK_GUARD_WINDOW_DAYS);
}

static void
test_versions(void)
{
	begin();
	CHECK_INT(publish("g", 2, 7, DBK_TIME_ABSENT), DBK_RULE_GUARD_VERSION_GAP);
	CHECK(money_book_measured(&book, 2, 1) &&
	      is_field("version", DBK_NO_INDEX, NULL));
	CHECK_INT(publish("g", 1, 7, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(publish("h", 1, 7, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(publish("g", 3, 7, DBK_TIME_ABSENT), DBK_RULE_GUARD_VERSION_GAP);
	CHECK(money_book_measured(&book, 3, 2));
	CHECK_INT(publish("g", 2, 7, DBK_TIME_ABSENT), DBK_RULE_NONE);
	end();
}

static void
test_faults(void)
{
	begin();
	money_book_set(&book, "window_days", 30);
	money_book_set(&book, "window_days", 367);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_GUARD_PARAMETER_VALUE);
	CHECK(money_book_measured(&book, 367, 366) &&
	      is_field("parameters", 1, "value"));
	money_book_set(&book, "windows", 30);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_GUARD_PARAMETER_UNKNOWN);
	CHECK(is_field("parameters", 0, "name") &&
	      dbk_str_equal(book.verdict.refusal.value, dbk_str_of("windows")));
	money_book_set(&book, "window_days", 30)->region = dbk_str_of("north");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_GUARD_PARAMETER_SCOPE);
	CHECK(dbk_str_equal(book.verdict.refusal.value, dbk_str_of("north")));
	money_book_choose(&book, "cloud", "FLAG");
	money_book_choose(&book, "cloud", "FLAG");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_GUARD_CONTRADICTION);
	money_book_set(&book, "free_units", 30)->sku = dbk_str_of("soap");
	money_book_set(&book, "free_units", 30)->sku = dbk_str_of("tea");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_SKU_UNKNOWN);
	CHECK(is_field("parameters", 1, "sku"));
	end();
}

static void
test_in_force(void)
{
	int64_t day = MONEY_BOOK_DAY_US, now;

	begin();
	now = book.now_us;
	CHECK_INT(dbk_guard_set_now(book.books), 0);
	CHECK_INT(window(), 30);
	CHECK_INT(publish("g", 1, 10, now + 2 * day), DBK_RULE_NONE);
	CHECK_INT(dbk_guard_set_now(book.books), 0);
	CHECK_INT(publish("g", 2, 20, now - day), DBK_RULE_NONE);
	CHECK_INT(window(), 20);
	money_book_wait_us(&book, 2 * day - 1);
	CHECK_INT(window(), 20);
	money_book_wait_us(&book, 1);
	CHECK_INT(window(), 10);
	/* Published later, but in force earlier. */
	CHECK_INT(publish("g", 3, 40, now + day), DBK_RULE_NONE);
	CHECK_INT(window(), 10);
	/* Of two that begin together the later one counts, whatever its name. */
	CHECK_INT(publish("h", 1, 50, now + 2 * day), DBK_RULE_NONE);
	CHECK_INT(window(), 50);
	/* A set is whole: what it does not name has its default. */
	CHECK_INT(publish("h", 2, 0, DBK_TIME_ABSENT), DBK_RULE_NONE);
	CHECK_INT(window(), 30);
	end();
}

static void
test_modes(void)
{
	begin();
	CHECK_INT(dbk_guard_mode(book.books, DBK_GUARD_CLOUD), DBK_GUARD_OFF);
	money_book_choose(&book, "cloud", "REFUSE");
	money_book_choose(&book, "count", "REFUSE");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(dbk_guard_mode(book.books, DBK_GUARD_CLOUD), DBK_GUARD_REFUSE);
	CHECK_INT(dbk_guard_mode(book.books, DBK_GUARD_COUNT), DBK_GUARD_FLAG);
	CHECK_INT(dbk_guard_mode(book.books, DBK_GUARD_MATCH), DBK_GUARD_OFF);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(dbk_guard_mode(book.books, DBK_GUARD_CLOUD), DBK_GUARD_OFF);
	end();
}

/* ------------------------------------------------------------------------- terms */

/* free_units VALUE for whom it says. */
static void
set_free(int64_t value, const char *sku, const char *category, const char *rank)
{
	struct dbk_parameter *p = money_book_set(&book, "free_units", value);

	p->sku = dbk_str_of(sku);
	p->category = dbk_str_of(category);
	p->rank = dbk_str_of(rank);
}

static int64_t
free_of(const char *sku, const char *rank)
{
	uint32_t tag = dbk_look_find(book.books, DBK_SPACE_TAG, dbk_str_of(rank));

	return dbk_guard_term(book.books, DBK_GUARD_FREE_UNITS,
			      dbk_look_find(book.books, DBK_SPACE_SKU, dbk_str_of(sku)),
			      tag);
}

static void
define(const char *sku, const char *category)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);

	event.u.sku_defined.sku = dbk_str_of(sku);
	event.u.sku_defined.revision = 1;
	event.u.sku_defined.category = dbk_str_of(category);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_most_specific(void)
{
	begin();
	define("tea", "teas");
	define("mint", "teas");
	CHECK_INT(free_of("tea", "gold"), 10);
	set_free(1, "", "", "gold");
	set_free(2, "", "teas", "");
	set_free(3, "", "teas", "gold");
	set_free(4, "tea", "", "");
	set_free(5, "tea", "", "gold");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(free_of("tea", "gold"), 5);
	CHECK_INT(free_of("tea", "silver"), 4);
	CHECK_INT(free_of("tea", ""), 4);
	CHECK_INT(free_of("mint", "gold"), 3);
	CHECK_INT(free_of("mint", "silver"), 2);
	CHECK_INT(free_of("soap", "gold"), 1);
	CHECK_INT(free_of("soap", ""), 10);
	CHECK_INT(free_of("", "gold"), 1);
	/* The next version has none of them. */
	set_free(7, "", "", "");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(free_of("tea", "gold"), 7);
	end();
}

/* ------------------------------------------------------------------ what was found */

/* GOODS_CYCLE of a1, which no override lets pass, and TERRITORY, which one does. */
static bool
fail(struct dbk_refusal *refusal, unsigned mode, enum dbk_rule rule, uint32_t agent)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CLOCK_ADVANCED);
	struct dbk_decision d = { .books = book.books,
				  .event = &event,
				  .effects = &book.effects,
				  .refusal = refusal,
				  .position = 40 };
	struct dbk_violation violation = { .rule = rule,
					   .field = dbk_field("to"),
					   .value = dbk_str_of("a1"),
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = 1,
					   .measured = 7,
					   .limit = 5,
					   .agent = agent };

	*refusal = (struct dbk_refusal){ .rule = DBK_RULE_NONE };
	dbk_effects_reset(&book.effects, 40);
	(void)dbk_effects_begin(&book.effects, 40);
	return dbk_guard_fail(&d, mode, &violation);
}

static void
override_territory(void)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_OVERRIDE_GRANTED);

	event.u.override_granted =
	    (struct dbk_override_granted){ .override = dbk_str_of("o"),
					   .guard = dbk_str_of("TERRITORY"),
					   .subject = dbk_str_of("a1"),
					   .approver1 = dbk_str_of("p"),
					   .approver2 = dbk_str_of("q"),
					   .reason = dbk_str_of("a fair"),
					   .expires_at =
					       book.now_us + MONEY_BOOK_DAY_US };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_off_and_flag(void)
{
	struct dbk_refusal refusal;

	begin();
	CHECK(fail(&refusal, DBK_GUARD_OFF, DBK_RULE_GOODS_CYCLE, 0));
	CHECK(goods_book_found(&book, DBK_RULE_GOODS_CYCLE, DBK_SUBJECT_AGENT, "a1", 0,
			       0, 0));
	CHECK(fail(&refusal, DBK_GUARD_FLAG, DBK_RULE_GOODS_CYCLE, 0));
	CHECK(goods_book_found(&book, DBK_RULE_GOODS_CYCLE, DBK_SUBJECT_AGENT, "a1", 1,
			       7, 5));
	CHECK_INT(refusal.rule, DBK_RULE_NONE);
	end();
}

static void
test_refuse(void)
{
	struct dbk_refusal refusal;

	begin();
	CHECK(!fail(&refusal, DBK_GUARD_REFUSE, DBK_RULE_GOODS_CYCLE, 1));
	CHECK_INT(refusal.rule, DBK_RULE_GOODS_CYCLE);
	CHECK_INT(refusal.measured, 7);
	CHECK_INT(refusal.limit, 5);
	CHECK(strcmp(refusal.field.name, "to") == 0);
	CHECK(dbk_str_equal(refusal.value, dbk_str_of("a1")));
	end();
}

static void
test_override(void)
{
	struct dbk_refusal refusal;

	begin();
	override_territory();
	/* Of another rule, and where no override is asked for. */
	CHECK(!fail(&refusal, DBK_GUARD_REFUSE, DBK_RULE_EXPOSURE, 1));
	CHECK(!fail(&refusal, DBK_GUARD_REFUSE, DBK_RULE_TERRITORY, 0));
	CHECK(fail(&refusal, DBK_GUARD_REFUSE, DBK_RULE_TERRITORY, 1));
	CHECK(goods_book_found(&book, DBK_RULE_TERRITORY, DBK_SUBJECT_AGENT, "a1", 0, 0,
			       0));
	CHECK(!fail(&refusal, DBK_GUARD_REFUSE, DBK_RULE_TERRITORY, 1));
	end();
}

int
main(void)
{
	check_run("versions of a set have no gap", test_versions);
	check_run("a set that cannot stand is refused, and what is wrong is named",
		  test_faults);
	check_run("the set that began last is in force, and is whole", test_in_force);
	check_run("a guard that cannot refuse flags", test_modes);
	check_run("the most specific number counts", test_most_specific);
	check_run("OFF does nothing, FLAG is a finding", test_off_and_flag);
	check_run("REFUSE says what was measured", test_refuse);
	check_run("an override lets one thing pass once, without a finding",
		  test_override);
	return check_end();
}
