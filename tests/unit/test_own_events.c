/*
 * test_own_events.c -- what the daemon appends itself: the clock goes on, a period is
 * closed, a digest is recorded.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "books/look.h"
#include "daybook/v1/service.pb-c.h"
#include "ledger/own_events.h"
#include "ledger/replay.h"

#define DAY_US INT64_C(86400000000)
#define JANUARY_1 INT64_C(1767225600000000)
#define NOW (JANUARY_1 + 60 * DAY_US)

typedef Daybook__V1__AppendReply append_reply;

static struct served_book book;

static const struct dbk_books *
books(void)
{
	return dbk_ledger_books(book.ledger);
}

static int64_t
clock_of_book(void)
{
	return dbk_look_book(books())->clock;
}

/* Days into January, 0 for midnight of the first. */
static int64_t
day(int64_t n)
{
	return JANUARY_1 + n * DAY_US;
}

/* The group that was admitted is on disk; its only answer. */
static append_reply *
commit(const struct dbk_buf *bytes)
{
	struct dbk_error error = { 0 };
	append_reply *reply =
	    daybook__v1__append_reply__unpack(NULL, bytes->size, bytes->bytes);

	CHECK_INT(dbk_ledger_commit(book.ledger, &error), DBK_OK);
	dbk_ledger_swap_effects(book.ledger, &book.effects);
	served_book_catch_up(&book);
	if (!CHECK(reply != NULL && reply->n_results == 1))
		abort();
	CHECK(strcmp(reply->source, "daybook") == 0);
	return reply;
}

static append_reply *
close_period(const char *name, int64_t from, int64_t to, int64_t now)
{
	struct dbk_period_closed period = { .period = dbk_str_of(name),
					    .from = from,
					    .to = to };
	struct dbk_error error = { 0 };
	append_reply *reply;
	struct dbk_buf bytes;

	dbk_buf_init(&bytes);
	dbk_ledger_begin(book.ledger, NOW);
	CHECK_INT(dbk_own_close_period(book.ledger, &period, now, &bytes, &error),
		  DBK_ADMITTED);
	reply = commit(&bytes);
	dbk_buf_fini(&bytes);
	return reply;
}

/* Close a period and look at nothing but the outcome and, if refused, the rule. */
static int
outcome_of_close(const char *name, int64_t from, int64_t to, int64_t now, int *out_rule)
{
	append_reply *reply = close_period(name, from, to, now);
	int outcome = (int)reply->results[0]->outcome;

	*out_rule = reply->results[0]->refusal == NULL
			? 0
			: (int)reply->results[0]->refusal->rule;
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	return outcome;
}

/* --------------------------------------------------------------------------- clock */

static void
advance(int64_t at, int outcome)
{
	struct dbk_error error = { 0 };
	append_reply *reply;
	struct dbk_buf bytes;

	dbk_buf_init(&bytes);
	dbk_ledger_begin(book.ledger, NOW);
	CHECK_INT(dbk_own_advance_clock(book.ledger, at, &bytes, &error), DBK_ADMITTED);
	reply = commit(&bytes);
	CHECK_INT(reply->results[0]->outcome, outcome);
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	dbk_buf_fini(&bytes);
}

static void
test_names(void)
{
	CHECK(dbk_own_is_source(dbk_str_of("daybook")));
	CHECK(!dbk_own_is_source(dbk_str_of("daybook ")));
	CHECK(!dbk_own_is_source(dbk_str_of("Daybook")));
	CHECK(!dbk_own_is_source(dbk_str_of("")));
}

static void
test_clock(void)
{
	served_book_open(&book);
	CHECK_INT(dbk_own_due_at(books()), INT64_MAX);
	served_book_close(&book);

	served_money_open(&book);
	CHECK_INT(dbk_own_due_at(books()), INT64_MAX);
	served_book_append(&book, "shop",
			   "{" DAY_02
			   "," SALE("o1", "100000", ",'deliveredAt':" TIME_02) "}");
	/* Three days after receipt. */
	CHECK_INT(dbk_own_due_at(books()), day(4));
	advance(day(4) - 1, DBK_ACCEPTED);
	CHECK_INT(dbk_own_due_at(books()), day(4));
	served_money_expect_part(&book, "GetAgentStatement", "{'agent':'bea'}",
				 "'closing':{'pending':'10000','total':'10000'}");
	advance(day(4), DBK_ACCEPTED);
	CHECK_INT(dbk_own_due_at(books()), INT64_MAX);
	CHECK_INT(clock_of_book(), day(4));
	served_money_expect_part(&book, "GetAgentStatement", "{'agent':'bea'}",
				 "'closing':{'available':'10000','total':'10000'}");
	/* The same microsecond again is the same event. */
	advance(day(4), DBK_DUPLICATE);
	served_money_expect_part(&book, "GetSource", "{'source':'daybook'}",
				 "'batches':'3','accepted':'2','duplicates':'1'");
	served_book_close(&book);
}

/* --------------------------------------------------------------------------- close */

static void
test_close(void)
{
	uint64_t size, first;
	append_reply *reply;
	int rule;

	served_money_trade(&book); /* the clock shows the 6th */
	size = served_book_size(&book);
	reply = close_period("w1", day(0), day(5), NOW);
	CHECK_INT(reply->results[0]->outcome, DBK_ACCEPTED);
	first = reply->results[0]->position;
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	/* The clock was past the end: one record. */
	CHECK_INT(first, size);
	CHECK_INT(served_book_size(&book), size + 1);
	served_money_expect_part(&book, "ListPeriods", "{}",
				 "'periods':[{'period':'w1','from':" TIME_01
				 ",'to':" TIME_06 ",'balancesHash':'");

	/* Once more, later: the same close. */
	served_book_append(&book, "shop", "{" DAY_07 "," SALE("o5", "100", "") "}");
	reply = close_period("w1", day(0), day(5), NOW + 1);
	CHECK_INT(reply->results[0]->outcome, DBK_DUPLICATE);
	CHECK_INT(reply->results[0]->position, first);
	daybook__v1__append_reply__free_unpacked(reply, NULL);

	/* The name with other bounds is another close. */
	CHECK_INT(outcome_of_close("w1", day(0), day(6), NOW, &rule), DBK_REFUSED);
	CHECK_INT(rule, DBK_RULE_CONFLICT);
	CHECK_INT(outcome_of_close("w2", day(6), day(7), NOW, &rule), DBK_REFUSED);
	CHECK_INT(rule, DBK_RULE_PERIOD_GAP);
	CHECK_INT(outcome_of_close("w2", day(5), day(6), NOW, &rule), DBK_ACCEPTED);
	dbk_books_check(books());
	served_book_close(&book);
}

/* The end of the period is ahead of the book, but not of the world. */
static void
test_close_moves_the_clock(void)
{
	uint64_t size;
	int rule;

	served_money_open(&book);
	served_book_append(&book, "shop",
			   "{" DAY_02
			   "," SALE("o1", "100000", ",'deliveredAt':" TIME_02) "}");
	size = served_book_size(&book);
	CHECK_INT(outcome_of_close("w1", day(0), day(9), day(9) - 1, &rule),
		  DBK_REFUSED);
	CHECK_INT(rule, DBK_RULE_PERIOD_AHEAD);
	CHECK_INT(clock_of_book(), day(1));
	CHECK_INT(served_book_size(&book), size + 1);
	CHECK_INT(outcome_of_close("w1", day(0), day(9), day(9), &rule), DBK_ACCEPTED);
	CHECK_INT(clock_of_book(), day(9));
	CHECK_INT(served_book_size(&book), size + 3);
	/* What was due by then belongs to the period. */
	served_money_expect_part(&book, "GetAgentStatement", "{'agent':'bea'}",
				 "'closing':{'available':'10000','total':'10000'}");
	served_book_close(&book);
}

static void
test_close_that_is_none(void)
{
	int rule;

	served_book_open(&book);
	CHECK_INT(outcome_of_close("w1", day(0), day(1), NOW, &rule), DBK_REFUSED);
	CHECK_INT(rule, DBK_RULE_BOOK_NOT_OPEN);
	served_book_close(&book);

	served_money_trade(&book);
	CHECK_INT(outcome_of_close("", day(0), day(30), NOW, &rule), DBK_INVALID);
	CHECK_INT(outcome_of_close("w1", DBK_TIME_ABSENT, day(30), NOW, &rule),
		  DBK_INVALID);
	CHECK_INT(outcome_of_close("w1", day(0), DBK_TIME_ABSENT, NOW, &rule),
		  DBK_INVALID);
	CHECK_INT(outcome_of_close("w1", day(30), day(30), NOW, &rule), DBK_INVALID);
	CHECK_INT(clock_of_book(), day(5));
	served_book_close(&book);
}

/* -------------------------------------------------------------------------- digest */

static void
record_digest(int outcome, int rule)
{
	struct dbk_error error = { 0 };
	append_reply *reply;
	struct dbk_buf bytes;

	dbk_buf_init(&bytes);
	dbk_ledger_begin(book.ledger, NOW);
	CHECK_INT(dbk_own_record_digest(book.ledger, NOW, &bytes, &error),
		  DBK_ADMITTED);
	reply = commit(&bytes);
	CHECK_INT(reply->results[0]->outcome, outcome);
	CHECK_INT(reply->results[0]->refusal == NULL
		      ? 0
		      : (int)reply->results[0]->refusal->rule,
		  rule);
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	dbk_buf_fini(&bytes);
}

static void
test_digest(void)
{
	int64_t clock;
	uint64_t size;

	served_book_open(&book);
	record_digest(DBK_REFUSED, DBK_RULE_BOOK_NOT_OPEN);
	served_book_close(&book);

	served_money_trade(&book);
	size = served_book_size(&book);
	clock = clock_of_book();
	record_digest(DBK_ACCEPTED, 0);
	record_digest(DBK_ACCEPTED, 0);
	CHECK_INT(served_book_size(&book), size + 2);
	CHECK_INT(clock_of_book(), clock);
	dbk_books_check(books());
	served_book_close(&book);
}

/* All records come out as they were written, sources and all. */
static void
test_replay(void)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES] = { 9 };
	unsigned char digest[DBK_DIGEST_BYTES], replayed[DBK_DIGEST_BYTES];
	const struct dbk_effects *effects;
	struct dbk_error error = { 0 };
	struct dbk_replay *replay;
	struct dbk_books *again;
	int rule;

	served_money_payout(&book);
	CHECK_INT(outcome_of_close("w1", day(0), day(20), NOW, &rule), DBK_ACCEPTED);
	record_digest(DBK_ACCEPTED, 0);
	/* Whoever asked may not approve, so a replay must know who did. */
	served_book_append(
	    &book, "app",
	    "{" DAY_10 ",'bonusAwarded':{'bonus':'b','period':'m','pool':9000,"
	    "'metric':'TRAINING','shares':[{'agent':'bea','amount':9000}]}},"
	    "{" DAY_10 ",'payoutRequested':{'payout':'p2','agent':'bea','gross':10,"
	    "'payeeHash':'AQID'}},"
	    "{" DAY_10 ",'payoutApproved':{'payout':'p2','action':'a2'}}");
	served_money_expect_part(&book, "ListRefusals", "{}", "'SECOND_PERSON'");
	dbk_books_digest(books(), digest);
	CHECK_INT(dbk_books_open(key, &again), DBK_OK);
	CHECK_INT(
	    dbk_replay_open(dbk_ledger_log(book.ledger), again, 0, &replay, &error),
	    DBK_OK);
	while (dbk_replay_next(replay, &effects, &error) == DBK_OK)
		continue;
	CHECK_INT(error.code, DBK_OK);
	CHECK_INT(dbk_books_size(again), served_book_size(&book));
	dbk_books_digest(again, replayed);
	CHECK(memcmp(digest, replayed, sizeof digest) == 0);
	dbk_replay_close(replay);
	dbk_books_close(again);
	served_book_close(&book);
}

int
main(void)
{
	check_run("the daemon has a name of its own", test_names);
	check_run("the clock makes happen what is due", test_clock);
	check_run("a period is closed once", test_close);
	check_run("a close goes to the end of its period", test_close_moves_the_clock);
	check_run("what is no close moves nothing", test_close_that_is_none);
	check_run("a digest is recorded again and again", test_digest);
	check_run("a replay knows who sent what", test_replay);
	return check_end();
}
