/*
 * goods_measures.c -- who sits on what: an agent and a sku a row, with the measures of
 * a window.
 *
 * Every sum of an agent is worked out from one walk along its positions, because to
 * measure each of its skus on its own would be a walk for each.  A ranking goes by
 * on_hand alone and measures only what is among the largest.
 */

#include <inttypes.h>
#include <stdio.h>

#include <daybook/limits.h>

#include "query/top.h"
#include "service/goods_row.h"
#include "service/listing.h"

#define LETTER 'g'

struct goods_question {
	struct dbk_call *call;
	struct dbk_str agent, sku; /* empty: all */
	bool by_agent;
	uint32_t agent_id, sku_id, newest_agent;
	uint32_t days;

	uint64_t from; /* rows from this place on: agent, sku */
	struct dbk_goods_row *rows;
	uint32_t n, max;
	uint64_t next; /* place of the row behind the page, 0: none */
	uint64_t size;
};

/* Rows are in the order of these; without skus, of the agents'. */
static uint64_t
place_of(uint32_t agent, uint32_t sku)
{
	return (uint64_t)agent << 32 | sku;
}

static void
look_question(const struct dbk_books *books, void *answer)
{
	struct goods_question *q = answer;

	q->agent_id = dbk_look_find(books, DBK_SPACE_AGENT, q->agent);
	q->sku_id = dbk_look_find(books, DBK_SPACE_SKU, q->sku);
	q->newest_agent = (uint32_t)dbk_look_count(books, DBK_SPACE_AGENT);
	q->size = dbk_books_size(books);
	if (q->days == 0)
		q->days = (uint32_t)dbk_look_guard_number(books, DBK_GUARD_WINDOW_DAYS);
}

/* ------------------------------------------------------------------- page by page */

static struct dbk_stock_walk
walk_of(const struct goods_question *q, uint32_t first, uint32_t last)
{
	struct dbk_stock_walk walk = { .sku = q->sku_id, .days = q->days };

	dbk_stock_walk_begin(&walk, q->call, first, last);
	return walk;
}

/* False: the page is full, and ROW the first of the next one. */
static bool
put_row(struct goods_question *q, const struct dbk_goods_row *row)
{
	uint64_t place = place_of(row->agent, row->sku);

	if (place < q->from)
		return true;
	if (q->n == q->max) {
		q->next = place;
		return false;
	}
	q->rows[q->n++] = *row;
	return true;
}

/* The N items of one agent as rows. */
static bool
put_agent(struct goods_question *q, struct dbk_stock_item *items, uint32_t n)
{
	struct dbk_goods_row row, sum = { .agent = items[0].agent, .sku = q->sku_id };
	bool any = false;
	uint32_t at = 0;

	dbk_goods_row_sort(items, n);
	while (at < n) {
		if (!dbk_goods_row_next(items, n, &at, &row))
			continue;
		if (!q->by_agent && !put_row(q, &row))
			return false;
		dbk_goods_row_add(&sum, &row);
		if (q->sku_id != 0)
			sum.tier = row.tier;
		any = true;
	}
	return !q->by_agent || !any || put_row(q, &sum);
}

/* Rows of all agents that are complete; false: the page is full. */
static bool
put_ready(struct goods_question *q, struct dbk_stock_walk *walk)
{
	uint32_t first = 0, n;

	while ((n = dbk_stock_walk_ready(walk, first)) != 0) {
		if (!put_agent(q, &walk->items[first], n))
			return false;
		first += n;
	}
	dbk_stock_walk_drop(walk, first);
	return true;
}

static bool
list_page(struct goods_question *q)
{
	uint32_t first = (uint32_t)(q->from >> 32), last = q->newest_agent;
	struct dbk_stock_walk walk;

	if (q->agent_id != 0)
		first = last = q->agent_id;
	if (first == 0)
		first = 1;
	walk = walk_of(q, first, last);
	while (walk.agent != 0) {
		if (!dbk_stock_walk_step(&walk))
			return false;
		q->size = walk.size;
		if (!put_ready(q, &walk))
			return true;
		if (walk.rows < DBK_PAGE_STEPS_MAX || walk.agent <= first)
			continue;
		q->next = place_of(walk.agent, 0);
		return true;
	}
	return true;
}

/* ------------------------------------------------------------------- largest first */

struct ranking {
	struct dbk_top top;
	uint32_t seen; /* rows so far */
};

static void
offer(struct goods_question *q, struct ranking *ranking, uint32_t agent, uint32_t sku,
      int64_t stock)
{
	uint32_t slot;

	if (dbk_top_offer(&ranking->top, dbk_top_key(stock), ranking->seen++, &slot))
		q->rows[slot] = (struct dbk_goods_row){ .agent = agent, .sku = sku };
}

static void
rank_agent(struct goods_question *q, struct ranking *ranking,
	   struct dbk_stock_item *items, uint32_t n)
{
	struct dbk_goods_row row, sum = { .agent = items[0].agent };
	uint32_t at = 0;

	dbk_goods_row_sort(items, n);
	while (at < n) {
		uint32_t from = at;

		/* All that an agent has may be one item, of no good. */
		if (!dbk_goods_row_next(items, n, &at, &row))
			row = (struct dbk_goods_row){ .stock =
							  items[from].stock.on_hand };
		if (!q->by_agent)
			offer(q, ranking, row.agent, row.sku, row.stock);
		dbk_goods_row_add(&sum, &row);
	}
	if (q->by_agent)
		offer(q, ranking, sum.agent, q->sku_id, sum.stock);
}

static bool
rank_all(struct goods_question *q, struct ranking *ranking)
{
	uint32_t first = q->agent_id == 0 ? 1 : q->agent_id;
	struct dbk_stock_walk walk =
	    walk_of(q, first, q->agent_id == 0 ? q->newest_agent : first);

	walk.stock_only = true;
	walk.units_only = q->by_agent && q->sku_id == 0;
	while (walk.agent != 0) {
		uint32_t at = 0, n;

		if (!dbk_stock_walk_step(&walk))
			return false;
		q->size = walk.size;
		for (; (n = dbk_stock_walk_ready(&walk, at)) != 0; at += n)
			rank_agent(q, ranking, &walk.items[at], n);
		dbk_stock_walk_drop(&walk, at);
		if (walk.rows > DBK_RANK_STEPS_MAX) {
			(void)dbk_answer_set(q->call->answer,
					     DBK_GRPC_RESOURCE_EXHAUSTED, "LIMIT",
					     "too many positions to rank; name an "
					     "agent");
			return false;
		}
	}
	return true;
}

/* The measures of a row of which only the agent and the sku are known. */
static bool
measure_row(struct goods_question *q, struct dbk_stock_walk *walk,
	    const struct dbk_goods_row *wanted)
{
	dbk_stock_walk_begin(walk, q->call, wanted->agent, wanted->agent);
	walk->sku = wanted->sku;
	while (walk->agent != 0)
		if (!dbk_stock_walk_step(walk))
			return false;
	q->size = walk->size;
	return walk->n == 0 || put_agent(q, walk->items, walk->n);
}

static bool
list_largest(struct goods_question *q)
{
	struct ranking ranking = { .top = { .max = q->max } };
	struct dbk_stock_walk walk = walk_of(q, 1, 1);
	struct dbk_goods_row *ranked = q->rows;

	ranking.top.items = dbk_call_take(q->call, q->max, sizeof *ranking.top.items);
	if (ranking.top.items == NULL)
		return true;
	if (!rank_all(q, &ranking))
		return false;
	dbk_top_sort(&ranking.top);
	q->rows = dbk_call_take(q->call, q->max, sizeof *q->rows);
	for (uint32_t i = 0; q->rows != NULL && i < ranking.top.n; i++)
		if (!measure_row(q, &walk, &ranked[ranking.top.items[i].slot]))
			return false;
	return true;
}

/* ------------------------------------------------------------------------ the reply */

struct reply_question {
	struct dbk_call *call;
	const struct goods_question *q;
	Daybook__V1__Goods **goods;
};

static void
look_names(const struct dbk_books *books, void *answer)
{
	struct reply_question *r = answer;

	for (uint32_t i = 0; i < r->q->n; i++) {
		const struct dbk_goods_row *row = &r->q->rows[i];
		Daybook__V1__Goods *out = r->goods[i];

		out->agent = dbk_call_text(
		    r->call, dbk_look_name(books, DBK_SPACE_AGENT, row->agent));
		out->sku = dbk_call_text(r->call,
					 dbk_look_name(books, DBK_SPACE_SKU, row->sku));
		out->red_findings = dbk_look_red(books, row->agent);
	}
}

static void
fill_goods(struct dbk_call *call, struct dbk_goods_row *row, uint32_t days,
	   Daybook__V1__Goods *out)
{
	out->stock = row->stock;
	out->in_transit = row->in_transit;
	out->incoming = row->incoming;
	out->open = row->open;
	out->received = row->received;
	out->sold = row->sold;
	out->passed = row->passed;
	out->sell_through_ppm = dbk_goods_row_sell_through_ppm(row);
	out->cover_days = dbk_goods_row_cover_days(row, days);
	out->purchase_to_sales_ppm = dbk_goods_row_purchase_to_sales_ppm(row);
	out->aged = dbk_call_take(call, DBK_GOODS_AGES, sizeof *out->aged);
	for (unsigned i = 0; out->aged != NULL && i < DBK_GOODS_AGES; i++)
		out->aged[out->n_aged++] = row->aged[i];
	out->tier = row->tier;
	out->value = row->value;
}

static bool
reply_goods(struct dbk_call *call, const struct goods_question *q)
{
	Daybook__V1__ListGoodsReply reply = DAYBOOK__V1__LIST_GOODS_REPLY__INIT;
	struct reply_question names = { .call = call, .q = q };
	struct dbk_next next = { .token = "" };

	reply.size = q->size;
	reply.window_days = q->days;
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	if (q->next != 0)
		dbk_page_stop(LETTER, q->size, q->next, &next);
	reply.next_page_token = dbk_call_text(call, dbk_str_of(next.token));
	names.goods = dbk_call_messages(call, q->n, &daybook__v1__goods__descriptor);
	if (names.goods == NULL || q->rows == NULL)
		return dbk_call_reply(call, &reply.base);
	if (q->n > 0 && !dbk_call_ask(call, look_names, &names))
		return false;
	for (uint32_t i = 0; i < q->n; i++)
		fill_goods(call, &q->rows[i], q->days, names.goods[i]);
	reply.goods = names.goods;
	reply.n_goods = q->n;
	return dbk_call_reply(call, &reply.base);
}

/* ---------------------------------------------------------------------- the request */

static bool
bad_window(struct dbk_call *call, uint32_t days)
{
	char text[16];

	(void)snprintf(text, sizeof text, "%" PRIu32, days);
	return dbk_call_bad(call, "DAYS", "window_days", dbk_str_of(text),
			    "what moved is kept for 366 days");
}

static bool
begin(struct goods_question *q, const Daybook__V1__ListGoodsRequest *request)
{
	struct dbk_call *call = q->call;
	struct dbk_page_start start;
	struct dbk_page page;

	if (request->window_days > DBK_FLOW_DAYS)
		return bad_window(call, request->window_days);
	if (!dbk_call_page(call, request->page_size, request->page_token, &page))
		return false;
	if (dbk_page_start(&page, LETTER, &start, NULL) != DBK_OK ||
	    (page.token.size > 0 && (request->largest_first || start.place >> 32 == 0)))
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token", page.token,
				    "not a token of this listing");
	q->from = page.token.size > 0 ? start.place : 0;
	q->max = page.rows_max;
	q->days = request->window_days;
	q->by_agent = request->by_agent;
	q->agent = dbk_call_str(request->agent);
	q->sku = dbk_call_str(request->sku);
	return dbk_call_know_currency(call) &&
	       dbk_call_wait_books(call, request->at_least_size) &&
	       dbk_call_ask(call, look_question, q);
}

bool
dbk_call_list_goods(struct dbk_call *call)
{
	const Daybook__V1__ListGoodsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_goods_request__descriptor);
	struct goods_question q = { .call = call };

	if (request == NULL || !begin(&q, request))
		return false;
	if (q.agent.size > 0 && q.agent_id == 0)
		return dbk_call_not_found(call, "AGENT_UNKNOWN", "agent", q.agent);
	if (q.sku.size > 0 && q.sku_id == 0)
		return dbk_call_not_found(call, "SKU_UNKNOWN", "sku", q.sku);
	if (q.from != 0 && q.agent_id != 0 && q.from >> 32 != q.agent_id)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token",
				    dbk_call_str(request->page_token),
				    "not a token of this listing");
	q.rows = dbk_call_take(call, q.max, sizeof *q.rows);
	if (q.rows != NULL &&
	    !(request->largest_first ? list_largest(&q) : list_page(&q)))
		return false;
	return reply_goods(call, &q);
}
