#include "views/figures.h"

#include "base/assert.h"
#include "base/money.h"

#define PPM 1000000

/* The sum that a kind of movement adds to; NULL: it only moves goods between on_hand,
 * transit and places. */
static int64_t *
sum_of(struct dbk_stock_figures *figures, enum dbk_movement kind)
{
	switch (kind) {
	case DBK_MOVE_RECEIVED:
		return &figures->received;
	case DBK_MOVE_SOLD:
		return &figures->sold;
	case DBK_MOVE_PASSED_DOWN:
		return &figures->passed_down;
	case DBK_MOVE_SELF_USED:
		return &figures->self_used;
	case DBK_MOVE_SAMPLED:
		return &figures->sampled;
	case DBK_MOVE_LOST:
		return &figures->lost;
	case DBK_MOVE_RETURNED:
		return &figures->returned;
	case DBK_MOVE_TAKEN_BACK:
		return &figures->taken_back;
	case DBK_MOVE_COUNTED:
		return &figures->count_difference;
	case DBK_MOVE_SHIPPED:
	case DBK_MOVE_UNSHIPPED:
	case DBK_MOVE_RELOCATED:
	case DBK_MOVE_NONE:
	case DBK_MOVE_KINDS:
		break;
	}
	return NULL;
}

/* What a movement does to the goods in transit.  Goods that leave without a change of
 * on_hand had left it when they were shipped. */
static int64_t
transit_change(enum dbk_movement kind, int64_t amount, int64_t units)
{
	switch (kind) {
	case DBK_MOVE_SHIPPED:
		return units;
	case DBK_MOVE_UNSHIPPED:
		return -units;
	case DBK_MOVE_SOLD:
	case DBK_MOVE_PASSED_DOWN:
	case DBK_MOVE_SELF_USED:
	case DBK_MOVE_SAMPLED:
	case DBK_MOVE_LOST:
	case DBK_MOVE_RETURNED:
		return amount == 0 ? -units : 0;
	case DBK_MOVE_RECEIVED:
	case DBK_MOVE_TAKEN_BACK:
	case DBK_MOVE_COUNTED:
	case DBK_MOVE_RELOCATED:
	case DBK_MOVE_NONE:
	case DBK_MOVE_KINDS:
		break;
	}
	return 0;
}

void
dbk_figures_move(struct dbk_stock_figures *figures, enum dbk_movement kind,
		 int64_t amount, int64_t units, int64_t value)
{
	int64_t *sum = sum_of(figures, kind);

	if (sum != NULL)
		*sum = dbk_figures_sum(*sum, units);
	figures->on_hand = dbk_figures_sum(figures->on_hand, amount);
	figures->in_transit =
	    dbk_figures_sum(figures->in_transit, transit_change(kind, amount, units));
	if (kind == DBK_MOVE_RECEIVED)
		figures->received_value =
		    dbk_figures_sum(figures->received_value, value);
}

void
dbk_figures_add(struct dbk_stock_figures *figures,
		const struct dbk_stock_figures *other)
{
	int64_t *to[] = DBK_STOCK_FIGURES_LIST(figures);
	const int64_t *from[] = DBK_STOCK_FIGURES_LIST(other);

	for (unsigned i = 0; i < DBK_STOCK_FIGURES_COUNT; i++)
		*to[i] = dbk_figures_sum(*to[i], *from[i]);
}

int64_t
dbk_figures_sell_through_ppm(const struct dbk_stock_figures *figures)
{
	dbk_wide sold = (dbk_wide)figures->sold - figures->taken_back;
	dbk_wide kept = (dbk_wide)figures->received - figures->returned;

	return kept > 0 ? dbk_money_bound(sold * PPM / kept) : -1;
}
