#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/h2pair.h"

/* Clients that take their time.  A second is a call of dbk_h2server_wait(). */

enum { DATA = 0, HEADERS = 1, SETTINGS = 4, PING = 6, CONTINUATION = 9 };

#define END_HEADERS 4u
#define ACK 1u

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static struct h2pair pair;
static struct h2result result;

static void
feed(const void *bytes, size_t size)
{
	const unsigned char *out;

	CHECK(dbk_h2server_feed(pair.server, bytes, size) == DBK_OK);
	while ((size = dbk_h2server_output(pair.server, &out)) > 0)
		dbk_h2server_output_done(pair.server, size);
}

static size_t
make_frame(unsigned char *out, unsigned type, unsigned flags, uint8_t id,
	   const void *payload, size_t size)
{
	unsigned char head[9] = { (unsigned char)(size >> 16),
				  (unsigned char)(size >> 8),
				  (unsigned char)size,
				  (unsigned char)type,
				  (unsigned char)flags,
				  0,
				  0,
				  0,
				  id };

	memcpy(out, head, sizeof head);
	if (size > 0)
		memcpy(out + sizeof head, payload, size);
	return sizeof head + size;
}

static void
feed_frame(unsigned type, unsigned flags, uint8_t id, const void *payload, size_t size)
{
	static unsigned char bytes[200000];

	feed(bytes, make_frame(bytes, type, flags, id, payload, size));
}

static size_t
put_header(char *out, const char *name, const char *value)
{
	return (size_t)sprintf(out, "%c%c%s%c%s", 0, (int)strlen(name), name,
			       (int)strlen(value), value);
}

/* HPACK of a call of PATH. */
static size_t
make_headers(char *out, const char *path)
{
	size_t size = put_header(out, ":method", "POST");

	size += put_header(out + size, ":scheme", "http");
	size += put_header(out + size, ":authority", "x");
	size += put_header(out + size, ":path", path);
	return size + put_header(out + size, "content-type", "application/grpc");
}

static void
greet(void)
{
	feed(preface, sizeof preface - 1);
	feed_frame(SETTINGS, 0, 0, NULL, 0);
	feed_frame(SETTINGS, ACK, 0, NULL, 0);
}

static void
begin_call(const char *path)
{
	char block[300];

	feed_frame(HEADERS, END_HEADERS, 1, block, make_headers(block, path));
	CHECK_INT(pair.started, 1);
}

/* SECONDS pass, and the client is still welcome. */
static bool
wait_for(unsigned seconds, bool keepalive)
{
	const unsigned char *out;
	size_t size;
	bool welcome = true;

	for (unsigned i = 0; i < seconds && welcome; i++) {
		welcome = dbk_h2server_wait(pair.server, keepalive);
		while ((size = dbk_h2server_output(pair.server, &out)) > 0)
			dbk_h2server_output_done(pair.server, size);
	}
	return welcome;
}

static void
test_no_hello(void)
{
	for (size_t said = 0; said < sizeof preface - 1 + 9; said += 8) {
		char hello[64];

		memcpy(hello, preface, sizeof preface - 1);
		(void)make_frame((unsigned char *)hello + sizeof preface - 1, SETTINGS,
				 0, 0, NULL, 0);
		h2pair_open(&pair);
		feed(hello, said);
		CHECK(wait_for(DBK_RPC_HELLO_SECONDS - 1, false));
		CHECK(!wait_for(1, false));
		h2pair_close(&pair);
	}
}

static void
test_trickled_hello(void)
{
	h2pair_open(&pair);
	for (unsigned i = 0; i < DBK_RPC_HELLO_SECONDS - 1; i++) {
		feed(preface + i, 1);
		CHECK(wait_for(1, true));
	}
	CHECK(!wait_for(1, true));
	h2pair_close(&pair);
}

static void
test_hello_in_time(void)
{
	h2pair_open(&pair);
	CHECK(wait_for(DBK_RPC_HELLO_SECONDS - 1, true));
	greet();
	CHECK(wait_for(DBK_RPC_IDLE_SECONDS, true));
	h2pair_close(&pair);
}

static void
test_header_dribble(void)
{
	char block[300];
	size_t size = make_headers(block, "/t/Echo");

	h2pair_open(&pair);
	greet();
	CHECK(wait_for(20, false));
	feed_frame(HEADERS, 0, 1, block, 10);
	for (unsigned i = 0; i < DBK_RPC_HELLO_SECONDS - 1; i++) {
		/* Within a frame, not one a second: those are counted by nghttp2. */
		CHECK(wait_for(1, false));
	}
	CHECK(!wait_for(1, false));
	CHECK_INT(pair.started, 0);
	h2pair_close(&pair);

	/* In time, in three parts, with pauses. */
	h2pair_open(&pair);
	greet();
	feed_frame(HEADERS, 0, 1, block, 10);
	CHECK(wait_for(4, false));
	feed_frame(CONTINUATION, 0, 1, block + 10, 10);
	CHECK(wait_for(4, false));
	feed_frame(CONTINUATION, END_HEADERS, 1, block + 20, size - 20);
	CHECK(wait_for(40, false));
	CHECK_INT(pair.started, 1);
	h2pair_close(&pair);
}

/* Headers that are against the rules end their call, not the connection, later. */
static void
test_bad_headers(void)
{
	char block[300];
	size_t size = make_headers(block, "/t/Echo");

	size += put_header(block + size, "Upper", "x");
	h2pair_open(&pair);
	greet();
	feed_frame(HEADERS, END_HEADERS, 1, block, size);
	CHECK_INT(pair.started, 0);
	CHECK(wait_for(40, false));
	h2pair_close(&pair);
}

static void
test_keepalive(void)
{
	unsigned char pong[8] = { 'd', 'a', 'y', 'b', 'o', 'o', 'k', 1 };

	h2pair_open(&pair);
	greet();
	CHECK(wait_for(DBK_RPC_IDLE_SECONDS + DBK_RPC_PING_SECONDS - 1, true));
	CHECK(!wait_for(1, true));
	h2pair_close(&pair);

	h2pair_open(&pair);
	greet();
	for (int i = 0; i < 5; i++) {
		CHECK(wait_for(DBK_RPC_IDLE_SECONDS + DBK_RPC_PING_SECONDS - 1, true));
		feed_frame(PING, ACK, 0, pong, 8);
	}
	/* Another frame, or the answer to another PING, is none. */
	CHECK(wait_for(DBK_RPC_IDLE_SECONDS, true));
	pong[0]++;
	feed_frame(PING, ACK, 0, pong, 8);
	feed_frame(PING, 0, 0, pong, 8);
	CHECK(!wait_for(DBK_RPC_PING_SECONDS, true));
	h2pair_close(&pair);
}

static void
test_no_keepalive(void)
{
	h2pair_open(&pair);
	greet();
	CHECK(wait_for(5 * DBK_RPC_IDLE_SECONDS, false));
	h2pair_close(&pair);
}

/* Our own client answers while it waits for a long answer. */
static void
test_client_answers(void)
{
	h2pair_open(&pair);
	h2pair_unary(&pair, &result, "/t/Hold", 100);
	h2pair_run(&pair);
	for (unsigned i = 0; i < 400; i++) {
		CHECK(dbk_h2server_wait(pair.server, true));
		h2pair_run(&pair);
	}
	CHECK_INT(result.closes, 0);
	h2pair_close(&pair);
	h2result_fini(&result);
}

static void
test_busy_is_not_asked(void)
{
	h2pair_open(&pair);
	greet();
	begin_call("/t/Count");
	for (unsigned i = 0; i < 3 * DBK_RPC_IDLE_SECONDS; i++) {
		feed_frame(DATA, 0, 1, "\0\0\0\0\0", 5);
		CHECK(wait_for(1, true));
	}
	CHECK_INT(pair.messages, 3 * DBK_RPC_IDLE_SECONDS);
	h2pair_close(&pair);
}

static void
begin_message(size_t size)
{
	unsigned char prefix[5] = { 0, (unsigned char)(size >> 24),
				    (unsigned char)(size >> 16),
				    (unsigned char)(size >> 8), (unsigned char)size };

	feed_frame(DATA, 0, 1, prefix, sizeof prefix);
}

static void
test_unfinished_message(void)
{
	h2pair_open(&pair);
	greet();
	begin_call("/t/Echo");
	/* Between two messages there is no hurry. */
	CHECK(wait_for(5 * DBK_RPC_MESSAGE_SECONDS, false));
	CHECK_INT(dbk_h2server_calls(pair.server), 1);
	begin_message(1000);
	CHECK(wait_for(DBK_RPC_MESSAGE_SECONDS - 1, false));
	CHECK(!dbk_h2server_is_finished(pair.last_call));
	CHECK(wait_for(1, false));
	CHECK_INT(pair.closed, 1);
	CHECK_INT(pair.messages, 0);
	/* The connection goes on. */
	CHECK(!dbk_h2server_is_done(pair.server));
	h2pair_close(&pair);
}

static void
test_half_a_prefix(void)
{
	h2pair_open(&pair);
	greet();
	begin_call("/t/Echo");
	feed_frame(DATA, 0, 1, "\0\0", 2);
	CHECK(wait_for(DBK_RPC_MESSAGE_SECONDS, false));
	CHECK_INT(pair.closed, 1);
	h2pair_close(&pair);
}

/* RATE bytes a second of a large message; is the call alive after a minute and a bit?
 */
static bool
trickle(size_t rate)
{
	static unsigned char bytes[4096];
	bool alive;

	h2pair_open(&pair);
	greet();
	begin_call("/t/Echo");
	begin_message(2000000);
	for (unsigned i = 0; i < DBK_RPC_MESSAGE_SECONDS + 5; i++) {
		feed_frame(DATA, 0, 1, bytes, rate);
		CHECK(wait_for(1, true));
	}
	alive = pair.closed == 0;
	h2pair_close(&pair);
	return alive;
}

static void
test_trickled_message(void)
{
	CHECK(!trickle(1));
	CHECK(!trickle(DBK_RPC_MESSAGE_BYTES_PER_SECOND / 2));
	CHECK(trickle(DBK_RPC_MESSAGE_BYTES_PER_SECOND));
	CHECK(trickle(4096));
}

/* One frame of DATA byte by byte: the rate counts, and the PING cannot be answered. */
static void
test_trickled_frame(void)
{
	static unsigned char frame[20000], payload[16384] = { 0, 0, 0x7f };
	size_t size = make_frame(frame, DATA, 0, 1, payload, sizeof payload);
	size_t at = 0;
	unsigned seconds = 0;

	h2pair_open(&pair);
	greet();
	begin_call("/t/Echo");
	do {
		feed(frame + at++, 1);
		seconds++;
	} while (wait_for(1, true) && at < size);
	CHECK_INT(pair.closed, 1);
	CHECK(seconds <= DBK_RPC_MESSAGE_SECONDS + DBK_RPC_IDLE_SECONDS +
			     DBK_RPC_PING_SECONDS + 20);
	h2pair_close(&pair);
}

/* A client that may not send is not late: what it sent is held by the server. */
static void
test_closed_window(void)
{
	size_t size = DBK_RPC_STREAM_WINDOW_BYTES;

	h2pair_open(&pair);
	h2pair_start(&pair, &result, "/t/Hold");
	CHECK(dbk_h2client_send(result.call, h2pair_pattern(1000), 1000) == DBK_OK);
	h2pair_run(&pair);
	CHECK_INT(pair.messages, 1);
	CHECK(dbk_h2client_send(result.call, h2pair_pattern(size), size) == DBK_OK);
	h2pair_run(&pair);
	CHECK_INT(pair.messages, 1);
	for (unsigned i = 0; i < 3 * DBK_RPC_MESSAGE_SECONDS; i++) {
		CHECK(dbk_h2server_wait(pair.server, true));
		h2pair_run(&pair);
	}
	CHECK_INT(pair.closed, 0);
	(void)h2pair_release(&pair);
	h2pair_run(&pair);
	CHECK_INT(pair.messages, 2);
	h2pair_close(&pair);
	h2result_fini(&result);
}

int
main(void)
{
	check_run("who says no hello has to go", test_no_hello);
	check_run("a trickled hello is none", test_trickled_hello);
	check_run("a hello in time is enough", test_hello_in_time);
	check_run("headers have to end", test_header_dribble);
	check_run("bad headers are no headers that do not end", test_bad_headers);
	check_run("who is quiet is asked, and has to answer", test_keepalive);
	check_run("who is near is not asked", test_no_keepalive);
	check_run("our client answers while it waits", test_client_answers);
	check_run("who is busy is not asked", test_busy_is_not_asked);
	check_run("a message that has begun has to end", test_unfinished_message);
	check_run("half a prefix is a message that has begun", test_half_a_prefix);
	check_run("a message has to come at some rate", test_trickled_message);
	check_run("a frame that trickles ends the connection", test_trickled_frame);
	check_run("who may not send is not late", test_closed_window);
	return check_end();
}
