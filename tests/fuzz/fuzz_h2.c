/*
 * fuzz_h2.c -- any bytes into a server session.
 *
 * The server echoes messages, so that both directions work.  Checked are the promises
 * of h2server.h: feed takes everything, output drains, every started call is closed
 * once.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "rpc/h2server.h"

/* Pieces like those of a socket; prime, so that cuts fall everywhere. */
#define PIECE_BYTES ((size_t)611)

/* A client that does not read would keep output for ever. */
#define OUTPUTS_MAX 1000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct seen {
	struct dbk_h2server *server;
	size_t started;
	size_t closed;
};

static bool
call_started(void *context, struct dbk_h2server_call *call,
	     const struct dbk_h2server_request *request)
{
	struct seen *seen = context;

	dbk_assert(dbk_h2server_find(seen->server, dbk_h2server_id(call)) == call);
	if (request->path.size == 0)
		return false;
	seen->started++;
	return true;
}

static void
message_came(void *context, struct dbk_h2server_call *call, const void *bytes,
	     size_t size)
{
	struct seen *seen = context;

	dbk_h2server_consume(seen->server, dbk_h2server_id(call), size);
	if (dbk_h2server_send(call, bytes, size) != DBK_OK)
		dbk_h2server_finish_text(call, DBK_GRPC_RESOURCE_EXHAUSTED,
					 "slow reader");
}

static void
half_closed(void *context, struct dbk_h2server_call *call)
{
	(void)context;
	dbk_h2server_finish_text(call, DBK_GRPC_OK, NULL);
}

static void
writable(void *context, struct dbk_h2server_call *call)
{
	(void)context, (void)call;
}

static void
closed(void *context, struct dbk_h2server_call *call, bool cancelled)
{
	struct seen *seen = context;

	(void)call, (void)cancelled;
	seen->closed++;
}

static const struct dbk_h2server_handlers handlers = { call_started, message_came,
						       half_closed, writable, closed };

static void
drain(struct dbk_h2server *server)
{
	const unsigned char *bytes;
	size_t size;

	for (int i = 0; i < OUTPUTS_MAX; i++) {
		size = dbk_h2server_output(server, &bytes);
		if (size == 0)
			return;
		dbk_h2server_output_done(server, size);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct seen seen = { NULL, 0, 0 };

	if (dbk_h2server_open(&handlers, &seen, &seen.server) != DBK_OK)
		return 0;
	for (size_t at = 0; at < size && !dbk_h2server_is_done(seen.server);) {
		size_t piece = size - at < PIECE_BYTES ? size - at : PIECE_BYTES;

		if (dbk_h2server_feed(seen.server, bytes + at, piece) != DBK_OK)
			break;
		drain(seen.server);
		at += piece;
	}
	dbk_h2server_close(seen.server);
	dbk_assert(seen.started == seen.closed);
	return 0;
}
