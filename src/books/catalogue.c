/*
 * catalogue.c -- the book itself, skus and lots.
 */

#include "books/goods_core.h"

bool
dbk_decide_book_opened(struct dbk_decision *d)
{
	const struct dbk_book_opened *e = &d->event->u.book_opened;
	struct dbk_row_book *book;
	uint32_t name;

	if (!dbk_intern(d, DBK_SPACE_TAG, e->book, &name))
		return false;
	book = DBK_TOUCH(d->books, book, book, 1);
	book->name = name;
	book->open = 1;
	memcpy(book->currency, e->currency.bytes, 3);
	book->exponent = e->exponent;
	book->utc_offset_minutes = e->utc_offset_minutes;
	book->semantics = e->semantics == 0 ? 1 : e->semantics;
	book->opened_at = book->clock = d->event->effective_at;
	return true;
}

static void
name_sku(struct dbk_decision *d, uint32_t sku, struct dbk_str name)
{
	struct dbk_named named = { .kind = DBK_NAMED_SKU, .id = sku };

	dbk_effects_name(d->effects, named, name);
}

bool
dbk_decide_sku_defined(struct dbk_decision *d)
{
	const struct dbk_sku_defined *e = &d->event->u.sku_defined;
	uint32_t sku = dbk_names_find(&d->books->names, DBK_SPACE_SKU, e->sku);
	uint32_t expected =
	    sku == 0 ? 1 : DBK_ROW(d->books, skus, sku, sku)->revision + 1;
	struct dbk_row_sku *row;
	uint32_t category;

	if (e->revision != expected)
		return dbk_refuse_measured(d, DBK_RULE_SKU_REVISION_GAP,
					   dbk_field("revision"), e->revision,
					   expected);
	if (e->superseded_by.size != 0 &&
	    dbk_names_find(&d->books->names, DBK_SPACE_SKU, e->superseded_by) == 0)
		return dbk_refuse(d, DBK_RULE_SKU_UNKNOWN, dbk_field("superseded_by"),
				  e->superseded_by);
	if (sku == 0) {
		if (!dbk_intern(d, DBK_SPACE_SKU, e->sku, &sku))
			return false;
		name_sku(d, sku, e->sku);
	}
	if (!dbk_intern(d, DBK_SPACE_TAG, e->category, &category))
		return false;
	row = DBK_TOUCH(d->books, skus, sku, sku);
	row->revision = e->revision;
	row->category = category;
	row->return_window_days = e->return_window_days;
	row->not_commissionable = e->not_commissionable;
	row->list_price = e->list_price;
	row->factory_price = e->factory_price;
	row->superseded = e->superseded_by.size != 0;
	return dbk_profiteering_check(d, sku);
}

bool
dbk_decide_lot_registered(struct dbk_decision *d)
{
	const struct dbk_lot_registered *e = &d->event->u.lot_registered;
	uint32_t sku = dbk_names_find(&d->books->names, DBK_SPACE_SKU, e->sku);
	struct dbk_named named = { .kind = DBK_NAMED_LOT };
	struct dbk_row_lot *row;
	uint32_t lot, holder;

	if (sku == 0)
		return dbk_refuse(d, DBK_RULE_SKU_UNKNOWN, dbk_field("sku"), e->sku);
	if (!dbk_holder_find(d, dbk_field("custodian"), &e->custodian, true, &holder) ||
	    !dbk_intern(d, DBK_SPACE_LOT, e->lot, &lot))
		return false;
	row = DBK_TOUCH(d->books, lots, lot, lot);
	row->sku = sku;
	row->qty = e->qty;
	row->expires_on = e->expires_on;
	row->position = d->position;
	named.id = lot;
	dbk_effects_name(d->effects, named, e->lot);
	return dbk_intern(d, DBK_SPACE_TAG, e->intended_region,
			  &row->intended_region) &&
	       dbk_intern(d, DBK_SPACE_TAG, e->serial_from, &row->serial_from) &&
	       dbk_intern(d, DBK_SPACE_TAG, e->serial_to, &row->serial_to);
}

uint64_t
dbk_good_hash(const struct dbk_books *books, uint32_t sku, uint32_t lot)
{
	uint32_t key[3] = { DBK_SPACE_GOOD, sku, lot };

	return dbk_hash_short(key, sizeof key, books->names.key);
}

static bool
is_good(const struct dbk_books *books, uint32_t id, uint32_t sku, uint32_t lot)
{
	const struct dbk_row_good *row;

	if (id == 0 || id >= books->goods.count)
		return false;
	row = DBK_ROW(books, goods, good, id);
	return row->sku == sku && row->lot == lot;
}

uint32_t
dbk_good_lately(const struct dbk_books *books, uint32_t sku, uint32_t lot)
{
	uint32_t id = books->goods_lately[(sku + 31 * lot) % DBK_SKUS_LATELY];

	return is_good(books, id, sku, lot) ? id : 0;
}

static bool
good_intern(struct dbk_decision *d, uint32_t sku, uint32_t lot, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_index_walk walk;
	struct dbk_row_good *row;
	uint64_t hash;

	*out = dbk_good_lately(books, sku, lot);
	if (*out != 0)
		return true;
	hash = dbk_good_hash(books, sku, lot);
	walk = dbk_index_seek(&books->names.index, hash);
	while ((*out = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_good(books, *out, sku, lot)) {
			books->goods_lately[(sku + 31 * lot) % DBK_SKUS_LATELY] = *out;
			return true;
		}
	if (!dbk_rows_has_room(&books->goods, 1) ||
	    !dbk_index_has_room(&books->names.index))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("sku"),
					   books->goods.count, books->goods.max);
	*out = dbk_rows_append(&books->goods, 1);
	row = DBK_TOUCH(books, goods, good, *out);
	row->sku = sku;
	row->lot = lot;
	dbk_index_add(&books->names.index, hash, *out);
	return true;
}

bool
dbk_good_find(struct dbk_decision *d, struct dbk_field sku_field,
	      struct dbk_field lot_field, struct dbk_str sku_name,
	      struct dbk_str lot_name, uint32_t *out_good)
{
	const struct dbk_names *names = &d->books->names;
	uint32_t sku = dbk_name_find(d, DBK_SPACE_SKU, sku_name);
	uint32_t lot = dbk_names_find(names, DBK_SPACE_LOT, lot_name);

	if (sku == 0)
		return dbk_refuse(d, DBK_RULE_SKU_UNKNOWN, sku_field, sku_name);
	if (lot == 0 && lot_name.size != 0)
		return dbk_refuse(d, DBK_RULE_LOT_UNKNOWN, lot_field, lot_name);
	if (lot != 0 && DBK_ROW(d->books, lots, lot, lot)->sku != sku)
		return dbk_refuse(d, DBK_RULE_LOT_OF_OTHER_SKU, lot_field, lot_name);
	return good_intern(d, sku, lot, out_good);
}
