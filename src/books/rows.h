#ifndef DBK_BOOKS_ROWS_H
#define DBK_BOOKS_ROWS_H

/*
 * rows.h -- the resident rows of the books.
 *
 * Fixed-size, without pointers: rows refer to each other by dense ids, 0 is none.  A row
 * that has a name begins with it (base/names.h).  Rows are saved as they stand in memory
 * on this machine; the digest does not depend on the layout (form.h).
 */

#include <stdint.h>

#include "books/accounts.h"
#include "books/goods_rows.h"
#include "books/money_rows.h"

enum dbk_space {
	DBK_SPACE_TAG = 1, /* channels, regions, psps, ranks, campaigns */
	DBK_SPACE_AGENT,
	DBK_SPACE_CUSTOMER,
	DBK_SPACE_BINDING,
	DBK_SPACE_SKU,
	DBK_SPACE_LOT,
	DBK_SPACE_LOCATION,
	DBK_SPACE_ORDER,
	DBK_SPACE_REFUND,
	DBK_SPACE_SOURCE,
	/* From here on not names but composite keys in the same index. */
	DBK_SPACE_GOOD,
	DBK_SPACE_POSITION,
	DBK_SPACE_ACCOUNT,
	DBK_SPACE_EVENT_KEY,
	/* Names again. */
	DBK_SPACE_HOLD,
	DBK_SPACE_CHARGEBACK,
	DBK_SPACE_PAYOUT,
	DBK_SPACE_PAYOUT_BATCH,
	DBK_SPACE_PERIOD,
	DBK_SPACE_OVERRIDE,
	DBK_SPACE_ADJUSTMENT,
	DBK_SPACE_CONTEST,
	DBK_SPACE_TEAM,
	/* Composite keys again. */
	DBK_SPACE_TERM,	     /* plan, kind, level, sku, category, rank */
	DBK_SPACE_PURSE,     /* agent */
	DBK_SPACE_ORDER_EXTRA, /* order */
	DBK_SPACE_FLAG,	     /* order, rule, revision */
	DBK_SPACE_TAX_MONTH, /* agent, month */
	DBK_SPACE_SCORE,     /* contest, agent */
	DBK_SPACE_MEMBER,    /* team, agent */
	DBK_SPACE_REPORT,    /* line, payee, distance */
	DBK_SPACE_COST,	     /* plan, level, channel */
	/* Names again. */
	DBK_SPACE_TERRITORY,
	DBK_SPACE_REQUEST,
	DBK_SPACE_BUYBACK,
	DBK_SPACE_SERIAL,
	/* Composite keys again. */
	DBK_SPACE_BAND,	      /* name: first revision */
	DBK_SPACE_SKU_DAY,    /* sku, day */
	DBK_SPACE_TIER,	      /* sku, tier */
	DBK_SPACE_COHORT,     /* month */
	DBK_SPACE_EDGE,	      /* kind, from, to */
	DBK_SPACE_GUARD_TERM, /* guard set, number, sku, category, rank */
	DBK_SPACE_REGION,     /* region: first territory */
	DBK_SPACE_FINDING,    /* rule, kind, subject: first finding */
	DBK_SPACE_SIGHTING,   /* agent, sku: first sighting */
	DBK_SPACE_WATCH	      /* agent */
};

/* The one row of the book as a whole. */
struct dbk_row_book {
	uint32_t name; /* of a tag */
	uint32_t open;
	char currency[4];
	uint32_t exponent;
	int32_t utc_offset_minutes;
	uint32_t semantics;
	int64_t opened_at;
	int64_t clock;
	uint64_t accepted;
	uint64_t refused;

	/* The plan in force, found before: good for times in [plan_from, plan_to). */
	int64_t plan_from, plan_to;
	uint32_t plan;
	/* What falls due: heads of the lists of unused rows. */
	uint32_t free_due, free_second;
	uint32_t n_heap;      /* lists in the heap */
	uint32_t next_due;    /* earliest second of all, at least 1; 0: none */
	uint32_t n_runs;      /* that were ever used at one time; the others are empty */
	uint64_t n_seconds;   /* lists ever begun */
	uint32_t last_period; /* closed */
	uint32_t open_contests;	  /* newest, 0: none */
	uint32_t unknown_payouts; /* how many are in state UNKNOWN */
	uint32_t padding;
	int64_t closed_until; /* end of LAST_PERIOD, if there is one */

	/* The guard set in force, found before: good for times in [guard_from, guard_to). */
	int64_t guard_from, guard_to;
	uint32_t guard_set;
	uint32_t free_flow;  /* list of unused rows */
	uint32_t bands;	     /* of no sku, the newest; see the rows of bands */
	uint32_t n_open_findings; /* not resolved */
};

struct dbk_row_tag {
	uint32_t name;
};

enum dbk_agent_state { DBK_AGENT_ACTIVE = 1, DBK_AGENT_SUSPENDED, DBK_AGENT_TERMINATED };

struct dbk_row_agent {
	uint32_t name;
	uint32_t sponsor;
	uint32_t first_recruit, next_sibling, previous_sibling;
	uint32_t n_recruits;
	uint32_t n_customers; /* bound now */
	uint32_t rank;	      /* tag */
	uint32_t holder;
	uint32_t revision; /* of the verification, 0: never */
	uint8_t state;	   /* enum dbk_agent_state */
	uint8_t flags;	   /* enum dbk_agent_flags */
	uint16_t holds;	   /* of everything that matures, in force */
	uint32_t enrolled_position;
	/* Of comm.pending, 0: none yet.  The row behind it is comm.available. */
	uint32_t pending_account;
	uint32_t matured; /* newest earning that may still be drawn, 0: none */
	int64_t enrolled_at;
};

enum dbk_agent_flags {
	DBK_AGENT_EMPLOYEE = 1,
	DBK_AGENT_OWES = 2 /* clawback.receivable is above 0 */
};

struct dbk_row_customer {
	uint32_t name;
	uint32_t agent;	  /* bound to, 0: nobody or the brand */
	uint32_t binding; /* in force or expired, 0: none */
	uint32_t referrer_customer, referrer_agent;
	uint32_t n_orders;
	int64_t expires_at; /* of the binding, DBK_TIME_ABSENT: never */
	uint32_t person;    /* agent who is this customer, 0: none */
	uint32_t first_day; /* local day of the first paid order, plus one; 0: none yet */
	/* Row of orders paid whole with one seller: GOODS.md, Forged orders. */
	uint32_t row_seller, row_orders, row_day;
	uint32_t padding;
};

struct dbk_row_binding {
	uint32_t name;
	uint32_t customer;
};

struct dbk_row_sku {
	uint32_t name;
	uint32_t revision;
	uint32_t return_window_days;
	uint32_t not_commissionable;
	uint32_t category; /* tag */
	uint32_t superseded; /* by another one */
	int64_t list_price, factory_price;
	int64_t cloud;	/* on_hand of agents' CLOUD positions */
	int64_t brand;	/* on_hand of locations' PHYSICAL positions */
	uint32_t bands; /* the newest of it; see the rows of bands */
	uint32_t day;	/* head of its days, the newest */
};

struct dbk_row_lot {
	uint32_t name;
	uint32_t sku;
	int64_t qty;
	int64_t expires_on;
	uint32_t intended_region; /* tag */
	uint32_t serial_from, serial_to; /* tags */
	uint32_t position;
};

struct dbk_row_location {
	uint32_t name;
	uint32_t holder;
};

/* Whoever has positions: an agent or a location. */
struct dbk_row_holder {
	uint32_t kind; /* enum dbk_holder_kind */
	uint32_t owner;
	uint32_t first_position; /* newest */
	uint32_t n_positions;
	uint32_t requests; /* newest allowed restock of the agent */
	uint32_t buybacks; /* newest request */
	uint32_t edges[2]; /* newest, by enum dbk_edge_kind - 1 */
	uint32_t active_month; /* last month it bought or sold in, plus one */
	uint32_t cohort; /* of the agent's month of enrolment, 0: not looked for yet */
	int64_t units;	     /* on_hand of all positions */
	int64_t bought;	     /* value, see GOODS.md */
	int64_t undelivered; /* escrow of its HOLDER_SHIP orders */
};

/* A sku and, where given, a lot: what a unit is a unit of.  The sums are the other
 * sides of all movements, so supply + transit + consumed + difference + positions = 0. */
struct dbk_row_good {
	uint32_t sku, lot;
	int64_t supply;	     /* negative: what the brand has sent out, net */
	int64_t transit;     /* on the way to buyers */
	int64_t consumed[4]; /* by enum dbk_consume_kind - 1 */
	int64_t difference;  /* negative of what counts have found */
};

struct dbk_row_position {
	uint32_t holder, good;
	uint32_t next; /* of the holder, older */
	uint32_t in, out; /* flows: newest days, 0: none; agents only */
	uint8_t place; /* enum dbk_place */
	uint8_t tier;  /* of the supply chain, 0: unknown */
	uint16_t first_day; /* day of the first receipt, plus one; 0: none */
	int64_t on_hand, in_transit;
};

struct dbk_row_account {
	uint32_t owner; /* tag or agent, by the kind of the code */
	uint32_t code;	/* enum dbk_account_code */
	int64_t debits, credits;
};

/* Sums of all owners of one code. */
struct dbk_row_control {
	int64_t debits, credits;
};

/* Those of all codes, in one row: every event that posts changes several. */
struct dbk_row_controls {
	struct dbk_row_control of[DBK_ACCOUNT_CODES];
};

enum dbk_order_flags {
	DBK_ORDER_CANCELLED = 1,
	DBK_ORDER_DIRECT = 2, /* paid outside the platform: goods move, money does not */
	DBK_ORDER_ISSUED = 4, /* a restock order that stock documents have answered */
	DBK_ORDER_EXTRA = 8,  /* has a row of order extras */
	DBK_ORDER_FLAGGED = 16, /* suspected: out of volume, commission held */
	DBK_ORDER_ACCRUED = 32, /* its plan is settled; lines may have earnings */
	DBK_ORDER_LINKED = 64	/* buyer and seller share a hash */
};

struct dbk_row_order {
	uint32_t name;
	uint8_t kind, fulfilment, flags;
	uint8_t holds;	    /* of all its earnings, in force */
	uint32_t seller;    /* agent */
	uint32_t buyer;	    /* customer; an agent for SELF and RESTOCK */
	uint32_t channel;   /* tag */
	uint32_t ship_from; /* holder, 0: supply */
	uint32_t first_line;
	uint16_t n_lines; /* the shipping line included */
	uint16_t n_open;  /* lines of goods not yet received */
	uint32_t placed_position;
	uint32_t plan; /* that it is paid by, 0: none */
	int64_t total, paid, escrow, refund_payable, refunded;
	int64_t deferred; /* comm.deferred */
	uint32_t paid_second; /* effective second of the payment that made it whole, 0: none */
	uint16_t score;	      /* of forgery, see GOODS.md */
	uint8_t score_flags;  /* enum dbk_score_flags */
	uint8_t padding;
};

/* Weights that are added once. */
enum dbk_score_flags { DBK_SCORE_UNSCANNED = 1, DBK_SCORE_QUICK_REFUND = 2 };

/* What few orders have: who brought them about together, money from a balance, the
 * request for a restock that they answer. */
struct dbk_row_order_extra {
	uint32_t order;
	uint32_t n_agents;
	uint32_t n_flags; /* not cleared */
	uint32_t request;
	uint32_t agents[8];
	uint32_t weights[8]; /* ppm, add up to 1,000,000 */
	int64_t paid_by_balance;
};

enum dbk_line_flags {
	DBK_LINE_RECEIVED = 1,
	DBK_LINE_RECOGNISED = 2, /* its revenue has left escrow */
	DBK_LINE_ACCRUED = 4,	 /* its commission has been worked out */
	DBK_LINE_SCHEDULED = 8,	 /* when is the time it matures; else that of receipt */
	DBK_LINE_MATURED = 16,
	DBK_LINE_EXTRA = 32, /* has a row of line extras */
	DBK_LINE_COMPLETE = 64, /* of a RESTOCK order: paid and received */
	DBK_LINE_TIERED = 64,	/* of a RETAIL order: its tier has counted it as sold */
	DBK_LINE_SOLD = 128 /* counts as sold to a verified consumer */
};

/* What few lines have; the base of a commission may need it. */
struct dbk_row_line_extra {
	uint32_t line; /* row */
	uint32_t padding;
	int64_t tax, discount;
};

/* Line 0, if there is one, is the shipping: an amount without goods. */
struct dbk_row_line {
	uint32_t good;
	uint16_t line;
	uint8_t flags;
	uint8_t n_shipments;
	uint32_t shipment; /* newest */
	uint32_t origin;   /* position of the units that no shipment was reported for */
	int64_t qty, amount;
	int64_t shipped;  /* in transit */
	int64_t returned; /* units refunded, before or after receipt */
	int64_t refunded;
	uint32_t earning; /* newest of this line, 0: none */
	uint32_t when;	  /* seconds since 1970, rounded up; see the flags */
};

struct dbk_row_shipment {
	uint32_t next;	   /* older one of the same line */
	uint32_t position; /* 0: supply */
	uint32_t good;
	uint32_t padding;
	int64_t qty;	   /* still in transit */
	int64_t delivered; /* with the buyer, not returned */
};

enum dbk_refund_state {
	DBK_REFUND_REQUESTED = 1,
	DBK_REFUND_REJECTED,
	DBK_REFUND_APPROVED,
	DBK_REFUND_PAID
};

struct dbk_row_refund {
	uint32_t name;
	uint32_t order;
	uint32_t line; /* row */
	uint32_t state;
	int64_t amount, qty; /* requested, then approved */
};

/* A producer: what has been delivered, for repeats and gaps. */
struct dbk_row_source {
	uint32_t name;
	uint32_t replies; /* first of DBK_SOURCE_REPLIES_KEPT reply rows, 0: none */
	uint64_t last_batch_seq;
	uint64_t batches, accepted, duplicates, refused, invalid;
	uint32_t newest_key; /* row of its newest revision, 0: it never had a key */
	uint32_t padding;
};

/* A registered revision of a source. */
struct dbk_row_source_key {
	uint32_t source;
	uint32_t revision;
	uint32_t previous; /* of the same source, 0: it is the first */
	uint32_t position; /* of the record that registered it */
	uint32_t ended;	   /* position plus one of what ended it, 0: nothing did */
	uint32_t first_right; /* row, of N_RIGHTS; 0: none, so all */
	uint8_t n_rights;
	uint8_t state; /* enum dbk_source_key_state */
	uint8_t padding[6];
	unsigned char key[32];
};

struct dbk_row_source_right {
	uint32_t number; /* of Event.body, or of a family */
};

/* Where the reply to a batch stands: group of the log, its first position, place in it. */
struct dbk_row_reply {
	uint64_t batch_seq;
	uint32_t group;
	uint32_t position;
	uint32_t index;
	uint32_t padding;
};

#endif
