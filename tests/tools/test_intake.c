#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "base/buf.h"
#include "intake.h"

#define EVENT                                                                          \
	"{\"effectiveAt\":\"2011-01-01T00:00:00Z\",\"agentEnrolled\":{\"agent\":"      \
	"\"A\"}}"

static char path[] = "/tmp/test_intake.XXXXXX";
static struct intake *intake;
static struct intake_item item;

static void
open_with(const void *bytes, size_t size, bool binary)
{
	struct dbk_error error = { DBK_OK, "" };
	FILE *file = fopen(path, "w");

	CHECK(file != NULL && fwrite(bytes, 1, size, file) == size &&
	      fclose(file) == 0);
	CHECK_INT(intake_open(path, binary, &intake, &error), DBK_OK);
	CHECK_INT(intake_size(intake), size);
}

static void
open_text(const char *text)
{
	open_with(text, strlen(text), false);
}

static enum intake_kind
next(void)
{
	enum intake_kind kind;

	do
		kind = intake_next(intake, &item);
	while (kind == INTAKE_IDLE);
	return kind;
}

static void
test_missing_file(void)
{
	struct dbk_error error = { DBK_OK, "" };

	CHECK_INT(intake_open("/nonexistent/x", false, &intake, &error), DBK_FAILED_IO);
	CHECK(strcmp(error.text,
		     "cannot open /nonexistent/x: No such file or directory") == 0);
}

static void
test_bad_lines(void)
{
	open_text("no\n" EVENT "\n{\"agentEnroled\":{}}\n");
	CHECK_INT(next(), INTAKE_BAD);
	CHECK_INT(item.line, 1);
	CHECK(strstr(item.error.text, "line 1") == NULL && item.text.size == 2);
	CHECK_INT(next(), INTAKE_EVENT);
	CHECK_INT(item.line, 2);
	CHECK_INT(next(), INTAKE_BAD);
	CHECK(strstr(item.error.text, "agentEnroled") != NULL);
	CHECK_INT(next(), INTAKE_END);
	CHECK_INT(next(), INTAKE_END);
	intake_close(intake);
}

static void
test_blank_lines(void)
{
	open_text("\xef\xbb\xbf" EVENT "\r\n\n  \t\r\n" EVENT);
	CHECK_INT(next(), INTAKE_EVENT);
	CHECK_INT(item.line, 1);
	CHECK_INT(next(), INTAKE_EVENT);
	CHECK_INT(item.line, 4);
	CHECK_INT(next(), INTAKE_END);
	CHECK_INT(intake_taken(intake), intake_size(intake));
	intake_close(intake);
}

static void
test_empty_file(void)
{
	open_text("");
	CHECK_INT(next(), INTAKE_END);
	intake_close(intake);
	open_with("", 0, true);
	CHECK_INT(next(), INTAKE_END);
	intake_close(intake);
}

/* A line of SIZE bytes between two events. */
static void
open_long_line(size_t size)
{
	size_t event = strlen(EVENT), at = event + 1;
	char *text = malloc(size + 2 * event + 4);

	memcpy(text, EVENT "\n", at);
	memset(text + at, ' ', size);
	text[at] = 'x';
	text[at + size] = '\n';
	memcpy(text + at + size + 1, EVENT "\n", event + 1);
	open_with(text, at + size + 1 + event + 1, false);
	free(text);
}

static void
test_long_lines(void)
{
	const size_t sizes[] = { INTAKE_LINE_BYTES_MAX, INTAKE_LINE_BYTES_MAX + 1,
				 INTAKE_LINE_BYTES_MAX * 5 };

	for (size_t i = 0; i < 3; i++) {
		open_long_line(sizes[i]);
		CHECK_INT(next(), INTAKE_EVENT);
		CHECK_INT(next(), INTAKE_BAD);
		CHECK_INT(item.line, 2);
		CHECK_INT(next(), INTAKE_EVENT);
		CHECK_INT(item.line, 3);
		CHECK_INT(next(), INTAKE_END);
		intake_close(intake);
	}
}

static void
test_binary(void)
{
	struct dbk_buf bytes;

	dbk_buf_init(&bytes);
	dbk_buf_put(&bytes,
		    "\x02"
		    "ab",
		    3);
	dbk_buf_put_varint(&bytes, DBK_EVENT_BYTES_MAX + 1);
	for (int i = 0; i <= DBK_EVENT_BYTES_MAX; i++)
		dbk_buf_put_u8(&bytes, 'x');
	dbk_buf_put(&bytes,
		    "\x00\x01"
		    "c",
		    3);
	open_with(bytes.bytes, bytes.size, true);
	CHECK_INT(next(), INTAKE_EVENT);
	CHECK(item.event.size == 2 && memcmp(item.event.bytes, "ab", 2) == 0);
	CHECK_INT(next(), INTAKE_BAD);
	CHECK_INT(item.line, 2);
	CHECK_INT(next(), INTAKE_EVENT);
	CHECK_INT(item.event.size, 0);
	CHECK_INT(next(), INTAKE_EVENT);
	CHECK_INT(item.line, 4);
	CHECK_INT(next(), INTAKE_END);
	intake_close(intake);
	dbk_buf_fini(&bytes);
}

static void
test_binary_damaged(void)
{
	open_with("\x05"
		  "ab",
		  3, true);
	CHECK_INT(next(), INTAKE_FAILED);
	CHECK(strcmp(item.error.text, "event 1: the input ends within it") == 0);
	intake_close(intake);
	open_with("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11, true);
	CHECK_INT(next(), INTAKE_FAILED);
	intake_close(intake);
	open_with(EVENT, strlen(EVENT), true);
	CHECK_INT(next(), INTAKE_FAILED);
	CHECK(strstr(item.error.text, "leave out --binary") != NULL);
	intake_close(intake);
}

int
main(void)
{
	int file = mkstemp(path);

	if (file < 0)
		return 1;
	(void)close(file);
	check_run("a file that is missing is named", test_missing_file);
	check_run("a line that is no event is told, the next one read", test_bad_lines);
	check_run("empty lines, carriage returns and a mark are nothing",
		  test_blank_lines);
	check_run("an empty file has no events", test_empty_file);
	check_run("a line that is too long is skipped whole", test_long_lines);
	check_run("binary events come one by one, too large ones are told",
		  test_binary);
	check_run("a damaged length ends the input", test_binary_damaged);
	(void)unlink(path);
	return check_end();
}
