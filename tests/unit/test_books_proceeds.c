/*
 * test_books_proceeds.c -- a consumer's money for an agent's own goods.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

/* a1 has 99 units of soap; the platform keeps FEE of what they bring, -1: no plan. */
static void
start(int64_t fee)
{
	struct dbk_stock_line line = { .line = 1,
				       .sku = dbk_str_of("soap"),
				       .qty = 99 };
	struct dbk_event event;

	money_book_open(&book);
	if (fee >= 0) {
		money_book_set(&book, "platform_fee_ppm", fee);
		CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	}
	(void)money_book_enrol(&book, "a1", "");
	event = money_book_event(&book, DBK_EVENT_STOCK_ISSUED);
	event.u.stock_issued = (struct dbk_stock_issued){
		.transfer = dbk_str_of("stock"),
		.to = { .kind = DBK_HOLDER_AGENT, .agent = dbk_str_of("a1") },
		.place = DBK_PLACE_PHYSICAL,
		.lines = &line,
		.n_lines = 1,
	};
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
place(const char *order, int64_t first, int64_t second, int64_t shipping)
{
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "a1");

	sale->fulfilment = DBK_HOLDER_SHIP;
	sale->shipping = shipping;
	(void)money_trade_line(&trade, first);
	if (second > 0)
		(void)money_trade_line(&trade, second);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, order, first + second + shipping, 0),
		  DBK_RULE_NONE);
	CHECK_INT(book.effects.n_postings, 2);
}

static void
receive(const char *order, uint32_t line)
{
	CHECK_INT(money_trade_receive(&book, order, line), DBK_RULE_NONE);
}

static void
test_without_plan(void)
{
	start(-1);
	place("o1", 10000, 0, 0);
	receive("o1", 1);
	money_book_posted(&book, "2010 10000 event\n2110 a1 -10000 proceeds\n");
	money_trade_earned(&book, "o1", "1 L0 +0 a1 1000000 10000 10000 PENDING\n");
	CHECK_INT(dbk_look_earning(book.books, 1).kind, DBK_EARNING_PROCEEDS);
	CHECK_INT(dbk_look_earning(book.books, 1).basis, DBK_BASIS_RETAIL);
	/* Seven days without a plan, too. */
	money_book_wait_us(&book, 7 * MONEY_BOOK_DAY_US - 1);
	CHECK_INT(money_book_credit(&book, 2110, "a1"), 10000);
	money_book_wait_us(&book, 1);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 10000);
	money_book_close(&book);
}

static void
test_fee(void)
{
	start(50001);
	place("o1", 10000, 77, 333);
	receive("o1", 2);
	/* 77 less floor(3.85) */
	money_book_posted(&book, "2010 77 event\n2110 a1 -74 proceeds\n"
				 "4050 plan -3 proceeds\n");
	receive("o1", 1);
	/* The shipping comes first: 333 less floor(16.65); 10,000 less floor(500.01).
	 */
	money_book_posted(&book, "2010 10333 event\n2110 a1 -317 proceeds\n"
				 "2110 a1 -9500 proceeds\n4050 plan -516 proceeds\n");
	money_trade_earned(&book, "o1",
			   "0 L0 +0 a1 949999 333 317 PENDING\n"
			   "1 L0 +0 a1 949999 10000 9500 PENDING\n"
			   "2 L0 +0 a1 949999 77 74 PENDING\n");
	CHECK(money_trade_line_row(&book, "o1", 0)->flags & DBK_LINE_SCHEDULED);
	money_book_close(&book);
}

static void
test_all_or_nothing(void)
{
	start(1000000);
	place("o1", 10000, 0, 0);
	receive("o1", 1);
	money_book_posted(&book, "2010 10000 event\n4050 plan -10000 proceeds\n");
	money_trade_earned(&book, "o1", "");
	CHECK(!(money_trade_line_row(&book, "o1", 1)->flags & DBK_LINE_SCHEDULED));
	money_book_close(&book);
	start(0);
	place("o1", 10000, 0, 0);
	receive("o1", 1);
	money_book_posted(&book, "2010 10000 event\n2110 a1 -10000 proceeds\n");
	money_book_close(&book);
}

static void
test_refunded_before_receipt(void)
{
	start(50000);
	place("o1", 10000, 5000, 0);
	CHECK_INT(money_trade_refund(&book, "o1", 1, 2501), DBK_RULE_NONE);
	CHECK_INT(money_trade_refund(&book, "o1", 2, 5000), DBK_RULE_NONE);
	receive("o1", 0);
	/* Of 9,500 remain floor(9,500 * 7,499 / 10,000), of 4,750 nothing. */
	money_book_posted(&book, "2010 7499 event\n2110 a1 -7124 proceeds\n"
				 "4050 plan -375 proceeds\n");
	CHECK_INT(dbk_look_earning(book.books, 1).accrued, 9500);
	CHECK_INT(dbk_look_earning(book.books, 1).reversed, 2376);
	CHECK_INT(dbk_look_earning(book.books, 1).open, 7124);
	CHECK_INT(dbk_look_earning(book.books, 2).reversed, 4750);
	CHECK_INT(dbk_look_earning(book.books, 2).open, 0);
	money_book_close(&book);
}

static void
test_held(void)
{
	struct dbk_event event;

	start(0);
	place("o1", 10000, 0, 0);
	event = money_book_event(&book, DBK_EVENT_ORDER_FLAGGED);
	event.u.order_flag = (struct dbk_order_flag){ .order = dbk_str_of("o1"),
						      .rule = dbk_str_of("r"),
						      .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	receive("o1", 1);
	money_book_posted(&book, "2010 10000 event\n2110 a1 -10000 proceeds\n"
				 "2110 a1 10000 held\n2130 a1 -10000 held\n");
	money_book_close(&book);
}

static void
test_plan_of_payment(void)
{
	start(50000);
	place("o1", 10000, 0, 0);
	money_book_set(&book, "platform_fee_ppm", 900000);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	receive("o1", 1);
	money_book_posted(&book, "2010 10000 event\n2110 a1 -9500 proceeds\n"
				 "4050 plan -500 proceeds\n");
	money_book_close(&book);
}

int
main(void)
{
	check_run("without a plan the seller gets all of it", test_without_plan);
	check_run("the platform keeps its part of every line", test_fee);
	check_run("a fee may be all or nothing", test_all_or_nothing);
	check_run("refunds before the receipt lower proceeds and fee",
		  test_refunded_before_receipt);
	check_run("proceeds of a held order are held", test_held);
	check_run("the plan of the payment decides", test_plan_of_payment);
	return check_end();
}
