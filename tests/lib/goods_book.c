#include "goods_book.h"

#include <stdio.h>

#include "check.h"

/* Good until the twentieth name after it. */
static struct dbk_str
fresh_name(struct money_book *book)
{
	static char names[20][16];
	char *name = names[++book->serial % 20];

	(void)snprintf(name, sizeof names[0], "g%u", book->serial);
	return dbk_str_of(name);
}

enum dbk_rule
goods_book_guard(struct money_book *book)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_GUARD_SET_PUBLISHED);
	struct dbk_guard_set_published *e = &event.u.guard_set_published;

	e->guard_set = dbk_str_of("guards");
	e->version = book->books->guard_sets.count;
	e->valid_from = DBK_TIME_ABSENT;
	e->parameters = book->parameters;
	e->n_parameters = book->n_parameters;
	book->n_parameters = 0;
	return money_book_send(book, &event);
}

struct dbk_holder
goods_book_agent(const char *name)
{
	return (struct dbk_holder){ .kind = DBK_HOLDER_AGENT,
				    .agent = dbk_str_of(name) };
}

struct dbk_holder
goods_book_location(const char *name)
{
	return (struct dbk_holder){ .kind = DBK_HOLDER_LOCATION,
				    .location = dbk_str_of(name) };
}

struct dbk_event
goods_book_issued(struct money_book *book, struct dbk_stock_line *line, const char *sku,
		  int64_t qty)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_STOCK_ISSUED);

	*line = (struct dbk_stock_line){ .sku = dbk_str_of(sku), .qty = qty };
	event.u.stock_issued.transfer = fresh_name(book);
	event.u.stock_issued.place = DBK_PLACE_PHYSICAL;
	event.u.stock_issued.lines = line;
	event.u.stock_issued.n_lines = 1;
	return event;
}

struct dbk_event
goods_book_transferred(struct money_book *book, struct dbk_stock_line *line,
		       const char *sku, int64_t qty)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_STOCK_TRANSFERRED);

	*line = (struct dbk_stock_line){ .sku = dbk_str_of(sku), .qty = qty };
	event.u.stock_transferred.transfer = fresh_name(book);
	event.u.stock_transferred.from_place = DBK_PLACE_PHYSICAL;
	event.u.stock_transferred.to_place = DBK_PLACE_PHYSICAL;
	event.u.stock_transferred.lines = line;
	event.u.stock_transferred.n_lines = 1;
	return event;
}

enum dbk_rule
goods_book_issue(struct money_book *book, const char *agent, const char *sku,
		 int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(book, &line, sku, qty);

	event.u.stock_issued.to = goods_book_agent(agent);
	return money_book_send(book, &event);
}

enum dbk_rule
goods_book_pass(struct money_book *book, const char *from, const char *to,
		const char *sku, int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_transferred(book, &line, sku, qty);

	event.u.stock_transferred.from = goods_book_agent(from);
	event.u.stock_transferred.to = goods_book_agent(to);
	return money_book_send(book, &event);
}

enum dbk_rule
goods_book_relocate(struct money_book *book, const char *agent, uint32_t from_place,
		    uint32_t to_place, const char *sku, int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_transferred(book, &line, sku, qty);

	event.u.stock_transferred.from = goods_book_agent(agent);
	event.u.stock_transferred.from_place = from_place;
	event.u.stock_transferred.to = goods_book_agent(agent);
	event.u.stock_transferred.to_place = to_place;
	return money_book_send(book, &event);
}

enum dbk_rule
goods_book_deliver(struct money_book *book, const char *location, const char *agent,
		   const char *sku, int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_transferred(book, &line, sku, qty);

	event.u.stock_transferred.from = goods_book_location(location);
	event.u.stock_transferred.to = goods_book_agent(agent);
	return money_book_send(book, &event);
}

enum dbk_rule
goods_book_stock(struct money_book *book, const char *location, const char *sku,
		 int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(book, &line, sku, qty);

	event.u.stock_issued.to = goods_book_location(location);
	return money_book_send(book, &event);
}

enum dbk_rule
goods_book_sell(struct money_book *book, const char *seller, const char *buyer,
		const char *sku, int64_t qty)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_SALE_RECORDED);
	struct dbk_order_line line = {
		.line = 1, .sku = dbk_str_of(sku), .qty = qty, .unit_price = 100
	};
	struct dbk_sale *e = &event.u.sale;

	e->order = e->psp_txn = fresh_name(book);
	e->kind = DBK_ORDER_RETAIL;
	e->seller = dbk_str_of(seller);
	e->buyer = dbk_str_of(buyer);
	e->channel = dbk_str_of("web");
	e->fulfilment = DBK_HOLDER_SHIP;
	e->lines = &line;
	e->n_lines = 1;
	e->paid = 100 * qty;
	e->psp = dbk_str_of("psp");
	e->delivered_at = book->now_us;
	return money_book_send(book, &event);
}

static uint32_t
subject_of(const struct money_book *book, enum dbk_subject_kind kind, const char *name)
{
	static const enum dbk_space spaces[] = { [DBK_SUBJECT_AGENT] = DBK_SPACE_AGENT,
						 [DBK_SUBJECT_SKU] = DBK_SPACE_SKU,
						 [DBK_SUBJECT_LOT] = DBK_SPACE_LOT,
						 [DBK_SUBJECT_ORDER] = DBK_SPACE_ORDER,
						 [DBK_SUBJECT_LOCATION] =
						     DBK_SPACE_LOCATION };

	return kind == DBK_SUBJECT_BOOK
		   ? 0
		   : dbk_names_find(&book->books->names, spaces[kind],
				    dbk_str_of(name));
}

struct dbk_row_finding
goods_book_finding(const struct money_book *book, enum dbk_rule rule,
		   enum dbk_subject_kind kind, const char *name)
{
	return *DBK_ROW(
	    book->books, findings, finding,
	    dbk_finding_find(book->books, rule, kind, subject_of(book, kind, name)));
}

bool
goods_book_found(const struct money_book *book, enum dbk_rule rule,
		 enum dbk_subject_kind kind, const char *name, uint32_t count,
		 int64_t measured, int64_t limit)
{
	struct dbk_row_finding row = goods_book_finding(book, rule, kind, name);

	return CHECK_INT(row.count, count) && CHECK_INT(row.measured, measured) &&
	       CHECK_INT(row.limit, limit);
}

void
goods_book_begin(struct money_book *book, const char *guard, const char *mode,
		 const char *number, int64_t value)
{
	money_book_open(book);
	CHECK_INT(money_book_enrol(book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(book, "a2", ""), DBK_RULE_NONE);
	money_book_choose(book, guard, mode);
	money_book_set(book, "free_units", 0);
	if (number != NULL)
		money_book_set(book, number, value);
	CHECK_INT(goods_book_guard(book), DBK_RULE_NONE);
}

enum dbk_rule
goods_book_define(struct money_book *book, const char *sku, uint32_t revision,
		  int64_t list_price, int64_t factory_price, const char *superseded_by)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_SKU_DEFINED);

	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of(sku),
				      .revision = revision,
				      .list_price = list_price,
				      .factory_price = factory_price,
				      .superseded_by = dbk_str_of(superseded_by) };
	return money_book_send(book, &event);
}

bool
goods_book_is_field(const struct money_book *book, const char *name, const char *member)
{
	const struct dbk_field *field = &book->verdict.refusal.field;

	return strcmp(field->name, name) == 0 &&
	       (member == NULL
		    ? field->member == NULL
		    : field->member != NULL && strcmp(field->member, member) == 0);
}
