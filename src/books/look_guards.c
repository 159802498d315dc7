#include "books/look_guards.h"

#include "books/goods_core.h"

static const struct dbk_rows *
table_of(const struct dbk_books *books, enum dbk_look_guards_table table)
{
	switch (table) {
	case DBK_LOOK_FINDINGS:
		return &books->findings;
	case DBK_LOOK_GUARD_SETS:
		return &books->guard_sets;
	case DBK_LOOK_SKU_DAYS:
		return &books->sku_days;
	case DBK_LOOK_TIERS:
		return &books->tiers;
	case DBK_LOOK_COHORTS:
		return &books->cohorts;
	}
	return NULL;
}

uint32_t
dbk_look_guards_newest(const struct dbk_books *books, enum dbk_look_guards_table table)
{
	return table_of(books, table)->count - 1;
}

const struct dbk_row_finding *
dbk_look_finding(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, findings, finding, id);
}

const struct dbk_row_guard_set *
dbk_look_guard_set(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, guard_sets, guard_set, id);
}

const struct dbk_row_sku_day *
dbk_look_sku_day(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, sku_days, sku_day, id);
}

const struct dbk_row_tier *
dbk_look_tier(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, tiers, tier, id);
}

const struct dbk_row_cohort *
dbk_look_cohort(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, cohorts, cohort, id);
}

/* ----------------------------------------------------------------------- findings */

uint32_t
dbk_look_finding_of(const struct dbk_books *books, enum dbk_rule rule,
		    enum dbk_subject_kind kind, uint32_t subject)
{
	return dbk_finding_find(books, rule, kind, subject);
}

uint64_t
dbk_look_finding_changed(const struct dbk_row_finding *row)
{
	uint64_t after = (uint64_t)row->last_position + 1;

	if (row->acknowledged_position > after)
		after = row->acknowledged_position;
	if (row->resolved_position > after)
		after = row->resolved_position;
	return after - 1;
}

uint32_t
dbk_look_evidence(const struct dbk_books *books, const struct dbk_row_finding *row,
		  uint64_t positions[DBK_FINDING_EVIDENCE_MAX])
{
	uint32_t at = row->first_evidence, n = 0;

	for (; at != 0 && n < DBK_FINDING_EVIDENCE_MAX; n++) {
		const struct dbk_row_evidence *evidence =
		    DBK_ROW(books, evidence, evidence, at);

		positions[n] = evidence->position;
		at = evidence->next;
	}
	return n;
}

enum dbk_space
dbk_look_subject_space(enum dbk_subject_kind kind)
{
	switch (kind) {
	case DBK_SUBJECT_AGENT:
		return DBK_SPACE_AGENT;
	case DBK_SUBJECT_SKU:
		return DBK_SPACE_SKU;
	case DBK_SUBJECT_LOT:
		return DBK_SPACE_LOT;
	case DBK_SUBJECT_ORDER:
		return DBK_SPACE_ORDER;
	case DBK_SUBJECT_LOCATION:
		return DBK_SPACE_LOCATION;
	case DBK_SUBJECT_BOOK:
		return (enum dbk_space)0;
	}
	return (enum dbk_space)0;
}

/* ---------------------------------------------------------------- guard sets, time */

/* As guards.c finds it, but that nothing is noted: of those that have begun the one
 * with the latest beginning, of these the newest. */
uint32_t
dbk_look_guard_set_now(const struct dbk_books *books)
{
	const struct dbk_row_book *book = dbk_look_book(books);
	int64_t found_from = INT64_MIN;
	uint32_t found = 0;

	if (book->clock >= book->guard_from && book->clock < book->guard_to)
		return book->guard_set;
	for (uint32_t id = 1; id < books->guard_sets.count; id++) {
		int64_t from = dbk_look_guard_set(books, id)->valid_from;

		if (from <= book->clock && from >= found_from) {
			found = id;
			found_from = from;
		}
	}
	return found;
}

uint32_t
dbk_look_this_month(const struct dbk_books *books)
{
	return dbk_local_month(books, dbk_look_book(books)->clock);
}

/* ----------------------------------------------------------------- agents' stock */

bool
dbk_look_holding_at(const struct dbk_books *books, uint32_t position,
		    struct dbk_look_holding *out)
{
	const struct dbk_row_position *row =
	    DBK_ROW(books, positions, position, position);

	*out = (struct dbk_look_holding){
		.holder = row->holder,
		.sku = DBK_ROW(books, goods, good, row->good)->sku,
		.tier = row->tier,
		.first_day = row->first_day,
		.on_hand = row->on_hand,
	};
	return DBK_ROW(books, holders, holder, row->holder)->kind == DBK_HOLDER_AGENT;
}

int64_t
dbk_look_holding_aged(const struct dbk_books *books, uint32_t position, uint32_t days)
{
	const struct dbk_row_position *row =
	    DBK_ROW(books, positions, position, position);
	bool physical = row->place == DBK_PLACE_PHYSICAL;
	uint32_t other =
	    dbk_position_known(books, row->holder, row->good,
			       physical ? DBK_PLACE_CLOUD : DBK_PLACE_PHYSICAL);
	uint32_t today = dbk_today(books);
	uint32_t from = today >= days ? today - days + 1 : 0;
	struct dbk_flow_sums sums = { 0, 0, 0, 0 };
	int64_t on_hand = row->on_hand;

	if (other != 0)
		dbk_sum_add(&on_hand,
			    DBK_ROW(books, positions, position, other)->on_hand);
	if (on_hand <= 0 || (!physical && other != 0))
		return 0;
	dbk_flow_sum(books, position, from, today, &sums);
	if (other != 0)
		dbk_flow_sum(books, other, from, today, &sums);
	if (sums.received < 0)
		sums.received = 0;
	return on_hand > sums.received ? on_hand - sums.received : 0;
}
