#ifndef DBK_GUARD_GUARD_H
#define DBK_GUARD_GUARD_H

/*
 * guard.h -- a set of guards: what a published list of parameters means.
 *
 * A set is data, as a plan is (plan/plan.h): modes of guards and the numbers they go
 * by, some narrowed to a sku, a category or a rank.  Compiling turns the list into
 * terms, or says which parameter cannot stand.  What the guards look at and when is the
 * books' business: books/GOODS.md.  README.md has the catalogue in words.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "event/event.h"
#include "event/parameter.h"
#include "event/verdict.h"

/* In the order of GOODS.md's table, which is the order in which they look. */
enum dbk_guard {
	DBK_GUARD_STANDING,
	DBK_GUARD_RECEIVABLE,
	DBK_GUARD_STARTER,
	DBK_GUARD_SELL_THROUGH,
	DBK_GUARD_COVER,
	DBK_GUARD_HOLDING,
	DBK_GUARD_FREQUENCY,
	DBK_GUARD_GOODS_STATE,
	DBK_GUARD_AGED,
	DBK_GUARD_RESTOCK_PRICE,
	DBK_GUARD_RANK_BUY,
	DBK_GUARD_NEEDS_REQUEST,
	DBK_GUARD_JOINING,
	DBK_GUARD_ENTRY_FEE,
	DBK_GUARD_TERRITORY,
	DBK_GUARD_SIGHTINGS,
	DBK_GUARD_CLOUD,
	DBK_GUARD_MATCH,
	DBK_GUARD_FAKE_ORDER,
	DBK_GUARD_EXPOSURE,
	DBK_GUARD_CYCLE,
	DBK_GUARD_BINDINGS,
	DBK_GUARD_FLOODING,
	DBK_GUARD_NETWORK,
	DBK_GUARD_MULTI_COUNT,
	DBK_GUARD_PUSH_DOWN,
	DBK_GUARD_CUSTODY,
	DBK_GUARD_GOODS_OUT,
	DBK_GUARD_PROFITEERING,
	DBK_GUARD_FRIEND_PRICE,
	DBK_GUARD_COUNT,
	DBK_GUARD_BUYBACK,
	DBK_GUARD_BUYBACK_EXIT,
	DBK_GUARDS
};

/* The gates of a restock are the first. */
#define DBK_GATES (DBK_GUARD_RANK_BUY + 1)

/* What guards go by.  Bounds and defaults stand in the catalogue. */
enum dbk_guard_number {
	DBK_GUARD_WINDOW_DAYS,		 /* 30; 1 to 366 */
	DBK_GUARD_AGREEMENT_VERSION,	 /* 0: any */
	DBK_GUARD_RECEIVABLE_LIMIT,	 /* 0; amount */
	DBK_GUARD_STARTER_DAYS,		 /* 30; 0 to 366 */
	DBK_GUARD_STARTER_UNITS,	 /* 100; by rank */
	DBK_GUARD_MIN_SELL_THROUGH_PPM,	 /* 600,000; by sku or category, rank */
	DBK_GUARD_MIN_UNITS,		 /* 1 */
	DBK_GUARD_FREE_UNITS,		 /* 10; by sku or category, rank */
	DBK_GUARD_MAX_COVER_DAYS,	 /* 45; by sku or category, rank */
	DBK_GUARD_MAX_UNITS,		 /* none (-1); by sku or category, rank */
	DBK_GUARD_MAX_VALUE,		 /* none (-1); amount; by rank */
	DBK_GUARD_MAX_RESTOCKS,		 /* 4; 1 to 1000 */
	DBK_GUARD_RESTOCK_PERIOD_DAYS,	 /* 30; 1 to 366 */
	DBK_GUARD_RESTOCK_INTERVAL_DAYS, /* 0; to 366 */
	DBK_GUARD_AGED_DAYS,		 /* 90; 1 to 366 */
	DBK_GUARD_RANK_BUY_FACTOR_PPM, /* 3,000,000; from 1,000,000 to 1,000,000,000 */
	DBK_GUARD_REQUEST_DAYS,	       /* 30; 1 to 366 */
	DBK_GUARD_JOINING_DAYS,	       /* 30; 0 to 366 */
	DBK_GUARD_JOINING_VALUE,       /* 0; amount; by rank */
	DBK_GUARD_ENTRY_FEE_LIMIT,     /* 0; amount */
	DBK_GUARD_TERRITORY_DAYS,      /* 30; 1 to 366 */
	DBK_GUARD_TERRITORY_BREACHES,  /* 1; 1 to 1,000,000 */
	DBK_GUARD_SIGHTING_DAYS,       /* 30; 1 to 366 */
	DBK_GUARD_SIGHTINGS_MIN,       /* named `min_sightings`; 3; 1 to 1000 */
	DBK_GUARD_SIGHTING_SOURCES,    /* 2; 1 to 100 */
	DBK_GUARD_MIN_COVERAGE_PPM,    /* 1,000,000; 0 to 10,000,000 */
	DBK_GUARD_SHIP_DAYS,	       /* 7; 0 to 366 */
	DBK_GUARD_PAY_DAYS,	       /* 7; 0 to 366 */
	DBK_GUARD_FAKE_LIMIT,	       /* 100; 1 to 10,000 */
	DBK_GUARD_FAKE_RELATED,	       /* 60; this and the next weights 0 to 1000 */
	DBK_GUARD_FAKE_SHARED_HASH,    /* 100 */
	DBK_GUARD_FAKE_REPEAT,	       /* 30 */
	DBK_GUARD_FAKE_CYCLE,	       /* 100 */
	DBK_GUARD_FAKE_CONTEST,	       /* 10 */
	DBK_GUARD_FAKE_UNSCANNED,      /* 20 */
	DBK_GUARD_FAKE_QUICK_REFUND,   /* 40 */
	DBK_GUARD_FAKE_REPEAT_ORDERS,  /* 5; 2 to 1,000,000 */
	DBK_GUARD_FAKE_REPEAT_DAYS,    /* 7; 1 to 366 */
	DBK_GUARD_FAKE_REFUND_HOURS,   /* 24; 0 to 8784 */
	DBK_GUARD_FAKE_CONTEST_DAYS,   /* 3; 0 to 366 */
	DBK_GUARD_MAX_EXPOSURE,	       /* 0; amount; by rank */
	DBK_GUARD_CYCLE_LENGTH,	       /* 4; 2 to 8 */
	DBK_GUARD_CYCLE_DAYS,	       /* 90; 1 to 366 */
	DBK_GUARD_MAX_BINDINGS,	       /* 50; from 1 */
	DBK_GUARD_MAX_SHARES,	       /* 50; from 1 */
	DBK_GUARD_NETWORK_ALARM_PPM,   /* 200,000; 0 to 1,000,000 */
	DBK_GUARD_NETWORK_MIN_UNITS,   /* 100; from 1 */
	DBK_GUARD_MAX_MULTI_COUNT_PPM, /* 3,000,000; from 0 to 1,000,000,000 */
	DBK_GUARD_MAX_PURCHASE_TO_SALES_PPM, /* 3,000,000; from 0 to 1,000,000,000 */
	DBK_GUARD_MAX_MARKUP_PPM,	/* 10,000,000; from 0 to 1,000,000,000,000 */
	DBK_GUARD_FRIEND_MIN_UNITS,	/* 10; from 1 */
	DBK_GUARD_FRIEND_TOLERANCE_PPM, /* 50,000; 0 to 1,000,000,000 */
	DBK_GUARD_COUNT_TOLERANCE,	/* 0 */
	DBK_GUARD_BUYBACK_DAYS,		/* 365; 1 to 366 */
	DBK_GUARD_BUYBACK_PPM,		/* 900,000; 0 to 1,000,000 */
	DBK_GUARD_BUYBACK_LOT,		/* 0; flag */
	DBK_GUARD_NUMBERS
};

/* Most specific wins: sku before category before neither; within each, a rank before
 * none. */
struct dbk_guard_term {
	uint8_t number; /* enum dbk_guard_number */
	uint32_t index; /* of the parameter it comes from */
	int64_t value;
	/* Empty: any.  Never both sku and category. */
	struct dbk_str sku, category, rank;
};

/* A set without its narrowed terms: fixed size, no pointers, so that it can be a row.
 */
struct dbk_guard_scalars {
	uint8_t modes[DBK_GUARDS];	      /* enum dbk_guard_mode of event.h */
	uint8_t has_terms[DBK_GUARD_NUMBERS]; /* are there narrowed terms? */
	int64_t numbers[DBK_GUARD_NUMBERS];   /* that nothing narrows */
};

struct dbk_guards {
	struct dbk_guard_scalars scalars;
	struct dbk_guard_term
	    *terms; /* narrowed, in the order of the parameters; arena */
	uint32_t n_terms;
};

/*
 * What PUBLISHED means.  False: a parameter cannot stand, *OUT_FAULT says which.  OUT's
 * texts are borrowed from PUBLISHED, its terms live in ARENA.
 *
 * The parameters are gone through twice; each time the first that fails decides:
 *   1. GUARD_PARAMETER_UNKNOWN (name), GUARD_PARAMETER_VALUE (choice, value: measured
 *      the value, limit the bound), GUARD_PARAMETER_SCOPE, each parameter by itself;
 *   2. GUARD_CONTRADICTION, the list as a whole: the same name and scope twice, or
 *      limits that cannot both hold (README.md has them all).  Of two the later one
 *      is named.
 *
 * DBK_RULE_NONE is no refusal: ARENA has no room, and nothing is known of the set.
 */
bool dbk_guards_compile(const struct dbk_guard_set_published *published,
			struct dbk_arena *arena, struct dbk_guards *out,
			struct dbk_parameter_fault *out_fault);

/* Every guard off, every number as the catalogue has it. */
void dbk_guards_defaults(struct dbk_guard_scalars *out);

/* ---- the catalogue, for help and documents; static memory */

enum dbk_guard_scope {
	DBK_GUARD_SCOPE_GOODS = 1, /* sku or category */
	DBK_GUARD_SCOPE_RANK = 2
};

/* A guard: its name is that of the parameter whose choice is the mode. */
struct dbk_guard_kind {
	const char *name;
	enum dbk_rule rule; /* the first, of those with several */
	bool can_refuse;    /* false: REFUSE reads as FLAG */
	const char *help;   /* one sentence */
};

struct dbk_guard_number_kind {
	const char *name;
	const char *unit; /* "ppm", "amount", "days", "hours", "count", "flag" */
	const char *help; /* one sentence */
	int64_t initial, least, most; /* initial -1 below least: none */
	uint32_t scopes;	      /* enum dbk_guard_scope bits */
};

const struct dbk_guard_kind *dbk_guard_kind(enum dbk_guard guard);
const struct dbk_guard_number_kind *dbk_guard_number_kind(enum dbk_guard_number number);

/* The guard that finds RULE, its first or another; DBK_GUARDS: none does, as of price
 * bands, which stand by themselves. */
enum dbk_guard dbk_guard_of(enum dbk_rule rule);

/* Is a finding by RULE red? */
bool dbk_guard_is_red(enum dbk_rule rule);

#endif
