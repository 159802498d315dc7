/*
 * audit_goods.c -- the invariants of what is counted of goods, and of guards and
 * findings: every sum beside the books is what the books add up to.
 */

#include "books/goods_core.h"

#include <stdlib.h>

/* ------------------------------------------------------------------------- sums */

/* What positions and orders add up to, by holder and by sku. */
struct sums {
	int64_t *units, *undelivered; /* of holders */
	int64_t *cloud, *brand;	      /* of skus */
};

static int64_t *
zeros(const struct dbk_rows *table)
{
	int64_t *sums = calloc(table->count, sizeof *sums);

	dbk_assert(sums != NULL);
	return sums;
}

static void
sum_positions(const struct dbk_books *books, const struct sums *sums)
{
	for (uint32_t i = 1; i < books->positions.count; i++) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, i);
		uint32_t sku = DBK_ROW(books, goods, good, row->good)->sku;
		bool agent = DBK_ROW(books, holders, holder, row->holder)->kind ==
			     DBK_HOLDER_AGENT;

		sums->units[row->holder] += row->on_hand;
		if (agent && row->place == DBK_PLACE_CLOUD)
			sums->cloud[sku] += row->on_hand;
		if (!agent && row->place == DBK_PLACE_PHYSICAL)
			sums->brand[sku] += row->on_hand;
	}
}

static void
sum_orders(const struct dbk_books *books, const struct sums *sums)
{
	for (uint32_t i = 1; i < books->orders.count; i++) {
		const struct dbk_row_order *row = DBK_ROW(books, orders, order, i);

		if (row->fulfilment == DBK_HOLDER_SHIP)
			sums->undelivered[DBK_ROW(books, agents, agent, row->seller)
					      ->holder] += row->escrow;
	}
}

static void
check_sums(const struct dbk_books *books)
{
	struct sums sums = { zeros(&books->holders), zeros(&books->holders),
			     zeros(&books->skus), zeros(&books->skus) };

	sum_positions(books, &sums);
	sum_orders(books, &sums);
	for (uint32_t i = 1; i < books->holders.count; i++) {
		const struct dbk_row_holder *row = DBK_ROW(books, holders, holder, i);

		dbk_assert(row->units == sums.units[i]);
		dbk_assert(row->undelivered == sums.undelivered[i]);
		dbk_assert(row->bought >= 0);
	}
	for (uint32_t i = 1; i < books->skus.count; i++) {
		const struct dbk_row_sku *row = DBK_ROW(books, skus, sku, i);

		dbk_assert(row->cloud == sums.cloud[i] && row->brand == sums.brand[i]);
	}
	free(sums.units);
	free(sums.undelivered);
	free(sums.cloud);
	free(sums.brand);
}

/* ------------------------------------------------------------------------- flows */

/* Days of a ring rise, none is there twice, none lies ahead; how many they are. */
static uint32_t
check_ring(const struct dbk_books *books, uint32_t newest)
{
	uint32_t at = newest, n = 0;
	int64_t day = -1;

	if (newest == 0)
		return 0;
	do {
		const struct dbk_row_flow *row;

		at = DBK_ROW(books, flows, flow, at)->next;
		row = DBK_ROW(books, flows, flow, at);
		dbk_assert(at != 0 && ++n <= DBK_FLOW_DAYS);
		dbk_assert(row->day > day && row->day <= dbk_today(books));
		day = row->day;
	} while (at != newest);
	return n;
}

/* Every row of flows is a day of one ring, or free. */
static void
check_flows(const struct dbk_books *books)
{
	uint32_t n = 0, at = DBK_ROW(books, book, book, 1)->free_flow;

	for (; at != 0; at = DBK_ROW(books, flows, flow, at)->next)
		dbk_assert(++n < books->flows.count);
	for (uint32_t i = 1; i < books->positions.count; i++) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, i);
		bool agent = DBK_ROW(books, holders, holder, row->holder)->kind ==
			     DBK_HOLDER_AGENT;

		dbk_assert(agent || (row->in == 0 && row->out == 0 && row->tier == 0));
		n += check_ring(books, row->in) + check_ring(books, row->out);
	}
	dbk_assert(n == books->flows.count - 1);
}

static void
check_network(const struct dbk_books *books)
{
	uint64_t agents = 0;

	for (uint32_t i = 1; i < books->sku_days.count; i++) {
		const struct dbk_row_sku_day *row =
		    DBK_ROW(books, sku_days, sku_day, i);

		dbk_assert(dbk_sku_day_find(books, row->sku, row->day) == i);
		dbk_assert(row->older == 0 ||
			   (DBK_ROW(books, sku_days, sku_day, row->older)->sku ==
				row->sku &&
			    DBK_ROW(books, sku_days, sku_day, row->older)->day <
				row->day));
		dbk_assert(row->older == 0 ||
			   DBK_ROW(books, sku_days, sku_day, row->older)->newer == i);
		dbk_assert(row->issued >= 0 && row->returned >= 0 && row->passed >= 0);
		dbk_assert(row->friend_units >= 0 && row->friend_amount >= 0);
		dbk_assert(row->stranger_units >= 0 && row->stranger_amount >= 0);
		dbk_assert(row->retail >= row->friend_units + row->stranger_units);
	}
	for (uint32_t i = 1; i < books->tiers.count; i++) {
		const struct dbk_row_tier *row = DBK_ROW(books, tiers, tier, i);

		dbk_assert(row->bought_units >= 0 && row->bought_value >= 0);
		dbk_assert(row->passed_units >= 0 && row->passed_value >= 0);
		dbk_assert(row->sold_units >= 0 && row->sold_value >= 0);
	}
	for (uint32_t i = 1; i < books->cohorts.count; i++)
		agents += DBK_ROW(books, cohorts, cohort, i)->agents;
	dbk_assert(agents == books->agents.count - 1);
}

/* Every edge is on the chain of whoever it goes from. */
static void
check_edges(const struct dbk_books *books)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i < books->holders.count; i++) {
		const struct dbk_row_holder *row = DBK_ROW(books, holders, holder, i);

		for (uint32_t kind = DBK_EDGE_GOODS; kind <= DBK_EDGE_MONEY; kind++) {
			uint32_t at = row->edges[kind - 1];

			for (; at != 0; n++) {
				const struct dbk_row_edge *edge =
				    DBK_ROW(books, edges, edge, at);

				dbk_assert(edge->kind == kind &&
					   edge->from == row->owner &&
					   edge->to != edge->from);
				dbk_assert(edge->next < at);
				at = edge->next;
			}
		}
	}
	dbk_assert(n == books->edges.count - 1);
}

/* ------------------------------------------------------------------------- orders */

/* A line that counts as sold to a verified consumer is of an order that may. */
static void
check_sold(const struct dbk_books *books)
{
	for (uint32_t i = 1; i < books->orders.count; i++) {
		const struct dbk_row_order *row = DBK_ROW(books, orders, order, i);
		uint32_t extra = dbk_order_extra_find(books, i);
		bool flagged = row->flags & DBK_ORDER_FLAGGED;
		bool may = row->kind == DBK_ORDER_RETAIL && row->buyer != 0 &&
			   !flagged && !(row->flags & DBK_ORDER_DIRECT) &&
			   !(row->flags & DBK_ORDER_LINKED);

		dbk_assert(
		    flagged ==
		    (DBK_ROW(books, order_extras, order_extra, extra)->n_flags > 0));
		for (uint32_t k = 0; k < row->n_lines; k++) {
			const struct dbk_row_line *line =
			    DBK_ROW(books, lines, line, row->first_line + k);

			dbk_assert(!(line->flags & DBK_LINE_SOLD) ||
				   (may && (line->flags & DBK_LINE_RECOGNISED)));
		}
	}
}

static void
check_asked(const struct dbk_books *books)
{
	for (uint32_t i = 1; i < books->requests.count; i++) {
		const struct dbk_row_request *row =
		    DBK_ROW(books, requests, request, i);

		dbk_assert(row->arrived >= 0 && row->arrived <= row->claimed);
		dbk_assert(row->claimed <= row->qty);
		dbk_assert(row->asked <= dbk_today(books));
	}
	for (uint32_t i = 1; i < books->buybacks.count; i++) {
		const struct dbk_row_buyback *row =
		    DBK_ROW(books, buybacks, buyback, i);

		dbk_assert(row->settled >= 0 && row->settled <= row->qty);
	}
}

/* A timer is in what falls due until it comes, and comes when its second does. */
static void
check_timers(const struct dbk_books *books)
{
	uint32_t next = dbk_due_next(books);

	for (uint32_t i = 1; i < books->timers.count; i++) {
		const struct dbk_row_timer *row = DBK_ROW(books, timers, timer, i);

		dbk_assert(row->done ||
			   (next != 0 && (next == 1 || next <= row->second)));
	}
}

/* ----------------------------------------------------------------------- findings */

static void
check_evidence(const struct dbk_books *books, const struct dbk_row_finding *row)
{
	uint32_t n = 0, at = row->first_evidence, last = 0, position = 0;

	while (at != 0) {
		const struct dbk_row_evidence *evidence =
		    DBK_ROW(books, evidence, evidence, at);

		dbk_assert(n == 0 ? evidence->position == row->position
				  : evidence->position > position);
		position = evidence->position;
		last = at;
		at = evidence->next;
		n++;
	}
	dbk_assert(n == row->n_evidence && last == row->last_evidence);
	dbk_assert(n >= 1 && n <= DBK_FINDING_EVIDENCE_MAX && n <= row->count);
	dbk_assert(position <= row->last_position);
}

/* Of one rule and subject only the newest finding is not resolved, and the red ones of
 * an agent are counted. */
static void
check_findings(const struct dbk_books *books)
{
	int64_t *red = zeros(&books->agents);
	uint32_t open = 0;

	for (uint32_t i = 1; i < books->findings.count; i++) {
		const struct dbk_row_finding *row =
		    DBK_ROW(books, findings, finding, i);

		check_evidence(books, row);
		if (row->state == DBK_FINDING_RESOLVED)
			continue;
		open++;
		dbk_assert(dbk_finding_find(books, row->rule, row->subject_kind,
					    row->subject) == i);
		if (row->subject_kind == DBK_SUBJECT_AGENT)
			red[row->subject] += row->red;
	}
	dbk_assert(DBK_ROW(books, book, book, 1)->n_open_findings == open);
	for (uint32_t i = 1; i < books->agents.count; i++) {
		uint32_t watch = dbk_watch_find(books, i);

		dbk_assert(DBK_ROW(books, watches, watch, watch)->red == red[i]);
	}
	free(red);
}

void
dbk_audit_goods(const struct dbk_books *books)
{
	check_sums(books);
	check_flows(books);
	check_network(books);
	check_edges(books);
	check_sold(books);
	check_asked(books);
	check_timers(books);
	check_findings(books);
}
