/*
 * findings_call.c -- WatchFindings: what is there, then what changes.
 *
 * As with Subscribe the feed goes back and forth between the loop and a reader, and rests
 * on the loop at the head of the log.  But each step is a question to the writer's thread,
 * so a log that grows a thousand times a second does not wake a watch as often: a pass
 * begins at once if the last one began a while ago, else with the next growth after that
 * while, or the next tick.
 */

#include <daybook/limits.h>

#include "call.h"

/* Between the beginnings of two passes. */
#define PAUSE_NS ((int64_t)100 * 1000000)

static void
ask_step(struct call *call)
{
	struct job *job = call_job(call, JOB_FINDINGS, "", 0);

	if (job == NULL)
		return;
	job->findings = call->findings;
	call->feeding = readers_put(call->conn->server->readers, job);
	call_put(call, job, call->feeding, "readers are");
}

static void
begin_pass(struct call *call)
{
	call->looked_ns = job_clock_ns();
	call->grown = call->at_head = false;
	ask_step(call);
}

void
findings_call_start(struct call *call, const void *bytes, size_t size)
{
	struct dbk_service_answer answer;
	enum dbk_grpc_code code = dbk_findings_feed_open(
		dbk_str_make(bytes, size), dbk_log_size(call->conn->server->log),
		&call->findings, &answer);

	if (code != DBK_GRPC_OK)
		dbk_h2server_finish(call->h2, &answer.status);
	else
		begin_pass(call);
}

void
findings_call_go_on(struct call *call)
{
	if (call->findings == NULL || call_is_busy(call))
		return;
	if (!call->at_head)
		ask_step(call);
	else if (call->grown && job_clock_ns() - call->looked_ns >= PAUSE_NS)
		begin_pass(call);
}

void
findings_call_grown(struct call *call)
{
	call->grown = true;
	findings_call_go_on(call);
}

void
findings_call_answer(struct call *call, struct job *job)
{
	if (!call_take_part(call, job,
			    "more findings are waiting than the client takes"))
		return;
	call->at_head = job->at_head;
	findings_call_go_on(call);
}

void
findings_call_tick(struct call *call, bool heartbeat)
{
	struct dbk_buf reply;

	findings_call_go_on(call);
	if (!heartbeat || call->findings == NULL || call->feeding || !call->at_head ||
	    dbk_h2server_is_finished(call->h2))
		return;
	dbk_buf_init(&reply);
	dbk_findings_feed_heartbeat(call->findings, &reply);
	if (dbk_h2server_send(call->h2, reply.bytes, reply.size) != DBK_OK)
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "QUEUE",
			  "the client does not read");
	dbk_buf_fini(&reply);
}
