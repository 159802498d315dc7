/*
 * journal_call.c -- ReadJournal: chunk after chunk, to its end.
 *
 * As with Subscribe the feed goes back and forth between the loop and a reader, and the
 * next chunk is asked for when the call's queue has room.
 */

#include <daybook/limits.h>

#include "call.h"

/* A journal without a deadline of its own waits this long for the view. */
#define WAIT_NS ((int64_t)30 * 1000000000)

static void
ask_chunk(struct call *call)
{
	struct job *job = call_job(call, JOB_JOURNAL, "", 0);

	if (job == NULL)
		return;
	job->journal = call->journal;
	if (job->deadline_ns == INT64_MAX)
		job->deadline_ns = job_clock_ns() + WAIT_NS;
	call->feeding = readers_put(call->conn->server->readers, job);
	call_put(call, job, call->feeding, "readers are");
}

void
journal_call_start(struct call *call, const void *bytes, size_t size)
{
	struct dbk_service_answer answer;
	enum dbk_grpc_code code = dbk_journal_feed_open(
		dbk_str_make(bytes, size), dbk_log_size(call->conn->server->log),
		&call->journal, &answer);

	if (code != DBK_GRPC_OK)
		dbk_h2server_finish(call->h2, &answer.status);
	else
		ask_chunk(call);
}

void
journal_call_go_on(struct call *call)
{
	if (call->journal != NULL && !call_is_busy(call))
		ask_chunk(call);
}

void
journal_call_answer(struct call *call, struct job *job)
{
	if (call_take_part(call, job, "more of the journal is waiting than the client takes"))
		journal_call_go_on(call);
}
