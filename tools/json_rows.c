#include "json_rows.h"

#include <string.h>

#include <daybook/v1/service.pb-c.h>

#include "base/assert.h"
#include "diag.h"
#include "event/json.h"

void
json_rows_write(const ProtobufCMessage *message, bool defaults, struct dbk_buf *out)
{
	struct dbk_json_options options = { .emit_defaults = defaults };
	struct dbk_error error = { DBK_OK, "" };

	if (dbk_json_write(message, &options, out, &error) == DBK_OK)
		return;
	/* Only a peer that breaks proto3 sends what has no JSON. */
	(void)diag_failure(&error);
	dbk_buf_put(out, "null", strlen("null"));
}

static void
put_text(struct dbk_buf *out, const char *text)
{
	dbk_buf_put(out, text, strlen(text));
}

/* An event with all its defaults would not be what the source sent. */
static void
write_logged_event(const ProtobufCMessage *message, struct dbk_buf *out)
{
	Daybook__V1__LoggedEvent shell = *(const Daybook__V1__LoggedEvent *)message;
	const Daybook__V1__Event *event = shell.event;

	shell.event = NULL;
	json_rows_write(&shell.base, true, out);
	if (event == NULL)
		return;
	out->size--;
	put_text(out, ",\"event\":");
	json_rows_write(&event->base, false, out);
	dbk_buf_put_u8(out, '}');
}

static void
print_row(FILE *out, const ProtobufCMessage *row)
{
	struct dbk_buf text;

	dbk_buf_init(&text);
	if (row->descriptor == &daybook__v1__logged_event__descriptor)
		write_logged_event(row, &text);
	else
		json_rows_write(row, true, &text);
	dbk_assert(!dbk_buf_failed(&text));
	(void)fwrite(text.bytes, 1, text.size, out);
	dbk_buf_fini(&text);
}

void
json_rows_message(FILE *out, const ProtobufCMessage *message)
{
	print_row(out, message);
	(void)fputc('\n', out);
}

void
json_rows_init(struct json_rows *rows, FILE *out, bool lines, bool one_line)
{
	rows->out = out;
	rows->lines = lines;
	rows->one_line = one_line;
	rows->begun = false;
	rows->first = true;
	dbk_buf_init(&rows->tail);
}

/* A pointer field or counter of MESSAGE by its place in the descriptor. */
static void *
member(ProtobufCMessage *message, unsigned offset)
{
	return (char *)message + offset;
}

/* REPLY as JSON as if it had no rows and were the last page. */
static void
write_shell(ProtobufCMessage *reply, const ProtobufCFieldDescriptor *field,
	    struct dbk_buf *out)
{
	const ProtobufCFieldDescriptor *token =
	    protobuf_c_message_descriptor_get_field_by_name(reply->descriptor,
							    "next_page_token");
	size_t *count = member(reply, field->quantifier_offset);
	char **next = token == NULL ? NULL : member(reply, token->offset);
	size_t kept_count = *count;
	char *kept_next = next == NULL ? NULL : *next;

	*count = 0;
	if (next != NULL)
		*next = NULL;
	json_rows_write(reply, true, out);
	*count = kept_count;
	if (next != NULL)
		*next = kept_next;
}

/*
 * The shell is cut where its empty list stands.  The list is found by its text: within
 * a string of the shell every quote has a backslash before it, so nothing else can look
 * like it.
 */
void
json_rows_begin(struct json_rows *rows, ProtobufCMessage *reply, const char *field)
{
	const ProtobufCFieldDescriptor *list =
	    protobuf_c_message_descriptor_get_field_by_name(reply->descriptor, field);
	struct dbk_buf text;
	char needle[64];
	char *found;
	size_t head;

	if (rows->lines)
		return;
	dbk_assert(list != NULL && list->label == PROTOBUF_C_LABEL_REPEATED);
	(void)snprintf(needle, sizeof needle, "\"%s\":[]", field);
	dbk_buf_init(&text);
	write_shell(reply, list, &text);
	dbk_assert(!dbk_buf_failed(&text));
	found = memmem(text.bytes, text.size, needle, strlen(needle));
	dbk_assert(found != NULL);
	head = (size_t)(found - (char *)text.bytes) + strlen(needle) - 1;
	if (!rows->begun)
		(void)fwrite(text.bytes, 1, head, rows->out);
	dbk_buf_reset(&rows->tail);
	dbk_buf_put(&rows->tail, text.bytes + head, text.size - head);
	dbk_buf_fini(&text);
	rows->begun = true;
}

void
json_rows_put(struct json_rows *rows, const ProtobufCMessage *row)
{
	if (!rows->lines)
		(void)fputs(rows->first ? "" : ",", rows->out);
	if (!rows->lines && !rows->one_line)
		(void)fputc('\n', rows->out);
	rows->first = false;
	print_row(rows->out, row);
	if (rows->lines)
		(void)fputc('\n', rows->out);
}

void
json_rows_end(struct json_rows *rows, const char *token)
{
	static const char empty[] = "\"nextPageToken\":\"\"";
	const char *tail = (const char *)rows->tail.bytes;
	const char *found;
	size_t head = rows->tail.size;

	if (rows->begun) {
		if (!rows->first && !rows->one_line)
			(void)fputc('\n', rows->out);
		found = memmem(tail, rows->tail.size, empty, strlen(empty));
		if (found != NULL && token != NULL)
			head = (size_t)(found - tail) + strlen(empty) - 2;
		(void)fwrite(tail, 1, head, rows->out);
		if (head < rows->tail.size) {
			json_rows_string(rows->out, dbk_str_of(token));
			(void)fwrite(tail + head + 2, 1, rows->tail.size - head - 2,
				     rows->out);
		}
		(void)fputc('\n', rows->out);
	}
	dbk_buf_fini(&rows->tail);
}

void
json_rows_string(FILE *out, struct dbk_str text)
{
	bool utf8 = dbk_str_is_utf8(text);

	(void)fputc('"', out);
	for (uint32_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.bytes[i];

		if (c == '"' || c == '\\')
			(void)fprintf(out, "\\%c", c);
		else if (c < 0x20)
			(void)fprintf(out, "\\u%04x", c);
		else
			(void)fputc(c >= 0x80 && !utf8 ? '?' : c, out);
	}
	(void)fputc('"', out);
}
