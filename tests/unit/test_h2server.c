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

/* ------------------------------------------------------------------ ends of calls */

static void
test_unary(void)
{
	struct h2result *r = &results[0];

	h2pair_open(&pair);
	h2pair_unary(&pair, r, "/t/Echo", 100);
	h2pair_run(&pair);
	CHECK_INT(r->closes, 1);
	CHECK_INT(r->code, DBK_GRPC_OK);
	CHECK_INT(r->messages, 1);
	CHECK_INT(r->last.size, 100);
	CHECK(memcmp(r->last.bytes, h2pair_pattern(100), 100) == 0);
	CHECK_INT(pair.closed, 1);
	CHECK_INT(pair.cancelled, 0);
	CHECK_INT(pair.half_closes, 1);
	CHECK_INT(pair.timeout_ns, DBK_H2SERVER_NO_TIMEOUT);
	CHECK_INT(dbk_h2server_calls(pair.server), 0);
	CHECK(!dbk_h2server_is_done(pair.server));
	end_pair();
}

static void
test_unknown_method(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Nothing", 10);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_UNIMPLEMENTED);
	CHECK(strcmp(results[0].text, "unknown method /t/Nothing") == 0);
	CHECK_INT(pair.started, 0);
	CHECK_INT(pair.messages, 0);
	CHECK_INT(pair.closed, 0);
	end_pair();
}

static void
test_details(void)
{
	struct dbk_grpc_field fields[] = {
		{ dbk_str_of("batch_seq"), dbk_str_of("17") },
		{ dbk_str_of("source"), dbk_str_of("shop") },
	};

	h2pair_open(&pair);
	pair.fail = (struct dbk_grpc_status){
		.code = DBK_GRPC_FAILED_PRECONDITION,
		.message = dbk_str_of("l\xc3\xbc"
				      "cke 50% \n after 16"),
		.reason = dbk_str_of("BATCH_GAP"),
		.fields = fields,
		.field_count = 2,
	};
	h2pair_unary(&pair, &results[0], "/t/Fail", 10);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_FAILED_PRECONDITION);
	CHECK(strcmp(results[0].text, "l\xc3\xbc"
				      "cke 50% \n after 16") == 0);
	CHECK(strcmp(results[0].reason, "BATCH_GAP") == 0);
	CHECK_INT(results[0].field_count, 2);
	CHECK(strcmp(results[0].field_name, "batch_seq") == 0);
	CHECK(strcmp(results[0].field_value, "17") == 0);
	CHECK_INT(pair.closed, 1);
	CHECK_INT(pair.cancelled, 0);
	CHECK_INT(pair.messages, 0);
	end_pair();
}

static void
test_request_headers(void)
{
	struct dbk_h2client_header more[] = {
		{ dbk_str_of("x-trace"), dbk_str_of("abc") },
	};
	struct dbk_h2client_request request = {
		.path = dbk_str_of("/t/Hold"),
		.authorization = dbk_str_of("Bearer secret"),
		.timeout_ns = 1500000000,
		.headers = more,
		.header_count = 1,
	};

	h2pair_open(&pair);
	CHECK_INT(
	    dbk_h2client_start(pair.client, &request, &results[0], &results[0].call),
	    DBK_OK);
	h2pair_run(&pair);
	CHECK(strcmp(pair.path, "/t/Hold") == 0);
	CHECK(strcmp(pair.authorization, "Bearer secret") == 0);
	CHECK_INT(pair.timeout_ns, 1500000000);
	request.header_count = DBK_H2CLIENT_HEADERS_MAX + 1;
	CHECK_INT(
	    dbk_h2client_start(pair.client, &request, &results[1], &results[1].call),
	    DBK_FAILED_LIMIT);
	end_pair();
	CHECK_INT(pair.cancelled, 1);
}

static void
test_finish_before_half_close(void)
{
	h2pair_open(&pair);
	h2pair_start(&pair, &results[0], "/t/Hold");
	CHECK_INT(send_pattern(&results[0], 10), DBK_OK);
	h2pair_run(&pair);
	CHECK_INT(pair.messages, 1);
	dbk_h2server_consume(pair.server, pair.last_id, 10);
	dbk_h2server_finish_text(pair.last_call, DBK_GRPC_ABORTED, "enough");
	CHECK(dbk_h2server_is_finished(pair.last_call));
	CHECK_INT(dbk_h2server_send(pair.last_call, "x", 1), DBK_FAILED_STATE);
	dbk_h2server_finish_text(pair.last_call, DBK_GRPC_OK, NULL);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_ABORTED);
	CHECK(strcmp(results[0].text, "enough") == 0);
	CHECK_INT(pair.closed, 1);
	CHECK_INT(pair.cancelled, 0);
	end_pair();
}

static void
test_cancel(void)
{
	h2pair_open(&pair);
	h2pair_start(&pair, &results[0], "/t/Hold");
	CHECK_INT(send_pattern(&results[0], 1000), DBK_OK);
	h2pair_run(&pair);
	CHECK(dbk_h2server_find(pair.server, pair.last_id) == pair.last_call);
	dbk_h2client_cancel(results[0].call);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_CANCELLED);
	CHECK_INT(results[0].closes, 1);
	CHECK_INT(pair.closed, 1);
	CHECK_INT(pair.cancelled, 1);
	CHECK(dbk_h2server_find(pair.server, pair.last_id) == NULL);
	CHECK(dbk_h2server_find(pair.server, 12345) == NULL);
	dbk_h2server_consume(pair.server, pair.last_id, 1000);
	end_pair();
}

static void
test_cancel_before_headers_left(void)
{
	h2pair_open(&pair);
	h2pair_start(&pair, &results[0], "/t/Hold");
	dbk_h2client_cancel(results[0].call);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_CANCELLED);
	CHECK_INT(results[0].closes, 1);
	end_pair();
}

static void
test_lost_connection(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Hold", 10);
	h2pair_unary(&pair, &results[1], "/t/Hold", 10);
	h2pair_run(&pair);
	CHECK_INT(dbk_h2server_calls(pair.server), 2);
	CHECK_INT(dbk_h2client_calls(pair.client), 2);
	end_pair();
	CHECK_INT(pair.closed, 2);
	CHECK_INT(pair.cancelled, 2);
}

static void
test_lost_connection_is_unavailable(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Hold", 10);
	h2pair_run(&pair);
	h2pair_close(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_UNAVAILABLE);
	CHECK_INT(results[0].closes, 1);
	fini_results();
}

/* --------------------------------------------------------------------- streaming */

static void
test_pipelined_stream(void)
{
	h2pair_open(&pair);
	h2pair_start(&pair, &results[0], "/t/Echo");
	for (size_t i = 0; i < 1000; i++)
		CHECK_INT(send_pattern(&results[0], i), DBK_OK);
	dbk_h2client_half_close(results[0].call);
	dbk_h2client_half_close(results[0].call);
	CHECK_INT(dbk_h2client_send(results[0].call, "x", 1), DBK_FAILED_STATE);
	h2pair_run(&pair);
	CHECK_INT(pair.messages, 1000);
	CHECK_INT(results[0].messages, 1000);
	CHECK_INT(results[0].bytes, 1000 * 999 / 2);
	CHECK_INT(results[0].last.size, 999);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	end_pair();
}

static void
test_empty_message(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Echo", 0);
	h2pair_run(&pair);
	CHECK_INT(pair.messages, 1);
	CHECK_INT(results[0].messages, 1);
	CHECK_INT(results[0].last.size, 0);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	end_pair();
}

static void
test_message_limit(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Count", DBK_MESSAGE_BYTES_MAX);
	h2pair_start(&pair, &results[1], "/t/Count");
	CHECK_INT(send_pattern(&results[1], DBK_MESSAGE_BYTES_MAX + 1),
		  DBK_FAILED_LIMIT);
	dbk_h2client_half_close(results[1].call);
	h2pair_run(&pair);
	CHECK_INT(pair.bytes, DBK_MESSAGE_BYTES_MAX);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	CHECK_INT(results[1].code, DBK_GRPC_OK);
	end_pair();
}

static void
test_large_both_ways(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Echo", DBK_MESSAGE_BYTES_MAX);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	CHECK_INT(results[0].last.size, DBK_MESSAGE_BYTES_MAX);
	CHECK(memcmp(results[0].last.bytes, h2pair_pattern(DBK_MESSAGE_BYTES_MAX),
		     DBK_MESSAGE_BYTES_MAX) == 0);
	end_pair();
}

static void
test_many_calls(void)
{
	h2pair_open(&pair);
	for (size_t i = 0; i < H2PAIR_CALLS_MAX; i++)
		h2pair_unary(&pair, &results[i], "/t/Echo", i);
	h2pair_run(&pair);
	for (size_t i = 0; i < H2PAIR_CALLS_MAX; i++) {
		CHECK_INT(results[i].code, DBK_GRPC_OK);
		CHECK_INT(results[i].bytes, i);
	}
	CHECK_INT(pair.closed, H2PAIR_CALLS_MAX);
	end_pair();
}

static void
test_more_calls_wait(void)
{
	h2pair_open(&pair);
	h2pair_run(&pair);
	for (size_t i = 0; i < DBK_RPC_STREAMS_MAX + 10; i++)
		h2pair_unary(&pair, &results[i], "/t/Hold", 1);
	h2pair_run(&pair);
	CHECK_INT(pair.started, DBK_RPC_STREAMS_MAX);
	dbk_h2server_consume(pair.server, pair.last_id, 1);
	dbk_h2server_finish_text(pair.last_call, DBK_GRPC_OK, NULL);
	h2pair_run(&pair);
	CHECK_INT(pair.started, DBK_RPC_STREAMS_MAX + 1);
	end_pair();
}

/* ---------------------------------------------------------------------- shutdown */

static void
test_shutdown_lets_calls_finish(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Hold", 5);
	h2pair_run(&pair);
	dbk_h2server_shutdown(pair.server);
	dbk_h2server_shutdown(pair.server);
	h2pair_run(&pair);
	CHECK(!dbk_h2server_is_done(pair.server));
	CHECK_INT(results[0].closes, 0);
	dbk_h2server_consume(pair.server, pair.last_id, 5);
	CHECK_INT(dbk_h2server_send(pair.last_call, "bye", 3), DBK_OK);
	dbk_h2server_finish_text(pair.last_call, DBK_GRPC_OK, NULL);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	CHECK_INT(results[0].last.size, 3);
	CHECK(dbk_h2server_is_done(pair.server));
	CHECK(dbk_h2client_is_done(pair.client));
	end_pair();
}

static void
test_shutdown_takes_no_new_calls(void)
{
	struct dbk_h2client_request request = { .path = dbk_str_of("/t/Hold"),
						.timeout_ns = -1 };

	h2pair_open(&pair);
	h2pair_run(&pair);
	dbk_h2server_shutdown(pair.server);
	h2pair_run(&pair);
	CHECK_INT(
	    dbk_h2client_start(pair.client, &request, &results[0], &results[0].call),
	    DBK_FAILED_STATE);
	CHECK(dbk_h2server_is_done(pair.server));
	end_pair();
}

static void
test_call_that_crosses_the_goaway(void)
{
	h2pair_open(&pair);
	h2pair_run(&pair);
	dbk_h2server_shutdown(pair.server);
	h2pair_unary(&pair, &results[0], "/t/Echo", 5);
	h2pair_to_server(&pair);
	h2pair_run(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	CHECK(dbk_h2server_is_done(pair.server));
	end_pair();
}

static void
test_abort(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Hold", 5);
	h2pair_run(&pair);
	dbk_h2server_abort(pair.server);
	h2pair_run(&pair);
	CHECK(dbk_h2server_is_done(pair.server));
	CHECK(dbk_h2client_is_done(pair.client) || results[0].closes == 0);
	h2pair_close(&pair);
	CHECK_INT(results[0].code, DBK_GRPC_UNAVAILABLE);
	fini_results();
}

static void
test_client_says_goodbye(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Echo", 5);
	h2pair_run(&pair);
	dbk_h2client_abort(pair.client);
	h2pair_run(&pair);
	CHECK(dbk_h2client_is_done(pair.client));
	CHECK(dbk_h2server_is_done(pair.server));
	end_pair();
}

int
main(void)
{
	check_run("unary call gets its reply and OK", test_unary);
	check_run("unknown method is UNIMPLEMENTED and named", test_unknown_method);
	check_run("status carries text, reason and fields", test_details);
	check_run("path, token and timeout reach the owner", test_request_headers);
	check_run("call may be finished before half-close",
		  test_finish_before_half_close);
	check_run("cancel reaches the server", test_cancel);
	check_run("cancel before the headers left", test_cancel_before_headers_left);
	check_run("closing a session closes its calls", test_lost_connection);
	check_run("lost connection is UNAVAILABLE",
		  test_lost_connection_is_unavailable);
	check_run("messages of a stream are pipelined in order", test_pipelined_stream);
	check_run("empty message is a message", test_empty_message);
	check_run("message at the limit passes, above is refused", test_message_limit);
	check_run("largest message passes both ways", test_large_both_ways);
	check_run("many calls share one connection", test_many_calls);
	check_run("calls above the limit wait for their turn", test_more_calls_wait);
	check_run("shutdown lets calls finish", test_shutdown_lets_calls_finish);
	check_run("shutdown takes no new calls", test_shutdown_takes_no_new_calls);
	check_run("call that crosses the GOAWAY is served",
		  test_call_that_crosses_the_goaway);
	check_run("abort ends the connection", test_abort);
	check_run("client may say goodbye", test_client_says_goodbye);
	return check_end();
}
