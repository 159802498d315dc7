#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/h2pair.h"

/*
 * A recorded exchange that is cut, ends early, or has a bit flipped, at every place.
 */

static struct h2pair pair;
static struct h2result results[5];

static void
end(void)
{
	h2pair_close(&pair);
	for (size_t i = 0; i < 5; i++)
		h2result_fini(&results[i]);
	memset(results, 0, sizeof results);
}

/* A real client's bytes: unary, streams, a cancel, an unknown method. */
static void
record(struct dbk_buf *out)
{
	h2pair_open(&pair);
	pair.recording = true;
	h2pair_unary(&pair, &results[0], "/t/Echo", 50);
	h2pair_run(&pair);
	h2pair_unary(&pair, &results[1], "/t/Count", 0);
	h2pair_start(&pair, &results[2], "/t/Echo");
	for (size_t i = 0; i < 3; i++)
		(void)!dbk_h2client_send(results[2].call, h2pair_pattern(20 * i),
					 20 * i);
	h2pair_run(&pair);
	dbk_h2client_half_close(results[2].call);
	h2pair_start(&pair, &results[3], "/t/Hold");
	h2pair_run(&pair);
	dbk_h2client_cancel(results[3].call);
	h2pair_unary(&pair, &results[4], "/t/Nothing", 5);
	h2pair_run(&pair);
	*out = pair.sent;
	dbk_buf_init(&pair.sent);
	end();
}

/* Nothing is checked but that it ends, with every call closed. */
static void
replay(const unsigned char *bytes, size_t size, size_t cut)
{
	h2pair_open(&pair);
	pair.pour_left = 3;
	(void)!dbk_h2server_feed(pair.server, bytes, cut);
	(void)h2pair_to_client(&pair);
	(void)!dbk_h2server_feed(pair.server, bytes + cut, size - cut);
	(void)h2pair_to_client(&pair);
	h2pair_close(&pair);
	CHECK_INT(pair.closed, pair.started);
}

static void
test_every_cut(void)
{
	struct dbk_buf bytes;

	record(&bytes);
	for (size_t cut = 0; cut <= bytes.size; cut++) {
		replay(bytes.bytes, bytes.size, cut);
		CHECK_INT(pair.started, 4);
		CHECK_INT(pair.messages, 5);
		CHECK_INT(pair.bytes, 50 + 0 + 20 + 40);
		CHECK_INT(pair.half_closes, 3);
		CHECK_INT(pair.cancelled, 1);
	}
	dbk_buf_fini(&bytes);
}

static void
test_every_end(void)
{
	struct dbk_buf bytes;

	record(&bytes);
	for (size_t size = 0; size < bytes.size; size++)
		replay(bytes.bytes, size, size);
	dbk_buf_fini(&bytes);
}

static void
test_every_flip(void)
{
	struct dbk_buf bytes;

	record(&bytes);
	for (size_t at = 0; at < bytes.size; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			bytes.bytes[at] ^= (unsigned char)(1u << bit);
			replay(bytes.bytes, bytes.size, bytes.size / 2);
			bytes.bytes[at] ^= (unsigned char)(1u << bit);
		}
	}
	dbk_buf_fini(&bytes);
}

/* A deaf client with two calls whose output is thrown away. */
static void
open_deaf(void)
{
	const unsigned char *bytes;
	size_t size;

	h2pair_open(&pair);
	h2pair_unary(&pair, &results[0], "/t/Echo", 3);
	h2pair_unary(&pair, &results[1], "/t/Fail", 3);
	while ((size = dbk_h2client_output(pair.client, &bytes)) > 0)
		dbk_h2client_output_done(pair.client, size);
}

/* What a server answers to these two calls. */
static void
record_answers(struct dbk_buf *out)
{
	const unsigned char *bytes;
	size_t size;

	dbk_buf_init(out);
	h2pair_open(&pair);
	pair.fail = (struct dbk_grpc_status){ DBK_GRPC_ABORTED, dbk_str_of("words"),
					      dbk_str_of("WHY"), NULL, 0 };
	h2pair_unary(&pair, &results[0], "/t/Echo", 3);
	h2pair_unary(&pair, &results[1], "/t/Fail", 3);
	(void)h2pair_to_server(&pair);
	while ((size = dbk_h2server_output(pair.server, &bytes)) > 0) {
		dbk_buf_put(out, bytes, size);
		dbk_h2server_output_done(pair.server, size);
	}
	end();
}

/* The client, too, must live with anything. */
static void
test_every_flip_to_client(void)
{
	const unsigned char *bytes;
	struct dbk_buf answers;

	record_answers(&answers);
	for (size_t i = 0; i < 8 * answers.size; i++) {
		open_deaf();
		answers.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
		(void)!dbk_h2client_feed(pair.client, answers.bytes, answers.size);
		answers.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
		(void)dbk_h2client_output(pair.client, &bytes);
		h2pair_close(&pair);
		CHECK_INT(results[0].closes, 1);
		CHECK_INT(results[1].closes, 1);
		h2result_fini(&results[0]);
		h2result_fini(&results[1]);
	}
	dbk_buf_fini(&answers);
}

int
main(void)
{
	check_run("exchange may be cut anywhere", test_every_cut);
	check_run("exchange may end anywhere", test_every_end);
	check_run("any flipped bit is survived by the server", test_every_flip);
	check_run("any flipped bit is survived by the client",
		  test_every_flip_to_client);
	return check_end();
}
