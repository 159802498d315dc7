#include "rpc/h2server_internal.h"

static void
note(struct dbk_h2server_call *call, int result)
{
	dbk_h2core_note(call->core.core, result);
}

struct dbk_h2server_call *
dbk_h2server_stream(const struct dbk_h2server *server, int32_t id)
{
	return nghttp2_session_get_stream_user_data(server->core.session, id);
}

int32_t
dbk_h2server_id(const struct dbk_h2server_call *call)
{
	return call->core.id;
}

struct dbk_h2server_call *
dbk_h2server_find(struct dbk_h2server *server, int32_t id)
{
	struct dbk_h2server_call *call = dbk_h2server_stream(server, id);

	return call != NULL && call->taken ? call : NULL;
}

struct dbk_h2server *
dbk_h2server_of(const struct dbk_h2server_call *call)
{
	return (struct dbk_h2server *)call->core.core;
}

void
dbk_h2server_set_user(struct dbk_h2server_call *call, void *user)
{
	call->user = user;
}

void *
dbk_h2server_user(const struct dbk_h2server_call *call)
{
	return call->user;
}

enum dbk_err
dbk_h2server_send(struct dbk_h2server_call *call, const void *bytes, size_t size)
{
	nghttp2_data_provider provider = dbk_h2core_provider(&call->core);
	enum dbk_err err = dbk_h2core_send(&call->core, bytes, size);

	if (err != DBK_OK)
		return err;
	dbk_flood_earn_control(&dbk_h2server_of(call)->flood);
	if (!call->answer.submitted)
		note(call, dbk_h2answer_submit_headers(&call->answer,
						       call->core.core->session,
						       call->core.id, &provider));
	return DBK_OK;
}

size_t
dbk_h2server_queued(const struct dbk_h2server_call *call)
{
	return dbk_h2core_queued(&call->core);
}

size_t
dbk_h2server_queued_all(const struct dbk_h2server *server)
{
	return server->core.queued;
}

void
dbk_h2server_finish(struct dbk_h2server_call *call,
		    const struct dbk_grpc_status *status)
{
	if (call->core.ended)
		return;
	call->core.ended = true;
	dbk_h2core_deafen(&call->core);
	dbk_h2answer_set_status(&call->answer, status);
	if (call->answer.submitted)
		dbk_h2core_resume(&call->core);
	else
		note(call, dbk_h2answer_submit_status(
			       &call->answer, call->core.core->session, call->core.id));
}

void
dbk_h2server_finish_text(struct dbk_h2server_call *call, enum dbk_grpc_code code,
			 const char *text)
{
	struct dbk_grpc_status status = { .code = code };

	if (text != NULL)
		status.message = dbk_str_of(text);
	dbk_h2server_finish(call, &status);
}

bool
dbk_h2server_is_finished(const struct dbk_h2server_call *call)
{
	return call->core.ended;
}

enum dbk_grpc_code
dbk_h2server_code(const struct dbk_h2server_call *call)
{
	return call->core.ended ? call->answer.code : DBK_GRPC_CANCELLED;
}

void
dbk_h2server_consume(struct dbk_h2server *server, int32_t id, size_t size)
{
	struct dbk_h2server_call *call = dbk_h2server_stream(server, id);

	dbk_h2core_consume(&server->core, call == NULL ? NULL : &call->core, size);
}

size_t
dbk_h2server_calls(const struct dbk_h2server *server)
{
	return server->taken_count;
}
