/*
 * test_ledger.c -- batches: admitted, repeated, refused, undone.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daybook/v1/service.pb-c.h"

#include <daybook/limits.h>

#include "../tests/lib/bookkeeper.h"
#include "../tests/lib/check.h"
#include "../tests/lib/sales.h"
#include "../tests/lib/wire.h"
#include "books/sources.h"

typedef Daybook__V1__AppendReply append_reply;

#define OPENING 45u /* 1 book, 4 skus, 20 agents, 20 stocks */

/* A small book; OTHER tells of the same sales with other buyers, STRANGE of agents that
 * are not there, FUTURE of tomorrow. */
static struct sales sales, other, strange, future;
static struct bookkeeper keeper;
static struct dbk_buf events;

static void
setup(void)
{
	sales = sales_default();
	sales.agents = 20;
	sales.skus = 4;
	sales.customers = 50;
	other = strange = future = sales;
	other.customers = 0;
	strange.agents = 90000000;
	strange.first_us += 60000000 - (int64_t)sales_opening_size(&strange) * 1000;
	future.first_us += INT64_C(86400000000);
	bookkeeper_init(&keeper, sales_time_us(&sales, 100000));
	dbk_buf_init(&events);
	CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
}

static void
teardown(void)
{
	dbk_buf_fini(&events);
	bookkeeper_fini(&keeper);
}

/* The number of the first sale by an agent who is not there. */
static uint64_t
strange_sale(void)
{
	return sales_opening_size(&strange);
}

/* The events [FIRST, FIRST + N) are what is sent next. */
static const struct dbk_buf *
take(const struct sales *from, uint64_t first, uint32_t n)
{
	dbk_buf_reset(&events);
	sales_put_many(from, first, n, &events);
	return &events;
}

static void
open_book(void)
{
	CHECK_INT(bookkeeper_send(&keeper, "office", 0, take(&sales, 0, OPENING), 0),
		  DBK_ADMITTED);
	CHECK_INT(bookkeeper_size(&keeper), OPENING);
}

static append_reply *
reply_of(const struct dbk_buf *bytes)
{
	append_reply *reply =
	    daybook__v1__append_reply__unpack(NULL, bytes->size, bytes->bytes);

	if (!CHECK(reply != NULL))
		abort();
	return reply;
}

static void
forget(append_reply *reply)
{
	daybook__v1__append_reply__free_unpacked(reply, NULL);
}

/* The last reply has N results, all OUTCOME. */
static void
check_all(uint32_t n, enum dbk_outcome outcome)
{
	append_reply *reply = reply_of(&keeper.reply);

	CHECK_INT(reply->n_results, n);
	for (size_t i = 0; i < reply->n_results; i++)
		CHECK_INT(reply->results[i]->outcome, outcome);
	forget(reply);
}

/* ------------------------------------------------------------------ not admitted */

/* ADMISSION leaves no trace: nothing to commit, digest, size and sources as before. */
static void
check_not_admitted(const char *source, uint64_t seq, const struct dbk_buf *batch,
		   enum dbk_admission admission)
{
	struct bookkeeper_digest before = bookkeeper_digest(&keeper);
	uint64_t size = bookkeeper_size(&keeper), groups = bookkeeper_groups(&keeper);

	bookkeeper_begin(&keeper);
	CHECK_INT(bookkeeper_admit(&keeper, source, seq, batch, 0), admission);
	CHECK(dbk_ledger_is_empty(keeper.ledger));
	CHECK_INT(dbk_ledger_commit(keeper.ledger, &keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_size(&keeper), size);
	CHECK_INT(bookkeeper_groups(&keeper), groups);
	CHECK(bookkeeper_same_digest(bookkeeper_digest(&keeper), before));
}

static void
test_bad_batches(void)
{
	struct dbk_buf bad;

	setup();
	open_book();
	dbk_buf_init(&bad);
	check_not_admitted("shop", 0, &bad, DBK_NOT_A_BATCH);
	dbk_buf_put(&bad,
		    "\x0a\x05"
		    "abc",
		    5);
	check_not_admitted("shop", 0, &bad, DBK_NOT_A_BATCH);
	dbk_buf_reset(&bad);
	dbk_buf_put(&bad, "\x12\x00", 2);
	check_not_admitted("shop", 1, &bad, DBK_NOT_A_BATCH);
	dbk_buf_reset(&bad);
	sales_put(&sales, OPENING, &bad);
	dbk_buf_put(&bad, "\x08\x01", 2);
	check_not_admitted("shop", 1, &bad, DBK_NOT_A_BATCH);
	dbk_buf_reset(&bad);
	sales_put_many(&sales, OPENING, 3, &bad);
	bad.size--;
	check_not_admitted("shop", 1, &bad, DBK_NOT_A_BATCH);
	CHECK_INT(dbk_source_find(dbk_ledger_books(keeper.ledger), dbk_str_of("shop")),
		  0);
	dbk_buf_fini(&bad);
	teardown();
}

static void
test_event_count(void)
{
	struct dbk_buf many;

	setup();
	dbk_buf_init(&many);
	for (unsigned i = 0; i < DBK_BATCH_EVENTS_MAX; i++)
		wire_put_bytes(&many, 1, "", 0);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 1, &many, 0), DBK_ADMITTED);
	check_all(DBK_BATCH_EVENTS_MAX, DBK_INVALID);
	wire_put_bytes(&many, 1, "", 0);
	check_not_admitted("shop", 2, &many, DBK_BATCH_TOO_LARGE);
	dbk_buf_fini(&many);
	teardown();
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

	setup();
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		check_not_admitted(bad[i], 1, take(&sales, 0, 1), DBK_SOURCE_BAD);
	CHECK_INT(
	    bookkeeper_send(&keeper,
			    "1234567890123456789012345678901234567890123456789012345"
			    "678901234",
			    1, take(&sales, 0, 1), 0),
	    DBK_ADMITTED);
	CHECK_INT(bookkeeper_send(&keeper, "\xe5\xba\x97 7", 1, take(&sales, 1, 1), 0),
		  DBK_ADMITTED);
	teardown();
}

/* --------------------------------------------------------------------- admitted */

static void
test_accepted(void)
{
	append_reply *reply;

	setup();
	open_book();
	CHECK_INT(bookkeeper_send(&keeper, "shop", 1, take(&sales, OPENING, 10), 0),
		  DBK_ADMITTED);
	reply = reply_of(&keeper.reply);
	CHECK(strcmp(reply->source, "shop") == 0);
	CHECK_INT(reply->batch_seq, 1);
	CHECK_INT(reply->size, OPENING + 10);
	CHECK(!reply->repeated_batch && !reply->dry_run && !reply->rolled_back);
	CHECK_INT(reply->n_results, 10);
	for (size_t i = 0; i < reply->n_results; i++) {
		CHECK_INT(reply->results[i]->outcome, DBK_ACCEPTED);
		CHECK_INT(reply->results[i]->position, OPENING + i);
	}
	forget(reply);
	CHECK(bookkeeper_is_replayed(&keeper));
	teardown();
}

/* A group of several sources: duplicates of what stands in the same batch, in the same
 * group, in an earlier group, and in the log of an earlier start. */
static void
test_duplicates(void)
{
	append_reply *reply;
	struct dbk_buf twice;

	setup();
	open_book();
	dbk_buf_init(&twice);
	sales_put(&sales, OPENING, &twice);
	sales_put(&sales, OPENING, &twice);
	bookkeeper_begin(&keeper);
	CHECK_INT(bookkeeper_admit(&keeper, "a", 1, &twice, 0), DBK_ADMITTED);
	reply = reply_of(&keeper.reply);
	CHECK_INT(reply->results[0]->outcome, DBK_ACCEPTED);
	CHECK_INT(reply->results[1]->outcome, DBK_DUPLICATE);
	CHECK_INT(reply->results[1]->position, OPENING);
	CHECK_INT(reply->size, OPENING + 1);
	forget(reply);
	CHECK_INT(bookkeeper_admit(&keeper, "b", 1, &twice, 0), DBK_ADMITTED);
	check_all(2, DBK_DUPLICATE);
	CHECK_INT(dbk_ledger_commit(keeper.ledger, &keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_size(&keeper), OPENING + 1);
	for (uint64_t start = 2; start < 5; start++) {
		CHECK_INT(bookkeeper_send(&keeper, "b", start, &twice, 0),
			  DBK_ADMITTED);
		check_all(2, DBK_DUPLICATE);
		CHECK_INT(bookkeeper_send(&keeper, "c", 0, take(&sales, 0, OPENING), 0),
			  DBK_ADMITTED);
		check_all(OPENING, DBK_DUPLICATE);
		bookkeeper_restart(&keeper);
	}
	CHECK_INT(bookkeeper_size(&keeper), OPENING + 1);
	dbk_buf_fini(&twice);
	teardown();
}

static void
test_conflict(void)
{
	append_reply *reply;

	setup();
	open_book();
	(void)bookkeeper_send(&keeper, "a", 1, take(&sales, OPENING, 5), 0);
	CHECK_INT(bookkeeper_send(&keeper, "a", 2, take(&other, OPENING + 2, 1), 0),
		  DBK_ADMITTED);
	reply = reply_of(&keeper.reply);
	CHECK_INT(reply->results[0]->outcome, DBK_REFUSED);
	CHECK_INT(reply->results[0]->refusal->rule, DBK_RULE_CONFLICT);
	CHECK(strcmp(reply->results[0]->refusal->field, "buyer") == 0);
	CHECK_INT(reply->results[0]->refusal->other_position_plus_one, OPENING + 2 + 1);
	CHECK_INT(reply->results[0]->position, OPENING + 5);
	forget(reply);
	/* Refused ones are in the log, too, and hold no key. */
	CHECK_INT(bookkeeper_size(&keeper), OPENING + 6);
	(void)bookkeeper_send(&keeper, "a", 3, take(&other, OPENING + 9, 1), 0);
	check_all(1, DBK_ACCEPTED);
	(void)bookkeeper_send(&keeper, "a", 4, take(&sales, OPENING + 9, 1), 0);
	check_all(1, DBK_REFUSED);
	CHECK(bookkeeper_is_replayed(&keeper));
	teardown();
}

static void
check_fault(const struct dbk_buf *batch, enum dbk_fault fault, const char *field)
{
	uint64_t size = bookkeeper_size(&keeper);
	append_reply *reply;

	CHECK_INT(bookkeeper_send(&keeper, "faulty", 0, batch, 0), DBK_ADMITTED);
	reply = reply_of(&keeper.reply);
	CHECK_INT(reply->n_results, 1);
	CHECK_INT(reply->results[0]->outcome, DBK_INVALID);
	CHECK_INT(reply->results[0]->fault->fault, fault);
	CHECK(strcmp(reply->results[0]->fault->field, field) == 0);
	forget(reply);
	CHECK_INT(bookkeeper_size(&keeper), size);
}

static void
test_invalid(void)
{
	static char large[DBK_EVENT_BYTES_MAX + 1];
	struct dbk_buf batch;

	setup();
	open_book();
	check_fault(take(&future, OPENING, 1), DBK_FAULT_TIME_IN_FUTURE,
		    "effective_at");
	dbk_buf_init(&batch);
	wire_put_bytes(&batch, 1, large, sizeof large);
	check_fault(&batch, DBK_FAULT_TOO_LARGE, "");
	dbk_buf_reset(&batch);
	wire_put_bytes(&batch, 1, "\xff\xff", 2);
	check_fault(&batch, DBK_FAULT_MALFORMED, "");
	dbk_buf_reset(&batch);
	wire_put_bytes(&batch, 1, "", 0);
	check_fault(&batch, DBK_FAULT_BODY_MISSING, "body");
	CHECK(bookkeeper_is_replayed(&keeper));
	dbk_buf_fini(&batch);
	teardown();
}

/* At the edge of the clock's skew an event is still taken, a microsecond later not. */
static void
test_skew(void)
{
	setup();
	open_book();
	future.first_us =
	    keeper.now_us + 1000000 + DBK_CLOCK_SKEW_US - (int64_t)OPENING * 1000;
	(void)bookkeeper_send(&keeper, "a", 0, take(&future, OPENING, 1), 0);
	check_all(1, DBK_ACCEPTED);
	future.first_us = keeper.now_us + 1000000 + DBK_CLOCK_SKEW_US + 1 -
			  (int64_t)(OPENING + 1) * 1000;
	(void)bookkeeper_send(&keeper, "a", 0, take(&future, OPENING + 1, 1), 0);
	check_all(1, DBK_INVALID);
	teardown();
}

/* -------------------------------------------------------- numbers of the batches */

/* The bytes of REPEATED are those of FIRST with repeated_batch set. */
static void
check_repeat(const struct dbk_buf *first, const struct dbk_buf *repeated)
{
	append_reply *reply = reply_of(first);
	unsigned char *want;
	size_t size;

	reply->repeated_batch = true;
	size = daybook__v1__append_reply__get_packed_size(reply);
	want = malloc(size);
	(void)daybook__v1__append_reply__pack(reply, want);
	CHECK(size == repeated->size && memcmp(want, repeated->bytes, size) == 0);
	free(want);
	forget(reply);
}

static void
keep_reply(struct dbk_buf *to)
{
	dbk_buf_init(to);
	dbk_buf_put(to, keeper.reply.bytes, keeper.reply.size);
}

/* Batch SEQ of the tests of repeats: some are refused, some are invalid. */
static const struct dbk_buf *
take_batch(uint64_t seq)
{
	return seq == 2	  ? take(&strange, strange_sale() + 20, 7)
	       : seq == 4 ? take(&future, OPENING + 40, 3)
			  : take(&sales, OPENING + 10 * seq, 10);
}

static void
test_repeat(void)
{
	struct dbk_buf first[6];

	setup();
	open_book();
	for (uint64_t seq = 1; seq <= 5; seq++) {
		CHECK_INT(bookkeeper_send(&keeper, "shop", seq, take_batch(seq),
					  seq == 2 ? BOOKKEEPER_ATOMIC : 0),
			  DBK_ADMITTED);
		keep_reply(&first[seq]);
	}
	for (unsigned round = 0; round < 3; round++) {
		uint64_t size = bookkeeper_size(&keeper);

		for (uint64_t seq = 1; seq <= 5; seq++) {
			CHECK_INT(bookkeeper_send(&keeper, "shop", seq, take_batch(seq),
						  seq == 2 ? BOOKKEEPER_ATOMIC : 0),
				  DBK_ADMITTED_REPEAT);
			check_repeat(&first[seq], &keeper.reply);
		}
		CHECK_INT(bookkeeper_size(&keeper), size);
		if (round == 1)
			bookkeeper_save(&keeper);
		bookkeeper_restart(&keeper);
	}
	for (uint64_t seq = 1; seq <= 5; seq++)
		dbk_buf_fini(&first[seq]);
	teardown();
}

/* A used number with other events: more, fewer, others, another order. */
static void
test_number_used_twice(void)
{
	struct dbk_buf turned;

	setup();
	open_book();
	(void)bookkeeper_send(&keeper, "shop", 1, take(&sales, OPENING, 10), 0);
	dbk_buf_init(&turned);
	sales_put_many(&sales, OPENING + 1, 9, &turned);
	sales_put(&sales, OPENING, &turned);
	for (unsigned round = 0; round < 2; round++) {
		check_not_admitted("shop", 1, take(&sales, OPENING, 11),
				   DBK_BATCH_CONFLICT);
		check_not_admitted("shop", 1, take(&sales, OPENING, 9),
				   DBK_BATCH_CONFLICT);
		check_not_admitted("shop", 1, take(&sales, OPENING + 10, 10),
				   DBK_BATCH_CONFLICT);
		check_not_admitted("shop", 1, take(&other, OPENING, 10),
				   DBK_BATCH_CONFLICT);
		check_not_admitted("shop", 1, &turned, DBK_BATCH_CONFLICT);
		bookkeeper_restart(&keeper);
	}
	bookkeeper_begin(&keeper);
	(void)bookkeeper_admit(&keeper, "shop", 2, take(&sales, OPENING + 10, 2), 0);
	CHECK_INT(
	    bookkeeper_admit(&keeper, "shop", 2, take(&sales, OPENING + 11, 2), 0),
	    DBK_BATCH_CONFLICT);
	CHECK_INT(dbk_ledger_commit(keeper.ledger, &keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_size(&keeper), OPENING + 12);
	dbk_buf_fini(&turned);
	teardown();
}

static void
test_repeat_in_group(void)
{
	struct dbk_buf first;

	setup();
	open_book();
	bookkeeper_begin(&keeper);
	(void)bookkeeper_admit(&keeper, "else", 1, take(&sales, OPENING, 2), 0);
	(void)bookkeeper_admit(&keeper, "shop", 1, take(&sales, OPENING + 5, 3), 0);
	keep_reply(&first);
	(void)bookkeeper_admit(&keeper, "shop", 2, take(&sales, OPENING + 8, 1), 0);
	CHECK_INT(bookkeeper_admit(&keeper, "shop", 1, take(&sales, OPENING + 5, 3), 0),
		  DBK_ADMITTED_REPEAT);
	check_repeat(&first, &keeper.reply);
	CHECK_INT(dbk_ledger_commit(keeper.ledger, &keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 1, take(&sales, OPENING + 5, 3), 0),
		  DBK_ADMITTED_REPEAT);
	check_repeat(&first, &keeper.reply);
	dbk_buf_fini(&first);
	teardown();
}

static void
test_gap(void)
{
	setup();
	open_book();
	check_not_admitted("shop", 2, take(&sales, OPENING, 1), DBK_BATCH_GAP);
	CHECK_INT(keeper.expected, 1);
	check_not_admitted("shop", UINT64_MAX, take(&sales, OPENING, 1), DBK_BATCH_GAP);
	(void)bookkeeper_send(&keeper, "shop", 1, take(&sales, OPENING, 1), 0);
	check_not_admitted("shop", 3, take(&sales, OPENING + 1, 1), DBK_BATCH_GAP);
	CHECK_INT(keeper.expected, 2);
	/* Batches without a number stand beside the numbered ones. */
	CHECK_INT(bookkeeper_send(&keeper, "shop", 0, take(&sales, OPENING + 1, 1), 0),
		  DBK_ADMITTED);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 2, take(&sales, OPENING + 2, 1), 0),
		  DBK_ADMITTED);
	teardown();
}

static void
test_forgotten(void)
{
	uint64_t last = DBK_SOURCE_REPLIES_KEPT + 7;

	setup();
	open_book();
	for (uint64_t seq = 1; seq <= last; seq++)
		CHECK_INT(bookkeeper_send(&keeper, "shop", seq,
					  take(&sales, OPENING + seq, 1), 0),
			  DBK_ADMITTED);
	for (unsigned round = 0; round < 2; round++) {
		check_not_admitted("shop", 1, take(&sales, OPENING, 1),
				   DBK_BATCH_FORGOTTEN);
		check_not_admitted("shop", 7, take(&sales, OPENING, 1),
				   DBK_BATCH_FORGOTTEN);
		CHECK_INT(bookkeeper_send(&keeper, "shop", 8,
					  take(&sales, OPENING + 8, 1), 0),
			  DBK_ADMITTED_REPEAT);
		bookkeeper_restart(&keeper);
	}
	teardown();
}

/* -------------------------------------------------------------- undone on purpose */

static void
test_dry_run(void)
{
	struct dbk_buf answer;
	append_reply *reply;

	setup();
	open_book();
	(void)bookkeeper_send(&keeper, "shop", 1, take(&sales, OPENING, 1), 0);
	for (uint64_t seq = 0; seq < 4; seq++) {
		struct bookkeeper_digest before = bookkeeper_digest(&keeper);

		/* New agents, customers, accounts: all of it goes. */
		bookkeeper_begin(&keeper);
		CHECK_INT(bookkeeper_admit(&keeper, "dry", seq,
					   take(&sales, OPENING, 900),
					   BOOKKEEPER_DRY_RUN),
			  DBK_ADMITTED_DRY);
		CHECK(dbk_ledger_is_empty(keeper.ledger));
		reply = reply_of(&keeper.reply);
		CHECK(reply->dry_run && !reply->repeated_batch);
		CHECK_INT(reply->n_results, 900);
		CHECK_INT(reply->results[0]->outcome, DBK_DUPLICATE);
		CHECK_INT(reply->results[899]->outcome, DBK_ACCEPTED);
		CHECK_INT(reply->size, OPENING + 1);
		forget(reply);
		CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&keeper)));
	}
	CHECK_INT(dbk_source_find(dbk_ledger_books(keeper.ledger), dbk_str_of("dry")),
		  0);
	/* What a dry run says is what happens. */
	keep_reply(&answer);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 2, take(&sales, OPENING, 900), 0),
		  DBK_ADMITTED);
	reply = reply_of(&keeper.reply);
	CHECK_INT(reply->results[899]->position, OPENING + 899);
	forget(reply);
	dbk_buf_fini(&answer);
	CHECK(bookkeeper_is_replayed(&keeper));
	teardown();
}

static void
test_atomic(void)
{
	struct bookkeeper_digest before;
	struct dbk_buf mixed;
	append_reply *reply;

	setup();
	open_book();
	dbk_buf_init(&mixed);
	sales_put_many(&sales, OPENING, 20, &mixed);
	sales_put(&strange, strange_sale() + 100, &mixed);
	sales_put_many(&sales, OPENING + 20, 20, &mixed);
	before = bookkeeper_digest(&keeper);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 1, &mixed, BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	reply = reply_of(&keeper.reply);
	CHECK(reply->rolled_back);
	CHECK_INT(reply->n_results, 41);
	CHECK_INT(reply->results[20]->outcome, DBK_REFUSED);
	CHECK_INT(reply->size, OPENING);
	forget(reply);
	CHECK_INT(bookkeeper_size(&keeper), OPENING);
	CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&keeper)));
	/* The number is taken all the same, and duplicates are no failure. */
	CHECK_INT(bookkeeper_send(&keeper, "shop", 2, take(&sales, OPENING, 20),
				  BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	check_all(20, DBK_ACCEPTED);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 3, take(&sales, OPENING + 10, 20),
				  BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	reply = reply_of(&keeper.reply);
	CHECK(!reply->rolled_back);
	forget(reply);
	CHECK_INT(bookkeeper_size(&keeper), OPENING + 30);
	/* A rolled back batch between others of a group takes only itself away. */
	bookkeeper_begin(&keeper);
	(void)bookkeeper_admit(&keeper, "a", 1, take(&sales, OPENING + 50, 5), 0);
	(void)bookkeeper_admit(&keeper, "b", 1, &mixed, BOOKKEEPER_ATOMIC);
	(void)bookkeeper_admit(&keeper, "c", 1, take(&sales, OPENING + 55, 5), 0);
	check_all(5, DBK_ACCEPTED);
	CHECK_INT(dbk_ledger_commit(keeper.ledger, &keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_size(&keeper), OPENING + 40);
	CHECK(bookkeeper_is_replayed(&keeper));
	dbk_buf_fini(&mixed);
	teardown();
}

/* ------------------------------------------------------------------------- limits */

/* Ten thousand refusals with long words: the reply fits, is kept and is repeated. */
static void
test_big_refusals(void)
{
	char seller[DBK_ID_BYTES_MAX + 1], order[32];
	struct dbk_buf batch, event, line, first;
	append_reply *reply;

	setup();
	open_book();
	memset(seller, 'x', DBK_ID_BYTES_MAX);
	seller[DBK_ID_BYTES_MAX] = '\0';
	dbk_buf_init(&batch);
	dbk_buf_init(&event);
	dbk_buf_init(&line);
	for (unsigned i = 0; i < DBK_BATCH_EVENTS_MAX; i++) {
		wire_put_number(&line, 1, (uint64_t)sales.first_us / 1000000 + 60);
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
	CHECK_INT(bookkeeper_send(&keeper, "shop", 1, &batch, 0), DBK_ADMITTED);
	check_all(DBK_BATCH_EVENTS_MAX, DBK_REFUSED);
	keep_reply(&first);
	reply = reply_of(&first);
	CHECK(strcmp(reply->results[0]->refusal->value, seller) == 0);
	CHECK_INT(reply->results[9999]->refusal->rule, DBK_RULE_AGENT_UNKNOWN);
	forget(reply);
	CHECK_INT(bookkeeper_size(&keeper), OPENING + DBK_BATCH_EVENTS_MAX);
	bookkeeper_restart(&keeper);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 1, &batch, 0), DBK_ADMITTED_REPEAT);
	check_repeat(&first, &keeper.reply);
	dbk_buf_fini(&first);
	dbk_buf_fini(&batch);
	dbk_buf_fini(&event);
	dbk_buf_fini(&line);
	teardown();
}

#define MANY_BATCHES 14

static const struct dbk_buf *
take_many(uint64_t i)
{
	return i % 4 == 3 ? take(&strange, strange_sale() + 10000 * i, 10000)
			  : take(&sales, OPENING + 10000 * i, 10000);
}

/* A group of several values of the log: the batches are found again behind a restart.
 */
static void
test_many_values(void)
{
	struct dbk_buf replies[MANY_BATCHES];
	uint64_t groups;

	setup();
	open_book();
	groups = bookkeeper_groups(&keeper);
	bookkeeper_begin(&keeper);
	for (uint64_t i = 0; i < MANY_BATCHES; i++) {
		CHECK_INT(bookkeeper_admit(&keeper, "shop", i + 1, take_many(i), 0),
			  DBK_ADMITTED);
		keep_reply(&replies[i]);
	}
	CHECK(dbk_ledger_is_full(keeper.ledger));
	CHECK_INT(dbk_ledger_commit(keeper.ledger, &keeper.error), DBK_OK);
	CHECK(bookkeeper_groups(&keeper) > groups + 1);
	CHECK(bookkeeper_is_replayed(&keeper));
	for (unsigned round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < MANY_BATCHES; i++) {
			CHECK_INT(
			    bookkeeper_send(&keeper, "shop", i + 1, take_many(i), 0),
			    DBK_ADMITTED_REPEAT);
			check_repeat(&replies[i], &keeper.reply);
		}
		bookkeeper_restart(&keeper);
	}
	for (uint64_t i = 0; i < MANY_BATCHES; i++)
		dbk_buf_fini(&replies[i]);
	teardown();
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
	check_run("a repeated batch gets the bytes of its first reply", test_repeat);
	check_run("a batch is repeated within its group", test_repeat_in_group);
	check_run("a used number with other events is a conflict",
		  test_number_used_twice);
	check_run("a gap in the numbers is not admitted", test_gap);
	check_run("replies older than the last 256 are forgotten", test_forgotten);
	check_run("a dry run tells the truth and leaves no trace", test_dry_run);
	check_run("an atomic batch is taken whole or not at all", test_atomic);
	check_run("the largest refused batch is answered and kept", test_big_refusals);
	check_run("a commit of several values keeps every reply", test_many_values);
	return check_end();
}
