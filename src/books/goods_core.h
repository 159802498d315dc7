#ifndef DBK_BOOKS_GOODS_CORE_H
#define DBK_BOOKS_GOODS_CORE_H

/*
 * goods_core.h -- what the files of src/books share about stock measures, guards and
 * findings: GOODS.md.  Not for use outside this folder.
 *
 * Days and months are local to the book, since 1970.  Quantities are in base units,
 * amounts in minor units, rates in ppm.  What takes a decision and gives a bool is a
 * step of it, as dbk_decide_fn in core.h.
 */

#include "base/money.h"
#include "books/core.h"

/* Add MORE to SUM; it stays at the bound where int64 cannot hold it.  For what is told and
 * compared, never for what is held. */
static inline void
dbk_sum_add(int64_t *sum, int64_t more)
{
	*sum = dbk_money_sum(*sum, more);
}

/* ---- flows.c: what moved of agents' positions, day by day */

/* A movement of a position by KIND changed on_hand by AMOUNT, not 0, of UNITS; called by
 * dbk_move(), which has touched its ROW, for every one, also of locations: holder's
 * units, the sku's cloud and brand, and what GOODS.md counts of a position, a sku and a
 * cohort.  Refuses AMOUNT_OVERFLOW on FIELD. */
bool dbk_flow_move(struct dbk_decision *d, struct dbk_field field, enum dbk_movement kind,
		   struct dbk_row_position *row, int64_t amount, int64_t units);

/* UNITS (negative: came back) of POSITION, 0: the supply, count as sold to a verified
 * consumer on the event's day: of the position and its cohort, not of the sku. */
bool dbk_flow_sold(struct dbk_decision *d, uint32_t position, int64_t units);

/* Sums of the days FROM to UNTIL, both included. */
struct dbk_flow_sums {
	int64_t received, change, sold, passed;
};
void dbk_flow_sum(const struct dbk_books *books, uint32_t position, uint32_t from,
		  uint32_t until, struct dbk_flow_sums *sums); /* adds to SUMS */

/* Day of the clock; of the event. */
uint32_t dbk_today(const struct dbk_books *books);

static inline uint32_t
dbk_event_day(const struct dbk_decision *d)
{
	return d->day;
}

/* ---- network_days.c: what moved of a sku on a day, of a tier, of a cohort */

/* The row of SKU and DAY, 0: none; and made if need be, whether it is the newest of the
 * sku or not. */
uint32_t dbk_sku_day_find(const struct dbk_books *books, uint32_t sku, uint32_t day);
bool dbk_sku_day_make(struct dbk_decision *d, uint32_t sku, uint32_t day, uint32_t *out);

static inline bool
dbk_sku_day_need(struct dbk_decision *d, uint32_t sku, uint32_t day, uint32_t *out)
{
	*out = DBK_ROW(d->books, skus, sku, sku)->day;
	return (*out != 0 &&
		DBK_ROW(d->books, sku_days, sku_day, *out)->day == day) ||
	       dbk_sku_day_make(d, sku, day, out);
}

/* The row of SKU and TIER, made if need be. */
bool dbk_tier_need(struct dbk_decision *d, uint32_t sku, uint32_t tier, uint32_t *out);

/* AGENT was enrolled. */
bool dbk_cohort_join(struct dbk_decision *d, uint32_t agent);

/* The agent of HOLDER bought and sold so many units on the event's day. */
bool dbk_cohort_count(struct dbk_decision *d, uint32_t holder, int64_t bought,
		      int64_t sold);

/* Sums of the window of W days that ends today, of SKU. */
struct dbk_network_sums {
	int64_t issued, returned, passed, sold, retail;
};
void dbk_network_window(struct dbk_decision *d, uint32_t sku, uint32_t days,
			struct dbk_network_sums *out);

/* The event is undone: the windows that it looked at were of days that are no more. */
void dbk_network_undo(struct dbk_decision *d);

/* Goods reached agent's POSITION: from the brand (GIVER 0 or a location's position), or
 * from agent's position GIVER: tier and first day; with VALUE >= 0, what the tier
 * bought (and the giver's passed) at that value.  ISSUED: counts as issued of the sku. */
bool dbk_supply_step(struct dbk_decision *d, uint32_t giver, uint32_t position,
		     int64_t units, int64_t value, bool issued);

/* ---- verified.c: sales to verified consumers */

/* LINE_ROWS of ORDER have just been recognised: retail, friends and strangers
 * (FRIEND_PRICE), and what counts as sold. */
bool dbk_verified_recognise(struct dbk_decision *d, uint32_t order,
			    const uint32_t *line_rows, uint32_t n_lines);

/* QTY units of a line, which went out from POSITION (0: supply), have come back. */
bool dbk_verified_return(struct dbk_decision *d, uint32_t line_row, uint32_t position,
			 int64_t qty);

/* ORDER is flagged from now on, or its last flag was cleared. */
bool dbk_verified_flag(struct dbk_decision *d, uint32_t order);
bool dbk_verified_clear(struct dbk_decision *d, uint32_t order);

/* Does ORDER, just placed by SALE, or paid by PAYER_HASH, share a hash with its seller?
 * Marks it. */
void dbk_verified_link_hashes(struct dbk_decision *d, uint32_t order,
			      const struct dbk_sale *sale);

static inline void
dbk_verified_link_sale(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale)
{
	if ((sale->buyer_payee_hash.size | sale->buyer_device_hash.size |
	     sale->buyer_address_hash.size) != 0)
		dbk_verified_link_hashes(d, order, sale);
}

void dbk_verified_link_payer(struct dbk_decision *d, uint32_t order,
			     struct dbk_str payer_hash);

/* ---- measures.c: of an agent and a sku */

struct dbk_measures {
	int64_t stock, open, received, sold, passed; /* sold at least 0 */
	int64_t sell_through_ppm;	   /* -1: undefined (nothing to sell) */
	int64_t cover_days;		   /* INT64_MAX: sold 0 and stock above 0 */
	int64_t purchase_to_sales_ppm;	   /* INT64_MAX: sold 0 and received above 0 */
};

/* Of HOLDER (an agent's) and SKU over the W days that end today.  Walks the positions of
 * the holder and their flows of at most DBK_FLOW_DAYS days, nothing else. */
void dbk_measure(const struct dbk_books *books, uint32_t holder, uint32_t sku,
		 uint32_t days, struct dbk_measures *out);

/* Units of SKU that HOLDER has had for more than DAYS days: first in, first out. */
int64_t dbk_measure_aged(const struct dbk_books *books, uint32_t holder, uint32_t sku,
			 uint32_t days);

/* ---- guards.c: what was published, and which set is in force */
dbk_decide_fn dbk_decide_guard_set_published;

/* What dbk_guard_set_now() does at times; not called by others. */
uint32_t dbk_guard_set_find(struct dbk_books *books);

/* The set in force at the clock, 0: none; and its scalars (of the defaults for 0). */
static inline uint32_t
dbk_guard_set_now(struct dbk_books *books)
{
	const struct dbk_row_book *known = DBK_ROW(books, book, book, 1);

	if (known->clock >= known->guard_from && known->clock < known->guard_to)
		return known->guard_set;
	return dbk_guard_set_find(books);
}

static inline const struct dbk_guard_scalars *
dbk_guard_scalars(struct dbk_books *books)
{
	uint32_t set = dbk_guard_set_now(books);

	return set == 0 ? &books->no_guards
			: &DBK_ROW(books, guard_sets, guard_set, set)->scalars;
}

/* The mode of GUARD now: DBK_GUARD_OFF, _FLAG or _REFUSE of event.h. */
static inline unsigned
dbk_guard_mode(struct dbk_books *books, enum dbk_guard guard)
{
	return dbk_guard_scalars(books)->modes[guard];
}

/* NUMBER now, where nothing narrows it; -1 of a limit that there is none of. */
static inline int64_t
dbk_guard_number(struct dbk_books *books, enum dbk_guard_number number)
{
	return dbk_guard_scalars(books)->numbers[number];
}

/* Can GUARD look at anything?  Costs next to nothing where no set was ever published. */
static inline bool
dbk_guard_is_on(struct dbk_books *books, enum dbk_guard guard)
{
	return books->guard_sets.count > 1 &&
	       dbk_guard_mode(books, guard) != DBK_GUARD_OFF;
}

/* The most specific value of NUMBER for SKU and RANK (a tag), 0: any. */
int64_t dbk_guard_term(struct dbk_books *books, enum dbk_guard_number number,
		       uint32_t sku, uint32_t rank);

/* What a guard has found. */
struct dbk_violation {
	enum dbk_guard guard;
	enum dbk_rule rule;
	struct dbk_field field;
	struct dbk_str value;
	enum dbk_subject_kind subject_kind;
	uint32_t subject;
	int64_t measured, limit;
	uint32_t agent;	 /* whose override lets it pass; 0: none can */
	uint32_t window; /* days */
};

/* VIOLATION by the mode MODE of its guard: true to go on (a finding is noted, or an
 * override was used up), false: refused. */
bool dbk_guard_fail(struct dbk_decision *d, unsigned mode,
		    const struct dbk_violation *violation);

/* ---- findings.c */
dbk_decide_fn dbk_decide_finding_acknowledged, dbk_decide_finding_resolved;

/* Note a finding of this record; the event may still be refused, and takes it along. */
bool dbk_finding_note(struct dbk_decision *d, const struct dbk_violation *violation);

/* The newest finding of RULE on the subject, 0: none. */
uint32_t dbk_finding_find(const struct dbk_books *books, enum dbk_rule rule,
			  enum dbk_subject_kind kind, uint32_t subject);

/* ---- watches.c: counts of few agents */

/* The row of AGENT, 0: none; and made if need be. */
uint32_t dbk_watch_find(const struct dbk_books *books, uint32_t agent);
bool dbk_watch_need(struct dbk_decision *d, uint32_t agent, uint32_t *out);

/* A customer was bound to AGENT. */
bool dbk_watch_binding(struct dbk_decision *d, uint32_t agent); /* BINDINGS_PER_DAY */
dbk_decide_fn dbk_decide_observation_recorded;			/* FLOODING */

/* ---- bands.c, territories.c, sightings.c */
dbk_decide_fn dbk_decide_price_band_set, dbk_decide_price_observed;
dbk_decide_fn dbk_decide_territory_assigned, dbk_decide_territory_revoked;

/* The revision that counts for PRICE's line at TIME; 0: none, or it is off. */
struct dbk_band_query {
	uint32_t sku, rank, region, channel; /* rows, 0: none */
	int64_t time;
};
uint32_t dbk_band_find(const struct dbk_books *books, const struct dbk_band_query *query);

/* The bound of BAND that PRICE breaks; false: none. */
bool dbk_band_breaks(const struct dbk_books *books, uint32_t band, int64_t price,
		     int64_t *out_limit);

/* ORDER has just been placed by SALE: bands line by line, then its territory. */
bool dbk_bands_check(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale);
bool dbk_territory_check(struct dbk_decision *d, uint32_t order,
			 const struct dbk_sale *sale);

/* ---- gate.c, requests.c: restocks */
dbk_decide_fn dbk_decide_restock_requested;

/* Units of SKU (0: of all) on their way to HOLDER by allowed requests. */
int64_t dbk_request_incoming(struct dbk_books *books, uint32_t holder, uint32_t sku);

/* QTY of what REQUEST claimed is there, and no longer on its way. */
void dbk_request_arrive(struct dbk_decision *d, uint32_t request, int64_t qty);

/* ORDER has just been placed: claim what it names; needs_request, if it is RESTOCK. */
bool dbk_request_order(struct dbk_decision *d, uint32_t order,
		       const struct dbk_sale *sale);

/* Is NAME that of a request and of no order? */
bool dbk_request_is_named(const struct dbk_books *books, struct dbk_str name);

/* The goods of a StockIssued to HOLDER have moved, and are paid: claim what its `order`
 * names, or let what that order named arrive (d->order); needs_request. */
bool dbk_request_issue(struct dbk_decision *d, uint32_t holder);

/* Goods of VALUE go to AGENT, who is to have bought them: JOINING_PURCHASE; counts, but
 * for a StockIssued that answers an order (d->order). */
bool dbk_joining_check(struct dbk_decision *d, uint32_t agent, int64_t value,
		       struct dbk_field field);

/* ---- buybacks.c */
dbk_decide_fn dbk_decide_buyback_requested, dbk_decide_buyback_settled;

/* Units of SKU (0: all) and GOOD (0: all of the sku) in open requests of HOLDER. */
int64_t dbk_buyback_open(const struct dbk_books *books, uint32_t holder, uint32_t sku,
			 uint32_t good);

/* ---- custody.c */
dbk_decide_fn dbk_decide_custody_scanned;

/* ---- distribution.c: guards of issues and transfers */

/* A line of goods goes out to an agent (HOLDER 0: by GoodsShipped): GOODS_STATE. */
bool dbk_goods_out_check(struct dbk_decision *d, uint32_t holder, uint32_t good,
			 struct dbk_field field);
/* QTY of GOOD is about to be transferred to HOLDER: PUSHED_DOWN. */
bool dbk_push_down_check(struct dbk_decision *d, uint32_t holder, uint32_t good,
			 int64_t qty, struct dbk_field field);
/* SKU was issued to an agent; was transferred from agent to agent. */
bool dbk_network_check(struct dbk_decision *d, uint32_t sku, struct dbk_field field);
bool dbk_multi_count_check(struct dbk_decision *d, uint32_t sku, struct dbk_field field);
/* SKU's cloud grew (MAY_REFUSE) or its brand fell by this event. */
bool dbk_cloud_check(struct dbk_decision *d, uint32_t sku, bool may_refuse,
		     struct dbk_field field);
/* SKU has just been defined: PROFITEERING. */
bool dbk_profiteering_check(struct dbk_decision *d, uint32_t sku);
/* A count of HOLDER's goods is off by DIFFERENCE, of either sign: COUNT_DIFFERENCE. */
bool dbk_count_check(struct dbk_decision *d, uint32_t holder, int64_t difference);
/* AGENT is charged a fee: ENTRY_FEE, if it is a condition of joining. */
bool dbk_entry_fee_check(struct dbk_decision *d, uint32_t agent);

/* ---- cycles.c */

/* Edges of KIND on the shortest way from agent FROM to agent TO, at most MOST; 0: none
 * was found, in a search that is bounded.  Edges older than cycle_days do not count. */
uint32_t dbk_cycle_way(struct dbk_books *books, enum dbk_edge_kind kind, uint32_t from,
		       uint32_t to, uint32_t most);

/* Something of KIND went from agent FROM to agent TO: the edge is made, or renewed. */
bool dbk_cycle_edge(struct dbk_decision *d, enum dbk_edge_kind kind, uint32_t from,
		    uint32_t to);

/* Goods go from agent GIVER to agent RECEIVER: GOODS_CYCLE, and the edge. */
bool dbk_cycle_transfer(struct dbk_decision *d, uint32_t giver, uint32_t receiver);

/* ---- forgery.c, exposure.c, matching.c: orders */

/* A payment has just made ORDER paid whole: the row of orders, the edge of money,
 * FAKE_ORDER.  FIELD is what the event says of the money. */
bool dbk_forgery_paid(struct dbk_decision *d, uint32_t order, struct dbk_field field);

/* Signs of a forged ORDER that count once: received though nobody shipped it; refunded
 * soon after it was paid. */
bool dbk_forgery_unscanned(struct dbk_decision *d, uint32_t order);
bool dbk_forgery_refund(struct dbk_decision *d, uint32_t order);

/* ORDER's escrow changed by AMOUNT: what its seller has not delivered. */
void dbk_exposure_escrow(struct dbk_decision *d, uint32_t order, int64_t amount);

/* ORDER was paid (a finding at most); a payout of AGENT is asked for: EXPOSURE. */
bool dbk_exposure_payment(struct dbk_decision *d, uint32_t order);
bool dbk_exposure_payout(struct dbk_decision *d, uint32_t agent);

/* What AGENT would owe if it vanished; within int64. */
int64_t dbk_exposure_of(const struct dbk_books *books, uint32_t agent);

/* What happened to ORDER: a timer is set for what is to follow, or what does not fit is
 * found at once. */
bool dbk_matching_paid(struct dbk_decision *d, uint32_t order);
bool dbk_matching_shipped(struct dbk_decision *d, uint32_t order);
bool dbk_matching_received(struct dbk_decision *d, uint32_t order, int64_t unshipped);
bool dbk_matching_refunded(struct dbk_decision *d, uint32_t order, uint32_t line_row);
bool dbk_matching_come(struct dbk_decision *d, uint32_t order); /* its timer */

/* ---- timers.c */

/* Look at WHAT, the row of an order or of an agent by KIND, at SECOND since 1970. */
bool dbk_timer_add(struct dbk_decision *d, enum dbk_timer_kind kind, uint32_t what,
		   uint32_t second);
bool dbk_timer_come(struct dbk_decision *d, uint32_t timer); /* it is due */

/* Put a flag of RULE and REVISION on ORDER, as OrderFlagged does (holds.c); nothing if
 * it has or had that flag. */
bool dbk_order_flag(struct dbk_decision *d, uint32_t order, struct dbk_str rule,
		    uint32_t revision);

/* ---- orders.c, shipments.c: what the guards say of a trade */

/* ORDER has just been placed by SALE; nothing is paid or received yet. */
bool dbk_order_guards(struct dbk_decision *d, uint32_t order,
		      const struct dbk_sale *sale);

/* RECEIPT took units of ORDER straight from who ships it: CLOUD_COVERAGE. */
bool dbk_receipt_cloud(struct dbk_decision *d, uint32_t order,
		       const struct dbk_receipt *receipt);

/* ---- audit_goods.c: assert what holds between events about goods and guards */
void dbk_audit_goods(const struct dbk_books *books);

#endif
