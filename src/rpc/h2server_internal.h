#ifndef DBK_RPC_H2SERVER_INTERNAL_H
#define DBK_RPC_H2SERVER_INTERNAL_H

/*
 * h2server_internal.h -- the structs that h2server.c (the session) and h2server_call.c
 * (what its owner does with a call) share.
 */

#include "rpc/flood.h"
#include "rpc/h2answer.h"
#include "rpc/h2core.h"
#include "rpc/h2request.h"
#include "rpc/h2server.h"

struct dbk_h2server {
	struct dbk_h2core core;
	const struct dbk_h2server_handlers *handlers;
	void *context;
	struct dbk_flood flood;
	size_t taken_count;
	bool leaving; /* the shutdown notice is out */

	/* What h2server_wait.c counts, in its seconds. */
	bool greeted;	  /* the client's SETTINGS came */
	bool in_headers;  /* a block of headers has begun and not ended */
	unsigned waited;  /* for the greeting, or for the end of headers */
	unsigned quiet;	  /* since anything came */
	unsigned pinging; /* since our PING went; 0: none is out */
};

struct dbk_h2server_call {
	struct dbk_h2core_call core;
	void *user;
	bool taken;
	bool status_sent; /* END_STREAM is in the output */
	unsigned waited;  /* for the rest of a message */
	size_t came;	  /* of it, meanwhile */
	struct dbk_h2request request;
	struct dbk_h2answer answer;
};

/* A frame came: what waiting is counted by starts anew. */
void dbk_h2server_heard(struct dbk_h2server *server, const nghttp2_frame *frame);

/* The call of stream ID, also one that its owner does not know of; NULL: over. */
struct dbk_h2server_call *dbk_h2server_stream(const struct dbk_h2server *server,
					      int32_t id);

#endif
