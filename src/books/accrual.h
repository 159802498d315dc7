#ifndef DBK_BOOKS_ACCRUAL_H
#define DBK_BOOKS_ACCRUAL_H

/*
 * accrual.h -- the commission of one order while it is worked out, for commission.c,
 * people.c, shares.c and caps.c only.
 */

#include "books/core.h"

/* Who stands at a level: level n at [n - 1]. */
struct dbk_person {
	uint32_t agent; /* 0: nobody */
	uint32_t rank;	/* tag */
	uint8_t distance;
	bool active;
};

struct dbk_accrual {
	struct dbk_decision *d;
	uint32_t order;
	const struct dbk_row_order *row; /* of the order */
	const struct dbk_plan_scalars *plan;
	const struct dbk_row_order_extra *extra; /* NULL: none */
	struct dbk_person people[DBK_LEVELS_MAX];
	uint32_t n_levels;    /* that the plan pays */
	bool is_own_purchase; /* and so nobody's: all shares are unassigned */
	bool is_later;	      /* later_rate_ppm counts */
	bool has_caps;
	int64_t deferred, expense; /* what the earnings cost, by where it goes */
};

/* What one level gets of one line. */
struct dbk_level_share {
	uint32_t level;
	uint32_t rate_ppm; /* 0: a fixed amount */
	int64_t fixed;	   /* for each unit */
	int64_t base;
	int64_t amount;
};

/* people.c: fill in who stands at the levels of an order whose row, plan and extra are
 * there. */
void dbk_people_find(struct dbk_accrual *a);

/* shares.c: the shares of LINE_ROW above 0, in order of level; SHARES has
 * DBK_LEVELS_MAX places.  Refuses AMOUNT_OVERFLOW. */
bool dbk_shares_find(const struct dbk_accrual *a, uint32_t line_row,
		     struct dbk_level_share *shares, uint32_t *out_n);

/* caps.c: AMOUNT is own retail of AGENT. */
bool dbk_caps_count_retail(const struct dbk_accrual *a, uint32_t agent, int64_t amount);

/* Cut *AMOUNT to what AGENT may still earn, and count it; *OUT_CUT is the rest and
 * *OUT_REASON the cap that cut it off. */
bool dbk_caps_cut(const struct dbk_accrual *a, uint32_t agent, int64_t *amount,
		  int64_t *out_cut, enum dbk_unassigned *out_reason);

#endif
