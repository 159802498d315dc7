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

#include "books/goods_rows.h"
#include "plan/plan.h"

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
	uint32_t day;	/* sku_day touched last: where to look first */
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

/* Sums of all owners of one code; row = code. */
struct dbk_row_control {
	int64_t debits, credits;
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

enum dbk_earning_kind {
	DBK_EARNING_COMMISSION = 1,
	DBK_EARNING_PROCEEDS,	/* a consumer's money for an agent's own goods */
	DBK_EARNING_BONUS,
	DBK_EARNING_ADJUSTMENT,
	DBK_EARNING_RECRUITING, /* a plan paid for a recruit or a fee */
	DBK_EARNING_TAX_BACK	/* tax withheld that a failed payout made too much */
};

enum dbk_earning_state {
	DBK_EARNING_PENDING = 1,
	DBK_EARNING_HELD_PENDING, /* held, and not yet mature */
	DBK_EARNING_HELD,	  /* held, and mature: on the agent's chain */
	DBK_EARNING_MATURED,	  /* available: on the agent's chain */
	DBK_EARNING_DRAWN,	  /* mature, nothing open: left the chain */
	DBK_EARNING_UNASSIGNED,	  /* a share that nobody gets */
	DBK_EARNING_EXPECTED	  /* the platform's engine pays; nothing is posted */
};

/* Why nobody gets a share. */
enum dbk_unassigned {
	DBK_UNASSIGNED_NO_UPLINE = 1,
	DBK_UNASSIGNED_INELIGIBLE, /* suspended or terminated */
	DBK_UNASSIGNED_SELF_PURCHASE,
	DBK_UNASSIGNED_AGENT_CAP,
	DBK_UNASSIGNED_RETAIL_CAP,
	DBK_UNASSIGNED_NO_SELLER
};

/* A claim of an agent, with what it was worked out from: one cache line. */
struct dbk_row_earning {
	uint32_t agent;	  /* UNASSIGNED: who would have had it, 0: nobody */
	uint32_t cause;	  /* row of the line; kinds without one: the event's position */
	uint32_t next;	  /* on the agent's chain: the one that matured before */
	uint32_t sibling; /* of the same line: the one made before */
	uint32_t rank;	  /* of the agent then; tag */
	uint32_t rate_ppm; /* 0: a fixed amount; base is then the units */
	uint16_t plan;
	uint8_t basis;	  /* enum dbk_basis */
	uint8_t distance; /* sponsors between the deed and the agent */
	uint8_t level;	  /* of the plan; 0: no commission by level */
	uint8_t kind;	  /* enum dbk_earning_kind */
	uint8_t state;	  /* enum dbk_earning_state */
	uint8_t holds;	  /* of its own, in force; UNASSIGNED: enum dbk_unassigned */
	int64_t accrued;
	int64_t reversed; /* of accrued, so far */
	int64_t open;	  /* in the account that its state says */
	int64_t base;
};

_Static_assert(sizeof(struct dbk_row_earning) == 64, "an earning is a cache line");

/* Something that falls due: a line or, with DBK_DUE_EARNING, a single earning, with
 * DBK_DUE_TIMER a timer. */
#define DBK_DUE_EARNING ((uint32_t)1 << 31)
#define DBK_DUE_TIMER ((uint32_t)1 << 30)

struct dbk_row_due {
	uint32_t what;
	uint32_t next; /* of the same second, or unused */
};

/* What falls due in one second, in the order in which it was scheduled. */
struct dbk_row_due_second {
	uint32_t second;      /* since 1970 */
	uint32_t first, last; /* 0: unused */
	uint32_t next;	      /* of its run, or of the unused ones */
	uint64_t serial;      /* of two lists of one second the lower comes first */
};

/* Lists in rising order: where a few return windows take turns, each has a run. */
struct dbk_row_due_run {
	uint32_t first, last; /* 0: empty */
	uint32_t first_second, last_second;
	uint64_t first_serial;
};

/* A heap of the lists that no run could take, the earliest at 1. */
struct dbk_row_due_heap {
	uint32_t second;
	uint32_t row;
	uint64_t serial; /* of the list */
};

struct dbk_row_plan {
	uint32_t name; /* tag; versions of one plan share it */
	uint32_t version;
	uint32_t position;
	uint32_t first_term, n_terms;
	uint32_t padding;
	int64_t valid_from, valid_to; /* DBK_TIME_ABSENT: for ever */
	uint32_t methods[DBK_PAYOUT_METHODS_MAX]; /* tags */
	struct dbk_plan_scalars scalars;
};

struct dbk_row_plan_term {
	uint32_t plan;
	uint8_t kind, level, padding[2];
	uint32_t sku, category, rank; /* 0: any */
	uint32_t padding2;
	int64_t value;
};

/* What commission cost, by plan, level and channel. */
struct dbk_row_cost {
	uint32_t plan, level, channel, earnings;
	int64_t accrued, reversed;
};

/* What few need to know of an agent: payee, limits, caps. */
struct dbk_row_purse {
	uint32_t agent;
	uint32_t open_payouts; /* asked for, not yet settled, failed or given back */
	uint32_t payouts;      /* newest, 0: none */
	uint32_t overrides;    /* newest, 0: none */
	uint64_t payee[2]; /* of the verified payee_hash, dbk_purse_payee(); zeros: none */
	int64_t payee_since;
	uint32_t payout_day, payout_month; /* local, plus one; of the sums */
	int64_t day_sum, month_sum;	   /* gross asked for and not given back */
	uint32_t cap_month, padding;
	int64_t cap_accrued, cap_retail; /* of cap_month: commission, own retail */
	uint64_t device, address; /* of the last verification, as payee[0]; 0: none */
};

struct dbk_row_hold {
	uint32_t name; /* 0: of a flag or a chargeback */
	uint32_t agent, order;
	uint32_t line; /* row, 0: all lines */
	uint8_t level; /* 0: all */
	uint8_t released;
	uint16_t padding;
	uint32_t position;
	uint32_t rule, revision; /* of a flag: tag, number */
};

enum dbk_chargeback_state { DBK_CHARGEBACK_OPEN = 1, DBK_CHARGEBACK_WON, DBK_CHARGEBACK_LOST };

struct dbk_row_chargeback {
	uint32_t name;
	uint32_t order;
	uint32_t state;
	uint32_t psp; /* tag: whose clearing pays, if it is lost */
	int64_t amount;
	int64_t reversed; /* what it took back when it was lost */
};

enum dbk_payout_state {
	DBK_PAYOUT_REQUESTED = 1,
	DBK_PAYOUT_APPROVED,
	DBK_PAYOUT_BATCHED,
	DBK_PAYOUT_SENT,
	DBK_PAYOUT_UNKNOWN,
	DBK_PAYOUT_SETTLED,
	DBK_PAYOUT_REJECTED,
	DBK_PAYOUT_CANCELLED,
	DBK_PAYOUT_FAILED,
	DBK_PAYOUT_RETURNED,
	DBK_PAYOUT_STATES
};

struct dbk_row_payout {
	uint32_t name;
	uint32_t agent;
	uint32_t state;
	uint32_t method;   /* tag */
	uint32_t maker;	   /* tag: the source that asked */
	uint32_t actor;	   /* tag, 0: none */
	uint32_t provider; /* tag */
	uint32_t batch;
	uint32_t first_item, n_items;
	uint32_t next_of_agent; /* older one */
	uint32_t tax_month;	/* row, 0: no tax was withheld or it was given back */
	/* Positions plus one of the events that led to each state, 0: none. */
	uint32_t positions[DBK_PAYOUT_STATES];
	uint32_t day, month; /* local, plus one: which sums of the purse it is in */
	uint32_t agent_bore_fee; /* of the settlement */
	int64_t requested_at;
	int64_t gross, tax, fee, returned; /* net = gross - tax */
};

struct dbk_row_payout_item {
	uint32_t payout;
	uint32_t earning;
	int64_t amount;
};

struct dbk_row_payout_batch {
	uint32_t name;
	uint32_t position;
	uint32_t n_payouts;
	uint32_t padding;
	int64_t total;
};

struct dbk_row_tax_month {
	uint32_t agent;
	uint32_t month; /* years since 1970 * 12 + month - 1, local */
	int64_t gross, tax;
};

struct dbk_row_period {
	uint32_t name;
	uint32_t position; /* of the close; 0 and CLOSED unset: a period of tax alone */
	uint32_t closed;
	uint32_t remitted; /* tax of this month has been paid on */
	int64_t from, to;
	unsigned char balances_hash[32];
};

struct dbk_row_override {
	uint32_t name;
	uint32_t guard;	  /* enum dbk_rule that it lets pass once */
	uint32_t subject; /* tag */
	uint32_t used_position; /* plus one, 0: not used */
	uint32_t granted_position;
	uint32_t next; /* older one */
	int64_t expires_at;
};

struct dbk_row_adjustment {
	uint32_t name;
	uint32_t agent;
	uint32_t deduct;
	uint32_t reversed; /* by another one */
	int64_t amount;
};

struct dbk_row_contest {
	uint32_t name;
	uint32_t metric; /* 1 matured retail, 2 of teams */
	uint32_t closed;
	uint32_t next_open; /* other contest that is open */
	uint32_t n_scores, first_score;
	uint32_t last_score, padding;
	int64_t from, to, pool, awarded;
};

struct dbk_row_score {
	uint32_t contest;
	uint32_t agent;
	uint32_t next; /* of the contest, in order of appearance */
	uint32_t padding;
	int64_t score;
};

struct dbk_row_team {
	uint32_t name;
	uint32_t leader;
	uint32_t n_members;
	uint32_t padding;
};

struct dbk_row_member {
	uint32_t team;
	uint32_t agent;
	uint32_t removed;
	uint32_t padding;
};

/* What the recomputation found about a CommissionReported. */
enum dbk_difference {
	DBK_DIFFERENCE_NONE = 0,
	DBK_DIFFERENCE_NO_CAUSE,     /* no such order, not paid, not a line, no plan pays */
	DBK_DIFFERENCE_NO_STANDING,  /* payee unknown, suspended or terminated */
	DBK_DIFFERENCE_DUPLICATE,    /* line, payee and distance were reported before */
	DBK_DIFFERENCE_WRONG_PAYEE,  /* at this distance another agent earns */
	DBK_DIFFERENCE_WRONG_AMOUNT
};

struct dbk_row_report {
	uint32_t position;
	uint32_t payee; /* agent, 0: unknown */
	uint32_t line;	/* row, 0: none */
	uint32_t earning; /* that it should be, 0: none */
	uint32_t distance;
	uint8_t basis, difference; /* enum dbk_difference */
	uint16_t padding;
	int64_t amount, expected;
};

/* A producer: what has been delivered, for repeats and gaps. */
struct dbk_row_source {
	uint32_t name;
	uint32_t replies; /* first of DBK_SOURCE_REPLIES_KEPT reply rows, 0: none */
	uint64_t last_batch_seq;
	uint64_t batches, accepted, duplicates, refused, invalid;
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
