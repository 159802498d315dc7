#include "server.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "calls.h"
#include "conn.h"
#include "diag.h"
#include "gate.h"
#include "supervisor.h"
#include "tls_files.h"

#define TICK_MS 1000

/* A quiet subscription hears of the head this often. */
#define HEARTBEAT_TICKS 5

/* Certificates that were renewed are seen this often. */
#define CERTIFICATE_TICKS 60

/* Calls under way get this long when the daemon is told to stop. */
#define STOP_TICKS 10

void
server_mark_dirty(struct server *server, struct conn *conn)
{
	if (conn->dirty || conn->closing)
		return;
	conn->dirty = true;
	conn->next_dirty = server->dirty;
	server->dirty = conn;
}

static void
flush_dirty(struct server *server)
{
	while (server->dirty != NULL) {
		struct conn *conn = server->dirty;

		server->dirty = conn->next_dirty;
		conn->dirty = false;
		conn_flush(conn);
	}
}

void
server_answered(void *context, struct job *jobs)
{
	struct server *server = context;
	struct job *last = jobs;

	if (jobs == NULL)
		return;
	while (last->next != NULL)
		last = last->next;
	uv_mutex_lock(&server->answers_lock);
	if (server->answers_first == NULL)
		server->answers_first = jobs;
	else
		server->answers_last->next = jobs;
	server->answers_last = last;
	/* Under the lock: a rebuild's thread is joined by nobody, and its last answer
	 * may be what the end of the loop waits for. */
	(void)uv_async_send(&server->wake);
	uv_mutex_unlock(&server->answers_lock);
}

void
server_grown(void *context, uint64_t size)
{
	struct server *server = context;

	uv_mutex_lock(&server->answers_lock);
	server->log_size = size;
	uv_mutex_unlock(&server->answers_lock);
	(void)uv_async_send(&server->wake);
}

/* Wake-ups may merge, so everything that is there is taken. */
static void
on_wake(uv_async_t *wake)
{
	struct server *server = wake->data;
	uint64_t size;
	struct job *jobs;

	uv_mutex_lock(&server->answers_lock);
	jobs = server->answers_first;
	server->answers_first = server->answers_last = NULL;
	size = server->log_size;
	uv_mutex_unlock(&server->answers_lock);
	while (jobs != NULL) {
		struct job *job = jobs;

		jobs = job->next;
		job->next = NULL;
		calls_answer(server, job);
	}
	if (size != server->told_size) {
		server->told_size = size;
		for (struct conn *conn = server->conns; conn != NULL; conn = conn->next)
			if (!conn->closing)
				calls_grown(conn);
	}
	flush_dirty(server);
}

/* After the callbacks of one turn of the loop everything is written at once. */
static void
on_turn(uv_check_t *turn)
{
	flush_dirty(turn->data);
}

static void
close_listeners(struct server *server)
{
	for (unsigned i = 0; i < server->n_listeners; i++)
		if (!uv_is_closing(&server->listeners[i].handle))
			uv_close(&server->listeners[i].handle, NULL);
}

/* The last handles go when no connection is left; then the loop ends. */
static void
finish_if_drained(struct server *server)
{
	if (!server->stopping || server->drained || server->conns != NULL)
		return;
	server->drained = true;
	uv_close((uv_handle_t *)&server->tick, NULL);
	uv_close((uv_handle_t *)&server->term, NULL);
	uv_close((uv_handle_t *)&server->interrupt, NULL);
	uv_close((uv_handle_t *)&server->hangup, NULL);
	uv_close((uv_handle_t *)&server->turn, NULL);
	/* The wake-up stays for jobs that are still out; it does not keep the loop. */
	uv_unref((uv_handle_t *)&server->wake);
}

static void
on_tick(uv_timer_t *tick)
{
	struct server *server = tick->data;
	struct conn *next;

	server->ticks++;
	supervisor_alive();
	conn_tell_turned_away(server);
	gate_settle(server->gate, false);
	if (server->ticks % CERTIFICATE_TICKS == 0)
		tls_files_look(server->tls_files);
	for (struct conn *conn = server->conns; conn != NULL; conn = next) {
		next = conn->next;
		if (conn->closing)
			continue;
		if (!conn_tick(conn))
			continue;
		calls_tick(conn, server->ticks % HEARTBEAT_TICKS == 0);
		if (server->stopping && server->ticks > STOP_TICKS)
			conn_close(conn);
	}
	flush_dirty(server);
	finish_if_drained(server);
}

/* What operators send after they have renewed a certificate. */
static void
on_hangup(uv_signal_t *signal, int number)
{
	struct server *server = signal->data;

	(void)number;
	if (server->tls_files == NULL)
		diag_info("SIGHUP: there is no certificate to be read again");
	else {
		supervisor_reloading();
		tls_files_reload(server->tls_files);
		supervisor_ready();
	}
}

static void
on_signal(uv_signal_t *signal, int number)
{
	struct server *server = signal->data;

	if (server->stopping)
		return;
	supervisor_stopping();
	diag_info("stopping on %s", number == SIGTERM ? "SIGTERM" : "SIGINT");
	server->stopping = true;
	server->ticks = 0;
	close_listeners(server);
	dbk_health_set_all(&server->health, DBK_HEALTH_NOT_SERVING);
	for (struct conn *conn = server->conns; conn != NULL; conn = conn->next)
		if (!conn->closing) {
			calls_health(conn);
			calls_end_streams(conn);
			conn_shutdown(conn);
		}
	(void)uv_timer_start(&server->tick, on_tick, 10, TICK_MS / 10);
	flush_dirty(server);
	finish_if_drained(server);
}

static enum dbk_err
open_services(struct server *server, struct dbk_error *error)
{
	enum dbk_err err = dbk_reflection_open(
	    dbk_str_make(dbk_descriptors, dbk_descriptors_size), &server->reflection);

	if (err != DBK_OK)
		return dbk_error_set(error, err, "descriptors: %s", dbk_err_text(err));
	server->health_services[0].name = dbk_str_of("");
	server->health_services[1].name = dbk_str_of("daybook.v1.Daybook");
	server->health.services = server->health_services;
	server->health.service_count = 2;
	dbk_health_set_all(&server->health, DBK_HEALTH_SERVING);
	return DBK_OK;
}

enum dbk_err
server_open(struct server *server, struct dbk_error *error)
{
	if (uv_loop_init(&server->loop) != 0 ||
	    uv_mutex_init(&server->answers_lock) != 0)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "event loop");
	(void)uv_async_init(&server->loop, &server->wake, on_wake);
	(void)uv_timer_init(&server->loop, &server->tick);
	(void)uv_signal_init(&server->loop, &server->term);
	(void)uv_signal_init(&server->loop, &server->interrupt);
	(void)uv_signal_init(&server->loop, &server->hangup);
	(void)uv_check_init(&server->loop, &server->turn);
	server->wake.data = server->tick.data = server;
	server->term.data = server->interrupt.data = server;
	server->hangup.data = server;
	server->turn.data = server;
	return open_services(server, error);
}

void
server_take_signals(struct server *server)
{
	(void)uv_signal_start(&server->term, on_signal, SIGTERM);
	(void)uv_signal_start(&server->interrupt, on_signal, SIGINT);
	(void)uv_signal_start(&server->hangup, on_hangup, SIGHUP);
}

void
server_run(struct server *server)
{
	(void)uv_timer_start(&server->tick, on_tick, TICK_MS, TICK_MS);
	(void)uv_check_start(&server->turn, on_turn);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
	/* Cancelled with their calls, but not yet out of the log and the view. */
	uv_ref((uv_handle_t *)&server->wake);
	while (server->rebuilds > 0)
		(void)uv_run(&server->loop, UV_RUN_ONCE);
	uv_unref((uv_handle_t *)&server->wake);
}

void
server_close(struct server *server)
{
	on_wake(&server->wake);
	uv_ref((uv_handle_t *)&server->wake);
	while (server->jobs_out > 0)
		(void)uv_run(&server->loop, UV_RUN_ONCE);
	close_listeners(server);
	if (!server->drained) {
		server->stopping = true;
		finish_if_drained(server);
	}
	uv_close((uv_handle_t *)&server->wake, NULL);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
	dbk_assert(uv_loop_close(&server->loop) == 0);
	uv_mutex_destroy(&server->answers_lock);
	dbk_reflection_close(server->reflection);
	tls_files_close(server->tls_files);
	dbk_buf_fini(&server->plain);
}
