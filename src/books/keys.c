/*
 * keys.c -- natural keys: who holds one.
 *
 * The index keeps nothing but a hash and the position of the event that holds the key;
 * the log has the rest.  A candidate is therefore opened and its keys made again: exact
 * at the price of one look back for a real repeat and one in some hundred million for a
 * chance meeting of hashes.
 */

#include "books/core.h"
#include "event/decode.h"
#include "event/key.h"

uint64_t
dbk_key_hash(const struct dbk_books *books, const struct dbk_key *key)
{
	return dbk_hash_short(key->bytes, key->size, books->names.key);
}

uint64_t
dbk_payment_hash(const struct dbk_decision *d, const struct dbk_key *key)
{
	const struct dbk_foresight *f = d->foresight;

	if (f != NULL && d->event->type == DBK_EVENT_SALE_RECORDED &&
	    f->psp_txn.size != 0 && f->psp_txn.bytes == d->event->u.sale.psp_txn.bytes)
		return f->payment;
	return dbk_key_hash(d->books, key);
}

static bool
same_key(const struct dbk_key *a, const struct dbk_key *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static bool
holds(const struct dbk_event *event, const struct dbk_key *key)
{
	struct dbk_key own;

	dbk_event_key(event, &own);
	if (same_key(&own, key))
		return true;
	dbk_event_payment_key(event, &own);
	return own.size != 0 && same_key(&own, key);
}

/* The event of the record at POSITION, opened. */
static bool
open_original(struct dbk_books *books, uint64_t position, struct dbk_arena *arena,
	      struct dbk_event *out)
{
	struct dbk_event_fault fault;
	struct dbk_str bytes;

	return books->history != NULL &&
	       books->history(books->history_context, position, &bytes) &&
	       dbk_event_decode(bytes, arena, out, &fault);
}

bool
dbk_key_is_order(const struct dbk_event *event)
{
	return event->type == DBK_EVENT_SALE_RECORDED ||
	       event->type == DBK_EVENT_ORDER_PLACED;
}

/* An order is the event that placed it: its name is the key, and costs no entry more. */
static enum dbk_key_state
order_find(struct dbk_decision *d, struct dbk_str name, struct dbk_arena *arena,
	   uint64_t *out_position, struct dbk_event *out_original)
{
	struct dbk_books *books = d->books;
	uint32_t order = dbk_name_find(d, DBK_SPACE_ORDER, name);

	if (order == 0)
		return DBK_KEY_FREE;
	*out_position = DBK_ROW(books, orders, order, order)->placed_position;
	return open_original(books, *out_position, arena, out_original)
		       ? DBK_KEY_HELD
		       : DBK_KEY_UNREADABLE;
}

enum dbk_key_state
dbk_key_find_own(struct dbk_decision *d, const struct dbk_key *key, uint64_t hash,
		 struct dbk_arena *arena, uint64_t *out_position,
		 struct dbk_event *out_original)
{
	if (dbk_key_is_order(d->event))
		return order_find(d, d->event->u.sale.order, arena, out_position,
				  out_original);
	return dbk_key_find(d->books, key, hash, arena, out_position, out_original);
}

enum dbk_key_state
dbk_key_find(struct dbk_books *books, const struct dbk_key *key, uint64_t hash,
	     struct dbk_arena *arena, uint64_t *out_position,
	     struct dbk_event *out_original)
{
	struct dbk_index_walk walk = dbk_index_seek(&books->names.index, hash);
	uint64_t size = dbk_books_size(books);
	uint32_t value;

	while ((value = dbk_index_next(&books->names.index, &walk)) != 0) {
		/* Values of other spaces may be larger than any position. */
		if (value > size)
			continue;
		if (!open_original(books, value - 1, arena, out_original))
			return DBK_KEY_UNREADABLE;
		if (holds(out_original, key)) {
			*out_position = value - 1;
			return DBK_KEY_HELD;
		}
	}
	return DBK_KEY_FREE;
}

void
dbk_key_add(struct dbk_books *books, uint64_t hash, uint64_t position)
{
	dbk_assert(position < DBK_RECORDS_MAX);
	dbk_index_add(&books->names.index, hash, (uint32_t)position + 1);
}
