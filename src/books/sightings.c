/*
 * sightings.c -- prices outside their band that somebody saw.
 *
 * Sightings of one agent (0: nobody's) and sku form a ring by falling days: the index
 * finds the first that was ever made, the anchor, which stays the last of the ring and
 * whose next is the newest.  Only the anchor may stand out of the order of days.
 */

#include "books/goods_core.h"

#define SOURCES_MAX 100 /* bound of sighting_sources */

static uint64_t
sighting_hash(const struct dbk_books *books, uint32_t agent, uint32_t sku)
{
	uint32_t key[3] = { DBK_SPACE_SIGHTING, agent, sku };

	return dbk_composite_hash(books, key, 3);
}

/* The anchor of AGENT and SKU, 0: none.  What else an index may offer by chance came
 * later than it. */
static uint32_t
find_anchor(const struct dbk_books *books, uint32_t agent, uint32_t sku)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, sighting_hash(books, agent, sku));
	uint32_t id, found = 0;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_sighting *row;

		if (id >= books->sightings.count || (found != 0 && id > found))
			continue;
		row = DBK_ROW(books, sightings, sighting, id);
		if (row->agent == agent && row->sku == sku)
			found = id;
	}
	return found;
}

static const struct dbk_row_sighting *
sighting_at(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, sightings, sighting, id);
}

/* Put SIGHTING of DAY into the ring of ANCHOR. */
static void
ring_add(struct dbk_books *books, uint32_t anchor, uint32_t sighting, uint32_t day)
{
	uint32_t before = anchor;

	while (sighting_at(books, before)->next != anchor &&
	       sighting_at(books, sighting_at(books, before)->next)->day > day)
		before = sighting_at(books, before)->next;
	DBK_TOUCH(books, sightings, sighting, sighting)->next =
	    sighting_at(books, before)->next;
	DBK_TOUCH(books, sightings, sighting, before)->next = sighting;
}

static bool
sighting_add(struct dbk_decision *d, uint32_t agent, uint32_t sku)
{
	struct dbk_books *books = d->books;
	uint32_t anchor = find_anchor(books, agent, sku), id, source;
	struct dbk_row_sighting *row;

	if (!dbk_row_room(d, &books->sightings) ||
	    !dbk_intern(d, DBK_SPACE_TAG, d->event->source, &source))
		return false;
	id = dbk_rows_append(&books->sightings, 1);
	row = DBK_TOUCH(books, sightings, sighting, id);
	row->position = d->position;
	row->agent = agent;
	row->sku = sku;
	row->source = source;
	row->day = dbk_event_day(d);
	row->next = id;
	if (anchor == 0)
		dbk_index_add(&books->names.index, sighting_hash(books, agent, sku),
			      id);
	else
		ring_add(books, anchor, id, row->day);
	return true;
}

/* What the last days saw: how many sightings, from how many sources (up to MOST). */
struct seen {
	uint32_t count, n_sources, most;
	uint32_t sources[SOURCES_MAX];
};

static void
see(struct seen *seen, uint32_t source)
{
	seen->count++;
	for (uint32_t i = 0; i < seen->n_sources; i++)
		if (seen->sources[i] == source)
			return;
	if (seen->n_sources < seen->most)
		seen->sources[seen->n_sources++] = source;
}

/* All of the ring of ANCHOR from day FIRST on. */
static void
see_ring(const struct dbk_books *books, uint32_t anchor, uint32_t first,
	 struct seen *seen)
{
	uint32_t id = sighting_at(books, anchor)->next;

	while (id != anchor && sighting_at(books, id)->day >= first) {
		see(seen, sighting_at(books, id)->source);
		id = sighting_at(books, id)->next;
	}
	if (sighting_at(books, anchor)->day >= first)
		see(seen, sighting_at(books, anchor)->source);
}

static bool
check_sightings(struct dbk_decision *d, unsigned mode, uint32_t agent, uint32_t sku)
{
	const struct dbk_guard_scalars *guards = dbk_guard_scalars(d->books);
	struct dbk_violation violation = {
		.guard = DBK_GUARD_SIGHTINGS,
		.rule = DBK_RULE_PRICE_SIGHTED,
		.field = dbk_field("price"),
		.value = dbk_str_make("", 0),
		.subject_kind = agent != 0 ? DBK_SUBJECT_AGENT : DBK_SUBJECT_SKU,
		.subject = agent != 0 ? agent : sku,
		.limit = guards->numbers[DBK_GUARD_SIGHTINGS_MIN]
	};
	struct seen seen = {
		.most = (uint32_t)guards->numbers[DBK_GUARD_SIGHTING_SOURCES]
	};
	int64_t first =
	    (int64_t)dbk_today(d->books) + 1 - guards->numbers[DBK_GUARD_SIGHTING_DAYS];

	see_ring(d->books, find_anchor(d->books, agent, sku),
		 first > 0 ? (uint32_t)first : 0, &seen);
	violation.measured = seen.count;
	if (violation.measured < violation.limit || seen.n_sources < seen.most)
		return true;
	return dbk_guard_fail(d, mode, &violation);
}

bool
dbk_decide_price_observed(struct dbk_decision *d)
{
	const struct dbk_price_observed *e = &d->event->u.price_observed;
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_SIGHTINGS);
	struct dbk_band_query query = { .time = d->event->effective_at };
	uint32_t agent = 0, band;
	int64_t limit;

	query.sku = dbk_name_find(d, DBK_SPACE_SKU, e->sku);
	if (query.sku == 0)
		return dbk_refuse(d, DBK_RULE_SKU_UNKNOWN, dbk_field("sku"), e->sku);
	if (e->holder.kind == DBK_HOLDER_AGENT &&
	    !dbk_agent_find(d, dbk_field("holder"), e->holder.agent, false, &agent))
		return false;
	if (mode == DBK_GUARD_OFF)
		return true;
	query.channel = dbk_name_find(d, DBK_SPACE_TAG, e->channel);
	if (agent != 0)
		query.rank = DBK_ROW(d->books, agents, agent, agent)->rank;
	band = dbk_band_find(d->books, &query);
	if (band == 0 || !dbk_band_breaks(d->books, band, e->price, &limit))
		return true;
	return sighting_add(d, agent, query.sku) &&
	       check_sightings(d, mode, agent, query.sku);
}
