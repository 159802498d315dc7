#ifndef DBK_VIEWS_FIGURES_H
#define DBK_VIEWS_FIGURES_H

/*
 * figures.h -- the sums that an account and a stock position carry, and what one entry
 * does to them.  Pure arithmetic; the same functions serve applying, recovering and
 * answering as of the past, so that these cannot differ.
 *
 * The books refuse what would not fit; sums here wrap, so that a damaged file cannot
 * make them undefined.
 */

#include <stdint.h>

#include "books/effects.h"
#include "views/movement.h"

/* Rules are counted in an array; their numbers stay below this. */
#define DBK_RULES_MAX 256

struct dbk_money_figures {
	int64_t debits;
	int64_t credits;
};

struct dbk_stock_figures {
	int64_t on_hand;
	int64_t in_transit;
	int64_t received; /* sums since the beginning, from here on */
	int64_t sold;	  /* gross: taken_back is not subtracted */
	int64_t passed_down;
	int64_t self_used;
	int64_t sampled;
	int64_t lost;
	int64_t returned;
	int64_t taken_back;
	int64_t count_difference;
	int64_t received_value; /* minor units at the prices paid */
};

/* The figures as an initialiser of pointers, in the order of the struct. */
#define DBK_STOCK_FIGURES_COUNT 12
#define DBK_STOCK_FIGURES_LIST(f)                                                      \
	{                                                                              \
		&(f)->on_hand, &(f)->in_transit, &(f)->received, &(f)->sold,           \
		    &(f)->passed_down, &(f)->self_used, &(f)->sampled, &(f)->lost,     \
		    &(f)->returned, &(f)->taken_back, &(f)->count_difference,          \
		    &(f)->received_value                                               \
	}

static inline int64_t
dbk_figures_sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* Debit positive. */
static inline int64_t
dbk_figures_balance(const struct dbk_money_figures *figures)
{
	return (int64_t)((uint64_t)figures->debits - (uint64_t)figures->credits);
}

static inline void
dbk_figures_post(struct dbk_money_figures *figures, int64_t amount)
{
	if (amount >= 0)
		figures->debits = dbk_figures_sum(figures->debits, amount);
	else
		figures->credits =
		    (int64_t)((uint64_t)figures->credits - (uint64_t)amount);
}

/* One movement: AMOUNT changes on_hand, UNITS are concerned, VALUE for RECEIVED. */
void dbk_figures_move(struct dbk_stock_figures *figures, enum dbk_movement kind,
		      int64_t amount, int64_t units, int64_t value);

/* FIGURES += OTHER. */
void dbk_figures_add(struct dbk_stock_figures *figures,
		     const struct dbk_stock_figures *other);

/* (sold - taken_back) * 1,000,000 / (received - returned); -1 if that is not > 0. */
int64_t dbk_figures_sell_through_ppm(const struct dbk_stock_figures *figures);

#endif
