/*
 * calls.c -- the life of a call.
 *
 * Happy path: the session begins a call, its message becomes a job and goes to the
 * thread that can answer it, the job comes back with a reply, the reply is sent and the
 * bytes of the message are given back to the client's window.
 *
 * Failures: a full queue ends the call at once with RESOURCE_EXHAUSTED and BUSY; a call
 * that is gone when its answer comes is simply not found; a connection that is gone
 * stays in memory until its last job is back.
 */

#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "gate.h"
#include "service/service.h"

/* A call of its own with so little in it is somebody who waits, such as for a payout:
 * it does not stand behind the batches of a stream. */
#define URGENT_BYTES_MAX 4096

#define PREFIX "/daybook.v1.Daybook/"

/* A question without a deadline waits this long for the views. */
#define DEFAULT_DEADLINE_NS ((int64_t)30 * 1000000000)

static bool
kind_of_path(struct dbk_str path, enum call_kind *out)
{
	static const struct {
		const char *path;
		enum call_kind kind;
	} kinds[] = {
		{ PREFIX "Append", CALL_APPEND },
		{ PREFIX "AppendStream", CALL_APPEND_STREAM },
		{ PREFIX "ClosePeriod", CALL_CLOSE },
		{ PREFIX "Subscribe", CALL_SUBSCRIBE },
		{ PREFIX "ReadJournal", CALL_JOURNAL },
		{ PREFIX "WatchFindings", CALL_FINDINGS },
		{ PREFIX "RecordDigest", CALL_DIGEST },
		{ PREFIX "ReadLog", CALL_LOG },
		{ PREFIX "RebuildView", CALL_REBUILD },
		{ DBK_HEALTH_CHECK_PATH, CALL_HEALTH_CHECK },
		{ DBK_HEALTH_WATCH_PATH, CALL_HEALTH_WATCH },
		{ DBK_REFLECTION_V1_PATH, CALL_REFLECTION },
		{ DBK_REFLECTION_V1ALPHA_PATH, CALL_REFLECTION },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (dbk_str_equal(path, dbk_str_of(kinds[i].path))) {
			*out = kinds[i].kind;
			return true;
		}
	*out = CALL_READ;
	return dbk_service_serves(path);
}

/* Clients write "for ever" as the largest timeout there is. */
static int64_t
deadline_in(int64_t timeout_ns)
{
	int64_t now = job_clock_ns();

	return timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
}

static bool
on_started(void *context, struct dbk_h2server_call *h2,
	   const struct dbk_h2server_request *request)
{
	struct conn *conn = context;
	struct dbk_service_answer answer;
	struct asker *asker;
	enum call_kind kind;
	struct call *call;

	if (!kind_of_path(request->path, &kind)) {
		if (gate_knows(conn->server->gate, conn, request->authorization,
			       &answer))
			return false;
		dbk_h2server_finish(h2, &answer.status);
		return true;
	}
	if (!gate_let_in(conn->server->gate, conn, request->path,
			 request->authorization, &asker, &answer)) {
		dbk_h2server_finish(h2, &answer.status);
		return true;
	}
	call = calloc(1, sizeof *call);
	if (call == NULL) {
		asker_release(asker);
		dbk_h2server_finish_text(h2, DBK_GRPC_RESOURCE_EXHAUSTED, "no memory");
		return true;
	}
	call->asker = asker;
	call->conn = conn;
	call->h2 = h2;
	call->kind = kind;
	call->deadline_ns = INT64_MAX;
	if (request->timeout_ns != DBK_H2SERVER_NO_TIMEOUT)
		call->deadline_ns = deadline_in(request->timeout_ns);
	(void)snprintf(call->path, sizeof call->path, "%.*s", (int)request->path.size,
		       request->path.bytes);
	call->next = conn->calls;
	if (call->next != NULL)
		call->next->previous = call;
	conn->calls = call;
	dbk_h2server_set_user(h2, call);
	return true;
}

void
call_fail(struct call *call, enum dbk_grpc_code code, const char *reason,
	  const char *text)
{
	struct dbk_grpc_status status = { .code = code,
					  .message = dbk_str_of(text),
					  .reason = dbk_str_of(reason) };

	dbk_h2server_finish(call->h2, &status);
}

struct job *
call_job(struct call *call, enum job_kind kind, const void *bytes, size_t size)
{
	struct job *job = job_make(kind);

	if (job != NULL) {
		dbk_buf_put(&job->request, bytes, size);
		if (dbk_buf_failed(&job->request)) {
			job_free(job);
			job = NULL;
		}
	}
	if (job == NULL) {
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY", "no memory");
		return NULL;
	}
	job->conn = call->conn;
	job->stream = dbk_h2server_id(call->h2);
	job->asker = asker_hold(call->asker);
	(void)snprintf(job->path, sizeof job->path, "%s", call->path);
	job->unary = call->kind != CALL_APPEND_STREAM &&
		     call->kind != CALL_SUBSCRIBE && call->kind != CALL_JOURNAL &&
		     call->kind != CALL_FINDINGS && call->kind != CALL_LOG;
	job->deadline_ns = call->deadline_ns;
	return job;
}

void
call_job_out(struct call *call)
{
	call->in_flight++;
	call->conn->jobs++;
	call->conn->server->jobs_out++;
}

void
call_put(struct call *call, struct job *job, bool taken, const char *whose)
{
	char text[96];

	if (taken) {
		call_job_out(call);
		return;
	}
	(void)snprintf(text, sizeof text, "the %s busy, try again later", whose);
	call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "BUSY", text);
	dbk_h2server_consume(call->conn->h2, job->stream, job->held_bytes);
	job_free(job);
}

bool
call_is_busy(const struct call *call)
{
	return call->feeding || dbk_h2server_is_finished(call->h2) ||
	       dbk_h2server_queued(call->h2) >= DBK_RPC_QUEUE_MARK_BYTES;
}

bool
call_take_part(struct call *call, struct job *job, const char *overfull)
{
	bool is_chunk = job->kind == JOB_JOURNAL || job->kind == JOB_LOG;

	call->feeding = false;
	if (!job->has_reply) {
		dbk_h2server_finish(call->h2, &job->answer.status);
		return false;
	}
	/* A chunk may be a message without bytes; a feed without bytes has nothing. */
	if ((job->reply.size > 0 || is_chunk) &&
	    dbk_h2server_send(call->h2, job->reply.bytes, job->reply.size) != DBK_OK) {
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "QUEUE", overfull);
		return false;
	}
	if (job->done)
		dbk_h2server_finish_text(call->h2, DBK_GRPC_OK, NULL);
	return !job->done;
}

static enum job_kind
kind_for_writer(enum call_kind kind)
{
	if (kind == CALL_CLOSE)
		return JOB_CLOSE;
	return kind == CALL_DIGEST ? JOB_DIGEST : JOB_APPEND;
}

/* A batch, a close, or a digest. */
static void
on_append(struct call *call, const void *bytes, size_t size)
{
	struct job *job = call_job(call, kind_for_writer(call->kind), bytes, size);

	if (job == NULL)
		return;
	job->held_bytes = size;
	/* What the same connection sent before must not be overtaken: numbers of batches
	 * rise. */
	job->urgent = job->unary && size <= URGENT_BYTES_MAX && call->conn->jobs == 0;
	call_put(call, job, writer_put(call->conn->server->writer, job), "writer is");
}

static void
on_question(struct call *call, const void *bytes, size_t size)
{
	struct job *job = call_job(call, JOB_READ, bytes, size);

	if (job == NULL)
		return;
	job->held_bytes = size;
	if (job->deadline_ns == INT64_MAX)
		job->deadline_ns = job_clock_ns() + DEFAULT_DEADLINE_NS;
	call_put(call, job, readers_put(call->conn->server->readers, job),
		 "readers are");
}

static void
send_or_fail(struct call *call, const struct dbk_buf *reply)
{
	if (dbk_h2server_send(call->h2, reply->bytes, reply->size) != DBK_OK)
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "QUEUE",
			  "more answers are waiting than the client takes");
}

static void
on_health_check(struct call *call, struct dbk_str request)
{
	struct dbk_buf reply;
	enum dbk_grpc_code code;

	dbk_buf_init(&reply);
	code = dbk_health_check(&call->conn->server->health, request, &reply);
	if (code == DBK_GRPC_OK)
		send_or_fail(call, &reply);
	dbk_h2server_finish_text(call->h2, code,
				 code == DBK_GRPC_OK ? NULL : "no such service");
	dbk_buf_fini(&reply);
}

static void
tell_health(struct call *call)
{
	struct dbk_buf reply;

	dbk_buf_init(&reply);
	if (dbk_health_watch_next(&call->watch, &reply))
		send_or_fail(call, &reply);
	dbk_buf_fini(&reply);
}

static void
on_health_watch(struct call *call, struct dbk_str request)
{
	if (dbk_health_watch_start(&call->watch, &call->conn->server->health, request) !=
	    DBK_GRPC_OK)
		call_fail(call, DBK_GRPC_INVALID_ARGUMENT, "MALFORMED_REQUEST",
			  "not a HealthCheckRequest");
	else
		tell_health(call);
}

static void
on_reflection(struct call *call, struct dbk_str request)
{
	struct dbk_buf reply;

	dbk_buf_init(&reply);
	if (dbk_reflection_answer(call->conn->server->reflection, request, &reply))
		send_or_fail(call, &reply);
	else
		call_fail(call, DBK_GRPC_INVALID_ARGUMENT, "MALFORMED_REQUEST",
			  "not a ServerReflectionRequest");
	dbk_buf_fini(&reply);
}

static bool
takes_many(const struct call *call)
{
	return call->kind == CALL_APPEND_STREAM || call->kind == CALL_REFLECTION;
}

static void
on_message(void *context, struct dbk_h2server_call *h2, const void *bytes, size_t size)
{
	struct conn *conn = context;
	struct call *call = dbk_h2server_user(h2);
	bool held = false;

	if (call->asked && !takes_many(call)) {
		call_fail(call, DBK_GRPC_INVALID_ARGUMENT, "MESSAGES",
			  "this call takes one message");
		dbk_h2server_consume(conn->h2, dbk_h2server_id(h2), size);
		return;
	}
	if (!call->asked && !gate_note(conn->server->gate, call->asker,
				       dbk_str_of(call->path),
				       dbk_str_make(bytes, size), &call->entry)) {
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "ACCESS_RECORD",
			  "this call cannot be recorded now, try again later");
		dbk_h2server_consume(conn->h2, dbk_h2server_id(h2), size);
		return;
	}
	call->asked = true;
	switch (call->kind) {
	case CALL_APPEND:
	case CALL_APPEND_STREAM:
	case CALL_CLOSE:
	case CALL_DIGEST:
		held = true;
		on_append(call, bytes, size);
		break;
	case CALL_READ:
		held = true;
		on_question(call, bytes, size);
		break;
	case CALL_SUBSCRIBE:
		subscription_start(call, bytes, size);
		break;
	case CALL_JOURNAL:
		journal_call_start(call, bytes, size);
		break;
	case CALL_FINDINGS:
		findings_call_start(call, bytes, size);
		break;
	case CALL_LOG:
		log_call_start(call, bytes, size);
		break;
	case CALL_REBUILD:
		rebuild_call_start(call, bytes, size);
		break;
	case CALL_HEALTH_CHECK:
		on_health_check(call, dbk_str_make(bytes, size));
		break;
	case CALL_HEALTH_WATCH:
		on_health_watch(call, dbk_str_make(bytes, size));
		break;
	case CALL_REFLECTION:
		on_reflection(call, dbk_str_make(bytes, size));
		break;
	}
	if (!held)
		dbk_h2server_consume(conn->h2, dbk_h2server_id(h2), size);
}

static void
on_half_closed(void *context, struct dbk_h2server_call *h2)
{
	struct call *call = dbk_h2server_user(h2);

	(void)context;
	call->half_closed = true;
	if (!call->asked && !takes_many(call))
		call_fail(call, DBK_GRPC_INVALID_ARGUMENT, "MESSAGES",
			  "this call needs a message");
	else if (takes_many(call) && call->in_flight == 0)
		dbk_h2server_finish_text(h2, DBK_GRPC_OK, NULL);
}

static void
on_writable(void *context, struct dbk_h2server_call *h2)
{
	struct call *call = dbk_h2server_user(h2);

	(void)context;
	if (call->kind == CALL_SUBSCRIBE)
		subscription_go_on(call);
	else if (call->kind == CALL_JOURNAL)
		journal_call_go_on(call);
	else if (call->kind == CALL_FINDINGS)
		findings_call_go_on(call);
	else if (call->kind == CALL_LOG)
		log_call_go_on(call);
}

static void
on_closed(void *context, struct dbk_h2server_call *h2, bool cancelled)
{
	struct conn *conn = context;
	struct call *call = dbk_h2server_user(h2);

	if (call == NULL)
		return;
	gate_ended(conn->server->gate, call->asker, dbk_str_of(call->path), call->entry,
		   cancelled ? DBK_GRPC_CANCELLED : dbk_h2server_code(h2));
	if (call->kind == CALL_REBUILD)
		rebuild_call_cancel(call);
	/* A feed that a reader has comes back as an orphan and is freed then. */
	if (!call->feeding) {
		dbk_feed_close(call->feed);
		dbk_journal_feed_close(call->journal);
		dbk_findings_feed_close(call->findings);
		dbk_log_feed_close(call->log);
	}
	if (call->previous != NULL)
		call->previous->next = call->next;
	else
		conn->calls = call->next;
	if (call->next != NULL)
		call->next->previous = call->previous;
	asker_release(call->asker);
	free(call);
}

const struct dbk_h2server_handlers calls_handlers = {
	.call_started = on_started,
	.message = on_message,
	.half_closed = on_half_closed,
	.writable = on_writable,
	.closed = on_closed,
};

/* The reply or the status of a job to its call. */
static void
answer_call(struct call *call, struct job *job)
{
	/* Its token has died meanwhile. */
	if (dbk_h2server_is_finished(call->h2))
		return;
	if (!job->has_reply) {
		dbk_h2server_finish(call->h2, &job->answer.status);
		return;
	}
	send_or_fail(call, &job->reply);
	if (job->unary || (call->half_closed && call->in_flight == 0))
		dbk_h2server_finish_text(call->h2, DBK_GRPC_OK, NULL);
}

void
calls_answer(struct server *server, struct job *job)
{
	struct conn *conn = job->conn;
	struct dbk_h2server_call *h2 = NULL;
	struct call *call = NULL;
	bool last = job->kind != JOB_REBUILD || job->done;

	if (!conn->closing) {
		dbk_h2server_consume(conn->h2, job->stream, job->held_bytes);
		h2 = dbk_h2server_find(conn->h2, job->stream);
		server_mark_dirty(server, conn);
	}
	if (h2 != NULL)
		call = dbk_h2server_user(h2);
	if (call != NULL && last)
		call->in_flight--;
	if (job->kind == JOB_FEED && call == NULL)
		dbk_feed_close(job->feed);
	else if (job->kind == JOB_JOURNAL && call == NULL)
		dbk_journal_feed_close(job->journal);
	else if (job->kind == JOB_FINDINGS && call == NULL)
		dbk_findings_feed_close(job->findings);
	else if (job->kind == JOB_LOG && call == NULL)
		dbk_log_feed_close(job->log);
	else if (job->kind == JOB_FEED)
		subscription_answer(call, job);
	else if (job->kind == JOB_JOURNAL)
		journal_call_answer(call, job);
	else if (job->kind == JOB_FINDINGS)
		findings_call_answer(call, job);
	else if (job->kind == JOB_LOG)
		log_call_answer(call, job);
	else if (call != NULL)
		answer_call(call, job);
	if (last) {
		if (job->kind == JOB_REBUILD)
			server->rebuilds--;
		server->jobs_out--;
		conn_job_back(conn);
	}
	job_free(job);
}

void
calls_grown(struct conn *conn)
{
	for (struct call *call = conn->calls; call != NULL; call = call->next)
		if (call->kind == CALL_SUBSCRIBE && call->at_head) {
			call->at_head = false;
			subscription_go_on(call);
		} else if (call->kind == CALL_FINDINGS) {
			findings_call_grown(call);
		}
}

/* The writer's answer is told in any case: what was committed is.  All else ends with
 * the token that it began with, also a call whose message has yet to come, or who has a
 * token today might ask with it tomorrow. */
static bool
ends_with_token(const struct call *call)
{
	switch (call->kind) {
	case CALL_APPEND:
	case CALL_CLOSE:
	case CALL_DIGEST:
		return !call->asked;
	case CALL_APPEND_STREAM:
	case CALL_READ:
	case CALL_SUBSCRIBE:
	case CALL_JOURNAL:
	case CALL_FINDINGS:
	case CALL_LOG:
	case CALL_REBUILD:
	case CALL_HEALTH_CHECK:
	case CALL_HEALTH_WATCH:
	case CALL_REFLECTION:
		break;
	}
	return true;
}

void
calls_tick(struct conn *conn, bool heartbeat)
{
	struct dbk_service_answer answer;
	int64_t now = job_clock_ns();

	dbk_h2server_tick(conn->h2);
	for (struct call *call = conn->calls; call != NULL; call = call->next) {
		bool streams = call->kind == CALL_SUBSCRIBE ||
			       call->kind == CALL_JOURNAL ||
			       call->kind == CALL_FINDINGS ||
			       call->kind == CALL_LOG ||
			       call->kind == CALL_HEALTH_WATCH ||
			       call->kind == CALL_REBUILD;

		if (dbk_h2server_is_finished(call->h2))
			continue;
		if (ends_with_token(call) &&
		    !gate_is_still_in(conn->server->gate, call->asker, &answer)) {
			dbk_h2server_finish(call->h2, &answer.status);
			continue;
		}
		/* What is with the writer or a reader is answered by them. */
		if (now > call->deadline_ns &&
		    (streams || !call->asked || call->in_flight == 0))
			call_fail(call, DBK_GRPC_DEADLINE_EXCEEDED, "DEADLINE",
				  "the deadline passed");
		else if (heartbeat && call->kind == CALL_SUBSCRIBE)
			subscription_heartbeat(call);
		else if (call->kind == CALL_FINDINGS)
			findings_call_tick(call, heartbeat);
	}
	server_mark_dirty(conn->server, conn);
}

void
calls_health(struct conn *conn)
{
	for (struct call *call = conn->calls; call != NULL; call = call->next)
		if (call->kind == CALL_HEALTH_WATCH && call->asked)
			tell_health(call);
}

void
calls_end_streams(struct conn *conn)
{
	for (struct call *call = conn->calls; call != NULL; call = call->next) {
		bool idle_stream =
			call->kind == CALL_APPEND_STREAM && call->in_flight == 0;

		if (call->kind == CALL_SUBSCRIBE || call->kind == CALL_JOURNAL ||
		    call->kind == CALL_FINDINGS || call->kind == CALL_LOG ||
		    call->kind == CALL_HEALTH_WATCH || call->kind == CALL_REBUILD ||
		    idle_stream)
			call_fail(call, DBK_GRPC_UNAVAILABLE, "STOPPING",
				  "the daemon is stopping");
	}
}
