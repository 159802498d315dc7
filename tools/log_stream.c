#include "log_stream.h"

#include <stdlib.h>

#include <daybook/v1/service.pb-c.h>

#include "base/assert.h"
#include "base/buf.h"

struct log_stream {
	struct channel_stream *stream;
	Daybook__V1__LogChunk *chunk; /* NULL: none */
	size_t next;		      /* of its groups */
	struct dbk_buf parts;	      /* of a group that came in several */
	uint64_t size;
	struct dbk_buf note;
	bool ended;
};

int
log_stream_open(struct session *session, uint64_t from_group, uint64_t from_position,
		struct log_stream **out)
{
	Daybook__V1__ReadLogRequest request = DAYBOOK__V1__READ_LOG_REQUEST__INIT;
	struct channel_stream *stream;
	int code;

	request.from_group = from_group;
	request.from_position = from_position;
	code = session_stream(session, "ReadLog", &request.base, &stream);
	if (code != EXIT_OK)
		return code;
	*out = calloc(1, sizeof **out);
	dbk_assert(*out != NULL);
	(*out)->stream = stream;
	return EXIT_OK;
}

static void
drop_chunk(struct log_stream *stream)
{
	if (stream->chunk != NULL)
		protobuf_c_message_free_unpacked(&stream->chunk->base, NULL);
	stream->chunk = NULL;
}

void
log_stream_close(struct log_stream *stream)
{
	if (stream == NULL)
		return;
	drop_chunk(stream);
	channel_stream_finish(stream->stream);
	dbk_buf_fini(&stream->parts);
	dbk_buf_fini(&stream->note);
	free(stream);
}

/* The next chunk; none, and no failure: the stream has ended. */
static int
take_chunk(struct log_stream *stream)
{
	const Daybook__V1__Checkpoint *checkpoint;
	ProtobufCMessage *message;
	int code;

	drop_chunk(stream);
	code =
	    session_next(stream->stream, CHANNEL_NO_TIMEOUT,
			 &daybook__v1__log_chunk__descriptor, &message, &stream->ended);
	if (code != EXIT_OK || message == NULL)
		return code;
	stream->chunk = (Daybook__V1__LogChunk *)message;
	stream->next = 0;
	stream->size = stream->chunk->size;
	checkpoint = stream->chunk->checkpoint;
	if (checkpoint != NULL)
		dbk_buf_put(&stream->note, checkpoint->note.data, checkpoint->note.len);
	dbk_assert(!dbk_buf_failed(&stream->note));
	return EXIT_OK;
}

static int
at_end(const struct log_stream *stream)
{
	if (stream->note.size > 0 && stream->parts.size == 0)
		return EXIT_OK;
	diag_error("the log ended without its checkpoint");
	return EXIT_FAILED;
}

int
log_stream_next(struct log_stream *stream, struct dbk_str *out_value, bool *out_ended)
{
	dbk_buf_reset(&stream->parts);
	*out_ended = false;
	for (;;) {
		const Daybook__V1__LogGroup *group;
		int code = EXIT_OK;

		while (
		    code == EXIT_OK && !stream->ended &&
		    (stream->chunk == NULL || stream->next == stream->chunk->n_groups))
			code = take_chunk(stream);
		if (code != EXIT_OK)
			return code;
		if (stream->ended) {
			*out_ended = true;
			return at_end(stream);
		}
		group = stream->chunk->groups[stream->next++];
		if (!group->unfinished && stream->parts.size == 0) {
			*out_value = dbk_str_make(group->value.data, group->value.len);
			return EXIT_OK;
		}
		dbk_buf_put(&stream->parts, group->value.data, group->value.len);
		dbk_assert(!dbk_buf_failed(&stream->parts));
		if (!group->unfinished) {
			*out_value =
			    dbk_str_make(stream->parts.bytes, stream->parts.size);
			return EXIT_OK;
		}
	}
}

uint64_t
log_stream_size(const struct log_stream *stream)
{
	return stream->size;
}

struct dbk_str
log_stream_note(const struct log_stream *stream)
{
	return dbk_str_make(stream->note.bytes, stream->note.size);
}

int
log_stream_key(struct session *session, struct dbk_note_key *out)
{
	Daybook__V1__GetCheckpointRequest request =
	    DAYBOOK__V1__GET_CHECKPOINT_REQUEST__INIT;
	struct dbk_error error = { DBK_OK, "" };
	ProtobufCMessage *reply;
	const char *key;
	int code = session_call(session, "GetCheckpoint", &request.base,
				&daybook__v1__checkpoint__descriptor, &reply);

	if (code != EXIT_OK)
		return code;
	key = ((const Daybook__V1__Checkpoint *)reply)->verifier_key;
	if (dbk_note_key_parse(dbk_str_of(key), out, &error) != DBK_OK) {
		dbk_error_prepend(&error, "the verifier key of the daemon");
		diag_error("%s", error.text);
		code = EXIT_FAILED;
	}
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}
