#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/h2pair.h"
#include "channel.h"
#include "endpoint.h"
#include "token_file.h"

/*
 * A child serves one connection after the other with the methods of h2pair.h, and
 * vanishes when it is asked for /t/Die.
 */

static char address[100] = "unix:";
static char *const path = address + 5;
static struct channel_options options = { .token = "token",
					  .connect_timeout_ns = 2000000000,
					  .call_timeout_ns = 5000000000 };
static struct channel *channel;
static struct channel_status status;
static struct dbk_error error;
static struct dbk_buf reply;

/* --------------------------------------------------------------------- the server */

static bool
write_all(int fd, struct h2pair *pair)
{
	const unsigned char *bytes;
	size_t size;

	while ((size = dbk_h2server_output(pair->server, &bytes)) > 0) {
		ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		dbk_h2server_output_done(pair->server, (size_t)sent);
	}
	return true;
}

static void
serve(int fd)
{
	static unsigned char bytes[65536];
	struct h2pair pair;
	ssize_t size;

	h2pair_open(&pair);
	pair.pour_left = 1000;
	pair.pour_bytes = 5000;
	pair.fail = (struct dbk_grpc_status){ DBK_GRPC_ABORTED, dbk_str_of("words"),
					      dbk_str_of("WHY"), NULL, 0 };
	while (write_all(fd, &pair) && !dbk_h2server_is_done(pair.server) &&
	       (size = recv(fd, bytes, sizeof bytes, 0)) > 0) {
		(void)!dbk_h2server_feed(pair.server, bytes, (size_t)size);
		if (strcmp(pair.path, "/t/Die") == 0)
			_exit(0);
	}
	h2pair_close(&pair);
}

static int
listen_at(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
	(void)unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)(void *)&name, sizeof name) != 0 ||
	    listen(fd, 8) != 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

static pid_t
start_server(void)
{
	int listener = listen_at();
	pid_t child = fork();

	if (child == 0) {
		for (;;) {
			int fd = accept(listener, NULL, NULL);

			if (fd < 0)
				_exit(1);
			serve(fd);
			(void)close(fd);
		}
	}
	(void)close(listener);
	return child;
}

static void
stop_server(pid_t child)
{
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
	(void)unlink(path);
}

/* -------------------------------------------------------------------------- tests */

static void
open_channel(int64_t call_timeout_ns)
{
	options.call_timeout_ns = call_timeout_ns;
	CHECK_INT(channel_open(address, &options, &channel, &error), DBK_OK);
}

static void
end_channel(void)
{
	channel_close(channel);
	channel = NULL;
	channel_status_fini(&status);
	dbk_buf_fini(&reply);
}

static enum dbk_err
call(const char *method, const char *request)
{
	return channel_call(channel, method, dbk_str_of(request), &reply, &status,
			    &error);
}

static void
test_bad_addresses(void)
{
	static const char *const bad[] = {
		"",	      "x",     "unix:", "host:",       "host:0",
		"host:65536", "1:2:3", ":80",	"[::1]",       "[::1:80",
		"host:8 0",   "tls:",  "tls:x", "tls:unix:/x", "tls:tls:host:1",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		CHECK_INT(channel_open(bad[i], &options, &channel, &error),
			  DBK_FAILED_INPUT);
		CHECK(strstr(error.text, "address ") == error.text);
	}
}

static void
test_nobody_there(void)
{
	static const char want[] = "cannot connect to unix:/nowhere/x.sock: "
				   "No such file or directory";

	CHECK_INT(channel_open("unix:/nowhere/x.sock", &options, &channel, &error),
		  DBK_FAILED_NETWORK);
	CHECK(strcmp(error.text, want) == 0);
	CHECK_INT(channel_open("127.0.0.1:1", &options, &channel, &error),
		  DBK_FAILED_NETWORK);
	CHECK_INT(channel_open("[::1]:1", &options, &channel, &error),
		  DBK_FAILED_NETWORK);
}

static void
test_who_is_spoken_to_in_tls(void)
{
	static const char *const clear[] = {
		"unix:/x",	 "unix:tls:1",	   "localhost:1",
		"127.0.0.1:1",	 "127.200.3.4:80", "[::1]:7400",
		"[127.0.0.1]:1", "nothing at all", "tls:nothing at all",
	};
	static const char *const secure[][2] = {
		{ "tls:localhost:1", "localhost" },
		{ "tls:[::1]:1", "::1" },
		{ "tls:127.0.0.1:1", "127.0.0.1" },
		{ "example.com:1", "example.com" },
		{ "10.0.0.7:1", "10.0.0.7" },
		{ "[2001:db8::7]:1", "2001:db8::7" },
		{ "localhost.example:1", "localhost.example" },
		{ "tls:example.com:443", "example.com" },
		{ "0.0.0.0:1", "0.0.0.0" },
	};
	char host[ENDPOINT_HOST_BYTES];

	for (size_t i = 0; i < sizeof clear / sizeof clear[0]; i++)
		CHECK(!endpoint_wants_tls(clear[i], host));
	for (size_t i = 0; i < sizeof secure / sizeof secure[0]; i++) {
		CHECK(endpoint_wants_tls(secure[i][0], host));
		CHECK(strcmp(host, secure[i][1]) == 0);
	}
}

static void
write_token(const char *text, mode_t mode)
{
	FILE *file = fopen("/tmp/daybook-test-token", "w");

	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
	CHECK(chmod("/tmp/daybook-test-token", mode) == 0);
}

static void
test_token_files(void)
{
	static const char name[] = "/tmp/daybook-test-token";
	char *token = NULL;

	(void)unlink(name);
	CHECK_INT(token_file_read(name, &token, &error), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, "No such file") != NULL);
	write_token("", 0600);
	CHECK_INT(token_file_read(name, &token, &error), DBK_FAILED_INPUT);
	write_token("\ndbk_a_b\n", 0600);
	CHECK_INT(token_file_read(name, &token, &error), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, "no token in its first line") != NULL);
	write_token("dbk\ta_b\n", 0600);
	CHECK_INT(token_file_read(name, &token, &error), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, "control character") != NULL);
	write_token("dbk_a_b\n", 0644);
	CHECK_INT(token_file_read(name, &token, &error), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, "everybody") != NULL);
	CHECK(token == NULL);
	write_token("dbk_a_b\r\nsecond line\n", 0640);
	CHECK_INT(token_file_read(name, &token, &error), DBK_OK);
	CHECK(strcmp(token, "dbk_a_b") == 0);
	token_free(token);
	(void)unlink(name);
}

static void
test_bad_token(void)
{
	struct channel_options bad = { .token = "a\nb",
				       .connect_timeout_ns = -1,
				       .call_timeout_ns = -1 };

	CHECK_INT(channel_open(address, &bad, &channel, &error), DBK_FAILED_INPUT);
}

static void
test_unary(void)
{
	open_channel(CHANNEL_NO_TIMEOUT);
	CHECK_INT(call("/t/Echo", "hello"), DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_OK);
	CHECK_INT(reply.size, 5);
	CHECK_INT(call("/t/Nothing", "hello"), DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_UNIMPLEMENTED);
	CHECK_INT(call("/t/Fail", "hello"), DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_ABORTED);
	CHECK(dbk_str_equal(status.message, dbk_str_of("words")));
	CHECK(dbk_str_equal(status.reason, dbk_str_of("WHY")));
	end_channel();
}

static void
test_wrong_number_of_replies(void)
{
	open_channel(CHANNEL_NO_TIMEOUT);
	CHECK_INT(call("/t/Pour", ""), DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_INTERNAL);
	end_channel();
}

static void
test_deadline(void)
{
	open_channel(50 * 1000000);
	CHECK_INT(call("/t/Hold", "x"), DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_DEADLINE_EXCEEDED);
	CHECK_INT(call("/t/Echo", "x"), DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_OK);
	end_channel();
}

static void
test_message_limit(void)
{
	open_channel(CHANNEL_NO_TIMEOUT);
	CHECK_INT(channel_call(channel, "/t/Count",
			       dbk_str_make(h2pair_pattern(DBK_MESSAGE_BYTES_MAX),
					    DBK_MESSAGE_BYTES_MAX),
			       &reply, &status, &error),
		  DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_OK);
	CHECK_INT(channel_call(channel, "/t/Count",
			       dbk_str_make(h2pair_pattern(DBK_MESSAGE_BYTES_MAX + 1),
					    DBK_MESSAGE_BYTES_MAX + 1),
			       &reply, &status, &error),
		  DBK_FAILED_LIMIT);
	end_channel();
}

static void
expect(struct channel_stream *stream, enum channel_event want, size_t size)
{
	enum channel_event event;

	CHECK_INT(
	    channel_stream_recv(stream, CHANNEL_NO_TIMEOUT, &reply, &event, &error),
	    DBK_OK);
	CHECK_INT(event, want);
	CHECK_INT(reply.size, size);
}

static void
test_streams_side_by_side(void)
{
	struct channel_stream *echo, *pour;
	enum channel_event event;
	bool open = false;

	open_channel(CHANNEL_NO_TIMEOUT);
	CHECK_INT(channel_stream_start(channel, "/t/Echo", false, &echo, &error),
		  DBK_OK);
	CHECK_INT(channel_stream_start(channel, "/t/Pour", false, &pour, &error),
		  DBK_OK);
	CHECK_INT(channel_stream_recv(echo, 0, &reply, &event, &error), DBK_OK);
	CHECK_INT(event, CHANNEL_NOTHING);
	for (size_t i = 0; i < 200; i++) {
		struct dbk_str message = dbk_str_make(h2pair_pattern(i * 20), i * 20);

		CHECK_INT(channel_stream_send(echo, message, &open, &error), DBK_OK);
		CHECK(open);
	}
	channel_stream_half_close(echo);
	for (size_t i = 0; i < 200; i++)
		expect(echo, CHANNEL_MESSAGE, i * 20);
	expect(echo, CHANNEL_ENDED, 0);
	expect(echo, CHANNEL_ENDED, 0);
	CHECK_INT(channel_stream_status(echo)->code, DBK_GRPC_OK);
	for (size_t i = 0; i < 1000; i++)
		expect(pour, CHANNEL_MESSAGE, 5000);
	expect(pour, CHANNEL_ENDED, 0);
	channel_stream_finish(pour);
	channel_stream_finish(echo);
	channel_stream_finish(NULL);
	end_channel();
}

static void
test_finish_in_the_middle(void)
{
	struct channel_stream *stream;

	open_channel(CHANNEL_NO_TIMEOUT);
	CHECK_INT(channel_stream_start(channel, "/t/Pour", true, &stream, &error),
		  DBK_OK);
	expect(stream, CHANNEL_MESSAGE, 5000);
	channel_stream_finish(stream);
	CHECK_INT(call("/t/Echo", "x"), DBK_OK);
	CHECK_INT(status.code, DBK_GRPC_OK);
	CHECK_INT(channel_stream_start(channel, "/t/Hold", true, &stream, &error),
		  DBK_OK);
	end_channel();
	channel_stream_finish(stream);
}

static void
test_send_to_ended_stream(void)
{
	struct channel_stream *stream;
	bool open = true;

	open_channel(CHANNEL_NO_TIMEOUT);
	CHECK_INT(channel_stream_start(channel, "/t/Fail", true, &stream, &error),
		  DBK_OK);
	expect(stream, CHANNEL_ENDED, 0);
	CHECK_INT(channel_stream_send(stream, dbk_str_of("x"), &open, &error), DBK_OK);
	CHECK(!open);
	CHECK_INT(channel_stream_status(stream)->code, DBK_GRPC_ABORTED);
	channel_stream_finish(stream);
	end_channel();
}

static void
test_server_dies(void)
{
	struct channel_stream *stream;
	enum channel_event event;

	open_channel(CHANNEL_NO_TIMEOUT);
	CHECK_INT(channel_stream_start(channel, "/t/Hold", true, &stream, &error),
		  DBK_OK);
	CHECK_INT(call("/t/Die", "x"), DBK_FAILED_NETWORK);
	CHECK(strstr(error.text, "lost") != NULL);
	CHECK_INT(
	    channel_stream_recv(stream, CHANNEL_NO_TIMEOUT, &reply, &event, &error),
	    DBK_FAILED_NETWORK);
	CHECK_INT(call("/t/Echo", "x"), DBK_FAILED_NETWORK);
	channel_stream_finish(stream);
	end_channel();
}

int
main(void)
{
	char folder[] = "/tmp/daybook-channel-XXXXXX";
	pid_t server;

	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(path, sizeof address - 5, "%s/sock", folder);
	server = start_server();
	check_run("who is spoken to in TLS", test_who_is_spoken_to_in_tls);
	check_run("files with tokens", test_token_files);
	check_run("addresses that are none are told", test_bad_addresses);
	check_run("nobody there is told", test_nobody_there);
	check_run("token with a line break is refused", test_bad_token);
	check_run("unary calls bring replies and statuses", test_unary);
	check_run("several replies to a unary call are INTERNAL",
		  test_wrong_number_of_replies);
	check_run("deadline ends the call, not the channel", test_deadline);
	check_run("message above the limit is not sent", test_message_limit);
	check_run("streams live side by side", test_streams_side_by_side);
	check_run("stream may be finished in the middle", test_finish_in_the_middle);
	check_run("sending to an ended stream is told", test_send_to_ended_stream);
	check_run("server that dies is a failure of the network", test_server_dies);
	stop_server(server);
	(void)rmdir(folder);
	return check_end();
}
