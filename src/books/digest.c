/*
 * digest.c -- the canonical form of the books, hashed.
 *
 * src/books/README.md specifies the form field by field, so that a second implementation
 * can make the same hash from its own state.  Nothing of the layout in memory enters: no
 * dense id, no padding, no hash order.  Rows come in the order of their first appearance.
 */

#include "books/core.h"

struct digest_writer {
	struct dbk_digest digest;
	const struct dbk_books *books;
	size_t used;
	unsigned char bytes[1 << 16];
};

static void
flush(struct digest_writer *w)
{
	dbk_digest_update(&w->digest, w->bytes, w->used);
	w->used = 0;
}

static void
put(struct digest_writer *w, const void *bytes, size_t size)
{
	if (w->used + size > sizeof w->bytes)
		flush(w);
	memcpy(w->bytes + w->used, bytes, size);
	w->used += size;
}

/* Fixed width, little-endian. */
static void
put_int(struct digest_writer *w, int64_t value)
{
	unsigned char bytes[8];

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
	put(w, bytes, sizeof bytes);
}

static void
put_name(struct digest_writer *w, uint32_t space, uint32_t id)
{
	struct dbk_str name = dbk_names_get(&w->books->names, space, id);
	unsigned char size = (unsigned char)name.size;

	put(w, &size, 1);
	put(w, name.bytes, name.size);
}

/* A section begins with its letter and its number of rows. */
static void
put_section(struct digest_writer *w, char letter, uint32_t count)
{
	put(w, &letter, 1);
	put_int(w, count - 1);
}

static void
digest_book(struct digest_writer *w)
{
	const struct dbk_row_book *book = DBK_ROW(w->books, book, book, 1);

	put(w, "B", 1);
	put_name(w, DBK_SPACE_TAG, book->name);
	put(w, book->currency, 3);
	put_int(w, book->exponent);
	put_int(w, book->utc_offset_minutes);
	put_int(w, book->semantics);
	put_int(w, book->opened_at);
	put_int(w, book->clock);
	put_int(w, (int64_t)book->accepted);
	put_int(w, (int64_t)book->refused);
}

static void
digest_agents(struct digest_writer *w)
{
	const struct dbk_books *books = w->books;

	put_section(w, 'A', books->agents.count);
	for (uint32_t i = 1; i < books->agents.count; i++) {
		const struct dbk_row_agent *row = DBK_ROW(books, agents, agent, i);

		put_name(w, DBK_SPACE_AGENT, i);
		put_name(w, DBK_SPACE_AGENT, row->sponsor);
		put_name(w, DBK_SPACE_TAG, row->rank);
		put_int(w, row->state);
		put_int(w, row->revision);
		put_int(w, row->n_recruits);
		put_int(w, row->n_customers);
		put_int(w, row->enrolled_at);
	}
}

static void
digest_customers(struct digest_writer *w)
{
	const struct dbk_books *books = w->books;

	put_section(w, 'C', books->customers.count);
	for (uint32_t i = 1; i < books->customers.count; i++) {
		const struct dbk_row_customer *row =
			DBK_ROW(books, customers, customer, i);

		put_name(w, DBK_SPACE_CUSTOMER, i);
		put_name(w, DBK_SPACE_AGENT, row->agent);
		put_name(w, DBK_SPACE_BINDING, row->binding);
		put_name(w, DBK_SPACE_CUSTOMER, row->referrer_customer);
		put_name(w, DBK_SPACE_AGENT, row->referrer_agent);
		put_int(w, row->n_orders);
		put_int(w, row->expires_at == DBK_TIME_ABSENT ? 0 : row->expires_at);
	}
}

static void
digest_catalogue(struct digest_writer *w)
{
	const struct dbk_books *books = w->books;

	put_section(w, 'S', books->skus.count);
	for (uint32_t i = 1; i < books->skus.count; i++) {
		const struct dbk_row_sku *row = DBK_ROW(books, skus, sku, i);

		put_name(w, DBK_SPACE_SKU, i);
		put_int(w, row->revision);
		put_int(w, row->list_price);
		put_int(w, row->return_window_days);
		put_int(w, row->not_commissionable);
	}
	put_section(w, 'L', books->lots.count);
	for (uint32_t i = 1; i < books->lots.count; i++) {
		const struct dbk_row_lot *row = DBK_ROW(books, lots, lot, i);

		put_name(w, DBK_SPACE_LOT, i);
		put_name(w, DBK_SPACE_SKU, row->sku);
		put_int(w, row->qty);
	}
}

static void
digest_good(struct digest_writer *w, const struct dbk_row_good *good)
{
	put_name(w, DBK_SPACE_SKU, good->sku);
	put_name(w, DBK_SPACE_LOT, good->lot);
}

static void
digest_holder(struct digest_writer *w, uint32_t holder)
{
	const struct dbk_row_holder *row = DBK_ROW(w->books, holders, holder, holder);

	put_int(w, row->kind);
	put_name(w, row->kind == DBK_HOLDER_AGENT ? DBK_SPACE_AGENT : DBK_SPACE_LOCATION,
		 row->owner);
}

static void
digest_goods(struct digest_writer *w)
{
	const struct dbk_books *books = w->books;

	put_section(w, 'G', books->goods.count);
	for (uint32_t i = 1; i < books->goods.count; i++) {
		const struct dbk_row_good *row = DBK_ROW(books, goods, good, i);

		digest_good(w, row);
		put_int(w, row->supply);
		put_int(w, row->transit);
		for (unsigned k = 0; k < 4; k++)
			put_int(w, row->consumed[k]);
		put_int(w, row->difference);
	}
	put_section(w, 'P', books->positions.count);
	for (uint32_t i = 1; i < books->positions.count; i++) {
		const struct dbk_row_position *row =
			DBK_ROW(books, positions, position, i);

		digest_holder(w, row->holder);
		digest_good(w, DBK_ROW(books, goods, good, row->good));
		put_int(w, row->place);
		put_int(w, row->on_hand);
		put_int(w, row->in_transit);
	}
}

static void
digest_accounts(struct digest_writer *w)
{
	const struct dbk_books *books = w->books;

	put_section(w, 'M', books->accounts.count);
	for (uint32_t i = 1; i < books->accounts.count; i++) {
		const struct dbk_row_account *row = DBK_ROW(books, accounts, account, i);
		const struct dbk_account_kind *kind =
			dbk_account_kind((enum dbk_account_code)row->code);

		put_int(w, kind->number);
		put_name(w,
			 kind->owner == DBK_OWNER_AGENT ? DBK_SPACE_AGENT
							: DBK_SPACE_TAG,
			 row->owner);
		put_int(w, row->debits);
		put_int(w, row->credits);
	}
}

static void
digest_line(struct digest_writer *w, const struct dbk_row_line *line)
{
	put_int(w, line->line);
	put_int(w, line->flags);
	put_int(w, line->qty);
	put_int(w, line->amount);
	put_int(w, line->shipped);
	put_int(w, line->returned);
	put_int(w, line->refunded);
}

static void
digest_orders(struct digest_writer *w)
{
	const struct dbk_books *books = w->books;

	put_section(w, 'O', books->orders.count);
	for (uint32_t i = 1; i < books->orders.count; i++) {
		const struct dbk_row_order *row = DBK_ROW(books, orders, order, i);
		bool agent_buys = row->kind == DBK_ORDER_SELF ||
				  row->kind == DBK_ORDER_RESTOCK;

		put_name(w, DBK_SPACE_ORDER, i);
		put_int(w, row->kind);
		put_int(w, row->fulfilment);
		put_int(w, row->flags);
		put_name(w, DBK_SPACE_AGENT, row->seller);
		put_name(w, agent_buys ? DBK_SPACE_AGENT : DBK_SPACE_CUSTOMER,
			 row->buyer);
		put_int(w, row->total);
		put_int(w, row->paid);
		put_int(w, row->escrow);
		put_int(w, row->refund_payable);
		put_int(w, row->refunded);
		put_int(w, row->n_lines);
		for (uint32_t k = 0; k < row->n_lines; k++)
			digest_line(w, DBK_ROW(books, lines, line, row->first_line + k));
	}
}

static void
digest_refunds(struct digest_writer *w)
{
	const struct dbk_books *books = w->books;

	put_section(w, 'R', books->refunds.count);
	for (uint32_t i = 1; i < books->refunds.count; i++) {
		const struct dbk_row_refund *row = DBK_ROW(books, refunds, refund, i);

		put_name(w, DBK_SPACE_REFUND, i);
		put_name(w, DBK_SPACE_ORDER, row->order);
		put_int(w, DBK_ROW(books, lines, line, row->line)->line);
		put_int(w, row->state);
		put_int(w, row->amount);
		put_int(w, row->qty);
	}
}

void
dbk_books_digest(const struct dbk_books *books, unsigned char out[DBK_DIGEST_BYTES])
{
	struct digest_writer w = { .books = books, .used = 0 };

	dbk_digest_init(&w.digest);
	put(&w, "daybook books 1\n", 16);
	digest_book(&w);
	digest_agents(&w);
	digest_customers(&w);
	digest_catalogue(&w);
	digest_goods(&w);
	digest_accounts(&w);
	digest_orders(&w);
	digest_refunds(&w);
	flush(&w);
	dbk_digest_final(&w.digest, out);
}
