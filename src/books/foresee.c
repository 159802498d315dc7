#include "books/foresee.h"

#include "books/core.h"
#include "event/key.h"

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

static uint64_t
want_name(const struct dbk_books *books, uint32_t space, struct dbk_str name)
{
	uint64_t hash = name.size == 0 ? 0 : dbk_names_hash(&books->names, space, name);

	if (hash != 0)
		dbk_index_prefetch(&books->names.index, hash);
	return hash;
}

static void
want_keys(const struct dbk_books *books, const struct dbk_event *event)
{
	struct dbk_key key;

	if (!dbk_key_is_order(event)) {
		dbk_event_key(event, &key);
		dbk_index_prefetch(&books->names.index, dbk_key_hash(books, &key));
	}
	dbk_event_payment_key(event, &key);
	if (key.size != 0)
		dbk_index_prefetch(&books->names.index, dbk_key_hash(books, &key));
}

/* The index for the names of a sale. */
static void
want_names(const struct dbk_books *books, const struct dbk_sale *sale,
	   struct dbk_foresight *f)
{
	bool agent_buys =
	    sale->kind == DBK_ORDER_SELF || sale->kind == DBK_ORDER_RESTOCK;

	(void)want_name(books, DBK_SPACE_ORDER, sale->order);
	f->seller = want_name(books, DBK_SPACE_AGENT, sale->seller);
	f->buyer = want_name(books, agent_buys ? DBK_SPACE_AGENT : DBK_SPACE_CUSTOMER,
			     sale->buyer);
}

/* The rows of seller and buyer. */
static void
want_people(const struct dbk_books *books, struct dbk_foresight *f)
{
	if (f->seller != 0)
		f->seller_id = first_candidate(books, f->seller);
	if (f->buyer != 0)
		f->buyer_id = first_candidate(books, f->buyer);
	want_row(&books->agents, f->seller_id);
	want_row(&books->customers, f->buyer_id);
}

static void
want_stock(const struct dbk_books *books, const struct dbk_sale *sale, uint32_t holder,
	   struct dbk_foresight *f)
{
	uint32_t sku = dbk_names_find(&books->names, DBK_SPACE_SKU, sale->lines[0].sku);
	uint32_t good = first_candidate(books, dbk_good_hash(books, sku, 0));

	f->position = dbk_position_hash(books, holder, good, DBK_PLACE_PHYSICAL);
	dbk_index_prefetch(&books->names.index, f->position);
}

/* The names of seller and buyer, and the index for what the seller has. */
static void
want_holdings(const struct dbk_books *books, const struct dbk_sale *sale,
	      struct dbk_foresight *f)
{
	if (f->buyer_id != 0 && f->buyer_id < books->customers.count)
		want_row(&books->names.bytes,
			 DBK_ROW(books, customers, customer, f->buyer_id)->name);
	if (f->seller_id == 0 || f->seller_id >= books->agents.count)
		return;
	want_row(&books->names.bytes,
		 DBK_ROW(books, agents, agent, f->seller_id)->name);
	if (sale->fulfilment != DBK_HOLDER_SHIP || sale->n_lines == 0)
		return;
	want_stock(books, sale, DBK_ROW(books, agents, agent, f->seller_id)->holder, f);
	want_row(&books->accounts,
		 DBK_ROW(books, agents, agent, f->seller_id)->pending_account);
}

void
dbk_books_foresee(const struct dbk_books *books, const struct dbk_event *event,
		  unsigned step, struct dbk_foresight *f)
{
	bool sale = event->type == DBK_EVENT_SALE_RECORDED ||
		    event->type == DBK_EVENT_ORDER_PLACED;

	if (step == 0) {
		memset(f, 0, sizeof *f);
		want_keys(books, event);
	}
	if (!sale)
		return;
	if (step == 0)
		want_names(books, &event->u.sale, f);
	else if (step == 1)
		want_people(books, f);
	else if (step == 2)
		want_holdings(books, &event->u.sale, f);
	else if (f->position != 0)
		want_row(&books->positions, first_candidate(books, f->position));
}
