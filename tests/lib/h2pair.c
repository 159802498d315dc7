#include "../tests/lib/h2pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"

const unsigned char *
h2pair_pattern(size_t size)
{
	static unsigned char bytes[DBK_MESSAGE_BYTES_MAX + 1];

	dbk_assert(size <= sizeof bytes);
	if (bytes[1] == 0) {
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (unsigned char)(i * 7 + i / 251);
	}
	return bytes;
}

/* ------------------------------------------------------------------ server's side */

static const char *const methods[] = { "/t/Echo", "/t/Hold", "/t/Count", "/t/Pour",
				       "/t/Fail" };

enum method { ECHO, HOLD, COUNT, POUR, FAIL, METHODS };

struct served {
	enum method method;
	size_t bytes;
};

static void
copy_text(char *out, size_t room, struct dbk_str text)
{
	(void)snprintf(out, room, "%.*s", (int)text.size,
		       text.size == 0 ? "" : text.bytes);
}

static void
pour(struct h2pair *pair, struct dbk_h2server_call *call)
{
	while (pair->pour_left > 0 &&
	       dbk_h2server_queued(call) < DBK_RPC_QUEUE_MARK_BYTES) {
		dbk_assert(dbk_h2server_send(call, h2pair_pattern(pair->pour_bytes),
					     pair->pour_bytes) == DBK_OK);
		pair->pour_left--;
	}
	if (pair->pour_left == 0)
		dbk_h2server_finish_text(call, DBK_GRPC_OK, NULL);
}

static bool
call_started(void *context, struct dbk_h2server_call *call,
	     const struct dbk_h2server_request *request)
{
	struct h2pair *pair = context;
	struct served *served;
	unsigned method = 0;

	copy_text(pair->path, sizeof pair->path, request->path);
	copy_text(pair->authorization, sizeof pair->authorization,
		  request->authorization);
	pair->timeout_ns = request->timeout_ns;
	while (method < METHODS && strcmp(methods[method], pair->path) != 0)
		method++;
	if (method == METHODS)
		return false;
	served = calloc(1, sizeof *served);
	dbk_assert(served != NULL);
	served->method = (enum method)method;
	pair->started++;
	pair->last_call = call;
	pair->last_id = dbk_h2server_id(call);
	dbk_h2server_set_user(call, served);
	if (served->method == FAIL)
		dbk_h2server_finish(call, &pair->fail);
	if (served->method == POUR)
		pour(pair, call);
	return true;
}

/* A reply that does not fit ends the call. */
static void
reply(struct dbk_h2server_call *call, const void *bytes, size_t size)
{
	if (dbk_h2server_send(call, bytes, size) != DBK_OK)
		dbk_h2server_finish_text(call, DBK_GRPC_RESOURCE_EXHAUSTED,
					 "the reply does not fit");
}

static void
message_at_server(void *context, struct dbk_h2server_call *call, const void *bytes,
		  size_t size)
{
	struct h2pair *pair = context;
	struct served *served = dbk_h2server_user(call);

	pair->messages++;
	pair->bytes += size;
	served->bytes += size;
	if (served->method == HOLD) {
		pair->held[dbk_h2server_id(call) / 2] += size;
		return;
	}
	dbk_h2server_consume(pair->server, dbk_h2server_id(call), size);
	if (served->method == ECHO)
		reply(call, bytes, size);
}

static void
half_closed(void *context, struct dbk_h2server_call *call)
{
	struct h2pair *pair = context;
	struct served *served = dbk_h2server_user(call);

	pair->half_closes++;
	if (served->method == COUNT)
		reply(call, &served->bytes, sizeof served->bytes);
	if (served->method == COUNT || served->method == ECHO)
		dbk_h2server_finish_text(call, DBK_GRPC_OK, NULL);
}

static void
writable_at_server(void *context, struct dbk_h2server_call *call)
{
	struct h2pair *pair = context;
	struct served *served = dbk_h2server_user(call);

	pair->writables++;
	if (served->method == POUR)
		pour(pair, call);
}

static void
closed_at_server(void *context, struct dbk_h2server_call *call, bool cancelled)
{
	struct h2pair *pair = context;

	free(dbk_h2server_user(call));
	pair->closed++;
	pair->cancelled += cancelled ? 1 : 0;
	if (pair->last_call == call)
		pair->last_call = NULL;
}

static const struct dbk_h2server_handlers server_handlers = {
	call_started, message_at_server, half_closed, writable_at_server,
	closed_at_server
};

/* ------------------------------------------------------------------ client's side */

static void
message_at_client(void *context, struct dbk_h2client_call *call, const void *bytes,
		  size_t size)
{
	struct h2pair *pair = context;
	struct h2result *result = dbk_h2client_user(call);

	result->messages++;
	result->bytes += size;
	dbk_buf_reset(&result->last);
	dbk_buf_put(&result->last, bytes, size);
	if (!pair->client_holds)
		dbk_h2client_consume(call, size);
}

static void
writable_at_client(void *context, struct dbk_h2client_call *call)
{
	struct h2result *result = dbk_h2client_user(call);

	(void)context;
	result->writables++;
}

static void
closed_at_client(void *context, struct dbk_h2client_call *call,
		 const struct dbk_grpc_status *status)
{
	struct h2result *result = dbk_h2client_user(call);

	(void)context;
	result->call = NULL;
	result->closes++;
	result->code = status->code;
	copy_text(result->text, sizeof result->text, status->message);
	copy_text(result->reason, sizeof result->reason, status->reason);
	result->field_count = status->field_count;
	if (status->field_count == 0)
		return;
	copy_text(result->field_name, sizeof result->field_name,
		  status->fields[0].name);
	copy_text(result->field_value, sizeof result->field_value,
		  status->fields[0].value);
}

static const struct dbk_h2client_handlers client_handlers = { message_at_client,
							      writable_at_client,
							      closed_at_client };

/* ------------------------------------------------------------------------- pairs */

void
h2pair_open(struct h2pair *pair)
{
	memset(pair, 0, sizeof *pair);
	dbk_assert(dbk_h2server_open(&server_handlers, pair, &pair->server) == DBK_OK);
	dbk_assert(dbk_h2client_open(&client_handlers, pair, dbk_str_of("localhost"),
				     &pair->client) == DBK_OK);
}

void
h2pair_close(struct h2pair *pair)
{
	dbk_h2client_close(pair->client);
	dbk_h2server_close(pair->server);
	dbk_buf_fini(&pair->sent);
}

bool
h2pair_to_server(struct h2pair *pair)
{
	const unsigned char *bytes;
	bool moved = false;
	size_t size;

	while ((size = dbk_h2client_output(pair->client, &bytes)) > 0) {
		if (pair->recording)
			dbk_buf_put(&pair->sent, bytes, size);
		(void)!dbk_h2server_feed(pair->server, bytes, size);
		dbk_h2client_output_done(pair->client, size);
		moved = true;
	}
	return moved;
}

bool
h2pair_to_client(struct h2pair *pair)
{
	const unsigned char *bytes;
	bool moved = false;
	size_t size;

	while ((size = dbk_h2server_output(pair->server, &bytes)) > 0) {
		(void)!dbk_h2client_feed(pair->client, bytes, size);
		dbk_h2server_output_done(pair->server, size);
		moved = true;
	}
	return moved;
}

void
h2pair_run(struct h2pair *pair)
{
	bool moved = true;

	while (moved) {
		moved = h2pair_to_server(pair);
		moved = h2pair_to_client(pair) || moved;
	}
}

void
h2pair_start(struct h2pair *pair, struct h2result *result, const char *path)
{
	struct dbk_h2client_request request = { .path = dbk_str_of(path),
						.timeout_ns = DBK_H2CLIENT_NO_TIMEOUT };

	memset(result, 0, sizeof *result);
	result->pair = pair;
	dbk_assert(dbk_h2client_start(pair->client, &request, result, &result->call) ==
		   DBK_OK);
}

void
h2pair_unary(struct h2pair *pair, struct h2result *result, const char *path,
	     size_t size)
{
	h2pair_start(pair, result, path);
	dbk_assert(dbk_h2client_send(result->call, h2pair_pattern(size), size) ==
		   DBK_OK);
	dbk_h2client_half_close(result->call);
}

size_t
h2pair_release(struct h2pair *pair)
{
	size_t sum = 0;

	for (int32_t i = 0; i < H2PAIR_CALLS_MAX; i++) {
		size_t size = pair->held[i];

		pair->held[i] = 0;
		sum += size;
		if (size > 0)
			dbk_h2server_consume(pair->server, 2 * i + 1, size);
	}
	return sum;
}

void
h2result_fini(struct h2result *result)
{
	dbk_buf_fini(&result->last);
}
