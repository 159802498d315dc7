#ifndef DAYBOOK_TESTS_H2PAIR_H
#define DAYBOOK_TESTS_H2PAIR_H

/*
 * h2pair.h -- a server session and a client session joined in memory.
 *
 * The server knows five methods:
 *
 *	/t/Echo   sends every message back and consumes it; OK at half-close
 *	/t/Hold   keeps what comes; the test consumes and finishes
 *	/t/Count  consumes; at half-close replies with the number of bytes, then OK
 *	/t/Pour   sends messages up to the mark, more when writable, until
 *	          pour_left is 0
 *	/t/Fail   ends at once with the pair's fail status
 *
 * A struct h2result goes with every call of the client and tells what became of it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "rpc/h2client.h"
#include "rpc/h2server.h"

#define H2PAIR_CALLS_MAX 512

struct h2result {
	struct dbk_h2client_call *call; /* NULL once closed */
	struct h2pair *pair;
	size_t messages;
	size_t bytes;
	struct dbk_buf last; /* last message */
	size_t writables;
	size_t closes;
	enum dbk_grpc_code code;
	char text[256];
	char reason[64];
	char field_name[64];
	char field_value[64];
	size_t field_count;
};

struct h2pair {
	struct dbk_h2server *server;
	struct dbk_h2client *client;

	/* What the server saw. */
	size_t started;
	size_t messages;
	size_t bytes;
	size_t half_closes;
	size_t writables;
	size_t closed;
	size_t cancelled;
	char path[128];
	char authorization[128];
	int64_t timeout_ns;
	struct dbk_h2server_call *last_call;
	int32_t last_id;
	size_t held[H2PAIR_CALLS_MAX]; /* not consumed, by id / 2 */

	/* What it is to do. */
	struct dbk_grpc_status fail;
	size_t pour_left;  /* messages */
	size_t pour_bytes; /* each */
	bool client_holds; /* the client does not consume */

	struct dbk_buf sent; /* every byte from client to server, if recording */
	bool recording;
};

void h2pair_open(struct h2pair *pair);
void h2pair_close(struct h2pair *pair);

/* Move all output of the client to the server; true if there was some. */
bool h2pair_to_server(struct h2pair *pair);
bool h2pair_to_client(struct h2pair *pair);

/* Both ways until nothing moves. */
void h2pair_run(struct h2pair *pair);

/* Start PATH; RESULT is cleared and belongs to the call until it is closed. */
void h2pair_start(struct h2pair *pair, struct h2result *result, const char *path);

/* Start PATH with one message of SIZE bytes and half-close. */
void h2pair_unary(struct h2pair *pair, struct h2result *result, const char *path,
		  size_t size);

/* Consume everything that /t/Hold keeps; returns how many bytes. */
size_t h2pair_release(struct h2pair *pair);

void h2result_fini(struct h2result *result);

/* SIZE bytes of a pattern; static memory, up to DBK_MESSAGE_BYTES_MAX + 1. */
const unsigned char *h2pair_pattern(size_t size);

#endif
