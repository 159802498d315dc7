#include "intake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <daybook/limits.h>
#include <daybook/v1/event.pb-c.h>

#include "event/json.h"

/* A line of the largest size and what was read behind it. */
#define BUFFER_BYTES (2 * INTAKE_LINE_BYTES_MAX)

/* After this long without input a batch that is not full goes out. */
#define IDLE_MS 50

struct intake {
	int fd;
	bool binary;
	bool ended;
	uint64_t line;
	uint64_t size;
	uint64_t taken;
	struct dbk_buf packed;
	size_t start; /* of what is not taken yet, in BYTES */
	size_t end;
	uint64_t skip; /* bytes of an event above the limit that are still to come */
	bool skip_line;
	char bytes[BUFFER_BYTES];
};

enum dbk_err
intake_open(const char *path, bool binary, struct intake **out, struct dbk_error *error)
{
	struct intake *intake = calloc(1, sizeof *intake);
	struct stat status;

	if (intake == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for the input");
	intake->binary = binary;
	dbk_buf_init(&intake->packed);
	intake->fd =
	    strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (intake->fd < 0 || fstat(intake->fd, &status) != 0) {
		(void)dbk_error_set(error, DBK_FAILED_IO, "cannot open %s: %s", path,
				    strerror(errno));
		intake_close(intake);
		return DBK_FAILED_IO;
	}
	if (S_ISREG(status.st_mode))
		intake->size = (uint64_t)status.st_size;
	*out = intake;
	return DBK_OK;
}

void
intake_close(struct intake *intake)
{
	if (intake == NULL)
		return;
	if (intake->fd > STDIN_FILENO)
		(void)close(intake->fd);
	dbk_buf_fini(&intake->packed);
	free(intake);
}

uint64_t
intake_taken(const struct intake *intake)
{
	return intake->taken;
}

uint64_t
intake_size(const struct intake *intake)
{
	return intake->size;
}

/* ------------------------------------------------------------------------- reading */

enum filled { FILLED, FILLED_IDLE, FILLED_FAILED };

/* Read more behind what is there; at the end of the input sets ended. */
static enum filled
fill(struct intake *in, struct intake_item *out)
{
	struct pollfd ready = { in->fd, POLLIN, 0 };
	ssize_t size;

	memmove(in->bytes, in->bytes + in->start, in->end - in->start);
	in->end -= in->start;
	in->start = 0;
	if (poll(&ready, 1, IDLE_MS) <= 0)
		return FILLED_IDLE;
	size = read(in->fd, in->bytes + in->end, BUFFER_BYTES - in->end);
	if (size < 0 && (errno == EINTR || errno == EAGAIN))
		return FILLED_IDLE;
	if (size < 0) {
		(void)dbk_error_set(&out->error, DBK_FAILED_IO,
				    "cannot read the input: %s", strerror(errno));
		return FILLED_FAILED;
	}
	in->end += (size_t)size;
	in->ended = size == 0;
	return FILLED;
}

static void
take(struct intake *in, size_t size)
{
	in->start += size;
	in->taken += size;
}

/* ---------------------------------------------------------------------------- JSON */

static enum intake_kind
bad(struct intake_item *out, enum dbk_err code, const char *words)
{
	(void)dbk_error_set(&out->error, code, "%s", words);
	return INTAKE_BAD;
}

/* The parser counts lines from the start of its text, which is one line. */
static void
cut_line(char *words)
{
	static const char line[] = "at line 1, ";
	char *found = strstr(words, line);

	if (found == NULL)
		return;
	found += strlen("at ");
	memmove(found, found + strlen("line 1, "), strlen(found + strlen("line 1, ")) + 1);
}

static enum intake_kind
open_json(struct intake *in, struct intake_item *out)
{
	ProtobufCMessage *event;
	size_t size;

	if (dbk_json_parse(out->text, &daybook__v1__event__descriptor, &event,
			   &out->error) != DBK_OK) {
		cut_line(out->error.text);
		return INTAKE_BAD;
	}
	size = protobuf_c_message_get_packed_size(event);
	dbk_buf_reset(&in->packed);
	if (size <= DBK_EVENT_BYTES_MAX && dbk_buf_reserve(&in->packed, size))
		in->packed.size = protobuf_c_message_pack(event, in->packed.bytes);
	protobuf_c_message_free_unpacked(event, NULL);
	if (size > DBK_EVENT_BYTES_MAX || in->packed.size != size)
		return bad(out, DBK_FAILED_LIMIT,
			   "the event is above the limit of bytes");
	out->event = dbk_str_make(in->packed.bytes, in->packed.size);
	return INTAKE_EVENT;
}

static bool
is_blank(struct dbk_str line)
{
	for (uint32_t i = 0; i < line.size; i++) {
		if (strchr(" \t\r", line.bytes[i]) == NULL)
			return false;
	}
	return true;
}

/* The line in the buffer whose end was found, or the last one; false if there is none.
 */
static bool
find_line(struct intake *in, struct dbk_str *out)
{
	const char *start = in->bytes + in->start;
	size_t size = in->end - in->start;
	const char *newline = memchr(start, '\n', size);

	if (newline != NULL) {
		*out = dbk_str_make(start, (size_t)(newline - start));
		take(in, out->size + 1u);
		return true;
	}
	if (in->ended && size > 0) {
		*out = dbk_str_make(start, size);
		take(in, size);
		return true;
	}
	return false;
}

/* Some editors begin a file with a byte order mark; it is no part of the JSON. */
static void
cut_mark(struct dbk_str *line)
{
	if (line->size >= 3 && memcmp(line->bytes, "\xef\xbb\xbf", 3) == 0)
		*line = dbk_str_make(line->bytes + 3, line->size - 3);
}

/* The end of a line that was too long has been found, or more of it is thrown away. */
static bool
is_skipped(struct intake *in, bool found)
{
	if (!in->skip_line)
		return false;
	if (found)
		in->skip_line = false;
	else
		take(in, in->end - in->start);
	return true;
}

static enum intake_kind
next_line(struct intake *in, struct intake_item *out)
{
	for (;;) {
		bool found = find_line(in, &out->text);

		if (is_skipped(in, found) && found)
			continue;
		if (!found && in->ended)
			return INTAKE_END;
		if (!found && in->end - in->start > INTAKE_LINE_BYTES_MAX) {
			out->line = ++in->line;
			in->skip_line = true;
			return bad(out, DBK_FAILED_LIMIT, "a line above 1 MiB");
		}
		if (!found) {
			enum filled filled = fill(in, out);

			if (filled != FILLED)
				return filled == FILLED_IDLE ? INTAKE_IDLE
							     : INTAKE_FAILED;
			continue;
		}
		out->line = ++in->line;
		if (in->line == 1)
			cut_mark(&out->text);
		if (!is_blank(out->text))
			return open_json(in, out);
	}
}

/* -------------------------------------------------------------------------- binary */

/* The length before an event; false if it is not whole yet. */
static bool
find_length(struct intake *in, uint64_t *out_length, size_t *out_bytes, bool *out_wrong)
{
	struct dbk_cursor at =
	    dbk_cursor_make(in->bytes + in->start, in->end - in->start);

	*out_length = dbk_cursor_varint(&at);
	*out_bytes = in->end - in->start - dbk_cursor_left(&at);
	*out_wrong = at.failed && in->end - in->start >= 10;
	return !at.failed;
}

static enum intake_kind
fail(struct intake_item *out, const char *words)
{
	(void)dbk_error_set(&out->error, DBK_FAILED_IO, "event %llu: %s",
			    (unsigned long long)out->line, words);
	return INTAKE_FAILED;
}

/* Throw away what has come of an event above the limit. */
static void
skip_some(struct intake *in)
{
	uint64_t here = in->end - in->start;

	if (here > in->skip)
		here = in->skip;
	take(in, (size_t)here);
	in->skip -= here;
}

/* A whole event at the start of the buffer; INTAKE_IDLE: more of it has to be read. */
static enum intake_kind
find_event(struct intake *in, struct intake_item *out)
{
	uint64_t length;
	size_t head;
	bool wrong;

	out->line = in->line + 1;
	if (!find_length(in, &length, &head, &wrong))
		return wrong ? fail(out, "not a length; is the input JSON?")
			     : INTAKE_IDLE;
	/* '{' as a length is 123: JSON read as binary would go wrong far from here. */
	if (in->line == 0 && length == '{' && head == 1 && in->end - in->start > 1 &&
	    in->bytes[in->start + 1] == '"')
		return fail(out, "this is JSON, leave out --binary");
	if (length > DBK_EVENT_BYTES_MAX) {
		in->line++;
		take(in, head);
		in->skip = length;
		return bad(out, DBK_FAILED_LIMIT,
			   "the event is above the limit of bytes");
	}
	if (in->end - in->start < head + length)
		return INTAKE_IDLE;
	in->line++;
	out->event = dbk_str_make(in->bytes + in->start + head, (size_t)length);
	take(in, head + (size_t)length);
	return INTAKE_EVENT;
}

static enum intake_kind
next_binary(struct intake *in, struct intake_item *out)
{
	for (;;) {
		enum filled filled;

		skip_some(in);
		if (in->skip == 0 && in->start < in->end) {
			enum intake_kind kind = find_event(in, out);

			if (kind != INTAKE_IDLE)
				return kind;
		}
		if (in->ended && in->start == in->end && in->skip == 0)
			return INTAKE_END;
		if (in->ended)
			return fail(out, "the input ends within it");
		filled = fill(in, out);
		if (filled != FILLED)
			return filled == FILLED_IDLE ? INTAKE_IDLE : INTAKE_FAILED;
	}
}

enum intake_kind
intake_next(struct intake *intake, struct intake_item *out)
{
	out->text = dbk_str_make("", 0);
	out->event = out->text;
	out->error = (struct dbk_error){ DBK_OK, "" };
	return intake->binary ? next_binary(intake, out) : next_line(intake, out);
}
