#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/h2pair.h"
#include "rpc/h2client.h"
#include "rpc/h2server.h"

static struct h2pair pair;
static struct h2result results[H2PAIR_CALLS_MAX];

static void
fini_results(void)
{
	for (size_t i = 0; i < H2PAIR_CALLS_MAX; i++)
		h2result_fini(&results[i]);
	memset(results, 0, sizeof results);
}

static void
end_pair(void)
{
	h2pair_close(&pair);
	fini_results();
}

static enum dbk_err
send_pattern(struct h2result *result, size_t size)
{
	return dbk_h2client_send(result->call, h2pair_pattern(size), size);
}

static void
test_unconsumed_stream_stalls(void)
{
	size_t total = 3 * DBK_RPC_STREAM_WINDOW_BYTES;

	h2pair_open(&pair);
	h2pair_start(&pair, &results[0], "/t/Hold");
	for (size_t i = 0; i < total / 1024; i++)
		CHECK_INT(send_pattern(&results[0], 1024), DBK_OK);
	h2pair_run(&pair);
	CHECK(pair.bytes <= DBK_RPC_STREAM_WINDOW_BYTES + 1024);
	CHECK(pair.bytes >= DBK_RPC_STREAM_WINDOW_BYTES - 16384);
	CHECK(dbk_h2client_queued(results[0].call) > 0);
	while (h2pair_release(&pair) > 0)
		h2pair_run(&pair);
	CHECK_INT(pair.bytes, total);
	CHECK_INT(dbk_h2client_queued(results[0].call), 0);
	CHECK(results[0].writables > 0);
	end_pair();
}

static void
test_unconsumed_session_stalls(void)
{
	size_t calls =
	    2 * DBK_RPC_CONNECTION_WINDOW_BYTES / DBK_RPC_STREAM_WINDOW_BYTES;
	size_t queued = 0;
	size_t sent = 0;

	h2pair_open(&pair);
	for (size_t i = 0; i < calls; i++) {
		h2pair_start(&pair, &results[i], "/t/Hold");
		for (size_t k = 0; k < DBK_RPC_STREAM_WINDOW_BYTES / 8192; k++)
			CHECK_INT(send_pattern(&results[i], 8000), DBK_OK);
		sent += DBK_RPC_STREAM_WINDOW_BYTES / 8192 * 8000;
	}
	h2pair_run(&pair);
	CHECK(pair.bytes <= DBK_RPC_CONNECTION_WINDOW_BYTES + calls * 8000);
	for (size_t i = 0; i < calls; i++)
		queued += dbk_h2client_queued(results[i].call);
	CHECK(queued > 0);

	while (h2pair_release(&pair) > 0)
		h2pair_run(&pair);
	CHECK_INT(pair.bytes, sent);
	end_pair();
}

static void
test_large_messages_beside_held_ones(void)
{
	size_t calls = 60;
	size_t size = DBK_RPC_STREAM_WINDOW_BYTES + 4321;

	h2pair_open(&pair);
	for (size_t i = 0; i < calls; i++)
		h2pair_unary(&pair, &results[i], "/t/Hold", size);
	for (int32_t id = 1; id < (int32_t)(2 * calls);) {
		struct dbk_h2server_call *call;
		size_t before = pair.messages;

		h2pair_run(&pair);
		if (!CHECK(pair.messages > before || pair.messages == calls))
			break;
		while ((call = dbk_h2server_find(pair.server, id)) != NULL &&
		       pair.half_closes > (size_t)id / 2) {
			dbk_h2server_consume(pair.server, id, size);
			dbk_h2server_finish_text(call, DBK_GRPC_OK, NULL);
			id += 2;
		}
	}
	h2pair_run(&pair);
	CHECK_INT(pair.messages, calls);
	for (size_t i = 0; i < calls; i++)
		CHECK_INT(results[i].code, DBK_GRPC_OK);
	end_pair();
}

static void
test_consume_after_close(void)
{
	h2pair_open(&pair);
	for (size_t round = 0; round < 64; round++) {
		h2pair_start(&pair, &results[round], "/t/Hold");
		for (size_t k = 0; k < 100; k++)
			CHECK_INT(send_pattern(&results[round], 8192), DBK_OK);
		h2pair_run(&pair);
		CHECK_INT(pair.messages, 100 * (round + 1));
		dbk_h2client_cancel(results[round].call);
		h2pair_run(&pair);
		for (size_t k = 0; k < 100; k++)
			dbk_h2server_consume(pair.server, pair.last_id, 8192);
	}
	CHECK_INT(pair.cancelled, 64);
	end_pair();
}

static void
test_reader_that_does_not_read(void)
{
	size_t sent = 0;

	h2pair_open(&pair);
	h2pair_start(&pair, &results[0], "/t/Hold");
	h2pair_run(&pair);
	while (dbk_h2server_send(pair.last_call, h2pair_pattern(65536), 65536) ==
	       DBK_OK)
		sent++;
	CHECK_INT(dbk_h2server_send(pair.last_call, h2pair_pattern(65536), 65536),
		  DBK_FAILED_LIMIT);
	CHECK(dbk_h2server_queued(pair.last_call) <= DBK_RPC_QUEUE_BYTES_MAX);
	CHECK_INT(dbk_h2server_queued_all(pair.server),
		  dbk_h2server_queued(pair.last_call));
	CHECK_INT(dbk_h2server_send(pair.last_call, "x", DBK_MESSAGE_BYTES_MAX + 1),
		  DBK_FAILED_LIMIT);
	pair.client_holds = true;
	h2pair_run(&pair);
	CHECK(results[0].bytes <= DBK_RPC_STREAM_WINDOW_BYTES);
	CHECK_INT(pair.writables, 0);
	while (results[0].messages < sent) {
		size_t before = results[0].messages;

		dbk_h2client_consume(results[0].call, results[0].bytes);
		results[0].bytes = 0;
		h2pair_run(&pair);
		if (!CHECK(results[0].messages > before))
			break;
	}
	CHECK_INT(pair.writables, 1);
	CHECK_INT(dbk_h2server_queued_all(pair.server), 0);
	end_pair();
}

static void
test_many_readers_that_do_not_read(void)
{
	size_t refused = 0;

	h2pair_open(&pair);
	for (size_t i = 0; i < DBK_RPC_STREAMS_MAX; i++)
		h2pair_start(&pair, &results[i], "/t/Hold");
	h2pair_to_server(&pair);
	for (int32_t id = 1; id < 2 * DBK_RPC_STREAMS_MAX && refused == 0; id += 2) {
		struct dbk_h2server_call *call = dbk_h2server_find(pair.server, id);

		for (int k = 0; call != NULL && k < 16; k++)
			refused += dbk_h2server_send(call, h2pair_pattern(65536),
						     65536) == DBK_FAILED_LIMIT;
	}
	CHECK(refused > 0);
	CHECK(dbk_h2server_queued_all(pair.server) <= DBK_RPC_QUEUES_BYTES_MAX);
	CHECK(dbk_h2server_queued_all(pair.server) > DBK_RPC_QUEUES_BYTES_MAX - 131072);
	h2pair_run(&pair);
	CHECK_INT(dbk_h2server_queued_all(pair.server), 0);
	end_pair();
}

static void
test_pour_with_marks(void)
{
	h2pair_open(&pair);
	pair.pour_left = 2000;
	pair.pour_bytes = 10000;
	h2pair_unary(&pair, &results[0], "/t/Pour", 1);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	CHECK_INT(results[0].messages, 2000);
	CHECK_INT(results[0].bytes, 2000 * 10000);
	CHECK(pair.writables > 10);
	end_pair();
}

static void
test_output_in_pieces(void)
{
	const unsigned char *bytes;
	size_t size;

	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Echo", 300000);
	for (int round = 0; round < 200000 && results[0].closes == 0; round++) {
		size = dbk_h2client_output(pair.client, &bytes);
		size = size < 4099 ? size : 4099;
		CHECK_INT(dbk_h2server_feed(pair.server, bytes, size), DBK_OK);
		dbk_h2client_output_done(pair.client, size);
		size = dbk_h2server_output(pair.server, &bytes);
		size = size < 4111 ? size : 4111;
		CHECK_INT(dbk_h2client_feed(pair.client, bytes, size), DBK_OK);
		dbk_h2server_output_done(pair.server, size);
	}
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	CHECK_INT(results[0].last.size, 300000);
	CHECK(memcmp(results[0].last.bytes, h2pair_pattern(300000), 300000) == 0);
	end_pair();
}

static void
test_output_stays_put(void)
{
	const unsigned char *bytes;
	unsigned char *copy;
	size_t size;

	h2pair_open(&pair);
	h2pair_run(&pair);
	h2pair_unary(&pair, &results[0], "/t/Echo", 100000);
	h2pair_to_server(&pair);
	size = dbk_h2server_output(pair.server, &bytes);
	CHECK(size > 100000);
	copy = malloc(size);
	CHECK(copy != NULL);
	memcpy(copy, bytes, size);
	h2pair_unary(&pair, &results[1], "/t/Echo", 1000000);
	h2pair_to_server(&pair);
	CHECK(memcmp(copy, bytes, size) == 0);
	free(copy);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	CHECK_INT(results[1].code, DBK_GRPC_OK);
	end_pair();
}

int
main(void)
{
	check_run("unconsumed messages stall their stream",
		  test_unconsumed_stream_stalls);
	check_run("unconsumed messages stall the session",
		  test_unconsumed_session_stalls);
	check_run("messages above the window do not lock each other out",
		  test_large_messages_beside_held_ones);
	check_run("messages of closed calls are given back", test_consume_after_close);
	check_run("queue of a reader that does not read is bounded",
		  test_reader_that_does_not_read);
	check_run("queues of all calls together are bounded",
		  test_many_readers_that_do_not_read);
	check_run("sender that heeds the mark sends everything", test_pour_with_marks);
	check_run("output may be written in pieces", test_output_in_pieces);
	check_run("output stays put while more comes in", test_output_stays_put);
	return check_end();
}
