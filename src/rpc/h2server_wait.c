/*
 * h2server_wait.c -- how long a client is waited for.
 *
 * A second is whatever the owner's is.  What trickles counts as nothing: only whole
 * frames and DATA do, and DATA of a message is measured by its rate.  So who sends a
 * frame byte by byte cannot answer the PING that comes of it.
 */

#include <string.h>

#include <daybook/limits.h>

#include "rpc/h2server_internal.h"

static const uint8_t keepalive_ping[8] = { 'd', 'a', 'y', 'b', 'o', 'o', 'k', 1 };

void
dbk_h2server_heard(struct dbk_h2server *server, const nghttp2_frame *frame)
{
	bool ack = (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;

	server->quiet = 0;
	/* No other frame may stand within a block of headers. */
	server->in_headers = false;
	if (frame->hd.type == NGHTTP2_SETTINGS && !ack)
		server->greeted = true;
	if (frame->hd.type == NGHTTP2_PING && ack &&
	    memcmp(frame->ping.opaque_data, keepalive_ping, sizeof keepalive_ping) == 0)
		server->pinging = 0;
}

/* The client may send on this call: what does not come then is its own doing. */
static bool
has_window(const struct dbk_h2server *server, const struct dbk_h2server_call *call)
{
	nghttp2_session *session = server->core.session;

	return nghttp2_session_get_local_window_size(session) > 0 &&
	       nghttp2_session_get_stream_local_window_size(session, call->core.id) > 0;
}

static void
wait_for_message(struct dbk_h2server *server, struct dbk_h2server_call *call)
{
	if (call->core.ended || call->core.deaf ||
	    dbk_framing_is_idle(&call->core.framing)) {
		call->waited = 0;
		call->came = 0;
		return;
	}
	if (!has_window(server, call) || ++call->waited < DBK_RPC_MESSAGE_SECONDS)
		return;
	if (call->came <
	    (size_t)DBK_RPC_MESSAGE_SECONDS * DBK_RPC_MESSAGE_BYTES_PER_SECOND)
		dbk_h2server_finish_text(call, DBK_GRPC_DEADLINE_EXCEEDED,
					 "the message came too slowly");
	call->waited = 0;
	call->came = 0;
}

/* False: no answer came. */
static bool
keep_alive(struct dbk_h2server *server)
{
	if (server->pinging > 0)
		return ++server->pinging <= DBK_RPC_PING_SECONDS;
	if (++server->quiet < DBK_RPC_IDLE_SECONDS)
		return true;
	server->pinging = 1;
	dbk_h2core_note(&server->core,
			nghttp2_submit_ping(server->core.session, NGHTTP2_FLAG_NONE,
					    keepalive_ping));
	return true;
}

bool
dbk_h2server_wait(struct dbk_h2server *server, bool keepalive)
{
	struct dbk_h2core_call *next;

	if ((!server->greeted || server->in_headers) &&
	    ++server->waited >= DBK_RPC_HELLO_SECONDS)
		return false;
	for (struct dbk_h2core_call *call = server->core.calls; call != NULL;
	     call = next) {
		next = call->next;
		wait_for_message(server, (struct dbk_h2server_call *)call);
	}
	return !keepalive || !server->greeted || keep_alive(server);
}
