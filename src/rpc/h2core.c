#include "rpc/h2core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"

#define FRAME_HEAD_BYTES 9
#define REFUSAL_BYTES 128

/* Buffers of calls that wait in the pool are kept up to this size. */
#define POOLED_BUFFER_BYTES ((size_t)16 * 1024)

void
dbk_h2core_init(struct dbk_h2core *core, const struct dbk_h2core_hooks *hooks)
{
	memset(core, 0, sizeof *core);
	core->hooks = hooks;
}

void
dbk_h2core_fini(struct dbk_h2core *core)
{
	dbk_assert(core->calls == NULL);
	while (core->pool != NULL) {
		struct dbk_h2core_call *call = core->pool;

		core->pool = call->next;
		core->hooks->call_fini(call);
		dbk_framing_fini(&call->framing);
		dbk_buf_fini(&call->queue);
		free(call);
	}
	/*
	 * nghttp2 1.52 leaves a freed item in its stream when memory runs out while it
	 * queues DATA (session_attach_stream_item), and would free it again here.  A
	 * session lost in want is the lesser loss.
	 */
	if (core->failed != DBK_FAILED_MEMORY)
		nghttp2_session_del(core->session);
	dbk_buf_fini(&core->out);
	core->session = NULL;
}

/*
 * Our callbacks fail for want of memory only.  What else is fatal to nghttp2 is the
 * peer's doing: no preface, floods of frames that it counts itself.
 */
static bool
is_want_of_memory(ssize_t result)
{
	return result == NGHTTP2_ERR_NOMEM || result == NGHTTP2_ERR_CALLBACK_FAILURE;
}

void
dbk_h2core_note(struct dbk_h2core *core, int result)
{
	if (result >= 0 || core->failed != DBK_OK)
		return;
	core->failed = is_want_of_memory(result) ? DBK_FAILED_MEMORY : DBK_FAILED_INPUT;
}

/* ------------------------------------------------------------------------- bytes */

enum dbk_err
dbk_h2core_feed(struct dbk_h2core *core, const void *bytes, size_t size)
{
	ssize_t taken;

	if (core->failed != DBK_OK)
		return core->failed;
	taken = nghttp2_session_mem_recv(core->session, bytes, size);
	if (taken < 0 && taken != NGHTTP2_ERR_BAD_CLIENT_MAGIC &&
	    !is_want_of_memory(taken))
		(void)nghttp2_session_terminate_session(core->session,
							NGHTTP2_ENHANCE_YOUR_CALM);
	if (taken < 0)
		dbk_h2core_note(core, (int)taken);
	return core->failed;
}

static size_t
output_size(const struct dbk_h2core *core)
{
	return core->out.size - core->out_head;
}

bool
dbk_h2core_has_output(const struct dbk_h2core *core)
{
	if (core->failed == DBK_FAILED_MEMORY)
		return false;
	return output_size(core) > 0 || nghttp2_session_want_write(core->session) != 0;
}

/* Let nghttp2 write frames; DATA comes through send_data() meanwhile. */
static void
fill_output(struct dbk_h2core *core)
{
	while (core->failed != DBK_FAILED_MEMORY &&
	       output_size(core) < DBK_RPC_OUTPUT_BYTES) {
		const uint8_t *bytes;
		ssize_t size = nghttp2_session_mem_send(core->session, &bytes);

		if (size == 0)
			return;
		if (size > 0)
			dbk_buf_put(&core->out, bytes, (size_t)size);
		if (size < 0 || dbk_buf_failed(&core->out))
			core->failed = DBK_FAILED_MEMORY;
	}
}

/* True if somebody was told, who then may have queued more. */
static bool
tell_writable(struct dbk_h2core *core)
{
	bool told = false;

	if (!core->crossed)
		return false;
	core->crossed = false;
	for (struct dbk_h2core_call *c = core->calls; c != NULL; c = c->next) {
		if (!c->above_mark || dbk_h2core_queued(c) >= DBK_RPC_QUEUE_MARK_BYTES)
			continue;
		c->above_mark = false;
		core->hooks->writable(c);
		told = true;
	}
	return told;
}

/* Move what is not written yet to the front, when that is cheap. */
static void
compact_output(struct dbk_h2core *core)
{
	size_t size = output_size(core);

	if (core->out_head == 0 || size > core->out_head)
		return;
	memmove(core->out.bytes, core->out.bytes + core->out_head, size);
	core->out.size = size;
	core->out_head = 0;
}

size_t
dbk_h2core_output(struct dbk_h2core *core, const unsigned char **out_bytes)
{
	compact_output(core);
	do {
		fill_output(core);
	} while (tell_writable(core));
	if (core->failed == DBK_FAILED_MEMORY)
		return 0;
	*out_bytes = core->out.bytes + core->out_head;
	return output_size(core);
}

void
dbk_h2core_output_done(struct dbk_h2core *core, size_t size)
{
	dbk_assert(size <= output_size(core));
	core->out_head += size;
}

bool
dbk_h2core_is_done(const struct dbk_h2core *core)
{
	if (dbk_h2core_has_output(core))
		return false;
	return core->failed != DBK_OK || nghttp2_session_want_read(core->session) == 0;
}

/* ------------------------------------------------------------------------- calls */

struct dbk_h2core_call *
dbk_h2core_call_new(struct dbk_h2core *core)
{
	struct dbk_h2core_call *call = core->pool;

	if (call != NULL)
		core->pool = call->next;
	else
		call = calloc(1, core->hooks->call_bytes);
	if (call == NULL)
		return NULL;
	call->core = core;
	call->previous = NULL;
	call->next = core->calls;
	if (core->calls != NULL)
		core->calls->previous = call;
	core->calls = call;
	core->call_count++;
	return call;
}

static void
shrink(struct dbk_buf *buf)
{
	if (buf->capacity > POOLED_BUFFER_BYTES)
		dbk_buf_fini(buf);
	else
		dbk_buf_reset(buf);
}

static void
forget_assembly(struct dbk_h2core_call *call)
{
	call->core->assembling -= call->assembling;
	call->assembling = 0;
}

void
dbk_h2core_call_delete(struct dbk_h2core_call *call)
{
	struct dbk_h2core *core = call->core;
	size_t due = dbk_credit_close(&core->credit, &call->credit);

	if (due > 0)
		dbk_h2core_note(core,
				nghttp2_session_consume_connection(core->session, due));
	forget_assembly(call);
	core->queued -= dbk_h2core_queued(call);
	if (call->next != NULL)
		call->next->previous = call->previous;
	if (call->previous != NULL)
		call->previous->next = call->next;
	else
		core->calls = call->next;
	core->call_count--;
	call->id = 0;
	call->ended = call->deferred = call->above_mark = call->deaf = false;
	dbk_framing_reset(&call->framing);
	shrink(&call->framing.body);
	shrink(&call->queue);
	call->queue_head = 0;
	call->previous = NULL;
	call->next = core->pool;
	core->pool = call;
}

/* ----------------------------------------------------------------------- sending */

size_t
dbk_h2core_queued(const struct dbk_h2core_call *call)
{
	return call->queue.size - call->queue_head;
}

void
dbk_h2core_resume(struct dbk_h2core_call *call)
{
	if (!call->deferred)
		return;
	call->deferred = false;
	dbk_h2core_note(call->core, nghttp2_is_fatal(nghttp2_session_resume_data(
					call->core->session, call->id))
					? NGHTTP2_ERR_NOMEM
					: 0);
}

/* Reuse the room of what has been sent, once it is at least half. */
static void
compact_queue(struct dbk_h2core_call *call)
{
	size_t size = dbk_h2core_queued(call);

	if (call->queue_head == 0 || size > call->queue_head)
		return;
	memmove(call->queue.bytes, call->queue.bytes + call->queue_head, size);
	call->queue.size = size;
	call->queue_head = 0;
}

enum dbk_err
dbk_h2core_send(struct dbk_h2core_call *call, const void *bytes, size_t size)
{
	unsigned char prefix[DBK_FRAMING_PREFIX_BYTES];
	size_t more = sizeof prefix + size;

	if (call->ended)
		return DBK_FAILED_STATE;
	if (size > DBK_MESSAGE_BYTES_MAX ||
	    dbk_h2core_queued(call) + more > DBK_RPC_QUEUE_BYTES_MAX ||
	    call->core->queued + more > DBK_RPC_QUEUES_BYTES_MAX)
		return DBK_FAILED_LIMIT;
	compact_queue(call);
	if (!dbk_buf_reserve(&call->queue, more)) {
		call->queue.failed = false;
		return DBK_FAILED_MEMORY;
	}
	dbk_framing_prefix((uint32_t)size, prefix);
	dbk_buf_put(&call->queue, prefix, sizeof prefix);
	dbk_buf_put(&call->queue, bytes, size);
	call->core->queued += more;
	if (dbk_h2core_queued(call) >= DBK_RPC_QUEUE_MARK_BYTES)
		call->above_mark = true;
	dbk_h2core_resume(call);
	return DBK_OK;
}

static ssize_t
read_queue(nghttp2_session *session, int32_t id, uint8_t *out, size_t length,
	   uint32_t *flags, nghttp2_data_source *source, void *user)
{
	struct dbk_h2core_call *call = source->ptr;
	size_t size = dbk_h2core_queued(call);

	(void)session, (void)id, (void)out, (void)user;
	if (size == 0 && !call->ended) {
		call->deferred = true;
		return NGHTTP2_ERR_DEFERRED;
	}
	*flags |= NGHTTP2_DATA_FLAG_NO_COPY;
	if (size > length)
		return (ssize_t)length;
	if (call->ended)
		*flags |= NGHTTP2_DATA_FLAG_EOF | call->core->hooks->drained(call);
	return (ssize_t)size;
}

static int
send_data(nghttp2_session *session, nghttp2_frame *frame, const uint8_t *head,
	  size_t length, nghttp2_data_source *source, void *user)
{
	struct dbk_h2core *core = user;
	struct dbk_h2core_call *call = source->ptr;

	(void)session, (void)frame;
	dbk_assert(length <= dbk_h2core_queued(call));
	dbk_buf_put(&core->out, head, FRAME_HEAD_BYTES);
	dbk_buf_put(&core->out, call->queue.bytes + call->queue_head, length);
	call->queue_head += length;
	core->queued -= length;
	if (dbk_h2core_queued(call) == 0) {
		call->queue_head = 0;
		dbk_buf_reset(&call->queue);
	}
	if (call->above_mark && dbk_h2core_queued(call) < DBK_RPC_QUEUE_MARK_BYTES)
		core->crossed = true;
	return dbk_buf_failed(&core->out) ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

static ssize_t
frame_length(nghttp2_session *session, uint8_t type, int32_t id, int32_t session_window,
	     int32_t stream_window, uint32_t peer_max, void *user)
{
	(void)session, (void)type, (void)id, (void)session_window, (void)stream_window;
	(void)user;
	return peer_max < DBK_RPC_FRAME_BYTES_MAX ? (ssize_t)peer_max
						  : (ssize_t)DBK_RPC_FRAME_BYTES_MAX;
}

nghttp2_data_provider
dbk_h2core_provider(struct dbk_h2core_call *call)
{
	nghttp2_data_provider provider;

	memset(&provider, 0, sizeof provider);
	provider.source.ptr = call;
	provider.read_callback = read_queue;
	return provider;
}

/* --------------------------------------------------------------------- receiving */

/* Give back what is due for CALL. */
static void
settle(struct dbk_h2core_call *call)
{
	struct dbk_h2core *core = call->core;
	struct dbk_credit_due due = dbk_credit_settle(&core->credit, &call->credit);

	if (due.session > 0)
		dbk_h2core_note(core, nghttp2_session_consume_connection(core->session,
									 due.session));
	if (due.stream > 0)
		dbk_h2core_note(core, nghttp2_session_consume_stream(
					  core->session, call->id, due.stream));
}

void
dbk_h2core_consume(struct dbk_h2core *core, struct dbk_h2core_call *call, size_t size)
{
	size_t due;

	if (call != NULL) {
		dbk_credit_release(&core->credit, &call->credit, size);
		settle(call);
	} else {
		due = dbk_credit_release_orphan(&core->credit, size);
		dbk_h2core_note(core,
				nghttp2_session_consume_connection(core->session, due));
	}
	if (!dbk_credit_must_settle_all(&core->credit))
		return;
	for (struct dbk_h2core_call *c = core->calls; c != NULL; c = c->next)
		settle(c);
}

void
dbk_h2core_deafen(struct dbk_h2core_call *call)
{
	call->deaf = true;
	forget_assembly(call);
}

static void
refuse(struct dbk_h2core_call *call, enum dbk_framing_step step)
{
	const struct dbk_h2core_hooks *hooks = call->core->hooks;
	const struct dbk_framing *framing = &call->framing;
	char text[REFUSAL_BYTES];

	dbk_h2core_deafen(call);
	switch (step) {
	case DBK_FRAMING_MESSAGE:
	case DBK_FRAMING_MORE:
		(void)snprintf(text, sizeof text,
			       "unfinished messages of this connection are above %d "
			       "bytes",
			       DBK_RPC_ASSEMBLY_BYTES_MAX);
		hooks->broken(call, DBK_GRPC_RESOURCE_EXHAUSTED, text);
		return;
	case DBK_FRAMING_COMPRESSED:
		hooks->broken(call, DBK_GRPC_UNIMPLEMENTED,
			      "message is compressed; only identity is supported");
		return;
	case DBK_FRAMING_BAD_FLAG:
		(void)snprintf(
		    text, sizeof text,
		    "message has compressed-flag %u, which is neither 0 nor 1",
		    framing->prefix[0]);
		hooks->broken(call, DBK_GRPC_INTERNAL, text);
		return;
	case DBK_FRAMING_TOO_LARGE:
		(void)snprintf(text, sizeof text,
			       "message of %u bytes is above the limit of %d",
			       framing->size, DBK_MESSAGE_BYTES_MAX);
		hooks->broken(call, DBK_GRPC_RESOURCE_EXHAUSTED, text);
		return;
	case DBK_FRAMING_NO_MEMORY:
		hooks->broken(call, DBK_GRPC_RESOURCE_EXHAUSTED,
			      "no memory for the message");
		return;
	}
}

/* Count the declared size of an unfinished message, once. */
static bool
count_assembly(struct dbk_h2core_call *call)
{
	struct dbk_h2core *core = call->core;

	if (call->assembling > 0 || dbk_framing_is_idle(&call->framing) ||
	    call->framing.prefix_size < DBK_FRAMING_PREFIX_BYTES)
		return true;
	if (core->assembling + call->framing.size > DBK_RPC_ASSEMBLY_BYTES_MAX)
		return false;
	call->assembling = call->framing.size;
	core->assembling += call->assembling;
	return true;
}

static void
take_messages(struct dbk_h2core_call *call, struct dbk_cursor *cursor)
{
	enum dbk_framing_step step;
	struct dbk_str message;

	while (!call->deaf) {
		step = dbk_framing_next(&call->framing, cursor, &message);
		if (step == DBK_FRAMING_MESSAGE) {
			forget_assembly(call);
			dbk_credit_hold(&call->core->credit, &call->credit,
					message.size);
			call->core->hooks->message(call, message);
			continue;
		}
		if (step != DBK_FRAMING_MORE || !count_assembly(call))
			refuse(call, step);
		return;
	}
}

void
dbk_h2core_receive(struct dbk_h2core_call *call, const void *bytes, size_t size)
{
	struct dbk_cursor cursor = dbk_cursor_make(bytes, size);

	dbk_credit_receive(&call->core->credit, &call->credit, size);
	take_messages(call, &cursor);
	call->credit.partial = call->deaf ? 0 : dbk_framing_partial(&call->framing);
	settle(call);
}

/* ------------------------------------------------------------------------ set-up */

nghttp2_session_callbacks *
dbk_h2core_callbacks(void)
{
	nghttp2_session_callbacks *callbacks;

	if (nghttp2_session_callbacks_new(&callbacks) != 0)
		return NULL;
	nghttp2_session_callbacks_set_send_data_callback(callbacks, send_data);
	nghttp2_session_callbacks_set_data_source_read_length_callback(callbacks,
								       frame_length);
	return callbacks;
}

nghttp2_option *
dbk_h2core_option(void)
{
	nghttp2_option *option;

	if (nghttp2_option_new(&option) != 0)
		return NULL;
	nghttp2_option_set_no_auto_window_update(option, 1);
	nghttp2_option_set_no_closed_streams(option, 1);
	nghttp2_option_set_max_send_header_block_length(option,
							4 * DBK_RPC_HEADER_BYTES_MAX);
	return option;
}

enum dbk_err
dbk_h2core_submit_settings(struct dbk_h2core *core, const nghttp2_settings_entry *more,
			   size_t more_count)
{
	nghttp2_settings_entry entries[8] = {
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, DBK_RPC_STREAM_WINDOW_BYTES },
		{ NGHTTP2_SETTINGS_MAX_FRAME_SIZE, DBK_RPC_FRAME_BYTES_MAX },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, DBK_RPC_HEADER_BYTES_MAX },
	};

	dbk_assert(more_count <= 5);
	memcpy(entries + 3, more, more_count * sizeof *more);
	if (nghttp2_submit_settings(core->session, NGHTTP2_FLAG_NONE, entries,
				    3 + more_count) != 0 ||
	    nghttp2_session_set_local_window_size(core->session, NGHTTP2_FLAG_NONE, 0,
						  DBK_RPC_CONNECTION_WINDOW_BYTES) != 0)
		return DBK_FAILED_MEMORY;
	return DBK_OK;
}
