/*
 * network_days.c -- what moved of a sku on a day, of a tier of its supply chain, and of
 * the agents who were enrolled in one month.
 */

#include "books/goods_core.h"

/* Sums below this can be added in any order, and none comes to its bound. */
#define EXACT_MAX (INT64_C(1) << 60)

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

	/* The days of a sku begin with the newest. */
	if (id == 0 || DBK_ROW(books, sku_days, sku_day, id)->day < day)
		return 0;
	if (is_day(books, id, sku, day))
		return id;
	walk = dbk_index_seek(&books->names.index, day_hash(books, sku, day));
	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_day(books, id, sku, day))
			break;
	return id;
}

/* A day before the newest one is about to change. */
static void
forget_window(struct dbk_books *books, uint32_t sku)
{
	books->windows_lately[sku % DBK_SKUS_LATELY].newest = 0;
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
	DBK_TOUCH(books, sku_days, sku_day, id)->newer = newer;
	if (at != 0)
		DBK_TOUCH(books, sku_days, sku_day, at)->newer = id;
	if (newer == 0) {
		DBK_TOUCH(books, skus, sku, sku)->day = id;
	} else {
		DBK_TOUCH(books, sku_days, sku_day, newer)->older = id;
		forget_window(books, sku);
	}
}

bool
dbk_sku_day_make(struct dbk_decision *d, uint32_t sku, uint32_t day, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_row_sku_day *row;

	*out = dbk_sku_day_find(books, sku, day);
	if (*out != 0) {
		forget_window(books, sku);
		return true;
	}
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

static int64_t
size_of(int64_t units)
{
	return units < 0 ? -(units + 1) : units;
}

/* More than the units of a day, whichever way they went. */
static int64_t
bulk_of(const struct dbk_row_sku_day *row)
{
	int64_t bulk = size_of(row->issued);

	dbk_sum_add(&bulk, size_of(row->returned));
	dbk_sum_add(&bulk, size_of(row->passed));
	dbk_sum_add(&bulk, size_of(row->sold));
	dbk_sum_add(&bulk, size_of(row->retail));
	return bulk;
}

static const struct dbk_row_sku_day *
day_at(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, sku_days, sku_day, id);
}

static void
add_day(struct dbk_network_sums *sums, const struct dbk_row_sku_day *row)
{
	dbk_sum_add(&sums->issued, row->issued);
	dbk_sum_add(&sums->returned, row->returned);
	dbk_sum_add(&sums->passed, row->passed);
	dbk_sum_add(&sums->sold, row->sold);
	dbk_sum_add(&sums->retail, row->retail);
}

/* The window from row ID back, day by day. */
static void
add_days(const struct dbk_books *books, uint32_t id, uint32_t today, uint32_t days,
	 struct dbk_network_sums *sums)
{
	for (; id != 0; id = day_at(books, id)->older) {
		const struct dbk_row_sku_day *row = day_at(books, id);

		if (row->day > today)
			continue;
		if (today - row->day >= days)
			break;
		add_day(sums, row);
	}
}

/* Row ID comes into the window, SIGN 1, or falls out of it, -1. */
static void
slide(struct dbk_window_lately *kept, const struct dbk_row_sku_day *row, int sign)
{
	if (sign > 0)
		dbk_sum_add(&kept->bulk, bulk_of(row));
	kept->is_exact = kept->is_exact && kept->bulk < EXACT_MAX;
	if (!kept->is_exact)
		return;
	kept->issued += sign * row->issued;
	kept->returned += sign * row->returned;
	kept->passed += sign * row->passed;
	kept->sold += sign * row->sold;
	kept->retail += sign * row->retail;
}

static void
sum_earlier(const struct dbk_books *books, struct dbk_window_lately *kept)
{
	uint32_t id = day_at(books, kept->newest)->older;

	kept->is_exact = day_at(books, kept->newest)->day <= kept->today;
	kept->oldest = kept->newest;
	for (; id != 0; id = day_at(books, id)->older) {
		if (kept->today - day_at(books, id)->day >= kept->days)
			break;
		slide(kept, day_at(books, id), 1);
		kept->oldest = id;
	}
}

/* The clock has gone on, and the sku has perhaps newer days; the one that was the
 * newest is still among them. */
static void
move_on(const struct dbk_books *books, struct dbk_window_lately *kept, uint32_t newest,
	uint32_t today)
{
	for (uint32_t id = newest; id != kept->newest;) {
		id = day_at(books, id)->older;
		slide(kept, day_at(books, id), 1);
	}
	kept->newest = newest;
	kept->today = today;
	kept->is_exact = kept->is_exact && day_at(books, newest)->day <= today;
	while (kept->oldest != newest &&
	       today - day_at(books, kept->oldest)->day >= kept->days) {
		slide(kept, day_at(books, kept->oldest), -1);
		kept->oldest = day_at(books, kept->oldest)->newer;
	}
}

/* The window of all days before the newest, kept: the days of a sku seldom change once
 * there is a newer one. */
static const struct dbk_window_lately *
earlier_days(struct dbk_decision *d, uint32_t newest, uint32_t today, uint32_t days)
{
	struct dbk_books *books = d->books;
	uint32_t sku = day_at(books, newest)->sku;
	struct dbk_window_lately *kept = &books->windows_lately[sku % DBK_SKUS_LATELY];

	books->windows_used[sku % DBK_SKUS_LATELY] = d->position + 1;
	books->windows_used_last = d->position + 1;
	/* A day that comes in before another one makes it forgotten. */
	/* What an earlier round has kept may name rows that were undone since. */
	if (kept->round == books->windows_round && kept->newest != 0 &&
	    day_at(books, kept->newest)->sku == sku && kept->days == days &&
	    kept->today <= today && kept->is_exact) {
		move_on(books, kept, newest, today);
		if (kept->is_exact)
			return kept;
	}
	*kept = (struct dbk_window_lately){ .newest = newest,
					    .today = today,
					    .days = days,
					    .round = books->windows_round };
	sum_earlier(books, kept);
	return kept;
}

void
dbk_network_undo(struct dbk_decision *d)
{
	struct dbk_books *books = d->books;

	if (books->windows_used_last != d->position + 1)
		return;
	for (uint32_t i = 0; i < DBK_SKUS_LATELY; i++)
		if (books->windows_used[i] == d->position + 1)
			books->windows_lately[i].newest = 0;
}

void
dbk_network_window(struct dbk_decision *d, uint32_t sku, uint32_t days,
		   struct dbk_network_sums *out)
{
	const struct dbk_books *books = d->books;
	uint32_t today = dbk_today(books), id = DBK_ROW(books, skus, sku, sku)->day;
	const struct dbk_window_lately *earlier;
	const struct dbk_row_sku_day *row;

	memset(out, 0, sizeof *out);
	if (id == 0)
		return;
	row = DBK_ROW(books, sku_days, sku_day, id);
	earlier = earlier_days(d, id, today, days);
	if (!earlier->is_exact || bulk_of(row) >= EXACT_MAX) {
		add_days(books, id, today, days, out);
		return;
	}
	*out = (struct dbk_network_sums){ earlier->issued, earlier->returned,
					  earlier->passed, earlier->sold,
					  earlier->retail };
	if (row->day <= today && today - row->day < days)
		add_day(out, row);
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
	    !cohort_need(d, month_enrolled(d->books, holder->owner), &holder->cohort))
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
