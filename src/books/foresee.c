#include "books/foresee.h"

#include "books/core.h"
#include "event/key.h"

#define US_PER_SECOND 1000000

/* Always inline: GCC 12 takes a function that only prefetches for one without effect,
 * and drops the calls. */
static inline __attribute__((always_inline)) void
want_row(const struct dbk_rows *table, uint32_t id)
{
	if (id != 0 && id < table->count)
		__builtin_prefetch(dbk_rows_row(table, id), 1);
}

static uint32_t
first_candidate(const struct dbk_books *books, uint64_t hash)
{
	struct dbk_index_walk walk = dbk_index_seek(&books->names.index, hash);

	return dbk_index_next(&books->names.index, &walk);
}

static void
want_name(const struct dbk_books *books, uint32_t space, struct dbk_str name,
	  struct dbk_foreseen_name *out)
{
	if (name.size == 0)
		return;
	out->name = name;
	out->space = space;
	out->hash = dbk_names_hash(&books->names, space, name);
	dbk_index_prefetch(&books->names.index, out->hash);
}

static void
want_keys(const struct dbk_books *books, const struct dbk_event *event,
	  struct dbk_foresight *f)
{
	struct dbk_key key;

	if (!dbk_key_is_order(event)) {
		dbk_event_key(event, &key);
		dbk_index_prefetch(&books->names.index, dbk_key_hash(books, &key));
	}
	dbk_event_payment_key(event, &key);
	if (key.size == 0)
		return;
	f->payment = dbk_key_hash(books, &key);
	if (event->type == DBK_EVENT_SALE_RECORDED)
		f->psp_txn = event->u.sale.psp_txn;
	dbk_index_prefetch(&books->names.index, f->payment);
}

/* The index for the names of a sale. */
static void
want_names(const struct dbk_books *books, const struct dbk_sale *sale,
	   struct dbk_foresight *f)
{
	bool agent_buys =
	    sale->kind == DBK_ORDER_SELF || sale->kind == DBK_ORDER_RESTOCK;

	want_name(books, DBK_SPACE_ORDER, sale->order, &f->names[DBK_FORESEEN_ORDER]);
	want_name(books, DBK_SPACE_AGENT, sale->seller, &f->names[DBK_FORESEEN_SELLER]);
	want_name(books, agent_buys ? DBK_SPACE_AGENT : DBK_SPACE_CUSTOMER, sale->buyer,
		  &f->names[DBK_FORESEEN_BUYER]);
}

/* The rows of seller and buyer. */
static void
want_people(const struct dbk_books *books, struct dbk_foresight *f)
{
	struct dbk_foreseen_name *seller = &f->names[DBK_FORESEEN_SELLER];
	struct dbk_foreseen_name *buyer = &f->names[DBK_FORESEEN_BUYER];

	if (seller->space != 0)
		seller->id = first_candidate(books, seller->hash);
	if (buyer->space != 0)
		buyer->id = first_candidate(books, buyer->hash);
	want_row(&books->agents, seller->id);
	want_row(&books->customers, buyer->id);
}

static void
want_stock(const struct dbk_books *books, const struct dbk_sale *sale, uint32_t holder,
	   struct dbk_foresight *f)
{
	uint32_t sku = dbk_name_lately(books, DBK_SPACE_SKU, sale->lines[0].sku);
	uint32_t good;

	if (sku == 0)
		sku = dbk_names_find(&books->names, DBK_SPACE_SKU, sale->lines[0].sku);
	good = dbk_good_lately(books, sku, 0);
	if (good == 0)
		good = first_candidate(books, dbk_good_hash(books, sku, 0));
	f->holder = holder;
	f->good = good;
	f->position = dbk_position_hash(books, holder, good, DBK_PLACE_PHYSICAL);
	dbk_index_prefetch(&books->names.index, f->position);
}

/* The names of seller and buyer, and the index for what the seller has. */
static void
want_holdings(const struct dbk_books *books, const struct dbk_sale *sale,
	      struct dbk_foresight *f)
{
	uint32_t buyer = f->names[DBK_FORESEEN_BUYER].id;
	uint32_t seller = f->names[DBK_FORESEEN_SELLER].id;
	const struct dbk_row_agent *row;

	if (buyer != 0 && buyer < books->customers.count)
		want_row(&books->names.bytes,
			 DBK_ROW(books, customers, customer, buyer)->name);
	if (seller == 0 || seller >= books->agents.count)
		return;
	row = DBK_ROW(books, agents, agent, seller);
	want_row(&books->names.bytes, row->name);
	f->sponsor_id = row->sponsor;
	want_row(&books->agents, f->sponsor_id);
	want_row(&books->accounts, row->pending_account);
	if (sale->fulfilment == DBK_HOLDER_SHIP && sale->n_lines > 0) {
		want_row(&books->holders, row->holder);
		want_stock(books, sale, row->holder, f);
	}
}

/* What the one above the seller earns, and what is left of the seller's stock. */
static void
want_sponsor(const struct dbk_books *books, struct dbk_foresight *f)
{
	if (f->holder != 0) {
		f->position_id = first_candidate(books, f->position);
		want_row(&books->positions, f->position_id);
	}
	if (f->sponsor_id != 0)
		want_row(&books->accounts,
			 DBK_ROW(books, agents, agent, f->sponsor_id)->pending_account);
}

/* The newest days of that stock. */
static void
want_days(const struct dbk_books *books, const struct dbk_foresight *f)
{
	const struct dbk_row_position *row;

	if (f->position_id == 0 || f->position_id >= books->positions.count)
		return;
	row = DBK_ROW(books, positions, position, f->position_id);
	want_row(&books->flows, row->in);
	want_row(&books->flows, row->out);
}

void
dbk_books_foresee(const struct dbk_books *books, const struct dbk_event *event,
		  unsigned step, struct dbk_foresight *f)
{
	bool sale = event->type == DBK_EVENT_SALE_RECORDED ||
		    event->type == DBK_EVENT_ORDER_PLACED;

	if (step == 0) {
		memset(f, 0, sizeof *f);
		want_keys(books, event, f);
	}
	if (!sale)
		return;
	if (step == 0)
		want_names(books, &event->u.sale, f);
	else if (step == 1)
		want_people(books, f);
	else if (step == 2)
		want_holdings(books, &event->u.sale, f);
	else if (step == 3)
		want_sponsor(books, f);
	else if (step == 4)
		want_days(books, f);
}

/* The lists of the next seconds, and their first things. */
static void
want_lists(const struct dbk_books *books, int64_t until, struct dbk_dues_foresight *f)
{
	f->n = 0;
	f->n_lists = until < 0 ? 0
			       : dbk_dues_ahead(books, until / US_PER_SECOND, f->lists,
						DBK_FORESEE_DUES);
	for (uint32_t i = 0; i < f->n_lists; i++)
		want_row(&books->due_seconds, f->lists[i]);
}

static void
want_dues(const struct dbk_books *books, const struct dbk_dues_foresight *f)
{
	for (uint32_t i = 0; i < f->n_lists; i++)
		want_row(&books->dues,
			 DBK_ROW(books, due_seconds, due_second, f->lists[i])->first);
}

/* The lines and, far apart from them, their orders. */
static void
want_lines(const struct dbk_books *books, struct dbk_dues_foresight *f)
{
	for (uint32_t i = 0; i < f->n_lists; i++) {
		uint32_t at =
		    DBK_ROW(books, due_seconds, due_second, f->lists[i])->first;

		while (at != 0 && f->n < DBK_FORESEE_DUES) {
			const struct dbk_row_due *row = DBK_ROW(books, dues, due, at);

			if (!(row->what & (DBK_DUE_EARNING | DBK_DUE_TIMER))) {
				want_row(&books->lines, row->what);
				f->what[f->n++] = row->what;
			}
			at = row->next;
		}
	}
}

/* Two earnings of each line: most have no more, and they stand side by side. */
static void
want_earnings(const struct dbk_books *books, struct dbk_dues_foresight *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t earning = DBK_ROW(books, lines, line, f->what[i])->earning;

		f->earnings[2 * i] = earning;
		f->earnings[2 * i + 1] = earning > 1 ? earning - 1 : 0;
		want_row(&books->earnings, earning);
		want_row(&books->earnings, f->earnings[2 * i + 1]);
		want_row(&books->orders, dbk_line_order_guess(books, f->what[i]));
	}
}

static void
want_earners(const struct dbk_books *books, const struct dbk_dues_foresight *f)
{
	for (uint32_t i = 0; i < 2 * f->n; i++)
		if (f->earnings[i] != 0)
			want_row(&books->agents,
				 DBK_ROW(books, earnings, earning, f->earnings[i])->agent);
}

static void
want_claims(const struct dbk_books *books, const struct dbk_dues_foresight *f)
{
	for (uint32_t i = 0; i < 2 * f->n; i++) {
		uint32_t agent =
		    f->earnings[i] == 0
			? 0
			: DBK_ROW(books, earnings, earning, f->earnings[i])->agent;
		uint32_t account;

		if (agent == 0)
			continue;
		account = DBK_ROW(books, agents, agent, agent)->pending_account;
		want_row(&books->accounts, account);
		want_row(&books->accounts, account + 1);
	}
}

void
dbk_books_foresee_dues(const struct dbk_books *books, int64_t until, unsigned step,
		       struct dbk_dues_foresight *f)
{
	if (step == 0)
		want_lists(books, until, f);
	else if (step == 1)
		want_dues(books, f);
	else if (step == 2)
		want_lines(books, f);
	else if (step == 3)
		want_earnings(books, f);
	else if (step == 4)
		want_earners(books, f);
	else
		want_claims(books, f);
}
