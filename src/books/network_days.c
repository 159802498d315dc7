/*
 * network_days.c -- what moved of a sku on a day, of a tier of its supply chain, and of
 * the agents who were enrolled in one month.
 */

#include "books/goods_core.h"

/* ------------------------------------------------------------------- a sku on a day */

static uint64_t
day_hash(const struct dbk_books *books, uint32_t sku, uint32_t day)
{
	uint32_t key[3] = { DBK_SPACE_SKU_DAY, sku, day };

	return dbk_composite_hash(books, key, 3);
}

static bool
is_day(const struct dbk_books *books, uint32_t id, uint32_t sku, uint32_t day)
{
	const struct dbk_row_sku_day *row;

	if (id == 0 || id >= books->sku_days.count)
		return false;
	row = DBK_ROW(books, sku_days, sku_day, id);
	return row->sku == sku && row->day == day;
}

uint32_t
dbk_sku_day_find(const struct dbk_books *books, uint32_t sku, uint32_t day)
{
	uint32_t id = DBK_ROW(books, skus, sku, sku)->day;
	struct dbk_index_walk walk;

	if (is_day(books, id, sku, day))
		return id;
	walk = dbk_index_seek(&books->names.index, day_hash(books, sku, day));
	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_day(books, id, sku, day))
			break;
	return id;
}

/* The days of a sku are a chain, newest first, that the sku knows the head of: a window
 * is walked and not looked up day by day, and late days are few. */
static void
link_day(struct dbk_books *books, uint32_t sku, uint32_t day, uint32_t id)
{
	uint32_t at = DBK_ROW(books, skus, sku, sku)->day, newer = 0;

	while (at != 0 && DBK_ROW(books, sku_days, sku_day, at)->day > day) {
		newer = at;
		at = DBK_ROW(books, sku_days, sku_day, at)->older;
	}
	DBK_TOUCH(books, sku_days, sku_day, id)->older = at;
	if (newer == 0)
		DBK_TOUCH(books, skus, sku, sku)->day = id;
	else
		DBK_TOUCH(books, sku_days, sku_day, newer)->older = id;
}

bool
dbk_sku_day_make(struct dbk_decision *d, uint32_t sku, uint32_t day, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_row_sku_day *row;

	*out = dbk_sku_day_find(books, sku, day);
	if (*out != 0)
		return true;
	if (!dbk_row_room(d, &books->sku_days))
		return false;
	*out = dbk_rows_append(&books->sku_days, 1);
	row = DBK_TOUCH(books, sku_days, sku_day, *out);
	row->sku = sku;
	row->day = day;
	dbk_index_add(&books->names.index, day_hash(books, sku, day), *out);
	link_day(books, sku, day, *out);
	return true;
}

void
dbk_network_window(const struct dbk_books *books, uint32_t sku, uint32_t days,
		   struct dbk_network_sums *out)
{
	uint32_t today = dbk_today(books), id = DBK_ROW(books, skus, sku, sku)->day;

	memset(out, 0, sizeof *out);
	for (; id != 0; id = DBK_ROW(books, sku_days, sku_day, id)->older) {
		const struct dbk_row_sku_day *row =
		    DBK_ROW(books, sku_days, sku_day, id);

		if (row->day > today)
			continue;
		if (today - row->day >= days)
			break;
		dbk_sum_add(&out->issued, row->issued);
		dbk_sum_add(&out->returned, row->returned);
		dbk_sum_add(&out->passed, row->passed);
		dbk_sum_add(&out->sold, row->sold);
		dbk_sum_add(&out->retail, row->retail);
	}
}

/* -------------------------------------------------------------------------- a tier */

static bool
is_tier(const struct dbk_books *books, uint32_t id, uint32_t sku, uint32_t tier)
{
	const struct dbk_row_tier *row;

	if (id == 0 || id >= books->tiers.count)
		return false;
	row = DBK_ROW(books, tiers, tier, id);
	return row->sku == sku && row->tier == tier;
}

bool
dbk_tier_need(struct dbk_decision *d, uint32_t sku, uint32_t tier, uint32_t *out)
{
	struct dbk_books *books = d->books;
	uint32_t key[3] = { DBK_SPACE_TIER, sku, tier };
	uint32_t *lately = &books->tiers_lately[(8 * sku + tier) % DBK_TIERS_LATELY];
	struct dbk_index_walk walk;
	struct dbk_row_tier *row;
	uint64_t hash;

	*out = *lately;
	if (is_tier(books, *out, sku, tier))
		return true;
	hash = dbk_composite_hash(books, key, 3);
	walk = dbk_index_seek(&books->names.index, hash);
	while ((*out = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_tier(books, *out, sku, tier)) {
			*lately = *out;
			return true;
		}
	if (!dbk_row_room(d, &books->tiers))
		return false;
	*out = *lately = dbk_rows_append(&books->tiers, 1);
	row = DBK_TOUCH(books, tiers, tier, *out);
	row->sku = sku;
	row->tier = tier;
	dbk_index_add(&books->names.index, hash, *out);
	return true;
}

/* The tier of what POSITION gets from GIVER, 0: unknown. */
static uint8_t
tier_from(const struct dbk_books *books, uint32_t giver, uint32_t position)
{
	const struct dbk_row_position *from =
	    DBK_ROW(books, positions, position, giver);
	const struct dbk_row_position *to =
	    DBK_ROW(books, positions, position, position);

	if (giver == 0 ||
	    DBK_ROW(books, holders, holder, from->holder)->kind != DBK_HOLDER_AGENT)
		return 1;
	if (from->holder == to->holder)
		return from->tier;
	return from->tier < UINT8_MAX ? (uint8_t)(from->tier + 1) : UINT8_MAX;
}

static void
note_tier(struct dbk_decision *d, uint32_t position, uint8_t tier)
{
	struct dbk_row_position *row =
	    DBK_TOUCH(d->books, positions, position, position);
	uint32_t day = dbk_event_day(d) + 1;

	row->tier = tier;
	if (row->first_day == 0)
		row->first_day = (uint16_t)(day < UINT16_MAX ? day : UINT16_MAX);
}

/* What the tiers of both sides have passed and bought. */
static bool
count_tiers(struct dbk_decision *d, uint32_t giver, uint32_t position, uint32_t sku,
	    int64_t units, int64_t value)
{
	const struct dbk_row_position *from =
	    DBK_ROW(d->books, positions, position, giver);
	struct dbk_row_tier *row;
	uint32_t id;

	if (giver != 0 && DBK_ROW(d->books, holders, holder, from->holder)->kind ==
			      DBK_HOLDER_AGENT) {
		if (!dbk_tier_need(d, sku, from->tier, &id))
			return false;
		row = DBK_TOUCH(d->books, tiers, tier, id);
		dbk_sum_add(&row->passed_units, units);
		dbk_sum_add(&row->passed_value, value);
	}
	if (!dbk_tier_need(d, sku,
			   DBK_ROW(d->books, positions, position, position)->tier, &id))
		return false;
	row = DBK_TOUCH(d->books, tiers, tier, id);
	dbk_sum_add(&row->bought_units, units);
	dbk_sum_add(&row->bought_value, value);
	return true;
}

bool
dbk_supply_step(struct dbk_decision *d, uint32_t giver, uint32_t position,
		int64_t units, int64_t value, bool issued)
{
	uint32_t good = DBK_ROW(d->books, positions, position, position)->good;
	uint32_t sku = DBK_ROW(d->books, goods, good, good)->sku, id;
	uint8_t tier = tier_from(d->books, giver, position);

	if (tier == 0)
		return true;
	note_tier(d, position, tier);
	if (value >= 0 && !count_tiers(d, giver, position, sku, units, value))
		return false;
	if (!issued)
		return true;
	if (!dbk_sku_day_need(d, sku, dbk_event_day(d), &id))
		return false;
	dbk_sum_add(&DBK_TOUCH(d->books, sku_days, sku_day, id)->issued, units);
	return true;
}

/* ------------------------------------------------------------------------ a cohort */

static bool
is_cohort(const struct dbk_books *books, uint32_t id, uint32_t month)
{
	return id != 0 && id < books->cohorts.count &&
	       DBK_ROW(books, cohorts, cohort, id)->month == month;
}

static bool
cohort_need(struct dbk_decision *d, uint32_t month, uint32_t *out)
{
	struct dbk_books *books = d->books;
	uint32_t key[2] = { DBK_SPACE_COHORT, month };
	uint32_t *lately = &books->cohorts_lately[month % DBK_LATELY];
	struct dbk_index_walk walk;
	uint64_t hash;

	*out = *lately;
	if (is_cohort(books, *out, month))
		return true;
	hash = dbk_composite_hash(books, key, 2);
	walk = dbk_index_seek(&books->names.index, hash);
	while ((*out = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_cohort(books, *out, month)) {
			*lately = *out;
			return true;
		}
	if (!dbk_row_room(d, &books->cohorts))
		return false;
	*out = *lately = dbk_rows_append(&books->cohorts, 1);
	DBK_TOUCH(books, cohorts, cohort, *out)->month = month;
	dbk_index_add(&books->names.index, hash, *out);
	return true;
}

static uint32_t
month_enrolled(const struct dbk_books *books, uint32_t agent)
{
	return dbk_local_month(books,
			       DBK_ROW(books, agents, agent, agent)->enrolled_at);
}

bool
dbk_cohort_join(struct dbk_decision *d, uint32_t agent)
{
	uint32_t id;

	if (!cohort_need(d, month_enrolled(d->books, agent), &id))
		return false;
	DBK_TOUCH(d->books, cohorts, cohort, id)->agents++;
	return true;
}

/* The month of the event, which nearly always is that of the one before. */
static uint32_t
event_month(const struct dbk_decision *d)
{
	struct dbk_books *books = d->books;

	if (books->near_day != dbk_event_day(d) + 1) {
		books->near_day = dbk_event_day(d) + 1;
		books->near_month = dbk_local_month(books, d->event->effective_at);
	}
	return books->near_month;
}

bool
dbk_cohort_count(struct dbk_decision *d, uint32_t holder_id, int64_t bought,
		 int64_t sold)
{
	struct dbk_row_holder *holder = DBK_TOUCH(d->books, holders, holder, holder_id);
	uint32_t month = event_month(d), age;
	struct dbk_row_cohort *row;
	bool is_new;

	if (holder->cohort == 0 &&
	    !cohort_need(d, month_enrolled(d->books, holder->owner),
			     &holder->cohort))
		return false;
	is_new = (bought > 0 || sold > 0) && month >= holder->active_month;
	if (is_new)
		holder->active_month = month + 1;
	row = DBK_TOUCH(d->books, cohorts, cohort, holder->cohort);
	age = month > row->month ? month - row->month : 0;
	if (age >= DBK_COHORT_AGES)
		return true;
	dbk_sum_add(&row->bought[age], bought);
	dbk_sum_add(&row->sold[age], sold);
	row->active[age] += is_new;
	return true;
}
