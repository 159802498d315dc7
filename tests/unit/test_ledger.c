/*
 * test_ledger.c -- what becomes of batches and their events; the limits.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/small_book.h"
#include "../tests/lib/wire.h"
#include "books/sources.h"

static struct small_book book;

static void
test_bad_batches(void)
{
	struct dbk_buf bad;

	small_book_open(&book);
	small_book_fill(&book);
	dbk_buf_init(&bad);
	small_book_check_not_admitted(&book, "shop", 0, &bad, DBK_NOT_A_BATCH);
	dbk_buf_put(&bad,
		    "\x0a\x05"
		    "abc",
		    5);
	small_book_check_not_admitted(&book, "shop", 0, &bad, DBK_NOT_A_BATCH);
	dbk_buf_reset(&bad);
	dbk_buf_put(&bad, "\x12\x00", 2);
	small_book_check_not_admitted(&book, "shop", 1, &bad, DBK_NOT_A_BATCH);
	dbk_buf_reset(&bad);
	sales_put(&book.sales, SMALL_BOOK_OPENING, &bad);
	dbk_buf_put(&bad, "\x08\x01", 2);
	small_book_check_not_admitted(&book, "shop", 1, &bad, DBK_NOT_A_BATCH);
	dbk_buf_reset(&bad);
	sales_put_many(&book.sales, SMALL_BOOK_OPENING, 3, &bad);
	bad.size--;
	small_book_check_not_admitted(&book, "shop", 1, &bad, DBK_NOT_A_BATCH);
	CHECK_INT(
	    dbk_source_find(dbk_ledger_books(book.keeper.ledger), dbk_str_of("shop")),
	    0);
	dbk_buf_fini(&bad);
	small_book_close(&book);
}

static void
test_event_count(void)
{
	struct dbk_buf many;

	small_book_open(&book);
	dbk_buf_init(&many);
	for (unsigned i = 0; i < DBK_BATCH_EVENTS_MAX; i++)
		wire_put_bytes(&many, 1, "", 0);
	CHECK_INT(bookkeeper_send(&book.keeper, "shop", 1, &many, 0), DBK_ADMITTED);
	small_book_check_all(&book, DBK_BATCH_EVENTS_MAX, DBK_INVALID);
	wire_put_bytes(&many, 1, "", 0);
	small_book_check_not_admitted(&book, "shop", 2, &many, DBK_BATCH_TOO_LARGE);
	dbk_buf_fini(&many);
	small_book_close(&book);
}

static void
test_bad_sources(void)
{
	static const char *const bad[] = {
		"",
		"12345678901234567890123456789012345678901234567890123456789012345",
		"tab\there",
		"\xff",
		"half\xe2\x82",
		"del\x7f"
	};

	small_book_open(&book);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		small_book_check_not_admitted(&book, bad[i], 1,
					      small_book_take(&book, &book.sales, 0, 1),
					      DBK_SOURCE_BAD);
	CHECK_INT(
	    bookkeeper_send(&book.keeper,
			    "1234567890123456789012345678901234567890123456789012345"
			    "678901234",
			    1, small_book_take(&book, &book.sales, 0, 1), 0),
	    DBK_ADMITTED);
	CHECK_INT(bookkeeper_send(&book.keeper, "\xe5\xba\x97 7", 1,
				  small_book_take(&book, &book.sales, 1, 1), 0),
		  DBK_ADMITTED);
	small_book_close(&book);
}

/* --------------------------------------------------------------------- admitted */

static void
test_accepted(void)
{
	append_reply *reply;

	small_book_open(&book);
	small_book_fill(&book);
	CHECK_INT(bookkeeper_send(
		      &book.keeper, "shop", 1,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 10), 0),
		  DBK_ADMITTED);
	reply = small_book_reply(&book.keeper.reply);
	CHECK(strcmp(reply->source, "shop") == 0);
	CHECK_INT(reply->batch_seq, 1);
	CHECK_INT(reply->size, SMALL_BOOK_OPENING + 10);
	CHECK(!reply->repeated_batch && !reply->dry_run && !reply->rolled_back);
	CHECK_INT(reply->n_results, 10);
	for (size_t i = 0; i < reply->n_results; i++) {
		CHECK_INT(reply->results[i]->outcome, DBK_ACCEPTED);
		CHECK_INT(reply->results[i]->position, SMALL_BOOK_OPENING + i);
	}
	small_book_forget(reply);
	CHECK(bookkeeper_is_replayed(&book.keeper));
	small_book_close(&book);
}

/* A group of several sources: duplicates of what stands in the same batch, in the same
 * group, in an earlier group, and in the log of an earlier start. */
static void
test_duplicates(void)
{
	append_reply *reply;
	struct dbk_buf twice;

	small_book_open(&book);
	small_book_fill(&book);
	dbk_buf_init(&twice);
	sales_put(&book.sales, SMALL_BOOK_OPENING, &twice);
	sales_put(&book.sales, SMALL_BOOK_OPENING, &twice);
	bookkeeper_begin(&book.keeper);
	CHECK_INT(bookkeeper_admit(&book.keeper, "a", 1, &twice, 0), DBK_ADMITTED);
	reply = small_book_reply(&book.keeper.reply);
	CHECK_INT(reply->results[0]->outcome, DBK_ACCEPTED);
	CHECK_INT(reply->results[1]->outcome, DBK_DUPLICATE);
	CHECK_INT(reply->results[1]->position, SMALL_BOOK_OPENING);
	CHECK_INT(reply->size, SMALL_BOOK_OPENING + 1);
	small_book_forget(reply);
	CHECK_INT(bookkeeper_admit(&book.keeper, "b", 1, &twice, 0), DBK_ADMITTED);
	small_book_check_all(&book, 2, DBK_DUPLICATE);
	CHECK_INT(dbk_ledger_commit(book.keeper.ledger, &book.keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_size(&book.keeper), SMALL_BOOK_OPENING + 1);
	for (uint64_t start = 2; start < 5; start++) {
		CHECK_INT(bookkeeper_send(&book.keeper, "b", start, &twice, 0),
			  DBK_ADMITTED);
		small_book_check_all(&book, 2, DBK_DUPLICATE);
		CHECK_INT(bookkeeper_send(&book.keeper, "c", 0,
					  small_book_take(&book, &book.sales, 0,
							  SMALL_BOOK_OPENING),
					  0),
			  DBK_ADMITTED);
		small_book_check_all(&book, SMALL_BOOK_OPENING, DBK_DUPLICATE);
		bookkeeper_restart(&book.keeper);
	}
	CHECK_INT(bookkeeper_size(&book.keeper), SMALL_BOOK_OPENING + 1);
	dbk_buf_fini(&twice);
	small_book_close(&book);
}

static void
test_conflict(void)
{
	append_reply *reply;

	small_book_open(&book);
	small_book_fill(&book);
	(void)bookkeeper_send(
	    &book.keeper, "a", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 5), 0);
	CHECK_INT(bookkeeper_send(
		      &book.keeper, "a", 2,
		      small_book_take(&book, &book.other, SMALL_BOOK_OPENING + 2, 1),
		      0),
		  DBK_ADMITTED);
	reply = small_book_reply(&book.keeper.reply);
	CHECK_INT(reply->results[0]->outcome, DBK_REFUSED);
	CHECK_INT(reply->results[0]->refusal->rule, DBK_RULE_CONFLICT);
	CHECK(strcmp(reply->results[0]->refusal->field, "buyer") == 0);
	CHECK_INT(reply->results[0]->refusal->other_position_plus_one,
		  SMALL_BOOK_OPENING + 2 + 1);
	CHECK_INT(reply->results[0]->position, SMALL_BOOK_OPENING + 5);
	small_book_forget(reply);
	/* Refused ones are in the log, too, and hold no key. */
	CHECK_INT(bookkeeper_size(&book.keeper), SMALL_BOOK_OPENING + 6);
	(void)bookkeeper_send(
	    &book.keeper, "a", 3,
	    small_book_take(&book, &book.other, SMALL_BOOK_OPENING + 9, 1), 0);
	small_book_check_all(&book, 1, DBK_ACCEPTED);
	(void)bookkeeper_send(
	    &book.keeper, "a", 4,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 9, 1), 0);
	small_book_check_all(&book, 1, DBK_REFUSED);
	CHECK(bookkeeper_is_replayed(&book.keeper));
	small_book_close(&book);
}

static void
check_fault(const struct dbk_buf *batch, enum dbk_fault fault, const char *field)
{
	uint64_t size = bookkeeper_size(&book.keeper);
	append_reply *reply;

	CHECK_INT(bookkeeper_send(&book.keeper, "faulty", 0, batch, 0), DBK_ADMITTED);
	reply = small_book_reply(&book.keeper.reply);
	CHECK_INT(reply->n_results, 1);
	CHECK_INT(reply->results[0]->outcome, DBK_INVALID);
	CHECK_INT(reply->results[0]->fault->fault, fault);
	CHECK(strcmp(reply->results[0]->fault->field, field) == 0);
	small_book_forget(reply);
	CHECK_INT(bookkeeper_size(&book.keeper), size);
}

static void
test_invalid(void)
{
	static char large[DBK_EVENT_BYTES_MAX + 1];
	struct dbk_buf batch;

	small_book_open(&book);
	small_book_fill(&book);
	check_fault(small_book_take(&book, &book.future, SMALL_BOOK_OPENING, 1),
		    DBK_FAULT_TIME_IN_FUTURE, "effective_at");
	dbk_buf_init(&batch);
	wire_put_bytes(&batch, 1, large, sizeof large);
	check_fault(&batch, DBK_FAULT_TOO_LARGE, "");
	dbk_buf_reset(&batch);
	wire_put_bytes(&batch, 1, "\xff\xff", 2);
	check_fault(&batch, DBK_FAULT_MALFORMED, "");
	dbk_buf_reset(&batch);
	wire_put_bytes(&batch, 1, "", 0);
	check_fault(&batch, DBK_FAULT_BODY_MISSING, "body");
	CHECK(bookkeeper_is_replayed(&book.keeper));
	dbk_buf_fini(&batch);
	small_book_close(&book);
}

/* At the edge of the clock's skew an event is still taken, a microsecond later not. */
static void
test_skew(void)
{
	small_book_open(&book);
	small_book_fill(&book);
	book.future.first_us = book.keeper.now_us + 1000000 + DBK_CLOCK_SKEW_US -
			       (int64_t)SMALL_BOOK_OPENING * 1000;
	(void)bookkeeper_send(
	    &book.keeper, "a", 0,
	    small_book_take(&book, &book.future, SMALL_BOOK_OPENING, 1), 0);
	small_book_check_all(&book, 1, DBK_ACCEPTED);
	book.future.first_us = book.keeper.now_us + 1000000 + DBK_CLOCK_SKEW_US + 1 -
			       (int64_t)(SMALL_BOOK_OPENING + 1) * 1000;
	(void)bookkeeper_send(
	    &book.keeper, "a", 0,
	    small_book_take(&book, &book.future, SMALL_BOOK_OPENING + 1, 1), 0);
	small_book_check_all(&book, 1, DBK_INVALID);
	small_book_close(&book);
}

/* ------------------------------------------------------------------------- limits */

/* As many producers as a book has; who was there before is still heard. */
static void
test_sources(void)
{
	struct dbk_buf nothing;
	char name[32];

	small_book_open(&book);
	dbk_buf_init(&nothing);
	wire_put_bytes(&nothing, 1, "", 0);
	for (unsigned i = 0; i < DBK_SOURCES_MAX;) {
		bookkeeper_begin(&book.keeper);
		for (; i < DBK_SOURCES_MAX && !dbk_ledger_is_full(book.keeper.ledger);
		     i++) {
			(void)snprintf(name, sizeof name, "till %u", i);
			if (bookkeeper_admit(&book.keeper, name, 0, &nothing, 0) !=
			    DBK_ADMITTED)
				CHECK(!"admitted");
		}
		CHECK_INT(dbk_ledger_commit(book.keeper.ledger, &book.keeper.error),
			  DBK_OK);
	}
	for (unsigned round = 0; round < 2; round++) {
		small_book_check_not_admitted(&book, "one more", 0, &nothing,
					      DBK_SOURCES_FULL);
		CHECK_INT(
		    bookkeeper_send(&book.keeper, "till 65535", round + 1, &nothing, 0),
		    DBK_ADMITTED);
		bookkeeper_restart(&book.keeper);
	}
	dbk_buf_fini(&nothing);
	small_book_close(&book);
}

/* Ten thousand refusals with long words: the reply fits, is kept and is repeated. */
static void
test_big_refusals(void)
{
	char seller[DBK_ID_BYTES_MAX + 1], order[32];
	struct dbk_buf batch, event, line, first;
	append_reply *reply;

	small_book_open(&book);
	small_book_fill(&book);
	memset(seller, 'x', DBK_ID_BYTES_MAX);
	seller[DBK_ID_BYTES_MAX] = '\0';
	dbk_buf_init(&batch);
	dbk_buf_init(&event);
	dbk_buf_init(&line);
	for (unsigned i = 0; i < DBK_BATCH_EVENTS_MAX; i++) {
		wire_put_number(&line, 1, (uint64_t)book.sales.first_us / 1000000 + 60);
		wire_put_message(&event, 1, &line);
		(void)snprintf(order, sizeof order, "order-%u", i);
		wire_put_text(&line, 1, order);
		wire_put_text(&line, 3, seller);
		wire_put_text(&line, 5, "app");
		wire_put_bytes(&line, 8, "\x08\x01\x12\x05K0001\x18\x01\x20\x01", 13);
		wire_put_number(&line, 10, 1);
		wire_put_message(&event, 301, &line);
		wire_put_message(&batch, 1, &event);
	}
	CHECK_INT(bookkeeper_send(&book.keeper, "shop", 1, &batch, 0), DBK_ADMITTED);
	small_book_check_all(&book, DBK_BATCH_EVENTS_MAX, DBK_REFUSED);
	small_book_keep_reply(&book, &first);
	reply = small_book_reply(&first);
	CHECK(strcmp(reply->results[0]->refusal->value, seller) == 0);
	CHECK_INT(reply->results[9999]->refusal->rule, DBK_RULE_AGENT_UNKNOWN);
	small_book_forget(reply);
	CHECK_INT(bookkeeper_size(&book.keeper),
		  SMALL_BOOK_OPENING + DBK_BATCH_EVENTS_MAX);
	bookkeeper_restart(&book.keeper);
	CHECK_INT(bookkeeper_send(&book.keeper, "shop", 1, &batch, 0),
		  DBK_ADMITTED_REPEAT);
	small_book_check_repeat(&first, &book.keeper.reply);
	dbk_buf_fini(&first);
	dbk_buf_fini(&batch);
	dbk_buf_fini(&event);
	dbk_buf_fini(&line);
	small_book_close(&book);
}

#define MANY_BATCHES 14

static const struct dbk_buf *
take_many(uint64_t i)
{
	return i % 4 == 3
		   ? small_book_take(&book, &book.strange,
				     small_book_strange_sale(&book) + 10000 * i, 10000)
		   : small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 10000 * i,
				     10000);
}

/* A group of several values of the log: the batches are found again behind a restart.
 */
static void
test_many_values(void)
{
	struct dbk_buf replies[MANY_BATCHES];
	uint64_t groups;

	small_book_open(&book);
	small_book_fill(&book);
	groups = bookkeeper_groups(&book.keeper);
	bookkeeper_begin(&book.keeper);
	for (uint64_t i = 0; i < MANY_BATCHES; i++) {
		CHECK_INT(
		    bookkeeper_admit(&book.keeper, "shop", i + 1, take_many(i), 0),
		    DBK_ADMITTED);
		small_book_keep_reply(&book, &replies[i]);
	}
	CHECK(dbk_ledger_is_full(book.keeper.ledger));
	CHECK_INT(dbk_ledger_commit(book.keeper.ledger, &book.keeper.error), DBK_OK);
	CHECK(bookkeeper_groups(&book.keeper) > groups + 1);
	CHECK(bookkeeper_is_replayed(&book.keeper));
	for (unsigned round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < MANY_BATCHES; i++) {
			CHECK_INT(bookkeeper_send(&book.keeper, "shop", i + 1,
						  take_many(i), 0),
				  DBK_ADMITTED_REPEAT);
			small_book_check_repeat(&replies[i], &book.keeper.reply);
		}
		bookkeeper_restart(&book.keeper);
	}
	for (uint64_t i = 0; i < MANY_BATCHES; i++)
		dbk_buf_fini(&replies[i]);
	small_book_close(&book);
}

int
main(void)
{
	check_run("what is no batch is not admitted", test_bad_batches);
	check_run("a batch has at most 10,000 events", test_event_count);
	check_run("a source has the name of an id", test_bad_sources);
	check_run("accepted events get the next positions", test_accepted);
	check_run("a duplicate names its original wherever that stands",
		  test_duplicates);
	check_run("a conflict names the field and the holder of the key",
		  test_conflict);
	check_run("invalid events are answered and not logged", test_invalid);
	check_run("an event may be ahead by the clock's skew", test_skew);
	check_run("a book has 65,536 producers", test_sources);
	check_run("the largest refused batch is answered and kept", test_big_refusals);
	check_run("a commit of several values keeps every reply", test_many_values);
	return check_end();
}
