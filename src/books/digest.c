/*
 * digest.c -- the canonical form of the books, hashed.
 *
 * src/books/README.md specifies it; form.h is how it is written.  Rows come in the
 * order of their first appearance.  digest_money.c has the sections on money,
 * digest_goods.c those on guards and what they go by, digest_trust.c that on keys.
 */

#include "books/form.h"

static void
digest_book(struct dbk_form *w)
{
	const struct dbk_row_book *book = DBK_ROW(w->books, book, book, 1);

	dbk_form_put(w, "B", 1);
	dbk_form_name(w, DBK_SPACE_TAG, book->name);
	dbk_form_put(w, book->currency, 3);
	dbk_form_int(w, book->exponent);
	dbk_form_int(w, book->utc_offset_minutes);
	dbk_form_int(w, book->semantics);
	dbk_form_int(w, book->opened_at);
	dbk_form_int(w, book->clock);
	dbk_form_int(w, (int64_t)book->accepted);
	dbk_form_int(w, (int64_t)book->refused);
	dbk_form_int(w, book->last_period == 0 ? 0 : book->closed_until);
}

static void
digest_agents(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'A', books->agents.count - 1);
	for (uint32_t i = 1; i < books->agents.count; i++) {
		const struct dbk_row_agent *row = DBK_ROW(books, agents, agent, i);

		dbk_form_name(w, DBK_SPACE_AGENT, i);
		dbk_form_name(w, DBK_SPACE_AGENT, row->sponsor);
		dbk_form_name(w, DBK_SPACE_TAG, row->rank);
		dbk_form_int(w, row->state);
		dbk_form_int(w, row->flags);
		dbk_form_int(w, row->holds);
		dbk_form_int(w, row->revision);
		dbk_form_int(w, row->n_recruits);
		dbk_form_int(w, row->n_customers);
		dbk_form_int(w, row->enrolled_at);
	}
}

static void
digest_customers(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'C', books->customers.count - 1);
	for (uint32_t i = 1; i < books->customers.count; i++) {
		const struct dbk_row_customer *row =
		    DBK_ROW(books, customers, customer, i);

		dbk_form_name(w, DBK_SPACE_CUSTOMER, i);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_name(w, DBK_SPACE_BINDING, row->binding);
		dbk_form_name(w, DBK_SPACE_CUSTOMER, row->referrer_customer);
		dbk_form_name(w, DBK_SPACE_AGENT, row->referrer_agent);
		dbk_form_int(w, row->n_orders);
		dbk_form_int(w,
			     row->expires_at == DBK_TIME_ABSENT ? 0 : row->expires_at);
		dbk_form_name(w, DBK_SPACE_AGENT, row->person);
		dbk_form_int(w, row->first_day);
		dbk_form_name(w, DBK_SPACE_AGENT, row->row_seller);
		dbk_form_int(w, row->row_orders);
		dbk_form_int(w, row->row_day);
	}
}

static void
digest_catalogue(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'S', books->skus.count - 1);
	for (uint32_t i = 1; i < books->skus.count; i++) {
		const struct dbk_row_sku *row = DBK_ROW(books, skus, sku, i);

		dbk_form_name(w, DBK_SPACE_SKU, i);
		dbk_form_int(w, row->revision);
		dbk_form_int(w, row->list_price);
		dbk_form_int(w, row->return_window_days);
		dbk_form_int(w, row->not_commissionable);
		dbk_form_name(w, DBK_SPACE_TAG, row->category);
		dbk_form_int(w, row->superseded);
		dbk_form_int(w, row->cloud);
		dbk_form_int(w, row->brand);
	}
	dbk_form_section(w, 'L', books->lots.count - 1);
	for (uint32_t i = 1; i < books->lots.count; i++) {
		const struct dbk_row_lot *row = DBK_ROW(books, lots, lot, i);

		dbk_form_name(w, DBK_SPACE_LOT, i);
		dbk_form_name(w, DBK_SPACE_SKU, row->sku);
		dbk_form_int(w, row->qty);
		dbk_form_name(w, DBK_SPACE_TAG, row->intended_region);
	}
}

void
dbk_form_good(struct dbk_form *w, uint32_t good)
{
	const struct dbk_row_good *row = DBK_ROW(w->books, goods, good, good);

	dbk_form_name(w, DBK_SPACE_SKU, row->sku);
	dbk_form_name(w, DBK_SPACE_LOT, row->lot);
}

void
dbk_form_holder(struct dbk_form *w, uint32_t holder)
{
	const struct dbk_row_holder *row = DBK_ROW(w->books, holders, holder, holder);

	dbk_form_int(w, row->kind);
	dbk_form_name(
	    w, row->kind == DBK_HOLDER_AGENT ? DBK_SPACE_AGENT : DBK_SPACE_LOCATION,
	    row->owner);
}

static void
digest_goods(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'G', books->goods.count - 1);
	for (uint32_t i = 1; i < books->goods.count; i++) {
		const struct dbk_row_good *row = DBK_ROW(books, goods, good, i);

		dbk_form_good(w, i);
		dbk_form_int(w, row->supply);
		dbk_form_int(w, row->transit);
		for (unsigned k = 0; k < 4; k++)
			dbk_form_int(w, row->consumed[k]);
		dbk_form_int(w, row->difference);
	}
	dbk_form_section(w, 'P', books->positions.count - 1);
	for (uint32_t i = 1; i < books->positions.count; i++) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, i);

		dbk_form_holder(w, row->holder);
		dbk_form_good(w, row->good);
		dbk_form_int(w, row->place);
		dbk_form_int(w, row->on_hand);
		dbk_form_int(w, row->in_transit);
		dbk_form_flows(w, row);
	}
}

static bool
is_posted(const struct dbk_row_account *row)
{
	return row->debits != 0 || row->credits != 0;
}

void
dbk_form_accounts(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;
	uint64_t n = 0;

	for (uint32_t i = 1; i < books->accounts.count; i++)
		n += is_posted(DBK_ROW(books, accounts, account, i));
	dbk_form_section(w, 'M', n);
	for (uint32_t i = 1; i < books->accounts.count; i++) {
		const struct dbk_row_account *row =
		    DBK_ROW(books, accounts, account, i);
		const struct dbk_account_kind *kind;

		if (!is_posted(row))
			continue;
		kind = dbk_account_kind((enum dbk_account_code)row->code);
		dbk_form_int(w, kind->number);
		dbk_form_name(
		    w, kind->owner == DBK_OWNER_AGENT ? DBK_SPACE_AGENT : DBK_SPACE_TAG,
		    row->owner);
		dbk_form_int(w, row->debits);
		dbk_form_int(w, row->credits);
	}
}

/* The bit that sold lines have in the canonical form. */
#define FORM_LINE_SOLD 32

static void
digest_line(struct dbk_form *w, const struct dbk_row_line *line)
{
	int flags = line->flags & ~(DBK_LINE_EXTRA | DBK_LINE_COMPLETE | DBK_LINE_SOLD);

	dbk_form_int(w, line->line);
	dbk_form_int(w, line->flags & DBK_LINE_SOLD ? flags | FORM_LINE_SOLD : flags);
	dbk_form_int(w, line->qty);
	dbk_form_int(w, line->amount);
	dbk_form_int(w, line->shipped);
	dbk_form_int(w, line->returned);
	dbk_form_int(w, line->refunded);
	dbk_form_int(w, line->when);
}

/* The name of the request for a restock that ORDER answers. */
static void
digest_request(struct dbk_form *w, uint32_t order)
{
	uint32_t extra = dbk_order_extra_find(w->books, order);

	dbk_form_name(w, DBK_SPACE_REQUEST,
		      DBK_ROW(w->books, order_extras, order_extra, extra)->request);
}

static void
digest_orders(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'O', books->orders.count - 1);
	for (uint32_t i = 1; i < books->orders.count; i++) {
		const struct dbk_row_order *row = DBK_ROW(books, orders, order, i);
		bool agent_buys =
		    row->kind == DBK_ORDER_SELF || row->kind == DBK_ORDER_RESTOCK;

		dbk_form_name(w, DBK_SPACE_ORDER, i);
		dbk_form_int(w, row->kind);
		dbk_form_int(w, row->fulfilment);
		dbk_form_int(w, row->flags & ~DBK_ORDER_EXTRA);
		dbk_form_int(w, row->holds);
		dbk_form_int(w, row->score);
		dbk_form_int(w, row->paid_second);
		dbk_form_name(w, DBK_SPACE_AGENT, row->seller);
		dbk_form_name(w, agent_buys ? DBK_SPACE_AGENT : DBK_SPACE_CUSTOMER,
			      row->buyer);
		dbk_form_int(w, row->plan);
		dbk_form_int(w, row->total);
		dbk_form_int(w, row->paid);
		dbk_form_int(w, row->escrow);
		dbk_form_int(w, row->refund_payable);
		dbk_form_int(w, row->refunded);
		dbk_form_int(w, row->deferred);
		digest_request(w, i);
		dbk_form_int(w, row->n_lines);
		for (uint32_t k = 0; k < row->n_lines; k++)
			digest_line(w,
				    DBK_ROW(books, lines, line, row->first_line + k));
	}
}

static void
digest_refunds(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'R', books->refunds.count - 1);
	for (uint32_t i = 1; i < books->refunds.count; i++) {
		const struct dbk_row_refund *row = DBK_ROW(books, refunds, refund, i);

		dbk_form_name(w, DBK_SPACE_REFUND, i);
		dbk_form_name(w, DBK_SPACE_ORDER, row->order);
		dbk_form_int(w, DBK_ROW(books, lines, line, row->line)->line);
		dbk_form_int(w, row->state);
		dbk_form_int(w, row->amount);
		dbk_form_int(w, row->qty);
	}
}

void
dbk_books_digest(const struct dbk_books *books, unsigned char out[DBK_DIGEST_BYTES])
{
	struct dbk_form w;

	dbk_form_begin(&w, books);
	dbk_form_put(&w, "daybook books 3\n", 16);
	digest_book(&w);
	digest_agents(&w);
	digest_customers(&w);
	digest_catalogue(&w);
	digest_goods(&w);
	dbk_form_accounts(&w);
	digest_orders(&w);
	digest_refunds(&w);
	dbk_form_money(&w);
	dbk_form_goods(&w);
	dbk_form_trust(&w);
	dbk_form_end(&w, out);
}
