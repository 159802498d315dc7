/*
 * tiers.c -- what a unit costs from tier to tier, and how fast it gets there.
 *
 * The books sum units and money by sku and tier.  Stock, and the days that goods took,
 * stand in the positions, which are gone through step by step; who holds what of a tier
 * since when is copied, sorted and then counted on the reader's thread.
 *
 * A holder of a tier is an agent who has a position of it, with stock or not any more:
 * somebody who is sold out has got the goods in so many days all the same.
 */

#include <stdlib.h>

#include <daybook/limits.h>

#include "base/buf.h"
#include "base/money.h"
#include "books/look_goods.h"
#include "books/look_guards.h"
#include "service/call.h"
#include "service/network.h"

#define TIERS (UINT8_MAX + 1)

/* A position of an agent; of one holder, sku and tier the first day counts. */
struct reach {
	uint32_t sku, holder;
	uint16_t first_day; /* plus one, 0: none */
	uint8_t tier;
	uint8_t padding;
};

struct tiers_question {
	struct dbk_str sku; /* empty: all */
	uint32_t sku_id;
	uint32_t next;
	bool done;
	uint64_t size;
	int64_t factory_price, list_price;
	bool is_there[TIERS];
	int64_t stock[TIERS], holders[TIERS], medians[TIERS];
	struct dbk_row_tier sums[TIERS];
	struct dbk_buf reached; /* struct reach */
};

/* ------------------------------------------------------------------------- the books
 */

static void
add_sums(struct dbk_row_tier *sum, const struct dbk_row_tier *row)
{
	sum->bought_units = dbk_money_sum(sum->bought_units, row->bought_units);
	sum->bought_value = dbk_money_sum(sum->bought_value, row->bought_value);
	sum->passed_units = dbk_money_sum(sum->passed_units, row->passed_units);
	sum->passed_value = dbk_money_sum(sum->passed_value, row->passed_value);
	sum->sold_units = dbk_money_sum(sum->sold_units, row->sold_units);
	sum->sold_value = dbk_money_sum(sum->sold_value, row->sold_value);
}

static void
look_tiers(const struct dbk_books *books, void *answer)
{
	struct tiers_question *q = answer;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_TIERS);

	q->size = dbk_books_size(books);
	if (q->sku.size > 0)
		q->sku_id = dbk_look_find(books, DBK_SPACE_SKU, q->sku);
	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++) {
		const struct dbk_row_tier *row = dbk_look_tier(books, q->next++);

		if (q->sku.size > 0 && row->sku != q->sku_id)
			continue;
		q->is_there[row->tier] = true;
		add_sums(&q->sums[row->tier], row);
	}
	q->done = q->next > newest;
}

static void
look_prices(const struct dbk_books *books, void *answer)
{
	struct tiers_question *q = answer;
	struct dbk_row_sku row = dbk_look_sku(books, q->sku_id);

	q->factory_price = row.factory_price;
	q->list_price = row.list_price;
}

/* Positions of agents that never got any by the supply chain, and have none, say
 * nothing. */
static bool
is_of_a_tier(const struct dbk_look_holding *at)
{
	return at->tier != 0 || at->on_hand != 0;
}

static void
look_positions(const struct dbk_books *books, void *answer)
{
	struct tiers_question *q = answer;
	uint64_t newest = dbk_look_count(books, DBK_SPACE_POSITION);

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++) {
		struct dbk_look_holding at;
		struct reach reach;

		if (!dbk_look_holding_at(books, q->next++, &at) || !is_of_a_tier(&at) ||
		    (q->sku.size > 0 && at.sku != q->sku_id))
			continue;
		q->is_there[at.tier] = true;
		q->stock[at.tier] = dbk_money_sum(q->stock[at.tier], at.on_hand);
		reach = (struct reach){ at.sku, at.holder, at.first_day, at.tier, 0 };
		dbk_buf_put(&q->reached, &reach, sizeof reach);
	}
	q->done = q->next > newest;
}

static bool
walk(struct dbk_call *call, struct tiers_question *q,
     void (*look)(const struct dbk_books *books, void *answer))
{
	q->done = false;
	q->next = 1;
	while (!q->done) {
		if (q->reached.size / sizeof(struct reach) >
		    DBK_SERVICE_TIER_HOLDERS_MAX) {
			(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED,
					     "LIMIT", "more than %d positions of tiers",
					     DBK_SERVICE_TIER_HOLDERS_MAX);
			return false;
		}
		/* The books' thread is not to wait for memory. */
		if (!dbk_buf_reserve(&q->reached,
				     DBK_SERVICE_ASK_ROWS_MAX * sizeof(struct reach))) {
			call->exhausted = true;
			return true;
		}
		if (!dbk_call_ask(call, look, q))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------ days to get there
 */

static int
order_of(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* Unknown days last. */
static uint32_t
day_of(const struct reach *reach)
{
	return reach->first_day == 0 ? UINT32_MAX : reach->first_day;
}

static int
by_sku(const void *a, const void *b)
{
	const struct reach *left = a, *right = b;
	int order = order_of(left->sku, right->sku);

	if (order == 0)
		order = order_of(left->tier, right->tier);
	if (order == 0)
		order = order_of(left->holder, right->holder);
	return order != 0 ? order : order_of(day_of(left), day_of(right));
}

static int
by_tier_and_holder(const void *a, const void *b)
{
	const struct reach *left = a, *right = b;
	int order = order_of(left->tier, right->tier);

	return order != 0 ? order : order_of(left->holder, right->holder);
}

/* Days instead of a first day, which are sorted in the same way. */
static int
by_tier_and_day(const void *a, const void *b)
{
	const struct reach *left = a, *right = b;
	int order = order_of(left->tier, right->tier);

	return order != 0 ? order : order_of(left->first_day, right->first_day);
}

static void
count_holders(struct reach *rows, size_t n, int64_t holders[TIERS])
{
	qsort(rows, n, sizeof *rows, by_tier_and_holder);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_tier_and_holder(&rows[i - 1], &rows[i]) != 0)
			holders[rows[i].tier]++;
}

/* One row for each holder and tier of the N rows of a sku, if its day is known: in
 * first_day the days since the first of all.  Gives how many are left. */
static size_t
count_days(struct reach *rows, size_t n, struct reach *out)
{
	uint32_t first = UINT32_MAX;
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		if (day_of(&rows[i]) < first)
			first = day_of(&rows[i]);
	for (size_t i = 0; i < n; i++) {
		bool again = i > 0 && by_tier_and_holder(&rows[i - 1], &rows[i]) == 0;

		if (again || rows[i].first_day == 0)
			continue;
		out[left] = rows[i];
		out[left++].first_day = (uint16_t)(rows[i].first_day - first);
	}
	return left;
}

/* The lower median of each tier; -1: no day is known.  Uses up ROWS. */
static void
find_medians(struct reach *rows, size_t n, struct reach *days, int64_t medians[TIERS])
{
	size_t left = 0, end;

	qsort(rows, n, sizeof *rows, by_sku);
	for (size_t at = 0; at < n; at = end) {
		for (end = at + 1; end < n && rows[end].sku == rows[at].sku; end++)
			;
		left += count_days(&rows[at], end - at, &days[left]);
	}
	qsort(days, left, sizeof *days, by_tier_and_day);
	for (unsigned tier = 0; tier < TIERS; tier++)
		medians[tier] = -1;
	for (size_t at = 0; at < left; at = end) {
		for (end = at + 1; end < left && days[end].tier == days[at].tier; end++)
			;
		medians[days[at].tier] = days[at + (end - at - 1) / 2].first_day;
	}
}

/* ------------------------------------------------------------------------- the reply
 */

static void
fill_tier(const struct tiers_question *q, unsigned tier, Daybook__V1__TierRow *out)
{
	const struct dbk_row_tier *sum = &q->sums[tier];

	out->tier = tier;
	out->holders = q->holders[tier];
	out->stock = q->stock[tier];
	out->bought_units = sum->bought_units;
	out->bought_value = sum->bought_value;
	out->passed_units = sum->passed_units;
	out->passed_value = sum->passed_value;
	out->sold_units = sum->sold_units;
	out->sold_value = sum->sold_value;
	out->bought_at = dbk_network_ratio(sum->bought_value, 1, sum->bought_units);
	out->passed_at = dbk_network_ratio(sum->passed_value, 1, sum->passed_units);
	out->sold_at = dbk_network_ratio(sum->sold_value, 1, sum->sold_units);
	out->days_to_reach = q->medians[tier];
}

static void
fill_tiers(struct dbk_call *call, struct tiers_question *q,
	   Daybook__V1__ListTiersReply *reply)
{
	struct reach *rows = (void *)q->reached.bytes, *days;
	size_t n = q->reached.size / sizeof *rows;

	days = malloc((n + 1) * sizeof *days);
	reply->tiers =
	    dbk_call_messages(call, TIERS, &daybook__v1__tier_row__descriptor);
	if (days == NULL || reply->tiers == NULL) {
		call->exhausted = true;
		free(days);
		return;
	}
	find_medians(rows, n, days, q->medians);
	count_holders(rows, n, q->holders);
	free(days);
	for (unsigned tier = 0; tier < TIERS; tier++)
		if (q->is_there[tier])
			fill_tier(q, tier, reply->tiers[reply->n_tiers++]);
}

static bool
list_tiers(struct dbk_call *call, struct tiers_question *q,
	   Daybook__V1__ListTiersReply *reply)
{
	if (!walk(call, q, look_tiers))
		return false;
	if (q->sku.size > 0 && q->sku_id == 0)
		return dbk_call_not_found(call, "SKU_UNKNOWN", "sku", q->sku);
	if (!walk(call, q, look_positions) ||
	    (q->sku_id != 0 && !dbk_call_ask(call, look_prices, q)))
		return false;
	if (!call->exhausted)
		fill_tiers(call, q, reply);
	reply->size = q->size;
	reply->factory_price = q->factory_price;
	reply->list_price = q->list_price;
	reply->currency = call->currency->letters;
	reply->exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply->base);
}

bool
dbk_call_list_tiers(struct dbk_call *call)
{
	const Daybook__V1__ListTiersRequest *request =
	    dbk_call_request(call, &daybook__v1__list_tiers_request__descriptor);
	Daybook__V1__ListTiersReply reply = DAYBOOK__V1__LIST_TIERS_REPLY__INIT;
	struct tiers_question *q = dbk_call_take(call, 1, sizeof *q);
	bool ok;

	if (request == NULL || !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	if (q == NULL)
		return dbk_call_reply(call, &reply.base);
	q->sku = dbk_call_str(request->sku);
	dbk_buf_init(&q->reached);
	ok = list_tiers(call, q, &reply);
	dbk_buf_fini(&q->reached);
	return ok;
}
