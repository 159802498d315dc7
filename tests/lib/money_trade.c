#include "money_trade.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define TEXT_BYTES 8192

static struct dbk_str
text(const char *of)
{
	return dbk_str_of(of);
}

struct dbk_sale *
money_trade_begin(struct money_trade *trade, const struct money_book *book,
		  const char *order, const char *seller)
{
	struct dbk_sale *sale = &trade->event.u.sale;

	memset(trade, 0, sizeof *trade);
	trade->event.effective_at = book->now_us;
	sale->order = text(order);
	sale->kind = DBK_ORDER_RETAIL;
	sale->seller = text(seller);
	sale->channel = text("web");
	sale->fulfilment = DBK_BRAND_SHIP;
	sale->lines = trade->lines;
	sale->attributions = trade->parts;
	sale->delivered_at = DBK_TIME_ABSENT;
	return sale;
}

struct dbk_order_line *
money_trade_line(struct money_trade *trade, int64_t amount)
{
	struct dbk_sale *sale = &trade->event.u.sale;
	struct dbk_order_line *line = &sale->lines[sale->n_lines++];

	if (sale->n_lines > MONEY_TRADE_LINES)
		abort();
	line->line = sale->n_lines;
	line->sku = text("soap");
	line->qty = 1;
	line->unit_price = amount;
	return line;
}

void
money_trade_part(struct money_trade *trade, const char *agent, uint32_t weight)
{
	struct dbk_sale *sale = &trade->event.u.sale;

	sale->attributions[sale->n_attributions++] =
	    (struct dbk_attribution){ text(agent), weight };
}

enum dbk_rule
money_trade_sell(struct money_trade *trade, struct money_book *book)
{
	struct dbk_sale *sale = &trade->event.u.sale;

	trade->event.type = DBK_EVENT_SALE_RECORDED;
	if (sale->paid == 0) {
		sale->paid = sale->shipping;
		for (uint32_t i = 0; i < sale->n_lines; i++)
			sale->paid += sale->lines[i].qty * sale->lines[i].unit_price -
				      sale->lines[i].discount;
	}
	sale->psp = text("psp");
	sale->psp_txn = sale->order;
	return money_book_send(book, &trade->event);
}

enum dbk_rule
money_trade_place(struct money_trade *trade, struct money_book *book)
{
	trade->event.type = DBK_EVENT_ORDER_PLACED;
	return money_book_send(book, &trade->event);
}

/* What payments are known by: no two are the same. */
static struct dbk_str
next_name(struct money_book *book, char out[16])
{
	(void)snprintf(out, 16, "t%u", ++book->serial);
	return text(out);
}

enum dbk_rule
money_trade_pay(struct money_book *book, const char *order, int64_t amount,
		int64_t by_balance)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_ORDER_PAID);
	char name[16];

	event.u.order_paid = (struct dbk_order_paid){ .order = text(order),
						      .psp = text("psp"),
						      .psp_txn = next_name(book, name),
						      .amount = amount,
						      .paid_by_balance = by_balance };
	return money_book_send(book, &event);
}

enum dbk_rule
money_trade_receive(struct money_book *book, const char *order, uint32_t line)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_RECEIPT_CONFIRMED);

	event.u.receipt_confirmed.order = text(order);
	event.u.receipt_confirmed.line = line;
	return money_book_send(book, &event);
}

enum dbk_rule
money_trade_refund(struct money_book *book, const char *order, uint32_t line,
		   int64_t amount)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_REFUND_APPROVED);
	char name[16];

	event.u.refund_step.refund = next_name(book, name);
	event.u.refund_step.order = text(order);
	event.u.refund_step.line = line;
	event.u.refund_step.amount = amount;
	return money_book_send(book, &event);
}

enum dbk_rule
money_trade_bind(struct money_book *book, const char *customer, const char *agent,
		 int64_t expires_at)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_CUSTOMER_BOUND);
	char name[16];

	event.u.customer_bound =
	    (struct dbk_customer_bound){ .binding = next_name(book, name),
					 .customer = text(customer),
					 .agent = text(agent),
					 .expires_at = expires_at };
	return money_book_send(book, &event);
}

enum dbk_rule
money_trade_rank(struct money_book *book, const char *agent, const char *old_rank,
		 const char *new_rank)
{
	struct dbk_event event = money_book_event(book, DBK_EVENT_RANK_CHANGED);
	char name[16];

	event.u.rank_changed =
	    (struct dbk_rank_changed){ .agent = text(agent),
				       .period = next_name(book, name),
				       .old_rank = text(old_rank),
				       .new_rank = text(new_rank) };
	return money_book_send(book, &event);
}

const struct dbk_row_order *
money_trade_order_row(const struct money_book *book, const char *order)
{
	return dbk_look_order(book->books,
			      dbk_look_find(book->books, DBK_SPACE_ORDER, text(order)));
}

const struct dbk_row_line *
money_trade_line_row(const struct money_book *book, const char *order, uint32_t line)
{
	const struct dbk_row_order *row = money_trade_order_row(book, order);

	for (uint32_t i = 0; i < row->n_lines; i++) {
		const struct dbk_row_line *at =
		    dbk_look_line(book->books, row->first_line + i);

		if (at->line == line)
			return at;
	}
	abort();
}

/* An earning as a line of text behind OUT. */
static void
write_earning(const struct money_book *book, uint32_t line, uint32_t id, char *out)
{
	static const char *const states[] = { "?",	    "PENDING", "HELD_PENDING",
					      "HELD",	    "MATURED", "DRAWN",
					      "UNASSIGNED", "EXPECTED" };
	static const char *const reasons[] = {
		"",	      " NO_UPLINE",  " INELIGIBLE", " SELF_PURCHASE",
		" AGENT_CAP", " RETAIL_CAP", " NO_SELLER"
	};
	struct dbk_row_earning row = dbk_look_earning(book->books, id);
	struct dbk_str agent = dbk_look_name(book->books, DBK_SPACE_AGENT, row.agent);
	size_t used = strlen(out);

	(void)snprintf(out + used, TEXT_BYTES - used,
		       "%u L%u +%u %.*s %u %lld %lld %s%s\n", line, row.level,
		       row.distance, agent.size == 0 ? 1 : (int)agent.size,
		       agent.size == 0 ? "-" : agent.bytes, row.rate_ppm,
		       (long long)row.base, (long long)row.accrued, states[row.state],
		       row.state == DBK_EARNING_UNASSIGNED ? reasons[row.holds] : "");
}

bool
money_trade_earned(const struct money_book *book, const char *order,
		   const char *expected)
{
	const struct dbk_row_order *row = money_trade_order_row(book, order);
	uint32_t newest = dbk_look_newest(book->books, DBK_LOOK_EARNINGS);
	char got[TEXT_BYTES] = "";

	for (uint32_t i = 0; i < row->n_lines; i++) {
		uint32_t line_row = row->first_line + i;
		uint32_t line = dbk_look_line(book->books, line_row)->line;

		for (uint32_t id = 1; id <= newest; id++) {
			struct dbk_row_earning earning =
			    dbk_look_earning(book->books, id);

			if (earning.cause == line_row &&
			    (earning.kind == DBK_EARNING_COMMISSION ||
			     earning.kind == DBK_EARNING_PROCEEDS))
				write_earning(book, line, id, got);
		}
	}
	if (CHECK(strcmp(got, expected) == 0))
		return true;
	fprintf(stderr, "expected:\n%searned:\n%s", expected, got);
	return false;
}
