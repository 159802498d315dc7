/*
 * test_log_feed.c -- ReadLog, chunk by chunk, and the unary calls about proofs.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_book.h"
#include "../tests/lib/signed_port.h"
#include "daybook/v1/service.pb-c.h"
#include "log/log_reader.h"
#include "proof/receipt.h"
#include "service/log_feed.h"

#define DEADLINE_NS 777

static struct served_book book;
static struct signed_port port;
static struct dbk_error error;

static void
add_sku(int number)
{
	char event[256];

	(void)snprintf(event, sizeof event,
		       "{'effective_at':'2024-01-02T00:00:00Z','sku_defined':"
		       "{'sku':'s%d','revision':1,'list_price':'%d'}}",
		       number, number + 1);
	served_book_append(&book, "office", event);
}

static void
begin(int groups)
{
	served_book_open(&book);
	signed_port_open(&port, book.port.log, &book.port);
	served_book_append(&book, "office",
			   "{'effective_at':'2024-01-01T00:00:00Z','book_opened':"
			   "{'book':'shop','currency':'CNY','exponent':2}}");
	for (int i = 1; i < groups; i++)
		add_sku(i);
}

static void
end(void)
{
	signed_port_close(&port);
	served_book_close(&book);
}

/* ---------------------------------------------------------------------------- feed */

static struct dbk_log_feed *
open_feed(uint64_t group, uint64_t position)
{
	Daybook__V1__ReadLogRequest request = DAYBOOK__V1__READ_LOG_REQUEST__INIT;
	struct dbk_log_feed *feed = NULL;
	uint8_t bytes[64];

	request.from_group = group;
	request.from_position = position;
	CHECK_INT(dbk_log_feed_open(dbk_str_make(bytes, protobuf_c_message_pack(
							    &request.base, bytes)),
				    served_book_size(&book),
				    dbk_log_groups(book.port.log), &feed, &book.answer),
		  DBK_GRPC_OK);
	if (feed == NULL)
		abort();
	return feed;
}

static enum dbk_grpc_code
next(struct dbk_log_feed *feed, size_t bytes_max, bool *out_done)
{
	dbk_buf_reset(&book.reply);
	return dbk_service_read_log(book.service, feed, DEADLINE_NS, bytes_max,
				    &book.reply, out_done, &book.answer);
}

/* Are the parts from GROUP on, in chunks of about BYTES_MAX, the log's own values?
 * Gives the number of chunks. */
static unsigned
check_all(uint64_t group, uint64_t position, size_t bytes_max)
{
	struct dbk_log_feed *feed = open_feed(group, position);
	struct dbk_log_reader *reader;
	struct dbk_log_slice slice = { .value = NULL };
	size_t at = 0, size = 0;
	unsigned chunks = 0;
	bool done = false, same = true;

	if (dbk_log_reader_open(book.port.log, &reader, &error) != DBK_OK)
		abort();
	dbk_log_reader_seek_group(reader, position, group);
	while (!done && same) {
		Daybook__V1__LogChunk *chunk;

		CHECK_INT(next(feed, bytes_max, &done), DBK_GRPC_OK);
		CHECK(book.reply.size < bytes_max + 4096);
		chunk = daybook__v1__log_chunk__unpack(NULL, book.reply.size,
						       book.reply.bytes);
		for (size_t i = 0; same && i < chunk->n_groups; i++) {
			const Daybook__V1__LogGroup *one = chunk->groups[i];

			if (at == size) {
				same = dbk_log_reader_next(reader, &slice, &error) ==
				       DBK_OK;
				at = 0;
				size = (size_t)(slice.records - slice.value) +
				       slice.records_bytes;
			}
			same = same && one->number == slice.number &&
			       one->first_position == slice.first_position &&
			       at + one->value.len <= size &&
			       memcmp(one->value.data, slice.value + at,
				      one->value.len) == 0;
			at += one->value.len;
			same = same && one->unfinished == (at < size);
		}
		same = same && chunk->size == port.published.size &&
		       (chunk->checkpoint != NULL) == done;
		if (done)
			same = same && chunk->checkpoint->note.len == port.note.size;
		daybook__v1__log_chunk__free_unpacked(chunk, NULL);
		chunks++;
	}
	CHECK(same);
	CHECK(at == size);
	dbk_log_reader_close(reader);
	dbk_log_feed_close(feed);
	return chunks;
}

static void
test_whole(void)
{
	begin(12);
	CHECK_INT(check_all(0, 0, 1 << 20), 1);
	CHECK_INT(port.waited_for, 12);
	CHECK(check_all(0, 0, 64) > 12);
	CHECK(check_all(0, 0, 300) > 2);
	for (uint64_t group = 0; group <= 12; group++)
		(void)check_all(group, group, 200);
	end();
}

static void
test_differs(void)
{
	static const uint64_t places[][2] = {
		{ 1, 0 }, { 2, 1 },	     { 0, 6 },		{ 6, 5 },
		{ 5, 6 }, { UINT64_MAX, 5 }, { 5, UINT64_MAX },
	};
	bool done;

	begin(5);
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct dbk_log_feed *feed = open_feed(places[i][0], places[i][1]);

		CHECK_INT(next(feed, 1000, &done), DBK_GRPC_FAILED_PRECONDITION);
		CHECK(dbk_str_equal(book.answer.status.reason,
				    dbk_str_of("LOG_DIFFERS")));
		CHECK_INT(book.reply.size, 0);
		dbk_log_feed_close(feed);
	}
	end();
}

static void
test_by_position(void)
{
	struct dbk_log_feed *feed;
	Daybook__V1__LogChunk *chunk;
	bool done;

	begin(5);
	for (uint64_t position = 1; position <= 5; position++) {
		feed = open_feed(0, position);
		CHECK_INT(next(feed, 1 << 20, &done), DBK_GRPC_OK);
		CHECK(done);
		chunk = daybook__v1__log_chunk__unpack(NULL, book.reply.size,
						       book.reply.bytes);
		CHECK_INT(chunk->n_groups, 5 - position);
		if (chunk->n_groups > 0)
			CHECK_INT(chunk->groups[0]->first_position, position);
		daybook__v1__log_chunk__free_unpacked(chunk, NULL);
		dbk_log_feed_close(feed);
	}
	end();
}

static void
test_late_checkpoint(void)
{
	struct dbk_log_feed *feed;
	bool done;

	begin(3);
	port.lags = true;
	feed = open_feed(0, 0);
	CHECK_INT(next(feed, 1000, &done), DBK_GRPC_UNAVAILABLE);
	CHECK(dbk_str_equal(book.answer.status.reason, dbk_str_of("NO_CHECKPOINT")));
	signed_port_sign(&port);
	add_sku(7);
	CHECK_INT(next(feed, 1 << 20, &done), DBK_GRPC_OK);
	CHECK(done);
	dbk_log_feed_close(feed);
	CHECK_INT(port.published.size, 3);
	/* What the log had when it was asked comes, although it is not signed yet. */
	CHECK_INT(check_all(0, 0, 1 << 20), 1);
	end();
}

static void
test_bad_request(void)
{
	struct dbk_log_feed *feed = NULL;

	begin(1);
	CHECK_INT(dbk_log_feed_open(dbk_str_of("\x0f"), 1, 1, &feed, &book.answer),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK(feed == NULL);
	dbk_log_feed_close(NULL);
	end();
}

/* ------------------------------------------------------------------------ questions */

static void
check_call(const char *method, const char *request, const char *want)
{
	const char *got = served_book_call(&book, method, request);

	if (!CHECK(strcmp(got, want) == 0))
		fprintf(stderr, "%s %s: %s\n", method, request, got);
}

static void
test_unsigned_service(void)
{
	served_book_open(&book);
	served_book_append(&book, "office",
			   "{'effective_at':'2024-01-01T00:00:00Z','book_opened':"
			   "{'book':'shop','currency':'CNY','exponent':2}}");
	check_call("GetCheckpoint", "{}", "UNAVAILABLE NO_CHECKPOINT");
	check_call("GetInclusionProof", "{}", "UNAVAILABLE NO_CHECKPOINT");
	check_call("GetReceipts", "{'position':'0'}", "UNAVAILABLE NO_CHECKPOINT");
	served_book_close(&book);
}

static void
test_questions(void)
{
	begin(4);
	port.lags = true;
	signed_port_sign(&port);
	add_sku(9);
	check_call("GetInclusionProof", "{'position':'4'}",
		   "DEADLINE_EXCEEDED CHECKPOINT_BEHIND size=5");
	check_call("GetInclusionProof", "{'position':'5'}",
		   "OUT_OF_RANGE POSITION position=5");
	check_call("GetInclusionProof", "{'position':'2','size':'2'}",
		   "OUT_OF_RANGE POSITION position=2");
	check_call("GetInclusionProof", "{'position':'2','size':'6'}",
		   "OUT_OF_RANGE SIZE size=6");
	check_call("GetInclusionProof", "{'position':'2','size':'5'}",
		   "DEADLINE_EXCEEDED CHECKPOINT_BEHIND size=5");
	check_call("GetConsistencyProof", "{'from_size':'3','to_size':'2'}",
		   "OUT_OF_RANGE SIZE from_size=3");
	check_call("GetConsistencyProof", "{'from_size':'6'}",
		   "OUT_OF_RANGE SIZE from_size=6");
	check_call("GetCheckpoint", "{'at_least_size':'5'}",
		   "DEADLINE_EXCEEDED CHECKPOINT_BEHIND at_least_size=5");
	check_call("GetReceipts", "{'position':'4'}",
		   "DEADLINE_EXCEEDED CHECKPOINT_BEHIND position=5");
	check_call("GetReceipts", "{'position':'5'}",
		   "OUT_OF_RANGE POSITION position=5");
	check_call("GetReceipts", "{'position':'1','limit':1001}",
		   "INVALID_ARGUMENT LIMIT limit=1001");
	end();
}

static void
test_receipts(void)
{
	Daybook__V1__GetReceiptsReply *reply;
	struct dbk_receipt receipt;
	struct dbk_buf bytes;
	size_t size;

	begin(300);
	dbk_buf_init(&bytes);
	for (int position = 0; position < 300; position += 23) {
		char request[64];
		struct dbk_str proof;

		(void)snprintf(request, sizeof request, "{'position':'%d'}", position);
		(void)served_book_call(&book, "GetReceipts", request);
		reply = daybook__v1__get_receipts_reply__unpack(NULL, book.reply.size,
								book.reply.bytes);
		CHECK_INT(reply->n_receipts, 1);
		CHECK_INT(reply->size, 300);
		CHECK_INT(reply->receipts[0]->type, position == 0 ? 101 : 102);
		proof = dbk_str_make(reply->receipts[0]->proof.data,
				     reply->receipts[0]->proof.len);
		CHECK_INT(dbk_receipt_check(proof, &port.key, NULL, &bytes, &receipt,
					    &size, &error),
			  DBK_OK);
		CHECK_INT(receipt.record.position, position);
		CHECK_INT(size, proof.size);
		daybook__v1__get_receipts_reply__free_unpacked(reply, NULL);
	}
	dbk_buf_fini(&bytes);
	end();
}

int
main(void)
{
	check_run("a request that is none opens no feed", test_bad_request);
	check_run("a log that is not the asker's is told so", test_differs);
	check_run("without a checkpoint there is no end, so no beginning",
		  test_late_checkpoint);
	check_run("the log comes whole, whatever fits a chunk", test_whole);
	check_run("the log comes from a position on", test_by_position);
	check_run("a service without a key has no checkpoint", test_unsigned_service);
	check_run("what is not there or not signed is told so", test_questions);
	check_run("receipts of a service verify", test_receipts);
	return check_end();
}
