/*
 * test_journal_feed.c -- ReadJournal, chunk by chunk.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_money.h"
#include "daybook/v1/service.pb-c.h"
#include "service/journal_feed.h"

#define ALL_BYTES ((size_t)256 * 1024)

typedef Daybook__V1__JournalChunk chunk_message;

static struct served_book book;

static struct dbk_journal_feed *
open_feed(const char *request)
{
	struct dbk_journal_feed *feed = NULL;
	struct dbk_buf bytes;

	dbk_buf_init(&bytes);
	served_book_message("ReadJournalRequest", request, &bytes);
	CHECK_INT(dbk_journal_feed_open(dbk_str_make(bytes.bytes, bytes.size),
					served_book_size(&book), &feed, &book.answer),
		  DBK_GRPC_OK);
	dbk_buf_fini(&bytes);
	if (feed == NULL)
		abort();
	return feed;
}

/* The next chunk as JSON; *OUT_DONE as the service says. */
static const char *
next_chunk(struct dbk_journal_feed *feed, size_t bytes_max, bool *out_done)
{
	enum dbk_grpc_code code;

	dbk_buf_reset(&book.reply);
	code = dbk_service_read_journal(book.service, feed, 0, bytes_max, &book.reply,
					out_done, &book.answer);
	if (code != DBK_GRPC_OK)
		return served_book_status(&book, &book.answer);
	return served_book_text(&book, "JournalChunk",
				dbk_str_make(book.reply.bytes, book.reply.size));
}

static void
expect_all(const char *request, const char *want)
{
	struct dbk_journal_feed *feed = open_feed(request);
	bool done = false;
	const char *got = next_chunk(feed, ALL_BYTES, &done);

	CHECK(done);
	if (!CHECK(strcmp(got, want) == 0))
		fprintf(stderr, "%s\n   got %s\n  want %s\n", request, got, want);
	dbk_journal_feed_close(feed);
}

static void
test_entries(void)
{
	served_money_payout(&book);
	expect_all("{'fromPosition':'10','toSize':'15'}",
		   "{'size':'18','nextPosition':'15','entries':[{'position':'10',"
		   "'effectiveAt':" TIME_06 ",'type':701,'typeName':'ClockAdvanced',"
		   "'postings':["
		   "{'code':2110,'name':'comm.pending','owner':'bea','amount':'10000',"
		   "'cause':'CAUSE_MATURED','order':'o1'},"
		   "{'code':2120,'name':'comm.available','owner':'bea',"
		   "'amount':'-10000','cause':'CAUSE_MATURED','order':'o1'},"
		   "{'code':2110,'name':'comm.pending','owner':'ann','amount':'2000',"
		   "'cause':'CAUSE_MATURED','order':'o1'},"
		   "{'code':2120,'name':'comm.available','owner':'ann',"
		   "'amount':'-2000','cause':'CAUSE_MATURED','order':'o1'}]},"
		   "{'position':'14','effectiveAt':" TIME_07 ",'type':501,"
		   "'typeName':'PayoutRequested','postings':["
		   "{'code':2120,'name':'comm.available','owner':'bea',"
		   "'amount':'6000','cause':'CAUSE_DRAWN','payout':'p1'},"
		   "{'code':2140,'name':'payout.reserved','owner':'bea',"
		   "'amount':'-6000','cause':'CAUSE_DRAWN','payout':'p1'}]}]}");
	/* An order's account is the order's. */
	expect_all("{'fromPosition':'7','toSize':'8'}",
		   "{'size':'18','nextPosition':'8','entries':[{'position':'7',"
		   "'effectiveAt':" TIME_03 ",'type':301,'typeName':'SaleRecorded',"
		   "'order':'o2','postings':["
		   "{'code':1020,'name':'psp.clearing','owner':'wx',"
		   "'amount':'50000'},"
		   "{'code':2010,'name':'escrow','owner':'o2','amount':'-50000'},"
		   "{'code':1140,'name':'comm.deferred','owner':'o2',"
		   "'amount':'6000'},"
		   "{'code':2110,'name':'comm.pending','owner':'bea',"
		   "'amount':'-5000','cause':'CAUSE_ACCRUED'},"
		   "{'code':2110,'name':'comm.pending','owner':'ann',"
		   "'amount':'-1000','cause':'CAUSE_ACCRUED'}]}]}");
	/* Nothing was posted, or nothing is left. */
	expect_all("{'toSize':'6'}", "{'size':'18','nextPosition':'6'}");
	expect_all("{'fromPosition':'18'}", "{'size':'18','nextPosition':'18'}");
	expect_all("{'fromPosition':'9','toSize':'4'}",
		   "{'size':'18','nextPosition':'9'}");
	served_book_close(&book);

	served_book_open(&book);
	expect_all("{}", "{}");
	served_book_close(&book);
}

static void
test_bad_requests(void)
{
	struct dbk_journal_feed *feed = NULL;

	served_money_open(&book);
	CHECK_INT(
	    dbk_journal_feed_open(dbk_str_make("\x08\x06", 2), 6, &feed, &book.answer),
	    DBK_GRPC_OK);
	dbk_journal_feed_close(feed);
	CHECK_INT(
	    dbk_journal_feed_open(dbk_str_make("\x08\x07", 2), 6, &feed, &book.answer),
	    DBK_GRPC_OUT_OF_RANGE);
	CHECK(strcmp(served_book_status(&book, &book.answer),
		     "OUT_OF_RANGE POSITION from_position=7 size=6") == 0);
	CHECK_INT(
	    dbk_journal_feed_open(dbk_str_make("\x10\x07", 2), 6, &feed, &book.answer),
	    DBK_GRPC_OUT_OF_RANGE);
	CHECK_INT(
	    dbk_journal_feed_open(dbk_str_make("\x08", 1), 6, &feed, &book.answer),
	    DBK_GRPC_INVALID_ARGUMENT);
	dbk_journal_feed_close(NULL);
	served_book_close(&book);
}

/* ------------------------------------------------------------------------- in parts */

/* SALES of 100 each, delivered on the 2nd. */
static void
open_sales(unsigned sales)
{
	struct dbk_buf events;

	served_money_open(&book);
	dbk_buf_init(&events);
	for (unsigned i = 0; i < sales; i++)
		dbk_buf_printf(
		    &events,
		    "%s{" DAY_02 ",'saleRecorded':{'order':'o%u','seller':"
		    "'bea','channel':'live','lines':[{'line':1,'sku':'oolong','qty':1,"
		    "'unitPrice':100}],'paid':100,'psp':'wx','pspTxn':'%u',"
		    "'deliveredAt':" TIME_02 "}}",
		    i == 0 ? "" : ",", i, i);
	dbk_buf_put_u8(&events, '\0');
	served_book_append(&book, "shop", (const char *)events.bytes);
	dbk_buf_fini(&events);
}

/* What all chunks of a journal say. */
struct told {
	uint64_t postings, chunks, entries;
	int64_t sum;
	uint64_t last; /* position */
	bool unfinished;
	size_t largest; /* bytes of a chunk with more than one entry */
};

static void
tell_entry(struct told *told, const Daybook__V1__JournalEntry *entry)
{
	/* Only a part of an event is followed by more of it. */
	CHECK(entry->position > told->last ||
	      (entry->position == told->last && told->unfinished));
	CHECK(!told->unfinished || entry->position == told->last);
	told->last = entry->position;
	told->unfinished = entry->unfinished;
	told->entries++;
	for (size_t i = 0; i < entry->n_postings; i++) {
		CHECK(entry->postings[i]->owner[0] != '\0');
		told->sum += entry->postings[i]->amount;
		told->postings++;
	}
}

static struct told
tell_all(size_t bytes_max, uint64_t want_next)
{
	struct dbk_journal_feed *feed = open_feed("{}");
	struct told told = { 0 };
	bool done = false;

	while (!done) {
		chunk_message *chunk;

		dbk_buf_reset(&book.reply);
		CHECK_INT(dbk_service_read_journal(book.service, feed, 0, bytes_max,
						   &book.reply, &done, &book.answer),
			  DBK_GRPC_OK);
		chunk = daybook__v1__journal_chunk__unpack(NULL, book.reply.size,
							   book.reply.bytes);
		if (!CHECK(chunk != NULL))
			abort();
		told.chunks++;
		for (size_t i = 0; i < chunk->n_entries; i++)
			tell_entry(&told, chunk->entries[i]);
		if (chunk->n_entries > 1 && book.reply.size > told.largest)
			told.largest = book.reply.size;
		if (done)
			CHECK_INT(chunk->next_position, want_next);
		daybook__v1__journal_chunk__free_unpacked(chunk, NULL);
	}
	dbk_journal_feed_close(feed);
	return told;
}

static void
test_chunks(void)
{
	struct told all, small, tiny;

	open_sales(3000);
	all = tell_all(ALL_BYTES, served_book_size(&book));
	CHECK_INT(all.sum, 0);
	CHECK_INT(all.entries, 3000);
	CHECK(all.chunks > 1 && all.largest < ALL_BYTES + 64);
	small = tell_all(5000, served_book_size(&book));
	CHECK_INT(small.postings, all.postings);
	CHECK_INT(small.entries, all.entries);
	CHECK(small.largest < 5000 + 64);
	/* One event always fits. */
	tiny = tell_all(1, served_book_size(&book));
	CHECK_INT(tiny.chunks, 3000);
	CHECK_INT(tiny.postings, all.postings);
	served_book_close(&book);
}

/* 12,000 postings of one event: in parts that add up to nothing. */
static void
test_large_event(void)
{
	struct told all;

	open_sales(3000);
	served_book_append(&book, "clock", "{" DAY_10 ",'clockAdvanced':{}}");
	all = tell_all(ALL_BYTES, served_book_size(&book));
	CHECK_INT(all.sum, 0);
	CHECK(all.entries > 3001);
	CHECK(!all.unfinished);
	CHECK_INT(all.last, served_book_size(&book) - 1);
	served_book_close(&book);
}

/* The end is settled with the first chunk; what is not there yet is waited for. */
static void
test_growing(void)
{
	struct dbk_journal_feed *feed;
	bool done = false;

	open_sales(3000);
	feed = open_feed("{}");
	(void)next_chunk(feed, ALL_BYTES, &done);
	CHECK(!done);
	served_book_append(&book, "shop", "{" DAY_03 "," SALE("new", "100", "") "}");
	while (!done)
		CHECK(strstr(next_chunk(feed, ALL_BYTES, &done), "'order':'new'") ==
		      NULL);
	dbk_journal_feed_close(feed);

	book.view_lags = true;
	served_book_append(&book, "shop", "{" DAY_03 "," SALE("newer", "100", "") "}");
	feed = open_feed("{'fromPosition':'3007','toSize':'3008'}");
	CHECK(strcmp(next_chunk(feed, ALL_BYTES, &done),
		     "DEADLINE_EXCEEDED VIEW_BEHIND at_least_size=3008") == 0);
	book.view_lags = false;
	CHECK(strstr(next_chunk(feed, ALL_BYTES, &done), "'order':'newer'") != NULL);
	CHECK(done);
	dbk_journal_feed_close(feed);

	feed = open_feed("{}");
	book.is_stopping = true;
	CHECK(strcmp(next_chunk(feed, ALL_BYTES, &done), "UNAVAILABLE STOPPING") == 0);
	CHECK_INT(book.reply.size, 0);
	book.is_stopping = false;
	book.has_no_view = true;
	CHECK(strcmp(next_chunk(feed, ALL_BYTES, &done),
		     "UNAVAILABLE VIEW_REBUILDING") == 0);
	dbk_journal_feed_close(feed);
	served_book_close(&book);
}

int
main(void)
{
	check_run("postings are told with their names", test_entries);
	check_run("what is no journal is told", test_bad_requests);
	check_run("chunks of any size tell the same", test_chunks);
	check_run("a large event is told in parts", test_large_event);
	check_run("a journal ends where it was when it began", test_growing);
	return check_end();
}
