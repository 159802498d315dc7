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
	if (call->feed == NULL || call->feeding || call->at_head ||
	    dbk_h2server_is_finished(call->h2) ||
	    dbk_h2server_queued(call->h2) >= DBK_RPC_QUEUE_MARK_BYTES)
		return;
	ask_part(call);
}

void
subscription_answer(struct call *call, struct job *job)
{
	call->feeding = false;
	if (!job->has_reply) {
		dbk_h2server_finish(call->h2, &job->answer.status);
		return;
	}
	if (job->reply.size > 0 &&
	    dbk_h2server_send(call->h2, job->reply.bytes, job->reply.size) != DBK_OK) {
		call_fail(call, DBK_GRPC_RESOURCE_EXHAUSTED, "QUEUE",
			  "more records are waiting than the subscriber takes");
		return;
	}
	if (job->done) {
		dbk_h2server_finish_text(call->h2, DBK_GRPC_OK, NULL);
		return;
	}
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
