/*
 * bands.c -- what goods may cost, and whether an order's lines do.
 *
 * A band is looked for among those of the sku and those of no sku.  Its revisions may
 * be of several: a band stands once in the list of each, by its first revision there,
 * and which revision counts is asked of all of them.
 */

#include "books/goods_core.h"

static uint64_t
band_hash(const struct dbk_books *books, uint32_t name)
{
	uint32_t key[2] = { DBK_SPACE_BAND, name };

	return dbk_composite_hash(books, key, 2);
}

/* The first revision of the band with this name (a tag), 0: none. */
static uint32_t
find_first(const struct dbk_books *books, uint32_t name)
{
	struct dbk_index_walk walk;
	uint32_t id;

	if (name == 0)
		return 0;
	walk = dbk_index_seek(&books->names.index, band_hash(books, name));
	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (id < books->bands.count &&
		    DBK_ROW(books, bands, band, id)->name == name &&
		    DBK_ROW(books, bands, band, id)->older == 0)
			return id;
	return 0;
}

static uint32_t
newest_of(const struct dbk_books *books, uint32_t band)
{
	uint32_t first = DBK_ROW(books, bands, band, band)->first;

	return DBK_ROW(books, bands, band, first)->newest;
}

static uint32_t
list_of(const struct dbk_books *books, uint32_t sku)
{
	return sku == 0 ? DBK_ROW(books, book, book, 1)->bands
			: DBK_ROW(books, skus, sku, sku)->bands;
}

static bool
is_listed(const struct dbk_books *books, uint32_t older, uint32_t sku)
{
	while (older != 0 && DBK_ROW(books, bands, band, older)->sku != sku)
		older = DBK_ROW(books, bands, band, older)->older;
	return older != 0;
}

/* BAND, whose revisions before are OLDER, into the list of its sku. */
static bool
list_add(struct dbk_decision *d, uint32_t band, uint32_t older)
{
	struct dbk_books *books = d->books;
	uint32_t sku = DBK_ROW(books, bands, band, band)->sku;
	uint32_t count = 0;

	if (is_listed(books, older, sku))
		return true;
	for (uint32_t at = list_of(books, sku); at != 0;
	     at = DBK_ROW(books, bands, band, at)->next_of_sku)
		count++;
	if (count >= DBK_BANDS_OF_SKU_MAX)
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("sku"),
					   count, DBK_BANDS_OF_SKU_MAX);
	DBK_TOUCH(books, bands, band, band)->next_of_sku = list_of(books, sku);
	if (sku == 0)
		DBK_TOUCH(books, book, book, 1)->bands = band;
	else
		DBK_TOUCH(books, skus, sku, sku)->bands = band;
	return true;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A new row behind the revision OLDER of its band, 0: a new band. */
static uint32_t
append(struct dbk_books *books, uint32_t name, uint32_t older, int64_t valid_from)
{
	uint32_t id = dbk_rows_append(&books->bands, 1);
	struct dbk_row_band *row = DBK_TOUCH(books, bands, band, id);

	row->name = name;
	row->older = older;
	row->valid_from = valid_from;
	row->latest = valid_from;
	row->first = id;
	if (older == 0) {
		dbk_index_add(&books->names.index, band_hash(books, name), id);
	} else {
		row->first = DBK_ROW(books, bands, band, older)->first;
		row->latest =
		    later(valid_from, DBK_ROW(books, bands, band, older)->latest);
	}
	DBK_TOUCH(books, bands, band, row->first)->newest = id;
	return id;
}

static bool
band_add(struct dbk_decision *d, uint32_t older)
{
	const struct dbk_price_band_set *e = &d->event->u.price_band_set;
	int64_t valid_from =
	    e->valid_from == DBK_TIME_ABSENT ? d->event->effective_at : e->valid_from;
	struct dbk_row_band *row;
	uint32_t id, name, sku;

	sku = dbk_name_find(d, DBK_SPACE_SKU, e->sku);
	if (sku == 0 && e->sku.size != 0)
		return dbk_refuse(d, DBK_RULE_SKU_UNKNOWN, dbk_field("sku"), e->sku);
	if (!dbk_row_room(d, &d->books->bands) ||
	    !dbk_intern(d, DBK_SPACE_TAG, e->band, &name))
		return false;
	id = append(d->books, name, older, valid_from);
	row = DBK_TOUCH(d->books, bands, band, id);
	row->revision = e->revision;
	row->sku = sku;
	row->mode = e->mode;
	row->min_price = e->min_price;
	row->max_price = e->max_price;
	return dbk_intern(d, DBK_SPACE_TAG, e->rank, &row->rank) &&
	       dbk_intern(d, DBK_SPACE_TAG, e->region, &row->region) &&
	       dbk_intern(d, DBK_SPACE_TAG, e->channel, &row->channel) &&
	       list_add(d, id, older);
}

bool
dbk_decide_price_band_set(struct dbk_decision *d)
{
	const struct dbk_price_band_set *e = &d->event->u.price_band_set;
	const struct dbk_books *books = d->books;
	uint32_t first =
	    find_first(books, dbk_names_find(&books->names, DBK_SPACE_TAG, e->band));
	uint32_t older = first == 0 ? 0 : newest_of(books, first);
	int64_t expected =
	    older == 0 ? 1 : (int64_t)DBK_ROW(books, bands, band, older)->revision + 1;

	if (e->revision != expected)
		return dbk_refuse_measured(d, DBK_RULE_BAND_REVISION_GAP,
					   dbk_field("revision"), e->revision,
					   expected);
	return band_add(d, older);
}

/* ----------------------------------------------------------------------- which counts
 */

/* The revision that counts at TIME of the band whose newest one is BAND, 0: none. Those
 * older than a row begin at its `latest` at the latest: nearly always the newest one
 * counts and the others are not looked at. */
static uint32_t
counting_at(const struct dbk_books *books, uint32_t band, int64_t time)
{
	uint32_t found = 0;
	int64_t begins = INT64_MIN;

	while (band != 0) {
		const struct dbk_row_band *row = DBK_ROW(books, bands, band, band);

		if (found != 0 && row->latest <= begins)
			break;
		if (row->valid_from <= time &&
		    (found == 0 || row->valid_from > begins)) {
			found = band;
			begins = row->valid_from;
		}
		band = row->older;
	}
	return found;
}

/* How specific BAND is, of those that are about what QUERY asks for; 0: it is not, else
 * at least 1. */
static uint32_t
match(const struct dbk_books *books, uint32_t band, const struct dbk_band_query *query)
{
	const struct dbk_row_band *row = DBK_ROW(books, bands, band, band);
	const struct {
		uint32_t has, asked, weight;
	} scopes[] = {
		{ row->sku, query->sku, 8 },
		{ row->rank, query->rank, 4 },
		{ row->region, query->region, 2 },
		{ row->channel, query->channel, 1 },
	};
	uint32_t score = 1;

	for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
		if (scopes[i].has != 0 && scopes[i].has != scopes[i].asked)
			return 0;
		score += scopes[i].has != 0 ? scopes[i].weight : 0;
	}
	return score;
}

struct best {
	uint32_t band, score;
};

static void
look_through(const struct dbk_books *books, uint32_t list,
	     const struct dbk_band_query *query, struct best *best)
{
	for (uint32_t at = list; at != 0;
	     at = DBK_ROW(books, bands, band, at)->next_of_sku) {
		uint32_t band = counting_at(books, newest_of(books, at), query->time);
		uint32_t score = band == 0 ? 0 : match(books, band, query);

		if (score == 0)
			continue;
		if (score > best->score ||
		    (score == best->score && band > best->band)) {
			best->band = band;
			best->score = score;
		}
	}
}

uint32_t
dbk_band_find(const struct dbk_books *books, const struct dbk_band_query *query)
{
	struct best best = { 0, 0 };

	look_through(books, list_of(books, query->sku), query, &best);
	if (query->sku != 0)
		look_through(books, list_of(books, 0), query, &best);
	if (best.score == 0 ||
	    DBK_ROW(books, bands, band, best.band)->mode == DBK_GUARD_OFF)
		return 0;
	return best.band;
}

bool
dbk_band_breaks(const struct dbk_books *books, uint32_t band, int64_t price,
		int64_t *out_limit)
{
	const struct dbk_row_band *row = DBK_ROW(books, bands, band, band);

	if (price < row->min_price) {
		*out_limit = row->min_price;
		return true;
	}
	*out_limit = row->max_price;
	return row->max_price > 0 && price > row->max_price;
}

/* ---------------------------------------------------------------------- orders' lines
 */

/* Line I of the event's sale, whose row is LINE_ROW. */
static bool
check_line(struct dbk_decision *d, uint32_t seller, uint32_t i, uint32_t line_row,
	   struct dbk_band_query *query)
{
	const struct dbk_books *books = d->books;
	const struct dbk_row_line *line = DBK_ROW(books, lines, line, line_row);
	struct dbk_violation violation = { .guard = DBK_GUARDS,
					   .rule = DBK_RULE_PRICE_BAND };
	uint32_t band;

	query->sku = DBK_ROW(books, goods, good, line->good)->sku;
	band = dbk_band_find(books, query);
	if (band == 0 || line->qty == 0)
		return true;
	violation.measured = line->amount / line->qty;
	if (!dbk_band_breaks(books, band, violation.measured, &violation.limit))
		return true;
	violation.field = dbk_field_of("lines", i, "unit_price");
	violation.value = dbk_str_make("", 0);
	violation.subject_kind = seller != 0 ? DBK_SUBJECT_AGENT : DBK_SUBJECT_SKU;
	violation.subject = seller != 0 ? seller : query->sku;
	return dbk_guard_fail(d, DBK_ROW(books, bands, band, band)->mode, &violation);
}

/* Is there any band for one of N lines from row FIRST on?  Most books have none. */
static bool
may_concern(const struct dbk_books *books, uint32_t first, uint32_t n)
{
	if (books->bands.count == 1)
		return false;
	if (list_of(books, 0) != 0)
		return true;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t good = DBK_ROW(books, lines, line, first + i)->good;

		if (list_of(books, DBK_ROW(books, goods, good, good)->sku) != 0)
			return true;
	}
	return false;
}

bool
dbk_bands_check(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale)
{
	const struct dbk_books *books = d->books;
	const struct dbk_row_order *row = DBK_ROW(books, orders, order, order);
	uint32_t first = row->first_line + row->n_lines - sale->n_lines;
	struct dbk_band_query query = { .time = d->event->effective_at };

	if (row->kind != DBK_ORDER_RETAIL || !may_concern(books, first, sale->n_lines))
		return true;
	query.channel = row->channel;
	query.region = dbk_name_find(d, DBK_SPACE_TAG, sale->region);
	if (row->seller != 0)
		query.rank = DBK_ROW(books, agents, agent, row->seller)->rank;
	for (uint32_t i = 0; i < sale->n_lines; i++)
		if (!check_line(d, row->seller, i, first + i, &query))
			return false;
	return true;
}
