/*
 * digest_goods.c -- the parts of the canonical form on goods, guards and findings:
 * GOODS.md, The digest.
 */

#include "books/form.h"
#include "books/goods_core.h"

/* DBK_TIME_ABSENT reads as 0. */
static int64_t
time_or_none(int64_t time)
{
	return time == DBK_TIME_ABSENT ? 0 : time;
}

/* ------------------------------------------------------------------- of a position */

/* Days that a window can still reach; older ones may be there or not. */
static bool
is_reached(const struct dbk_books *books, const struct dbk_row_flow *row)
{
	return row->day + DBK_FLOW_DAYS > dbk_today(books);
}

/* The first day of the ring that ends with NEWEST that a window reaches, and how many
 * such days there are; they are the last ones, as days rise. */
static uint32_t
first_reached(const struct dbk_books *books, uint32_t newest, uint32_t *out_days)
{
	uint32_t at = newest, first = 0;

	*out_days = 0;
	if (newest == 0)
		return 0;
	do {
		at = DBK_ROW(books, flows, flow, at)->next;
		if (!is_reached(books, DBK_ROW(books, flows, flow, at)))
			continue;
		if ((*out_days)++ == 0)
			first = at;
	} while (at != newest);
	return first;
}

static void
digest_ring(struct dbk_form *w, uint32_t newest)
{
	uint32_t days, at = first_reached(w->books, newest, &days);

	dbk_form_int(w, days);
	for (uint32_t i = 0; i < days; i++) {
		const struct dbk_row_flow *row = DBK_ROW(w->books, flows, flow, at);

		dbk_form_int(w, row->day);
		dbk_form_int(w, row->more);
		dbk_form_int(w, row->less);
		at = row->next;
	}
}

void
dbk_form_flows(struct dbk_form *w, const struct dbk_row_position *position)
{
	dbk_form_int(w, position->tier);
	dbk_form_int(w, position->first_day);
	digest_ring(w, position->in);
	digest_ring(w, position->out);
}

/* ------------------------------------------------------------------ what is counted */

static void
digest_holders(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'h', books->holders.count - 1);
	for (uint32_t i = 1; i < books->holders.count; i++) {
		const struct dbk_row_holder *row = DBK_ROW(books, holders, holder, i);

		dbk_form_holder(w, i);
		dbk_form_int(w, row->active_month);
		dbk_form_int(w, row->bought);
		dbk_form_int(w, row->undelivered);
		dbk_form_int(w, row->units);
	}
}

static void
digest_sku_days(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 's', books->sku_days.count - 1);
	for (uint32_t i = 1; i < books->sku_days.count; i++) {
		const struct dbk_row_sku_day *row =
		    DBK_ROW(books, sku_days, sku_day, i);

		dbk_form_name(w, DBK_SPACE_SKU, row->sku);
		dbk_form_int(w, row->day);
		dbk_form_int(w, row->issued);
		dbk_form_int(w, row->returned);
		dbk_form_int(w, row->passed);
		dbk_form_int(w, row->sold);
		dbk_form_int(w, row->retail);
		dbk_form_int(w, row->friend_units);
		dbk_form_int(w, row->friend_amount);
		dbk_form_int(w, row->stranger_units);
		dbk_form_int(w, row->stranger_amount);
	}
}

static void
digest_tiers(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 't', books->tiers.count - 1);
	for (uint32_t i = 1; i < books->tiers.count; i++) {
		const struct dbk_row_tier *row = DBK_ROW(books, tiers, tier, i);

		dbk_form_name(w, DBK_SPACE_SKU, row->sku);
		dbk_form_int(w, row->tier);
		dbk_form_int(w, row->bought_units);
		dbk_form_int(w, row->bought_value);
		dbk_form_int(w, row->passed_units);
		dbk_form_int(w, row->passed_value);
		dbk_form_int(w, row->sold_units);
		dbk_form_int(w, row->sold_value);
	}
}

static void
digest_cohorts(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'c', books->cohorts.count - 1);
	for (uint32_t i = 1; i < books->cohorts.count; i++) {
		const struct dbk_row_cohort *row = DBK_ROW(books, cohorts, cohort, i);

		dbk_form_int(w, row->month);
		dbk_form_int(w, row->agents);
		for (unsigned age = 0; age < DBK_COHORT_AGES; age++) {
			dbk_form_int(w, row->bought[age]);
			dbk_form_int(w, row->sold[age]);
			dbk_form_int(w, row->active[age]);
		}
	}
}

static void
digest_edges(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'e', books->edges.count - 1);
	for (uint32_t i = 1; i < books->edges.count; i++) {
		const struct dbk_row_edge *row = DBK_ROW(books, edges, edge, i);

		dbk_form_int(w, row->kind);
		dbk_form_name(w, DBK_SPACE_AGENT, row->from);
		dbk_form_name(w, DBK_SPACE_AGENT, row->to);
		dbk_form_int(w, row->day);
	}
}

/* -------------------------------------------------------------------- what is asked */

static void
digest_guard_sets(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'g', books->guard_sets.count - 1);
	for (uint32_t i = 1; i < books->guard_sets.count; i++) {
		const struct dbk_row_guard_set *row =
		    DBK_ROW(books, guard_sets, guard_set, i);

		dbk_form_name(w, DBK_SPACE_TAG, row->name);
		dbk_form_int(w, row->version);
		dbk_form_int(w, row->valid_from);
	}
}

static void
digest_bands(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'p', books->bands.count - 1);
	for (uint32_t i = 1; i < books->bands.count; i++) {
		const struct dbk_row_band *row = DBK_ROW(books, bands, band, i);

		dbk_form_name(w, DBK_SPACE_TAG, row->name);
		dbk_form_int(w, row->revision);
		dbk_form_name(w, DBK_SPACE_SKU, row->sku);
		dbk_form_name(w, DBK_SPACE_TAG, row->rank);
		dbk_form_name(w, DBK_SPACE_TAG, row->region);
		dbk_form_name(w, DBK_SPACE_TAG, row->channel);
		dbk_form_int(w, row->min_price);
		dbk_form_int(w, row->max_price);
		dbk_form_int(w, row->mode);
		dbk_form_int(w, row->valid_from);
	}
}

static void
digest_territories(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'y', books->territories.count - 1);
	for (uint32_t i = 1; i < books->territories.count; i++) {
		const struct dbk_row_territory *row =
		    DBK_ROW(books, territories, territory, i);

		dbk_form_name(w, DBK_SPACE_TERRITORY, i);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_name(w, DBK_SPACE_TAG, row->region);
		dbk_form_name(w, DBK_SPACE_TAG, row->channel);
		dbk_form_int(w, row->exclusive);
		dbk_form_int(w, row->valid_from);
		dbk_form_int(w, time_or_none(row->valid_to));
		dbk_form_int(w, time_or_none(row->revoked_at));
	}
}

static void
digest_requests(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'q', books->requests.count - 1);
	for (uint32_t i = 1; i < books->requests.count; i++) {
		const struct dbk_row_request *row =
		    DBK_ROW(books, requests, request, i);

		dbk_form_name(w, DBK_SPACE_REQUEST, i);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_name(w, DBK_SPACE_SKU, row->sku);
		dbk_form_int(w, row->place);
		dbk_form_int(w, row->qty);
		dbk_form_int(w, row->unit_price);
		dbk_form_int(w, row->claimed);
		dbk_form_int(w, row->arrived);
		dbk_form_int(w, row->asked);
	}
	dbk_form_section(w, 'k', books->buybacks.count - 1);
	for (uint32_t i = 1; i < books->buybacks.count; i++) {
		const struct dbk_row_buyback *row =
		    DBK_ROW(books, buybacks, buyback, i);

		dbk_form_name(w, DBK_SPACE_BUYBACK, i);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_good(w, row->good);
		dbk_form_int(w, row->qty);
		dbk_form_int(w, row->settled);
	}
}

/* --------------------------------------------------------------------- what was seen
 */

static void
digest_seen(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'n', books->serials.count - 1);
	for (uint32_t i = 1; i < books->serials.count; i++) {
		const struct dbk_row_serial *row = DBK_ROW(books, serials, serial, i);

		dbk_form_name(w, DBK_SPACE_SERIAL, i);
		dbk_form_name(w, DBK_SPACE_LOT, row->lot);
		dbk_form_int(w, row->consumer_scans);
	}
	dbk_form_section(w, 'v', books->sightings.count - 1);
	for (uint32_t i = 1; i < books->sightings.count; i++) {
		const struct dbk_row_sighting *row =
		    DBK_ROW(books, sightings, sighting, i);

		dbk_form_int(w, row->position);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_name(w, DBK_SPACE_SKU, row->sku);
		dbk_form_name(w, DBK_SPACE_TAG, row->source);
		dbk_form_int(w, row->day);
	}
}

static void
digest_watches(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'w', books->watches.count - 1);
	for (uint32_t i = 1; i < books->watches.count; i++) {
		const struct dbk_row_watch *row = DBK_ROW(books, watches, watch, i);

		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_int(w, row->agreement_version);
		dbk_form_int(w, row->binding_day);
		dbk_form_int(w, row->bindings);
		dbk_form_int(w, row->share_day);
		dbk_form_int(w, row->shares);
		dbk_form_int(w, row->breach_day);
		dbk_form_int(w, row->breaches);
		dbk_form_int(w, row->red);
	}
}

static void
digest_timers(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'x', books->timers.count - 1);
	for (uint32_t i = 1; i < books->timers.count; i++) {
		const struct dbk_row_timer *row = DBK_ROW(books, timers, timer, i);

		dbk_form_int(w, row->kind);
		dbk_form_name(
		    w, row->kind == DBK_TIMER_ORDER ? DBK_SPACE_ORDER : DBK_SPACE_AGENT,
		    row->what);
		dbk_form_int(w, row->second);
		dbk_form_int(w, row->done);
	}
}

/* The name of what a finding is on; the book has none. */
static void
digest_subject(struct dbk_form *w, const struct dbk_row_finding *row)
{
	static const uint32_t spaces[] = { [DBK_SUBJECT_AGENT] = DBK_SPACE_AGENT,
					   [DBK_SUBJECT_SKU] = DBK_SPACE_SKU,
					   [DBK_SUBJECT_LOT] = DBK_SPACE_LOT,
					   [DBK_SUBJECT_ORDER] = DBK_SPACE_ORDER,
					   [DBK_SUBJECT_LOCATION] = DBK_SPACE_LOCATION,
					   [DBK_SUBJECT_BOOK] = DBK_SPACE_TAG };

	dbk_form_int(w, row->subject_kind);
	dbk_form_name(w, spaces[row->subject_kind], row->subject);
}

static void
digest_evidence(struct dbk_form *w, const struct dbk_row_finding *row)
{
	const struct dbk_books *books = w->books;
	uint32_t at = row->first_evidence;

	dbk_form_int(w, row->n_evidence);
	while (at != 0) {
		const struct dbk_row_evidence *evidence =
		    DBK_ROW(books, evidence, evidence, at);

		dbk_form_int(w, evidence->position);
		at = evidence->next;
	}
}

static void
digest_findings(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'i', books->findings.count - 1);
	for (uint32_t i = 1; i < books->findings.count; i++) {
		const struct dbk_row_finding *row =
		    DBK_ROW(books, findings, finding, i);
		const struct dbk_row_guard_set *set =
		    DBK_ROW(books, guard_sets, guard_set, row->guard_set);

		dbk_form_int(w, row->rule);
		digest_subject(w, row);
		dbk_form_int(w, row->red ? 2 : 1);
		dbk_form_int(w, row->state);
		dbk_form_int(w, row->count);
		dbk_form_int(w, row->position);
		dbk_form_int(w, row->last_position);
		dbk_form_int(w, row->measured);
		dbk_form_int(w, row->limit);
		dbk_form_int(w, row->window);
		dbk_form_name(w, DBK_SPACE_TAG, set->name);
		dbk_form_int(w, set->version);
		digest_evidence(w, row);
	}
}

void
dbk_form_goods(struct dbk_form *w)
{
	digest_holders(w);
	digest_sku_days(w);
	digest_tiers(w);
	digest_cohorts(w);
	digest_edges(w);
	digest_guard_sets(w);
	digest_bands(w);
	digest_territories(w);
	digest_requests(w);
	digest_seen(w);
	digest_watches(w);
	digest_timers(w);
	digest_findings(w);
}
