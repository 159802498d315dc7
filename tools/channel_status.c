#include "channel.h"

#include <string.h>

void
channel_status_init(struct channel_status *status)
{
	memset(status, 0, sizeof *status);
}

void
channel_status_fini(struct channel_status *status)
{
	dbk_buf_fini(&status->bytes);
	memset(status, 0, sizeof *status);
}

/* Copy TEXT behind the others; there is room. */
static struct dbk_str
keep_text(struct dbk_buf *bytes, struct dbk_str text)
{
	size_t at = bytes->size;

	dbk_buf_put(bytes, text.bytes, text.size);
	return dbk_str_make(bytes->bytes + at, text.size);
}

static size_t
words_size(const struct dbk_grpc_status *from)
{
	size_t size = 1 + (size_t)from->message.size + from->reason.size;

	for (size_t i = 0; i < from->field_count; i++)
		size += (size_t)from->fields[i].name.size + from->fields[i].value.size;
	return size;
}

void
channel_status_copy(struct channel_status *status, const struct dbk_grpc_status *from)
{
	channel_status_fini(status);
	status->code = from->code;
	if (!dbk_buf_reserve(&status->bytes, words_size(from)))
		return;
	status->message = keep_text(&status->bytes, from->message);
	status->reason = keep_text(&status->bytes, from->reason);
	for (size_t i = 0; i < from->field_count; i++) {
		status->fields[i].name =
		    keep_text(&status->bytes, from->fields[i].name);
		status->fields[i].value =
		    keep_text(&status->bytes, from->fields[i].value);
	}
	status->field_count = from->field_count;
}
