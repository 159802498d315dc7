/*
 * test_report_finance.c -- the finance report of a book in which money went every way:
 * whatever it says by month or by age adds up to what the books hold.
 */

#include "../tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

#include "../tests/lib/money_events.h"
#include "base/money.h"
#include "books/look_goods.h"
#include "event/decode.h"
#include "report/finance.h"

#define EVENTS 6000u

static void
must(enum dbk_err err, const char *what)
{
	struct dbk_error error = { .code = err };

	check_must(err, &error, what);
}

/* A book that was fed, and what was seen of it. */
struct fed {
	struct dbk_books *books;
	struct dbk_ledger_months *months;
	struct dbk_effects effects;
	struct dbk_arena arena;
	struct dbk_study *study;
	struct dbk_report_source source;
	struct dbk_buf batch;
	struct dbk_str events[EVENTS + 2]; /* by position */
	struct dbk_str event;		   /* to be decided next */
	int64_t deducted;		   /* by hand */
	uint64_t settled, requested, rejected;
};

static bool
look_back(void *context, uint64_t position, struct dbk_str *out)
{
	const struct fed *fed = context;

	*out = fed->events[position];
	return true;
}

static void
feed_event(struct fed *fed, const struct dbk_event *event)
{
	struct dbk_verdict verdict;

	dbk_effects_reset(&fed->effects, dbk_books_size(fed->books));
	fed->events[dbk_books_size(fed->books)] = fed->event;
	must(dbk_books_decide(fed->books, event, &fed->effects, &fed->arena, &verdict),
	     "a decision");
	dbk_books_commit(fed->books);
	if (verdict.outcome == DBK_DUPLICATE)
		return;
	must(dbk_ledger_months_add(fed->months, event, &verdict, &fed->effects),
	     "the months");
	if (verdict.outcome != DBK_ACCEPTED) {
		fed->source.refused++;
		return;
	}
	fed->source.accepted++;
	fed->settled += event->type == DBK_EVENT_PAYOUT_SETTLED;
	fed->requested += event->type == DBK_EVENT_PAYOUT_REQUESTED;
	fed->rejected += event->type == DBK_EVENT_PAYOUT_REJECTED;
	if (event->type == DBK_EVENT_MANUAL_ADJUSTMENT &&
	    event->u.manual_adjustment.deduct)
		fed->deducted += event->u.manual_adjustment.amount;
}

/* The field of an EventBatch at *AT. */
static struct dbk_str
next_event(const struct dbk_buf *batch, size_t *at)
{
	uint32_t size = 0;

	CHECK_INT(batch->bytes[(*at)++], 0x0a);
	for (unsigned shift = 0;; shift += 7) {
		unsigned char byte = (unsigned char)batch->bytes[(*at)++];

		size |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			break;
	}
	*at += size;
	return dbk_str_make(batch->bytes + *at - size, size);
}

static void
feed(struct fed *fed, uint32_t n)
{
	size_t at = 0;

	dbk_buf_init(&fed->batch);
	money_events_put_many(0, n, &fed->batch);
	while (at < fed->batch.size) {
		struct dbk_event_fault fault;
		struct dbk_event event;

		dbk_arena_reset(&fed->arena);
		fed->event = next_event(&fed->batch, &at);
		if (!CHECK(dbk_event_decode(fed->event, &fed->arena, &event, &fault)))
			break;
		event.source = dbk_str_of("shop");
		feed_event(fed, &event);
	}
}

static enum dbk_rule
close_month(struct fed *fed, int64_t to)
{
	struct dbk_event event = { .type = DBK_EVENT_PERIOD_CLOSED,
				   .source = dbk_str_of("shop"),
				   .effective_at = dbk_look_book(fed->books)->clock };
	struct dbk_period_closed what = { .period = dbk_str_of("2024-06"),
					  .from = to - 1000000,
					  .to = to };
	unsigned char hash[DBK_DIGEST_BYTES];
	uint64_t accepted = fed->source.accepted;

	dbk_books_balances_hash(fed->books, &what, hash);
	what.balances_hash = dbk_str_make(hash, sizeof hash);
	event.u.period_closed = what;
	feed_event(fed, &event);
	CHECK_INT(fed->source.accepted, accepted + 1);
	return DBK_RULE_NONE;
}

static void
open_fed(struct fed *fed, uint32_t n)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES] = { 6 };

	*fed = (struct fed){ .source = { .options = { .from_day = INT32_MIN,
						      .to_day = INT32_MAX },
					 .program = "daybook test" } };
	must(dbk_books_open(key, &fed->books), "books");
	dbk_books_set_history(fed->books, look_back, fed);
	must(dbk_ledger_months_open(fed->books, &fed->months), "months");
	must(dbk_study_open(&fed->source.options, &fed->study), "a study");
	must(dbk_study_end(fed->study), "its end");
	dbk_effects_init(&fed->effects);
	dbk_arena_init(&fed->arena, (size_t)1 << 24);
	feed(fed, n);
	fed->source.books = fed->books;
	fed->source.study = fed->study;
	fed->source.size = dbk_books_size(fed->books);
}

static void
close_fed(struct fed *fed)
{
	dbk_study_close(fed->study);
	dbk_ledger_months_close(fed->months);
	dbk_effects_fini(&fed->effects);
	dbk_arena_fini(&fed->arena);
	dbk_buf_fini(&fed->batch);
	dbk_books_close(fed->books);
}

static int64_t
credit(const struct fed *fed, enum dbk_account_code code)
{
	struct dbk_row_control sums = dbk_look_control(fed->books, code);

	return sums.credits - sums.debits;
}

static void
check_balances(const Daybook__Report__V1__FinanceReport *report)
{
	int64_t sum = 0, debits = 0, credits = 0;

	CHECK(report->n_trial_balance > 10);
	for (size_t i = 0; i < report->n_trial_balance; i++) {
		const Daybook__Report__V1__TrialBalanceRow *row =
		    report->trial_balance[i];

		CHECK(i == 0 || row->number > report->trial_balance[i - 1]->number);
		CHECK_INT(row->balance, row->debits - row->credits);
		sum += row->balance;
		debits += row->debits;
		credits += row->credits;
	}
	CHECK_INT(sum, 0);
	CHECK_INT(debits, credits);
}

static void
check_ages(const struct fed *fed, const Daybook__Report__V1__FinanceReport *report)
{
	const int64_t wanted[] = {
		credit(fed, DBK_COMMISSION_PENDING),
		credit(fed, DBK_COMMISSION_HELD),
		credit(fed, DBK_COMMISSION_AVAILABLE),
		-credit(fed, DBK_CLAWBACK_RECEIVABLE),
		credit(fed, DBK_ESCROW),
		credit(fed, DBK_PAYOUT_RESERVED) + credit(fed, DBK_PAYOUT_IN_TRANSIT),
	};

	CHECK_INT(report->n_ageing, sizeof wanted / sizeof wanted[0]);
	for (size_t i = 0; i < report->n_ageing; i++) {
		const Daybook__Report__V1__AgeingRow *row = report->ageing[i];

		CHECK_INT(row->total, wanted[i]);
		CHECK_INT(row->to_30 + row->to_60 + row->to_90 + row->to_180 +
			      row->older,
			  row->total);
		CHECK((row->rows > 0) == (row->total > 0));
	}
}

static void
check_earned(const struct fed *fed, const Daybook__Report__V1__FinanceReport *report)
{
	int64_t accrued = 0, reversed = 0, owed = 0, clawed = 0, left = 0;

	for (uint32_t id = 1; id <= dbk_look_newest(fed->books, DBK_LOOK_EARNINGS);
	     id++) {
		struct dbk_row_earning row = dbk_look_earning(fed->books, id);

		if (row.state == DBK_EARNING_UNASSIGNED ||
		    row.state == DBK_EARNING_EXPECTED ||
		    row.kind == DBK_EARNING_TAX_BACK)
			continue;
		accrued += row.accrued;
		reversed += row.reversed;
	}
	for (size_t i = 0; i < report->n_earnings; i++) {
		accrued -= report->earnings[i]->accrued;
		reversed -= report->earnings[i]->reversed;
		clawed += report->earnings[i]->clawed_back;
	}
	CHECK_INT(accrued, 0);
	CHECK_INT(reversed, -fed->deducted);
	for (size_t i = 0; i < report->n_clawbacks; i++) {
		const Daybook__Report__V1__ClawbackRow *row = report->clawbacks[i];

		owed += row->owed;
		clawed -= row->reversed;
		left += row->reversed - row->repaid - row->written_off - row->owed;
		CHECK(i == 0 || row->owed <= report->clawbacks[i - 1]->owed);
	}
	CHECK(report->n_clawbacks > 0);
	CHECK_INT(owed, -credit(fed, DBK_CLAWBACK_RECEIVABLE));
	CHECK_INT(clawed, 0);
	CHECK_INT(left, 0);
}

static void
check_payouts(const struct fed *fed, const Daybook__Report__V1__FinanceReport *report)
{
	uint64_t requested = 0, settled = 0, denied = 0;
	int64_t gross = 0, net = 0, returned = 0, paid = 0;

	for (size_t i = 0; i < report->n_payout_months; i++) {
		const Daybook__Report__V1__PayoutMonthRow *row =
		    report->payout_months[i];

		requested += row->requested;
		settled += row->settled;
		denied += row->denied;
		gross += row->gross;
		net += row->net;
		returned += row->returned;
		paid += report->earnings[i]->paid;
		CHECK_INT(row->gross - row->tax, row->net);
	}
	CHECK(fed->settled > 0 && fed->rejected > 0);
	CHECK_INT(requested, fed->requested);
	CHECK_INT(settled, fed->settled);
	CHECK_INT(denied, fed->rejected);
	CHECK_INT(paid, net - returned);
	for (uint32_t id = 1; id <= dbk_look_newest(fed->books, DBK_LOOK_PAYOUTS);
	     id++) {
		struct dbk_row_payout row = dbk_look_payout(fed->books, id);

		if (row.positions[DBK_PAYOUT_SETTLED] != 0)
			gross -= row.gross;
		returned -= row.returned;
	}
	CHECK_INT(gross, 0);
	CHECK_INT(returned, 0);
	CHECK_INT(report->n_payouts + report->payouts_left_out, fed->requested);
	for (size_t i = 0; i < report->n_payouts; i++) {
		const Daybook__Report__V1__PayoutRow *row = report->payouts[i];

		CHECK(i == 0 || row->gross <= report->payouts[i - 1]->gross);
		CHECK(row->evidence > 0 && row->evidence <= report->n_evidence);
		CHECK(row->requested_at != NULL && row->agent[0] == 'A');
	}
}

static void
test_empty(void)
{
	struct dbk_arena arena;
	static struct fed fed;
	Daybook__Report__V1__FinanceReport *report;

	open_fed(&fed, 1);
	dbk_arena_init(&arena, (size_t)1 << 20);
	report = dbk_finance_make(&fed.source, fed.months, &arena);
	CHECK_INT(report->n_trial_balance + report->n_earnings + report->n_payouts +
		      report->n_clawbacks + report->n_periods,
		  0);
	CHECK_INT(report->n_ageing, DBK_WAITS);
	CHECK_INT(report->ageing[0]->total, 0);
	dbk_arena_fini(&arena);
	close_fed(&fed);
}

static void
test_adds_up(void)
{
	struct dbk_arena arena;
	static struct fed fed;
	Daybook__Report__V1__FinanceReport *report;

	open_fed(&fed, EVENTS);
	close_month(&fed, dbk_look_book(fed.books)->clock);
	dbk_arena_init(&arena, (size_t)1 << 24);
	report = dbk_finance_make(&fed.source, fed.months, &arena);
	if (CHECK(report != NULL)) {
		check_balances(report);
		check_ages(&fed, report);
		check_earned(&fed, report);
		check_payouts(&fed, report);
		CHECK_INT(report->n_periods, 1);
		CHECK(strcmp(report->periods[0]->period, "2024-06") == 0);
		CHECK_INT(strlen(report->periods[0]->balances_hash), 64);
		CHECK_INT(report->periods[0]->position, fed.source.size);
	}
	dbk_arena_fini(&arena);
	close_fed(&fed);
}

static void
test_window(void)
{
	struct dbk_arena arena;
	static struct fed fed;
	Daybook__Report__V1__FinanceReport *report;

	open_fed(&fed, EVENTS);
	/* The first is of 2024-06-01, day 19875; June is what is asked for. */
	fed.source.options.from_day = 19875;
	fed.source.options.to_day = 19876;
	dbk_arena_init(&arena, (size_t)1 << 24);
	report = dbk_finance_make(&fed.source, fed.months, &arena);
	CHECK_INT(report->n_earnings, 1);
	CHECK(strcmp(report->earnings[0]->month, "2024-06") == 0);
	CHECK(report->n_payouts < fed.requested);
	CHECK_INT(report->payouts_left_out, 0);
	check_balances(report);
	check_ages(&fed, report);
	fed.source.options.to_day = 19875;
	fed.source.options.from_day = 0;
	report = dbk_finance_make(&fed.source, fed.months, &arena);
	CHECK_INT(report->n_earnings + report->n_payouts, 0);
	dbk_arena_fini(&arena);
	close_fed(&fed);
}

static void
test_same_bytes(void)
{
	unsigned char *bytes[2] = { NULL, NULL };
	size_t sizes[2] = { 0, 0 };

	for (int i = 0; i < 2; i++) {
		struct dbk_arena arena;
		static struct fed fed;
		Daybook__Report__V1__FinanceReport *report;

		open_fed(&fed, 2000);
		dbk_arena_init(&arena, (size_t)1 << 24);
		report = dbk_finance_make(&fed.source, fed.months, &arena);
		sizes[i] = protobuf_c_message_get_packed_size(&report->base);
		bytes[i] = malloc(sizes[i]);
		(void)protobuf_c_message_pack(&report->base, bytes[i]);
		dbk_arena_fini(&arena);
		close_fed(&fed);
	}
	CHECK_INT(sizes[0], sizes[1]);
	CHECK(sizes[0] == sizes[1] && memcmp(bytes[0], bytes[1], sizes[0]) == 0);
	free(bytes[0]);
	free(bytes[1]);
}

static void
test_no_memory(void)
{
	static struct fed fed;

	open_fed(&fed, 2000);
	for (size_t cap = 64; cap < (size_t)1 << 19; cap = cap * 3 / 2) {
		struct dbk_arena arena;

		dbk_arena_init(&arena, cap);
		if (dbk_finance_make(&fed.source, fed.months, &arena) != NULL)
			CHECK(cap > 4096);
		dbk_arena_fini(&arena);
	}
	close_fed(&fed);
}

int
main(void)
{
	check_run("a book without money has nothing to tell", test_empty);
	check_run("all figures add up to what the books hold", test_adds_up);
	check_run("months and payouts are of the window, balances are not",
		  test_window);
	check_run("the same events make the same bytes", test_same_bytes);
	check_run("without memory there is no report", test_no_memory);
	return check_end();
}
