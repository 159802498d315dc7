/*
 * test_facts_goods.c -- goods on their way from the brand through agents' hands to
 * consumers, and back.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"
#include "../tests/lib/told_facts.h"

static struct money_book book;
static struct money_trade trade;

/* a1 above a2 above a3. */
static void
begin(void)
{
	money_book_open(&book);
	told_facts_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a3", "a2"), DBK_RULE_NONE);
	told_facts_forget();
}

static void
end(void)
{
	told_facts_close(&book);
	money_book_close(&book);
}

static void
issue(const char *agent, int64_t qty)
{
	CHECK_INT(goods_book_issue(&book, agent, "soap", qty), DBK_RULE_NONE);
	told_facts_forget();
}

static void
test_down(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;

	begin();
	event = goods_book_issued(&book, &line, "soap", 10);
	line.unit_price = 500;
	event.u.stock_issued.to = goods_book_agent("a1");
	event.u.stock_issued.paid = 5000;
	event.u.stock_issued.psp = event.u.stock_issued.psp_txn = dbk_str_of("psp");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("BOUGHT a1 =5000 x10\nGOODS a1 =5000 x10 RECEIVED tier 1\n");
	event = goods_book_transferred(&book, &line, "soap", 4);
	line.unit_price = 600;
	event.u.stock_transferred.from = goods_book_agent("a1");
	event.u.stock_transferred.to = goods_book_agent("a2");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("GOODS a1 (a2) =2400 x4 PASSED_DOWN tier 1\n"
		   "GOODS a2 (a1) =2400 x4 RECEIVED tier 2\n");
	CHECK_INT(told_facts_last().hash,
		  dbk_look_find(book.books, DBK_SPACE_SKU, dbk_str_of("soap")));
	CHECK_INT(goods_book_pass(&book, "a2", "a3", "soap", 1), DBK_RULE_NONE);
	told_facts("GOODS a2 (a3) x1 PASSED_DOWN tier 2\n"
		   "GOODS a3 (a2) x1 RECEIVED tier 3\n");
	/* From place to place nothing changes hands. */
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 1),
		  DBK_RULE_NONE);
	told_facts("");
	/* Goods of locations are the brand's. */
	CHECK_INT(goods_book_stock(&book, "wh", "soap", 5), DBK_RULE_NONE);
	told_facts("");
	CHECK_INT(goods_book_deliver(&book, "wh", "a1", "soap", 5), DBK_RULE_NONE);
	told_facts("GOODS a1 x5 RECEIVED tier 1\n");
	end();
}

static void
consume(uint32_t kind, int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_STOCK_CONSUMED);
	struct dbk_stock_line line = { .line = 1,
				       .sku = dbk_str_of("soap"),
				       .qty = qty };
	char name[2] = { (char)('0' + kind), '\0' };

	event.u.stock_consumed =
	    (struct dbk_stock_consumed){ .document = dbk_str_of(name),
					 .holder = goods_book_agent("a1"),
					 .place = DBK_PLACE_PHYSICAL,
					 .kind = kind,
					 .lines = &line,
					 .n_lines = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
count(const char *name, int64_t counted)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_STOCK_COUNTED);

	event.u.stock_counted =
	    (struct dbk_stock_counted){ .count = dbk_str_of(name),
					.line = 1,
					.holder = goods_book_agent("a1"),
					.place = DBK_PLACE_PHYSICAL,
					.sku = dbk_str_of("soap"),
					.counted = counted };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_used_up(void)
{
	struct dbk_event event;
	struct dbk_stock_line line = {
		.line = 1, .sku = dbk_str_of("soap"), .qty = 2, .unit_price = 300
	};

	begin();
	issue("a1", 20);
	consume(DBK_CONSUMED_RETAIL, 1);
	consume(DBK_CONSUMED_SELF_USE, 2);
	consume(DBK_CONSUMED_SAMPLE, 3);
	consume(DBK_CONSUMED_LOSS, 4);
	told_facts("GOODS a1 x1 SOLD tier 1\nGOODS a1 x2 SELF_USED tier 1\n"
		   "GOODS a1 x3 SAMPLED tier 1\nGOODS a1 x4 LOST tier 1\n");
	count("c1", 12);
	count("c2", 7);
	count("c3", 7);
	told_facts("GOODS a1 x2 COUNTED tier 1\nGOODS a1 x-5 COUNTED tier 1\n");
	event = money_book_event(&book, DBK_EVENT_STOCK_RETURNED);
	event.u.stock_returned =
	    (struct dbk_stock_returned){ .document = dbk_str_of("d1"),
					 .agent = dbk_str_of("a1"),
					 .place = DBK_PLACE_PHYSICAL,
					 .lines = &line,
					 .n_lines = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("BOUGHT_BACK a1 =600 x2\nGOODS a1 x2 RETURNED tier 1\n");
	line.unit_price = 0;
	event.u.stock_returned.document = dbk_str_of("d2");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("GOODS a1 x2 RETURNED tier 1\n");
	end();
}

/* ------------------------------------------------------------------------ of orders */

static struct dbk_sale *
own_goods(const char *order, int64_t qty)
{
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "a1");

	sale->fulfilment = DBK_HOLDER_SHIP;
	money_trade_line(&trade, 800)->qty = qty;
	return sale;
}

static enum dbk_rule
ship(const char *shipment, const char *order, int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_GOODS_SHIPPED);

	event.u.goods_shipped =
	    (struct dbk_goods_shipped){ .order = dbk_str_of(order),
					.shipment = dbk_str_of(shipment),
					.line = 1,
					.qty = qty };
	return money_book_send(&book, &event);
}

static void
give_back(const char *refund, const char *order, int64_t qty, struct dbk_holder to)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_REFUND_APPROVED);

	event.u.refund_step = (struct dbk_refund_step){ .refund = dbk_str_of(refund),
							.order = dbk_str_of(order),
							.line = 1,
							.amount = 700,
							.qty = qty,
							.restock_to = to };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_sold(void)
{
	begin();
	issue("a1", 20);
	(void)own_goods("o1", 5);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts_forget();
	CHECK_INT(ship("h1", "o1", 2), DBK_RULE_NONE);
	CHECK_INT(ship("h2", "o1", 1), DBK_RULE_NONE);
	told_facts("");
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	told_facts("GOODS a1 =800 x1 SOLD tier 1\nGOODS a1 =1600 x2 SOLD tier 1\n"
		   "GOODS a1 =1600 x2 SOLD tier 1\n");
	/* What never arrived comes back without having been gone. */
	(void)own_goods("o2", 2);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(ship("h3", "o2", 2), DBK_RULE_NONE);
	told_facts_forget();
	give_back("r1", "o2", 2, (struct dbk_holder){ .kind = DBK_HOLDER_SUPPLY });
	told_facts("SOLD_BACK a1 =700 x2 ANONYMOUS own goods\n");
	end();
}

static void
test_taken_back(void)
{
	begin();
	issue("a1", 20);
	(void)own_goods("o1", 5);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	told_facts_forget();
	give_back("r1", "o1", 2, goods_book_agent("a1"));
	told_facts("SOLD_BACK a1 =700 x2 ANONYMOUS own goods\n"
		   "GOODS a1 =700 x2 TAKEN_BACK tier 1\n");
	/* To the brand, and to another agent: through the hands of who sold it. */
	give_back("r2", "o1", 1, (struct dbk_holder){ .kind = DBK_HOLDER_SUPPLY });
	told_facts("SOLD_BACK a1 =700 x1 ANONYMOUS own goods\n"
		   "GOODS a1 =700 x1 TAKEN_BACK tier 1\n"
		   "GOODS a1 x1 RETURNED tier 1\n");
	give_back("r3", "o1", 1, goods_book_location("wh"));
	told_facts("SOLD_BACK a1 =700 x1 ANONYMOUS own goods\n"
		   "GOODS a1 =700 x1 TAKEN_BACK tier 1\n"
		   "GOODS a1 x1 RETURNED tier 1\n");
	give_back("r4", "o1", 1, goods_book_agent("a3"));
	told_facts("SOLD_BACK a1 =700 x1 ANONYMOUS own goods\n"
		   "GOODS a1 =700 x1 TAKEN_BACK tier 1\n"
		   "GOODS a1 (a3) x1 PASSED_DOWN tier 1\n"
		   "GOODS a3 (a1) x1 RECEIVED\n");
	end();
}

/* The lines of a restock say what its units cost. */
static void
test_restock(void)
{
	struct dbk_sale *sale;

	begin();
	CHECK_INT(goods_book_define(&book, "oil", 1, 100, 10, ""), DBK_RULE_NONE);
	sale = money_trade_begin(&trade, &book, "o1", "");
	sale->kind = DBK_ORDER_RESTOCK;
	sale->buyer = dbk_str_of("a2");
	sale->shipping = 30;
	sale->delivered_at = book.now_us;
	money_trade_line(&trade, 500)->qty = 3;
	money_trade_line(&trade, 40)->sku = dbk_str_of("oil");
	*money_trade_line(&trade, 400) =
	    (struct dbk_order_line){ .line = 3,
				     .sku = dbk_str_of("soap"),
				     .qty = 2,
				     .unit_price = 400,
				     .discount = 100 };
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts(
	    "BOUGHT a2 =2240 x6\nGOODS a2 =1500 x3 RECEIVED tier 1\n"
	    "GOODS a2 =40 x1 RECEIVED tier 1\nGOODS a2 =700 x2 RECEIVED tier 1\n");
	/* By line, in any order. */
	sale->order = dbk_str_of("o2");
	sale->delivered_at = DBK_TIME_ABSENT;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	told_facts("BOUGHT a2 =2240 x6\n");
	CHECK_INT(money_trade_receive(&book, "o2", 3), DBK_RULE_NONE);
	told_facts("GOODS a2 =700 x2 RECEIVED tier 1\n");
	give_back("r1", "o2", 1, (struct dbk_holder){ .kind = DBK_HOLDER_SUPPLY });
	told_facts("BOUGHT_BACK a2 =700 x1\n");
	CHECK_INT(money_trade_receive(&book, "o2", 1), DBK_RULE_NONE);
	told_facts("GOODS a2 =1000 x2 RECEIVED tier 1\n");
	give_back("r2", "o2", 1, (struct dbk_holder){ .kind = DBK_HOLDER_SUPPLY });
	told_facts("BOUGHT_BACK a2 =700 x1\nGOODS a2 x1 RETURNED tier 1\n");
	end();
}

int
main(void)
{
	check_run("goods go down from agent to agent", test_down);
	check_run("goods are used up, counted and given back", test_used_up);
	check_run("goods are sold when the buyer has them", test_sold);
	check_run("what consumers give back goes through the seller's hands",
		  test_taken_back);
	check_run("a restock says what it cost", test_restock);
	return check_end();
}
