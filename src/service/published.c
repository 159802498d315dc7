#include "service/published.h"

#include <inttypes.h>

static bool
none(struct dbk_call *call)
{
	struct dbk_service_status status = { .n_views = 0 };

	call->port->fill_status(call->port->context, &status);
	(void)dbk_answer_set(call->answer, DBK_GRPC_UNAVAILABLE, "NO_CHECKPOINT",
			     "no checkpoint is published%s%s",
			     status.checkpoint_trouble[0] == '\0' ? "" : ": ",
			     status.checkpoint_trouble);
	return false;
}

bool
dbk_call_published(struct dbk_call *call, struct dbk_published *out,
		   struct dbk_buf *note)
{
	const struct dbk_service_port *port = call->port;

	if (port->verifier_key == NULL || !port->published(port->context, out, note))
		return none(call);
	if (note != NULL && dbk_buf_failed(note))
		call->exhausted = true;
	return true;
}

static bool
wait_for(struct dbk_call *call, uint64_t size)
{
	const struct dbk_service_port *port = call->port;

	return port->verifier_key == NULL ||
	       port->wait_published(port->context, size, call->deadline_ns);
}

bool
dbk_call_settle(struct dbk_call *call, uint64_t size, struct dbk_published *out,
		struct dbk_buf *note)
{
	(void)wait_for(call, size);
	return dbk_call_published(call, out, note);
}

bool
dbk_call_published_of(struct dbk_call *call, const char *field, uint64_t size,
		      struct dbk_published *out, struct dbk_buf *note)
{
	if (wait_for(call, size))
		return dbk_call_published(call, out, note);
	(void)dbk_answer_set(
	    call->answer, DBK_GRPC_DEADLINE_EXCEEDED, "CHECKPOINT_BEHIND",
	    "no checkpoint of %" PRIu64 " records was published in time", size);
	(void)dbk_answer_number(call->answer, field, size);
	return false;
}

void
dbk_call_checkpoint(struct dbk_call *call, const struct dbk_published *published,
		    const struct dbk_buf *note, Daybook__V1__Checkpoint *out)
{
	out->size = published->size;
	out->root = dbk_call_hash(&published->root);
	out->note = (ProtobufCBinaryData){ note->size, note->bytes };
	out->signed_at = dbk_call_timestamp(call, published->signed_at_us);
	out->verifier_key = (char *)call->port->verifier_key;
}
