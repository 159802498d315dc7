/*
 * territories.c -- who may sell where.
 *
 * The assignments of a region form a ring: the index finds the oldest, whose next is
 * the newest.
 */

#include "books/goods_core.h"

static uint64_t
region_hash(const struct dbk_books *books, uint32_t region)
{
	uint32_t key[2] = { DBK_SPACE_REGION, region };

	return dbk_composite_hash(books, key, 2);
}

/* The oldest assignment of REGION (a tag), 0: none. */
static uint32_t
find_oldest(const struct dbk_books *books, uint32_t region)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, region_hash(books, region));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_territory *row;

		if (id >= books->territories.count)
			continue;
		/* The oldest is the only one of its region whose next is no older one.
		 */
		row = DBK_ROW(books, territories, territory, id);
		if (row->region == region && row->next_of_region >= id)
			return id;
	}
	return 0;
}

/* The assignments of a region from the newest to the oldest. */
struct territory_walk {
	uint32_t next, oldest;
};

static struct territory_walk
walk_region(const struct dbk_books *books, uint32_t region)
{
	struct territory_walk walk = { 0, find_oldest(books, region) };

	if (walk.oldest != 0)
		walk.next =
		    DBK_ROW(books, territories, territory, walk.oldest)->next_of_region;
	return walk;
}

/* 0 behind the oldest. */
static uint32_t
walk_next(const struct dbk_books *books, struct territory_walk *walk)
{
	uint32_t id = walk->next;

	if (id == walk->oldest)
		walk->next = 0;
	else
		walk->next = DBK_ROW(books, territories, territory, id)->next_of_region;
	return id;
}

static bool
is_revoked(const struct dbk_row_territory *row)
{
	return row->revoked_at != DBK_TIME_ABSENT;
}

/* ---------------------------------------------------------------------- assignments */

static bool
have_common_moment(const struct dbk_row_territory *a, const struct dbk_row_territory *b)
{
	return (b->valid_to == DBK_TIME_ABSENT || a->valid_from < b->valid_to) &&
	       (a->valid_to == DBK_TIME_ABSENT || b->valid_from < a->valid_to);
}

static bool
have_common_channel(const struct dbk_row_territory *a,
		    const struct dbk_row_territory *b)
{
	return a->channel == 0 || b->channel == 0 || a->channel == b->channel;
}

/* Do two agents get what only one of them may have? */
static bool
do_overlap(const struct dbk_row_territory *a, const struct dbk_row_territory *b)
{
	return a->exclusive && b->exclusive && a->agent != b->agent && !is_revoked(a) &&
	       !is_revoked(b) && have_common_channel(a, b) && have_common_moment(a, b);
}

/* Of several that overlap the newest is named. */
static bool
check_overlap(struct dbk_decision *d, const struct dbk_row_territory *row)
{
	struct territory_walk walk = walk_region(d->books, row->region);
	uint32_t other;

	while ((other = walk_next(d->books, &walk)) != 0)
		if (do_overlap(DBK_ROW(d->books, territories, territory, other), row))
			return dbk_refuse(d, DBK_RULE_TERRITORY_OVERLAP,
					  dbk_field("region"),
					  dbk_names_get(&d->books->names,
							DBK_SPACE_TERRITORY, other));
	return true;
}

static void
ring_add(struct dbk_books *books, uint32_t territory)
{
	struct dbk_row_territory *row =
	    DBK_TOUCH(books, territories, territory, territory);
	uint32_t oldest = find_oldest(books, row->region);
	struct dbk_row_territory *first;

	if (oldest == 0) {
		row->next_of_region = territory;
		dbk_index_add(&books->names.index, region_hash(books, row->region),
			      territory);
		return;
	}
	first = DBK_TOUCH(books, territories, territory, oldest);
	row->next_of_region = first->next_of_region;
	first->next_of_region = territory;
}

static bool
territory_add(struct dbk_decision *d, const struct dbk_row_territory *init)
{
	const struct dbk_territory_assigned *e = &d->event->u.territory_assigned;
	struct dbk_row_territory *row;
	uint32_t id, name;

	/* Its name is the event's own key, which was free. */
	if (!dbk_row_room(d, &d->books->territories) ||
	    !dbk_name_make(d, DBK_SPACE_TERRITORY, e->assignment, &id))
		return false;
	row = DBK_TOUCH(d->books, territories, territory, id);
	name = row->name;
	*row = *init;
	row->name = name;
	ring_add(d->books, id);
	return true;
}

bool
dbk_decide_territory_assigned(struct dbk_decision *d)
{
	const struct dbk_territory_assigned *e = &d->event->u.territory_assigned;
	struct dbk_row_territory row = { .exclusive = e->exclusive,
					 .valid_from = e->valid_from,
					 .valid_to = e->valid_to,
					 .revoked_at = DBK_TIME_ABSENT };

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, true, &row.agent))
		return false;
	if (row.valid_from == DBK_TIME_ABSENT)
		row.valid_from = d->event->effective_at;
	if (row.valid_to != DBK_TIME_ABSENT && row.valid_to <= row.valid_from)
		return dbk_refuse_measured(d, DBK_RULE_TERRITORY_STATE,
					   dbk_field("valid_to"), row.valid_to,
					   row.valid_from);
	return dbk_intern(d, DBK_SPACE_TAG, e->region, &row.region) &&
	       dbk_intern(d, DBK_SPACE_TAG, e->channel, &row.channel) &&
	       check_overlap(d, &row) && territory_add(d, &row);
}

bool
dbk_decide_territory_revoked(struct dbk_decision *d)
{
	struct dbk_str name = d->event->u.territory_revoked.assignment;
	uint32_t id = dbk_name_find(d, DBK_SPACE_TERRITORY, name);

	if (id == 0)
		return dbk_refuse(d, DBK_RULE_TERRITORY_UNKNOWN,
				  dbk_field("assignment"), name);
	/* Its own key was free: nobody has revoked it before. */
	dbk_assert(!is_revoked(DBK_ROW(d->books, territories, territory, id)));
	DBK_TOUCH(d->books, territories, territory, id)->revoked_at =
	    dbk_clock(d->books);
	return true;
}

/* -------------------------------------------------------------------------- breaches
 */

static bool
holds_at(const struct dbk_row_territory *row, int64_t time, uint32_t channel)
{
	return row->valid_from <= time &&
	       (row->valid_to == DBK_TIME_ABSENT || time < row->valid_to) &&
	       (!is_revoked(row) || time < row->revoked_at) &&
	       (row->channel == 0 || row->channel == channel);
}

/* Is SELLER without a right in REGION where another one alone has it? */
static bool
is_breach(const struct dbk_books *books, uint32_t region, uint32_t channel,
	  uint32_t seller, int64_t time)
{
	struct territory_walk walk = walk_region(books, region);
	bool is_anothers = false;
	uint32_t id;

	while ((id = walk_next(books, &walk)) != 0) {
		const struct dbk_row_territory *row =
		    DBK_ROW(books, territories, territory, id);

		if (!holds_at(row, time, channel))
			continue;
		if (row->agent == seller)
			return false;
		is_anothers = is_anothers || row->exclusive;
	}
	return is_anothers;
}

/* One breach more of SELLER; how many of its period there are now. */
static bool
count_breach(struct dbk_decision *d, uint32_t seller, int64_t *out)
{
	uint32_t today = dbk_today(d->books), watch;
	int64_t days = dbk_guard_number(d->books, DBK_GUARD_TERRITORY_DAYS);
	struct dbk_row_watch *row;

	if (!dbk_watch_need(d, seller, &watch))
		return false;
	row = DBK_TOUCH(d->books, watches, watch, watch);
	if (row->breaches == 0 || (int64_t)today - row->breach_day >= days) {
		row->breach_day = today;
		row->breaches = 0;
	}
	*out = ++row->breaches;
	return true;
}

static bool
fail_breach(struct dbk_decision *d, unsigned mode, uint32_t seller,
	    struct dbk_str region)
{
	struct dbk_violation violation = { .guard = DBK_GUARD_TERRITORY,
					   .rule = DBK_RULE_TERRITORY,
					   .field = dbk_field("region"),
					   .value = region,
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = seller,
					   .measured = 1,
					   .agent = seller };

	if (mode == DBK_GUARD_FLAG) {
		if (!count_breach(d, seller, &violation.measured))
			return false;
		violation.limit =
		    dbk_guard_number(d->books, DBK_GUARD_TERRITORY_BREACHES);
		if (violation.measured < violation.limit)
			return true;
	}
	return dbk_guard_fail(d, mode, &violation);
}

bool
dbk_territory_check(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_TERRITORY);
	uint32_t region;

	if (mode == DBK_GUARD_OFF || row->kind != DBK_ORDER_RETAIL || row->seller == 0)
		return true;
	region = dbk_name_find(d, DBK_SPACE_TAG, sale->region);
	if (region == 0 || !is_breach(d->books, region, row->channel, row->seller,
				      d->event->effective_at))
		return true;
	return fail_breach(d, mode, row->seller, sale->region);
}
