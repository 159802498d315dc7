/*
 * test_books_reports.c -- what a platform says it paid, against what the books work
 * out.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;
static unsigned n_reports;

struct said {
	const char *payee, *order;
	uint32_t line, distance;
	int64_t amount;
	enum dbk_basis basis;
};

static struct dbk_row_report
report(struct said said)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_COMMISSION_REPORTED);
	char name[16];

	(void)snprintf(name, sizeof name, "c%u", ++n_reports);
	event.u.commission_reported = (struct dbk_commission_reported){
		.commission = dbk_str_of(name),
		.payee = dbk_str_of(said.payee),
		.amount = said.amount,
		.basis = said.basis,
		.distance = said.distance,
		.cause_order = dbk_str_of(said.order),
		.cause_line = said.line,
	};
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	return dbk_look_report(book.books,
			       dbk_look_newest(book.books, DBK_LOOK_REPORTS));
}

static void
check_difference(struct said said, enum dbk_difference difference, int64_t expected)
{
	struct dbk_row_report row = report(said);

	CHECK_INT(row.difference, difference);
	CHECK_INT(row.expected, expected);
	CHECK_INT(row.amount, said.amount);
	CHECK_INT(row.earning != 0, expected != 0);
}

/* a2 below a1 sold "o" for 199.00; the platform's engine pays 12.5 and 2.5 percent. */
static void
begin(const char *engine)
{
	money_book_open(&book);
	(void)money_book_set(&book, "pay_max_depth", 2);
	(void)money_book_choose(&book, "engine", engine);
	money_book_set(&book, "rate_ppm", 125000)->level = 1;
	money_book_set(&book, "rate_ppm", 25000)->level = 2;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a3", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o", "a2", 19900), DBK_RULE_NONE);
}

static void
test_right(void)
{
	static const char *const engines[] = { "PLATFORM", "DAYBOOK" };

	for (size_t i = 0; i < 2; i++) {
		begin(engines[i]);
		check_difference(
		    (struct said){ "a2", "o", 1, 0, 2488, DBK_BASIS_RETAIL },
		    DBK_DIFFERENCE_NONE, 2488);
		check_difference(
		    (struct said){ "a1", "o", 1, 1, 497, DBK_BASIS_RETAIL },
		    DBK_DIFFERENCE_NONE, 497);
		money_book_close(&book);
	}
}

static void
test_no_cause(void)
{
	static const struct said cases[] = {
		{ "a2", "x", 1, 0, 2488, DBK_BASIS_RETAIL },
		{ "a2", "o", 0, 0, 2488, DBK_BASIS_RETAIL },
		{ "a2", "o", 2, 0, 2488, DBK_BASIS_SELL_IN },
		{ "a2", "o", 1, 2, 2488, DBK_BASIS_RETAIL },
		{ "a2", "o", 1, 256, 2488, DBK_BASIS_RETAIL },
		{ "a2", "o", 1, UINT32_MAX, 2488, DBK_BASIS_RETAIL },
		{ "a2", "o", 1, 0, 2488, DBK_BASIS_OTHER },
		{ "a2", "", 0, 1, 2488, DBK_BASIS_RECRUITING },
		{ "nobody", "x", 1, 0, 1, DBK_BASIS_RETAIL },
	};

	begin("PLATFORM");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check_difference(cases[i], DBK_DIFFERENCE_NO_CAUSE, 0);
	money_book_close(&book);
}

/* An order that nobody has paid yet pays nobody. */
static void
test_not_paid(void)
{
	struct dbk_order_line line = {
		.line = 1, .sku = dbk_str_of("soap"), .qty = 1, .unit_price = 19900
	};
	struct dbk_event event;

	begin("PLATFORM");
	event = money_book_event(&book, DBK_EVENT_ORDER_PLACED);
	event.u.sale = (struct dbk_sale){ .order = dbk_str_of("p"),
					  .kind = DBK_ORDER_RETAIL,
					  .seller = dbk_str_of("a2"),
					  .fulfilment = DBK_BRAND_SHIP,
					  .lines = &line,
					  .n_lines = 1,
					  .delivered_at = DBK_TIME_ABSENT };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	check_difference((struct said){ "a2", "p", 1, 0, 2488, DBK_BASIS_RETAIL },
			 DBK_DIFFERENCE_NO_CAUSE, 0);
	money_book_close(&book);
}

static void
test_no_standing(void)
{
	begin("PLATFORM");
	check_difference((struct said){ "nobody", "o", 1, 0, 2488, DBK_BASIS_RETAIL },
			 DBK_DIFFERENCE_NO_STANDING, 2488);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	check_difference((struct said){ "a1", "o", 1, 1, 497, DBK_BASIS_RETAIL },
			 DBK_DIFFERENCE_NO_STANDING, 497);
	money_book_close(&book);
}

static void
test_duplicate(void)
{
	struct said said = { "a2", "o", 1, 0, 2488, DBK_BASIS_RETAIL };

	begin("PLATFORM");
	check_difference(said, DBK_DIFFERENCE_NONE, 2488);
	check_difference(said, DBK_DIFFERENCE_DUPLICATE, 2488);
	said.amount = 1;
	check_difference(said, DBK_DIFFERENCE_DUPLICATE, 2488);
	said.payee = "a1";
	check_difference(said, DBK_DIFFERENCE_WRONG_PAYEE, 2488);
	check_difference(said, DBK_DIFFERENCE_DUPLICATE, 2488);
	said = (struct said){ "a1", "o", 1, 1, 497, DBK_BASIS_OTHER };
	check_difference(said, DBK_DIFFERENCE_NO_CAUSE, 0);
	said.basis = DBK_BASIS_RETAIL;
	check_difference(said, DBK_DIFFERENCE_DUPLICATE, 497);
	money_book_close(&book);
}

static void
test_wrong(void)
{
	begin("PLATFORM");
	check_difference((struct said){ "a3", "o", 1, 1, 497, DBK_BASIS_RETAIL },
			 DBK_DIFFERENCE_WRONG_PAYEE, 497);
	check_difference((struct said){ "a1", "o", 1, 1, 498, DBK_BASIS_RETAIL },
			 DBK_DIFFERENCE_WRONG_AMOUNT, 497);
	money_book_close(&book);
}

/* What a refund took back is not expected any more. */
static void
test_after_refund(void)
{
	begin("PLATFORM");
	CHECK_INT(money_book_refund(&book, "o", 9950), DBK_RULE_NONE);
	check_difference((struct said){ "a2", "o", 1, 0, 1244, DBK_BASIS_RETAIL },
			 DBK_DIFFERENCE_NONE, 1244);
	check_difference((struct said){ "a1", "o", 1, 1, 497, DBK_BASIS_RETAIL },
			 DBK_DIFFERENCE_WRONG_AMOUNT, 248);
	money_book_close(&book);
}

static void
test_recruiting(void)
{
	struct said said = { "a1", "", 0, 1, 7, DBK_BASIS_RECRUITING };

	begin("PLATFORM");
	money_book_set(&book, "enrol_reward", 500)->level = 1;
	(void)money_book_choose(&book, "acknowledge", "RECRUITING");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	check_difference(said, DBK_DIFFERENCE_NONE, 0);
	check_difference(said, DBK_DIFFERENCE_NONE, 0);
	said.payee = "nobody";
	check_difference(said, DBK_DIFFERENCE_NO_STANDING, 0);
	money_book_close(&book);
}

int
main(void)
{
	check_run("what is right is right, whoever pays", test_right);
	check_run("pay needs a cause that the books know", test_no_cause);
	check_run("an order that is not paid pays nobody", test_not_paid);
	check_run("pay needs a payee who is active", test_no_standing);
	check_run("the same share twice is a duplicate", test_duplicate);
	check_run("another payee and another amount are told apart", test_wrong);
	check_run("a refund lowers what is expected", test_after_refund);
	check_run("recruiting pays where the plan does", test_recruiting);
	return check_end();
}
