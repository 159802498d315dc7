#ifndef DBK_BOOKS_MONEY_ROWS_H
#define DBK_BOOKS_MONEY_ROWS_H

/*
 * money_rows.h -- the resident rows of agents' money: earnings, what falls due, plans,
 * payouts, periods, contests: see rows.h.
 */

#include <stdint.h>

#include "plan/plan.h"

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

#endif
