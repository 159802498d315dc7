/*
 * test_books_requests.c -- what becomes of a restock that was allowed: claimed, on its
 * way, arrived; goods that nobody asked for; what newcomers buy.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

static enum dbk_rule
ask(const char *request, const char *agent, int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_RESTOCK_REQUESTED);

	event.u.restock_requested =
	    (struct dbk_restock_requested){ .request = dbk_str_of(request),
					    .agent = dbk_str_of(agent),
					    .sku = dbk_str_of("soap"),
					    .qty = qty,
					    .place = DBK_PLACE_PHYSICAL };
	return money_book_send(&book, &event);
}

/* Agents a1 and a2 and a sku "tea"; a1 may have ten pieces of soap by the request q1.
 */
static void
begin(void)
{
	struct dbk_event event;

	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("tea"), .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask("q1", "a1", 10), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

static void
guard(const char *name, const char *mode, const char *number, int64_t value)
{
	money_book_choose(&book, name, mode);
	if (number != NULL)
		money_book_set(&book, number, value);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
}

static void
check_request(int64_t claimed, int64_t arrived)
{
	const struct dbk_row_request *row = DBK_ROW(book.books, requests, request, 1);

	CHECK_INT(row->claimed, claimed);
	CHECK_INT(row->arrived, arrived);
}

static void
check_field(const char *name, const char *member)
{
	const struct dbk_field *field = &book.verdict.refusal.field;

	CHECK(strcmp(field->name, name) == 0);
	CHECK(member == NULL
		  ? field->member == NULL
		  : field->member != NULL && strcmp(field->member, member) == 0);
}

static struct dbk_holder
agent(const char *name)
{
	return goods_book_agent(name);
}

/* QTY of SKU to TO for ORDER, 1.00 a piece if PAID. */
static enum dbk_rule
issue(const char *order, struct dbk_holder to, const char *sku, int64_t qty, bool paid)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, sku, qty);
	struct dbk_stock_issued *e = &event.u.stock_issued;

	e->to = to;
	e->order = dbk_str_of(order);
	line.unit_price = 100;
	if (paid) {
		e->psp = dbk_str_of("psp");
		e->psp_txn = e->transfer;
		e->paid = 100 * qty;
	}
	return money_book_send(&book, &event);
}

/* A RESTOCK order of QTY of soap, 1.00 a piece. */
static struct dbk_sale *
restock(struct money_trade *trade, const char *order, const char *buyer,
	const char *request, int64_t qty)
{
	struct dbk_sale *sale = money_trade_begin(trade, &book, order, "");

	sale->kind = DBK_ORDER_RESTOCK;
	sale->buyer = dbk_str_of(buyer);
	sale->request = dbk_str_of(request);
	money_trade_line(trade, 100)->qty = qty;
	return sale;
}

static enum dbk_rule
place(const char *order, const char *buyer, const char *request, int64_t qty)
{
	struct money_trade trade;

	(void)restock(&trade, order, buyer, request, qty);
	return money_trade_place(&trade, &book);
}

static int64_t
incoming(void)
{
	uint32_t id =
	    dbk_names_find(&book.books->names, DBK_SPACE_AGENT, dbk_str_of("a1"));
	uint32_t holder = DBK_ROW(book.books, agents, agent, id)->holder;
	uint32_t soap =
	    dbk_names_find(&book.books->names, DBK_SPACE_SKU, dbk_str_of("soap"));

	CHECK_INT(dbk_request_incoming(book.books, holder, 0),
		  dbk_request_incoming(book.books, holder, soap));
	CHECK_INT(dbk_request_incoming(book.books, holder, soap + 1), 0);
	return dbk_request_incoming(book.books, holder, soap);
}

/* ----------------------------------------------------------------------- documents */

static void
test_issue_refused(void)
{
	begin();
	CHECK_INT(issue("q2", agent("a1"), "soap", 1, false), DBK_RULE_ORDER_UNKNOWN);
	CHECK_INT(issue("q1", agent("a2"), "soap", 1, false), DBK_RULE_HOLDER_KIND);
	check_field("to", NULL);
	CHECK_INT(issue("q1", goods_book_location("w"), "soap", 1, false),
		  DBK_RULE_HOLDER_KIND);
	check_field("to", NULL);
	CHECK_INT(issue("q1", agent("a1"), "tea", 3, false), DBK_RULE_RESTOCK_EXCEEDED);
	check_field("lines", "qty");
	CHECK(money_book_measured(&book, 3, 0));
	CHECK_INT(issue("q1", agent("a1"), "soap", 11, false),
		  DBK_RULE_RESTOCK_EXCEEDED);
	CHECK(money_book_measured(&book, 11, 10));
	check_request(0, 0);
	end();
}

static void
test_issue(void)
{
	begin();
	CHECK_INT(incoming(), 10);
	CHECK_INT(issue("q1", agent("a1"), "soap", 4, false), DBK_RULE_NONE);
	check_request(4, 4);
	CHECK_INT(incoming(), 6);
	CHECK_INT(issue("q1", agent("a1"), "soap", 7, false),
		  DBK_RULE_RESTOCK_EXCEEDED);
	CHECK(money_book_measured(&book, 7, 6));
	CHECK_INT(issue("q1", agent("a1"), "soap", 6, true), DBK_RULE_NONE);
	check_request(10, 10);
	CHECK_INT(incoming(), 0);
	end();
}

/* Lines are claimed one after another. */
static void
test_issue_lines(void)
{
	struct dbk_stock_line lines[2];
	struct dbk_event event;

	begin();
	event = goods_book_issued(&book, lines, "soap", 6);
	lines[1] = lines[0];
	event.u.stock_issued.n_lines = 2;
	event.u.stock_issued.to = agent("a1");
	event.u.stock_issued.order = dbk_str_of("q1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_RESTOCK_EXCEEDED);
	CHECK(money_book_measured(&book, 6, 4));
	CHECK_INT(book.verdict.refusal.field.index, 1);
	check_request(0, 0);
	lines[1].qty = 4;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	check_request(10, 10);
	end();
}

/* Thirty days, the day of the request among them. */
static void
test_too_old(void)
{
	begin();
	money_book_wait_days(&book, 29);
	CHECK_INT(incoming(), 10);
	CHECK_INT(issue("q1", agent("a1"), "soap", 4, false), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	CHECK_INT(incoming(), 0);
	CHECK_INT(issue("q1", agent("a1"), "soap", 1, false),
		  DBK_RULE_RESTOCK_EXCEEDED);
	CHECK(money_book_measured(&book, 1, 0));
	CHECK_INT(place("o1", "a1", "q1", 1), DBK_RULE_RESTOCK_EXCEEDED);
	guard("needs_request", "OFF", "request_days", 31);
	CHECK_INT(incoming(), 6);
	CHECK_INT(issue("q1", agent("a1"), "soap", 1, false), DBK_RULE_NONE);
	end();
}

/* A name that an order has is the order's. */
static void
test_order_before_request(void)
{
	begin();
	CHECK_INT(place("q1", "a1", "", 3), DBK_RULE_NONE);
	CHECK_INT(issue("q1", agent("a1"), "soap", 3, false), DBK_RULE_NONE);
	check_request(0, 0);
	end();
}

/* -------------------------------------------------------------------------- orders */

static void
test_order_refused(void)
{
	struct money_trade trade;

	begin();
	CHECK_INT(place("o1", "a1", "q2", 1), DBK_RULE_REQUEST_UNKNOWN);
	check_field("request", NULL);
	CHECK_INT(place("o1", "a2", "q1", 1), DBK_RULE_ORDER_KIND_MISMATCH);
	check_field("request", NULL);
	(void)restock(&trade, "o1", "a1", "q1", 1);
	trade.event.u.sale.kind = DBK_ORDER_SELF;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_ORDER_KIND_MISMATCH);
	check_field("request", NULL);
	(void)restock(&trade, "o1", "a1", "q1", 4);
	money_trade_line(&trade, 100)->sku = dbk_str_of("tea");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_RESTOCK_EXCEEDED);
	check_field("lines", "qty");
	CHECK_INT(book.verdict.refusal.field.index, 1);
	CHECK(money_book_measured(&book, 1, 0));
	(void)restock(&trade, "o1", "a1", "q1", 4);
	money_trade_line(&trade, 100)->qty = 7;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_RESTOCK_EXCEEDED);
	CHECK(money_book_measured(&book, 7, 6));
	check_request(0, 0);
	end();
}

/* Claimed when it is placed, arrived when it is received; the shipping is no goods. */
static void
test_order(void)
{
	struct money_trade trade;

	begin();
	restock(&trade, "o1", "a1", "q1", 3)->shipping = 50;
	money_trade_line(&trade, 100)->qty = 4;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	check_request(7, 0);
	CHECK_INT(incoming(), 10);
	CHECK_INT(money_trade_receive(&book, "o1", 2), DBK_RULE_NONE);
	check_request(7, 4);
	CHECK_INT(incoming(), 6);
	CHECK_INT(money_trade_receive(&book, "o1", 0), DBK_RULE_NONE);
	check_request(7, 7);
	CHECK_INT(place("o2", "a1", "q1", 4), DBK_RULE_RESTOCK_EXCEEDED);
	CHECK_INT(place("o2", "a1", "q1", 3), DBK_RULE_NONE);
	check_request(10, 7);
	end();
}

static void
test_sale(void)
{
	struct money_trade trade;

	begin();
	restock(&trade, "o1", "a1", "q1", 3)->delivered_at = book.now_us;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	check_request(3, 3);
	end();
}

static void
test_cancelled(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(place("o1", "a1", "q1", 6), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_ORDER_CANCELLED);
	event.u.order_cancelled.order = dbk_str_of("o1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	check_request(6, 0);
	CHECK_INT(place("o2", "a1", "q1", 5), DBK_RULE_RESTOCK_EXCEEDED);
	CHECK(money_book_measured(&book, 5, 4));
	end();
}

/* An order that is answered by issues arrives by them. */
static void
test_order_issued(void)
{
	begin();
	CHECK_INT(place("o1", "a1", "q1", 6), DBK_RULE_NONE);
	CHECK_INT(issue("o1", agent("a1"), "soap", 4, true), DBK_RULE_NONE);
	check_request(6, 4);
	CHECK_INT(issue("o1", agent("a1"), "tea", 4, true), DBK_RULE_NONE);
	check_request(6, 4);
	CHECK_INT(issue("o1", agent("a1"), "soap", 4, true), DBK_RULE_NONE);
	check_request(6, 6);
	end();
}

/* -------------------------------------------------------------------- needs_request */

static void
test_not_asked(void)
{
	begin();
	guard("needs_request", "REFUSE", NULL, 0);
	CHECK_INT(issue("", agent("a1"), "soap", 1, true), DBK_RULE_RESTOCK_NOT_ASKED);
	check_field("order", NULL);
	CHECK_INT(issue("", agent("a1"), "soap", 1, false), DBK_RULE_NONE);
	CHECK_INT(issue("", goods_book_location("w"), "soap", 1, false), DBK_RULE_NONE);
	CHECK_INT(issue("q1", agent("a1"), "soap", 1, true), DBK_RULE_NONE);
	CHECK_INT(place("o1", "a1", "", 1), DBK_RULE_RESTOCK_NOT_ASKED);
	check_field("request", NULL);
	CHECK_INT(place("o1", "a1", "q1", 1), DBK_RULE_NONE);
	CHECK_INT(issue("o1", agent("a1"), "soap", 1, true), DBK_RULE_NONE);
	guard("needs_request", "FLAG", NULL, 0);
	CHECK_INT(issue("", agent("a1"), "soap", 1, true), DBK_RULE_NONE);
	CHECK_INT(place("o2", "a1", "", 1), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_RESTOCK_NOT_ASKED, DBK_SUBJECT_AGENT,
			       "a1", 2, 0, 0));
	end();
}

static enum dbk_rule
override(const char *name, const char *rule)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_OVERRIDE_GRANTED);

	event.u.override_granted =
	    (struct dbk_override_granted){ .override = dbk_str_of(name),
					   .guard = dbk_str_of(rule),
					   .subject = dbk_str_of("a1"),
					   .approver1 = dbk_str_of("p"),
					   .approver2 = dbk_str_of("q"),
					   .expires_at =
					       book.now_us + MONEY_BOOK_DAY_US };
	return money_book_send(&book, &event);
}

static void
test_overrides(void)
{
	static const char *const names[] = {
		"RESTOCK_STANDING",	"RESTOCK_RECEIVABLE",  "RESTOCK_STARTER",
		"RESTOCK_SELL_THROUGH", "RESTOCK_COVER",       "RESTOCK_HOLDING",
		"RESTOCK_FREQUENCY",	"RESTOCK_GOODS_STATE", "RESTOCK_AGED",
		"RESTOCK_PRICE",	"RESTOCK_RANK_BUY",    "RESTOCK_NOT_ASKED",
		"JOINING_PURCHASE",	"TERRITORY",	       "EXPOSURE",
		"PUSHED_DOWN",		"BUYBACK_INELIGIBLE",
	};
	static const char *const others[] = { "RESTOCK_EXCEEDED", "BUYBACK_PRICE",
					      "CLOUD_COVERAGE",	  "FAKE_ORDER",
					      "PRICE_BAND",	  "restock_cover" };

	begin();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		CHECK_INT(override(names[i], names[i]), DBK_RULE_NONE);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		CHECK_INT(override("o", others[i]), DBK_RULE_OVERRIDE_GUARD);
	guard("needs_request", "REFUSE", NULL, 0);
	CHECK_INT(issue("", agent("a2"), "soap", 1, true), DBK_RULE_RESTOCK_NOT_ASKED);
	CHECK_INT(issue("", agent("a1"), "soap", 1, true), DBK_RULE_NONE);
	CHECK_INT(place("o1", "a1", "", 1), DBK_RULE_RESTOCK_NOT_ASKED);
	end();
}

/* -------------------------------------------------------------------------- joining */

static int64_t
bought(const char *name)
{
	uint32_t id =
	    dbk_names_find(&book.books->names, DBK_SPACE_AGENT, dbk_str_of(name));
	uint32_t holder = DBK_ROW(book.books, agents, agent, id)->holder;

	return DBK_ROW(book.books, holders, holder, holder)->bought;
}

static enum dbk_rule
pass(const char *from, const char *to, int64_t qty, int64_t price)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_transferred(&book, &line, "soap", qty);

	line.unit_price = price;
	event.u.stock_transferred.from = agent(from);
	event.u.stock_transferred.to = agent(to);
	if (strcmp(from, to) == 0)
		event.u.stock_transferred.to_place = DBK_PLACE_CLOUD;
	return money_book_send(&book, &event);
}

static void
test_bought(void)
{
	begin();
	CHECK_INT(issue("", agent("a1"), "soap", 3, false), DBK_RULE_NONE);
	CHECK_INT(bought("a1"), 300);
	CHECK_INT(place("o1", "a1", "", 4), DBK_RULE_NONE);
	CHECK_INT(bought("a1"), 700);
	/* What answers the order is not bought again. */
	CHECK_INT(issue("o1", agent("a1"), "soap", 4, true), DBK_RULE_NONE);
	CHECK_INT(bought("a1"), 700);
	CHECK_INT(pass("a1", "a2", 5, 10), DBK_RULE_NONE);
	CHECK_INT(bought("a1"), 700);
	CHECK_INT(bought("a2"), 50);
	CHECK_INT(pass("a1", "a1", 1, 10), DBK_RULE_NONE);
	CHECK_INT(bought("a1"), 700);
	end();
}

static void
test_joining(void)
{
	begin();
	guard("joining", "REFUSE", "joining_value", 500);
	CHECK_INT(issue("", agent("a1"), "soap", 6, true), DBK_RULE_JOINING_PURCHASE);
	check_field("paid", NULL);
	CHECK(money_book_measured(&book, 600, 500));
	CHECK_INT(issue("", agent("a1"), "soap", 5, true), DBK_RULE_NONE);
	CHECK_INT(place("o1", "a1", "", 1), DBK_RULE_JOINING_PURCHASE);
	check_field("paid", NULL);
	CHECK(money_book_measured(&book, 600, 500));
	CHECK_INT(pass("a1", "a2", 1, 501), DBK_RULE_JOINING_PURCHASE);
	check_field("lines", NULL);
	CHECK(money_book_measured(&book, 501, 500));
	CHECK_INT(pass("a1", "a2", 1, 500), DBK_RULE_NONE);
	CHECK_INT(pass("a1", "a2", 1, 0), DBK_RULE_NONE);
	/* Thirty days, that of the enrolment among them. */
	money_book_wait_days(&book, 29);
	CHECK_INT(place("o1", "a1", "", 1), DBK_RULE_JOINING_PURCHASE);
	money_book_wait_days(&book, 1);
	CHECK_INT(place("o1", "a1", "", 1), DBK_RULE_NONE);
	CHECK_INT(bought("a1"), 600);
	end();
}

static void
test_joining_flag(void)
{
	begin();
	money_book_choose(&book, "joining", "FLAG");
	money_book_set(&book, "joining_value", 100);
	money_book_set(&book, "joining_value", 200)->rank = dbk_str_of("gold");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(money_trade_rank(&book, "a2", "", "gold"), DBK_RULE_NONE);
	CHECK_INT(issue("", agent("a1"), "soap", 2, true), DBK_RULE_NONE);
	CHECK_INT(issue("", agent("a2"), "soap", 2, true), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_JOINING_PURCHASE, DBK_SUBJECT_AGENT,
			       "a1", 1, 200, 100));
	CHECK(goods_book_found(&book, DBK_RULE_JOINING_PURCHASE, DBK_SUBJECT_AGENT,
			       "a2", 0, 0, 0));
	end();
}

int
main(void)
{
	check_run("an issue beyond the request is refused", test_issue_refused);
	check_run("issued goods are claimed and there at once", test_issue);
	check_run("lines of one issue share a request", test_issue_lines);
	check_run("a request is good for some days", test_too_old);
	check_run("a name that an order has is the order's", test_order_before_request);
	check_run("an order beyond the request is refused", test_order_refused);
	check_run("an order claims when placed, its goods arrive later", test_order);
	check_run("a restock told in one event claims, too", test_sale);
	check_run("what an order claimed does not come back", test_cancelled);
	check_run("an order that is issued arrives by issues", test_order_issued);
	check_run("goods against money need a request", test_not_asked);
	check_run("overrides let guards of agents pass, and no others", test_overrides);
	check_run("what an agent bought is counted once", test_bought);
	check_run("newcomers buy little", test_joining);
	check_run("newcomers of a rank may buy more", test_joining_flag);
	return check_end();
}
