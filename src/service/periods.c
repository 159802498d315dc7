/*
 * periods.c -- periods that were closed, and what stands in the way of closing one.
 *
 * The close itself is an event of the daemon's own (ledger/own_events.h).
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "books/look.h"
#include "query/journal.h"
#include "service/call.h"

#define US_PER_SECOND 1000000
#define US_PER_DAY (INT64_C(86400) * US_PER_SECOND)

/* -------------------------------------------------------------------- ListPeriods */

struct periods_question {
	struct dbk_call *call;
	Daybook__V1__ListPeriodsReply *reply;
};

static void
fill_period(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
	    const struct dbk_row_period *row, Daybook__V1__Period *out)
{
	out->period = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_PERIOD, id));
	out->from = dbk_call_timestamp(call, row->from);
	out->to = dbk_call_timestamp(call, row->to);
	out->position = row->position;
	out->balances_hash.data = dbk_call_take(call, 1, sizeof row->balances_hash);
	if (out->balances_hash.data == NULL)
		return;
	out->balances_hash.len = sizeof row->balances_hash;
	memcpy(out->balances_hash.data, row->balances_hash, sizeof row->balances_hash);
}

/* A month that tax was withheld in has its row before it is closed. */
static int
by_position(const void *a, const void *b)
{
	uint64_t left = (*(Daybook__V1__Period *const *)a)->position;
	uint64_t right = (*(Daybook__V1__Period *const *)b)->position;

	return left < right ? -1 : left > right;
}

/* The newest ones: days would make so many in thirty years. */
static void
look_periods(const struct dbk_books *books, void *answer)
{
	struct periods_question *q = answer;
	uint32_t newest = dbk_look_newest(books, DBK_LOOK_PERIODS);
	uint32_t first = newest > DBK_SERVICE_ASK_ROWS_MAX
			     ? newest - DBK_SERVICE_ASK_ROWS_MAX + 1
			     : 1;

	q->reply->size = dbk_books_size(books);
	q->reply->periods = dbk_call_messages(q->call, newest - first + 1,
					      &daybook__v1__period__descriptor);
	for (uint32_t id = first; q->reply->periods != NULL && id <= newest; id++) {
		struct dbk_row_period row = dbk_look_period(books, id);

		if (row.closed != 0)
			fill_period(q->call, books, id, &row,
				    q->reply->periods[q->reply->n_periods++]);
	}
}

bool
dbk_call_list_periods(struct dbk_call *call)
{
	const Daybook__V1__ListPeriodsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_periods_request__descriptor);
	Daybook__V1__ListPeriodsReply reply = DAYBOOK__V1__LIST_PERIODS_REPLY__INIT;
	struct periods_question q = { call, &reply };

	if (request == NULL || !dbk_call_wait_books(call, request->at_least_size) ||
	    !dbk_call_ask(call, look_periods, &q))
		return false;
	if (reply.n_periods > 0)
		qsort(reply.periods, reply.n_periods, sizeof(void *), by_position);
	return dbk_call_reply(call, &reply.base);
}

/* --------------------------------------------------------------------- CheckClose */

struct close_question {
	struct dbk_call *call;
	struct dbk_period_closed period;
	int64_t now;

	struct dbk_row_book book;
	bool is_closed;		/* a period of this name is */
	uint64_t facts_from;	/* position behind the last close */
	int64_t difference;	/* of the trial balance */
	int64_t unknown_before; /* payouts asked for before this must be known */
	uint32_t next_payout, next_hold; /* 0: all seen */
	uint64_t unknown, open, holds;
	uint64_t late;
	bool late_is_more;
	unsigned char hash[DBK_DIGEST_BYTES];
	Daybook__V1__CloseCheck *reply;
};

static int64_t
trial_balance(const struct dbk_books *books)
{
	uint64_t difference = 0;

	for (uint32_t code = 1; code < DBK_ACCOUNT_CODES; code++) {
		struct dbk_row_control row = dbk_look_control(books, code);

		difference += (uint64_t)row.debits - (uint64_t)row.credits;
	}
	return (int64_t)difference;
}

static void
look_book(const struct dbk_books *books, void *answer)
{
	struct close_question *q = answer;
	uint32_t id = dbk_look_find(books, DBK_SPACE_PERIOD, q->period.period);
	uint32_t days = 0, plan;

	q->reply->size = dbk_books_size(books);
	q->book = *dbk_look_book(books);
	q->is_closed = id != 0 && dbk_look_period(books, id).closed != 0;
	if (q->book.last_period != 0)
		q->facts_from =
		    dbk_look_period(books, q->book.last_period).position + 1;
	q->difference = trial_balance(books);
	plan = dbk_look_plan_at(books, q->period.to > q->book.clock ? q->period.to
								    : q->book.clock);
	if (plan != 0)
		days = dbk_look_plan(books, plan).scalars.close_unknown_days;
	q->unknown_before = q->period.to - days * US_PER_DAY;
	q->next_payout = dbk_look_newest(books, DBK_LOOK_PAYOUTS);
	q->next_hold = dbk_look_newest(books, DBK_LOOK_HOLDS);
	dbk_books_balances_hash(books, &q->period, q->hash);
}

static void
count_payout(struct close_question *q, const struct dbk_row_payout *row)
{
	if (row->state == DBK_PAYOUT_UNKNOWN)
		q->unknown += row->requested_at < q->unknown_before;
	if (row->state >= DBK_PAYOUT_REQUESTED && row->state <= DBK_PAYOUT_UNKNOWN)
		q->open += row->requested_at < q->period.to;
}

static void
look_open_items(const struct dbk_books *books, void *answer)
{
	struct close_question *q = answer;

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next_payout != 0; i++) {
		struct dbk_row_payout row = dbk_look_payout(books, q->next_payout--);

		count_payout(q, &row);
	}
	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next_hold != 0; i++)
		q->holds += dbk_look_hold(books, q->next_hold--).released == 0;
}

/* Facts of periods that were closed before them, since the last close; events that
 * posted something, as far as one answer reads. */
static bool
count_late(struct close_question *q)
{
	struct dbk_call *call = q->call;
	struct dbk_journal_query query = { .from = { q->facts_from, 0 } };
	struct dbk_journal_page page = { .at_end = false };
	struct dbk_error error = { 0 };
	struct dbk_arena arena;
	enum dbk_err err = DBK_OK;
	uint64_t looked = 0;

	if (q->book.last_period == 0 || dbk_view_size(call->view) < q->facts_from)
		return true;
	dbk_arena_init(&arena, DBK_SERVICE_ARENA_BYTES_MAX);
	while (err == DBK_OK && !page.at_end &&
	       looked < DBK_SERVICE_LATE_POSTINGS_MAX) {
		dbk_arena_reset(&arena);
		err = dbk_journal_read(call->view, &query, &arena, &page, &error);
		for (uint32_t i = 0; err == DBK_OK && i < page.n_events; i++)
			q->late += page.events[i].prior_period && !page.events[i].begun;
		looked += 1 + page.n_postings;
		query.from = page.next;
	}
	dbk_arena_fini(&arena);
	q->late_is_more = !page.at_end;
	return err == DBK_OK || dbk_call_view_failed(call, err, &error, dbk_str_of(""));
}

/* One item more; gives ITEM's ok. */
static void add_item(struct close_question *q, const char *item, bool ok, bool required,
		     int64_t measured, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

static void
add_item(struct close_question *q, const char *item, bool ok, bool required,
	 int64_t measured, const char *format, ...)
{
	Daybook__V1__CloseCheckItem *out = q->reply->items[q->reply->n_items++];
	char text[160];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	out->item = dbk_call_text(q->call, dbk_str_of(item));
	out->ok = ok;
	out->required = required;
	out->measured = measured;
	out->text = dbk_call_text(q->call, dbk_str_of(text));
	if (required && !ok)
		q->reply->can_close = false;
}

static void
add_bounds(struct close_question *q)
{
	int64_t clock = q->book.clock > q->now ? q->book.clock : q->now;
	int64_t ahead = (q->period.to - clock) / US_PER_SECOND;
	int64_t gap = 0;

	if (q->book.last_period != 0)
		gap = (q->period.from - q->book.closed_until) / US_PER_SECOND;
	if (q->is_closed)
		add_item(q, "period_gap", false, true, gap,
			 "a period of this name is closed already");
	else if (q->period.from >= q->period.to)
		add_item(q, "period_gap", false, true, gap,
			 "the period ends before it begins");
	else if (q->book.last_period != 0 && q->period.from != q->book.closed_until)
		add_item(q, "period_gap", false, true, gap,
			 "it begins %" PRId64 " s after the end of the last period",
			 gap);
	else
		add_item(q, "period_gap", true, true, gap,
			 "it begins where the last period ended, or is the first");
	if (q->period.to > clock)
		add_item(q, "period_ahead", false, true, ahead,
			 "it ends %" PRId64 " s from now", ahead);
	else
		add_item(q, "period_ahead", true, true, 0, "it is over");
}

static void
add_items(struct close_question *q)
{
	add_item(q, "trial_balance", q->difference == 0 && q->book.open != 0, true,
		 q->difference,
		 q->book.open == 0 ? "the book is not open"
				   : "debits less credits of all accounts");
	add_bounds(q);
	add_item(q, "payouts_unknown", q->unknown == 0, true, (int64_t)q->unknown,
		 "payouts of unknown fate that should be known by now");
	add_item(q, "payouts_open", q->open == 0, false, (int64_t)q->open,
		 "payouts asked for in the period and not settled");
	add_item(q, "holds", q->holds == 0, false, (int64_t)q->holds,
		 "holds and flags in force");
	add_item(q, "late_facts", q->late == 0, false, (int64_t)q->late,
		 "%sevents of closed periods that posted into this one",
		 q->late_is_more ? "at least: " : "");
}

static bool
reply_check(struct close_question *q)
{
	struct dbk_call *call = q->call;

	q->reply->items =
	    dbk_call_messages(call, 8, &daybook__v1__close_check_item__descriptor);
	if (q->reply->items == NULL)
		return dbk_call_reply(call, &q->reply->base);
	q->reply->can_close = true;
	add_items(q);
	q->reply->balances_hash.data = q->hash;
	q->reply->balances_hash.len = sizeof q->hash;
	return dbk_call_reply(call, &q->reply->base);
}

static bool
read_period(struct dbk_call *call, const Daybook__V1__ClosePeriodRequest *request,
	    struct dbk_period_closed *out)
{
	if (!dbk_call_needs(call, "period", request->period) ||
	    !dbk_call_time(call, "from", request->from, true, &out->from) ||
	    !dbk_call_time(call, "to", request->to, true, &out->to))
		return false;
	out->period = dbk_call_str(request->period);
	return (request->from != NULL || dbk_call_needs(call, "from", "")) &&
	       (request->to != NULL || dbk_call_needs(call, "to", ""));
}

bool
dbk_call_check_close(struct dbk_call *call)
{
	const Daybook__V1__ClosePeriodRequest *request =
	    dbk_call_request(call, &daybook__v1__close_period_request__descriptor);
	Daybook__V1__CloseCheck reply = DAYBOOK__V1__CLOSE_CHECK__INIT;
	struct close_question q = { .call = call, .reply = &reply };

	if (request == NULL || !read_period(call, request, &q.period) ||
	    !dbk_call_wait_view(call, 0, NULL, NULL))
		return false;
	q.now = call->port->now_us(call->port->context);
	if (!dbk_call_ask(call, look_book, &q))
		return false;
	while (q.next_payout != 0 || q.next_hold != 0)
		if (!dbk_call_ask(call, look_open_items, &q))
			return false;
	return count_late(&q) && reply_check(&q);
}
