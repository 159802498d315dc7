/*
 * earnings.c -- claims of agents, with what they were worked out from.
 */

#include <daybook/limits.h>

#include "books/look.h"
#include "service/call.h"

#define US_PER_SECOND 1000000

static const char *
kind_name(uint8_t kind)
{
	switch ((enum dbk_earning_kind)kind) {
	case DBK_EARNING_COMMISSION:
		return "commission";
	case DBK_EARNING_PROCEEDS:
		return "proceeds";
	case DBK_EARNING_BONUS:
		return "bonus";
	case DBK_EARNING_ADJUSTMENT:
		return "adjustment";
	case DBK_EARNING_RECRUITING:
		return "recruiting";
	case DBK_EARNING_TAX_BACK:
		return "tax_back";
	}
	return "";
}

static const char *
state_name(uint8_t state)
{
	switch ((enum dbk_earning_state)state) {
	case DBK_EARNING_PENDING:
		return "pending";
	case DBK_EARNING_HELD_PENDING:
		return "held_pending";
	case DBK_EARNING_HELD:
		return "held";
	case DBK_EARNING_MATURED:
		return "matured";
	case DBK_EARNING_DRAWN:
		return "drawn";
	case DBK_EARNING_UNASSIGNED:
		return "unassigned";
	case DBK_EARNING_EXPECTED:
		return "expected";
	}
	return "";
}

static const char *
why_name(uint8_t why)
{
	switch ((enum dbk_unassigned)why) {
	case DBK_UNASSIGNED_NO_UPLINE:
		return "no_upline";
	case DBK_UNASSIGNED_INELIGIBLE:
		return "ineligible";
	case DBK_UNASSIGNED_SELF_PURCHASE:
		return "self_purchase";
	case DBK_UNASSIGNED_AGENT_CAP:
		return "agent_cap";
	case DBK_UNASSIGNED_RETAIL_CAP:
		return "retail_cap";
	case DBK_UNASSIGNED_NO_SELLER:
		return "no_seller";
	}
	return "";
}

void
dbk_plan_fill(struct dbk_call *call, const struct dbk_books *books, uint32_t plan,
	      char **out_name, uint32_t *out_version)
{
	struct dbk_row_plan row;

	if (plan == 0)
		return;
	row = dbk_look_plan(books, plan);
	*out_name = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, row.name));
	*out_version = row.version;
}

/* The line that an earning comes from, and when its money matures. */
static void
fill_line(struct dbk_call *call, const struct dbk_books *books, uint32_t line,
	  uint32_t order, Daybook__V1__Earning *out)
{
	const struct dbk_row_line *row = dbk_look_line(books, line);

	if (order == 0)
		order = dbk_look_order_of_line(books, line);
	out->order = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_ORDER, order));
	out->line = row->line;
	if ((row->flags & DBK_LINE_SCHEDULED) != 0)
		out->matures_at =
		    dbk_call_timestamp(call, (int64_t)row->when * US_PER_SECOND);
}

void
dbk_earning_fill(struct dbk_call *call, const struct dbk_books *books, uint32_t earning,
		 uint32_t order, Daybook__V1__Earning *out)
{
	struct dbk_row_earning row = dbk_look_earning(books, earning);

	out->earning = earning;
	out->agent =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, row.agent));
	if (row.kind == DBK_EARNING_COMMISSION || row.kind == DBK_EARNING_PROCEEDS)
		fill_line(call, books, row.cause, order, out);
	else
		out->position = row.cause;
	out->kind = dbk_call_text(call, dbk_str_of(kind_name(row.kind)));
	out->state = dbk_call_text(call, dbk_str_of(state_name(row.state)));
	if (row.state == DBK_EARNING_UNASSIGNED)
		out->why = dbk_call_text(call, dbk_str_of(why_name(row.holds)));
	out->level = row.level;
	out->distance = row.distance;
	out->basis = (Daybook__V1__Basis)row.basis;
	out->rank = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, row.rank));
	dbk_plan_fill(call, books, row.plan, &out->plan, &out->plan_version);
	out->rate_ppm = row.rate_ppm;
	out->computed_on = row.base;
	out->accrued = row.accrued;
	out->reversed = row.reversed;
	out->open = row.open;
}

/* ------------------------------------------------------------------- of an order */

struct order_question {
	struct dbk_call *call;
	uint32_t order;
	uint32_t line; /* index of the line to look at next */
	bool done;
	Daybook__V1__Order *out;
};

static uint32_t
count_of_line(const struct dbk_books *books, uint32_t newest)
{
	uint32_t n = 0;

	for (uint32_t id = newest; id != 0; id = dbk_look_earning(books, id).sibling)
		n++;
	return n;
}

/* A line has its newest earning first. */
static void
fill_of_line(struct order_question *q, const struct dbk_books *books, uint32_t newest,
	     uint32_t n)
{
	uint32_t at = (uint32_t)q->out->n_earnings + n;

	for (uint32_t id = newest; id != 0; id = dbk_look_earning(books, id).sibling) {
		Daybook__V1__Earning *earning =
		    dbk_call_take(q->call, 1, sizeof *earning);

		if (earning == NULL)
			return;
		daybook__v1__earning__init(earning);
		dbk_earning_fill(q->call, books, id, q->order, earning);
		q->out->earnings[--at] = earning;
	}
	q->out->n_earnings += n;
}

static void
look_earnings(const struct dbk_books *books, void *answer)
{
	struct order_question *q = answer;
	const struct dbk_row_order *order = dbk_look_order(books, q->order);
	uint32_t looked = 0;

	while (q->line < order->n_lines && looked < DBK_SERVICE_ASK_ROWS_MAX / 4) {
		uint32_t newest =
		    dbk_look_line(books, order->first_line + q->line)->earning;
		uint32_t n = count_of_line(books, newest);

		if (q->out->n_earnings + n > DBK_SERVICE_EARNINGS_MAX) {
			q->out->earnings_truncated = true;
			break;
		}
		fill_of_line(q, books, newest, n);
		if (q->call->exhausted)
			break;
		looked += 1 + n;
		q->line++;
	}
	q->done = q->line == order->n_lines || q->out->earnings_truncated ||
		  q->call->exhausted;
}

bool
dbk_earning_list(struct dbk_call *call, uint32_t order, Daybook__V1__Order *out)
{
	struct order_question q = { .call = call, .order = order, .out = out };

	out->earnings =
	    dbk_call_take(call, DBK_SERVICE_EARNINGS_MAX, sizeof *out->earnings);
	if (out->earnings == NULL)
		return true;
	while (!q.done)
		if (!dbk_call_ask(call, look_earnings, &q))
			return false;
	return true;
}
