/*
 * test_books_verified.c -- which sales reached a consumer, and what friends paid.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"

static struct money_book book;

/* A seller a1 with 100 of soap, and a recruit. */
static void
begin(void)
{
	money_book_open(&book);
	money_book_enrol(&book, "a1", "");
	money_book_enrol(&book, "a2", "a1");
	goods_book_issue(&book, "a1", "soap", 100);
}

static void
end(void)
{
	money_book_close(&book);
}

/* The next sale: 10 of soap by a1 to "c1", paid and delivered; may be changed. */
static struct dbk_order_line line;

static struct dbk_event
sale(const char *order)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SALE_RECORDED);

	line = (struct dbk_order_line){
		.line = 1, .sku = dbk_str_of("soap"), .qty = 10, .unit_price = 100
	};
	event.u.sale = (struct dbk_sale){ .order = dbk_str_of(order),
					  .kind = DBK_ORDER_RETAIL,
					  .seller = dbk_str_of("a1"),
					  .buyer = dbk_str_of("c1"),
					  .channel = dbk_str_of("web"),
					  .fulfilment = DBK_HOLDER_SHIP,
					  .lines = &line,
					  .n_lines = 1,
					  .paid = 1000,
					  .psp = dbk_str_of("psp"),
					  .psp_txn = dbk_str_of(order),
					  .delivered_at = book.now_us };
	return event;
}

static enum dbk_rule
send(struct dbk_event event)
{
	return money_book_send(&book, &event);
}

static uint32_t
position_of(const char *agent)
{
	uint32_t id =
	    dbk_names_find(&book.books->names, DBK_SPACE_AGENT, dbk_str_of(agent));

	return dbk_position_known(book.books,
				  DBK_ROW(book.books, agents, agent, id)->holder, 1,
				  DBK_PLACE_PHYSICAL);
}

/* Of a1 and its soap today: by its stock, by the sku and by the cohort, which agree. */
static int64_t
sold(void)
{
	uint32_t today = dbk_today(book.books);
	struct dbk_flow_sums sums = { 0, 0, 0, 0 };
	uint32_t day = dbk_sku_day_find(book.books, 1, today);

	dbk_flow_sum(book.books, position_of("a1"), today, today, &sums);
	CHECK_INT(DBK_ROW(book.books, sku_days, sku_day, day)->sold, sums.sold);
	return sums.sold;
}

static struct dbk_row_sku_day
soap_today(void)
{
	return *DBK_ROW(book.books, sku_days, sku_day,
			dbk_sku_day_find(book.books, 1, dbk_today(book.books)));
}

static struct dbk_row_tier
tier(void)
{
	CHECK_INT(book.books->tiers.count, 2);
	return *DBK_ROW(book.books, tiers, tier, 1);
}

static uint8_t
flags_of(const char *order)
{
	return dbk_look_order(book.books, dbk_look_find(book.books, DBK_SPACE_ORDER,
							dbk_str_of(order)))
	    ->flags;
}

static enum dbk_rule
refund(const char *order, int64_t amount, int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_REFUND_APPROVED);
	static char name[16];

	(void)snprintf(name, sizeof name, "f%u", ++book.serial);
	event.u.refund_step.refund = dbk_str_of(name);
	event.u.refund_step.order = dbk_str_of(order);
	event.u.refund_step.line = 1;
	event.u.refund_step.amount = amount;
	event.u.refund_step.qty = qty;
	return money_book_send(&book, &event);
}

static enum dbk_rule
flag(enum dbk_event_type type, const char *order, const char *rule)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.order_flag.order = dbk_str_of(order);
	event.u.order_flag.rule = dbk_str_of(rule);
	event.u.order_flag.revision = 1;
	event.u.order_flag.reason = dbk_str_of("looked at");
	return money_book_send(&book, &event);
}

static enum dbk_rule
verify(const char *payee, const char *device, const char *address)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_AGENT_VERIFIED);
	uint32_t id = dbk_look_find(book.books, DBK_SPACE_AGENT, dbk_str_of("a1"));

	event.u.agent_verified.agent = dbk_str_of("a1");
	event.u.agent_verified.revision = dbk_look_agent(book.books, id)->revision + 1;
	event.u.agent_verified.payee_hash = dbk_str_of(payee);
	event.u.agent_verified.device_hash = dbk_str_of(device);
	event.u.agent_verified.address_hash = dbk_str_of(address);
	return money_book_send(&book, &event);
}

/* ------------------------------------------------------------------------ verified */

static void
test_not_verified(void)
{
	struct dbk_event event;

	begin();
	event = sale("o1");
	event.u.sale.fulfilment = DBK_BRAND_SHIP;
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(soap_today().retail, 10);
	event = sale("o2");
	event.u.sale.buyer = dbk_str_of("");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(soap_today().retail, 20);
	event = sale("o3");
	event.u.sale.delivered_at = DBK_TIME_ABSENT;
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(soap_today().retail, 20);
	event = sale("o4");
	event.u.sale.psp = event.u.sale.psp_txn = dbk_str_of("");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(flags_of("o4") & DBK_ORDER_DIRECT);
	CHECK_INT(soap_today().retail, 20);
	event = sale("o5");
	event.u.sale.kind = DBK_ORDER_SELF;
	event.u.sale.buyer = dbk_str_of("a1");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(soap_today().retail, 20);
	CHECK_INT(sold(), 0);
	CHECK_INT(tier().sold_units, 0);
	end();
}

static void
test_verified(void)
{
	begin();
	CHECK_INT(send(sale("o1")), DBK_RULE_NONE);
	CHECK_INT(sold(), 10);
	CHECK_INT(soap_today().retail, 10);
	CHECK_INT(tier().sold_units, 10);
	CHECK_INT(tier().sold_value, 1000);
	CHECK_INT(DBK_ROW(book.books, cohorts, cohort, 1)->sold[0], 10);
	end();
}

static void
test_buyer_is_an_agent(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
	event.u.agent_enrolled.agent = dbk_str_of("a3");
	event.u.agent_enrolled.customer = dbk_str_of("c1");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(send(sale("o1")), DBK_RULE_NONE);
	CHECK_INT(sold(), 0);
	CHECK_INT(soap_today().retail, 10);
	end();
}

static void
test_received_later(void)
{
	struct dbk_event event;

	begin();
	event = sale("o1");
	event.u.sale.delivered_at = DBK_TIME_ABSENT;
	CHECK_INT(send(event), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_GOODS_SHIPPED);
	event.u.goods_shipped.order = dbk_str_of("o1");
	event.u.goods_shipped.shipment = dbk_str_of("s1");
	event.u.goods_shipped.line = 1;
	event.u.goods_shipped.qty = 4;
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(refund("o1", 100, 1), DBK_RULE_NONE);
	money_book_wait_days(&book, 2);
	CHECK_INT(sold(), 0);
	event = money_book_event(&book, DBK_EVENT_RECEIPT_CONFIRMED);
	event.u.receipt_confirmed.order = dbk_str_of("o1");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(sold(), 9);
	CHECK_INT(tier().sold_units, 9);
	CHECK_INT(tier().sold_value, 900);
	end();
}

static void
test_refunded(void)
{
	begin();
	CHECK_INT(send(sale("o1")), DBK_RULE_NONE);
	CHECK_INT(refund("o1", 300, 3), DBK_RULE_NONE);
	CHECK_INT(sold(), 7);
	CHECK_INT(tier().sold_units, 10);
	CHECK_INT(soap_today().retail, 10);
	CHECK_INT(refund("o1", 100, 0), DBK_RULE_NONE);
	CHECK_INT(sold(), 7);
	/* On the day that it comes back. */
	money_book_wait_days(&book, 3);
	CHECK_INT(refund("o1", 200, 2), DBK_RULE_NONE);
	CHECK_INT(sold(), -2);
	end();
}

static void
test_flagged(void)
{
	begin();
	CHECK_INT(send(sale("o1")), DBK_RULE_NONE);
	CHECK_INT(refund("o1", 300, 3), DBK_RULE_NONE);
	CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o1", "R1"), DBK_RULE_NONE);
	CHECK_INT(sold(), 0);
	CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o1", "R2"), DBK_RULE_NONE);
	CHECK_INT(sold(), 0);
	/* What comes back while it is flagged was not counted. */
	CHECK_INT(refund("o1", 100, 1), DBK_RULE_NONE);
	CHECK_INT(sold(), 0);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "R1"), DBK_RULE_NONE);
	CHECK_INT(sold(), 0);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "R2"), DBK_RULE_NONE);
	CHECK_INT(sold(), 6);
	/* A tier counts a line once. */
	CHECK_INT(tier().sold_units, 10);
	CHECK_INT(refund("o1", 100, 1), DBK_RULE_NONE);
	CHECK_INT(sold(), 5);
	end();
}

static void
test_flagged_before(void)
{
	struct dbk_event event;

	begin();
	event = sale("o1");
	event.u.sale.delivered_at = DBK_TIME_ABSENT;
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o1", "R1"), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_RECEIPT_CONFIRMED);
	event.u.receipt_confirmed.order = dbk_str_of("o1");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(sold(), 0);
	CHECK_INT(soap_today().retail, 10);
	CHECK_INT(tier().sold_units, 0);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "R1"), DBK_RULE_NONE);
	CHECK_INT(sold(), 10);
	CHECK_INT(tier().sold_units, 10);
	end();
}

/* -------------------------------------------------------------------------- linked */

static void
test_linked_sales(void)
{
	struct dbk_event event;

	begin();
	event = sale("o1");
	event.u.sale.buyer_device_hash = dbk_str_of("phone");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(!(flags_of("o1") & DBK_ORDER_LINKED));
	CHECK_INT(sold(), 10);
	CHECK_INT(verify("bank", "phone", ""), DBK_RULE_NONE);
	CHECK_INT(verify("", "", "home"), DBK_RULE_NONE);
	event = sale("o2");
	event.u.sale.buyer_device_hash = dbk_str_of("phone");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(flags_of("o2") & DBK_ORDER_LINKED);
	event = sale("o3");
	event.u.sale.buyer_address_hash = dbk_str_of("home");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(flags_of("o3") & DBK_ORDER_LINKED);
	event = sale("o4");
	event.u.sale.buyer_payee_hash = dbk_str_of("bank");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(flags_of("o4") & DBK_ORDER_LINKED);
	CHECK_INT(sold(), 10);
	/* Each with its own kind only; another device takes the place of the last. */
	event = sale("o5");
	event.u.sale.buyer_payee_hash = dbk_str_of("phone");
	event.u.sale.buyer_address_hash = dbk_str_of("bank");
	event.u.sale.buyer_device_hash = dbk_str_of("home");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(!(flags_of("o5") & DBK_ORDER_LINKED));
	CHECK_INT(verify("", "tablet", ""), DBK_RULE_NONE);
	event = sale("o6");
	event.u.sale.buyer_device_hash = dbk_str_of("phone");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(!(flags_of("o6") & DBK_ORDER_LINKED));
	CHECK_INT(sold(), 30);
	end();
}

static void
test_linked_payers(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(verify("bank", "", ""), DBK_RULE_NONE);
	event = sale("o1");
	event.type = DBK_EVENT_ORDER_PLACED;
	event.u.sale.psp = event.u.sale.psp_txn = dbk_str_of("");
	event.u.sale.paid = 0;
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(!(flags_of("o1") & DBK_ORDER_LINKED));
	event = money_book_event(&book, DBK_EVENT_ORDER_PAID);
	event.u.order_paid =
	    (struct dbk_order_paid){ .order = dbk_str_of("o1"),
				     .psp = dbk_str_of("psp"),
				     .psp_txn = dbk_str_of("t1"),
				     .amount = 400,
				     .payer_hash = dbk_str_of("bank") };
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(flags_of("o1") & DBK_ORDER_LINKED);
	event.u.order_paid.psp_txn = dbk_str_of("t2");
	event.u.order_paid.amount = 600;
	event.u.order_paid.payer_hash = dbk_str_of("other");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK(flags_of("o1") & DBK_ORDER_LINKED);
	event = money_book_event(&book, DBK_EVENT_RECEIPT_CONFIRMED);
	event.u.receipt_confirmed.order = dbk_str_of("o1");
	CHECK_INT(send(event), DBK_RULE_NONE);
	CHECK_INT(sold(), 0);
	CHECK_INT(soap_today().retail, 10);
	end();
}

/* ------------------------------------------------------------------------- friends */

static void
befriend(const char *customer)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CUSTOMER_BOUND);

	event.u.customer_bound.binding = dbk_str_of(customer);
	event.u.customer_bound.customer = dbk_str_of(customer);
	event.u.customer_bound.agent = dbk_str_of("a1");
	CHECK_INT(send(event), DBK_RULE_NONE);
}

static enum dbk_rule
sell_at(const char *order, const char *buyer, int64_t qty, int64_t unit_price)
{
	struct dbk_event event = sale(order);

	event.u.sale.buyer = dbk_str_of(buyer);
	line.qty = qty;
	line.unit_price = unit_price;
	event.u.sale.paid = qty * unit_price;
	return send(event);
}

static void
test_friends(void)
{
	begin();
	befriend("friend");
	CHECK_INT(sell_at("o1", "stranger", 10, 100), DBK_RULE_NONE);
	CHECK_INT(sell_at("o2", "friend", 5, 300), DBK_RULE_NONE);
	CHECK_INT(sell_at("o3", "", 7, 1), DBK_RULE_NONE);
	CHECK_INT(soap_today().stranger_units, 10);
	CHECK_INT(soap_today().stranger_amount, 1000);
	CHECK_INT(soap_today().friend_units, 5);
	CHECK_INT(soap_today().friend_amount, 1500);
	CHECK_INT(soap_today().retail, 22);
	CHECK_INT(book.effects.n_findings, 0);
	end();
}

/* Strangers paid 1.00 a piece, ten of them; friends may pay 5 % more. */
static void
guard_friends(const char *mode)
{
	begin();
	money_book_choose(&book, "friend_price", mode);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	befriend("friend");
	CHECK_INT(sell_at("o1", "stranger", 9, 100), DBK_RULE_NONE);
	CHECK_INT(sell_at("o2", "friend", 1, 200), DBK_RULE_NONE);
	CHECK_INT(book.effects.n_findings, 0);
	CHECK_INT(sell_at("o3", "stranger", 1, 100), DBK_RULE_NONE);
	CHECK_INT(sell_at("o4", "friend", 1, 105), DBK_RULE_NONE);
	CHECK_INT(book.effects.n_findings, 0);
	CHECK_INT(sell_at("o5", "friend", 2, 106), DBK_RULE_NONE);
}

static void
test_friend_price_off(void)
{
	guard_friends("OFF");
	CHECK_INT(book.effects.n_findings, 0);
	end();
}

static void
test_friend_price(void)
{
	guard_friends("FLAG");
	CHECK(goods_book_found(&book, DBK_RULE_FRIEND_PRICE, DBK_SUBJECT_AGENT, "a1", 1,
			       106, 100));
	end();
	/* The consumer has paid and has the goods. */
	guard_friends("REFUSE");
	CHECK(goods_book_found(&book, DBK_RULE_FRIEND_PRICE, DBK_SUBJECT_AGENT, "a1", 1,
			       106, 100));
	end();
}

int
main(void)
{
	check_run("not every sale is one to a verified consumer", test_not_verified);
	check_run("an agent's own goods sold to a consumer count", test_verified);
	check_run("a buyer who is an agent is no consumer", test_buyer_is_an_agent);
	check_run("goods count as sold when they are received", test_received_later);
	check_run("what comes back is taken off on its day", test_refunded);
	check_run("a flagged order counts again when it is cleared", test_flagged);
	check_run("an order flagged before its receipt counts when it is cleared",
		  test_flagged_before);
	check_run("a buyer with the seller's hash is linked", test_linked_sales);
	check_run("a payer with the seller's payee is linked for good",
		  test_linked_payers);
	check_run("friends and strangers are told apart", test_friends);
	check_run("a guard of friends' prices that is off finds nothing",
		  test_friend_price_off);
	check_run("a friend who pays more than strangers is found, never refused",
		  test_friend_price);
	return check_end();
}
