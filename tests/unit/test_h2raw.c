#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/h2pair.h"

/*
 * Bytes that no decent client sends.  What the server answers is read by a client
 * session whose own output is thrown away: it believes to have opened the streams.
 */

enum frame_type {
	DATA = 0,
	HEADERS = 1,
	RST_STREAM = 3,
	SETTINGS = 4,
	PING = 6,
	GOAWAY = 7,
	WINDOW_UPDATE = 8,
	CONTINUATION = 9
};

#define END_STREAM 1u
#define END_HEADERS 4u

/* RFC 9113 section 7. */
#define PROTOCOL_ERROR 1
#define FLOW_CONTROL_ERROR 3
#define FRAME_SIZE_ERROR 6
#define ENHANCE_YOUR_CALM 11
#define NO_GOAWAY (-1)

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static struct h2pair pair;
static struct h2result results[16];
static struct dbk_buf raw;
static struct dbk_buf answer;

static void
put_frame(enum frame_type type, unsigned flags, uint32_t id, const void *payload,
	  size_t size)
{
	unsigned char head[9] = { (unsigned char)(size >> 16),
				  (unsigned char)(size >> 8),
				  (unsigned char)size,
				  (unsigned char)type,
				  (unsigned char)flags,
				  (unsigned char)(id >> 24),
				  (unsigned char)(id >> 16),
				  (unsigned char)(id >> 8),
				  (unsigned char)id };

	dbk_buf_put(&raw, head, sizeof head);
	dbk_buf_put(&raw, payload, size);
}

/* HPACK: literal without indexing, new name, no Huffman code; sizes below 127. */
static void
put_header(struct dbk_buf *block, const char *name, const char *value)
{
	dbk_buf_put_u8(block, 0);
	dbk_buf_put_u8(block, (uint8_t)strlen(name));
	dbk_buf_put(block, name, strlen(name));
	dbk_buf_put_u8(block, (uint8_t)strlen(value));
	dbk_buf_put(block, value, strlen(value));
}

struct headers {
	const char *method;
	const char *path;
	const char *type;
	const char *timeout;
	size_t more; /* entries of 120 bytes */
};

static void
put_request(uint32_t id, unsigned flags, const struct headers *headers)
{
	char value[100];
	struct dbk_buf block;

	memset(value, 'v', sizeof value);
	value[sizeof value - 1] = '\0';
	dbk_buf_init(&block);
	put_header(&block, ":method", headers->method);
	put_header(&block, ":scheme", "http");
	put_header(&block, ":authority", "localhost");
	put_header(&block, ":path", headers->path);
	if (headers->type != NULL)
		put_header(&block, "content-type", headers->type);
	if (headers->timeout != NULL)
		put_header(&block, "grpc-timeout", headers->timeout);
	for (size_t i = 0; i < headers->more; i++)
		put_header(&block, "x-more", value);
	put_frame(HEADERS, flags | END_HEADERS, id, block.bytes, block.size);
	dbk_buf_fini(&block);
}

static void
put_call(uint32_t id, const char *path)
{
	struct headers headers = { "POST", path, "application/grpc", NULL, 0 };

	put_request(id, 0, &headers);
}

/* A server, a deaf client with CALLS streams, and the preface as input. */
static void
begin(size_t calls)
{
	const unsigned char *bytes;
	size_t size;

	h2pair_open(&pair);
	for (size_t i = 0; i < calls; i++)
		h2pair_unary(&pair, &results[i], "/t/Echo", 1);
	while ((size = dbk_h2client_output(pair.client, &bytes)) > 0)
		dbk_h2client_output_done(pair.client, size);
	dbk_buf_put(&raw, preface, sizeof preface - 1);
	put_frame(SETTINGS, 0, 0, NULL, 0);
}

/* Feed what was put; collect what comes back. */
static enum dbk_err
feed(void)
{
	enum dbk_err err = dbk_h2server_feed(pair.server, raw.bytes, raw.size);
	const unsigned char *bytes;
	size_t size;

	dbk_buf_reset(&raw);
	while ((size = dbk_h2server_output(pair.server, &bytes)) > 0) {
		dbk_buf_put(&answer, bytes, size);
		dbk_h2server_output_done(pair.server, size);
	}
	return err;
}

/* Let the client read the answer. */
static void
read_answer(void)
{
	CHECK_INT(dbk_h2client_feed(pair.client, answer.bytes, answer.size), DBK_OK);
}

/* The error code of the GOAWAY in the answer. */
static int
goaway_code(void)
{
	for (size_t at = 0; at + 17 <= answer.size;) {
		const unsigned char *p = answer.bytes + at;

		if (p[3] == GOAWAY)
			return p[16];
		at += 9 + ((size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2]);
	}
	return NO_GOAWAY;
}

static void
end(void)
{
	h2pair_close(&pair);
	for (size_t i = 0; i < 16; i++)
		h2result_fini(&results[i]);
	memset(results, 0, sizeof results);
	dbk_buf_fini(&raw);
	dbk_buf_fini(&answer);
}

/* ------------------------------------------------------------------------ not HTTP/2
 */

static void
test_truncated_preface(void)
{
	for (size_t size = 0; size < sizeof preface - 1; size++) {
		h2pair_open(&pair);
		CHECK_INT(dbk_h2server_feed(pair.server, preface, size), DBK_OK);
		CHECK(!dbk_h2server_is_done(pair.server));
		h2pair_close(&pair);
	}
}

static void
test_http1(void)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

	h2pair_open(&pair);
	dbk_buf_put(&raw, request, sizeof request - 1);
	CHECK_INT(feed(), DBK_FAILED_INPUT);
	CHECK(dbk_h2server_is_done(pair.server));
	CHECK_INT(dbk_h2server_feed(pair.server, preface, sizeof preface - 1),
		  DBK_FAILED_INPUT);
	end();
}

/* -------------------------------------------------------------------------- headers */

static void
check_refused_headers(const struct headers *headers, enum dbk_grpc_code code,
		      const char *text)
{
	begin(1);
	put_request(1, END_STREAM, headers);
	CHECK_INT(feed(), DBK_OK);
	read_answer();
	CHECK_INT(results[0].closes, 1);
	CHECK_INT(results[0].code, code);
	if (!CHECK(strstr(results[0].text, text) != NULL))
		fprintf(stderr, "    %s\n", results[0].text);
	CHECK_INT(pair.started, 0);
	CHECK_INT(pair.closed, 0);
	CHECK_INT(goaway_code(), NO_GOAWAY);
	end();
}

static void
test_other_content_types(void)
{
	static const char *const types[] = { NULL, "text/plain", "application/grpc-web",
					     "application/grp", "" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct headers headers = { "POST", "/t/Echo", types[i], NULL, 0 };

		check_refused_headers(&headers, DBK_GRPC_UNKNOWN, "415");
	}
}

static void
test_grpc_content_types(void)
{
	static const char *const types[] = { "application/grpc",
					     "application/grpc+proto",
					     "application/grpc;charset=utf-8" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct headers headers = { "POST", "/t/Echo", types[i], "7S", 0 };

		begin(1);
		put_request(1, END_STREAM, &headers);
		CHECK_INT(feed(), DBK_OK);
		read_answer();
		CHECK_INT(results[0].code, DBK_GRPC_OK);
		CHECK_INT(pair.timeout_ns, 7000000000);
		end();
	}
}

static void
test_other_methods(void)
{
	struct headers get = { "GET", "/t/Echo", "application/grpc", NULL, 0 };
	struct headers put = { "PUT", "/t/Echo", "application/grpc", NULL, 0 };

	check_refused_headers(&get, DBK_GRPC_UNKNOWN, "405");
	check_refused_headers(&put, DBK_GRPC_UNKNOWN, "405");
}

static void
test_bad_timeouts(void)
{
	static const char *const timeouts[] = {
		"", "S", "1", "123456789S", "-1S", "1s"
	};

	for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
		struct headers headers = { "POST", "/t/Echo", "application/grpc",
					   timeouts[i], 0 };

		check_refused_headers(&headers, DBK_GRPC_INTERNAL, "grpc-timeout");
	}
}

static void
test_large_headers(void)
{
	struct headers headers = { "POST", "/t/Echo", "application/grpc", NULL, 117 };

	begin(1);
	put_request(1, END_STREAM, &headers);
	CHECK_INT(feed(), DBK_OK);
	read_answer();
	CHECK_INT(results[0].code, DBK_GRPC_OK);
	end();
	headers.more = 118;
	check_refused_headers(&headers, DBK_GRPC_RESOURCE_EXHAUSTED, "headers of ");
}

static void
test_continuations_without_end(void)
{
	begin(0);
	put_frame(HEADERS, 0, 1, NULL, 0);
	for (size_t i = 0; i < 5000; i++)
		put_frame(CONTINUATION, 0, 1, NULL, 0);
	CHECK_INT(feed(), DBK_FAILED_INPUT);
	CHECK_INT(goaway_code(), ENHANCE_YOUR_CALM);
	CHECK(dbk_h2server_is_done(pair.server));
	end();
}

/* ------------------------------------------------------------------------- messages */

static void
check_refused_message(const void *bytes, size_t size, unsigned flags,
		      enum dbk_grpc_code code, const char *text)
{
	begin(1);
	put_call(1, "/t/Echo");
	put_frame(DATA, flags, 1, bytes, size);
	CHECK_INT(feed(), DBK_OK);
	read_answer();
	CHECK_INT(results[0].closes, 1);
	CHECK_INT(results[0].code, code);
	if (!CHECK(strstr(results[0].text, text) != NULL))
		fprintf(stderr, "    %s\n", results[0].text);
	CHECK_INT(pair.messages, 0);
	CHECK_INT(pair.closed, 1);
	CHECK_INT(goaway_code(), NO_GOAWAY);
	end();
}

static void
test_compressed(void)
{
	check_refused_message("\1\0\0\0\3abc", 8, 0, DBK_GRPC_UNIMPLEMENTED,
			      "identity");
	check_refused_message("\1\0\0\0\3abc", 8, END_STREAM, DBK_GRPC_UNIMPLEMENTED,
			      "identity");
}

static void
test_bad_flag(void)
{
	check_refused_message("\7\0\0\0\3abc", 8, END_STREAM, DBK_GRPC_INTERNAL,
			      "compressed-flag 7");
}

static void
test_absurd_length(void)
{
	check_refused_message("\0\xff\xff\xff\xff"
			      "abc",
			      8, 0, DBK_GRPC_RESOURCE_EXHAUSTED,
			      "4294967295 bytes is above the limit");
}

static void
test_ends_within_message(void)
{
	for (size_t size = 1; size < 8; size++)
		check_refused_message("\0\0\0\0\3abc", size, END_STREAM,
				      DBK_GRPC_INTERNAL, "ended within a message");
}

static void
test_many_large_claims(void)
{
	size_t refused = 0;
	size_t calls = 16;

	begin(calls);
	for (uint32_t i = 0; i < calls; i++) {
		put_call(2 * i + 1, "/t/Echo");
		put_frame(DATA, 0, 2 * i + 1, "\0\0\x41\0\0x", 6);
	}
	CHECK_INT(feed(), DBK_OK);
	read_answer();
	for (size_t i = 0; i < calls; i++)
		refused += results[i].code == DBK_GRPC_RESOURCE_EXHAUSTED ? 1 : 0;
	CHECK_INT(refused, calls - DBK_RPC_ASSEMBLY_BYTES_MAX / 0x410000);
	end();
}

/* --------------------------------------------------------------------------- frames */

static void
test_oversized_frame(void)
{
	size_t size = DBK_RPC_FRAME_BYTES_MAX + 1;

	begin(0);
	put_call(1, "/t/Hold");
	put_frame(DATA, 0, 1, h2pair_pattern(size), size);
	(void)!feed();
	CHECK_INT(goaway_code(), FRAME_SIZE_ERROR);
	CHECK(dbk_h2server_is_done(pair.server));
	end();
	CHECK_INT(pair.cancelled, 1);
}

static void
test_stream_window_overrun(void)
{
	size_t size = DBK_RPC_FRAME_BYTES_MAX;
	unsigned char prefix[5] = { 0, 0, 0x20, 0, 0 };
	unsigned char small[5] = { 0, 0, 0, 0, 0 };

	begin(0);
	put_call(1, "/t/Hold");
	put_frame(SETTINGS, 1, 0, NULL, 0);
	put_frame(DATA, 0, 1, small, 5);
	put_frame(DATA, 0, 1, "\0\0\0\0\1x", 6);
	put_frame(DATA, 0, 1, prefix, 5);
	for (size_t i = 0; i < 9; i++)
		put_frame(DATA, 0, 1, h2pair_pattern(size), size);
	(void)!feed();
	CHECK_INT(pair.messages, 2);
	CHECK_INT(pair.cancelled, 1);
	CHECK_INT(pair.closed, 1);
	dbk_h2server_consume(pair.server, 1, 1);
	end();
}

static void
test_even_stream(void)
{
	begin(0);
	put_call(2, "/t/Hold");
	(void)!feed();
	CHECK_INT(goaway_code(), PROTOCOL_ERROR);
	CHECK(dbk_h2server_is_done(pair.server));
	CHECK_INT(pair.started, 0);
	end();
}

static void
test_too_many_streams(void)
{
	begin(0);
	put_frame(SETTINGS, 1, 0, NULL, 0);
	for (uint32_t i = 0; i < DBK_RPC_STREAMS_MAX + 50; i++)
		put_call(2 * i + 1, "/t/Hold");
	(void)!feed();
	CHECK_INT(pair.started, DBK_RPC_STREAMS_MAX);
	end();
	CHECK_INT(pair.closed, DBK_RPC_STREAMS_MAX);
}

/* --------------------------------------------------------------------------- floods */

static void
check_flood(enum frame_type type, uint32_t id, const void *payload, size_t size)
{
	begin(0);
	put_call(1, "/t/Hold");
	for (size_t i = 0; i < DBK_RPC_CONTROL_FRAMES_MAX - 1; i++)
		put_frame(type, 0, id, payload, size);
	CHECK_INT(feed(), DBK_OK);
	CHECK_INT(goaway_code(), NO_GOAWAY);
	CHECK(!dbk_h2server_is_done(pair.server));
	dbk_h2server_tick(pair.server);
	for (size_t i = 0; i < DBK_RPC_CONTROL_FRAMES_MAX / 10; i++)
		put_frame(type, 0, id, payload, size);
	CHECK_INT(feed(), DBK_OK);
	CHECK_INT(goaway_code(), NO_GOAWAY);
	put_frame(type, 0, id, payload, size);
	(void)!feed();
	CHECK_INT(goaway_code(), ENHANCE_YOUR_CALM);
	CHECK(dbk_h2server_is_done(pair.server));
	end();
}

static void
test_ping_flood(void)
{
	check_flood(PING, 0, "12345678", 8);
}

static void
test_settings_flood(void)
{
	check_flood(SETTINGS, 0, NULL, 0);
}

static void
test_empty_data_flood(void)
{
	check_flood(DATA, 1, NULL, 0);
}

static void
test_unread_ping_flood(void)
{
	begin(0);
	for (size_t i = 0; i < 100000; i++)
		put_frame(PING, 0, 0, "12345678", 8);
	(void)!dbk_h2server_feed(pair.server, raw.bytes, raw.size);
	dbk_buf_reset(&raw);
	(void)!feed();
	CHECK_INT(goaway_code(), ENHANCE_YOUR_CALM);
	CHECK(answer.size < 100000);
	end();
}

/* Refused calls that are reset at once, by a peer that does not read the answers. */
static void
test_unread_answers(void)
{
	struct headers headers = { "GET", "/t/Hold", NULL, NULL, 0 };
	uint32_t id = 1;

	begin(0);
	for (int round = 0; round < 400; round++) {
		for (int i = 0; i < 40; i++, id += 2) {
			put_request(id, 0, &headers);
			put_frame(RST_STREAM, 0, id, "\0\0\0\10", 4);
		}
		(void)!dbk_h2server_feed(pair.server, raw.bytes, raw.size);
		dbk_buf_reset(&raw);
		dbk_h2server_tick(pair.server);
	}
	(void)!feed();
	CHECK_INT(goaway_code(), ENHANCE_YOUR_CALM);
	CHECK(answer.size < 100 * (size_t)DBK_RPC_FRAMES_WAITING_MAX);
	end();
}

static void
put_reset(uint32_t id)
{
	put_call(id, "/t/Hold");
	put_frame(RST_STREAM, 0, id, "\0\0\0\10", 4);
}

static void
test_reset_flood(void)
{
	begin(0);
	for (uint32_t i = 0; i < DBK_RPC_RESETS_MAX; i++)
		put_reset(2 * i + 1);
	CHECK_INT(feed(), DBK_OK);
	CHECK_INT(pair.started, DBK_RPC_RESETS_MAX);
	CHECK_INT(pair.cancelled, DBK_RPC_RESETS_MAX);
	CHECK_INT(goaway_code(), NO_GOAWAY);
	put_reset(2 * DBK_RPC_RESETS_MAX + 1);
	(void)!feed();
	CHECK_INT(goaway_code(), ENHANCE_YOUR_CALM);
	CHECK(dbk_h2server_is_done(pair.server));
	end();
}

static void
test_resets_between_good_calls(void)
{
	begin(0);
	for (uint32_t i = 0; i < 3 * DBK_RPC_RESETS_MAX; i++) {
		put_reset(4 * i + 1);
		put_call(4 * i + 3, "/t/Echo");
		put_frame(DATA, END_STREAM, 4 * i + 3, NULL, 0);
		CHECK_INT(feed(), DBK_OK);
	}
	CHECK_INT(goaway_code(), NO_GOAWAY);
	CHECK_INT(pair.closed, 6 * DBK_RPC_RESETS_MAX);
	end();
}

int
main(void)
{
	check_run("truncated preface waits for more", test_truncated_preface);
	check_run("HTTP/1 is not understood", test_http1);
	check_run("other content types are 415", test_other_content_types);
	check_run("gRPC content types are served without te", test_grpc_content_types);
	check_run("other methods are 405", test_other_methods);
	check_run("malformed timeout is named", test_bad_timeouts);
	check_run("headers at the limit pass, above are refused", test_large_headers);
	check_run("continuations without end are cut off",
		  test_continuations_without_end);
	check_run("compressed message is UNIMPLEMENTED", test_compressed);
	check_run("unknown flag is INTERNAL", test_bad_flag);
	check_run("absurd length is RESOURCE_EXHAUSTED", test_absurd_length);
	check_run("end within a message is INTERNAL", test_ends_within_message);
	check_run("claims of many large messages are bounded", test_many_large_claims);
	check_run("oversized frame ends the connection", test_oversized_frame);
	check_run("overrun of a stream's window ends the stream",
		  test_stream_window_overrun);
	check_run("even stream id ends the connection", test_even_stream);
	check_run("streams above the limit are not started", test_too_many_streams);
	check_run("ping flood is told to calm down", test_ping_flood);
	check_run("settings flood is told to calm down", test_settings_flood);
	check_run("flood of empty DATA is told to calm down", test_empty_data_flood);
	check_run("pings of a peer that does not read are bounded",
		  test_unread_ping_flood);
	check_run("answers of a peer that does not read are bounded",
		  test_unread_answers);
	check_run("reset flood is told to calm down", test_reset_flood);
	check_run("resets between good calls are tolerated",
		  test_resets_between_good_calls);
	return check_end();
}
