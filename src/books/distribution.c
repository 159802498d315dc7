/*
 * distribution.c -- guards of issues and transfers, of skus, counts and fees.
 *
 * They look at goods on their way to and between agents: more than they sell, more than
 * exists, what should not go out any more.
 */

#include "base/money.h"
#include "books/goods_core.h"

#define PPM 1000000

static int64_t
number(struct dbk_decision *d, enum dbk_guard_number which)
{
	return dbk_guard_number(d->books, which);
}

static uint32_t
window_days(struct dbk_decision *d)
{
	return (uint32_t)number(d, DBK_GUARD_WINDOW_DAYS);
}

/* A transfer between two places of one agent goes out to nobody. */
static bool
is_within_one_agent(const struct dbk_event *event)
{
	const struct dbk_stock_transferred *e = &event->u.stock_transferred;

	return event->type == DBK_EVENT_STOCK_TRANSFERRED &&
	       e->from.kind == DBK_HOLDER_AGENT && e->to.kind == DBK_HOLDER_AGENT &&
	       dbk_str_equal(e->from.agent, e->to.agent);
}

static bool
goes_to_agent(const struct dbk_decision *d, uint32_t holder)
{
	return DBK_ROW(d->books, holders, holder, holder)->kind == DBK_HOLDER_AGENT &&
	       !is_within_one_agent(d->event);
}

static bool
is_expired(const struct dbk_books *books, uint32_t lot)
{
	int64_t at =
	    lot == 0 ? DBK_TIME_ABSENT : DBK_ROW(books, lots, lot, lot)->expires_on;

	return at != DBK_TIME_ABSENT && at <= dbk_clock(books);
}

bool
dbk_goods_out_check(struct dbk_decision *d, uint32_t holder, uint32_t good,
		    struct dbk_field field)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_GOODS_OUT);
	struct dbk_violation violation = { .guard = DBK_GUARD_GOODS_OUT,
					   .rule = DBK_RULE_GOODS_STATE,
					   .field = field };
	const struct dbk_row_good *of;

	if (mode == DBK_GUARD_OFF || (holder != 0 && !goes_to_agent(d, holder)))
		return true;
	of = DBK_ROW(d->books, goods, good, good);
	violation.subject_kind = holder != 0 ? DBK_SUBJECT_AGENT : DBK_SUBJECT_LOT;
	violation.subject =
	    holder != 0 ? DBK_ROW(d->books, holders, holder, holder)->owner : of->lot;
	violation.measured = 1;
	if (holder != 0 && DBK_ROW(d->books, skus, sku, of->sku)->superseded != 0 &&
	    !dbk_guard_fail(d, mode, &violation))
		return false;
	violation.measured = 2;
	return !is_expired(d->books, of->lot) || dbk_guard_fail(d, mode, &violation);
}

bool
dbk_push_down_check(struct dbk_decision *d, uint32_t holder, uint32_t good, int64_t qty,
		    struct dbk_field field)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_PUSH_DOWN);
	struct dbk_violation violation = { .guard = DBK_GUARD_PUSH_DOWN,
					   .rule = DBK_RULE_PUSHED_DOWN,
					   .field = field,
					   .subject_kind = DBK_SUBJECT_AGENT };
	struct dbk_measures m;
	uint32_t agent, rank, sku;
	dbk_wide bought;

	if (mode == DBK_GUARD_OFF || !goes_to_agent(d, holder))
		return true;
	agent = DBK_ROW(d->books, holders, holder, holder)->owner;
	rank = DBK_ROW(d->books, agents, agent, agent)->rank;
	sku = DBK_ROW(d->books, goods, good, good)->sku;
	violation.subject = violation.agent = agent;
	violation.window = window_days(d);
	violation.limit = number(d, DBK_GUARD_MAX_PURCHASE_TO_SALES_PPM);
	dbk_measure(d->books, holder, sku, violation.window, &m);
	bought = (dbk_wide)m.received + qty;
	if (bought * PPM <= (dbk_wide)violation.limit * m.sold ||
	    (dbk_wide)m.stock + qty <=
		dbk_guard_term(d->books, DBK_GUARD_FREE_UNITS, sku, rank))
		return true;
	violation.measured =
	    m.sold == 0 ? INT64_MAX : dbk_money_ratio(bought, PPM, m.sold);
	return dbk_guard_fail(d, mode, &violation);
}

bool
dbk_network_check(struct dbk_decision *d, uint32_t sku, struct dbk_field field)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_NETWORK);
	struct dbk_violation violation = { .guard = DBK_GUARD_NETWORK,
					   .rule = DBK_RULE_NETWORK_SELL_THROUGH,
					   .field = field,
					   .subject_kind = DBK_SUBJECT_SKU,
					   .subject = sku };
	struct dbk_network_sums sums;
	int64_t net;

	if (mode == DBK_GUARD_OFF)
		return true;
	violation.window = window_days(d);
	violation.limit = number(d, DBK_GUARD_NETWORK_ALARM_PPM);
	dbk_network_window(d, sku, violation.window, &sums);
	net = sums.issued - sums.returned;
	if (net < number(d, DBK_GUARD_NETWORK_MIN_UNITS))
		return true;
	violation.measured = dbk_money_ratio(sums.sold < 0 ? 0 : sums.sold, PPM, net);
	return violation.measured >= violation.limit ||
	       dbk_guard_fail(d, mode, &violation);
}

bool
dbk_multi_count_check(struct dbk_decision *d, uint32_t sku, struct dbk_field field)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_MULTI_COUNT);
	struct dbk_violation violation = { .guard = DBK_GUARD_MULTI_COUNT,
					   .rule = DBK_RULE_MULTI_COUNT,
					   .field = field,
					   .subject_kind = DBK_SUBJECT_SKU,
					   .subject = sku };
	struct dbk_network_sums sums;

	if (mode == DBK_GUARD_OFF)
		return true;
	violation.window = window_days(d);
	violation.limit = number(d, DBK_GUARD_MAX_MULTI_COUNT_PPM);
	dbk_network_window(d, sku, violation.window, &sums);
	if (sums.retail < number(d, DBK_GUARD_NETWORK_MIN_UNITS))
		return true;
	violation.measured =
	    dbk_money_ratio((dbk_wide)sums.issued + sums.passed, PPM, sums.retail);
	return violation.measured <= violation.limit ||
	       dbk_guard_fail(d, mode, &violation);
}

bool
dbk_cloud_check(struct dbk_decision *d, uint32_t sku, bool may_refuse,
		struct dbk_field field)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_CLOUD);
	struct dbk_violation violation = { .guard = DBK_GUARD_CLOUD,
					   .rule = DBK_RULE_CLOUD_COVERAGE,
					   .field = field,
					   .subject_kind = DBK_SUBJECT_SKU,
					   .subject = sku };
	const struct dbk_row_sku *row;

	if (mode == DBK_GUARD_OFF)
		return true;
	row = DBK_ROW(d->books, skus, sku, sku);
	if (row->cloud <= 0)
		return true;
	violation.limit = number(d, DBK_GUARD_MIN_COVERAGE_PPM);
	violation.measured = dbk_money_ratio(row->brand, PPM, row->cloud);
	return violation.measured >= violation.limit ||
	       dbk_guard_fail(d, may_refuse ? mode : DBK_GUARD_FLAG, &violation);
}

bool
dbk_profiteering_check(struct dbk_decision *d, uint32_t sku)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_PROFITEERING);
	struct dbk_violation violation = { .guard = DBK_GUARD_PROFITEERING,
					   .rule = DBK_RULE_PROFITEERING,
					   .field = dbk_field("list_price"),
					   .subject_kind = DBK_SUBJECT_SKU,
					   .subject = sku };
	const struct dbk_row_sku *row;

	if (mode == DBK_GUARD_OFF)
		return true;
	row = DBK_ROW(d->books, skus, sku, sku);
	if (row->factory_price <= 0)
		return true;
	violation.limit = number(d, DBK_GUARD_MAX_MARKUP_PPM);
	violation.measured = dbk_money_ratio(row->list_price, PPM, row->factory_price);
	return violation.measured <= violation.limit ||
	       dbk_guard_fail(d, mode, &violation);
}

bool
dbk_count_check(struct dbk_decision *d, uint32_t holder, int64_t difference)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_COUNT);
	struct dbk_violation violation = { .guard = DBK_GUARD_COUNT,
					   .rule = DBK_RULE_COUNT_DIFFERENCE,
					   .field = dbk_field("counted") };
	const struct dbk_row_holder *row;

	if (mode == DBK_GUARD_OFF)
		return true;
	row = DBK_ROW(d->books, holders, holder, holder);
	violation.subject_kind =
	    row->kind == DBK_HOLDER_AGENT ? DBK_SUBJECT_AGENT : DBK_SUBJECT_LOCATION;
	violation.subject = row->owner;
	violation.limit = number(d, DBK_GUARD_COUNT_TOLERANCE);
	violation.measured = difference < 0 ? -difference : difference;
	return violation.measured <= violation.limit ||
	       dbk_guard_fail(d, mode, &violation);
}

bool
dbk_entry_fee_check(struct dbk_decision *d, uint32_t agent)
{
	const struct dbk_fee_charged *e = &d->event->u.fee_charged;
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_ENTRY_FEE);
	struct dbk_violation violation = { .guard = DBK_GUARD_ENTRY_FEE,
					   .rule = DBK_RULE_ENTRY_FEE,
					   .field = dbk_field("amount"),
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = agent,
					   .measured = e->amount };

	if (mode == DBK_GUARD_OFF || !e->is_condition ||
	    (e->kind != DBK_FEE_JOINING && e->kind != DBK_FEE_KIT))
		return true;
	violation.limit = number(d, DBK_GUARD_ENTRY_FEE_LIMIT);
	return violation.measured <= violation.limit ||
	       dbk_guard_fail(d, mode, &violation);
}
