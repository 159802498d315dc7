/*
 * subscription.c -- Subscribe: catch up, then live.
 *
 * The feed goes back and forth between the loop and a reader, one part at a time.  The
 * next part is asked for when the call's queue has room; at the head of the log the feed
 * rests on the loop until the writer tells that the log has grown.  A slow subscriber
 * thus holds one part and its queue, never more.
 */

#include <string.h>

#include <daybook/limits.h>

#include "call.h"

static void
ask_part(struct call *call)
{
	struct job *job = call_job(call, JOB_FEED, "", 0);

	if (job == NULL)
		return;
	job->feed = call->feed;
	call->feeding = readers_put(call->conn->server->readers, job);
	call_put(call, job, call->feeding, "readers are");
}

void
subscription_start(struct call *call, const void *bytes, size_t size)
{
	struct dbk_service_answer answer;
	enum dbk_grpc_code code =
		dbk_feed_open(dbk_str_make(bytes, size),
			      dbk_log_size(call->conn->server->log), &call->feed,
			      &answer);

	if (code != DBK_GRPC_OK)
		dbk_h2server_finish(call->h2, &answer.status);
	else
		ask_part(call);
}

void
subscription_go_on(struct call *call)
{
	if (call->feed != NULL && !call->at_head && !call_is_busy(call))
		ask_part(call);
}

void
subscription_answer(struct call *call, struct job *job)
{
	if (!call_take_part(call, job,
			    "more records are waiting than the subscriber takes"))
		return;
	/* What was appended while the reader looked has been told already. */
	call->at_head = job->at_head && dbk_feed_position(call->feed) >=
						dbk_log_size(call->conn->server->log);
	subscription_go_on(call);
}

void
subscription_heartbeat(struct call *call)
{
	struct dbk_buf reply;

	if (call->feed == NULL || call->feeding || !call->at_head)
		return;
	dbk_buf_init(&reply);
	dbk_feed_heartbeat(call->feed, dbk_log_size(call->conn->server->log), &reply);
	if (dbk_h2server_send(call->h2, reply.bytes, reply.size) != DBK_OK)
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "QUEUE",
			  "the subscriber does not read");
	dbk_buf_fini(&reply);
}
