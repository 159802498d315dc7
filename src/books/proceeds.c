/*
 * proceeds.c -- a consumer's money for an agent's own goods.
 *
 * The brand's revenue was the sell-in; what the consumer paid leaves escrow for the
 * seller, less what the platform keeps, and has a return window like any commission.
 */

#include "base/money.h"
#include "books/core.h"
#include "plan/split.h"

/* The earning of one line, 0: none; *OUT_KEPT is what refunds have left of it. */
static bool
add_line(struct dbk_decision *d, const struct dbk_row_order *order, uint32_t line_row,
	 uint32_t fee_ppm, int64_t *out_kept)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);
	int64_t amount =
	    line->amount - dbk_money_muldiv(line->amount, fee_ppm, DBK_PPM_MAX);
	struct dbk_row_earning earning = {
		.agent = order->seller,
		.cause = line_row,
		.rank = DBK_ROW(d->books, agents, agent, order->seller)->rank,
		.rate_ppm = DBK_PPM_MAX - fee_ppm,
		.plan = (uint16_t)order->plan,
		.basis = DBK_BASIS_RETAIL,
		.kind = DBK_EARNING_PROCEEDS,
		.state = DBK_EARNING_PENDING,
		.accrued = amount,
		.base = line->amount,
	};
	uint32_t id;

	*out_kept = 0;
	if (amount == 0)
		return true;
	*out_kept = dbk_split_retained(amount, line->amount, line->refunded);
	earning.reversed = amount - *out_kept;
	earning.open = *out_kept;
	return dbk_earning_add(d, &earning, line_row, &id);
}

static bool
post_fee(struct dbk_decision *d, uint32_t order, uint32_t plan, int64_t fee)
{
	uint32_t tag;

	return fee == 0 || (dbk_plan_tag(d, plan, &tag) &&
			    dbk_post_for(d, DBK_PLATFORM_FEE, tag, -fee,
					 DBK_CAUSE_PROCEEDS, order));
}

static bool
settle_from(struct dbk_decision *d, uint32_t first)
{
	uint32_t end = d->books->earnings.count;

	for (uint32_t id = first; id < end; id++)
		if (!dbk_earning_settle(d, id))
			return false;
	return true;
}

bool
dbk_proceeds_recognise(struct dbk_decision *d, uint32_t order,
		       const uint32_t *line_rows, uint32_t n_lines)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	uint32_t fee_ppm = dbk_plan_scalars(d->books, row->plan)->platform_fee_ppm;
	uint32_t first = d->books->earnings.count;
	int64_t left = 0, kept;

	for (uint32_t i = 0; i < n_lines; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(d->books, lines, line, line_rows[i]);

		left += line->amount - line->refunded;
	}
	if (left > 0 && !dbk_post_order(d, DBK_ESCROW, order, left))
		return false;
	for (uint32_t i = 0; i < n_lines; i++) {
		if (!add_line(d, row, line_rows[i], fee_ppm, &kept))
			return false;
		left -= kept;
		if (kept > 0 && !dbk_post_for(d, DBK_COMMISSION_PENDING, row->seller,
					      -kept, DBK_CAUSE_PROCEEDS, order))
			return false;
	}
	return post_fee(d, order, row->plan, left) &&
	       (row->holds == 0 || settle_from(d, first));
}
