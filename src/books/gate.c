/*
 * gate.c -- a restock that an agent asks for: eleven gates, and how much they let pass.
 *
 * All gates are looked at, whatever the first ones say: whoever is refused wants to
 * know all that is in the way, and how much would pass.
 */

#include <stdlib.h>

#include "base/money.h"
#include "books/goods_core.h"

#define PPM 1000000

/* Quantities that rank_buy looks back at, and how many it must see. */
#define LOOKED_BACK 11
#define LOOKED_BACK_LEAST 3

/* What is asked for, and what the gates have in common. */
struct ask {
	struct dbk_books *books;
	const struct dbk_restock_requested *event;
	const struct dbk_row_agent *agent;
	uint32_t agent_id, holder, sku;
	uint32_t today, window;
	bool starts; /* its first days: gate 3 counts instead of 4 and 5 */
	struct dbk_measures measures;
	int64_t incoming; /* of the sku */
	/* Requests allowed before, of the agent and the sku. */
	uint32_t in_period, last_asked, n_before;
	int64_t before[LOOKED_BACK]; /* quantities, newest first */
};

/* What one gate says.  LETS: up to what quantity it passes, where that depends on it.
 */
struct said {
	bool fails;
	int64_t measured, limit;
	int64_t lets;
};

typedef void gate_fn(const struct ask *ask, struct said *out);

static int64_t
number(const struct ask *ask, enum dbk_guard_number which)
{
	return dbk_guard_number(ask->books, which);
}

static int64_t
term(const struct ask *ask, enum dbk_guard_number which)
{
	return dbk_guard_term(ask->books, which, ask->sku, ask->agent->rank);
}

static void
compare(struct said *out, int64_t measured, int64_t limit, bool fails)
{
	out->measured = measured;
	out->limit = limit;
	out->fails = fails;
}

/* Units of the sku that the agent has or expects. */
static dbk_wide
expected(const struct ask *ask)
{
	return (dbk_wide)ask->measures.stock + ask->incoming;
}

/* -------------------------------------------------------------------------- gates */

static void
standing(const struct ask *ask, struct said *out)
{
	int64_t version = number(ask, DBK_GUARD_AGREEMENT_VERSION);
	uint32_t watch = dbk_watch_find(ask->books, ask->agent_id);
	const struct dbk_row_watch *row = DBK_ROW(ask->books, watches, watch, watch);

	if (ask->agent->revision == 0)
		compare(out, 0, 1, true);
	else if (row->agreement_version < version)
		compare(out, row->agreement_version, version, true);
	else
		compare(out, row->red, 0, row->red > 0);
}

static void
receivable(const struct ask *ask, struct said *out)
{
	int64_t owed =
	    dbk_account_balance(ask->books, DBK_CLAWBACK_RECEIVABLE, ask->agent_id);
	int64_t limit = number(ask, DBK_GUARD_RECEIVABLE_LIMIT);

	compare(out, owed, limit, owed > limit);
}

static void
starter(const struct ask *ask, struct said *out)
{
	int64_t limit = term(ask, DBK_GUARD_STARTER_UNITS);
	dbk_wide units;

	if (!ask->starts)
		return;
	units = (dbk_wide)DBK_ROW(ask->books, holders, holder, ask->holder)->units +
		dbk_request_incoming(ask->books, ask->holder, 0);
	out->lets = dbk_money_bound(limit - units);
	units += ask->event->qty;
	compare(out, dbk_money_bound(units), limit, units > limit);
}

static void
sell_through(const struct ask *ask, struct said *out)
{
	int64_t least = term(ask, DBK_GUARD_MIN_SELL_THROUGH_PPM);
	dbk_wide supply = (dbk_wide)ask->measures.open + ask->measures.received;
	int64_t ppm = ask->measures.sell_through_ppm;

	if (ask->starts || ppm < 0 || supply < number(ask, DBK_GUARD_MIN_UNITS))
		return;
	compare(out, ppm, least,
		ppm < least && ask->measures.stock > term(ask, DBK_GUARD_FREE_UNITS));
}

static void
cover(const struct ask *ask, struct said *out)
{
	int64_t days = term(ask, DBK_GUARD_MAX_COVER_DAYS);
	int64_t free_units = term(ask, DBK_GUARD_FREE_UNITS);
	int64_t sold = ask->measures.sold;
	dbk_wide units = expected(ask) + ask->event->qty;
	dbk_wide covered = (dbk_wide)days * sold / ask->window;
	int64_t lasts;

	if (ask->starts)
		return;
	out->lets = dbk_money_bound((covered > free_units ? covered : free_units) -
				    expected(ask));
	lasts = sold == 0 ? INT64_MAX : dbk_money_ratio(units, ask->window, sold);
	compare(out, lasts, days,
		units * ask->window > (dbk_wide)days * sold && units > free_units);
}

/* At list prices, all that the agent has. */
static dbk_wide
stock_value(const struct ask *ask)
{
	const struct dbk_books *books = ask->books;
	uint32_t at = DBK_ROW(books, holders, holder, ask->holder)->first_position;
	dbk_wide sum = 0;

	while (at != 0) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, at);
		uint32_t sku = DBK_ROW(books, goods, good, row->good)->sku;

		sum +=
		    (dbk_wide)row->on_hand * DBK_ROW(books, skus, sku, sku)->list_price;
		at = row->next;
	}
	return sum;
}

static void
holding_value(const struct ask *ask, int64_t limit, struct said *out)
{
	int64_t price = DBK_ROW(ask->books, skus, sku, ask->sku)->list_price;
	dbk_wide left = limit - stock_value(ask);
	dbk_wide more = ((dbk_wide)ask->incoming + ask->event->qty) * price;
	int64_t lets;

	if (price > 0)
		/* Rounded towards zero, but below it nothing passes either way. */
		lets = dbk_money_bound(left / price - ask->incoming);
	else
		lets = left < 0 ? 0 : INT64_MAX;
	out->lets = lets < out->lets ? lets : out->lets;
	if (!out->fails)
		compare(out, dbk_money_bound(limit - left + more), limit, more > left);
}

static void
holding(const struct ask *ask, struct said *out)
{
	int64_t max_units = term(ask, DBK_GUARD_MAX_UNITS);
	int64_t max_value = term(ask, DBK_GUARD_MAX_VALUE);
	dbk_wide units = expected(ask) + ask->event->qty;

	if (max_units >= 0) {
		out->lets = dbk_money_bound(max_units - expected(ask));
		compare(out, dbk_money_bound(units), max_units, units > max_units);
	}
	if (max_value >= 0)
		holding_value(ask, max_value, out);
}

static void
frequency(const struct ask *ask, struct said *out)
{
	int64_t most = number(ask, DBK_GUARD_MAX_RESTOCKS);
	int64_t interval = number(ask, DBK_GUARD_RESTOCK_INTERVAL_DAYS);
	int64_t since = (int64_t)ask->today - ask->last_asked;

	compare(out, ask->in_period, most, ask->in_period >= most);
	if (!out->fails && ask->n_before > 0 && since < interval)
		compare(out, since, interval, true);
}

static void
goods_state(const struct ask *ask, struct said *out)
{
	bool old = DBK_ROW(ask->books, skus, sku, ask->sku)->superseded != 0;

	compare(out, old, 0, old);
}

static void
aged(const struct ask *ask, struct said *out)
{
	uint32_t days = (uint32_t)number(ask, DBK_GUARD_AGED_DAYS);
	int64_t units = dbk_measure_aged(ask->books, ask->holder, ask->sku, days);

	units = dbk_money_bound((dbk_wide)units -
				dbk_buyback_open(ask->books, ask->holder, ask->sku, 0));
	compare(out, units, 0, units > 0);
}

static void
restock_price(const struct ask *ask, struct said *out)
{
	struct dbk_band_query query = { .sku = ask->sku,
					.rank = ask->agent->rank,
					.time = dbk_clock(ask->books) };
	uint32_t band = dbk_band_find(ask->books, &query);
	int64_t price = ask->event->unit_price, bound = 0;
	bool fails = band != 0 && dbk_band_breaks(ask->books, band, price, &bound);

	compare(out, price, fails ? bound : 0, fails);
}

static int
by_quantity(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
rank_buy(const struct ask *ask, struct said *out)
{
	int64_t factor = number(ask, DBK_GUARD_RANK_BUY_FACTOR_PPM);
	int64_t sorted[LOOKED_BACK];

	if (ask->n_before < LOOKED_BACK_LEAST)
		return;
	memcpy(sorted, ask->before, sizeof sorted);
	qsort(sorted, ask->n_before, sizeof sorted[0], by_quantity);
	out->lets = dbk_money_muldiv(sorted[(ask->n_before - 1) / 2], factor, PPM);
	compare(out, ask->event->qty, out->lets, ask->event->qty > out->lets);
}

/* By enum dbk_guard: the order in which they decide. */
static const struct gate {
	gate_fn *look;
	const char *field;
	bool by_window;
	bool by_quantity; /* a smaller quantity may pass */
} gates[DBK_GATES] = {
	[DBK_GUARD_STANDING] = { standing, "agent", false, false },
	[DBK_GUARD_RECEIVABLE] = { receivable, "agent", false, false },
	[DBK_GUARD_STARTER] = { starter, "agent", false, true },
	[DBK_GUARD_SELL_THROUGH] = { sell_through, "qty", true, false },
	[DBK_GUARD_COVER] = { cover, "qty", true, true },
	[DBK_GUARD_HOLDING] = { holding, "qty", false, true },
	[DBK_GUARD_FREQUENCY] = { frequency, "agent", false, false },
	[DBK_GUARD_GOODS_STATE] = { goods_state, "sku", false, false },
	[DBK_GUARD_AGED] = { aged, "sku", false, false },
	[DBK_GUARD_RESTOCK_PRICE] = { restock_price, "unit_price", false, false },
	[DBK_GUARD_RANK_BUY] = { rank_buy, "agent", false, true },
};

/* ------------------------------------------------------------------- what they see */

static void
look_back(struct ask *ask)
{
	uint32_t period = (uint32_t)number(ask, DBK_GUARD_RESTOCK_PERIOD_DAYS);
	uint32_t at = DBK_ROW(ask->books, holders, holder, ask->holder)->requests;

	for (; at != 0; at = DBK_ROW(ask->books, requests, request, at)->next) {
		const struct dbk_row_request *row =
		    DBK_ROW(ask->books, requests, request, at);
		bool recent = ask->today - row->asked < period;

		if (!recent && ask->n_before == LOOKED_BACK)
			return;
		if (row->sku != ask->sku)
			continue;
		if (ask->n_before == 0)
			ask->last_asked = row->asked;
		if (ask->n_before < LOOKED_BACK)
			ask->before[ask->n_before++] = row->qty;
		ask->in_period += recent;
	}
}

static bool
starts(const struct ask *ask)
{
	uint32_t enrolled = dbk_local_day(ask->books, ask->agent->enrolled_at);

	return dbk_guard_mode(ask->books, DBK_GUARD_STARTER) != DBK_GUARD_OFF &&
	       ask->today - enrolled < number(ask, DBK_GUARD_STARTER_DAYS);
}

static void
prepare(struct ask *ask)
{
	ask->today = dbk_today(ask->books);
	ask->window = (uint32_t)number(ask, DBK_GUARD_WINDOW_DAYS);
	ask->starts = starts(ask);
	dbk_measure(ask->books, ask->holder, ask->sku, ask->window, &ask->measures);
	ask->incoming = dbk_request_incoming(ask->books, ask->holder, ask->sku);
	look_back(ask);
}

/* The largest quantity that the gates let pass that refuse. */
static int64_t
would_pass(const struct ask *ask, const struct said said[DBK_GATES])
{
	int64_t most = DBK_QTY_MAX;

	for (unsigned i = 0; i < DBK_GATES; i++) {
		if (dbk_guard_mode(ask->books, (enum dbk_guard)i) != DBK_GUARD_REFUSE)
			continue;
		if (!gates[i].by_quantity && said[i].fails)
			return 0;
		if (gates[i].by_quantity && said[i].lets < most)
			most = said[i].lets;
	}
	return most < 0 ? 0 : most;
}

/* Ask every gate that is not off; false: there is none. */
static bool
look(struct dbk_decision *d, const struct ask *ask, struct said said[DBK_GATES])
{
	struct dbk_check check;
	bool any = false;

	for (unsigned i = 0; i < DBK_GATES; i++) {
		said[i] = (struct said){ .lets = INT64_MAX };
		check.mode = (uint8_t)dbk_guard_mode(ask->books, (enum dbk_guard)i);
		if (check.mode == DBK_GUARD_OFF)
			continue;
		any = true;
		gates[i].look(ask, &said[i]);
		check.guard = (uint8_t)i;
		check.passed = !said[i].fails;
		check.measured = said[i].measured;
		check.limit = said[i].limit;
		dbk_effects_check(d->effects, check);
	}
	return any;
}

static bool
fail(struct dbk_decision *d, const struct ask *ask, unsigned i, const struct said *said)
{
	enum dbk_guard guard = (enum dbk_guard)i;
	struct dbk_violation violation = {
		.guard = guard,
		.rule = dbk_guard_kind(guard)->rule,
		.field = dbk_field(gates[i].field),
		.subject_kind = DBK_SUBJECT_AGENT,
		.subject = ask->agent_id,
		.measured = said->measured,
		.limit = said->limit,
		.agent = ask->agent_id,
		.window = gates[i].by_window ? ask->window : 0,
	};

	return dbk_guard_fail(d, dbk_guard_mode(ask->books, guard), &violation);
}

static bool
pass_gates(struct dbk_decision *d, const struct ask *ask)
{
	struct dbk_effects *effects = d->effects;
	struct said said[DBK_GATES];
	int64_t most;

	if (!look(d, ask, said))
		return true;
	most = would_pass(ask, said);
	effects->effects[effects->n_effects - 1].would_pass = most;
	for (unsigned i = 0; i < DBK_GATES; i++)
		if (said[i].fails && !fail(d, ask, i, &said[i])) {
			d->refusal->would_pass_plus_one = most + 1;
			return false;
		}
	return true;
}

static bool
allow(struct dbk_decision *d, const struct ask *ask)
{
	const struct dbk_restock_requested *e = ask->event;
	struct dbk_row_holder *holder =
	    DBK_TOUCH(d->books, holders, holder, ask->holder);
	struct dbk_row_request *row;
	uint32_t id;

	/* Its name is the event's own key, which was free. */
	if (!dbk_name_make(d, DBK_SPACE_REQUEST, e->request, &id))
		return false;
	row = DBK_TOUCH(d->books, requests, request, id);
	row->agent = ask->agent_id;
	row->sku = ask->sku;
	row->place = e->place;
	row->asked = ask->today;
	row->qty = e->qty;
	row->unit_price = e->unit_price;
	row->next = holder->requests;
	holder->requests = id;
	return true;
}

bool
dbk_decide_restock_requested(struct dbk_decision *d)
{
	const struct dbk_restock_requested *e = &d->event->u.restock_requested;
	struct ask ask = { .books = d->books, .event = e };

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, true, &ask.agent_id))
		return false;
	ask.sku = dbk_name_find(d, DBK_SPACE_SKU, e->sku);
	if (ask.sku == 0)
		return dbk_refuse(d, DBK_RULE_SKU_UNKNOWN, dbk_field("sku"), e->sku);
	if (!dbk_agent_holder(d, ask.agent_id, &ask.holder))
		return false;
	ask.agent = DBK_ROW(d->books, agents, agent, ask.agent_id);
	prepare(&ask);
	return pass_gates(d, &ask) && allow(d, &ask);
}
