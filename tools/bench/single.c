/*
 * single.c -- one sale a request, many connections, one request in flight on each.
 *
 * One thread drives all connections with epoll; what it costs stands beside the
 * figures.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/ask.h"
#include "bench/load.h"
#include "bench/process.h"
#include "bench/raw.h"
#include "endpoint.h"
#include "rpc/h2client.h"
#include "rpc/tls.h"

#define CONNECTIONS 64
#define GOAL_EVENTS_PER_SECOND 30000.0
#define GOAL_P99_MS 10.0
#define APPEND "/daybook.v1.Daybook/Append"

struct crowd;

struct member {
	struct crowd *crowd;
	struct dbk_h2client *client;
	struct dbk_tls *tls; /* NULL: in cleartext */
	int fd;
	bool waits_for_room;
	bool idle; /* the next request may be sent */
	int64_t sent_ns;
};

struct crowd {
	struct member members[CONNECTIONS];
	int epoll;
	struct sales sales;
	uint64_t next, acked;
	struct latency latency;
	struct dbk_buf event, request, plain;
	unsigned char input[64 * 1024];
};

static void
on_message(void *context, struct dbk_h2client_call *call, const void *bytes,
	   size_t size)
{
	(void)context;
	(void)bytes;
	dbk_h2client_consume(call, size);
}

static void
on_closed(void *context, struct dbk_h2client_call *call,
	  const struct dbk_grpc_status *status)
{
	struct member *member = context;

	(void)call;
	if (status->code != DBK_GRPC_OK) {
		if (member->sent_ns == 0)
			return;
		bench_die("Append: %.*s", (int)status->message.size,
			  status->message.bytes);
	}
	latency_add(&member->crowd->latency, bench_now_ns() - member->sent_ns);
	member->crowd->acked++;
	member->idle = true;
}

static void
on_writable(void *context, struct dbk_h2client_call *call)
{
	(void)context;
	(void)call;
}

static const struct dbk_h2client_handlers handlers = { on_message, on_writable,
						       on_closed };

static void
watch(struct member *member, bool add)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = member };

	if (member->waits_for_room)
		event.events |= EPOLLOUT;
	if (epoll_ctl(member->crowd->epoll, add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD,
		      member->fd, &event) != 0)
		bench_die("epoll: %s", strerror(errno));
}

static size_t
next_output(struct member *member, const unsigned char **out_bytes)
{
	size_t size;

	if (member->tls == NULL)
		return dbk_h2client_output(member->client, out_bytes);
	size = dbk_tls_output(member->tls, out_bytes);
	if (size > 0 || !dbk_tls_is_ready(member->tls))
		return size;
	size = dbk_h2client_output(member->client, out_bytes);
	bench_must(dbk_tls_write(member->tls, *out_bytes, size), NULL, "TLS");
	dbk_h2client_output_done(member->client, size);
	return dbk_tls_output(member->tls, out_bytes);
}

static void
write_output(struct member *member)
{
	const unsigned char *bytes;
	bool full = false;
	size_t size;

	while (!full && (size = next_output(member, &bytes)) > 0) {
		ssize_t sent = send(member->fd, bytes, size, MSG_NOSIGNAL);

		full = sent < 0 && errno == EAGAIN;
		if (sent < 0 && !full)
			bench_die("send: %s", strerror(errno));
		if (sent > 0 && member->tls != NULL)
			dbk_tls_output_done(member->tls, (size_t)sent);
		else if (sent > 0)
			dbk_h2client_output_done(member->client, (size_t)sent);
	}
	if (full == member->waits_for_room)
		return;
	member->waits_for_room = full;
	watch(member, false);
}

static void
send_next(struct member *member)
{
	struct dbk_h2client_request request = { .path = dbk_str_of(APPEND),
						.authorization =
						    dbk_str_of(load_authorization()),
						.timeout_ns = DBK_H2CLIENT_NO_TIMEOUT };
	struct crowd *crowd = member->crowd;
	struct dbk_h2client_call *call;

	dbk_buf_reset(&crowd->event);
	sales_put(&crowd->sales, crowd->next++, &crowd->event);
	load_request(&crowd->request, &crowd->event);
	member->idle = false;
	member->sent_ns = bench_now_ns();
	bench_must(dbk_h2client_start(member->client, &request, member, &call), NULL,
		   "Append");
	bench_must(dbk_h2client_send(call, crowd->request.bytes, crowd->request.size),
		   NULL, "Append");
	dbk_h2client_half_close(call);
}

static void
read_input(struct member *member)
{
	struct crowd *crowd = member->crowd;
	ssize_t size = recv(member->fd, crowd->input, sizeof crowd->input, 0);
	const unsigned char *bytes = crowd->input;

	if (size < 0 && errno == EAGAIN)
		return;
	if (size <= 0)
		bench_die("the daemon closed a connection");
	if (member->tls != NULL) {
		dbk_buf_reset(&crowd->plain);
		bench_must(
		    dbk_tls_feed(member->tls, bytes, (size_t)size, &crowd->plain, NULL),
		    NULL, "TLS");
		bytes = crowd->plain.bytes;
		size = (ssize_t)crowd->plain.size;
	}
	if (size > 0)
		bench_must(dbk_h2client_feed(member->client, bytes, (size_t)size), NULL,
			   "HTTP/2");
}

/* Send and receive until SECONDS are over and every request is answered. */
static uint64_t
crowd_run(struct crowd *crowd, double seconds)
{
	double until = bench_now() + seconds;
	uint64_t before = crowd->acked, sent = crowd->next;
	struct epoll_event events[CONNECTIONS];
	bool more = true;

	for (unsigned i = 0; i < CONNECTIONS; i++) {
		send_next(&crowd->members[i]);
		write_output(&crowd->members[i]);
	}
	while (crowd->acked - before < crowd->next - sent) {
		int n = epoll_wait(crowd->epoll, events, CONNECTIONS, 1000);

		more = more && bench_now() < until;
		for (int i = 0; i < n; i++) {
			struct member *member = events[i].data.ptr;

			if ((events[i].events & ~(uint32_t)EPOLLOUT) != 0)
				read_input(member);
			if (member->idle && more)
				send_next(member);
			write_output(member);
		}
	}
	return crowd->acked - before;
}

static void
open_tls(struct crowd *crowd)
{
	struct dbk_tls_client_options options = { .ca = load_options().ca };
	struct dbk_tls_context *context;
	struct dbk_error error = { 0 };

	bench_must(dbk_tls_client_open(&options, &context, &error), &error, "TLS");
	for (unsigned i = 0; i < CONNECTIONS; i++)
		bench_must(
		    dbk_tls_open(context, "127.0.0.1", &crowd->members[i].tls, &error),
		    &error, "TLS");
	dbk_tls_context_close(context);
}

static void
crowd_open(struct crowd *crowd, struct bench *bench, const char *address, uint64_t next)
{
	struct dbk_error error = { 0 };
	char host[ENDPOINT_HOST_BYTES];

	memset(crowd, 0, sizeof *crowd);
	crowd->sales = bench->sales;
	crowd->next = next;
	crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (endpoint_wants_tls(address, host))
		open_tls(crowd);
	for (unsigned i = 0; i < CONNECTIONS; i++) {
		struct member *member = &crowd->members[i];

		member->crowd = crowd;
		bench_must(
		    endpoint_connect(address, ENDPOINT_NO_TIMEOUT, &member->fd, &error),
		    &error, "connect");
		bench_must(dbk_h2client_open(&handlers, member, dbk_str_of("localhost"),
					     &member->client),
			   NULL, "session");
		watch(member, true);
	}
}

static void
crowd_close(struct crowd *crowd)
{
	for (unsigned i = 0; i < CONNECTIONS; i++) {
		dbk_h2client_close(crowd->members[i].client);
		dbk_tls_close(crowd->members[i].tls);
		(void)close(crowd->members[i].fd);
	}
	(void)close(crowd->epoll);
	dbk_buf_fini(&crowd->event);
	dbk_buf_fini(&crowd->request);
	dbk_buf_fini(&crowd->plain);
}

static void
measure(struct bench *bench, struct process *process, struct crowd *crowd,
	const char *over, double seconds)
{
	double floor[3], rate[3], daemon[3], client[3];
	struct bench_scale scale = { .goal = GOAL_EVENTS_PER_SECOND };

	(void)crowd_run(crowd, 0.5);
	latency_reset(&crowd->latency);
	for (unsigned i = 0; i < 3; i++) {
		double begin, took, cpu, own;

		floor[i] = raw_events_per_second(bench, CONNECTIONS, 1);
		cpu = process_cpu(process->pid);
		own = process_cpu(0);
		begin = bench_now();
		rate[i] = (double)crowd_run(crowd, seconds / 3);
		took = bench_now() - begin;
		rate[i] /= took;
		daemon[i] = (process_cpu(process->pid) - cpu) / took;
		client[i] = (process_cpu(0) - own) / took;
	}
	scale.floor = bench_median(floor);
	bench_row(bench, "raw LMDB, 64 a commit, between the turns", scale.floor,
		  "events/s", NULL);
	bench_row(bench, over, bench_median(rate), "events/s", &scale);
	latency_rows(&crowd->latency, bench, "request to answer", GOAL_P99_MS);
	bench_row(bench, "  CPU of the daemon", bench_median(daemon), "cores", NULL);
	bench_row(bench, "  CPU of the client", bench_median(client), "cores", NULL);
	bench_row(bench, "  CPU of the daemon, an event",
		  bench_median(daemon) / bench_median(rate) * 1e6, "us", NULL);
}

void
bench_single(struct bench *bench)
{
	static struct crowd crowd;
	struct process process;
	struct load load;
	uint64_t next;

	bench_table(bench, "single: one sale a request, 64 connections");
	process_start(bench, "single", &process);
	load_open(&load, bench, process.tcp, 0);
	load_opening(&load);
	next = load.next;
	load_close(&load);
	crowd_open(&crowd, bench, process.tcp, next);
	measure(bench, &process, &crowd, "TCP, one event a request", bench->seconds);
	next = crowd.next;
	crowd_close(&crowd);
	crowd_open(&crowd, bench, process.unix_socket, next);
	measure(bench, &process, &crowd, "Unix socket, one event a request",
		bench->seconds / 2);
	next = crowd.next;
	crowd_close(&crowd);
	if (process.tls[0] != '\0') {
		crowd_open(&crowd, bench, process.tls, next);
		measure(bench, &process, &crowd, "TLS, one event a request",
			bench->seconds);
		crowd_close(&crowd);
	}
	process_stop(&process);
	process_remove(&process);
}
