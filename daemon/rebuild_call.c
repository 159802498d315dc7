/*
 * rebuild_call.c -- RebuildView: a thread of its own while it lasts, progress as
 * messages, and the end of the call cancels it.
 *
 * The task is shared by the loop, which may cancel it, and the thread, which works on
 * it; whoever lets go last frees it.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

/* Progress at most this often. */
#define PROGRESS_NS ((int64_t)200 * 1000000)

struct rebuild_task {
	atomic_int owners;
	atomic_bool cancelled;
	struct server *server;
	struct conn *conn;
	int32_t stream;
	int64_t told_ns;
};

static void
let_go(struct rebuild_task *task)
{
	if (atomic_fetch_sub(&task->owners, 1) == 1)
		free(task);
}

/* RebuildProgress: view = 1, size = 2, of_size = 3, done = 4. */
static void
put_progress(struct dbk_buf *out, uint64_t size, uint64_t of_size, bool done)
{
	dbk_buf_put(out, "\x0a\x06ledger", 8);
	dbk_buf_put_u8(out, 2 << 3);
	dbk_buf_put_varint(out, size);
	dbk_buf_put_u8(out, 3 << 3);
	dbk_buf_put_varint(out, of_size);
	dbk_buf_put_u8(out, 4 << 3);
	dbk_buf_put_u8(out, done);
}

static struct job *
task_job(struct rebuild_task *task)
{
	struct job *job = job_make(JOB_REBUILD);

	if (job == NULL)
		return NULL;
	job->conn = task->conn;
	job->stream = task->stream;
	return job;
}

/* Thread: the rebuild's.  The connection counts one job for the whole task; a message
 * on the way is a loan that the loop does not give back. */
static bool
on_progress(void *context, uint64_t size, uint64_t of_size)
{
	struct rebuild_task *task = context;
	int64_t now = job_clock_ns();
	struct job *job;

	if (atomic_load(&task->cancelled))
		return false;
	if (now - task->told_ns < PROGRESS_NS)
		return true;
	task->told_ns = now;
	job = task_job(task);
	if (job != NULL) {
		put_progress(&job->reply, size, of_size, false);
		job->has_reply = true;
		job->done = false;
		server_answered(task->server, job);
	}
	return true;
}

/* What failed is the new view; the old one goes on answering. */
static void
answer_failure(struct dbk_service_answer *answer, enum dbk_err err,
	       const struct dbk_error *error)
{
	if (err == DBK_FAILED_LOCKED)
		(void)dbk_answer_set(answer, DBK_GRPC_ALREADY_EXISTS, "REBUILDING",
				     "%s", error->text);
	else if (err == DBK_FAILED_STATE)
		(void)dbk_answer_set(answer, DBK_GRPC_ABORTED, "REBUILD", "%s",
				     error->text);
	else if (err == DBK_FAILED_DISK_FULL)
		(void)dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "DISK_FULL",
				     "%s", error->text);
	else
		(void)dbk_answer_error(answer, err, error);
}

static void *
run(void *context)
{
	struct rebuild_task *task = context;
	struct dbk_error error = { 0 };
	enum dbk_err err =
	    projector_rebuild(task->server->projector, on_progress, task, &error);
	uint64_t size = dbk_log_size(task->server->log);
	struct job *job = task_job(task);

	/* The connection waits for this job; without it, it could never be freed. */
	if (job == NULL)
		abort();
	job->done = true;
	job->unary = true;
	if (err == DBK_OK) {
		put_progress(&job->reply, size, size, true);
		job->has_reply = true;
	} else {
		answer_failure(&job->answer, err, &error);
	}
	server_answered(task->server, job);
	let_go(task);
	return NULL;
}

/* RebuildViewRequest: view = 1; empty or "ledger". */
static bool
names_a_view(struct dbk_str request)
{
	return request.size == 0 ||
	       dbk_str_equal(request, dbk_str_make("\x0a\x06ledger", 8)) ||
	       dbk_str_equal(request, dbk_str_make("\x0a\x00", 2));
}

void
rebuild_call_start(struct call *call, const void *bytes, size_t size)
{
	struct rebuild_task *task;
	pthread_t thread;

	if (!names_a_view(dbk_str_make(bytes, size))) {
		call_fail(call, DBK_GRPC_NOT_FOUND, "VIEW_UNKNOWN",
			  "the views are: ledger");
		return;
	}
	task = calloc(1, sizeof *task);
	if (task == NULL) {
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY", "no memory");
		return;
	}
	atomic_init(&task->owners, 2);
	atomic_init(&task->cancelled, false);
	task->server = call->conn->server;
	task->conn = call->conn;
	task->stream = dbk_h2server_id(call->h2);
	if (pthread_create(&thread, NULL, run, task) != 0) {
		free(task);
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "THREADS", "no thread");
		return;
	}
	(void)pthread_detach(thread);
	call->rebuild = task;
	call_job_out(call);
	call->conn->server->rebuilds++;
}

void
rebuild_call_cancel(struct call *call)
{
	if (call->rebuild == NULL)
		return;
	atomic_store(&call->rebuild->cancelled, true);
	let_go(call->rebuild);
	call->rebuild = NULL;
}
