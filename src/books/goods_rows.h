#ifndef DBK_BOOKS_GOODS_ROWS_H
#define DBK_BOOKS_GOODS_ROWS_H

/*
 * goods_rows.h -- the resident rows of stock measures, guards and findings: see rows.h.
 *
 * Days are local, since 1970 (dbk_local_day()); tags are rows of books.tags.
 */

#include <stdint.h>

#include "guard/guard.h"

/* Days in which a fact may count: no window is longer. */
#define DBK_FLOW_DAYS 366u

/* One day of one direction of an agent's position.  A position's rows of a direction form
 * a ring in rising order of days: the position has the newest, whose NEXT is the oldest.
 * Days that no window reaches are dropped when a newer one comes. */
struct dbk_row_flow {
	uint32_t next; /* newer one; or the next unused row */
	uint32_t day;
	int64_t more; /* in: received; out: sold to verified consumers */
	int64_t less; /* in: change of on_hand; out: passed down */
};

/* What moved of a sku on one day, the whole network. */
struct dbk_row_sku_day {
	uint32_t sku, day;
	uint32_t older; /* of the sku: the latest day before this one, 0: none */
	uint32_t newer; /* the first day behind this one, 0: none */
	int64_t issued, returned, passed, sold, retail;
	int64_t friend_units, friend_amount, stranger_units, stranger_amount;
};

/* What the days of a sku before its newest one moved in a window; kept,
 * never saved. */
struct dbk_window_lately {
	uint32_t newest; /* the row of that day */
	uint32_t oldest; /* the row where the window begins; newest: it is empty */
	uint32_t today, days;
	uint32_t round;
	bool is_exact; /* no sum came near a bound: their order says nothing */
	int64_t bulk;  /* at least what was added, whichever way it went */
	int64_t issued, returned, passed, sold, retail;
};

/* A tier of the supply chain of a sku: what its holders paid and got. */
struct dbk_row_tier {
	uint32_t sku, tier;
	int64_t bought_units, bought_value;
	int64_t passed_units, passed_value;
	int64_t sold_units, sold_value;
};

#define DBK_COHORT_AGES 13u /* months 0 to 12 since enrolment */

struct dbk_row_cohort {
	uint32_t month; /* of enrolment, since January 1970 */
	uint32_t agents;
	int64_t bought[DBK_COHORT_AGES], sold[DBK_COHORT_AGES];
	uint32_t active[DBK_COHORT_AGES];
	uint32_t padding;
};

enum dbk_edge_kind { DBK_EDGE_GOODS = 1, DBK_EDGE_MONEY };

/* Goods or money went from one agent to another. */
struct dbk_row_edge {
	uint32_t from, to; /* agents */
	uint32_t kind;
	uint32_t day;  /* latest */
	uint32_t next; /* of FROM and this kind, the one first made before */
	uint32_t padding;
};

struct dbk_row_guard_set {
	uint32_t name; /* tag; versions of one set share it */
	uint32_t version;
	uint32_t position;
	uint32_t first_term, n_terms;
	uint32_t padding;
	int64_t valid_from;
	struct dbk_guard_scalars scalars;
};

struct dbk_row_guard_term {
	uint32_t guard_set;
	uint32_t number;	      /* enum dbk_guard_number */
	uint32_t sku, category, rank; /* 0: any */
	uint32_t padding;
	int64_t value;
};

/* One revision of a price band. */
struct dbk_row_band {
	uint32_t name; /* tag; revisions share it */
	uint32_t revision;
	uint32_t sku, rank, region, channel; /* 0: any */
	uint32_t mode;			     /* enum dbk_guard_mode */
	uint32_t older;			     /* revision of the same band */
	uint32_t first;			     /* revision of the same band */
	uint32_t newest;		     /* in the first: of the same band */
	/* Of one sku, or of none: each band once, by its first revision there. */
	uint32_t next_of_sku;
	uint32_t padding;
	int64_t min_price, max_price; /* 0: no bound above */
	int64_t valid_from;
	int64_t latest; /* valid_from of this revision and all older ones */
};

struct dbk_row_territory {
	uint32_t name;
	uint32_t agent;
	uint32_t region, channel; /* tags; channel 0: any */
	uint32_t next_of_region;  /* older one; of the oldest: the newest */
	uint32_t exclusive;
	int64_t valid_from, valid_to; /* DBK_TIME_ABSENT: for ever */
	int64_t revoked_at;	      /* clock; DBK_TIME_ABSENT: not */
};

/* A restock that was allowed. */
struct dbk_row_request {
	uint32_t name;
	uint32_t agent;
	uint32_t sku;
	uint32_t place;
	uint32_t next;	/* of the agent, older */
	uint32_t asked; /* day of the clock */
	int64_t qty, unit_price;
	int64_t claimed, arrived;
};

struct dbk_row_buyback {
	uint32_t name;
	uint32_t agent;
	uint32_t good;
	uint32_t next; /* of the agent's holder, older */
	int64_t qty, settled;
};

enum dbk_timer_kind {
	DBK_TIMER_ORDER = 1, /* what: order; GOODS.md, Three flows */
	DBK_TIMER_AGENT	     /* what: agent; buy-back on exit */
};

struct dbk_row_timer {
	uint32_t kind, what;
	uint32_t second;
	uint32_t done;
};

enum dbk_subject_kind {
	DBK_SUBJECT_AGENT = 1,
	DBK_SUBJECT_SKU,
	DBK_SUBJECT_LOT,
	DBK_SUBJECT_ORDER,
	DBK_SUBJECT_LOCATION,
	DBK_SUBJECT_BOOK
};

enum dbk_finding_state { DBK_FINDING_OPEN = 1, DBK_FINDING_ACKNOWLEDGED, DBK_FINDING_RESOLVED };

struct dbk_row_finding {
	uint16_t rule;
	uint8_t subject_kind, state;
	uint8_t red, padding[3];
	uint32_t subject; /* row of its kind; the book: 0 */
	uint32_t count;
	uint32_t position, last_position;
	uint32_t guard_set;	 /* in force when it was raised, 0: none, or a price band */
	uint32_t first_evidence; /* oldest */
	uint32_t last_evidence;
	uint32_t n_evidence;
	uint32_t window; /* days, when it was raised; 0: none */
	/* Positions plus one of what was done about it. */
	uint32_t acknowledged_position, resolved_position;
	uint32_t older;	 /* of the same rule and subject */
	uint32_t newest; /* in the first of a rule and subject: the newest of them */
	uint32_t padding2;
	int64_t measured, limit;
};

struct dbk_row_evidence {
	uint32_t position;
	uint32_t next; /* newer */
};

/* A serial that was scanned. */
struct dbk_row_serial {
	uint32_t name;
	uint32_t lot; /* 0: none was said */
	uint32_t consumer_scans;
	uint32_t padding;
};

struct dbk_row_sighting {
	uint32_t position;
	uint32_t agent; /* 0: nobody's */
	uint32_t sku;
	uint32_t source; /* tag */
	uint32_t day;
	uint32_t next; /* of the same agent and sku; a ring, see sightings.c */
};

/* What few agents have: counts that guards go by. */
struct dbk_row_watch {
	uint32_t agent;
	uint32_t agreement_version;
	uint32_t binding_day, bindings;
	uint32_t share_day, shares;
	uint32_t breach_day, breaches;
	uint32_t red; /* findings not resolved */
	uint32_t padding;
};

#endif
