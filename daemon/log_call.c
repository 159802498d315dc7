/*
 * log_call.c -- ReadLog: chunk after chunk, to the checkpoint.
 *
 * As with a journal the feed goes back and forth between the loop and a reader, and the
 * next chunk is asked for when the call's queue has room.
 */

#include <daybook/limits.h>

#include "call.h"

/* The checkpoint over what the log has now comes within a second, unless something is
 * wrong; then the newest one has to do. */
#define WAIT_NS ((int64_t)2 * 1000000000)

static void
ask_chunk(struct call *call)
{
	struct job *job = call_job(call, JOB_LOG, "", 0);
	int64_t soon = job_clock_ns() + WAIT_NS;

	if (job == NULL)
		return;
	job->log = call->log;
	if (job->deadline_ns > soon)
		job->deadline_ns = soon;
	call->feeding = readers_put(call->conn->server->readers, job);
	call_put(call, job, call->feeding, "readers are");
}

void
log_call_start(struct call *call, const void *bytes, size_t size)
{
	const struct dbk_log *log = call->conn->server->log;
	struct dbk_service_answer answer;
	enum dbk_grpc_code code =
		dbk_log_feed_open(dbk_str_make(bytes, size), dbk_log_size(log),
				  dbk_log_groups(log), &call->log, &answer);

	if (code != DBK_GRPC_OK)
		dbk_h2server_finish(call->h2, &answer.status);
	else
		ask_chunk(call);
}

void
log_call_go_on(struct call *call)
{
	if (call->log != NULL && !call_is_busy(call))
		ask_chunk(call);
}

void
log_call_answer(struct call *call, struct job *job)
{
	if (call_take_part(call, job, "more of the log is waiting than the client takes"))
		log_call_go_on(call);
}
