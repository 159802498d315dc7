/*
 * network.c -- sell-in against sell-through of the whole network, by period and sku.
 *
 * The books have a row for each sku and day, in the order in which they came to be.  A
 * page goes through all of them, copies a step of them at a time on the books' thread
 * and adds them up on its own; it keeps those of its periods and skus that come first,
 * as many as it shows and one more.  What falls out of these is never missed, since
 * they only get smaller.
 */

#include "service/network.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/money.h"
#include "base/time.h"
#include "books/look_guards.h"
#include "service/call.h"

#define PPM 1000000
#define LETTER 'n'
#define SECONDS_PER_DAY 86400
#define DAY_BYTES 10 /* YYYY-MM-DD */
#define MONTHS_A_YEAR 12
#define FIRST_YEAR 1970

/* ----------------------------------------------------------------------------- sums */

int64_t
dbk_network_ratio(int64_t a, int64_t b, int64_t c)
{
	return c > 0 ? dbk_money_ratio(a, b, c) : -1;
}

void
dbk_network_add(struct dbk_network_total *total, const struct dbk_row_sku_day *row)
{
	total->issued = dbk_money_sum(total->issued, row->issued);
	total->returned = dbk_money_sum(total->returned, row->returned);
	total->passed = dbk_money_sum(total->passed, row->passed);
	total->sold = dbk_money_sum(total->sold, row->sold);
	total->retail = dbk_money_sum(total->retail, row->retail);
	total->friend_units = dbk_money_sum(total->friend_units, row->friend_units);
	total->friend_amount = dbk_money_sum(total->friend_amount, row->friend_amount);
	total->stranger_units =
	    dbk_money_sum(total->stranger_units, row->stranger_units);
	total->stranger_amount =
	    dbk_money_sum(total->stranger_amount, row->stranger_amount);
}

/* LESS is below 0 only if the sum of what came back is. */
static int64_t
difference(int64_t a, int64_t less)
{
	return dbk_money_sum(a, less == INT64_MIN ? INT64_MAX : -less);
}

int64_t
dbk_network_sell_through_ppm(const struct dbk_network_total *total)
{
	return dbk_network_ratio(total->sold > 0 ? total->sold : 0, PPM,
				 difference(total->issued, total->returned));
}

/* ------------------------------------------------------------------------ the walk */

/* Sums of a period and a sku. */
struct network_sum {
	uint64_t key; /* period plus one, and the sku below it (0: all) */
	struct dbk_network_total total;
};

struct network_question {
	struct dbk_call *call;
	Daybook__V1__NetworkPeriod period;
	struct dbk_str sku; /* empty: any */
	uint32_t sku_id;
	bool by_sku;
	uint32_t from, to; /* days, both included */
	uint64_t first_key;
	uint32_t rows_max;

	/* One step. */
	uint32_t next; /* 0: all have been looked at */
	struct dbk_row_sku_day *rows;
	uint32_t n_rows;
	uint64_t size;

	/* The sums that come first so far, in no order; ORDER has them in that of their
	 * keys. */
	struct network_sum *sums;
	uint32_t *order;
	uint32_t n_sums;

	Daybook__V1__NetworkRow **out;
	uint32_t n_out;
};

static void
look_days(const struct dbk_books *books, void *answer)
{
	struct network_question *q = answer;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_SKU_DAYS);

	q->size = dbk_books_size(books);
	q->n_rows = 0;
	if (q->sku.size > 0)
		q->sku_id = dbk_look_find(books, DBK_SPACE_SKU, q->sku);
	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++) {
		const struct dbk_row_sku_day *row = dbk_look_sku_day(books, q->next++);

		if (row->day >= q->from && row->day <= q->to &&
		    (q->sku.size == 0 || row->sku == q->sku_id))
			q->rows[q->n_rows++] = *row;
	}
	if (q->next > newest)
		q->next = 0;
}

static uint32_t
month_of(uint32_t day)
{
	int year, month, day_of_month;

	dbk_time_civil_of_days(day, &year, &month, &day_of_month);
	return (uint32_t)((year - FIRST_YEAR) * MONTHS_A_YEAR + month - 1);
}

static uint64_t
key_of(const struct network_question *q, const struct dbk_row_sku_day *row)
{
	uint64_t period = 0;

	if (q->period == DAYBOOK__V1__NETWORK_PERIOD__NETWORK_DAY)
		period = row->day;
	else if (q->period == DAYBOOK__V1__NETWORK_PERIOD__NETWORK_MONTH)
		period = month_of(row->day);
	return (period + 1) << 32 | (q->by_sku ? row->sku : 0);
}

/* Where KEY stands in the order, or would. */
static uint32_t
place_of(const struct network_question *q, uint64_t key)
{
	uint32_t low = 0, high = q->n_sums;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (q->sums[q->order[middle]].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Make room for KEY at PLACE, where the last one falls out if there are enough. */
static struct network_sum *
insert(struct network_question *q, uint32_t place, uint64_t key)
{
	uint32_t slot = q->n_sums > q->rows_max ? q->order[q->n_sums - 1] : q->n_sums++;

	memmove(&q->order[place + 1], &q->order[place],
		(q->n_sums - 1 - place) * sizeof *q->order);
	q->order[place] = slot;
	q->sums[slot] = (struct network_sum){ .key = key };
	return &q->sums[slot];
}

static void
add_row(struct network_question *q, const struct dbk_row_sku_day *row)
{
	uint64_t key = key_of(q, row);
	struct network_sum *sum;
	uint32_t place;

	if (key < q->first_key)
		return;
	place = place_of(q, key);
	if (place > q->rows_max)
		return;
	if (place < q->n_sums && q->sums[q->order[place]].key == key)
		sum = &q->sums[q->order[place]];
	else
		sum = insert(q, place, key);
	dbk_network_add(&sum->total, row);
}

static bool
too_many(struct dbk_call *call)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED, "LIMIT",
			     "more than %d skus and days to add up",
			     DBK_SERVICE_SKU_DAYS_MAX);
	return false;
}

static bool
add_up(struct dbk_call *call, struct network_question *q)
{
	for (uint32_t looked = 0; q->next != 0; looked += DBK_SERVICE_ASK_ROWS_MAX) {
		if (looked >= DBK_SERVICE_SKU_DAYS_MAX)
			return too_many(call);
		if (!dbk_call_ask(call, look_days, q))
			return false;
		if (q->sku.size > 0 && q->sku_id == 0)
			return dbk_call_not_found(call, "SKU_UNKNOWN", "sku", q->sku);
		for (uint32_t i = 0; i < q->n_rows; i++)
			add_row(q, &q->rows[i]);
	}
	return true;
}

/* ------------------------------------------------------------------------ the rows */

static void
look_names(const struct dbk_books *books, void *answer)
{
	struct network_question *q = answer;

	for (uint32_t i = 0; i < q->n_out; i++) {
		uint32_t sku = (uint32_t)q->sums[q->order[i]].key;

		if (sku != 0)
			q->out[i]->sku = dbk_call_text(
			    q->call, dbk_look_name(books, DBK_SPACE_SKU, sku));
	}
}

static void
fill_period(const struct network_question *q, uint64_t key,
	    Daybook__V1__NetworkRow *out)
{
	uint32_t period = (uint32_t)(key >> 32) - 1;
	char text[32] = "";
	int year, month, day;

	if (q->period == DAYBOOK__V1__NETWORK_PERIOD__NETWORK_DAY) {
		dbk_time_civil_of_days(period, &year, &month, &day);
		(void)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
	} else if (q->period == DAYBOOK__V1__NETWORK_PERIOD__NETWORK_MONTH) {
		(void)snprintf(text, sizeof text, "%04" PRIu32 "-%02" PRIu32,
			       FIRST_YEAR + period / MONTHS_A_YEAR,
			       period % MONTHS_A_YEAR + 1);
	}
	out->period = dbk_call_text(q->call, dbk_str_of(text));
}

static void
fill_row(const struct network_question *q, const struct network_sum *sum,
	 Daybook__V1__NetworkRow *out)
{
	const struct dbk_network_total *total = &sum->total;

	fill_period(q, sum->key, out);
	out->issued = total->issued;
	out->returned = total->returned;
	out->passed = total->passed;
	out->sold = total->sold;
	out->retail = total->retail;
	out->sell_through_ppm = dbk_network_sell_through_ppm(total);
	out->multi_count_ppm = dbk_network_ratio(
	    dbk_money_sum(total->issued, total->passed), PPM, total->retail);
	out->friend_price =
	    dbk_network_ratio(total->friend_amount, 1, total->friend_units);
	out->stranger_price =
	    dbk_network_ratio(total->stranger_amount, 1, total->stranger_units);
}

static bool
fill_rows(struct dbk_call *call, struct network_question *q,
	  Daybook__V1__ListNetworkReply *reply)
{
	struct dbk_next next = { .token = "" };

	q->n_out = q->n_sums < q->rows_max ? q->n_sums : q->rows_max;
	q->out =
	    dbk_call_messages(call, q->n_out, &daybook__v1__network_row__descriptor);
	if (q->out == NULL)
		return true;
	for (uint32_t i = 0; i < q->n_out; i++)
		fill_row(q, &q->sums[q->order[i]], q->out[i]);
	if (q->by_sku && q->n_out > 0 && !dbk_call_ask(call, look_names, q))
		return false;
	if (q->n_sums > q->rows_max)
		dbk_page_stop(LETTER, q->size, q->sums[q->order[q->rows_max]].key,
			      &next);
	reply->next_page_token = dbk_call_text(call, dbk_str_of(next.token));
	reply->rows = q->out;
	reply->n_rows = q->n_out;
	return true;
}

/* --------------------------------------------------------------------- the request */

static bool
read_period(struct dbk_call *call, const Daybook__V1__ListNetworkRequest *request,
	    struct network_question *q)
{
	int32_t period = (int32_t)request->period;
	char text[24];

	q->period = request->period;
	if (period == 0)
		q->period = DAYBOOK__V1__NETWORK_PERIOD__NETWORK_MONTH;
	if (period >= 0 && period <= DAYBOOK__V1__NETWORK_PERIOD__NETWORK_WHOLE)
		return true;
	(void)snprintf(text, sizeof text, "%" PRId32, period);
	return dbk_call_bad(call, "PERIOD", "period", dbk_str_of(text),
			    "there is no such period");
}

/* The day that TEXT names, NONE if it is empty. */
static bool
read_day(struct dbk_call *call, const char *field, const char *text, uint32_t none,
	 uint32_t *out)
{
	struct dbk_str day = dbk_call_str(text);
	char time[40];
	int64_t seconds;
	int32_t nanos;

	*out = none;
	if (day.size == 0)
		return true;
	(void)snprintf(time, sizeof time, "%.10sT00:00:00Z", text);
	if (day.size != DAY_BYTES ||
	    !dbk_time_parse(dbk_str_of(time), &seconds, &nanos))
		return dbk_call_bad(call, "TIME", field, day,
				    "not a day of the years 1970 to 9999, YYYY-MM-DD");
	*out = (uint32_t)(seconds / SECONDS_PER_DAY);
	return true;
}

static bool
read_page(struct dbk_call *call, const Daybook__V1__ListNetworkRequest *request,
	  struct network_question *q)
{
	struct dbk_page_start start;
	struct dbk_page page;

	if (!dbk_call_page(call, request->page_size, request->page_token, &page))
		return false;
	q->rows_max = page.rows_max;
	if (page.token.size == 0)
		return true;
	if (dbk_page_start(&page, LETTER, &start, NULL) != DBK_OK)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token", page.token,
				    "not a token of this listing");
	q->first_key = start.place;
	return true;
}

static bool
read_request(struct dbk_call *call, const Daybook__V1__ListNetworkRequest *request,
	     struct network_question *q)
{
	q->sku = dbk_call_str(request->sku);
	q->by_sku = request->by_sku || q->sku.size > 0;
	q->next = 1;
	return read_period(call, request, q) &&
	       read_day(call, "from", request->from, 0, &q->from) &&
	       read_day(call, "to", request->to, UINT32_MAX, &q->to) &&
	       read_page(call, request, q);
}

bool
dbk_call_list_network(struct dbk_call *call)
{
	const Daybook__V1__ListNetworkRequest *request =
	    dbk_call_request(call, &daybook__v1__list_network_request__descriptor);
	Daybook__V1__ListNetworkReply reply = DAYBOOK__V1__LIST_NETWORK_REPLY__INIT;
	struct network_question q = { .call = call };

	if (request == NULL || !read_request(call, request, &q) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.rows = dbk_call_take(call, DBK_SERVICE_ASK_ROWS_MAX, sizeof *q.rows);
	q.sums = dbk_call_take(call, (size_t)q.rows_max + 1, sizeof *q.sums);
	q.order = dbk_call_take(call, (size_t)q.rows_max + 1, sizeof *q.order);
	if (!call->exhausted && (!add_up(call, &q) || !fill_rows(call, &q, &reply)))
		return false;
	reply.size = q.size;
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}
