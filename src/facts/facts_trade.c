/*
 * facts_trade.c -- who paid for what: fees, purchases of participants, sales to
 * consumers, and what of it was given back.
 *
 * What a buyer is, an agent, a former one or a consumer, is settled when the order is
 * paid whole, and kept: a company that renames its people later changes no sale.
 */

#include "base/money.h"
#include "facts/facts_private.h"

#define US_PER_SECOND 1000000
#define AGENT_MAX ((UINT32_C(1) << 27) - 1)

enum dbk_err
dbk_told_fee_charged(struct dbk_facts *f)
{
	const struct dbk_fee_charged *e = &f->event->u.fee_charged;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_FEE);

	fact.agent = dbk_facts_agent(f, e->agent);
	fact.amount = e->amount;
	fact.code = e->kind;
	fact.is_condition = e->is_condition;
	return dbk_kept_names_add(&f->kept.fees, e->fee) ? dbk_facts_tell(f, &fact)
							 : DBK_FAILED_MEMORY;
}

/* ------------------------------------------------------------------------- orders */

struct dbk_order_sums
dbk_facts_order_sums(const struct dbk_books *books, const struct dbk_row_order *order)
{
	struct dbk_order_sums sums = { 0, 0, 0, 0 };

	for (uint32_t i = 0; i < order->n_lines; i++) {
		const struct dbk_row_line *line =
		    dbk_look_line(books, order->first_line + i);

		if (line->line == 0)
			continue;
		sums.amount += line->amount - line->refunded;
		sums.qty = dbk_money_sum(sums.qty, line->qty - line->returned);
		sums.refunded += line->refunded;
		sums.returned = dbk_money_sum(sums.returned, line->returned);
	}
	return sums;
}

enum dbk_sale_class
dbk_facts_class(const struct dbk_row_order *order, struct dbk_kept_order kept)
{
	if (kept.agent != 0)
		return DBK_SALE_FORMER;
	if (order->flags & DBK_ORDER_DIRECT)
		return DBK_SALE_DIRECT;
	return order->buyer == 0 ? DBK_SALE_ANONYMOUS : DBK_SALE_VERIFIED;
}

static enum dbk_sale_class
class_now(const struct dbk_row_order *order, struct dbk_kept_order kept)
{
	return kept.is_doubted ? DBK_SALE_DOUBTED : dbk_facts_class(order, kept);
}

struct dbk_kept_order
dbk_facts_rights(const struct dbk_facts *f, const struct dbk_row_order *order)
{
	struct dbk_kept_order kept = { 0, 0, 0, 0, 0 };
	uint32_t agent;

	switch ((enum dbk_order_kind)order->kind) {
	case DBK_ORDER_RETAIL:
		agent = dbk_facts_person(f, order->buyer);
		kept.agent = agent & AGENT_MAX;
		kept.is_bought = agent != 0 && dbk_look_agent(f->books, agent)->state !=
						   DBK_AGENT_TERMINATED;
		kept.is_sold = !kept.is_bought;
		break;
	case DBK_ORDER_SELF:
	case DBK_ORDER_RESTOCK:
		kept.agent = order->buyer & AGENT_MAX;
		kept.is_bought = 1;
		break;
	case DBK_ORDER_SAMPLE:
		break;
	}
	kept.is_doubted = kept.is_sold && dbk_facts_is_doubted(order);
	return kept;
}

static enum dbk_purchase
purchase_of(const struct dbk_row_order *order)
{
	if (order->kind == DBK_ORDER_RESTOCK)
		return DBK_PURCHASE_STOCK;
	return order->kind == DBK_ORDER_SELF ? DBK_PURCHASE_SELF
					     : DBK_PURCHASE_AS_CUSTOMER;
}

/* What all facts about a sale have in common. */
static struct dbk_fact
about_sale(const struct dbk_facts *f, enum dbk_fact_kind kind,
	   const struct dbk_row_order *order, struct dbk_kept_order kept)
{
	struct dbk_fact fact = dbk_facts_new(f, kind);

	fact.agent = order->seller;
	fact.other = order->buyer;
	fact.sale_class = (uint8_t)class_now(order, kept);
	fact.code = kept.agent;
	fact.is_own_goods = order->fulfilment == DBK_HOLDER_SHIP;
	return fact;
}

static struct dbk_fact
about_purchase(const struct dbk_facts *f, enum dbk_fact_kind kind,
	       const struct dbk_row_order *order, struct dbk_kept_order kept)
{
	struct dbk_fact fact = dbk_facts_new(f, kind);

	fact.agent = kept.agent;
	fact.code = purchase_of(order);
	return fact;
}

static enum dbk_err
tell_prices(struct dbk_facts *f, const struct dbk_row_order *order,
	    struct dbk_kept_order kept)
{
	struct dbk_fact fact = about_sale(f, DBK_FACT_PRICE, order, kept);
	enum dbk_err err = DBK_OK;

	for (uint32_t i = 0; err == DBK_OK && i < order->n_lines; i++) {
		const struct dbk_row_line *line =
		    dbk_look_line(f->books, order->first_line + i);

		if (line->line == 0)
			continue;
		fact.amount = line->amount / line->qty;
		fact.qty = line->qty;
		fact.hash = dbk_look_good(f->books, line->good)->sku;
		err = dbk_facts_tell(f, &fact);
	}
	return err;
}

static enum dbk_err
tell_paid(struct dbk_facts *f, const struct dbk_row_order *order,
	  struct dbk_kept_order kept)
{
	struct dbk_fact fact = kept.is_sold
				   ? about_sale(f, DBK_FACT_SOLD, order, kept)
				   : about_purchase(f, DBK_FACT_BOUGHT, order, kept);
	struct dbk_order_sums sums = dbk_facts_order_sums(f->books, order);
	enum dbk_err err;

	fact.amount = sums.amount;
	fact.qty = sums.qty;
	fact.hash = kept.is_sold && (order->flags & DBK_ORDER_FLAGGED) != 0;
	err = dbk_facts_tell(f, &fact);
	return err == DBK_OK && kept.is_sold ? tell_prices(f, order, kept) : err;
}

static uint32_t
second_of(const struct dbk_event *event)
{
	int64_t second = event->effective_at / US_PER_SECOND;

	return second < UINT32_MAX ? (uint32_t)second : UINT32_MAX;
}

/* An order that this event has paid whole.  Payments are above 0, so an order is paid
 * whole once. */
enum dbk_err
dbk_told_order(struct dbk_facts *f)
{
	uint32_t id = f->effect->order;
	const struct dbk_row_order *order = dbk_look_order(f->books, id);
	struct dbk_kept_order kept, *to;

	if (order->paid != order->total)
		return DBK_OK;
	kept = dbk_facts_rights(f, order);
	if (!kept.is_sold && !kept.is_bought)
		return DBK_OK;
	to = dbk_kept_order_make(&f->kept, id);
	if (to == NULL)
		return DBK_FAILED_MEMORY;
	kept.second = second_of(f->event);
	*to = kept;
	return tell_paid(f, order, kept);
}

/* ---------------------------------------------------------------------- given back */

enum dbk_err
dbk_told_given_back(struct dbk_facts *f)
{
	const struct dbk_order_before *before = &f->before;
	const struct dbk_row_order *order = dbk_look_order(f->books, before->order);
	struct dbk_kept_order kept = dbk_kept_order(&f->kept, before->order);
	struct dbk_order_sums sums = dbk_facts_order_sums(f->books, order);
	struct dbk_fact fact;

	if (!kept.is_sold && !kept.is_bought)
		return DBK_OK;
	/* The class is that before the record, which may flag the order for it. */
	fact = kept.is_sold ? about_sale(f, DBK_FACT_SOLD_BACK, order, kept)
			    : about_purchase(f, DBK_FACT_BOUGHT_BACK, order, kept);
	fact.amount = sums.refunded - before->refunded;
	fact.qty = sums.returned - before->returned;
	return fact.amount == 0 && fact.qty == 0 ? DBK_OK : dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_facts_reclass(struct dbk_facts *f)
{
	uint32_t id = f->effect->order;
	struct dbk_kept_order kept = dbk_kept_order(&f->kept, id);
	const struct dbk_row_order *order;
	struct dbk_order_sums sums;
	struct dbk_fact fact;

	if (id == 0 || !kept.is_sold)
		return DBK_OK;
	order = dbk_look_order(f->books, id);
	if (dbk_facts_is_doubted(order) == kept.is_doubted)
		return DBK_OK;
	kept.is_doubted = !kept.is_doubted;
	f->kept.orders[id] = kept;
	fact = about_sale(f, DBK_FACT_RECLASSED, order, kept);
	fact.hash = kept.is_doubted ? dbk_facts_class(order, kept) : DBK_SALE_DOUBTED;
	sums = dbk_facts_order_sums(f->books, order);
	fact.amount = sums.amount;
	fact.qty = sums.qty;
	return dbk_facts_tell(f, &fact);
}

/* ----------------------------------------------------------------- stock documents */

static int64_t
units_of(const struct dbk_stock_line *lines, uint32_t n)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum = dbk_money_sum(sum, lines[i].qty);
	return sum;
}

enum dbk_err
dbk_told_stock_issued(struct dbk_facts *f)
{
	const struct dbk_stock_issued *e = &f->event->u.stock_issued;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_BOUGHT);

	if (e->to.kind != DBK_HOLDER_AGENT || e->paid == 0)
		return DBK_OK;
	fact.agent = dbk_facts_agent(f, e->to.agent);
	fact.code = DBK_PURCHASE_STOCK;
	fact.amount = e->paid;
	fact.qty = units_of(e->lines, e->n_lines);
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_stock_returned(struct dbk_facts *f)
{
	const struct dbk_stock_returned *e = &f->event->u.stock_returned;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_BOUGHT_BACK);

	for (uint32_t i = 0; i < e->n_lines; i++)
		fact.amount += e->lines[i].qty * e->lines[i].unit_price;
	if (fact.amount == 0)
		return DBK_OK;
	fact.agent = dbk_facts_agent(f, e->agent);
	fact.code = DBK_PURCHASE_STOCK;
	fact.qty = units_of(e->lines, e->n_lines);
	return dbk_facts_tell(f, &fact);
}
